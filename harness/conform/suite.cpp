#include "harness/conform/suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/layout/json.hpp"
#include "formats/layout/node.hpp"
#include "harness/report/junit.hpp"
#include "harness/report/plain_text.hpp"

namespace wheatstone::conform {
namespace {

constexpr std::array<std::string_view, 3> kLevels = {"gap", "should", "must"};
constexpr std::array<std::string_view, 4> kOutcomes = {"passed", "failed", "not applicable", "not reached"};

judge::Status status_of(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::passed:
      return judge::Status::passed;
    case Outcome::failed:
      return judge::Status::failed;
    case Outcome::not_applicable:
    case Outcome::not_reached:
      return judge::Status::skipped;
  }
  return judge::Status::error;
}

}  // namespace

std::string_view to_string(Level level) noexcept {
  return kLevels[static_cast<std::size_t>(level)];
}

std::optional<Level> parse_level(std::string_view word) noexcept {
  const auto found = std::ranges::find(kLevels, word);
  if (found == kLevels.end()) return std::nullopt;
  return static_cast<Level>(found - kLevels.begin());
}

std::string_view to_string(Outcome outcome) noexcept {
  return kOutcomes[static_cast<std::size_t>(outcome)];
}

Verdict pass() {
  return {};
}
Verdict failed(std::string reason) {
  return {Outcome::failed, std::move(reason)};
}
Verdict not_applicable(std::string reason) {
  return {Outcome::not_applicable, std::move(reason)};
}
Verdict not_reached(std::string reason) {
  return {Outcome::not_reached, std::move(reason)};
}

Totals count(std::span<const CaseResult> results, Level least) noexcept {
  Totals totals;
  for (const CaseResult& result : results) {
    if (result.about.level < least) continue;
    switch (result.verdict.outcome) {
      case Outcome::passed:
        ++totals.passed;
        break;
      case Outcome::failed:
        ++totals.failed;
        break;
      case Outcome::not_applicable:
        ++totals.not_applicable;
        break;
      case Outcome::not_reached:
        ++totals.not_reached;
        break;
    }
  }
  return totals;
}

bool is_selected(const Only& only, const Case& about) noexcept {
  return only.empty() || std::ranges::find(only, about.id) != only.end();
}

Result<void> check_ids(const Only& only, std::span<const Case> cases) {
  std::vector<std::string_view> ids;
  for (const Case& one : cases) ids.push_back(one.id);
  for (const std::string& id : only) {
    if (std::ranges::find(ids, id) != ids.end()) continue;
    const std::string_view nearest = layout::nearest(id, ids);
    return fail(ErrorKind::invalid_argument, fmt::format("there is no case '{}'", id),
                nearest.empty() ? "'wheatstone conform list' prints them"
                                : fmt::format("did you mean '{}'?", nearest));
  }
  return {};
}

std::string list_text(std::span<const Case> cases) {
  std::string text;
  for (const Case& one : cases)
    text += fmt::format("{}  {:<6}  {:<22}  {}\n", one.id, to_string(one.level), one.clause, one.title);
  return text;
}

std::string result_text(const CaseResult& result) {
  std::string text =
      fmt::format("{:<14}  {}  {:<6}  {} [{}]\n", to_string(result.verdict.outcome), result.about.id,
                  to_string(result.about.level), result.about.title, result.about.clause);
  if (result.verdict.reason.empty()) return text;
  layout::TextBuffer reason;
  report::append_plain_line(reason, result.verdict.reason);
  return text + "                  " + std::string(reason.view());
}

std::string totals_text(const Totals& totals) {
  return fmt::format("{} case{}: {} passed, {} failed, {} not applicable, {} not reached", totals.all(),
                     totals.all() == 1 ? "" : "s", totals.passed, totals.failed, totals.not_applicable,
                     totals.not_reached);
}

void result_line(layout::TextBuffer& out, const CaseResult& result) {
  layout::JsonWriter json(out);
  const auto field = [&json](std::string_view key, std::string_view value) {
    json.key(key);
    json.text(value);
  };
  json.begin_object();
  field("Id", result.about.id);
  field("Level", to_string(result.about.level));
  field("Clause", result.about.clause);
  field("Title", result.about.title);
  field("Outcome", to_string(result.verdict.outcome));
  if (!result.verdict.reason.empty()) field("Reason", result.verdict.reason);
  json.end_object();
  out.append('\n');
}

void totals_line(layout::TextBuffer& out, const Totals& totals) {
  layout::JsonWriter json(out);
  json.begin_object();
  json.key("Summary");
  json.begin_object();
  for (const auto& [key, value] : {std::pair{"Passed", totals.passed},
                                   {"Failed", totals.failed},
                                   {"NotApplicable", totals.not_applicable},
                                   {"NotReached", totals.not_reached}}) {
    json.key(key);
    json.number(static_cast<std::uint64_t>(value));
  }
  json.end_object();
  json.end_object();
  out.append('\n');
}

std::string junit_xml(std::string_view half, std::span<const CaseResult> results) {
  std::vector<report::Outcome> outcomes;
  for (const CaseResult& result : results) {
    report::Outcome outcome;
    outcome.id = fmt::format("conform/{}/{}", half, result.about.id);
    outcome.title = result.about.title;
    outcome.verdict.status = status_of(result.verdict.outcome);
    if (outcome.verdict.status == judge::Status::failed)
      outcome.verdict.failures.push_back(
          {result.about.id,
           fmt::format("{} [{}]: {}", result.about.title, result.about.clause, result.verdict.reason),
           {},
           {}});
    else
      outcome.verdict.reason = result.verdict.reason;
    outcomes.push_back(std::move(outcome));
  }
  return report::junit_xml(outcomes);
}

}  // namespace wheatstone::conform
