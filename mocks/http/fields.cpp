#include "mocks/http/fields.hpp"

#include <algorithm>

#include "mocks/text.hpp"

namespace wheatstone::http {
namespace {

bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
    while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
    if (same_ignoring_case(item, token)) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string_view> values(const Message& message, std::string_view name) {
  std::vector<std::string_view> out;
  for (const Field& field : message.fields)
    if (same_ignoring_case(field.name, name)) out.push_back(field.value);
  return out;
}

bool closes(const Message& message) {
  return message.minor_version == 0 ||
         std::ranges::any_of(values(message, "Connection"),
                             [](std::string_view list) { return has_token(list, "close"); });
}

}  // namespace wheatstone::http
