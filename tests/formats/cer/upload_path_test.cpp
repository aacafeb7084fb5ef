#include <gtest/gtest.h>

#include "formats/cer/answer.hpp"

namespace wheatstone::cer {
namespace {

std::string target(std::string_view dump_file) {
  const auto result = upload_target(dump_file);
  return result ? *result : "error: " + result.error().message;
}

TEST(UploadTarget, TurnsTheExamplesAround) {
  EXPECT_EQ(target("\\PersistedCabs\\Blue\\c2428d43-b50a-4622-9d55-cce4602834b3.cab"),
            "/PersistedCabs/Blue/c2428d43-b50a-4622-9d55-cce4602834b3.cab");
  EXPECT_EQ(target("/reports/ab/cd/0123/report.cab"), "/reports/ab/cd/0123/report.cab");
  EXPECT_EQ(target("PersistedCabs\\1.cab"), "/PersistedCabs/1.cab");
}

TEST(UploadTarget, EncodesWhatAPathForbids) {
  EXPECT_EQ(target("\\a b\\c?d#e\"f|g^h`i{j}k[l]"), "/a%20b/c%3Fd%23e%22f%7Cg%5Eh%60i%7Bj%7Dk%5Bl%5D");
  EXPECT_EQ(target("/-._~!$&'()*+,;=:@"), "/-._~!$&'()*+,;=:@");
  EXPECT_EQ(target("/caf\xc3\xa9\x01\x7f"), "/caf%C3%A9%01%7F");
  EXPECT_EQ(target("/100%"), "/100%25");
  EXPECT_EQ(target("/100%zz"), "/100%25zz");
  EXPECT_EQ(target("/a%20b%5Cc"), "/a%20b/c");
}

TEST(UploadTarget, RefusesOtherPlaces) {
  for (const char* bad :
       {"", "http://other/x", "HTTPS:\\\\other\\x", "file:/x", "C:\\x.cab", "\\\\host\\share\\x", "//host/x",
        "/%5Chost/x", "..\\..\\x", "/a/../x", "/a/..", "..", "/%2e%2E/x", "/a%5c..%5cb"})
    EXPECT_TRUE(target(bad).starts_with("error: ")) << bad;
  EXPECT_EQ(target("/a..b/..c/d../..."), "/a..b/..c/d../...");
  EXPECT_EQ(target("/a:b"), "/a:b");
}

TEST(UploadTarget, RefusesLineBreaksAndNul) {
  for (const std::string& bad : {std::string("/a\rb"), std::string("/a\nb"), std::string("/a\0b", 4),
                                 std::string("/a%0d"), std::string("/a%0Ab"), std::string("/a%00b")}) {
    const auto result = upload_target(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().kind, ErrorKind::malformed);
  }
}

TEST(NormalizeUploadPath, KnowsEverySpelling) {
  for (const char* spelling :
       {"\\P\\a b.cab", "%5CP%5Ca%20b.cab", "%5cP%5ca b.cab", "/P/a%20b.cab", "P/a b.cab", "P\\a%20b.cab"})
    EXPECT_EQ(normalize_upload_path(spelling), "/P/a b.cab") << spelling;
}

TEST(NormalizeUploadPath, UndoesEncodingOnce) {
  EXPECT_EQ(normalize_upload_path("/%2541"), "/%41");
  EXPECT_EQ(normalize_upload_path("/%4"), "/%4");
  EXPECT_EQ(normalize_upload_path("/%"), "/%");
  EXPECT_EQ(normalize_upload_path(""), "/");
}

TEST(NormalizeUploadPath, AgreesWithTheTarget) {
  for (const char* path : {"\\a b\\c", "/%2541", "%41", "%%41", "/100%", "x?y", "/caf\xc3\xa9"})
    EXPECT_EQ(normalize_upload_path(target(path)), normalize_upload_path(path)) << path;
}

}  // namespace
}  // namespace wheatstone::cer
