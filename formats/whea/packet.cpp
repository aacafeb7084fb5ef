#include "formats/whea/packet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "formats/layout/walk.hpp"

namespace wheatstone::whea {
namespace {

constexpr std::string_view kClause = "WDK ntddk.h";
constexpr std::ptrdiff_t kErrorV1Offset = 64;

// What the tail of that name says the data is.
const layout::Layout* layout_of(const layout::Layout& packet, std::string_view tail, Bytes bytes,
                                Bytes data) {
  const auto found = std::ranges::find(packet.tail, tail, &layout::Tail::name);
  return found != packet.tail.end() ? layout::tail_layout(*found, bytes, data) : nullptr;
}

}  // namespace

Result<Buffer> encode_packet_v2(const NewPacket& packet, Bytes data, Bytes pshed_data) {
  constexpr std::uint64_t kLongest = std::numeric_limits<std::uint32_t>::max();
  const std::uint64_t room = kLongest - kPacketHeaderV2;
  if (data.size() > room || pshed_data.size() > room - data.size())
    return fail(ErrorKind::invalid_argument, "the error packet is too large: its lengths have 32 bits");

  const std::uint32_t data_length = static_cast<std::uint32_t>(data.size());
  const std::uint32_t pshed_length = static_cast<std::uint32_t>(pshed_data.size());
  const std::uint32_t header = kPacketHeaderV2;
  Buffer bytes(kPacketHeaderV2, 0);
  bytes.reserve(kPacketHeaderV2 + data.size() + pshed_data.size());
  store_le<std::uint32_t>(bytes.data(), kPacketSignatureV2);
  auto edit = *layout::Editor<PacketV2>::make(kPacketV2, bytes);
  edit.set(PacketV2::kVersion, kPacketVersionV2);
  edit.set(PacketV2::kLength, header + data_length + pshed_length);
  edit.set(PacketV2::kFlags, packet.flags);
  edit.set(PacketV2::kErrorType, static_cast<std::uint32_t>(packet.error_type));
  edit.set(PacketV2::kErrorSeverity, static_cast<std::uint32_t>(packet.severity));
  edit.set(PacketV2::kErrorSourceId, packet.source_id);
  edit.set(PacketV2::kErrorSourceType, static_cast<std::uint32_t>(packet.source_type));
  edit.set(PacketV2::kNotifyType, packet.notify_type);
  edit.set(PacketV2::kContext, packet.context);
  edit.set(PacketV2::kDataFormat, static_cast<std::uint32_t>(packet.data_format));
  edit.set(PacketV2::kDataOffset, data.empty() ? 0 : header);
  edit.set(PacketV2::kDataLength, data_length);
  edit.set(PacketV2::kPshedDataOffset, pshed_data.empty() ? 0 : header + data_length);
  edit.set(PacketV2::kPshedDataLength, pshed_length);
  bytes.insert(bytes.end(), data.begin(), data.end());
  bytes.insert(bytes.end(), pshed_data.begin(), pshed_data.end());
  return bytes;
}

Result<Buffer> encode_packet_v1(const NewPacketV1& packet, Bytes error, Bytes raw_data) {
  constexpr std::uint64_t kLongest = std::numeric_limits<std::uint32_t>::max();
  if (error.size() > kPacketErrorV1)
    return fail(
        ErrorKind::invalid_argument,
        fmt::format("the union of an error packet has {} bytes, {} are given", kPacketErrorV1, error.size()));
  if (raw_data.size() > kLongest - kPacketHeaderV1)
    return fail(ErrorKind::invalid_argument, "the error packet is too large: its lengths have 32 bits");

  const std::uint32_t length = static_cast<std::uint32_t>(raw_data.size());
  const std::uint32_t header = kPacketHeaderV1;
  Buffer bytes(kPacketHeaderV1, 0);
  bytes.reserve(kPacketHeaderV1 + raw_data.size());
  store_le<std::uint32_t>(bytes.data(), kPacketSignatureV1);
  auto edit = *layout::Editor<PacketV1>::make(kPacketV1, bytes);
  edit.set(PacketV1::kFlags, packet.flags);
  edit.set(PacketV1::kSize, header + length);
  edit.set(PacketV1::kRawDataLength, packet.raw_data_length.value_or(length));
  edit.set(PacketV1::kContext, packet.context);
  edit.set(PacketV1::kErrorType, static_cast<std::uint32_t>(packet.error_type));
  edit.set(PacketV1::kErrorSeverity, static_cast<std::uint32_t>(packet.severity));
  edit.set(PacketV1::kErrorSourceId, packet.source_id);
  edit.set(PacketV1::kErrorSourceType, static_cast<std::uint32_t>(packet.source_type));
  edit.set(PacketV1::kVersion, kPacketVersionV1);
  edit.set(PacketV1::kCpu, packet.cpu);
  edit.set(PacketV1::kRawDataFormat, static_cast<std::uint32_t>(packet.raw_data_format));
  edit.set(PacketV1::kRawDataOffset, header);
  std::ranges::copy(error, bytes.begin() + kErrorV1Offset);
  bytes.insert(bytes.end(), raw_data.begin(), raw_data.end());
  return bytes;
}

Packet Packet::decode(Bytes bytes) {
  Packet packet;
  packet.bytes_ = bytes;
  const std::uint32_t signature = bytes.size() < 4 ? 0 : load_le<std::uint32_t>(bytes.data());
  if (signature != kPacketSignatureV1 && signature != kPacketSignatureV2) {
    packet.report(FindingSeverity::error, "packet-signature", "Signature", 0,
                  bytes.size() < 4
                      ? fmt::format("{} bytes are no error packet", bytes.size())
                      : fmt::format("the signature is 0x{:08x}, not 'WHEA' or 'ErPt'", signature));
    return packet;
  }
  const std::size_t header = signature == kPacketSignatureV1 ? kPacketHeaderV1 : kPacketHeaderV2;
  if (bytes.size() < header) {
    packet.report(FindingSeverity::error, "packet-truncated", "", 0,
                  fmt::format("the header has {} bytes, but only {} are there", header, bytes.size()));
    return packet;
  }
  if (signature == kPacketSignatureV1) {
    packet.version_ = PacketVersion::v1;
    packet.decode_v1();
  } else {
    packet.version_ = PacketVersion::v2;
    packet.decode_v2();
  }
  return packet;
}

std::optional<layout::View<PacketV1>> Packet::v1() const noexcept {
  if (version_ != PacketVersion::v1) return std::nullopt;
  return layout::View<PacketV1>::make(kPacketV1, bytes_);
}

std::optional<layout::View<PacketV2>> Packet::v2() const noexcept {
  if (version_ != PacketVersion::v2) return std::nullopt;
  return layout::View<PacketV2>::make(kPacketV2, bytes_);
}

const layout::Layout* Packet::layout() const noexcept {
  switch (version_) {
    case PacketVersion::v1:
      return &kPacketV1;
    case PacketVersion::v2:
      return &kPacketV2;
    case PacketVersion::unknown:
      break;
  }
  return nullptr;
}

const layout::Layout* Packet::data_layout() const noexcept {
  switch (version_) {
    case PacketVersion::v1:
      return layout_of(kPacketV1, "RawData", bytes_, data_);
    case PacketVersion::v2:
      return layout_of(kPacketV2, "Data", bytes_, data_);
    case PacketVersion::unknown:
      break;
  }
  return nullptr;
}

void Packet::decode_v1() {
  const auto header = *layout::View<PacketV1>::make(kPacketV1, bytes_);
  if (header[PacketV1::kVersion] != kPacketVersionV1)
    report(FindingSeverity::warning, "packet-version", "Version", PacketV1::kVersion.offset,
           fmt::format("version {} of an 'ErPt' packet is not known", header[PacketV1::kVersion]));
  const Bytes packet = whole(header[PacketV1::kSize], kPacketHeaderV1, "Size", PacketV1::kSize.offset, false);
  const std::uint32_t offset = header[PacketV1::kRawDataOffset];
  const std::uint32_t length = header[PacketV1::kRawDataLength];
  if (length == 0 && offset == 0) return;
  if (offset < kPacketHeaderV1 || offset > packet.size()) {
    report(FindingSeverity::error, "packet-data-outside", "RawDataOffset", PacketV1::kRawDataOffset.offset,
           fmt::format("the data starts at {}, outside {} to {}", offset, kPacketHeaderV1, packet.size()));
    return;
  }
  data_ = packet.subspan(offset);
  if (length <= data_.size()) {
    data_ = data_.first(length);
  } else {
    report(FindingSeverity::note, "packet-data-length-is-maximum", "RawDataLength",
           PacketV1::kRawDataLength.offset,
           fmt::format("the length is {}, but {} bytes are there: Windows puts the source's maximum here",
                       length, data_.size()));
  }
}

void Packet::decode_v2() {
  const auto header = *layout::View<PacketV2>::make(kPacketV2, bytes_);
  if (header[PacketV2::kVersion] != kPacketVersionV2)
    report(FindingSeverity::warning, "packet-version", "Version", PacketV2::kVersion.offset,
           fmt::format("version {} of a 'WHEA' packet is not known", header[PacketV2::kVersion]));
  const Bytes packet = whole(header[PacketV2::kLength], kPacketHeaderV2, "Length", PacketV2::kLength.offset,
                             (header[PacketV2::kErrorSeverity] & kPacketLogDataFollows) != 0);

  const auto part = [&](std::uint32_t offset, std::uint32_t length, std::string_view field,
                        std::uint64_t field_offset) -> std::optional<CheckedRange> {
    if (length == 0) return std::nullopt;
    const auto range = CheckedRange::make(offset, length, packet.size());
    if (!range || offset < kPacketHeaderV2) {
      report(
          FindingSeverity::error, "packet-data-outside", field, field_offset,
          fmt::format("{} bytes at {} are outside {} to {}", length, offset, kPacketHeaderV2, packet.size()));
      return std::nullopt;
    }
    return range;
  };
  const auto bytes_of = [&](const std::optional<CheckedRange>& range) {
    return range ? packet.subspan(static_cast<std::size_t>(range->offset()),
                                  static_cast<std::size_t>(range->size()))
                 : Bytes();
  };
  const auto data = part(header[PacketV2::kDataOffset], header[PacketV2::kDataLength], "DataOffset",
                         PacketV2::kDataOffset.offset);
  const auto pshed = part(header[PacketV2::kPshedDataOffset], header[PacketV2::kPshedDataLength],
                          "PshedDataOffset", PacketV2::kPshedDataOffset.offset);
  if (data && pshed && data->overlaps(*pshed))
    report(FindingSeverity::warning, "packet-data-overlap", "PshedDataOffset",
           PacketV2::kPshedDataOffset.offset, "data and PSHED data share bytes");
  data_ = bytes_of(data);
  pshed_data_ = bytes_of(pshed);
}

Bytes Packet::whole(std::uint32_t length, std::size_t header, std::string_view field, std::uint64_t offset,
                    bool log_data_follows) {
  if (length < header) {
    report(FindingSeverity::error, "packet-length-short", field, offset,
           fmt::format("the length is {}, but the header alone has {} bytes", length, header));
    return bytes_;
  }
  if (length > bytes_.size()) {
    report(FindingSeverity::error, "packet-length-beyond-input", field, offset,
           fmt::format("the length is {}, but only {} bytes are there", length, bytes_.size()));
    return bytes_;
  }
  Bytes behind = bytes_.subspan(length);
  if (log_data_follows && behind.size() < kPacketLogData.size) {
    report(FindingSeverity::warning, "packet-log-data-outside", "ErrorSeverity",
           PacketV2::kErrorSeverity.offset,
           fmt::format("{} bytes of log data should follow the packet, {} do", kPacketLogData.size,
                       behind.size()));
  } else if (log_data_follows) {
    log_data_ = behind.first(kPacketLogData.size);
    behind = behind.subspan(kPacketLogData.size);
  }
  if (!behind.empty())
    report(FindingSeverity::note, "packet-bytes-behind", "", bytes_.size() - behind.size(),
           fmt::format("{} bytes follow the packet", behind.size()));
  return bytes_.first(length);
}

void Packet::report(FindingSeverity severity, std::string_view code, std::string_view path,
                    std::uint64_t offset, std::string message) {
  findings_.push_back({severity, code, std::move(message), std::string(path), offset, kClause});
}

}  // namespace wheatstone::whea
