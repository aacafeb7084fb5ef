// Where the values of an MCA_EXCEPTION are. Source: WDK ntddk.h.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/cper/sections/mca_exception.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::whea::mca_exception {

// A field of the structure, or of a member of its union.
consteval layout::Ref at(std::span<const layout::Field> fields, std::string_view name,
                         std::uint32_t base = 0) {
  layout::Ref found = layout::ref(fields, name);
  found.offset += base;
  return found;
}

inline constexpr std::uint32_t kUnion = layout::find(cper::tables::kMcaExceptionFields, "u").offset;
inline constexpr layout::Ref kVersion = at(cper::tables::kMcaExceptionFields, "VersionNumber");
inline constexpr layout::Ref kType = at(cper::tables::kMcaExceptionFields, "ExceptionType");
inline constexpr layout::Ref kTimeStamp = at(cper::tables::kMcaExceptionFields, "TimeStamp");
inline constexpr layout::Ref kProcessor = at(cper::tables::kMcaExceptionFields, "ProcessorNumber");
inline constexpr layout::Ref kBank = at(cper::tables::kMcaExceptionMcaFields, "BankNumber", kUnion);
inline constexpr layout::Ref kStatus = at(cper::tables::kMcaExceptionMcaFields, "Status", kUnion);
inline constexpr layout::Ref kAddress = at(cper::tables::kMcaExceptionMcaFields, "Address", kUnion);
inline constexpr layout::Ref kMisc = at(cper::tables::kMcaExceptionMcaFields, "Misc", kUnion);
inline constexpr layout::Ref kP5Address = at(cper::tables::kMcaExceptionMceFields, "Address", kUnion);
inline constexpr layout::Ref kP5Type = at(cper::tables::kMcaExceptionMceFields, "Type", kUnion);
inline constexpr layout::Ref kExtendedCount = at(cper::tables::kMcaExceptionFields, "ExtCnt");

// ExceptionType.
inline constexpr std::uint64_t kPentium = 0, kMca = 1;

}  // namespace wheatstone::whea::mca_exception
