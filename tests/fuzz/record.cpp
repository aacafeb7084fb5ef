// Every record is read, nothing of it is lost, and what is shown is well-formed JSON of bounded size.
#include <algorithm>
#include <vector>

#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/json_syntax.hpp"

using namespace wheatstone;

namespace {

// Header, descriptors, bodies and gaps cover the input without a hole.
void check_coverage(const cper::Record& record) {
  const std::size_t size = record.bytes().size();
  if (size <= cper::kHeaderSize) return;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges = {
      {0, cper::kHeaderSize + record.sections().size() * cper::kDescriptorSize}};
  for (const cper::Section& section : record.sections()) {
    REQUIRE(record.body(section).size() == section.length);
    ranges.emplace_back(section.offset, std::uint64_t{section.offset} + section.length);
  }
  for (const cper::Record::Gap& gap : record.gaps())
    ranges.emplace_back(gap.offset, gap.offset + gap.bytes.size());
  std::ranges::sort(ranges);
  std::uint64_t end = 0;
  for (const auto& [from, to] : ranges) {
    if (from == to) continue;
    REQUIRE(from <= end);
    end = std::max(end, to);
  }
  REQUIRE(end == size);
}

void check_views(const cper::Record& record) {
  for (const layout::Detail detail : {layout::Detail::all, layout::Detail::valid}) {
    layout::TextBuffer out;
    cper::to_json(out, record, detail);
    REQUIRE(test::is_json(out.view()));
    REQUIRE(out.size() <= 64 * 1024 + 64 * record.bytes().size());
  }
  for (const layout::Leaf& leaf : cper::flatten(record)) REQUIRE(!leaf.path.empty());
  REQUIRE(record.bytes().empty() || !cper::to_text(record).empty());
}

// A record without findings is one that we could have written: its parts give back its places.
void check_written_again(const cper::Record& record) {
  if (!record.findings().empty() || !record.gaps().empty()) return;
  std::vector<cper::NewSection> sections;
  for (const cper::Section& section : record.sections())
    sections.push_back(
        {.type = record.descriptor(section)[cper::Descriptor::kSectionType], .body = record.body(section)});
  const auto written = cper::encode({}, sections);
  REQUIRE(written);
  const cper::Record again = cper::Record::decode(*written);
  REQUIRE(again.findings().empty());
  REQUIRE(again.sections().size() == record.sections().size());
  for (std::size_t i = 0; i < sections.size(); ++i) {
    REQUIRE(again.sections()[i].layout == record.sections()[i].layout);
    REQUIRE(std::ranges::equal(again.body(again.sections()[i]), sections[i].body));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const cper::Record record = cper::Record::decode({data, size});
  for (const Finding& finding : record.findings()) REQUIRE(finding.offset <= size);
  if (!test::is_chosen({data, size}, test::kView)) return 0;
  static layout::TextBuffer out;  // one allocation for all inputs
  out.clear();
  cper::to_json(out, record, layout::Detail::valid);
  REQUIRE(out.size() <= 64 * 1024 + 64 * size);
  if (!test::is_chosen({data, size}, test::kSlow)) return 0;
  check_coverage(record);
  check_views(record);
  check_written_again(record);
  return 0;
}
