// What the tables of payloads share. A payload is packed, without alignment; pointers have 64 bits.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "formats/layout/field.hpp"

namespace wheatstone::whea::tables {
using namespace layout;

// WHEA_ERROR_TEXT_LEN: characters of a text.
inline constexpr std::uint32_t kLogText = 32;

// A payload all of whose fields are there, or that older builds end after `min` bytes.
consteval Layout log_payload(std::string_view name, std::string_view structure, std::span<const Field> fields,
                             std::uint32_t min = 0) {
  const std::uint32_t size = fields.back().end();
  return {.name = name,
          .structure = structure,
          .clause = "WDK ntddk.h (28000)",
          .min = min != 0 ? min : size,
          .size = size,
          .fields = fields};
}

constexpr Field nt_status(std::uint32_t offset, std::string_view name = "Status") {
  return u32(offset, name).hex().about("NTSTATUS");
}

}  // namespace wheatstone::whea::tables

namespace wheatstone::whea {

// The payload of an entry that its id says all about.
inline constexpr layout::Layout kLogNothing{
    .name = "LogNothing", .structure = "(empty)", .clause = "WDK ntddk.h (28000)", .fields = {}};
static_assert(layout::check(kLogNothing));

}  // namespace wheatstone::whea
