#include "harness/report/findings.hpp"

#include "formats/layout/findings.hpp"
#include "formats/layout/json.hpp"

namespace wheatstone::report {
namespace {

using layout::JsonWriter;

void text_member(JsonWriter& json, std::string_view key, std::string_view value) {
  json.key(key);
  json.text(value);
}

void number_member(JsonWriter& json, std::string_view key, std::uint64_t value) {
  json.key(key);
  json.number(value);
}

}  // namespace

void FindingTotals::add(std::span<const Finding> findings) noexcept {
  ++files;
  if (findings.empty()) ++clean;
  for (const Finding& finding : findings) {
    switch (finding.severity) {
      case FindingSeverity::note:
        ++notes;
        break;
      case FindingSeverity::warning:
        ++warnings;
        break;
      case FindingSeverity::error:
        ++errors;
        break;
    }
  }
}

void findings_line(layout::TextBuffer& out, std::string_view file, std::span<const Finding> findings) {
  JsonWriter json(out);
  json.begin_object();
  text_member(json, "File", file);
  json.key("Findings");
  layout::to_json(json, findings);
  json.end_object();
  out.append('\n');
}

void failure_line(layout::TextBuffer& out, std::string_view file, const Error& error) {
  Error unnamed = error;
  unnamed.where.file.clear();  // it stands beside
  JsonWriter json(out);
  json.begin_object();
  text_member(json, "File", file);
  if (error.where.line != 0) {
    number_member(json, "Line", error.where.line);
    number_member(json, "Column", error.where.column);
  }
  text_member(json, "Error", unnamed.text());
  json.end_object();
  out.append('\n');
}

void totals_line(layout::TextBuffer& out, const FindingTotals& totals) {
  JsonWriter json(out);
  json.begin_object();
  json.key("Summary");
  json.begin_object();
  number_member(json, "Files", totals.files);
  number_member(json, "Clean", totals.clean);
  number_member(json, "Failed", totals.failed);
  number_member(json, "Notes", totals.notes);
  number_member(json, "Warnings", totals.warnings);
  number_member(json, "Errors", totals.errors);
  json.end_object();
  json.end_object();
  out.append('\n');
}

}  // namespace wheatstone::report
