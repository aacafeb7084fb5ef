// Every member of the union from bytes that count up, so that each field has a value of its own; the values
// follow from offset and size alone.
#include "formats/whea/error_source_descriptor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/layout/assign.hpp"
#include "formats/layout/broken.hpp"
#include "formats/layout/flatten.hpp"
#include "formats/layout/json_plan.hpp"
#include "formats/whea/error_source_entry.hpp"
#include "tests/formats/cper/sections/body.hpp"
#include "tests/formats/whea/records.hpp"

namespace wheatstone::whea {
namespace {

using test::ascending;
using test::value_at;
using test::Values;
using test::values;
using testing::ElementsAre;
using testing::IsEmpty;

// A descriptor of that source type whose union starts with `member`.
Buffer descriptor(ErrorSourceType type, Bytes member, std::size_t size = kDescriptorSize) {
  Buffer bytes(size, 0);
  auto edit = *layout::Editor<ErrorSourceDescriptor>::make(kErrorSourceDescriptor, bytes);
  edit.set(ErrorSourceDescriptor::kLength, static_cast<std::uint32_t>(size));
  edit.set(ErrorSourceDescriptor::kVersion, type == ErrorSourceType::device_driver ? 11u : 10u);
  edit.set(ErrorSourceDescriptor::kType, static_cast<std::uint32_t>(type));
  edit.set(ErrorSourceDescriptor::kState, 2u);
  edit.set(ErrorSourceDescriptor::kErrorSourceId, 5u);
  edit.set(ErrorSourceDescriptor::kFlags, size == kDescriptorSizeV2 ? kSourceV2Descriptor : 0u);
  std::ranges::copy(member, bytes.begin() + kDescriptorInfo);
  return bytes;
}

// Bytes 0x80, 0x81, ... of which the first two are the member's type.
Buffer member(std::uint16_t type, std::size_t size) {
  Buffer bytes = ascending(size, 0x80);
  store_le<std::uint16_t>(bytes.data(), type);
  return bytes;
}

// The values of the union, without what is zero behind the member.
Values info(const layout::Layout& form, Bytes bytes) {
  Values found;
  for (const auto& [path, value] : values(form, bytes))
    if (path.starts_with("Info.") && path != "Info.Padding") found.emplace_back(path.substr(5), value);
  return found;
}
Values info(ErrorSourceType type, Bytes member) {
  return info(kErrorSourceDescriptor, descriptor(type, member));
}

std::vector<std::string_view> found(Bytes bytes) {
  std::vector<Finding> findings;
  check_source_descriptor(bytes, 0, "", findings);
  layout::find_broken(*layout::form_for(kErrorSourceDescriptorForms, std::max(bytes.size(), std::size_t{40})),
                      bytes, 0, findings);
  return codes(findings);
}

TEST(ErrorSourceDescriptor, HasTheSizesOfTheSpecification) {
  EXPECT_EQ(kErrorSourceDescriptor.size, 972u);
  EXPECT_EQ(kErrorSourceDescriptorV2.size, 1868u);
  EXPECT_EQ(24 + kMostBanks * kMachineCheckBank.size, 920u);
  EXPECT_EQ(36 + kMostBanks * kMachineCheckBank.size, 932u);
  EXPECT_EQ(24 + kMostBanksV2 * kMachineCheckBank.size, 1816u);
  EXPECT_EQ(36 + kMostBanksV2 * kMachineCheckBank.size, 1828u);
  EXPECT_EQ(kErrorSourceEntry.size, 1072u);
}

TEST(ErrorSourceDescriptor, ReadsItsFixedPart) {
  const Buffer bytes = ascending(40, 0x10);
  EXPECT_THAT(
      values(kErrorSourceDescriptor, bytes),
      ElementsAre(
          std::pair{"Length", "319951120"}, std::pair{"Version", "387323156"}, std::pair{"Type", "454695192"},
          std::pair{"State", "522067228"}, std::pair{"MaxRawDataLength", "589439264"},
          std::pair{"NumRecordsToPreallocate", "656811300"}, std::pair{"MaxSectionsPerRecord", "724183336"},
          std::pair{"ErrorSourceId", "791555372"}, std::pair{"PlatformErrorSourceId", "858927408"},
          std::pair{"Flags", "0x37363534"}, std::pair{"Flags.GhesAssist", "true"}));
}

TEST(ErrorSourceDescriptor, NamesTypesStatesAndFlags) {
  Buffer bytes = descriptor(ErrorSourceType::sei, {});
  store_le<std::uint32_t>(&bytes[36], 0xc000000f);
  const Values all = values(kErrorSourceDescriptor, bytes);
  EXPECT_EQ(value_at(all, "Type"), "Sei (18)");
  EXPECT_EQ(value_at(all, "State"), "Started (2)");
  for (const char* flag :
       {"FirmwareFirst", "Global", "GhesAssist", "V2Descriptor", "Override", "DefaultSource"})
    EXPECT_EQ(value_at(all, std::string("Flags.") + flag), "true") << flag;
}

TEST(ErrorSourceDescriptor, ReadsMachineCheckExceptions) {
  Buffer bytes = member(kMemberXpfMce, 24 + 28);
  bytes[3] = 1;
  EXPECT_EQ(info(ErrorSourceType::mce, bytes), (Values{{"Type", "0"},
                                                       {"Enabled", "130"},
                                                       {"NumberOfBanks", "1"},
                                                       {"Flags", "0x87868584"},
                                                       {"MCG_Capability", "0x8f8e8d8c8b8a8988"},
                                                       {"MCG_GlobalControl", "0x9796959493929190"},
                                                       {"Banks[0].BankNumber", "152"},
                                                       {"Banks[0].ClearOnInitialization", "153"},
                                                       {"Banks[0].StatusDataFormat", "154"},
                                                       {"Banks[0].Flags", "0x9b"},
                                                       {"Banks[0].Flags.ClearOnInitializationRW", "true"},
                                                       {"Banks[0].Flags.ControlDataRW", "true"},
                                                       {"Banks[0].ControlMsr", "0x9f9e9d9c"},
                                                       {"Banks[0].StatusMsr", "0xa3a2a1a0"},
                                                       {"Banks[0].AddressMsr", "0xa7a6a5a4"},
                                                       {"Banks[0].MiscMsr", "0xabaaa9a8"},
                                                       {"Banks[0].ControlData", "0xb3b2b1b0afaeadac"}}));
}

const Values kNotify = {{"Notify.Type", "136"},
                        {"Notify.Length", "137"},
                        {"Notify.Flags", "0x8b8a"},
                        {"Notify.Flags.PollIntervalRW", "true"},
                        {"Notify.Flags.SwitchToPollingWindowRW", "true"},
                        {"Notify.PollInterval", "2408484236"},
                        {"Notify.Vector", "2475856272"},
                        {"Notify.SwitchToPollingThreshold", "2543228308"},
                        {"Notify.SwitchToPollingWindow", "2610600344"},
                        {"Notify.ErrorThreshold", "2677972380"},
                        {"Notify.ErrorThresholdWindow", "2745344416"}};

TEST(ErrorSourceDescriptor, ReadsCorrectedMachineChecks) {
  Buffer bytes = member(kMemberXpfCmc, 36 + 56);
  bytes[3] = 2;
  Values expected = {{"Type", "1"}, {"Enabled", "130"}, {"NumberOfBanks", "2"}, {"Reserved", "84858687"}};
  expected.insert(expected.end(), kNotify.begin(), kNotify.end());
  const Values all = info(ErrorSourceType::cmc, bytes);
  ASSERT_EQ(all.size(), expected.size() + 2 * 9 + 4) << "two banks, and the flags that are set";
  EXPECT_EQ(Values(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(expected.size())), expected);
  EXPECT_EQ(value_at(all, "Banks[0].BankNumber"), "164");
  EXPECT_EQ(value_at(all, "Banks[1].BankNumber"), "192");
  EXPECT_EQ(value_at(all, "Banks[1].ControlData"), "0xdbdad9d8d7d6d5d4");
}

TEST(ErrorSourceDescriptor, ReadsNmi) {
  EXPECT_EQ(info(ErrorSourceType::nmi, member(kMemberXpfNmi, 3)),
            (Values{{"Type", "2"}, {"Enabled", "130"}}));
}

TEST(ErrorSourceDescriptor, ReadsItaniumSources) {
  for (const auto& [source, type] : {std::pair{ErrorSourceType::ipf_mca, kMemberIpfMca},
                                     std::pair{ErrorSourceType::ipf_cmc, kMemberIpfCmc},
                                     std::pair{ErrorSourceType::ipf_cpe, kMemberIpfCpe}})
    EXPECT_EQ(info(source, member(type, 4)),
              (Values{{"Type", std::to_string(type)}, {"Enabled", "130"}, {"Reserved", "83"}}));
}

// Where the registers are; their bits have names in the AER capability.
TEST(ErrorSourceDescriptor, ReadsAer) {
  const Values common = {{"Enabled", "130"},
                         {"Reserved", "83"},
                         {"BusNumber", "2273740164"},
                         {"Slot", "0x8b8a8988"},
                         {"Slot.DeviceNumber", "8"},
                         {"Slot.FunctionNumber", "4"},
                         {"DeviceControl", "0x8d8c"},
                         {"Flags", "0x8f8e"},
                         {"UncorrectableErrorMask", "0x93929190"},
                         {"UncorrectableErrorSeverity", "0x97969594"},
                         {"CorrectableErrorMask", "0x9b9a9998"},
                         {"AdvancedCapsAndControl", "0x9f9e9d9c"}};
  const Values root = info(ErrorSourceType::pcie, member(kMemberAerRootport, 36));
  const Values endpoint = info(ErrorSourceType::pcie, member(kMemberAerEndpoint, 32));
  const Values bridge = info(ErrorSourceType::pcie, member(kMemberAerBridge, 44));
  for (const Values& all : {root, endpoint, bridge})
    for (const auto& [path, value] : common) EXPECT_EQ(value_at(all, path), value) << path;
  EXPECT_EQ(value_at(root, "Type"), "6");
  EXPECT_EQ(value_at(endpoint, "Type"), "7");
  EXPECT_EQ(value_at(bridge, "Type"), "8");
  EXPECT_EQ(value_at(root, "RootErrorCommand"), "0xa3a2a1a0");
  EXPECT_EQ(value_at(endpoint, "RootErrorCommand"), "");
  EXPECT_EQ(value_at(bridge, "SecondaryUncorrectableErrorMask"), "0xa3a2a1a0");
  EXPECT_EQ(value_at(bridge, "SecondaryUncorrectableErrorSev"), "0xa7a6a5a4");
  EXPECT_EQ(value_at(bridge, "SecondaryCapsAndControl"), "0xabaaa9a8");
}

TEST(ErrorSourceDescriptor, NamesTheAerFlagsOfEachKind) {
  const auto flags = [](std::uint16_t type) {
    Buffer bytes = member(type, 44);
    store_le<std::uint16_t>(&bytes[14], 0xffff);
    std::vector<std::string> names;
    for (const auto& [path, value] : info(ErrorSourceType::pcie, bytes))
      if (path.starts_with("Flags.")) names.push_back(path.substr(6));
    return names;
  };
  EXPECT_THAT(flags(kMemberAerEndpoint),
              ElementsAre("UncorrectableErrorMaskRW", "UncorrectableErrorSeverityRW",
                          "CorrectableErrorMaskRW", "AdvancedCapsAndControlRW"));
  EXPECT_EQ(flags(kMemberAerRootport).size(), 5u);
  EXPECT_EQ(flags(kMemberAerRootport).back(), "RootErrorCommandRW");
  EXPECT_EQ(flags(kMemberAerBridge).size(), 7u);
  EXPECT_EQ(flags(kMemberAerBridge)[4], "SecondaryUncorrectableErrorMaskRW");
  EXPECT_EQ(flags(kMemberAerBridge)[5], "SecondaryUncorrectableErrorSevRW");
  EXPECT_EQ(flags(kMemberAerBridge)[6], "SecondaryCapsAndControlRW");
}

const Values kGeneric = {{"Reserved", "82"},
                         {"Enabled", "131"},
                         {"ErrStatusBlockLength", "2273740164"},
                         {"RelatedErrorSourceId", "0x8b8a8988"},
                         {"ErrStatusAddressSpaceID", "140"},
                         {"ErrStatusAddressBitWidth", "141"},
                         {"ErrStatusAddressBitOffset", "142"},
                         {"ErrStatusAddressAccessSize", "143"},
                         {"ErrStatusAddress", "0x9796959493929190"},
                         {"Notify.Type", "152"},
                         {"Notify.Length", "153"},
                         {"Notify.Flags", "0x9b9a"},
                         {"Notify.Flags.PollIntervalRW", "true"},
                         {"Notify.Flags.SwitchToPollingWindowRW", "true"},
                         {"Notify.Flags.ErrorThresholdRW", "true"},
                         {"Notify.PollInterval", "2677972380"},
                         {"Notify.Vector", "2745344416"},
                         {"Notify.SwitchToPollingThreshold", "2812716452"},
                         {"Notify.SwitchToPollingWindow", "2880088488"},
                         {"Notify.ErrorThreshold", "2947460524"},
                         {"Notify.ErrorThresholdWindow", "3014832560"}};

TEST(ErrorSourceDescriptor, ReadsGenericSources) {
  Values expected = {{"Type", "9"}};
  expected.insert(expected.end(), kGeneric.begin(), kGeneric.end());
  EXPECT_EQ(info(ErrorSourceType::generic, member(kMemberGeneric, 52)), expected);
  EXPECT_EQ(info(ErrorSourceType::sci_generic, member(kMemberGeneric, 52)), expected);
}

TEST(ErrorSourceDescriptor, ReadsGenericSourcesOfVersion2) {
  Values expected = {{"Type", "10"}};
  expected.insert(expected.end(), kGeneric.begin(), kGeneric.end());
  const Values more = {
      {"ReadAckAddressSpaceID", "180"},          {"ReadAckAddressBitWidth", "181"},
      {"ReadAckAddressBitOffset", "182"},        {"ReadAckAddressAccessSize", "183"},
      {"ReadAckAddress", "0xbfbebdbcbbbab9b8"},  {"ReadAckPreserveMask", "0xc7c6c5c4c3c2c1c0"},
      {"ReadAckWriteMask", "0xcfcecdcccbcac9c8"}};
  expected.insert(expected.end(), more.begin(), more.end());
  EXPECT_EQ(info(ErrorSourceType::generic_v2, member(kMemberGenericV2, 80)), expected);
}

TEST(ErrorSourceDescriptor, ReadsDriversWhateverTheirMemberSays) {
  Buffer bytes = ascending(116, 0x40);
  bytes[20] = 'P';
  bytes[21] = 'S';
  for (const std::uint16_t type : {std::uint16_t{0}, std::uint16_t{9}}) {
    store_le<std::uint16_t>(bytes.data(), type);
    EXPECT_EQ(info(ErrorSourceType::device_driver, bytes),
              (Values{{"Type", std::to_string(type)},
                      {"Enabled", "66"},
                      {"Reserved", "43"},
                      {"SourceGuid", "47464544-4948-4b4a-4c4d-4e4f50515253"},
                      {"LogTag", "PS"},
                      {"Reserved2", "5657"},
                      {"PacketLength", "1532647768"},
                      {"PacketCount", "1600019804"},
                      {"PacketBuffer", "0x6766656463626160"},
                      {"Config.Initialize", "0x6f6e6d6c6b6a6968"},
                      {"Config.Uninitialize", "0x7776757473727170"},
                      {"Config.Correct", "0x7f7e7d7c7b7a7978"},
                      {"CreatorId", "83828180-8584-8786-8889-8a8b8c8d8e8f"},
                      {"PartitionId", "93929190-9594-9796-9899-9a9b9c9d9e9f"},
                      {"MaxSectionDataLength", "2745344416"},
                      {"MaxSectionsPerRecord", "2812716452"},
                      {"PacketStateBuffer", "0xafaeadacabaaa9a8"},
                      {"OpenHandles", "3014832560"}}));
  }
}

TEST(ErrorSourceDescriptor, ABootSourceHasNoMemberAlthoughItsTypeSaysMachineCheck) {
  const Buffer bytes = descriptor(ErrorSourceType::boot, {});
  EXPECT_EQ(descriptor_member(bytes), &kNoMember);
  EXPECT_EQ(descriptor_member(descriptor(ErrorSourceType::mce, {})), &kXpfMceDescriptor);
  EXPECT_EQ(descriptor_member(Bytes(bytes).first(41)), &kNoMember);
  EXPECT_EQ(descriptor_member(Bytes(bytes).first(11)), nullptr);
}

TEST(ErrorSourceDescriptor, AnUnknownMemberIsShownAsNumbers) {
  const Buffer bytes = descriptor(ErrorSourceType::bmc, member(11, 8));
  EXPECT_EQ(descriptor_member(bytes), nullptr);
  const Values all = values(kErrorSourceDescriptor, bytes);
  EXPECT_EQ(value_at(all, "Info[0]"), "0x8382000b");
  EXPECT_EQ(value_at(all, "Info[232]"), "0x00000000");
  EXPECT_THAT(found(bytes), ElementsAre("unknown-source-member"));
}

TEST(ErrorSourceDescriptor, TheLongFormHasRoomForMoreBanks) {
  Buffer mce = member(kMemberXpfMce, 24 + 64 * 28);
  mce[3] = 64;
  const Buffer bytes = descriptor(ErrorSourceType::mce, mce, kDescriptorSizeV2);
  EXPECT_EQ(layout::form_for(kErrorSourceDescriptorForms, bytes.size()), &kErrorSourceDescriptorV2);
  EXPECT_EQ(value_at(info(kErrorSourceDescriptorV2, bytes), "Banks[63].BankNumber"),
            std::to_string((0x80 + 24 + 63 * 28) % 256));
  EXPECT_THAT(found(bytes), IsEmpty());
  mce[3] = 65;
  EXPECT_THAT(found(descriptor(ErrorSourceType::mce, mce, kDescriptorSizeV2)),
              ElementsAre("element-outside-section"));
}

TEST(ErrorSourceDescriptor, ChecksWhatConsumersStumbleOver) {
  Buffer mce = member(kMemberXpfMce, 24);
  mce[3] = 32;
  const Buffer good = descriptor(ErrorSourceType::mce, mce);
  EXPECT_THAT(found(good), IsEmpty());
  const auto with = [&good](std::size_t offset, std::uint32_t value) {
    Buffer bytes = good;
    store_le<std::uint32_t>(&bytes[offset], value);
    return bytes;
  };
  EXPECT_THAT(found(with(0, 971)), ElementsAre("source-descriptor-length"));
  EXPECT_THAT(found(with(0, 973)), ElementsAre("source-descriptor-length"));
  EXPECT_THAT(found(with(0, 1868)), ElementsAre("source-descriptor-cut", "source-descriptor-form"));
  EXPECT_THAT(found(with(36, kSourceV2Descriptor)), ElementsAre("source-descriptor-form"));
  EXPECT_THAT(found(with(4, 9)), ElementsAre("source-descriptor-version"));
  EXPECT_THAT(found(with(4, 11)), ElementsAre("source-descriptor-version"));
  EXPECT_THAT(found(with(8, 0x10)), ElementsAre("source-descriptor-version")) << "a driver's is 11";
  EXPECT_THAT(found(with(8, 0x12)), IsEmpty());
  EXPECT_THAT(found(with(8, 0x13)), ElementsAre("unknown-source-type"));
  EXPECT_THAT(found(with(12, 0)), IsEmpty());
  EXPECT_THAT(found(with(12, 4)), IsEmpty());
  EXPECT_THAT(found(with(12, 5)), ElementsAre("unknown-source-state"));
  Buffer banks = good;
  banks[43] = 33;
  EXPECT_THAT(found(banks), ElementsAre("element-outside-section"));
  std::vector<Finding> findings;
  check_source_descriptor(with(12, 5), 1000, "Descriptor.", findings);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].path, "Descriptor.State");
  EXPECT_EQ(findings[0].offset, 1012u);
}

