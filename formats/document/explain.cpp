#include "formats/document/explain.hpp"

#include <fmt/format.h>

#include "formats/cper/pieces.hpp"
#include "formats/whea/bug_check.hpp"
#include "formats/whea/mca_explain.hpp"
#include "formats/whea/mca_registers.hpp"
#include "formats/whea/notify_sources.hpp"

namespace wheatstone::document {
namespace {

void explain_banks(const cper::Record& record, std::vector<std::string>& lines) {
  const auto family = whea::cpu_family(record);
  std::size_t shown = 0;
  for (const cper::Piece& piece : cper::pieces(record)) {
    if (!piece.is_body || piece.layout == nullptr || piece.section->type->guid != cper::kSectionXpfMca)
      continue;
    const std::size_t banks = whea::mca_bank_count(piece.bytes);
    for (std::size_t i = 0; i < banks && shown < kMostExplained; ++i, ++shown) {
      const auto registers = whea::mca_registers(piece.bytes, i, family);
      if (!registers) break;
      lines.push_back(
          fmt::format("{}bank {}", piece.path.substr(0, piece.path.size() - 1) + ": ", registers->bank));
      for (const std::string& line : whea::describe(whea::explain(*registers))) lines.push_back("  " + line);
    }
  }
}

void explain_bug_check(const cper::Record& record, std::vector<std::string>& lines) {
  const auto header = *record.header();
  const auto source = whea::source_of(header[cper::Header::kNotifyType]);
  if (!source || header[cper::Header::kSeverity] != static_cast<std::uint32_t>(cper::Severity::fatal)) return;
  const auto bug_check = whea::bug_check_for(*source, record, 0);
  if (!bug_check) return;
  const auto& parameters = bug_check->parameters;
  lines.push_back(fmt::format("Bug check {:#x} {} where Windows cannot recover", bug_check->code,
                              whea::bug_check_name(bug_check->code)));
  lines.push_back(fmt::format("  Arg1 {:#x}, Arg2 {}, Arg3 {:#x}, Arg4 {:#x}", parameters[0],
                              bug_check->code == whea::kBugCheckWheaUncorrectableError
                                  ? std::string("address of the record")
                                  : fmt::format("{:#x}", parameters[1]),
                              parameters[2], parameters[3]));
}

}  // namespace

std::vector<std::string> explain(const Document& document) {
  std::vector<std::string> lines;
  const cper::Record* record = document.record();
  if (record == nullptr || !record->header()) return lines;
  explain_banks(*record, lines);
  explain_bug_check(*record, lines);
  return lines;
}

}  // namespace wheatstone::document
