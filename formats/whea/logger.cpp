// Which event a record becomes, and what stands in it.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "formats/cper/sections/memory.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "formats/cper/sections/processor_generic.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/layout/walk.hpp"
#include "formats/whea/event.hpp"
#include "formats/whea/mca.hpp"
#include "formats/whea/mca_registers.hpp"

namespace wheatstone::whea {
namespace {

using layout::Ref;
using layout::ref;

// An event field that is a run of bits of the section.
struct Copied {
  std::string_view field;
  Ref from;
};

consteval Copied same(std::span<const layout::Field> fields, std::string_view name) {
  return {name, ref(fields, name)};
}

// A field of a structure that stands at `base` of the section.
consteval Ref at(std::uint32_t base, std::span<const layout::Field> fields, std::string_view name) {
  Ref found = ref(fields, name);
  found.offset += base;
  return found;
}

namespace tables = cper::tables;

constexpr Copied kFromMemory[] = {
    same(tables::kMemoryFields, "ValidBits"),
    same(tables::kMemoryFields, "ErrorStatus"),
    same(tables::kMemoryFields, "PhysicalAddress"),
    same(tables::kMemoryFields, "PhysicalAddressMask"),
    same(tables::kMemoryFields, "Node"),
    same(tables::kMemoryFields, "Card"),
    same(tables::kMemoryFields, "Module"),
    same(tables::kMemoryFields, "Bank"),
    same(tables::kMemoryFields, "Device"),
    same(tables::kMemoryFields, "Row"),
    same(tables::kMemoryFields, "Column"),
    same(tables::kMemoryFields, "BitPosition"),
    same(tables::kMemoryFields, "RequesterId"),
    same(tables::kMemoryFields, "ResponderId"),
    same(tables::kMemoryFields, "TargetId"),
    same(tables::kMemoryFields, "ErrorType"),
    same(tables::kMemoryFields, "Extended"),
    same(tables::kMemoryFields, "RankNumber"),
    same(tables::kMemoryFields, "CardHandle"),
    same(tables::kMemoryFields, "ModuleHandle"),
};

constexpr std::uint32_t kDeviceIdAt = cper::PciExpress::kDeviceIdOffset;
constexpr std::uint32_t kAerAt = cper::PciExpress::kAerInfoOffset;
constexpr Copied kFromPcie[] = {
    same(tables::kPcieFields, "ValidBits"),
    same(tables::kPcieFields, "PortType"),
    // The four bytes as one number: minor, major, two reserved.
    {"Version", {layout::find(tables::kPcieFields, "Version.MinorVersion").offset, 4, 0, 32}},
    same(tables::kPcieFields, "Command"),
    same(tables::kPcieFields, "Status"),
    {"Bus", at(kDeviceIdAt, tables::kPcieDeviceIdFields, "PrimaryBusNumber")},
    {"Device", at(kDeviceIdAt, tables::kPcieDeviceIdFields, "DeviceNumber")},
    {"Function", at(kDeviceIdAt, tables::kPcieDeviceIdFields, "FunctionNumber")},
    {"Segment", at(kDeviceIdAt, tables::kPcieDeviceIdFields, "Segment")},
    {"SecondaryBus", at(kDeviceIdAt, tables::kPcieDeviceIdFields, "SecondaryBusNumber")},
    {"Slot", at(kDeviceIdAt, tables::kPcieDeviceIdFields, ".SlotNumber")},
    {"VendorID", at(kDeviceIdAt, tables::kPcieDeviceIdFields, "VendorID")},
    {"DeviceID", at(kDeviceIdAt, tables::kPcieDeviceIdFields, "DeviceID")},
    {"ClassCode", at(kDeviceIdAt, tables::kPcieDeviceIdFields, "ClassCode")},
    same(tables::kPcieFields, "DeviceSerialNumber"),
    same(tables::kPcieFields, "BridgeControl"),
    {"BridgeStatus", ref(tables::kPcieFields, "BridgeSecondaryStatus")},
    {"UncorrectableErrorStatus", at(kAerAt, tables::kAerInfoFields, "UncorrectableErrorStatus")},
    {"CorrectableErrorStatus", at(kAerAt, tables::kAerInfoFields, "CorrectableErrorStatus")},
};

constexpr Copied kFromMca[] = {
    same(tables::kMcaCommonFields, "ApicId"),
    {"MCABank", ref(tables::kMcaCommonFields, "BankNumber")},
    {"MciStat", ref(tables::kMcaCommonFields, "Status")},
    {"MciAddr", ref(tables::kMcaCommonFields, "Address")},
    {"MciMisc", ref(tables::kMcaCommonFields, "Misc")},
};

// The values of an event by name. A name that the event's form does not have is ignored, a field that is not
// set is 0 or empty.
class Draft {
 public:
  explicit Draft(const EventTemplate& event) : event_(event) {
    for (const EventField& field : event.fields) {
      switch (field.type) {
        case InType::guid:
          values_.emplace_back(Guid{});
          break;
        case InType::ansi:
          values_.emplace_back(std::string());
          break;
        case InType::unicode:
          values_.emplace_back(std::u16string());
          break;
        case InType::binary:
          values_.emplace_back(Buffer(field.length, 0));
          break;
        default:
          values_.emplace_back(std::uint64_t{0});
          break;
      }
    }
  }

