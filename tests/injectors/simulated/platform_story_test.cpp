// Errors that are no machine checks, records from files, and what the target refuses.
#include "formats/cper/guids.hpp"
#include "formats/cper/sections/memory.hpp"
#include "formats/cper/sections/nmi.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "tests/injectors/simulated/story.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::inject {
namespace {

using namespace test;
using wheatstone::test::load_record;
using enum ObservationKind;
using cper::Severity;
using whea::ErrorSourceType;

Platform with(ErrorSourceType type, std::uint32_t id = 0, std::uint32_t records = 1) {
  Platform out = platform("win10-2004");
  out.sources = {{.type = type, .id = id, .records_to_preallocate = records}};
  return out;
}

// Valid bits 0x0f: port type, version, command and status, device id. Bus 2, device 3, function 1.
InjectedSection pcie_section() {
  return section(cper::kSectionPciExpress, 208,
                 {{0, {0x0f}}, {8, {4}}, {24, {0x86, 0x80, 0x01, 0x19}}, {31, {1, 3, 0, 0, 2}}});
}

TEST(PciExpress, CorrectedErrorIsAWarning) {
  Story story(with(ErrorSourceType::pcie, 9));
  story.then(InjectedError{ErrorSourceType::pcie, Severity::corrected, {pcie_section()}, 0}).wait(kMinute);
  ASSERT_EQ(story.kinds(), "record etw_event log_entry");
  EXPECT_EQ(text(story.of(record), "NotifyType"), "PCIe");
  EXPECT_EQ(story.of(record).number("SourceId"), 9u);
  EXPECT_EQ(story.of(record).number("PciExpress.DeviceId.VendorID"), 0x8086u);
  EXPECT_EQ(story.of(record).find("PciExpress.DeviceSerialNumber"), nullptr) << "its validity bit is clear";
  const Observation& entry = story.of(log_entry);
  EXPECT_EQ(entry.number("EventId"), 17u);
  EXPECT_EQ(entry.number("ErrorSource"), 4u);
  EXPECT_EQ(entry.number("Bus"), 2u);
  EXPECT_EQ(entry.number("Device"), 3u);
  EXPECT_EQ(entry.number("Function"), 1u);
}

TEST(PciExpress, FatalErrorStopsTheSystem) {
  Story story(with(ErrorSourceType::pcie));
  story.then(InjectedError{ErrorSourceType::pcie, Severity::fatal, {pcie_section()}, 0}).wait(kMinute);
  ASSERT_EQ(story.kinds(), "record bugcheck dump dump boot etw_event log_entry");
  EXPECT_EQ(story.of(bugcheck).number("Code"), 0x124u);
  EXPECT_EQ(story.of(bugcheck).number("P1"), 4u);
  EXPECT_EQ(story.of(bugcheck).number("P3"), 0u);
  EXPECT_EQ(story.of(bugcheck).number("P4"), 0u);
  EXPECT_EQ(story.of(log_entry).number("EventId"), 16u);
}

TEST(Nmi, RaisesItsOwnBugCheck) {
  Story story(platform("win10-2004"));
  story.then(InjectedError{ErrorSourceType::nmi, Severity::fatal, {}, 0}).wait(kMinute);
  ASSERT_EQ(story.kinds(), "record bugcheck dump dump boot etw_event log_entry");
  EXPECT_EQ(text(story.of(record), "NotifyType"), "NMI");
  EXPECT_EQ(story.of(bugcheck).number("Code"), 0x80u);
  EXPECT_EQ(story.of(bugcheck).number("P1"), 0x4f4454u);
  EXPECT_EQ(story.of(bugcheck).number("P2"), 0u);
}

TEST(Nmi, OfTheHypervisorIsAnOrdinaryUncorrectableError) {
  Story story(platform("win10-2004"));
  const InjectedSection nmi = section(cper::kSectionNmi, 12, {{8, {1}}});
  story.then(InjectedError{ErrorSourceType::nmi, Severity::fatal, {nmi}, 0});
  EXPECT_EQ(story.of(bugcheck).number("Code"), 0x124u);
  EXPECT_EQ(story.of(bugcheck).number("P1"), 3u);
}

// Valid bits 0x4019: status, node, card, error type.
InjectedSection memory_section() {
  return section(cper::kSectionMemory, 77, {{0, {0x19, 0x40}}, {9, {4}}, {72, {2}}});
}

TEST(Memory, CorrectedAndFatalThroughAGenericSource) {
  Story story(with(ErrorSourceType::generic, 5));
  story.then(InjectedError{ErrorSourceType::generic, Severity::corrected, {memory_section()}, 0});
  ASSERT_EQ(story.kinds(), "record etw_event log_entry");
  EXPECT_EQ(story.of(record).bytes.size(), 277u) << "as long as the real record with such a section";
  EXPECT_EQ(text(story.of(record), "NotifyType"), "GENERIC");
  EXPECT_EQ(text(story.of(record), "Memory.ErrorType"), "SingleBitECC");
  EXPECT_EQ(story.of(record).number("Sections[0].SectionLength"), 77u);
  EXPECT_EQ(story.of(log_entry).number("EventId"), 23u) << "memory, with a type";
  EXPECT_EQ(story.of(log_entry).number("ErrorSource"), 8u);

  story.then(InjectedError{ErrorSourceType::generic, Severity::fatal, {memory_section()}, 0});
  EXPECT_EQ(story.of(bugcheck).number("Code"), 0x124u);
  EXPECT_EQ(story.of(bugcheck).number("P1"), 5u);
}

TEST(UnknownSection, IsCarriedAsItIs) {
  const Guid type = "0badc0de-1111-2222-3333-444455556666"_guid;
  InjectedSection unknown = section(type, 33, {{0, {0xde, 0xad}}, {32, {0x7f}}});
  unknown.fru_text = "board 7";
  Story story(with(ErrorSourceType::generic));
  story.then(InjectedError{ErrorSourceType::generic, Severity::corrected, {unknown}, 0});
  ASSERT_EQ(story.kinds(), "record etw_event log_entry");
  const Observation& written = story.of(record);
  EXPECT_EQ(text(written, "Sections[0].SectionType"), type.text());
  EXPECT_EQ(text(written, "Sections[0].FRUText"), "board 7");
  EXPECT_EQ(Buffer(written.bytes.end() - 33, written.bytes.end()), unknown.body);
  EXPECT_EQ(story.of(log_entry).number("EventId"), 2u);
}

TEST(Sources, UnknownSourceIsSilentOrFatal) {
  Story story(platform("win10-2004"));
  story.then(InjectedError{ErrorSourceType::pcie, Severity::corrected, {pcie_section()}, 0});
  EXPECT_EQ(story.kinds(), "");
  story.then(InjectedError{ErrorSourceType::pcie, Severity::fatal, {pcie_section()}, 0});
  EXPECT_EQ(story.kinds(), "bugcheck dump dump");
  EXPECT_EQ(story.of(bugcheck).number("Code"), 0x122u);
  EXPECT_EQ(story.of(bugcheck).number("P1"), 9u);
  EXPECT_EQ(story.of(bugcheck).number("P2"), 4u);
}

TEST(Sources, WithoutARecordThereIsNoRecord) {
  Story story(with(ErrorSourceType::pcie, 6, 0));
  story.then(InjectedError{ErrorSourceType::pcie, Severity::fatal, {pcie_section()}, 0});
  EXPECT_EQ(story.kinds(), "bugcheck dump dump");
  EXPECT_EQ(story.of(bugcheck).number("P1"), 0xau);
  EXPECT_EQ(story.of(bugcheck).number("P3"), 6u);
}

// What real machines wrote comes out of every layer as it went in.
TEST(Replay, BootRecordIsLoggedByteForByte) {
  for (const char* name : wheatstone::test::kRealRecords) {
    const Buffer bytes = load_record(name);
    Story story(platform("win11-24H2"));
    story.then(InjectedRecord{bytes, ErrorSourceType::boot}).wait(10 * kMinute);
    EXPECT_EQ(story.kinds(), "record etw_event log_entry") << name;
    EXPECT_EQ(story.of(record).bytes, bytes);
    EXPECT_EQ(text(story.of(record), "SourceType"), "BOOT");
    const Buffer& event = story.of(etw_event).bytes;
    EXPECT_EQ(Buffer(event.begin() + 4, event.end()), bytes);
    const Buffer& entry = story.of(log_entry).bytes;
    EXPECT_EQ(Buffer(entry.end() - static_cast<std::ptrdiff_t>(bytes.size()), entry.end()), bytes);
  }
}

TEST(Replay, FatalRecordStopsThroughAnotherSource) {
  Buffer bytes = load_record("multiple1");
  bytes[104] = 0;  // it was an error of the session before; now it is one of this session
  Story story(platform("win11-24H2"));
  story.then(InjectedRecord{bytes, ErrorSourceType::mce}).wait(kMinute);
  ASSERT_EQ(story.kinds(), "record bugcheck dump dump boot etw_event log_entry");
  EXPECT_EQ(story.of(record).bytes, bytes);
  EXPECT_EQ(story.of(bugcheck).number("P3"), 0xbaa00000u);
  EXPECT_EQ(story.of(bugcheck).number("P4"), 0x000c0135u);
}

TEST(BugCheck, OfAnyCodeIsDumpedWithoutARecord) {
  Story story(platform("win11-24H2"));
  story.then(InjectedBugCheck{0xd1, {1, 2, 3, 4}}).wait(10 * kMinute);
  ASSERT_EQ(story.kinds(), "bugcheck dump dump boot submit");
  EXPECT_EQ(story.of(bugcheck).number("P4"), 4u);
  EXPECT_EQ(story.of(ObservationKind::dump, 1).number("BugCheckCode"), 0xd1u);
}

TEST(BugCheck, MachineOf32Bits) {
  Platform small = platform("win7-sp1");
  small.is_64bit = false;
  Story story(small);
  story.then(InjectedError{.sections = {machine_check(0xb200004000000800, 0, 0)}});
  ASSERT_EQ(story.kinds(), "record bugcheck dump dump");
  EXPECT_EQ(text(story.of(ObservationKind::dump, 0), "Class"), "full-32");
  EXPECT_EQ(text(story.of(ObservationKind::dump, 1), "Class"), "header-32");
  EXPECT_LT(story.of(bugcheck).number("P2"), std::uint64_t{1} << 32);
  const auto wide = story.inject(InjectedBugCheck{0xf4, {std::uint64_t{1} << 32, 0, 0, 0}});
  ASSERT_FALSE(wide);
  EXPECT_EQ(wide.error().kind, ErrorKind::invalid_argument);
}

// ---- what the target refuses

Result<void> boot_with(const Platform& platform) {
  VirtualClock clock({});
  SeededRandom random(1);
  return make_simulated_target()->boot(platform, {clock, random, std::nullopt});
}

TEST(Refusals, PlatformThatTheTargetCannotBe) {
  const auto refused = [](auto change, ErrorKind kind) {
    Platform out = platform("win11-24H2");
    change(out);
    const auto booted = boot_with(out);
    ASSERT_FALSE(booted);
    EXPECT_EQ(booted.error().kind, kind) << booted.error().text();
  };
  refused([](Platform& p) { p.system = "linux"; }, ErrorKind::unsupported);
  refused([](Platform& p) { p.profile = "win12"; }, ErrorKind::unsupported);
  refused([](Platform& p) { p.processors = 0; }, ErrorKind::invalid_argument);
  refused([](Platform& p) { p.processors = 2049; }, ErrorKind::invalid_argument);
  refused([](Platform& p) { p.os = "eleven"; }, ErrorKind::invalid_argument);
  refused([](Platform& p) { p.reporting.default_consent = static_cast<wer_client::Consent>(5); },
          ErrorKind::invalid_argument);
  refused([](Platform& p) { p.reporting.offers = {{"Registry", "x", {}}}; }, ErrorKind::invalid_argument);
  refused([](Platform& p) { p.sources = {{.id = 3}, {.id = 3}}; }, ErrorKind::invalid_argument);
  refused([](Platform& p) { p.sources = {{.records_to_preallocate = 0xffffffff}}; },
          ErrorKind::invalid_argument);
  EXPECT_TRUE(boot_with(platform("win11-24H2")));
}

TEST(Refusals, InjectionThatCannotBe) {
  Story story(platform("win11-24H2"));
  EXPECT_FALSE(story.inject(InjectedError{}));
  EXPECT_FALSE(story.inject(InjectedRecord{Buffer(127, 0)}));
  EXPECT_FALSE(story.inject(
      InjectedError{.severity = static_cast<Severity>(9), .sections = {machine_check(1, 1, 1)}}));
  EXPECT_EQ(story.kinds(), "");
}

TEST(Refusals, CallsInTheWrongOrder) {
  const auto target = make_simulated_target();
  EXPECT_FALSE(target->inject(InjectedBugCheck{}));
  EXPECT_FALSE(target->observe({}));
  target->shut_down();
  VirtualClock clock({});
  SeededRandom random(1);
  const Platform machine = platform("win11-24H2");
  ASSERT_TRUE(target->boot(machine, {clock, random, std::nullopt}));
  EXPECT_FALSE(target->boot(machine, {clock, random, std::nullopt}));
  target->shut_down();
  EXPECT_TRUE(target->boot(machine, {clock, random, std::nullopt}));
}

TEST(Capabilities, EverythingButConsoleLines) {
  const auto target = make_simulated_target();
  EXPECT_EQ(target->name(), "simulated");
  const Capabilities can = target->capabilities();
  EXPECT_TRUE(can.virtual_time);
  EXPECT_EQ(can.observations.size(), 11u);
  EXPECT_EQ(std::count(can.observations.begin(), can.observations.end(), console), 0);
}

}  // namespace
}  // namespace wheatstone::inject
