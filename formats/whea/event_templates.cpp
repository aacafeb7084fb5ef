#include "formats/cper/error_status.hpp"
#include "formats/cper/sections/memory.hpp"
#include "formats/whea/event.hpp"
#include "formats/whea/mca.hpp"

namespace wheatstone::whea {
namespace {

using layout::Name;
using layout::Names;

// ---- value maps, in the words of the event log
// -------------------------------------------------------------------

constexpr Name kErrorSources[] = {{0, "Unknown Error Source"},
                                  {1, "Corrected Machine Check"},
                                  {2, "Corrected Platform Error"},
                                  {3, "Machine Check Exception"},
                                  {4, "Advanced Error Reporting (PCI Express)"},
                                  {5, "INIT"},
                                  {6, "Non Maskable Interrupt"},
                                  {7, "BOOT"},
                                  {8, "Generic"}};
constexpr Name kMcaErrors[] = {{0, "No Error"},
                               {1, "Unclassified Error"},
                               {2, "Microcode ROM Parity Error"},
                               {3, "External Error"},
                               {4, "FRC Error"},
                               {5, "Internal Timer Error"},
                               {6, "Internal Unclassified Error"},
                               {7, "Generic Cache Hierarchy Error"},
                               {8, "Translation Lookaside Buffer Error"},
                               {9, "Cache Hierarchy Error"},
                               {10, "Bus/Interconnect Error"},
                               {11, "Memory Controller Error"},
                               {12, "Internal Parity Error"},
                               {256, "Unknown Error"}};
constexpr Name kTransactions[] = {
    {0, "Instruction"}, {1, "Data"}, {2, "Generic"}, {3, "Reserved"}, {256, "N/A"}};
constexpr Name kParticipations[] = {{0, "Local node originated the request"},
                                    {1, "Local node responded to the request"},
                                    {2, "Local node observed the request as a third party"},
                                    {3, "Generic"},
                                    {256, "N/A"}};
constexpr Name kRequests[] = {
    {0, "Generic Error"},     {1, "Generic Read"}, {2, "Generic Write"}, {3, "Data Read"}, {4, "Data Write"},
    {5, "Instruction Fetch"}, {6, "Prefetch"},     {7, "Evict"},         {8, "Snoop"},     {256, "N/A"}};
constexpr Name kMemoryOrIo[] = {
    {0, "Memory Access"}, {1, "Reserved"}, {2, "I/O"}, {3, "Generic"}, {256, "N/A"}};
constexpr Name kLevels[] = {{0, "Level 0"}, {1, "Level 1"}, {2, "Level 2"}, {3, "Generic"}, {256, "N/A"}};
constexpr Name kTimeouts[] = {{0, "No"}, {1, "Yes"}, {256, "N/A"}};
constexpr Name kOperations[] = {
    {0, "Generic"}, {1, "Read"}, {2, "Write"}, {3, "Address/Command"}, {256, "N/A"}};
constexpr Name kNotApplicableOnly[] = {{256, "N/A"}};
constexpr Name kNoApicId[] = {{0xffffffff, "N/A"}};
constexpr Name kPortTypes[] = {{0, "PCI Express Endpoint"},
                               {1, "PCI Express Legacy Endpoint"},
                               {4, "PCI Express Root Port"},
                               {5, "PCI Express Upstream Switch Port"},
                               {6, "PCI Express Downstream Switch Port"},
                               {7, "PCI Express to PCI/PCI-X Bridge"},
                               {8, "PCI/PCI-X to PCI Express Bridge"},
                               {9, "PCI Express Root Complex Integrated Endpoint"},
                               {10, "PCI Express Root Complex Event Collector"},
                               {0xff, "N/A"}};
constexpr Name kPcixBusErrors[] = {{0, "Unknown or OEM specific"},
                                   {1, "Data Parity Error"},
                                   {2, "System Error"},
                                   {3, "Master Abort"},
                                   {4, "Bus Timeout"},
                                   {5, "Master Data Parity Error"},
                                   {6, "Address Parity Error"},
                                   {7, "Command Parity Error"}};
constexpr Name kArmErrors[] = {
    {0, "Cache"}, {1, "TLB"}, {2, "Bus"}, {3, "Micro-architectural"}, {256, "N/A"}};
constexpr Name kPending[] = {{0, "has been taken out of service"}, {1, "will be taken out of service"}};
constexpr Name kPlatformDirected[] = {{0, "due to"}, {1, "at the direction of the platform due to"}};
constexpr Name kUncorrected[] = {{0, "one or more corrected errors"}, {1, "an uncorrected error"}};

// ---- fields
// -------------------------------------------------------------------------------------------------------

constexpr EventField u8(std::string_view name, Names names = {}) {
  return {name, InType::u8, {}, 0, names};
}
constexpr EventField u16(std::string_view name, Names names = {}) {
  return {name, InType::u16, {}, 0, names};
}
constexpr EventField u32(std::string_view name, Names names = {}) {
  return {name, InType::u32, {}, 0, names};
}
constexpr EventField u64(std::string_view name) {
  return {name, InType::u64};
}
constexpr EventField hex32(std::string_view name, Names names = {}) {
  return {name, InType::hex32, {}, 0, names};
}
constexpr EventField hex64(std::string_view name) {
  return {name, InType::hex64};
}
constexpr EventField guid(std::string_view name) {
  return {name, InType::guid};
}
constexpr EventField ansi(std::string_view name) {
  return {name, InType::ansi};
}
constexpr EventField unicode(std::string_view name) {
  return {name, InType::unicode};
}
constexpr EventField fixed(std::string_view name, std::uint32_t length) {
  return {name, InType::binary, {}, length};
}
constexpr EventField counted(std::string_view name, std::string_view length_field) {
  return {name, InType::binary, length_field};
}

constexpr EventField kErrorSource = u32("ErrorSource", kErrorSources);
constexpr EventField kLength = u32("Length");
constexpr EventField kRawData = counted("RawData", "Length");

constexpr EventField kRawFields[] = {kLength, kRawData};

constexpr EventField kInitFields[] = {u32("ErrorSourceCount"), u32("ErrorRecordFormat"),
                                      u32("ErrorSourceTableLength"),
                                      counted("ErrorSourceTable", "ErrorSourceTableLength")};
constexpr EventField kPartFields[] = {u32("RecordId"), u32("SeqNum"), kLength, kRawData};
constexpr EventField kOfflineFields[] = {hex64("PhysicalAddress"), u8("Pending", kPending),
                                         u8("PlatformDirected", kPlatformDirected),
                                         u8("Uncorrected", kUncorrected), u8("Persisted")};
constexpr EventField kTerminateFields[] = {u32("ProcessId"), unicode("ProcessName")};
constexpr EventField kLogEntryFields[] = {u32("Type"),  u32("Owner"), u32("Id"),
                                          u32("Flags"), kLength,      kRawData};

constexpr EventField kPcieFields[] = {kErrorSource,
                                      guid("FRUId"),
                                      ansi("FRUText"),
                                      hex64("ValidBits"),
                                      u32("PortType", kPortTypes),
                                      hex32("Version"),
                                      hex32("Command"),
                                      hex32("Status"),
                                      hex32("Bus"),
                                      hex32("Device"),
                                      hex32("Function"),
                                      hex32("Segment"),
                                      hex32("SecondaryBus"),
                                      hex32("Slot"),
                                      hex32("VendorID"),
                                      hex32("DeviceID"),
                                      hex32("ClassCode"),
                                      hex64("DeviceSerialNumber"),
                                      hex32("BridgeControl"),
                                      hex32("BridgeStatus"),
                                      hex32("UncorrectableErrorStatus"),
                                      hex32("CorrectableErrorStatus"),
                                      fixed("HeaderLog", 16),
                                      kLength,
                                      kRawData};
constexpr EventField kPcieV1Fields[] = {kErrorSource,
                                        guid("FRUId"),
                                        ansi("FRUText"),
                                        hex64("ValidBits"),
                                        u32("PortType", kPortTypes),
                                        hex32("Version"),
                                        hex32("Command"),
                                        hex32("Status"),
                                        hex32("Bus"),
                                        hex32("Device"),
                                        hex32("Function"),
                                        hex32("Segment"),
                                        hex32("SecondaryBus"),
                                        hex32("SecondaryDevice"),
                                        hex32("SecondaryFunction"),
                                        hex32("VendorID"),
                                        hex32("DeviceID"),
                                        hex32("ClassCode"),
                                        hex64("DeviceSerialNumber"),
                                        hex32("BridgeControl"),
                                        hex32("BridgeStatus"),
                                        hex32("UncorrectableErrorStatus"),
                                        hex32("CorrectableErrorStatus"),
                                        fixed("HeaderLog", 16),
                                        unicode("PrimaryDeviceName"),
                                        unicode("SecondaryDeviceName")};
constexpr EventField kMcaFields[] = {kErrorSource,
                                     u32("ApicId", kNoApicId),
                                     u32("MCABank"),
                                     hex64("MciStat"),
                                     hex64("MciAddr"),
                                     hex64("MciMisc"),
                                     u32("ErrorType", kMcaErrors),
                                     u32("TransactionType", kTransactions),
                                     u32("Participation", kParticipations),
                                     u32("RequestType", kRequests),
                                     u32("MemorIO", kMemoryOrIo),
                                     u32("MemHierarchyLvl", kLevels),
                                     u32("Timeout", kTimeouts),
                                     u32("OperationType", kOperations),
                                     u32("Channel", kNotApplicableOnly),
                                     kLength,
                                     kRawData};
constexpr EventField kAmdFields[] = {kErrorSource,
                                     u32("ApicId", kNoApicId),
                                     u32("MCABank"),
                                     hex64("MciStat"),
                                     hex64("MciAddr"),
                                     hex64("MciMisc"),
                                     u32("ErrorType", kAmdNorthbridgeErrors),
                                     kLength,
                                     kRawData};
constexpr EventField kMemoryFields[] = {kErrorSource,
                                        guid("FRUId"),
                                        ansi("FRUText"),
                                        hex64("ValidBits"),
                                        hex64("ErrorStatus"),
                                        hex64("PhysicalAddress"),
                                        hex64("PhysicalAddressMask"),
                                        hex32("Node"),
                                        hex32("Card"),
                                        hex32("Module"),
                                        hex32("Bank"),
                                        hex32("Device"),
                                        hex32("Row"),
                                        hex32("Column"),
                                        hex32("BitPosition"),
                                        hex64("RequesterId"),
                                        hex64("ResponderId"),
                                        hex64("TargetId"),
                                        u8("ErrorType", cper::tables::kMemoryErrorTypes),
                                        kLength,
                                        kRawData};
constexpr EventField kMemory1803Fields[] = {kErrorSource,
                                            guid("FRUId"),
                                            ansi("FRUText"),
                                            hex64("ValidBits"),
                                            hex64("ErrorStatus"),
                                            hex64("PhysicalAddress"),
                                            hex64("PhysicalAddressMask"),
                                            hex32("Node"),
                                            hex32("Card"),
                                            hex32("Module"),
                                            hex32("Bank"),
                                            hex32("Device"),
                                            hex32("Row"),
                                            hex32("Column"),
                                            hex32("BitPosition"),
                                            hex64("RequesterId"),
                                            hex64("ResponderId"),
                                            hex64("TargetId"),
                                            u8("ErrorType", cper::tables::kMemoryErrorTypes),
                                            u32("Extended"),
                                            u32("RankNumber"),
                                            u32("CardHandle"),
                                            u32("ModuleHandle"),
                                            kLength,
                                            kRawData};
constexpr EventField kPcixBusFields[] = {kErrorSource,
                                         guid("FRUId"),
                                         ansi("FRUText"),
                                         hex64("ValidBits"),
                                         u16("ErrorType", kPcixBusErrors),
                                         hex32("BusNumber"),
                                         hex32("BusSegment"),
                                         hex64("BusAddress"),
                                         hex64("BusData"),
                                         hex64("Command"),
                                         u8("PCIXCommand"),
                                         hex64("RequesterId"),
                                         hex64("CompleterId"),
                                         hex64("TargetId"),
                                         kLength,
                                         kRawData};
constexpr EventField kPcixDeviceFields[] = {kErrorSource,
                                            guid("FRUId"),
                                            ansi("FRUText"),
                                            hex64("ValidBits"),
                                            u8("ErrorType", cper::kErrorStatusTypes),
                                            hex32("VendorId"),
                                            hex32("DeviceId"),
                                            hex32("ClassCode"),
                                            hex32("FunctionNumber"),
                                            hex32("DeviceNumber"),
                                            hex32("BusNumber"),
                                            hex32("SegmentNumber"),
                                            kLength,
                                            kRawData};
constexpr EventField kArmFields[] = {kErrorSource,
                                     u64("MPIDR_EL1"),
                                     u64("MIDR_EL1"),
                                     hex32("RunningState"),
                                     hex32("PSCIState"),
                                     hex32("ErrorType", kArmErrors),
                                     u32("TransactionType"),
                                     u32("Participation"),
                                     hex32("CacheLevel"),
                                     hex32("AffinityLevel"),
                                     u32("Timeout"),
                                     u32("OperationType"),
                                     u32("TLBOperationType"),
                                     u32("AddressSpace"),
                                     u32("AccessMode"),
                                     u32("PrecisePC"),
                                     u32("RestartablePC"),
                                     hex64("VirtualFaultAddress"),
                                     hex64("PhysicalFaultAddress"),
                                     kLength,
                                     kRawData};
constexpr EventField kBankFields[] = {kErrorSource,     hex32("Bank"),    hex64("MciStatus"),
                                      hex64("MciAddr"), hex64("MciMisc"), ansi("FRUText")};

// ---- events
// -------------------------------------------------------------------------------------------------------

constexpr std::string_view kSystem = "System";
constexpr std::string_view kErrors = "Microsoft-Windows-Kernel-WHEA/Errors";
constexpr std::string_view kOperational = "Microsoft-Windows-Kernel-WHEA/Operational";
constexpr std::uint64_t kSystemBit = 0x8000000000000000;
constexpr std::uint64_t kErrorsBit = 0x4000000000000000;
constexpr std::uint64_t kOperationalBit = 0x2000000000000000;
constexpr std::uint64_t kWheaError = 0x800, kWheaEventLog = 0x400, kErrlog = 0x2;

constexpr EventTemplate logger(std::uint16_t id, std::uint8_t level, std::span<const EventField> fields,
                               std::uint32_t first_build, std::uint8_t version = 0,
                               std::uint64_t keywords = 0) {
  return {.provider = &kWheaLogger,
          .id = id,
          .version = version,
          .channel = 8,
          .level = level,
          .keywords = kSystemBit | keywords,
          .channel_name = kSystem,
          .fields = fields,
          .first_build = first_build};
}

constexpr std::uint8_t kError = 2, kWarning = 3, kInformation = 4;
constexpr std::uint32_t k2008 = 6001, kWin7 = 7600, kWin8 = 9200, k1703 = 15063, k1803 = 17134, k1809 = 17763,
                        k1903 = 18362, k22H2 = 22621;

// By provider and id; the newer form of an event behind the older one.
constexpr EventTemplate kTemplates[] = {
    {&kKernelWhea, 5, 0, 0x11, kInformation, 0, kOperationalBit | kWheaError, kOperational, kInitFields,
     kWin7},
    {&kKernelWhea, 20, 0, 0x10, kInformation, 0, kErrorsBit | kWheaError, kErrors, kRawFields, k2008},
    {&kKernelWhea, 21, 0, 0x10, kInformation, 0, kErrorsBit | kWheaError, kErrors, kPartFields, k22H2},
    {&kKernelWhea, 31, 0, 0x08, kInformation, 0, kSystemBit | kWheaError, kSystem, kOfflineFields, kWin7},
    {&kKernelWhea, 41, 0, 0x08, kInformation, 0, kSystemBit | kWheaError, kSystem, kTerminateFields, kWin8},
    {&kKernelWhea, 42, 0, 0x11, kInformation, 0, kOperationalBit | kWheaEventLog, kOperational,
     kLogEntryFields, k1809},
    logger(1, kError, kRawFields, k2008, 0, kErrlog),
    logger(2, kWarning, kRawFields, k2008, 0, kErrlog),
    logger(3, kInformation, kRawFields, k2008, 0, kErrlog),
    logger(16, kError, kPcieFields, k2008),
    logger(16, kError, kPcieV1Fields, k1903, 1),
    logger(17, kWarning, kPcieFields, k2008),
    logger(17, kWarning, kPcieV1Fields, k1903, 1),
    logger(18, kError, kMcaFields, k2008),
    logger(19, kWarning, kMcaFields, k2008),
    logger(20, kError, kAmdFields, k2008),
    logger(21, kWarning, kAmdFields, k2008),
    logger(22, kError, kMemoryFields, k2008),
    logger(22, kError, kMemory1803Fields, k1803),
    logger(23, kWarning, kMemoryFields, k2008),
    logger(23, kWarning, kMemory1803Fields, k1803),
    logger(24, kError, kPcixBusFields, k2008),
    logger(25, kWarning, kPcixBusFields, k2008),
    logger(26, kError, kPcixDeviceFields, k2008),
    logger(27, kWarning, kPcixDeviceFields, k2008),
    logger(28, kWarning, kArmFields, k1703),
    logger(29, kWarning, kArmFields, k1703),
    logger(40, kError, kPcieFields, kWin7),
    logger(41, kWarning, kPcieFields, kWin7),
    logger(42, kError, kPcixBusFields, kWin7),
    logger(43, kWarning, kPcixBusFields, kWin7),
    logger(44, kError, kPcixDeviceFields, kWin7),
    logger(45, kWarning, kPcixDeviceFields, kWin7),
    logger(46, kError, kMemoryFields, kWin7),
    logger(46, kError, kMemory1803Fields, k1803),
    logger(47, kWarning, kMemoryFields, kWin7),
    logger(47, kWarning, kMemory1803Fields, k1803),
    logger(48, kError, kBankFields, k1903),
    logger(49, kWarning, kBankFields, k1903),
};

// Binary fields know their length from a u32 before them or by themselves; value maps are sorted.
consteval bool check(const EventTemplate& event) {
  for (std::size_t i = 0; i < event.fields.size(); ++i) {
    const EventField& field = event.fields[i];
    if (!layout::sorted(field.names)) return false;
    if (field.type != InType::binary || field.length != 0) continue;
    bool found = false;
    for (std::size_t j = 0; j < i; ++j)
      found = found || (event.fields[j].name == field.length_field && event.fields[j].type == InType::u32);
    if (!found) return false;
  }
  return true;
}
consteval bool check_all() {
  for (const EventTemplate& event : kTemplates)
    if (!check(event)) return false;
  return true;
}
static_assert(check_all());

}  // namespace

std::span<const EventTemplate> event_templates() noexcept {
  return kTemplates;
}

const EventTemplate* find_event(const Guid& provider, std::uint16_t id, std::uint32_t build) noexcept {
  const EventTemplate* found = nullptr;
  for (const EventTemplate& event : kTemplates)
    if (event.id == id && event.provider->id == provider && event.first_build <= build) found = &event;
  return found;
}

}  // namespace wheatstone::whea
