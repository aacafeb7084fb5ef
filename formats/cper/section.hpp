// The registry of section types: which GUID is which section, and which layout its length calls for; and the
// readings that compete with it. A new section is one header in sections/ and one row in section.cpp.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/guid.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::cper {

inline constexpr Guid kSectionProcessorGeneric = "9876ccad-47b4-4bdb-b65e-16f193c4f3db"_guid;
inline constexpr Guid kSectionXpfProcessor = "dc3ea0b0-a144-4797-b95b-53fa242b6e1d"_guid;
inline constexpr Guid kSectionMemory = "a5bc1114-6f64-4ede-b863-3e83ed7c83b1"_guid;
inline constexpr Guid kSectionPciExpress = "d995e954-bbc1-430f-ad91-b44dcb3c6f35"_guid;
inline constexpr Guid kSectionXpfMca = "8a1e1d01-42f9-4557-9c33-565e5cc3f7e8"_guid;
inline constexpr Guid kSectionNmi = "e71254e7-c1b9-4940-ab76-909703a4320f"_guid;
inline constexpr Guid kSectionErrorPacket = "e71254e9-c1b9-4940-ab76-909703a4320f"_guid;
inline constexpr Guid kSectionRecoveryInfo = "c34832a1-02c3-4c52-a9f1-9f1d5d7723fc"_guid;

struct SectionType {
  Guid guid;
  std::string_view name;  // "XpfMca"; what YAML and paths say
  layout::Forms forms;    // by ascending size, at least one
  // The one of `forms` that the body itself says it has, nullptr if it says none; for sections whose length
  // does not decide.
  const layout::Layout* (*refine)(Bytes body) noexcept = nullptr;

  // The longest form that fits `length`; the shortest if only its minimum fits; nullptr if not even that.
  const layout::Layout* layout_for(std::size_t length) const noexcept {
    return layout::form_for(forms, length);
  }
  // The form of this body; nullptr: it is shown as bytes.
  const layout::Layout* layout_of(Bytes body) const noexcept {
    return refine != nullptr ? refine(body) : layout_for(body.size());
  }
};

// Every section type that is known.
std::span<const SectionType> section_types() noexcept;

inline constexpr std::size_t kSectionTypeCount = 49;

// Their names, for fields that hold the GUID of one.
extern const std::array<layout::GuidName, kSectionTypeCount> kSectionTypeNames;

// What the body of a structure is that has the section GUID at its front (a generic error data entry): one
// row a section type.
extern const layout::Choice kSectionChoice;

// nullptr if there is none. The first takes one hash and one comparison.
const SectionType* find_section(const Guid& guid) noexcept;
const SectionType* find_section(std::string_view name) noexcept;

// A competing reading: the same bytes with other names or values, where sources disagree. What the registry
// holds is the reading we take (its fields say why); these are used only where they are asked for.
struct Reading {
  std::string_view section;  // "DmarGeneric"; "RecordHeader" and "SectionDescriptor" for the frame
  std::string_view name;     // whose reading it is: "LIBCPER"
  layout::Forms forms;       // as in SectionType
  std::string_view about;    // what it reads differently, and where that comes from
  const layout::Layout* (*refine)(Bytes body) noexcept = nullptr;  // as in SectionType

  const layout::Layout* layout_of(Bytes body) const noexcept {
    return refine != nullptr ? refine(body) : layout::form_for(forms, body.size());
  }
};
using Readings = std::span<const Reading* const>;

// All of them; a section may have several, with different names.
std::span<const Reading> section_readings() noexcept;

// By its full name, "DmarGeneric:LIBCPER"; nullptr if there is none.
const Reading* find_reading(std::string_view full_name) noexcept;

// The reading of a section among `readings`, the first one if there are several; nullptr if there is none.
const Reading* reading_of(std::string_view section, Readings readings) noexcept;

}  // namespace wheatstone::cper
