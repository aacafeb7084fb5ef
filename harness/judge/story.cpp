#include "harness/judge/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "formats/cper/profile.hpp"
#include "formats/layout/flatten.hpp"
#include "harness/judge/show.hpp"

namespace wheatstone::judge {

using inject::Observation;
using inject::ObservationKind;
using inject::Value;

namespace {

constexpr std::size_t kMostShown = 3;  // differences named in one message

// A number and a number's name say the same; so do a flag and its number.
bool says_the_same(const Value& a, const Value& b) {
  if (a.kind == Value::Kind::text || b.kind == Value::Kind::text) return a.text == b.text;
  return a.number == b.number && (a.text.empty() || b.text.empty() || a.text == b.text);
}

std::uint32_t build_of(const inject::Platform& platform) {
  const cper::Profile* profile = cper::find_profile(platform.profile);
  return profile == nullptr ? std::numeric_limits<std::uint32_t>::max() : profile->build;
}

bool may_stop(Bytes record) {
  const auto facts = facts_of(record);
  return facts && !facts->previous_error &&
         (facts->severity == cper::Severity::fatal || facts->severity == cper::Severity::recoverable);
}

}  // namespace

Story::Story(std::span<const Observation> observations, std::span<const ObservationKind> given,
             const inject::Platform& platform, std::span<const Bytes> broken)
    : observations_(observations), given_(given), platform_(platform), build_(build_of(platform)) {
  for (const Bytes record : broken) broken_.insert(as_text(record));
  unsigned life = 0;
  std::optional<std::size_t> stopper;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    if (observations[i].kind == ObservationKind::boot) {
      ++life;
      stopper.reset();
    }
    lives_.push_back(life);
    stoppers_.push_back(stopper);
    if (observations[i].kind == ObservationKind::record && may_stop(observations[i].bytes)) stopper = i;
    by_kind_[static_cast<std::size_t>(observations[i].kind)].push_back(i);
  }
}

bool Story::gives(ObservationKind kind) const {
  return std::ranges::find(given_, kind) != given_.end();
}

std::optional<std::size_t> Story::before(std::size_t index, ObservationKind kind) const {
  const auto indexes = of(kind);
  const auto next = std::ranges::lower_bound(indexes, index);
  if (next == indexes.begin() || lives_[*std::prev(next)] != lives_[index]) return std::nullopt;
  return *std::prev(next);
}

std::optional<std::size_t> Story::after(std::size_t index, ObservationKind kind) const {
  const auto indexes = of(kind);
  const auto next = std::ranges::upper_bound(indexes, index);
  if (next == indexes.end() || lives_[*next] != lives_[index]) return std::nullopt;
  return *next;
}

std::optional<std::size_t> Story::bugcheck_of_dump(std::size_t dump) const {
  if (const auto earlier = before(dump, ObservationKind::bugcheck)) return earlier;
  if (const auto later = after(dump, ObservationKind::bugcheck)) return later;
  const auto bugchecks = of(ObservationKind::bugcheck);
  const auto next = std::ranges::lower_bound(bugchecks, dump);
  if (next == bugchecks.begin()) return std::nullopt;
  return *std::prev(next);
}

std::string Story::name(std::size_t index) const {
  return show(index, observations_[index]);
}

void Story::contradict(std::string_view code, std::string message, std::vector<std::size_t> involved) {
  std::ranges::sort(involved);
  contradictions_.push_back({code, std::move(message), {}, std::move(involved)});
}

std::optional<RecordFacts> facts_of(Bytes record) {
  const auto header = layout::View<cper::Header>::make(cper::kRecordHeader, record);
  if (!header) return std::nullopt;
  return RecordFacts{static_cast<cper::Severity>((*header)[cper::Header::kSeverity]),
                     ((*header)[cper::Header::kFlags] & cper::kFlagPreviousError) != 0,
                     (*header)[cper::Header::kRecordId], (*header)[cper::Header::kNotifyType]};
}

std::string difference(Bytes expected, Bytes found) {
  std::string out;
  if (expected.size() != found.size())
    out = fmt::format("{} bytes instead of {}", found.size(), expected.size());
  std::size_t shown = 0;
  for (const layout::Difference& one :
       cper::diff(cper::Record::decode(expected), cper::Record::decode(found))) {
    if (++shown > kMostShown) return out + ", ...";
    out += fmt::format("{}{} is {} instead of {}", out.empty() ? "" : ", ", one.path,
                       one.right.empty() ? "absent" : one.right, one.left.empty() ? "absent" : one.left);
  }
  return out.empty() ? "other bytes in a place that no field covers" : out;
}

std::string disagreement(const Observation& observation, const Observation& read) {
  std::unordered_map<std::string_view, const Value*> by_name;
  for (const inject::ObservedField& field : read.fields) by_name.try_emplace(field.name, &field.value);
  std::string out;
  std::size_t shown = 0;
  for (const inject::ObservedField& field : observation.fields) {
    const auto found = by_name.find(field.name);
    if (found == by_name.end() || says_the_same(field.value, *found->second)) continue;
    if (++shown > kMostShown) return out + ", ...";
    out += fmt::format("{}{} is {} in the fields and {} in the bytes", out.empty() ? "" : ", ", field.name,
                       show(field.value), show(*found->second));
  }
  return out;
}

}  // namespace wheatstone::judge
