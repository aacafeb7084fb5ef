#include "formats/whea/mca_registers.hpp"

#include <algorithm>

#include "formats/cper/sections/processor_generic.hpp"
#include "formats/layout/walk.hpp"
#include "formats/whea/mca_exception.hpp"
#include "formats/whea/packet.hpp"
#include "formats/whea/smca.hpp"

namespace wheatstone::whea {
namespace {

namespace tables = cper::tables;
using layout::Ref;

constexpr std::uint32_t kAmdRegisters = layout::find(tables::kMcaCommonFields, "ExtendedRegisters").offset;

consteval Ref amd_register(std::string_view name) {
  Ref found = layout::ref(tables::kAmdExtendedFields, name);
  found.offset += kAmdRegisters;
  return found;
}

// Where a form with extra banks keeps them.
struct ExtraBanks {
  std::uint32_t size;  // of the section
  std::uint32_t room;
  Ref count;
  std::uint32_t numbers, status, address, misc;
};

consteval ExtraBanks extra_banks(const layout::Layout& form) {
  const layout::Field& numbers = layout::find(form.fields, "BankNumberEx");
  return {form.size,
          numbers.size / numbers.element,
          layout::ref(form.fields, "ExBankCount"),
          numbers.offset,
          layout::find(form.fields, "StatusEx").offset,
          layout::find(form.fields, "AddressEx").offset,
          layout::find(form.fields, "MiscEx").offset};
}

// The longest form first: a section that is longer than a form is read as that form (cper/section.cpp).
constexpr ExtraBanks kForms[] = {extra_banks(cper::kXpfMcaV5), extra_banks(cper::kXpfMcaV4)};

const ExtraBanks* form_of(Bytes section) noexcept {
  for (const ExtraBanks& form : kForms)
    if (section.size() >= form.size) return &form;
  return nullptr;
}

std::size_t extra_count(Bytes section, const ExtraBanks& form) noexcept {
  return static_cast<std::size_t>(
      std::min<std::uint64_t>(layout::try_load(section, form.count).value_or(0), form.room));
}

std::uint64_t item(Bytes section, std::uint32_t array, std::size_t index, std::uint8_t size) noexcept {
  const Ref at{static_cast<std::uint32_t>(array + index * size), size, 0,
               static_cast<std::uint8_t>(size * 8)};
  return layout::try_load(section, at).value_or(0);
}

}  // namespace

std::size_t mca_bank_count(Bytes section) noexcept {
  if (section.size() < cper::kXpfMcaV1.min) return 0;
  const ExtraBanks* form = form_of(section);
  return form == nullptr ? 1 : 1 + extra_count(section, *form);
}

std::optional<McaRegisters> mca_registers(Bytes section, std::size_t index,
                                          std::optional<std::uint32_t> family) noexcept {
  if (index >= mca_bank_count(section)) return std::nullopt;
  const auto mca = *layout::View<cper::XpfMca>::make(cper::kXpfMcaV1, section);
  McaRegisters result;
  result.cpu_vendor = mca[cper::XpfMca::kCpuVendor];
  result.global_capability = mca[cper::XpfMca::kGlobalCapability].value_or(0);
  result.family = family;
  if (index != 0) {
    const ExtraBanks& form = *form_of(section);
    result.bank = static_cast<std::uint32_t>(item(section, form.numbers, index - 1, 4));
    result.status = item(section, form.status, index - 1, 8);
    result.address = item(section, form.address, index - 1, 8);
    result.misc = item(section, form.misc, index - 1, 8);
    return result;
  }
  result.bank = mca[cper::XpfMca::kBankNumber];
  result.status = mca[cper::XpfMca::kStatus];
  result.address = mca[cper::XpfMca::kAddress];
  result.misc = mca[cper::XpfMca::kMisc];
  if (result.cpu_vendor == cper::kCpuVendorAmd) {
    result.ipid = layout::try_load(section, amd_register("IPID")).value_or(0);
    result.config = layout::try_load(section, amd_register("CONFIG")).value_or(0);
  }
  return result;
}

std::optional<McaRegisters> mca_registers_of_packet(const cper::Record& record) noexcept {
  namespace at = mca_exception;
  const cper::Section* section = record.find(cper::kSectionErrorPacket);
  if (section == nullptr) return std::nullopt;
  const Packet packet = Packet::decode(record.body(*section));
  if (packet.version() != PacketVersion::v1 || packet.data_layout() != &kMcaException) return std::nullopt;
  const auto value = [&](layout::Ref ref) { return layout::load(packet.data(), ref); };
  if (value(at::kType) != at::kMca) return std::nullopt;
  McaRegisters result;
  const auto format = static_cast<RawDataFormat>((*packet.v1())[PacketV1::kRawDataFormat]);
  if (format == RawDataFormat::intel64_mca) result.cpu_vendor = cper::kCpuVendorIntel;
  if (format == RawDataFormat::amd64_mca) result.cpu_vendor = cper::kCpuVendorAmd;
  result.bank = static_cast<std::uint32_t>(value(at::kBank));
  result.status = value(at::kStatus);
  result.address = value(at::kAddress);
  result.misc = value(at::kMisc);
  result.family = cpu_family(record);
  return result;
}

std::uint32_t cpu_family(std::uint64_t cpu_version) noexcept {
  const auto base = static_cast<std::uint32_t>(cpu_version >> 8 & 0xf);
  const auto extended = static_cast<std::uint32_t>(cpu_version >> 20 & 0xff);
  return base == 0xf ? base + extended : base;
}

std::optional<std::uint32_t> cpu_family(const cper::Record& record) noexcept {
  using cper::ProcessorGeneric;
  const cper::Section* section = record.find(cper::kSectionProcessorGeneric);
  if (section == nullptr) return std::nullopt;
  const auto view = layout::View<ProcessorGeneric>::make(cper::kProcessorGeneric, record.body(*section));
  constexpr std::int8_t kValid = layout::find(cper::kProcessorGeneric.fields, "CPUVersion").valid_bit;
  if (!view || ((*view)[ProcessorGeneric::kValidBits] >> kValid & 1) == 0) return std::nullopt;
  return cpu_family((*view)[ProcessorGeneric::kCpuVersion]);
}

bool is_amd_northbridge(const McaRegisters& registers) noexcept {
  constexpr std::uint32_t kBank = 4, kFirstFamily = 0x0f;
  return registers.cpu_vendor == cper::kCpuVendorAmd && registers.bank == kBank && registers.family &&
         *registers.family >= kFirstFamily && *registers.family < kFirstSmcaFamily;
}

bool is_smca(const McaRegisters& registers) noexcept {
  return registers.cpu_vendor == cper::kCpuVendorAmd &&
         (registers.ipid != 0 || registers.family.value_or(0) >= kFirstSmcaFamily);
}

}  // namespace wheatstone::whea
