#include "formats/whea/mca.hpp"

#include <gtest/gtest.h>

#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/cper/sections/xpf_processor.hpp"

namespace wheatstone::whea {
namespace {

using cper::kCpuVendorAmd;
using cper::kCpuVendorIntel;

constexpr std::uint32_t kNo = kNotApplicable;

struct Row {
  std::uint16_t code;
  McaKind kind;
  std::string_view mnemonic;
  McaLoggerFields logger;  // in order: error type, TT, PP, RRRR, II, LL, T, MMM, CCCC
};

constexpr Row kRows[] = {
    {0x0000, McaKind::no_error, "", {0}},
    {0x0001, McaKind::unclassified, "", {1}},
    {0x0002, McaKind::microcode_rom_parity, "", {2}},
    {0x0003, McaKind::external, "", {3}},
    {0x0004, McaKind::frc, "", {4}},
    {0x0005, McaKind::internal_parity, "", {12}},
    {0x0006, McaKind::smm_code_access, "", {0x100}},
    {0x0007, McaKind::unknown, "", {0x100}},
    {0x000b, McaKind::unknown, "", {0x100}},
    {0x000c, McaKind::generic_cache, "", {7, kNo, kNo, kNo, kNo, 0}},
    {0x000f, McaKind::generic_cache, "", {7, kNo, kNo, kNo, kNo, 3}},
    {0x0010, McaKind::tlb, "ITLBL0_ERR", {8, 0, kNo, kNo, kNo, 0}},
    {0x0019, McaKind::tlb, "GTLBL1_ERR", {8, 2, kNo, kNo, kNo, 1}},
    {0x001f, McaKind::tlb, "", {8, 3, kNo, kNo, kNo, 3}},
    {0x0020, McaKind::unknown, "", {0x100}},
    {0x007f, McaKind::unknown, "", {0x100}},
    {0x0080, McaKind::memory_controller, "GEN_CHANNEL0_ERR", {0xb, kNo, kNo, kNo, kNo, kNo, kNo, 0, 0}},
    {0x0091, McaKind::memory_controller, "RD_CHANNEL1_ERR", {0xb, kNo, kNo, kNo, kNo, kNo, kNo, 1, 1}},
    {0x00cf, McaKind::memory_controller, "MS_CHANNEL15_ERR", {0xb, kNo, kNo, kNo, kNo, kNo, kNo, 4, 15}},
    {0x00ff, McaKind::memory_controller, "", {0xb, kNo, kNo, kNo, kNo, kNo, kNo, 7, 15}},
    {0x0108, McaKind::cache, "GCACHEL0_ERR_ERR", {9, 2, kNo, 0, kNo, 0}},
    {0x010a, McaKind::cache, "GCACHEL2_ERR_ERR", {9, 2, kNo, 0, kNo, 2}},
    {0x0135, McaKind::cache, "DCACHEL1_DRD_ERR", {9, 1, kNo, 3, kNo, 1}},
    {0x0175, McaKind::cache, "DCACHEL1_EVICT_ERR", {9, 1, kNo, 7, kNo, 1}},
    {0x0150, McaKind::cache, "ICACHEL0_IRD_ERR", {9, 0, kNo, 5, kNo, 0}},
    {0x0189, McaKind::cache, "GCACHEL1_SNOOP_ERR", {9, 2, kNo, 8, kNo, 1}},
    {0x01ff, McaKind::cache, "", {9, 3, kNo, 15, kNo, 3}},
    {0x0200, McaKind::unknown, "", {0x100}},
    {0x027f, McaKind::unknown, "", {0x100}},
    {0x0280, McaKind::extended_memory, "", {0xb, kNo, kNo, kNo, kNo, kNo, kNo, 0, 0}},
    {0x02a3, McaKind::extended_memory, "", {0xb, kNo, kNo, kNo, kNo, kNo, kNo, 2, 3}},
    {0x0300, McaKind::unknown, "", {0x100}},
    {0x03ff, McaKind::unknown, "", {0x100}},
    {0x0400, McaKind::internal_timer, "", {5}},
    {0x0401, McaKind::internal_unclassified, "", {6}},
    {0x0600, McaKind::internal_unclassified, "", {6}},
    {0x07ff, McaKind::internal_unclassified, "", {6}},
    {0x0800, McaKind::bus, "BUSL0_SRC_ERR_M_NOTIMEOUT_ERR", {0xa, kNo, 0, 0, 0, 0, 0}},
    {0x080b, McaKind::bus, "BUSLG_SRC_ERR_IO_NOTIMEOUT_ERR", {0xa, kNo, 0, 0, 2, 3, 0}},
    {0x0a13, McaKind::bus, "BUSLG_RES_RD_M_NOTIMEOUT_ERR", {0xa, kNo, 1, 1, 0, 3, 0}},
    {0x0d24, McaKind::bus, "BUSL0_OBS_WR_RESERVED_TIMEOUT_ERR", {0xa, kNo, 2, 2, 1, 0, 1}},
    {0x0f0f, McaKind::bus, "BUSLG_GENERIC_ERR_*_TIMEOUT_ERR", {0xa, kNo, 3, 0, 3, 3, 1}},
    {0x0ff0, McaKind::bus, "", {0xa, kNo, 3, 15, 0, 0, 1}},
    {0x2000, McaKind::unknown, "", {0x100}},
};

TEST(Mca, DecodesEveryRowOfTheTable) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(testing::Message() << std::hex << row.code);
    for (const std::uint64_t above : {0x0ull, 0xbea0'0000'0000'0000ull, 0xffff'ffff'ffff'0000ull}) {
      const McaCode code = decode_mca(above | row.code, kCpuVendorAmd);
      EXPECT_EQ(code.kind, row.kind);
      EXPECT_EQ(code.mnemonic(), row.mnemonic);
      EXPECT_EQ(code.logger(), row.logger);
      EXPECT_EQ(code.status, above | row.code);
    }
  }
}

