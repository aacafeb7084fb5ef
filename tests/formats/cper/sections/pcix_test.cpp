#include "formats/cper/sections/pcix.hpp"

#include <gtest/gtest.h>

#include "formats/cper/record.hpp"
#include "tests/formats/cper/sections/body.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::cper {
namespace {

using test::hex;
using test::Values;

const Buffer kBus =
    hex("ff01000000000000"  // all valid
        "00067f0000000000"
        "0500"
        "2a"
        "2b"
        "2c2d2e2f"
        "3031323334353637"
        "38393a3b3c3d3e3f"
        "4041424344454601"
        "48494a4b4c4d4e4f"
        "5051525354555657"
        "58595a5b5c5d5e5f");

TEST(PciXBus, EveryFieldIsReadWhereItStands) {
  EXPECT_EQ(test::section_values("PciXBus", kBus), (Values{{"ValidBits", "0x00000000000001ff"},
                                                           {"ValidBits.ErrorStatus", "true"},
                                                           {"ValidBits.ErrorType", "true"},
                                                           {"ValidBits.BusId", "true"},
                                                           {"ValidBits.BusAddress", "true"},
                                                           {"ValidBits.BusData", "true"},
                                                           {"ValidBits.BusCommand", "true"},
                                                           {"ValidBits.RequesterId", "true"},
                                                           {"ValidBits.CompleterId", "true"},
                                                           {"ValidBits.TargetId", "true"},
                                                           {"ErrorStatus", "0x00000000007f0600"},
                                                           {"ErrorStatus.ErrorType", "ERR_CACHE (6)"},
                                                           {"ErrorStatus.Address", "true"},
                                                           {"ErrorStatus.Control", "true"},
                                                           {"ErrorStatus.Data", "true"},
                                                           {"ErrorStatus.Responder", "true"},
                                                           {"ErrorStatus.Requester", "true"},
                                                           {"ErrorStatus.FirstError", "true"},
                                                           {"ErrorStatus.Overflow", "true"},
                                                           {"ErrorType", "MasterDataParity (5)"},
                                                           {"BusId.BusNumber", "42"},
                                                           {"BusId.BusSegment", "43"},
                                                           {"Reserved", "2c2d2e2f"},
                                                           {"BusAddress", "0x3736353433323130"},
                                                           {"BusData", "0x3f3e3d3c3b3a3938"},
                                                           {"BusCommand", "0x0146454443424140"},
                                                           {"BusCommand.Command", "19779407858254144"},
                                                           {"BusCommand.PCIXCommand", "true"},
                                                           {"RequesterId", "0x4f4e4d4c4b4a4948"},
                                                           {"CompleterId", "0x5756555453525150"},
                                                           {"TargetId", "0x5f5e5d5c5b5a5958"}}));
}

TEST(PciXBus, EachValidityBitIsThatOfItsField) {
  const std::pair<unsigned, std::string_view> bits[] = {
      {0, "ErrorStatus"}, {1, "ErrorType"}, {2, "BusId.BusNumber"}, {2, "BusId.BusSegment"},
      {3, "BusAddress"},  {4, "BusData"},   {5, "BusCommand"},      {6, "RequesterId"},
      {7, "CompleterId"}, {8, "TargetId"}};
  for (const auto& [bit, name] : bits) {
    Buffer bytes = kBus;
    store_le<std::uint16_t>(bytes.data(), static_cast<std::uint16_t>(0x1ff & ~(1u << bit)));
    EXPECT_TRUE(test::value_at(test::values(kPciXBus, bytes), name).ends_with(" (not valid)")) << name;
    EXPECT_FALSE(test::value_at(test::values(kPciXBus, kBus), name).ends_with(" (not valid)")) << name;
  }
}

TEST(PciXBus, OneByteLessIsNoBusSection) {
  const SectionType& type = *find_section("PciXBus");
  EXPECT_EQ(type.layout_for(71), nullptr);
  EXPECT_EQ(type.layout_for(72), &kPciXBus);
  const Values longer = test::section_values("PciXBus", test::join(kBus, Bytes(kBus).first(1)));
  EXPECT_EQ(longer.back(), (std::pair<std::string, std::string>{"Unread", "ff"}));
}

TEST(PciXBus, APublishedRecordIsRead) {
  const Buffer bytes = test::load_record("pcibus");
  const Record record = Record::decode(bytes);
  ASSERT_EQ(record.sections().size(), 1u);
  const Values found = test::values(*record.sections()[0].layout, record.body(record.sections()[0]));
  EXPECT_EQ(test::value_at(found, "ValidBits"), "0x0000000000000155");
  EXPECT_EQ(test::value_at(found, "ErrorStatus"), "0x0000000000291300");
  EXPECT_EQ(test::value_at(found, "ErrorStatus.ErrorType"), "ERR_UNIMPL (19)");
  EXPECT_EQ(test::value_at(found, "ErrorType"), "Unknown (0) (not valid)");
  EXPECT_EQ(test::value_at(found, "BusId.BusNumber"), "239");
  EXPECT_EQ(test::value_at(found, "BusId.BusSegment"), "59");
  EXPECT_EQ(test::value_at(found, "BusAddress"), "0x78015af7657a5a8a (not valid)");
  EXPECT_EQ(test::value_at(found, "BusData"), "0x541705d168430dc7");
  EXPECT_EQ(test::value_at(found, "RequesterId"), "0xd3127e66b335cf7c");
  EXPECT_EQ(test::value_at(found, "TargetId"), "0x573c71d550c225a0");
}

const Buffer kDevice =
    hex("1f00000000000000"
        "0004200000000000"
        "8680"
        "1022"
        "563412"
        "07"
        "1f"
        "fe"
        "02"
        "aa"
        "bbccddee"
        "02000000"
        "01000000"
        "0010000000000000"
        "1111111111111111"
        "0020000000000000"
        "2222222222222222"
        "f80c000000000000"
        "3333333333333333");

TEST(PciXDevice, EveryFieldIsReadWhereItStands) {
  EXPECT_EQ(test::section_values("PciXDevice", kDevice),
            (Values{{"ValidBits", "0x000000000000001f"},
                    {"ValidBits.ErrorStatus", "true"},
                    {"ValidBits.IdInfo", "true"},
                    {"ValidBits.MemoryNumber", "true"},
                    {"ValidBits.IoNumber", "true"},
                    {"ValidBits.RegisterDataPairs", "true"},
                    {"ErrorStatus", "0x0000000000200400"},
                    {"ErrorStatus.ErrorType", "ERR_MEM (4)"},
                    {"ErrorStatus.FirstError", "true"},
                    {"IdInfo.VendorId", "0x8086"},
                    {"IdInfo.DeviceId", "0x2210"},
                    {"IdInfo.ClassCode", "0x123456"},
                    {"IdInfo.FunctionNumber", "7"},
                    {"IdInfo.DeviceNumber", "31"},
                    {"IdInfo.BusNumber", "254"},
                    {"IdInfo.SegmentNumber", "2"},
                    {"IdInfo.Reserved1", "aa"},
                    {"IdInfo.Reserved2", "bbccddee"},
                    {"MemoryNumber", "2"},
                    {"IoNumber", "1"},
                    {"MemoryPair[0].Register", "0x0000000000001000"},
                    {"MemoryPair[0].Value", "0x1111111111111111"},
                    {"MemoryPair[1].Register", "0x0000000000002000"},
                    {"MemoryPair[1].Value", "0x2222222222222222"},
                    {"IoPair[0].Register", "0x0000000000000cf8"},
                    {"IoPair[0].Value", "0x3333333333333333"}}));
  EXPECT_TRUE(test::broken(kPciXDevice, kDevice).empty());
}

TEST(PciXDevice, PairsMustFit) {
  const Bytes all(kDevice);
  EXPECT_EQ(find_section("PciXDevice")->layout_for(39), nullptr);
  EXPECT_EQ(find_section("PciXDevice")->layout_for(40), &kPciXDevice);
  EXPECT_EQ(test::broken(kPciXDevice, all.first(87)),
            std::vector<std::string>{"element-outside-section at IoPair[0]"});
  EXPECT_EQ(test::values(kPciXDevice, all.first(87)).back().first, "Unread");
  EXPECT_EQ(test::broken(kPciXDevice, all.first(71)),
            std::vector<std::string>{"element-outside-section at MemoryPair[1]"});
  Buffer hostile = kDevice;
  store_le<std::uint32_t>(&hostile[32], 0xffffffff);
  EXPECT_EQ(test::broken(kPciXDevice, hostile),
            std::vector<std::string>{"element-outside-section at MemoryPair[3]"});
  const Values longer = test::values(kPciXDevice, test::join(kDevice, all.first(16)));
  EXPECT_EQ(longer.back().first, "Unread");
}

TEST(PciXDevice, VistaSp1AlwaysHasFourPairs) {
  Buffer bytes = test::ascending(104);
  bytes[0] = 0x1f;
  store_le<std::uint32_t>(&bytes[32], 1);
  store_le<std::uint32_t>(&bytes[36], 0);
  const Values usual = test::values(kPciXDevice, bytes);
  EXPECT_EQ(test::value_at(usual, "MemoryPair[0].Register"), "0x302f2e2d2c2b2a29");
  EXPECT_EQ(usual.back().first, "Unread");
  test::expect_places(kPciXDeviceVistaSp1, bytes,
                      {{"ValidBits", 0, 8},
                       {"ErrorStatus", 8, 8},
                       {"IdInfo.VendorId", 16, 2},
                       {"IdInfo.DeviceId", 18, 2},
                       {"IdInfo.ClassCode", 20, 3},
                       {"IdInfo.FunctionNumber", 23, 1},
                       {"IdInfo.DeviceNumber", 24, 1},
                       {"IdInfo.BusNumber", 25, 1},
                       {"IdInfo.SegmentNumber", 26, 1},
                       {"IdInfo.Reserved1", 27, 1},
                       {"IdInfo.Reserved2", 28, 4},
                       {"MemoryNumber", 32, 4},
                       {"IoNumber", 36, 4},
                       {"RegisterDataPairs[0].Register", 40, 8},
                       {"RegisterDataPairs[0].Value", 48, 8},
                       {"RegisterDataPairs[1].Register", 56, 8},
                       {"RegisterDataPairs[1].Value", 64, 8},
                       {"RegisterDataPairs[2].Register", 72, 8},
                       {"RegisterDataPairs[2].Value", 80, 8},
                       {"RegisterDataPairs[3].Register", 88, 8},
                       {"RegisterDataPairs[3].Value", 96, 8}});
}

}  // namespace
}  // namespace wheatstone::cper
