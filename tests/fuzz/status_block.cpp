// Every status block is read and shown; what can become a record does, and the record becomes a block that
// becomes the same record.
#include <algorithm>
#include <vector>

#include "formats/acpi/status_block.hpp"
#include "formats/cper/record.hpp"
#include "formats/layout/json.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/json_syntax.hpp"

using namespace wheatstone;
using acpi::EntryHeader;

namespace {

bool has(const acpi::StatusBlock& block, std::string_view code) {
  return std::ranges::any_of(block.findings(), [code](const Finding& f) { return f.code == code; });
}

void check_parts(const acpi::StatusBlock& block) {
  std::size_t at = acpi::kStatusBlockHeaderSize;
  for (const acpi::DataEntry& entry : block.entries()) {
    REQUIRE(entry.offset == at);
    REQUIRE(entry.length >= entry.layout->size);
    REQUIRE(block.body(entry).size() == block.view(entry)[EntryHeader::kDataLength]);
    at += entry.length;
  }
  REQUIRE(at <= block.block().size());
  REQUIRE(block.raw_data().size() <= block.block().size());
}

void check_views(const acpi::StatusBlock& block) {
  for (const layout::Detail detail : {layout::Detail::all, layout::Detail::valid}) {
    layout::TextBuffer out;
    layout::to_json(out, acpi::kStatusBlock, block.block(), detail);
    REQUIRE(test::is_json(out.view()));
    REQUIRE(out.size() <= 64 * 1024 + 256 * block.block().size());
  }
}

void check_record(const acpi::StatusBlock& block) {
  const auto record = acpi::record_from_status_block(block.bytes());
  if (!record) {
    REQUIRE(!block.findings().empty());
    return;
  }
  const cper::Record read = cper::Record::decode(*record);
  REQUIRE(read.sections().size() == block.entries().size());
  for (std::size_t i = 0; i < block.entries().size(); ++i)
    REQUIRE(std::ranges::equal(read.body(read.sections()[i]), block.body(block.entries()[i])));
  const auto again = acpi::status_block_from_record(*record);
  REQUIRE(again);
  const auto same = acpi::record_from_status_block(*again);
  REQUIRE(same && *same == *record);
}

// The entries of a block give a block of which nothing is said that was not said of the first.
void check_written_again(const acpi::StatusBlock& block) {
  std::vector<acpi::NewDataEntry> entries;
  for (const acpi::DataEntry& entry : block.entries()) {
    const auto view = block.view(entry);
    entries.push_back({.section_type = view[EntryHeader::kSectionType],
                       .body = block.body(entry),
                       .severity = static_cast<cper::Severity>(view[EntryHeader::kSeverity]),
                       .revision = static_cast<std::uint16_t>(view[EntryHeader::kMajorRevision] << 8 |
                                                              view[EntryHeader::kMinorRevision]),
                       .flags = view[EntryHeader::kFlags]});
  }
  const auto written = acpi::encode_status_block(cper::Severity::fatal, entries, block.raw_data());
  REQUIRE(written);
  const acpi::StatusBlock again = acpi::StatusBlock::decode(*written);
  REQUIRE(again.block().size() == written->size());
  REQUIRE(again.entries().size() == entries.size());
  for (const char* code : {"block-beyond-input", "data-length-mismatch", "raw-data-over-entries"})
    REQUIRE(!has(again, code));
  REQUIRE(std::ranges::equal(again.raw_data(), block.raw_data()));
}

void check_region(Bytes region) {
  const std::uint8_t* at = region.data();
  for (const Bytes block : acpi::error_region_blocks(region)) {
    REQUIRE(block.data() == at && !block.empty());
    at += block.size();
  }
  REQUIRE(at <= region.data() + region.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  const acpi::StatusBlock block = acpi::StatusBlock::decode(bytes);
  for (const Finding& finding : block.findings()) REQUIRE(finding.offset <= size);
  check_region(bytes);
  if (!block.header()) return 0;
  check_parts(block);
  if (!test::is_chosen(bytes, test::kView)) return 0;
  static layout::TextBuffer out;  // one allocation for all inputs
  out.clear();
  layout::to_json(out, acpi::kStatusBlock, block.block(), layout::Detail::valid);
  REQUIRE(out.size() <= 64 * 1024 + 64 * size);
  if (!test::is_chosen(bytes, test::kSlow)) return 0;
  check_views(block);
  check_record(block);
  check_written_again(block);
  return 0;
}
