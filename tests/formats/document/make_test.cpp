// Documents as trees and back: whatever the bytes are, the tree makes the same ones.
#include "formats/document/make.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "formats/document/examples.hpp"
#include "formats/layout/yaml_text.hpp"
#include "formats/whea/packet.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::document {
namespace {

using layout::Node;
using ::testing::HasSubstr;

void expect_same(Kind kind, Bytes bytes) {
  const Node tree = to_node(Document::decode(kind, bytes));
  const auto made = make(tree);
  ASSERT_TRUE(made) << made.error().text() << "\n" << layout::to_yaml(tree);
  EXPECT_EQ(made->kind, kind);
  ASSERT_EQ(layout::hex_text(made->bytes), layout::hex_text(bytes)) << layout::to_yaml(tree);
}

std::vector<std::pair<Kind, Buffer>> samples() {
  std::vector<std::pair<Kind, Buffer>> all;
  for (const char* name : test::kRealRecords) all.emplace_back(Kind::record, test::load_record(name));
  for (const char* name : test::kSyntheticRecords) all.emplace_back(Kind::record, test::load_record(name));
  const Buffer record = test::load_record("multiple1");
  all.emplace_back(Kind::packet,
                   *whea::encode_packet_v2({}, Bytes(record).subspan(0x2b0 - 0x10, 292), Buffer{1, 2}));
  for (const KindInfo& kind : kinds()) {
    all.emplace_back(kind.kind, example(kind.kind));
    if (kind.kind == Kind::record || kind.kind == Kind::erst_store) continue;  // no forms to choose
    for (const layout::Layout* form : kind.forms) all.emplace_back(kind.kind, example(kind.kind, form->name));
  }
  return all;
}

TEST(Make, EverySampleComesBack) {
  for (const auto& [kind, bytes] : samples()) expect_same(kind, bytes);
}

TEST(Make, ExamplesNeedNoPatch) {
  for (const KindInfo& kind : kinds()) {
    const Buffer bytes = example(kind.kind);
    const Node tree = to_node(Document::decode(kind.kind, bytes));
    EXPECT_EQ(tree.members.size(), 1u) << layout::to_yaml(tree);
  }
}

TEST(Make, RealRecordsNeedNoPatch) {
  for (const char* name : test::kRealRecords) {
    const Buffer bytes = test::load_record(name);
    const Node tree = to_node(Document::decode(Kind::record, bytes));
    EXPECT_EQ(tree.members.size(), 1u) << layout::to_yaml(tree);
  }
}

TEST(Make, EveryTruncationComesBack) {
  for (const auto& [kind, bytes] : samples())
    for (std::size_t size = 0; size < bytes.size(); size += size < 160 ? 1 : 37 + size / 40)
      expect_same(kind, Bytes(bytes).first(size));
}

TEST(Make, BrokenBytesComeBack) {
  std::mt19937 random(7);
  for (const auto& [kind, bytes] : samples()) {
    for (int round = 0; round < 100; ++round) {
      Buffer broken = bytes;
      for (unsigned i = 1 + random() % 8; i > 0; --i)
        broken[random() % (round % 2 == 0 ? std::min<std::size_t>(broken.size(), 350) : broken.size())] =
            static_cast<std::uint8_t>(random() % 3 == 0 ? 0xff : random());
      expect_same(kind, broken);
    }
  }
}

TEST(Make, PatchAndLengthGoOverWhatWasMade) {
  const Buffer bytes = test::load_record("memory1");
  Node tree = to_node(Document::decode(Kind::record, bytes));
  Node length;
  length.kind = Node::Kind::scalar;
  length.text = "3";
  tree.members.push_back({"length", {}, length});
  EXPECT_EQ(make(tree)->bytes, (Buffer{'C', 'P', 'E'}));
  tree.members.back().value.text = "67108865";
  EXPECT_THAT(make(tree).error().text(), HasSubstr("'length' needs a number from 0 to 67108864"));
}

TEST(Make, MistakesAreNamed) {
  const auto error = [](std::vector<layout::Member> members) {
    Node tree;
    tree.kind = Node::Kind::map;
    tree.members = std::move(members);
    return make(tree).error().text();
  };
  const auto map = [](std::vector<layout::Member> members) {
    Node node;
    node.kind = Node::Kind::map;
    node.members = std::move(members);
    return node;
  };
  const auto text = [](std::string value) {
    Node node;
    node.kind = Node::Kind::scalar;
    node.text = std::move(value);
    return node;
  };
  EXPECT_THAT(error({}), HasSubstr("nothing says what is to be made"));
  EXPECT_THAT(error({{"recrod", {1, 1}, map({})}}), HasSubstr("did you mean 'record'?"));
  EXPECT_THAT(error({{"record", {1, 1}, map({})}, {"packet", {2, 1}, map({})}}),
              HasSubstr("there is a 'record' already"));
  EXPECT_THAT(error({{"packet", {1, 1}, map({})}}), HasSubstr("there are ErrorPacketV1, ErrorPacketV2"));
  EXPECT_THAT(error({{"packet", {1, 1}, map({{"Type", {2, 3}, text("V3")}})}}),
              HasSubstr("there is no error packet 'V3'"));
  Node patch;
  patch.kind = Node::Kind::list;
  patch.items.push_back(map({{"offset", {}, text("128")}, {"hex", {}, text("ff")}}));
  EXPECT_THAT(error({{"record", {}, map({})}, {"patch", {}, patch}}), HasSubstr("ends behind the 128 bytes"));
  patch.items[0].members[0].value.text = "127";
  EXPECT_EQ(make(map({{"record", {}, map({})}, {"patch", {}, patch}}))->bytes[127], 0xff);
}

}  // namespace
}  // namespace wheatstone::document
