#include "formats/document/lint.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/layout/json.hpp"
#include "formats/layout/text_buffer.hpp"
#include "harness/cli/inputs.hpp"
#include "harness/cli/load.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/report/findings.hpp"
#include "harness/report/present.hpp"
#include "harness/report/sarif.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::size_t kKeptText = 1u << 20;  // of one input, for the next in the same place
constexpr std::string_view kNever = "never";

struct Options {
  InputOptions input;
  std::string kind;
  std::string fail_on = "error";
  bool json = false;
  bool sarif = false;
  bool rules = false;
};

// What is found in one input.
struct Checked {
  std::vector<Finding> findings;
  layout::TextBuffer text;       // of them
  std::optional<Error> unknown;  // why nothing was checked

  void clear() {
    if (text.size() > kKeptText) text = layout::TextBuffer();
    text.clear();
    findings.clear();
    unknown.reset();
  }
};

void check(const Options& options, const input::Input& input, Checked& checked) {
  const document::KindInfo* kind = document::find_kind(options.kind);
  const auto document = document::Document::read(kind, input.bytes);
  if (!document) {
    checked.unknown = report::no_document(input.bytes);
    checked.unknown->where.file = input.name;
    return;
  }
  checked.findings = document::lint(*document);
  if (options.json) {
    report::findings_line(checked.text, input.name, checked.findings);
  } else if (!options.sarif) {
    report::findings_text(checked.text, input.name, checked.findings);
  }
}

// What was found in all inputs, in one of the three forms.
class Report {
 public:
  Report(const Options& options, Printer& printer) : options_(options), printer_(printer) {
    if (options.sarif)
      sarif_.emplace(text_, report::SarifTool{"wheatstone", WHEATSTONE_VERSION}, document::rules());
  }

  void add(std::string_view name, const Checked& checked) {
    totals_.add(checked.findings);
    if (sarif_) sarif_->add(name, checked.findings);
    printer_.print(checked.text.view());
    take();
  }

  void add_unknown(std::string_view name, const Error& error) {
    ++totals_.unknown;
    fail(name, error);
  }
  void add_unreadable(std::string_view name, const Error& error) {
    ++totals_.failed;
    fail(name, error);
  }

  void finish(bool successful) {
    if (sarif_) sarif_->finish(successful);
    if (options_.json) report::totals_line(text_, totals_);
    take();
  }

  const report::FindingTotals& totals() const { return totals_; }

 private:
  void fail(std::string_view name, const Error& error) {
    if (sarif_) sarif_->add_failure(name, error);
    if (options_.json) report::failure_line(text_, name, error);
    take();
  }
  void take() {
    printer_.print(text_.view());
    text_.clear();
  }

  const Options& options_;
  Printer& printer_;
  layout::TextBuffer text_;
  std::optional<report::SarifWriter> sarif_;
  report::FindingTotals totals_;
};

bool is_too_grave(const Options& options, const report::FindingTotals& totals) {
  if (options.fail_on == kNever) return false;
  for (const auto severity : {FindingSeverity::note, FindingSeverity::warning, FindingSeverity::error})
    if (options.fail_on == to_string(severity)) return totals.at_least(severity) != 0;
  return false;
}

int lint(const Options& options, Terminal& terminal) {
  Printer printer(terminal);
  InputWatch watch(options.input, terminal, printer);
  Report report(options, printer);
  const auto work = [&](const input::Input& input, Checked& checked) { check(options, input, checked); };
  const auto print = [&](const input::Handled& handled, const Checked& checked) {
    if (handled.error != nullptr) {
      report.add_unreadable(handled.name, *handled.error);
    } else if (checked.unknown) {
      report.add_unknown(handled.name, *checked.unknown);
      watch.tell(*checked.unknown);
    } else {
      report.add(handled.name, checked);
    }
  };
  const input::Summary summary = for_each_input<Checked>(options.input, watch, work, print);
  const report::FindingTotals& totals = report.totals();
  report.finish(!summary.stopped && totals.failed == 0 && totals.unknown == 0);
  const int code = watch.finish(summary);
  if (!printer.closed()) terminal.err(report::totals_text(totals) + "\n");
  return std::max(code, is_too_grave(options, totals) ? kFailed : kPassed);
}

std::string rules_text(bool json) {
  layout::TextBuffer out;
  for (const document::Rule& rule : document::rules()) {
    if (!json) {
      out.append(fmt::format("{:<30} {}\n{:<30} {}\n", rule.code, rule.title, "", rule.advice));
      continue;
    }
    layout::JsonWriter writer(out);
    writer.begin_object();
    for (const auto& [key, value] :
         {std::pair{"Code", rule.code}, {"Title", rule.title}, {"Advice", rule.advice}}) {
      writer.key(key);
      writer.text(value);
    }
    writer.end_object();
    out.append('\n');
  }
  return std::string(out.view());
}

}  // namespace

Act add_lint(CLI::App& app) {
  CLI::App* verb =
      app.add_subcommand("lint", "Check records and other documents, for people and for pipelines");
  const auto options = std::make_shared<Options>();
  CLI::Option* paths = add_input_options(*verb, options->input, "files to check");
  paths->required(false);
  add_kind_option(*verb, options->kind);
  verb->add_option(
          "--fail-on", options->fail_on,
          "exit with 1 if there is a finding of this severity or a worse one: error (unless given), warning, "
          "note, never")
      ->check(CLI::IsMember({"error", "warning", "note", "never"}));
  CLI::Option* json =
      verb->add_flag("--json", options->json, "one object a line and file, and one with the totals");
  verb->add_flag("--sarif", options->sarif, "a SARIF 2.1.0 log, for code scanning services and editors")
      ->excludes(json);
  verb->add_flag("--rules", options->rules, "list the codes, what they mean and what to do then")
      ->excludes(paths);
  verb->footer(
      "A finding has a severity, a stable code, the path of the field, its offset in the decoded bytes, the "
      "clause, and\n"
      "an advice. An error is only what a reader cannot make sense of; a warning breaks a rule that readers "
      "survive.\n"
      "Exit codes: 0 nothing as grave as --fail-on says, 1 something is, 2 unknown data or text that is "
      "broken, 3 a file\n"
      "cannot be read.\n"
      "Examples: wheatstone lint record.cper\n"
      "          wheatstone lint --fail-on warning evidence/\n"
      "          wheatstone lint --sarif records/ > lint.sarif\n"
      "          ssh lab-7 xxd record.bin | wheatstone lint -");
  return [options](Terminal& terminal) {
    if (options->rules) {
      if (options->sarif)
        return complain(
            Error{ErrorKind::invalid_argument, "the rules are no SARIF log", "leave --sarif out", {}},
            terminal);
      terminal.out(rules_text(options->json));
      return kPassed;
    }
    if (options->input.paths.empty())
      return complain(Error{ErrorKind::invalid_argument, "lint needs a PATH", "or --rules", {}}, terminal);
    return lint(*options, terminal);
  };
}

}  // namespace wheatstone::cli
