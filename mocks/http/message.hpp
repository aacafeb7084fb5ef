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
  std::vector<Field> fields;
  Buffer body;  // transfer coding undone
  Buffer raw;   // every byte of the message as it was on the wire

  // The value of the first field of that name in any case, or nullopt.
  std::optional<std::string_view> field(std::string_view name) const noexcept;
  std::size_t count(std::string_view name) const noexcept;
};

enum class MessageKind : std::uint8_t { request, response };

struct ReadLimits {
  std::size_t head = 16u << 10;  // start line and fields; also one chunk header or the trailer
  std::size_t body = 1u << 20;   // may be changed while the reader is at head_done
};

// Reads one message from bytes as they arrive. First the head; then it stops, so that the caller can look at
// the head and decide; then, after read_body(), the body. Memory follows the bytes that came, never the
// length that was announced.
class MessageReader {
 public:
  enum class State : std::uint8_t { head, head_done, body, done, failed };
  enum class Failure : std::uint8_t { none, syntax, head_too_large, body_too_large };

  MessageReader(MessageKind kind, const ReadLimits& limits);
  ~MessageReader();
  MessageReader(MessageReader&&) noexcept;
  MessageReader& operator=(MessageReader&&) noexcept;

  // Consumes a prefix of `input` and returns its length. What was not consumed must come again, in front of
  // more bytes. Returns 0 in the states head_done, done and failed, and when it needs more.
  std::size_t put(Bytes input);

  // The sender closed the connection. True if the message is complete thereby.
  bool end_of_input();

  // From head_done to body, or to done when the message has none.
  void read_body(std::size_t limit);

  State state() const noexcept;
  Failure failure() const noexcept;
  std::string_view reason() const noexcept;  // of a failure, for people: "bad field"

  // Known once the head is done.
  std::optional<std::uint64_t> content_length() const noexcept;
  bool chunked() const noexcept;

  const Message& message() const noexcept;
  Message take_message() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wheatstone::http
