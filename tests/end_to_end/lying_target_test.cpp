// The simulated target, whole, with one layer that lies: the rule about that layer must notice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "harness/run/runner.hpp"
#include "harness/scenario/loader.hpp"
#include "injectors/simulated/simulated_target.hpp"

namespace wheatstone {
namespace {

using inject::Observation;
using inject::ObservationKind;
using inject::Value;
using testing::Contains;
using testing::IsEmpty;

constexpr std::string_view kScenario = R"(
title: A fatal machine check that is reported
platform:
  profile: win11-24H2
  clock: 2026-01-15T08:00:00Z
  sources: [MCE]
  reporting: {corporate_wer_server: testserver.corp.example.com}
server:
  rules:
    - match: {event_type: BlueScreen}
      answer: {Bucket: 501, BucketTable: 5, iData: 1}
steps:
  - inject:
      source: MCE
      severity: Fatal
      sections:
        - XpfMca: {BankNumber: 5, Status: 0xbea0000000000108}
expect:
  - record: {Severity: Fatal}
  - bugcheck: {Code: 0x124}
  - submit: {Result: uploaded_cab}
)";

// Passes everything on and falsifies the first observation of one kind.
class LyingTarget final : public inject::Target {
 public:
  using Lie = std::function<void(std::vector<Observation>& seen, std::size_t victim)>;

  LyingTarget(ObservationKind about, Lie lie) : about_(about), lie_(std::move(lie)) {}

  std::string_view name() const noexcept override { return "lying"; }
  inject::Capabilities capabilities() const override { return honest_->capabilities(); }
  Result<void> boot(const inject::Platform& platform, const inject::Services& services) override {
    return honest_->boot(platform, services);
  }
  Result<void> inject(const inject::Injection& injection) override { return honest_->inject(injection); }
  void shut_down() noexcept override { honest_->shut_down(); }

  Result<std::vector<Observation>> observe(FileTime deadline) override {
    auto seen = honest_->observe(deadline);
    if (!seen || lied_) return seen;
    const auto victim = std::ranges::find(*seen, about_, &Observation::kind);
    if (victim == seen->end()) return seen;
    lied_ = true;
    lie_(*seen, static_cast<std::size_t>(victim - seen->begin()));
    return seen;
  }

 private:
  std::unique_ptr<inject::Target> honest_ = inject::make_simulated_target();
  ObservationKind about_;
  Lie lie_;
  bool lied_ = false;
};

std::vector<std::string> codes(ObservationKind about, const LyingTarget::Lie& lie) {
  const auto no_files = [](std::string_view) -> Result<Buffer> { return fail(ErrorKind::io, "no files"); };
  const auto scenario = scenario::load_scenario(kScenario, {"lie", "lie.yaml"}, no_files).value();
  LyingTarget target(about, lie);
  const report::Outcome outcome = run::run_scenario(scenario, target, {});
  EXPECT_NE(outcome.verdict.status, judge::Status::error) << outcome.verdict.reason;
  std::vector<std::string> out;
  for (const judge::Failure& failure : outcome.verdict.failures) out.emplace_back(failure.code);
  return out;
}

LyingTarget::Lie field(std::string name, Value value) {
  return [name, value](std::vector<Observation>& seen, std::size_t victim) {
    const auto said = std::ranges::find(seen[victim].fields, name, &inject::ObservedField::name);
    ASSERT_NE(said, seen[victim].fields.end()) << name;
    ASSERT_NE(said->value, value) << name << " would be no lie";
    said->value = value;
  };
}

LyingTarget::Lie flipped_bit(std::size_t offset) {
  return [offset](std::vector<Observation>& seen, std::size_t victim) { seen[victim].bytes.at(offset) ^= 1; };
}

LyingTarget::Lie flipped_bit_from_end(std::size_t offset) {
  return [offset](std::vector<Observation>& seen, std::size_t victim) {
    Buffer& bytes = seen[victim].bytes;
    bytes.at(bytes.size() - 1 - offset) ^= 1;
  };
}

void never_happened(std::vector<Observation>& seen, std::size_t victim) {
  seen.erase(seen.begin() + static_cast<std::ptrdiff_t>(victim));
}

TEST(LyingTarget, TheTruthPasses) {
  EXPECT_THAT(codes(ObservationKind::record, [](auto&, std::size_t) {}), IsEmpty());
}

TEST(LyingTarget, EachLayerIsCaught) {
  struct Case {
    ObservationKind about;
    LyingTarget::Lie lie;
    std::string code;
  };
  const Case cases[] = {
      {ObservationKind::record, field("XpfMca.Status", Value::hex(1)), "record-fields"},
      {ObservationKind::record, field("SourceType", Value::decimal(4)), "bugcheck-source"},
      {ObservationKind::record, flipped_bit_from_end(0), "dump-record"},
      {ObservationKind::record, never_happened, "bugcheck-record"},
      {ObservationKind::log_entry, field("MciStat", Value::hex(1)), "event-fields"},
      {ObservationKind::log_entry, field("EventId", Value::decimal(19)), "log-severity"},
      {ObservationKind::log_entry, flipped_bit_from_end(0), "log-record"},
      {ObservationKind::bugcheck, field("P1", Value::hex(4)), "bugcheck-source"},
      {ObservationKind::bugcheck, field("P2", Value::hex(0x1000)), "bugcheck-address"},
      {ObservationKind::bugcheck, field("P3", Value::hex(0)), "bugcheck-status"},
      {ObservationKind::bugcheck, field("P4", Value::hex(0)), "dump-bugcheck"},
      {ObservationKind::bugcheck, never_happened, "fatal-stops"},
      {ObservationKind::dump, field("BugCheckParameter3", Value::hex(0)), "dump-fields"},
      {ObservationKind::dump, flipped_bit(0x40), "dump-bugcheck"},
      {ObservationKind::level1, field("Signature.BCP1", Value::of_text("7")), "level1-fields"},
      {ObservationKind::level1, flipped_bit_from_end(1), "level1-received"},
      {ObservationKind::level1, never_happened, "order"},
      {ObservationKind::answer, field("Bucket", Value::decimal(502)), "answer-fields"},
      {ObservationKind::answer, flipped_bit_from_end(2), "answer-sent"},
      {ObservationKind::answer, never_happened, "order"},
      {ObservationKind::level2, field("Files", Value::of_text("nothing")), "level2-fields"},
      {ObservationKind::level2, flipped_bit_from_end(0), "level2-received"},
      {ObservationKind::level2, never_happened, "level2-received"},
  };
  for (const Case& one : cases)
    EXPECT_THAT(codes(one.about, one.lie), Contains(one.code))
        << inject::to_string(one.about) << ", case " << (&one - cases);
}

// The first events are about the boot; this one carries the record.
TEST(LyingTarget, TheEventThatCarriesTheRecordIsCaught) {
  const auto lie = [](std::vector<Observation>& seen, std::size_t) {
    for (Observation& one : seen)
      if (one.kind == ObservationKind::etw_event && one.number("EventId") == 20) one.bytes.back() ^= 1;
  };
  EXPECT_THAT(codes(ObservationKind::log_entry, lie), Contains("event-record"));
}

}  // namespace
}  // namespace wheatstone
