// Where memory fails: platform memory 1 and 2, the extensions of Intel and AMD, ranges, lost pages of a unit.
#include "formats/cper/sections/memory.hpp"

#include <gtest/gtest.h>

#include "formats/cper/sections/correctable_summary.hpp"
#include "formats/cper/sections/fru_memory_poison.hpp"
#include "formats/cper/sections/memory2.hpp"
#include "formats/cper/sections/memory_extension.hpp"
#include "formats/cper/sections/memory_range.hpp"
#include "tests/formats/cper/sections/body.hpp"

namespace wheatstone::cper {
namespace {

using test::Values;
using Broken = std::vector<std::string>;

TEST(Memory, EveryFieldIsReadWhereItStands) {
  test::expect_places(kMemory, test::ascending(80), {{"ValidBits", 0, 8},
                                                     {"ErrorStatus", 8, 8},
                                                     {"PhysicalAddress", 16, 8},
                                                     {"PhysicalAddressMask", 24, 8},
                                                     {"Node", 32, 2},
                                                     {"Card", 34, 2},
                                                     {"Module", 36, 2},
                                                     {"Bank", 38, 2},
                                                     {"Device", 40, 2},
                                                     {"Row", 42, 2},
                                                     {"Column", 44, 2},
                                                     {"BitPosition", 46, 2},
                                                     {"RequesterId", 48, 8},
                                                     {"ResponderId", 56, 8},
                                                     {"TargetId", 64, 8},
                                                     {"ErrorType", 72, 1},
                                                     {"Extended", 73, 1},
                                                     {"RankNumber", 74, 2},
                                                     {"CardHandle", 76, 2},
                                                     {"ModuleHandle", 78, 2}});
  test::expect_validity(kMemory, test::ascending(80),
                        {{0, "ErrorStatus"},
                         {1, "PhysicalAddress"},
                         {2, "PhysicalAddressMask"},
                         {3, "Node"},
                         {4, "Card"},
                         {5, "Module"},
                         {6, "Bank"},
                         {7, "Device"},
                         {8, "Row"},
                         {9, "Column"},
                         {10, "BitPosition"},
                         {11, "RequesterId"},
                         {12, "ResponderId"},
                         {13, "TargetId"},
                         {14, "ErrorType"},
                         {15, "RankNumber"},
                         {16, "CardHandle"},
                         {17, "ModuleHandle"}});
  test::expect_shortest("Memory", 73);
}

TEST(Memory, ExtendedHoldsRowBitsAndTheChip) {
  Buffer bytes = test::ascending(80);
  bytes[73] = 0xa2;
  const Values found = test::values(kMemory, bytes);
  EXPECT_EQ(test::value_at(found, "Extended.ExtendedRow"), "2");
  EXPECT_EQ(test::value_at(found, "Extended.ChipIdentification"), "5");
}

TEST(Memory, AFormInBetweenLacksItsLastFields) {
  const Buffer bytes = test::ascending(77);
  const Values found = test::section_values("Memory", bytes);
  EXPECT_EQ(test::value_at(found, "RankNumber"), "19531 (not valid)");
  EXPECT_EQ(test::value_at(found, "CardHandle"), "");
  EXPECT_EQ(found.back(), (std::pair<std::string, std::string>{"Unread", "4d"}));
}

TEST(Memory2, EveryFieldIsReadWhereItStands) {
  test::expect_places(kMemory2, test::ascending(96), {{"ValidFields", 0, 8},
                                                      {"ErrorStatus", 8, 8},
                                                      {"PhysicalAddress", 16, 8},
                                                      {"PhysicalAddressMask", 24, 8},
                                                      {"Node", 32, 2},
                                                      {"Card", 34, 2},
                                                      {"Module", 36, 2},
                                                      {"Bank", 38, 2},
                                                      {"Device", 40, 4},
                                                      {"Row", 44, 4},
                                                      {"Column", 48, 4},
                                                      {"Rank", 52, 4},
                                                      {"BitPosition", 56, 4},
                                                      {"ChipId", 60, 1},
                                                      {"MemErrorType", 61, 1},
                                                      {"Status", 62, 1},
                                                      {"Reserved", 63, 1},
                                                      {"RequestorId", 64, 8},
                                                      {"ResponderId", 72, 8},
                                                      {"TargetId", 80, 8},
                                                      {"CardHandle", 88, 4},
                                                      {"ModuleHandle", 92, 4}});
  test::expect_validity(kMemory2, test::ascending(96),
                        {{0, "ErrorStatus"},
                         {1, "PhysicalAddress"},
                         {2, "PhysicalAddressMask"},
                         {3, "Node"},
                         {4, "Card"},
                         {5, "Module"},
                         {6, "Bank"},
                         {7, "Device"},
                         {8, "Row"},
                         {9, "Column"},
                         {10, "Rank"},
                         {11, "BitPosition"},
                         {12, "ChipId"},
                         {13, "MemErrorType"},
                         {14, "Status"},
                         {15, "RequestorId"},
                         {16, "ResponderId"},
                         {17, "TargetId"},
                         {18, "CardHandle"},
                         {19, "ModuleHandle"}});
  test::expect_shortest("Memory2", 96);
}

TEST(Memory2, StatusSaysWhetherItWasCorrected) {
  Buffer bytes(96, 0);
  bytes[61] = 13;
  EXPECT_EQ(test::value_at(test::values(kMemory2, bytes), "Status.Uncorrected"), "");
  bytes[62] = 1;
  const Values found = test::values(kMemory2, bytes);
  EXPECT_EQ(test::value_at(found, "Status.Uncorrected"), "true (not valid)");
  EXPECT_EQ(test::value_at(found, "MemErrorType"), "ScrubCorrected (13) (not valid)");
}

TEST(MemoryExtension, IntelIsReadWhereItsFieldsStand) {
  const Buffer bytes = test::ascending(166);
  test::expect_places(kMemoryExtensionIntel, bytes,
                      {{"Flags", 0, 8},
                       {"ValidBits", 8, 8},
                       {"HardwareAddress.MemDef", 16, 4},
                       {"HardwareAddress.SystemAddress", 20, 8},
                       {"HardwareAddress.SpareSystemAddress", 28, 8},
                       {"HardwareAddress.DevicePhysicalAddress", 36, 8},
                       {"HardwareAddress.ChannelAddress", 44, 8},
                       {"HardwareAddress.RankAddress", 52, 8},
                       {"HardwareAddress.ProcessorSocketId", 60, 1},
                       {"HardwareAddress.MemoryControllerId", 61, 1},
                       {"HardwareAddress.TargetId", 62, 1},
                       {"HardwareAddress.LogicalChannelId", 63, 1},
                       {"HardwareAddress.ChannelId", 64, 1},
                       {"HardwareAddress.SubChannelId", 65, 1},
                       {"HardwareAddress.PhysicalRankId", 66, 1},
                       {"HardwareAddress.DimmSlotId", 67, 1},
                       {"HardwareAddress.DimmRankId", 68, 1},
                       {"HardwareAddress.Bank", 69, 1},
                       {"HardwareAddress.BankGroup", 70, 1},
                       {"HardwareAddress.Row", 71, 4},
                       {"HardwareAddress.Column", 75, 4},
                       {"HardwareAddress.LockStepRank", 79, 1},
                       {"HardwareAddress.LockStepPhysicalRank", 80, 1},
                       {"HardwareAddress.LockStepBank", 81, 1},
                       {"HardwareAddress.LockStepBankGroup", 82, 1},
                       {"HardwareAddress.ChipSelect", 83, 1},
                       {"HardwareAddress.Node", 84, 1},
                       {"HardwareAddress.ChipId", 85, 1},
                       {"HardwareAddress.Reserved", 86, 40},
                       {"Reserved", 126, 40}});
  test::expect_validity(kMemoryExtensionIntel, bytes,
                        {{0, "HardwareAddress.MemDef"},
                         {1, "HardwareAddress.SystemAddress"},
                         {2, "HardwareAddress.SpareSystemAddress"},
                         {3, "HardwareAddress.DevicePhysicalAddress"},
                         {4, "HardwareAddress.ChannelAddress"},
                         {5, "HardwareAddress.RankAddress"},
                         {6, "HardwareAddress.ProcessorSocketId"},
                         {7, "HardwareAddress.MemoryControllerId"},
                         {8, "HardwareAddress.TargetId"},
                         {9, "HardwareAddress.LogicalChannelId"},
                         {10, "HardwareAddress.ChannelId"},
                         {11, "HardwareAddress.SubChannelId"},
                         {12, "HardwareAddress.PhysicalRankId"},
                         {13, "HardwareAddress.DimmSlotId"},
                         {14, "HardwareAddress.DimmRankId"},
                         {15, "HardwareAddress.Bank"},
                         {16, "HardwareAddress.BankGroup"},
                         {17, "HardwareAddress.Row"},
                         {18, "HardwareAddress.Column"},
                         {19, "HardwareAddress.LockStepRank"},
                         {20, "HardwareAddress.LockStepPhysicalRank"},
                         {21, "HardwareAddress.LockStepBank"},
                         {22, "HardwareAddress.LockStepBankGroup"},
                         {23, "HardwareAddress.ChipSelect"},
                         {24, "HardwareAddress.Node"},
                         {25, "HardwareAddress.ChipId"}});
  test::expect_shortest("MemoryExtensionIntel", 166);
}

TEST(MemoryExtension, AmdIsReadWhereItsFieldsStand) {
  const Buffer bytes = test::ascending(133);
  test::expect_places(kMemoryExtensionAmd, bytes,
                      {{"Flags", 0, 8},
                       {"ValidBits", 8, 8},
                       {"HardwareAddress.SystemPhysicalAddress", 16, 8},
                       {"HardwareAddress.NormalizedAddress", 24, 8},
                       {"HardwareAddress.UmcBankInstanceId", 32, 8},
                       {"HardwareAddress.SocketNumber", 40, 1},
                       {"HardwareAddress.ChipSelect", 41, 1},
                       {"HardwareAddress.BankGroup", 42, 1},
                       {"HardwareAddress.BankAddress", 43, 1},
                       {"HardwareAddress.RowAddress", 44, 4},
                       {"HardwareAddress.ColumnAddress", 48, 2},
                       {"HardwareAddress.RankMultiplier", 50, 1},
                       {"HardwareAddress.SubChannel", 51, 1},
                       {"HardwareAddress.ChannelId", 52, 1},
                       {"HardwareAddress.Reserved", 53, 40},
                       {"Reserved", 93, 40}});
  test::expect_validity(kMemoryExtensionAmd, bytes,
                        {{0, "HardwareAddress.SystemPhysicalAddress"},
                         {1, "HardwareAddress.NormalizedAddress"},
                         {2, "HardwareAddress.UmcBankInstanceId"},
                         {3, "HardwareAddress.SocketNumber"},
                         {4, "HardwareAddress.ChipSelect"},
                         {5, "HardwareAddress.BankGroup"},
                         {6, "HardwareAddress.BankAddress"},
                         {7, "HardwareAddress.RowAddress"},
                         {8, "HardwareAddress.ColumnAddress"},
                         {9, "HardwareAddress.RankMultiplier"},
                         {10, "HardwareAddress.SubChannel"},
                         {11, "HardwareAddress.ChannelId"}});
  test::expect_shortest("MemoryExtensionAmd", 133);
}

TEST(MemoryRange, TheDeviceTypeSaysWhatTheDeviceInfoIs) {
  Buffer bytes = test::ascending(120);
  store_le<std::uint16_t>(&bytes[86], 2);
  bytes[84] = 0;
  test::expect_places(kMemoryRange, bytes,
                      {{"ValidBits", 0, 8},
                       {"Version", 8, 4},
                       {"DeviceInfo.DeviceID.VendorID", 12, 2},
                       {"DeviceInfo.DeviceID.DeviceID", 14, 2},
                       {"DeviceInfo.DeviceID.FunctionNumber", 16, 1},
                       {"DeviceInfo.DeviceID.DeviceNumber", 17, 1},
                       {"DeviceInfo.DeviceID.BusNumber", 18, 1},
                       {"DeviceInfo.DeviceID.SegmentNumber", 19, 2},
                       {"", 21, 2},
                       {"DeviceInfo.DeviceID.Reserved2", 23, 1},
                       {"DeviceInfo.DeviceSerialNumber.CxlDeviceSerialNumberLowerDW", 24, 4},
                       {"DeviceInfo.DeviceSerialNumber.CxlDeviceSerialNumberUpperDW", 28, 4},
                       {"DeviceInfo.Reserved", 32, 52},
                       {"DeviceType", 84, 1},
                       {"Reserved", 85, 1},
                       {"RangeCount", 86, 2},
                       {"Ranges[0].StartSystemPhysicalAddress", 88, 8},
                       {"Ranges[0].LengthInBytes", 96, 8},
                       {"Ranges[1].StartSystemPhysicalAddress", 104, 8},
                       {"Ranges[1].LengthInBytes", 112, 8}});
  const Values found = test::values(kMemoryRange, bytes);
  EXPECT_EQ(test::value_at(found, "DeviceType"), "Cxl (0) (not valid)");
  EXPECT_EQ(test::value_at(found, "DeviceInfo.DeviceID.SlotNumber"), "738 (not valid)");  // 0x1716 >> 3
  bytes[84] = 1;
  EXPECT_EQ(test::value_at(test::values(kMemoryRange, bytes), "DeviceInfo[8]"),
            "0x5453525150"
            "4f4e4d (not valid)");
}

TEST(MemoryRange, RangesMustFit) {
  Buffer bytes = test::ascending(104);
  store_le<std::uint16_t>(&bytes[86], 1);
  EXPECT_EQ(test::broken(kMemoryRange, bytes), Broken{});
  EXPECT_EQ(test::broken(kMemoryRange, Bytes(bytes).first(103)),
            Broken{"element-outside-section at Ranges[0]"});
  store_le<std::uint16_t>(&bytes[86], 2);
  EXPECT_EQ(test::broken(kMemoryRange, bytes), Broken{"element-outside-section at Ranges[1]"});
  test::expect_shortest("MemoryRange", 88);
}

TEST(CorrectableSummary, CountsByPciExpressDevice) {
  Buffer bytes = test::ascending(4 + 2 * 156);
  store_le<std::uint16_t>(&bytes[2], 2);
  const Values found = test::section_values("PcieCorrectableSummary", bytes);
  const auto number = [&](std::size_t offset) {
    return std::to_string(load_le<std::uint32_t>(&bytes[offset]));
  };
  EXPECT_EQ(test::value_at(found, "Version"), "513");
  EXPECT_EQ(test::value_at(found, "Devices[0].ValidBits"), "0x0c0b0a0908070605");
  Buffer one(bytes.begin() + 4, bytes.begin() + 160);
  store_le<std::uint64_t>(one.data(), 0x3f);
  const Values device = test::values(tables::kPcieCorrectableDevice, one);
  EXPECT_EQ(test::value_at(device, "Address.Segment"), number(12));
  EXPECT_EQ(test::value_at(device, "Address.Bus"), number(16));
  EXPECT_EQ(test::value_at(device, "Address.Device"), number(20));
  EXPECT_EQ(test::value_at(device, "Address.Function"), number(24));
  EXPECT_EQ(test::value_at(device, "Mask"), "0x201f1e1d");
  EXPECT_EQ(test::value_at(device, "CorrectableErrorCount[0]"), number(32));
  EXPECT_EQ(test::value_at(device, "CorrectableErrorCount[31]"), number(156));
  EXPECT_EQ(test::value_at(found, "Devices[1].CorrectableErrorCount[31]").substr(0, 10), number(312));
  test::expect_validity(tables::kPcieCorrectableDevice, one,
                        {{0, "Address.Segment"},
                         {1, "Address.Bus"},
                         {2, "Address.Device"},
                         {3, "Address.Function"},
                         {4, "Mask"},
                         {5, "CorrectableErrorCount"}});
  EXPECT_EQ(test::broken(kPcieCorrectableSummary, bytes), Broken{});
  EXPECT_EQ(test::broken(kPcieCorrectableSummary, Bytes(bytes).first(315)),
            Broken{"element-outside-section at Devices[1]"});
  test::expect_shortest("PcieCorrectableSummary", 4);
}

TEST(CorrectableSummary, CountsByDimm) {
  Buffer bytes = test::ascending(52);
  store_le<std::uint16_t>(&bytes[2], 2);
  test::expect_places(kMemoryCorrectableSummary, bytes,
                      {{"Version", 0, 2},
                       {"Count", 2, 2},
                       {"Data[0].ValidBits", 4, 8},
                       {"Data[0].SocketId", 12, 4},
                       {"Data[0].ChannelId", 16, 4},
                       {"Data[0].DimmSlot", 20, 4},
                       {"Data[0].CorrectableErrorCount", 24, 4},
                       {"Data[1].ValidBits", 28, 8},
                       {"Data[1].SocketId", 36, 4},
                       {"Data[1].ChannelId", 40, 4},
                       {"Data[1].DimmSlot", 44, 4},
                       {"Data[1].CorrectableErrorCount", 48, 4}});
  test::expect_validity(tables::kMemoryCorrectableData, Bytes(bytes).subspan(4, 24),
                        {{0, "SocketId"}, {1, "ChannelId"}, {2, "DimmSlot"}, {3, "CorrectableErrorCount"}});
  EXPECT_EQ(test::broken(kMemoryCorrectableSummary, Bytes(bytes).first(51)),
            Broken{"element-outside-section at Data[1]"});
  test::expect_shortest("MemoryCorrectableSummary", 4);
}

TEST(FruMemoryPoison, EveryFieldIsReadWhereItStands) {
  Buffer bytes = test::ascending(106);
  store_le<std::uint32_t>(&bytes[36], 2);
  test::expect_places(kFruMemoryPoison, bytes,
                      {{"Checksum", 0, 4},
                       {"ValidationBits", 4, 8},
                       {"FruArchType", 12, 4},
                       {"FruArch", 16, 8},
                       {"FruIdType", 24, 4},
                       {"FruId", 28, 8},
                       {"NrEntries", 36, 4},
                       {"Entries[0].Timestamp", 40, 8},
                       {"Entries[0].HwIdType", 48, 4},
                       {"Entries[0].HwId", 52, 8},
                       {"Entries[0].AddrType", 60, 4},
                       {"Entries[0].Addr", 64, 8},
                       {"Entries[1].Timestamp", 72, 8},
                       {"Entries[1].HwIdType", 80, 4},
                       {"Entries[1].HwId", 84, 8},
                       {"Entries[1].AddrType", 92, 4},
                       {"Entries[1].Addr", 96, 8},
                       {"Spare", 104, 2}});
  test::expect_validity(
      kFruMemoryPoison, bytes,
      {{0, "FruArchType"}, {1, "FruArch"}, {2, "FruIdType"}, {3, "FruId"}, {4, "NrEntries"}});
  EXPECT_EQ(test::broken(kFruMemoryPoison, Bytes(bytes).first(103)),
            Broken{"element-outside-section at Entries[1]"});
  test::expect_shortest("FruMemoryPoison", 40);
}

}  // namespace
}  // namespace wheatstone::cper
