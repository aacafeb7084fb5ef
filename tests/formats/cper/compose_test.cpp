#include "formats/cper/compose.hpp"

#include <gtest/gtest.h>

#include "formats/cper/profile.hpp"
#include "formats/cper/record.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/flatten.hpp"

namespace wheatstone::cper {
namespace {

layout::Node scalar(std::string text) {
  layout::Node node;
  node.kind = layout::Node::Kind::scalar;
  node.text = std::move(text);
  node.mark = {4, 11};
  return node;
}

layout::Node map(std::vector<std::pair<std::string, layout::Node>> members) {
  layout::Node node;
  node.kind = layout::Node::Kind::map;
  for (auto& [key, value] : members) node.members.push_back({key, {4, 3}, std::move(value)});
  return node;
}

TEST(Encode, WritesExactlyTheseBytes) {
  const Buffer body = {1, 2, 3, 4, 5, 6, 7, 8, 1, 0, 0, 0};
  const NewRecord record{.severity = Severity::corrected,
                         .notify_type = kNotifyNmi,
                         .timestamp = 0x14190b0e000c0a23,
                         .record_id = 0x01dc5518e0aab1c0,
                         .flags = kFlagSimulated};
  const auto bytes = encode(record, std::vector<NewSection>{{.type = kSectionNmi,
                                                             .body = body,
                                                             .severity = Severity::corrected,
                                                             .flags = kSectionPrimary,
                                                             .fru_text = "DIMM A1"}});
  ASSERT_TRUE(bytes);
  const auto expected = layout::parse_hex_bytes(R"(
      43504552 1002 ffffffff 0100 02000000 02000000 d4000000 230a0c000e0b1914
      00000000000000000000000000000000 00000000000000000000000000000000
      bdc407cf89b7184eb3c41f732cb57131 ff89ad5be6b7c942814acf2485d6e98a
      c0b1aae01855dc01 04000000 0000000000000000 000000000000000000000000
      c8000000 0c000000 0003 02 00 01000000 e75412e7b9c14049ab76909703a4320f
      00000000000000000000000000000000 02000000 44494d4d20413100000000000000000000000000
      0102030405060708 01000000)");
  ASSERT_TRUE(expected);
  EXPECT_EQ(*bytes, *expected);
  EXPECT_TRUE(Record::decode(*bytes).findings().empty());
}

TEST(Encode, AFruTextThatIsTooLongIsCut) {
  const auto bytes = encode(
      {}, std::vector<NewSection>{{.type = kSectionNmi, .body = {}, .fru_text = "0123456789012345678901"}});
  const Record record = Record::decode(*bytes);
  EXPECT_EQ(as_text(record.descriptor_bytes(record.sections()[0]).last(20)), "01234567890123456789");
}

TEST(Encode, RefusesMoreSectionsThanACountHolds) {
  const std::vector<NewSection> sections(65'536, NewSection{.type = kSectionNmi, .body = {}});
  EXPECT_TRUE(encode({}, std::span(sections).first(65'535)));
  const auto too_many = encode({}, sections);
  ASSERT_FALSE(too_many);
  EXPECT_EQ(too_many.error().kind, ErrorKind::invalid_argument);
}

TEST(ComposeSection, FillsByName) {
  const auto body = compose_section(*find_section("XpfMca"), map({{"BankNumber", scalar("5")},
                                                                  {"CpuVendor", scalar("Intel")},
                                                                  {"SectionLength", scalar("292")},
                                                                  {"Status.McaErrorCode", scalar("0x135")}}));
  ASSERT_TRUE(body) << body.error().text();
  EXPECT_EQ(body->size(), 292u);
  EXPECT_EQ((*body)[36], 5);
  EXPECT_EQ((*body)[4], 1);
  EXPECT_EQ(load_le<std::uint16_t>(&(*body)[40]), 0x135);
}

TEST(ComposeSection, TheLongestFormIsTheDefault) {
  EXPECT_EQ(compose_section(*find_section("XpfMca"), {})->size(), 2088u);
  EXPECT_EQ(compose_section(*find_section("Memory"), {})->size(), 80u);
}

TEST(ComposeSection, LengthsHaveBounds) {
  const auto with = [](const char* length) {
    return compose_section(*find_section("Memory"), map({{"SectionLength", scalar(length)}}));
  };
  EXPECT_FALSE(with("72"));
  EXPECT_EQ(with("73")->size(), 73u);
  EXPECT_EQ(with("77")->size(), 77u);
  EXPECT_EQ(with("1048576")->size(), 1048576u);
  EXPECT_FALSE(with("67108865"));
  EXPECT_FALSE(with("many"));
  EXPECT_EQ(with("72").error().where.line, 4u);
}

// Structures that say their own length get it, unless another one is given.
TEST(ComposeSection, LengthsOfTheirOwnAreFilled) {
  const auto length_of = [](const char* type, std::size_t at, const layout::Node& fields) {
    const Buffer body = *compose_section(*find_section(type), fields);
    return std::pair(load_le<std::uint32_t>(&body[at]), body.size());
  };
  using Lengths = std::pair<std::uint32_t, std::size_t>;
  EXPECT_EQ(length_of("CcixPer", 0, map({{"CcixPerLog", scalar("010203")}})), Lengths(19, 19));
  EXPECT_EQ(length_of("CcixPer", 0, map({{"Length", scalar("18")}, {"CcixPerLog", scalar("010203")}})),
            Lengths(18, 19));
  EXPECT_EQ(length_of("CxlDram", 0, map({{"CxlComponentEventLog", map({{"Row", scalar("5")}})}})),
            Lengths(144, 144));
  EXPECT_EQ(length_of("ArmProcessor", 8, map({{"VendorSpecificInfo", scalar("01")}})), Lengths(41, 41));
}

// SectionLength is a field of these sections: it does not say how long the body is.
TEST(ComposeSection, AFieldThatIsCalledSectionLengthIsAField) {
  const Buffer arm = *compose_section(*find_section("ArmProcessor"),
                                      map({{"SectionLength", scalar("39")}, {"MIDR_EL1", scalar("7")}}));
  EXPECT_EQ(load_le<std::uint32_t>(&arm[8]), 39u);
  EXPECT_EQ(arm.size(), 40u);
  const Buffer ras = *compose_section(*find_section("ExtendedRas"), map({{"SectionLength", scalar("3")}}));
  EXPECT_EQ(load_le<std::uint64_t>(&ras[8]), 3u);
  EXPECT_EQ(ras.size(), 16u);
}

TEST(ComposeSection, ErrorsKeepThePosition) {
  const auto wrong = compose_section(*find_section("XpfMca"), map({{"Stauts", scalar("5")}}));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text(), "XpfMca has no field 'Stauts' (did you mean 'Status'?)");
  EXPECT_EQ(wrong.error().where.line, 4u);
  const auto unknown = compose_section(SectionType{{}, "Named", {}}, {});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::unsupported);
}

// Every section family, every form: what the table says can be written by name is read back by name, byte for
// byte.
TEST(ComposeSection, EveryFieldOfEverySectionRoundTripsByName) {
  for (const SectionType& type : section_types()) {
    for (const layout::Layout* layout : type.forms) {
      Buffer bytes(layout->size);
      for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 + 11);
      // Counts would announce elements that are not there.
      for (const layout::Tail& tail : layout->tail)
        for (std::size_t i = 0; i < tail.count.bytes; ++i) bytes[tail.count.offset + i] = 0;
      if (layout->name == "XpfMca") store_le<std::uint32_t>(&bytes[4], 2);
      layout::Node fields = map({{"SectionLength", scalar(std::to_string(layout->size))}});
      for (const layout::Field& f : layout->fields) {
        if (f.name.empty()) continue;
        const Bytes own = Bytes(bytes).subspan(f.offset, f.size);
        switch (f.kind) {
          case layout::Kind::uint:
            fields.members.push_back(
                {std::string(f.name), {}, scalar(std::to_string(load_le(own.data(), f.size)))});
            break;
          case layout::Kind::guid:
            fields.members.push_back({std::string(f.name), {}, scalar(Guid::load(own.data()).text())});
            break;
          case layout::Kind::ascii:
          case layout::Kind::utf16:
            fields.members.push_back({std::string(f.name), {}, scalar(std::string(as_text(own)))});
            break;
          case layout::Kind::bytes:
          case layout::Kind::pad:
            fields.members.push_back({std::string(f.name), {}, scalar(layout::hex_text(own))});
            break;
          case layout::Kind::list: {
            layout::Node items;
            items.kind = layout::Node::Kind::list;
            for (std::size_t at = 0; at < own.size(); at += f.element)
              items.items.push_back(scalar(std::to_string(load_le(own.data() + at, f.element))));
            fields.members.push_back({std::string(f.name), {}, items});
            break;
          }
          case layout::Kind::part: {
            layout::Node inner = map({});
            for (const layout::Leaf& leaf : layout::flatten(*f.layout, own)) {
              const bool of_a_bit =
                  leaf.kind == layout::Leaf::Kind::flag || leaf.path.find('.') != std::string::npos;
              if (leaf.kind == layout::Leaf::Kind::text) {
                inner.members.push_back({leaf.path, {}, scalar(leaf.text)});
              } else if (!of_a_bit && leaf.path.find('[') == std::string::npos) {
                inner.members.push_back({leaf.path, {}, scalar(std::to_string(leaf.number))});
              }
            }
            for (const layout::Field& list : f.layout->fields) {
              if (list.kind != layout::Kind::list) continue;
              layout::Node items;
              items.kind = layout::Node::Kind::list;
              for (std::size_t at = 0; at < list.size; at += list.element)
                items.items.push_back(
                    scalar(std::to_string(load_le(own.data() + list.offset + at, list.element))));
              inner.members.push_back({std::string(list.name), {}, items});
            }
            fields.members.push_back({std::string(f.name), {}, inner});
            break;
          }
        }
      }
      const auto again = compose_section(type, fields);
      ASSERT_TRUE(again) << type.name << ": " << again.error().text();
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        ASSERT_EQ((*again)[i], bytes[i]) << type.name << " byte " << i;
      }
    }
  }
}

TEST(Profiles, HaveTheLengthsOfRealRecords) {
  // 344 + 192 + 128 + 264 = 928 and 936 are what real event logs show (whea-flow facts, 3.7).
  EXPECT_EQ(find_profile("win10-1803")->mca_length, 264u);
  EXPECT_EQ(find_profile("win10-2004")->mca_length, 272u);
  EXPECT_EQ(find_profile("win11-22H2")->mca_length, 292u);
  EXPECT_EQ(find_profile("win11-24H2")->mca_length, 1192u);
  EXPECT_EQ(find_profile("win95"), nullptr);
  for (const Profile& profile : profiles()) {
    const layout::Layout* layout = find_section("XpfMca")->layout_for(profile.mca_length);
    ASSERT_NE(layout, nullptr);
    EXPECT_EQ(layout->size, profile.mca_length) << profile.name;
  }
}

}  // namespace
}  // namespace wheatstone::cper
