// Error packets: what a low-level handler gives the kernel. WHEA_ERROR_PACKET_V2 (Windows 7 and later) and
// WHEA_ERROR_PACKET_V1 (Vista SP1, Server 2008). Their layouts are those of the section that carries a packet
// (formats/cper/sections/error_packet.hpp). Source: WDK ntddk.h of builds 6001 to 28000.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "formats/cper/guids.hpp"
#include "formats/cper/sections/error_packet.hpp"
#include "formats/cper/severity.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/view.hpp"
#include "formats/whea/error_source.hpp"

namespace wheatstone::whea {

using cper::kMcaException;
using cper::kPacketLogData;
using cper::kPacketSignatureV1;
using cper::kPacketSignatureV2;
inline constexpr const layout::Layout& kPacketV1 = cper::kErrorPacketV1;
inline constexpr const layout::Layout& kPacketV2 = cper::kErrorPacketV2;

inline constexpr std::uint32_t kPacketVersionV1 = 2;
inline constexpr std::uint32_t kPacketVersionV2 = 3;
inline constexpr std::size_t kPacketHeaderV1 = kPacketV1.size;
inline constexpr std::size_t kPacketHeaderV2 = kPacketV2.size;
inline constexpr std::size_t kPacketErrorV1 = 208;  // of the union of V1

// WHEA_ERROR_TYPE.
enum class ErrorType : std::uint32_t {
  processor = 0,
  memory = 1,
  pci_express = 2,
  nmi = 3,
  pcix_bus = 4,
  pcix_device = 5,
  generic = 6,
  pmem = 7,
};

// WHEA_ERROR_PACKET_DATA_FORMAT.
enum class DataFormat : std::uint32_t {
  ipf_sal_record = 0,
  xpf_mca = 1,
  memory = 2,
  pci_express = 3,
  nmi_port = 4,
  pcix_bus = 5,
  pcix_device = 6,
  generic = 7,
};

// WHEA_RAW_DATA_FORMAT of V1.
enum class RawDataFormat : std::uint32_t {
  ipf_sal_record = 0,
  ia32_mca = 1,
  intel64_mca = 2,
  amd64_mca = 3,
  memory = 4,
  pci_express = 5,
  nmi_port = 6,
  pcix_bus = 7,
  pcix_device = 8,
  generic = 9,
};

// WHEA_ERROR_PACKET_FLAGS.
inline constexpr std::uint32_t kPacketPreviousError = 1u << 0;
inline constexpr std::uint32_t kPacketHypervisorError = 1u << 2;
inline constexpr std::uint32_t kPacketSimulated = 1u << 3;

// A private bit of ErrorSeverity: WHEA_PACKET_LOG_DATA follows the packet.
inline constexpr std::uint32_t kPacketLogDataFollows = 1u << 30;

struct PacketV2 {
  static constexpr auto kVersion = layout::handle<PacketV2, std::uint32_t>(kPacketV2, "Version");
  static constexpr auto kLength = layout::handle<PacketV2, std::uint32_t>(kPacketV2, "Length");
  static constexpr auto kFlags = layout::handle<PacketV2, std::uint32_t>(kPacketV2, "Flags");
  static constexpr auto kErrorType = layout::handle<PacketV2, std::uint32_t>(kPacketV2, "ErrorType");
  static constexpr auto kErrorSeverity = layout::handle<PacketV2, std::uint32_t>(kPacketV2, "ErrorSeverity");
  static constexpr auto kErrorSourceId = layout::handle<PacketV2, std::uint32_t>(kPacketV2, "ErrorSourceId");
  static constexpr auto kErrorSourceType =
      layout::handle<PacketV2, std::uint32_t>(kPacketV2, "ErrorSourceType");
  static constexpr auto kNotifyType = layout::handle<PacketV2, Guid>(kPacketV2, "NotifyType");
  static constexpr auto kContext = layout::handle<PacketV2, std::uint64_t>(kPacketV2, "Context");
  static constexpr auto kDataFormat = layout::handle<PacketV2, std::uint32_t>(kPacketV2, "DataFormat");
  static constexpr auto kDataOffset = layout::handle<PacketV2, std::uint32_t>(kPacketV2, "DataOffset");
  static constexpr auto kDataLength = layout::handle<PacketV2, std::uint32_t>(kPacketV2, "DataLength");
  static constexpr auto kPshedDataOffset =
      layout::handle<PacketV2, std::uint32_t>(kPacketV2, "PshedDataOffset");
  static constexpr auto kPshedDataLength =
      layout::handle<PacketV2, std::uint32_t>(kPacketV2, "PshedDataLength");
};

struct PacketV1 {
  static constexpr auto kFlags = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "Flags");
  static constexpr auto kSize = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "Size");
  static constexpr auto kRawDataLength = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "RawDataLength");
  static constexpr auto kContext = layout::handle<PacketV1, std::uint64_t>(kPacketV1, "Context");
  static constexpr auto kErrorType = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "ErrorType");
  static constexpr auto kErrorSeverity = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "ErrorSeverity");
  static constexpr auto kErrorSourceId = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "ErrorSourceId");
  static constexpr auto kErrorSourceType =
      layout::handle<PacketV1, std::uint32_t>(kPacketV1, "ErrorSourceType");
  static constexpr auto kVersion = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "Version");
  static constexpr auto kCpu = layout::handle<PacketV1, std::uint64_t>(kPacketV1, "Cpu");
  static constexpr auto kRawDataFormat = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "RawDataFormat");
  static constexpr auto kRawDataOffset = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "RawDataOffset");
};

