// HTTP/1.1 messages read from bytes, without a socket. Used by the CER server and the WER client.
// Source: RFC 9110, RFC 9112. The syntax is Boost.Beast's; what Beast lets through although HTTP/1.1 forbids
// it is refused here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/time.hpp"

namespace wheatstone::http {

struct Field {
  std::string name;   // as sent
  std::string value;  // without surrounding white space
};

struct Message {
  std::string method;          // requests
  std::string target;          // requests: as sent, back-slashes and all
  unsigned status = 0;         // responses
  unsigned minor_version = 1;  // HTTP/1.x
  std::vector<Field> fields;   // of the head; those of a chunked trailer are ignored
  Buffer raw;                  // every byte of the message as it was on the wire
  std::size_t head_size = 0;   // how many of them are the head, or what came of it
  bool chunked = false;
  Buffer unchunked{};  // the body, if it was chunked

  Bytes body() const noexcept { return chunked ? Bytes(unchunked) : Bytes(raw).subspan(head_size); }

  // The value of the first field of that name in any case, or nullopt.
  std::optional<std::string_view> field(std::string_view name) const noexcept;
  std::size_t count(std::string_view name) const noexcept;
};

enum class MessageKind : std::uint8_t { request, response };

struct ReadLimits {
  std::size_t head = 16u << 10;  // start line and fields; also one chunk header, and the trailer
  std::size_t body = 1u << 20;   // transfer coding undone
};

enum class ReadFailure : std::uint8_t {
  none,
  syntax,           // not HTTP/1.x, or something that HTTP/1.1 forbids
  transfer_coding,  // a transfer coding other than exactly "chunked"
  head_too_large,
  body_too_large,
  cut_short,  // the sender closed the connection in the middle
};

// Reads one message from bytes as they arrive. First the head; then it stops, so that the caller can look at
// it and decide; then, after read_body(), the body. The result does not depend on how the bytes were split.
// Memory follows the bytes that came, never the length that was announced.
class MessageReader {
 public:
  enum class State : std::uint8_t { head, head_done, body, done, failed };

  explicit MessageReader(MessageKind kind, std::size_t head_limit = ReadLimits{}.head);
  ~MessageReader();
  MessageReader(MessageReader&&) noexcept;
  MessageReader& operator=(MessageReader&&) noexcept;

  // Consumes a prefix of `input` and returns its length. What was not consumed must come again, in front of
  // more bytes. Returns 0 in the states head_done, done and failed, and when it needs more.
  std::size_t put(Bytes input);

  // The sender closed the connection: a response without a length is complete, anything else is cut short.
  void end_of_input();

  // From head_done to body, or to done if the message has none, or to failed if it announces more than
  // `limit` bytes.
  void read_body(std::size_t limit = ReadLimits{}.body);

  State state() const noexcept;
  ReadFailure failure() const noexcept;
  const std::string& reason() const noexcept;  // of a failure, for people: "bad target"

  // Known once the head is done; nullopt if it has no Content-Length.
  std::optional<std::uint64_t> content_length() const noexcept;

  // `raw` holds what was read so far, also after a failure.
  const Message& message() const noexcept;
  Message take_message() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// RFC 9110 5.6.7: "Tue, 11 Mar 2008 09:00:17 GMT".
std::string imf_fixdate(FileTime time);

}  // namespace wheatstone::http
