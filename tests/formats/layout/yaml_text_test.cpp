#include "formats/layout/yaml_text.hpp"

#include <gtest/gtest.h>

#include <string>

#include "formats/layout/to_node.hpp"

namespace wheatstone::layout {
namespace {

Node one(std::string key, std::string value) {
  Node map = map_node();
  map.members.push_back({std::move(key), {}, scalar(std::move(value), true)});
  return map;
}

TEST(ToYaml, BreaksALongTextInsideItsQuotes) {
  EXPECT_EQ(to_yaml(one("a", std::string(96, '{'))), "a: \"" + std::string(96, '{') + "\"\n");
  EXPECT_EQ(to_yaml(one("a", std::string(97, '{'))), "a: \"" + std::string(96, '{') + "\\\n  {\"\n");
}

// YAML wants a key and its colon on one line.
TEST(ToYaml, KeepsAKeyOnOneLine) {
  const std::string key(97, '{');
  EXPECT_EQ(to_yaml(one(key, "b c")), "\"" + key + "\": \"b c\"\n");
}

}  // namespace
}  // namespace wheatstone::layout
