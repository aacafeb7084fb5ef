#include "harness/judge/consistency.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "formats/cper/sections/nmi.hpp"
#include "formats/dump/reader.hpp"
#include "formats/layout/utf16.hpp"
#include "tests/harness/judge/story.hpp"

namespace wheatstone::judge {
namespace {

using namespace test;
using testing::Contains;
using testing::IsEmpty;

using Story = std::vector<Observation>;

std::vector<std::string> codes(const std::vector<Failure>& failures) {
  std::vector<std::string> out;
  for (const Failure& failure : failures) out.emplace_back(failure.code);
  return out;
}

std::string messages(const std::vector<Failure>& failures) {
  std::string out;
  for (const Failure& failure : failures) out += fmt::format("[{}] {}\n", failure.code, failure.message);
  return out;
}

std::vector<Failure> check(const Story& story, const inject::Platform& platform = windows()) {
  return check_consistency(story, kEverything, platform);
}

// ---- true stories ----

TEST(Consistency, ACrashToldTruly) {
  EXPECT_EQ(messages(check(crash_story())), "");
}

TEST(Consistency, ACorrectedErrorToldTruly) {
  EXPECT_EQ(messages(check(corrected_story())), "");
}

TEST(Consistency, NothingHappened) {
  EXPECT_THAT(check({}), IsEmpty());
}

TEST(Consistency, AFullDumpIsReadThroughItsPageTables) {
  Story story = crash_story();
  const whea::BugCheck bugcheck = dump::Dump::open(story[kDump].bytes)->bug_check();
  story[kDump] = dump_observation(1, full_dump(bugcheck, story[kRecord].bytes));
  EXPECT_EQ(messages(check(story)), "");
  Buffer other = story[kRecord].bytes;
  other.back() ^= 1;
  story[kDump] = dump_observation(1, full_dump(bugcheck, other));
  EXPECT_THAT(codes(check(story)), Contains("dump-record"));
}

TEST(Consistency, AHeaderDumpHasNoMemoryToDisagree) {
  Story story = crash_story();
  const whea::BugCheck bugcheck = dump::Dump::open(story[kDump].bytes)->bug_check();
  story[kDump] = dump_observation(1, dump::write_header_dump({}, bugcheck).value());
  EXPECT_EQ(messages(check(story)), "");
}

TEST(Consistency, AnNmiHasABugCheckOfItsOwn) {
  Story story = crash_story();
  story.resize(kDump);
  Buffer section(12);
  cper::NewRecord record = new_record();
  record.notify_type = cper::kNotifyNmi;
  story[kRecord] =
      record_observation(1, make_record(record, cper::kSectionNmi, section), whea::ErrorSourceType::nmi);
  story[kBugCheck] = bugcheck_observation(1, {0x80, {0x4f4454, 0, 0, 0}});
  EXPECT_EQ(messages(check(story)), "");
  for (const whea::BugCheck& lie :
       {whea::BugCheck{0x80, {0, 0, 0, 0}}, whea::BugCheck{0x80, {0x4f4454, 1, 0, 0}},
        whea::BugCheck{0x124, {3, kRecordVa, 0, 0}}}) {
    story[kBugCheck] = bugcheck_observation(1, lie);
    EXPECT_THAT(codes(check(story)), Contains("bugcheck-code"));
  }
}

TEST(Consistency, BeforeWheaIsUpThereIsNoRecord) {
  const Story story = {observation(ObservationKind::boot, 0), bugcheck_observation(1, {0x124, {0, 0, 0, 0}})};
  EXPECT_THAT(check(story), IsEmpty());
}

TEST(Consistency, APreviousErrorStopsNobody) {
  Story story = crash_story();
  const Buffer left_over = as_previous_error(story[kRecord].bytes);
  story = {observation(ObservationKind::boot, 0),
           record_observation(1, left_over, whea::ErrorSourceType::boot)};
  EXPECT_EQ(messages(check(story)), "");
}

TEST(Consistency, WhatATargetCannotSeeContradictsNothing) {
  const Story all = crash_story();
  for (const ObservationKind hidden : kEverything) {
    Story story;
    std::vector<ObservationKind> given;
    for (const ObservationKind kind : kEverything)
      if (kind != hidden) given.push_back(kind);
    for (const Observation& one : all)
      // A boot that nobody sees must have been in another place than the crash, which everybody sees.
      if (one.kind != hidden && hidden != ObservationKind::boot) story.push_back(one);
    EXPECT_EQ(messages(check_consistency(story, given, windows())), "") << inject::to_string(hidden);
  }
}

TEST(Consistency, A32BitAddressIsAKernelAddressOfA32BitSystem) {
  Story story = crash_story();
  story.resize(kDump);
  set_field(story[kBugCheck], "P2", Value::hex(0x8a123028));
  inject::Platform platform = windows();
  EXPECT_THAT(codes(check(story, platform)), Contains("bugcheck-address"));
  platform.is_64bit = false;
  EXPECT_EQ(messages(check(story, platform)), "");
}

TEST(Consistency, TheServerMayAskForMore) {
  Story story = crash_story();
  cer::Answer answer = make_answer();
  answer.wql = {"SELECT Family FROM Win32_Processor"};
  std::vector<cab::Member> members = cab::read(story[kLevel2].bytes).value();
  members.push_back({"wql.txt", {'x'}});
  story[kAnswer] = answer_observation(40, answer);
  story[kLevel2] = level2_observation(40, members);
  story[kServerLevel1] =
      server_observation(40, "level1", story[kLevel1].bytes, std::string(as_text(story[kAnswer].bytes)));
  story[kServerLevel2] = server_observation(40, "level2", story[kLevel2].bytes);
  EXPECT_EQ(messages(check(story)), "");
}

TEST(Consistency, WithoutAServerInTheRunNobodyMustHaveReceivedAnything) {
  Story story = crash_story();
  story.resize(kServerLevel1);
  EXPECT_EQ(messages(check(story)), "");
}

// ---- lies ----

struct Lie {
  std::string_view about;  // what is falsified
  std::string_view code;   // the rule that must notice
  std::function<void(Story&)> tell;
};

Story::value_type& other_record(Story& story, std::size_t place) {
  story[place].bytes[story[place].bytes.size() - 5] ^= 0x10;
  return story[place];
}

void resend(Story& story) {
  story[kServerLevel1] =
      server_observation(40, "level1", story[kLevel1].bytes, std::string(as_text(story[kAnswer].bytes)));
  story[kServerLevel2] = server_observation(40, "level2", story[kLevel2].bytes);
}

void report_as(Story& story, const std::function<void(cer::Report&)>& change) {
  cer::Report report = cer::read_report(story[kLevel1].bytes)->report;
  change(report);
  story[kLevel1] = level1_observation(40, report);
  resend(story);
}

void pack(Story& story, std::vector<cab::Member> members) {
  story[kLevel2] = level2_observation(40, members);
  resend(story);
}

const std::vector<Lie>& lies() {
  static const std::vector<Lie> all = {
      {"record: a field", "record-fields",
       [](Story& s) { set_field(s[kRecord], "XpfMca.Status", Value::hex(1)); }},
      {"record: the name of a value", "record-fields",
       [](Story& s) { set_field(s[kRecord], "Severity", Value::decimal(1, "Corrected")); }},
      {"record: its bytes", "record-fields", [](Story& s) { s[kRecord].bytes[240] ^= 1; }},
      {"record: a byte too many", "record-fields", [](Story& s) { s[kRecord].bytes.push_back(0); }},
      {"event: its bytes", "event-record", [](Story& s) { other_record(s, kEvent); }},
      {"event: Length in the payload", "event-fields", [](Story& s) { ++s[kEvent].bytes[0]; }},
      {"event: Length in the fields", "event-fields",
       [](Story& s) { set_field(s[kEvent], "Length", Value::decimal(1)); }},
      {"event: bytes behind the record", "event-fields", [](Story& s) { s[kEvent].bytes.push_back(0); }},
      {"event: the mark of a previous error without a restart", "event-record",
       [](Story& s) {
         s = corrected_story();
         const Buffer marked = as_previous_error(s[kRecord].bytes);
         s[2] = event_observation(1, whea::kernel_whea_event(cper::Record::decode(marked)));
       }},
      {"event: a record that never was", "event-record",
       [](Story& s) {
         s = corrected_story();
         cper::NewRecord record = new_record(cper::Severity::corrected);
         record.record_id = 7;
         const Buffer unknown = make_record(record, cper::kSectionXpfMca, mca_section());
         s[2] = event_observation(1, whea::kernel_whea_event(cper::Record::decode(unknown)));
       }},
      {"entry: its record", "log-record", [](Story& s) { other_record(s, kEntry); }},
      {"entry: a field", "event-fields",
       [](Story& s) { set_field(s[kEntry], "MciStat", Value::hex(kStatus + 1)); }},
      {"entry: a field and its payload", "log-fields",
       [](Story& s) {
         set_field(s[kEntry], "MCABank", Value::decimal(6));
         s[kEntry].bytes[8] = 6;
       }},
      {"entry: the payload alone", "event-fields", [](Story& s) { s[kEntry].bytes[8] = 6; }},
      {"entry: the id of a warning", "log-severity",
       [](Story& s) { set_field(s[kEntry], "EventId", Value::decimal(19)); }},
      {"entry: its level", "log-severity",
       [](Story& s) { set_field(s[kEntry], "Level", Value::decimal(3)); }},
      {"entry: its source, in both places", "log-source",
       [](Story& s) {
         set_field(s[kEntry], "ErrorSource", Value::decimal(4));
         s[kEntry].bytes[0] = 4;
       }},
      {"bug check: it is left out", "fatal-stops",
       [](Story& s) { s.erase(s.begin() + kBugCheck, s.begin() + kSecondBoot); }},
      {"bug check: the record is left out", "bugcheck-record",
       [](Story& s) { s = {s[kFirstBoot], s[kBugCheck]}; }},
      {"bug check: parameter 1", "bugcheck-source",
       [](Story& s) { set_field(s[kBugCheck], "P1", Value::hex(4)); }},
      {"bug check: parameter 1 and the source of the record", "bugcheck-source",
       [](Story& s) {
         set_field(s[kBugCheck], "P1", Value::hex(4));
         set_field(s[kRecord], "SourceType", Value::decimal(4));
       }},
      {"bug check: parameter 2", "bugcheck-address",
       [](Story& s) { set_field(s[kBugCheck], "P2", Value::hex(0x7fff'0000'0000)); }},
      {"bug check: parameter 3", "bugcheck-status",
       [](Story& s) { set_field(s[kBugCheck], "P3", Value::hex(0)); }},
      {"bug check: parameter 4", "bugcheck-status",
       [](Story& s) { set_field(s[kBugCheck], "P4", Value::hex(0)); }},
      {"bug check: its code is that of an NMI without one", "dump-bugcheck",
       [](Story& s) { set_field(s[kBugCheck], "Code", Value::hex(0x80)); }},
      {"bug check: not that of the NMI section", "bugcheck-code",
       [](Story& s) {
         cper::NewRecord record = new_record();
         record.notify_type = cper::kNotifyNmi;
         s[kRecord] = record_observation(1, make_record(record, cper::kSectionNmi, Buffer(12)),
                                         whea::ErrorSourceType::nmi);
       }},
      {"dump: a field", "dump-fields",
       [](Story& s) { set_field(s[kDump], "BugCheckParameter4", Value::hex(1)); }},
      {"dump: its class", "dump-fields",
       [](Story& s) { set_field(s[kDump], "Class", Value::of_text("full-64")); }},
      {"dump: its length", "dump-fields", [](Story& s) { s[kDump].bytes.push_back(0); }},
      {"dump: no dump at all", "dump-fields", [](Story& s) { s[kDump].bytes.assign(100, 0); }},
      {"dump: another bug check in the header", "dump-bugcheck",
       [](Story& s) {
         s[kDump] = dump_observation(1, triage_dump({0x124, {0, kRecordVa, 1, 2}}, s[kRecord].bytes));
       }},
      {"dump: another record in the memory", "dump-record",
       [](Story& s) {
         const whea::BugCheck bugcheck = dump::Dump::open(s[kDump].bytes)->bug_check();
         Buffer other = s[kRecord].bytes;
         other[other.size() - 5] ^= 1;
         s[kDump] = dump_observation(1, triage_dump(bugcheck, other));
       }},
      {"dump: the record is not there", "dump-record",
       [](Story& s) {
         const whea::BugCheck bugcheck = dump::Dump::open(s[kDump].bytes)->bug_check();
         s[kDump] = dump_observation(1, triage_dump(bugcheck, Buffer(16)));
       }},
      {"dump: it is older than the crash", "order",
       [](Story& s) {
         std::swap(s[kDump], s[kRecord]);
         s[kRecord].time = at(0);
       }},
      {"level 1: a field", "level1-fields",
       [](Story& s) { set_field(s[kLevel1], "Signature.BCP3", Value::of_text("0")); }},
      {"level 1: its bytes", "level1-received", [](Story& s) { s[kLevel1].bytes.back() ^= 1; }},
      {"level 1: no document", "level1-valid",
       [](Story& s) {
         s[kLevel1].bytes = {1, 2, 3};
         resend(s);
       }},
      {"level 1: a document that breaks the rules", "level1-valid",
       [](Story& s) {
         s[kLevel1].bytes = *utf8_to_utf16le("\uFEFF<?xml version=\"1.0\" encoding=\"UTF-16\"?><WERREPORT/>");
         resend(s);
       }},
      {"level 1: another bug check", "level1-bugcheck",
       [](Story& s) { report_as(s, [](cer::Report& r) { r.secondary_parameters[2].value = "0"; }); }},
      {"level 1: no bug check", "level1-bugcheck",
       [](Story& s) {
         report_as(s, [](cer::Report& r) { r.secondary_parameters.erase(r.secondary_parameters.begin()); });
       }},
      {"level 1: another type of report", "level1-bugcheck",
       [](Story& s) {
         report_as(s, [](cer::Report& r) { r.event.reporttype = cer::ReportType::critical; });
       }},
      {"level 1: another system", "level1-os",
       [](Story& s) { report_as(s, [](cer::Report& r) { r.machine.os = "6.1.7601.2.1.0.256.1"; }); }},
      {"level 1: two systems", "level1-os",
       [](Story& s) {
         report_as(s, [](cer::Report& r) { r.secondary_parameters.back().value = "6_1_7601"; });
       }},
      {"level 1: an event of tomorrow", "order",
       [](Story& s) { report_as(s, [](cer::Report& r) { r.event.eventtime = at(41); }); }},
      {"level 1: sent by a system that stands still", "order",
       [](Story& s) { s.erase(s.begin() + kSecondBoot); }},
      {"server: it received something else", "level1-received",
       [](Story& s) { s[kServerLevel1].bytes.back() ^= 1; }},
      {"server: it never received the report", "level1-received",
       [](Story& s) { s.erase(s.begin() + kServerLevel1); }},
      {"server: it received a report that nobody sent", "level1-received",
       [](Story& s) { s.push_back(s[kServerLevel1]); }},
      {"answer: a field", "answer-fields",
       [](Story& s) { set_field(s[kAnswer], "Bucket", Value::decimal(502)); }},
      {"answer: its bytes", "answer-sent", [](Story& s) { s[kAnswer].bytes.push_back('\n'); }},
      {"answer: its status", "answer-sent",
       [](Story& s) { set_field(s[kAnswer], "StatusCode", Value::decimal(201)); }},
      {"answer: the server sent another", "answer-sent",
       [](Story& s) { set_field(s[kServerLevel1], "Answer", Value::of_text("Bucket=1\r\n")); }},
      {"answer: it comes before the report", "order", [](Story& s) { std::swap(s[kAnswer], s[kLevel1]); }},
      {"level 2: a field", "level2-fields",
       [](Story& s) { set_field(s[kLevel2], "Files", Value::of_text("a")); }},
      {"level 2: its length", "level2-fields",
       [](Story& s) { set_field(s[kLevel2], "Length", Value::decimal(1)); }},
      {"level 2: no cabinet", "level2-fields", [](Story& s) { s[kLevel2].bytes.resize(20); }},
      {"level 2: the server received another", "level2-received",
       [](Story& s) { s[kServerLevel2].bytes.back() ^= 1; }},
      {"level 2: a file is missing", "level2-members",
       [](Story& s) {
         std::vector<cab::Member> members = cab::read(s[kLevel2].bytes).value();
         members.pop_back();
         pack(s, members);
       }},
      {"level 2: a file too many", "level2-members",
       [](Story& s) {
         std::vector<cab::Member> members = cab::read(s[kLevel2].bytes).value();
         members.push_back({"passwords.txt", {'x'}});
         pack(s, members);
       }},
      {"level 2: the dump of another crash", "level2-dump",
       [](Story& s) { pack(s, cab_members(triage_dump({0x124, {0, kRecordVa, 1, 2}}, s[kRecord].bytes))); }},
      {"level 2: a dump with another record", "level2-dump",
       [](Story& s) {
         const whea::BugCheck bugcheck = dump::Dump::open(s[kDump].bytes)->bug_check();
         Buffer other = s[kRecord].bytes;
         other[other.size() - 5] ^= 1;
         pack(s, cab_members(triage_dump(bugcheck, other)));
       }},
      {"level 2: nobody asked for it", "order", [](Story& s) { std::swap(s[kLevel2], s[kAnswer]); }},
      {"order: a record of tomorrow", "order", [](Story& s) { s[kRecord].time = at(0); }},
      {"order: a record of a system that stands still", "order",
       [](Story& s) { std::swap(s[kRecord], s[kBugCheck]); }},
  };
  return all;
}

TEST(Consistency, EveryLieIsNoticedByItsRule) {
  for (const Lie& lie : lies()) {
    Story story = crash_story();
    lie.tell(story);
    const std::vector<Failure> found = check(story);
    EXPECT_THAT(codes(found), Contains(std::string(lie.code))) << lie.about << "\n" << messages(found);
    for (const Failure& failure : found) {
      EXPECT_TRUE(failure.where.file.empty());
      for (const std::size_t index : failure.observations) EXPECT_LT(index, story.size());
      EXPECT_FALSE(failure.observations.empty()) << failure.message;
    }
  }
}

TEST(Consistency, EveryRuleIsTestedByALie) {
  std::set<std::string_view> tested;
  for (const Lie& lie : lies()) tested.insert(lie.code);
  std::set<std::string_view> rules;
  for (const Rule& rule : consistency_rules()) {
    EXPECT_TRUE(rules.insert(rule.code).second) << rule.code;
    EXPECT_FALSE(rule.sentence.empty());
  }
  EXPECT_EQ(tested, rules);
}

TEST(Consistency, AMessageSaysWhatDiffersAndWhere) {
  Story story = crash_story();
  set_field(story[kBugCheck], "P4", Value::hex(0x109));
  const std::vector<Failure> found = check(story);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(
      found[0].message,
      "bugcheck #3 at 2026-01-15T08:00:01.0000000Z is 0x124 (0x0, 0xffffa80001234028, 0xbea00000, 0x109) "
      "instead of 0x124 (0x0, 0xffffa80001234028, 0xbea00000, 0x108): parameters 3 and 4 are not MCi_STATUS "
      "of "
      "record #2 at 2026-01-15T08:00:01.0000000Z");
  EXPECT_THAT(found[0].observations, testing::ElementsAre(kRecord, kBugCheck));
}

// ---- records that were put in broken on purpose ----

// What such a record says about itself need not be true, and the events carry what it says.
TEST(Consistency, ABrokenRecordMayLie) {
  const Buffer good = corrected_story()[1].bytes;
  for (const std::uint32_t length : {static_cast<std::uint32_t>(good.size()) + 1, 200u, 0u}) {
    SCOPED_TRACE(length);
    Buffer record = good;
    store_le<std::uint32_t>(&record[20], length);
    record[30] = 99;  // the year: long after the story
    const cper::Record decoded = cper::Record::decode(record);
    const Story story = {observation(ObservationKind::boot, 0),
                         record_observation(1, record, whea::ErrorSourceType::cmc),
                         event_observation(1, whea::kernel_whea_event(decoded)),
                         event_observation(1, whea::logger_event(decoded, kBuild))};
    const Bytes broken[] = {record};
    EXPECT_EQ(messages(check_consistency(story, kEverything, windows(), broken)), "");
    EXPECT_THAT(codes(check(story)), Contains("record-fields")) << "not on purpose";
  }
}

}  // namespace
}  // namespace wheatstone::judge
