#include "formats/cper/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <unordered_map>

#include "formats/cper/pieces.hpp"
#include "formats/cper/sections/xpf_processor.hpp"
#include "formats/layout/broken.hpp"
#include "formats/layout/findings.hpp"
#include "formats/layout/json_plan.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::cper {
namespace {

constexpr std::size_t kShownBytes = 256;  // of a section without a layout, in text
constexpr std::uint64_t kLengthOffset = 20;
constexpr std::uint64_t kCountOffset = 10;

std::string section_path(std::size_t index) {
  return fmt::format("Sections[{}]", index);
}

bool known_revision(std::uint16_t revision) {
  return revision == kRevisionWindows || revision == kRevisionVistaSp1;
}

// The layout of a frame structure that a reading gives, or `usual`.
const layout::Layout* frame_layout(const layout::Layout& usual, Readings readings) {
  const Reading* reading = reading_of(usual.name, readings);
  return reading != nullptr ? reading->forms.front() : &usual;
}

// The form of a body as one of `readings` has it, or as its bytes say. Out of the way of the usual case.
[[gnu::noinline]] const layout::Layout* form_of(const SectionType& type, Readings readings, Bytes body) {
  const Reading* reading = reading_of(type.name, readings);
  return reading != nullptr ? reading->layout_of(body) : type.layout_of(body);
}

}  // namespace

Record Record::decode(Bytes bytes, Readings readings) {
  Record record;
  record.bytes_ = bytes;
  if (!readings.empty()) {
    record.header_layout_ = frame_layout(kRecordHeader, readings);
    record.descriptor_layout_ = frame_layout(kSectionDescriptor, readings);
  }
  const auto header = record.header();
  if (!header) {
    record.report(FindingSeverity::error, "record-too-short", {}, 0,
                  fmt::format("a record header has {} bytes, there are {}", kHeaderSize, bytes.size()),
                  "UEFI N.2.1");
    return record;
  }
  if (load_le<std::uint32_t>(bytes.data()) != kSignature)
    record.report(FindingSeverity::error, "bad-signature", "Signature", 0, "the signature is not 'CPER'",
                  "UEFI N.2.1");
  if ((*header)[Header::kSignatureEnd] != kSignatureEnd)
    record.report(FindingSeverity::warning, "bad-signature-end", "SignatureEnd", 6,
                  "the end mark is not 0xffffffff", "UEFI N.2.1");
  const auto revision =
      static_cast<std::uint16_t>((*header)[Header::kMajorRevision] << 8 | (*header)[Header::kMinorRevision]);
  if (!known_revision(revision))
    record.report(
        FindingSeverity::note, "firmware-revision", "Revision", 4,
        fmt::format("revision 0x{:04x} is not one that Windows writes; its own helper refuses the record",
                    revision),
        "WDK WHEA_ERROR_RECORD_REVISION");
  if ((*header)[Header::kSeverity] > static_cast<std::uint32_t>(Severity::informational))
    record.report(FindingSeverity::warning, "unknown-severity", "Severity", 12,
                  fmt::format("severity {} has no meaning", (*header)[Header::kSeverity]), "UEFI N.2.1");
  const std::uint64_t length = (*header)[Header::kLength];
  if (length > bytes.size())
    record.report(FindingSeverity::error, "length-beyond-input", "Length", kLengthOffset,
                  fmt::format("the record says {} bytes, there are {}", length, bytes.size()), "UEFI N.2.1");
  if (length < bytes.size())
    record.report(FindingSeverity::warning, "bytes-behind-record", "Length", kLengthOffset,
                  fmt::format("{} bytes follow the end of the record", bytes.size() - length));
  const std::uint16_t count = (*header)[Header::kSectionCount];
  if (count == 0)
    record.report(FindingSeverity::warning, "no-sections", "SectionCount", kCountOffset,
                  "the record has no sections", "UEFI N.2.1");
  record.read_sections(count, length, readings);
  return record;
}

