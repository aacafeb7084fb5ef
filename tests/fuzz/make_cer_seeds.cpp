// make_cer_seeds FOLDER: writes the seeds of level1, answer, share, cabinet and cab_check into FOLDER
// (tests/data/fuzz).
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"
#include "formats/cer/share_settings.hpp"
#include "formats/cer/share_tracking.hpp"
#include "formats/dump/writer.hpp"
#include "formats/layout/utf16.hpp"
#include "tests/formats/cab/cabinet_builder.hpp"
#include "tests/formats/cer/examples.hpp"

using namespace wheatstone;

namespace {

std::filesystem::path folder;

void seed(const char* target, const char* name, Bytes bytes) {
  std::filesystem::create_directories(folder / target);
  std::ofstream file(folder / target / name, std::ios::binary);
  file.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) std::fprintf(stderr, "cannot write %s/%s\n", target, name);
}

void level1() {
  const Buffer crash = cer::write_report(cer::examples::application_fault()).value();
  seed("level1", "crash.xml", crash);
  seed("level1", "kernel.xml", cer::write_report(cer::examples::kernel_fault()).value());
  seed("level1", "generic.xml", cer::write_report(cer::examples::generic()).value());

  cer::Report escapes = cer::examples::generic();
  escapes.username = "<a> & \"b\" 'c'\t\r\n caf\xc3\xa9 \xf0\x9f\x98\x80";
  escapes.machine.oem = "Contoso";
  escapes.event.eventdescription = "why";
  const Buffer document = cer::write_report(escapes).value();
  seed("level1", "escapes.xml", document);

  Buffer swapped = document;
  for (std::size_t i = 0; i + 1 < swapped.size(); i += 2) std::swap(swapped[i], swapped[i + 1]);
  seed("level1", "big_endian.xml", swapped);
  seed("level1", "no_mark.xml", Bytes(document).subspan(2));
  seed("level1", "utf8.xml", as_bytes(utf16le_to_utf8(Bytes(document).subspan(2)).value()));
  seed("level1", "markup.xml",
       as_bytes("<!-- c --><?pi?><WERREPORT a='&lt;&#65;' a=''>t<![CDATA[d]]><FILES><FILE filename='f' "
                "filetype='6'/></FILES></WERREPORT>"));
  seed("level1", "doctype.xml", as_bytes("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"));
}

void answer() {
  cer::Answer full;
  full.response = "http://oca.microsoft.com/resredir.aspx?SID=32";
  full.bucket = 500;
  full.bucket_table = 5;
  full.i_data = true;
  full.memory_dump = false;
  full.f_doc = true;
  full.reg_key = {"HKLM\\A", "HKLM\\B"};
  full.reg_tree = {"HKLM\\C"};
  full.wql = {"SELECT Family FROM Win32_Processor"};
  full.get_file = {"%WINDIR%\\\xe2\x82\xac.exe"};
  full.get_file_version = {"%WINDIR%\\b.dll"};
  full.dump_file = "\\PersistedCabs\\Blue\\1.cab";
  seed("answer", "full.txt", as_bytes(cer::write_answer(full).value()));
  seed("answer", "printed.txt", as_bytes("Response =\r\nBucket = 500\r\nBucketTable = 5\r\n"));
  seed("answer", "wild.txt",
       as_bytes("idata=1\nBucket=0\nBucket=7\rWQL=a;;b ;\nDumpServer=x\njunk\nDumpFile=..%5C/%41%"));
}

void share() {
  constexpr std::string_view kSubpath = "TestApplication\\1.0.0.0\\TestModule\\1.0.0.0\\00000000";
  cer::ShareSettings policy = cer::default_settings();
  policy.i_data = policy.memory_dump = policy.f_doc = std::nullopt;
  policy.file_tree_root = "\\\\MyCerServer\\CERFileShare";
  policy.url_launch = "http://www.microsoft.com/";
  seed("share", "policy.txt", as_bytes(cer::write_settings(policy, cer::ShareFile::policy).value()));
  cer::ShareSettings status = cer::default_settings(cer::AbsentIData::no_cab);
  status.url_launch = "";
  status.response = "1";
  status.bucket = 500;
  status.reg_key = {"HKLM\\A", "HKLM\\B"};
  status.get_file = status.get_file_version = {"%WINDIR%\\\xe2\x82\xac.exe"};
  status.wql = {"select * from Win32_logicaldisk"};
  seed("share", "status.txt", as_bytes(cer::write_settings(status, cer::ShareFile::status).value()));
  seed("share", "wild.txt",
       as_bytes("tracking=YES\nTracking =1\rFileTreeRoot=x\r\nBucket=0\r\nWQL=a;\r\nGetFile=;;\r\njunk"));
  seed("share", "count.txt", as_bytes(cer::write_counts({6, 11}).value()));

  cer::LogEntry entry{{2007, 4, 23, 15, 32, 23, 0}, "TestMachine", "TestUser", "d5je031w.cab"};
  seed("share", "hits.log", as_bytes(cer::write_log_entry(entry, cer::ShareLog::hits).value()));
  entry.item = kSubpath;
  seed("share", "crash.log", as_bytes(cer::write_log_entry(entry, cer::ShareLog::crash).value()));
  seed("share", "subpath", as_bytes(kSubpath));
}

