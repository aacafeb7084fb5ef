// Level-1 documents as text, in parts, so that a case can leave out, repeat or break one of them.
// Source: [MS-CER2] 2.2.1 and section 4.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/layout/bytes.hpp"

namespace wheatstone::conform {

// Every part is XML in UTF-8; text() puts them one below the other, as the examples are printed.
struct Document {
  std::string declaration;
  std::string machine;
  std::string user;
  std::string application;
  std::string event;
  std::string signature;
  std::string files;

  // With `end_of_line` after each part.
  std::string text(std::string_view end_of_line = "\r\n") const;
};

// A legal report of an application crash like example 4.1, with every element. `number` goes into a
// parameter, so that no two numbers are the same event.
Document crash_document(std::string_view event_type, std::uint64_t number);

// `part` with the first `from` in it replaced by `to`; unchanged if there is none.
std::string replaced(std::string part, std::string_view from, std::string_view to);

// `part` without the attribute ` name="..."`.
std::string without_attribute(std::string part, std::string_view name);

enum class Utf16 : std::uint8_t { le, be };
enum class Mark : std::uint8_t { with, without };  // the byte order mark

// REQUIRES: `text` is well-formed UTF-8.
std::string utf16(std::string_view text, Utf16 order = Utf16::le, Mark mark = Mark::with);

// The examples of [MS-CER2] 4.1 (which 4.2 sends too), 4.3 and 4.4, as they are printed.
std::string example_crash();
std::string example_kernel();
std::string example_generic();

}  // namespace wheatstone::conform
