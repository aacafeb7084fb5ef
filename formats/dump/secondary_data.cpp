#include "formats/dump/secondary_data.hpp"

#include <fmt/format.h>

namespace wheatstone::dump {
namespace {

constexpr std::string_view kClause = "README rule 13";

}  // namespace

bool is_secondary_data(Bytes bytes) noexcept {
  return bytes.size() >= 8 && load_le<std::uint64_t>(bytes.data()) == kBlobFileSignature;
}

void append_secondary_data(Buffer& out, std::span<const SecondaryBlob> blobs, std::uint32_t build) {
  if (blobs.empty()) return;
  std::uint8_t file[kBlobFileHeaderSize];
  store_le<std::uint64_t>(file, kBlobFileSignature);
  store_le<std::uint32_t>(file + 8, kBlobFileHeaderSize);
  store_le<std::uint32_t>(file + 12, kBlobBuildMark + build);
  out.insert(out.end(), file, file + sizeof file);
  for (const SecondaryBlob& blob : blobs) {
    const auto size = static_cast<std::uint32_t>(blob.data.size());
    const std::uint32_t post_pad = (kBlobAlignment - size % kBlobAlignment) % kBlobAlignment;
    std::uint8_t bytes[kBlobHeaderSize] = {};
    auto header = *layout::Editor<BlobHeader>::make(kBlobHeader, bytes);
    header.set(BlobHeader::kHeaderSize, kBlobHeaderSize);
    header.set(BlobHeader::kTag, blob.tag);
    header.set(BlobHeader::kDataSize, size);
    header.set(BlobHeader::kPostPad, post_pad);
    out.insert(out.end(), bytes, bytes + sizeof bytes);
    out.insert(out.end(), blob.data.begin(), blob.data.end());
    out.insert(out.end(), post_pad, 0);
  }
}

std::vector<PlacedBlob> read_secondary_data(Bytes bytes, std::uint64_t offset,
                                            std::vector<Finding>& findings) {
  std::vector<PlacedBlob> blobs;
  const auto report = [&](std::string_view code, std::uint64_t at, std::string message) {
    findings.push_back({FindingSeverity::error, code, std::move(message),
                        fmt::format("SecondaryData[{}]", blobs.size()), offset + at, kClause});
  };
  if (bytes.size() < kBlobFileHeaderSize) {
    report("secondary-data-cut", 0, "the header of the secondary data is not all there");
    return blobs;
  }
  const std::uint32_t file_header = load_le<std::uint32_t>(bytes.data() + 8);
  if (file_header < kBlobFileHeaderSize || file_header > bytes.size()) {
    report("secondary-header-size", 8,
           fmt::format("the header of the secondary data says it has {} bytes, not {}", file_header,
                       kBlobFileHeaderSize));
    return blobs;
  }
  std::uint64_t at = file_header;
  while (at < bytes.size()) {
    const auto header = layout::View<BlobHeader>::make(kBlobHeader, bytes.subspan(at));
    if (!header) {
      report("blob-cut", at,
             fmt::format("{} bytes are left, a blob header has {}", bytes.size() - at, kBlobHeaderSize));
      break;
    }
    const std::uint64_t header_size = (*header)[BlobHeader::kHeaderSize];
    if (header_size < kBlobHeaderSize) {
      report("blob-header-size", at,
             fmt::format("a blob header says it has {} bytes, not {}", header_size, kBlobHeaderSize));
      break;
    }
    const std::uint64_t size = (*header)[BlobHeader::kDataSize];
    const std::uint64_t data = at + header_size + (*header)[BlobHeader::kPrePad];
    const std::uint64_t end = data + size + (*header)[BlobHeader::kPostPad];
    const auto found = slice(bytes, data, size);
    if (!found || end > bytes.size()) {
      report("blob-beyond-file", at,
             fmt::format("a blob ends at 0x{:x}, the file at 0x{:x}", offset + end, offset + bytes.size()));
      break;
    }
    blobs.push_back({offset + at, (*header)[BlobHeader::kTag], *found});
    at = end;
  }
  return blobs;
}

}  // namespace wheatstone::dump
