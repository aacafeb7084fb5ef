// Cabinets of ours, read by four programs that are not ours.
#include <gtest/gtest.h>

#include "formats/cab/cabinet.hpp"
#include "tests/witnesses/witness.hpp"

namespace wheatstone::witness {
namespace {

const Program kCabextract{"cabextract", "cabextract"};
const Program kGcab{"gcab", "gcab"};
const Program k7zz{"7zz", "7zip"};
const Program kBsdtar{"bsdtar", "libarchive-tools"};

constexpr FileTime kTime{128496996179046077};  // 2008-03-11 09:00:17 UTC

std::vector<cab::Member> members() {
  Buffer dump(100'000);  // four blocks
  for (std::size_t i = 0; i < dump.size(); ++i) dump[i] = static_cast<std::uint8_t>(i * i >> 3);
  return {{"Mini031108-01.dmp", dump},
          {"Version.txt", {'6', '.', '1', '\r', '\n'}},
          {"empty.txt", {}},
          {"caf\xc3\xa9.bin", {0, 1, 2, 255}}};
}

class Cabinet : public testing::TestWithParam<cab::Compression> {
 protected:
  void SetUp() override {
    const auto cabinet = cab::write(members(), kTime, GetParam());
    ASSERT_TRUE(cabinet) << cabinet.error().text();
    write_file(path_, *cabinet);

    // The same cabinet with one bit of the last block turned: a witness that takes it does not look.
    Buffer damaged = *cabinet;
    damaged[damaged.size() - 2] ^= 0x10;
    write_file(damaged_, damaged);
    std::filesystem::create_directory(out_);
  }

  void expect_extracted() const {
    for (const cab::Member& member : members())
      EXPECT_EQ(read_file(out_ / member.name), member.data) << member.name;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "ours.cab";
  std::filesystem::path damaged_ = folder_ / "damaged.cab";
  std::filesystem::path out_ = folder_ / "out";
};

TEST_P(Cabinet, SatisfiesCabextract) {
  const Said tested = ask(kCabextract, {"-t", path_});
  EXPECT_EQ(tested.status, 0) << tested.output;
  EXPECT_TRUE(tested.contains("All done, no errors.")) << tested.output;
  for (const cab::Member& member : members()) EXPECT_TRUE(tested.contains(member.name)) << tested.output;
  EXPECT_NE(ask(kCabextract, {"-t", damaged_}).status, 0);

  EXPECT_EQ(ask(kCabextract, {"-q", "-d", out_, path_}).status, 0);
  expect_extracted();
}

TEST_P(Cabinet, SatisfiesGcab) {
  const Said listed = ask(kGcab, {"-l", path_});
  EXPECT_EQ(listed.status, 0) << listed.output;
  EXPECT_EQ(listed.output,
            "Mini031108-01.dmp 100000 2008-03-11 09:00:16 0x0\n"
            "Version.txt 5 2008-03-11 09:00:16 0x0\n"
            "empty.txt 0 2008-03-11 09:00:16 0x0\n"
            "caf\xc3\xa9.bin 4 2008-03-11 09:00:16 0x80\n");

  const Said extracted = ask(kGcab, {"-x", "-C", out_, path_});
  EXPECT_EQ(extracted.status, 0) << extracted.output;
  expect_extracted();
  EXPECT_NE(ask(kGcab, {"-x", "-C", out_, damaged_}).status, 0);
}

TEST_P(Cabinet, Satisfies7Zip) {
  const Said tested = ask(k7zz, {"t", path_});
  EXPECT_EQ(tested.status, 0) << tested.output;
  EXPECT_TRUE(tested.contains("Everything is Ok")) << tested.output;
  EXPECT_TRUE(tested.contains("Files: 4\n")) << tested.output;
  for (const char* complaint : {"WARNING", "ERROR", "Tail"})
    EXPECT_FALSE(tested.contains(complaint)) << tested.output;
  EXPECT_FALSE(ask(k7zz, {"t", damaged_}).contains("Everything is Ok"));

  EXPECT_EQ(ask(k7zz, {"x", "-y", "-o" + out_.string(), path_}).status, 0);
  expect_extracted();
}

TEST_P(Cabinet, SatisfiesBsdtar) {
  const Said listed = ask(kBsdtar, {"-tf", path_});
  EXPECT_EQ(listed.status, 0) << listed.output;
  EXPECT_EQ(listed.output, "Mini031108-01.dmp\nVersion.txt\nempty.txt\ncaf\xc3\xa9.bin\n");

  const Said extracted = ask(kBsdtar, {"-xf", path_, "-C", out_});
  EXPECT_EQ(extracted.status, 0) << extracted.output;
  EXPECT_EQ(extracted.output, "");
  expect_extracted();
  EXPECT_NE(ask(kBsdtar, {"-xf", damaged_, "-C", out_}).status, 0);
}

INSTANTIATE_TEST_SUITE_P(Written, Cabinet, testing::Values(cab::Compression::none, cab::Compression::mszip),
                         [](const auto& parameter) {
                           return parameter.param == cab::Compression::none ? "Stored" : "Mszip";
                         });

}  // namespace
}  // namespace wheatstone::witness
