#include "mocks/cer_server/dump_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "formats/cab/cabinet.hpp"
#include "formats/layout/bytes.hpp"
#include "mocks/cer_server/cab_check.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/formats/dump/dumps.hpp"
#include "tests/mocks/support.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::cer_server {
namespace {

using dump::examples::kBugCheck;
using dump::examples::kRecordVa;
using testing::HasSubstr;
using testing_support::codes;

constexpr const char* kName = "Mini031108-01.dmp";

cer::Report blue_screen() {
  cer::Report report = cer::examples::kernel_fault();
  report.machine.os = "10.0.26100.2.0.0.256.48";
  report.secondary_parameters = {{"BCCode", "124"},
                                 {"BCP1", "0000000000000000"},
                                 {"BCP2", "FFFFE00112345F80"},
                                 {"BCP3", "00000000BEA00000"},
                                 {"BCP4", "0000000000000108"},
                                 {"OS Version", "10_0_26100"}};
  return report;
}

cer::Report with(std::string_view name, std::string value) {
  cer::Report report = blue_screen();
  std::ranges::find(report.secondary_parameters, name, &cer::SecondaryParameter::name)->value =
      std::move(value);
  return report;
}

cer::Report without(std::string_view name) {
  cer::Report report = blue_screen();
  std::erase_if(report.secondary_parameters, [&](const auto& parameter) { return parameter.name == name; });
  return report;
}

Buffer dump_with(Bytes record, const dump::BugCheck& bug_check = kBugCheck) {
  const dump::DataBlock blocks[] = {{kRecordVa, record}};
  return dump::write_triage_dump(dump::examples::machine(), bug_check, blocks).value();
}

Buffer good_dump() {
  return dump_with(test::load_record("memory1"));
}

Buffer dump_of_build(std::uint32_t build) {
  dump::Machine machine = dump::examples::machine();
  machine.minor_version = build;
  return dump::write_header_dump(machine, kBugCheck).value();
}

std::string check(Bytes file, const cer::Report& report) {
  return codes(check_dump(kName, file, report));
}

TEST(CheckDump, TakesADumpThatFitsItsSignature) {
  EXPECT_EQ(check(good_dump(), blue_screen()), "");
  dump::PhysicalMemory memory;
  ASSERT_TRUE(memory.write_virtual(kRecordVa, test::load_record("memory1")));
  EXPECT_EQ(check(dump::write_full_dump(dump::examples::machine(), kBugCheck, std::move(memory)).value(),
                  blue_screen()),
            "");
}

TEST(CheckDump, ComparesTheBugCheck) {
  const Buffer dump = good_dump();
  EXPECT_EQ(check(dump, with("BCCode", "f4")), "dump-bugcheck-differs");
  EXPECT_EQ(check(dump, with("BCP1", "1")), "dump-parameter-differs");
  EXPECT_EQ(check(dump, with("BCP2", "FFFFE00112345F81")), "dump-parameter-differs");
  EXPECT_EQ(check(dump, with("BCP3", "BEA00001")), "dump-parameter-differs");
  EXPECT_EQ(check(dump, with("BCP4", "0")), "dump-parameter-differs");
  const auto findings = check_dump(kName, dump, with("BCP4", "800"));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].path, "BCP4");
  EXPECT_EQ(findings[0].message, "BCP4 is 800 in the signature, but 108 in \"Mini031108-01.dmp\"");
}

TEST(CheckDump, ReadsHexadecimalInEveryForm) {
  const Buffer dump = good_dump();
  EXPECT_EQ(check(dump, with("BCCode", "00000124")), "");
  EXPECT_EQ(check(dump, with("BCP2", "ffffe00112345f80")), "");
  EXPECT_EQ(check(dump, with("BCP2", "0000FFFFE00112345f80")), "");
  EXPECT_EQ(check(dump, with("BCP3", "bea00000")), "");
  for (const char* wrong : {"", "0x124", "124h", "-124", " 124", "10000000000000124"})
    EXPECT_EQ(check(dump, with("BCCode", wrong)), "signature-value") << wrong;
  EXPECT_EQ(check(dump, without("BCP4")), "signature-value");
}

TEST(CheckDump, KnowsTheBitOfLiveDumps) {
  const dump::BugCheck live{0x10000124, kBugCheck.parameters};
  EXPECT_EQ(check(dump_with(test::load_record("memory1"), live), blue_screen()), "");
  const dump::BugCheck other{0x20000124, kBugCheck.parameters};
  EXPECT_EQ(check(dump_with(test::load_record("memory1"), other), blue_screen()), "dump-bugcheck-differs");
}

TEST(CheckDump, NoticesADumpWithoutABugCheck) {
  Buffer dump = dump_of_build(26100);
  store_le<std::uint32_t>(&dump[dump::HeaderAt<dump::Header64>::kBugCheckCode.offset], dump::kUnset32);
  EXPECT_EQ(check(dump, blue_screen()), "dump-bugcheck-differs");
}

TEST(CheckDump, ComparesTheBuild) {
  EXPECT_EQ(check(dump_of_build(26100), blue_screen()), "");
  EXPECT_EQ(check(dump_of_build(22621), blue_screen()), "dump-os-differs");
  EXPECT_EQ(check(dump_of_build(22621), with("OS Version", "10_0_22621")), "") << "not MACHINEINFO";
  EXPECT_EQ(check(dump_of_build(22621), without("OS Version")), "dump-os-differs") << "but then it is";
  EXPECT_EQ(check(dump_of_build(dump::kUnset32), blue_screen()), "") << "the dump does not say";
  for (const char* none : {"", "10_0", "10_0_", "10.0.26100", "10_0_x"})
    EXPECT_EQ(check(dump_of_build(22621), with("OS Version", none)), "") << none;
}

