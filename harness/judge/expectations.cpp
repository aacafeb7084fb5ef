#include "harness/judge/expectations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>

#include "harness/judge/matcher.hpp"
#include "harness/judge/show.hpp"

namespace wheatstone::judge {
namespace {

using inject::Observation;
using scenario::Pattern;

constexpr std::size_t kMostShown = 3;  // observations named in one failure

class Checker {
 public:
  Checker(const scenario::Scenario& scenario, std::span<const Observation> observations,
          std::span<const FileTime> injections)
      : scenario_(scenario), observations_(observations), injections_(injections) {}

  std::vector<Failure> run() {
    for (const scenario::Expectation& expectation : scenario_.expectations) {
      where_ = scenario_.at(expectation.mark);
      std::visit([this](const auto& what) { check(what); }, expectation.what);
    }
    return std::move(failures_);
  }

 private:
  void check(const scenario::Occurs& occurs);
  void check(const scenario::Never& never);
  void check(const scenario::Order& order);

  void report(std::string_view code, std::string message, std::vector<std::size_t> observations) {
    failures_.push_back({code, std::move(message), where_, std::move(observations)});
  }
  void report_undecided(const Pattern& pattern, std::size_t index) {
    report("undecided",
           fmt::format("cannot tell whether {} happened\n{}: {}", show(pattern), show_at(index),
                       compare(pattern, observations_[index]).text()),
           {index});
  }

  std::string show_at(std::size_t index) const { return show(index, observations_[index]); }

  // Time from the last injection (or the boot) before the observation.
  std::uint64_t delay_of(const Observation& observation) const {
    const auto after = std::ranges::upper_bound(injections_, observation.time);
    return after == injections_.begin() ? observation.time.ticks
                                        : observation.time.ticks - std::prev(after)->ticks;
  }

  // The observation of the pattern's kind in [first, end) with most fields in agreement; the earliest of
  // equals.
  std::optional<std::size_t> nearest(const Pattern& pattern, std::size_t first) const {
    std::optional<std::size_t> best;
    std::size_t best_agreeing = 0;
    for (std::size_t i = first; i < observations_.size(); ++i) {
      if (observations_[i].kind != pattern.kind) continue;
      const std::size_t agreeing = compare(pattern, observations_[i]).agreeing.size();
      if (!best || agreeing > best_agreeing) {
        best = i;
        best_agreeing = agreeing;
      }
    }
    return best;
  }

  // What did happen, for a pattern that nothing fits: one line.
  std::string instead(const Pattern& pattern, std::size_t first, std::vector<std::size_t>& involved) const {
    if (const std::optional<std::size_t> index = nearest(pattern, first)) {
      involved.push_back(*index);
      return fmt::format("nearest is {}: {}", show_at(*index),
                         compare(pattern, observations_[*index]).text());
    }
    std::array<std::size_t, std::size(inject::kObservationKindNames)> counts{};
    for (const Observation& observation : observations_.subspan(first))
      ++counts[static_cast<std::size_t>(observation.kind)];
    std::string others;
    for (std::size_t kind = 0; kind < counts.size(); ++kind)
      if (counts[kind] != 0)
        others += fmt::format("{}{} {}", others.empty() ? "" : ", ", counts[kind],
                              inject::kObservationKindNames[kind].text);
    return fmt::format("no {} was observed{}; observed: {}", inject::to_string(pattern.kind),
                       first == 0 ? "" : " from there on", others.empty() ? "nothing" : others);
  }

