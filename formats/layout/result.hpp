// Errors as values. Every call that can fail returns Result<T>; libraries neither print, exit nor throw
// across their edge.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace wheatstone {

// Who has to act on an error.
enum class ErrorKind : std::uint8_t {
  malformed,         // the input breaks its format: its producer must act
  unsupported,       // the input may be right, but we do not handle it
  invalid_argument,  // the caller asked for something impossible
  io,                // a file, socket or pipe failed
  environment,       // the machine lacks something: a port, a permission, a program
  internal,          // a bug of ours
};

// "malformed", "unsupported", ...
std::string_view to_string(ErrorKind kind) noexcept;

// Where the error is: in a text file (line and column, from 1; 0 = unknown), in bytes (offset and field
// path), or both.
struct Location {
  static constexpr std::uint64_t kNoOffset = ~std::uint64_t{0};

  std::string file = {};
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint64_t offset = kNoOffset;
  std::string path = {};  // field path, for example "Sections[2].Status"
};

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;  // what is wrong: one sentence, lower case, no full stop
  std::string hint;     // what to do about it; may be empty
  Location where;

  // "file:line:column: path at offset 0x..: message (hint)", with only the parts that are known.
  std::string text() const;
};

template <class T>
using Result = std::expected<T, Error>;

// Shorthand for `return fail(ErrorKind::malformed, "...")`.
inline std::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint = {},
                                   Location where = {}) {
  return std::unexpected(Error{kind, std::move(message), std::move(hint), std::move(where)});
}

}  // namespace wheatstone