void Record::read_sections(std::uint16_t count, std::uint64_t length, Readings readings) {
  const std::uint64_t room = (bytes_.size() - kHeaderSize) / kDescriptorSize;
  if (count > room) {
    report(FindingSeverity::error, "count-beyond-input", "SectionCount", kCountOffset,
           fmt::format("{} descriptors do not fit, {} do", count, room), "UEFI N.2.2");
    count = static_cast<std::uint16_t>(room);
  }
  count_ = count;
  if (count > kInlineSections) more_.resize(count);
  Section* const sections = count > kInlineSections ? more_.data() : few_.data();
  const std::uint64_t bodies = kHeaderSize + count * kDescriptorSize;
  std::uint64_t budget = bytes_.size() * kWalkBudget;
  std::uint64_t end_of_last = bodies;
  bool in_order = true;
  for (std::uint16_t i = 0; i < count; ++i) {
    const std::uint64_t at = kHeaderSize + i * kDescriptorSize;
    const auto view =
        *layout::View<Descriptor>::make(kSectionDescriptor, bytes_.subspan(at, kDescriptorSize));
    const std::uint32_t offset = view[Descriptor::kSectionOffset];
    const std::uint32_t size = view[Descriptor::kSectionLength];
    Section& section = sections[i];
    section = {0, 0, find_section(view[Descriptor::kSectionType]), nullptr, i, true};
    if (!CheckedRange::make(offset, size, bytes_.size())) {
      report(FindingSeverity::error, "section-outside-input", section_path(i), at,
             fmt::format("the body at {} with {} bytes is not inside the {} bytes there are", offset, size,
                         bytes_.size()),
             "UEFI N.2.2");
      continue;
    }
    section.offset = offset;
    section.length = size;
    const std::uint64_t end = std::uint64_t{offset} + size;
    if (end > length)
      report(FindingSeverity::warning, "section-beyond-length", section_path(i), at,
             fmt::format("the body ends at {}, the record at {}", end, length), "UEFI N.2.2");
    if (offset < bodies && size != 0)
      report(FindingSeverity::warning, "section-over-descriptors", section_path(i), at,
             "the body overlaps the header or the descriptors", "UEFI N.2.2");
    in_order = in_order && offset >= end_of_last;
    end_of_last = end;
    if (size > budget) {
      section.in_budget = false;
      report(FindingSeverity::warning, "over-budget", section_path(i), at,
             "bodies overlap so much that this one is not shown again");
    } else {
      budget -= size;
      if (section.type != nullptr && !section.type->forms.empty()) {
        section.layout = section.type->layout_for(size);
        if (section.type->refine != nullptr || !readings.empty()) [[unlikely]]
          section.layout = form_of(*section.type, readings, body(section));
        if (section.layout == nullptr) {
          report_no_form(section, *section.type->forms.front());
        } else if (!section.layout->tail.empty()) {
          check_variable_part(section);
        }
      }
    }
    if (view[Descriptor::kSeverity] > static_cast<std::uint32_t>(Severity::informational))
      report(FindingSeverity::warning, "unknown-severity", section_path(i), at + 48,
             fmt::format("severity {} has no meaning", view[Descriptor::kSeverity]), "UEFI N.2.2");
  }
  if (!in_order) check_overlaps();
}

void Record::check_variable_part(const Section& section) {
  const std::size_t before = findings_.size();
  layout::find_broken(*section.layout, body(section), section.offset, findings_);
  for (Finding& finding : std::span(findings_).subspan(before))
    finding.path = fmt::format("{}.{}", section_path(section.index), finding.path);
  if (section.layout == &kXpfProcessorMisplaced)
    report(FindingSeverity::note, "context-misplaced", section_path(section.index) + ".ContextInfo",
           section.offset, "the register contexts start 64 bytes later than the counts say, as on Windows 11",
           section.layout->clause);
}

void Record::report_no_form(const Section& section, const layout::Layout& shortest) {
  if (section.length < shortest.min)
    report(FindingSeverity::error, "section-too-short", section_path(section.index), section.offset,
           fmt::format("{} bytes are too few for {}", section.length, section.type->name), shortest.clause);
  else
    report(FindingSeverity::warning, "section-form-unknown", section_path(section.index), section.offset,
           fmt::format("the bytes are none of the forms of {}", section.type->name), shortest.clause);
}

