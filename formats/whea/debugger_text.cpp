#include "formats/whea/debugger_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "formats/cper/sections/memory.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "formats/cper/sections/processor_generic.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/cper/sections/xpf_processor.hpp"
#include "formats/layout/record_time.hpp"
#include "formats/layout/text_buffer.hpp"
#include "formats/whea/mca.hpp"

namespace wheatstone::whea {
namespace {

using cper::Descriptor;
using cper::Header;
using layout::GuidName;
using layout::Name;

constexpr std::string_view kUnknownSection = "*** Unknown section format ***\n";
constexpr std::string_view kNothingValid = "No valid data fields are present.\n";
constexpr std::size_t kRuleWidth = 79;

// Lines of a label and a value.
class Lines {
 public:
  explicit Lines(std::size_t width) : width_(width) {}

  void rule(char c) {
    out_.append(kRuleWidth, c);
    out_ += '\n';
  }
  void blank() { out_ += '\n'; }
  void raw(std::string_view text) { out_ += text; }
  template <class... Args>
  void line(std::string_view label, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), "{:<{}}: ", label, width_);
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    while (out_.back() == ' ') out_.pop_back();
    out_ += '\n';
  }
  // "Section       @ fffffa8004a3a180"
  void at(std::string_view label, std::uint64_t address) {
    fmt::format_to(std::back_inserter(out_), "{:<{}}@ {:016x}\n", label, width_, address);
  }

  std::string take() { return std::move(out_); }

 private:
  std::size_t width_;
  std::string out_;
};

std::string braced(const Guid& guid) {
  return fmt::format("{{{}}}", guid.text());
}

constexpr GuidName kNotifyTexts[] = {{cper::kNotifyCmc, "Corrected Machine Check"},
                                     {cper::kNotifyCpe, "Corrected Platform Error"},
                                     {cper::kNotifyMce, "Machine Check Exception"},
                                     {cper::kNotifyNmi, "Non-Maskable Interrupt"},
                                     {cper::kNotifyBoot, "BOOT Error Record"}};

constexpr GuidName kSectionTexts[] = {{cper::kSectionProcessorGeneric, "Processor Generic"},
                                      {cper::kSectionXpfProcessor, "x86/x64 Processor Specific"},
                                      {cper::kSectionXpfMca, "x86/x64 MCA"},
                                      {cper::kSectionPciExpress, "PCI Express"},
                                      {cper::kSectionMemory, "Memory"},
                                      {cper::kSectionErrorPacket, "Error Packet"}};

std::string named(layout::GuidNames names, const Guid& guid) {
  const std::string_view name = layout::name_of(names, guid);
  return name.empty() ? braced(guid) : std::string(name);
}

// Names of the bits that are set, each after a blank.
std::string flag_names(layout::Word bits, std::uint64_t value) {
  std::string names;
  for (const layout::Bit& bit : bits)
    if (bit.get(value) != 0) names += fmt::format(" {}", bit.name);
  return names;
}

// "M/D/YYYY H:MM:SS (UTC)"
std::string date(std::uint64_t raw) {
  const auto civil = decode_record_time(raw);
  if (!civil) return fmt::format("0x{:016x}", raw);
  return fmt::format("{}/{}/{} {}:{:02}:{:02} (UTC)", civil->month, civil->day, civil->year, civil->hour,
                     civil->minute, civil->second);
}

std::string text_of(Bytes bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (byte == 0) break;
    text += byte >= ' ' && byte <= '~' ? static_cast<char>(byte) : '.';
  }
  return text;
}

// ---- section bodies ----

constexpr Name kProcTypes[] = {{0, "x86/x64"}, {1, "Itanium"}, {2, "ARM"}};
constexpr Name kInstrSets[] = {{0, "x86"}, {1, "Itanium"}, {2, "x64"}, {4, "ARM32"}, {8, "ARM64"}};
constexpr Name kErrorTypes[] = {{0, "Unknown error"},
                                {1, "Cache error"},
                                {2, "TLB error"},
                                {4, "BUS error"},
                                {8, "Micro-Architectural error"}};
