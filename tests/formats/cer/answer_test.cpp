#include "formats/cer/answer.hpp"

#include <gtest/gtest.h>

namespace wheatstone::cer {
namespace {

using Codes = std::vector<std::string>;

Codes codes(const ReadAnswer& read) {
  Codes list;
  for (const Finding& finding : read.findings) list.emplace_back(finding.code);
  return list;
}

ReadAnswer read(std::string_view body) {
  return read_answer(as_bytes(body));
}

// [MS-CER2] 4.1
constexpr char kDumpFile41[] =
    "\\PersistedCabs\\Generic\\APPCRASH\\GPFMe.exe\\6.0.4082.0\\40ce670d\\GPFMe.exe\\6.0.4082."
    "0\\40ce670d\\c0000005\\"
    "000031de\\8747c307-c461-42ba-abf5-7fd98d8bb0ec.cab";

Answer example_41() {
  Answer answer;
  answer.response = "http://oca.microsoft.com/resredir.aspx?SID=32";
  answer.bucket = 500;
  answer.bucket_table = 5;
  answer.i_data = true;
  answer.wql = {"SELECT Family FROM Win32_Processor"};
  answer.dump_file = kDumpFile41;
  return answer;
}

TEST(WriteAnswer, WritesExample41WithoutSpaces) {
  EXPECT_EQ(write_answer(example_41()).value(),
            "Response=http://oca.microsoft.com/resredir.aspx?SID=32\r\n"
            "Bucket=500\r\n"
            "BucketTable=5\r\n"
            "iData=1\r\n"
            "WQL=SELECT Family FROM Win32_Processor\r\n"
            "DumpFile=\\PersistedCabs\\Generic\\APPCRASH\\GPFMe.exe\\6.0.4082.0\\40ce670d\\GPFMe.exe\\6.0."
            "4082.0\\40ce670d\\"
            "c0000005\\000031de\\8747c307-c461-42ba-abf5-7fd98d8bb0ec.cab\r\n");
}

TEST(WriteAnswer, WritesExample42WithAnEmptyResponse) {
  Answer answer;
  answer.response = "";
  answer.bucket = 500;
  answer.bucket_table = 5;
  EXPECT_EQ(write_answer(answer).value(), "Response=\r\nBucket=500\r\nBucketTable=5\r\n");
}

TEST(WriteAnswer, WritesEveryKeyOnce) {
  Answer answer = example_41();
  answer.response = "1";
  answer.i_data = false;
  answer.memory_dump = true;
  answer.f_doc = false;
  answer.reg_key = {"HKLM\\A", "HKLM\\B"};
  answer.reg_tree = {"HKLM\\C"};
  answer.get_file = {"%WINDIR%\\a.exe", "\xe2\x82\xac.txt"};
  answer.get_file_version = {"%WINDIR%\\b.dll"};
  answer.dump_file = "/1.cab";
  EXPECT_EQ(write_answer(answer).value(),
            "Response=1\r\nBucket=500\r\nBucketTable=5\r\niData=0\r\nMemoryDump=1\r\nfDoc=0\r\n"
            "RegKey=HKLM\\A;HKLM\\B\r\nRegTree=HKLM\\C\r\nWQL=SELECT Family FROM Win32_Processor\r\n"
            "GetFile=%WINDIR%\\a.exe;\x80.txt\r\nGetFileVersion=%WINDIR%\\b.dll\r\nDumpFile=/1.cab\r\n");
  const ReadAnswer again = read(write_answer(answer).value());
  EXPECT_EQ(again.answer, answer);
  EXPECT_EQ(codes(again), Codes{"non-ascii"});
}

TEST(WriteAnswer, WritesNothingForNothing) {
  EXPECT_EQ(write_answer({}).value(), "");
}

TEST(WriteAnswer, RefusesWhatNoReaderGivesBack) {
  const auto refused = [](auto change) {
    Answer answer;
    change(answer);
    const auto body = write_answer(answer);
    return !body && body.error().kind == ErrorKind::invalid_argument && !body.error().where.path.empty();
  };
  for (const std::string& bad :
       {std::string("a\rb"), std::string("a\nb"), std::string("a\0b", 3), std::string(" a"),
        std::string("a\t"), std::string("\xff"), std::string("\xc4\x80")}) {
    EXPECT_TRUE(refused([&](Answer& a) { a.dump_file = bad; }));
    EXPECT_TRUE(refused([&](Answer& a) { a.wql = {"x", bad}; }));
  }
  EXPECT_TRUE(refused([](Answer& a) { a.wql = {"a;b"}; }));
  EXPECT_TRUE(refused([](Answer& a) { a.wql = {""}; }));
  EXPECT_TRUE(refused([](Answer& a) { a.bucket = 0; }));
  EXPECT_FALSE(refused([](Answer& a) { a.dump_file = "a;b"; }));
}

TEST(ReadAnswer, ReadsTheExamplesAsPrinted) {
  const ReadAnswer first = read(
      "Response=http://oca.microsoft.com/resredir.aspx?SID=32\r\nBucket = 500\r\nBucketTable = "
      "5\r\niData=1\r\n"
      "WQL=SELECT Family FROM Win32_Processor\r\nDumpFile=" +
      std::string(kDumpFile41) + "\r\n");
  EXPECT_EQ(first.answer, example_41());
  EXPECT_EQ(codes(first), (Codes{"blank", "blank"}));
  EXPECT_EQ(first.findings[0].offset, 56u);
  EXPECT_EQ(first.findings[0].path, "Bucket");
  EXPECT_EQ(first.findings[0].clause, "MS-CER2 2.2.2");

  const ReadAnswer second = read("Response =\r\nBucket = 500\r\nBucketTable = 5\r\n");
  EXPECT_EQ(second.answer.response, "");
  EXPECT_EQ(second.answer.bucket, 500u);
  EXPECT_EQ(second.answer.i_data, std::nullopt);
}

TEST(ReadAnswer, ReadsAWildAnswer) {
  const ReadAnswer wild = read(
      "iData=1\r\nBucket=1\r\nBucketTable=1\r\nDumpServer=10.0.0.5\r\nDumpFile=/reports/ab/cd/0/"
      "report.cab\r\n");
  EXPECT_EQ(wild.answer.bucket, 1u);
  EXPECT_EQ(wild.answer.dump_file, "/reports/ab/cd/0/report.cab");
  EXPECT_EQ(codes(wild), Codes{"unknown-key"});
}

TEST(ReadAnswer, TakesAnEmptyBody) {
  EXPECT_EQ(codes(read("")), Codes{});
  EXPECT_EQ(read("").answer, Answer{});
  EXPECT_EQ(codes(read("\r\n\r\n")), Codes{});
}

TEST(ReadAnswer, TakesOtherLineEnds) {
  EXPECT_EQ(codes(read("Bucket=7\niData=1\n")), Codes{"line-end"});
  EXPECT_EQ(codes(read("Bucket=7\riData=1\r")), Codes{"line-end"});
  EXPECT_EQ(read("Bucket=7\riData=1\r").answer.i_data, true);
  EXPECT_EQ(codes(read("Bucket=7\r\niData=1")), Codes{"no-final-crlf"});
  EXPECT_EQ(read("Bucket=7\r\niData=1").answer.i_data, true);
}

TEST(ReadAnswer, SplitsAtTheFirstEqualsSign) {
  EXPECT_EQ(read("WQL=SELECT a FROM b WHERE c=\"d\"\r\n").answer.wql, Codes{"SELECT a FROM b WHERE c=\"d\""});
  EXPECT_EQ(codes(read("hello\r\n")), Codes{"no-equals"});
  EXPECT_EQ(codes(read("=1\r\n")), Codes{"unknown-key"});
}

TEST(ReadAnswer, TakesTheFirstOfDuplicatesAndAnyCase) {
  const ReadAnswer twice = read("Bucket=7\r\nBucket=8\r\n");
  EXPECT_EQ(twice.answer.bucket, 7u);
  EXPECT_EQ(codes(twice), Codes{"duplicate-key"});
  EXPECT_EQ(twice.findings[0].offset, 10u);
  const ReadAnswer lower = read("idata=1\r\nBUCKET=9\r\n");
  EXPECT_EQ(lower.answer.i_data, true);
  EXPECT_EQ(lower.answer.bucket, 9u);
  EXPECT_EQ(codes(lower), (Codes{"key-case", "key-case"}));
}

TEST(ReadAnswer, ChecksNumbers) {
  EXPECT_EQ(read("Bucket=18446744073709551615\r\n").answer.bucket, 18446744073709551615u);
  for (const char* bad : {"0", "007", "18446744073709551616", "-1", "+1", "", "5x", "0x5", "5.0"}) {
    const ReadAnswer answer = read("Bucket=" + std::string(bad) + "\r\n");
    EXPECT_EQ(codes(answer), Codes{"bad-number"}) << bad;
    EXPECT_EQ(answer.answer.bucket, std::nullopt);
  }
}

TEST(ReadAnswer, ChecksBooleans) {
  EXPECT_EQ(read("fDoc=0\r\nMemoryDump=1\r\n").answer.f_doc, false);
  for (const char* bad : {"", "yes", "TRUE", "2", "01", "11"}) {
    const ReadAnswer answer = read("iData=" + std::string(bad) + "\r\n");
    EXPECT_EQ(codes(answer), Codes{"bad-bool"}) << bad;
    EXPECT_EQ(answer.answer.i_data, std::nullopt);
  }
}

TEST(ReadAnswer, SplitsLists) {
  EXPECT_EQ(read("RegKey=a;b;c\r\n").answer.reg_key, (Codes{"a", "b", "c"}));
  for (const char* list : {"a;;b", ";a;b", "a;b;", "a;b;;"}) {
    const ReadAnswer answer = read("RegTree=" + std::string(list) + "\r\n");
    EXPECT_EQ(answer.answer.reg_tree, (Codes{"a", "b"})) << list;
    EXPECT_EQ(codes(answer), Codes{"empty-item"}) << list;
  }
  EXPECT_EQ(codes(read("GetFile=a ; b\r\n")), Codes{"blank"});
  EXPECT_EQ(read("GetFile=a ; b\r\n").answer.get_file, (Codes{"a", "b"}));
  EXPECT_EQ(codes(read("GetFile=\r\n")), Codes{"empty-item"});
}

TEST(ReadAnswer, DecodesHighBytes) {
  const ReadAnswer ansi = read("GetFile=\x80.txt\r\n");
  EXPECT_EQ(ansi.answer.get_file, Codes{"\xe2\x82\xac.txt"});
  EXPECT_EQ(codes(ansi), Codes{"non-ascii"});
  EXPECT_EQ(codes(read("GetFile=\xc3\xa9\r\n")), Codes{"utf8-text"});
  EXPECT_EQ(codes(read("GetFile=\x81\r\n")), Codes{"undefined-byte"});
  EXPECT_EQ(codes(read("\xef\xbb\xbf"
                       "iData=1\r\n")),
            Codes{"byte-order-mark"});
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "iData=1\r\n")
                .answer.i_data,
            true);
}