TEST(ErrorSourceDescriptor, ShowsWhatThereIsOfAShortOne) {
  const Buffer good = descriptor(ErrorSourceType::nmi, member(kMemberXpfNmi, 3));
  EXPECT_THAT(found(Bytes(good).first(39)), ElementsAre("source-descriptor-too-short"));
  EXPECT_THAT(found(Bytes(good).first(40)), ElementsAre("source-descriptor-cut"));
  EXPECT_THAT(found(Bytes(good).first(971)), ElementsAre("source-descriptor-cut"));
  EXPECT_EQ(value_at(values(kErrorSourceDescriptor, Bytes(good).first(40)), "ErrorSourceId"), "5");
}

TEST(ErrorSourceDescriptor, PreparedJsonIsThatOfTheWalk) {
  const layout::Layout* const kRoots[] = {&kErrorSourceDescriptor};
  Buffer mce = member(kMemberXpfMce, 24 + 28);
  mce[3] = 1;
  for (const layout::Detail detail : {layout::Detail::all, layout::Detail::valid}) {
    const layout::JsonPlans plans(kRoots, detail);
    for (const Buffer& bytes :
         {descriptor(ErrorSourceType::mce, mce), descriptor(ErrorSourceType::generic_v2, member(10, 80)),
          descriptor(ErrorSourceType::device_driver, member(0, 116)),
          descriptor(ErrorSourceType::bmc, member(77, 9)), Buffer(kDescriptorSize, 0),
          Buffer(kDescriptorSize, 0xff)}) {
      layout::TextBuffer walked, planned;
      layout::to_json(walked, kErrorSourceDescriptor, bytes, detail);
      plans.to_json(planned, kErrorSourceDescriptor, bytes);
      EXPECT_EQ(planned.view(), walked.view());
    }
  }
}