  const scenario::Scenario& scenario_;
  std::span<const Observation> observations_;
  std::span<const FileTime> injections_;
  Location where_;
  std::vector<Failure> failures_;
};

std::string count_text(const scenario::CountRange& count) {
  constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
  if (count.low == count.high) return fmt::format("exactly {}", count.low);
  if (count.high == kMax) return fmt::format("at least {}", count.low);
  if (count.low == 0) return fmt::format("at most {}", count.high);
  return fmt::format("{} to {}", count.low, count.high);
}

void Checker::check(const scenario::Occurs& occurs) {
  std::vector<std::size_t> in_time, late, undecided;
  for (std::size_t i = 0; i < observations_.size(); ++i) {
    switch (fits(occurs.pattern, observations_[i])) {
      case Fit::yes:
        (occurs.within && delay_of(observations_[i]) > *occurs.within ? late : in_time).push_back(i);
        break;
      case Fit::undecided:
        undecided.push_back(i);
        break;
      case Fit::no:
        break;
    }
  }
  const std::uint64_t found = in_time.size();
  const bool met = occurs.count.low <= found && found <= occurs.count.high;
  if (!undecided.empty()) {
    const bool met_anyway = met && found + undecided.size() <= occurs.count.high;
    if (!met_anyway) report_undecided(occurs.pattern, undecided.front());
    return;
  }
  if (met) return;

  std::string message =
      fmt::format("expected {} {}{}, found {}", count_text(occurs.count), show(occurs.pattern),
                  occurs.within ? " within " + format_duration(*occurs.within) : "", found);
  std::vector<std::size_t> involved;
  for (std::size_t i = 0; i < std::min(in_time.size(), kMostShown); ++i) {
    message += "\nfound " + show_at(in_time[i]);
    involved.push_back(in_time[i]);
  }
  if (in_time.size() > kMostShown) message += fmt::format("\nand {} more", in_time.size() - kMostShown);
  for (std::size_t i = 0; i < std::min(late.size(), kMostShown); ++i) {
    message += fmt::format("\ntoo late is {}, after {}", show_at(late[i]),
                           format_duration(delay_of(observations_[late[i]])));
    involved.push_back(late[i]);
  }
  if (in_time.empty() && late.empty()) message += "\n" + instead(occurs.pattern, 0, involved);
  report("expected-count", std::move(message), std::move(involved));
}

void Checker::check(const scenario::Never& never) {
  for (std::size_t i = 0; i < observations_.size(); ++i) {
    const Fit fit = fits(never.pattern, observations_[i]);
    if (fit == Fit::no) continue;
    if (fit == Fit::undecided) {
      report_undecided(never.pattern, i);
    } else {
      report("expected-never", fmt::format("{} must never happen\nfound {}", show(never.pattern), show_at(i)),
             {i});
    }
    return;
  }
}

void Checker::check(const scenario::Order& order) {
  std::size_t next = 0;
  std::vector<std::size_t> found;
  for (const Pattern& pattern : order.patterns) {
    std::size_t i = next;
    Fit fit = Fit::no;
    while (i < observations_.size() && (fit = fits(pattern, observations_[i])) == Fit::no) ++i;
    if (fit == Fit::undecided) {
      report_undecided(pattern, i);
      return;
    }
    if (i == observations_.size()) {
      std::string message =
          fmt::format("number {} of the order, {}, did not happen", found.size() + 1, show(pattern));
      std::vector<std::size_t> involved = found;
      if (!found.empty()) message += " after " + show_at(found.back());
      std::optional<std::size_t> earlier;
      for (std::size_t j = 0; j < next && !earlier; ++j)
        if (fits(pattern, observations_[j]) == Fit::yes) earlier = j;
      if (earlier) {
        message += fmt::format("\nit happened before: {}", show_at(*earlier));
        involved.push_back(*earlier);
      } else {
        message += "\n" + instead(pattern, next, involved);
      }
      std::ranges::sort(involved);
      involved.erase(std::ranges::unique(involved).begin(), involved.end());
      report("expected-order", std::move(message), std::move(involved));
      return;
    }
    found.push_back(i);
    next = i + 1;
  }
}

}  // namespace

std::vector<Failure> check_expectations(const scenario::Scenario& scenario,
                                        std::span<const Observation> observations,
                                        std::span<const FileTime> injections) {
  return Checker(scenario, observations, injections).run();
}

}  // namespace wheatstone::judge
