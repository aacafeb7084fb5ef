#include <fmt/format.h>

#include <algorithm>

#include "formats/dump/debugger_data.hpp"
#include "formats/dump/reader.hpp"
#include "formats/dump/triage.hpp"
#include "formats/layout/findings.hpp"

namespace wheatstone::dump {
namespace {

using layout::Leaf;

constexpr std::size_t kShownText = 64;  // of a text or of bytes in hex, for people

bool repeats(std::string_view text, std::string_view pattern) {
  if (text.size() < pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != pattern[i % pattern.size()]) return false;
  return true;
}

// Whether a leaf is the fill pattern, in one of the forms that a leaf has.
bool is_unset(const Leaf& leaf) {
  switch (leaf.kind) {
    case Leaf::Kind::number:
      return leaf.number == (leaf.size == 8 ? kUnset64 : kUnset32) && leaf.size >= 4;
    case Leaf::Kind::text:
      return leaf.path != "Signature" && (repeats(leaf.text, "PAGE") || repeats(leaf.text, "50414745"));
    case Leaf::Kind::flag:
      return false;
  }
  return false;
}

std::vector<Leaf> flatten_header(const Dump& dump) {
  std::vector<Leaf> leaves;
  std::string unset_word;  // whose bits are unset too
  layout::flatten(dump.header_layout(), dump.header_bytes(), {}, [&](Leaf&& leaf) {
    if (is_unset(leaf)) {
      leaf.valid = false;
      unset_word = leaf.path + ".";
    } else if (!unset_word.empty() && leaf.path.starts_with(unset_word)) {
      leaf.valid = false;
    }
    leaves.push_back(std::move(leaf));
  });
  return leaves;
}

void bug_check_json(layout::JsonWriter& json, const BugCheck& bug_check) {
  json.begin_object();
  json.key("Code");
  json.hex(bug_check.code, 8);
  json.key("Parameters");
  json.begin_array();
  for (const std::uint64_t parameter : bug_check.parameters) json.hex(parameter, 16);
  json.end_array();
  json.end_object();
}

// Calls take(index, bytes) for each entry of the table of data blocks.
template <class Take>
void each_data_block(const Dump& dump, const Take& take) {
  const Bytes table = dump.data_block_table();
  for (std::size_t i = 0; i < table.size() / kDataBlockSize; ++i)
    take(i, table.subspan(i * kDataBlockSize, kDataBlockSize));
}

// Lines of a structure, without what was never set, what is all zero, and without the rest of what is long.
void append_lines(std::string& out, const std::vector<Leaf>& leaves) {
  const auto shown = [](const Leaf& leaf) {
    if (!leaf.valid) return false;
    if (leaf.kind == Leaf::Kind::flag) return leaf.number != 0;
    if (leaf.kind == Leaf::Kind::number) return true;
    return leaf.text.find_first_not_of('0') != std::string::npos;
  };
  std::size_t width = 0;
  for (const Leaf& leaf : leaves)
    if (shown(leaf)) width = std::max(width, leaf.path.size());
  for (const Leaf& leaf : leaves) {
    if (!shown(leaf)) continue;
    std::string value = value_text(leaf);
    if (value.size() > kShownText) {
      value.resize(kShownText);
      value += "...";
    }
    fmt::format_to(std::back_inserter(out), "  {:<{}} : {}\n", leaf.path, width, value);
  }
}

}  // namespace

std::vector<Leaf> flatten(const Dump& dump) {
  std::vector<Leaf> leaves = flatten_header(dump);
  const auto take = [&leaves](Leaf&& leaf) { leaves.push_back(std::move(leaf)); };
  if (!dump.triage_block().empty()) layout::flatten(kTriageBlock, dump.triage_block(), "Triage.", take);
  each_data_block(dump, [&](std::size_t i, Bytes entry) {
    layout::flatten(kDataBlock, entry, fmt::format("DataBlock[{}].", i), take);
  });
  if (!dump.debugger_data().empty())
    layout::flatten(kDebuggerData, dump.debugger_data(), "DebuggerData.", take);
  std::size_t index = 0;
  for (const PlacedBlob& blob : dump.secondary_data())
    layout::flatten(kBlobHeader, dump.bytes().subspan(static_cast<std::size_t>(blob.offset), kBlobHeaderSize),
                    fmt::format("SecondaryData[{}].", index++), take);
  return leaves;
}

void to_json(layout::TextBuffer& out, const Dump& dump, layout::Detail detail) {
  layout::JsonWriter json(out);
  json.begin_object();
  json.key("Class");
  json.text(to_string(dump.dump_class()));
  json.key("BugCheck");
  bug_check_json(json, dump.bug_check());
  json.key("Header");
  json.layout(dump.header_layout(), dump.header_bytes(), detail);
  json.key("Unset");
  json.begin_array();
  for (const Leaf& leaf : flatten_header(dump))
    if (!leaf.valid && leaf.kind != Leaf::Kind::flag) json.text(leaf.path);
  json.end_array();
  if (!dump.triage_block().empty()) {
    json.key("Triage");
    json.layout(kTriageBlock, dump.triage_block(), detail);
    json.key("DataBlocks");
    json.begin_array();
    each_data_block(dump, [&](std::size_t, Bytes entry) { json.layout(kDataBlock, entry, detail); });
    json.end_array();
  }
  if (!dump.debugger_data().empty()) {
    json.key("DebuggerData");
    json.layout(kDebuggerData, dump.debugger_data(), detail);
  }
  if (!dump.secondary_data().empty()) {
    json.key("SecondaryData");
    json.begin_array();
    for (const PlacedBlob& blob : dump.secondary_data()) {
      json.begin_object();
      json.key("Offset");
      json.number(blob.offset);
      json.key("Tag");
      json.text(blob.tag.text());
      json.key("Bytes");
      json.hex_bytes(blob.data);
      json.end_object();
    }
    json.end_array();
  }
  json.key("Findings");
  layout::to_json(json, dump.findings());
  json.end_object();
}

std::string to_text(const Dump& dump) {
  std::string out;
  auto to = std::back_inserter(out);
  fmt::format_to(to, "Crash dump, {}, {} bytes\n", to_string(dump.dump_class()), dump.bytes().size());
  const BugCheck bug_check = dump.bug_check();
  fmt::format_to(to, "Bug check 0x{:x} (0x{:x}, 0x{:x}, 0x{:x}, 0x{:x})\n", bug_check.code,
                 bug_check.parameters[0], bug_check.parameters[1], bug_check.parameters[2],
                 bug_check.parameters[3]);
  out += "\nHeader\n";
  append_lines(out, flatten_header(dump));
  if (!dump.triage_block().empty()) {
    out += "\nTriage block\n";
    append_lines(out, layout::flatten(kTriageBlock, dump.triage_block()));
  }
  if (!dump.data_block_table().empty()) {
    out += "\nData blocks\n";
    each_data_block(dump, [&](std::size_t, Bytes entry) {
      const auto block = *layout::View<TriageDataBlock>::make(kDataBlock, entry);
      fmt::format_to(to, "  0x{:016x} : {} bytes at 0x{:x}\n", block[TriageDataBlock::kAddress],
                     block[TriageDataBlock::kSize], block[TriageDataBlock::kOffset]);
    });
  }
  if (!dump.debugger_data().empty()) {
    out += "\nDebugger data\n";
    append_lines(out, layout::flatten(kDebuggerData, dump.debugger_data()));
  }
  if (!dump.secondary_data().empty()) out += "\nSecondary data\n";
  for (const PlacedBlob& blob : dump.secondary_data())
    fmt::format_to(to, "  {} : {} bytes at 0x{:x}\n", blob.tag.text(), blob.data.size(), blob.offset);
  return out + layout::to_text(dump.findings(), "dump");
}

}  // namespace wheatstone::dump
