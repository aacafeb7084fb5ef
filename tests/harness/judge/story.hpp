// A crash and what follows, told the same way by every layer: each observation is made from the real formats.
// Tests of consistency let one layer lie.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
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
#include "injectors/observe.hpp"
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

inline Observation at_time(std::uint64_t seconds, Observation made) {
  made.time = at(seconds);
  return made;
}

inline Observation record_observation(std::uint64_t seconds, const Buffer& bytes,
                                      whea::ErrorSourceType source) {
  return at_time(seconds, inject::observe_record(bytes, source, 0));
}

// As the system reports it after a restart.
inline Buffer as_previous_error(Buffer record) {
  auto header = *layout::Editor<cper::Header>::make(cper::kRecordHeader, record);
  header.set(cper::Header::kFlags, cper::kFlagPreviousError);
  header.set(cper::Header::kPersistenceInfo, 0x5245);
  return record;
}

inline Observation event_observation(std::uint64_t seconds, const whea::Event& event) {
  return at_time(seconds, inject::observe_event(event));
}

// ---- crash ----

inline Observation bugcheck_observation(std::uint64_t seconds, const whea::BugCheck& bugcheck) {
  return at_time(seconds, inject::observe_bug_check(bugcheck));
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

inline Observation dump_observation(std::uint64_t seconds, const Buffer& file) {
  return at_time(seconds, inject::observe_dump("Mini011526-01.dmp", file));
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
  return at_time(seconds, inject::observe_level1(cer::write_report(report).value()));
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
  return at_time(seconds, inject::observe_answer(200, answer, as_bytes(cer::write_answer(answer).value())));
}

inline Observation level2_observation(std::uint64_t seconds, const std::vector<cab::Member>& members) {
  return at_time(seconds,
                 inject::observe_level2("/cabs/1.cab", 200, cab::write(members, at(seconds)).value()));
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
          event_observation(31, whea::kernel_whea_event(decoded)),
          event_observation(31, whea::logger_event(decoded, kBuild)),
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
          event_observation(1, whea::kernel_whea_event(decoded)),
          event_observation(1, whea::logger_event(decoded, kBuild))};
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
