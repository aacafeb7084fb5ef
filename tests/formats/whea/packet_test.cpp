#include "formats/whea/packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/layout/flatten.hpp"
#include "tests/formats/whea/records.hpp"

namespace wheatstone::whea {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint8_t kData[] = {0xd0, 0xd1, 0xd2};
constexpr std::uint8_t kPshed[] = {0xe0, 0xe1};

Buffer small_packet() {
  return *encode_packet_v2({.flags = kPacketSimulated,
                            .error_type = ErrorType::memory,
                            .severity = cper::Severity::corrected,
                            .source_id = 0x11121314,
                            .source_type = ErrorSourceType::generic,
                            .notify_type = cper::kNotifyGeneric,
                            .context = 0x2122232425262728,
                            .data_format = DataFormat::generic},
                           kData, kPshed);
}

Buffer packet_v1(std::uint32_t raw_data, std::uint32_t raw_data_length) {
  Buffer bytes(kPacketHeaderV1 + raw_data, 0);
  for (std::uint32_t i = 0; i < raw_data; ++i) bytes[kPacketHeaderV1 + i] = static_cast<std::uint8_t>(i);
  store_le<std::uint32_t>(bytes.data(), kPacketSignatureV1);
  auto edit = *layout::Editor<PacketV1>::make(kPacketV1, bytes);
  edit.set(PacketV1::kSize, static_cast<std::uint32_t>(bytes.size()));
  edit.set(PacketV1::kVersion, kPacketVersionV1);
  edit.set(PacketV1::kRawDataLength, raw_data_length);
  edit.set(PacketV1::kRawDataOffset, static_cast<std::uint32_t>(kPacketHeaderV1));
  edit.set(PacketV1::kRawDataFormat, 3u);
  return bytes;
}

void set(Buffer& bytes, layout::Handle<PacketV2, std::uint32_t> at, std::uint32_t value) {
  layout::Editor<PacketV2>::make(kPacketV2, bytes)->set(at, value);
}

TEST(PacketV2, WritesTheseBytes) {
  const Buffer expected = {'W',  'H',  'E',  'A',  3,    0,    0,    0,     // Signature, Version
                           85,   0,    0,    0,    8,    0,    0,    0,     // Length, Flags
                           1,    0,    0,    0,    2,    0,    0,    0,     // ErrorType, ErrorSeverity
                           0x14, 0x13, 0x12, 0x11, 5,    0,    0,    0,     // ErrorSourceId, ErrorSourceType
                           0x67, 0xa4, 0x62, 0x3e, 0x40, 0xab, 0x9a, 0x40,  // NotifyType
                           0xa6, 0x98, 0xf3, 0x62, 0xd4, 0x64, 0xb3, 0x8f,  //
                           0x28, 0x27, 0x26, 0x25, 0x24, 0x23, 0x22, 0x21,  // Context
                           7,    0,    0,    0,    0,    0,    0,    0,     // DataFormat, Reserved1
                           80,   0,    0,    0,    3,    0,    0,    0,     // DataOffset, DataLength
                           83,   0,    0,    0,    2,    0,    0,    0,  // PshedDataOffset, PshedDataLength
                           0xd0, 0xd1, 0xd2, 0xe0, 0xe1};
  EXPECT_EQ(small_packet(), expected);
}

TEST(PacketV2, GivesAbsentPartsNoOffset) {
  const Buffer bytes = *encode_packet_v2({}, {}, {});
  ASSERT_EQ(bytes.size(), kPacketHeaderV2);
  const Packet packet = Packet::decode(bytes);
  EXPECT_THAT(packet.findings(), IsEmpty());
  EXPECT_EQ((*packet.v2())[PacketV2::kDataOffset], 0u);
  EXPECT_EQ((*packet.v2())[PacketV2::kPshedDataOffset], 0u);
  EXPECT_TRUE(packet.data().empty());
}

TEST(PacketV2, ReadsWhatItWrote) {
  const Buffer bytes = small_packet();
  const Packet packet = Packet::decode(bytes);
  EXPECT_EQ(packet.version(), PacketVersion::v2);
  EXPECT_THAT(packet.findings(), IsEmpty());
  EXPECT_THAT(packet.data(), ElementsAre(0xd0, 0xd1, 0xd2));
  EXPECT_THAT(packet.pshed_data(), ElementsAre(0xe0, 0xe1));
  EXPECT_FALSE(packet.v1());
  ASSERT_EQ(packet.layout(), &kPacketV2);
  EXPECT_EQ(packet.data_layout(), nullptr);
  const auto leaves = layout::flatten(kPacketV2, bytes);
  const auto type = std::ranges::find(leaves, "ErrorSourceType", &layout::Leaf::path);
  ASSERT_NE(type, leaves.end());
  EXPECT_EQ(type->text, "Generic");
}

TEST(PacketV2, KnowsTheStructureOfItsData) {
  const Buffer mca = mca_body({.mca_length = 292});
  const Buffer bytes = *encode_packet_v2({.data_format = DataFormat::xpf_mca}, mca);
  EXPECT_EQ(Packet::decode(bytes).data_layout(), &cper::kXpfMcaV3);
  const Buffer cut = *encode_packet_v2({.data_format = DataFormat::xpf_mca}, Bytes(mca).first(263));
  EXPECT_EQ(Packet::decode(cut).data_layout(), nullptr);
  const Buffer nmi = *encode_packet_v2({.data_format = DataFormat::nmi_port}, Buffer(12, 0));
  EXPECT_EQ(Packet::decode(nmi).data_layout(), &cper::kNmi);
}

TEST(PacketV2, ReportsPartsThatAreOutside) {
  struct Case {
    layout::Handle<PacketV2, std::uint32_t> field;
    std::uint32_t good, bad;
  };
  for (const Case& each : {Case{PacketV2::kDataOffset, 82, 83}, Case{PacketV2::kDataOffset, 80, 79},
                           Case{PacketV2::kDataOffset, 81, 0xffffffff}, Case{PacketV2::kDataLength, 5, 6},
                           Case{PacketV2::kDataLength, 3, 0xffffffff}, Case{PacketV2::kPshedDataLength, 2, 3},
                           Case{PacketV2::kPshedDataOffset, 83, 84}}) {
    SCOPED_TRACE(testing::Message() << each.field.offset << " = " << each.bad);
    Buffer bytes = small_packet();
    set(bytes, each.field, each.good);
    const Packet good = Packet::decode(bytes);
    EXPECT_EQ(std::ranges::count(good.findings(), FindingSeverity::error, &Finding::severity), 0);
    set(bytes, each.field, each.bad);
    const Packet packet = Packet::decode(bytes);
    EXPECT_THAT(codes(packet.findings()), testing::Contains("packet-data-outside"));
    const bool pshed = each.field.offset >= PacketV2::kPshedDataOffset.offset;
    EXPECT_TRUE(pshed ? packet.pshed_data().empty() : packet.data().empty());
    EXPECT_EQ((pshed ? packet.data() : packet.pshed_data()).size(), pshed ? 3u : 2u);
  }
}

TEST(PacketV2, ReportsSharedBytes) {
  Buffer bytes = small_packet();
  set(bytes, PacketV2::kPshedDataOffset, 82);
  EXPECT_THAT(codes(Packet::decode(bytes).findings()), ElementsAre("packet-data-overlap"));
  set(bytes, PacketV2::kPshedDataLength, 0);
  EXPECT_THAT(Packet::decode(bytes).findings(), IsEmpty());
}

TEST(PacketV2, ReportsALengthThatLies) {
  Buffer bytes = small_packet();
  set(bytes, PacketV2::kLength, 86);
  EXPECT_THAT(codes(Packet::decode(bytes).findings()), ElementsAre("packet-length-beyond-input"));
  EXPECT_EQ(Packet::decode(bytes).data().size(), 3u);  // still readable
  set(bytes, PacketV2::kLength, 84);
  EXPECT_THAT(codes(Packet::decode(bytes).findings()),
              ElementsAre("packet-bytes-behind", "packet-data-outside"));
  set(bytes, PacketV2::kLength, 79);
  EXPECT_THAT(codes(Packet::decode(bytes).findings()), ElementsAre("packet-length-short"));
  bytes.push_back(0);
  set(bytes, PacketV2::kLength, 85);
  EXPECT_THAT(codes(Packet::decode(bytes).findings()), ElementsAre("packet-bytes-behind"));
}

TEST(PacketV2, ReportsAnotherVersion) {
  Buffer bytes = small_packet();
  set(bytes, PacketV2::kVersion, 4);
  const Packet packet = Packet::decode(bytes);
  EXPECT_THAT(codes(packet.findings()), ElementsAre("packet-version"));
  EXPECT_EQ(packet.data().size(), 3u);
}

TEST(Packet, KnowsItselfBySignatureAndHeader) {
  const Buffer good = *encode_packet_v2({}, {}, {});
  EXPECT_EQ(Packet::decode(good).version(), PacketVersion::v2);
  const Bytes cut = Bytes(good).first(79);
  EXPECT_EQ(Packet::decode(cut).version(), PacketVersion::unknown);
  EXPECT_THAT(codes(Packet::decode(cut).findings()), ElementsAre("packet-truncated"));
  EXPECT_THAT(codes(Packet::decode(Bytes(good).first(3)).findings()), ElementsAre("packet-signature"));
  EXPECT_THAT(codes(Packet::decode({}).findings()), ElementsAre("packet-signature"));
  const Buffer other = {'C', 'P', 'E', 'R'};
  const Packet packet = Packet::decode(other);
  EXPECT_THAT(codes(packet.findings()), ElementsAre("packet-signature"));
  EXPECT_EQ(packet.layout(), nullptr);
  EXPECT_EQ(packet.data_layout(), nullptr);
  EXPECT_FALSE(packet.v1() || packet.v2());
}

TEST(PacketV2, FindsTheLogDataOfADriver) {
  Buffer bytes = small_packet();
  set(bytes, PacketV2::kErrorSeverity, 2u | kPacketLogDataFollows);
  const std::size_t end = bytes.size();
  bytes.resize(end + 104, 0xab);
  const Packet packet = Packet::decode(bytes);
  EXPECT_THAT(packet.findings(), IsEmpty());
  EXPECT_EQ(packet.log_data().data(), bytes.data() + end);
  EXPECT_EQ(packet.log_data().size(), 104u);
  const Packet cut = Packet::decode(Bytes(bytes).first(end + 103));
  EXPECT_THAT(codes(cut.findings()), ElementsAre("packet-log-data-outside", "packet-bytes-behind"));
  EXPECT_TRUE(cut.log_data().empty());
  bytes.push_back(0);
  const Packet longer = Packet::decode(bytes);
  EXPECT_THAT(codes(longer.findings()), ElementsAre("packet-bytes-behind"));
  EXPECT_EQ(longer.findings()[0].offset, end + 104);
  set(bytes, PacketV2::kErrorSeverity, 2);
  EXPECT_TRUE(Packet::decode(bytes).log_data().empty());
}

constexpr std::uint8_t kError[] = {0xe0, 0xe1};
constexpr NewPacketV1 kNewPacketV1 = {.flags = kPacketSimulated,
                                      .error_type = ErrorType::pcix_device,
                                      .severity = cper::Severity::corrected,
                                      .source_id = 0x11121314,
                                      .source_type = ErrorSourceType::pcie,
                                      .context = 0x2122232425262728,
                                      .cpu = 0x3132333435363738,
                                      .raw_data_format = RawDataFormat::generic};

TEST(PacketV1, WritesTheseBytes) {
  Buffer expected = {'E',  'r',  'P',  't',  8,    0,    0,    0,     // Signature, Flags
                     27,   1,    0,    0,    3,    0,    0,    0,     // Size 283, RawDataLength
                     0,    0,    0,    0,    0,    0,    0,    0,     // Reserved1
                     0x28, 0x27, 0x26, 0x25, 0x24, 0x23, 0x22, 0x21,  // Context
                     5,    0,    0,    0,    2,    0,    0,    0,     // ErrorType, ErrorSeverity
                     0x14, 0x13, 0x12, 0x11, 4,    0,    0,    0,     // ErrorSourceId, ErrorSourceType
                     0,    0,    0,    0,    2,    0,    0,    0,     // Reserved2, Version
                     0x38, 0x37, 0x36, 0x35, 0x34, 0x33, 0x32, 0x31,  // Cpu
                     0xe0, 0xe1};
  expected.resize(272);
  const Buffer format_and_offset = {9, 0, 0, 0, 24, 1, 0, 0};
  expected.insert(expected.end(), format_and_offset.begin(), format_and_offset.end());
  expected.insert(expected.end(), std::begin(kData), std::end(kData));
  EXPECT_EQ(*encode_packet_v1(kNewPacketV1, kError, kData), expected);
}

TEST(PacketV1, ReadsWhatItWrote) {
  const Buffer bytes = *encode_packet_v1(kNewPacketV1, kError, kData);
  const Packet packet = Packet::decode(bytes);
  EXPECT_EQ(packet.version(), PacketVersion::v1);
  EXPECT_THAT(packet.findings(), IsEmpty());
  EXPECT_THAT(packet.data(), ElementsAre(0xd0, 0xd1, 0xd2));
  // As Windows does it: the maximum of the source.
  NewPacketV1 maximum = kNewPacketV1;
  maximum.raw_data_length = 0x392;
  const Buffer longer = *encode_packet_v1(maximum, kError, kData);
  EXPECT_THAT(codes(Packet::decode(longer).findings()), ElementsAre("packet-data-length-is-maximum"));
  EXPECT_EQ(Packet::decode(longer).data().size(), 3u);
}

TEST(PacketV1, HoldsAUnionOf208Bytes) {
  EXPECT_EQ(encode_packet_v1({}, Buffer(208, 1))->size(), 280u);
  EXPECT_EQ((*encode_packet_v1({}, Buffer(208, 1)))[271], 1);
  EXPECT_EQ((*encode_packet_v1({}, Buffer(208, 1)))[272], 3);
  const auto wrong = encode_packet_v1({}, Buffer(209, 1));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::invalid_argument);
}

