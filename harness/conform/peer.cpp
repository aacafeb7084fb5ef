#include "harness/conform/peer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "formats/cab/cabinet.hpp"

namespace wheatstone::conform {
namespace {

constexpr FileTime kCabTime{128'496'925'190'000'000};  // the hour of the examples

}  // namespace

std::string chunked(std::initializer_list<std::string_view> pieces) {
  std::string out;
  for (const std::string_view piece : pieces) out += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
  return out + "0\r\n\r\n";
}

std::string Peer::head(std::string_view line, std::string_view fields) const {
  return fmt::format("{}\r\nHost: {}\r\n{}\r\n", line, authority(), fields);
}

std::string Peer::request(std::string_view line, std::string_view body, std::string_view fields) const {
  return head(line, fmt::format("{}Content-Length: {}\r\n", fields, body.size())) + std::string(body);
}

std::string Peer::put(std::string_view target, std::string_view body, std::string_view fields) const {
  return request(fmt::format("PUT {} HTTP/1.1", target), body, fields);
}

std::optional<Connection> Peer::connect() const {
  auto connection = open();
  if (!connection) return std::nullopt;
  return std::move(*connection);
}

Received Peer::ask(std::string_view bytes) const {
  auto connection = open();
  if (!connection) return {.end = Received::End::closed, .problem = connection.error().message};
  // A server may refuse a request before it has read all of it: the answer counts.
  (void)connection->send(bytes);
  return connection->response();
}

Received Peer::ask_slowly(std::string_view bytes) const {
  auto connection = open();
  if (!connection) return {.end = Received::End::closed, .problem = connection.error().message};
  for (std::size_t i = 0; i < bytes.size() && connection->send(bytes.substr(i, 1)); ++i) {
  }
  return connection->response();
}

std::pair<Received, Connection::Rest> Peer::ask_and_wait(std::string_view bytes) const {
  auto connection = open();
  if (!connection) return {{.end = Received::End::closed, .problem = connection.error().message}, {}};
  (void)connection->send(bytes);
  Received received = connection->response();
  return {std::move(received), connection->rest()};
}

Peer::Answered Peer::answer(std::string_view body) const {
  const Received received = ask(post(body));
  if (Verdict verdict = takes(received); !verdict.passed()) return {{}, std::move(verdict)};
  return {cer::read_answer(received.message.body()), pass()};
}

Peer::Issued Peer::issue() {
  Answered answered = answer();
  if (!answered.verdict.passed()) return {{}, std::move(answered.verdict)};
  if (!answered.read.answer.i_data.value_or(false))
    return {{}, not_applicable("the answer does not ask for a cab (no iData=1)")};
  if (!answered.read.answer.dump_file)
    return {{}, not_applicable("the answer says iData=1 but names no DumpFile")};
  return {*answered.read.answer.dump_file, pass()};
}

Verdict Peer::still_works() {
  Verdict verdict = takes(ask(post(body())));
  if (!verdict.passed()) verdict.reason = "a good report after it fails: " + verdict.reason;
  return verdict;
}

std::string what_came(const Received& received) {
  if (received.complete()) return fmt::format("status {}", received.message.status);
  return received.problem;
}

Verdict takes(const Received& received) {
  return has_status(received, {200});
}

Verdict takes_cab(const Received& received) {
  if (received.complete() && received.message.status / 100 == 2) return pass();
  return failed(fmt::format("{} instead of 200 for the cab", what_came(received)));
}

Verdict refuses(const Received& received) {
  const unsigned status = received.message.status;
  if (received.complete() && (status / 100 == 4 || status == 501 || status == 505)) return pass();
  return failed(fmt::format("{} instead of a refusal", what_came(received)));
}

Verdict has_status(const Received& received, std::initializer_list<unsigned> statuses) {
  if (received.complete() && std::ranges::find(statuses, received.message.status) != statuses.end())
    return pass();
  return failed(fmt::format("{} instead of {}", what_came(received), fmt::join(statuses, " or ")));
}

std::string small_cab() {
  const auto cab = cab::write({{"Version.txt", {'6', '.', '1'}}}, kCabTime);
  return cab ? std::string(as_text(*cab)) : std::string();
}

}  // namespace wheatstone::conform
