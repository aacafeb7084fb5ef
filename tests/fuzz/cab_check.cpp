// Any bytes as the cab of one BlueScreen report, and a good dump with any change: the findings are those of
// the scan and then those that a second reading of names, and of the raw fields of dumps, leads to; nothing
// else, each with its severity, the same each time. The first byte says what the others are.
#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/cper/record.hpp"
#include "formats/dump/writer.hpp"
#include "mocks/cer_server/cab_check.hpp"
#include "mocks/cer_server/dump_check.hpp"
#include "tests/fuzz/cabinet_repair.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"

using namespace wheatstone;
using Codes = std::multiset<std::string_view>;

namespace {

constexpr cab::Limits kLimits{.unpacked = 1u << 16, .members = 8, .folders = 4};
constexpr std::string_view kDumpName = "Mini031108-01.dmp";
constexpr std::uint64_t kRecordVa = 0xffffe00112345f80;
constexpr std::array<std::uint64_t, 4> kParameters = {0, kRecordVa, 0xbea00000, 0x108};
constexpr std::uint32_t kFirstBuild = 26100, kLastBuild = 26200;  // of one kernel

const cer::Report& report() {
  static const cer::Report kReport = [] {
    cer::Report made;
    made.event.eventtype = "BlueScreen";
    made.secondary_parameters = {{"BCCode", "124"},
                                 {"BCP1", "0"},
                                 {"BCP2", "FFFFE00112345F80"},
                                 {"BCP3", "00000000BEA00000"},
                                 {"BCP4", "108"},
                                 {"OS Version", "10_0_26100"}};
    made.files = {{std::string(kDumpName), cer::FileType::minidump},
                  {"sysdata.xml", cer::FileType::other},
                  {"m.hdmp", cer::FileType::heapdump},
                  {"a.doc", cer::FileType::user_document}};
    return made;
  }();
  return kReport;
}

cer::Answer answer(bool memory_dump, bool f_doc) {
  cer::Answer made;
  made.memory_dump = memory_dump;
  made.f_doc = f_doc;
  made.wql = {"q"};
  made.get_file = {"%WINDIR%\\a.exe"};
  return made;
}

FindingSeverity severity_of(std::string_view code) {
  constexpr std::pair<std::string_view, FindingSeverity> kSeverities[] = {
      {"cab-unreadable", FindingSeverity::error},
      {"cab-empty", FindingSeverity::warning},
      {"cab-file-missing", FindingSeverity::warning},
      {"cab-file-not-asked", FindingSeverity::warning},
      {"cab-extra-missing", FindingSeverity::note},
      {"cab-file-unexpected", FindingSeverity::note},
      {"dump-unreadable", FindingSeverity::error},
      {"dump-damaged", FindingSeverity::warning},
      {"dump-bugcheck-differs", FindingSeverity::warning},
      {"dump-parameter-differs", FindingSeverity::warning},
      {"dump-os-differs", FindingSeverity::warning},
      {"dump-record-missing", FindingSeverity::warning},
      {"dump-record-damaged", FindingSeverity::warning},
  };
  const auto* const found = std::ranges::find(kSeverities, code, [](const auto& row) { return row.first; });
  REQUIRE(found != std::end(kSeverities));
  return found->second;
}

std::string lower_case(std::string_view name) {
  std::string out(name);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

bool starts_with(Bytes bytes, std::string_view text) {
  return as_text(bytes).starts_with(text);
}

// What is behind parameter 2, as the dump's own reader gives it.
std::string_view record_code(const dump::Dump& dump, std::uint64_t address) {
  const auto head = dump.read_virtual(address, 128);
  if (!head && head.error().kind == ErrorKind::unsupported) return "";
  const std::uint32_t length = head ? load_le<std::uint32_t>(&(*head)[20]) : 0;
  if (length < 128 || length > 1u << 20) return "dump-record-missing";
  const auto record = dump.read_virtual(address, length);
  if (!record) return "dump-record-missing";
  const cper::Record decoded = cper::Record::decode(*record);
  const bool is_good = std::ranges::none_of(
      decoded.findings(), [](const Finding& finding) { return finding.severity == FindingSeverity::error; });
  return is_good ? "" : "dump-record-damaged";
}

// The codes for one file, from the offsets of DUMP_HEADER64 and DUMP_HEADER32.
Codes dump_codes(std::string_view name, Bytes file) {
  if (!starts_with(file, "PAGE")) {
    const bool is_none = lower_case(name) == lower_case(kDumpName) && !starts_with(file, "MDMP");
    return is_none ? Codes{"dump-unreadable"} : Codes{};
  }
  const bool wide = starts_with(file, "PAGEDU64");
  if ((!wide && !starts_with(file, "PAGEDUMP")) || file.size() < (wide ? 0x2000u : 0x1000u))
    return {"dump-unreadable"};
  constexpr std::uint32_t kUnset = 0x45474150;
  Codes codes;
  const std::uint32_t code = load_le<std::uint32_t>(&file[wide ? 0x38 : 0x28]);
  const std::uint32_t build = load_le<std::uint32_t>(&file[0xc]);
  std::array<std::uint64_t, 4> parameters{};
  for (std::size_t i = 0; i < 4 && code != kUnset; ++i) {
    parameters[i] =
        wide ? load_le<std::uint64_t>(&file[0x40 + 8 * i]) : load_le<std::uint32_t>(&file[0x2c + 4 * i]);
    if (parameters[i] == (wide ? 0x4547415045474150 : kUnset)) parameters[i] = 0;
    if (parameters[i] != kParameters[i]) codes.insert("dump-parameter-differs");
  }
  if ((code | 0x10000000) != 0x10000124) codes.insert("dump-bugcheck-differs");
  if (build != kUnset && (build < kFirstBuild || build > kLastBuild)) codes.insert("dump-os-differs");

  const auto dump = dump::Dump::open(file);
  REQUIRE(dump);
  if (std::ranges::any_of(dump->findings(),
                          [](const Finding& finding) { return finding.severity == FindingSeverity::error; }))
    codes.insert("dump-damaged");
  const bool early = parameters[1] == 0 && parameters[2] == 0 && parameters[3] == 0;
  if (code == 0x124 && !early)
    if (const std::string_view found = record_code(*dump, parameters[1]); !found.empty()) codes.insert(found);
  return codes;
}

// The codes for the names of a cab.
Codes name_codes(const std::vector<cab::MemberInfo>& members, bool memory_dump, bool f_doc) {
  std::multiset<std::string> left;
  for (const cab::MemberInfo& member : members) left.insert(lower_case(member.name));
  const auto take = [&left](const char* name) {
    const auto found = left.find(name);
    if (found == left.end()) return false;
    left.erase(found);
    return true;
  };
  Codes codes;
  if (members.empty()) codes.insert("cab-empty");
  if (!take("mini031108-01.dmp")) codes.insert("cab-file-missing");
  if (!take("sysdata.xml")) codes.insert("cab-file-missing");
  const bool has_memory = take("m.hdmp");
  const bool has_document = take("a.doc");
  if (memory_dump && !has_memory) codes.insert("cab-file-missing");
  if (!memory_dump && has_memory) codes.insert("cab-file-not-asked");
  if (f_doc && !has_document) codes.insert("cab-file-missing");
  if (!f_doc && has_document) codes.insert("cab-file-not-asked");
  if (!take("wql.txt")) codes.insert("cab-extra-missing");
  if (!take("a.exe")) codes.insert("cab-extra-missing");
  if (memory_dump && !has_memory && !take("memory.hdmp")) codes.insert("cab-extra-missing");
  if (!f_doc || has_document)
    for (std::size_t i = 0; i < left.size(); ++i) codes.insert("cab-file-unexpected");
  return codes;
}

void require_codes(std::span<const Finding> findings, const Codes& expected) {
  Codes codes;
  for (const Finding& finding : findings) {
    codes.insert(finding.code);
    REQUIRE(finding.severity == severity_of(finding.code));
    REQUIRE(!finding.message.empty() && finding.offset == Finding::kNoOffset);
  }
  REQUIRE(codes == expected);
}

bool same(const Finding& a, const Finding& b) {
  return a.code == b.code && a.severity == b.severity && a.message == b.message && a.path == b.path;
}

void check_cabinet(Bytes cabinet, bool memory_dump, bool f_doc) {
  const cer::Answer asked = answer(memory_dump, f_doc);
  const auto findings = cer_server::check_cab(cabinet, report(), asked, kLimits);
  if (test::is_chosen(cabinet, test::kView))
    REQUIRE(std::ranges::equal(findings, cer_server::check_cab(cabinet, report(), asked, kLimits), same));

  const auto contents = cab::scan(cabinet, kLimits);
  if (!contents) {
    require_codes(findings, {"cab-unreadable"});
    return;
  }
  REQUIRE(findings.size() >= contents->findings.size());
  const auto scanned = std::span(findings).first(contents->findings.size());
  REQUIRE(std::ranges::equal(scanned, contents->findings, same));

  Codes expected = name_codes(contents->members, memory_dump, f_doc);
  const auto members = cab::read(cabinet, kLimits);
  if (!members) {
    expected.insert("cab-unreadable");
  } else {
    std::uint64_t unpacked = 0;
    for (const cab::Member& member : *members) {
      unpacked += member.data.size();
      expected.merge(dump_codes(member.name, member.data));
    }
    REQUIRE(unpacked <= kLimits.unpacked);
  }
  require_codes(std::span(findings).subspan(scanned.size()), expected);
}

const Buffer& good_dump() {
  static const Buffer kDump = [] {
    Buffer record(128);
    constexpr std::string_view kHead = "CPER\x10\x02\xff\xff\xff\xff";
    std::ranges::copy(kHead, record.begin());
    record[12] = 1;    // fatal
    record[20] = 128;  // length
    const dump::DataBlock blocks[] = {{kRecordVa, record}};
    dump::Machine machine;
    machine.minor_version = kFirstBuild;
    return dump::write_triage_dump(machine, {0x124, kParameters}, blocks).value();
  }();
  return kDump;
}

// Where the dump ends (2 bytes; beyond it: nowhere), then changes: offset (2 bytes), size, bytes.
Buffer changed_dump(Bytes changes) {
  Buffer dump = good_dump();
  if (changes.size() < 2) return dump;
  dump.resize(std::min<std::size_t>(dump.size(), load_le<std::uint16_t>(changes.data())));
  for (changes = changes.subspan(2); changes.size() > 3;) {
    const std::size_t at = load_le<std::uint16_t>(changes.data());
    const std::size_t size = std::min<std::size_t>(changes[2], changes.size() - 3);
    for (std::size_t i = 0; i < size && at + i < dump.size(); ++i) dump[at + i] = changes[3 + i];
    changes = changes.subspan(3 + size);
  }
  return dump;
}

void check_dump(Bytes changes) {
  const Buffer dump = changed_dump(changes);
  const auto findings = cer_server::check_dump(kDumpName, dump, report());
  require_codes(findings, dump_codes(kDumpName, dump));
  if (!test::is_chosen(changes, test::kSlow)) return;
  const auto cabinet =
      cab::write({{std::string(kDumpName), dump}, {"sysdata.xml", {}}, {"wql.txt", {}}, {"a.exe", {}}},
                 FileTime{128496996179046077});
  REQUIRE(cabinet);
  REQUIRE(std::ranges::equal(cer_server::check_cab(*cabinet, report(), answer(false, false), kLimits),
                             findings, same));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes input(data + 1, size - 1);
  const bool memory_dump = (data[0] & 4) != 0, f_doc = (data[0] & 8) != 0;
  if (data[0] % 4 >= 2)
    check_dump(input);
  else if (data[0] % 4 == 1)
    check_cabinet(test::repaired(input, kLimits.folders), memory_dump, f_doc);
  else
    check_cabinet(input, memory_dump, f_doc);
  return 0;
}
