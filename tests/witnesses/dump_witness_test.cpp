// Crash dumps of ours, looked at by file(1).
#include <gtest/gtest.h>

#include "tests/formats/dump/dumps.hpp"
#include "tests/witnesses/witness.hpp"

namespace wheatstone::witness {
namespace {

const Program kFile{"file", "file"};

Said look_at(Bytes bytes) {
  const TemporaryFolder folder;
  write_file(folder / "MEMORY.DMP", bytes);
  return ask(kFile, {"--brief", folder / "MEMORY.DMP"});
}

TEST(DumpWitness, NamesA64BitFullDumpAndItsPages) {
  const Buffer dump = dump::examples::full();
  const Said said = look_at(dump);
  EXPECT_EQ(said.status, 0);
  EXPECT_TRUE(said.contains("MS Windows 64bit crash dump, ")) << said.output;
  EXPECT_TRUE(said.contains("full dump, 10 pages")) << said.output;

  // What file(1) says comes from the bytes: other bytes, other words.
  Buffer other = dump;
  store_le<std::uint32_t>(other.data() + 0xf98, 5);
  store_le<std::uint64_t>(other.data() + 0x090, 11);
  EXPECT_FALSE(look_at(other).contains("full dump")) << look_at(other).output;
  EXPECT_TRUE(look_at(other).contains(" 11 pages")) << look_at(other).output;
}

TEST(DumpWitness, NamesA32BitFullDumpAndItsPages) {
  const Said said = look_at(dump::examples::full32());
  EXPECT_TRUE(said.contains("MS Windows 32bit crash dump, ")) << said.output;
  EXPECT_TRUE(said.contains("full dump, 6 pages")) << said.output;
}

TEST(DumpWitness, NamesASmallDump) {
  const Said said = look_at(dump::examples::triage());
  EXPECT_TRUE(said.contains("MS Windows 64bit crash dump, ")) << said.output;
}

}  // namespace
}  // namespace wheatstone::witness
