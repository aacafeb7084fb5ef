// What every request of a client must look like, whatever we answered.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/cab/cabinet.hpp"
#include "harness/conform/client_cases.hpp"
#include "mocks/cer_server/cab_check.hpp"
#include "mocks/text.hpp"

namespace wheatstone::conform {
namespace {

using enum Level;
using Kind = RequestCase::Kind;

// Passed if the document has no finding with one of these codes of cer::read_report().
Verdict document_lacks(const Seen& seen, std::initializer_list<std::string_view> codes) {
  if (!seen.document || !*seen.document) return not_applicable("the document cannot be read at all");
  for (const Finding& finding : (*seen.document)->findings)
    if (std::ranges::find(codes, finding.code) != codes.end())
      return failed(finding.path.empty() ? finding.message
                                         : fmt::format("{}: {}", finding.path, finding.message));
  return pass();
}

Verdict has_field(const Seen& seen, std::string_view name) {
  if (!seen.problem.empty()) return not_applicable("the request is no HTTP/1.1");
  return seen.message.field(name) ? pass() : failed(fmt::format("there is no {} field", name));
}

Verdict has_no_field(const Seen& seen, std::string_view name) {
  const auto value = seen.message.field(name);
  return value ? failed(fmt::format("{}: {}", name, printable(*value))) : pass();
}

Verdict is_http(const Seen& seen, const Visit&) {
  return seen.problem.empty() ? pass() : failed(seen.problem);
}

Verdict is_version_1_1(const Seen& seen, const Visit&) {
  if (!seen.problem.empty()) return not_applicable("the request is no HTTP/1.1");
  return seen.message.minor_version == 1 ? pass() : failed("the request is HTTP/1.0");
}

Verdict names_our_host(const Seen& seen, const Visit& visit) {
  if (!seen.problem.empty()) return not_applicable("the request is no HTTP/1.1");
  const auto host = seen.message.field("Host");
  if (!host) return failed("there is no Host field");
  const std::string ours = visit.place.authority();
  const std::string by_name = fmt::format("localhost:{}", visit.place.port);
  return *host == ours || same_ignoring_case(*host, by_name)
             ? pass()
             : failed(fmt::format("Host: {} instead of {}", printable(*host), ours));
}

// RFC 3986 3.3 and 3.4: what may stand in a path and a query.
bool is_origin_form(std::string_view target) {
  constexpr std::string_view kMarks = "-._~!$&'()*+,;=:@/%?";
  return target.starts_with('/') && std::ranges::all_of(target, [kMarks](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  kMarks.find(c) != std::string_view::npos;
         });
}

Verdict has_origin_form(const Seen& seen, const Visit&) {
  return is_origin_form(seen.message.target)
             ? pass()
             : failed(fmt::format("the target is {}", printable(seen.message.target)));
}

Verdict is_one_of_two(const Seen& seen, const Visit&) {
  if (!seen.problem.empty()) return not_applicable("the request is no HTTP/1.1");
  return seen.is_report() || seen.is_upload()
             ? pass()
             : failed(fmt::format("{} {}", seen.message.method, printable(seen.message.target)));
}

Verdict tells_its_length(const Seen& seen, const Visit&) {
  return seen.message.chunked || seen.message.field("Content-Length")
             ? pass()
             : failed("neither Content-Length nor chunked");
}

Verdict expects_with_a_body(const Seen& seen, const Visit&) {
  if (!seen.message.field("Expect")) return not_applicable("the client expects nothing");
  return seen.message.body().empty() ? failed("Expect: 100-continue without a body") : pass();
}

Verdict is_little_endian_with_mark(const Seen& seen, const Visit&) {
  return as_text(seen.message.body()).starts_with("\xff\xfe")
             ? pass()
             : failed("the document does not begin with FF FE");
}

Verdict is_readable(const Seen& seen, const Visit&) {
  if (!seen.document) return failed("the request has no document");
  if (!*seen.document) return failed(seen.document->error().message);
  return document_lacks(seen, {"illegal-character", "bad-reference", "bare-less-than", "comment-hyphens",
                               "duplicate-attribute", "second-root", "text-outside-root"});
}

// FILETIMEs of the years 2000 and 2100.
constexpr std::uint64_t kYear2000 = 125'911'584'000'000'000;
constexpr std::uint64_t kYear2100 = 157'469'184'000'000'000;

Verdict has_a_plausible_time(const Seen& seen, const Visit&) {
  if (!seen.document || !*seen.document) return not_applicable("the document cannot be read at all");
  const std::uint64_t ticks = (*seen.document)->report.event.eventtime.ticks;
  return ticks >= kYear2000 && ticks < kYear2100
             ? pass()
             : failed(fmt::format("eventtime {} is no FILETIME of this century", ticks));
}

Verdict names_the_schema_instance(const Seen& seen, const Visit&) {
  constexpr std::string_view kName = "xmlns:xsi";
  if (!seen.document || !*seen.document) return not_applicable("the document cannot be read at all");
  std::string wide;
  for (const char c : kName) wide += std::string_view(std::array{c, '\0'}.data(), 2);
  const std::string_view body = as_text(seen.message.body());
  return body.find(wide) != std::string_view::npos || body.find(kName) != std::string_view::npos
             ? pass()
             : failed("WERREPORT has no xmlns:xsi");
}

// FILE elements name files, not places.
Verdict has_base_names(const Seen& seen, const Visit&) {
  if (!seen.document || !*seen.document) return not_applicable("the document cannot be read at all");
  const auto& files = (*seen.document)->report.files;
  if (!files) return not_applicable("the report lists no files");
  for (const cer::ReportedFile& file : *files)
    if (base_name(file.filename) != file.filename)
      return failed(fmt::format("filename {}", printable(file.filename)));
  return pass();
}

Verdict goes_where_dump_file_says(const Seen& seen, const Visit& visit) {
  const auto& dump_file = visit.answer.dump_file;
  if (!dump_file) return failed("a PUT, but the answer named no DumpFile");
  return cer::normalize_upload_path(seen.message.target) == cer::normalize_upload_path(*dump_file)
             ? pass()
             : failed(fmt::format("PUT {}, but DumpFile={}", printable(seen.message.target),
                                  printable(*dump_file)));
}

Verdict came_once(const Seen& seen, const Visit& visit) {
  const auto same = std::ranges::count_if(visit.requests, [&seen](const Seen& other) {
    return other.is_upload() && other.message.target == seen.message.target;
  });
  return same == 1 ? pass() : failed(fmt::format("{} PUTs to one path", same));
}

// The codes of cer_server::check_cab() that the cab must not have.
Verdict cab_lacks(const Seen& seen, const Visit& visit, std::initializer_list<std::string_view> codes) {
  const Seen* report = visit.report();
  if (report == nullptr || !report->document || !*report->document)
    return not_applicable("there is no report to compare with");
  for (const Finding& finding :
       cer_server::check_cab(seen.message.body(), (*report->document)->report, visit.answer, cab::Limits{}))
    if (std::ranges::find(codes, finding.code) != codes.end()) return failed(finding.message);
  return pass();
}

Verdict has_safe_names(const Seen& seen, const Visit&) {
  const auto contents = cab::scan(seen.message.body());
  if (!contents) return not_applicable("the file is no cabinet that can be read");
  for (const cab::MemberInfo& member : contents->members)
    if (base_name(member.name) != member.name || member.name == "..")
      return failed(fmt::format("the cab holds {}", printable(member.name)));
  return pass();
}

// An announced file that is there must be in the cab under its name.
Verdict holds_what_was_announced(const Seen& seen, const Visit& visit) {
  if (!cab::scan(seen.message.body())) return not_applicable("the file is no cabinet that can be read");
  return cab_lacks(seen, visit, {"cab-file-missing"});
}

constexpr auto kCases = std::to_array<RequestCase>({
    {{"CER2-C-001", must, "RFC 9112 2",
      "every request can be read as HTTP: no folded fields, one Host, one length"},
     Kind::every,
     is_http},
    {{"CER2-C-002", must, "MS-CER2 2.1", "every request is HTTP/1.1"}, Kind::every, is_version_1_1},
    {{"CER2-C-003", must, "RFC 9110 7.2", "Host names the server and the port that the client was told"},
     Kind::every,
     names_our_host},
    {{"CER2-C-004", must, "RFC 9112 3.2.1",
      "every target begins with '/' and holds only what a URI may hold"},
     Kind::every,
     has_origin_form},
    {{"CER2-C-005", must, "MS-CER2 4", "there are two requests: POST /stage2.htm and the PUT"},
     Kind::every,
     is_one_of_two},
    {{"CER2-C-006", must, "RFC 9112 6.3", "a report tells its length"}, Kind::report, tells_its_length},
    {{"CER2-C-007", gap, "MS-CER2 2.1",
      "a report has a Content-Length, as those of Windows have: simple listeners know nothing else"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return has_field(seen, "Content-Length"); }},
    {{"CER2-C-008", should, "RFC 9110 10.1.5", "every request has a User-Agent"},
     Kind::every,
     [](const Seen& seen, const Visit&) { return has_field(seen, "User-Agent"); }},
    {{"CER2-C-009", must, "RFC 9110 10.1.1", "100-continue is expected with a body only"},
     Kind::every,
     expects_with_a_body},
    {{"CER2-C-010", gap, "MS-CER2 5.1", "no request has credentials that nobody asked for"},
     Kind::every,
     [](const Seen& seen, const Visit&) { return has_no_field(seen, "Authorization"); }},
    {{"CER2-C-011", gap, "MS-CER2 2.1", "no request is compressed: nothing was agreed"},
     Kind::every,
     [](const Seen& seen, const Visit&) { return has_no_field(seen, "Content-Encoding"); }},
    {{"CER2-C-012", must, "MS-CER2 2.2.1", "the document is UTF-16"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"utf8-document"}); }},
    {{"CER2-C-013", gap, "MS-CER2 2.2.1", "the document is little-endian with a byte order mark"},
     Kind::report,
     is_little_endian_with_mark},
    {{"CER2-C-014", should, "MS-CER2 4", "the document begins with an XML declaration, as the examples do"},
     Kind::report,
     [](const Seen& seen, const Visit&) {
       return document_lacks(seen, {"no-declaration", "late-declaration"});
     }},
    {{"CER2-C-015", must, "XML 1.0 4.3.3", "the declaration tells the encoding that the document has"},
     Kind::report,
     [](const Seen& seen, const Visit&) {
       return document_lacks(seen, {"encoding-mismatch", "xml-version"});
     }},
    {{"CER2-C-016", must, "XML 1.0 2.1", "the document is well-formed, and without a DTD"},
     Kind::report,
     is_readable},
    {{"CER2-C-017", must, "MS-CER2 2.2.1.3.1", "the root is WERREPORT"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"wrong-root"}); }},
    {{"CER2-C-018", must, "MS-CER2 2.2.1.3.1", "MACHINEINFO, USERINFO, EVENTINFO and SIGNATURE are there"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"missing-element"}); }},
    {{"CER2-C-019", must, "MS-CER2 2.2.1.3.1", "no element occurs twice that may occur once"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"repeated-element"}); }},
    {{"CER2-C-020", should, "MS-CER2 4", "elements stand in the order of the examples"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"element-order"}); }},
    {{"CER2-C-021", must, "MS-CER2 2.2.1.3", "every required attribute is there"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"missing-attribute"}); }},
    {{"CER2-C-022", gap, "MS-CER2 2.2.1.3", "there are no elements that the specification does not know"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"unknown-element"}); }},
    {{"CER2-C-023", gap, "MS-CER2 2.2.1.3", "there are no attributes that the specification does not know"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"unknown-attribute"}); }},
    {{"CER2-C-024", must, "MS-CER2 2.2.1.3.1", "there is no text between the elements"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"unexpected-text"}); }},
    {{"CER2-C-025", must, "MS-CER2 2.2.1.2.1", "paths have 256 characters at most, and no line breaks"},
     Kind::report,
     [](const Seen& seen, const Visit&) {
       return document_lacks(seen, {"path-too-long", "path-length", "line-break"});
     }},
    {{"CER2-C-026", must, "MS-CER2 2.2.1.2.2", "os is a row of numbers with dots"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"os-format"}); }},
    {{"CER2-C-027", must, "MS-CER2 2.2.1.2.3", "lcid is a locale identifier in decimal"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"lcid-format", "lcid-range"}); }},
    {{"CER2-C-028", must, "MS-CER2 2.2.1.2.4", "reporttype is one of 0 to 4"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"reporttype-value"}); }},
    {{"CER2-C-029", must, "MS-CER2 2.2.1.2.5", "filetype is a positive number"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"filetype-value"}); }},
    {{"CER2-C-030", gap, "MS-CER2 2.2.1.2.5",
      "filetype is one of 1 to 5, and none of later Windows versions"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"filetype-new"}); }},
    {{"CER2-C-031", must, "MS-CER2 2.2.1.2.6", "oem has 32 characters at most"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"oem-length"}); }},
    {{"CER2-C-032", must, "MS-CER2 2.2.1.2.7", "the id of a PARAMETER is one digit"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"parameter-id"}); }},
    {{"CER2-C-033", must, "MS-CER2 2.2.1.3.6", "there are ten PARAMETERs at most"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"too-many-parameters"}); }},
    {{"CER2-C-034", gap, "MS-CER2 2.2.1.3.6.1", "no id of a PARAMETER occurs twice"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"duplicate-parameter-id"}); }},
    {{"CER2-C-035", gap, "MS-CER2 2.2.1.3.6.1", "ids of PARAMETERs count from 0 without gaps"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"parameter-id-gap"}); }},
    {{"CER2-C-036", must, "MS-CER2 2.2.1.3.5", "eventtime is an unsigned number of 64 bits"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"eventtime-value"}); }},
    {{"CER2-C-037", gap, "MS-CER2 2.2.1.3.5", "eventtime is a FILETIME, as in the examples"},
     Kind::report,
     has_a_plausible_time},
    {{"CER2-C-038", should, "MS-CER2 4", "WERREPORT declares xmlns:xsi, as in the examples"},
     Kind::report,
     names_the_schema_instance},
    {{"CER2-C-039", should, "MS-CER2 2.2.1.3.7.1", "filename is the bare name of a file, as in the examples"},
     Kind::report,
     has_base_names},
    {{"CER2-C-040", gap, "MS-CER2 2.2.1.3",
      "names and values are not longer than Windows' interface lets them be"},
     Kind::report,
     [](const Seen& seen, const Visit&) { return document_lacks(seen, {"client-limit"}); }},
    {{"CER2-C-041", must, "MS-CER2 2.2.3", "the PUT goes to the path in DumpFile"},
     Kind::upload,
     goes_where_dump_file_says},
    {{"CER2-C-042", gap, "MS-CER2 2.2.3", "a path gets one PUT"}, Kind::upload, came_once},
    {{"CER2-C-043", must, "RFC 9112 6.3", "a PUT tells its length"}, Kind::upload, tells_its_length},
    {{"CER2-C-044", must, "MS-CER2 3.1.5", "the PUT has a body"},
     Kind::upload,
     [](const Seen& seen, const Visit&) {
       return seen.message.body().empty() ? failed("the body is empty") : pass();
     }},
    {{"CER2-C-045", gap, "MS-CER2 3.1.5", "the file is a cabinet, as Windows sends it, and can be unpacked"},
     Kind::upload,
     [](const Seen& seen, const Visit& visit) {
       return cab_lacks(seen, visit, {"cab-unreadable", "cab-empty"});
     }},
    {{"CER2-C-046", gap, "MS-CER2 2.2.1.3.7", "the cab holds the files that the report announced"},
     Kind::upload,
     holds_what_was_announced},
    {{"CER2-C-047", must, "MS-CER2 2.2.2", "no heap dump without MemoryDump=1, no document without fDoc=1"},
     Kind::upload,
     [](const Seen& seen, const Visit& visit) { return cab_lacks(seen, visit, {"cab-file-not-asked"}); }},
    {{"CER2-C-048", gap, "MS-CER2 5.1", "the cab holds nothing that was neither announced nor asked for"},
     Kind::upload,
     [](const Seen& seen, const Visit& visit) { return cab_lacks(seen, visit, {"cab-file-unexpected"}); }},
    {{"CER2-C-049", gap, "MS-CER2 5.1", "names in the cab lead into no other folder"},
     Kind::upload,
     has_safe_names},
});

}  // namespace

std::span<const RequestCase> request_cases() {
  return kCases;
}

}  // namespace wheatstone::conform