struct NewPacket {
  std::uint32_t flags = 0;
  ErrorType error_type = ErrorType::processor;
  cper::Severity severity = cper::Severity::fatal;
  std::uint32_t source_id = 0;
  ErrorSourceType source_type = ErrorSourceType::mce;
  Guid notify_type = cper::kNotifyMce;
  std::uint64_t context = 0;
  DataFormat data_format = DataFormat::xpf_mca;
};

// The packet in one piece: header, data, PSHED data. A part without bytes has offset and length 0. Fails
// (invalid_argument) if the packet would exceed 4 GiB.
Result<Buffer> encode_packet_v2(const NewPacket& packet, Bytes data, Bytes pshed_data = {});

struct NewPacketV1 {
  std::uint32_t flags = 0;
  ErrorType error_type = ErrorType::processor;
  cper::Severity severity = cper::Severity::fatal;
  std::uint32_t source_id = 0;
  ErrorSourceType source_type = ErrorSourceType::mce;
  std::uint64_t context = 0;
  std::uint64_t cpu = 0;
  RawDataFormat raw_data_format = RawDataFormat::amd64_mca;
  // What Windows writes here is the most the source may give; absent: the length of the raw data.
  std::optional<std::uint32_t> raw_data_length{};
};

// The packet in one piece: header with `error`, the member of its union (the rest of the union is zero), then
// the raw data at 280. Fails (invalid_argument) if the member has more than 208 bytes or the packet would
// exceed 4 GiB.
Result<Buffer> encode_packet_v1(const NewPacketV1& packet, Bytes error, Bytes raw_data = {});

enum class PacketVersion : std::uint8_t { unknown, v1, v2 };

// A packet is its bytes; decoding finds where its parts are and what is wrong. Never fails, loses nothing,
// takes constant time.
class Packet {
 public:
  // `bytes` must outlive the packet.
  static Packet decode(Bytes bytes);

  // By the first four bytes; unknown also if the header is cut short.
  PacketVersion version() const noexcept { return version_; }
  Bytes bytes() const noexcept { return bytes_; }
  // Without value unless version() says so.
  std::optional<layout::View<PacketV1>> v1() const noexcept;
  std::optional<layout::View<PacketV2>> v2() const noexcept;
  // Of the header; nullptr if the version is unknown.
  const layout::Layout* layout() const noexcept;

  // What the source gave; empty if there is nothing or it does not lie inside the packet.
  Bytes data() const noexcept { return data_; }
  // The structure that the data format says data() is; nullptr if we know none or it is too short for it.
  const layout::Layout* data_layout() const noexcept;
  // What PSHED or a plug-in added (V2 only).
  Bytes pshed_data() const noexcept { return pshed_data_; }
  // WHEA_PACKET_LOG_DATA behind the packet of a device driver (V2 only); empty if there is none.
  Bytes log_data() const noexcept { return log_data_; }

  std::span<const Finding> findings() const noexcept { return findings_; }

 private:
  void decode_v1();
  void decode_v2();
  // The bytes that Length or Size says are the packet.
  Bytes whole(std::uint32_t length, std::size_t header, std::string_view field, std::uint64_t offset,
              bool log_data_follows);
  void report(FindingSeverity severity, std::string_view code, std::string_view path, std::uint64_t offset,
              std::string message);

  Bytes bytes_;
  PacketVersion version_ = PacketVersion::unknown;
  Bytes data_;
  Bytes pshed_data_;
  Bytes log_data_;
  std::vector<Finding> findings_;
};

}  // namespace wheatstone::whea
