// Which events a record becomes: the rules of formats/whea/README.md, and the values of real events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cper/sections/memory.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "formats/whea/event.hpp"
#include "formats/whea/packet.hpp"
#include "tests/formats/whea/records.hpp"

namespace wheatstone::whea {
namespace {

using testing::IsEmpty;

constexpr std::uint32_t kWin10Rtm = 10240, k1903 = 18362, k22H2 = 22621;

Event logged(Bytes record, std::uint32_t build = k22H2) {
  return logger_event(cper::Record::decode(record), build);
}
int id_of(Bytes record, std::uint32_t build = k22H2) {
  return logged(record, build).descriptor->id;
}

const Buffer& raw_data(const Event& event) {
  return std::get<Buffer>(*event.find("RawData"));
}

TEST(KernelWheaEvent, CarriesTheRecordAsItIs) {
  const Buffer record = read_record("multiple2");
  const Event event = kernel_whea_event(cper::Record::decode(record));
  EXPECT_EQ(event.descriptor->id, 20);
  EXPECT_EQ(event.number("Length"), 936u);
  EXPECT_EQ(raw_data(event), record);
  ASSERT_EQ(event.payload.size(), 940u);
  EXPECT_EQ(Buffer(event.payload.begin(), event.payload.begin() + 8),
            (Buffer{0xa8, 3, 0, 0, 'C', 'P', 'E', 'R'}));
}

TEST(KernelWheaEvent, EndsWhereTheRecordSaysIt) {
  Buffer record = machine_check_record({});
  const std::size_t size = record.size();
  record.resize(size + 3, 0xee);
  EXPECT_EQ(kernel_whea_event(cper::Record::decode(record)).number("Length"), size);
  // A record that claims more than is there gives what is there.
  EXPECT_EQ(kernel_whea_event(cper::Record::decode(Bytes(record).first(size - 1))).number("Length"),
            size - 1);
  EXPECT_EQ(kernel_whea_event(cper::Record::decode({})).number("Length"), 0u);
}

// A real event 20: length 928 = 344 + 192 + 128 + 264.
TEST(LoggerEvent, WritesTheNorthbridgeEventOfARealRecord) {
  const Event event = logged(machine_check_record({.status = 0xfa00000000070f0f,
                                                   .misc = 0xc00a0fff01000000,
                                                   .bank = 4,
                                                   .cpu_version = 0x00100f43}),  // family 10h
                             kWin10Rtm);
  EXPECT_EQ(event.descriptor->id, 20);
  EXPECT_EQ(event.number("ErrorSource"), 3u);
  EXPECT_EQ(event.number("MciStat"), 0xfa00000000070f0fu);
  EXPECT_EQ(event.number("MciMisc"), 0xc00a0fff01000000u);
  EXPECT_EQ(event.number("ErrorType"), 7u);
  EXPECT_EQ(event.number("Length"), 928u);
}

// A real event 18: length 936 = 344 + 192 + 128 + 272.
TEST(LoggerEvent, WritesTheMachineCheckEventOfARealRecord) {
  const Event event = logged(
      machine_check_record({.status = 0xbea0000000000108, .bank = 5, .apic_id = 12, .mca_length = 272}));
  EXPECT_EQ(event.descriptor->id, 18);
  const std::pair<std::string_view, std::uint64_t> kValues[] = {
      {"ErrorSource", 3}, {"ApicId", 12},         {"MCABank", 5},         {"MciStat", 0xbea0000000000108},
      {"ErrorType", 9},   {"TransactionType", 2}, {"Participation", 256}, {"RequestType", 0},
      {"MemorIO", 256},   {"MemHierarchyLvl", 0}, {"Timeout", 256},       {"OperationType", 256},
      {"Channel", 256},   {"Length", 936}};
  for (const auto& [name, value] : kValues) EXPECT_EQ(event.number(name), value) << name;
  EXPECT_THAT(decode_event(*event.descriptor, event.payload).findings, IsEmpty());
}

TEST(LoggerEvent, WritesTheParityEventOfARealRecord) {
  const Event event =
      logged(machine_check_record({.status = 0x8000004000050005, .vendor = cper::kCpuVendorIntel, .bank = 0},
                                  {.severity = cper::Severity::corrected, .notify_type = cper::kNotifyCmc}));
  EXPECT_EQ(event.descriptor->id, 19);
  EXPECT_EQ(event.number("MCABank"), 0u);
  EXPECT_EQ(event.number("MciStat"), 0x8000004000050005u);
  EXPECT_EQ(event.number("ErrorType"), 12u);
  EXPECT_EQ(event.number("ErrorSource"), 1u);
}

TEST(LoggerEvent, ReadsRealRecords) {
  const Event fatal = logged(read_record("multiple1"));  // an empty memory section in front
  EXPECT_EQ(fatal.descriptor->id, 18);
  EXPECT_EQ(fatal.number("ErrorSource"), 3u);
  EXPECT_EQ(fatal.number("MciStat"), 0xbaa00000000c0135u);
  EXPECT_EQ(fatal.number("MciMisc"), 0xd0130fff00000000u);
  EXPECT_EQ(fatal.number("ApicId"), 0xbu);
  EXPECT_EQ(fatal.number("RequestType"), 3u);
  EXPECT_EQ(fatal.number("MemHierarchyLvl"), 1u);

  const Event corrected = logged(read_record("multiple2"));
  EXPECT_EQ(corrected.descriptor->id, 19);
  EXPECT_EQ(corrected.number("ErrorSource"), 0u);  // CMCI
  EXPECT_EQ(corrected.number("MCABank"), 27u);
  EXPECT_EQ(corrected.number("ErrorType"), 10u);
  EXPECT_EQ(corrected.number("MemorIO"), 2u);
  EXPECT_EQ(logged(read_record("multiple5")).number("ErrorSource"), 1u);  // CMC

  const Event memory = logged(read_record("memory1"));
  EXPECT_EQ(memory.descriptor->id, 23);
  EXPECT_EQ(memory.number("ErrorSource"), 8u);
  EXPECT_EQ(std::get<std::string>(*memory.find("FRUText")), "Slot 0=");
  EXPECT_EQ(memory.number("ValidBits"), 0x4019u);
  EXPECT_EQ(memory.number("ErrorStatus"), 0x400u);
  EXPECT_EQ(memory.number("Card"), 0u);
  EXPECT_EQ(memory.number("Device"), 1u);  // not valid, and copied all the same
  EXPECT_EQ(memory.number("ErrorType"), 2u);
  EXPECT_EQ(memory.number("ModuleHandle"), 0u);  // behind the end of this 77-byte section
  EXPECT_EQ(memory.number("Length"), 277u);

  EXPECT_EQ(id_of(read_record("unsupportedsection1")), 1);
  EXPECT_EQ(id_of(read_record("firmware1-first-512")), 1);
}

TEST(LoggerEvent, UsesTheNorthbridgeEventOnOldFamiliesAndBank4Only) {
  const auto id = [](std::uint32_t vendor, std::uint32_t bank, std::uint32_t version) {
    return id_of(machine_check_record({.vendor = vendor, .bank = bank, .cpu_version = version}));
  };
  EXPECT_EQ(id(cper::kCpuVendorAmd, 4, 0x00000f00), 20);  // 0Fh
  EXPECT_EQ(id(cper::kCpuVendorAmd, 4, 0x00700f00), 20);  // 16h
  EXPECT_EQ(id(cper::kCpuVendorAmd, 4, 0x00800f00), 18);  // 17h
  EXPECT_EQ(id(cper::kCpuVendorAmd, 4, 0x00000600), 18);
  EXPECT_EQ(id(cper::kCpuVendorAmd, 3, 0x00100f00), 18);
  EXPECT_EQ(id(cper::kCpuVendorAmd, 5, 0x00100f00), 18);
  EXPECT_EQ(id(cper::kCpuVendorIntel, 4, 0x00100f00), 18);
  // No family known: the section is missing, or says that it knows nothing.
  const Buffer mca = mca_body({.bank = 4}), silent = generic_body(0x00100f00, 0x17f & ~0x40u);
  EXPECT_EQ(id_of(record_with(cper::kSectionXpfMca, mca)), 18);
  const cper::NewSection sections[] = {{cper::kSectionProcessorGeneric, silent}, {cper::kSectionXpfMca, mca}};
  EXPECT_EQ(id_of(*cper::encode({}, sections)), 18);
}

TEST(LoggerEvent, TakesErrorOrWarningFromTheSeverity) {
  const auto id = [](cper::Severity severity, const Guid& type, std::size_t size) {
    return id_of(record_with(type, Buffer(size, 0xff), {.severity = severity}));
  };
  using cper::Severity;
  EXPECT_EQ(id(Severity::fatal, cper::kSectionXpfMca, 264), 18);
  EXPECT_EQ(id(Severity::recoverable, cper::kSectionXpfMca, 264), 18);
  EXPECT_EQ(id(Severity::corrected, cper::kSectionXpfMca, 264), 19);
  EXPECT_EQ(id(Severity::informational, cper::kSectionXpfMca, 264), 19);
  EXPECT_EQ(id(Severity::fatal, cper::kSectionPciExpress, 208), 16);
  EXPECT_EQ(id(Severity::corrected, cper::kSectionPciExpress, 208), 17);
  EXPECT_EQ(id(Severity::fatal, cper::kSectionMemory, 80), 22);
  EXPECT_EQ(id(Severity::corrected, cper::kSectionMemory, 80), 23);
  EXPECT_EQ(id(Severity::fatal, cper::kSectionNmi, 12), 1);
  EXPECT_EQ(id(Severity::corrected, cper::kSectionNmi, 12), 2);
  EXPECT_EQ(id(Severity::informational, cper::kSectionNmi, 12), 3);
  // Too short to be decoded.
  EXPECT_EQ(id(Severity::fatal, cper::kSectionXpfMca, 263), 1);
  EXPECT_EQ(id(Severity::fatal, cper::kSectionMemory, 72), 1);
  EXPECT_EQ(id(Severity::fatal, cper::kSectionMemory, 73), 22);
}

TEST(LoggerEvent, UsesTheShortFormsForComponentsWithoutIdentification) {
  Buffer pcie(208, 0), memory(80, 0);
  EXPECT_EQ(id_of(record_with(cper::kSectionPciExpress, pcie)), 40);
  EXPECT_EQ(id_of(record_with(cper::kSectionMemory, memory)), 46);
  EXPECT_EQ(id_of(record_with(cper::kSectionMemory, memory, {.severity = cper::Severity::corrected})), 47);
  pcie[0] = 1u << 3, memory[1] = 1u << 6;
  EXPECT_EQ(id_of(record_with(cper::kSectionPciExpress, pcie)), 16);
  EXPECT_EQ(id_of(record_with(cper::kSectionMemory, memory)), 22);
  // Windows Server 2008 does not have the short forms.
  EXPECT_EQ(id_of(record_with(cper::kSectionMemory, Buffer(80, 0)), 6001), 22);
  EXPECT_EQ(id_of(record_with(cper::kSectionPciExpress, Buffer(208, 0)), 6001), 16);
  EXPECT_EQ(id_of(record_with(cper::kSectionPciExpress, Buffer(208, 0)), 6000), 1);
}

TEST(LoggerEvent, LetsTheFirstSectionDecideButPrefersAMachineCheck) {
  const Buffer pcie(208, 0xff), memory(80, 0xff), mca = mca_body({}), nmi(12, 0);
  const cper::NewSection sections[] = {{cper::kSectionNmi, nmi},
                                       {cper::kSectionPciExpress, pcie},
                                       {cper::kSectionMemory, memory},
                                       {cper::kSectionXpfMca, mca}};
  EXPECT_EQ(id_of(*cper::encode({}, sections)), 18);
  EXPECT_EQ(id_of(*cper::encode({}, std::span(sections).first(3))), 16);
  EXPECT_EQ(id_of(*cper::encode({}, std::span(sections).subspan(2, 1))), 22);
  EXPECT_EQ(id_of(*cper::encode({}, std::span(sections).first(1))), 1);
}

Buffer pcie_body() {
  Buffer body(208, 0);
  body[0] = 0xff;
  auto edit = *layout::Editor<cper::PciExpress>::make(cper::kPciExpress, body);
  edit.set(cper::PciExpress::kPortType, 4);
  edit.set(cper::PciExpress::kMinorVersion, 1);
  edit.set(cper::PciExpress::kMajorVersion, 2);
  edit.set(cper::PciExpress::kCommand, 0x0406);
  edit.set(cper::PciExpress::kStatus, 0x0010);
  edit.set(cper::PciExpress::kDeviceSerialNumber, 0x0102030405060708);
  edit.set(cper::PciExpress::kBridgeSecondaryStatus, 0x2000);
  edit.set(cper::PciExpress::kBridgeControl, 0x0003);
  const std::uint8_t device[] = {0x86, 0x80, 0x3c, 0xa3, 0x00, 0x04, 0x06, 4,   // ids, class, function
                                 0x1c, 0x01, 0x00, 2,    3,    0x28, 0x00, 0};  // device ... slot 5
  std::ranges::copy(device, body.begin() + 24);
  store_le<std::uint32_t>(&body[116], 0x00004000);
  store_le<std::uint32_t>(&body[128], 0x00000001);
  for (std::uint8_t i = 0; i < 16; ++i) body[140 + i] = i;
  return body;
}

TEST(LoggerEvent, CopiesThePcieSection) {
  const Buffer record =
      record_with(cper::kSectionPciExpress, pcie_body(),
                  {.severity = cper::Severity::corrected, .notify_type = cper::kNotifyPcie}, "slot \xb5");
  const Event event = logged(record, 17763);
  EXPECT_EQ(event.descriptor->id, 17);
  const std::pair<std::string_view, std::uint64_t> kValues[] = {{"ErrorSource", 4},
                                                                {"ValidBits", 0xff},
                                                                {"PortType", 4},
                                                                {"Version", 0x0201},
                                                                {"Command", 0x0406},
                                                                {"Status", 0x0010},
                                                                {"Bus", 2},
                                                                {"Device", 0x1c},
                                                                {"Function", 4},
                                                                {"Segment", 1},
                                                                {"SecondaryBus", 3},
                                                                {"Slot", 5},
                                                                {"VendorID", 0x8086},
                                                                {"DeviceID", 0xa33c},
                                                                {"ClassCode", 0x060400},
                                                                {"DeviceSerialNumber", 0x0102030405060708},
                                                                {"BridgeControl", 3},
                                                                {"BridgeStatus", 0x2000},
                                                                {"UncorrectableErrorStatus", 0x4000},
                                                                {"CorrectableErrorStatus", 1},
                                                                {"Length", 408}};
  for (const auto& [name, value] : kValues) EXPECT_EQ(event.number(name), value) << name;
  EXPECT_EQ(std::get<Buffer>(*event.find("HeaderLog")),
            (Buffer{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
  EXPECT_EQ(std::get<std::string>(*event.find("FRUText")), "slot \xb5");
  EXPECT_EQ(raw_data(event), record);

  const Event newer = logged(record, k1903);
  EXPECT_EQ(newer.descriptor->version, 1);
  EXPECT_EQ(newer.find("Slot"), nullptr);
  EXPECT_EQ(newer.find("RawData"), nullptr);
  EXPECT_EQ(newer.number("CorrectableErrorStatus"), 1u);
  EXPECT_EQ(std::get<std::u16string>(*newer.find("PrimaryDeviceName")), u"PCI\\VEN_8086&DEV_A33C");
  EXPECT_EQ(std::get<std::u16string>(*newer.find("SecondaryDeviceName")), u"");
}

TEST(LoggerEvent, SaysThatThePortTypeIsUnknown) {
  Buffer body = pcie_body();
  body[0] = 1u << 3;
  EXPECT_EQ(logged(record_with(cper::kSectionPciExpress, body)).number("PortType"), 0xffu);
}

TEST(LoggerEvent, WritesTheMemoryFormOfTheBuild) {
  Buffer memory(80, 0);
  store_le<std::uint64_t>(memory.data(), 0x3ffff);
  for (std::size_t i = 8; i < 80; ++i) memory[i] = static_cast<std::uint8_t>(i);
  const Buffer record = record_with(cper::kSectionMemory, memory);
  const Event old = logged(record, 17133);
  EXPECT_EQ(old.find("RankNumber"), nullptr);
  EXPECT_EQ(old.number("BitPosition"), 0x2f2eu);
  EXPECT_EQ(old.number("ErrorType"), 0x48u);
  const Event current = logged(record, 17134);
  EXPECT_EQ(current.number("PhysicalAddress"), 0x1716151413121110u);
  EXPECT_EQ(current.number("Extended"), 0x49u);
  EXPECT_EQ(current.number("RankNumber"), 0x4b4au);
  EXPECT_EQ(current.number("CardHandle"), 0x4d4cu);
  EXPECT_EQ(current.number("ModuleHandle"), 0x4f4eu);
  EXPECT_EQ(current.payload.size(), old.payload.size() + 16);
}

TEST(LoggerErrorSource, FollowsTheNotifyType) {
  EXPECT_EQ(logger_error_source(cper::kNotifyCmc), 1u);
  EXPECT_EQ(logger_error_source(cper::kNotifyCpe), 2u);
  EXPECT_EQ(logger_error_source(cper::kNotifyMce), 3u);
  EXPECT_EQ(logger_error_source(cper::kNotifyPcie), 4u);
  EXPECT_EQ(logger_error_source(cper::kNotifyInit), 5u);
  EXPECT_EQ(logger_error_source(cper::kNotifyNmi), 6u);
  EXPECT_EQ(logger_error_source(cper::kNotifyBoot), 7u);
  EXPECT_EQ(logger_error_source(cper::kNotifyGeneric), 8u);
  EXPECT_EQ(logger_error_source(cper::kNotifyCmci), 0u);
  EXPECT_EQ(logger_error_source(cper::kNotifyDeviceDriver), 0u);
  EXPECT_EQ(logger_error_source({}), 0u);
}

// Before Windows 7 the machine check is in the packet that ends the record.
TEST(LoggerEvent, FindsTheMachineCheckInAPacketOfVersion1) {
  Buffer exception(256, 0);
  store_le<std::uint32_t>(&exception[4], 1);
  exception[24] = 5;
  store_le<std::uint64_t>(&exception[32], 0xbea0000000000108);
  store_le<std::uint64_t>(&exception[40], 0x1000);
  store_le<std::uint64_t>(&exception[48], 0x2000);
  Buffer processor(192, 0);
  store_le<std::uint64_t>(&processor[152], 12);  // ProcessorId
  const Buffer packet = *encode_packet_v1({}, processor, exception);
  const cper::NewSection sections[] = {{cper::kSectionProcessorGeneric, processor},
                                       {cper::kSectionErrorPacket, packet}};
  const Event event = logged(*cper::encode({}, sections), 6001);
  EXPECT_EQ(event.descriptor->id, 18);
  EXPECT_EQ(event.number("ApicId"), 12u);
  EXPECT_EQ(event.number("MCABank"), 5u);
  EXPECT_EQ(event.number("MciStat"), 0xbea0000000000108u);
  EXPECT_EQ(event.number("MciAddr"), 0x1000u);
  EXPECT_EQ(event.number("MciMisc"), 0x2000u);
  EXPECT_EQ(event.number("ErrorType"), 9u);
  const cper::NewSection alone[] = {{cper::kSectionErrorPacket, packet}};
  EXPECT_EQ(logged(*cper::encode({}, alone), 6001).number("ApicId"), 0xffffffffu) << "not applicable";
}

}  // namespace
}  // namespace wheatstone::whea
