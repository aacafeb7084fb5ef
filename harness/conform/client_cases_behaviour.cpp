// What a client does with an answer: one visit for each.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/cab/cabinet.hpp"
#include "harness/conform/client_cases.hpp"
#include "mocks/text.hpp"

namespace wheatstone::conform {
namespace {

using enum Level;

constexpr std::string_view kBucket = "Bucket=500\r\nBucketTable=5\r\n";
constexpr std::string_view kAsksForCab = "Bucket=500\r\nBucketTable=5\r\niData=1\r\n";
constexpr std::string_view kDumpFile = "DumpFile=/put/conform.cab\r\n";
constexpr std::size_t kHuge = 8u << 20;

// A response with a length.
std::string response(std::string_view status, std::string_view body = {}, std::string_view fields = {}) {
  return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, fields, body.size(), body);
}

// 200 with this body, and 200 for the cab.
Script says(std::string_view body) {
  return Script{response("200 OK", body, "Content-Type: text/plain\r\n"), response("200 OK")};
}
// An answer that asks for a cab, and says more.
Script asks(std::string_view more) {
  return says(fmt::format("{}{}{}", kAsksForCab, more, kDumpFile));
}
// The same with this path.
Script asks_at(std::string_view dump_file) {
  return says(fmt::format("{}DumpFile={}\r\n", kAsksForCab, dump_file));
}
// The level-1 answer that asks for a cab as the body of another response.
std::string asking_body() {
  return fmt::format("{}{}", kAsksForCab, kDumpFile);
}
// A level-1 response with this status, which no client may take for success.
Script refuses_report(std::string_view status, std::string_view fields = {}) {
  return Script{response(status, asking_body(), fields), response("200 OK")};
}
// An answer that asks for a cab, and this for the PUT.
Script refuses_cab(std::string_view upload_answer) {
  return {says(asking_body()).answer, std::string(upload_answer)};
}

Verdict uploads(const Visit& visit) {
  if (visit.upload() != nullptr) return pass();
  if (visit.ever_uploaded && !*visit.ever_uploaded)
    return not_applicable("the client sends no cab in CER2-C-050 either");
  return failed("no PUT came");
}

Verdict uploads_nothing(const Visit& visit) {
  const Seen* upload = visit.upload();
  if (upload == nullptr) return pass();
  return failed(fmt::format("a PUT to {} came", printable(upload->message.target)));
}

// The command ended with another code than 0. Who came by himself tells nobody.
Verdict reports_failure(const Visit& visit) {
  if (!visit.has_command) return not_applicable("only a client that is started with --run has an exit code");
  if (!visit.exit_code) return failed("the client did not end in time");
  return *visit.exit_code != 0 ? pass() : failed("the client ended with exit code 0, as if all were well");
}

Verdict reports_success(const Visit& visit) {
  if (!visit.has_command) return not_applicable("only a client that is started with --run has an exit code");
  if (!visit.exit_code) return failed("the client did not end in time");
  return *visit.exit_code == 0 ? pass()
                               : failed(fmt::format("the client ended with exit code {}", *visit.exit_code));
}

Verdict gives_up(const Visit& visit) {
  if (Verdict verdict = uploads_nothing(visit); !verdict.passed()) return verdict;
  const Verdict verdict = reports_failure(visit);
  return verdict.outcome == Outcome::failed ? verdict : pass();
}

// Ends with a code of its own, whichever: it neither hangs nor is killed by a signal.
Verdict ends(const Visit& visit) {
  if (!visit.has_command) return pass();
  if (!visit.exit_code) return failed("the client did not end in time");
  return *visit.exit_code < 128 ? pass()
                                : failed(fmt::format("the client ended with exit code {}", *visit.exit_code));
}

Verdict stays_here(const Visit& visit) {
  return visit.went_elsewhere ? failed("the client connected to the other host") : pass();
}

Verdict stays_here_and_uploads_nothing(const Visit& visit) {
  if (Verdict verdict = stays_here(visit); !verdict.passed()) return verdict;
  return uploads_nothing(visit);
}

Verdict stays_here_and_uploads(const Visit& visit) {
  if (Verdict verdict = stays_here(visit); !verdict.passed()) return verdict;
  return uploads(visit);
}

// A PUT to the target that DumpFile means, and to no other.
Verdict uploads_to(const Visit& visit, std::string_view target) {
  if (Verdict verdict = uploads(visit); !verdict.passed()) return verdict;
  const std::string& came = visit.upload()->message.target;
  return came == target ? pass() : failed(fmt::format("PUT {} instead of {}", printable(came), target));
}

// Any legal spelling of that path.
Verdict uploads_to_same(const Visit& visit, std::string_view target) {
  if (Verdict verdict = uploads(visit); !verdict.passed()) return verdict;
  const std::string& came = visit.upload()->message.target;
  return cer::normalize_upload_path(came) == cer::normalize_upload_path(target)
             ? pass()
             : failed(fmt::format("PUT {} instead of {}", printable(came), target));
}

Verdict target_is_ascii(const Visit& visit) {
  if (Verdict verdict = uploads(visit); !verdict.passed()) return verdict;
  const std::string& came = visit.upload()->message.target;
  return std::ranges::all_of(came, [](char c) { return c > ' ' && c < 0x7f; })
             ? pass()
             : failed(fmt::format("PUT {}", printable(came)));
}

// The cab has no member of that name.
Verdict keeps_back(const Visit& visit, std::string_view name) {
  const Seen* upload = visit.upload();
  if (upload == nullptr) return pass();
  const auto contents = cab::scan(upload->message.body());
  if (!contents) return not_applicable("the file is no cabinet that can be read");
  const bool held = std::ranges::any_of(contents->members, [name](const cab::MemberInfo& member) {
    return same_ignoring_case(base_name(member.name), name);
  });
  return held ? failed(fmt::format("the cab holds {}", name)) : pass();
}

Verdict comes_not_again_and_again(const Visit& visit) {
  if (!visit.has_command) return not_applicable("who comes by himself may be another client");
  const auto reports = std::ranges::count_if(visit.requests, &Seen::is_report);
  return reports <= 2 ? pass() : failed(fmt::format("{} reports within one run", reports));
}

Verdict shows_no_credentials(const Visit& visit) {
  for (const Seen& seen : visit.requests)
    if (seen.message.field("Authorization")) return failed("credentials were sent to a server without TLS");
  return uploads_nothing(visit);
}

Verdict injects_nothing(const Visit& visit) {
  for (const Seen& seen : visit.requests)
    if (seen.message.field("X-Injected") || seen.message.method == "DELETE")
      return failed("a line of DumpFile became a line of the request");
  return pass();
}

std::string many_lines(std::size_t size) {
  std::string body(kBucket);
  while (body.size() < size) body += "UnknownKey=" + std::string(1000, 'x') + "\r\n";
  return body;
}

std::string chunked_response(std::string_view body) {
  return fmt::format("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n{:x}\r\n{}\r\n", 10,
                     body.substr(0, 10), body.size() - 10, body.substr(10));
}

constexpr auto kAnswers = std::to_array<BehaviourCase>({
    {{"CER2-C-050", must, "MS-CER2 3.1.5", "iData=1 with a DumpFile is followed by the PUT"},
     [](const Place&) { return asks(""); },
     uploads},
    {{"CER2-C-051", must, "MS-CER2 3.1.5", "iData=0 ends after level 1, DumpFile or not"},
     [](const Place&) { return says(fmt::format("{}iData=0\r\n{}", kBucket, kDumpFile)); },
     uploads_nothing},
    {{"CER2-C-052", must, "MS-CER2 4.2", "without iData the report ends after level 1"},
     [](const Place&) { return says(fmt::format("{}{}", kBucket, kDumpFile)); },
     uploads_nothing},
    {{"CER2-C-053", gap, "MS-CER2 2.2.3", "iData=1 without DumpFile is followed by nothing"},
     [](const Place&) { return says(kAsksForCab); },
     uploads_nothing},
    {{"CER2-C-054", gap, "MS-CER2 2.2.2", "iData that is neither 0 nor 1 is not taken for 1"},
     [](const Place&) { return says(fmt::format("{}iData=yes\r\n{}", kBucket, kDumpFile)); },
     uploads_nothing},
    {{"CER2-C-055", must, "MS-CER2 2.2.2", "an empty answer is legal: all keys are optional"},
     [](const Place&) { return says(""); },
     [](const Visit& visit) {
       if (Verdict verdict = uploads_nothing(visit); !verdict.passed()) return verdict;
       const Verdict verdict = reports_success(visit);
       return verdict.outcome == Outcome::failed ? verdict : pass();
     }},
    {{"CER2-C-056", must, "MS-CER2 2.2.2", "keys come in any order"},
     [](const Place&) {
       return says(fmt::format("{}iData=1\r\nBucketTable=5\r\nBucket=500\r\n", kDumpFile));
     },
     uploads},
    {{"CER2-C-057", gap, "MS-CER2 2.2.2", "keys that the specification does not know are ignored"},
     [](const Place&) { return asks("ModuleInfo=1\r\nTracking=1\r\nX-Key=a=b=c\r\n"); },
     uploads},
    {{"CER2-C-058", should, "MS-CER2 4.1", "blanks around '=' are read over, as the examples print them"},
     [](const Place&) {
       return says(
           "Bucket = 500\r\nBucketTable = 5\r\nResponse =\r\niData=1\r\nDumpFile = /put/conform.cab\r\n");
     },
     [](const Visit& visit) { return uploads_to_same(visit, "/put/conform.cab"); }},
    {{"CER2-C-059", gap, "MS-CER2 2.2.2", "lines that end with LF are read"},
     [](const Place&) { return says("Bucket=500\niData=1\nDumpFile=/put/conform.cab\n"); },
     [](const Visit& visit) { return uploads_to_same(visit, "/put/conform.cab"); }},
    {{"CER2-C-060", gap, "MS-CER2 2.2.2", "a last line without an end is read"},
     [](const Place&) { return says("Bucket=500\r\niData=1\r\nDumpFile=/put/conform.cab"); },
     [](const Visit& visit) { return uploads_to_same(visit, "/put/conform.cab"); }},
    {{"CER2-C-061", gap, "MS-CER2 2.2.2", "of two lines with one key the first counts"},
     [](const Place&) { return asks_at("/put/conform.cab\r\nDumpFile=/put/second.cab"); },
     [](const Visit& visit) { return uploads_to_same(visit, "/put/conform.cab"); }},
    {{"CER2-C-062", gap, "MS-CER2 2.2.2", "a line without '=' is no reason to stop"},
     [](const Place&) { return asks("this is no line\r\n"); },
     uploads},
    {{"CER2-C-063", gap, "MS-CER2 2.2.2", "garbage in place of an answer is followed by nothing"},
     [](const Place&) { return says(std::string_view("\x00\xff\x01iData\x00\x7f\r\r\n\n=\r\n=1\r\n", 21)); },
     [](const Visit& visit) {
       const Verdict verdict = uploads_nothing(visit);
       return verdict.passed() ? ends(visit) : verdict;
     }},
    {{"CER2-C-064", gap, "MS-CER2 2.2.2", "an answer of 8 MiB is read or given up, and the client ends"},
     [](const Place&) { return says(many_lines(kHuge)); },
     ends},
    {{"CER2-C-065", gap, "MS-CER2 2.1", "the Content-Type of the answer is not looked at"},
     [](const Place&) {
       return Script{response("200 OK", asking_body(), "Content-Type: text/html; charset=utf-8\r\n"),
                     response("200 OK")};
     },
     uploads},
});

constexpr auto kPaths = std::to_array<BehaviourCase>({
    {{"CER2-C-066", must, "MS-CER2 4.1", "back-slashes in DumpFile are the separators of the path"},
     [](const Place&) { return asks_at("\\PersistedCabs\\Blue\\c2428d43.cab"); },
     [](const Visit& visit) { return uploads_to_same(visit, "/PersistedCabs/Blue/c2428d43.cab"); }},
    {{"CER2-C-067", gap, "RFC 9112 3.2.1", "back-slashes are not sent as they are"},
     [](const Place&) { return asks_at("\\PersistedCabs\\Blue\\c2428d43.cab"); },
     [](const Visit& visit) {
       if (Verdict verdict = uploads(visit); !verdict.passed()) return verdict;
       return visit.upload()->message.target.find('\\') == std::string::npos
                  ? pass()
                  : failed("the target holds a back-slash");
     }},
    {{"CER2-C-068", gap, "MS-CER2 2.2.3", "a path without its first slash gets one"},
     [](const Place&) { return asks_at("put/conform.cab"); },
     [](const Visit& visit) { return uploads_to(visit, "/put/conform.cab"); }},
    {{"CER2-C-069", gap, "RFC 3986 2.1", "a blank in DumpFile is sent as %20"},
     [](const Place&) { return asks_at("/put/con form.cab"); },
     [](const Visit& visit) { return uploads_to(visit, "/put/con%20form.cab"); }},
    {{"CER2-C-070", gap, "RFC 3986 2.4", "what DumpFile has encoded is not encoded again"},
     [](const Place&) { return asks_at("/put/con%20form.cab"); },
     [](const Visit& visit) { return uploads_to(visit, "/put/con%20form.cab"); }},
    {{"CER2-C-071", gap, "RFC 3986 2.1", "a percent sign that encodes nothing is encoded"},
     [](const Place&) { return asks_at("/put/50%.cab"); },
     [](const Visit& visit) { return uploads_to(visit, "/put/50%25.cab"); }},
    {{"CER2-C-072", gap, "RFC 3986 2.1", "characters beyond ASCII are percent-encoded"},
     [](const Place&) { return asks_at("/put/\xe4\xf6\xfc.cab"); },
     target_is_ascii},
    {{"CER2-C-073", gap, "RFC 3986 3.4", "'?' and '#' in DumpFile are part of the path"},
     [](const Place&) { return asks_at("/put/a?b#c.cab"); },
     [](const Visit& visit) { return uploads_to(visit, "/put/a%3Fb%23c.cab"); }},
    {{"CER2-C-074", must, "MS-CER2 4.4", "a DumpFile need not end with .cab"},
     [](const Place&) { return asks_at("\\PersistedCabs\\Generic\\MikeTest\\1000\\41ed848b"); },
     [](const Visit& visit) {
       return uploads_to_same(visit, "/PersistedCabs/Generic/MikeTest/1000/41ed848b");
     }},
    {{"CER2-C-075", gap, "MS-CER2 5.1", "a DumpFile with '..' is refused"},
     [](const Place&) { return asks_at("\\put\\..\\..\\outside.cab"); },
     uploads_nothing},
    {{"CER2-C-076", gap, "MS-CER2 5.1", "a DumpFile with an encoded '..' is refused"},
     [](const Place&) { return asks_at("/put/%2e%2e/%2E%2E/outside.cab"); },
     uploads_nothing},
    {{"CER2-C-077", gap, "MS-CER2 5.1", "a DumpFile that is a URL of another host is not followed"},
     [](const Place& place) { return asks_at(place.decoy_url() + "/put/conform.cab"); },
     stays_here_and_uploads_nothing},
    {{"CER2-C-078", gap, "MS-CER2 5.1", "a DumpFile that begins with // names no other host"},
     [](const Place& place) { return asks_at("//" + place.decoy_authority() + "/put/conform.cab"); },
     stays_here},
    {{"CER2-C-079", gap, "MS-CER2 5.1", "a DumpFile on a share is not followed"},
     [](const Place& place) { return asks_at("\\\\" + place.decoy_authority() + "\\put\\conform.cab"); },
     stays_here},
    {{"CER2-C-080", gap, "MS-CER2 5.1", "a DumpFile with a drive is refused"},
     [](const Place&) { return asks_at("C:\\put\\conform.cab"); },
     uploads_nothing},
    {{"CER2-C-081", gap, "MS-CER2 5.1", "encoded line breaks in DumpFile become no lines of the request"},
     [](const Place&) { return asks_at("/put/x%0d%0aX-Injected:%201%0d%0a%0d%0aDELETE%20/"); },
     injects_nothing},
});

constexpr auto kCollection = std::to_array<BehaviourCase>({
    {{"CER2-C-082", must, "MS-CER2 3.1.3", "everything goes to the configured server: DumpServer is ignored"},
     [](const Place& place) { return asks("DumpServer=" + place.decoy_authority() + "\r\n"); },
     stays_here_and_uploads},
    {{"CER2-C-083", gap, "MS-CER2 5.1", "the URI of Response is not opened without asking"},
     [](const Place& place) { return asks("Response=" + place.decoy_url() + "/help\r\n"); },
     stays_here_and_uploads},
    {{"CER2-C-084", gap, "MS-CER2 5.1", "a Response of javascript: or file: is no reason to stop"},
     [](const Place&) { return asks("Response=javascript:alert(1)\r\n"); },
     uploads},
    {{"CER2-C-085", gap, "MS-CER2 5.1", "GetFile gives away no file that nobody allowed"},
     [](const Place&) { return asks("GetFile=/etc/passwd;%SystemRoot%\\System32\\config\\SAM\r\n"); },
     [](const Visit& visit) {
       const Verdict verdict = keeps_back(visit, "passwd");
       return verdict.passed() ? keeps_back(visit, "SAM") : verdict;
     }},
    {{"CER2-C-086", must, "MS-CER2 3.1.5", "a file of GetFile that is not there stops nothing"},
     [](const Place&) {
       return asks("GetFile=C:\\no\\such\\file.txt\r\nGetFileVersion=C:\\no\\such\\file.dll\r\n");
     },
     uploads},
    {{"CER2-C-087", must, "MS-CER2 3.1.5", "a query of WQL that fails stops nothing"},
     [](const Place&) { return asks("WQL=SELECT Nothing FROM Win32_NoSuchClass\r\n"); },
     uploads},
    {{"CER2-C-088", must, "MS-CER2 3.1.5", "a key of RegKey or RegTree that is not there stops nothing"},
     [](const Place&) {
       return asks("RegKey=HKLM\\Software\\NoSuchKey\r\nRegTree=HKLM\\Software\\NoSuchTree\r\n");
     },
     uploads},
    {{"CER2-C-089", gap, "MS-CER2 2.2.2", "empty items of lists are dropped"},
     [](const Place&) { return asks("WQL=;;SELECT Family FROM Win32_Processor;\r\n"); },
     uploads},
});

constexpr auto kFailures = std::to_array<BehaviourCase>({
    {{"CER2-C-090", gap, "MS-CER2 3.1.5", "status 500 is no success, and nothing is uploaded"},
     [](const Place&) { return refuses_report("500 Internal Server Error"); },
     gives_up},
    {{"CER2-C-091", gap, "RFC 9110 15.5.5", "status 404 is no success, and nothing is uploaded"},
     [](const Place&) { return refuses_report("404 Not Found"); },
     gives_up},
    {{"CER2-C-092", gap, "RFC 9110 10.2.3",
      "status 503 with Retry-After is no reason to come at once, again and again"},
     [](const Place&) { return refuses_report("503 Service Unavailable", "Retry-After: 60\r\n"); },
     comes_not_again_and_again},
    {{"CER2-C-093", gap, "MS-CER2 6", "a challenge without TLS is not answered with credentials"},
     [](const Place&) {
       return refuses_report("401 Unauthorized",
                             "WWW-Authenticate: Basic realm=\"x\"\r\nWWW-Authenticate: NTLM\r\n");
     },
     shows_no_credentials},
    {{"CER2-C-094", gap, "MS-CER2 5.1", "a report is not redirected to another host"},
     [](const Place& place) {
       return refuses_report("307 Temporary Redirect", "Location: " + place.decoy_url() + "/stage2.htm\r\n");
     },
     stays_here_and_uploads_nothing},
    {{"CER2-C-095", gap, "MS-CER2 5.1", "a cab is not redirected to another host"},
     [](const Place& place) {
       return refuses_cab(
           response("307 Temporary Redirect", "", "Location: " + place.decoy_url() + "/put\r\n"));
     },
     stays_here},
    {{"CER2-C-096", gap, "RFC 9112 9.5", "a connection that ends without an answer is no success"},
     [](const Place&) { return Script{.answer = "", .upload_answer = "", .closes = true}; },
     gives_up},
    {{"CER2-C-097", must, "RFC 9112 8", "an answer that is shorter than its length is no answer"},
     [](const Place&) {
       return Script{
           .answer = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}", asking_body()),
           .upload_answer = response("200 OK"),
           .closes = true};
     },
     gives_up},
    {{"CER2-C-098", must, "RFC 9112 8", "a chunked answer without its last chunk is no answer"},
     [](const Place&) {
       return Script{
           .answer = chunked_response(asking_body()), .upload_answer = response("200 OK"), .closes = true};
     },
     gives_up},
    {{"CER2-C-099", must, "RFC 9112 7.1", "a chunked answer is read"},
     [](const Place&) { return Script{chunked_response(asking_body()) + "0\r\n\r\n", response("200 OK")}; },
     uploads},
    {{"CER2-C-100", must, "RFC 9112 6.3", "an answer that ends with its connection is read"},
     [](const Place&) {
       return Script{.answer = "HTTP/1.1 200 OK\r\n\r\n" + asking_body(),
                     .upload_answer = response("200 OK"),
                     .closes = true};
     },
     uploads},
    {{"CER2-C-101", must, "RFC 9110 15.2", "1xx in front of the answer is read over"},
     [](const Place&) {
       return Script{"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + response("200 OK", asking_body()),
                     response("200 OK")};
     },
     uploads},
    {{"CER2-C-102", must, "RFC 9110 5.1", "names of fields in the answer have no case"},
     [](const Place&) {
       return Script{
           fmt::format("HTTP/1.1 200 OK\r\ncontent-length:{}\r\n\r\n{}", asking_body().size(), asking_body()),
           response("200 OK")};
     },
     uploads},
    {{"CER2-C-103", must, "RFC 9112 4", "a status without a phrase is understood"},
     [](const Place&) { return Script{response("200 ", asking_body()), response("200 ")}; },
     uploads},
    {{"CER2-C-104", must, "RFC 9112 9.6", "after Connection: close the cab goes over a new connection"},
     [](const Place&) {
       return Script{.answer = response("200 OK", asking_body(), "Connection: close\r\n"),
                     .upload_answer = response("200 OK", "", "Connection: close\r\n"),
                     .closes = true};
     },
     uploads},
    {{"CER2-C-105", gap, "RFC 9110 9.3.4", "201 for the cab is a success: file servers say so"},
     [](const Place&) { return refuses_cab(response("201 Created")); },
     [](const Visit& visit) {
       const Verdict verdict = uploads(visit);
       return verdict.passed() ? reports_success(visit) : verdict;
     }},
    {{"CER2-C-106", gap, "RFC 9110 9.3.4", "204 for the cab is a success, and has no body"},
     [](const Place&) { return refuses_cab("HTTP/1.1 204 No Content\r\n\r\n"); },
     [](const Visit& visit) {
       const Verdict verdict = uploads(visit);
       return verdict.passed() ? reports_success(visit) : verdict;
     }},
    {{"CER2-C-107", gap, "MS-CER2 4.1", "500 for the cab is not told as uploaded"},
     [](const Place&) { return refuses_cab(response("500 Internal Server Error")); },
     [](const Visit& visit) {
       const Verdict verdict = uploads(visit);
       return verdict.passed() ? reports_failure(visit) : verdict;
     }},
    {{"CER2-C-108", gap, "RFC 9110 15.5.14", "413 for the cab is not told as uploaded"},
     [](const Place&) { return refuses_cab(response("413 Content Too Large", "", "Connection: close\r\n")); },
     [](const Visit& visit) {
       const Verdict verdict = uploads(visit);
       return verdict.passed() ? reports_failure(visit) : verdict;
     }},
    {{"CER2-C-109", gap, "RFC 9112 9.5", "a connection that ends during the PUT is not told as uploaded"},
     [](const Place&) {
       return Script{.answer = response("200 OK", asking_body(), "Connection: close\r\n"),
                     .upload_answer = "",
                     .closes = true};
     },
     [](const Visit& visit) {
       const Verdict verdict = uploads(visit);
       return verdict.passed() ? reports_failure(visit) : verdict;
     }},
});

}  // namespace

std::span<const BehaviourCase> answer_reading_cases() {
  return kAnswers;
}
std::span<const BehaviourCase> upload_path_cases() {
  return kPaths;
}
std::span<const BehaviourCase> collection_cases() {
  return kCollection;
}
std::span<const BehaviourCase> failure_cases() {
  return kFailures;
}

}  // namespace wheatstone::conform
