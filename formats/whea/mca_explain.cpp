#include "formats/whea/mca_explain.hpp"

#include <fmt/format.h>

#include <span>

#include "formats/whea/word.hpp"

namespace wheatstone::whea {
namespace {

using layout::Bit;
namespace tables = cper::tables;

constexpr Bit kValid = bit(tables::kMciStatusCommon, "Valid");
constexpr Bit kOverflow = bit(tables::kMciStatusCommon, "StatusOverFlow");
constexpr Bit kUncorrected = bit(tables::kMciStatusCommon, "UncorrectedError");
constexpr Bit kMiscValid = bit(tables::kMciStatusCommon, "MiscValid");
constexpr Bit kAddressValid = bit(tables::kMciStatusCommon, "AddressValid");
constexpr Bit kContextCorrupt = bit(tables::kMciStatusCommon, "ContextCorrupt");

constexpr Bit kSignaling = bit(tables::kMciStatusIntel, "Signalling");
constexpr Bit kActionRequired = bit(tables::kMciStatusIntel, "ActionRequired");
constexpr Bit kThresholdStatus = bit(tables::kMciStatusIntel, "ThresholdErrorStatus");
constexpr Bit kCorrectedCount = bit(tables::kMciStatusIntel, "CorrectedErrorCount");
constexpr Bit kDeferred = bit(tables::kMciStatusAmd, "Deferred");

constexpr Bit kSerP = bit(tables::kMcgCap, "SoftwareErrorRecoverySupported");
constexpr Bit kTesP = bit(tables::kMcgCap, "ThresholdErrorStatusPresent");
constexpr Bit kCmciP = bit(tables::kMcgCap, "SignalingExtensionPresent");

// ---- AMD bits that the WDK does not name
// PPR, MCA_STATUS.
constexpr Bit kErrorCore{32, 6, "ErrCoreId"}, kErrorCoreValid{56, 1, "ErrCoreIdVal"};
constexpr Bit kAddressLsbInStatus{24, 6, "AddrLsb"};
// PPR, MCA_ADDR and MCA_CONFIG.
constexpr Bit kAddressLsbInAddress{56, 6, "LSB"}, kLsbInStatus{8, 1, "McaLsbInStatusSupported"};
// BKDG and PPR, MC4_MISC0 and MCA_MISC0.
constexpr Bit kMiscIsValid{63, 1, "Valid"}, kCounterPresent{62, 1, "CntP"}, kLocked{61, 1, "Locked"},
    kCounterEnabled{51, 1, "CntEn"}, kCounterOverflow{48, 1, "Ovrflw"}, kErrorCount{32, 12, "ErrCnt"};
// SDM, MCi_MISC of recoverable errors.
constexpr Bit kMiscLsb{0, 6, "RecoverableAddressLsb"}, kMiscMode{6, 3, "AddressMode"};

constexpr bool has(std::uint64_t word, Bit flag) noexcept {
  return flag.get(word) != 0;
}

bool is_amd(const McaRegisters& registers) noexcept {
  return registers.cpu_vendor == cper::kCpuVendorAmd;
}

// MCG_CAP is recorded and has the bit. AMD gives these bits no meaning.
bool capable(const McaRegisters& registers, Bit capability) noexcept {
  return !is_amd(registers) && has(registers.global_capability, capability);
}

constexpr std::uint64_t from_bit(std::uint64_t value, unsigned lowest) noexcept {
  return value >> lowest << lowest;
}

// ---- what a code is called besides its kind
struct Cause {
  std::uint16_t mask;
  std::uint16_t code;
  McaClass error_class;
  std::string_view text;
};

// SDM, "architecturally defined SRAO errors" and "... SRAR errors".
constexpr Cause kRecoverable[] = {
    {0xfff0, 0x00c0, McaClass::srao, "memory scrubbing"},
    {0xffff, 0x017a, McaClass::srao, "explicit writeback of the L3 cache"},
    {0xffff, 0x0134, McaClass::srar, "data load"},
    {0xffff, 0x0150, McaClass::srar, "instruction fetch"},
};

constexpr std::uint16_t kCorrectedFiltering = 0x1000;
constexpr std::uint16_t kAmdHardwareAssert = 0x0600;  // 0000 01UU 0000 0000, UU = 2
constexpr std::uint16_t kUmcHardwareId = 0x96;        // its extended code 0 is DRAM ECC on every model

std::string_view cause_of(const McaExplanation& said) noexcept {
  const auto code = static_cast<std::uint16_t>(said.registers.status);
  if (is_amd(said.registers)) {
    if (code == kAmdHardwareAssert) return "hardware assert";
    const bool umc =
        said.bank_type && said.bank_type->type != nullptr && said.bank_type->hardware_id == kUmcHardwareId;
    return umc && said.extended_code == 0 ? "DRAM ECC error" : std::string_view{};
  }
  for (const Cause& row : kRecoverable)
    if (row.error_class == said.error_class && ((code & ~kCorrectedFiltering) & row.mask) == row.code)
      return row.text;
  return {};
}

// ---- texts
constexpr std::string_view kClassNames[] = {"none", "corrected", "deferred",    "UCNA",
                                            "SRAO", "SRAR",      "uncorrected", "fatal"};

constexpr std::string_view kClassTexts[] = {
    "no error: VAL is clear",
    "corrected",
    "deferred: not corrected, the data are not used yet",
    "UCNA: uncorrected, no action required",
    "SRAO: uncorrected, software recoverable, action optional",
    "SRAR: uncorrected, software recoverable, action required",
    "uncorrected, the processor context is intact",
    "fatal: the processor context is corrupt",
};

constexpr std::string_view kAdvice[] = {
    "Ignore the bank: it holds no error.",
    "Go on. Count it; many from one place announce a failing part.",
    "Go on. Take the memory out of service before its data are used.",
    "Go on. The data at the address are lost, but nothing that runs has used them.",
    "Go on. Take the memory at the address out of service.",
    "Stop what was interrupted until the memory at the address is out of service; else stop the system.",
    "Stop what used the data; stop the system if that is not known.",
    "Stop the system: nothing that runs on this processor can be trusted.",
};
static_assert(std::size(kClassNames) == std::size(kClassTexts) &&
              std::size(kAdvice) == std::size(kClassTexts));
static_assert(std::size(kClassTexts) == static_cast<std::size_t>(McaClass::fatal) + 1);

// By McaKind.
constexpr std::string_view kKindTexts[] = {
    "no error code",
    "unclassified error",
    "microcode ROM parity error",
    "external error",
    "functional redundancy check error",
    "internal parity error",
    "code access outside the SMM range",
    "internal timer error",
    "internal unclassified error",
    "cache hierarchy error",
    "TLB error",
    "memory controller error",
    "cache error",
    "extended memory error",
    "bus or interconnect error",
    "unknown error code",
};
static_assert(std::size(kKindTexts) == static_cast<std::size_t>(McaKind::unknown) + 1);

constexpr std::string_view kTrackingTexts[] = {"not tracked", "green: below the threshold",
                                               "yellow: the threshold is exceeded", "reserved value 3"};

// Status bits by the names that the manuals give them, from high to low. VAL and UC are not here.
enum class Whose : std::uint8_t { all, amd, smca, recovery };
struct Flag {
  std::uint8_t bit;
  std::string_view name;
  Whose whose;
};
constexpr Flag kFlags[] = {
    {62, "OVER", Whose::all},          {60, "EN", Whose::all},      {59, "MISCV", Whose::all},
    {58, "ADDRV", Whose::all},         {57, "PCC", Whose::all},     {56, "S", Whose::recovery},
    {56, "ErrCoreIdVal", Whose::smca}, {55, "AR", Whose::recovery}, {55, "TCC", Whose::amd},
    {53, "SyndV", Whose::amd},         {46, "CECC", Whose::amd},    {45, "UECC", Whose::amd},
    {44, "Deferred", Whose::amd},      {43, "Poison", Whose::amd},  {40, "Scrub", Whose::smca},
};

bool applies(Whose whose, const McaRegisters& registers) noexcept {
  switch (whose) {
    case Whose::all:
      return true;
    case Whose::amd:
      return is_amd(registers);
    case Whose::smca:
      return is_smca(registers);
    case Whose::recovery:
      return capable(registers, kSerP);
  }
  return false;
}

std::string error_text(const McaExplanation& said) {
  std::string text = said.code.mnemonic();
  if (text.empty()) {
    text = kKindTexts[static_cast<std::size_t>(said.code.kind)];
    if (said.code.kind == McaKind::unknown) text += fmt::format(" 0x{:04x}", said.registers.status & 0xffff);
  }
  if (!said.cause.empty()) text += fmt::format(" ({})", said.cause);
  return text;
}

std::string bank_text(const McaExplanation& said) {
  std::string text = fmt::format("{}", said.registers.bank);
  if (said.northbridge) return text + ", northbridge";
  if (!said.bank_type) return text;
  const SmcaBank& bank = *said.bank_type;
  if (bank.type == nullptr) {
    text += fmt::format(", hardware id 0x{:03x} type 0x{:x}", bank.hardware_id, bank.mca_type);
  } else {
    text += fmt::format(", {}", bank.type->name);
    if (!bank.type->text.empty()) text += fmt::format(" ({})", bank.type->text);
  }
  return text + fmt::format(", instance 0x{:x}", bank.instance);
}

std::string counter_text(const McaCounter& counter) {
  std::string text = fmt::format("counter at 0x{:03x} of 0x{:03x}, {}", counter.count, McaCounter::kLimit,
                                 counter.overflow ? "threshold reached" : "threshold not reached");
  if (!counter.enabled) text += ", not counting";
  if (counter.locked) text += ", locked by firmware";
  return text;
}

// Empty if there is nothing but the MCA code.
std::string model_text(const McaExplanation& said) {
  if (said.northbridge_error) {
    return fmt::format("{} ({})", *said.northbridge_error,
                       layout::name_of(kAmdNorthbridgeErrors, *said.northbridge_error));
  }
  if (said.extended_code) return fmt::format("{} (extended)", *said.extended_code);
  const std::uint64_t code = bit(tables::kMciStatusCommon, "ModelErrorCode").get(said.registers.status);
  return code == 0 ? std::string() : fmt::format("0x{:04x}", code);
}

std::string address_text(const McaAddress& address) {
  std::string text = fmt::format("0x{:016x}", address.value);
  if (address.lowest_bit) text += fmt::format(", known from bit {} up", *address.lowest_bit);
  if (address.mode) {
    const std::string_view name = layout::name_of(kMcaAddressModes, *address.mode);
    text += name.empty() ? fmt::format(", mode {}", *address.mode) : fmt::format(", {}", name);
  }
  return text;
}

}  // namespace

std::string_view to_string(McaClass error_class) noexcept {
  return kClassNames[static_cast<std::size_t>(error_class)];
}

McaClass classify(const McaRegisters& registers) noexcept {
  const std::uint64_t status = registers.status;
  if (!has(status, kValid)) return McaClass::none;
  const bool amd = is_amd(registers);
  if (has(status, kContextCorrupt) &&
      (has(status, kUncorrected) || registers.cpu_vendor != cper::kCpuVendorIntel))
    return McaClass::fatal;
  if (!has(status, kUncorrected))
    return amd && has(status, kDeferred) ? McaClass::deferred : McaClass::corrected;
  if (!capable(registers, kSerP)) return McaClass::uncorrected;
  if (has(status, kSignaling)) return has(status, kActionRequired) ? McaClass::srar : McaClass::srao;
  return has(status, kActionRequired) ? McaClass::uncorrected : McaClass::ucna;
}

std::optional<McaTracking> mca_tracking(const McaRegisters& registers) noexcept {
  if (!capable(registers, kTesP) || has(registers.status, kUncorrected)) return std::nullopt;
  return static_cast<McaTracking>(kThresholdStatus.get(registers.status));
}

std::optional<std::uint16_t> corrected_error_count(const McaRegisters& registers) noexcept {
  if (is_amd(registers)) return std::nullopt;
  if (registers.global_capability != 0 && !has(registers.global_capability, kCmciP)) return std::nullopt;
  return static_cast<std::uint16_t>(kCorrectedCount.get(registers.status));
}

std::optional<McaCounter> mca_counter(const McaRegisters& registers) noexcept {
  const std::uint64_t misc = registers.misc;
  if (!is_amd_northbridge(registers) && !is_smca(registers)) return std::nullopt;
  if (!has(registers.status, kMiscValid) || !has(misc, kMiscIsValid) || !has(misc, kCounterPresent))
    return std::nullopt;
  return McaCounter{.count = static_cast<std::uint16_t>(kErrorCount.get(misc)),
                    .enabled = has(misc, kCounterEnabled),
                    .overflow = has(misc, kCounterOverflow),
                    .locked = has(misc, kLocked)};
}

std::optional<McaAddress> mca_address(const McaRegisters& registers) noexcept {
  if (!has(registers.status, kAddressValid)) return std::nullopt;
  const std::uint64_t address = registers.address;
  if (capable(registers, kSerP) && has(registers.status, kMiscValid)) {
    const auto lowest = static_cast<std::uint8_t>(kMiscLsb.get(registers.misc));
    return McaAddress{from_bit(address, lowest), lowest,
                      static_cast<std::uint8_t>(kMiscMode.get(registers.misc))};
  }
  if (!is_smca(registers) || registers.config == 0) return McaAddress{address};
  const bool in_status = has(registers.config, kLsbInStatus);
  const auto lowest = static_cast<std::uint8_t>(in_status ? kAddressLsbInStatus.get(registers.status)
                                                          : kAddressLsbInAddress.get(address));
  const Bit kept{0, static_cast<std::uint8_t>(in_status ? 57 : 56), "ErrorAddr"};
  return McaAddress{from_bit(kept.get(address), lowest), lowest, std::nullopt};
}

McaExplanation explain(const McaRegisters& registers) noexcept {
  McaExplanation said;
  said.registers = registers;
  said.code = decode_mca(registers.status, registers.cpu_vendor);
  said.error_class = classify(registers);
  said.corrected_count = corrected_error_count(registers);
  said.tracking = mca_tracking(registers);
  said.counter = mca_counter(registers);
  said.address = mca_address(registers);
  if (registers.cpu_vendor == cper::kCpuVendorIntel)
    said.root_port = mca_root_port(registers.status, registers.misc);
  said.northbridge = is_amd_northbridge(registers);
  if (said.northbridge) said.northbridge_error = amd_northbridge_error(registers.status);
  said.smca = is_smca(registers);
  if (said.smca) {
    said.bank_type = smca_bank(registers.ipid);
    said.extended_code = smca_extended_code(registers.status);
    if (has(registers.status, kErrorCoreValid))
      said.error_core = static_cast<std::uint8_t>(kErrorCore.get(registers.status));
  }
  said.cause = cause_of(said);
  return said;
}

std::vector<std::string_view> status_flags(const McaRegisters& registers) {
  std::vector<std::string_view> flags;
  for (const Flag& flag : kFlags)
    if ((registers.status >> flag.bit & 1) != 0 && applies(flag.whose, registers)) flags.push_back(flag.name);
  return flags;
}

std::string_view advice(const McaExplanation& explanation) noexcept {
  const McaRegisters& registers = explanation.registers;
  switch (explanation.error_class) {
    case McaClass::srar:
      if (has(registers.status, kOverflow))
        return "Stop the system: it needs action, and other errors were lost (OVER).";
      if (!explanation.address) return "Stop the system: it needs action, and no address says where.";
      break;
    case McaClass::srao:
      if (!explanation.address) return "Go on. No address says which memory to take out of service.";
      break;
    default:
      break;
  }
  return kAdvice[static_cast<std::size_t>(explanation.error_class)];
}

std::vector<std::string> describe(const McaExplanation& explanation) {
  std::vector<std::string> lines;
  const auto line = [&](std::string_view label, std::string_view text) {
    lines.push_back(fmt::format("{:<14}: {}", label, text));
  };
  line("Error", error_text(explanation));
  line("Class", kClassTexts[static_cast<std::size_t>(explanation.error_class)]);
  if (const auto flags = status_flags(explanation.registers); !flags.empty())
    line("Flags", fmt::format("{}", fmt::join(flags, ", ")));
  if (explanation.corrected_count.value_or(0) != 0)
    line("Corrected", fmt::format("{} counted", *explanation.corrected_count));
  if (explanation.tracking)
    line("Threshold", kTrackingTexts[static_cast<std::size_t>(*explanation.tracking)]);
  if (explanation.counter) line("Threshold", counter_text(*explanation.counter));
  line("Bank", bank_text(explanation));
  if (explanation.error_core) line("Error core", fmt::format("{}", *explanation.error_core));
  if (const std::string model = model_text(explanation); !model.empty()) line("Model code", model);
  if (explanation.address) line("Address", address_text(*explanation.address));
  if (explanation.root_port) {
    const McaRootPort& port = *explanation.root_port;
    line("Root port",
         fmt::format("{:04x}:{:02x}:{:02x}.{}", port.segment, port.bus, port.device, port.function));
  }
  line("Advice", advice(explanation));
  return lines;
}

}  // namespace wheatstone::whea
