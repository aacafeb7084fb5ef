#include "formats/layout/node.hpp"

#include <gtest/gtest.h>

#include "formats/layout/names.hpp"

namespace wheatstone::layout {
namespace {

constexpr Name kNames[] = {{0, "Recoverable"}, {1, "Fatal"}, {7, "Seven"}, {0x100, "Unknown"}};
static_assert(sorted(kNames));

TEST(Names, FindsDenseAndSparseValues) {
  EXPECT_EQ(name_of(kNames, 1), "Fatal");
  EXPECT_EQ(name_of(kNames, 7), "Seven");
  EXPECT_EQ(name_of(kNames, 0x100), "Unknown");
  EXPECT_EQ(name_of(kNames, 2), "");
  EXPECT_EQ(name_of(kNames, ~std::uint64_t{0}), "");
  EXPECT_EQ(name_of({}, 0), "");
  EXPECT_EQ(value_of(kNames, "Seven"), 7u);
  EXPECT_FALSE(value_of(kNames, "seven"));
}

TEST(Node, FindsMembers) {
  Node node;
  node.kind = Node::Kind::map;
  node.members.push_back({"a", {1, 1}, {}});
  EXPECT_NE(node.find("a"), nullptr);
  EXPECT_EQ(node.find("b"), nullptr);
}

TEST(Nearest, SuggestsTyposOnly) {
  const std::vector<std::string_view> keys = {"severity", "source", "sections"};
  EXPECT_EQ(nearest("sevrity", keys), "severity");
  EXPECT_EQ(nearest("Severity", keys), "severity");
  EXPECT_EQ(nearest("section", keys), "sections");
  EXPECT_EQ(nearest("bugcheck", keys), "");
  EXPECT_EQ(nearest(std::string(1000, 'x'), keys), "");
}

TEST(FailAt, KeepsThePosition) {
  const Result<int> result = fail_at({3, 9}, "expected a number");
  EXPECT_EQ(result.error().where.line, 3u);
  EXPECT_EQ(result.error().where.column, 9u);
}

}  // namespace
}  // namespace wheatstone::layout
