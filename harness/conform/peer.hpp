// The server under test as the cases see it: requests to it, and what they want to hear.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "formats/cer/answer.hpp"
#include "harness/conform/documents.hpp"
#include "harness/conform/raw_http.hpp"
#include "harness/conform/suite.hpp"

namespace wheatstone::conform {

// The chunked form of `pieces`, one chunk each, with the last chunk.
std::string chunked(std::initializer_list<std::string_view> pieces);

class Peer {
 public:
  // `time`: for each answer and each connection.
  Peer(Endpoint server, std::optional<Security> security, Milliseconds time, std::string event_type)
      : server_(std::move(server)),
        security_(std::move(security)),
        time_(time),
        event_type_(std::move(event_type)) {}

  Milliseconds time() const noexcept { return time_; }
  std::string authority() const { return server_.authority(); }
  // "http://127.0.0.1:1273"
  std::string url() const { return std::string(server_.scheme()) + "://" + authority(); }

  // A report that is another event than all before it.
  Document document() { return crash_document(event_type_, ++documents_); }
  std::string body() { return utf16(document().text()); }

  // A whole request; `fields` are whole lines with CRLF. Content-Length is added.
  std::string request(std::string_view line, std::string_view body, std::string_view fields = {}) const;
  std::string post(std::string_view body, std::string_view fields = {}) const {
    return request("POST /stage2.htm HTTP/1.1", body, fields);
  }
  std::string put(std::string_view target, std::string_view body, std::string_view fields = {}) const;
  // The same without Content-Length and without a body: what comes after the head is the caller's.
  std::string head(std::string_view line, std::string_view fields = {}) const;

  // nullopt: there is no connection in time.
  std::optional<Connection> connect() const;
  // Sends `bytes` on a connection of their own and reads one response.
  Received ask(std::string_view bytes) const;
  // The same, one byte at a time.
  Received ask_slowly(std::string_view bytes) const;
  // As ask(), and then: did the server close the connection, and what else did it send?
  std::pair<Received, Connection::Rest> ask_and_wait(std::string_view bytes) const;

  // The answer to a report of its own, or why there is none.
  struct Answered {
    cer::ReadAnswer read;
    Verdict verdict;
  };
  Answered answer(std::string_view body) const;
  Answered answer() { return answer(body()); }

  // A path that the server has just issued, as DumpFile spells it. Empty, with a verdict, if it wants no cab.
  struct Issued {
    std::string dump_file;
    Verdict verdict;
  };
  Issued issue();

  // Passed if a new report on a new connection is answered as it should be.
  Verdict still_works();

 private:
  Result<Connection> open() const { return Connection::open(server_, time_, security_); }

  Endpoint server_;
  std::optional<Security> security_;
  Milliseconds time_;
  std::string event_type_;
  std::uint64_t documents_ = 0;
};

// "status 404", or what came in the place of an answer.
std::string what_came(const Received& received);

// The report was taken: 200. What the answer is worth is asked in cases of its own.
Verdict takes(const Received& received);
// The cab was taken: any 2xx.
Verdict takes_cab(const Received& received);
// The request was refused with a 4xx or 501 or 505, which must be complete.
Verdict refuses(const Received& received);
// The status is one of `statuses`.
Verdict has_status(const Received& received, std::initializer_list<unsigned> statuses);

// A cabinet with one file, Version.txt.
std::string small_cab();

}  // namespace wheatstone::conform
