// The documentation: every layout has a page, every field and variable part of it is on the page with a
// clause.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "formats/document/describe.hpp"
#include "formats/document/structures.hpp"
#include "formats/layout/describe.hpp"
#include "tests/formats/every_layout/every_layout.hpp"

namespace wheatstone::test {
namespace {

bool has(std::string_view page, std::string_view text) {
  return page.find(text) != std::string_view::npos;
}

// The line of the page about `name`; empty if there is none.
std::string line_of(const std::string& page, std::string_view name) {
  const std::size_t at = page.find(fmt::format("  {} ", name));
  if (at == std::string::npos) return {};
  const std::size_t begin = page.rfind('\n', at) + 1;
  return page.substr(begin, page.find('\n', at) - begin);
}

TEST(Pages, SayTheClauseOfEveryFieldAndVariablePart) {
  for (const NamedLayout& each : every_layout()) {
    const layout::Layout& table = *each.layout;
    const std::string page = layout::describe(table);
    EXPECT_FALSE(table.clause.empty())
        << each.key << ": fields without a clause of their own have that of the layout";
    EXPECT_TRUE(page.starts_with(fmt::format("{}: {}\n  {}\n", table.name, table.structure, table.clause)))
        << each.key;
    for (const layout::Field& field : table.fields) {
      if (!field.name.empty()) {
        EXPECT_NE(line_of(page, field.name), "") << each.key << " " << field.name;
      }
      if (!field.clause.empty()) {
        EXPECT_TRUE(has(line_of(page, field.name), fmt::format("[{}]", field.clause)))
            << each.key << " " << field.name;
      }
      for (const layout::Bit& bit : field.word_bits)
        EXPECT_TRUE(has(page, bit.name)) << each.key << " " << bit.name;
    }
    for (const layout::Tail& tail : table.tail) {
      EXPECT_NE(line_of(page, tail.name), "") << each.key << " " << tail.name;
      if (!tail.clause.empty()) {
        EXPECT_TRUE(has(line_of(page, tail.name), fmt::format("[{}]", tail.clause)))
            << each.key << " " << tail.name;
      }
    }
  }
}

// A clause names a document: a specification, a header, a program, or what was observed.
TEST(Pages, NameAKnownSource) {
  for (const NamedLayout& each : every_layout()) {
    std::set<std::string_view> clauses = {each.layout->clause};
    for (const layout::Field& field : each.layout->fields)
      if (!field.clause.empty()) clauses.insert(field.clause);
    for (const layout::Tail& tail : each.layout->tail)
      if (!tail.clause.empty()) clauses.insert(tail.clause);
    for (const std::string_view clause : clauses) {
      bool known = false;
      for (const char* source : {"UEFI ", "ACPI ", "ACPICA ", "WDK ", "PCIe ", "PCI Express ", "CXL ",
                                 "VT-d ", "Arm ", "CCIX ", "WHEA-Logger ", "EDK2 ", "Linux ", "QEMU ",
                                 "Intel SDM", "libcper", "observed", "no member is defined"})
        known = known || has(clause, source);
      EXPECT_TRUE(known) << each.key << ": " << clause;
    }
  }
}

TEST(Pages, OfDocumentsAreAllPrinted) {
  const std::string all = document::describe_all();
  for (const layout::Layout* each : document::structures()) {
    EXPECT_TRUE(has(all, layout::describe(*each))) << each->name;
    EXPECT_TRUE(document::describe(each->name)) << each->name;
    EXPECT_TRUE(document::describe(each->structure)) << each->structure;
  }
}

TEST(Pages, AreOfEveryLayout) {
  const std::vector<const layout::Layout*> all = document::structures();
  for (const NamedLayout& each : every_layout())
    EXPECT_NE(std::ranges::find(all, each.layout), all.end()) << each.key << " has no page";
}

}  // namespace
}  // namespace wheatstone::test
