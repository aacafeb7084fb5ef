#include "harness/report/present.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"
#include "formats/cper/record.hpp"
#include "formats/dump/reader.hpp"
#include "formats/layout/hex_dump.hpp"
#include "formats/layout/json.hpp"
#include "mocks/text.hpp"

namespace wheatstone::report {
namespace {

using layout::JsonWriter;
using layout::TextBuffer;

constexpr std::size_t kMostFromHex = 16u << 20;
constexpr std::size_t kShownHead = 512;

bool starts_with(Bytes bytes, std::string_view magic) {
  return as_text(bytes).starts_with(magic);
}

// ---- pieces ----

std::string findings_text(std::span<const Finding> findings) {
  std::string out;
  for (const Finding& finding : findings) {
    out += fmt::format("  {}: {}", to_string(finding.severity), finding.message);
    if (finding.offset != Finding::kNoOffset) out += fmt::format(" at offset {:#x}", finding.offset);
    out += fmt::format(" [{}]\n", finding.code);
  }
  return out.empty() ? out : "\nFindings\n" + out;
}

void findings_json(JsonWriter& json, std::span<const Finding> findings) {
  json.key("Findings");
  json.begin_array();
  for (const Finding& finding : findings) {
    json.begin_object();
    json.key("Severity");
    json.text(to_string(finding.severity));
    json.key("Code");
    json.text(finding.code);
    json.key("Message");
    json.text(finding.message);
    if (finding.offset != Finding::kNoOffset) {
      json.key("Offset");
      json.number(finding.offset);
    }
    json.end_object();
  }
  json.end_array();
}

// One key with its value, in text and in JSON alike.
struct Item {
  std::string key;
  std::vector<std::string> values;
  bool is_list = false;
};

std::string items_text(std::string_view title, const std::vector<Item>& items) {
  std::size_t width = 0;
  for (const Item& item : items) width = std::max(width, item.key.size());
  std::string out = fmt::format("{}\n", title);
  for (const Item& item : items)
    for (const std::string& value : item.values)
      out += fmt::format("  {:<{}} : {}\n", item.key, width, value);
  return out;
}

void items_json(JsonWriter& json, const std::vector<Item>& items) {
  for (const Item& item : items) {
    json.key(item.key);
    if (!item.is_list) {
      json.text(item.values.front());
      continue;
    }
    json.begin_array();
    for (const std::string& value : item.values) json.text(value);
    json.end_array();
  }
}

std::string items(bool json, FileKind kind, std::string_view title, const std::vector<Item>& all,
                  std::span<const Finding> findings) {
  if (!json) return items_text(title, all) + findings_text(findings);
  TextBuffer out;
  JsonWriter writer(out);
  writer.begin_object();
  writer.key("Kind");
  writer.text(to_string(kind));
  items_json(writer, all);
  findings_json(writer, findings);
  writer.end_object();
  return std::string(out.view()) + "\n";
}

// `write` appends the object of a structure.
template <class Write>
std::string wrapped(FileKind kind, std::string_view name, const Write& write) {
  TextBuffer out;
  JsonWriter json(out);
  json.begin_object();
  json.key("Kind");
  json.text(to_string(kind));
  json.key(name);
  write(out);
  json.end_object();
  return std::string(out.view()) + "\n";
}

// ---- kinds ----

Presentation present_record(Bytes bytes, bool json) {
  const cper::Record record = cper::Record::decode(bytes);
  if (!json) return {FileKind::record, cper::to_text(record)};
  return {FileKind::record,
          wrapped(FileKind::record, "Record", [&](TextBuffer& out) { cper::to_json(out, record); })};
}

std::optional<Presentation> present_dump(Bytes bytes, bool json) {
  const Result<dump::Dump> opened = dump::Dump::open(bytes);
  if (!opened) return std::nullopt;
  Presentation shown{FileKind::dump, {}};
  if (json) {
    shown.text = wrapped(FileKind::dump, "Dump", [&](TextBuffer& out) { dump::to_json(out, *opened); });
  } else {
    shown.text = dump::to_text(*opened);
  }
  return shown;
}

std::optional<Presentation> present_cabinet(Bytes bytes, bool json) {
  const Result<cab::Contents> contents = cab::scan(bytes);
  if (!contents) return std::nullopt;
  Item members{"Members", {}, true};
  for (const cab::MemberInfo& member : contents->members)
    members.values.push_back(fmt::format("{} ({} bytes)", printable(member.name), member.size));
  return Presentation{FileKind::cabinet,
                      items(json, FileKind::cabinet, "Cabinet", {std::move(members)}, contents->findings)};
}

std::optional<Presentation> present_level1(Bytes bytes, bool json) {
  const Result<cer::ReadReport> read = cer::read_report(bytes);
  if (!read) return std::nullopt;
  const cer::Report& report = read->report;
  std::vector<Item> all = {
      {"EventType", {report.event.eventtype}},
      {"ReportType", {fmt::format("{}", static_cast<unsigned>(report.event.reporttype))}},
      {"EventTime", {to_iso8601(report.event.eventtime)}},
      {"MachineName", {report.machine.machinename}},
      {"OS", {report.machine.os}},
      {"Lcid", {report.machine.lcid}},
      {"UserName", {report.username}}};
  if (report.application) {
    all.push_back({"AppName", {report.application->appname}});
    all.push_back({"AppPath", {report.application->apppath}});
  }
  Item signature{"Signature", {}, true};
  for (const cer::Parameter& parameter : report.parameters)
    signature.values.push_back(
        fmt::format("P{} {} = {}", parameter.id, parameter.name.value_or(""), parameter.value));
  for (const cer::SecondaryParameter& parameter : report.secondary_parameters)
    signature.values.push_back(fmt::format("{} = {}", parameter.name, parameter.value));
  all.push_back(std::move(signature));
  Item files{"Files", {}, true};
  if (report.files)
    for (const cer::ReportedFile& file : *report.files)
      files.values.push_back(
          fmt::format("{} (type {})", file.filename, static_cast<unsigned>(file.filetype)));
  all.push_back(std::move(files));
  return Presentation{FileKind::level1, items(json, FileKind::level1, "Level-1 report", all, read->findings)};
}

// Anything can be read as an answer; it is one if it is short text in which some key was understood.
std::optional<Presentation> present_answer(Bytes bytes, bool json) {
  if (bytes.size() > 64u << 10 || std::ranges::find(bytes, std::uint8_t{0}) != bytes.end())
    return std::nullopt;
  const cer::ReadAnswer read = cer::read_answer(bytes);
  if (read.answer == cer::Answer{}) return std::nullopt;
  const cer::Answer& answer = read.answer;
  std::vector<Item> all;
  const auto flag = [&all](std::string key, const std::optional<bool>& value) {
    if (value) all.push_back({std::move(key), {*value ? "1" : "0"}});
  };
  const auto number = [&all](std::string key, const std::optional<std::uint64_t>& value) {
    if (value) all.push_back({std::move(key), {fmt::format("{}", *value)}});
  };
  const auto list = [&all](std::string key, const std::vector<std::string>& values) {
    if (!values.empty()) all.push_back({std::move(key), values, true});
  };
  if (answer.response) all.push_back({"Response", {*answer.response}});
  number("Bucket", answer.bucket);
  number("BucketTable", answer.bucket_table);
  flag("iData", answer.i_data);
  flag("MemoryDump", answer.memory_dump);
  flag("fDoc", answer.f_doc);
  list("RegKey", answer.reg_key);
  list("RegTree", answer.reg_tree);
  list("WQL", answer.wql);
  list("GetFile", answer.get_file);
  list("GetFileVersion", answer.get_file_version);
  if (answer.dump_file) all.push_back({"DumpFile", {*answer.dump_file}});
  return Presentation{FileKind::answer,
                      items(json, FileKind::answer, "Answer of a CER server", all, read.findings)};
}

Presentation present_unknown(Bytes bytes, bool json) {
  const Bytes head = bytes.first(std::min(bytes.size(), kShownHead));
  if (json)
    return {FileKind::unknown,
            wrapped(FileKind::unknown, "Head", [&](TextBuffer& out) { JsonWriter(out).hex_bytes(head); })};
  std::string text = fmt::format("unknown data, {} bytes\n{}", bytes.size(), layout::write_hex_dump(head));
  if (head.size() < bytes.size()) text += "...\n";
  return {FileKind::unknown, std::move(text)};
}

std::optional<Presentation> present_known(Bytes bytes, bool json) {
  if (starts_with(bytes, "CPER")) return present_record(bytes, json);
  if (starts_with(bytes, "PAGE")) return present_dump(bytes, json);
  if (starts_with(bytes, "MSCF")) return present_cabinet(bytes, json);
  return std::nullopt;
}

Presentation recognise(Bytes bytes, bool json) {
  if (std::optional<Presentation> shown = present_known(bytes, json)) return std::move(*shown);
  if (const Result<Buffer> inside = layout::parse_hex_dump(as_text(bytes), kMostFromHex);
      inside && !inside->empty())
    if (std::optional<Presentation> shown = present_known(*inside, json)) return std::move(*shown);
  if (std::optional<Presentation> shown = present_level1(bytes, json)) return std::move(*shown);
  if (std::optional<Presentation> shown = present_answer(bytes, json)) return std::move(*shown);
  return present_unknown(bytes, json);
}

}  // namespace

std::string_view to_string(FileKind kind) noexcept {
  switch (kind) {
    case FileKind::unknown:
      return "unknown";
    case FileKind::record:
      return "error record";
    case FileKind::dump:
      return "kernel crash dump";
    case FileKind::cabinet:
      return "cabinet";
    case FileKind::level1:
      return "level-1 report";
    case FileKind::answer:
      return "answer";
  }
  return "unknown";
}

Presentation present(Bytes bytes, bool json) {
  Presentation shown = recognise(bytes, json);
  if (!json) {
    // What a file says never steers the terminal.
    for (char& c : shown.text)
      if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f) c = '.';
  }
  return shown;
}

}  // namespace wheatstone::report
