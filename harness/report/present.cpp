#include "harness/report/present.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"
#include "formats/document/make.hpp"
#include "formats/dump/reader.hpp"
#include "formats/layout/findings.hpp"
#include "formats/layout/hex_dump.hpp"
#include "formats/layout/json.hpp"
#include "formats/layout/text_bytes.hpp"
#include "formats/layout/yaml_text.hpp"
#include "formats/whea/debugger_text.hpp"
#include "formats/whea/packet.hpp"
#include "harness/report/plain_text.hpp"
#include "mocks/text.hpp"

namespace wheatstone::report {
namespace {

using document::Document;
using layout::JsonWriter;
using layout::TextBuffer;

constexpr std::size_t kMostFromText = 256u << 20;
constexpr std::size_t kShownHead = 512;

bool starts_with(Bytes bytes, std::string_view magic) {
  return as_text(bytes).starts_with(magic);
}

std::string_view name_of(FileKind kind) {
  switch (kind) {
    case FileKind::unknown:
    case FileKind::document:  // says its name itself
      return "unknown";
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

// "StatusBlock" of "status_block": what JSON calls a document of that kind.
std::string member_name(std::string_view key) {
  std::string name;
  bool first = true;
  for (const char c : key) {
    if (c != '_') name += first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    first = c == '_';
  }
  return name;
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
  const View& view;
  std::string_view file;  // may be empty

  bool json() const { return view.form == Form::json; }

  void begin_object(JsonWriter& writer, std::string_view kind) const {
    writer.begin_object();
    if (!file.empty()) {
      writer.key("File");
      writer.text(file);
    }
    writer.key("Kind");
    writer.text(kind);
  }

  // For people, below the name of the file.
  void text(std::string_view shown) const {
    if (!file.empty()) append_plain_line(out, fmt::format("==> {} <==", file));
    append_plain(out, shown);
  }

  FileKind items(FileKind kind, std::string_view title, const std::vector<Item>& all,
                 std::span<const Finding> findings) const {
    if (!json()) {
      text(items_text(title, all) + layout::to_text(findings, name_of(kind)));
      return kind;
    }
    JsonWriter writer(out);
    begin_object(writer, name_of(kind));
    items_json(writer, all);
    writer.key("Findings");
    layout::to_json(writer, findings);
    writer.end_object();
    out.append('\n');
    return kind;
  }

  // `write` appends the object of a structure.
  template <class Write>
  void object(std::string_view kind, std::string_view name, const Write& write) const {
    JsonWriter writer(out);
    begin_object(writer, kind);
    writer.key(name);
    write(out);
    writer.end_object();
    out.append('\n');
  }
};

// ---- documents ----

Error no_such_form(const Document& document, document::Kind needed) {
  return Error{ErrorKind::unsupported,
               fmt::format("this is no {}", document::info(needed).name),
               fmt::format("it is of another kind: {}", document::info(document.kind()).name),
               {}};
}

Result<void> append_yaml(const Document& document, const Page& page) {
  if (document.bytes().size() > document::kLargestMade)
    return fail(ErrorKind::unsupported,
                fmt::format("the document has {} bytes, and YAML is made of {} at most",
                            document.bytes().size(), document::kLargestMade));
  if (!page.file.empty()) append_plain_line(page.out, fmt::format("--- # {}", page.file));
  page.out.append(layout::to_yaml(document::to_node(document)));
  return {};
}

Result<void> append_document(const Document& document, const Page& page) {
  const document::KindInfo& kind = document::info(document.kind());
  switch (page.view.form) {
    case Form::text:
      page.text(document::to_text(document));
      break;
    case Form::json:
      page.object(kind.name, member_name(kind.key),
                  [&](TextBuffer& out) { document::to_json(out, document, page.view.detail); });
      break;
    case Form::yaml:
      return append_yaml(document, page);
    case Form::errrec:
      if (document.record() == nullptr)
        return std::unexpected(no_such_form(document, document::Kind::record));
      page.text(whea::errrec_text(*document.record(), page.view.address));
      break;
    case Form::errpkt:
      if (document.kind() != document::Kind::packet)
        return std::unexpected(no_such_form(document, document::Kind::packet));
      page.text(whea::errpkt_text(whea::Packet::decode(document.bytes()), page.view.address));
      break;
  }
  return {};
}

// ---- other kinds ----

std::optional<FileKind> present_dump(Bytes bytes, const Page& page) {
  const Result<dump::Dump> opened = dump::Dump::open(bytes);
  if (!opened) return std::nullopt;
  if (page.json()) {
    page.object(name_of(FileKind::dump), "Dump", [&](TextBuffer& out) { dump::to_json(out, *opened); });
  } else {
    page.text(dump::to_text(*opened));
  }
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

// `broken` is what is wrong with text that almost stands for bytes, or nullptr.
void append_unknown(Bytes bytes, const Error* broken, const Page& page) {
  const Bytes head = bytes.first(std::min(bytes.size(), kShownHead));
  if (page.json()) {
    JsonWriter writer(page.out);
    page.begin_object(writer, name_of(FileKind::unknown));
    if (broken != nullptr && broken->where.line != 0) {
      writer.key("Line");
      writer.number(std::uint64_t{broken->where.line});
      writer.key("Column");
      writer.number(std::uint64_t{broken->where.column});
    }
    if (broken != nullptr) {
      writer.key("Error");
      writer.text(broken->text());
    }
    writer.key("Head");
    writer.hex_bytes(head);
    writer.end_object();
    page.out.append('\n');
    return;
  }
  std::string text = fmt::format("unknown data, {} bytes\n", bytes.size());
  if (broken != nullptr) {
    text += "text that is broken";
    if (broken->where.line != 0)
      text += fmt::format(" in line {}, column {}", broken->where.line, broken->where.column);
    text += fmt::format(": {}\n", broken->text());
  }
  text += layout::write_hex_dump(head);
  if (head.size() < bytes.size()) text += "...\n";
  page.text(text);
}

}  // namespace

Result<FileKind> present_to(TextBuffer& out, Bytes bytes, const View& view, std::string_view file) {
  const Page page{out, view, file};
  // Said to be of a kind, anything is; so whether it is text that stands for bytes comes first.
  std::optional<Document> document =
      view.kind == nullptr ? Document::recognize(bytes, view.readings) : std::nullopt;
  Result<std::optional<layout::DecodedText>> text;
  if (!document) text = layout::decode_text(as_text(bytes), kMostFromText);
  const Bytes inside = text && *text ? Bytes((*text)->bytes) : bytes;
  if (!document && text) document = Document::read(view.kind, inside, view.readings);
  if (document) {
    if (auto done = append_document(*document, page); !done) return std::unexpected(std::move(done.error()));
    return FileKind::document;
  }
  const Error* broken = text ? nullptr : &text.error();
  if (view.form != Form::text && view.form != Form::json)
    return std::unexpected(broken != nullptr ? *broken : no_document(inside));
  if (starts_with(inside, "PAGE"))
    if (const std::optional<FileKind> kind = present_dump(inside, page)) return *kind;
  if (starts_with(inside, "MSCF"))
    if (const std::optional<FileKind> kind = present_cabinet(inside, page)) return *kind;
  if (const std::optional<FileKind> kind = present_level1(bytes, page)) return *kind;
  if (const std::optional<FileKind> kind = present_answer(bytes, page)) return *kind;
  append_unknown(bytes, broken, page);
  return FileKind::unknown;
}

Error no_document(Bytes bytes) {
  std::string kinds;
  for (const document::KindInfo& kind : document::kinds())
    kinds += fmt::format("{}{}", kinds.empty() ? "" : ", ", kind.name);
  return Error{ErrorKind::unsupported,
               bytes.empty() ? "the file is empty" : "unknown data: the file does not start like a document",
               fmt::format("known by their start: {}; '--as KIND' says what a file is", kinds),
               {}};
}

}  // namespace wheatstone::report
