#include "formats/layout/findings.hpp"

#include <fmt/format.h>

namespace wheatstone::layout {

void to_json(JsonWriter& json, std::span<const Finding> findings) {
  json.begin_array();
  for (const Finding& finding : findings) {
    json.begin_object();
    json.key("Severity");
    json.text(to_string(finding.severity));
    json.key("Code");
    json.text(finding.code);
    if (!finding.path.empty()) {
      json.key("Path");
      json.text(finding.path);
    }
    if (finding.offset != Finding::kNoOffset) {
      json.key("Offset");
      json.number(finding.offset);
    }
    json.key("Message");
    json.text(finding.message);
    if (!finding.clause.empty()) {
      json.key("Clause");
      json.text(finding.clause);
    }
    json.end_object();
  }
  json.end_array();
}

std::string to_text(std::span<const Finding> findings, std::string_view whole) {
  std::string out;
  for (const Finding& finding : findings) {
    out += fmt::format("  {}: {}: {}", to_string(finding.severity), finding.code,
                       finding.path.empty() ? whole : std::string_view(finding.path));
    if (finding.offset != Finding::kNoOffset) out += fmt::format(" at offset {:#x}", finding.offset);
    out += fmt::format(": {}{}\n", finding.message,
                       finding.clause.empty() ? "" : fmt::format(" [{}]", finding.clause));
  }
  return out.empty() ? out : "\nFindings\n" + out;
}

}  // namespace wheatstone::layout
