// WheaReportHwError and what is around it: one report in; a record, events and perhaps a bug check out.
// Source: the processing order in README, from public reverse engineering of Windows 7 and later.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "formats/dump/bug_check.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/whea/event.hpp"
#include "mocks/clock.hpp"
#include "mocks/windows/error_sources.hpp"
#include "mocks/windows/low_level_handlers.hpp"
#include "mocks/windows/nt_status.hpp"
#include "mocks/windows/platform.hpp"
#include "mocks/windows/pshed.hpp"

namespace wheatstone::windows {

// Told what the kernel writes, as it writes it.
class KernelWitness {
 public:
  virtual ~KernelWitness() = default;

  // A record is finished. Once for each record; not again when it is read back after a restart.
  virtual void record_written(Bytes record, const ErrorSourceDescriptor& source) = 0;
  // An event of Kernel-WHEA or of WHEA-Logger.
  virtual void event_logged(const whea::Event& event) = 0;
};

// The system stops. `record` is empty if the bug check is not about one.
struct Stop {
  dump::BugCheck bug_check;
  Buffer record;
  std::uint64_t record_va = 0;
};

class Kernel {
 public:
  // The longest record that an event has room for; a longer one cannot be filled (bug check 0x122/0xB).
  static constexpr std::size_t kMaxRecord = 0xf000;

  // `pool` is the virtual address where the preallocated records start. Everything lent must outlive the
  // kernel. The kernel starts now: record ids count from this time.
  Kernel(const Platform& platform, ErrorSourceTable& sources, Pshed& pshed, const Clock& clock,
         KernelWitness& witness, std::uint64_t pool);

  struct Outcome {
    NtStatus status = NtStatus::success;
    std::optional<Stop> stop;  // the caller stops the system
  };

  // WheaReportHwError. invalid_parameter if the packet is none that this Windows takes (reported_packet.hpp).
  Outcome report_hw_error(const ErrorReport& report);

  // The same for a record that is already there: it stays as it is, in memory, events and log.
  // invalid_parameter if it is shorter than a record header or longer than kMaxRecord.
  Outcome report_record(whea::ErrorSourceType source, Bytes record);

  // What the last session left behind: reads, reports with PreviousError and clears every persisted record.
  void report_previous_errors();

  // Where the next record of a source lies; 0 for sources without preallocated records.
  std::uint64_t record_address(const ErrorSource& source) const noexcept;

 private:
  // What is known of a report besides its record.
  struct Origin {
    bool as_it_is = false;                  // the record was there already and is never changed
    std::array<std::uint64_t, 2> driver{};  // parameters 3 and 4 that a device driver gave
  };
  Outcome process(ErrorSource& source, Buffer record, bool previous_error, const Origin& origin);
  Outcome recover(ErrorSource& source, Buffer& record, const Origin& origin);
  Outcome stop_with_record(const ErrorSource& source, Buffer& record, const Origin& origin);
  void finish_corrected(const ErrorSource& source, Buffer& record);
  void log(Bytes record);

  const Platform& platform_;
  ErrorSourceTable& sources_;
  Pshed& pshed_;
  const Clock& clock_;
  KernelWitness& witness_;
  std::uint64_t pool_;
  std::uint64_t next_record_id_;
  bool ignore_dummy_write_ = false;
};

}  // namespace wheatstone::windows
