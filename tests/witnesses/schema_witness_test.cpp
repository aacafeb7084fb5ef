// What we print as JSON, checked against our JSON Schemas by python3-jsonschema.
#include <gtest/gtest.h>

#include <string>

#include "formats/document/document.hpp"
#include "formats/document/json_schema.hpp"
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
