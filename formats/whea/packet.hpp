// Error packets: what a low-level handler gives the kernel. WHEA_ERROR_PACKET_V2 (Windows 7 and later) and
// WHEA_ERROR_PACKET_V1 (Vista SP1, Server 2008). Source: WDK ntddk.h of builds 6001 to 28000.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "formats/cper/guids.hpp"
#include "formats/cper/sections/memory.hpp"
#include "formats/cper/sections/nmi.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "formats/cper/sections/processor_generic.hpp"
#include "formats/cper/severity.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/view.hpp"
#include "formats/whea/error_source.hpp"

namespace wheatstone::whea {

inline constexpr std::uint32_t kPacketSignatureV1 = 0x74507245;  // "ErPt"
inline constexpr std::uint32_t kPacketSignatureV2 = 0x41454857;  // "WHEA"
inline constexpr std::uint32_t kPacketVersionV1 = 2;
inline constexpr std::uint32_t kPacketVersionV2 = 3;
inline constexpr std::size_t kPacketHeaderV1 = 280;
inline constexpr std::size_t kPacketHeaderV2 = 80;

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

// WHEA_ERROR_PACKET_FLAGS.
inline constexpr std::uint32_t kPacketPreviousError = 1u << 0;
inline constexpr std::uint32_t kPacketHypervisorError = 1u << 2;
inline constexpr std::uint32_t kPacketSimulated = 1u << 3;

namespace tables {
using namespace layout;

inline constexpr Name kErrorTypes[] = {{0, "Processor"}, {1, "Memory"},     {2, "PCIExpress"}, {3, "NMI"},
                                       {4, "PCIXBus"},   {5, "PCIXDevice"}, {6, "Generic"},    {7, "Pmem"}};
inline constexpr Name kRawDataFormats[] = {
    {0, "IPFSalRecord"}, {1, "IA32MCA"}, {2, "Intel64MCA"}, {3, "AMD64MCA"},   {4, "Memory"},
    {5, "PCIExpress"},   {6, "NMIPort"}, {7, "PCIXBus"},    {8, "PCIXDevice"}, {9, "Generic"}};
inline constexpr Name kDataFormats[] = {{0, "IPFSalRecord"}, {1, "XPFMCA"},  {2, "Memory"},
                                        {3, "PCIExpress"},   {4, "NMIPort"}, {5, "PCIXBus"},
                                        {6, "PCIXDevice"},   {7, "Generic"}};

inline constexpr Bit kPacketFlags[] = {{0, 1, "PreviousError"},
                                       {1, 1, "CriticalEvent"},
                                       {2, 1, "HypervisorError"},
                                       {3, 1, "Simulated"},
                                       {4, 1, "PlatformPfaControl"},
                                       {5, 1, "PlatformDirectedOffline"},
                                       {6, 1, "AddressTranslationRequired"},
                                       {7, 1, "AddressTranslationCompleted"},
                                       {8, 1, "RecoveryOptional"}};

inline constexpr Field kPacketV2Fields[] = {
    ascii(0, 4, "Signature"),
    u32(4, "Version"),
    u32(8, "Length").unit("bytes"),
    u32(12, "Flags").bits(kPacketFlags),
    u32(16, "ErrorType").names(kErrorTypes),
    u32(20, "ErrorSeverity").names(cper::kSeverityNames),
    u32(24, "ErrorSourceId"),
    u32(28, "ErrorSourceType").names(kErrorSourceTypeNames),
    guid(32, "NotifyType").names(cper::kNotifyNames),
    u64(48, "Context").hex(),
    u32(56, "DataFormat").names(kDataFormats),
    pad(60, 4, "Reserved1"),
    u32(64, "DataOffset").unit("bytes").about("from the start of the packet"),
    u32(68, "DataLength").unit("bytes"),
    u32(72, "PshedDataOffset").unit("bytes").about("from the start of the packet"),
    u32(76, "PshedDataLength").unit("bytes"),
};

// The union of V1 is 208 bytes in every build; its member goes by ErrorType.
inline constexpr ChoiceRow kPacketV1Rows[] = {{0, {}, "ProcessorError", {}, kForms<cper::kProcessorGeneric>},
                                              {1, {}, "MemoryError", {}, kForms<cper::kMemory>},
                                              {2, {}, "PciExpressError", {}, kForms<cper::kPciExpress>},
                                              {3, {}, "NmiError", {}, kForms<cper::kNmi>}};
inline constexpr Choice kPacketV1Union{.selector = "ErrorType", .at = {32, 4, 0, 32}, .rows = kPacketV1Rows};

inline constexpr Field kPacketV1Fields[] = {
    ascii(0, 4, "Signature"),
    u32(4, "Flags").bits(kPacketFlags),
    u32(8, "Size").unit("bytes"),
    u32(12, "RawDataLength").unit("bytes").about("the most the source may give, not what is here"),
    u64(16, "Reserved1").hex(),
    u64(24, "Context").hex(),
    u32(32, "ErrorType").names(kErrorTypes),
    u32(36, "ErrorSeverity").names(cper::kSeverityNames),
    u32(40, "ErrorSourceId"),
    u32(44, "ErrorSourceType").names(kErrorSourceTypeNames),
    pad(48, 4, "Reserved2"),
    u32(52, "Version"),
    u64(56, "Cpu").hex(),
    list(64, "Error", 26, 8).hex().choose(kPacketV1Union),
    u32(272, "RawDataFormat").names(kRawDataFormats),
    u32(276, "RawDataOffset").unit("bytes").about("from the start of the packet"),
};

inline constexpr Name kMcaExceptionTypes[] = {{0, "MCE"}, {1, "MCA"}};
inline constexpr Field kMcaExceptionFields[] = {
    u32(0, "VersionNumber"),
    u32(4, "ExceptionType").names(kMcaExceptionTypes),
    u64(8, "TimeStamp").filetime(),
    u32(16, "ProcessorNumber"),
    pad(20, 4, "Reserved1"),
    u8(24, "BankNumber"),
    pad(25, 7, "Reserved2"),
    u64(32, "Status").hex(),
    u64(40, "Address").hex(),
    u64(48, "Misc").hex(),
    u32(56, "ExtCnt"),
    pad(60, 4, "Reserved3"),
    list(64, "ExtReg", 24, 8).hex(),
};
}  // namespace tables

inline constexpr layout::Layout kPacketV2{.name = "ErrorPacketV2",
                                          .structure = "WHEA_ERROR_PACKET_V2",
                                          .clause = "WDK ntddk.h (7600)",
                                          .min = kPacketHeaderV2,
                                          .size = kPacketHeaderV2,
                                          .fields = tables::kPacketV2Fields};
static_assert(layout::check(kPacketV2));

inline constexpr layout::Layout kPacketV1{.name = "ErrorPacketV1",
                                          .structure = "WHEA_ERROR_PACKET_V1",
                                          .clause = "WDK ntddk.h (6001)",
                                          .min = kPacketHeaderV1,
                                          .size = kPacketHeaderV1,
                                          .fields = tables::kPacketV1Fields};
static_assert(layout::check(kPacketV1));

// Raw data of a V1 packet about a machine check, and what parameter 2 of bug check 0x9C points at.
inline constexpr layout::Layout kMcaException{.name = "McaException",
                                              .structure = "MCA_EXCEPTION",
                                              .clause = "WDK ntddk.h",
                                              .min = 256,
                                              .size = 256,
                                              .fields = tables::kMcaExceptionFields};
static_assert(layout::check(kMcaException));

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
  static constexpr auto kErrorType = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "ErrorType");
  static constexpr auto kErrorSeverity = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "ErrorSeverity");
  static constexpr auto kErrorSourceId = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "ErrorSourceId");
  static constexpr auto kErrorSourceType =
      layout::handle<PacketV1, std::uint32_t>(kPacketV1, "ErrorSourceType");
  static constexpr auto kVersion = layout::handle<PacketV1, std::uint32_t>(kPacketV1, "Version");
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

  std::span<const Finding> findings() const noexcept { return findings_; }

 private:
  void decode_v1();
  void decode_v2();
  // The bytes that Length or Size says are the packet.
  Bytes whole(std::uint32_t length, std::size_t header, std::string_view field, std::uint64_t offset);
  void report(FindingSeverity severity, std::string_view code, std::string_view path, std::uint64_t offset,
              std::string message);

  Bytes bytes_;
  PacketVersion version_ = PacketVersion::unknown;
  Bytes data_;
  Bytes pshed_data_;
  std::vector<Finding> findings_;
};

}  // namespace wheatstone::whea
