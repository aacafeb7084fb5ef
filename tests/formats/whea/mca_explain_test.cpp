#include "formats/whea/mca_explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cper/guids.hpp"
#include "tests/formats/whea/records.hpp"

namespace wheatstone::whea {
namespace {

using cper::kCpuVendorAmd;
using cper::kCpuVendorIntel;
using cper::kCpuVendorOther;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t kValid = 1ull << 63, kOver = 1ull << 62, kUc = 1ull << 61, kMiscV = 1ull << 59,
                        kAddrV = 1ull << 58, kPcc = 1ull << 57, kS = 1ull << 56, kAr = 1ull << 55,
                        kDeferred = 1ull << 44;
constexpr std::uint64_t kCmciP = 1u << 10, kTesP = 1u << 11, kSerP = 1u << 24;
constexpr std::uint64_t kBanks = 20;  // of a recorded MCG_CAP

McaRegisters intel(std::uint64_t status, std::uint64_t capability = 0) {
  return {.cpu_vendor = kCpuVendorIntel, .status = status, .global_capability = capability};
}
McaRegisters amd(std::uint64_t status, std::uint32_t bank = 0, std::uint32_t family = 0x19) {
  return {.cpu_vendor = kCpuVendorAmd, .bank = bank, .status = status, .family = family};
}

McaExplanation explain_record(const std::string& name) {
  const Buffer bytes = read_record(name);
  const cper::Record record = cper::Record::decode(bytes);
  const Bytes body = record.body(*record.find(cper::kSectionXpfMca));
  return explain(*mca_registers(body, 0, cpu_family(record)));
}

// ---- class

TEST(McaClass, FollowsUcAndPccWithoutRecovery) {
  for (const std::uint64_t capability : {std::uint64_t{0}, kBanks}) {
    EXPECT_EQ(classify(intel(0, capability)), McaClass::none);
    EXPECT_EQ(classify(intel(~kValid, capability)), McaClass::none);
    EXPECT_EQ(classify(intel(kValid, capability)), McaClass::corrected);
    EXPECT_EQ(classify(intel(kValid | kUc, capability)), McaClass::uncorrected);
    EXPECT_EQ(classify(intel(kValid | kUc | kS | kAr, capability)), McaClass::uncorrected);
    EXPECT_EQ(classify(intel(kValid | kUc | kPcc, capability)), McaClass::fatal);
  }
}

TEST(McaClass, FollowsSAndArWithRecovery) {
  EXPECT_EQ(classify(intel(kValid | kUc, kBanks | kSerP)), McaClass::ucna);
  EXPECT_EQ(classify(intel(kValid | kUc | kS, kBanks | kSerP)), McaClass::srao);
  EXPECT_EQ(classify(intel(kValid | kUc | kS | kAr, kBanks | kSerP)), McaClass::srar);
  EXPECT_EQ(classify(intel(kValid | kUc | kAr, kBanks | kSerP)), McaClass::uncorrected);
  EXPECT_EQ(classify(intel(kValid | kUc | kPcc | kS | kAr, kBanks | kSerP)), McaClass::fatal);
  EXPECT_EQ(classify(intel(kValid | kS | kAr, kBanks | kSerP)), McaClass::corrected);
  // Each of the other capabilities is no SER_P.
  EXPECT_EQ(classify(intel(kValid | kUc | kS, 0xffffffff & ~kSerP)), McaClass::uncorrected);
}

TEST(McaClass, TakesPccOfACorrectedErrorByVendor) {
  EXPECT_EQ(classify(intel(kValid | kPcc)), McaClass::corrected);
  EXPECT_EQ(classify(amd(kValid | kPcc)), McaClass::fatal);
  EXPECT_EQ(classify({.cpu_vendor = kCpuVendorOther, .status = kValid | kPcc}), McaClass::fatal);
}

TEST(McaClass, KnowsDeferredErrorsOfAmdOnly) {
  EXPECT_EQ(classify(amd(kValid | kDeferred)), McaClass::deferred);
  EXPECT_EQ(classify(amd(kValid | kUc | kDeferred)), McaClass::uncorrected);
  EXPECT_EQ(classify(intel(kValid | kDeferred)), McaClass::corrected);  // bit 44 is part of the count
}

TEST(McaClass, GivesAmdNoSoftwareRecovery) {
  McaRegisters registers = amd(kValid | kUc | kS | kAr);
  registers.global_capability = kBanks | kSerP;
  EXPECT_EQ(classify(registers), McaClass::uncorrected);
}

TEST(McaClass, HasANameEach) {
  EXPECT_EQ(to_string(McaClass::none), "none");
  EXPECT_EQ(to_string(McaClass::ucna), "UCNA");
  EXPECT_EQ(to_string(McaClass::srao), "SRAO");
  EXPECT_EQ(to_string(McaClass::srar), "SRAR");
  EXPECT_EQ(to_string(McaClass::fatal), "fatal");
}

// ---- threshold and count

TEST(McaTracking, ReadsTheIndicatorOfCorrectedErrorsWithTesP) {
  const auto at = [](std::uint64_t status, std::uint64_t capability) {
    return mca_tracking(intel(kValid | status, capability));
  };
  EXPECT_EQ(at(0, kBanks | kTesP), McaTracking::none);
  EXPECT_EQ(at(1ull << 53, kBanks | kTesP), McaTracking::green);
  EXPECT_EQ(at(2ull << 53, kBanks | kTesP), McaTracking::yellow);
  EXPECT_EQ(at(3ull << 53, kBanks | kTesP), McaTracking::reserved);
  EXPECT_EQ(at(1ull << 52 | 1ull << 55, kBanks | kTesP), McaTracking::none);
  EXPECT_FALSE(at(1ull << 53, 0));
  EXPECT_FALSE(at(1ull << 53, 0xffffffff & ~kTesP));
  EXPECT_FALSE(at(1ull << 53 | kUc, kBanks | kTesP));
  McaRegisters other = amd(kValid | 1ull << 53);
  other.global_capability = kBanks | kTesP;
  EXPECT_FALSE(mca_tracking(other));
}

TEST(CorrectedErrorCount, HasFifteenBits) {
  EXPECT_EQ(corrected_error_count(intel(0x9400004000040150)), 1);
  EXPECT_EQ(corrected_error_count(intel(0x8000004000050005)), 1);
  EXPECT_EQ(corrected_error_count(intel(0x001fffc000000000)), 0x7fff);
  EXPECT_EQ(corrected_error_count(intel(~0x001fffc000000000ull)), 0);
  EXPECT_EQ(corrected_error_count(intel(1ull << 38, kBanks | kCmciP)), 1);
  EXPECT_FALSE(corrected_error_count(intel(1ull << 38, 0xffffffff & ~kCmciP)));
  EXPECT_FALSE(corrected_error_count(amd(1ull << 38)));
}

TEST(McaCounter, ReadsThoseOfRealRecords) {
  EXPECT_EQ(explain_record("multiple1").counter,
            (McaCounter{.count = 0xfff, .enabled = false, .overflow = true, .locked = false}));
  EXPECT_EQ(explain_record("multiple2").counter,
            (McaCounter{.count = 0xffe, .enabled = true, .overflow = false, .locked = false}));
  EXPECT_EQ(explain_record("multiple5").counter, std::nullopt);
}

TEST(McaCounter, NeedsABankThatHasOne) {
  McaRegisters registers = amd(kValid | kMiscV, 0, 0x17);
  registers.misc = 0xe000'0123'0000'0000;
  EXPECT_EQ(mca_counter(registers), (McaCounter{.count = 0x123, .locked = true}));
  registers.family = 0x16;
  EXPECT_FALSE(mca_counter(registers));
  registers.bank = 4;
  EXPECT_TRUE(mca_counter(registers));
  registers.misc = 0xa000'0123'0000'0000;  // no CntP
  EXPECT_FALSE(mca_counter(registers));
  registers.misc = 0x6000'0123'0000'0000;  // not valid
  EXPECT_FALSE(mca_counter(registers));
  registers.misc = 0xe000'0123'0000'0000;
  registers.status = kValid;
  EXPECT_FALSE(mca_counter(registers));
  registers.status = kValid | kMiscV;
  registers.cpu_vendor = kCpuVendorIntel;
  EXPECT_FALSE(mca_counter(registers));
}

// ---- address

TEST(McaAddress, IsThereIfAddrvIs) {
  McaRegisters registers = intel(kValid | kAddrV);
  registers.address = 0x1f807b7ef8a18;
  EXPECT_EQ(mca_address(registers), (McaAddress{0x1f807b7ef8a18}));
  registers.status = ~kAddrV;
  EXPECT_FALSE(mca_address(registers));
}

TEST(McaAddress, TakesLowestBitAndModeOfIntelFromMisc) {
  McaRegisters registers = intel(kValid | kAddrV | kMiscV, kBanks | kSerP);
  registers.address = 0x12345fff;
  registers.misc = 0x8c;
  EXPECT_EQ(mca_address(registers), (McaAddress{0x12345000, 12, 2}));
  registers.misc = 0xffffffffffffffff;
  EXPECT_EQ(mca_address(registers), (McaAddress{0, 63, 7}));
  registers.misc = 0;
  EXPECT_EQ(mca_address(registers), (McaAddress{0x12345fff, 0, 0}));
  registers.misc = 0x8c;
  registers.global_capability = kBanks;
  EXPECT_EQ(mca_address(registers), (McaAddress{0x12345fff}));
  registers.global_capability = kBanks | kSerP;
  registers.status = kValid | kAddrV;
  EXPECT_EQ(mca_address(registers), (McaAddress{0x12345fff}));
}

TEST(McaAddress, TakesTheLowestBitOfAmdFromAddressOrStatus) {
  McaRegisters registers = amd(kValid | kAddrV | 0x06ull << 24);
  registers.address = 0xffff'ffff'ffff'ffff;
  EXPECT_EQ(mca_address(registers), (McaAddress{0xffff'ffff'ffff'ffff}));  // no MCA_CONFIG
  registers.config = 1ull << 8;
  EXPECT_EQ(mca_address(registers), (McaAddress{0x01ff'ffff'ffff'ffc0, 6}));
  registers.config = 0xffff'ffff'ffff'feff;
  registers.address = 0xccff'ffff'ffff'ffff;  // bits 56 to 61: 12
  EXPECT_EQ(mca_address(registers), (McaAddress{0x00ff'ffff'ffff'f000, 12}));
  registers.family = 0x16;
  EXPECT_EQ(mca_address(registers), (McaAddress{0xccff'ffff'ffff'ffff}));
}

// ---- the worked examples of the facts

struct Example {
  std::uint64_t status;
  std::uint32_t vendor;
  std::string_view mnemonic;
  McaClass error_class;
};

TEST(Explain, ReadsTheExamplesOfBugChecksAndEvents) {
  constexpr Example kExamples[] = {
      {0xbaa00000000c0135, kCpuVendorAmd, "DCACHEL1_DRD_ERR", McaClass::fatal},
      {0x982000000002080b, kCpuVendorAmd, "BUSLG_SRC_ERR_IO_NOTIMEOUT_ERR", McaClass::corrected},
      {0xd82000000002080b, kCpuVendorAmd, "BUSLG_SRC_ERR_IO_NOTIMEOUT_ERR", McaClass::corrected},
      {0x9820000000010150, kCpuVendorAmd, "ICACHEL0_IRD_ERR", McaClass::corrected},
      {0xbea0000000000108, kCpuVendorAmd, "GCACHEL0_ERR_ERR", McaClass::fatal},
      {0xfa00000000070f0f, kCpuVendorAmd, "BUSLG_GENERIC_ERR_*_TIMEOUT_ERR", McaClass::fatal},
      {0xf480000000040e0f, kCpuVendorAmd, "BUSLG_GENERIC_ERR_*_NOTIMEOUT_ERR", McaClass::uncorrected},
      {0xb6004000e6000175, kCpuVendorAmd, "DCACHEL1_EVICT_ERR", McaClass::fatal},
      {0xb600000000100153, kCpuVendorAmd, "ICACHELG_IRD_ERR", McaClass::fatal},
      {0x9400004000040150, kCpuVendorIntel, "ICACHEL0_IRD_ERR", McaClass::corrected},
      {0x8000004000050005, kCpuVendorIntel, "", McaClass::corrected},
      {0xb200004000000800, kCpuVendorIntel, "BUSL0_SRC_ERR_M_NOTIMEOUT_ERR", McaClass::fatal},
      {0xbe2000000005110a, kCpuVendorIntel, "GCACHEL2_ERR_ERR", McaClass::fatal},
      {0x9c0000000000009f, kCpuVendorIntel, "RD_CHANNEL15_ERR", McaClass::corrected},
  };
  for (const Example& example : kExamples) {
    const McaExplanation said =
        explain({.cpu_vendor = example.vendor, .status = example.status, .family = 0x19});
    EXPECT_EQ(said.code.mnemonic(), example.mnemonic) << std::hex << example.status;
    EXPECT_EQ(said.error_class, example.error_class) << std::hex << example.status;
  }
}

TEST(Explain, NamesTheCauseOfRecoverableIntelErrors) {
  const auto cause = [](std::uint64_t status) {
    return explain(intel(kValid | kUc | status, kBanks | kSerP)).cause;
  };
  EXPECT_EQ(cause(kS | 0xc0), "memory scrubbing");
  EXPECT_EQ(cause(kS | 0x10cf), "memory scrubbing");
  EXPECT_EQ(cause(kS | 0xd0), "");
  EXPECT_EQ(cause(kS | 0x17a), "explicit writeback of the L3 cache");
  EXPECT_EQ(cause(kS | kAr | 0x134), "data load");
  EXPECT_EQ(cause(kS | kAr | 0x150), "instruction fetch");
  EXPECT_EQ(cause(kS | 0x134), "");
  EXPECT_EQ(cause(kS | kAr | 0xc0), "");
  EXPECT_EQ(explain(intel(0x9400004000040150)).cause, "");
}

TEST(Explain, NamesTheCauseOfAmdErrors) {
  EXPECT_EQ(explain(amd(kValid | 0x0600)).cause, "hardware assert");
  EXPECT_EQ(explain(amd(kValid | 0x0500)).cause, "");
  EXPECT_EQ(explain(intel(kValid | 0x0600)).cause, "");
  McaRegisters umc = amd(kValid | 0x011b);
  umc.ipid = 0x0000009600050f00;
  EXPECT_EQ(explain(umc).cause, "DRAM ECC error");
  umc.ipid = 0x0001009600050f00;
  EXPECT_EQ(explain(umc).cause, "DRAM ECC error");
  umc.ipid = 0x0002009600050f00;  // no bank type that we know
  EXPECT_EQ(explain(umc).cause, "");
  umc.ipid = 0x0000009600050f00;
  umc.status |= 1u << 16;
  EXPECT_EQ(explain(umc).cause, "");
}

TEST(Explain, ReadsScalableFieldsOfScalableBanksOnly) {
  const McaExplanation scalable = explain(amd(kValid | kS | 0x25ull << 32 | 0x3full << 16, 4, 0x17));
  EXPECT_EQ(scalable.error_core, 0x25);
  EXPECT_EQ(scalable.extended_code, 0x3f);
  EXPECT_FALSE(scalable.bank_type);
  EXPECT_FALSE(scalable.northbridge_error);
  EXPECT_FALSE(explain(amd(kValid | 0x25ull << 32)).error_core);  // ErrCoreIdVal is clear

  const McaExplanation northbridge = explain(amd(kValid | kS | 0x25ull << 32 | 0x07ull << 16, 4, 0x16));
  EXPECT_FALSE(northbridge.error_core);
  EXPECT_FALSE(northbridge.extended_code);
  EXPECT_EQ(northbridge.northbridge_error, 7u);
}

TEST(Explain, FindsRootPortsOfIntelOnly) {
  McaRegisters registers = intel(kValid | kMiscV | 0x0e0b);
  registers.misc = 0x12'34ad'0000;
  EXPECT_EQ(explain(registers).root_port, (McaRootPort{0x12, 0x34, 0x15, 5}));
  registers.cpu_vendor = kCpuVendorAmd;
  EXPECT_FALSE(explain(registers).root_port);
}

TEST(StatusFlags, AreThoseOfTheVendor) {
  EXPECT_THAT(status_flags(intel(0)), IsEmpty());
  EXPECT_THAT(status_flags(intel(~0ull)), ElementsAre("OVER", "EN", "MISCV", "ADDRV", "PCC"));
  EXPECT_THAT(status_flags(intel(~0ull, kBanks | kSerP)),
              ElementsAre("OVER", "EN", "MISCV", "ADDRV", "PCC", "S", "AR"));
  EXPECT_THAT(status_flags(amd(~0ull, 0, 0x16)), ElementsAre("OVER", "EN", "MISCV", "ADDRV", "PCC", "TCC",
                                                             "SyndV", "CECC", "UECC", "Deferred", "Poison"));
  EXPECT_THAT(status_flags(amd(~0ull)),
              ElementsAre("OVER", "EN", "MISCV", "ADDRV", "PCC", "ErrCoreIdVal", "TCC", "SyndV", "CECC",
                          "UECC", "Deferred", "Poison", "Scrub"));
  EXPECT_THAT(status_flags(amd(0xbea0000000000108)),
              ElementsAre("EN", "MISCV", "ADDRV", "PCC", "TCC", "SyndV"));
}

TEST(Advice, GoesByClass) {
  const auto of = [](const McaRegisters& registers) { return advice(explain(registers)); };
  EXPECT_EQ(of(intel(0)), "Ignore the bank: it holds no error.");
  EXPECT_EQ(of(intel(kValid)), "Go on. Count it; many from one place announce a failing part.");
  EXPECT_EQ(of(amd(kValid | kDeferred)), "Go on. Take the memory out of service before its data are used.");
  EXPECT_EQ(of(intel(kValid | kUc)), "Stop what used the data; stop the system if that is not known.");
  EXPECT_EQ(of(intel(kValid | kUc | kPcc)),
            "Stop the system: nothing that runs on this processor can be trusted.");
}

TEST(Advice, NeedsAnAddressAndAllErrorsToRecover) {
  const auto of = [](std::uint64_t status) {
    return advice(explain(intel(kValid | kUc | status, kBanks | kSerP)));
  };
  EXPECT_EQ(of(0), "Go on. The data at the address are lost, but nothing that runs has used them.");
  EXPECT_EQ(of(kS | kAddrV), "Go on. Take the memory at the address out of service.");
  EXPECT_EQ(of(kS), "Go on. No address says which memory to take out of service.");
  EXPECT_EQ(
      of(kS | kAr | kAddrV),
      "Stop what was interrupted until the memory at the address is out of service; else stop the system.");
  EXPECT_EQ(of(kS | kAr), "Stop the system: it needs action, and no address says where.");
  EXPECT_EQ(of(kS | kAr | kAddrV | kOver),
            "Stop the system: it needs action, and other errors were lost (OVER).");
}

// ---- lines

TEST(DescribeMca, PrintsARealFatalError) {
  EXPECT_THAT(
      describe(explain_record("multiple1")),
      ElementsAre("Error         : DCACHEL1_DRD_ERR",
                  "Class         : fatal: the processor context is corrupt",
                  "Flags         : EN, MISCV, PCC, TCC, SyndV",
                  "Threshold     : counter at 0xfff of 0xfff, threshold reached, not counting",
                  "Bank          : 0, LS_V2 (Load Store), instance 0x0", "Model code    : 12 (extended)",
                  "Advice        : Stop the system: nothing that runs on this processor can be trusted."));
}

TEST(DescribeMca, PrintsRealCorrectedErrors) {
  EXPECT_THAT(describe(explain_record("multiple2")),
              ElementsAre("Error         : BUSLG_SRC_ERR_IO_NOTIMEOUT_ERR", "Class         : corrected",
                          "Flags         : EN, MISCV, SyndV",
                          "Threshold     : counter at 0xffe of 0xfff, threshold not reached",
                          "Bank          : 27, PIE (Power, Interrupts, Etc.), instance 0x500",
                          "Model code    : 2 (extended)",
                          "Advice        : Go on. Count it; many from one place announce a failing part."));
  // Version 2 with 264 bytes and no AMD registers: the bank stays a number.
  EXPECT_THAT(describe(explain_record("multiple5")),
              ElementsAre("Error         : BUSLG_SRC_ERR_IO_NOTIMEOUT_ERR", "Class         : corrected",
                          "Flags         : OVER, EN, MISCV, SyndV", "Bank          : 27",
                          "Model code    : 2 (extended)",
                          "Advice        : Go on. Count it; many from one place announce a failing part."));
}

TEST(DescribeMca, PrintsAnIntelCorrectedError) {
  McaRegisters registers = intel(0x9420004000040150, kBanks | kTesP | kCmciP);
  registers.address = 0x1f807b7ef8a18;
  EXPECT_THAT(describe(explain(registers)),
              ElementsAre("Error         : ICACHEL0_IRD_ERR", "Class         : corrected",
                          "Flags         : EN, ADDRV", "Corrected     : 1 counted",
                          "Threshold     : green: below the threshold", "Bank          : 0",
                          "Model code    : 0x0004", "Address       : 0x0001f807b7ef8a18",
                          "Advice        : Go on. Count it; many from one place announce a failing part."));
}

TEST(DescribeMca, PrintsARecoverableError) {
  McaRegisters registers = intel(0xbd000000000000c0, kBanks | kSerP);
  registers.bank = 9;
  registers.address = 0x12345678;
  registers.misc = 0x8c;
  EXPECT_THAT(describe(explain(registers)),
              ElementsAre("Error         : MS_CHANNEL0_ERR (memory scrubbing)",
                          "Class         : SRAO: uncorrected, software recoverable, action optional",
                          "Flags         : EN, MISCV, ADDRV, S", "Bank          : 9",
                          "Address       : 0x0000000012345000, known from bit 12 up, physical",
                          "Advice        : Go on. Take the memory at the address out of service."));
}

TEST(DescribeMca, PrintsANorthbridgeError) {
  McaRegisters registers = amd(0xfa00000000070f0f, 4, 0x15);
  registers.misc = 0xc00a0fff01000000;
  EXPECT_THAT(
      describe(explain(registers)),
      ElementsAre("Error         : BUSLG_GENERIC_ERR_*_TIMEOUT_ERR",
                  "Class         : fatal: the processor context is corrupt",
                  "Flags         : OVER, EN, MISCV, PCC",
                  "Threshold     : counter at 0xfff of 0xfff, threshold not reached",
                  "Bank          : 4, northbridge", "Model code    : 7 (Watchdog Timeout Error)",
                  "Advice        : Stop the system: nothing that runs on this processor can be trusted."));
}

TEST(DescribeMca, PrintsWhatHasNoName) {
  McaRegisters registers = amd(kValid | kAddrV | kS | 0x03ull << 32 | 0x2000, 9);
  registers.ipid = 0x00120abc00000007;
  EXPECT_THAT(describe(explain(registers)),
              ElementsAre("Error         : unknown error code 0x2000", "Class         : corrected",
                          "Flags         : ADDRV, ErrCoreIdVal",
                          "Bank          : 9, hardware id 0xabc type 0x12, instance 0x7", "Error core    : 3",
                          "Model code    : 0 (extended)", "Address       : 0x0000000000000000",
                          "Advice        : Go on. Count it; many from one place announce a failing part."));
  EXPECT_THAT(describe(explain({})),
              ElementsAre("Error         : no error code", "Class         : no error: VAL is clear",
                          "Bank          : 0", "Advice        : Ignore the bank: it holds no error."));
}

TEST(DescribeMca, PrintsARootPortAndAnAddressModeWithoutName) {
  McaRegisters registers = intel(kValid | kMiscV | kAddrV | 0x0e0b, kBanks | kSerP);
  registers.misc = 0x12'34ad'0000 | 5u << 6;
  EXPECT_THAT(describe(explain(registers)),
              ElementsAre("Error         : BUSLG_GENERIC_ERR_IO_NOTIMEOUT_ERR", "Class         : corrected",
                          "Flags         : MISCV, ADDRV", "Bank          : 0",
                          "Address       : 0x0000000000000000, known from bit 0 up, mode 5",
                          "Root port     : 0012:34:15.5",
                          "Advice        : Go on. Count it; many from one place announce a failing part."));
}

}  // namespace
}  // namespace wheatstone::whea
