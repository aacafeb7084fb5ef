// The catalogue of defects: each produces its finding, and nobody who reads the result falls over it.
#include "formats/document/defects.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "formats/document/diff.hpp"
#include "formats/document/examples.hpp"
#include "formats/document/lint.hpp"
#include "formats/document/locate.hpp"
#include "formats/document/make.hpp"
#include "formats/layout/xoshiro.hpp"
#include "formats/mutate/mutate.hpp"
#include "formats/whea/bug_check.hpp"
#include "formats/whea/debugger_text.hpp"
#include "formats/whea/event.hpp"
#include "tests/support/json_syntax.hpp"

namespace wheatstone::document {
namespace {

using ::testing::HasSubstr;

std::set<std::string_view> codes(Kind kind, Bytes bytes) {
  std::set<std::string_view> found;
  for (const Finding& finding : lint(Document::decode(kind, bytes))) found.insert(finding.code);
  return found;
}

std::string listed(Kind kind, Bytes bytes) {
  std::string text;
  for (const Finding& finding : lint(Document::decode(kind, bytes)))
    text += fmt::format("{} {} {}\n", finding.code, finding.path, finding.message);
  return text;
}

TEST(Examples, LintHasNothingToSay) {
  for (const KindInfo& kind : kinds()) {
    const Buffer bytes = example(kind.kind);
    ASSERT_FALSE(bytes.empty()) << kind.key;
    EXPECT_EQ(listed(kind.kind, bytes), "") << kind.key;
  }
}

TEST(Defects, ThereAreAtLeastSixtyWithNamesOfTheirOwn) {
  EXPECT_GE(defects().size(), 60u);
  std::set<std::string_view> names;
  for (const Defect& defect : defects()) {
    EXPECT_TRUE(names.insert(defect.name).second) << defect.name;
    EXPECT_FALSE(defect.clause.empty()) << defect.name;
    EXPECT_TRUE(defect.about.ends_with('.')) << defect.name;
    EXPECT_NE(find_rule(defect.finding), nullptr) << defect.name << " gives " << defect.finding;
    EXPECT_EQ(find_defect(defect.name), &defect);
  }
  EXPECT_EQ(find_defect("nothing"), nullptr);
}

TEST(Defects, EachGivesItsFinding) {
  for (const Defect& defect : defects()) {
    const auto broken = break_document(defect, example_for(defect));
    ASSERT_TRUE(broken) << defect.name << ": " << broken.error().text();
    EXPECT_TRUE(codes(defect.kind, *broken).contains(defect.finding))
        << defect.name << " wants " << defect.finding << "\n"
        << listed(defect.kind, *broken);
  }
}

// One thing is broken: a table's checksum only where that is the defect.
TEST(Defects, ATableKeepsItsChecksum) {
  for (const Defect& defect : defects()) {
    if (defect.kind != Kind::acpi_table) continue;
    EXPECT_EQ(codes(defect.kind, *break_document(defect, example_for(defect))).contains("bad-checksum"),
              defect.name == "table-checksum")
        << defect.name;
  }
}

TEST(Lint, SaysOnceWhatIsWrongWithAValue) {
  const Defect& unknown = *find_defect("log-id-unknown");
  EXPECT_EQ(
      listed(Kind::log_entry, *break_document(unknown, example(Kind::log_entry))),
      "unknown-log-entry Id no log entry is known with the id 0x12345678; its payload is shown as bytes\n");
}

TEST(Defects, EveryFindingHasARule) {
  for (const Defect& defect : defects())
    for (const std::string_view code : codes(defect.kind, *break_document(defect, example_for(defect))))
      EXPECT_NE(find_rule(code), nullptr) << defect.name << ": " << code;
}

// Whatever is broken: what is said about it has a rule.
TEST(Defects, EveryFindingAboutAnyBytesHasARule) {
  std::mt19937 random(11);
  for (const KindInfo& kind : kinds()) {
    for (int round = 0; round < 2000; ++round) {
      Buffer bytes = example(kind.kind);
      for (std::size_t i = 1 + random() % 6; i > 0; --i)
        bytes[random() % (round % 2 == 0 ? std::min<std::size_t>(bytes.size(), 500) : bytes.size())] =
            static_cast<std::uint8_t>(random() % 3 == 0 ? 0xff : random());
      if (round % 5 == 0) bytes.resize(random() % bytes.size());
      for (const std::string_view code : codes(kind.kind, bytes)) ASSERT_NE(find_rule(code), nullptr) << code;
    }
  }
}

TEST(Lint, NamesTheSectionItMeans) {
  // The first section becomes a machine check too.
  Buffer bytes = example(Kind::record);
  const auto at = [&](const char* path) { return *locate(Document::decode(Kind::record, bytes), path); };
  const Bytes guid(cper::kSectionXpfMca.bytes);
  std::ranges::copy(guid, bytes.begin() + static_cast<std::ptrdiff_t>(at("Sections[0].SectionType").offset));
  store(bytes, at("Sections[0].SectionLength"), 264);
  std::vector<std::string> paths;
  for (const Finding& finding : lint(Document::decode(Kind::record, bytes)))
    if (finding.code == "mca-version-length") paths.push_back(finding.path);
  EXPECT_THAT(paths, ::testing::ElementsAre("XpfMca.VersionNumber"));
  store(bytes, at("XpfMca[1].VersionNumber"), 9);
  paths.clear();
  for (const Finding& finding : lint(Document::decode(Kind::record, bytes)))
    if (finding.code == "mca-version-length") paths.push_back(finding.path);
  EXPECT_THAT(paths, ::testing::ElementsAre("XpfMca.VersionNumber", "XpfMca[1].VersionNumber"));
}

// Only what a reader cannot survive is an error.
TEST(Defects, EveryConsumerSurvives) {
  for (const Defect& defect : defects()) {
    SCOPED_TRACE(defect.name);
    const Buffer good = example_for(defect);
    const Buffer broken = *break_document(defect, good);
    const Document document = Document::decode(defect.kind, broken);
    for (const layout::Detail detail : {layout::Detail::all, layout::Detail::valid}) {
      layout::TextBuffer out;
      to_json(out, document, detail);
      EXPECT_TRUE(test::is_json(out.view()));
    }
    EXPECT_FALSE(to_text(document).empty());
    EXPECT_EQ(flatten(document), flatten(Document::decode(defect.kind, broken)));
    EXPECT_EQ(diff(Document::decode(defect.kind, good), document).empty(), good == broken);
    const auto made = make(to_node(document));
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_EQ(made->bytes, broken);
    if (const cper::Record* record = document.record()) {
      EXPECT_FALSE(whea::errrec_text(*record).empty());
    } else if (defect.kind == Kind::packet) {
      EXPECT_FALSE(whea::errpkt_text(whea::Packet::decode(broken)).empty());
    }
  }
}

// The kind of the mutator by the name of the document's.
std::optional<mutate::Kind> mutator_of(const KindInfo& kind) {
  std::string name(kind.key);
  std::ranges::replace(name, '_', '-');
  const auto value = layout::value_of(mutate::kKindNames, name);
  return value ? std::optional(static_cast<mutate::Kind>(*value)) : std::nullopt;
}

// What a mutator makes of a broken document ends in its room, and is the same for the same random numbers.
TEST(Defects, MutatorsTakeEach) {
  std::set<Kind> taken;
  for (const Defect& defect : defects()) {
    const auto kind = mutator_of(info(defect.kind));
    if (!kind) continue;
    SCOPED_TRACE(defect.name);
    taken.insert(defect.kind);
    const Buffer good = example_for(defect);
    const Buffer broken = *break_document(defect, good);
    const auto mutated = [&] {
      Xoshiro random(3);
      Buffer room(broken.size() + 1024);
      std::ranges::copy(broken, room.begin());
      std::size_t size = broken.size();
      for (int round = 0; round < 40; ++round) {
        size = mutate::mutate(*kind, room, size, random);
        EXPECT_LE(size, room.size());
      }
      for (const mutate::OperationInfo& operation : mutate::operations())
        if (const auto changed = mutate::apply(operation.operation, *kind, room, size, random, good)) {
          size = *changed;
          EXPECT_LE(size, room.size()) << operation.name;
        }
      room.resize(size);
      return room;
    };
    const Buffer once = mutated();
    EXPECT_EQ(once, mutated());
    EXPECT_NE(once, broken);
    Xoshiro random(4);
    Buffer room(good.size() + broken.size());
    EXPECT_LE(mutate::cross_over(*kind, good, broken, room, random), room.size());
  }
  EXPECT_TRUE(taken.contains(Kind::record));
  EXPECT_TRUE(taken.contains(Kind::packet));
}

TEST(Defects, TheParameterGoesInPlaceOfTheValue) {
  const Buffer broken = *break_document(*find_defect("record-severity"), example(Kind::record), 0x1234);
  EXPECT_EQ(load_le<std::uint32_t>(&broken[12]), 0x1234u);
  EXPECT_EQ(break_document(*find_defect("record-cut-header"), example(Kind::record), 5)->size(), 5u);
}

TEST(Defects, WhatIsNotThereCannotBeBroken) {
  const Buffer packet = example(Kind::packet);
  EXPECT_THAT(break_document(*find_defect("record-severity"), packet).error().text(),
              HasSubstr("this is no error record"));
  Buffer small = example(Kind::record);
  small.resize(128);
  EXPECT_THAT(break_document(*find_defect("mca-version"), small).error().text(),
              HasSubstr("there is no XpfMca.VersionNumber"));
  EXPECT_THAT(break_document(*find_defect("record-cut-header"), small, 128).error().text(),
              HasSubstr("it has 128 bytes only"));
}

TEST(Rules, AreSaidForPeople) {
  for (const Rule& rule : rules()) {
    EXPECT_FALSE(rule.title.empty()) << rule.code;
    EXPECT_FALSE(rule.advice.empty()) << rule.code;
  }
}

TEST(Lint, SaysHowManyFindingsAreNotShown) {
  // A record of many sections, each with a few remarks.
  const Buffer broken = *break_document(*find_defect("section-bodies-overlaid"), example(Kind::record), 2000);
  const auto findings = lint(Document::decode(Kind::record, broken));
  ASSERT_EQ(findings.size(), kMostFindings + 1);
  EXPECT_EQ(findings.back().code, "more-findings");
}

// The largest value that fits, and the smallest that does not.
TEST(Defects, ValuesMustFit) {
  const Defect& severity = *find_defect("record-severity");
  const Buffer record = example(Kind::record);
  ASSERT_TRUE(break_document(severity, record, 0xffffffff));
  const auto wide = break_document(severity, record, 0x100000000);
  ASSERT_FALSE(wide);
  EXPECT_EQ(wide.error().text(), "0x100000000 does not fit into Severity, which has 32 bits");
  // What is added wraps around.
  EXPECT_TRUE(break_document(*find_defect("record-length-beyond"), record, ~std::uint64_t{0}));
}

}  // namespace
}  // namespace wheatstone::document
