#include "harness/judge/matcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "harness/judge/show.hpp"

namespace wheatstone::judge {
namespace {

using inject::Value;

bool equals(const scenario::Literal& literal, const Value& value) {
  switch (value.kind) {
    case Value::Kind::text:
      return literal.text == value.text;
    case Value::Kind::number:
      return (literal.number && *literal.number == value.number) ||
             (!value.text.empty() && literal.text == value.text);
    case Value::Kind::flag:
      if (literal.number) return *literal.number == value.number;
      return literal.text == (value.number != 0 ? "true" : "false");
  }
  return false;
}

constexpr Fit fit(bool yes) {
  return yes ? Fit::yes : Fit::no;
}

struct FitsValue {
  const Value& value;

  Fit operator()(const scenario::Exact& exact) const { return fit(equals(exact.value, value)); }
  Fit operator()(const scenario::Masked& masked) const {
    return fit(value.kind != Value::Kind::text && (value.number & masked.mask) == masked.value);
  }
  Fit operator()(const scenario::InRange& range) const {
    return fit(value.kind != Value::Kind::text && range.low <= value.number && value.number <= range.high);
  }
  Fit operator()(const scenario::Matches& matches) const {
    const bool has_text = value.kind != Value::Kind::flag && !value.text.empty();
    const bool is_text = value.kind == Value::Kind::text;
    const Result<bool> matched = matches.regex.matches(is_text || has_text ? value.text : number_text(value));
    return matched ? fit(*matched) : Fit::undecided;
  }
  Fit operator()(const scenario::OneOf& one_of) const {
    return fit(
        std::ranges::any_of(one_of.values, [&](const auto& literal) { return equals(literal, value); }));
  }
  Fit operator()(const scenario::Absent&) const { return Fit::no; }
};

Fit fits(const scenario::Matcher& matcher, const Value* value) {
  if (value == nullptr) return fit(std::holds_alternative<scenario::Absent>(matcher));
  return std::visit(FitsValue{*value}, matcher);
}

}  // namespace

Fit fits(const scenario::Pattern& pattern, const inject::Observation& observation) {
  if (pattern.kind != observation.kind) return Fit::no;
  if (pattern.bytes && *pattern.bytes != observation.bytes) return Fit::no;
  Fit result = Fit::yes;
  for (const scenario::FieldMatcher& field : pattern.fields) {
    switch (fits(field.matcher, observation.find(field.name))) {
      case Fit::no:
        return Fit::no;
      case Fit::undecided:
        result = Fit::undecided;
        break;
      case Fit::yes:
        break;
    }
  }
  return result;
}

Comparison compare(const scenario::Pattern& pattern, const inject::Observation& observation) {
  Comparison comparison;
  for (const scenario::FieldMatcher& field : pattern.fields) {
    const Value* value = observation.find(field.name);
    const Fit fit = fits(field.matcher, value);
    if (fit == Fit::yes) {
      comparison.agreeing.push_back(field.name);
      continue;
    }
    std::string found = value == nullptr ? "nothing" : show(*value);
    if (fit == Fit::undecided) found += ", on which the regular expression gave up,";
    comparison.differing.push_back({field.name, show(field.matcher), std::move(found)});
  }
  if (pattern.bytes) {
    const Buffer& expected = *pattern.bytes;
    const Buffer& found = observation.bytes;
    if (expected == found) {
      comparison.agreeing.push_back("bytes");
    } else {
      const auto at = std::ranges::mismatch(expected, found).in1 - expected.begin();
      comparison.differing.push_back(
          {"bytes", fmt::format("{} bytes", expected.size()),
           fmt::format("{} bytes, different from offset {:#x},", found.size(), at)});
    }
  }
  return comparison;
}

std::string Comparison::text() const {
  std::string out;
  if (!agreeing.empty()) {
    out = "agrees in ";
    for (const std::string& name : agreeing) out += (&name == agreeing.data() ? "" : ", ") + name;
  }
  for (const Difference& difference : differing) {
    if (!out.empty()) out += "; ";
    out += fmt::format("{} is {} instead of {}", difference.name, difference.found, difference.expected);
  }
  return out;
}

}  // namespace wheatstone::judge