TEST(CheckDump, KnowsBuildsThatShareAKernel) {
  EXPECT_EQ(check(dump_of_build(19041), with("OS Version", "10_0_19045")), "");
  EXPECT_EQ(check(dump_of_build(19041), with("OS Version", "10_0_19046")), "dump-os-differs");
  EXPECT_EQ(check(dump_of_build(19041), with("OS Version", "10_0_19040")), "dump-os-differs");
}

TEST(CheckDump, Reads32BitDumps) {
  const dump::Machine machine = dump::examples::machine32();
  const dump::BugCheck bug_check{0xf4, {3, 0x8c387020, 0x8c387184, 0x81bd1a30}};
  const Buffer dump = dump::write_header_dump(machine, bug_check).value();
  cer::Report report = cer::examples::kernel_fault();
  EXPECT_EQ(check(dump, report), "dump-os-differs") << "6561 is not 7601";
  report.secondary_parameters[5].value = "6_1_7601";
  EXPECT_EQ(check(dump, report), "");
  report.secondary_parameters[2].value = "8C387024";
  EXPECT_EQ(check(dump, report), "dump-parameter-differs");
}

TEST(CheckDump, FollowsParameter2ToTheRecord) {
  EXPECT_EQ(check(dump::write_triage_dump(dump::examples::machine(), kBugCheck, {}).value(), blue_screen()),
            "dump-record-missing");
  EXPECT_EQ(check(dump_with(Buffer(300, 0)), blue_screen()), "dump-record-missing") << "no length";
  Buffer record = test::load_record("memory1");
  EXPECT_EQ(check(dump_with(Bytes(record).first(record.size() - 1)), blue_screen()), "dump-record-missing");
  record[0] ^= 1;
  EXPECT_EQ(check(dump_with(record), blue_screen()), "dump-record-damaged");
  const dump::BugCheck early{0x124, {0, 0, 0, 0}};
  cer::Report report = with("BCP2", "0");
  report.secondary_parameters[3].value = report.secondary_parameters[4].value = "0";
  EXPECT_EQ(check(dump::write_triage_dump(dump::examples::machine(), early, {}).value(), report), "")
      << "before WHEA there is no record";
  EXPECT_EQ(check(dump_of_build(26100), blue_screen()), "") << "a header holds no memory";
}

TEST(CheckDump, SaysWhatIsNoDump) {
  const Buffer dump = good_dump();
  EXPECT_EQ(check(Bytes(dump).first(0x1fff), blue_screen()), "dump-unreadable");
  EXPECT_EQ(check(as_bytes("PAGEnothing"), blue_screen()), "dump-unreadable");
  EXPECT_EQ(check(as_bytes("PAGEnothing"), cer::examples::generic()), "dump-unreadable");
  EXPECT_EQ(check(as_bytes("text"), blue_screen()), "dump-unreadable") << "announced as a minidump";
  EXPECT_EQ(check({}, blue_screen()), "dump-unreadable");
  EXPECT_EQ(codes(check_dump("mini031108-01.DMP", as_bytes("text"), blue_screen())), "dump-unreadable");
  EXPECT_EQ(check(Bytes(dump).first(0x2100), blue_screen()), "dump-damaged dump-record-missing");
}

TEST(CheckDump, LeavesOtherFilesAlone) {
  EXPECT_EQ(check(as_bytes("MDMP\x93\xa7"), blue_screen()), "") << "of a program";
  EXPECT_EQ(codes(check_dump("Version.txt", as_bytes("text"), blue_screen())), "");
  EXPECT_EQ(codes(check_dump("extra.dmp", as_bytes("text"), blue_screen())), "") << "nobody said it is one";
  EXPECT_EQ(check(as_bytes("text"), cer::examples::generic()), "");
  cer::Report crash = with("BCCode", "f4");
  crash.event.eventtype = "LiveKernelEvent";
  EXPECT_EQ(check(good_dump(), crash), "") << "its signature has another form";
  EXPECT_EQ(check(as_bytes("text"), crash), "") << "and its minidumps too";
}

TEST(CheckDump, NamesTheFileSafely) {
  cer::Report report = blue_screen();
  const auto findings = check_dump("a\r\nb", as_bytes("PAGE"), report);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_THAT(findings[0].message, HasSubstr("\"a\\x0d\\x0ab\""));
}

TEST(CheckDump, IsPartOfTheCheckOfACab) {
  const auto cabinet = [](Bytes dump) {
    const FileTime time{128497001160460289};
    return cab::write({{kName, Buffer(dump.begin(), dump.end())}, {"sysdata.xml", {1}}, {"Version.txt", {1}}},
                      time, cab::Compression::mszip)
        .value();
  };
  EXPECT_EQ(codes(check_cab(cabinet(good_dump()), blue_screen(), {}, {})), "");
  EXPECT_EQ(codes(check_cab(cabinet(good_dump()), with("BCCode", "f4"), {}, {})), "dump-bugcheck-differs");
}

}  // namespace
}  // namespace wheatstone::cer_server
