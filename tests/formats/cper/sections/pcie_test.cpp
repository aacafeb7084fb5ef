// PCI Express: the section with both forms of its AER copy, recovery, and containment.
#include "formats/cper/sections/pcie.hpp"

#include <gtest/gtest.h>

#include "formats/cper/record.hpp"
#include "formats/cper/sections/pci_recovery.hpp"
#include "tests/formats/cper/sections/body.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::cper {
namespace {

using test::hex;
using test::Values;

TEST(PciExpress, EveryFieldIsReadWhereItStands) {
  const Buffer bytes = test::ascending(208);
  test::expect_places(kPciExpress, bytes,
                      {{"ValidBits", 0, 8},
                       {"PortType", 8, 4},
                       {"Version.MinorVersion", 12, 1},
                       {"Version.MajorVersion", 13, 1},
                       {"Version.Reserved", 14, 2},
                       {"Command", 16, 2},
                       {"Status", 18, 2},
                       {"Reserved", 20, 4},
                       {"DeviceId.VendorID", 24, 2},
                       {"DeviceId.DeviceID", 26, 2},
                       {"DeviceId.ClassCode", 28, 3},
                       {"DeviceId.FunctionNumber", 31, 1},
                       {"DeviceId.DeviceNumber", 32, 1},
                       {"DeviceId.Segment", 33, 2},
                       {"DeviceId.PrimaryBusNumber", 35, 1},
                       {"DeviceId.SecondaryBusNumber", 36, 1},
                       {"", 37, 2},
                       {"DeviceId.Reserved2", 39, 1},
                       {"DeviceSerialNumber", 40, 8},
                       {"BridgeSecondaryStatus", 48, 2},
                       {"BridgeControl", 50, 2},
                       {"ExpressCapability.CapabilityId", 52, 1},
                       {"ExpressCapability.NextCapability", 53, 1},
                       {"ExpressCapability.Capabilities", 54, 2},
                       {"ExpressCapability.DeviceCapabilities", 56, 4},
                       {"ExpressCapability.DeviceControl", 60, 2},
                       {"ExpressCapability.DeviceStatus", 62, 2},
                       {"ExpressCapability.LinkCapabilities", 64, 4},
                       {"ExpressCapability.LinkControl", 68, 2},
                       {"ExpressCapability.LinkStatus", 70, 2},
                       {"ExpressCapability.SlotCapabilities", 72, 4},
                       {"ExpressCapability.SlotControl", 76, 2},
                       {"ExpressCapability.SlotStatus", 78, 2},
                       {"ExpressCapability.RootControl", 80, 2},
                       {"ExpressCapability.RootCapabilities", 82, 2},
                       {"ExpressCapability.RootStatus", 84, 4},
                       {"ExpressCapability.DeviceCapabilities2", 88, 4},
                       {"ExpressCapability.DeviceControl2", 92, 2},
                       {"ExpressCapability.DeviceStatus2", 94, 2},
                       {"ExpressCapability.LinkCapabilities2", 96, 4},
                       {"ExpressCapability.LinkControl2", 100, 2},
                       {"ExpressCapability.LinkStatus2", 102, 2},
                       {"ExpressCapability.SlotCapabilities2", 104, 4},
                       {"ExpressCapability.SlotControl2", 108, 2},
                       {"ExpressCapability.SlotStatus2", 110, 2},
                       {"AerInfo.CapabilityHeader", 112, 4},
                       {"AerInfo.UncorrectableErrorStatus", 116, 4},
                       {"AerInfo.UncorrectableErrorMask", 120, 4},
                       {"AerInfo.UncorrectableErrorSeverity", 124, 4},
                       {"AerInfo.CorrectableErrorStatus", 128, 4},
                       {"AerInfo.CorrectableErrorMask", 132, 4},
                       {"AerInfo.CapabilitiesAndControl", 136, 4},
                       {"AerInfo.HeaderLog[0]", 140, 4},
                       {"AerInfo.HeaderLog[1]", 144, 4},
                       {"AerInfo.HeaderLog[2]", 148, 4},
                       {"AerInfo.HeaderLog[3]", 152, 4},
                       {"AerInfo.RootErrorCommand", 156, 4},
                       {"AerInfo.RootErrorStatus", 160, 4},
                       {"AerInfo.CorrectableErrorSourceId", 164, 2},
                       {"AerInfo.UncorrectableErrorSourceId", 166, 2},
                       {"AerInfo.TLPPrefixLog[0]", 168, 4},
                       {"AerInfo.TLPPrefixLog[1]", 172, 4},
                       {"AerInfo.TLPPrefixLog[2]", 176, 4},
                       {"AerInfo.TLPPrefixLog[3]", 180, 4},
                       {"AerInfo.Rest", 184, 24}});
  EXPECT_EQ(test::value_at(test::values(kPciExpress, bytes), "DeviceId.SlotNumber"),
            "1252 (not valid)");  // 0x2726 >> 3
  test::expect_shortest("PciExpress", 208);
}

// The names of the bits that are set, without their word.
std::vector<std::string> bits(const Values& values, std::string_view word) {
  std::vector<std::string> names;
  for (const auto& [path, value] : values)
    if (path.starts_with(std::string(word) + ".")) names.push_back(path.substr(word.size() + 1));
  return names;
}
using Names = std::vector<std::string>;

TEST(PciExpress, OnlyABridgeHasSecondaryRegisters) {
  Buffer bytes = test::ascending(208);
  for (const std::uint32_t type : {0u, 4u, 6u, 9u}) {
    store_le<std::uint32_t>(&bytes[8], type);
    const Values found = test::values(kPciExpress, bytes);
    EXPECT_NE(test::value_at(found, "AerInfo.RootErrorStatus"), "") << type;
    EXPECT_EQ(test::value_at(found, "AerInfo.SecUncorrectableErrorStatus"), "") << type;
  }
  for (const std::uint32_t type : {7u, 8u}) {
    store_le<std::uint32_t>(&bytes[8], type);
    const Values found = test::values(kPciExpress, bytes);
    EXPECT_EQ(test::value_at(found, "AerInfo.RootErrorStatus"), "") << type;
  }
  test::expect_places(tables::kAerBridgeInfo, Bytes(bytes).subspan(112),
                      {{"CapabilityHeader", 0, 4},
                       {"UncorrectableErrorStatus", 4, 4},
                       {"UncorrectableErrorMask", 8, 4},
                       {"UncorrectableErrorSeverity", 12, 4},
                       {"CorrectableErrorStatus", 16, 4},
                       {"CorrectableErrorMask", 20, 4},
                       {"CapabilitiesAndControl", 24, 4},
                       {"HeaderLog[0]", 28, 4},
                       {"HeaderLog[1]", 32, 4},
                       {"HeaderLog[2]", 36, 4},
                       {"HeaderLog[3]", 40, 4},
                       {"SecUncorrectableErrorStatus", 44, 4},
                       {"SecUncorrectableErrorMask", 48, 4},
                       {"SecUncorrectableErrorSeverity", 52, 4},
                       {"SecCapabilitiesAndControl", 56, 4},
                       {"SecHeaderLog[0]", 60, 4},
                       {"SecHeaderLog[1]", 64, 4},
                       {"SecHeaderLog[2]", 68, 4},
                       {"SecHeaderLog[3]", 72, 4},
                       {"Rest", 76, 20}});
  store_le<std::uint32_t>(&bytes[156], 0x2001);
  const Values found = test::values(kPciExpress, bytes);
  EXPECT_EQ(test::value_at(found, "AerInfo.SecUncorrectableErrorStatus.TargetAbortOnSplitCompletion"),
            "true (not valid)");
  EXPECT_EQ(test::value_at(found, "AerInfo.SecUncorrectableErrorStatus.InternalBridgeError"),
            "true (not valid)");
}

TEST(PciExpress, RegistersNameTheirBits) {
  Buffer bytes(96, 0);
  const auto aer = [&](std::size_t offset, std::uint32_t value, std::string_view word) {
    store_le<std::uint32_t>(&bytes[offset], value);
    return bits(test::values(tables::kAerInfo, bytes), word);
  };
  EXPECT_EQ(aer(4, 0x00000030, "UncorrectableErrorStatus"),
            (Names{"DataLinkProtocolError", "SurpriseDownError"}));
  EXPECT_EQ(aer(4, 0x04040000, "UncorrectableErrorStatus"),
            (Names{"MalformedTLP", "PoisonedTLPEgressBlocked"}));
  EXPECT_EQ(aer(4, 0x80000000, "UncorrectableErrorStatus"), (Names{"TLPTranslationEgressBlocked"}));
  EXPECT_EQ(aer(16, 0x8041, "CorrectableErrorStatus"),
            (Names{"ReceiverError", "BadTLP", "HeaderLogOverflow"}));
  EXPECT_EQ(aer(44, 0x5, "RootErrorCommand"),
            (Names{"CorrectableErrorReportingEnable", "FatalErrorReportingEnable"}));
  store_le<std::uint32_t>(&bytes[48], 0xf8000055);
  store_le<std::uint16_t>(&bytes[52], 0x1a2b);
  const Values found = test::values(tables::kAerInfo, bytes);
  EXPECT_EQ(bits(found, "RootErrorStatus"),
            (Names{"CorrectableErrorReceived", "UncorrectableErrorReceived", "FirstUncorrectableFatal",
                   "FatalErrorMessagesReceived", "AdvancedErrorInterruptMessageNumber"}));
  EXPECT_EQ(test::value_at(found, "RootErrorStatus.AdvancedErrorInterruptMessageNumber"), "31");
  EXPECT_EQ(test::value_at(found, "CorrectableErrorSourceId.Bus"), "26");
  EXPECT_EQ(test::value_at(found, "CorrectableErrorSourceId.Device"), "5");
  EXPECT_EQ(test::value_at(found, "CorrectableErrorSourceId.Function"), "3");

  Buffer express(60, 0);
  const auto word = [&](std::size_t offset, std::uint32_t value, std::string_view path) {
    store_le<std::uint32_t>(&express[offset], value);
    return test::value_at(test::values(tables::kExpressCapability, express), path);
  };
  EXPECT_EQ(word(2, 0x0042, "Capabilities.DeviceType"), "4");
  EXPECT_EQ(word(4, 0x00008000, "DeviceCapabilities.RoleBasedErrorReporting"), "true");
  EXPECT_EQ(word(8, 0x00005000, "DeviceControl.MaxReadRequestSize"), "5");
  EXPECT_EQ(word(12, 0x07000102, "LinkCapabilities.MaximumLinkWidth"), "16");
  EXPECT_EQ(word(12, 0x07000102, "LinkCapabilities.PortNumber"), "7");
  EXPECT_EQ(word(16, 0x20830000, "LinkStatus.LinkWidth"), "8");
  EXPECT_EQ(word(16, 0x20830000, "LinkStatus.DataLinkLayerActive"), "true");
  EXPECT_EQ(word(20, 0x00180000, "SlotCapabilities.PhysicalSlotNumber"), "3");
  EXPECT_EQ(word(24, 0x01000000, "SlotStatus.DataLinkStateChanged"), "true");
  EXPECT_EQ(word(28, 0x00010004, "RootControl.FatalSerrEnable"), "true");
  EXPECT_EQ(word(32, 0x00011234, "RootStatus.PMERequestorId"), "4660");
  EXPECT_EQ(word(36, 0x00c00000, "DeviceCapabilities2.MaxEndEndTLPPrefixes"), "3");
  EXPECT_EQ(word(40, 0x00000400, "DeviceControl2.LTRMechanismEnable"), "true");
  EXPECT_EQ(word(44, 0x0000003e, "LinkCapabilities2.SupportedLinkSpeedsVector"), "31");
  EXPECT_EQ(word(48, 0x00000005, "LinkControl2.TargetLinkSpeed"), "5");
}

TEST(PciExpress, APublishedRecordIsRead) {
  const Buffer bytes = test::load_record("pcie");
  const Record record = Record::decode(bytes);
  ASSERT_EQ(record.sections().size(), 1u);
  const Values found = test::values(*record.sections()[0].layout, record.body(record.sections()[0]));
  EXPECT_EQ(test::value_at(found, "ValidBits"), "0x00000000000000d5");
  EXPECT_EQ(test::value_at(found, "PortType"), "UpstreamSwitchPort (5)");
  EXPECT_EQ(test::value_at(found, "Command"), "0xc27c");
  EXPECT_EQ(test::value_at(found, "Status"), "0xf854");
  EXPECT_EQ(test::value_at(found, "DeviceId.VendorID"), "0x5a76 (not valid)");
  EXPECT_EQ(test::value_at(found, "DeviceSerialNumber"), "0xd45ee95817055d25");
  EXPECT_EQ(test::value_at(found, "BridgeControl"), "0xc6cd (not valid)");
  EXPECT_EQ(test::value_at(found, "ExpressCapability.CapabilityId"), "0x9b");
}

TEST(PciRecovery, EveryFieldIsReadWhereItStands) {
  EXPECT_EQ(test::section_values("PciRecovery", hex("02010b")),
            (Values{{"SignalType", "Dpc (2)"},
                    {"RecoveryAttempted", "1"},
                    {"RecoveryStatus", "CxlAerNotRecoverable (11)"}}));
  test::expect_shortest("PciRecovery", 3);
}

TEST(DpcCapability, EveryFieldIsReadWhereItStands) {
  const Buffer bytes = test::ascending(68);
  test::expect_places(kDpcCapability, bytes,
                      {{"Header", 0, 4},
                       {"DpcCapabilities", 4, 2},
                       {"DpcControl", 6, 2},
                       {"DpcStatus", 8, 2},
                       {"DpcErrSrcId", 10, 2},
                       {"RpPioStatus", 12, 4},
                       {"RpPioMask", 16, 4},
                       {"RpPioSeverity", 20, 4},
                       {"RpPioSysError", 24, 4},
                       {"RpPioException", 28, 4},
                       {"RpPioHeaderLog[0]", 32, 4},
                       {"RpPioHeaderLog[1]", 36, 4},
                       {"RpPioHeaderLog[2]", 40, 4},
                       {"RpPioHeaderLog[3]", 44, 4},
                       {"RpPioImpSpecLog", 48, 4},
                       {"RpPioTlpPrefixLog[0]", 52, 4},
                       {"RpPioTlpPrefixLog[1]", 56, 4},
                       {"RpPioTlpPrefixLog[2]", 60, 4},
                       {"RpPioTlpPrefixLog[3]", 64, 4}});
  test::expect_shortest("DpcCapability", 12);
}

TEST(DpcCapability, RegistersNameTheirBits) {
  const Values found = test::section_values("DpcCapability", hex("1d000120 e314 0a00 6b15 0a1b 01040100"));
  EXPECT_EQ(test::value_at(found, "Header.CapabilityId"), "29");
  EXPECT_EQ(test::value_at(found, "Header.NextCapability"), "512");
  EXPECT_EQ(bits(found, "DpcCapabilities"),
            (Names{"InterruptMsgNumber", "RpExtensionsForDpc", "PoisonedTlpEgressBlockingSupported",
                   "DpcSoftwareTriggeringSupported", "RpPioLogSize", "DlActiveErrCorSignalingSupported"}));
  EXPECT_EQ(test::value_at(found, "DpcCapabilities.RpPioLogSize"), "4");
  EXPECT_EQ(test::value_at(found, "DpcControl.TriggerEnable"), "NonFatalOrFatal (2)");
  EXPECT_EQ(test::value_at(found, "DpcControl.InterruptEnable"), "true");
  EXPECT_EQ(test::value_at(found, "DpcStatus.TriggerReason"), "NonFatalMessage (1)");
  EXPECT_EQ(test::value_at(found, "DpcStatus.InterruptStatus"), "true");
  EXPECT_EQ(test::value_at(found, "DpcStatus.TriggerReasonExtension"), "3");
  EXPECT_EQ(test::value_at(found, "DpcStatus.PioFirstErrPointer"), "21");
  EXPECT_EQ(test::value_at(found, "DpcErrSrcId.Bus"), "27");
  EXPECT_EQ(bits(found, "RpPioStatus"), (Names{"CfgURCpl", "IoCTO", "MemURCpl"}));
  EXPECT_EQ(found.back().first, "RpPioStatus.MemURCpl");  // the registers behind are not there
}

}  // namespace
}  // namespace wheatstone::cper