TEST(PacketV1, ReadsRawData) {
  const Buffer bytes = packet_v1(4, 4);
  const Packet packet = Packet::decode(bytes);
  EXPECT_EQ(packet.version(), PacketVersion::v1);
  EXPECT_EQ(packet.layout(), &kPacketV1);
  EXPECT_THAT(packet.findings(), IsEmpty());
  EXPECT_THAT(packet.data(), ElementsAre(0, 1, 2, 3));
  EXPECT_TRUE(packet.v1());
  EXPECT_FALSE(packet.v2());
}

// As in the documented example: RawDataLength 0x392 in a packet of 0x218 bytes.
TEST(PacketV1, TakesARawDataLengthThatIsTheSourcesMaximum) {
  const Buffer bytes = packet_v1(256, 0x392);
  ASSERT_EQ(bytes.size(), 0x218u);
  const Packet packet = Packet::decode(bytes);
  EXPECT_THAT(codes(packet.findings()), ElementsAre("packet-data-length-is-maximum"));
  EXPECT_EQ(packet.findings()[0].severity, FindingSeverity::note);
  EXPECT_EQ(packet.data().size(), 256u);
  EXPECT_EQ(packet.data_layout(), &kMcaException);
  const Buffer shorter = packet_v1(255, 0x392);
  EXPECT_EQ(Packet::decode(shorter).data_layout(), nullptr);
}

