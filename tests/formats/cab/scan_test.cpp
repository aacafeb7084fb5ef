#include <gtest/gtest.h>

#include "formats/cab/cabinet.hpp"
#include "tests/formats/cab/cabinet_builder.hpp"

namespace wheatstone::cab {
namespace {

using Codes = std::vector<std::string>;

Codes codes(const RawCabinet& cabinet) {
  const auto contents = scan(cabinet.bytes());
  EXPECT_TRUE(contents) << contents.error().text();
  Codes list;
  if (contents)
    for (const Finding& finding : contents->findings) list.emplace_back(finding.code);
  return list;
}

// The path of the error, with the kind in front of it.
std::string refusal(const Buffer& cabinet, const Limits& limits = {}) {
  const auto contents = scan(cabinet, limits);
  if (contents) return "accepted";
  return std::string(to_string(contents.error().kind)) + " " + contents.error().where.path;
}
std::string refusal(const RawCabinet& cabinet, const Limits& limits = {}) {
  return refusal(cabinet.bytes(), limits);
}

// The hello cabinet with one field overwritten.
std::string with(std::size_t offset, std::uint64_t value, unsigned width) {
  Buffer cabinet = hello().bytes();
  store_le(&cabinet[offset], value, width);
  return refusal(cabinet);
}

// Offsets in the hello cabinet.
constexpr std::size_t kFolder = 36, kFile = 44, kData = 66, kSize = 86;

TEST(ScanCabinet, TellsWhatTheHeadersPromise) {
  const auto contents = scan(hello().bytes());
  ASSERT_TRUE(contents) << contents.error().text();
  ASSERT_EQ(contents->members.size(), 1u);
  EXPECT_EQ(contents->members[0].name, "a.txt");
  EXPECT_EQ(contents->members[0].size, 12u);
  EXPECT_EQ(contents->members[0].folder, 0);
  EXPECT_EQ(contents->members[0].offset, 0u);
  EXPECT_TRUE(contents->findings.empty());
  ASSERT_EQ(hello().bytes().size(), kSize);
  EXPECT_EQ(load_le<std::uint32_t>(&hello().bytes()[kData]), 0x09732979u);  // the known checksum
}

TEST(ScanCabinet, RefusesEveryTruncation) {
  const Buffer whole = hello().bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_TRUE(refusal(cut).starts_with("malformed")) << size;
    if (size < 12) continue;
    store_le<std::uint32_t>(&cut[8],
                            static_cast<std::uint32_t>(size));  // the size agrees, the content does not
    EXPECT_TRUE(refusal(cut).starts_with("malformed")) << size;
  }
}

TEST(ScanCabinet, WantsTheExactSize) {
  EXPECT_EQ(with(8, kSize, 4), "accepted");
  EXPECT_EQ(with(8, kSize - 1, 4), "malformed CFHEADER.cbCabinet");
  EXPECT_EQ(with(8, kSize + 1, 4), "malformed CFHEADER.cbCabinet");
}

TEST(ScanCabinet, ChecksTheHeader) {
  EXPECT_EQ(with(0, 'X', 1), "malformed CFHEADER.signature");
  EXPECT_EQ(with(25, 2, 1), "unsupported CFHEADER.versionMajor");
  EXPECT_EQ(with(26, 0, 2), "malformed CFHEADER.cFolders");
  EXPECT_EQ(with(28, 0, 2), "malformed CFHEADER.cFiles");
  EXPECT_EQ(with(28, 2, 2), "malformed CFFILE[1].szName");
  EXPECT_EQ(with(30, 1, 2), "unsupported CFHEADER.flags");
  EXPECT_EQ(with(30, 2, 2), "unsupported CFHEADER.flags");
  EXPECT_EQ(with(16, kFile - 1, 4), "malformed CFHEADER.coffFiles");
  EXPECT_EQ(with(16, kFile + 1, 4), "unsupported CFHEADER.coffFiles");
}

TEST(ScanCabinet, NotesOddHeaders) {
  const auto odd = [](std::size_t offset, std::uint8_t value) {
    Buffer cabinet = hello().bytes();
    cabinet[offset] = value;
    const auto contents = scan(cabinet);
    return contents && contents->findings.size() == 1 ? std::string(contents->findings[0].code) : "?";
  };
  EXPECT_EQ(odd(24, 2), "version");
  EXPECT_EQ(odd(4, 1), "reserved-field");
  EXPECT_EQ(odd(12, 1), "reserved-field");
  EXPECT_EQ(odd(20, 1), "reserved-field");
  EXPECT_EQ(odd(30, 0x10), "unknown-flag");
}

TEST(ScanCabinet, ReadsBehindReserves) {
  RawCabinet cabinet = hello();
  cabinet.flags = 4;
  cabinet.reserve = {3, 0, 0, 0, 1, 2, 3};
  EXPECT_EQ(refusal(cabinet), "accepted");
  cabinet.reserve[3] = 1;
  EXPECT_EQ(refusal(cabinet), "unsupported CFHEADER.cbCFData");
  cabinet.reserve = {0x60, 0xea, 0, 0};  // 60000
  cabinet.reserve.resize(4 + 60000);
  EXPECT_EQ(refusal(cabinet), "accepted");
  Buffer beyond = hello().bytes();
  beyond[30] = 4;  // and the folder's offset, 66, is now read as cbCFHeader
  EXPECT_EQ(refusal(beyond), "malformed CFHEADER.cbCFHeader");
  cabinet.reserve[0] = 0x61;
  cabinet.reserve.push_back(0);
  EXPECT_EQ(refusal(cabinet), "malformed CFHEADER.cbCFHeader");
}

TEST(ScanCabinet, LimitsFolders) {
  RawCabinet cabinet = hello();
  cabinet.folders.push_back({0, {stored_block("x")}});
  EXPECT_EQ(refusal(cabinet, {.folders = 2}), "accepted");
  EXPECT_EQ(refusal(cabinet, {.folders = 1}), "unsupported CFHEADER.cFolders");
}

TEST(ScanCabinet, LimitsMembers) {
  RawCabinet cabinet = hello();
  cabinet.files.push_back({"b", 0, 12});
  EXPECT_EQ(refusal(cabinet, {.members = 2}), "accepted");
  EXPECT_EQ(refusal(cabinet, {.members = 1}), "unsupported CFHEADER.cFiles");
}

TEST(ScanCabinet, LimitsTheSumOfAllFolders) {
  RawCabinet cabinet = hello();
  cabinet.folders.push_back({0, {stored_block("x")}});
  EXPECT_EQ(refusal(cabinet, {.unpacked = 13}), "accepted");
  EXPECT_EQ(refusal(cabinet, {.unpacked = 12}), "unsupported CFFOLDER[1].CFDATA[0]");
}

TEST(ScanCabinet, ChecksFolders) {
  EXPECT_EQ(with(kFolder, kData + 1, 4).substr(0, 9), "malformed");
  EXPECT_EQ(with(kFolder, kSize, 4), "malformed CFFOLDER[0].CFDATA[0]");
  EXPECT_EQ(with(kFolder, kSize + 1, 4), "malformed CFFOLDER[0].coffCabStart");
  EXPECT_EQ(with(kFolder, 0xffffffff, 4), "malformed CFFOLDER[0].coffCabStart");
  EXPECT_EQ(with(kFolder + 4, 0, 2), "malformed CFFILE[0].cbFile");
  EXPECT_EQ(with(kFolder + 4, 2, 2), "malformed CFFOLDER[0].CFDATA[1]");
  EXPECT_EQ(with(kFolder + 6, 2, 2), "unsupported CFFOLDER[0].typeCompress");
  EXPECT_EQ(with(kFolder + 6, 4, 2), "unsupported CFFOLDER[0].typeCompress");
  EXPECT_EQ(with(kFolder + 6, 0x0e03, 2), "malformed CFFOLDER[0].typeCompress");
  EXPECT_EQ(with(kFolder + 6, 0x0f03, 2), "accepted");
  EXPECT_EQ(with(kFolder + 6, 0x1503, 2), "accepted");
  EXPECT_EQ(with(kFolder + 6, 0x1603, 2), "malformed CFFOLDER[0].typeCompress");
}

TEST(ScanCabinet, ChecksBlocks) {
  EXPECT_EQ(with(kData, 1, 4), "malformed CFFOLDER[0].CFDATA[0].csum");
  EXPECT_EQ(with(kData + 4, 11, 2), "malformed CFFOLDER[0].CFDATA[0].cbData");
  EXPECT_EQ(with(kData + 4, 13, 2), "malformed CFFOLDER[0].CFDATA[0].cbData");
  EXPECT_EQ(with(kData + 6, 0, 2), "unsupported CFFOLDER[0].CFDATA[0].cbUncomp");
  EXPECT_EQ(with(kData + 8, 'H', 1), "malformed CFFOLDER[0].CFDATA[0].csum");
  EXPECT_EQ(with(kFolder + 6, 1, 2), "malformed CFFOLDER[0].CFDATA[0]");  // no CK

  RawCabinet cabinet = hello();
  cabinet.folders[0].blocks[0].checksum = false;
  EXPECT_EQ(codes(cabinet), Codes{"checksum-absent"});
}

TEST(ScanCabinet, LimitsABlock) {
  const auto stored = [](unsigned size) {
    RawCabinet cabinet = hello();
    cabinet.folders[0].blocks = {{Buffer(size), static_cast<std::uint16_t>(size), true}};
    return refusal(cabinet);
  };
  EXPECT_EQ(stored(32768), "accepted");
  EXPECT_EQ(stored(32769), "malformed CFFOLDER[0].CFDATA[0].cbUncomp");

  const auto packed = [](std::size_t size) {
    RawCabinet cabinet = hello();
    cabinet.folders[0] = {0x0f03, {{Buffer(size), 32768, true}}};
    return refusal(cabinet);
  };
  EXPECT_EQ(packed(32768 + 6144), "accepted");
  EXPECT_EQ(packed(32768 + 6145), "malformed CFFOLDER[0].CFDATA[0].cbData");
}

TEST(ScanCabinet, WantsFullCompressedBlocksButForTheLast) {
  RawCabinet cabinet = hello();
  cabinet.folders[0] = {1, {{{'C', 'K'}, 32768, true}, {{'C', 'K'}, 1, true}}};
  EXPECT_EQ(refusal(cabinet), "accepted");
  cabinet.folders[0].blocks[0].unpacked = 32767;
  EXPECT_EQ(refusal(cabinet), "malformed CFFOLDER[0].CFDATA[0].cbUncomp");
}

TEST(ScanCabinet, ChecksMemberRanges) {
  const auto placed = [](std::uint32_t offset, std::uint32_t size) {
    RawCabinet cabinet = hello();
    cabinet.files[0].offset = offset;
    cabinet.files[0].size = size;
    return refusal(cabinet);
  };
  EXPECT_EQ(placed(0, 12), "accepted");
  EXPECT_EQ(placed(12, 0), "accepted");
  EXPECT_EQ(placed(4, 8), "accepted");
  EXPECT_EQ(placed(0, 13), "malformed CFFILE[0].cbFile");
  EXPECT_EQ(placed(5, 8), "malformed CFFILE[0].cbFile");
  EXPECT_EQ(placed(13, 0), "malformed CFFILE[0].cbFile");
  EXPECT_EQ(placed(0xffffffff, 0xffffffff), "malformed CFFILE[0].cbFile");
}

TEST(ScanCabinet, ChecksFolderIndices) {
  const auto in_folder = [](std::uint16_t folder) {
    RawCabinet cabinet = hello();
    cabinet.files[0].folder = folder;
    return refusal(cabinet);
  };
  EXPECT_EQ(in_folder(1), "malformed CFFILE[0].iFolder");
  EXPECT_EQ(in_folder(0xfffc), "malformed CFFILE[0].iFolder");
  for (const std::uint16_t special : {std::uint16_t{0xfffd}, std::uint16_t{0xfffe}, std::uint16_t{0xffff}})
    EXPECT_EQ(in_folder(special), "unsupported CFFILE[0].iFolder");
}

TEST(ScanCabinet, RefusesMembersThatShareBytes) {
  RawCabinet cabinet = hello();
  cabinet.files = {{"a", 6, 0}, {"b", 6, 6}};
  EXPECT_EQ(codes(cabinet), Codes{});
  cabinet.files = {{"a", 7, 0}, {"b", 6, 6}};
  EXPECT_EQ(refusal(cabinet), "malformed CFFILE[1].uoffFolderStart");
  cabinet.files = {{"a", 12, 0}, {"b", 12, 0}};
  EXPECT_EQ(refusal(cabinet), "malformed CFFILE[1].uoffFolderStart");
  cabinet.files = {{"b", 6, 6}, {"a", 6, 0}};
  EXPECT_EQ(codes(cabinet), Codes{"member-order"});
}

TEST(ScanCabinet, RefusesFoldersThatShareBytes) {
  RawCabinet cabinet = hello();
  cabinet.folders.push_back({0, {stored_block("hello world\n")}});
  Buffer bytes = cabinet.bytes();
  const auto first = load_le<std::uint32_t>(&bytes[kFolder]);
  store_le<std::uint32_t>(&bytes[kFolder + 8], first);
  EXPECT_EQ(refusal(bytes), "malformed CFDATA");
}

TEST(ScanCabinet, NotesUnusedBytes) {
  Buffer bytes = hello().bytes();
  bytes.push_back(0);
  store_le<std::uint32_t>(&bytes[8], static_cast<std::uint32_t>(bytes.size()));
  const auto contents = scan(bytes);
  ASSERT_TRUE(contents);
  ASSERT_EQ(contents->findings.size(), 1u);
  EXPECT_EQ(contents->findings[0].code, "unused-bytes");
  EXPECT_EQ(contents->findings[0].offset, kSize);
}

TEST(ScanCabinet, LimitsNames) {
  const auto named = [](const std::string& name) {
    RawCabinet cabinet = hello();
    cabinet.files[0].name = name;
    return refusal(cabinet);
  };
  EXPECT_EQ(named(""), "malformed CFFILE[0].szName");
  EXPECT_EQ(named(std::string(255, 'n')), "accepted");
  EXPECT_EQ(named(std::string(256, 'n')), "malformed CFFILE[0].szName");

  Buffer endless = hello().bytes();
  std::fill(endless.begin() + kFile + 16, endless.end(), std::uint8_t{'n'});
  EXPECT_TRUE(refusal(endless).starts_with("malformed"));
}

TEST(ScanCabinet, WarnsOfHostileNames) {
  const auto named = [](const std::string& name, std::uint16_t attributes = 0) {
    RawCabinet cabinet = hello();
    cabinet.files[0].name = name;
    cabinet.files[0].attributes = attributes;
    return codes(cabinet);
  };
  for (const char* good : {"a.txt", "dir\\b", "dir/b", "..a", "a..", "a..b\\c"})
    EXPECT_EQ(named(good), Codes{}) << good;
  for (const char* bad : {"..", "..\\a", "../a", "a\\..\\b", "a/..", "a\\../b"})
    EXPECT_EQ(named(bad), Codes{"name-parent"}) << bad;
  for (const char* bad : {"\\a", "/a"}) EXPECT_EQ(named(bad), Codes{"name-absolute"}) << bad;
  for (const char* bad : {"C:\\a", "c:a", "a:stream"}) EXPECT_EQ(named(bad), Codes{"name-drive"}) << bad;
  EXPECT_EQ(named("a\nb"), Codes{"name-control"});
  EXPECT_EQ(named("\xff"), Codes{});
  EXPECT_EQ(named("\xff", 0x80), Codes{"name-encoding"});

  RawCabinet twice = hello();
  twice.files = {{"dir\\a", 6, 0}, {"DIR/A", 6, 6}};
  EXPECT_EQ(codes(twice), Codes{"name-duplicate"});
}

TEST(ScanCabinet, NotesADateThatIsNone) {
  const auto dated = [](unsigned month, unsigned day) {
    RawCabinet cabinet = hello();
    cabinet.files[0].date = static_cast<std::uint16_t>(month << 5 | day);
    return codes(cabinet);
  };
  EXPECT_EQ(dated(1, 1), Codes{});
  EXPECT_EQ(dated(12, 31), Codes{});
  EXPECT_EQ(dated(0, 1), Codes{"date"});
  EXPECT_EQ(dated(13, 1), Codes{"date"});
  EXPECT_EQ(dated(1, 0), Codes{"date"});
}

}  // namespace
}  // namespace wheatstone::cab