  void set(std::string_view name, EventValue value) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (event_.fields[i].name != name) continue;
      values_[i] = std::move(value);
      return;
    }
  }
  void set(std::string_view name, std::uint32_t value) { set(name, EventValue(std::uint64_t{value})); }

  void copy(std::span<const Copied> table, Bytes body) {
    for (const Copied& row : table) set(row.field, EventValue(layout::try_load(body, row.from).value_or(0)));
  }

  void raw_data(Bytes bytes) {
    set("Length", static_cast<std::uint32_t>(bytes.size()));
    set("RawData", EventValue(Buffer(bytes.begin(), bytes.end())));
  }

  // Cannot fail: types and widths come from the tables.
  Event finish() && { return std::move(encode_event(event_, std::move(values_)).value()); }

 private:
  const EventTemplate& event_;
  std::vector<EventValue> values_;
};

// What Windows logs as the record: its Length, if that many bytes are there. Length of the event has 32 bits.
Bytes record_bytes(const cper::Record& record) noexcept {
  const Bytes bytes = record.bytes();
  const auto header = record.header();
  const std::uint64_t length = header ? (*header)[cper::Header::kLength] : 0;
  if (length >= cper::kHeaderSize && length <= bytes.size())
    return bytes.first(static_cast<std::size_t>(length));
  constexpr std::size_t kLongest = std::numeric_limits<std::uint32_t>::max();
  return bytes.first(std::min(bytes.size(), kLongest));
}

// Before Windows 7 the APIC id stands in the processor generic section alone.
void put_mca_of_packet(Draft& draft, const cper::Record& record, const McaRegisters& mca) {
  constexpr std::uint32_t kNotApplicable = 0xffffffff;
  const cper::Section* section = record.find(cper::kSectionProcessorGeneric);
  const auto processor = section == nullptr ? std::nullopt
                                            : layout::View<cper::ProcessorGeneric>::make(
                                                  cper::kProcessorGeneric, record.body(*section));
  draft.set("ApicId", processor
                          ? static_cast<std::uint32_t>((*processor)[cper::ProcessorGeneric::kProcessorId])
                          : kNotApplicable);
  draft.set("MCABank", mca.bank);
  draft.set("MciStat", EventValue(mca.status));
  draft.set("MciAddr", EventValue(mca.address));
  draft.set("MciMisc", EventValue(mca.misc));
}

void put_mca(Draft& draft, const McaRegisters& mca, bool northbridge) {
  if (northbridge) {
    draft.set("ErrorType", amd_northbridge_error(mca.status));
    return;
  }
  const McaLoggerFields fields = decode_mca(mca.status, mca.cpu_vendor).logger();
  draft.set("ErrorType", fields.error_type);
  draft.set("TransactionType", fields.transaction_type);
  draft.set("Participation", fields.participation);
  draft.set("RequestType", fields.request_type);
  draft.set("MemorIO", fields.memory_or_io);
  draft.set("MemHierarchyLvl", fields.hierarchy_level);
  draft.set("Timeout", fields.timeout);
  draft.set("OperationType", fields.operation_type);
  draft.set("Channel", fields.channel);
}

void put_fru(Draft& draft, layout::View<cper::Descriptor> descriptor) {
  const std::uint8_t valid = descriptor[cper::Descriptor::kValidBits];
  if ((valid & 1) != 0) draft.set("FRUId", EventValue(descriptor[cper::Descriptor::kFruId]));
  if ((valid & 2) == 0) return;
  constexpr const layout::Field& kText = layout::find(tables::kDescriptorFields, "FRUText");
  std::string_view text = as_text(descriptor.bytes().subspan(kText.offset, kText.size));
  text = text.substr(0, text.find('\0'));
  draft.set("FRUText", EventValue(std::string(text)));
}

// True if the section says that the field with this validity bit holds something.
bool is_valid(Bytes body, Ref valid, const layout::Field& field) noexcept {
  return ((layout::try_load(body, valid).value_or(0) >> field.valid_bit) & 1) != 0;
}

constexpr const layout::Field& kPciePortType = layout::find(tables::kPcieFields, "PortType");
constexpr const layout::Field& kPcieDevice = layout::find(tables::kPcieFields, "DeviceId");
constexpr const layout::Field& kMemoryErrorType = layout::find(tables::kMemoryFields, "ErrorType");

