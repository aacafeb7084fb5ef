// YAML text as a tree of plain values with positions. The only file of the bench that knows a YAML library is
// yaml.cpp; what comes out is a layout::Node.
//
// Of YAML 1.2 a scenario may use block and flow style, comments, quoted and block scalars, anchors and
// aliases. Not taken, each with an error that says so: several documents, keys that are no plain text or that
// repeat, merge keys, tags other than !!str, control characters, anything that is not UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

#include "formats/layout/node.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::scenario {

// What a text may hold. Nodes and text are counted as if every alias were written out, and once more for each
// anchor: a small file cannot unfold into a big one.
struct YamlLimits {
  std::size_t bytes = std::size_t{16} << 20;  // of the text
  std::size_t line = std::size_t{2} << 20;    // bytes of one line
  std::size_t depth = 64;                     // lists and maps inside one another
  std::size_t nodes = 200'000;                // values and keys
  std::size_t scalar = std::size_t{1} << 20;  // bytes of one value or key
  std::size_t text = std::size_t{16} << 20;   // bytes of all values and keys together
};

// The one document of `text`. Every error is `malformed` and has a line and a column, both from 1; columns
// count bytes. A byte order mark at the start is skipped. Time and memory are linear in the text.
Result<layout::Node> parse_yaml(std::string_view text, const YamlLimits& limits = {});

}  // namespace wheatstone::scenario