TEST(ReadAnswer, ChecksResponses) {
  for (const char* good : {"", "1", "http://a/b?c=d", "HTTPS://a"})
    EXPECT_EQ(codes(read("Response=" + std::string(good) + "\r\n")), Codes{}) << good;
  for (const char* bad : {"2", "a b", "http://a b", "://x", "1a:b"})
    EXPECT_EQ(codes(read("Response=" + std::string(bad) + "\r\n")), Codes{"response-value"}) << bad;
  for (const char* bad : {"file:///etc", "javascript:x", "ms-settings:x"})
    EXPECT_EQ(codes(read("Response=" + std::string(bad) + "\r\n")), Codes{"response-scheme"}) << bad;
}

TEST(ReadAnswer, ChecksDumpFiles) {
  for (const char* bad : {"", "http://other/x", "..\\..\\x"}) {
    const ReadAnswer answer = read("DumpFile=" + std::string(bad) + "\r\n");
    EXPECT_EQ(codes(answer), Codes{"dump-file-value"}) << bad;
    EXPECT_EQ(answer.answer.dump_file, bad);
  }
}

TEST(ReadAnswer, IgnoresAValueWithNul) {
  const ReadAnswer answer = read(std::string_view("DumpFile=a\0b\r\n", 14));
  EXPECT_EQ(answer.answer.dump_file, std::nullopt);
  EXPECT_EQ(codes(answer), Codes{"nul-in-value"});
}

TEST(ReadAnswer, ReadsWholeLinesWithinItsLimit) {
  const std::string body = "Bucket=77\r\nDumpFile=/abc\r\n";
  EXPECT_EQ(codes(read_answer(as_bytes(body), body.size())), Codes{});
  const ReadAnswer cut = read_answer(as_bytes(body), body.size() - 3);
  EXPECT_EQ(cut.answer.bucket, 77u);
  EXPECT_EQ(cut.answer.dump_file, std::nullopt);
  EXPECT_EQ(codes(cut), Codes{"too-long"});
  EXPECT_EQ(cut.findings[0].offset, 11u);
  EXPECT_EQ(codes(read_answer(as_bytes(body), 0)), Codes{"too-long"});
}

TEST(ReadAnswer, BoundsItsFindings) {
  std::string body;
  for (int i = 0; i < 100000; ++i) body += "x\r\n";
  const ReadAnswer answer = read(body);
  ASSERT_EQ(answer.findings.size(), 257u);
  EXPECT_EQ(answer.findings.back().code, "more-findings");
  EXPECT_EQ(answer.findings.back().severity, FindingSeverity::error);
}

}  // namespace
}  // namespace wheatstone::cer
