#include "mocks/cer_server/dump_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "formats/cper/record.hpp"
#include "formats/layout/view.hpp"
#include "formats/whea/bug_check.hpp"
#include "mocks/text.hpp"

namespace wheatstone::cer_server {
namespace {

using enum FindingSeverity;

constexpr std::uint64_t kMostRecord = 1u << 20;
constexpr std::uint32_t kLiveDump = 0x1000'0000;  // triage dumps may add it to the code
constexpr std::string_view kSignatureClause = "[MS-CER2] 4.3";
constexpr std::string_view kRecordClause = "bug check 0x124";

// An enablement package raises the build that reports name; the kernel, and with it the dump, keeps its own.
constexpr std::pair<std::uint32_t, std::uint32_t> kSharedKernels[] = {
    {18362, 18363}, {19041, 19045}, {22621, 22631}, {26100, 26200}};

bool same_kernel(std::uint64_t a, std::uint64_t b) noexcept {
  return a == b || std::ranges::any_of(kSharedKernels, [&](const auto& builds) {
           const auto [first, last] = builds;
           return a >= first && a <= last && b >= first && b <= last;
         });
}

std::optional<std::uint64_t> number(std::string_view text, int base) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The third number of "6_1_6561" or "6.1.6561.2.0.0.256.1".
std::optional<std::uint64_t> build_in(std::string_view version, char between) noexcept {
  for (int i = 0; i < 2; ++i) {
    const std::size_t at = version.find(between);
    if (at == std::string_view::npos) return std::nullopt;
    version.remove_prefix(at + 1);
  }
  return number(version.substr(0, version.find(between)), 10);
}

std::optional<std::uint32_t> build_of(const dump::Dump& dump) noexcept {
  const auto build = [&dump]<class H>(H) {
    const auto header = layout::View<H>::make(H::kLayout, dump.header_bytes());
    return header ? (*header)[dump::HeaderAt<H>::kMinorVersion] : dump::kUnset32;
  };
  const std::uint32_t found = dump.dump_class().is_64bit ? build(dump::Header64{}) : build(dump::Header32{});
  return found == dump::kUnset32 ? std::nullopt : std::optional(found);
}

bool is_grave(const Finding& finding) noexcept {
  return finding.severity == error;
}

// One dump against one report.
class DumpCheck {
 public:
  DumpCheck(std::string_view name, const cer::Report& report) : name_(printable(name)), report_(report) {}

  void open(Bytes file, bool is_blue_screen);
  void no_dump(std::string_view why) {
    add(error, "dump-unreadable", fmt::format("\"{}\" is no dump that can be read: {}", name_, why));
  }
  std::vector<Finding> take() && { return std::move(findings_); }

 private:
  void check_bug_check(const dump::Dump& dump);
  void check_value(std::string_view key, std::uint64_t dumped, std::string_view code, std::uint64_t ignored);
  void check_build(const dump::Dump& dump);
  void check_record(const dump::Dump& dump);

  void add(FindingSeverity severity, std::string_view code, std::string message, std::string_view path = {},
           std::string_view clause = {}) {
    findings_.push_back({severity, code, std::move(message), std::string(path), Finding::kNoOffset, clause});
  }

