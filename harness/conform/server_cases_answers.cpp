// The level-1 answer: its grammar, and what its keys promise.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/conform/server_cases.hpp"

namespace wheatstone::conform {
namespace {

using enum Level;

// Passed if the answer to a report has no finding with one of these codes of cer::read_answer().
Verdict answer_lacks(Peer& peer, std::initializer_list<std::string_view> codes) {
  const Received received = peer.ask(peer.post(peer.body()));
  if (!received.complete() || received.message.status != 200) return takes(received);
  for (const Finding& finding : cer::read_answer(received.message.body()).findings)
    if (std::ranges::find(codes, finding.code) != codes.end()) return failed(finding.message);
  return pass();
}

// The same for keys of which the reader says why it could not read them.
Verdict key_lacks(Peer& peer, std::string_view code, std::initializer_list<std::string_view> keys) {
  const Received received = peer.ask(peer.post(peer.body()));
  if (!received.complete() || received.message.status != 200) return takes(received);
  for (const Finding& finding : cer::read_answer(received.message.body()).findings)
    if (finding.code == code && std::ranges::find(keys, finding.path) != keys.end())
      return failed(fmt::format("{}: {}", finding.path, finding.message));
  return pass();
}

Verdict has_dump_file(Peer& peer) {
  const Peer::Answered answered = peer.answer();
  if (!answered.verdict.passed()) return answered.verdict;
  if (!answered.read.answer.i_data.value_or(false)) return not_applicable("the answer has no iData=1");
  return answered.read.answer.dump_file ? pass() : failed("iData=1 without DumpFile: nowhere to go");
}

Verdict has_no_dump_file(Peer& peer) {
  const Peer::Answered answered = peer.answer();
  if (!answered.verdict.passed()) return answered.verdict;
  if (answered.read.answer.i_data.value_or(false)) return not_applicable("the answer has iData=1");
  return answered.read.answer.dump_file ? failed("DumpFile without iData=1") : pass();
}

// A check of the DumpFile that the server issues for a report.
template <class Check>
Verdict on_dump_file(Peer& peer, const Check& check) {
  const Peer::Issued issued = peer.issue();
  return issued.verdict.passed() ? check(issued.dump_file) : issued.verdict;
}

Verdict dump_file_is_plain(std::string_view dump_file) {
  const auto target = cer::upload_target(dump_file);
  if (target && *target == dump_file) return pass();
  return failed(fmt::format("a client must rewrite \"{}\" before it can send it", dump_file));
}

Verdict a_path_for_each_report(Peer& peer) {
  return on_dump_file(peer, [&peer](const std::string& first) {
    return on_dump_file(peer, [&first](const std::string& second) {
      return first != second ? pass() : failed("two reports got the same DumpFile");
    });
  });
}

// Not a proof, but paths that only count differ in a character or two.
Verdict paths_are_hard_to_guess(Peer& peer) {
  constexpr std::size_t kLeast = 8;
  return on_dump_file(peer, [&peer](const std::string& first) {
    return on_dump_file(peer, [&first](const std::string& second) {
      std::size_t differing = std::max(first.size(), second.size()) - std::min(first.size(), second.size());
      for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i)
        if (first[i] != second[i]) ++differing;
      return differing >= kLeast ? pass()
                                 : failed(fmt::format("two paths differ in {} characters only", differing));
    });
  });
}

Verdict same_bucket_again(Peer& peer) {
  const std::string body = peer.body();
  const Peer::Answered first = peer.answer(body);
  if (!first.verdict.passed()) return first.verdict;
  if (!first.read.answer.bucket) return not_applicable("the answer has no Bucket");
  const Peer::Answered second = peer.answer(body);
  if (!second.verdict.passed()) return second.verdict;
  return first.read.answer.bucket == second.read.answer.bucket
             ? pass()
             : failed("the same report again got another bucket");
}

Verdict no_service_error(Peer& peer) {
  const Peer::Answered answered = peer.answer();
  if (!answered.verdict.passed()) return answered.verdict;
  const cer::Answer& answer = answered.read.answer;
  if (!answer.bucket || answer.bucket_table != 5u) return not_applicable("no Bucket with BucketTable=5");
  return *answer.bucket < 3 || *answer.bucket > 10
             ? pass()
             : failed(fmt::format("Bucket={} means a service error", *answer.bucket));
}

constexpr auto kCases = std::to_array<ServerCase>({
    {{"CER2-S-147", must, "MS-CER2 2.2.2", "the answer is a list of Key=Value lines"},
     [](Peer& peer) { return answer_lacks(peer, {"no-equals", "nul-in-value", "too-long"}); }},
    {{"CER2-S-148", must, "MS-CER2 2.2.2", "each key occurs once at most"},
     [](Peer& peer) { return answer_lacks(peer, {"duplicate-key"}); }},
    {{"CER2-S-149", must, "MS-CER2 2.2.2", "keys are written in their own case"},
     [](Peer& peer) { return answer_lacks(peer, {"key-case"}); }},
    {{"CER2-S-150", must, "MS-CER2 2.2.2", "lines end with CRLF"},
     [](Peer& peer) { return answer_lacks(peer, {"line-end"}); }},
    {{"CER2-S-151", gap, "MS-CER2 2.2.2", "the last line ends with CRLF too"},
     [](Peer& peer) { return answer_lacks(peer, {"no-final-crlf"}); }},
    {{"CER2-S-152", gap, "MS-CER2 2.2.2", "there are no blanks around '='"},
     [](Peer& peer) { return answer_lacks(peer, {"blank"}); }},
    {{"CER2-S-153", gap, "MS-CER2 2.2.2", "there are no keys beyond those of the specification"},
     [](Peer& peer) { return answer_lacks(peer, {"unknown-key"}); }},
    {{"CER2-S-154", must, "MS-CER2 2.2.2", "Bucket is a positive decimal number"},
     [](Peer& peer) { return key_lacks(peer, "bad-number", {"Bucket"}); }},
    {{"CER2-S-155", must, "MS-CER2 2.2.2", "BucketTable is a positive decimal number"},
     [](Peer& peer) { return key_lacks(peer, "bad-number", {"BucketTable"}); }},
    {{"CER2-S-156", must, "MS-CER2 2.2.2", "iData, MemoryDump and fDoc are 0 or 1"},
     [](Peer& peer) { return key_lacks(peer, "bad-bool", {"iData", "MemoryDump", "fDoc"}); }},
    {{"CER2-S-157", must, "MS-CER2 2.2.2", "Response is empty, 1 or a URI"},
     [](Peer& peer) { return answer_lacks(peer, {"response-value"}); }},
    {{"CER2-S-158", gap, "MS-CER2 3.2.5", "the URI of Response is one of http or https"},
     [](Peer& peer) { return answer_lacks(peer, {"response-scheme"}); }},
    {{"CER2-S-159", must, "MS-CER2 2.2.2", "the answer is ANSI text, neither UTF-8 nor marked"},
     [](Peer& peer) { return answer_lacks(peer, {"utf8-text", "undefined-byte", "byte-order-mark"}); }},
    {{"CER2-S-160", gap, "MS-CER2 2.2.2", "lists have no empty items"},
     [](Peer& peer) { return answer_lacks(peer, {"empty-item"}); }},
    {{"CER2-S-161", gap, "MS-CER2 2.2.3", "iData=1 comes with a DumpFile"}, has_dump_file},
    {{"CER2-S-162", gap, "MS-CER2 3.1.5", "a DumpFile comes with iData=1 only"}, has_no_dump_file},
    {{"CER2-S-163", gap, "MS-CER2 2.2.3", "DumpFile is a path on the server, without a host or '..'"},
     [](Peer& peer) { return answer_lacks(peer, {"dump-file-value"}); }},
    {{"CER2-S-164", gap, "MS-CER2 2.2.3",
      "DumpFile can be sent as it is: forward slashes, nothing to encode"},
     [](Peer& peer) { return on_dump_file(peer, dump_file_is_plain); }},
    {{"CER2-S-165", gap, "MS-CER2 3.2.1", "each report gets a path of its own"}, a_path_for_each_report},
    {{"CER2-S-166", gap, "MS-CER2 5.1", "paths cannot be guessed from other paths"}, paths_are_hard_to_guess},
    {{"CER2-S-167", gap, "MS-CER2 2.2.2", "the same report again gets the same bucket"}, same_bucket_again},
    {{"CER2-S-168", gap, "MS-CER2 2.2.2", "buckets 3 to 10 of table 5 are left to service errors"},
     no_service_error},
});

}  // namespace

std::span<const ServerCase> answer_cases() {
  return kCases;
}

}  // namespace wheatstone::conform
