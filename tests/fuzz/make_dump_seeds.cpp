// make_dump_seeds FOLDER: writes the seeds of dump into FOLDER (tests/data/fuzz).
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "formats/dump/bitmap.hpp"
#include "tests/formats/dump/dumps.hpp"

using namespace wheatstone;
using namespace wheatstone::dump;

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_dump_seeds FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = std::filesystem::path(argv[1]) / "dump";
  std::filesystem::create_directories(folder);
  const auto seed = [&](const char* name, Bytes bytes) {
    std::ofstream file(folder / name, std::ios::binary);
    file.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) std::fprintf(stderr, "cannot write %s\n", name);
  };
  seed("full-64.dmp", examples::full());
  seed("full-32.dmp", examples::full32());
  const Buffer blob = {1, 2, 3};
  const SecondaryBlob blobs[] = {{examples::kTag, blob}, {Guid{}, {}}};
  seed("triage-64.dmp", examples::triage(blobs));
  seed("header-32.dmp", write_header_dump(examples::machine32(), examples::kBugCheck32).value());

  // Three pages of a bitmap of nine.
  Buffer bitmap = write_header_dump(examples::machine(), examples::kBugCheck).value();
  bitmap.resize(kHeader64Size + kBitmapBlockSize + 2 + 3 * kPageSize);
  const auto set = [&](std::size_t at, std::uint64_t value, unsigned width) {
    store_le(bitmap.data() + at, value, width);
  };
  set(0xf98, static_cast<std::uint64_t>(DumpType::bitmap_kernel), 4);
  set(0x2000, kBitmapKernel, 4);
  set(0x2004, kValidDump32, 4);
  set(0x2020, 0x203a, 8);
  set(0x2028, 3, 8);
  set(0x2030, 9, 8);
  set(0x2038, 0x0103, 2);
  seed("bitmap-64.dmp", bitmap);
  return 0;
}