TEST(Mca, IgnoresTheFilteringBitOnIntelOnly) {
  for (const Row& row : kRows) {
    const std::uint64_t filtered = row.code | 0x1000u;
    EXPECT_EQ(decode_mca(filtered, kCpuVendorIntel).kind, row.kind) << std::hex << row.code;
    EXPECT_EQ(decode_mca(filtered, kCpuVendorAmd).kind, McaKind::unknown) << std::hex << row.code;
  }
  EXPECT_EQ(decode_mca(0x1f0f, kCpuVendorIntel).mnemonic(), "BUSLG_GENERIC_ERR_*_TIMEOUT_ERR");
}

TEST(Mca, NamesKinds) {
  EXPECT_EQ(to_string(McaKind::no_error), "NoError");
  EXPECT_EQ(to_string(McaKind::tlb), "TLB");
  EXPECT_EQ(to_string(McaKind::bus), "Bus");
  EXPECT_EQ(to_string(McaKind::unknown), "Unknown");
}

// ErrorType, Operation and Level of the processor generic section in the real records.
TEST(Mca, FillsTheProcessorGenericSectionAsWindowsDoes) {
  EXPECT_EQ(decode_mca(0x982000000002080b, kCpuVendorAmd).processor(), (McaProcessorFields{4, 0, 3}));
  EXPECT_EQ(decode_mca(0xbaa00000000c0135, kCpuVendorAmd).processor(), (McaProcessorFields{1, 1, 1}));
  EXPECT_EQ(decode_mca(0x9820000000010150, kCpuVendorAmd).processor(), (McaProcessorFields{1, 3, 0}));
}

TEST(Mca, FillsTheProcessorGenericSectionForOtherKinds) {
  EXPECT_EQ(decode_mca(0x0145, kCpuVendorIntel).processor(), (McaProcessorFields{1, 2, 1}));
  EXPECT_EQ(decode_mca(0x0112, kCpuVendorIntel).processor(), (McaProcessorFields{1, 0, 2}));
  EXPECT_EQ(decode_mca(0x001a, kCpuVendorIntel).processor(), (McaProcessorFields{2, 0, 2}));
  EXPECT_EQ(decode_mca(0x000f, kCpuVendorIntel).processor(), (McaProcessorFields{1, 0, 3}));
  EXPECT_EQ(decode_mca(0x0005, kCpuVendorIntel).processor(), (McaProcessorFields{8, 0, 0}));
  EXPECT_EQ(decode_mca(0x0090, kCpuVendorIntel).processor(), (McaProcessorFields{0, 0, 0}));
  EXPECT_EQ(decode_mca(0x0000, kCpuVendorIntel).processor(), (McaProcessorFields{0, 0, 0}));
  EXPECT_EQ(decode_mca(0x0200, kCpuVendorIntel).processor(), (McaProcessorFields{0, 0, 0}));
}