layout::Node scalar(std::string text) {
  layout::Node node;
  node.kind = layout::Node::Kind::scalar;
  node.text = std::move(text);
  return node;
}
layout::Node map(std::vector<std::pair<std::string, layout::Node>> members) {
  layout::Node node;
  node.kind = layout::Node::Kind::map;
  for (auto& [key, value] : members) node.members.push_back({key, {}, std::move(value)});
  return node;
}

TEST(ErrorSourceDescriptor, IsWrittenByName) {
  layout::Node banks;
  banks.kind = layout::Node::Kind::list;
  banks.items = {map({{"BankNumber", scalar("3")}, {"StatusMsr", scalar("0x40d")}})};
  Buffer bytes(kDescriptorSize, 0);
  const auto done = layout::assign(
      kErrorSourceDescriptor, bytes,
      map({{"Length", scalar("972")},
           {"Info",
            map({{"Type", scalar("1")}, {"Notify", map({{"Type", scalar("Cmci")}})}, {"Banks", banks}})},
           {"Type", scalar("CMC")}}));
  ASSERT_TRUE(done) << done.error().text();
  ASSERT_EQ(bytes.size(), kDescriptorSize);
  Buffer expected(kDescriptorSize, 0);
  expected[0] = 0xcc;
  expected[1] = 3;
  expected[8] = 1;
  expected[40] = 1;
  expected[43] = 1;     // NumberOfBanks
  expected[48] = 5;     // Notify.Type
  expected[76] = 3;     // Banks[0].BankNumber
  expected[84] = 0x0d;  // Banks[0].StatusMsr
  expected[85] = 4;
  EXPECT_EQ(bytes, expected);
}

