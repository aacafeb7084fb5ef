// A tree of plain values with positions: what YAML becomes before anything interprets it. formats/ reads
// values from it without knowing about YAML, and its errors still name line and column.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/result.hpp"

namespace wheatstone::layout {

// Position in the text, from 1; 0 = unknown.
struct Mark {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Member;

struct Node {
  enum class Kind : std::uint8_t { null, scalar, list, map };

  Kind kind = Kind::null;
  bool quoted = false;          // a scalar in quotes is text, never a number or a name
  std::string text;             // scalar
  std::vector<Node> items;      // list
  std::vector<Member> members;  // map, in the order of the text
  Mark mark;

  bool is_null() const noexcept { return kind == Kind::null; }
  bool is_scalar() const noexcept { return kind == Kind::scalar; }
  bool is_list() const noexcept { return kind == Kind::list; }
  bool is_map() const noexcept { return kind == Kind::map; }

  // The value of a key of a map, or nullptr.
  const Node* find(std::string_view key) const noexcept;

  // "a map", "a list", "a text", "nothing": for error messages.
  std::string_view kind_text() const noexcept;
};

struct Member {
  std::string key;
  Mark mark;  // of the key
  Node value;
};

// A malformed-input error at a position; the caller who knows the file name adds it.
std::unexpected<Error> fail_at(Mark mark, std::string message, std::string hint = {});

// Fails (malformed) unless `map` is a map whose keys are all among `keys`; `what` is what the message calls
// it. A mistyped key is told with the one that was probably meant.
Result<void> only_keys(const Node& map, std::span<const std::string_view> keys, std::string_view what);

// Of `candidates`, the one that `text` most likely means, or empty if none is close: for "did you mean ...?".
std::string_view nearest(std::string_view text, const std::vector<std::string_view>& candidates);

}  // namespace wheatstone::layout
