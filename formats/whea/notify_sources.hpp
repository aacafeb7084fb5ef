// Which notify type the records of an error source carry, and back. Source: WDK cperguid.h, and the records
// of real machines.
#pragma once

#include <algorithm>
#include <iterator>
#include <optional>

#include "formats/cper/guids.hpp"
#include "formats/whea/error_source.hpp"

namespace wheatstone::whea {

inline constexpr Guid kNotifyBmc = "487565ba-6494-4367-95ca-4eff893522f6"_guid;
inline constexpr Guid kNotifySea = "9a78788a-bbe8-11e4-809e-67611e5d46b0"_guid;
inline constexpr Guid kNotifySei = "5c284c81-b0ae-4e87-a322-b04c85624323"_guid;

struct NotifySource {
  Guid notify_type;
  ErrorSourceType source;
};

// Of the sources with one notify type the first is the one that most machines have, and of the notify types
// of one source (CMC and, since Windows 10 2004, CMCI) the first is the older.
inline constexpr NotifySource kNotifySources[] = {{cper::kNotifyMce, ErrorSourceType::mce},
                                                  {cper::kNotifyMce, ErrorSourceType::ipf_mca},
                                                  {cper::kNotifyCmc, ErrorSourceType::cmc},
                                                  {cper::kNotifyCmc, ErrorSourceType::ipf_cmc},
                                                  {cper::kNotifyCmci, ErrorSourceType::cmc},
                                                  {cper::kNotifyCpe, ErrorSourceType::cpe},
                                                  {cper::kNotifyCpe, ErrorSourceType::ipf_cpe},
                                                  {cper::kNotifyNmi, ErrorSourceType::nmi},
                                                  {cper::kNotifyPcie, ErrorSourceType::pcie},
                                                  {cper::kNotifyInit, ErrorSourceType::init},
                                                  {cper::kNotifyBoot, ErrorSourceType::boot},
                                                  {cper::kNotifyGeneric, ErrorSourceType::generic},
                                                  {cper::kNotifyGeneric, ErrorSourceType::sci_generic},
                                                  {cper::kNotifyGeneric, ErrorSourceType::generic_v2},
                                                  {cper::kNotifyGeneric, ErrorSourceType::sci_generic_v2},
                                                  {cper::kNotifyGeneric, ErrorSourceType::pmem},
                                                  {kNotifyBmc, ErrorSourceType::bmc},
                                                  {cper::kNotifyDeviceDriver, ErrorSourceType::device_driver},
                                                  {kNotifySea, ErrorSourceType::sea},
                                                  {kNotifySei, ErrorSourceType::sei}};

// nullopt if no source is known to use it.
constexpr std::optional<ErrorSourceType> source_of(const Guid& notify_type) noexcept {
  const auto found = std::ranges::find(kNotifySources, notify_type, &NotifySource::notify_type);
  if (found == std::end(kNotifySources)) return std::nullopt;
  return found->source;
}

// A null GUID for what is no source type.
constexpr Guid notify_type_of(ErrorSourceType source) noexcept {
  const auto found = std::ranges::find(kNotifySources, source, &NotifySource::source);
  return found == std::end(kNotifySources) ? Guid{} : found->notify_type;
}

constexpr bool carries(ErrorSourceType source, const Guid& notify_type) noexcept {
  return std::ranges::any_of(kNotifySources, [&](const NotifySource& row) {
    return row.source == source && row.notify_type == notify_type;
  });
}

}  // namespace wheatstone::whea
