#include "formats/cper/section.hpp"

#include <array>

#include "formats/cper/header.hpp"
#include "formats/cper/sections/arm_aborts.hpp"
#include "formats/cper/sections/arm_processor.hpp"
#include "formats/cper/sections/arm_ras.hpp"
#include "formats/cper/sections/arm_ras_node.hpp"
#include "formats/cper/sections/ccix.hpp"
#include "formats/cper/sections/correctable_summary.hpp"
#include "formats/cper/sections/cxl_events.hpp"
#include "formats/cper/sections/cxl_protocol.hpp"
#include "formats/cper/sections/dmar.hpp"
#include "formats/cper/sections/error_packet.hpp"
#include "formats/cper/sections/firmware.hpp"
#include "formats/cper/sections/fru_memory_poison.hpp"
#include "formats/cper/sections/ipf_processor.hpp"
#include "formats/cper/sections/memory.hpp"
#include "formats/cper/sections/memory2.hpp"
#include "formats/cper/sections/memory_extension.hpp"
#include "formats/cper/sections/memory_range.hpp"
#include "formats/cper/sections/mu_telemetry.hpp"
#include "formats/cper/sections/nmi.hpp"
#include "formats/cper/sections/opaque.hpp"
#include "formats/cper/sections/pci_recovery.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "formats/cper/sections/pcix.hpp"
#include "formats/cper/sections/pmem.hpp"
#include "formats/cper/sections/processor_generic.hpp"
#include "formats/cper/sections/raw_data.hpp"
#include "formats/cper/sections/recovery_info.hpp"
#include "formats/cper/sections/vendors.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/cper/sections/xpf_processor.hpp"

