// A machine that runs Windows: it boots, takes errors, stops, writes dumps, starts again and finds what it
// left behind. All in virtual time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/layout/result.hpp"
#include "mocks/clock.hpp"
#include "mocks/random.hpp"
#include "mocks/windows/crash.hpp"
#include "mocks/windows/error_sources.hpp"
#include "mocks/windows/kernel.hpp"
#include "mocks/windows/os_version.hpp"
#include "mocks/windows/platform.hpp"
#include "mocks/windows/pshed.hpp"
#include "mocks/windows/record_store.hpp"

namespace wheatstone::windows {

// What is left of a stop when the system runs again: what error reporting has to report.
struct CrashLeftovers {
  dump::BugCheck bug_check;
  FileTime crash_time;
  std::string small_dump_name;
  Buffer small_dump;
};

// Told what happens to the machine, as it happens; the clock says when.
class MachineWitness : public KernelWitness {
 public:
  // The system runs; `number` counts from 1.
  virtual void booted(unsigned number, const ErrorSourceTable& sources) = 0;
  virtual void stopped(const dump::BugCheck& bug_check) = 0;
  virtual void dump_written(const std::string& name, Bytes file) = 0;
  // A while after the system runs again: now error reporting would report.
  virtual void crash_found(const CrashLeftovers& leftovers) = 0;
};

struct MachineConfig {
  Platform platform;
  OsVersion os;
  std::vector<SourceRequest> sources;
  bool has_erst = true;           // the firmware keeps records over a restart
  PshedPlugin* plugin = nullptr;  // lent
};

class Machine {
 public:
  // From the stop to the running system, and from there to the error report.
  static constexpr std::uint64_t kRestartTime = 45 * FileTime::kPerSecond;
  static constexpr std::uint64_t kReportDelay = 60 * FileTime::kPerSecond;

  // Everything lent must outlive the machine. `random` places the kernel's memory, as address space layout
  // randomization does.
  Machine(const MachineConfig& config, VirtualClock& clock, Random& random, MachineWitness& witness);

  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Starts the system for the first time. Fails (invalid_argument) as ErrorSourceTable::discover does.
  Result<void> boot();

  // All four need a running system (run_until_up).
  // What WheaReportHwError returned; a stop is success. Errors (invalid_argument) as handle_error has them.
  Result<NtStatus> report(const HardwareError& error);
  // A packet that a low-level handler hands over, as it is.
  Result<NtStatus> report_packet(Bytes packet);
  // A record that is already there, through a source of that type (Kernel::report_record).
  Result<NtStatus> report(whea::ErrorSourceType source, Bytes record);
  // Fails (invalid_argument) if a parameter does not fit a 32-bit machine.
  Result<void> bug_check(const dump::BugCheck& bug_check);

  // Lets everything happen that is due until `deadline`; the clock stands there afterwards. An error is one
  // of boot() and leaves the machine down.
  Result<void> run_until(FileTime deadline);
  // The same until the system runs, if it does not.
  Result<void> run_until_up();

 private:
  Result<void> start();
  Result<void> stop(const Stop& stop);
  Result<NtStatus> finish(Kernel::Outcome outcome);
  unsigned next_dump_number(FileTime now);

  MachineConfig config_;
  VirtualClock& clock_;
  Random& random_;
  MachineWitness& witness_;
  RecordStore store_;
  Pshed pshed_;
  std::optional<ErrorSourceTable> sources_;
  std::optional<Kernel> kernel_;  // nullopt: the system does not run
  unsigned boots_ = 0;
  FileTime started_;
  std::optional<FileTime> restart_at_;
  std::optional<FileTime> report_at_;
  std::vector<CrashLeftovers> leftovers_;
  CivilTime last_dump_day_;
  unsigned dumps_of_day_ = 0;
};

}  // namespace wheatstone::windows
