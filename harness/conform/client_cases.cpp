#include "harness/conform/client_cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/conform/desk.hpp"

namespace wheatstone::conform {
namespace {

constexpr std::string_view kReportPath = "/stage2.htm";

constexpr std::array kBehaviour = {answer_reading_cases, upload_path_cases, collection_cases, failure_cases};

// The case that just asks for a cab.
const BehaviourCase& plain_upload() {
  return answer_reading_cases().front();
}

using Visits = std::vector<Visit>;

bool is_of_kind(const Seen& seen, RequestCase::Kind kind) {
  switch (kind) {
    case RequestCase::Kind::every:
      return true;
    case RequestCase::Kind::report:
      return seen.is_report();
    case RequestCase::Kind::upload:
      return seen.is_upload();
  }
  return false;
}

// The first failure over all requests of the kind; passed if one passed.
Verdict check_requests(const RequestCase& one, const Visits& visits) {
  Verdict verdict = not_reached("no such request came");
  for (const Visit& visit : visits) {
    for (const Seen& seen : visit.requests) {
      if (!is_of_kind(seen, one.kind)) continue;
      Verdict next = one.check(seen, visit);
      if (next.outcome == Outcome::failed) return next;
      if (!verdict.passed()) verdict = std::move(next);
    }
  }
  return verdict;
}

Verdict check_visit(const BehaviourCase& one, const Visit& visit) {
  if (visit.report() == nullptr) return not_reached("no report came");
  return one.check(visit);
}

// One run over the cases.
class Run {
 public:
  Run(const ClientOptions& options, Desk& desk, const std::function<bool(const CaseResult&)>& keep_on)
      : options_(options), desk_(desk), keep_on_(keep_on) {}

  Result<std::vector<CaseResult>> run();

 private:
  Result<void> visit(const BehaviourCase& one, bool is_graded);
  void add(const Case& about, Verdict verdict);

  const ClientOptions& options_;
  Desk& desk_;
  const std::function<bool(const CaseResult&)>& keep_on_;
  Visits visits_;
  std::vector<CaseResult> results_;
  std::optional<bool> ever_uploaded_;
  bool stopped_ = false;
};

void Run::add(const Case& about, Verdict verdict) {
  results_.push_back({about, std::move(verdict)});
  stopped_ = !keep_on_(results_.back()) || stopped_;
}

Result<void> Run::visit(const BehaviourCase& one, bool is_graded) {
  const Script script = one.script(desk_.place());
  Result<Visit> visit = options_.run ? desk_.serve(script, options_.run) : desk_.serve(script);
  if (!visit) return std::unexpected(visit.error());
  visit->ever_uploaded = ever_uploaded_;
  if (&one == &plain_upload()) ever_uploaded_ = visit->upload() != nullptr;
  // Nobody comes by himself any more: the cases after this one are not reached either.
  if (!options_.run && visit->report() == nullptr) stopped_ = true;
  if (is_graded) add(one.about, check_visit(one, *visit));
  visits_.push_back(std::move(*visit));
  return {};
}

Result<std::vector<CaseResult>> Run::run() {
  for (const auto table : kBehaviour) {
    for (const BehaviourCase& one : table()) {
      if (!is_selected(options_.only, one.about)) continue;
      if (stopped_)
        add(one.about, not_reached("the run ended before"));
      else if (const auto visited = visit(one, true); !visited)
        return std::unexpected(visited.error());
    }
  }
  const auto is_chosen = [this](const RequestCase& one) { return is_selected(options_.only, one.about); };
  if (std::ranges::none_of(request_cases(), is_chosen)) return std::move(results_);
  if (visits_.empty())
    if (const auto visited = visit(plain_upload(), false); !visited) return std::unexpected(visited.error());
  for (const RequestCase& one : request_cases())
    if (is_chosen(one)) add(one.about, check_requests(one, visits_));
  return std::move(results_);
}

}  // namespace

std::string Place::authority() const {
  return fmt::format("{}:{}", host(), port);
}
std::string Place::decoy_authority() const {
  return fmt::format("{}:{}", host(), decoy);
}

bool Seen::is_report() const {
  return message.method == "POST" && cer::normalize_upload_path(message.target) == kReportPath;
}
bool Seen::is_upload() const {
  return message.method == "PUT";
}

const Seen* Visit::report() const noexcept {
  const auto found = std::ranges::find_if(requests, &Seen::is_report);
  return found == requests.end() ? nullptr : &*found;
}
const Seen* Visit::upload() const noexcept {
  const auto found = std::ranges::find_if(requests, &Seen::is_upload);
  return found == requests.end() ? nullptr : &*found;
}

std::vector<Case> client_cases() {
  std::vector<Case> cases;
  for (const RequestCase& one : request_cases()) cases.push_back(one.about);
  for (const auto table : kBehaviour)
    for (const BehaviourCase& one : table()) cases.push_back(one.about);
  return cases;
}

Result<std::vector<CaseResult>> test_client(const ClientOptions& options,
                                            const std::function<void(const Place&)>& on_listening,
                                            const std::function<bool(const CaseResult&)>& keep_on) {
  if (const auto checked = check_ids(options.only, client_cases()); !checked)
    return std::unexpected(checked.error());
  Result<Desk> desk = Desk::open(options.port, options.wait, options.identity);
  if (!desk) return std::unexpected(desk.error());
  on_listening(desk->place());
  return Run(options, *desk, keep_on).run();
}

}  // namespace wheatstone::conform
