// Bug checks and dumps against the record they are about.
#include <fmt/format.h>

#include "formats/cper/guids.hpp"
#include "formats/dump/header.hpp"
#include "formats/dump/reader.hpp"
#include "formats/whea/bug_check.hpp"
#include "formats/whea/error_source.hpp"
#include "formats/whea/notify_sources.hpp"
#include "harness/judge/story.hpp"
#include "injectors/observe.hpp"

namespace wheatstone::judge {

using inject::ObservationKind;
using inject::Value;
using whea::BugCheck;
using whea::ErrorSourceType;

namespace {

bool is_kernel_address(std::uint64_t address, bool is_64bit) {
  return is_64bit ? address >= 0xffff'8000'0000'0000 : address >= 0x8000'0000 && address <= 0xffff'ffff;
}

// Vista and Server 2008: the primary section says what parameter 1 is (whea-flow 1.1).
bool by_primary_section(const Story& story) {
  return story.build() < whea::kFirstBuildByMachineCheck;
}

// Sources whose parameters 3 and 4 are not MCi_STATUS: Itanium logs, and what a driver says (whea-flow 1.1).
bool has_own_parameters(std::uint64_t source) {
  return (source >= static_cast<std::uint64_t>(ErrorSourceType::ipf_mca) &&
          source <= static_cast<std::uint64_t>(ErrorSourceType::ipf_cpe)) ||
         source == static_cast<std::uint64_t>(ErrorSourceType::device_driver);
}

BugCheck made(const inject::Observation& bugcheck) {
  return {static_cast<std::uint32_t>(bugcheck.number("Code")),
          {bugcheck.number("P1"), bugcheck.number("P2"), bugcheck.number("P3"), bugcheck.number("P4")}};
}

std::string text_of(const BugCheck& bugcheck) {
  const auto& p = bugcheck.parameters;
  return fmt::format("{:#x} ({:#x}, {:#x}, {:#x}, {:#x})", bugcheck.code, p[0], p[1], p[2], p[3]);
}

// The parameters of 0x124 against the record.
void check_parameters(Story& story, std::size_t index, std::size_t record_index, const cper::Record& record,
                      const BugCheck& expected) {
  const BugCheck bugcheck = made(story[index]);
  const auto contradict = [&](std::string_view code, std::string_view why) {
    story.contradict(code,
                     fmt::format("{} is {} instead of {}: {}", story.name(index), text_of(bugcheck),
                                 text_of(expected), why),
                     {record_index, index});
  };
  const std::uint64_t source = bugcheck.parameters[0];
  const Guid notify_type = (*record.header())[cper::Header::kNotifyType];
  if (source != expected.parameters[0]) {
    contradict("bugcheck-source", "parameter 1 is not the source of " + story.name(record_index));
  } else if (!by_primary_section(story) && !story.is_broken(record.bytes()) && whea::source_of(notify_type) &&
             !whea::carries(static_cast<ErrorSourceType>(source), notify_type)) {
    contradict("bugcheck-source", fmt::format("the notify type of {} is {}", story.name(record_index),
                                              layout::name_of(std::span(cper::kNotifyNames), notify_type)));
  }
  if (!is_kernel_address(bugcheck.parameters[1], story.platform().is_64bit))
    contradict("bugcheck-address", "parameter 2 is no kernel address");
  if ((by_primary_section(story) || !has_own_parameters(source)) &&
      (bugcheck.parameters[2] != expected.parameters[2] || bugcheck.parameters[3] != expected.parameters[3]))
    contradict("bugcheck-status", "parameters 3 and 4 are not MCi_STATUS of " + story.name(record_index));
}

void check_bugcheck(Story& story, std::size_t index) {
  const BugCheck bugcheck = made(story[index]);
  const std::optional<std::size_t> record_index = story.record_of_bugcheck(index);
  const bool about_record = bugcheck.code == whea::kBugCheckWheaUncorrectableError;
  if (!record_index) {
    // Before WHEA is initialised there is no record, and all parameters but the first are 0 (whea-flow 1.1).
    const auto& p = bugcheck.parameters;
    const bool early = p[1] == 0 && p[2] == 0 && p[3] == 0;
    if (about_record && !early && story.gives(ObservationKind::record))
      story.contradict("bugcheck-record",
                       fmt::format("{} is {}, but there was no fatal or recoverable record before it",
                                   story.name(index), text_of(bugcheck)),
                       {index});
    return;
  }
  const cper::Record record = cper::Record::decode(story[*record_index].bytes);
  const Value* source = story[*record_index].find("SourceType");
  const auto type = static_cast<ErrorSourceType>(source != nullptr ? source->number : bugcheck.parameters[0]);
  const std::optional<BugCheck> expected =
      whea::bug_check_for(type, record, bugcheck.parameters[1], {.build = story.build()});
  if (!expected) return;
  if (about_record && expected->code == bugcheck.code) {
    check_parameters(story, index, *record_index, record, *expected);
  } else if (expected->code == whea::kBugCheckNmiHardwareFailure && bugcheck != *expected) {
    story.contradict("bugcheck-code",
                     fmt::format("{} is {} instead of {}, although {} has an NMI section", story.name(index),
                                 text_of(bugcheck), text_of(*expected), story.name(*record_index)),
                     {*record_index, index});
  }
}

// ---- dumps ----

// The record at parameter 2 must be the one that the bug check is about.
void check_dumped_record(Story& story, std::string_view code, std::size_t index, std::string_view what,
                         const dump::Dump& opened, std::size_t bugcheck) {
  const auto record = story.record_of_bugcheck(bugcheck);
  if (!record || opened.bug_check().code != whea::kBugCheckWheaUncorrectableError) return;
  if (opened.dump_class().type == dump::DumpType::header) return;  // holds no memory
  const Buffer& expected = story[*record].bytes;
  const std::uint64_t address = opened.bug_check().parameters[1];
  const Result<Buffer> found = opened.read_virtual(address, expected.size());
  if (!found) {
    if (found.error().kind == ErrorKind::unsupported) return;  // not a class of dump that we read
    story.contradict(code, fmt::format("{} has no record at {:#x}: {}", what, address, found.error().text()),
                     {*record, index});
  } else if (*found != expected) {
    story.contradict(code,
                     fmt::format("{} has another record at {:#x} than {}: {}", what, address,
                                 story.name(*record), difference(expected, *found)),
                     {*record, index});
  }
}

// DriverDump triage files add 0x10000000 to the code (formats.md 1.13).
bool same_bugcheck(const BugCheck& dumped, const BugCheck& made) {
  return dumped.parameters == made.parameters &&
         (dumped.code == made.code || dumped.code == (made.code | 0x1000'0000));
}

void check_dump(Story& story, std::size_t index) {
  const Result<dump::Dump> opened = dump::Dump::open(story[index].bytes);
  if (!opened) {
    story.contradict("dump-fields", fmt::format("{}: {}", story.name(index), opened.error().text()), {index});
    return;
  }
  const Value* file = story[index].find("File");
  const std::string lies =
      disagreement(story[index], inject::observe_dump(file == nullptr ? "" : file->text, story[index].bytes));
  if (!lies.empty()) story.contradict("dump-fields", story.name(index) + ": " + lies, {index});

  const std::optional<std::size_t> bugcheck = story.bugcheck_of_dump(index);
  if (!bugcheck) {
    if (story.gives(ObservationKind::bugcheck))
      story.contradict("dump-bugcheck",
                       fmt::format("{} is a dump, but there was no bug check", story.name(index)), {index});
    return;
  }
  if (!same_bugcheck(opened->bug_check(), made(story[*bugcheck])))
    story.contradict("dump-bugcheck",
                     fmt::format("{} holds {}, but {} is {}", story.name(index), text_of(opened->bug_check()),
                                 story.name(*bugcheck), text_of(made(story[*bugcheck]))),
                     {index, *bugcheck});
  check_dumped_record(story, "dump-record", index, story.name(index), *opened, *bugcheck);
}

}  // namespace

void check_uploaded_dump(Story& story, std::size_t cabinet, std::string_view name, Bytes file) {
  const Result<dump::Dump> opened = dump::Dump::open(file);
  if (!opened) return;
  const std::string what = fmt::format("'{}' in {}", name, story.name(cabinet));
  // The report may be about any crash so far; the last that fits is meant.
  std::optional<std::size_t> meant;
  for (const std::size_t bugcheck : story.of(ObservationKind::bugcheck))
    if (bugcheck < cabinet && same_bugcheck(opened->bug_check(), made(story[bugcheck]))) meant = bugcheck;
  if (meant) {
    check_dumped_record(story, "level2-dump", cabinet, what, *opened, *meant);
  } else if (story.gives(ObservationKind::bugcheck)) {
    story.contradict(
        "level2-dump",
        fmt::format("{} holds {}, which is no bug check of this run", what, text_of(opened->bug_check())),
        {cabinet});
  }
}

void check_crashes(Story& story) {
  if (story.gives(ObservationKind::bugcheck)) {
    for (const std::size_t index : story.of(ObservationKind::record)) {
      const auto facts = facts_of(story[index].bytes);
      if (!facts || facts->severity != cper::Severity::fatal || facts->previous_error) continue;
      // What the BOOT source reports happened before this session, whatever the record's flag says.
      if (story[index].number("SourceType") == static_cast<std::uint64_t>(whea::ErrorSourceType::boot))
        continue;
      if (!story.after(index, ObservationKind::bugcheck))
        story.contradict("fatal-stops",
                         fmt::format("{} is fatal, but no bug check followed", story.name(index)), {index});
    }
  }
  for (const std::size_t index : story.of(ObservationKind::bugcheck)) check_bugcheck(story, index);
  for (const std::size_t index : story.of(ObservationKind::dump)) check_dump(story, index);
}

}  // namespace wheatstone::judge
