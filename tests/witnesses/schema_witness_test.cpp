// What we print as JSON, checked against our JSON Schemas by python3-jsonschema.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "formats/document/defects.hpp"
#include "formats/document/document.hpp"
#include "formats/document/examples.hpp"
#include "formats/document/json_schema.hpp"
#include "formats/mutate/generate.hpp"
#include "tests/support/records.hpp"
#include "tests/witnesses/witness.hpp"

namespace wheatstone::witness {
namespace {

const Program kPython{"python3", "python3-jsonschema"};

// Validates each line of argv[2] by the schema of argv[1]; prints how many there are, or the first mistake.
constexpr const char* kScript = R"(
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
count = 0
for line in open(sys.argv[2], encoding='utf-8'):
    for error in validator.iter_errors(json.loads(line)):
        print(list(error.absolute_path), error.message[:300])
        sys.exit(1)
    count += 1
print(count)
)";

class Schema : public testing::Test {
 protected:
  void expect_valid(document::Kind kind, const std::vector<Buffer>& inputs) {
    std::string lines;
    for (const Buffer& bytes : inputs)
      for (const layout::Detail detail : {layout::Detail::all, layout::Detail::valid}) {
        layout::TextBuffer out;
        document::to_json(out, document::Document::decode(kind, bytes), detail);
        lines += out.view();
        lines += '\n';
      }
    const Said said = validate(document::json_schema(kind), lines);
    EXPECT_EQ(said.status, 0) << said.output;
    EXPECT_EQ(said.output, std::to_string(2 * inputs.size()) + "\n");
  }

  Said validate(const std::string& schema, const std::string& lines) {
    write_file(folder_ / "schema.json", as_bytes(schema));
    write_file(folder_ / "lines.json", as_bytes(lines));
    return ask(kPython, {"-c", kScript, folder_ / "schema.json", folder_ / "lines.json"});
  }

  TemporaryFolder folder_;
};

TEST_F(Schema, RecordsAreValid) {
  std::vector<Buffer> inputs;
  for (const char* name : test::kRealRecords) inputs.push_back(test::load_record(name));
  for (const char* name : test::kSyntheticRecords) inputs.push_back(test::load_record(name));
  for (std::size_t size = 0; size < 1019; size += 31) {
    inputs.push_back(test::load_record("multiple1"));
    inputs.back().resize(size);
  }
  expect_valid(document::Kind::record, inputs);
}

// What is sound, what is broken on purpose, and what is broken by chance.
TEST_F(Schema, EveryKindIsValid) {
  std::mt19937 random(5);
  for (const document::KindInfo& kind : document::kinds()) {
    SCOPED_TRACE(kind.key);
    std::vector<Buffer> inputs = {document::example(kind.kind)};
    for (const document::Defect& defect : document::defects())
      if (defect.kind == kind.kind)
        inputs.push_back(*document::break_document(defect, document::example_for(defect)));
    for (int round = 0; round < 60; ++round) {
      Buffer bytes = document::example(kind.kind);
      for (int i = 0; i < 4; ++i)
        bytes[random() % std::min<std::size_t>(bytes.size(), 500)] = static_cast<std::uint8_t>(random());
      if (round % 4 == 0) bytes.resize(random() % bytes.size());
      inputs.push_back(std::move(bytes));
    }
    expect_valid(kind.kind, inputs);
  }
}

TEST_F(Schema, GeneratedDocumentsAreValid) {
  Xoshiro random(7);
  const auto many = [&](auto generate) {
    std::vector<Buffer> inputs;
    for (int i = 0; i < 300; ++i) inputs.push_back(generate(random));
    return inputs;
  };
  using namespace mutate;
  expect_valid(document::Kind::record, many([](Xoshiro& r) { return generate_record(r); }));
  expect_valid(document::Kind::packet, many([](Xoshiro& r) { return generate_packet(r); }));
  expect_valid(document::Kind::status_block, many([](Xoshiro& r) { return generate_status_block(r); }));
  expect_valid(document::Kind::acpi_table, many([](Xoshiro& r) { return generate_acpi_table(r); }));
}

TEST_F(Schema, WitnessLooks) {
  EXPECT_EQ(
      validate(document::json_schema(document::Kind::record), "{\"Header\":{\"Wrong\":1},\"Sections\":[]}\n")
          .status,
      1);
  EXPECT_EQ(validate(document::json_schema(document::Kind::record),
                     "{\"Header\":{\"Length\":\"1\"},\"Sections\":[]}\n")
                .status,
            1);
  EXPECT_EQ(
      validate(document::json_schema(document::Kind::record), "{\"Header\":{\"Length\":1},\"Sections\":[]}\n")
          .status,
      0);
}

}  // namespace
}  // namespace wheatstone::witness
