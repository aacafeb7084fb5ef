// A crash and what follows, told the same way by every layer: each observation is made from the real formats.
// Tests of consistency let one layer lie.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"
#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/dump/header.hpp"
#include "formats/dump/machine.hpp"
#include "formats/dump/physical_memory.hpp"
#include "formats/dump/reader.hpp"
#include "formats/dump/writer.hpp"
#include "formats/layout/record_time.hpp"
#include "formats/whea/bug_check.hpp"
#include "formats/whea/event.hpp"
#include "injectors/observation.hpp"
#include "injectors/target.hpp"

namespace wheatstone::judge::test {

using inject::Observation;
using inject::ObservationKind;
using inject::Value;

inline const FileTime kBoot = *parse_iso8601("2026-01-15T08:00:00Z");
inline constexpr std::uint64_t kRecordVa = 0xffffa80001234028;
inline constexpr std::uint64_t kStatus = 0xbea0000000000108;
inline constexpr std::uint32_t kBuild = 26100;
inline constexpr ObservationKind kEverything[] = {ObservationKind::record,    ObservationKind::etw_event,
                                                  ObservationKind::log_entry, ObservationKind::bugcheck,
                                                  ObservationKind::dump,      ObservationKind::boot,
                                                  ObservationKind::level1,    ObservationKind::answer,
                                                  ObservationKind::level2,    ObservationKind::submit};

inline FileTime at(std::uint64_t seconds) {
  return kBoot + seconds * FileTime::kPerSecond;
}

inline Observation observation(ObservationKind kind, std::uint64_t seconds, Buffer bytes = {}) {
  Observation made;
  made.kind = kind;
  made.time = at(seconds);
  made.bytes = std::move(bytes);
  return made;
}

// ---- record ----

inline Buffer mca_section(std::uint64_t status = kStatus) {
  Buffer body(292);
  auto mca = *layout::Editor<cper::XpfMca>::make(cper::kXpfMcaV3, body);
  mca.set(cper::XpfMca::kVersionNumber, 3);
  mca.set(cper::XpfMca::kCpuVendor, cper::kCpuVendorAmd);
  mca.set(cper::XpfMca::kTimestamp, at(1).ticks);
  mca.set(cper::XpfMca::kBankNumber, 5);
  mca.set(cper::XpfMca::kStatus, status);
  mca.set(cper::XpfMca::kAddress, 0x1f807b7ef8a18);
  mca.set(cper::XpfMca::kMisc, 0xd01a0ffe00000000);
  mca.set(cper::XpfMca::kApicId, 12);
  return body;
}

inline cper::NewRecord new_record(cper::Severity severity = cper::Severity::fatal) {
  cper::NewRecord record;
  record.severity = severity;
  record.notify_type = severity == cper::Severity::corrected ? cper::kNotifyCmci : cper::kNotifyMce;
  record.timestamp = encode_record_time(to_civil(at(1)), TimestampForm::binary);
  record.record_id = at(0).ticks;
  return record;
}

inline Buffer make_record(const cper::NewRecord& record, const Guid& type, const Buffer& body) {
  cper::NewSection section{.type = type, .body = body, .severity = record.severity};
  section.flags = cper::kSectionPrimary;
  return cper::encode(record, std::span(&section, 1)).value();
}

inline void add_leaves(Observation& into, const std::vector<layout::Leaf>& leaves) {
  for (const layout::Leaf& leaf : leaves) {
    Value value = leaf.kind == layout::Leaf::Kind::text   ? Value::of_text(leaf.text)
                  : leaf.kind == layout::Leaf::Kind::flag ? Value::of_flag(leaf.number != 0)
                  : leaf.hex                              ? Value::hex(leaf.number, leaf.text)
                                                          : Value::decimal(leaf.number, leaf.text);
    into.add(leaf.path, std::move(value));
  }
}

inline Observation record_observation(std::uint64_t seconds, Buffer bytes, whea::ErrorSourceType source) {
  Observation made = observation(ObservationKind::record, seconds, std::move(bytes));
  add_leaves(made, cper::flatten(cper::Record::decode(made.bytes)));
  made.add("SourceType", Value::decimal(static_cast<std::uint64_t>(source), whea::to_string(source)));
  return made;
}

// As the system reports it after a restart.
inline Buffer as_previous_error(Buffer record) {
  auto header = *layout::Editor<cper::Header>::make(cper::kRecordHeader, record);
  header.set(cper::Header::kFlags, cper::kFlagPreviousError);
  header.set(cper::Header::kPersistenceInfo, 0x5245);
  return record;
}

// ---- events ----

inline Observation event_observation(ObservationKind kind, std::uint64_t seconds, const whea::Event& event) {
  Observation made = observation(kind, seconds, event.payload);
  made.add("ProviderName", Value::of_text(std::string(event.descriptor->provider->name)));
  made.add("Provider", Value::of_text(event.descriptor->provider->id.text()));
  made.add("EventId", Value::decimal(event.descriptor->id));
  made.add("Level", Value::decimal(event.descriptor->level));
  for (std::size_t i = 0; i < event.values.size(); ++i) {
    const whea::EventField& field = event.descriptor->fields[i];
    if (const auto* number = std::get_if<std::uint64_t>(&event.values[i])) {
      made.add(std::string(field.name), Value::hex(*number, layout::name_of(field.names, *number)));
    } else if (!std::holds_alternative<Buffer>(event.values[i])) {
      made.add(std::string(field.name), Value::of_text(whea::value_text(field, event.values[i])));
    }
  }
  return made;
}

// ---- crash ----

inline Observation bugcheck_observation(std::uint64_t seconds, const whea::BugCheck& bugcheck) {
  Observation made = observation(ObservationKind::bugcheck, seconds);
  made.add("Code", Value::hex(bugcheck.code, whea::bug_check_name(bugcheck.code)));
  for (std::size_t i = 0; i < 4; ++i) made.add(fmt::format("P{}", i + 1), Value::hex(bugcheck.parameters[i]));
  return made;
}

inline Buffer triage_dump(const whea::BugCheck& bugcheck, const Buffer& record) {
  dump::Machine machine;
  machine.system_time = at(1);
  const dump::DataBlock block{kRecordVa, record};
  return dump::write_triage_dump(machine, bugcheck, std::span(&block, 1)).value();
}

inline Buffer full_dump(const whea::BugCheck& bugcheck, const Buffer& record) {
  dump::Machine machine;
  machine.system_time = at(1);
  dump::PhysicalMemory memory;
  memory.write_virtual(kRecordVa, record).value();
  return dump::write_full_dump(machine, bugcheck, std::move(memory)).value();
}

inline Observation dump_observation(std::uint64_t seconds, Buffer file) {
  Observation made = observation(ObservationKind::dump, seconds, std::move(file));
  const dump::Dump opened = dump::Dump::open(made.bytes).value();
  made.add("File", Value::of_text("Mini011526-01.dmp"));
  made.add("Class", Value::of_text(dump::to_string(opened.dump_class())));
  made.add("Length", Value::decimal(made.bytes.size()));
  made.add("BugCheckCode", Value::hex(opened.bug_check().code));
  for (std::size_t i = 0; i < 4; ++i)
    made.add(fmt::format("BugCheckParameter{}", i + 1), Value::hex(opened.bug_check().parameters[i]));
  return made;
}

// ---- reporting ----

inline cer::Report make_report(const whea::BugCheck& bugcheck) {
  cer::Report report;
  report.machine = {"client-machine.corp.example.com", "10.0.26100.2.0.0.256.1", "1033", std::nullopt};
  report.username = "Username";
  report.event.reporttype = cer::ReportType::kernel;
  report.event.eventtype = "BlueScreen";
  report.event.eventtime = at(1);
  report.secondary_parameters = {{"BCCode", fmt::format("{:x}", bugcheck.code)}};
  for (std::size_t i = 0; i < 4; ++i)
    report.secondary_parameters.push_back(
        {fmt::format("BCP{}", i + 1), fmt::format("{:X}", bugcheck.parameters[i])});
  report.secondary_parameters.push_back({"OS Version", "10_0_26100"});
  report.files = {{"Mini011526-01.dmp", cer::FileType::minidump}, {"Version.txt", cer::FileType::other}};
  return report;
}

inline Observation level1_observation(std::uint64_t seconds, const cer::Report& report) {
  Observation made = observation(ObservationKind::level1, seconds, cer::write_report(report).value());
  made.add("EventType", Value::of_text(report.event.eventtype));
  made.add("ReportType", Value::decimal(static_cast<std::uint64_t>(report.event.reporttype)));
  made.add("EventTime", Value::of_text(to_iso8601(report.event.eventtime)));
  made.add("MachineName", Value::of_text(report.machine.machinename));
  made.add("OS", Value::of_text(report.machine.os));
  for (const cer::SecondaryParameter& parameter : report.secondary_parameters)
    made.add("Signature." + parameter.name, Value::of_text(parameter.value));
  made.add("Files", Value::of_text("Mini011526-01.dmp;Version.txt"));
  return made;
}

inline cer::Answer make_answer() {
  cer::Answer answer;
  answer.bucket = 501;
  answer.bucket_table = 5;
  answer.i_data = true;
  answer.dump_file = "/cabs/1.cab";
  return answer;
}

inline Observation answer_observation(std::uint64_t seconds, const cer::Answer& answer) {
  const std::string text = cer::write_answer(answer).value();
  Observation made = observation(ObservationKind::answer, seconds, Buffer(text.begin(), text.end()));
  made.add("StatusCode", Value::decimal(200));
  made.add("Bucket", Value::decimal(*answer.bucket));
  made.add("iData", Value::of_flag(*answer.i_data));
  made.add("DumpFile", Value::of_text(*answer.dump_file));
  return made;
}

inline Observation level2_observation(std::uint64_t seconds, const std::vector<cab::Member>& members) {
  Observation made = observation(ObservationKind::level2, seconds, cab::write(members, at(seconds)).value());
  std::string files;
  for (const cab::Member& member : members) files += (files.empty() ? "" : ";") + member.name;
  made.add("Files", Value::of_text(files));
  made.add("Length", Value::decimal(made.bytes.size()));
  made.add("StatusCode", Value::decimal(200));
  return made;
}

inline Observation server_observation(std::uint64_t seconds, std::string kind, const Buffer& body,
                                      const std::string& answer = {}) {
  const std::string head =
      fmt::format("{} HTTP/1.1\r\nHost: testserver.corp.example.com:1273\r\nContent-Length: {}\r\n\r\n",
                  kind == "level1" ? "POST /stage2.htm" : "PUT /cabs/1.cab", body.size());
  Buffer request(head.begin(), head.end());
  request.insert(request.end(), body.begin(), body.end());
  Observation made = observation(ObservationKind::server, seconds, std::move(request));
  made.add("Kind", Value::of_text(kind));
  made.add("StatusCode", Value::decimal(200));
  if (kind == "level1") made.add("Answer", Value::of_text(answer));
  return made;
}

// ---- the whole story ----

// Positions in crash_story().
enum Place : std::size_t {
  kFirstBoot,
  kRecord,
  kBugCheck,
  kDump,
  kSecondBoot,
  kEvent,
  kEntry,
  kLevel1,
  kAnswer,
  kLevel2,
  kServerLevel1,
  kServerLevel2,
};

inline std::vector<cab::Member> cab_members(Buffer minidump) {
  return {{"Mini011526-01.dmp", std::move(minidump)}, {"Version.txt", {'1', '0'}}};
}

// A fatal machine check: record, bug check, dump; after the restart the left-over record, then the report.
inline std::vector<Observation> crash_story() {
  const Buffer record = make_record(new_record(), cper::kSectionXpfMca, mca_section());
  const Buffer left_over = as_previous_error(record);
  const auto bugcheck =
      whea::bug_check_for(whea::ErrorSourceType::mce, cper::Record::decode(record), kRecordVa).value();
  const Buffer minidump = triage_dump(bugcheck, record);
  const cper::Record decoded = cper::Record::decode(left_over);
  const Observation level1 = level1_observation(40, make_report(bugcheck));
  const Observation answer = answer_observation(40, make_answer());
  const Observation level2 = level2_observation(40, cab_members(minidump));
  return {observation(ObservationKind::boot, 0),
          record_observation(1, record, whea::ErrorSourceType::mce),
          bugcheck_observation(1, bugcheck),
          dump_observation(1, minidump),
          observation(ObservationKind::boot, 30),
          event_observation(ObservationKind::etw_event, 31, whea::kernel_whea_event(decoded)),
          event_observation(ObservationKind::log_entry, 31, whea::logger_event(decoded, kBuild)),
          level1,
          answer,
          level2,
          server_observation(40, "level1", level1.bytes, std::string(as_text(answer.bytes))),
          server_observation(40, "level2", level2.bytes)};
}

// A corrected machine check: record and events, and life goes on.
inline std::vector<Observation> corrected_story() {
  const Buffer record =
      make_record(new_record(cper::Severity::corrected), cper::kSectionXpfMca, mca_section());
  const cper::Record decoded = cper::Record::decode(record);
  return {observation(ObservationKind::boot, 0), record_observation(1, record, whea::ErrorSourceType::cmc),
          event_observation(ObservationKind::etw_event, 1, whea::kernel_whea_event(decoded)),
          event_observation(ObservationKind::log_entry, 1, whea::logger_event(decoded, kBuild))};
}

inline inject::Platform windows() {
  inject::Platform platform;
  platform.profile = "win11-24H2";
  return platform;
}

// ---- tools for liars ----

inline void set_field(Observation& observation, std::string_view name, Value value) {
  for (inject::ObservedField& field : observation.fields) {
    if (field.name == name) {
      field.value = std::move(value);
      return;
    }
  }
  observation.add(std::string(name), std::move(value));
}

}  // namespace wheatstone::judge::test
