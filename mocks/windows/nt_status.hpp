// The NTSTATUS values that the error path returns. Source: Microsoft's NTSTATUS list, [MS-ERREF] 2.3.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/layout/names.hpp"

namespace wheatstone::windows {

enum class NtStatus : std::uint32_t {
  success = 0,
  unsuccessful = 0xc0000001,
  invalid_parameter = 0xc000000d,
  buffer_too_small = 0xc0000023,
  object_not_found = 0xc0000034,
  insufficient_resources = 0xc000009a,
  not_supported = 0xc00000bb,
  not_found = 0xc0000225,
};

inline constexpr layout::Name kNtStatusNames[] = {{0, "STATUS_SUCCESS"},
                                                  {0xc0000001, "STATUS_UNSUCCESSFUL"},
                                                  {0xc000000d, "STATUS_INVALID_PARAMETER"},
                                                  {0xc0000023, "STATUS_BUFFER_TOO_SMALL"},
                                                  {0xc0000034, "STATUS_OBJECT_NOT_FOUND"},
                                                  {0xc000009a, "STATUS_INSUFFICIENT_RESOURCES"},
                                                  {0xc00000bb, "STATUS_NOT_SUPPORTED"},
                                                  {0xc0000225, "STATUS_NOT_FOUND"}};

constexpr std::string_view to_string(NtStatus status) noexcept {
  return layout::name_of(kNtStatusNames, static_cast<std::uint32_t>(status));
}

}  // namespace wheatstone::windows
