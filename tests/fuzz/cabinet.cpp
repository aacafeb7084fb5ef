// The scan's word counts: what it accepts unpacks to exactly what it promised, unless compressed data is
// damaged.
#include <fmt/format.h>

#include "formats/cab/cabinet.hpp"
#include "tests/fuzz/cabinet_repair.hpp"
#include "tests/fuzz/require.hpp"

using namespace wheatstone;

namespace {

constexpr cab::Limits kLimits{.unpacked = 1u << 20, .members = 16, .folders = 4};

bool has_compressed_folder(Bytes cabinet) {
  const test::FolderTable table = test::folder_table(cabinet);
  for (std::size_t i = 0; i < table.count; ++i)
    if (cabinet[table.at + i * table.step + 6] & 0x0f) return true;
  return false;
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
  check(test::repaired({data, size}, kLimits.folders));
  return 0;
}
