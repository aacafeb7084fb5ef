// Reading by table: JSON, text, flat paths and differences of the sample structure, whole, short and lying.
#include "formats/layout/walk.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "formats/layout/flatten.hpp"
#include "formats/layout/json.hpp"
#include "tests/formats/layout/sample_layout.hpp"

namespace wheatstone::layout {
namespace {

using sample::kSample;

// 60 fixed bytes, two items (one with two bytes of data) and one vendor byte.
Buffer sample_bytes() {
  Buffer bytes(60, 0);
  store_le<std::uint16_t>(&bytes[0], 0x0001 | 2 << 2);  // Colour valid, Serial not, two items
  bytes[2] = 1;                                         // Green
  bytes[3] = 0x85;
  store_le<std::uint32_t>(&bytes[4], 0xabc);
  store_le<std::uint64_t>(&bytes[8], 0x20000000000001);
  bytes[31] = 1;  // One
  bytes[32] = 'o';
  bytes[33] = '"';
  bytes[34] = 0xff;
  bytes[36] = 0xe9;
  bytes[40] = 0xde;
  store_le<std::uint16_t>(&bytes[43], 5 << 3 | 7);
  bytes[45] = 1;
  bytes[49] = 3;
  store_le<std::uint16_t>(&bytes[51], 0x10de);
  store_le(&bytes[53], 0x030200, 3);
  bytes.insert(bytes.end(), {2, 7, 0xaa, 0xbb, 0, 9, 0x99});
  return bytes;
}

std::string json(Bytes bytes, Detail detail = Detail::all) {
  TextBuffer out(1);
  to_json(out, kSample, bytes, detail);
  return std::string(out.view());
}

std::map<std::string, std::string> leaves(Bytes bytes) {
  std::map<std::string, std::string> found;
  for (const Leaf& leaf : flatten(kSample, bytes)) found[leaf.path] = value_text(leaf);
  return found;
}

TEST(Json, ShowsEveryKindOfField) {
  EXPECT_EQ(json(sample_bytes()),
            R"({"ValidBits":{"raw":"0x0009","Colour":true,"Serial":false,"ItemCount":2},)"
            R"("Colour":{"value":1,"name":"Green"},"Detail":{"raw":"0x85","Nibble":5,"Top":true},)"
            R"("Serial":"0x00000abc","Total":"9007199254740993",)"
            R"("Id":{"guid":"00000000-0000-0000-0000-000000000001","name":"One"},)"
            R"("Text":"o\"\u00ff","Wide":"é","Raw":"de0000","SlotNumber":5,"Numbers":[1,0,3],)"
            R"("Inner":{"Vendor":"0x10de","Class":"0x030200","Reserved":"00"},"Version.Minor":0,"Late":0,)"
            R"("Items":[{"Size":2,"Tag":7,"Data":"aabb"},{"Size":0,"Tag":9}],"Vendor":"99"})");
}

TEST(Json, ValidDetailLeavesOutWhatSaysNothing) {
  const std::string text = json(sample_bytes(), Detail::valid);
  EXPECT_NE(text.find(R"("ValidBits":{"raw":"0x0009","Colour":true,"ItemCount":2})"), std::string::npos);
  EXPECT_EQ(text.find("Serial"), std::string::npos);
  EXPECT_EQ(text.find("Reserved"), std::string::npos);
}

TEST(Json, AChoiceWithoutARowUsesItsOtherwise) {
  Buffer bytes = sample_bytes();
  bytes[2] = 0;
  EXPECT_NE(json(bytes).find(R"("Detail":{"raw":"0x85","Whole":133})"), std::string::npos);
}

TEST(Json, UnknownValuesAreNumbers) {
  Buffer bytes = sample_bytes();
  bytes[2] = 9;
  EXPECT_NE(json(bytes).find(R"("Colour":{"value":9})"), std::string::npos);
}

TEST(Json, AFieldIsPresentOnlyIfAllOfItIs) {
  const Buffer bytes = sample_bytes();
  EXPECT_NE(json(Bytes(bytes).first(60)).find(R"("Late":0,"Items":[]})"), std::string::npos);
  const std::string cut = json(Bytes(bytes).first(59));
  EXPECT_EQ(cut.find("Late"), std::string::npos);
  EXPECT_NE(cut.find(R"("Unread":"00"})"), std::string::npos);
  EXPECT_EQ(json({}), "{}");
}

TEST(Json, AnElementThatDoesNotFitEndsTheList) {
  Buffer bytes = sample_bytes();
  bytes[60] = 200;  // the first item says it is longer than what is there
  EXPECT_NE(json(bytes).find(R"("Items":[],"Unread":"c807aabb000999"})"), std::string::npos);
  bytes[60] = 2;
  bytes[0] = 0x01 | 63 << 2;  // 63 items announced
  // The seventh byte alone is no item: two are read, one byte is left.
  EXPECT_NE(json(bytes).find(R"({"Size":0,"Tag":9}],"Unread":"99"})"), std::string::npos);
}

TEST(Flatten, NamesEveryLeafByPath) {
  const auto found = leaves(sample_bytes());
  EXPECT_EQ(found.at("Colour"), "Green (1)");
  EXPECT_EQ(found.at("ValidBits.ItemCount"), "2");
  EXPECT_EQ(found.at("Detail.Top"), "true");
  EXPECT_EQ(found.at("Serial"), "0x00000abc");
  EXPECT_EQ(found.at("Id"), "One");
  EXPECT_EQ(found.at("Text"), "o\"\\xff");
  EXPECT_EQ(found.at("Wide"), "é");
  EXPECT_EQ(found.at("SlotNumber"), "5");
  EXPECT_EQ(found.at("Numbers[2]"), "3");
  EXPECT_EQ(found.at("Inner.Class"), "0x030200");
  EXPECT_EQ(found.at("Items[0].Data"), "aabb");
  EXPECT_EQ(found.at("Items[1].Tag"), "9");
  EXPECT_EQ(found.at("Vendor"), "99");
}

TEST(Flatten, MarksWhatIsNotValid) {
  for (const Leaf& leaf : flatten(kSample, sample_bytes(), "X."))
    EXPECT_EQ(leaf.valid, leaf.path != "X.Serial") << leaf.path;
}

TEST(Text, AlignsAndMarks) {
  const std::string text = to_text(kSample, sample_bytes(), "> ");
  EXPECT_NE(text.find("> Serial              : 0x00000abc  (not valid)\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("ValidBits.Serial"), std::string::npos);
}

TEST(Diff, NamesWhatDiffersAndWhatOnlyOneSideHas) {
  const Buffer left = sample_bytes();
  Buffer right = left;
  right[51] = 0xdd;
  right.pop_back();
  const auto differences = diff(flatten(kSample, left), flatten(kSample, right));
  ASSERT_EQ(differences.size(), 2u);
  EXPECT_EQ(differences[0].path, "Inner.Vendor");
  EXPECT_EQ(differences[0].left, "0x10de");
  EXPECT_EQ(differences[0].right, "0x10dd");
  EXPECT_EQ(differences[1].path, "Vendor");
  EXPECT_EQ(differences[1].right, "");
}

TEST(Walk, ReadsOnlyWhatIsThereWhateverTheBytesSay) {
  std::mt19937 random(1);
  const Buffer good = sample_bytes();
  for (int round = 0; round < 20'000; ++round) {
    // An exact allocation, so that the sanitizer sees a single byte too far.
    Buffer bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(random() % (good.size() + 1)));
    bytes.shrink_to_fit();
    for (int change = 0; change < 4 && !bytes.empty(); ++change)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    TextBuffer out(1);
    to_json(out, kSample, bytes, round % 2 == 0 ? Detail::all : Detail::valid);
    ASSERT_EQ(out.view().front(), '{');
    ASSERT_EQ(out.view().back(), '}');
    ASSERT_LE(flatten(kSample, bytes).size(), 40 + 3 * bytes.size());
  }
}

TEST(JsonWriter, SeparatesAndEscapes) {
  TextBuffer out(1);
  JsonWriter json(out);
  json.begin_object();
  json.key("a\"b");
  json.text("line\nbreak \xff \x01");
  json.key("list");
  json.begin_array();
  json.number(std::uint64_t{1});
  json.hex(0xab, 4);
  json.boolean(true);
  json.null();
  json.begin_array();
  json.end_array();
  json.end_array();
  json.key("bytes");
  json.hex_bytes(Buffer{0, 0x7f, 0xff});
  json.key("half");
  json.number(0.5);
  json.end_object();
  EXPECT_EQ(out.view(),
            "{\"a\\\"b\":\"line\\nbreak \xef\xbf\xbd \\u0001\",\"list\":[1,\"0x00ab\",true,null,[]],"
            "\"bytes\":\"007fff\",\"half\":0.5}");
}

TEST(TextBuffer, WritesNumbersOfEveryLength) {
  TextBuffer out(1);
  std::uint64_t value = 0;
  for (int digits = 1; digits <= 20; ++digits) {
    out.clear();
    out.commit(put_dec(out.room(kDecimalRoom), value));
    EXPECT_EQ(out.view(), std::to_string(value));
    value = value * 10 + 9;
  }
  out.clear();
  out.commit(put_dec(out.room(kDecimalRoom), ~std::uint64_t{0}));
  EXPECT_EQ(out.view(), "18446744073709551615");
}

TEST(TextBuffer, WritesHexOfEveryWidth) {
  TextBuffer out(1);
  for (unsigned digits = 1; digits <= 16; ++digits) {
    out.clear();
    out.commit(put_hex(out.room(16), 0x0123456789abcdef, digits));
    EXPECT_EQ(out.view(), std::string("0123456789abcdef").substr(16 - digits));
  }
  EXPECT_EQ(hex_text(Buffer{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd}), "0123456789abcd");
  EXPECT_EQ(hex_text({}), "");
}

TEST(TextBuffer, PutsTextsOfEveryLength) {
  const std::string text = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    TextBuffer out(1);
    out.append(text.substr(0, size));
    EXPECT_EQ(out.view(), text.substr(0, size));
  }
}

}  // namespace
}  // namespace wheatstone::layout
