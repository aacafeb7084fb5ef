// JSON of every section there is: the fast writer against a slow and obvious one.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "formats/cper/sections/error_packet.hpp"
#include "tests/support/random_structure.hpp"
#include "tests/support/records.hpp"
#include "tests/support/reference_json.hpp"

namespace wheatstone::cper {
namespace {

std::string json(const Record& record, layout::Detail detail) {
  layout::TextBuffer out(1);
  to_json(out, record, detail);
  return std::string(out.view());
}

// What the section's "Body" must be, and everything around it.
std::string reference(const Record& record, layout::Detail detail) {
  const Section& section = record.sections()[0];
  return "{\"Header\":" + test::reference_json(kRecordHeader, record.bytes().first(kHeaderSize), detail) +
         ",\"Sections\":[{\"Descriptor\":" +
         test::reference_json(kSectionDescriptor, record.descriptor_bytes(section), detail) + ",\"Type\":\"" +
         std::string(section.type->name) +
         "\",\"Body\":" + test::reference_json(*section.layout, record.body(section), detail) + "}]";
}

// Packets are told apart by their first bytes.
void sign(const layout::Layout& form, Buffer& body) {
  if (form.name == kErrorPacketV1.name) store_le<std::uint32_t>(body.data(), kPacketSignatureV1);
  if (form.name == kErrorPacketV2.name) store_le<std::uint32_t>(body.data(), kPacketSignatureV2);
}

class EverySection : public testing::TestWithParam<layout::Detail> {};
INSTANTIATE_TEST_SUITE_P(, EverySection, testing::Values(layout::Detail::all, layout::Detail::valid));

TEST_P(EverySection, IsWrittenAsTheTablesSay) {
  std::mt19937 random(3);
  for (const SectionType& type : section_types()) {
    for (const layout::Layout* form : type.forms) {
      for (int round = 0; round < 100; ++round) {
        Buffer body = test::random_structure(*form, random);
        if (body.size() < form->min) body.resize(form->min);
        sign(*form, body);
        const NewSection section{.type = type.guid, .body = body};
        const auto bytes = encode({.record_id = random()}, std::span(&section, 1));
        ASSERT_TRUE(bytes);
        const Record record = Record::decode(*bytes);
        ASSERT_TRUE(record.sections()[0].layout != nullptr || type.refine != nullptr);
        if (record.sections()[0].layout == nullptr) continue;  // the content says none of the forms
        const std::string text = json(record, GetParam());
        const std::string expected = reference(record, GetParam());
        ASSERT_EQ(text.substr(0, expected.size()), expected) << type.name << ", " << body.size() << " bytes";
      }
    }
  }
}

// Other readings have tables of their own.
TEST_P(EverySection, InEveryReading) {
  std::mt19937 random(4);
  for (const Reading& reading : section_readings()) {
    const SectionType* type = find_section(reading.section);
    if (type == nullptr) continue;
    const Reading* const readings[] = {&reading};
    for (const layout::Layout* form : reading.forms) {
      for (int round = 0; round < 50; ++round) {
        Buffer body = test::random_structure(*form, random);
        if (body.size() < form->min) body.resize(form->min);
        sign(*form, body);
        const NewSection section{.type = type->guid, .body = body};
        const auto bytes = encode({}, std::span(&section, 1));
        ASSERT_TRUE(bytes);
        const Record record = Record::decode(*bytes, readings);
        const std::string expected = reference(record, GetParam());
        ASSERT_EQ(json(record, GetParam()).substr(0, expected.size()), expected) << reading.name;
      }
    }
  }
}

}  // namespace
}  // namespace wheatstone::cper
