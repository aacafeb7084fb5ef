// Plausible bytes from layouts: counts and lengths are right, values have names where there are names, every
// validity bit is set sometimes. The same random numbers give the same bytes on every machine.
#pragma once

#include <cstdint>

#include "formats/cper/profile.hpp"
#include "formats/cper/section.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/xoshiro.hpp"
#include "formats/mutate/kind.hpp"

namespace wheatstone::mutate {

struct GenerateOptions {
  std::size_t max_size = 4096;             // of what is made, as far as its fixed fields allow
  std::size_t most_sections = 4;           // of a record; at least one is made
  std::size_t most_elements = 3;           // of an array
  const cper::Profile* profile = nullptr;  // a record of that Windows; nullptr: of any, or of firmware
};

// Overwrites `own`, the bytes of a field, with a value that the field may have. `bits` are the named bits of
// an integer: those of the field, or those its choice selects. A list, a part or bytes that a choice decides
// get random bytes. REQUIRES: own.size() == field.size.
void fill_field(const layout::Field& field, layout::Word bits, MutableBytes own, Xoshiro& random);

// A structure with its variable part. Nothing in it is broken in the sense of layout/broken.hpp. At least
// layout.size bytes, whatever max_size says.
Buffer generate_structure(const layout::Layout& layout, Xoshiro& random, const GenerateOptions& options = {});

// An element of an array; empty if none fits max_size.
Buffer generate_element(const layout::Tail& tail, Xoshiro& random, const GenerateOptions& options = {});

// Appends the bytes of a tail that is no array to `structure`, the fixed fields that it stands behind. What
// the choice of the tail selects decides what they are; if that does not fit max_size, nothing is selected
// instead.
void generate_part(const layout::Tail& tail, Buffer& structure, Xoshiro& random,
                   const GenerateOptions& options = {});

// A section's body: one of the type's forms, whole, or cut short where the type allows that. A type known by
// name only gets random bytes.
Buffer generate_section(const cper::SectionType& type, Xoshiro& random, const GenerateOptions& options = {});

// A record that Record::decode has nothing to say about but that firmware wrote it.
Buffer generate_record(Xoshiro& random, const GenerateOptions& options = {});

// WHEA_ERROR_PACKET_V2, or _V1 once in four times.
Buffer generate_packet(Xoshiro& random, const GenerateOptions& options = {});

// A generic error status block that acpi::StatusBlock::decode has nothing to say about.
Buffer generate_status_block(Xoshiro& random, const GenerateOptions& options = {});

// HEST, BERT, ERST or EINJ that acpi::Table::decode has nothing to say about.
Buffer generate_acpi_table(Xoshiro& random, const GenerateOptions& options = {});

// One of the above.
Buffer generate(Kind kind, Xoshiro& random, const GenerateOptions& options = {});

}  // namespace wheatstone::mutate
