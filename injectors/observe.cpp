#include "injectors/observe.hpp"

#include <fmt/format.h>

#include <array>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/report.hpp"
#include "formats/cper/record.hpp"
#include "formats/dump/reader.hpp"
#include "formats/layout/utf16.hpp"
#include "formats/whea/bug_check.hpp"

namespace wheatstone::inject {
namespace {

constexpr layout::Name kReportTypeNames[] = {
    {0, "NonCritical"}, {1, "Critical"}, {2, "ApplicationCrash"}, {3, "ApplicationHang"}, {4, "Kernel"}};

Observation make(ObservationKind kind, Bytes bytes) {
  Observation out;
  out.kind = kind;
  out.bytes.assign(bytes.begin(), bytes.end());
  return out;
}

Value value_of(const layout::Leaf& leaf) {
  switch (leaf.kind) {
    case layout::Leaf::Kind::number:
      return leaf.hex ? Value::hex(leaf.number, leaf.text) : Value::decimal(leaf.number, leaf.text);
    case layout::Leaf::Kind::flag:
      return Value::of_flag(leaf.number != 0);
    case layout::Leaf::Kind::text:
      break;
  }
  return Value::of_text(leaf.text);
}

Value value_of(const whea::EventField& field, const whea::EventValue& value) {
  const auto* number = std::get_if<std::uint64_t>(&value);
  if (number == nullptr) return Value::of_text(whea::value_text(field, value));
  const std::string_view name = layout::name_of(field.names, *number);
  const bool hex = field.type == whea::InType::hex32 || field.type == whea::InType::hex64;
  return hex ? Value::hex(*number, name) : Value::decimal(*number, name);
}

std::string join(const std::vector<std::string>& items) {
  return fmt::format("{}", fmt::join(items, ";"));
}

}  // namespace

Observation observe_record(Bytes bytes, whea::ErrorSourceType source, std::uint32_t source_id) {
  Observation out = make(ObservationKind::record, bytes);
  for (layout::Leaf& leaf : cper::flatten(cper::Record::decode(bytes)))
    if (leaf.valid) out.add(std::move(leaf.path), value_of(leaf));
  out.add("SourceType", Value::decimal(static_cast<std::uint64_t>(source), whea::to_string(source)));
  out.add("SourceId", Value::decimal(source_id));
  return out;
}

Observation observe_event(const whea::Event& event) {
  const whea::EventTemplate& form = *event.descriptor;
  const bool kernel = form.provider->id == whea::kKernelWheaProvider;
  Observation out = make(kernel ? ObservationKind::etw_event : ObservationKind::log_entry, event.payload);
  out.add("ProviderName", Value::of_text(std::string(form.provider->name)));
  out.add("Provider", Value::of_text(form.provider->id.text()));
  out.add("EventId", Value::decimal(form.id));
  out.add("Level", Value::decimal(form.level));
  out.add("Channel", Value::of_text(std::string(form.channel_name)));
  out.add("Keywords", Value::hex(form.keywords));
  for (std::size_t i = 0; i < event.values.size(); ++i) {
    const whea::EventField& field = form.fields[i];
    if (!field.length_field.empty()) continue;
    std::string name(field.name);
    if (out.find(name) != nullptr) name = "EventData." + name;
    out.add(std::move(name), value_of(field, event.values[i]));
  }
  return out;
}

Observation observe_bug_check(const dump::BugCheck& bug_check) {
  Observation out = make(ObservationKind::bugcheck, {});
  out.add("Code", Value::hex(bug_check.code, whea::bug_check_name(bug_check.code)));
  for (std::size_t i = 0; i < bug_check.parameters.size(); ++i)
    out.add(fmt::format("P{}", i + 1), Value::hex(bug_check.parameters[i]));
  return out;
}

Observation observe_dump(std::string_view name, Bytes file) {
  Observation out = make(ObservationKind::dump, file);
  out.add("File", Value::of_text(std::string(name)));
  if (const auto dump = dump::Dump::open(file)) {
    const dump::BugCheck bug_check = dump->bug_check();
    out.add("Class", Value::of_text(dump::to_string(dump->dump_class())));
    out.add("BugCheckCode", Value::hex(bug_check.code));
    for (std::size_t i = 0; i < bug_check.parameters.size(); ++i)
      out.add(fmt::format("BugCheckParameter{}", i + 1), Value::hex(bug_check.parameters[i]));
  }
  out.add("Length", Value::decimal(file.size()));
  return out;
}

Observation observe_boot(unsigned number, std::size_t error_sources, std::string_view profile) {
  Observation out = make(ObservationKind::boot, {});
  out.add("Number", Value::decimal(number));
  out.add("ErrorSourceCount", Value::decimal(error_sources));
  out.add("Profile", Value::of_text(std::string(profile)));
  return out;
}

Observation observe_level1(Bytes document) {
  Observation out = make(ObservationKind::level1, document);
  const auto read = cer::read_report(document);
  if (!read) return out;
  const cer::Report& report = read->report;
  const auto type = static_cast<std::uint64_t>(report.event.reporttype);
  out.add("EventType", Value::of_text(report.event.eventtype));
  out.add("ReportType", Value::decimal(type, layout::name_of(kReportTypeNames, type)));
  out.add("EventTime", Value::of_text(to_iso8601(report.event.eventtime)));
  out.add("MachineName", Value::of_text(report.machine.machinename));
  out.add("OS", Value::of_text(report.machine.os));
  const auto signature = [&out](const std::string& name, const std::string& value) {
    if (out.find("Signature." + name) == nullptr) out.add("Signature." + name, Value::of_text(value));
  };
  for (const cer::Parameter& parameter : report.parameters)
    signature(parameter.name.value_or(fmt::format("P{}", parameter.id)), parameter.value);
  for (const cer::SecondaryParameter& parameter : report.secondary_parameters)
    signature(parameter.name, parameter.value);
  if (report.files) {
    std::vector<std::string> names;
    for (const cer::ReportedFile& file : *report.files) names.push_back(file.filename);
    out.add("Files", Value::of_text(join(names)));
  }
  return out;
}

Observation observe_answer(unsigned status, const cer::Answer& answer, Bytes body) {
  Observation out = make(ObservationKind::answer, body);
  out.add("StatusCode", Value::decimal(status));
  const auto text = [&out](const char* key, const std::optional<std::string>& value) {
    if (value) out.add(key, Value::of_text(*value));
  };
  const auto number = [&out](const char* key, const auto& value) {
    if (value) out.add(key, Value::decimal(*value));
  };
  const auto list = [&out](const char* key, const std::vector<std::string>& items) {
    if (!items.empty()) out.add(key, Value::of_text(join(items)));
  };
  text("Response", answer.response);
  number("Bucket", answer.bucket);
  number("BucketTable", answer.bucket_table);
  number("iData", answer.i_data);
  number("MemoryDump", answer.memory_dump);
  number("fDoc", answer.f_doc);
  list("RegKey", answer.reg_key);
  list("RegTree", answer.reg_tree);
  list("WQL", answer.wql);
  list("GetFile", answer.get_file);
  list("GetFileVersion", answer.get_file_version);
  text("DumpFile", answer.dump_file);
  return out;
}

Observation observe_level2(std::string_view target, unsigned status, Bytes cabinet) {
  Observation out = make(ObservationKind::level2, cabinet);
  out.add("Target", Value::of_text(std::string(target)));
  out.add("StatusCode", Value::decimal(status));
  if (const auto contents = cab::scan(cabinet)) {
    std::vector<std::string> names;
    for (const cab::MemberInfo& member : contents->members) names.push_back(member.name);
    out.add("Files", Value::of_text(join(names)));
  }
  out.add("Length", Value::decimal(cabinet.size()));
  return out;
}

}  // namespace wheatstone::inject
