// make_acpi_seeds FOLDER: writes the seeds of acpi_table, status_block and erst_store into FOLDER
// (tests/data/fuzz).
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "formats/acpi/acpi_table.hpp"
#include "formats/acpi/build.hpp"
#include "formats/acpi/erst_store.hpp"
#include "formats/acpi/status_block.hpp"
#include "formats/cper/compose.hpp"
#include "tests/formats/acpi/examples.hpp"
#include "tests/support/records.hpp"

using namespace wheatstone;

namespace {

std::filesystem::path folder;
bool ok = true;

void seed(const std::string& target, const std::string& name, Bytes bytes) {
  std::filesystem::create_directories(folder / target);
  std::ofstream file(folder / target / name, std::ios::binary);
  file.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
  ok = ok && file.flush();
}

void tables() {
  seed("acpi_table", "hest", acpi::examples::full_hest());
  for (const layout::ChoiceRow& row : acpi::kSourceChoice.rows)
    seed("acpi_table", "hest_" + std::string(row.name),
         acpi::make_hest({}, std::vector<Buffer>{acpi::examples::source(std::string(row.name), 1, 1)})
             .value());
  seed("acpi_table", "bert", acpi::make_bert({}, 0x1000, 0x8004000));
  seed("acpi_table", "erst", acpi::make_erst({}, acpi::examples::erst_actions()));
  seed("acpi_table", "einj", acpi::make_einj({}, acpi::examples::einj_actions()));
  Buffer other(40, 0);
  std::ranges::copy(as_bytes("SSDT"), other.begin());
  (void)acpi::finish_table(other);
  seed("acpi_table", "other", other);
  Buffer lying = acpi::examples::full_hest();
  store_le<std::uint32_t>(&lying[36], 0xffffffff);
  seed("acpi_table", "lying", lying);
}

void blocks() {
  // One block per form of each section, every byte of the body different.
  for (const cper::SectionType& type : cper::section_types()) {
    for (const layout::Layout* form : type.forms) {
      Buffer body(form->size);
      for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<std::uint8_t>(i * 37 + 11);
      if (body.size() > 512) continue;  // of these the records are seeds
      const acpi::NewDataEntry entry{.section_type = type.guid,
                                     .body = body,
                                     .severity = cper::Severity::corrected,
                                     .fru_text = "DIMM A1",
                                     .timestamp = 0x14190b0e000c0a23};
      seed("status_block", std::string(type.name) + "-" + std::to_string(form->size),
           acpi::encode_status_block(entry.severity, std::vector{entry}).value());
    }
  }
  const std::uint8_t raw[] = {1, 2, 3};
  seed("status_block", "raw_v1",
       acpi::encode_status_block(
           cper::Severity::fatal,
           std::vector<acpi::NewDataEntry>{
               {.section_type = cper::kSectionNmi, .body = raw, .revision = acpi::kEntryRevisionV1},
               {.section_type = cper::kSectionMemory, .body = {}, .flags = 1}},
           raw)
           .value());
  seed("status_block", "memory1", acpi::status_block_from_record(test::load_record("memory1")).value());
  seed("status_block", "multiple2",
       acpi::status_block_from_record(test::load_record("multiple2"), acpi::kEntryRevisionV1).value());
  seed("status_block", "empty", Buffer(64, 0));
}

void stores() {
  Buffer store = acpi::make_erst_store(4 * 4096, 4096).value();
  seed("erst_store", "empty", store);
  ok = ok && acpi::put_record(store, test::load_record("memory1"));
  ok = ok && acpi::put_record(store, test::load_record("multiple2"));
  seed("erst_store", "two", store);
  ok = ok && acpi::remove_record(store, load_le<std::uint64_t>(&store[24 + 8]));
  seed("erst_store", "deleted", store);
  store_le<std::uint64_t>(&store[24 + 8], 77);
  store_le<std::uint64_t>(&store[24 + 24], 78);
  seed("erst_store", "mismatch", store);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_acpi_seeds FOLDER\n");
    return 2;
  }
  folder = argv[1];
  tables();
  blocks();
  stores();
  if (!ok) std::fprintf(stderr, "cannot write all seeds into %s\n", argv[1]);
  return ok ? 0 : 1;
}
