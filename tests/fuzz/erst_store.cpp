// Every store is read and shown; one that can be written to holds what was put and forgets what was removed.
#include <algorithm>

#include "formats/acpi/erst_store.hpp"
#include "formats/cper/compose.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/json_syntax.hpp"

using namespace wheatstone;

namespace {

constexpr std::uint64_t kId = 0x5752495454454e21;  // of the record that is put

const Buffer& new_record() {
  static const Buffer record =
      cper::encode({.record_id = kId}, std::vector<cper::NewSection>{{.type = cper::kSectionNmi, .body = {}}})
          .value();
  return record;
}

void check_writing(const acpi::ErstStore& before) {
  Buffer bytes(before.bytes().begin(), before.bytes().end());
  if (!acpi::put_record(bytes, new_record())) {
    REQUIRE(std::ranges::equal(bytes, before.bytes()));
    return;
  }
  const acpi::ErstStore after = acpi::ErstStore::decode(bytes);
  const acpi::StoredRecord* found = after.find(kId);
  REQUIRE(found != nullptr && std::ranges::equal(found->bytes, new_record()));
  if (before.find(kId) != nullptr) return;
  REQUIRE(before.findings().size() == after.findings().size());
  REQUIRE(acpi::remove_record(bytes, kId));
  const acpi::ErstStore removed = acpi::ErstStore::decode(bytes);
  REQUIRE(removed.find(kId) == nullptr);
  REQUIRE(std::ranges::equal(removed.header_bytes(), before.header_bytes()));
  REQUIRE(std::ranges::any_of(removed.records(),
                              [](const acpi::StoredRecord& r) { return r.deleted && r.id == kId; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const acpi::ErstStore store = acpi::ErstStore::decode({data, size});
  for (const Finding& finding : store.findings()) REQUIRE(finding.offset <= size);
  for (const acpi::StoredRecord& record : store.records())
    REQUIRE(record.offset + record.bytes.size() <= size && record.bytes.size() >= 128);
  if (!test::is_chosen({data, size}, test::kSlow)) return 0;
  static layout::TextBuffer out;  // one allocation for all inputs
  out.clear();
  acpi::to_json(out, store, layout::Detail::valid);
  REQUIRE(test::is_json(out.view()));
  REQUIRE(!acpi::to_text(store).empty());
  check_writing(store);
  return 0;
}
