#include "harness/report/present.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"
#include "formats/document/document.hpp"
#include "formats/dump/reader.hpp"
#include "formats/layout/findings.hpp"
#include "formats/layout/hex_dump.hpp"
#include "formats/layout/json.hpp"
#include "formats/layout/text_bytes.hpp"
#include "mocks/text.hpp"

namespace wheatstone::report {
namespace {

using layout::JsonWriter;
using layout::TextBuffer;

constexpr std::size_t kMostFromText = 256u << 20;
constexpr std::size_t kShownHead = 512;

bool starts_with(Bytes bytes, std::string_view magic) {
  return as_text(bytes).starts_with(magic);
}

// ---- pieces ----

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

// Where an input is shown, and how.
struct Page {
  TextBuffer& out;
  bool json;
  std::string_view file;  // may be empty

  void begin_object(JsonWriter& writer, FileKind kind) const {
    writer.begin_object();
    if (!file.empty()) {
      writer.key("File");
      writer.text(file);
    }
    writer.key("Kind");
    writer.text(to_string(kind));
  }

  // What a file says never steers the terminal.
  void text(std::string_view shown) const {
    char* const start = out.room(shown.size());
    char* const end = layout::put(start, shown);
    for (char* at = start; at != end; ++at)
      if ((static_cast<unsigned char>(*at) < 0x20 && *at != '\n') || *at == 0x7f) *at = '.';
    out.commit(end);
  }

  FileKind items(FileKind kind, std::string_view title, const std::vector<Item>& all,
                 std::span<const Finding> findings) const {
    if (!json) {
      text(items_text(title, all) + layout::to_text(findings, to_string(kind)));
      return kind;
    }
    JsonWriter writer(out);
    begin_object(writer, kind);
    items_json(writer, all);
    writer.key("Findings");
    layout::to_json(writer, findings);
    writer.end_object();
    out.append('\n');
    return kind;
  }

  // `write` appends the object of a structure.
  template <class Write>
  FileKind object(FileKind kind, std::string_view name, const Write& write) const {
    JsonWriter writer(out);
    begin_object(writer, kind);
    writer.key(name);
    write(out);
    writer.end_object();
    out.append('\n');
    return kind;
  }
};

// ---- kinds ----

std::optional<FileKind> present_document(Bytes bytes, const Page& page) {
  const auto document = document::Document::recognize(bytes);
  if (!document) return std::nullopt;
  const bool record = document->record() != nullptr;
  const FileKind kind = record ? FileKind::record : FileKind::packet;
  if (page.json)
    return page.object(kind, record ? "Record" : "Packet",
                       [&](TextBuffer& out) { document::to_json(out, *document); });
  page.text(document::to_text(*document));
  return kind;
}

std::optional<FileKind> present_dump(Bytes bytes, const Page& page) {
  const Result<dump::Dump> opened = dump::Dump::open(bytes);
  if (!opened) return std::nullopt;
  if (page.json)
    return page.object(FileKind::dump, "Dump", [&](TextBuffer& out) { dump::to_json(out, *opened); });
  page.text(dump::to_text(*opened));
  return FileKind::dump;
}

std::optional<FileKind> present_cabinet(Bytes bytes, const Page& page) {
  const Result<cab::Contents> contents = cab::scan(bytes);
  if (!contents) return std::nullopt;
  Item members{"Members", {}, true};
  for (const cab::MemberInfo& member : contents->members)
    members.values.push_back(fmt::format("{} ({} bytes)", printable(member.name), member.size));
  return page.items(FileKind::cabinet, "Cabinet", {std::move(members)}, contents->findings);
}

std::optional<FileKind> present_level1(Bytes bytes, const Page& page) {
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
  return page.items(FileKind::level1, "Level-1 report", all, read->findings);
}

// Anything can be read as an answer; it is one if it is short text in which some key was understood.
std::optional<FileKind> present_answer(Bytes bytes, const Page& page) {
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
  return page.items(FileKind::answer, "Answer of a CER server", all, read.findings);
}

FileKind present_unknown(Bytes bytes, const Page& page) {
  const Bytes head = bytes.first(std::min(bytes.size(), kShownHead));
  if (page.json)
    return page.object(FileKind::unknown, "Head", [&](TextBuffer& out) { JsonWriter(out).hex_bytes(head); });
  std::string text = fmt::format("unknown data, {} bytes\n{}", bytes.size(), layout::write_hex_dump(head));
  if (head.size() < bytes.size()) text += "...\n";
  page.text(text);
  return FileKind::unknown;
}

std::optional<FileKind> present_known(Bytes bytes, const Page& page) {
  if (const auto kind = present_document(bytes, page)) return kind;
  if (starts_with(bytes, "PAGE")) return present_dump(bytes, page);
  if (starts_with(bytes, "MSCF")) return present_cabinet(bytes, page);
  return std::nullopt;
}

}  // namespace

std::string_view to_string(FileKind kind) noexcept {
  switch (kind) {
    case FileKind::unknown:
      return "unknown";
    case FileKind::record:
      return "error record";
    case FileKind::packet:
      return "error packet";
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

FileKind present_to(TextBuffer& out, Bytes bytes, bool json, std::string_view file) {
  const Page page{out, json, file};
  if (!json && !file.empty()) page.text(fmt::format("==> {} <==\n", file));
  if (const std::optional<FileKind> kind = present_known(bytes, page)) return *kind;
  if (const auto inside = layout::decode_text(as_text(bytes), kMostFromText); inside && *inside)
    if (const std::optional<FileKind> kind = present_known((*inside)->bytes, page)) return *kind;
  if (const std::optional<FileKind> kind = present_level1(bytes, page)) return *kind;
  if (const std::optional<FileKind> kind = present_answer(bytes, page)) return *kind;
  return present_unknown(bytes, page);
}

Presentation present(Bytes bytes, bool json) {
  TextBuffer out;
  const FileKind kind = present_to(out, bytes, json);
  return {kind, std::string(out.view())};
}

}  // namespace wheatstone::report