constexpr Name kOperations[] = {
    {0, "Generic"}, {1, "Data Read"}, {2, "Data Write"}, {3, "Instruction Execute"}};

std::string name_or_number(layout::Names names, std::uint64_t value) {
  const std::string_view name = layout::name_of(names, value);
  return name.empty() ? fmt::format("0x{:x}", value) : std::string(name);
}

void processor_generic(Lines& out, Bytes body) {
  const auto view = *layout::View<cper::ProcessorGeneric>::make(cper::kProcessorGeneric, body);
  using Field = cper::ProcessorGeneric;
  const std::uint64_t valid = view[Field::kValidBits];
  if (valid == 0) {
    out.raw(kNothingValid);
    return;
  }
  if (valid & 1) out.line("Proc. Type", "{}", name_or_number(kProcTypes, view[Field::kProcessorType]));
  if (valid & 2) out.line("Instr. Set", "{}", name_or_number(kInstrSets, view[Field::kInstructionSet]));
  if (valid & 4) out.line("Error Type", "{}", name_or_number(kErrorTypes, view[Field::kErrorType]));
  if (valid & 8) out.line("Operation", "{}", name_or_number(kOperations, view[Field::kOperation]));
  if (valid & 0x10) out.line("Flags", "0x{:02x}", view[Field::kFlags]);
  if (valid & 0x20) out.line("Level", "{}", view[Field::kLevel]);
  if (valid & 0x40) out.line("CPU Version", "0x{:016x}", view[Field::kCpuVersion]);
  if (valid & 0x100) out.line("Processor ID", "0x{:016x}", view[Field::kProcessorId]);
}

void xpf_processor(Lines& out, Bytes body, std::uint64_t address) {
  const std::uint64_t valid = load_le(body.data(), 8);
  if (valid == 0) {
    out.raw(kNothingValid);
    return;
  }
  if (valid & 1) out.line("Local APIC Id", "0x{:016x}", load_le(body.data() + 8, 8));
  if (valid & 2) {
    for (std::size_t leaf = 0; leaf < 3; ++leaf) {
      std::string bytes;
      for (std::size_t i = 0; i < 16; ++i)
        bytes += fmt::format("{}{:02x}", i == 0 ? "" : i == 8 ? " - " : " ", body[16 + leaf * 16 + i]);
      if (leaf == 0) {
        out.line("CPU Id", "{}", bytes);
      } else {
        out.raw(fmt::format("{:16}{}\n", "", bytes));
      }
    }
  }
  const std::uint64_t infos = (valid >> 2) & 0x3f;
  const std::uint64_t room = (body.size() - cper::kXpfProcessor.size) / cper::kXpfProcInfo.size;
  if (infos != 0) out.blank();
  for (std::uint64_t i = 0; i < std::min(infos, room); ++i)
    out.at(fmt::format("Proc. Info {}", i), address + cper::kXpfProcessor.size + i * cper::kXpfProcInfo.size);
}

void machine_check(Lines& out, Bytes body) {
  const auto view = *layout::View<cper::XpfMca>::make(cper::kXpfMcaV1, body);
  using Field = cper::XpfMca;
  const std::uint64_t status = view[Field::kStatus];
  const McaCode code = decode_mca(status, view[Field::kCpuVendor]);
  std::string name = code.mnemonic();
  if (name.empty()) name = to_string(code.kind);
  out.line("Error", "{} (Proc {} Bank {})", name, view[Field::kProcessorNumber], view[Field::kBankNumber]);
  out.line("  Status", "0x{:016x}", status);
  if ((status >> 58) & 1) out.line("  Address", "0x{:016x}", view[Field::kAddress]);
  if ((status >> 59) & 1) out.line("  Misc.", "0x{:016x}", view[Field::kMisc]);
}

// A register with a letter group for each of its bits, from the highest: upper case where it is set.
struct Letter {
  unsigned bit;
  std::string_view name;
};

