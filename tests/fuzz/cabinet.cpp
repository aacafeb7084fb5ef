// The scan's word counts: what it accepts unpacks to exactly what it promised, unless compressed data is
// damaged.
#include <fmt/format.h>

#include "formats/cab/cabinet.hpp"
#include "tests/fuzz/require.hpp"

using namespace wheatstone;

namespace {

constexpr cab::Limits kLimits{.unpacked = 1u << 20, .members = 16, .folders = 4};

// Where the CFFOLDERs stand and how far apart, as far as the input has them.
struct FolderTable {
  std::size_t at = 36, step = 8, count = 0;
};

FolderTable folder_table(Bytes cabinet) {
  FolderTable table;
  if (cabinet.size() < 40) return table;
  if (cabinet[30] & 4) {
    table.at = 40u + load_le<std::uint16_t>(&cabinet[36]);
    table.step = 8u + cabinet[38];
  }
  table.count = load_le<std::uint16_t>(&cabinet[26]);
  while (table.count != 0 && !slice(cabinet, table.at, table.step * table.count)) --table.count;
  return table;
}

bool has_compressed_folder(Bytes cabinet) {
  const FolderTable table = folder_table(cabinet);
  for (std::size_t i = 0; i < table.count; ++i)
    if (cabinet[table.at + i * table.step + 6] & 0x0f) return true;
  return false;
}

// The input with its size right and its checksums taken out: fuzzers do not guess those.
Buffer repaired(Bytes input) {
  Buffer cabinet(input.begin(), input.end());
  const FolderTable table = folder_table(input);
  if (table.count == 0) return cabinet;
  store_le<std::uint32_t>(&cabinet[8], static_cast<std::uint32_t>(cabinet.size()));
  for (std::size_t i = 0; i < table.count && i < kLimits.folders; ++i) {
    std::uint64_t at = load_le<std::uint32_t>(&cabinet[table.at + i * table.step]);
    for (unsigned left = load_le<std::uint16_t>(&cabinet[table.at + i * table.step + 4]); left != 0; --left) {
      if (at < table.at || !slice(cabinet, at, 8)) break;
      store_le<std::uint32_t>(&cabinet[at], 0);
      at += 8u + load_le<std::uint16_t>(&cabinet[at + 4]);
    }
  }
  return cabinet;
}

void check_rewritten(std::vector<cab::Member> members) {
  for (std::size_t i = 0; i < members.size(); ++i) members[i].name = fmt::format("member{}", i);
  for (const cab::Compression compression : {cab::Compression::none, cab::Compression::mszip}) {
    const auto cabinet = cab::write(members, FileTime{128496996179046077}, compression);
    REQUIRE(cabinet);
    const auto again = cab::read(*cabinet, kLimits);
    REQUIRE(again && again->size() == members.size());
    for (std::size_t i = 0; i < members.size(); ++i)
      REQUIRE((*again)[i].name == members[i].name && (*again)[i].data == members[i].data);
  }
}

void check(Bytes cabinet) {
  const auto contents = cab::scan(cabinet, kLimits);
  auto members = cab::read(cabinet, kLimits);
  if (!contents) {
    REQUIRE(!members);
    REQUIRE(members.error().kind == contents.error().kind &&
            members.error().where.path == contents.error().where.path);
    REQUIRE(contents.error().where.offset <= cabinet.size());
    return;
  }
  for (const Finding& finding : contents->findings) REQUIRE(finding.offset <= cabinet.size());
  if (!members) {
    REQUIRE(members.error().kind == ErrorKind::malformed);
    REQUIRE(has_compressed_folder(cabinet));
    return;
  }
  REQUIRE(members->size() == contents->members.size());
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < members->size(); ++i) {
    REQUIRE((*members)[i].name == contents->members[i].name);
    REQUIRE((*members)[i].data.size() == contents->members[i].size);
    sum += (*members)[i].data.size();
  }
  REQUIRE(sum <= kLimits.unpacked);
  check_rewritten(std::move(*members));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({data, size});
  check(repaired({data, size}));
  return 0;
}
