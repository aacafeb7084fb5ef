// Records as trees of named values: the same bytes come back, and what people write becomes a record.
#include "formats/cper/record_node.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/layout/flatten.hpp"
#include "formats/layout/yaml_text.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::cper {
namespace {

using layout::Member;
using layout::Node;

Node text(std::string value, bool quoted = false) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.quoted = quoted;
  node.text = std::move(value);
  return node;
}

Node map(std::vector<Member> members) {
  Node node;
  node.kind = Node::Kind::map;
  node.members = std::move(members);
  return node;
}

Node list(std::vector<Node> items) {
  Node node;
  node.kind = Node::Kind::list;
  node.items = std::move(items);
  return node;
}

TEST(RecordNode, RealRecordsComeBackByteForByte) {
  for (const char* name : test::kRealRecords) {
    const Buffer bytes = test::load_record(name);
    const Node node = to_node(Record::decode(bytes));
    const auto made = compose_record(node);
    ASSERT_TRUE(made) << name << ": " << made.error().text();
    EXPECT_EQ(layout::hex_text(*made), layout::hex_text(bytes)) << name << "\n" << layout::to_yaml(node);
  }
}

TEST(RecordNode, ProfileFillsWhatIsNotSaid) {
  const Node record =
      map({{"profile", {}, text("win11-24H2")},
           {"Header", {}, map({{"Timestamp", {}, text("2026-01-15T08:00:00Z")}})},
           {"Sections", {}, list({map({{"Type", {}, text("XpfMca")}, {"Body", {}, map({})}})})}});
  const auto made = compose_record(record);
  ASSERT_TRUE(made) << made.error().text();
  const Record decoded = Record::decode(*made);
  EXPECT_TRUE(decoded.findings().empty());
  ASSERT_EQ(decoded.sections().size(), 1u);
  EXPECT_EQ(decoded.sections()[0].length, 1192u);
  EXPECT_EQ(decoded.descriptor(decoded.sections()[0])[Descriptor::kMajorRevision], 3);
  EXPECT_EQ((*decoded.header())[Header::kCreatorId], kCreatorWindows);
  EXPECT_EQ((*decoded.header())[Header::kTimestamp], 0x141a'010f'0008'0000u);
}

TEST(RecordNode, FirmwareWritesDatesInBcd) {
  const auto made =
      compose_record(map({{"profile", {}, text("uefi")},
                          {"Header", {}, map({{"Timestamp", {}, text("2026-01-15T08:00:00Z")}})}}));
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ((*Record::decode(*made).header())[Header::kTimestamp], 0x2026'0115'0008'0000u);
  EXPECT_EQ((*made)[4], 0x00);
  EXPECT_EQ((*made)[5], 0x01);
}

TEST(RecordNode, MistakesAreNamed) {
  const auto error = [](Node node) { return compose_record(node).error().text(); };
  EXPECT_THAT(error(map({{"profil", {3, 1}, text("win7")}})),
              ::testing::HasSubstr("did you mean 'profile'?"));
  EXPECT_THAT(error(map({{"profile", {3, 1}, text("win95")}})), ::testing::HasSubstr("there is no profile"));
  EXPECT_THAT(
      error(map({{"Sections", {}, list({map({{"Type", {}, text("XpfMcb")}, {"Bytes", {}, text("")}})})}})),
      ::testing::HasSubstr("did you mean 'XpfMca'?"));
  EXPECT_THAT(error(map({{"Sections", {}, list({map({{"Type", {}, text("XpfMca")}})})}})),
              ::testing::HasSubstr("needs its 'Body' or its 'Bytes'"));
  EXPECT_THAT(
      error(map({{"Sections", {}, list({map({{"Type", {}, text("XpfMca")}, {"Bytes", {}, text("0g")}})})}})),
      ::testing::HasSubstr("hex digits"));
}

}  // namespace
}  // namespace wheatstone::cper
