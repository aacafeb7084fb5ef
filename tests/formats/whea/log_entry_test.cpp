// The real entries of tests/data, field by field; every payload from bytes that count up; lengths that lie.
#include "formats/whea/log_entry.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/layout/flatten.hpp"
#include "tests/formats/cper/sections/body.hpp"
#include "tests/formats/whea/log_entries.hpp"
#include "tests/formats/whea/records.hpp"

namespace wheatstone::whea {
namespace {

using test::ascending;
using test::value_at;
using test::Values;
using test::values;
using testing::ElementsAre;
using testing::IsEmpty;

// Every value of a real entry behind the signature and version, which all have; and it is written back as it
// was.
Values real(const std::string& name) {
  const Buffer bytes = read_log_entry(name);
  const LogEntry entry = LogEntry::decode(bytes);
  EXPECT_THAT(codes(entry.findings()), IsEmpty()) << name;
  Values all = values(kLogEntry, bytes);
  EXPECT_EQ(all[0], (std::pair<std::string, std::string>{"Signature", "WhLg"}));
  EXPECT_EQ(all[1], (std::pair<std::string, std::string>{"Version", "1"}));
  all.erase(all.begin(), all.begin() + 2);
  const auto header = *entry.header();
  EXPECT_EQ(encode_log_entry({.type = static_cast<LogEntryType>(header[LogEntryHeader::kType]),
                              .owner = entry.owner(),
                              .id = header[LogEntryHeader::kId],
                              .flags = header[LogEntryHeader::kFlags]},
                             entry.payload()),
            bytes);
  return all;
}

TEST(RealLogEntry, AerNotGranted) {
  EXPECT_EQ(real("aer_not_granted"), (Values{{"Length", "32"},
                                             {"Type", "Informational (0)"},
                                             {"OwnerTag", "PCI "},
                                             {"Id", "AerNotGrantedToOs (0x80000018)"},
                                             {"Flags", "0x00000002"},
                                             {"Flags.LogInternalEtw", "true"},
                                             {"PayloadLength", "0"}}));
}

TEST(RealLogEntry, CmciRestart) {
  EXPECT_EQ(real("cmci_restart"), (Values{{"Length", "48"},
                                          {"Type", "Informational (0)"},
                                          {"OwnerTag", "HAL "},
                                          {"Id", "CmciRestart (0x8000001b)"},
                                          {"Flags", "0x00000002"},
                                          {"Flags.LogInternalEtw", "true"},
                                          {"PayloadLength", "16"},
                                          {"Payload.CmciRestoreAttempts", "1"},
                                          {"Payload.MaxCmciRestoreLimit", "3000"},
                                          {"Payload.MaxCorrectedErrorsFound", "0"},
                                          {"Payload.MaxCorrectedErrorLimit", "20000"}}));
}

TEST(RealLogEntry, EdpcEnabled) {
  EXPECT_EQ(real("edpc_enabled"), (Values{{"Length", "34"},
                                          {"Type", "Informational (0)"},
                                          {"OwnerTag", "PCI "},
                                          {"Id", "eDpcEnabled (0x80000031)"},
                                          {"Flags", "0x00000002"},
                                          {"Flags.LogInternalEtw", "true"},
                                          {"PayloadLength", "2"},
                                          {"Payload.eDPCEnabled", "1"},
                                          {"Payload.eDPCRecovEnabled", "0"}}));
}

TEST(RealLogEntry, OscCapabilities) {
  EXPECT_EQ(real("osc_capabilities"), (Values{{"Length", "34"},
                                              {"Type", "Informational (0)"},
                                              {"OwnerTag", "PSHD"},
                                              {"Id", "OscCapabilities (0x8000000a)"},
                                              {"Flags", "0x00000002"},
                                              {"Flags.LogInternalEtw", "true"},
                                              {"PayloadLength", "2"},
                                              {"Payload.OscImplemented", "1"},
                                              {"Payload.DebugChecked", "0"}}));
}

TEST(RealLogEntry, GenericMemoryMap) {
  EXPECT_EQ(real("generic_memory_map"), (Values{{"Length", "80"},
                                                {"Type", "Informational (0)"},
                                                {"OwnerTag", "KRNL"},
                                                {"Id", "GenericErrMemMap (0x80000021)"},
                                                {"Flags", "0x00000002"},
                                                {"Flags.LogInternalEtw", "true"},
                                                {"PayloadLength", "48"},
                                                {"Payload.MapReason", "Error_Status_block_register"},
                                                {"Payload.PhysicalAddress", "0x0000000063547018"},
                                                {"Payload.Length", "4096"}}));
}

TEST(RealLogEntry, EinjProcessed) {
  EXPECT_EQ(real("einj_processed"), (Values{{"Length", "105"},
                                            {"Type", "Informational (0)"},
                                            {"OwnerTag", "PSHD"},
                                            {"Id", "ProcessEINJ (0x80000013)"},
                                            {"Flags", "0x00000002"},
                                            {"Flags.LogInternalEtw", "true"},
                                            {"PayloadLength", "73"},
                                            {"Payload.Error", ""},
                                            {"Payload.InjectionActionTableValid", "1"},
                                            {"Payload.BeginInjectionInstructionCount", "1"},
                                            {"Payload.GetTriggerErrorActionTableInstructionCount", "1"},
                                            {"Payload.SetErrorTypeInstructionCount", "1"},
                                            {"Payload.GetErrorTypeInstructionCount", "1"},
                                            {"Payload.EndOperationInstructionCount", "1"},
                                            {"Payload.ExecuteOperationInstructionCount", "1"},
                                            {"Payload.CheckBusyStatusInstructionCount", "1"},
                                            {"Payload.GetCommandStatusInstructionCount", "1"},
                                            {"Payload.SetErrorTypeWithAddressInstructionCount", "0"},
                                            {"Payload.GetExecuteOperationTimingsInstructionCount", "0"}}));
}

TEST(RealLogEntry, HestProcessed) {
  EXPECT_EQ(real("hest_processed"), (Values{{"Length", "133"},
                                            {"Type", "Informational (0)"},
                                            {"OwnerTag", "PSHD"},
                                            {"Id", "ProcessHEST (0x80000014)"},
                                            {"Flags", "0x00000002"},
                                            {"Flags.LogInternalEtw", "true"},
                                            {"PayloadLength", "101"},
                                            {"Payload.Error", ""},
                                            {"Payload.EntryType", "GENERIC_V1"},
                                            {"Payload.EntryIndex", "1"},
                                            {"Payload.HestValid", "1"},
                                            {"Payload.CmcCount", "0"},
                                            {"Payload.MceCount", "0"},
                                            {"Payload.NmiCount", "0"},
                                            {"Payload.AerRootCount", "0"},
                                            {"Payload.AerBridgeCount", "0"},
                                            {"Payload.AerEndPointCount", "0"},
                                            {"Payload.GenericV1Count", "2"},
                                            {"Payload.GenericV2Count", "0"}}));
}

TEST(RealLogEntry, AddRemoveSource) {
  EXPECT_EQ(real("add_remove_source"),
            (Values{{"Length", "1009"},
                    {"Type", "Informational (0)"},
                    {"OwnerTag", "KRNL"},
                    {"Id", "AddRemoveErrorSource (0x8000000c)"},
                    {"Flags", "0x00000002"},
                    {"Flags.LogInternalEtw", "true"},
                    {"PayloadLength", "977"},
                    {"Payload.Descriptor.Length", "972"},
                    {"Payload.Descriptor.Version", "11"},
                    {"Payload.Descriptor.Type", "DeviceDriver (16)"},
                    {"Payload.Descriptor.State", "Stopped (1)"},
                    {"Payload.Descriptor.MaxRawDataLength", "3600"},
                    {"Payload.Descriptor.NumRecordsToPreallocate", "1"},
                    {"Payload.Descriptor.MaxSectionsPerRecord", "3"},
                    {"Payload.Descriptor.ErrorSourceId", "0"},
                    {"Payload.Descriptor.PlatformErrorSourceId", "0"},
                    {"Payload.Descriptor.Flags", "0x00000000"},
                    {"Payload.Descriptor.Info.Type", "0"},
                    {"Payload.Descriptor.Info.Enabled", "0"},
                    {"Payload.Descriptor.Info.Reserved", "00"},
                    {"Payload.Descriptor.Info.SourceGuid", "e2d1ff34-3458-49a9-88da-8e6915ce9be5"},
                    {"Payload.Descriptor.Info.LogTag", ""},
                    {"Payload.Descriptor.Info.Reserved2", "0000"},
                    {"Payload.Descriptor.Info.PacketLength", "4032"},
                    {"Payload.Descriptor.Info.PacketCount", "1"},
                    {"Payload.Descriptor.Info.PacketBuffer", "0xffffc48634b7a010"},
                    {"Payload.Descriptor.Info.Config.Initialize", "0xfffff80493b89f30"},
                    {"Payload.Descriptor.Info.Config.Uninitialize", "0xfffff80493b8a040"},
                    {"Payload.Descriptor.Info.Config.Correct", "0xfffff80463d6df00"},
                    {"Payload.Descriptor.Info.CreatorId", "e2d1ff34-3458-49a9-88da-8e6915ce9be5"},
                    {"Payload.Descriptor.Info.PartitionId", "00000000-0000-0000-0000-000000000000"},
                    {"Payload.Descriptor.Info.MaxSectionDataLength", "1200"},
                    {"Payload.Descriptor.Info.MaxSectionsPerRecord", "1"},
                    {"Payload.Descriptor.Info.PacketStateBuffer", "0xffffc486345ea390"},
                    {"Payload.Descriptor.Info.OpenHandles", "0"},
                    {"Payload.Descriptor.Info.Padding", std::string(2 * (972 - 40 - 116), '0')},
                    {"Payload.Status", "0x00000000"},
                    {"Payload.IsRemove", "0"}}));
}

// 160 of 5392 bytes: the first of five entries up to the middle of its descriptor.
TEST(RealLogEntry, WheaInitThatIsCutShort) {
  const Buffer bytes = read_log_entry("whea_init_first_160");
  ASSERT_EQ(bytes.size(), 160u);
  const LogEntry entry = LogEntry::decode(bytes);
  EXPECT_THAT(codes(entry.findings()), ElementsAre("log-entry-cut", "element-outside-section"));
  EXPECT_EQ(entry.payload_layout(), &kLogWheaInit);
  const Values all = values(kLogEntry, bytes);
  EXPECT_EQ(value_at(all, "Length"), "5392");
  EXPECT_EQ(value_at(all, "Id"), "WheaInit (0x80000002)");
  EXPECT_EQ(value_at(all, "OwnerTag"), "KRNL");
  EXPECT_EQ(value_at(all, "PayloadLength"), "5360");
  EXPECT_EQ(value_at(all, "Payload.Unread").size(), 2 * 128u);

  EXPECT_EQ(values(kErrorSourceEntry, entry.payload().first(96)),
            (Values{{"ListEntry.Flink", "0xffffc1096d871b50"},
                    {"ListEntry.Blink", "0xfffff8043bcf7628"},
                    {"FailedAllocations", "0"},
                    {"PlatformErrorSourceId", "0"},
                    {"ErrorCount", "0"},
                    {"RecordCount", "1"},
                    {"RecordLength", "10744"},
                    {"PoolTag", "Whea"},
                    {"Type", "DeviceDriver (16)"},
                    {"Reserved", "00000000"},
                    {"Records", "0xffffc10968fb0000"},
                    {"Context", "0x0000000000000000"},
                    {"SectionCount", "3"},
                    {"SectionLength", "3452"},
                    {"TickCountAtLastError", "0"},
                    {"AccumulatedErrors", "0"},
                    {"TotalErrors", "0"},
                    {"Deferred", "0"},
                    {"Reserved", "000000"},
                    {"Busy", "0"}}));
  EXPECT_EQ(values(kErrorSourceDescriptor, entry.payload().subspan(96)),
            (Values{{"Length", "972"},
                    {"Version", "11"},
                    {"Type", "DeviceDriver (16)"},
                    {"State", "Started (2)"},
                    {"MaxRawDataLength", "3372"},
                    {"NumRecordsToPreallocate", "1"},
                    {"MaxSectionsPerRecord", "3"},
                    {"ErrorSourceId", "1"}}));
  EXPECT_EQ(record_allocation_length(3, 3452), 10744u);
}

// A payload in the notation of the sheet: name:bytes, texts t32 (ASCII) and w64 (UTF-16), raw bytes r256,
// parts p972 (tested on their own), reserved bytes as Reserved.
struct Payload {
  std::uint32_t id;
  std::uint32_t length;  // of the entry
  const char* fields;
};

constexpr Payload kPayloads[] = {
    {0x80000001, 56,
     "DpcTimeLimit:4 DpcTimeCount:4 DpcWatchdogLimit:4 DpcWatchdogCount:4 Reserved:r4 CmcPollCount:4"},
    {0x80000003, 32, ""},
    {0x80000004, 40, "ErrorSourceType:4 ErrorSourceId:4"},
    {0x80000005, 40, "ErrorPacket:8"},
    {0x80000006, 41, "DecisionType:4 ImmediateSuccess:1 Page:4"},
    {0x80000006, 42, "DecisionType:4 ImmediateSuccess:1 Page:4 NotifyVid:1"},
    {0x80000007, 48, "RemoveTrigger:4 TimeInList:4 ErrorCount:4 Page:4"},
    {0x80000008, 51,
     "RegistryKeysPresent:4 DisableOffline:1 PersistOffline:1 PfaDisabled:1 PageCount:4 ErrorThreshold:4 "
     "TimeOut:4"},
    {0x80000009, 74,
     "ErrorType:4 Parameter1:8 Parameter2:8 Parameter3:8 Parameter4:8 InjectionStatus:4 InjectionAttempted:1 "
     "InjectionByPlugin:1"},
    {0x8000000a, 34, "OscImplemented:1 DebugChecked:1"},
    {0x8000000b, 48, "Version:4 Length:4 FunctionalAreaMask:4 Status:4"},
    {0x8000000c, 1009, "Descriptor:p972 Status:4 IsRemove:1"},
    {0x8000000e, 166, "ErrorHeader:p128 ArchitecturalRecovery:1 PshedRecovery:1 Status:4"},
    {0x8000000f, 52, "EpIndex:4 Bank:4 MciStatus:8 ErrorType:4"},
    {0x80000010, 48, "EpIndex:4 Bank:4 MciStatus:8"},
    {0x80000011, 40, "EpIndex:4 Bank:4"},
    {0x80000012, 40, "PhysicalAddress:8"},
    {0x80000013, 105,
     "Error:t32 InjectionActionTableValid:1 BeginInjectionInstructionCount:4 "
     "GetTriggerErrorActionTableInstructionCount:4 SetErrorTypeInstructionCount:4 "
     "GetErrorTypeInstructionCount:4 "
     "EndOperationInstructionCount:4 ExecuteOperationInstructionCount:4 CheckBusyStatusInstructionCount:4 "
     "GetCommandStatusInstructionCount:4 SetErrorTypeWithAddressInstructionCount:4 "
     "GetExecuteOperationTimingsInstructionCount:4"},
    {0x80000014, 133,
     "Error:t32 EntryType:t32 EntryIndex:4 HestValid:1 CmcCount:4 MceCount:4 NmiCount:4 AerRootCount:4 "
     "AerBridgeCount:4 AerEndPointCount:4 GenericV1Count:4 GenericV2Count:4"},
    {0x80000015, 72, "Error:t32 EntryCount:4 Status:4"},
    {0x80000016, 40, "Record:8"},
    {0x80000018, 32, ""},
    {0x80000019, 44, "ErrorSourceCount:4 ReportedLength:4 ExpectedLength:4"},
    {0x8000001a, 96, "TableType:t32 TableRequest:t32"},
    {0x8000001b, 48,
     "CmciRestoreAttempts:4 MaxCmciRestoreLimit:4 MaxCorrectedErrorsFound:4 MaxCorrectedErrorLimit:4"},
    {0x8000001c, 48,
     "CmciRestoreAttempts:4 MaxCmciRestoreLimit:4 MaxCorrectedErrorsFound:4 MaxCorrectedErrorLimit:4"},
    {0x8000001d, 40, "RecordId:8"},
    {0x8000001e, 34, "MaxBusCountPassed:1 InvalidBusMSR:1"},
    {0x8000001f, 68,
     "RootBusCount:4 RootBuses[0]:4 RootBuses[1]:4 RootBuses[2]:4 RootBuses[3]:4 RootBuses[4]:4 "
     "RootBuses[5]:4 "
     "RootBuses[6]:4 RootBuses[7]:4"},
    {0x80000020, 1036, "ErrDescriptor:p972 Error:t32"},
    {0x80000021, 80, "MapReason:t32 PhysicalAddress:8 Length:8"},
    {0x80000023, 40, "BugCheckCode:4 BugCheckProgressSummary:4"},
    {0x80000024, 104, "PluginName:w64 MajorVersion:4 MinorVersion:4"},
    {0x80000025, 96, "PluginName:w64"},
    {0x80000026, 97, "PluginName:w64 Supported:1"},
    {0x80000028, 33, "CmciAvailable:1"},
    {0x80000029, 52, "Msr:8 Type:4 Bank:4 EpIndex:4"},
    {0x8000002a, 33, "StartingIrql:1"},
    {0x8000002a, 35, "IsBugcheckOwner:1 RecursionCount:1 IsBugcheckRecoveryOwner:1"},
    {0x8000002a, 37, "BootId:4 Success:1"},
    {0x8000002a, 40, "Success:1 Version:1 EntryCount:2 DumpPolicy:1 Reserved:r3"},
    {0x8000002b, 64, "Function:t32"},
    {0x8000002c, 64, "Function:t32"},
    {0x8000002d, 32, ""},
    {0x8000002e, 39, "Bus:4 ReadSuccess:1 WriteSuccess:1 IsEnable:1"},
    {0x80000030, 50,
     "FirmwareBank:2 FirmwareCol:2 FirmwareRow:2 RetryRdBank:2 RetryRdCol:2 RetryRdRow:2 TaBank:2 TaCol:2 "
     "TaRow:2"},
    {0x80000031, 33, "eDPCEnabled:1"},
    {0x80000031, 34, "eDPCEnabled:1 eDPCRecovEnabled:1"},
    {0x80000032, 40, "Address:8"},
    {0x80000035, 49, "RecoveryContextFlags:4 RecoveryContextPa:8 PageOfflineStatus:4 KernelConsumerError:1"},
    {0x80000036, 32, ""},
    {0x80000037, 68,
     "Segment:4 Bus:4 Device:4 Function:4 ValidBits:1 Reserved:r3 UncorrectableErrorMask:4 "
     "UncorrectableErrorSeverity:4 CorrectableErrorMask:4 CapAndControl:4"},
    {0x80000038, 40, "FailureReason:4 FailureStatus:4"},
    {0x80000039, 68, "Segment:4 Bus:4 Device:4 Function:4 Offset:4 Length:4 Value:8 Succeeded:1 Reserved:r3"},
    {0x80000041, 36, "ThrottleType:4"},
    {0x80000042, 32, ""},
    {0x80000043, 36, "ThrottleType:4"},
    {0x80000044, 36, "EnableError:4"},
    {0x80000045, 32, ""},
    {0x80000046, 52, "Address.Segment:4 Address.Bus:4 Address.Device:4 Address.Function:4 Mask:4"},
    {0x80000047, 57,
     "Address.Segment:4 Address.Bus:4 Address.Device:4 Address.Function:4 Mask:4 Updated:1 Status:4"},
    {0x80000048, 56,
     "ErrorSeverity:4 ErrorHandlerType:4 SpuriousErrorSourceId:4 RootErrorCommand:4 RootErrorStatus:4 "
     "DeviceAssociationBitmap:4"},
    {0x80000049, 44, "SocketId:4 ChannelId:4 DimmSlot:4"},
    {0x8000004a, 44, "SocketId:4 ChannelId:4 DimmSlot:4"},
    {0x8000004b, 36, "Status:4"},
    {0x8000004c, 52, "ErrType:4 Bus:4 Device:4 Function:4 DeviceId:2 VendorId:2"},
    {0x8000004d, 36, "Status:4"},
    {0x8000004e, 36, "Status:4"},
    {0x8000004f, 32, ""},
    {0x80000050, 32, ""},
    {0x80000051, 32, ""},
    {0x80000052, 32, ""},
    {0x80000053, 64, "SourceId:2 Reserved:r2 NotifyDesc:p28"},
    {0x80000054, 48, "LowOrderPage:8 HighOrderPage:8"},
    {0x80000055, 32, ""},
    {0x80000056, 32, ""},
    {0x80000057, 45, "LogNumber:4 NumberSignals:4 Data:r5"},
    {0x80000058, 56, "Page:4 ComponentTag:4 Status:4 ActionTaken:4 ActionTakenAdditionalInfo:8"},
    {0x8000005a, 52, "CpuVendor:4 CpuFamily:4 CpuModel:4 CpuStepping:4 NumBanks:4"},
    {0x80000062, 72, "PolicyName:t32 PolicyIndex:4 PolicyValue:4"},
    {0x80000063, 40, "RegErr:4 Status:4"},
    {0x80000064, 60, "FirstPage:8 LastPage:8 Range:4 Status:4 ErrorReason:4"},
    {0x80000065, 48, "Page:8 Status:4 ErrorReason:4"},
    {0x80000066, 36, "Error:4"},
    {0x80000067, 44, "SourceLocationId:4 Status:4 IOStatus:4"},
    {0x80000069, 36, "Value:4"},
    {0x8000006c, 56,
     "ErrorSeverity:4 ErrorHandlerType:4 ErrorSourceId:4 RootErrorCommand:4 RootErrorStatus:4 "
     "DeviceAssociationBitmap:4"},
    {0x8000006f, 369,
     "Error:t32 InjectionActionTableValid:1 BeginInjectionInstructionCount:4 "
     "GetTriggerErrorActionTableInstructionCount:4 SetErrorTypeInstructionCount:4 "
     "GetErrorTypeInstructionCount:4 "
     "EndOperationInstructionCount:4 ExecuteOperationInstructionCount:4 CheckBusyStatusInstructionCount:4 "
     "GetCommandStatusInstructionCount:4 SetErrorTypeWithAddressInstructionCount:4 "
     "GetExecuteOperationTimingsInstructionCount:4 SetErrorTypeWithAddressPa:8 SetErrorTypeWithAddress:r256"},
    {0x80000070, 48, "Offset:4 InputLength:4 Status:4 Reason:4"},
    {0x80000071, 52, "Offset:4 BytesToRead:4 OutputBufferLength:4 Status:4 Reason:4"},
    {0x80000072, 33, "IsOnline:1"},
    {0x80000073, 33, "IsRegistered:1"},
    {0x80000074, 96, "PlatformName:t32 ServerType:t32"},
    {0x80000075, 64, "PlatformName:t32"},
    {0x80040010, 288, "Buffer:t256"},
};

// What the bytes are at each path by the notation alone: numbers as decimals, bytes as hex digits, texts as
// they are.
Values expected(const char* fields, Bytes payload, std::vector<std::string>& parts) {
  Values wanted;
  std::istringstream words(fields);
  std::size_t at = 0;
  for (std::string word; words >> word;) {
    const std::size_t colon = word.find(':');
    const std::string path = "Payload." + word.substr(0, colon);
    const char kind = word[colon + 1];
    const std::size_t size = std::stoul(word.substr(colon + (kind > '9' ? 2 : 1)));
    const Bytes own = payload.subspan(at, size);
    at += size;
    if (kind == 'p') {
      parts.push_back(path + ".");
    } else if (kind == 't') {
      wanted.emplace_back(path, std::string(own.begin(), own.end()));
    } else if (kind == 'w') {
      std::string text;
      for (std::size_t i = 0; i < own.size(); i += 2) text += static_cast<char>(own[i]);
      wanted.emplace_back(path, text);
    } else if (kind == 'r') {
      std::string digits;
      for (const std::uint8_t byte : own) digits += fmt::format("{:02x}", byte);
      wanted.emplace_back(path, digits);
    } else {
      wanted.emplace_back(path, std::to_string(load_le(own.data(), static_cast<unsigned>(size))));
    }
  }
  EXPECT_EQ(at, payload.size());
  return wanted;
}

// Bytes that count up; letters where the notation has texts.
Buffer filled(const char* fields, std::size_t size) {
  Buffer payload = ascending(size);
  std::istringstream words(fields);
  std::size_t at = 0;
  for (std::string word; words >> word;) {
    const std::size_t colon = word.find(':');
    const char kind = word[colon + 1];
    const std::size_t length = std::stoul(word.substr(colon + (kind > '9' ? 2 : 1)));
    for (std::size_t i = 0; i < length && (kind == 't' || kind == 'w'); ++i)
      payload[at + i] = kind == 'w' && i % 2 == 1 ? 0 : static_cast<std::uint8_t>('A' + i % 26);
    at += length;
  }
  return payload;
}

TEST(LogEntryPayload, EveryFieldIsWhereTheSheetHasIt) {
  for (const Payload& each : kPayloads) {
    SCOPED_TRACE(fmt::format("0x{:08x} of {} bytes", each.id, each.length));
    const Buffer payload = filled(each.fields, each.length - kLogEntryHeader);
    const Buffer bytes = *encode_log_entry({.id = each.id}, payload);
    EXPECT_EQ(bytes.size(), each.length);
    const LogEntry entry = LogEntry::decode(bytes);
    EXPECT_NE(entry.payload_layout(), nullptr);
    EXPECT_NE(entry.id_name(), "");
    std::vector<std::string> parts;
    const Values wanted = expected(each.fields, payload, parts);
    Values found;
    for (const layout::Leaf& leaf : layout::flatten(kLogEntry, bytes)) {
      if (!leaf.path.starts_with("Payload.") || leaf.kind == layout::Leaf::Kind::flag) continue;
      if (std::ranges::any_of(parts, [&](const auto& part) { return leaf.path.starts_with(part); })) continue;
      const bool number = leaf.kind == layout::Leaf::Kind::number;
      found.emplace_back(leaf.path, number ? std::to_string(leaf.number) : leaf.text);
    }
    EXPECT_EQ(found, wanted);
    for (const Finding& finding : entry.findings())
      EXPECT_TRUE(finding.path.starts_with("Payload.Descriptor.") ||
                  finding.path.starts_with("Payload.ErrDesc"))
          << finding.code;
  }
}

TEST(LogEntryPayload, EveryIdOfTheTableIsTested) {
  for (const layout::ChoiceRow& row : tables::kLogPayloadRows) {
    if (row.value == 0x80000002) continue;  // an array, below
    const auto forms = std::ranges::count(kPayloads, row.value, &Payload::id);
    EXPECT_GE(static_cast<std::size_t>(forms), row.forms.size()) << row.name;
    EXPECT_EQ(row.name, layout::name_of(kLogEntryIdNames, row.value));
  }
}

TEST(LogEntryPayload, OneByteLessOrMoreIsAFinding) {
  for (const Payload& each : kPayloads) {
    SCOPED_TRACE(fmt::format("0x{:08x} of {} bytes", each.id, each.length));
    const auto row = std::ranges::find(tables::kLogPayloadRows, each.id, &layout::ChoiceRow::value);
    const Buffer payload = filled(each.fields, each.length - kLogEntryHeader);
    const layout::Layout& first = *row->forms.front();
    if (payload.size() == first.min && first.min != 0) {
      const Buffer less = *encode_log_entry({.id = each.id}, Bytes(payload).first(payload.size() - 1));
      const LogEntry entry = LogEntry::decode(less);
      EXPECT_THAT(codes(entry.findings()), ElementsAre("log-entry-payload-short"));
      EXPECT_EQ(entry.payload_layout(), nullptr);
      const Values all = values(kLogEntry, less);
      EXPECT_EQ(value_at(all, "Payload").size(), 2 * (payload.size() - 1)) << "shown as bytes";
    }
    const layout::Layout& last = *row->forms.back();
    if (payload.size() == last.size && last.tail.empty()) {
      Buffer more = payload;
      more.push_back(7);
      const Buffer bytes = *encode_log_entry({.id = each.id}, more);
      EXPECT_THAT(codes(LogEntry::decode(bytes).findings()), testing::Contains("log-entry-payload-long"));
      EXPECT_EQ(value_at(values(kLogEntry, bytes), "Payload.Unread"), "07");
    }
  }
}

TEST(LogEntryPayload, WheaInitIsAsManyEntriesAsThereAre) {
  Buffer payload(2 * 1072, 0);
  for (const std::size_t at : {std::size_t{0}, std::size_t{1072}}) {
    store_le<std::uint32_t>(&payload[at + 96], kDescriptorSize);
    store_le<std::uint32_t>(&payload[at + 96 + 4], 10u);
    store_le<std::uint32_t>(&payload[at + 96 + 8], 3u);
    payload[at + 96 + 40] = 2;
  }
  payload[1072 + 28] = 9;
  const Buffer bytes = *encode_log_entry({.id = 0x80000002}, payload);
  EXPECT_EQ(bytes.size(), 32u + 1072 * 2);
  EXPECT_THAT(LogEntry::decode(bytes).findings(), IsEmpty());
  const Values all = values(kLogEntry, bytes);
  EXPECT_EQ(value_at(all, "Payload.ErrorSources[0].RecordCount"), "0");
  EXPECT_EQ(value_at(all, "Payload.ErrorSources[1].RecordCount"), "9");
  EXPECT_EQ(value_at(all, "Payload.ErrorSources[1].Descriptor.Type"), "NMI (3)");

  const Buffer less = *encode_log_entry({.id = 0x80000002}, Bytes(payload).first(payload.size() - 1));
  EXPECT_THAT(codes(LogEntry::decode(less).findings()), ElementsAre("element-outside-section"));
  payload[1072 + 96] = 0;
  const Buffer bad = *encode_log_entry({.id = 0x80000002}, payload);
  const LogEntry entry = LogEntry::decode(bad);
  ASSERT_THAT(codes(entry.findings()), ElementsAre("source-descriptor-length"));
  EXPECT_EQ(entry.findings()[0].path, "Payload.ErrorSources[1].Descriptor.Length");
  EXPECT_EQ(entry.findings()[0].offset, 32u + 1072 + 96);
}

TEST(LogEntryPayload, ADescriptorInItIsChecked) {
  Buffer bytes = read_log_entry("add_remove_source");
  bytes[32 + 4] = 10;
  const LogEntry entry = LogEntry::decode(bytes);
  ASSERT_THAT(codes(entry.findings()), ElementsAre("source-descriptor-version"));
  EXPECT_EQ(entry.findings()[0].path, "Payload.Descriptor.Version");
  EXPECT_EQ(entry.findings()[0].offset, 36u);
}

TEST(LogEntryPayload, UnknownIdsAreCarriedAsBytes) {
  const Buffer bytes = *encode_log_entry({.id = 0x80000077}, Buffer{1, 2, 3});
  const LogEntry entry = LogEntry::decode(bytes);
  ASSERT_THAT(codes(entry.findings()), ElementsAre("unknown-log-entry"));
  EXPECT_EQ(entry.findings()[0].severity, FindingSeverity::note);
  EXPECT_EQ(entry.payload_layout(), nullptr);
  EXPECT_EQ(entry.id_name(), "");
  EXPECT_EQ(value_at(values(kLogEntry, bytes), "Payload"), "010203");

  const Buffer named = *encode_log_entry({.id = 0x80000076}, Buffer{1});
  EXPECT_THAT(codes(LogEntry::decode(named).findings()), ElementsAre("log-entry-payload-unknown"));
  EXPECT_EQ(LogEntry::decode(named).id_name(), "PluginIncorrectBufferRead");
}

Buffer small_entry() {
  return *encode_log_entry({.type = LogEntryType::warning, .owner = kLogOwnerHal, .id = 0x80000011},
                           ascending(8));
}

std::vector<std::string_view> found(Bytes bytes) {
  return codes(LogEntry::decode(bytes).findings());
}

TEST(LogEntry, IsWrittenByteForByte) {
  EXPECT_EQ(
      small_entry(),
      test::hex("57684c67 01000000 28000000 01000000 48414c20 11000080 02000000 08000000 0102030405060708"));
  EXPECT_THAT(found(small_entry()), IsEmpty());
  EXPECT_FALSE(encode_log_entry({.owner = "PCI"}, {}));
  EXPECT_FALSE(encode_log_entry({.owner = "PSHED"}, {}));
}

TEST(LogEntry, NeedsItsHeader) {
  const Buffer bytes = *encode_log_entry({.id = 0x80000018}, {});
  EXPECT_THAT(found(bytes), IsEmpty());
  const LogEntry cut = LogEntry::decode(Bytes(bytes).first(31));
  EXPECT_THAT(codes(cut.findings()), ElementsAre("log-entry-too-short"));
  EXPECT_FALSE(cut.header());
  EXPECT_EQ(cut.owner(), "");
  EXPECT_EQ(cut.id_name(), "");
  EXPECT_TRUE(cut.payload().empty());
  EXPECT_THAT(found({}), ElementsAre("log-entry-too-short"));
}

TEST(LogEntry, ReportsSignatureVersionAndType) {
  const auto with = [](std::size_t offset, std::uint8_t value) {
    Buffer bytes = small_entry();
    bytes[offset] = value;
    return found(bytes);
  };
  EXPECT_THAT(with(3, 'h'), ElementsAre("log-entry-signature"));
  EXPECT_THAT(with(4, 0), ElementsAre("log-entry-version"));
  EXPECT_THAT(with(4, 2), ElementsAre("log-entry-version"));
  EXPECT_THAT(with(12, 2), IsEmpty());
  EXPECT_THAT(with(12, 3), ElementsAre("log-entry-type"));
}

TEST(LogEntry, ReportsLengthsThatLie) {
  Buffer bytes = small_entry();
  bytes[8] = 39;
  EXPECT_THAT(found(bytes), ElementsAre("log-entry-length"));
  bytes[8] = 41;
  EXPECT_THAT(found(bytes), ElementsAre("log-entry-length"));
  bytes[8] = 40;
  bytes[28] = 9;
  EXPECT_THAT(found(bytes), ElementsAre("log-entry-length", "log-entry-cut"));
  EXPECT_EQ(LogEntry::decode(bytes).payload().size(), 8u) << "still readable";
  EXPECT_EQ(value_at(values(kLogEntry, bytes), "Payload.Bank"), "134678021");
  bytes[28] = 7;
  EXPECT_THAT(found(bytes),
              ElementsAre("log-entry-length", "log-entry-bytes-behind", "log-entry-payload-short"));
  EXPECT_EQ(value_at(values(kLogEntry, bytes), "Unread"), "08");
  store_le<std::uint32_t>(&bytes[28], 0xffffffff);
  store_le<std::uint32_t>(&bytes[8], 0x1f);  // what 32 bits make of the sum
  EXPECT_THAT(found(bytes), ElementsAre("log-entry-length", "log-entry-cut"));
}

layout::Node scalar(std::string text) {
  layout::Node node;
  node.kind = layout::Node::Kind::scalar;
  node.text = std::move(text);
  node.mark = {3, 5};
  return node;
}
layout::Node map(std::vector<std::pair<std::string, layout::Node>> members) {
  layout::Node node;
  node.kind = layout::Node::Kind::map;
  for (auto& [key, value] : members) node.members.push_back({key, {3, 1}, std::move(value)});
  return node;
}

TEST(LogEntry, IsWrittenByName) {
  EXPECT_EQ(compose_log_entry(map({{"Payload", map({{"eDPCRecovEnabled", scalar("1")}})},
                                   {"Id", scalar("eDpcEnabled")},
                                   {"Type", scalar("Error")},
                                   {"OwnerTag", scalar("PCI ")},
                                   {"Flags", scalar("LogSel")}})),
            test::hex("57684c67 01000000 22000000 02000000 50434920 31000080 08000000 02000000 0001"));
  EXPECT_EQ(compose_log_entry(map({{"Id", scalar("0x80001234")}, {"Payload", scalar("0a0b")}})),
            test::hex("57684c67 01000000 22000000 00000000 4b524e4c 34120080 00000000 02000000 0a0b"));
  EXPECT_EQ(compose_log_entry(map({{"Id", scalar("AerNotGrantedToOs")}})),
            test::hex("57684c67 01000000 20000000 00000000 4b524e4c 18000080 00000000 00000000"));
  const auto given = compose_log_entry(map({{"Id", scalar("AerNotGrantedToOs")}, {"Length", scalar("5")}}));
  EXPECT_THAT(found(*given), ElementsAre("log-entry-length")) << "a length that is given stays";
}

TEST(LogEntry, ValuesThatDoNotFitAreErrorsWithTheirPlace) {
  const auto wrong = compose_log_entry(map({{"Id", scalar("WheaInot")}}));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text(), "'Id' needs a number or a name, not 'WheaInot' (did you mean 'WheaInit'?)");
  const auto unknown =
      compose_log_entry(map({{"Id", scalar("McaErrorCleared")}, {"Payload", map({{"Bnk", scalar("1")}})}}));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().where.line, 3u);
  EXPECT_EQ(unknown.error().text(), "LogMcaErrorCleared has no field 'Bnk' (did you mean 'Bank'?)");
}

}  // namespace
}  // namespace wheatstone::whea
