// Small helpers for text of Windows and of the network. "Case" is that of ASCII letters.
#pragma once

#include <string>
#include <string_view>

namespace wheatstone {

char lower(char c) noexcept;
std::string lower(std::string_view text);

bool same_ignoring_case(std::string_view a, std::string_view b) noexcept;

// What follows the last '\', '/' or ':' of a path.
std::string_view base_name(std::string_view path) noexcept;

// Text from the network, fit for a message: everything but printable ASCII becomes \xNN, and no more than 80
// characters of input are shown.
std::string printable(std::string_view text);

}  // namespace wheatstone