void put_pcie(Draft& draft, Bytes body) {
  draft.copy(kFromPcie, body);
  if (!is_valid(body, cper::kPciExpress.valid, kPciePortType)) draft.set("PortType", 0xff);
  constexpr std::uint32_t kHeaderLog = 16;
  if (const auto log = slice(body, kAerAt + cper::AerInfo::kHeaderLogOffset, kHeaderLog))
    draft.set("HeaderLog", EventValue(Buffer(log->begin(), log->end())));
  if (!is_valid(body, cper::kPciExpress.valid, kPcieDevice)) return;
  const auto id = layout::View<cper::PciExpressDeviceId>::make(cper::PciExpressDeviceId::kLayout,
                                                               body.subspan(kDeviceIdAt));
  const std::string name =
      fmt::format("PCI\\VEN_{:04X}&DEV_{:04X}", (*id)[cper::PciExpressDeviceId::kVendorId],
                  (*id)[cper::PciExpressDeviceId::kDeviceId]);
  draft.set("PrimaryDeviceName", EventValue(std::u16string(name.begin(), name.end())));
}

// The event ids of one kind of section, fatal and corrected.
struct Ids {
  std::uint16_t error;
  std::uint16_t warning;
};

bool is_error(const cper::Record& record) noexcept {
  const auto header = record.header();
  if (!header) return true;
  const auto severity = static_cast<cper::Severity>((*header)[cper::Header::kSeverity]);
  return severity != cper::Severity::corrected && severity != cper::Severity::informational;
}

const EventTemplate* logger_template(Ids ids, bool error, std::uint32_t build) noexcept {
  return find_event(kWheaLogger.id, error ? ids.error : ids.warning, build);
}

// The section that the event is about: the first machine check, or the packet that has one, else the first
// PCIe or memory section.
const cper::Section* deciding_section(const cper::Record& record) noexcept {
  if (const cper::Section* mca = record.find(cper::kSectionXpfMca)) return mca;
  if (mca_registers_of_packet(record)) return record.find(cper::kSectionErrorPacket);
  for (const cper::Section& section : record.sections())
    if (section.layout != nullptr && section.type != nullptr &&
        (section.type->guid == cper::kSectionPciExpress || section.type->guid == cper::kSectionMemory))
      return &section;
  return nullptr;
}

Event raw_event(const EventTemplate& event, const cper::Record& record) {
  Draft draft(event);
  draft.raw_data(record_bytes(record));
  return std::move(draft).finish();
}

Event default_event(const cper::Record& record) {
  const auto header = record.header();
  const bool informational = header && (*header)[cper::Header::kSeverity] ==
                                           static_cast<std::uint32_t>(cper::Severity::informational);
  const std::uint16_t id = informational ? 3 : is_error(record) ? 1 : 2;
  return raw_event(*find_event(kWheaLogger.id, id, ~0u), record);
}

}  // namespace

Event kernel_whea_event(const cper::Record& record) {
  return raw_event(*find_event(kKernelWhea.id, 20, ~0u), record);
}

std::uint32_t logger_error_source(const Guid& notify_type) noexcept {
  constexpr std::pair<Guid, std::uint32_t> kSources[] = {
      {cper::kNotifyCmc, 1},  {cper::kNotifyCpe, 2}, {cper::kNotifyMce, 3},  {cper::kNotifyPcie, 4},
      {cper::kNotifyInit, 5}, {cper::kNotifyNmi, 6}, {cper::kNotifyBoot, 7}, {cper::kNotifyGeneric, 8}};
  for (const auto& [guid, source] : kSources)
    if (guid == notify_type) return source;
  return 0;
}

Event logger_event(const cper::Record& record, std::uint32_t build) {
  const cper::Section* section = deciding_section(record);
  if (section == nullptr) return default_event(record);
  const Bytes body = record.body(*section);
  const bool error = is_error(record);

  const bool mca_section = section->type->guid == cper::kSectionXpfMca;
  const auto mca = mca_section ? mca_registers(body, 0, cpu_family(record)) : mca_registers_of_packet(record);
  const bool pcie = section->type->guid == cper::kSectionPciExpress;
  const bool northbridge = mca && is_amd_northbridge(*mca);
  const EventTemplate* event = nullptr;
  if (mca) {
    event = logger_template(northbridge ? Ids{20, 21} : Ids{18, 19}, error, build);
  } else if (pcie) {
    if (!is_valid(body, cper::kPciExpress.valid, kPcieDevice))
      event = logger_template({40, 41}, error, build);
    if (event == nullptr) event = logger_template({16, 17}, error, build);
  } else {
    if (!is_valid(body, cper::kMemory.valid, kMemoryErrorType))
      event = logger_template({46, 47}, error, build);
    if (event == nullptr) event = logger_template({22, 23}, error, build);
  }
  if (event == nullptr) return default_event(record);  // a build before Server 2008

  Draft draft(*event);
  draft.set("ErrorSource", logger_error_source((*record.header())[cper::Header::kNotifyType]));
  put_fru(draft, record.descriptor(*section));
  if (mca) {
    if (mca_section) {
      draft.copy(kFromMca, body);
    } else {
      put_mca_of_packet(draft, record, *mca);
    }
    put_mca(draft, *mca, northbridge);
  } else if (pcie) {
    put_pcie(draft, body);
  } else {
    draft.copy(kFromMemory, body);
  }
  draft.raw_data(record_bytes(record));
  return std::move(draft).finish();
}

}  // namespace wheatstone::whea
