#include "mocks/cer_server/rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "mocks/text.hpp"

namespace wheatstone::cer_server {

bool glob_match(std::string_view pattern, std::string_view text) noexcept {
  // On a mismatch, only the last '*' needs to take one character more.
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || lower(pattern[p]) == lower(text[t]))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches(const Rule& rule, const cer::Report& report) noexcept {
  if (rule.event_type && !glob_match(*rule.event_type, report.event.eventtype)) return false;
  return std::ranges::all_of(rule.parameters, [&report](const auto& wanted) {
    const auto value = report.parameter(wanted.first);
    return value && glob_match(wanted.second, *value);
  });
}

std::string signature(const cer::Report& report) {
  // Every part carries its length, so that no text can pretend to be two.
  std::string out;
  const auto add = [&out](std::string_view text) { out += fmt::format("{}:{};", text.size(), text); };
  add(report.event.eventtype);
  auto parameters = report.parameters;
  std::ranges::sort(parameters, {}, [](const cer::Parameter& p) { return std::tie(p.id, p.value); });
  for (const auto& parameter : parameters) {
    out += fmt::format("P{}=", parameter.id);
    add(parameter.value);
  }
  for (const auto& parameter : report.secondary_parameters) {
    add(parameter.name);
    add(parameter.value);
  }
  return out;
}

}  // namespace wheatstone::cer_server
