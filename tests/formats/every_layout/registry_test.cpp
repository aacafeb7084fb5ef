// No layout escapes: each is in the list, in tests/data/layouts, and has a page.
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "formats/document/structures.hpp"
#include "tests/formats/every_layout/description.hpp"
#include "tests/formats/every_layout/every_layout.hpp"

namespace wheatstone::test {
namespace {

namespace fs = std::filesystem;

// The layouts that a source defines: what follows "Layout k" up to "=" or "{".
void find_constants(std::string_view text, const std::string& format, std::set<std::string>& found) {
  constexpr std::string_view kType = "Layout ";
  const auto in_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t at = text.find(kType); at != std::string_view::npos; at = text.find(kType, at)) {
    at += kType.size();
    std::size_t end = at;
    while (end < text.size() && in_name(text[end])) ++end;
    const std::size_t next = text.find_first_not_of(" \n", end);
    const bool defines = next != std::string_view::npos && (text[next] == '=' || text[next] == '{');
    if (text[at] == 'k' && defines) found.insert(format + " " + std::string(text.substr(at, end - at)));
  }
}

// With their format: "cper kNmi".
std::set<std::string> constants_of_the_sources() {
  std::set<std::string> found;
  for (const std::string format : {"cper", "whea", "acpi"}) {
    const fs::path folder = fs::path(WHEATSTONE_SOURCE_DIR) / "formats" / format;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.path().extension() != ".hpp" && entry.path().extension() != ".cpp") continue;
      std::ifstream file(entry.path());
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      find_constants(text, format, found);
    }
  }
  return found;
}

TEST(EveryLayout, OfTheSourcesIsInTheList) {
  std::set<std::string> listed;
  for (const NamedLayout& each : every_layout()) {
    const std::string key(each.key);
    listed.insert(key.substr(0, key.find(':')) + " " + key.substr(key.rfind(':') + 1));
  }
  const std::set<std::string> defined = constants_of_the_sources();
  EXPECT_GT(defined.size(), 250u);
  EXPECT_EQ(defined, listed) << "a layout that is new goes into every_layout.cpp and tests/data/layouts";
}

TEST(EveryLayout, OfADocumentIsInTheList) {
  std::set<const layout::Layout*> listed;
  for (const NamedLayout& each : every_layout()) listed.insert(each.layout);
  for (const layout::Layout* each : document::structures())
    EXPECT_TRUE(listed.contains(each)) << each->name << " goes into every_layout.cpp and tests/data/layouts";
}

TEST(EveryLayout, IsDescribedByteByByte) {
  const Descriptions descriptions;
  std::set<std::string> described, listed;
  for (const auto& [key, each] : descriptions.all()) described.insert(key);
  for (const NamedLayout& each : every_layout()) listed.emplace(each.key);
  EXPECT_EQ(described, listed) << "tests/data/layouts says for each layout what stands where";
}

}  // namespace
}  // namespace wheatstone::test
