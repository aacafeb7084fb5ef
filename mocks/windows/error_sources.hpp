// The table of error sources: what can report, how much memory is set aside for its records, what it counted.
// Source: WDK WHEA_ERROR_SOURCE_DESCRIPTOR; the set that is always there and the sizes of preallocated
// records are those of real source tables (README).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "formats/layout/result.hpp"
#include "formats/whea/error_source.hpp"
#include "mocks/windows/platform.hpp"

namespace wheatstone::windows {

// WHEA_ERROR_SOURCE_DESCRIPTOR.Flags: built in, not from firmware tables.
inline constexpr std::uint32_t kDefaultSource = 0x80000000;

// The descriptor's fields that have a part in the error path.
struct ErrorSourceDescriptor {
  whea::ErrorSourceType type = whea::ErrorSourceType::mce;
  std::uint32_t id = 0;  // ErrorSourceId; 0 is no valid id
  std::uint32_t max_raw_data_length = 0;
  std::uint32_t records_to_preallocate = 1;
  std::uint32_t max_sections_per_record = 8;
  std::uint32_t flags = 0;
};

class ErrorSource {
 public:
  ErrorSource(const ErrorSourceDescriptor& descriptor, std::uint32_t section_length);

  const ErrorSourceDescriptor& descriptor() const noexcept { return descriptor_; }

  // Bytes of one preallocated record with its 0x28 bytes of wrapper.
  std::uint32_t record_length() const noexcept { return record_length_; }
  // The longest error record that fits.
  std::uint32_t max_record() const noexcept;

  std::uint32_t error_count() const noexcept { return error_count_; }
  std::uint32_t failed_allocations() const noexcept { return failed_allocations_; }
  void count_error() noexcept { ++error_count_; }

  // Takes one of the preallocated records; false, and counted, if all are in use. Errors of an earlier
  // session are read when memory can still be allocated: BOOT has no records of its own and no limit.
  bool take_record() noexcept;
  void give_record_back() noexcept;

 private:
  ErrorSourceDescriptor descriptor_;
  std::uint32_t record_length_;
  std::uint32_t error_count_ = 0;
  std::uint32_t failed_allocations_ = 0;
  std::uint32_t in_use_ = 0;
};

// What a platform says about one of its sources.
struct SourceRequest {
  whea::ErrorSourceType type = whea::ErrorSourceType::mce;
  std::uint32_t id = 0;  // 0: the next free one
  std::uint32_t records_to_preallocate = 1;
  std::uint32_t max_sections_per_record = 8;
};

class ErrorSourceTable {
 public:
  // MCE, CMC, NMI and BOOT are always there; a request for one of them replaces it, any other adds a source.
  // Fails (invalid_argument) if an id is used twice or the records need more than kMaxPool bytes.
  static constexpr std::uint64_t kMaxPool = 256u << 20;
  static Result<ErrorSourceTable> discover(const Platform& platform, std::span<const SourceRequest> requests);

  std::span<const ErrorSource> sources() const noexcept { return sources_; }

  // nullptr if there is no such source. The first of that type; and by type and id.
  ErrorSource* find(whea::ErrorSourceType type) noexcept;
  ErrorSource* find(whea::ErrorSourceType type, std::uint32_t id) noexcept;

 private:
  std::vector<ErrorSource> sources_;
};

}  // namespace wheatstone::windows