TEST(PacketV1, ReportsRawDataThatIsOutside) {
  for (const auto& [offset, good] : {std::pair{280u, true}, {279u, false}, {284u, true}, {285u, false}}) {
    Buffer bytes = packet_v1(4, 0);
    layout::Editor<PacketV1>::make(kPacketV1, bytes)->set(PacketV1::kRawDataOffset, offset);
    const Packet packet = Packet::decode(bytes);
    EXPECT_EQ(packet.findings().empty(), good) << offset;
    EXPECT_TRUE(packet.data().empty());
  }
  Buffer bytes = packet_v1(0, 0);
  EXPECT_EQ(Packet::decode(Bytes(bytes).first(279)).version(), PacketVersion::unknown);
}

TEST(PacketV1, ShowsTheMemberThatTheErrorTypeSays) {
  Buffer bytes = packet_v1(0, 0);
  layout::Editor<PacketV1>::make(kPacketV1, bytes)->set(PacketV1::kErrorType, 3u);
  bytes[72] = 1;  // NmiError.Flags
  const auto leaves = layout::flatten(kPacketV1, bytes);
  const auto flag = std::ranges::find(leaves, "Error.Flags.HypervisorError", &layout::Leaf::path);
  ASSERT_NE(flag, leaves.end());
  EXPECT_EQ(flag->number, 1u);
}

}  // namespace
}  // namespace wheatstone::whea
