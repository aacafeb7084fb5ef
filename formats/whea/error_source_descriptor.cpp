#include "formats/whea/error_source_descriptor.hpp"

#include <fmt/format.h>

namespace wheatstone::whea {
namespace {

constexpr std::string_view kClause = "WDK ntddk.h";

}  // namespace

const layout::Layout* descriptor_member(Bytes descriptor) noexcept {
  const layout::ChoiceRow* row = layout::select(tables::kSourceMember, descriptor);
  return row != nullptr ? row->forms.front() : nullptr;
}

void check_source_descriptor(Bytes descriptor, std::uint64_t offset, std::string_view path,
                             std::vector<Finding>& findings) {
  const auto report = [&](FindingSeverity severity, std::string_view code, std::string_view field,
                          std::uint64_t at, std::string message) {
    findings.push_back(
        {severity, code, std::move(message), fmt::format("{}{}", path, field), offset + at, kClause});
  };
  const auto view = layout::View<ErrorSourceDescriptor>::make(kErrorSourceDescriptor, descriptor);
  if (!view) {
    report(FindingSeverity::error, "source-descriptor-too-short", "", 0,
           fmt::format("{} bytes are no error source descriptor, which has {}", descriptor.size(),
                       kDescriptorSize));
    return;
  }
  using enum FindingSeverity;
  using Descriptor = ErrorSourceDescriptor;

  const std::uint32_t length = (*view)[Descriptor::kLength];
  const bool v2 = ((*view)[Descriptor::kFlags] & kSourceV2Descriptor) != 0;
  if (length != kDescriptorSize && length != kDescriptorSizeV2) {
    report(error, "source-descriptor-length", "Length", Descriptor::kLength.offset,
           fmt::format("Length is {}, it has to be {} or {}", length, kDescriptorSize, kDescriptorSizeV2));
  } else if (length > descriptor.size()) {
    report(error, "source-descriptor-cut", "Length", Descriptor::kLength.offset,
           fmt::format("Length is {}, there are {} bytes", length, descriptor.size()));
  }
  if (v2 != (length == kDescriptorSizeV2))
    report(warning, "source-descriptor-form", "Flags", Descriptor::kFlags.offset,
           fmt::format("the flag V2Descriptor is {}, Length is {}", v2 ? "set" : "clear", length));

  const std::uint32_t type = (*view)[Descriptor::kType];
  const bool driver = type == static_cast<std::uint32_t>(ErrorSourceType::device_driver);
  const std::uint32_t version = driver ? kDescriptorVersionDriver : kDescriptorVersion;
  if ((*view)[Descriptor::kVersion] != version)
    report(warning, "source-descriptor-version", "Version", Descriptor::kVersion.offset,
           fmt::format("Version is {}, a descriptor of this type has {}", (*view)[Descriptor::kVersion],
                       version));
  if (layout::name_of(kErrorSourceTypeNames, type).empty())
    report(warning, "unknown-source-type", "Type", Descriptor::kType.offset,
           fmt::format("{} is no type of error sources", type));
  const std::uint32_t state = (*view)[Descriptor::kState];
  if (state != 0 && layout::name_of(kErrorSourceStateNames, state).empty())
    report(warning, "unknown-source-state", "State", Descriptor::kState.offset,
           fmt::format("{} is no state of error sources", state));

  const bool has_type = descriptor.size() >= kDescriptorInfo + sizeof(std::uint16_t);
  if (has_type && descriptor_member(descriptor) == nullptr)
    report(warning, "unknown-source-member", "Info", kDescriptorInfo,
           "no member of the union has this Type; it is shown as numbers");
}

}  // namespace wheatstone::whea