TEST(Mca, BuildsTheCheckWordsOfRealRecords) {
  EXPECT_EQ(decode_mca(0x982000000002080b, kCpuVendorAmd).check_info(),
            (McaCheckInfo{cper::kCheckBus, 0x0000000400c0079e}));
  EXPECT_EQ(decode_mca(0xd82000000002080b, kCpuVendorAmd).check_info(),
            (McaCheckInfo{cper::kCheckBus, 0x0000000420c0079e}));
  EXPECT_EQ(decode_mca(0x9820000000010150, kCpuVendorAmd).check_info(),
            (McaCheckInfo{cper::kCheckCache, 0x000000000014009f}));
}

TEST(Mca, BuildsTheCheckWordsOfOtherKinds) {
  // UC, PCC and OVER stand at 26, 25 and 29 of cache, TLB and bus checks, at 20, 19 and 23 of MS checks.
  EXPECT_EQ(decode_mca(0xe200000000000000 | 0x0f0f, kCpuVendorAmd).check_info(),
            (McaCheckInfo{cper::kCheckBus, 0x79e | 3u << 22 | 1u << 25 | 1u << 26 | 1u << 29 | 3ull << 30 |
                                               1ull << 32 | 3ull << 33}));
  EXPECT_EQ(decode_mca(0x0019, kCpuVendorAmd).check_info(),
            (McaCheckInfo{cper::kCheckTlb, 0x9f | 2u << 16 | 1u << 22}));
  EXPECT_EQ(decode_mca(0x000d, kCpuVendorAmd).check_info(),
            (McaCheckInfo{cper::kCheckCache, 0x9f | 2u << 16 | 1u << 22}));
  EXPECT_EQ(decode_mca(0xe200000000000004, kCpuVendorAmd).check_info(),
            (McaCheckInfo{cper::kCheckMs, 0x27 | 4u << 16 | 1u << 19 | 1u << 20 | 1u << 23}));
  EXPECT_EQ(decode_mca(0x0400, kCpuVendorAmd).check_info(), (McaCheckInfo{cper::kCheckMs, 0x27 | 5u << 16}));
  EXPECT_FALSE(decode_mca(0x0090, kCpuVendorAmd).check_info());
  EXPECT_FALSE(decode_mca(0x0290, kCpuVendorAmd).check_info());
  EXPECT_FALSE(decode_mca(0x0200, kCpuVendorAmd).check_info());
}

TEST(Mca, ReadsTheNorthbridgeCode) {
  EXPECT_EQ(amd_northbridge_error(0xfa00000000070f0f), 7u);
  EXPECT_EQ(amd_northbridge_error(0x0000000000000f0f), 0u);
  EXPECT_EQ(amd_northbridge_error(0x00000000ffe80f0f), 8u);
  EXPECT_EQ(amd_northbridge_error(0x0000000000090f0f), 0x100u);
  EXPECT_EQ(amd_northbridge_error(0x00000000001f0f0f), 0x100u);
  EXPECT_EQ(layout::name_of(kAmdNorthbridgeErrors, 7), "Watchdog Timeout Error");
}

TEST(Mca, FindsTheRootPortOfAnIoMachineCheck) {
  constexpr std::uint64_t kMiscValid = 1ull << 59;
  constexpr std::uint64_t kMisc = 0xffff'ff12'34ad'ffff;  // segment 12h, bus 34h, device 15h, function 5
  EXPECT_EQ(mca_root_port(kMiscValid | 0x0e0b, kMisc), (McaRootPort{0x12, 0x34, 0x15, 5}));
  EXPECT_EQ(mca_root_port(kMiscValid | 0x1e0b, kMisc), (McaRootPort{0x12, 0x34, 0x15, 5}));
  EXPECT_FALSE(mca_root_port(0x0e0b, kMisc));
  EXPECT_FALSE(mca_root_port(kMiscValid | 0x0e0a, kMisc));
  EXPECT_FALSE(mca_root_port(kMiscValid | 0x2e0b, kMisc));
}

}  // namespace
}  // namespace wheatstone::whea
