// Writing error records: bodies in, descriptors, offsets and lengths filled; and section bodies from named
// values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "formats/cper/guids.hpp"
#include "formats/cper/profile.hpp"
#include "formats/cper/section.hpp"
#include "formats/cper/severity.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/guid.hpp"
#include "formats/layout/node.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::cper {

inline constexpr std::uint16_t kSectionRevisionWin10 = 0x0300;  // Windows 10 1607 and later
inline constexpr std::uint16_t kSectionRevisionWin7 = 0x0201;   // Vista SP1 to Windows 10 RTM

struct NewSection {
  Guid type;
  Bytes body;
  Severity severity = Severity::fatal;
  std::uint32_t flags = 0;
  std::uint16_t revision = kSectionRevisionWin10;
  std::optional<Guid> fru_id{};                // sets its validity bit
  std::optional<std::string_view> fru_text{};  // at most 20 bytes are kept; sets its validity bit
};

struct NewRecord {
  Severity severity = Severity::fatal;
  Guid notify_type = kNotifyMce;
  Guid creator_id = kCreatorWindows;
  std::uint16_t revision = 0x0210;
  std::optional<std::uint64_t> timestamp{};  // WHEA_TIMESTAMP; sets its validity bit
  std::optional<Guid> platform_id{};         // sets its validity bit
  std::optional<Guid> partition_id{};        // sets its validity bit
  std::uint64_t record_id = 0;
  std::uint32_t flags = 0;
  std::uint64_t persistence_info = 0;
};

// Bodies follow the descriptors back to back, as Windows writes them. Fails (invalid_argument) for more than
// 65535 sections or 4 GiB.
Result<Buffer> encode(const NewRecord& record, std::span<const NewSection> sections);

// A section body from named values (layout/assign.hpp), all other bytes zero but a length that it says of
// itself. The form is that of the key SectionLength (unless that is a field of it), else the profile's, else
// the longest one. Errors (malformed) carry line and column of the node; `unsupported` if the type has no
// layout.
Result<Buffer> compose_section(const SectionType& type, const layout::Node& fields,
                               const Profile* profile = nullptr);

}  // namespace wheatstone::cper
