#include "harness/report/findings.hpp"

#include <fmt/format.h>

#include "formats/document/lint.hpp"
#include "formats/layout/findings.hpp"
#include "formats/layout/json.hpp"
#include "harness/report/plain_text.hpp"

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

std::uint64_t FindingTotals::at_least(FindingSeverity severity) const noexcept {
  std::uint64_t count = errors;
  if (severity <= FindingSeverity::warning) count += warnings;
  if (severity <= FindingSeverity::note) count += notes;
  return count;
}

void findings_text(layout::TextBuffer& out, std::string_view file, std::span<const Finding> findings) {
  for (const Finding& finding : findings) {
    std::string text = fmt::format("{}: {}: {}: ", file, to_string(finding.severity), finding.code);
    text += finding.path;
    if (finding.offset != Finding::kNoOffset)
      text += fmt::format("{}at offset {:#x}", finding.path.empty() ? "" : " ", finding.offset);
    if (!finding.path.empty() || finding.offset != Finding::kNoOffset) text += ": ";
    text += finding.message;
    if (!finding.clause.empty()) text += fmt::format(" [{}]", finding.clause);
    // A name may hold a line end: only those that are written here are kept.
    append_plain_line(out, text);
    if (const document::Rule* rule = document::find_rule(finding.code))
      append_plain_line(out, fmt::format("  {}", rule->advice));
  }
}

std::string totals_text(const FindingTotals& totals) {
  const auto count = [](std::uint64_t number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
  };
  return fmt::format("{} checked: {} clean, {}, {}, {}; {} unknown, {} unreadable",
                     count(totals.files, "file"), totals.clean, count(totals.errors, "error"),
                     count(totals.warnings, "warning"), count(totals.notes, "note"), totals.unknown,
                     totals.failed);
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
  number_member(json, "Unknown", totals.unknown);
  number_member(json, "Failed", totals.failed);
  number_member(json, "Notes", totals.notes);
  number_member(json, "Warnings", totals.warnings);
  number_member(json, "Errors", totals.errors);
  json.end_object();
  json.end_object();
  out.append('\n');
}

}  // namespace wheatstone::report