  std::string name_;
  const cer::Report& report_;
  std::vector<Finding> findings_;
};

void DumpCheck::check_value(std::string_view key, std::uint64_t dumped, std::string_view code,
                            std::uint64_t ignored) {
  const auto text = report_.parameter(key);
  const auto value = text ? number(*text, 16) : std::nullopt;
  if (!value) {
    add(warning, "signature-value",
        text ? fmt::format("{} of the signature, \"{}\", is no hexadecimal number of 64 bits", key,
                           printable(*text))
             : fmt::format("the signature of a BlueScreen has no {}", key),
        key, kSignatureClause);
  } else if ((*value & ~ignored) != (dumped & ~ignored)) {
    add(warning, code,
        fmt::format("{} is {:x} in the signature, but {:x} in \"{}\"", key, *value, dumped, name_), key,
        kSignatureClause);
  }
}

void DumpCheck::check_bug_check(const dump::Dump& dump) {
  constexpr std::array<std::string_view, 4> kParameters = {"BCP1", "BCP2", "BCP3", "BCP4"};
  if (std::ranges::find(dump.findings(), "bug-check-unset", &Finding::code) != dump.findings().end())
    return add(warning, "dump-bugcheck-differs", fmt::format("\"{}\" was made without a bug check", name_),
               "BCCode", kSignatureClause);
  check_value("BCCode", dump.bug_check().code, "dump-bugcheck-differs", kLiveDump);
  for (std::size_t i = 0; i < kParameters.size(); ++i)
    check_value(kParameters[i], dump.bug_check().parameters[i], "dump-parameter-differs", 0);
}

// The signature speaks of the system that stopped, MACHINEINFO of the one that reports: it counts only where
// the signature says nothing.
void DumpCheck::check_build(const dump::Dump& dump) {
  const auto dumped = build_of(dump);
  const auto version = report_.parameter("OS Version");
  const auto reported = version ? build_in(*version, '_') : build_in(report_.machine.os, '.');
  if (!dumped || !reported || same_kernel(*dumped, *reported)) return;
  add(warning, "dump-os-differs",
      fmt::format("the report is of build {}, but \"{}\" of build {}", *reported, name_, *dumped),
      version ? "OS Version" : "MACHINEINFO/@os", kSignatureClause);
}

void DumpCheck::check_record(const dump::Dump& dump) {
  // Before WHEA is initialised there is no record, and all parameters but the first are 0.
  const auto& parameters = dump.bug_check().parameters;
  if (parameters[1] == 0 && parameters[2] == 0 && parameters[3] == 0) return;
  const auto record = record_in(dump);
  if (!record) {
    if (record.error().kind == ErrorKind::unsupported) return;  // not a class of dump that we read
    return add(
        warning, "dump-record-missing",
        fmt::format("\"{}\" has no error record at {:#x}: {}", name_, parameters[1], record.error().message),
        "BCP2", kRecordClause);
  }
  const cper::Record decoded = cper::Record::decode(*record);
  const auto grave = std::ranges::find_if(decoded.findings(), is_grave);
  if (grave != decoded.findings().end())
    add(warning, "dump-record-damaged",
        fmt::format("the error record in \"{}\" is damaged: {}: {}", name_, grave->code, grave->message),
        "BCP2", kRecordClause);
}

void DumpCheck::open(Bytes file, bool is_blue_screen) {
  const auto dump = dump::Dump::open(file);
  if (!dump) return no_dump(dump.error().message);
  if (const auto grave = std::ranges::find_if(dump->findings(), is_grave); grave != dump->findings().end())
    add(warning, "dump-damaged",
        fmt::format("the dump \"{}\" is damaged: {}: {}", name_, grave->code, grave->message));
  if (is_blue_screen) {
    check_bug_check(*dump);
    check_build(*dump);
  }
  if (dump->bug_check().code == whea::kBugCheckWheaUncorrectableError) check_record(*dump);
}

bool starts_with(Bytes file, std::string_view text) noexcept {
  return as_text(file).starts_with(text);
}

}  // namespace

std::vector<Finding> check_dump(std::string_view name, Bytes file, const cer::Report& report) {
  const bool is_blue_screen = same_ignoring_case(report.event.eventtype, "BlueScreen");
  const bool is_announced =
      report.files && std::ranges::any_of(*report.files, [&](const cer::ReportedFile& listed) {
        return listed.filetype == cer::FileType::minidump && same_ignoring_case(listed.filename, name);
      });
  DumpCheck check(name, report);
  if (starts_with(file, "PAGE"))
    check.open(file, is_blue_screen);
  else if (is_blue_screen && is_announced && !starts_with(file, "MDMP"))  // that is a program's, not ours
    check.no_dump("it begins neither with 'PAGE' nor with 'MDMP'");
  return std::move(check).take();
}

Result<Buffer> record_in(const dump::Dump& dump) {
  const std::uint64_t address = dump.bug_check().parameters[1];
  const auto head = dump.read_virtual(address, cper::kHeaderSize);
  if (!head) return head;
  const auto header = layout::View<cper::Header>::make(cper::kRecordHeader, *head);
  const std::uint64_t length = header ? (*header)[cper::Header::kLength] : 0;
  if (length < cper::kHeaderSize || length > kMostRecord)
    return fail(ErrorKind::malformed, "there is no error record at parameter 2");
  return dump.read_virtual(address, length);
}

}  // namespace wheatstone::cer_server
