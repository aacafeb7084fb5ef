// make_record_seeds FOLDER: writes the seeds of the fuzz target `record` into FOLDER/record
// (tests/data/fuzz).
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "formats/cper/compose.hpp"
#include "tests/support/records.hpp"

using namespace wheatstone;

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_record_seeds FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = std::filesystem::path(argv[1]) / "record";
  std::filesystem::create_directories(folder);
  const auto seed = [&](const std::string& name, Bytes bytes) {
    std::ofstream file(folder / (name + ".cper"), std::ios::binary);
    file.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
    return static_cast<bool>(file.flush());
  };
  bool ok = true;
  for (const char* name : test::kRealRecords) ok &= seed(name, test::load_record(name));
  for (const char* name : test::kSyntheticRecords) ok &= seed(name, test::load_record(name));
  // One record per form of each section, every byte of the body different.
  for (const cper::SectionType& type : cper::section_types()) {
    for (const layout::Layout* layout : type.forms) {
      Buffer body(layout->size);
      for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<std::uint8_t>(i * 37 + 11);
      ok &= seed(std::string(type.name) + "-" + std::to_string(layout->size),
                 *cper::encode({}, std::vector<cper::NewSection>{{.type = type.guid, .body = body}}));
    }
  }
  return ok ? 0 : 1;
}
