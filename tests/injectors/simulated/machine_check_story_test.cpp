// What a machine check leaves behind, from the record to the restart, on several builds and both vendors.
#include "formats/cper/guids.hpp"
#include "formats/dump/reader.hpp"
#include "formats/whea/bug_check.hpp"
#include "tests/injectors/simulated/story.hpp"

namespace wheatstone::inject {
namespace {

using namespace test;
using enum ObservationKind;

struct Case {
  const char* profile;
  const char* vendor;
  std::size_t length;
};

class FatalMachineCheck : public ::testing::TestWithParam<Case> {};

TEST_P(FatalMachineCheck, TellsOneStoryInEveryLayer) {
  const auto& [profile, vendor, length] = GetParam();
  Story story(platform(profile, vendor));
  story.then(InjectedError{.sections = {machine_check(0xbea0000000000108, 5, 3)}}).wait(10 * kMinute);
  ASSERT_EQ(story.kinds(), "record bugcheck dump dump boot etw_event log_entry submit");

  const Observation& written = story.of(record);
  EXPECT_EQ(written.bytes.size(), length);
  EXPECT_EQ(written.artefact, "record-1.cper");
  EXPECT_EQ(text(written, "Severity"), "Fatal");
  EXPECT_EQ(text(written, "NotifyType"), "MCE");
  EXPECT_EQ(text(written, "Timestamp"), "2026-01-15T08:00:00Z");
  EXPECT_EQ(text(written, "SourceType"), "MCE");
  EXPECT_EQ(written.number("XpfMca.Status"), 0xbea0000000000108u);
  EXPECT_EQ(written.number("XpfMca.BankNumber"), 5u);
  EXPECT_EQ(text(written, "XpfMca.CpuVendor"), std::string(vendor) == "AuthenticAMD" ? "AMD" : "Intel");
  EXPECT_EQ(written.number("XpfProcessor.LocalAPICId"), 3u);
  EXPECT_EQ(written.number("ProcessorGeneric.ErrorType"), 1u) << "cache";

  const Observation& stop = story.of(bugcheck);
  EXPECT_EQ(stop.number("Code"), 0x124u);
  EXPECT_EQ(text(stop, "Code"), "WHEA_UNCORRECTABLE_ERROR");
  EXPECT_EQ(stop.number("P1"), 0u);
  EXPECT_EQ(stop.number("P3"), 0xbea00000u);
  EXPECT_EQ(stop.number("P4"), 0x108u);
  EXPECT_EQ(stop.time, written.time);

  for (std::size_t i = 0; i < 2; ++i) {
    const Observation& file = story.of(ObservationKind::dump, i);
    EXPECT_EQ(text(file, "Class"), i == 0 ? "full-64" : "triage-64");
    EXPECT_EQ(text(file, "File"), i == 0 ? "MEMORY.DMP" : "Mini011526-01.dmp");
    EXPECT_EQ(file.artefact, text(file, "File"));
    EXPECT_EQ(file.number("BugCheckParameter2"), stop.number("P2"));
    EXPECT_EQ(file.number("Length"), file.bytes.size());
    const auto opened = wheatstone::dump::Dump::open(file.bytes);
    ASSERT_TRUE(opened);
    const auto found = opened->read_virtual(stop.number("P2"), written.bytes.size());
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(*found, written.bytes) << "parameter 2 leads to the record";
  }

  EXPECT_EQ(story.of(boot, 1).number("Number"), 2u);
  EXPECT_EQ(text(story.of(boot, 1), "Profile"), profile);
  EXPECT_GT(story.of(boot, 1).time, stop.time);

  // After the restart the record is there again, with one more flag.
  Buffer left_over = written.bytes;
  left_over[104] |= 2;
  const Observation& event = story.of(etw_event);
  EXPECT_EQ(event.number("EventId"), 20u);
  EXPECT_EQ(text(event, "ProviderName"), "Microsoft-Windows-Kernel-WHEA");
  EXPECT_EQ(event.number("Length"), length);
  EXPECT_EQ(Buffer(event.bytes.begin() + 4, event.bytes.end()), left_over);

  const Observation& entry = story.of(log_entry);
  EXPECT_EQ(entry.number("EventId"), 18u);
  EXPECT_EQ(text(entry, "Channel"), "System");
  EXPECT_EQ(entry.number("EventData.Channel"), 256u);
  EXPECT_EQ(entry.number("ErrorSource"), 3u) << "machine check exception";
  EXPECT_EQ(entry.number("ApicId"), 3u);
  EXPECT_EQ(entry.number("MCABank"), 5u);
  EXPECT_EQ(entry.number("MciStat"), 0xbea0000000000108u);
  EXPECT_EQ(entry.number("ErrorType"), 9u);
  EXPECT_EQ(entry.number("TransactionType"), 2u);
  EXPECT_EQ(entry.number("Length"), length);
  EXPECT_EQ(entry.find("RawData"), nullptr) << "in the bytes alone";

  EXPECT_EQ(text(story.of(submit), "Result"), "disabled") << "the scenario has no server";
}

INSTANTIATE_TEST_SUITE_P(
    Builds, FatalMachineCheck,
    ::testing::Values(Case{"win7-sp1", "AuthenticAMD", 928}, Case{"win7-sp1", "GenuineIntel", 928},
                      Case{"win10-1803", "AuthenticAMD", 928}, Case{"win10-2004", "AuthenticAMD", 936},
                      Case{"win10-2004", "GenuineIntel", 936}, Case{"win11-22H2", "AuthenticAMD", 1067},
                      Case{"win11-22H2", "GenuineIntel", 1067}, Case{"win11-24H2", "AuthenticAMD", 1967},
                      Case{"win11-24H2", "GenuineIntel", 1967}),
    [](const auto& test_case) {
      std::string name = std::string(test_case.param.profile) + test_case.param.vendor;
      std::erase_if(name, [](char c) { return c == '-' || c == '.'; });
      return name;
    });

TEST(CorrectedMachineCheck, IsLoggedAtOnceAndLeavesNothing) {
  for (const auto& [profile, notify, source] :
       {std::tuple{"win10-1903", "CMC", 1u}, std::tuple{"win11-24H2", "CMCI", 0u}}) {
    Story story(platform(profile, "GenuineIntel"));
    story
        .then(InjectedError{.source = whea::ErrorSourceType::cmc,
                            .severity = cper::Severity::corrected,
                            .sections = {machine_check(0x9400004000040150, 0, 1)}})
        .wait(10 * kMinute);
    EXPECT_EQ(story.kinds(), "record etw_event log_entry");
    EXPECT_EQ(text(story.of(record), "NotifyType"), notify);
    EXPECT_EQ(story.of(log_entry).number("EventId"), 19u);
    EXPECT_EQ(story.of(log_entry).number("ErrorSource"), source);
    EXPECT_EQ(story.of(etw_event).time, story.of(record).time);
    const Buffer& event = story.of(etw_event).bytes;
    EXPECT_EQ(Buffer(event.begin() + 4, event.end()), story.of(record).bytes);
  }
}

TEST(Determinism, SameSeedGivesTheSameStory) {
  const auto tell = [](std::uint64_t seed) {
    Story story(platform("win11-24H2"), seed);
    for (int i = 0; i < 2; ++i)
      story.then(InjectedError{.sections = {machine_check(0xbea0000000000108, 5, 3)}}).wait(10 * kMinute);
    return story.all();
  };
  const auto first = tell(1), second = tell(1), other = tell(2);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].kind, second[i].kind);
    EXPECT_EQ(first[i].time, second[i].time);
    EXPECT_EQ(first[i].fields, second[i].fields);
    EXPECT_EQ(first[i].bytes, second[i].bytes);
    EXPECT_EQ(first[i].artefact, second[i].artefact);
  }
  ASSERT_EQ(first.size(), other.size());
  EXPECT_NE(first[2].number("P2"), other[2].number("P2")) << "another seed, other addresses";
}

// Evidence is a folder: no two observations may want the same file.
TEST(Artefacts, HaveNamesOfTheirOwn) {
  Story story(platform("win10-2004"));
  for (int i = 0; i < 3; ++i)
    story.then(InjectedError{.sections = {machine_check(0xbea0000000000108, 5, 3)}}).wait(10 * kMinute);
  std::vector<std::string> names;
  for (const Observation& observation : story.all())
    if (!observation.artefact.empty()) names.push_back(observation.artefact);
  EXPECT_EQ(names.size(), 15u);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

// The second error waits until the system runs again.
TEST(Restart, InjectionWaitsForTheSystem) {
  Story story(platform("win10-2004"));
  const InjectedError error{.sections = {machine_check(0xbea0000000000108, 5, 3)}};
  story.then(error).then(error);
  EXPECT_EQ(story.kinds(), "record bugcheck dump dump boot etw_event log_entry record bugcheck dump dump");
  EXPECT_GE(story.of(bugcheck, 1).time.ticks - story.of(bugcheck, 0).time.ticks, 30 * FileTime::kPerSecond);
}

}  // namespace
}  // namespace wheatstone::inject