TEST(Notification, HasTheFlagsOfAcpiAndThoseOfTheWdkUnderAnotherName) {
  Buffer bytes(28, 0);
  bytes[2] = 0x3e;  // of a real descriptor
  std::vector<std::string> acpi, wdk;
  for (const auto& [path, value] : values(kNotification, bytes))
    if (path.starts_with("Flags.")) acpi.push_back(path.substr(6));
  for (const auto& [path, value] : values(kNotificationWdk, bytes))
    if (path.starts_with("Flags.")) wdk.push_back(path.substr(6));
  EXPECT_THAT(acpi, ElementsAre("PollIntervalRW", "SwitchToPollingThresholdRW", "SwitchToPollingWindowRW",
                                "ErrorThresholdRW", "ErrorThresholdWindowRW"));
  EXPECT_THAT(wdk, ElementsAre("SwitchToPollingThresholdRW", "SwitchToPollingWindowRW", "ErrorThresholdRW",
                               "ErrorThresholdWindowRW"));
}

TEST(DriverConfig, HasTwoVersions) {
  Buffer bytes = ascending(84, 0x20);
  bytes[20] = 'P';
  bytes[21] = 'S';
  const Values all = values(kDriverConfig, bytes);
  EXPECT_EQ(all, (Values{{"Version", "589439264"},
                         {"SourceGuid", "27262524-2928-2b2a-2c2d-2e2f30313233"},
                         {"LogTag", "PS"},
                         {"Reserved", "363738393a3b"},
                         {"Initialize", "0x434241403f3e3d3c"},
                         {"Uninitialize", "0x4b4a494847464544"},
                         {"MaxSectionDataLength", "1330531660"},
                         {"MaxSectionsPerReport", "1397903696"},
                         {"CreatorId", "57565554-5958-5b5a-5c5d-5e5f60616263"},
                         {"PartitionId", "67666564-6968-6b6a-6c6d-6e6f70717273"}}));
  EXPECT_EQ(values(kDriverConfigV1, Bytes(bytes).first(44)), Values(all.begin(), all.begin() + 6));
}

