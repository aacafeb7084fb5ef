#include "formats/mutate/splice.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "formats/cper/compose.hpp"
#include "formats/cper/header.hpp"
#include "formats/cper/record.hpp"
#include "formats/whea/packet.hpp"

namespace wheatstone::mutate {
namespace {

using layout::Region;

struct Case {
  Buffer memory;
  Patient patient;

  Case(Kind kind, const Buffer& input, std::size_t more) : memory(input) {
    memory.resize(input.size() + more);
    patient.room = memory;
    patient.size = input.size();
    patient.kind = kind;
    patient.examine();
  }
};

// Two sections of unknown type, of 8 and 4 bytes.
Buffer two_sections() {
  const Buffer first(8, 0x11), second(4, 0x22);
  const cper::NewSection sections[] = {{.type = Guid{{1}}, .body = first},
                                       {.type = Guid{{2}}, .body = second}};
  return cper::encode({}, sections).value();
}

std::uint32_t length_of(Bytes record) {
  return load_le<std::uint32_t>(record.data() + cper::Header::kLength.offset);
}
std::uint32_t descriptor(Bytes record, std::size_t i, std::uint32_t field) {
  return load_le<std::uint32_t>(record.data() + cper::kHeaderSize + i * cper::kDescriptorSize + field);
}

TEST(Splice, AGrowingSectionMovesTheNextOne) {
  Case c(Kind::record, two_sections(), 3);
  const std::uint32_t body = c.patient.anatomy.sections[0].body;
  const Region region = c.patient.anatomy.regions[body];
  const Buffer more = {0xa, 0xb, 0xc};
  ASSERT_TRUE(splice(c.patient, body, region.begin + 8, 0, more));
  const Bytes record = c.patient.bytes();
  EXPECT_EQ(length_of(record), 128u + 2 * 72 + 12 + 3);
  EXPECT_EQ(descriptor(record, 0, 0), 272u);
  EXPECT_EQ(descriptor(record, 0, 4), 11u);
  EXPECT_EQ(descriptor(record, 1, 0), 283u);
  EXPECT_EQ(descriptor(record, 1, 4), 4u);
  EXPECT_EQ(Buffer(record.begin() + 272, record.end()),
            (Buffer{0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0xa, 0xb, 0xc, 0x22, 0x22, 0x22, 0x22}));
  EXPECT_TRUE(cper::Record::decode(record).findings().empty());
}

TEST(Splice, AShrinkingSectionPullsTheNextOne) {
  Case c(Kind::record, two_sections(), 0);
  const std::uint32_t body = c.patient.anatomy.sections[0].body;
  ASSERT_TRUE(splice(c.patient, body, c.patient.anatomy.regions[body].begin + 2, 5, {}));
  EXPECT_EQ(length_of(c.patient.bytes()), 128u + 2 * 72 + 7);
  EXPECT_EQ(descriptor(c.patient.bytes(), 0, 4), 3u);
  EXPECT_EQ(descriptor(c.patient.bytes(), 1, 0), 275u);
  EXPECT_TRUE(cper::Record::decode(c.patient.bytes()).findings().empty());
}

TEST(Splice, WhatDoesNotFitChangesNothing) {
  Case c(Kind::record, two_sections(), 2);
  const Buffer before = c.memory;
  const std::uint32_t body = c.patient.anatomy.sections[0].body;
  EXPECT_FALSE(splice(c.patient, body, c.patient.anatomy.regions[body].begin, 0, Buffer(3, 0)));
  EXPECT_EQ(c.memory, before);
  EXPECT_TRUE(splice(c.patient, body, c.patient.anatomy.regions[body].begin, 0, Buffer(2, 0)));
}

TEST(Splice, ALengthThatCannotGrowRefuses) {
  Buffer record = two_sections();
  store_le<std::uint32_t>(record.data() + cper::Header::kLength.offset, 0xffffffff);
  Case c(Kind::record, record, 8);
  const Buffer before = c.memory;
  const std::uint32_t body = c.patient.anatomy.sections[0].body;
  EXPECT_FALSE(splice(c.patient, body, c.patient.anatomy.regions[body].begin, 0, Buffer(1, 0)));
  EXPECT_EQ(c.memory, before);
}

TEST(Splice, WhatWasWrongStaysAsWrong) {
  Buffer record = two_sections();
  store_le<std::uint32_t>(record.data() + cper::Header::kLength.offset, 1000);
  Case c(Kind::record, record, 8);
  const std::uint32_t body = c.patient.anatomy.sections[1].body;
  ASSERT_TRUE(splice(c.patient, body, c.patient.anatomy.regions[body].begin, 0, Buffer(6, 0)));
  EXPECT_EQ(length_of(c.patient.bytes()), 1006u);
}

TEST(Splice, PartsOfAPacketMoveBehindEachOther) {
  const Buffer data(16, 0x33), pshed(5, 0x44);
  const Buffer packet =
      whea::encode_packet_v2({.data_format = whea::DataFormat::generic}, data, pshed).value();
  Case c(Kind::packet, packet, 4);
  const auto& regions = c.patient.anatomy.regions;
  const auto part = std::ranges::find_if(
      regions, [](const Region& r) { return r.tail != nullptr && r.tail->name == "Data"; });
  ASSERT_NE(part, regions.end());
  ASSERT_TRUE(
      splice(c.patient, static_cast<std::uint32_t>(part - regions.begin()), part->begin, 0, Buffer(4, 0x55)));
  const whea::Packet read = whea::Packet::decode(c.patient.bytes());
  EXPECT_TRUE(read.findings().empty());
  EXPECT_EQ(read.data().size(), 20u);
  EXPECT_EQ(Buffer(read.pshed_data().begin(), read.pshed_data().end()), pshed);
}

TEST(Splice, APacketInARecordGrowsWithIt) {
  const Buffer data(16, 0x33), more(4, 0x55), behind(4, 0x66);
  const Buffer packet = whea::encode_packet_v2({.data_format = whea::DataFormat::generic}, data).value();
  const cper::NewSection sections[] = {{.type = cper::find_section("ErrorPacket")->guid, .body = packet},
                                       {.type = Guid{{2}}, .body = behind}};
  Case c(Kind::record, cper::encode({}, sections).value(), 4);
  const auto& regions = c.patient.anatomy.regions;
  const auto part = std::ranges::find_if(
      regions, [](const Region& r) { return r.tail != nullptr && r.tail->name == "Data"; });
  ASSERT_NE(part, regions.end());
  ASSERT_TRUE(splice(c.patient, static_cast<std::uint32_t>(part - regions.begin()), part->begin, 0, more));
  const cper::Record record = cper::Record::decode(c.patient.bytes());
  EXPECT_TRUE(record.findings().empty());
  const whea::Packet read = whea::Packet::decode(record.body(record.sections()[0]));
  EXPECT_TRUE(read.findings().empty());
  EXPECT_EQ(read.data().size(), 20u);
  EXPECT_TRUE(std::ranges::equal(record.body(record.sections()[1]), behind));
}

TEST(Splice, CountsStayInTheirBits) {
  Case c(Kind::record, two_sections(), 0);
  std::uint32_t array = 0;
  for (std::uint32_t i = 0; i < c.patient.anatomy.regions.size(); ++i)
    if (is_descriptors(c.patient.anatomy.regions[i])) array = i;
  const auto count = [&] {
    return load_le<std::uint16_t>(c.memory.data() + cper::Header::kSectionCount.offset);
  };
  EXPECT_TRUE(add_to_count(c.patient, array, 1));
  EXPECT_EQ(count(), 3);
  store_le<std::uint16_t>(c.memory.data() + cper::Header::kSectionCount.offset, 0xffff);
  EXPECT_FALSE(add_to_count(c.patient, array, 1));
  EXPECT_EQ(count(), 0xffff);
  EXPECT_TRUE(add_to_count(c.patient, array, -1));
  EXPECT_EQ(count(), 0xfffe);
  store_le<std::uint16_t>(c.memory.data() + cper::Header::kSectionCount.offset, 0);
  EXPECT_FALSE(add_to_count(c.patient, array, -1)) << "0 has nothing below it";
}

}  // namespace
}  // namespace wheatstone::mutate
