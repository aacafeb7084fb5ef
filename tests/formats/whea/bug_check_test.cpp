#include "formats/whea/bug_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cper/sections/nmi.hpp"
#include "tests/formats/whea/records.hpp"

namespace wheatstone::whea {
namespace {

using testing::ElementsAre;

constexpr std::uint64_t kVa = 0xffff8c0812345028;

std::optional<BugCheck> check(ErrorSourceType source, Bytes record) {
  return bug_check_for(source, cper::Record::decode(record), kVa);
}

TEST(BugCheckFor, SplitsTheStatusOfAMachineCheck) {
  const std::pair<std::uint64_t, std::array<std::uint64_t, 2>> kSeen[] = {
      {0xb200004000000800, {0xb2000040, 0x00000800}},
      {0xbe2000000005110a, {0xbe200000, 0x0005110a}},
      {0xf480000000040e0f, {0xf4800000, 0x00040e0f}},
      {0xb6004000e6000175, {0xb6004000, 0xe6000175}},
      {0xb600000000100153, {0xb6000000, 0x00100153}}};
  for (const auto& [status, halves] : kSeen)
    EXPECT_EQ(check(ErrorSourceType::mce, machine_check_record({.status = status})),
              (BugCheck{0x124, {0, kVa, halves[0], halves[1]}}));
}

TEST(BugCheckFor, TakesTheFirstMachineCheckOfSeveral) {
  const Buffer first = mca_body({.status = 0x1111111122222222}), second = mca_body({.status = 3});
  const Buffer memory(80, 0);
  const cper::NewSection sections[] = {
      {cper::kSectionMemory, memory}, {cper::kSectionXpfMca, first}, {cper::kSectionXpfMca, second}};
  EXPECT_EQ(check(ErrorSourceType::generic, *cper::encode({}, sections)),
            (BugCheck{0x124, {5, kVa, 0x11111111, 0x22222222}}));
}

TEST(BugCheckFor, HasNoStatusWithoutAMachineCheck) {
  EXPECT_EQ(check(ErrorSourceType::pcie, record_with(cper::kSectionPciExpress, Buffer(208, 0))),
            (BugCheck{0x124, {4, kVa, 0, 0}}));
  // A machine check section that is too short to have one.
  EXPECT_EQ(check(ErrorSourceType::mce, record_with(cper::kSectionXpfMca, Buffer(263, 0xff))),
            (BugCheck{0x124, {0, kVa, 0, 0}}));
}

TEST(BugCheckFor, RaisesNmiHardwareFailureUnlessTheHypervisorIsMeant) {
  Buffer nmi(12, 0);
  EXPECT_EQ(check(ErrorSourceType::nmi, record_with(cper::kSectionNmi, nmi)),
            (BugCheck{0x80, {0x4f4454, 0, 0, 0}}));
  nmi[8] = 1;
  EXPECT_EQ(check(ErrorSourceType::nmi, record_with(cper::kSectionNmi, nmi)),
            (BugCheck{0x124, {3, kVa, 0, 0}}));
}

TEST(BugCheckFor, RaisesNoneForWhatDoesNotStopTheMachine) {
  const auto with = [](cper::Severity severity, std::uint32_t flags) {
    return check(ErrorSourceType::mce, machine_check_record({}, {.severity = severity, .flags = flags}));
  };
  EXPECT_TRUE(with(cper::Severity::fatal, 0));
  EXPECT_TRUE(with(cper::Severity::recoverable, 0));
  EXPECT_FALSE(with(cper::Severity::corrected, 0));
  EXPECT_FALSE(with(cper::Severity::informational, 0));
  EXPECT_TRUE(with(cper::Severity::fatal, cper::kFlagSimulated));
  EXPECT_FALSE(with(cper::Severity::fatal, cper::kFlagPreviousError));
  const Buffer record = machine_check_record({});
  EXPECT_FALSE(check(ErrorSourceType::mce, Bytes(record).first(127)));
}

TEST(BugCheckFor, ReadsARealRecord) {
  Buffer record = read_record("multiple1");
  EXPECT_FALSE(check(ErrorSourceType::mce, record));  // it is of the session before
  layout::Editor<cper::Header>::make(cper::kRecordHeader, record)->set(cper::Header::kFlags, 0u);
  EXPECT_EQ(check(ErrorSourceType::mce, record), (BugCheck{0x124, {0, kVa, 0xbaa00000, 0x000c0135}}));
}

TEST(Describe, PrintsAMachineCheckAsTheDebuggerDoes) {
  EXPECT_THAT(describe({0x124, {0, kVa, 0xb2000040, 0x800}}),
              ElementsAre("WHEA_UNCORRECTABLE_ERROR (124)",
                          "Arguments:", "Arg1: 0000000000000000, Machine Check Exception",
                          "Arg2: ffff8c0812345028, Address of the WHEA_ERROR_RECORD structure.",
                          "Arg3: 00000000b2000040, High order 32-bits of the MCi_STATUS value.",
                          "Arg4: 0000000000000800, Low order 32-bits of the MCi_STATUS value."));
}

TEST(Describe, LeavesOutWhatIsNotDocumented) {
  EXPECT_THAT(
      describe({0x124, {4, kVa, 0, 0}}),
      ElementsAre("WHEA_UNCORRECTABLE_ERROR (124)", "Arguments:", "Arg1: 0000000000000004, PCI Express Error",
                  "Arg2: ffff8c0812345028, Address of the WHEA_ERROR_RECORD structure.",
                  "Arg3: 0000000000000000", "Arg4: 0000000000000000"));
  EXPECT_THAT(describe({0xdead, {1, 2, 3, 4}}),
              ElementsAre("Unknown bugcheck code (dead)", "Arguments:", "Arg1: 0000000000000001",
                          "Arg2: 0000000000000002", "Arg3: 0000000000000003", "Arg4: 0000000000000004"));
}

TEST(ParameterMeanings, GoByTheFirstParameterWhereTheyDiffer) {
  EXPECT_EQ(parameter_meanings({0x124, {0x10}})[0], "Error Source Type");
  EXPECT_EQ(parameter_meanings({0x124, {0x99}})[1], "Address of the WHEA_ERROR_RECORD structure.");
  EXPECT_EQ(parameter_meanings({0x122, {6}})[3], "Error source type");
  EXPECT_EQ(parameter_meanings({0x122, {9}})[2], "Error source ID");
  EXPECT_EQ(parameter_meanings({0x122, {3}})[0], "");
  EXPECT_EQ(parameter_meanings({0x1a, {0x3f}})[2], "CRC of the page");
  EXPECT_EQ(parameter_meanings({0x1a, {0x41792}})[1], "Address of the page table entry");
  EXPECT_EQ(parameter_meanings({0x1a, {0x1234}})[0], "Subtype");
  EXPECT_EQ(parameter_meanings({0xf4, {3}})[0], "Process");
  EXPECT_EQ(parameter_meanings({0x9c, {4}})[1], "Address of the MCA_EXCEPTION structure.");
}

TEST(BugCheckName, KnowsTheHardwareRelatedCodes) {
  const std::pair<std::uint32_t, std::string_view> kNames[] = {
      {0x124, "WHEA_UNCORRECTABLE_ERROR"},   {0x122, "WHEA_INTERNAL_ERROR"},
      {0x9c, "MACHINE_CHECK_EXCEPTION"},     {0x80, "NMI_HARDWARE_FAILURE"},
      {0x101, "CLOCK_WATCHDOG_TIMEOUT"},     {0x12b, "FAULTY_HARDWARE_CORRUPTED_PAGE"},
      {0x1a, "MEMORY_MANAGEMENT"},           {0x2e, "DATA_BUS_ERROR"},
      {0x50, "PAGE_FAULT_IN_NONPAGED_AREA"}, {0x7a, "KERNEL_DATA_INPAGE_ERROR"},
      {0xf4, "CRITICAL_OBJECT_TERMINATION"}, {0x125, ""}};
  for (const auto& [code, name] : kNames) EXPECT_EQ(bug_check_name(code), name);
}

}  // namespace
}  // namespace wheatstone::whea