std::string letters(std::span<const Letter> names, std::uint64_t value) {
  std::string out;
  for (const Letter& letter : names) {
    out += ' ';
    for (const char c : letter.name) {
      const bool set = ((value >> letter.bit) & 1) != 0;
      out += set && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return out;
}

constexpr Letter kUncorrectable[] = {{20, "ur"},   {19, "ecrc"}, {18, "mtlp"}, {17, "rof"},
                                     {16, "uc"},   {15, "ca"},   {14, "cto"},  {13, "fcp"},
                                     {12, "ptlp"}, {5, "sd"},    {4, "dlp"},   {0, "und"}};
constexpr Letter kCorrectable[] = {{13, "adv"}, {12, "rtto"}, {8, "rnro"},
                                   {7, "dllp"}, {6, "tlp"},   {0, "re"}};
constexpr Letter kDeviceControl[] = {{3, "ur"}, {2, "fe"}, {1, "nf"}, {0, "ce"}};
constexpr Letter kRootControl[] = {{2, "fs"}, {1, "nfs"}, {0, "cs"}};
constexpr Letter kCapsControl[] = {{8, "ecrcchken"}, {7, "ecrcchkcap"}, {6, "ecrcgenen"}, {5, "ecrcgencap"}};
constexpr Letter kRootCommand[] = {{2, "fen"}, {1, "nfen"}, {0, "cen"}};
constexpr Letter kRootStatus[] = {{6, "fer"}, {5, "nfer"}, {4, "fuf"}, {3, "mur"},
                                  {2, "ur"},  {1, "mcr"},  {0, "cr"}};

constexpr Name kPortTypes[] = {{0, "Endpoint"},
                               {1, "Legacy Endpoint"},
                               {4, "Root Port"},
                               {5, "Upstream Switch Port"},
                               {6, "Downstream Switch Port"},
                               {7, "PCI Express to PCI/PCI-X Bridge"},
                               {8, "PCI/PCI-X to PCI Express Bridge"},
                               {9, "Root Complex Integrated Endpoint"},
                               {10, "Root Complex Event Collector"}};

constexpr std::size_t kExpressOffset = 52;

void aer(Lines& out, Bytes info, std::uint64_t address) {
  const auto word = [&](std::size_t at) { return load_le(info.data() + at, 4); };
  out.blank();
  out.raw(fmt::format("AER Information @ {:016x}\n", address));
  const auto line = [&out](std::string_view label, std::uint64_t value, std::string names) {
    out.raw(fmt::format("  {:<30}: {:08x}{}\n", label, value, names));
  };
  line("Uncorrectable Error Status", word(4), letters(kUncorrectable, word(4)));
  line("Uncorrectable Error Mask", word(8), letters(kUncorrectable, word(8)));
  line("Uncorrectable Error Severity", word(12), letters(kUncorrectable, word(12)));
  line("Correctable Error Status", word(16), letters(kCorrectable, word(16)));
  line("Correctable Error Mask", word(20), letters(kCorrectable, word(20)));
  line("Caps & Control", word(24),
       letters(kCapsControl, word(24)) + ((word(24) & 0x1f) != 0 ? " FEP" : " fep"));
  out.raw(fmt::format("  {:<30}: {:08x} {:08x} {:08x} {:08x}\n", "Header Log", word(28), word(32), word(36),
                      word(40)));
  line("Root Error Command", word(44), letters(kRootCommand, word(44)));
  line("Root Error Status", word(48),
       fmt::format(" MSG# {:02x}{}", (word(48) >> 27) & 0x1f, letters(kRootStatus, word(48))));
  const auto source = [&](std::string_view label, std::size_t at) {
    const std::uint64_t id = load_le(info.data() + at, 2);
    out.raw(fmt::format("  {:<30}: {:02x},{:02x},{:02x}\n", label, id >> 8, (id >> 3) & 0x1f, id & 7));
  };
  source("Correctable Error Source ID", 52);
  source("Uncorrectable Error Source ID", 54);
}

void pci_express(Lines& out, Bytes body, std::uint64_t address) {
  using Field = cper::PciExpress;
  const auto view = *layout::View<Field>::make(cper::kPciExpress, body);
  const std::uint64_t valid = view[Field::kValidBits];
  if (valid == 0) {
    out.raw(kNothingValid);
    return;
  }
  if (valid & 1) out.line("Port Type", "{}", name_or_number(kPortTypes, view[Field::kPortType]));
  if (valid & 2) out.line("Version", "{}.{}", view[Field::kMajorVersion], view[Field::kMinorVersion]);
  if (valid & 4) out.line("Command/Status", "0x{:04x}/0x{:04x}", view[Field::kCommand], view[Field::kStatus]);
  if (valid & 8) {
    using Id = cper::PciExpressDeviceId;
    const Bytes id_bytes = body.subspan(Field::kDeviceIdOffset, Id::kLayout.size);
    const auto id = *layout::View<Id>::make(Id::kLayout, id_bytes);
    out.line("Device Id", "");
    out.line("  VenId:DevId", "{:04x}:{:04x}", id[Id::kVendorId], id[Id::kDeviceId]);
    out.line("  Class code", "{:06x}", load_le(id_bytes.data() + 4, 3));
    out.line("  Function No", "0x{:02x}", id[Id::kFunctionNumber]);
    out.line("  Device No", "0x{:02x}", id[Id::kDeviceNumber]);
    out.line("  Segment", "0x{:04x}", id[Id::kSegment]);
    out.line("  Primary Bus", "0x{:02x}", id[Id::kPrimaryBusNumber]);
    out.line("  Second. Bus", "0x{:02x}", id[Id::kSecondaryBusNumber]);
    out.line("  Slot", "0x{:04x}", load_le(id_bytes.data() + 13, 2) >> 3);
  }
  if (valid & 0x10) out.line("Dev. Serial #", "{:016x}", view[Field::kDeviceSerialNumber]);
  if (valid & 0x40) {
    const Bytes express = body.subspan(kExpressOffset, 60);
    const std::uint64_t caps = load_le(express.data() + 4, 4);
    const std::uint64_t control = load_le(express.data() + 8, 2);
    const std::uint64_t status = load_le(express.data() + 10, 2);
    const std::uint64_t root = load_le(express.data() + 28, 2);
    out.raw(fmt::format("Express Capability Information @ {:016x}\n", address + kExpressOffset));
    out.line("  Device Caps", "{:08x} Role-Based Error Reporting: {}", caps, (caps >> 15) & 1);
    out.line("  Device Ctl", "{:04x}{}", control, letters(kDeviceControl, control));
    out.line("  Dev Status", "{:04x}{}", status, letters(kDeviceControl, status));
    out.line("   Root Ctl", "{:04x}{}", root, letters(kRootControl, root));
  }
  if (valid & 0x80)
    aer(out, body.subspan(Field::kAerInfoOffset, cper::AerInfo::kLayout.size),
        address + Field::kAerInfoOffset);
}

void body_lines(Lines& out, const cper::Record& record, const cper::Section& section, std::uint64_t address) {
  if (section.type != nullptr && section.type->guid == cper::kSectionErrorPacket && section.in_budget) {
    out.raw(errpkt_text(Packet::decode(record.body(section)), address));
    return;
  }
  if (section.layout == nullptr) {
    out.raw(kUnknownSection);
    return;
  }
  const Bytes body = record.body(section);
  const Guid& type = section.type->guid;
  const bool whole = body.size() >= section.layout->size;
  if (type == cper::kSectionProcessorGeneric && whole) {
    processor_generic(out, body);
  } else if (type == cper::kSectionXpfProcessor && whole) {
    xpf_processor(out, body, address);
  } else if (type == cper::kSectionXpfMca && whole) {
    machine_check(out, body);
  } else if (type == cper::kSectionPciExpress && whole) {
    pci_express(out, body, address);
  } else if (section.layout->valid.present() && body.size() >= section.layout->min &&
             load_le(body.data() + section.layout->valid.offset, section.layout->valid.bytes) == 0) {
    out.raw(kNothingValid);
  } else {
    out.raw(layout::to_text(*section.layout, body));
  }
}

}  // namespace

std::string errrec_text(const cper::Record& record, std::uint64_t address) {
  Lines out(14);
  out.rule('=');
  out.raw(fmt::format("Common Platform Error Record @ {:016x}\n", address));
  out.rule('-');
  const auto header = record.header();
  if (!header) {
    out.raw(fmt::format("{} bytes are no error record\n", record.bytes().size()));
    return out.take();
  }
  const std::uint32_t valid = (*header)[Header::kValidBits];
  const std::uint32_t severity = (*header)[Header::kSeverity];
  out.line("Revision", "{}.{}", (*header)[Header::kMajorRevision], (*header)[Header::kMinorRevision]);
  out.line("Record Id", "{:016x}", (*header)[Header::kRecordId]);
  out.line("Severity", "{} ({})", name_or_number(cper::kSeverityNames, severity), severity);
  out.line("Length", "{}", (*header)[Header::kLength]);
  out.line("Creator", "{}", named(cper::kCreatorNames, (*header)[Header::kCreatorId]));
  out.line("Notify Type", "{}", named(kNotifyTexts, (*header)[Header::kNotifyType]));
  if (valid & 2) out.line("Timestamp", "{}", date((*header)[Header::kTimestamp]));
  if (valid & 1) out.line("Platform Id", "{}", braced((*header)[Header::kPlatformId]));
  // The debugger prints this label a second time as "Platform Id".
  if (valid & 4) out.line("Partition Id", "{}", braced((*header)[Header::kPartitionId]));
  const std::uint32_t flags = (*header)[Header::kFlags];
  out.line("Flags", "0x{:08x}{}", flags, flag_names(cper::tables::kRecordFlags, flags));

  for (const cper::Section& section : record.sections()) {
    const auto descriptor = record.descriptor(section);
    const std::uint64_t body = address + section.offset;
    const std::uint32_t section_flags = descriptor[Descriptor::kFlags];
    out.blank();
    out.rule('=');
    out.line(fmt::format("Section {}", section.index), "{}",
             named(kSectionTexts, descriptor[Descriptor::kSectionType]));
    out.rule('-');
    out.at("Descriptor", address + cper::kHeaderSize + section.index * cper::kDescriptorSize);
    out.at("Section", body);
    out.line("Offset", "{}", descriptor[Descriptor::kSectionOffset]);
    out.line("Length", "{}", descriptor[Descriptor::kSectionLength]);
    out.line("Flags", "0x{:08x}{}", section_flags, flag_names(cper::tables::kSectionFlags, section_flags));
    out.line("Severity", "{}", name_or_number(cper::kSeverityNames, descriptor[Descriptor::kSeverity]));
    if (descriptor[Descriptor::kValidBits] & 2)
      out.line("FRU Text", "{}", text_of(record.descriptor_bytes(section).subspan(52, 20)));
    out.blank();
    body_lines(out, record, section, body);
  }
  return out.take();
}

namespace {

// "0x0 - Processor"
std::string numbered(layout::Names names, std::uint64_t value) {
  const std::string_view name = layout::name_of(names, value);
  return name.empty() ? fmt::format("0x{:x}", value) : fmt::format("0x{:x} - {}", value, name);
}

// What the raw data of a machine check says.
void exception_lines(Lines& out, const Packet& packet) {
  struct Bank {
    std::uint32_t processor, bank;
    std::uint64_t status, address, misc;
    std::uint32_t vendor;
  };
  const Bytes data = packet.data();
  Bank bank{};
  if (packet.data_layout() == &kMcaException) {
    const bool amd = packet.v1() && (*packet.v1())[PacketV1::kRawDataFormat] == 3;
    bank = {static_cast<std::uint32_t>(load_le(data.data() + 16, 4)),
            data[24],
            load_le(data.data() + 32, 8),
            load_le(data.data() + 40, 8),
            load_le(data.data() + 48, 8),
            amd ? cper::kCpuVendorAmd : cper::kCpuVendorIntel};
  } else if (const auto view = layout::View<cper::XpfMca>::make(cper::kXpfMcaV1, data);
             view && packet.v2() &&
             (*packet.v2())[PacketV2::kDataFormat] == static_cast<std::uint32_t>(DataFormat::xpf_mca)) {
    using Field = cper::XpfMca;
    bank = {(*view)[Field::kProcessorNumber], (*view)[Field::kBankNumber], (*view)[Field::kStatus],
            (*view)[Field::kAddress],         (*view)[Field::kMisc],       (*view)[Field::kCpuVendor]};
  } else {
    return;
  }
  const McaCode code = decode_mca(bank.status, bank.vendor);
  const std::string name = code.mnemonic();
  out.blank();
  out.raw(fmt::format("{}\n", name.empty() ? std::string(to_string(code.kind)) : name));
  out.raw(fmt::format("Processor Number : {}\n", bank.processor));
  out.raw(fmt::format("Bank Number      : {}\n", bank.bank));
  out.raw(fmt::format("   Status  : {:016x}\n", bank.status));
  out.raw(fmt::format("   Address : {:016x}{}\n", bank.address, (bank.status >> 58) & 1 ? "" : " (I)"));
  out.raw(fmt::format("   Misc    : {:016x}{}\n", bank.misc, (bank.status >> 59) & 1 ? "" : " (I)"));
}

}  // namespace

std::string errpkt_text(const Packet& packet, std::uint64_t address) {
  Lines out(20);
  out.raw(fmt::format("   WHEA Error Packet Info Section (@ {:016x})\n", address));
  const auto data_at = [&] {
    return packet.data().empty()
               ? std::string("none")
               : fmt::format(
                     "Located @ {:016X}",
                     address + static_cast<std::uint64_t>(packet.data().data() - packet.bytes().data()));
  };
  if (const auto header = packet.v1()) {
    using Field = PacketV1;
    const Bytes bytes = packet.bytes();
    out.line("   Flags", "0x{:08x}", (*header)[Field::kFlags]);
    out.line("   Size", "0x{:x}", (*header)[Field::kSize]);
    out.line("   RawDataLength", "0x{:x}", (*header)[Field::kRawDataLength]);
    out.line("   Context", "0x{:016x}", load_le(bytes.data() + 24, 8));
    out.line("   ErrorType", "{}", numbered(cper::tables::kPacketErrorTypes, (*header)[Field::kErrorType]));
    out.line("   ErrorSeverity", "{}", numbered(cper::kSeverityNames, (*header)[Field::kErrorSeverity]));
    out.line("   ErrorSourceId", "0x{:x}", (*header)[Field::kErrorSourceId]);
    out.line("   ErrorSourceType", "{}", numbered(kErrorSourceTypeNames, (*header)[Field::kErrorSourceType]));
    out.line("   Version", "{:08x}", (*header)[Field::kVersion]);
    out.line("   Cpu", "{:016x}", load_le(bytes.data() + 56, 8));
    out.line("   RawDataFormat", "{}",
             numbered(cper::tables::kPacketRawDataFormats, (*header)[Field::kRawDataFormat]));
    out.blank();
    out.line("   Raw Data", "{}", data_at());
  } else if (const auto newer = packet.v2()) {
    using Field = PacketV2;
    out.line("   Flags", "0x{:08x}", (*newer)[Field::kFlags]);
    out.line("   Size", "0x{:x}", (*newer)[Field::kLength]);
    out.line("   DataLength", "0x{:x}", (*newer)[Field::kDataLength]);
    out.line("   Context", "0x{:016x}", (*newer)[Field::kContext]);
    out.line("   ErrorType", "{}", numbered(cper::tables::kPacketErrorTypes, (*newer)[Field::kErrorType]));
    out.line("   ErrorSeverity", "{}", numbered(cper::kSeverityNames, (*newer)[Field::kErrorSeverity]));
    out.line("   ErrorSourceId", "0x{:x}", (*newer)[Field::kErrorSourceId]);
    out.line("   ErrorSourceType", "{}", numbered(kErrorSourceTypeNames, (*newer)[Field::kErrorSourceType]));
    out.line("   Version", "{:08x}", (*newer)[Field::kVersion]);
    out.line("   NotifyType", "{}", named(kNotifyTexts, (*newer)[Field::kNotifyType]));
    out.line("   DataFormat", "{}", numbered(cper::tables::kPacketDataFormats, (*newer)[Field::kDataFormat]));
    out.blank();
    out.line("   Data", "{}", data_at());
  } else {
    out.raw(fmt::format("   {} bytes are no error packet\n", packet.bytes().size()));
    return out.take();
  }
  exception_lines(out, packet);
  return out.take();
}

}  // namespace wheatstone::whea
