#include "mocks/windows/error_sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "formats/cper/header.hpp"

namespace wheatstone::windows {
namespace {

using whea::ErrorSourceType;

constexpr std::uint32_t kWrapper = 0x28;
constexpr std::uint32_t kPacketHeader = 80;

bool is_machine_check(ErrorSourceType type) {
  return type == ErrorSourceType::mce || type == ErrorSourceType::cmc;
}

bool is_generic(ErrorSourceType type) {
  return type == ErrorSourceType::generic || type == ErrorSourceType::sci_generic ||
         type == ErrorSourceType::generic_v2 || type == ErrorSourceType::sci_generic_v2;
}

std::uint32_t max_raw_data(ErrorSourceType type, const cper::Profile& profile) {
  if (is_machine_check(type)) return profile.mca_length;
  return type == ErrorSourceType::nmi ? 0x100 : 0x1000;
}

// A section of a preallocated record has room for the packet that it is made from. Real tables show 0x174 for
// the machine check of 292 bytes, 0x1c0 for NMI and 0x2050 for a generic source of 0x1000 bytes.
std::uint32_t section_length(ErrorSourceType type, std::uint32_t max_raw) {
  if (type == ErrorSourceType::nmi) return 0x1c0;
  return (is_generic(type) ? 2 * max_raw : max_raw) + kPacketHeader;
}

ErrorSourceDescriptor built_in(ErrorSourceType type, const Platform& platform) {
  ErrorSourceDescriptor source{.type = type, .flags = kDefaultSource};
  switch (type) {
    case ErrorSourceType::mce:
    case ErrorSourceType::cmc:
      source.records_to_preallocate = platform.processors;
      source.max_sections_per_record = 9;
      break;
    case ErrorSourceType::nmi:
      source.max_sections_per_record = 3;
      break;
    default:
      source.records_to_preallocate = 0;
      break;
  }
  return source;
}

}  // namespace

ErrorSource::ErrorSource(const ErrorSourceDescriptor& descriptor, std::uint32_t section_length)
    : descriptor_(descriptor) {
  const std::uint64_t length =
      kWrapper + cper::kHeaderSize +
      std::uint64_t{descriptor.max_sections_per_record} * (cper::kDescriptorSize + section_length);
  record_length_ = static_cast<std::uint32_t>(
      std::min<std::uint64_t>((length + 7) / 8 * 8, std::numeric_limits<std::uint32_t>::max()));
}

std::uint32_t ErrorSource::max_record() const noexcept {
  return record_length_ - kWrapper;
}

bool ErrorSource::take_record() noexcept {
  if (descriptor_.type != ErrorSourceType::boot && in_use_ >= descriptor_.records_to_preallocate) {
    ++failed_allocations_;
    return false;
  }
  ++in_use_;
  return true;
}

void ErrorSource::give_record_back() noexcept {
  if (in_use_ > 0) --in_use_;
}

Result<ErrorSourceTable> ErrorSourceTable::discover(const Platform& platform,
                                                    std::span<const SourceRequest> requests) {
  std::vector<ErrorSourceDescriptor> all;
  for (const ErrorSourceType type :
       {ErrorSourceType::mce, ErrorSourceType::cmc, ErrorSourceType::nmi, ErrorSourceType::boot})
    if (std::ranges::find(requests, type, &SourceRequest::type) == requests.end())
      all.push_back(built_in(type, platform));
  for (const SourceRequest& request : requests) {
    const bool always = is_machine_check(request.type) || request.type == ErrorSourceType::nmi ||
                        request.type == ErrorSourceType::boot;
    all.push_back({.type = request.type,
                   .id = request.id,
                   .records_to_preallocate = request.records_to_preallocate,
                   .max_sections_per_record = request.max_sections_per_record,
                   .flags = always ? kDefaultSource : 0});
  }

  std::vector<std::uint32_t> ids;
  for (const ErrorSourceDescriptor& source : all)
    if (source.id != 0) ids.push_back(source.id);
  std::ranges::sort(ids);
  if (const auto twice = std::ranges::adjacent_find(ids); twice != ids.end())
    return fail(ErrorKind::invalid_argument, fmt::format("error source id {} is used twice", *twice),
                "give every source an id of its own, or none");

  std::uint32_t next = 1;
  std::uint64_t pool = 0;
  ErrorSourceTable table;
  for (ErrorSourceDescriptor& source : all) {
    if (source.id == 0) {
      while (std::ranges::binary_search(ids, next)) ++next;
      source.id = next++;
    }
    source.max_raw_data_length = max_raw_data(source.type, *platform.profile);
    table.sources_.emplace_back(source, section_length(source.type, source.max_raw_data_length));
    const std::uint64_t records =
        std::uint64_t{table.sources_.back().record_length()} * source.records_to_preallocate;
    if (records > kMaxPool - pool)
      return fail(ErrorKind::invalid_argument,
                  fmt::format("the error records need more than {} bytes of memory", kMaxPool),
                  "preallocate fewer records, or fewer sections in each");
    pool += records;
  }
  return table;
}

ErrorSource* ErrorSourceTable::find(ErrorSourceType type) noexcept {
  for (ErrorSource& source : sources_)
    if (source.descriptor().type == type) return &source;
  return nullptr;
}

ErrorSource* ErrorSourceTable::find(ErrorSourceType type, std::uint32_t id) noexcept {
  for (ErrorSource& source : sources_)
    if (source.descriptor().type == type && source.descriptor().id == id) return &source;
  return nullptr;
}

}  // namespace wheatstone::windows
