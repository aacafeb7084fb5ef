// CXL and CCIX: protocol errors with DVSEC and error log, component events with their event records.
#include <gtest/gtest.h>

#include "formats/cper/sections/ccix.hpp"
#include "formats/cper/sections/cxl_events.hpp"
#include "formats/cper/sections/cxl_protocol.hpp"
#include "tests/formats/cper/sections/body.hpp"

namespace wheatstone::cper {
namespace {

using test::Values;
using Broken = std::vector<std::string>;

TEST(CcixPer, EveryFieldIsReadWhereItStands) {
  const Buffer bytes = test::ascending(21);
  test::expect_places(kCcixPer, bytes,
                      {{"Length", 0, 4},
                       {"ValidBits", 4, 8},
                       {"CcixSourceId", 12, 1},
                       {"CcixPortId", 13, 1},
                       {"Reserved", 14, 2},
                       {"CcixPerLog", 16, 5}});
  test::expect_validity(kCcixPer, bytes, {{0, "CcixSourceId"}, {1, "CcixPortId"}});
  test::expect_shortest("CcixPer", 16);
}

Buffer protocol(std::uint16_t dvsec, std::uint16_t log) {
  Buffer bytes = test::ascending(116u + dvsec + log);
  bytes[8] = 2;
  store_le<std::uint16_t>(&bytes[108], dvsec);
  store_le<std::uint16_t>(&bytes[110], log);
  return bytes;
}

TEST(CxlProtocol, EveryFieldIsReadWhereItStands) {
  const Buffer bytes = protocol(14, 90);
  const Values found = test::section_values("CxlProtocol", bytes);
  EXPECT_EQ(test::value_at(found, "CxlAgentType"), "EndpointDevice (2)");
  test::expect_places(tables::kCxlAgent, Bytes(bytes).subspan(16, 8),
                      {{"FunctionNumber", 0, 1},
                       {"DeviceNumber", 1, 1},
                       {"BusNumber", 2, 1},
                       {"SegmentNumber", 3, 2},
                       {"Reserved", 5, 3}});
  test::expect_places(tables::kCxlDeviceId, Bytes(bytes).subspan(24, 16),
                      {{"VendorID", 0, 2},
                       {"DeviceID", 2, 2},
                       {"SubsystemVendorID", 4, 2},
                       {"SubsystemDeviceID", 6, 2},
                       {"ClassCode", 8, 2},
                       {"", 10, 2},
                       {"Reserved2", 12, 4}});
  const auto at = [&](std::string_view path) { return test::value_at(found, path); };
  EXPECT_EQ(at("ValidBits"), "0x0807060504030201");
  EXPECT_EQ(at("Reserved"), "0a0b0c0d0e0f10");
  EXPECT_EQ(at("CxlAgentAddress.SegmentNumber"), "5396 (not valid)");
  EXPECT_EQ(at("DeviceID.VendorID"), "0x1a19 (not valid)");
  EXPECT_EQ(at("DeviceID.SlotNumber"), "1156 (not valid)");  // 0x2423 >> 3
  EXPECT_EQ(at("DeviceSerialNumber.CxlDeviceSerialNumberLowerDW"), "0x2c2b2a29 (not valid)");
  EXPECT_EQ(at("DeviceSerialNumber.CxlDeviceSerialNumberUpperDW"), "0x302f2e2d (not valid)");
  EXPECT_EQ(at("CapabilityStructure.CapabilityId"), "0x31 (not valid)");
  EXPECT_EQ(at("CapabilityStructure.SlotStatus2"), "0x6c6b (not valid)");
  EXPECT_EQ(at("CxlDvsecLength"), "14");
  EXPECT_EQ(at("CxlErrorLogLength"), "90");
  EXPECT_EQ(at("Reserved2"), "71727374");
  EXPECT_EQ(at("CxlDvsec.CapabilityHeader"), "0x78777675");
  EXPECT_EQ(at("CxlDvsec.DVSECHeader1"), "0x7c7b7a79");
  EXPECT_EQ(at("CxlDvsec.DVSECHeader1.DVSECVendorID"), "31353");
  EXPECT_EQ(at("CxlDvsec.DVSECHeader1.DVSECRevision"), "11");
  EXPECT_EQ(at("CxlDvsec.DVSECHeader1.DVSECLength"), "1991");
  EXPECT_EQ(at("CxlDvsec.DVSECID"), "0x7e7d");
  EXPECT_EQ(at("CxlDvsec.Registers"), "7f808182");
  EXPECT_EQ(at("CxlErrorLog.UncorrectableErrorStatus"), "0x86858483");
  EXPECT_EQ(at("CxlErrorLog.HeaderLog[15]"), "0xdad9d8d7");
  EXPECT_EQ(at("CxlErrorLog.Unread"), "dbdc");
  test::expect_places(tables::kCxlRas, Bytes(bytes).subspan(130, 88),
                      {{"UncorrectableErrorStatus", 0, 4},
                       {"UncorrectableErrorMask", 4, 4},
                       {"UncorrectableErrorSeverity", 8, 4},
                       {"CorrectableErrorStatus", 12, 4},
                       {"CorrectableErrorMask", 16, 4},
                       {"ErrorCapabilitiesAndControl", 20, 4},
                       {"HeaderLog[0]", 24, 4},
                       {"HeaderLog[1]", 28, 4},
                       {"HeaderLog[2]", 32, 4},
                       {"HeaderLog[3]", 36, 4},
                       {"HeaderLog[4]", 40, 4},
                       {"HeaderLog[5]", 44, 4},
                       {"HeaderLog[6]", 48, 4},
                       {"HeaderLog[7]", 52, 4},
                       {"HeaderLog[8]", 56, 4},
                       {"HeaderLog[9]", 60, 4},
                       {"HeaderLog[10]", 64, 4},
                       {"HeaderLog[11]", 68, 4},
                       {"HeaderLog[12]", 72, 4},
                       {"HeaderLog[13]", 76, 4},
                       {"HeaderLog[14]", 80, 4},
                       {"HeaderLog[15]", 84, 4}});
  test::expect_shortest("CxlProtocol", 116);
}

TEST(CxlProtocol, TheErrorLogNamesItsBits) {
  Buffer log(88, 0);
  store_le<std::uint32_t>(log.data(), 0x14401);
  store_le<std::uint32_t>(&log[12], 0x41);
  store_le<std::uint32_t>(&log[20], 0x0e);
  const Values found = test::values(tables::kCxlRas, log);
  for (const char* bit : {"CacheDataParity", "PoisonReceived", "InternalError", "IdeRxError"})
    EXPECT_EQ(test::value_at(found, std::string("UncorrectableErrorStatus.") + bit), "true") << bit;
  EXPECT_EQ(test::value_at(found, "CorrectableErrorStatus.CacheDataECC"), "true");
  EXPECT_EQ(test::value_at(found, "CorrectableErrorStatus.PhysicalLayerError"), "true");
  EXPECT_EQ(test::value_at(found, "ErrorCapabilitiesAndControl.FirstErrorPointer"), "14");
}

TEST(CxlProtocol, TheAgentTypeSaysWhatItsAddressIs) {
  Buffer bytes = protocol(0, 0);
  bytes[0] = 0x7f;
  const auto as = [&](std::uint8_t type, std::string_view path, const layout::Layout& layout = kCxlProtocol) {
    bytes[8] = type;
    return test::value_at(test::values(layout, bytes), path);
  };
  EXPECT_EQ(as(1, "CxlAgentType"), "RchDownstreamPortRCRB (1)");
  EXPECT_EQ(as(1, "CxlAgentAddress.CxlPortRcrbBaseAddress"), "0x1817161514131211");
  EXPECT_EQ(as(1, "CxlAgentAddress.BusNumber"), "");
  for (std::uint8_t type = 0; type < 8; ++type) {
    if (type == 1) continue;
    EXPECT_EQ(as(type, "CxlAgentAddress.BusNumber"), "19") << type;
    EXPECT_EQ(as(type, "CxlAgentAddress.CxlPortRcrbBaseAddress"), "") << type;
  }
  EXPECT_EQ(as(8, "CxlAgentAddress[0]"), "0x11");
  EXPECT_EQ(as(8, "CxlAgentAddress.BusNumber"), "");
  // Before the list was extended.
  EXPECT_EQ(as(0, "CxlAgentType", kCxlProtocolLibcper), "Cxl11Device (0)");
  EXPECT_EQ(as(1, "CxlAgentType", kCxlProtocolLibcper), "Cxl11HostDownstreamPort (1)");
  EXPECT_EQ(as(1, "CxlAgentAddress.CxlPortRcrbBaseAddress", kCxlProtocolLibcper), "0x1817161514131211");
  EXPECT_EQ(as(2, "CxlAgentType", kCxlProtocolLibcper), "2");
  EXPECT_EQ(as(2, "CxlAgentAddress[7]", kCxlProtocolLibcper), "0x18");
}

TEST(CxlProtocol, RunsMustFit) {
  const Buffer bytes = protocol(10, 88);
  EXPECT_EQ(test::broken(kCxlProtocol, bytes), Broken{});
  EXPECT_EQ(test::broken(kCxlProtocol, Bytes(bytes).first(213)),
            Broken{"part-outside-section at CxlErrorLog"});
  EXPECT_EQ(test::broken(kCxlProtocol, Bytes(bytes).first(125)), Broken{"part-outside-section at CxlDvsec"});
  // Too short for their structures: bytes.
  const Values found = test::values(kCxlProtocol, protocol(9, 87));
  EXPECT_EQ(test::value_at(found, "CxlDvsec"), "75767778797a7b7c7d");
  EXPECT_EQ(test::value_at(found, "CxlErrorLog").size(), 174u);
}

void expect_event(std::string_view section, const layout::Layout& record) {
  const Buffer bytes = test::ascending(144);
  const Values found = test::section_values(section, bytes);
  EXPECT_EQ(test::value_at(found, "Length"), "67305985") << section;
  EXPECT_EQ(test::value_at(found, "ValidBits"), "0x0c0b0a0908070605") << section;
  EXPECT_EQ(test::value_at(found, "DeviceID.VendorID"), "0x0e0d") << section;
  EXPECT_EQ(test::value_at(found, "DeviceID.DeviceID"), "0x100f") << section;
  EXPECT_EQ(test::value_at(found, "DeviceID.FunctionNumber"), "17") << section;
  EXPECT_EQ(test::value_at(found, "DeviceID.DeviceNumber"), "18") << section;
  EXPECT_EQ(test::value_at(found, "DeviceID.BusNumber"), "19") << section;
  EXPECT_EQ(test::value_at(found, "DeviceID.SegmentNumber"), "5396") << section;
  EXPECT_EQ(test::value_at(found, "DeviceID.SlotNumber"), "738") << section;
  EXPECT_EQ(test::value_at(found, "DeviceSerialNumber.CxlDeviceSerialNumberLowerDW"),
            "0x1c1b1a19 (not valid)")
      << section;
  EXPECT_EQ(test::value_at(found, "DeviceSerialNumber.CxlDeviceSerialNumberUpperDW"),
            "0x201f1e1d (not valid)")
      << section;
  EXPECT_EQ(test::value_at(found, "CxlComponentEventLog.EventRecordLength"), "33") << section;
  const SectionType& type = *find_section(section);
  EXPECT_EQ(type.forms.front()->tail.front().layout, &record) << section;
  test::expect_shortest(section, 32);
  // A record shorter than its common part is bytes.
  EXPECT_EQ(
      test::value_at(test::section_values(section, Bytes(bytes).first(63)), "CxlComponentEventLog").size(),
      62u);
  EXPECT_EQ(
      test::value_at(test::section_values(section, Bytes(bytes).first(64)), "CxlComponentEventLog.HeadID"),
      "53");
}

TEST(CxlEvents, AllSectionsShareTheirFront) {
  expect_event("CxlGeneralMedia", tables::kCxlMediaRecord);
  expect_event("CxlDram", tables::kCxlDramRecord);
  expect_event("CxlMemoryModule", tables::kCxlModuleRecord);
  expect_event("CxlPhysicalSwitch", tables::kCxlOtherRecord);
  expect_event("CxlVirtualSwitch", tables::kCxlOtherRecord);
  expect_event("CxlMldPort", tables::kCxlOtherRecord);
  expect_event("CxlDramByteSwapped", tables::kCxlDramRecord);
  expect_event("CxlMemoryModuleByteSwapped", tables::kCxlModuleRecord);
}

TEST(CxlEvents, TheSwappedGuidsAreThoseOfTheHeader) {
  const auto swapped = [](std::string_view name) {
    Guid guid = find_section(name)->guid;
    std::swap(guid.bytes[0], guid.bytes[3]);
    std::swap(guid.bytes[1], guid.bytes[2]);
    std::swap(guid.bytes[4], guid.bytes[5]);
    std::swap(guid.bytes[6], guid.bytes[7]);
    return guid;
  };
  EXPECT_EQ(find_section(swapped("CxlDram"))->name, "CxlDramByteSwapped");
  EXPECT_EQ(find_section(swapped("CxlMemoryModule"))->name, "CxlMemoryModuleByteSwapped");
}

TEST(CxlEvents, RecordsAreReadWhereTheirFieldsStand) {
  const Buffer bytes = test::ascending(112);
  test::expect_places(tables::kCxlMediaRecord, bytes,
                      {{"EventRecordLength", 0, 1},
                       {"EventRecordFlags", 1, 3},
                       {"EventRecordHandle", 4, 2},
                       {"RelatedEventRecordHandle", 6, 2},
                       {"EventRecordTimestamp", 8, 8},
                       {"MaintenanceOperationClass", 16, 1},
                       {"MaintenanceOperationSubclass", 17, 1},
                       {"LDID", 18, 2},
                       {"HeadID", 20, 1},
                       {"Reserved", 21, 11},
                       {"PhysicalAddress", 32, 8},
                       {"MemoryEventDescriptor", 40, 1},
                       {"MemoryEventType", 41, 1},
                       {"TransactionType", 42, 1},
                       {"ValidityFlags", 43, 2},
                       {"Channel", 45, 1},
                       {"Rank", 46, 1},
                       {"Device", 47, 3},
                       {"ComponentIdentifier", 50, 16},
                       {"CMEThresholdEventFlags", 66, 1},
                       {"CMECount", 67, 3},
                       {"MemoryEventSubType", 70, 1},
                       {"Reserved2", 71, 41}});
  test::expect_validity(tables::kCxlMediaRecord, bytes,
                        {{0, "Channel"}, {1, "Rank"}, {2, "Device"}, {3, "ComponentIdentifier"}});
  test::expect_places(tables::kCxlDramRecord, bytes,
                      {{"", 0, 32},
                       {"PhysicalAddress", 32, 8},
                       {"MemoryEventDescriptor", 40, 1},
                       {"MemoryEventType", 41, 1},
                       {"TransactionType", 42, 1},
                       {"ValidityFlags", 43, 2},
                       {"Channel", 45, 1},
                       {"Rank", 46, 1},
                       {"NibbleMask", 47, 3},
                       {"BankGroup", 50, 1},
                       {"Bank", 51, 1},
                       {"Row", 52, 3},
                       {"Column", 55, 2},
                       {"CorrectionMask[0]", 57, 8},
                       {"CorrectionMask[1]", 65, 8},
                       {"CorrectionMask[2]", 73, 8},
                       {"CorrectionMask[3]", 81, 8},
                       {"ComponentIdentifier", 89, 16},
                       {"SubChannel", 105, 1},
                       {"CMEThresholdEventFlags", 106, 1},
                       {"CVMECount", 107, 3},
                       {"MemoryEventSubType", 110, 1},
                       {"Reserved2", 111, 1}});
  test::expect_validity(tables::kCxlDramRecord, bytes,
                        {{0, "Channel"},
                         {1, "Rank"},
                         {2, "NibbleMask"},
                         {3, "BankGroup"},
                         {4, "Bank"},
                         {5, "Row"},
                         {6, "Column"},
                         {7, "CorrectionMask"},
                         {8, "ComponentIdentifier"},
                         {10, "SubChannel"}});
  test::expect_places(tables::kCxlModuleRecord, bytes,
                      {{"", 0, 32},
                       {"DeviceEventType", 32, 1},
                       {"HealthStatus", 33, 1},
                       {"MediaStatus", 34, 1},
                       {"AdditionalStatus", 35, 1},
                       {"LifeUsed", 36, 1},
                       {"DeviceTemperature", 37, 2},
                       {"DirtyShutdownCount", 39, 4},
                       {"CorrectedVolatileErrorCount", 43, 4},
                       {"CorrectedPersistentErrorCount", 47, 4},
                       {"ValidityFlags", 51, 2},
                       {"ComponentIdentifier", 53, 16},
                       {"DeviceEventSubType", 69, 1},
                       {"Reserved2", 70, 42}});
  test::expect_validity(tables::kCxlModuleRecord, bytes, {{0, "ComponentIdentifier"}});
  test::expect_places(tables::kCxlOtherRecord, bytes, {{"", 0, 32}, {"EventData", 32, 80}});
}

TEST(CxlEvents, RecordsNameTheirValues) {
  Buffer bytes(112, 0);
  store_le<std::uint32_t>(bytes.data(), 0x00004770);  // length 0x70, flags 0x47
  store_le<std::uint64_t>(&bytes[32], 0x1003);
  bytes[40] = 5;
  bytes[41] = 1;
  bytes[42] = 8;
  const Values media = test::values(tables::kCxlMediaRecord, bytes);
  EXPECT_EQ(test::value_at(media, "EventRecordFlags.EventRecordSeverity"), "Fatal (3)");
  EXPECT_EQ(test::value_at(media, "EventRecordFlags.PermanentCondition"), "true");
  EXPECT_EQ(test::value_at(media, "EventRecordFlags.MaintenanceNeeded"), "");
  EXPECT_EQ(test::value_at(media, "EventRecordFlags.MaintenanceOperationSubclassValid"), "true");
  EXPECT_EQ(test::value_at(media, "PhysicalAddress.Volatile"), "true");
  EXPECT_EQ(test::value_at(media, "PhysicalAddress.NotRepairable"), "true");
  EXPECT_EQ(test::value_at(media, "PhysicalAddress.DPA"), "64");
  EXPECT_EQ(test::value_at(media, "MemoryEventDescriptor.UncorrectableEvent"), "true");
  EXPECT_EQ(test::value_at(media, "MemoryEventDescriptor.PoisonListOverflow"), "true");
  EXPECT_EQ(test::value_at(media, "MemoryEventType"), "InvalidAddress (1)");
  EXPECT_EQ(test::value_at(media, "TransactionType"), "MediaInitialization (8)");
  EXPECT_EQ(test::value_at(test::values(tables::kCxlDramRecord, bytes), "MemoryEventType"),
            "ScrubMediaECCError (1)");
  bytes[32] = 8;
  bytes[33] = 9;
  bytes[34] = 9;
  bytes[35] = 0x16;
  const Values module = test::values(tables::kCxlModuleRecord, bytes);
  EXPECT_EQ(test::value_at(module, "DeviceEventType"), "PowerManagementFault (8)");
  EXPECT_EQ(test::value_at(module, "HealthStatus.MemoryCapacityDegraded"), "true");
  EXPECT_EQ(test::value_at(module, "MediaStatus"), "AllDataLossImminent (9)");
  EXPECT_EQ(test::value_at(module, "AdditionalStatus.LifeUsed"), "Critical (2)");
  EXPECT_EQ(test::value_at(module, "AdditionalStatus.DeviceTemperature"), "Warning (1)");
  EXPECT_EQ(test::value_at(module, "AdditionalStatus.CorrectedVolatileErrorCountWarning"), "true");
}

}  // namespace
}  // namespace wheatstone::cper
