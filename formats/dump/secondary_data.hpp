// Secondary data: blobs with a GUID that drivers append to a dump. README rules 12 to 14.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/guid.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::dump {

inline constexpr std::uint64_t kBlobFileSignature = 0x626f6c42706d7544;  // "DumpBlob"
inline constexpr std::uint32_t kBlobFileHeaderSize = 16;
inline constexpr std::uint32_t kBlobHeaderSize = 32;
inline constexpr std::uint32_t kBlobBuildMark = 0xf0000000;  // added to the build number
inline constexpr std::uint32_t kBlobAlignment = 8;

namespace tables {
using namespace layout;

inline constexpr Field kBlobFileFields[] = {
    ascii(0, 8, "Signature"),
    u32(8, "HeaderSize").unit("bytes"),
    u32(12, "BuildNumber").hex(),
};
inline constexpr Field kBlobFields[] = {
    u32(0, "HeaderSize").unit("bytes"), guid(4, "Tag"),
    u32(20, "DataSize").unit("bytes"),  u32(24, "PrePad").unit("bytes"),
    u32(28, "PostPad").unit("bytes"),
};
}  // namespace tables

inline constexpr layout::Layout kBlobFileHeader{.name = "DumpBlobFileHeader",
                                                .structure = "DUMP_BLOB_FILE_HEADER",
                                                .clause = "README rule 12",
                                                .min = kBlobFileHeaderSize,
                                                .size = kBlobFileHeaderSize,
                                                .fields = tables::kBlobFileFields};
static_assert(layout::check(kBlobFileHeader));

inline constexpr layout::Layout kBlobHeader{.name = "DumpBlobHeader",
                                            .structure = "DUMP_BLOB_HEADER",
                                            .clause = "README rule 13",
                                            .min = kBlobHeaderSize,
                                            .size = kBlobHeaderSize,
                                            .fields = tables::kBlobFields};
static_assert(layout::check(kBlobHeader));

struct BlobHeader {
  static constexpr auto kHeaderSize = layout::handle<BlobHeader, std::uint32_t>(kBlobHeader, "HeaderSize");
  static constexpr auto kTag = layout::handle<BlobHeader, Guid>(kBlobHeader, "Tag");
  static constexpr auto kDataSize = layout::handle<BlobHeader, std::uint32_t>(kBlobHeader, "DataSize");
  static constexpr auto kPrePad = layout::handle<BlobHeader, std::uint32_t>(kBlobHeader, "PrePad");
  static constexpr auto kPostPad = layout::handle<BlobHeader, std::uint32_t>(kBlobHeader, "PostPad");
};

// A blob, borrowed.
struct SecondaryBlob {
  Guid tag;
  Bytes data;
};

// A blob as it was found.
struct PlacedBlob {
  std::uint64_t offset;  // of its header in the file
  Guid tag;
  Bytes data;
};

// Whether the secondary data of a dump start at the front of `bytes`.
bool is_secondary_data(Bytes bytes) noexcept;

// Appends the file header and the blobs; nothing if there are no blobs.
// REQUIRES: each blob is shorter than 4 GiB.
void append_secondary_data(Buffer& out, std::span<const SecondaryBlob> blobs, std::uint32_t build);

// Walks the list to the end of the input. What cannot be followed ends the walk with a finding. `offset` is
// where `bytes` stand in the file. Linear; every step consumes at least 32 bytes.
std::vector<PlacedBlob> read_secondary_data(Bytes bytes, std::uint64_t offset,
                                            std::vector<Finding>& findings);

}  // namespace wheatstone::dump
