// Every entry of the event log is read and shown; what its header and payload say is what an entry that we
// write of them says.
#include <algorithm>

#include "formats/layout/flatten.hpp"
#include "formats/layout/json.hpp"
#include "formats/whea/log_entry.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/json_syntax.hpp"

using namespace wheatstone;
using whea::LogEntryHeader;

namespace {

void check_written_again(const whea::LogEntry& entry) {
  const auto header = *entry.header();
  const auto written =
      whea::encode_log_entry({.type = static_cast<whea::LogEntryType>(header[LogEntryHeader::kType]),
                              .owner = entry.owner(),
                              .id = header[LogEntryHeader::kId],
                              .flags = header[LogEntryHeader::kFlags]},
                             entry.payload());
  REQUIRE(written);
  const whea::LogEntry again = whea::LogEntry::decode(*written);
  REQUIRE(again.owner() == entry.owner() && again.id_name() == entry.id_name());
  REQUIRE(again.payload_layout() == entry.payload_layout());
  REQUIRE(std::ranges::equal(again.payload(), entry.payload()));
  REQUIRE(again.findings().size() <= entry.findings().size());
  if (entry.findings().empty()) REQUIRE(std::ranges::equal(*written, entry.bytes()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  const whea::LogEntry entry = whea::LogEntry::decode(bytes);
  for (const Finding& finding : entry.findings()) REQUIRE(finding.offset <= size);
  if (!entry.header()) {
    REQUIRE(size < whea::kLogEntryHeader && !entry.findings().empty());
    return 0;
  }
  REQUIRE(entry.payload().size() <= size - whea::kLogEntryHeader);
  if (entry.payload_layout() != nullptr) REQUIRE(entry.payload().size() >= entry.payload_layout()->min);
  if (!test::is_chosen(bytes, test::kView)) return 0;
  static layout::TextBuffer out;  // one allocation for all inputs
  out.clear();
  layout::to_json(out, whea::kLogEntry, bytes, layout::Detail::valid);
  REQUIRE(out.size() <= 64 * 1024 + 64 * size);
  if (!test::is_chosen(bytes, test::kSlow)) return 0;
  REQUIRE(test::is_json(out.view()));
  REQUIRE(!layout::flatten(whea::kLogEntry, bytes).empty());
  check_written_again(entry);
  return 0;
}
