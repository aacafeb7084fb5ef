// The tables of keys for editors and for people.
#pragma once

#include <string>

namespace wheatstone::scenario {

// JSON Schema (draft 2020-12) of a scenario file, indented, with a final newline. It accepts every file that
// the loader accepts; the loader knows more (regular expressions, files, fields of sections).
std::string json_schema();

// The key reference in Markdown: one heading and one table of keys for each table.
std::string key_reference();

}  // namespace wheatstone::scenario
