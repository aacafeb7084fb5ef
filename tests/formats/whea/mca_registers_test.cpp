#include "formats/whea/mca_registers.hpp"

#include <gtest/gtest.h>

#include "formats/cper/guids.hpp"
#include "tests/formats/whea/records.hpp"

namespace wheatstone::whea {
namespace {

using cper::kCpuVendorAmd;
using cper::kCpuVendorIntel;

Buffer mca_of(const Buffer& bytes) {
  const cper::Record record = cper::Record::decode(bytes);
  const Bytes body = record.body(*record.find(cper::kSectionXpfMca));
  return Buffer(body.begin(), body.end());
}

TEST(McaRegisters, ReadsTheBankOfARealAmdRecord) {
  EXPECT_EQ(mca_registers(mca_of(read_record("multiple1")), 0, 0x19),
            (McaRegisters{.cpu_vendor = kCpuVendorAmd,
                          .bank = 0,
                          .status = 0xbaa00000000c0135,
                          .misc = 0xd0130fff00000000,
                          .ipid = 0x001000b000000000,
                          .config = 0x00000007000001fd,
                          .family = 0x19}));
  EXPECT_EQ(mca_registers(mca_of(read_record("multiple2")), 0, {}),
            (McaRegisters{.cpu_vendor = kCpuVendorAmd,
                          .bank = 27,
                          .status = 0x982000000002080b,
                          .misc = 0xd01a0ffe00000000,
                          .ipid = 0x0001002e00000500,
                          .config = 0x000000270000007d}));
}

TEST(McaRegisters, ReadsNoAmdRegistersOfOthersAndACapabilityOnlyWhereTheFormHasOne) {
  Buffer section = mca_body({.vendor = kCpuVendorIntel, .mca_length = 272});
  store_le<std::uint64_t>(section.data() + 72, 0x001000b000000000);
  store_le<std::uint64_t>(section.data() + 264, 0x0f000c14);
  EXPECT_EQ(mca_registers(section, 0, {})->ipid, 0u);
  EXPECT_EQ(mca_registers(section, 0, {})->global_capability, 0x0f000c14u);
  EXPECT_EQ(mca_registers(Bytes(section).first(271), 0, {})->global_capability, 0u);
}

TEST(McaRegisters, NeedsTheShortestForm) {
  const Buffer section = mca_body({.status = 1});
  EXPECT_EQ(mca_bank_count(section), 1u);
  EXPECT_TRUE(mca_registers(section, 0, {}));
  EXPECT_FALSE(mca_registers(section, 1, {}));
  EXPECT_EQ(mca_bank_count(Bytes(section).first(263)), 0u);
  EXPECT_FALSE(mca_registers(Bytes(section).first(263), 0, {}));
}

// Offsets of whea-records 2.5: number, status, address and misc arrays of 32 and of 64 banks.
struct Form {
  std::size_t length;
  std::uint32_t room;
  std::size_t numbers, status, address, misc;
};
constexpr Form kForms[] = {{1192, 32, 296, 424, 680, 936}, {2088, 64, 296, 552, 1064, 1576}};

TEST(McaRegisters, ReadsTheExtraBanks) {
  for (const Form& form : kForms) {
    Buffer section =
        mca_body({.bank = 7, .cpu_version = 0, .mca_length = static_cast<std::uint32_t>(form.length)});
    store_le<std::uint32_t>(section.data() + 292, form.room);
    const std::size_t last = form.room - 1;
    store_le<std::uint32_t>(section.data() + form.numbers + 4 * last, 21);
    store_le<std::uint64_t>(section.data() + form.status + 8 * last, 0x8000000000000001);
    store_le<std::uint64_t>(section.data() + form.address + 8 * last, 0x1122);
    store_le<std::uint64_t>(section.data() + form.misc + 8 * last, 0x3344);
    EXPECT_EQ(mca_bank_count(section), form.room + 1);
    EXPECT_EQ(mca_registers(section, 0, {})->bank, 7u);
    EXPECT_EQ(mca_registers(section, form.room, 0x19), (McaRegisters{.cpu_vendor = kCpuVendorAmd,
                                                                     .bank = 21,
                                                                     .status = 0x8000000000000001,
                                                                     .address = 0x1122,
                                                                     .misc = 0x3344,
                                                                     .family = 0x19}));
    EXPECT_FALSE(mca_registers(section, form.room + 1, {}));
  }
}

TEST(McaRegisters, TakesNoMoreExtraBanksThanThereIsRoomFor) {
  for (const Form& form : kForms) {
    Buffer section = mca_body({.mca_length = static_cast<std::uint32_t>(form.length)});
    EXPECT_EQ(mca_bank_count(section), 1u);
    store_le<std::uint32_t>(section.data() + 292, 2);
    EXPECT_EQ(mca_bank_count(section), 3u);
    store_le<std::uint32_t>(section.data() + 292, form.room + 1);
    EXPECT_EQ(mca_bank_count(section), form.room + 1);
    store_le<std::uint32_t>(section.data() + 292, 0xffffffff);
    EXPECT_EQ(mca_bank_count(section), form.room + 1);
  }
}

TEST(McaRegisters, TakesALongerSectionAsTheLongestFormItHolds) {
  Buffer section = mca_body({.mca_length = 2087});
  store_le<std::uint32_t>(section.data() + 292, 64);
  EXPECT_EQ(mca_bank_count(section), 33u);
  section.resize(1191);
  EXPECT_EQ(mca_bank_count(section), 1u);
}

TEST(CpuFamily, AddsTheExtendedFamilyToFifteenOnly) {
  EXPECT_EQ(cpu_family(0x00a20f10), 0x19u);
  EXPECT_EQ(cpu_family(0x00000f4a), 0x0fu);
  EXPECT_EQ(cpu_family(0x000906ea), 0x06u);
  EXPECT_EQ(cpu_family(0x0ff006ea), 0x06u);
  EXPECT_EQ(cpu_family(0x0ff00f00), 0x10eu);
}

TEST(CpuFamily, ComesFromAValidProcessorGenericSection) {
  const auto family = [](const Buffer& bytes) { return cpu_family(cper::Record::decode(bytes)); };
  EXPECT_EQ(family(read_record("multiple1")), 0x19u);
  EXPECT_EQ(family(record_with(cper::kSectionProcessorGeneric, generic_body(0x00600f12))), 0x15u);
  EXPECT_FALSE(family(record_with(cper::kSectionProcessorGeneric, generic_body(0x00600f12, 0x13f))));
  EXPECT_FALSE(family(record_with(cper::kSectionXpfMca, mca_body({}))));
}

TEST(McaRegisters, TellsNorthbridgeAndScalableBanksApart) {
  const auto at = [](std::uint32_t family, std::uint32_t bank = 4, std::uint32_t vendor = kCpuVendorAmd) {
    return McaRegisters{.cpu_vendor = vendor, .bank = bank, .family = family};
  };
  EXPECT_FALSE(is_amd_northbridge(at(0x0e)));
  EXPECT_TRUE(is_amd_northbridge(at(0x0f)));
  EXPECT_TRUE(is_amd_northbridge(at(0x16)));
  EXPECT_FALSE(is_amd_northbridge(at(0x17)));
  EXPECT_FALSE(is_amd_northbridge(at(0x15, 3)));
  EXPECT_FALSE(is_amd_northbridge(at(0x15, 5)));
  EXPECT_FALSE(is_amd_northbridge(at(0x15, 4, kCpuVendorIntel)));
  EXPECT_FALSE(is_amd_northbridge({.cpu_vendor = kCpuVendorAmd, .bank = 4}));

  EXPECT_FALSE(is_smca(at(0x16)));
  EXPECT_TRUE(is_smca(at(0x17)));
  EXPECT_FALSE(is_smca(at(0x17, 4, kCpuVendorIntel)));
  EXPECT_TRUE(is_smca({.cpu_vendor = kCpuVendorAmd, .ipid = 1}));
  EXPECT_FALSE(is_smca({.cpu_vendor = kCpuVendorAmd}));
}

}  // namespace
}  // namespace wheatstone::whea