void Record::check_overlaps() {
  std::vector<const Section*> by_offset;
  for (const Section& section : sections())
    if (section.length != 0) by_offset.push_back(&section);
  std::ranges::sort(by_offset, {}, [](const Section* s) { return std::pair(s->offset, s->index); });
  std::uint64_t end = 0;
  for (const Section* section : by_offset) {
    if (section->offset < end)
      report(FindingSeverity::warning, "sections-overlap", section_path(section->index), section->offset,
             "the body overlaps that of another section", "UEFI N.2.2");
    end = std::max(end, std::uint64_t{section->offset} + section->length);
  }
}

void Record::report(FindingSeverity severity, std::string_view code, std::string path, std::uint64_t offset,
                    std::string message, std::string_view clause) {
  findings_.push_back({severity, code, std::move(message), std::move(path), offset, clause});
}

const Section* Record::find(const Guid& type) const noexcept {
  for (const Section& section : sections())
    if (section.layout != nullptr && section.type->guid == type) return &section;
  return nullptr;
}

std::vector<Record::Gap> Record::gaps() const {
  if (bytes_.size() <= kHeaderSize) return {};
  std::vector<std::pair<std::uint64_t, std::uint64_t>> covered;
  const std::uint64_t start = kHeaderSize + sections().size() * kDescriptorSize;
  for (const Section& section : sections())
    if (section.length != 0)
      covered.emplace_back(section.offset, std::uint64_t{section.offset} + section.length);
  std::ranges::sort(covered);
  std::vector<Gap> gaps;
  std::uint64_t at = start;
  const auto skip_to = [&](std::uint64_t next) {
    if (next > at) gaps.push_back({at, bytes_.subspan(at, next - at)});
  };
  for (const auto& [from, to] : covered) {
    skip_to(std::min<std::uint64_t>(from, bytes_.size()));
    at = std::max(at, to);
  }
  skip_to(bytes_.size());
  return gaps;
}

// ---- views
// ------------------------------------------------------------------------------------------------------------

namespace {

// Of all layouts that a record can have, in any reading.
template <layout::Detail detail>
const layout::JsonPlans& json_plans() {
  static const layout::JsonPlans plans = [] {
    std::vector<const layout::Layout*> all = {&kRecordHeader, &kSectionDescriptor};
    for (const SectionType& type : section_types())
      all.insert(all.end(), type.forms.begin(), type.forms.end());
    for (const Reading& reading : section_readings())
      all.insert(all.end(), reading.forms.begin(), reading.forms.end());
    return layout::JsonPlans(all, detail);
  }();
  return plans;
}

void flatten(const Piece& piece, std::vector<layout::Leaf>& leaves) {
  if (piece.layout == nullptr) {
    layout::Leaf leaf;
    leaf.path = piece.path + "Bytes";
    leaf.text = layout::hex_text(piece.bytes);
    leaves.push_back(std::move(leaf));
    return;
  }
  layout::flatten(*piece.layout, piece.bytes, piece.path, [&](layout::Leaf&& leaf) {
    if (!piece.is_body && piece.section != nullptr && piece.section->type != nullptr &&
        leaf.path.ends_with(".SectionType"))
      leaf.text = piece.section->type->name;
    leaves.push_back(std::move(leaf));
  });
}

}  // namespace

void to_json(layout::TextBuffer& out, const Record& record, layout::Detail detail) {
  const layout::JsonPlans& plans =
      detail == layout::Detail::all ? json_plans<layout::Detail::all>() : json_plans<layout::Detail::valid>();
  layout::JsonWriter json(out);
  json.begin_object();
  if (record.header()) {
    json.key("Header");
    plans.to_json(out, record.header_layout(), record.bytes().first(kHeaderSize));
  }
  json.key("Sections");
  json.begin_array();
  std::uint64_t covered = kHeaderSize + record.sections().size() * kDescriptorSize;
  for (const Section& section : record.sections()) {
    // Names and punctuation are literals here: no escape can be needed, and sections are most of a record.
    out.append(out.back() == '[' ? "{\"Descriptor\":" : ",{\"Descriptor\":");
    plans.to_json(out, record.descriptor_layout(), record.descriptor_bytes(section));
    out.append(",\"Type\":");
    if (section.type == nullptr) {
      out.append("null");
    } else {
      out.append('"');
      out.append(section.type->name);
      out.append('"');
    }
    if (!section.in_budget) {
      out.append(",\"Shown\":false");
    } else if (section.layout != nullptr) {
      out.append(",\"Body\":");
      plans.to_json(out, *section.layout, record.body(section));
    } else {
      json.key("Bytes");
      json.hex_bytes(record.body(section));
    }
    out.append('}');
    covered += section.length;
  }
  json.end_array();
  // Good records are covered exactly; only others pay for the search.
  if (covered != record.bytes().size() || !record.findings().empty()) {
    json.key("Gaps");
    json.begin_array();
    for (const Record::Gap& gap : record.gaps()) {
      json.begin_object();
      json.key("Offset");
      json.number(gap.offset);
      json.key("Bytes");
      json.hex_bytes(gap.bytes);
      json.end_object();
    }
    json.end_array();
  }
  if (!record.findings().empty()) {
    json.key("Findings");
    layout::to_json(json, record.findings());
  }
  json.end_object();
}

