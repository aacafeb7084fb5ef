// What can be generated and mutated.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "formats/layout/bytes.hpp"
#include "formats/layout/names.hpp"

namespace wheatstone::mutate {

enum class Kind : std::uint8_t {
  record,        // cper: WHEA_ERROR_RECORD, UEFI common platform error record
  packet,        // whea: WHEA_ERROR_PACKET_V1 and _V2
  status_block,  // acpi: generic error status block
  acpi_table,    // acpi: HEST, BERT, ERST, EINJ
};

// What command lines and environment variables say.
inline constexpr layout::Name kKindNames[] = {
    {0, "record"}, {1, "packet"}, {2, "status-block"}, {3, "acpi-table"}};

// By the signature at the front; nullopt if there is none that we know. A status block has none.
std::optional<Kind> kind_of(Bytes input) noexcept;

}  // namespace wheatstone::mutate