TEST(ErrorSourceEntry, ReadsEveryField) {
  Buffer bytes = ascending(1072, 1);
  bytes[36] = 'W';
  bytes[37] = 'h';
  bytes[38] = 'e';
  bytes[39] = 'a';
  store_le<std::uint32_t>(&bytes[40], 5u);
  const Values all = values(kErrorSourceEntry, bytes);
  const Values expected = {{"ListEntry.Flink", "0x0807060504030201"},
                           {"ListEntry.Blink", "0x100f0e0d0c0b0a09"},
                           {"FailedAllocations", "336794129"},
                           {"PlatformErrorSourceId", "404166165"},
                           {"ErrorCount", "471538201"},
                           {"RecordCount", "538910237"},
                           {"RecordLength", "606282273"},
                           {"PoolTag", "Whea"},
                           {"Type", "Generic (5)"},
                           {"Reserved", "2d2e2f30"},
                           {"Records", "0x3837363534333231"},
                           {"Context", "0x403f3e3d3c3b3a39"},
                           {"SectionCount", "1145258561"},
                           {"SectionLength", "1212630597"},
                           {"TickCountAtLastError", "5786930140093827657"},
                           {"AccumulatedErrors", "1414746705"},
                           {"TotalErrors", "1482118741"},
                           {"Deferred", "89"},
                           {"Reserved", "5a5b5c"},
                           {"Busy", "1616862813"},
                           {"Descriptor.Length", "1684234849"}};
  ASSERT_GT(all.size(), expected.size());
  EXPECT_EQ(Values(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(expected.size())), expected);
  EXPECT_EQ(all.back(), (std::pair<std::string, std::string>{"Reserved", "2d2e2f30"}));
}

TEST(ErrorSourceEntry, RecordsAreAsLongAsInRealLogs) {
  EXPECT_EQ(record_allocation_length(3, 0xd7c), 0x29f8u);
  EXPECT_EQ(record_allocation_length(9, 0x174), 0x1048u);
  EXPECT_EQ(record_allocation_length(3, 0x1c0), 0x6c0u);
  EXPECT_EQ(record_allocation_length(8, 0x50), 0x568u);
  EXPECT_EQ(record_allocation_length(8, 0x64), 0x608u);
  EXPECT_EQ(record_allocation_length(1, 0x2050), 0x2140u);
}

}  // namespace
}  // namespace wheatstone::whea
