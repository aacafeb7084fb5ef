// JSON Schema (2020-12) of what to_json() writes, from the same tables.
#pragma once

#include <string>

#include "formats/layout/field.hpp"
#include "formats/layout/json.hpp"

namespace wheatstone::layout {

// A schema object: every key that may appear, nothing else, none required (short forms lack fields, and
// Detail::valid leaves out what is not valid). Structures inside are "$ref": "#/$defs/<definition>".
void schema_of(JsonWriter& json, const Layout& layout);

// What a structure is called in $defs: "XpfMca.292". Forms of one structure have one name and several sizes.
std::string definition_name(const Layout& layout);

// {"$ref": "#/$defs/<definition>"}.
void schema_ref(JsonWriter& json, const Layout& layout);

// The schema of "0x..." strings, of strings of hex digits.
void schema_hex(JsonWriter& json, unsigned digits);
void schema_hex_bytes(JsonWriter& json);

}  // namespace wheatstone::layout
