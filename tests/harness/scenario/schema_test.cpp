#include "harness/scenario/schema.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "harness/scenario/keys.hpp"

namespace wheatstone::scenario {
namespace {

std::string content(const std::string& name) {
  std::ifstream in(std::string(WHEATSTONE_SOURCE_DIR) + "/scenarios/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Keys, AreNamedOnceAndExplained) {
  std::set<std::string_view> tables;
  for (const Table* table : all_tables()) {
    EXPECT_TRUE(tables.insert(table->name).second) << table->name;
    EXPECT_FALSE(table->doc.empty()) << table->name;
    std::set<std::string_view> keys;
    for (const Key& key : table->keys) {
      EXPECT_TRUE(keys.insert(key.name).second) << table->name << '.' << key.name;
      EXPECT_TRUE(key.doc.ends_with('.')) << table->name << '.' << key.name;
      EXPECT_TRUE(key.with.empty() || table->find(key.with) < table->keys.size()) << key.name;
      EXPECT_LT(key.group, 8) << key.name;
    }
  }
  EXPECT_TRUE(tables.contains("section"));
}

TEST(Schema, IsJson) {
  const boost::json::value schema = boost::json::parse(json_schema());
  EXPECT_EQ(schema.at("$ref").as_string(), "#/$defs/scenario");
  EXPECT_EQ(schema.at("$defs").as_object().size(), all_tables().size());
  EXPECT_EQ(schema.at("$defs").at("inject").at("required").as_array().size(), 2u);
  EXPECT_TRUE(schema.at("$defs").at("section").at("properties").as_object().contains("XpfMca"));
  EXPECT_EQ(schema.at("$defs").at("pattern").at("additionalProperties").at("anyOf").as_array().size(), 2u);
}

TEST(Schema, CommittedFileIsTheGeneratedOne) {
  EXPECT_EQ(content("scenario.schema.json"), json_schema())
      << "write it anew: wheatstone schema > scenarios/scenario.schema.json";
}

TEST(KeyReference, IsInTheReadme) {
  const std::string readme = content("README.md");
  const std::string begin = "<!-- key reference: begin -->\n\n";
  const std::size_t at = readme.find(begin);
  const std::size_t end = readme.find("<!-- key reference: end -->");
  ASSERT_NE(at, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  EXPECT_EQ(readme.substr(at + begin.size(), end - at - begin.size()), key_reference());
}

}  // namespace
}  // namespace wheatstone::scenario