void cabinet() {
  constexpr FileTime kTime{128496996179046077};
  const std::vector<cab::Member> members = {
      {"Version.txt", {'6', '.', '1'}}, {"empty", {}}, {"\xc3\xa9", Buffer(300, 7)}};
  seed("cabinet", "stored.cab", cab::write(members, kTime).value());
  seed("cabinet", "mszip.cab", cab::write(members, kTime, cab::Compression::mszip).value());
  seed("cabinet", "blocks.cab",
       cab::write({{"zeros", Buffer(70'000)}}, kTime, cab::Compression::mszip).value());

  cab::RawCabinet raw = cab::hello();
  raw.folders.push_back({0, {cab::stored_block("second"), cab::stored_block(" folder")}});
  raw.files = {{"..\\c", 6, 7, 1}, {"C:\\b", 6, 6, 0}, {"/a", 6, 0, 0}, {"d", 7, 0, 1}};
  raw.flags = 4;
  raw.reserve = {3, 0, 0, 0, 1, 2, 3};
  seed("cabinet", "two_folders.cab", raw.bytes());

  // One uncompressed LZX block of "hello lzx".
  const Buffer lzx = {0x00, 0x30, 0x90, 0x00, 1,   0,   0,   0,   1,   0,   0,   0,   1,
                      0,    0,    0,    'h',  'e', 'l', 'l', 'o', ' ', 'l', 'z', 'x', 0};
  raw = {{{0x0f03, {{lzx, 9, true}}}}, {{"l", 9}}, 0, {}};
  seed("cabinet", "lzx.cab", raw.bytes());
}

// The first byte: 0 a cab, 1 one with wrong checksums, 2 changes of a dump; 4 MemoryDump, 8 fDoc.
void cab_check() {
  constexpr FileTime kTime{128496996179046077};
  const auto with = [](std::uint8_t first, Bytes rest) {
    Buffer bytes = {first};
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return bytes;
  };
  dump::Machine machine;
  machine.is_64bit = false;
  const Buffer dump = dump::write_header_dump(machine, {0x124, {0, 0x85123f80, 0xbea00000, 0x108}}).value();
  const std::vector<cab::Member> members = {
      {"Mini031108-01.dmp", dump}, {"sysdata.xml", {1}}, {"wql.txt", {}}, {"A.EXE", {2}}};
  seed("cab_check", "stored", with(0, cab::write(members, kTime).value()));
  seed("cab_check", "mszip", with(0, cab::write(members, kTime, cab::Compression::mszip).value()));
  seed("cab_check", "small",
       with(1,
            cab::write({{"Mini031108-01.dmp", {'M', 'D', 'M', 'P'}}, {"m.hdmp", {1}}, {"a.doc", {2}}}, kTime)
                .value()));
  seed("cab_check", "asked",
       with(12, cab::write({{"memory.hdmp", {1}}, {"a.doc", {2}}, {"..\\more", {3}}}, kTime).value()));
  seed("cab_check", "dump_good", with(2, Buffer{0xff, 0xff}));
  seed("cab_check", "dump_cut", with(2, Buffer{0x00, 0x21}));
  seed("cab_check", "dump_other", with(2, Buffer{0xff, 0xff, 0x38, 0, 1, 0xf4, 0x48, 0, 2, 1, 2}));
  seed("cab_check", "dump_build", with(2, Buffer{0xff, 0xff, 0x0c, 0, 2, 0x61, 0x4a}));
  seed("cab_check", "dump_full", with(2, Buffer{0xff, 0xff, 0x98, 0x0f, 1, 1}));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_cer_seeds FOLDER\n");
    return 2;
  }
  folder = argv[1];
  level1();
  answer();
  share();
  cabinet();
  cab_check();
  return 0;
}