namespace wheatstone::cper {
namespace {

constexpr SectionType kTypes[] = {
    {kSectionProcessorGeneric, "ProcessorGeneric", layout::kForms<kProcessorGeneric>},
    {kSectionXpfProcessor, "XpfProcessor", layout::kForms<kXpfProcessorMisplaced, kXpfProcessor>,
     xpf_processor_form},
    {kSectionXpfMca, "XpfMca", layout::kForms<kXpfMcaV1, kXpfMcaV2, kXpfMcaV3, kXpfMcaV4, kXpfMcaV5>},
    {kSectionMemory, "Memory", layout::kForms<kMemory>},
    {kSectionPciExpress, "PciExpress", layout::kForms<kPciExpress>},
    {kSectionNmi, "Nmi", layout::kForms<kNmi>},
    {kSectionRecoveryInfo, "RecoveryInfo", layout::kForms<kRecoveryInfo>},
    {"e429faf1-3cb7-11d4-bca7-0080c73c8881"_guid, "IpfProcessor", layout::kForms<kIpfProcessor>},
    {"e19e3d16-bc11-11e4-9caa-c2051d5d46b0"_guid, "ArmProcessor", layout::kForms<kArmProcessor>},
    {"61ec04fc-48e6-d813-25c9-8daa44750b12"_guid, "Memory2", layout::kForms<kMemory2>},
    {"c5753963-3b84-4095-bf78-eddad3f9c9dd"_guid, "PciXBus", layout::kForms<kPciXBus>},
    {"eb5e4685-ca66-4769-b6a2-26068b001326"_guid, "PciXDevice", layout::kForms<kPciXDevice>},
    {"81212a96-09ed-4996-9471-8d729c8e69ed"_guid, "FirmwareErrorRecordReference",
     layout::kForms<kFirmwareWindows, kFirmwareUefi>},
    {"5b51fef7-c79d-4434-8f1b-aa62de3e2c64"_guid, "DmarGeneric", layout::kForms<kDmarGeneric>},
    {"71761d37-32b2-45cd-a7d0-b0fedd93e8cf"_guid, "DmarVtd", layout::kForms<kDmarVtd>},
    {"036f84e1-7f37-428c-a79e-575fdfaa84ec"_guid, "DmarIommu", layout::kForms<kDmarIommu>},
    {"91335ef6-ebfb-4478-a6a6-88b728cf75d7"_guid, "CcixPer", layout::kForms<kCcixPer>},
    {"80b9efb4-52b5-4de3-a777-68784b771048"_guid, "CxlProtocol", layout::kForms<kCxlProtocol>},
    {"e71254e8-c1b9-4940-ab76-909703a4320f"_guid, "Generic", layout::kForms<kGeneric>},
    {"e71254e9-c1b9-4940-ab76-909703a4320f"_guid, "ErrorPacket",
     layout::kForms<kErrorPacketV2, kErrorPacketV1>, error_packet_form<kErrorPacketV1>},
    {"6f3380d1-6eb0-497f-a578-4d4c65a71617"_guid, "IpfSalRecord", layout::kForms<kIpfSalRecord>},
    {"81687003-dbfd-4728-9ffd-f0904f97597d"_guid, "Pmem", layout::kForms<kPmem>},
    {"85183a8b-9c41-429c-939c-5c3c087ca280"_guid, "MuTelemetry", layout::kForms<kMuTelemetry>},
    {"1c15b445-9b06-4667-ac25-33c056b88803"_guid, "MsrDump", layout::kForms<kMsrDump>},
    {"ec49534b-30e7-4358-972f-eca6958fae3b"_guid, "DpcCapability", layout::kForms<kDpcCapability>},
    {"e96eca99-53e2-4f52-9be7-d2dbe9508ed0"_guid, "PcieCorrectableSummary",
     layout::kForms<kPcieCorrectableSummary>},
    {"0e36c93e-ca15-4a83-ba8a-cbe80f7f0017"_guid, "MemoryCorrectableSummary",
     layout::kForms<kMemoryCorrectableSummary>},
    {"f5fe48a6-84ce-4c1e-aa64-20c9a53099f1"_guid, "Sea", layout::kForms<kSea>},
    {"f2a4a152-9c6d-4020-aecf-7695b389251b"_guid, "Sei", layout::kForms<kSei>},
    {"dd060800-f6e1-4204-ac27-c4bca9568402"_guid, "PciRecovery", layout::kForms<kPciRecovery>},
    {"e16edb28-6113-4263-a41d-e53f8de78751"_guid, "MemoryExtensionIntel",
     layout::kForms<kMemoryExtensionIntel>},
    {"0d3a4a3b-774a-4c72-95e2-152d43180374"_guid, "MemoryExtensionAmd", layout::kForms<kMemoryExtensionAmd>},
    {"cc245308-61d5-4356-a707-25172ec2f5ea"_guid, "MemoryRange", layout::kForms<kMemoryRange>},
    {"c6749ac0-16fb-4868-b976-65a61299834f"_guid, "ExtendedRas", layout::kForms<kExtendedRas>},
    {"e3ebf4a2-df50-4708-b2d7-0b29ec2f7aa9"_guid, "ArmRasNode", layout::kForms<kArmRasNode>},
    {"fbcd0a77-c260-417f-85a9-088b1621eba6"_guid, "CxlGeneralMedia", layout::kForms<kCxlGeneralMedia>},
    {"601dcbb3-9c06-4eab-b8af-4e9bfb5c9624"_guid, "CxlDram", layout::kForms<kCxlDram>},
    {"fe927475-dd59-4339-a586-79bab113b774"_guid, "CxlMemoryModule", layout::kForms<kCxlMemoryModule>},
    {"77cf9271-9c02-470b-9fe4-bc7b75f2da97"_guid, "CxlPhysicalSwitch", layout::kForms<kCxlPhysicalSwitch>},
    {"40d26425-3396-4c4d-a5da-3d47263af425"_guid, "CxlVirtualSwitch", layout::kForms<kCxlVirtualSwitch>},
    {"8dc44363-0c96-4710-b7bf-04bb99534c3f"_guid, "CxlMldPort", layout::kForms<kCxlMldPort>},
    // WDK 28000 has these two with their first three numbers byte-swapped.
    {"b3cb1d60-069c-ab4e-b8af-4e9bfb5c9624"_guid, "CxlDramByteSwapped", layout::kForms<kCxlDram>},
    {"757492fe-59dd-3943-a586-79bab113b774"_guid, "CxlMemoryModuleByteSwapped",
     layout::kForms<kCxlMemoryModule>},
    {"5e4706c1-5356-48c6-930b-52f2120a4458"_guid, "FruMemoryPoison", layout::kForms<kFruMemoryPoison>},
    {"bf32d4d5-b427-4025-8495-8a9e5d4030e4"_guid, "ArmRas", layout::kForms<kArmRasElsewhere, kArmRas>,
     arm_ras_form},
    {"6d5244f2-2712-11ec-bea7-cb3fdb95c786"_guid, "Nvidia", layout::kForms<kNvidia>},
    {"2826cc9f-448c-4c2b-86b6-a95394b7ef33"_guid, "Ampere", layout::kForms<kAmpere>},
    {"390f56d5-ca86-4649-95c4-73a408ae5834"_guid, "X64ProcessorVistaSp1",
     layout::kForms<kX64ProcessorVistaSp1>},
    {"59a0a229-9399-4140-85b3-06d48a9e0060"_guid, "PlatformCacheVistaSp1",
     layout::kForms<kPlatformCacheVistaSp1>},
};

constexpr Reading kReadings[] = {
    {"ArmProcessor", "Windows", layout::kForms<kArmProcessorWindows>,
     "address space 2 is device memory, 3 in EDK2 and LIBCPER; the WDK calls ESR_EL1 of type 5 contexts "
     "ESR_EL2"},
    {"ArmProcessor", "LIBCPER", layout::kForms<kArmProcessorLibcper>,
     "the error type is a mask: 1 cache, 2 TLB, 4 bus, 8 micro-architecture; EDK2 counts them from 0"},
    {"ArmProcessor", "Linux", layout::kForms<kArmProcessorLinux>,
     "the error type is a mask from bit 1 on, as current kernels read UEFI 2.10: 2 cache, 4 TLB, 8 bus"},
    {"CxlProtocol", "LIBCPER", layout::kForms<kCxlProtocolLibcper>,
     "CxlAgentType 0 is a CXL 1.1 device and 1 a CXL 1.1 host downstream port; other types have no address"},
    {"DmarGeneric", "LIBCPER", layout::kForms<kDmarGenericLibcper>,
     "AccessType 0 is a write and 1 a read, ArchType 0 is VT-d and 1 IOMMU; EDK2 has it the other way round"},
    {"ErrorPacket", "VistaSP1", layout::kForms<kErrorPacketV2, kErrorPacketV1VistaSp1>,
     "bit 1 of the flags of a V1 packet is CpuValid; it is CriticalEvent since 19041, and reserved in "
     "between",
     error_packet_form<kErrorPacketV1VistaSp1>},
    {"PciXDevice", "VistaSP1", layout::kForms<kPciXDeviceVistaSp1>,
     "four register pairs are always there, whatever the counts say: 104 bytes"},
    {"ProcessorGeneric", "UEFI", layout::kForms<kProcessorGenericUefi>,
     "InstructionSet 3 is AArch32 (Linux) and 4 AArch64 (EDK2, Linux); 4 is ARM32 and 8 ARM64 on Windows"},
    {"RecordHeader", "VistaSP1", layout::kForms<kRecordHeaderVistaSp1>,
     "the bit-field of the Vista SP1 WDK has bit 0 Timestamp and bit 1 PlatformId; its own constants do not"},
    {"SectionDescriptor", "UEFI", layout::kForms<kSectionDescriptorUefi>,
     "flag bit 7 is Overflow in the UEFI text that LIBCPER follows, FruTextByPlugin on Windows"},
};

// Open addressing over the GUIDs, built by the compiler. A quarter full at most.
constexpr std::size_t kSlots = 256;
static_assert(std::size(kTypes) * 4 <= kSlots);
constexpr std::uint8_t kEmpty = 0xff;

constexpr std::size_t slot_of(const Guid& guid) noexcept {
  const std::uint64_t word = load_le<std::uint64_t>(guid.bytes.data());
  return static_cast<std::size_t>((word * 0x9e3779b97f4a7c15) >> 56);
}

constexpr std::array<std::uint8_t, kSlots> kIndex = [] {
  std::array<std::uint8_t, kSlots> index{};
  index.fill(kEmpty);
  for (std::size_t i = 0; i < std::size(kTypes); ++i) {
    std::size_t slot = slot_of(kTypes[i].guid);
    while (index[slot] != kEmpty) slot = (slot + 1) % kSlots;
    index[slot] = static_cast<std::uint8_t>(i);
  }
  return index;
}();

constexpr std::array<layout::ChoiceRow, std::size(kTypes)> kChoiceRows = [] {
  std::array<layout::ChoiceRow, std::size(kTypes)> rows{};
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] = {.guid = kTypes[i].guid, .name = kTypes[i].name, .forms = kTypes[i].forms};
  return rows;
}();

}  // namespace