std::vector<layout::Leaf> flatten(const Record& record) {
  std::vector<layout::Leaf> leaves;
  for (const Piece& piece : pieces(record)) flatten(piece, leaves);
  return leaves;
}

std::vector<layout::Difference> diff(const Record& left, const Record& right) {
  // Piece by piece: the leaves of two whole records would not fit the caches.
  std::vector<layout::Difference> found;
  std::vector<layout::Leaf> one, other;
  const auto compare = [&](const Piece* in_left, const Piece* in_right) {
    one.clear();
    other.clear();
    if (in_left != nullptr) flatten(*in_left, one);
    if (in_right != nullptr) flatten(*in_right, other);
    std::ranges::move(layout::diff(one, other), std::back_inserter(found));
  };
  // The body of an unknown section has the path of its descriptor.
  std::unordered_map<std::string_view, const Piece*> by_path[2];
  const std::vector<Piece> left_pieces = pieces(left), right_pieces = pieces(right);
  for (const Piece& piece : right_pieces) by_path[piece.is_body].emplace(piece.path, &piece);
  for (const Piece& piece : left_pieces) {
    const auto node = by_path[piece.is_body].extract(piece.path);
    const Piece* same = node.empty() ? nullptr : node.mapped();
    if (same != nullptr && same->layout == piece.layout && std::ranges::equal(same->bytes, piece.bytes))
      continue;
    compare(&piece, same);
  }
  for (const Piece& piece : right_pieces)
    if (by_path[piece.is_body].contains(piece.path)) compare(nullptr, &piece);
  return found;
}

std::string to_text(const Record& record) {
  const auto dump = [](std::string& out, Bytes bytes, std::uint64_t offset) {
    for (std::size_t at = 0; at < std::min(bytes.size(), kShownBytes); at += 32)
      fmt::format_to(std::back_inserter(out), "  {:04x}: {}\n", offset + at,
                     layout::hex_text(bytes.subspan(at, std::min<std::size_t>(32, bytes.size() - at))));
    if (bytes.size() > kShownBytes)
      fmt::format_to(std::back_inserter(out), "  ... {} bytes more\n", bytes.size() - kShownBytes);
  };
  std::string out;
  if (record.header()) {
    out += "Error record\n";
    out += layout::to_text(record.header_layout(), record.bytes().first(kHeaderSize), "  ");
  }
  for (const Section& section : record.sections()) {
    fmt::format_to(std::back_inserter(out), "\nSection {}: {}\n", section.index,
                   section.type != nullptr ? section.type->name : "unknown type");
    out += layout::to_text(record.descriptor_layout(), record.descriptor_bytes(section), "  ");
    out += '\n';
    if (!section.in_budget) {
      out += "  (not shown again)\n";
    } else if (section.layout != nullptr) {
      out += layout::to_text(*section.layout, record.body(section), "  ");
    } else {
      dump(out, record.body(section), section.offset);
    }
  }
  for (const Record::Gap& gap : record.gaps()) {
    fmt::format_to(std::back_inserter(out), "\n{} bytes at 0x{:x} belong to no section\n", gap.bytes.size(),
                   gap.offset);
    dump(out, gap.bytes, gap.offset);
  }
  return out + layout::to_text(record.findings(), "record");
}

}  // namespace wheatstone::cper
