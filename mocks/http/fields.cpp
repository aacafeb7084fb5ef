#include "mocks/http/fields.hpp"

#include <algorithm>

#include "mocks/text.hpp"

namespace wheatstone::http {

std::vector<std::string_view> values(const Message& message, std::string_view name) {
  std::vector<std::string_view> out;
  for (const Field& field : message.fields)
    if (same_ignoring_case(field.name, name)) out.push_back(field.value);
  return out;
}

bool closes(const Message& message) {
  return message.minor_version == 0 ||
         std::ranges::any_of(values(message, "Connection"), [](std::string_view value) {
           return lower(value).find("close") != std::string::npos;
         });
}

}  // namespace wheatstone::http
