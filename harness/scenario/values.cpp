#include "harness/scenario/values.hpp"

#include <fmt/format.h>

#include "formats/layout/assign.hpp"

namespace wheatstone::scenario {

using layout::Node;

std::optional<std::uint64_t> number_of(const Node& node) {
  if (!node.is_scalar() || node.quoted) return std::nullopt;
  return layout::parse_number(node.text);
}

std::optional<bool> flag_of(const Node& node) {
  if (!node.is_scalar() || node.quoted) return std::nullopt;
  if (node.text == "true" || node.text == "1") return true;
  if (node.text == "false" || node.text == "0") return false;
  return std::nullopt;
}

std::optional<std::uint64_t> bits_of(const Node& node, layout::Names names) {
  if (!node.is_list()) return number_of(node);
  std::uint64_t bits = 0;
  for (const Node& item : node.items) {
    const auto value = item.is_scalar() ? layout::value_of(names, item.text) : std::nullopt;
    if (!value) return std::nullopt;
    bits |= *value;
  }
  return bits;
}

std::optional<std::uint64_t> named_of(const Node& node, layout::Names names) {
  if (!node.is_scalar()) return std::nullopt;
  if (const auto value = layout::value_of(names, node.text)) return value;
  const auto number = number_of(node);
  if (!number || layout::name_of(names, *number).empty()) return std::nullopt;
  return number;
}

std::optional<CountRange> count_of(const Node& node) {
  if (!node.is_scalar()) return std::nullopt;
  std::string_view text = node.text;
  const bool at_least = text.starts_with(">=");
  const bool at_most = text.starts_with("<=");
  if (at_least || at_most) text.remove_prefix(2);
  while (text.starts_with(' ')) text.remove_prefix(1);
  const auto number = layout::parse_number(text);
  if (!number) return std::nullopt;
  CountRange range;
  if (!at_most) range.low = *number;
  if (at_most) range.low = 0;
  if (!at_least) range.high = *number;
  return range;
}

Literal literal_of(const Node& node) {
  return {node.text, number_of(node)};
}

bool is_safe_path(std::string_view path) noexcept {
  if (path.size() > 1024) return false;
  for (const char c : path)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\' || c == ':') return false;
  for (;;) {
    const std::size_t end = path.find('/');
    const std::string_view part = path.substr(0, end);
    if (part.empty() || part == "." || part == "..") return false;
    if (end == std::string_view::npos) return true;
    path.remove_prefix(end + 1);
  }
}

std::string shown(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string out = "'";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool starts_character = (c & 0xc0) != 0x80;
    if (i >= kShown && starts_character) {
      out += "...";
      break;
    }
    out += c < 0x20 || c == 0x7f ? '?' : text[i];
  }
  return out + "'";
}

std::string shown(const Node& node) {
  return node.is_scalar() ? shown(node.text) : std::string(node.kind_text());
}

}  // namespace wheatstone::scenario