static_assert(std::size(kTypes) == kSectionTypeCount);

constexpr std::array<layout::GuidName, kSectionTypeCount> kSectionTypeNames = [] {
  std::array<layout::GuidName, kSectionTypeCount> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = {kTypes[i].guid, kTypes[i].name};
  return names;
}();

constexpr layout::Choice kSectionChoice{
    .selector = "SectionType", .at = {0, Guid::kSize, 0, 64}, .rows = kChoiceRows};

std::span<const SectionType> section_types() noexcept {
  return kTypes;
}

const SectionType* find_section(const Guid& guid) noexcept {
  for (std::size_t slot = slot_of(guid); kIndex[slot] != kEmpty; slot = (slot + 1) % kSlots)
    if (kTypes[kIndex[slot]].guid == guid) return &kTypes[kIndex[slot]];
  return nullptr;
}

const SectionType* find_section(std::string_view name) noexcept {
  for (const SectionType& type : kTypes)
    if (type.name == name) return &type;
  return nullptr;
}

std::span<const Reading> section_readings() noexcept {
  return kReadings;
}

const Reading* find_reading(std::string_view full_name) noexcept {
  const std::size_t colon = full_name.find(':');
  if (colon == std::string_view::npos) return nullptr;
  for (const Reading& reading : kReadings)
    if (reading.section == full_name.substr(0, colon) && reading.name == full_name.substr(colon + 1))
      return &reading;
  return nullptr;
}

const Reading* reading_of(std::string_view section, Readings readings) noexcept {
  for (const Reading* reading : readings)
    if (reading->section == section) return reading;
  return nullptr;
}

}  // namespace wheatstone::cper
