// The platform-specific hardware error driver: what the kernel asks of the platform, answered by a plug-in,
// by the firmware's record store, or by doing nothing. Source: WDK ntddk.h, PSHED plug-in reference.
#pragma once

#include <cstdint>

#include "formats/layout/bytes.hpp"
#include "mocks/windows/error_sources.hpp"
#include "mocks/windows/nt_status.hpp"
#include "mocks/windows/record_store.hpp"

namespace wheatstone::windows {

// WHEA_PSHED_PLUGIN_REGISTRATION_PACKET.FunctionalAreaMask, the areas that take part in the error path.
inline constexpr std::uint32_t kAreaErrorRecordPersistence = 0x04;
inline constexpr std::uint32_t kAreaErrorInfoRetrieval = 0x08;
inline constexpr std::uint32_t kAreaErrorRecovery = 0x10;

// WriteErrorRecord, Flags: try the path and store nothing.
inline constexpr std::uint32_t kDummyWrite = 1;

// A plug-in answers for the areas it names, and only for those. The defaults are those of a plug-in that
// left the callback out.
class PshedPlugin {
 public:
  virtual ~PshedPlugin() = default;

  virtual std::uint32_t functional_areas() const = 0;

  // May add PSHED data to the packet; `packet` may grow up to `buffer_length` bytes.
  virtual NtStatus retrieve_error_info(const ErrorSourceDescriptor& source, std::uint64_t buffer_length,
                                       Buffer& packet);
  // May add sections; `record` may grow up to `buffer_length` bytes.
  virtual NtStatus finalize_error_record(const ErrorSourceDescriptor& source, std::uint32_t buffer_length,
                                         Buffer& record);
  virtual NtStatus clear_error_status(const ErrorSourceDescriptor& source, Bytes record);

  virtual NtStatus write_error_record(std::uint32_t flags, Bytes record);
  // `id` 0 asks for the first; `next` is the id after this one, or this one at the end.
  virtual NtStatus read_error_record(std::uint64_t id, std::uint64_t& next, Buffer& record);
  virtual NtStatus clear_error_record(std::uint64_t id);

  virtual NtStatus attempt_recovery(Bytes record);
};

class Pshed {
 public:
  // Both may be null and must outlive the Pshed: no store and no plug-in means that nothing is persisted.
  Pshed(RecordStore* store, PshedPlugin* plugin) noexcept : store_(store), plugin_(plugin) {}

  // The first two undo what a plug-in did if it fails or writes more than there is room for
  // (buffer_too_small).
  NtStatus retrieve_error_info(const ErrorSource& source, Buffer& packet);
  NtStatus finalize_error_record(const ErrorSource& source, Buffer& record);
  NtStatus clear_error_status(const ErrorSource& source, Bytes record);

  // A write through ERST marks the record itself: PersistenceInfo.Signature becomes "ER", also for a dummy
  // write.
  NtStatus write_error_record(std::uint32_t flags, Buffer& record);
  NtStatus read_error_record(std::uint64_t id, std::uint64_t& next, Buffer& record);
  NtStatus clear_error_record(std::uint64_t id);

  // `unsuccessful` without a plug-in.
  NtStatus attempt_recovery(Bytes record);

 private:
  bool plugin_does(std::uint32_t area) const {
    return plugin_ != nullptr && (plugin_->functional_areas() & area) != 0;
  }

  RecordStore* store_;
  PshedPlugin* plugin_;
};

}  // namespace wheatstone::windows
