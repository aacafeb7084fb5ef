#include "mocks/cer_server/rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

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

std::string signature_text(std::string_view signature) {
  // "4:text;" is a part, "P0=4:text;" a PARAMETER; the other parts but the first are names and values in
  // turn.
  std::string out;
  bool is_first = true, is_name = true;
  while (!signature.empty()) {
    const bool is_parameter = signature.front() == 'P';
    const std::size_t digits = is_parameter ? signature.find('=') + 1 : 0;
    const std::size_t colon = signature.find(':', digits);
    std::size_t size = 0;
    if (colon == std::string_view::npos ||
        std::from_chars(signature.data() + digits, signature.data() + colon, size).ec != std::errc{} ||
        size >= signature.size() - colon)
      return out;
    const std::string_view part = signature.substr(colon + 1, size);
    signature.remove_prefix(std::min(colon + 2 + size, signature.size()));
    if (std::exchange(is_first, false)) continue;
    const bool begins = is_parameter || is_name;
    if (begins && !out.empty()) out += ' ';
    out += part;
    if (is_parameter) continue;
    if (is_name) out += '=';
    is_name = !is_name;
  }
  return out;
}

}  // namespace wheatstone::cer_server
