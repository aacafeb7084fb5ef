#include "formats/cer/share_lines.hpp"

#include <gtest/gtest.h>

namespace wheatstone::cer {
namespace {

using Texts = std::vector<std::string>;

struct Read {
  Texts lines;
  Texts codes;
  Texts paths;
  std::vector<std::uint64_t> offsets;
};

Read read(std::string_view file, std::size_t max_bytes = 100) {
  ShareLines lines(as_bytes(file), max_bytes, "MS-CER 2.2.1");
  Read read;
  while (const auto line = lines.next()) read.lines.emplace_back(*line);
  for (const Finding& finding : std::move(lines).take()) {
    EXPECT_EQ(finding.clause, "MS-CER 2.2.1");
    read.codes.emplace_back(finding.code);
    read.paths.push_back(finding.path);
    read.offsets.push_back(finding.offset);
  }
  return read;
}

TEST(ShareLines, EndWithCarriageReturnAndLineFeed) {
  const Read two = read("a\r\nb c\r\n");
  EXPECT_EQ(two.lines, (Texts{"a", "b c"}));
  EXPECT_EQ(two.codes, Texts{});
  EXPECT_EQ(read("").lines, Texts{});
}

TEST(ShareLines, WarnOnceOfAnotherLineEnd) {
  const Read lines = read("a\r\nb\nc\rd\r\n");
  EXPECT_EQ(lines.lines, (Texts{"a", "b", "c", "d"}));
  EXPECT_EQ(lines.codes, Texts{"line-end"});
  EXPECT_EQ(lines.paths, Texts{"line 2"});
  EXPECT_EQ(lines.offsets, (std::vector<std::uint64_t>{3}));
}

TEST(ShareLines, WarnOfALastLineWithoutEnd) {
  const Read lines = read("a\r\nb");
  EXPECT_EQ(lines.lines, (Texts{"a", "b"}));
  EXPECT_EQ(lines.codes, Texts{"no-final-crlf"});
  EXPECT_EQ(lines.paths, Texts{"line 2"});
}

TEST(ShareLines, LeaveOutEmptyLines) {
  const Read lines = read("\r\na\r\n\r\n");
  EXPECT_EQ(lines.lines, Texts{"a"});
  EXPECT_EQ(lines.codes, (Texts{"empty-line", "empty-line"}));
  EXPECT_EQ(lines.paths, (Texts{"line 1", "line 3"}));
  EXPECT_EQ(lines.offsets, (std::vector<std::uint64_t>{0, 5}));
}

TEST(ShareLines, KeepToWholeLinesWithinTheLimit) {
  EXPECT_EQ(read("a\r\nb\r\n", 6).codes, Texts{});
  const Read lines = read("a\r\nbc\r\n", 6);
  EXPECT_EQ(lines.lines, (Texts{"a", "bc"}));
  EXPECT_EQ(lines.codes, (Texts{"too-long", "line-end"}));
  EXPECT_EQ(read("a\r\nbcd\r\n", 6).lines, Texts{"a"});
  EXPECT_EQ(read("abcdefg", 6).lines, Texts{});
}

TEST(ShareLines, NameTheLineThatIsMissing) {
  ShareLines lines(as_bytes("a\r\n"), 100, "MS-CER 2.2.1");
  EXPECT_TRUE(lines.next());
  EXPECT_FALSE(lines.next());
  lines.add({"missing-line", "the file ends"}, "Total Hits");
  const auto findings = std::move(lines).take();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].severity, FindingSeverity::error);
  EXPECT_EQ(findings[0].path, "line 2: Total Hits");
  EXPECT_EQ(findings[0].offset, 3u);
}

}  // namespace
}  // namespace wheatstone::cer
