// The observations of a run as the rules of consistency look at them. Internal to the judge.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "formats/cper/record.hpp"
#include "harness/judge/verdict.hpp"
#include "injectors/observation.hpp"
#include "injectors/target.hpp"

namespace wheatstone::judge {

class Story {
 public:
  Story(std::span<const inject::Observation> observations, std::span<const inject::ObservationKind> given,
        const inject::Platform& platform, std::span<const Bytes> broken = {});

  const inject::Observation& operator[](std::size_t index) const { return observations_[index]; }
  std::size_t size() const noexcept { return observations_.size(); }

  // Indexes of the observations of that kind, ascending.
  std::span<const std::size_t> of(inject::ObservationKind kind) const {
    return by_kind_[static_cast<std::size_t>(kind)];
  }
  // Whether the target can observe that kind: only then does its absence mean something.
  bool gives(inject::ObservationKind kind) const;

  // Boots before and at an observation: two with the same number are of the same life of the system.
  unsigned life_of(std::size_t index) const { return lives_[index]; }

  // The last of that kind before `index`, or the first after it, in the same life.
  std::optional<std::size_t> before(std::size_t index, inject::ObservationKind kind) const;
  std::optional<std::size_t> after(std::size_t index, inject::ObservationKind kind) const;

  // The record that a bug check is about: the last fatal or recoverable one before it in its life.
  std::optional<std::size_t> record_of_bugcheck(std::size_t bugcheck) const { return stoppers_[bugcheck]; }
  // The bug check of a dump: in the same life, or else the last one before.
  std::optional<std::size_t> bugcheck_of_dump(std::size_t dump) const;

  const inject::Platform& platform() const noexcept { return platform_; }
  // Build of the Windows that runs, the largest number if the platform does not say.
  std::uint32_t build() const noexcept { return build_; }

  // Whether these are the bytes of a record that was put in broken on purpose.
  bool is_broken(Bytes record) const { return broken_.contains(as_text(record)); }

  // "record #3 at ..."
  std::string name(std::size_t index) const;

  void contradict(std::string_view code, std::string message, std::vector<std::size_t> involved);
  std::vector<Failure> take_contradictions() { return std::move(contradictions_); }

 private:
  std::span<const inject::Observation> observations_;
  std::span<const inject::ObservationKind> given_;
  const inject::Platform& platform_;
  std::uint32_t build_;
  std::unordered_set<std::string_view> broken_;
  std::vector<std::size_t> by_kind_[std::size(inject::kObservationKindNames)];
  std::vector<unsigned> lives_;
  std::vector<std::optional<std::size_t>> stoppers_;  // the last record before that may stop the system
  std::vector<Failure> contradictions_;
};

// Header values of a record; nullopt if it is too short to have a header.
struct RecordFacts {
  cper::Severity severity;
  bool previous_error;
  std::uint64_t record_id;
  Guid notify_type;
};
std::optional<RecordFacts> facts_of(Bytes record);

// "Severity is Fatal (1) instead of Corrected (2), ..." for the first differences of two records, or of their
// sizes.
std::string difference(Bytes expected, Bytes found);

// Where the fields of an observation say something else than `read`, which was made from its bytes:
// "Severity is 2 in the fields and 1 (Fatal) in the bytes". Fields that only one of them has do not count.
// Empty if they agree.
std::string disagreement(const inject::Observation& observation, const inject::Observation& read);

// Holds a dump that was uploaded under that name against the bug check of the report: level2-dump. Does
// nothing for a file that is no kernel dump.
void check_uploaded_dump(Story& story, std::size_t cabinet, std::string_view name, Bytes file);

// The rules, layer by layer.
void check_records(Story& story);  // record-fields
void check_events(Story& story);   // event-fields, event-record
void check_entries(Story& story);  // log-*
void check_crashes(Story& story);  // fatal-stops, bugcheck-*, dump-*
void check_reports(Story& story);  // level1-*, answer-*, level2-*
void check_order(Story& story);    // order

}  // namespace wheatstone::judge
