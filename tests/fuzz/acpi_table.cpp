// Every table is read and shown; one without findings is one that we could have written, byte for byte.
#include <algorithm>

#include "formats/acpi/acpi_table.hpp"
#include "formats/acpi/build.hpp"
#include "formats/layout/flatten.hpp"
#include "formats/layout/json.hpp"
#include "formats/layout/walk.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/json_syntax.hpp"

using namespace wheatstone;

namespace {

bool has(const acpi::Table& table, std::string_view code) {
  return std::ranges::any_of(table.findings(), [code](const Finding& f) { return f.code == code; });
}

// How many entries the walk of the views finds.
struct EntryCounter {
  std::uint64_t entries = 0;
  int depth = 0;

  bool wants(const layout::Field&, bool) const { return false; }
  void number(const layout::Field&, std::uint64_t) {}
  void word(const layout::Field&, std::uint64_t, layout::Word) {}
  void guid(const layout::Field&, const Guid&) {}
  void bytes(const layout::Field&, Bytes) {}
  void list(const layout::Field&, Bytes) {}
  void begin_part(std::string_view, const layout::Layout&, Bytes) {}
  void end_part() {}
  void begin_many(const layout::Tail&) {}
  void begin_item(std::uint64_t, const layout::Layout&, Bytes) { entries += depth++ == 0 ? 1u : 0u; }
  void end_item() { --depth; }
  void end_many() {}
  void unread(std::string_view, Bytes) {}
};

void check_views(const acpi::Table& table) {
  for (const layout::Detail detail : {layout::Detail::all, layout::Detail::valid}) {
    layout::TextBuffer out;
    layout::to_json(out, *table.layout(), table.table(), detail);
    REQUIRE(test::is_json(out.view()));
    REQUIRE(out.size() <= 4096 + 64 * table.table().size());
  }
}

void check_entries(const acpi::Table& table) {
  const layout::Layout& layout = *table.layout();
  if (layout.tail.empty() || layout.tail[0].kind != layout::TailKind::many ||
      table.table().size() < layout.size)
    return;
  EntryCounter counter;
  layout::walk(layout, table.table(), counter);
  const std::uint64_t count = layout::load(table.table(), layout.tail[0].count);
  REQUIRE(counter.entries <= count);
  REQUIRE((counter.entries < count) == has(table, "element-outside-section"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const acpi::Table table = acpi::Table::decode({data, size});
  for (const Finding& finding : table.findings()) REQUIRE(finding.offset <= size);
  REQUIRE((table.layout() == nullptr) == (size < acpi::kTableHeaderSize));
  if (table.layout() == nullptr) return 0;
  if (!test::is_chosen({data, size}, test::kView)) return 0;
  static layout::TextBuffer out;  // one allocation for all inputs
  out.clear();
  layout::to_json(out, *table.layout(), table.table(), layout::Detail::valid);
  REQUIRE(out.size() <= 4096 + 64 * size);
  if (!test::is_chosen({data, size}, test::kSlow)) return 0;
  check_views(table);
  check_entries(table);

  Buffer finished(data, data + size);
  const bool done = acpi::finish_table(finished).has_value();
  if (table.findings().empty() || (table.type() == nullptr && table.findings().size() == 1)) {
    REQUIRE(done);
    REQUIRE(std::ranges::equal(finished, table.bytes()));
  }
  if (done) {
    const acpi::Table again = acpi::Table::decode(finished);
    for (const char* code :
         {"table-too-short", "length-beyond-input", "length-below-header", "bytes-behind-table",
          "bad-checksum", "element-outside-section", "bytes-behind-entries"})
      REQUIRE(!has(again, code));
  }
  return 0;
}
