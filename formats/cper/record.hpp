// Reading error records. A record is its bytes; decoding finds where things are and what is wrong with them,
// and loses nothing. Whatever the bytes say, decoding ends, reads only them and takes time linear in their
// number.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/cper/header.hpp"
#include "formats/cper/section.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/flatten.hpp"
#include "formats/layout/json.hpp"

namespace wheatstone::cper {

// A section as its descriptor places it.
struct Section {
  std::uint32_t offset;          // of the body; 0 if the body is not inside the record
  std::uint32_t length;          // readable bytes of the body
  const SectionType* type;       // nullptr: an unknown GUID
  const layout::Layout* layout;  // nullptr: shown as bytes (unknown, too short, or over the budget)
  std::uint16_t index;           // of the descriptor
  bool in_budget;                // false: bodies overlap so much that this one is not shown again
};

class Record {
 public:
  // Sections that cost no allocation.
  static constexpr std::size_t kInlineSections = 8;
  // Bodies are walked up to this multiple of the input's size in all: overlapping sections cannot multiply
  // the work, and bodies that do not overlap are always all walked.
  static constexpr std::uint64_t kWalkBudget = 1;

  // Never fails. `bytes` must outlive the record. No allocation for a good record of up to kInlineSections
  // sections. Structures that one of `readings` names are read as it says.
  static Record decode(Bytes bytes, Readings readings = {});

  // All bytes given, also those behind the record's end.
  Bytes bytes() const noexcept { return bytes_; }
  // nullopt if there are fewer than 128 bytes.
  std::optional<layout::View<Header>> header() const noexcept {
    return layout::View<Header>::make(kRecordHeader, bytes_);
  }
  std::span<const Section> sections() const noexcept {
    return more_.empty() ? std::span(few_).first(count_) : std::span(more_);
  }
  std::span<const Finding> findings() const noexcept { return findings_; }

  // How header and descriptors are read. Their offsets are those of kRecordHeader and kSectionDescriptor
  // whatever the reading.
  const layout::Layout& header_layout() const noexcept { return *header_layout_; }
  const layout::Layout& descriptor_layout() const noexcept { return *descriptor_layout_; }

  // REQUIRES: section is one of sections().
  layout::View<Descriptor> descriptor(const Section& section) const noexcept {
    return *layout::View<Descriptor>::make(kSectionDescriptor, descriptor_bytes(section));
  }
  Bytes descriptor_bytes(const Section& section) const noexcept {
    return bytes_.subspan(kHeaderSize + section.index * kDescriptorSize, kDescriptorSize);
  }
  Bytes body(const Section& section) const noexcept { return bytes_.subspan(section.offset, section.length); }

  // The first section of that type whose layout is known, or nullptr.
  const Section* find(const Guid& type) const noexcept;

  // Bytes that neither header, descriptors nor bodies cover: gaps, and what lies behind.
  struct Gap {
    std::uint64_t offset;
    Bytes bytes;
  };
  std::vector<Gap> gaps() const;

 private:
  void read_sections(std::uint16_t count, std::uint64_t length, Readings readings);
  void check_variable_part(const Section& section);
  void report_no_form(const Section& section, const layout::Layout& shortest);
  void check_overlaps();
  void report(FindingSeverity severity, std::string_view code, std::string path, std::uint64_t offset,
              std::string message, std::string_view clause = {});

  Bytes bytes_;
  const layout::Layout* header_layout_ = &kRecordHeader;
  const layout::Layout* descriptor_layout_ = &kSectionDescriptor;
  std::uint32_t count_ = 0;
  std::array<Section, kInlineSections> few_;
  std::vector<Section> more_;  // all sections, once they are more than the inline ones
  std::vector<Finding> findings_;
};

// The record as one JSON object: Header, Sections (Descriptor, Type, Body or Bytes), Gaps, Findings.
void to_json(layout::TextBuffer& out, const Record& record, layout::Detail detail = layout::Detail::all);

// The record for people.
std::string to_text(const Record& record);

// Every field by path: "Severity", "Sections[0].SectionType", "XpfMca.Status"; the second section of a type
// is "Memory[1].Row", one of unknown type "Sections[2].Bytes".
std::vector<layout::Leaf> flatten(const Record& record);

// What differs, by these paths; what only one has is an empty text on the other side. Linear.
std::vector<layout::Difference> diff(const Record& left, const Record& right);

}  // namespace wheatstone::cper
