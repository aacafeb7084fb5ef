// How the single values of a scenario are read; shared by the check of a file and its conversion, so that
// what passed the one cannot fail in the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/layout/names.hpp"
#include "formats/layout/node.hpp"
#include "harness/scenario/scenario.hpp"

namespace wheatstone::scenario {

// Each takes any node and gives nullopt for one that is not of its form.
std::optional<std::uint64_t> number_of(const layout::Node& node);
std::optional<bool> flag_of(const layout::Node& node);
std::optional<std::uint64_t> bits_of(const layout::Node& node, layout::Names names);
std::optional<std::uint64_t> named_of(const layout::Node& node, layout::Names names);
std::optional<CountRange> count_of(const layout::Node& node);

// Any single value; REQUIRES: a scalar.
Literal literal_of(const layout::Node& node);

// A path that stays below the folder it is relative to: parts joined with '/', none of them empty, "." or
// "..", no drive, back-slash or control character.
bool is_safe_path(std::string_view path) noexcept;

// For messages: the value in quotes, or what it is; at most about 40 characters, no control characters.
std::string shown(const layout::Node& node);
std::string shown(std::string_view text);

}  // namespace wheatstone::scenario
