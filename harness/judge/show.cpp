#include "harness/judge/show.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <variant>

namespace wheatstone::judge {
namespace {

using inject::Value;

constexpr std::size_t kLongestText = 120;

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  std::size_t end = std::min(text.size(), kLongestText);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  for (const char c : text.substr(0, end)) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + (end < text.size() ? "...\"" : "\"");
}

struct ShowMatcher {
  std::string operator()(const scenario::Exact& exact) const { return exact.value.text; }
  std::string operator()(const scenario::Masked& masked) const {
    return fmt::format("& {:#x} = {:#x}", masked.mask, masked.value);
  }
  std::string operator()(const scenario::InRange& range) const {
    return fmt::format("{:#x}..{:#x}", range.low, range.high);
  }
  std::string operator()(const scenario::Matches& matches) const {
    return fmt::format("matching /{}/", matches.regex.pattern());
  }
  std::string operator()(const scenario::OneOf& one_of) const {
    std::string out = "one of ";
    for (const scenario::Literal& literal : one_of.values)
      out += (&literal == one_of.values.data() ? "" : ", ") + literal.text;
    return out;
  }
  std::string operator()(const scenario::Absent&) const { return "absent"; }
};

}  // namespace

std::string number_text(const Value& value) {
  if (value.kind == Value::Kind::flag) return value.number != 0 ? "true" : "false";
  return value.show == Value::Show::hex ? fmt::format("{:#x}", value.number)
                                        : fmt::format("{}", value.number);
}

std::string show(const Value& value) {
  if (value.kind == Value::Kind::text) return in_quotes(value.text);
  if (value.kind == Value::Kind::number && !value.text.empty())
    return fmt::format("{} ({})", number_text(value), value.text);
  return number_text(value);
}

std::string show(const scenario::Matcher& matcher) {
  return std::visit(ShowMatcher{}, matcher);
}

std::string show(const scenario::Pattern& pattern) {
  std::string out = fmt::format("{} {{", inject::to_string(pattern.kind));
  for (const scenario::FieldMatcher& field : pattern.fields)
    out +=
        fmt::format("{}{}: {}", &field == pattern.fields.data() ? "" : ", ", field.name, show(field.matcher));
  if (pattern.bytes)
    out += fmt::format("{}{} given bytes", pattern.fields.empty() ? "" : ", ", pattern.bytes->size());
  return out + "}";
}

std::string show(std::size_t index, const inject::Observation& observation) {
  return fmt::format("{} #{} at {}", inject::to_string(observation.kind), index + 1,
                     to_iso8601(observation.time));
}

}  // namespace wheatstone::judge
