// Vista SP1 and Server 2008: packets of version 1, and the records that end with them.
#include "mocks/windows/packet_v1.hpp"

#include <gtest/gtest.h>

#include "formats/cper/header.hpp"
#include "formats/cper/record.hpp"
#include "formats/whea/packet.hpp"
#include "mocks/windows/record_builder.hpp"
#include "mocks/windows/reported_packet.hpp"

namespace wheatstone::windows {
namespace {

using cper::Severity;
using whea::ErrorSourceType;
using whea::PacketV1;

constexpr FileTime kNow{128'853'826'870'000'000};

Platform vista(CpuVendor vendor = CpuVendor::amd) {
  return {.profile = cper::find_profile("vista-sp1"), .cpu_vendor = vendor};
}

HardwareError machine_check() {
  using cper::XpfMca;
  Buffer body(264, 0);
  auto edit = *layout::Editor<XpfMca>::make(cper::kXpfMcaV1, body);
  edit.set(XpfMca::kProcessorNumber, 3);
  edit.set(XpfMca::kBankNumber, 4);
  edit.set(XpfMca::kStatus, 0xb200004000000800);
  edit.set(XpfMca::kAddress, 0x1122334455);
  edit.set(XpfMca::kMisc, 0x66);
  store_le<std::uint32_t>(&body[64], 2);
  store_le<std::uint64_t>(&body[72 + 8], 0x77);
  return {.sections = {{{.type = cper::kSectionXpfMca}, body}}};
}

struct Shape {
  Guid type;
  std::uint32_t length;
  bool operator==(const Shape&) const = default;
};
std::vector<Shape> shape(Bytes bytes) {
  const cper::Record record = cper::Record::decode(bytes);
  std::vector<Shape> out;
  for (const cper::Section& section : record.sections())
    out.push_back({record.descriptor(section)[cper::Descriptor::kSectionType], section.length});
  return out;
}

TEST(PacketV1, MachineCheckIsTheRawData) {
  const auto report = handle_error(vista(), machine_check(), 1, kNow);
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_EQ(report->packet.size(), 536u) << "as in the example of the debugger's documentation";
  const whea::Packet packet = whea::Packet::decode(report->packet);
  EXPECT_TRUE(packet.findings().empty());
  const auto header = *packet.v1();
  EXPECT_EQ(header[PacketV1::kFlags], 2u) << "CpuValid";
  EXPECT_EQ(header[PacketV1::kCpu], 3u);
  EXPECT_EQ(header[PacketV1::kErrorType], 0u);
  EXPECT_EQ(header[PacketV1::kRawDataFormat], 3u) << "AMD64 MCA";
  const Bytes raw = packet.data();
  ASSERT_EQ(packet.data_layout(), &cper::kMcaException);
  EXPECT_EQ(load_le<std::uint32_t>(&raw[0]), 2u);
  EXPECT_EQ(load_le<std::uint32_t>(&raw[4]), 1u);
  EXPECT_EQ(load_le<std::uint64_t>(&raw[8]), kNow.ticks);
  EXPECT_EQ(load_le<std::uint32_t>(&raw[16]), 3u);
  EXPECT_EQ(raw[24], 4u);
  EXPECT_EQ(load_le<std::uint64_t>(&raw[32]), 0xb200004000000800u);
  EXPECT_EQ(load_le<std::uint64_t>(&raw[40]), 0x1122334455u);
  EXPECT_EQ(load_le<std::uint64_t>(&raw[48]), 0x66u);
  EXPECT_EQ(load_le<std::uint32_t>(&raw[56]), 2u);
  EXPECT_EQ(load_le<std::uint64_t>(&raw[64 + 8]), 0x77u);
}

TEST(PacketV1, FormatOfTheRawDataIsTheProcessors) {
  const auto format = [](const Platform& platform) {
    const auto report = handle_error(platform, machine_check(), 1, kNow);
    return (*whea::Packet::decode(report->packet).v1())[PacketV1::kRawDataFormat];
  };
  EXPECT_EQ(format(vista(CpuVendor::intel)), 2u);
  Platform machine = vista();
  machine.is_64bit = false;
  EXPECT_EQ(format(machine), 1u);
}

TEST(PacketV1, RecordEndsWithIt) {
  const auto report = handle_error(vista(), machine_check(), 1, kNow);
  const auto record = create_record(vista(), *report, 7, kNow);
  ASSERT_TRUE(record) << record.error().text();
  EXPECT_EQ(shape(*record),
            (std::vector<Shape>{{cper::kSectionProcessorGeneric, 192}, {cper::kSectionErrorPacket, 536}}));
  const cper::Record decoded = cper::Record::decode(*record);
  EXPECT_TRUE(decoded.findings().empty());
  EXPECT_EQ((*decoded.header())[cper::Header::kNotifyType], cper::kNotifyMce);
  EXPECT_EQ((*decoded.header())[cper::Header::kFlags], 0u) << "CpuValid is not CriticalEvent";
  const Bytes last = decoded.body(decoded.sections()[1]);
  EXPECT_TRUE(std::ranges::equal(last, report->packet));
  EXPECT_TRUE(std::ranges::equal(decoded.body(decoded.sections()[0]), last.subspan(64, 192)))
      << "the union holds the first section";
  EXPECT_EQ(decoded.descriptor(decoded.sections()[0])[cper::Descriptor::kFlags], cper::kSectionPrimary);
}

TEST(PacketV1, UnionTakesASectionInItsLength) {
  const auto made = [](const Guid& type, std::size_t size) {
    const HardwareError error{.source = ErrorSourceType::generic,
                              .sections = {{{.type = type}, Buffer(size, 0x5a)}}};
    return *create_record(vista(), *handle_error(vista(), error, 5, kNow), 1, kNow);
  };
  EXPECT_EQ(shape(made(cper::kSectionMemory, 80)),
            (std::vector<Shape>{{cper::kSectionMemory, 73}, {cper::kSectionErrorPacket, 280}}));
  EXPECT_EQ(shape(made(cper::kSectionPciExpress, 207)),
            (std::vector<Shape>{{cper::kSectionPciExpress, 208}, {cper::kSectionErrorPacket, 280}}));
  EXPECT_EQ(shape(made(cper::kSectionNmi, 12)),
            (std::vector<Shape>{{cper::kSectionNmi, 12}, {cper::kSectionErrorPacket, 280}}));
  // What the union has no member for is raw data.
  const Guid unknown = "11111111-2222-3333-4444-555555555555"_guid;
  const Buffer record = made(unknown, 33);
  EXPECT_EQ(shape(record), (std::vector<Shape>{{unknown, 33}, {cper::kSectionErrorPacket, 313}}));
  EXPECT_EQ(record.back(), 0x5a);
}

TEST(PacketV1, GivenProcessorSectionStandsInForTheDerivedOne) {
  HardwareError error = machine_check();
  error.sections.push_back({{.type = cper::kSectionProcessorGeneric}, Buffer(192, 0x77)});
  error.sections.push_back({{.type = cper::kSectionMemory}, Buffer(80, 1)});
  const Buffer record = *create_record(vista(), *handle_error(vista(), error, 1, kNow), 1, kNow);
  EXPECT_EQ(shape(record), (std::vector<Shape>{{cper::kSectionProcessorGeneric, 192},
                                               {cper::kSectionMemory, 80},
                                               {cper::kSectionErrorPacket, 536}}));
  EXPECT_EQ(record[128 + 3 * 72], 0x77);
}

// A packet that is there already says by its type which section it is about.
TEST(PacketV1, HandedOverAsItIs) {
  Buffer packet = handle_error(vista(), machine_check(), 1, kNow)->packet;
  EXPECT_EQ(shape(*create_record(vista(), hand_over(vista(), packet), 1, kNow)),
            (std::vector<Shape>{{cper::kSectionProcessorGeneric, 192}, {cper::kSectionErrorPacket, 536}}));
  store_le<std::uint32_t>(&packet[32], 99);  // ErrorType
  EXPECT_EQ(shape(*create_record(vista(), hand_over(vista(), packet), 1, kNow))[0].length, 256u)
      << "no member of the union: the raw data";
}

// ---- what the kernel takes ----

std::optional<ReportedPacket> read(const char* profile, Bytes packet) {
  return read_packet({.profile = cper::find_profile(profile)}, whea::Packet::decode(packet));
}

TEST(ReportedPacket, IsOfTheVersionOfTheSystem) {
  const Buffer v1 = handle_error(vista(), machine_check(), 1, kNow)->packet;
  const Buffer v2 = *whea::encode_packet_v2({.source_id = 1}, Buffer(264, 0));
  EXPECT_TRUE(read("vista-sp1", v1));
  EXPECT_FALSE(read("vista-sp1", v2));
  EXPECT_FALSE(read("win7", v1));
  EXPECT_TRUE(read("win7", v2));
}

TEST(ReportedPacket, IsRefusedIfItIsNone) {
  const Buffer good_v1 = handle_error(vista(), machine_check(), 1, kNow)->packet;
  const Buffer good_v2 = *whea::encode_packet_v2({.source_id = 1}, Buffer(264, 0));
  const auto with = [](Buffer packet, std::size_t offset, std::uint32_t value) {
    store_le<std::uint32_t>(&packet[offset], value);
    return packet;
  };
  EXPECT_FALSE(read("win7", with(good_v2, 4, 4))) << "Version";
  EXPECT_FALSE(read("win7", with(good_v2, 8, 79))) << "Length";
  EXPECT_TRUE(read("win7", with(good_v2, 8, 80)));
  EXPECT_TRUE(read("win7", with(good_v2, 8, 0xffffffff))) << "only what is there counts";
  EXPECT_FALSE(read("win7", with(good_v2, 20, 4))) << "ErrorSeverity";
  EXPECT_FALSE(read("win7", with(good_v2, 20, 0xc0000001))) << "both private bits";
  const auto logged = read("win7", with(good_v2, 20, 0x40000001));
  ASSERT_TRUE(logged);
  EXPECT_EQ(logged->severity, Severity::fatal);
  EXPECT_FALSE(read("win7", Bytes(good_v2).first(79)));

  EXPECT_FALSE(read("vista-sp1", with(good_v1, 52, 3))) << "Version";
  EXPECT_FALSE(read("vista-sp1", with(good_v1, 8, 279))) << "Size";
  EXPECT_TRUE(read("vista-sp1", with(good_v1, 8, 280)));
  EXPECT_FALSE(read("vista-sp1", with(good_v1, 36, 0x40000001))) << "no private bits yet";
}

}  // namespace
}  // namespace wheatstone::windows
