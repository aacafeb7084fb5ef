#include "formats/whea/mca.hpp"

#include <fmt/format.h>

#include <array>
#include <span>

#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/cper/sections/xpf_processor.hpp"
#include "formats/whea/word.hpp"

namespace wheatstone::whea {
namespace {

// What a code carries besides its kind.
enum Carries : std::uint8_t {
  kLevel = 1,
  kTransaction = 2,
  kRequest = 4,
  kBus = 8,
  kMemory = 16,
};

// A row of the table: the bits under `mask` are `value`.
struct Pattern {
  std::uint16_t mask;
  std::uint16_t value;
  McaKind kind;
  std::uint8_t carries;
};

// In order: the first row that matches counts.
constexpr Pattern kPatterns[] = {
    {0xffff, 0x0000, McaKind::no_error, 0},
    {0xffff, 0x0001, McaKind::unclassified, 0},
    {0xffff, 0x0002, McaKind::microcode_rom_parity, 0},
    {0xffff, 0x0003, McaKind::external, 0},
    {0xffff, 0x0004, McaKind::frc, 0},
    {0xffff, 0x0005, McaKind::internal_parity, 0},
    {0xffff, 0x0006, McaKind::smm_code_access, 0},
    {0xffff, 0x0400, McaKind::internal_timer, 0},
    {0xfc00, 0x0400, McaKind::internal_unclassified, 0},
    {0xfffc, 0x000c, McaKind::generic_cache, kLevel},
    {0xfff0, 0x0010, McaKind::tlb, kTransaction | kLevel},
    {0xff80, 0x0080, McaKind::memory_controller, kMemory},
    {0xff00, 0x0100, McaKind::cache, kRequest | kTransaction | kLevel},
    {0xff80, 0x0280, McaKind::extended_memory, kMemory},
    {0xf800, 0x0800, McaKind::bus, kBus | kRequest | kLevel},
};

// What a kind is called and what Windows makes of it.
struct KindRow {
  std::string_view name;
  std::uint32_t logger_error_type;
  std::uint8_t processor_error_type;  // 0 where no bit of the section fits
  std::uint8_t ms_error_type;         // of the MS check, kNoMsCheck if the kind has none
};
constexpr std::uint8_t kNoMsCheck = 0xff;
constexpr std::uint8_t kCacheError = 1, kTlbError = 2, kBusError = 4, kMicroArchError = 8;

// By McaKind.
constexpr KindRow kKinds[] = {
    {"NoError", 0, 0, 0},
    {"Unclassified", 1, kMicroArchError, 1},
    {"MicrocodeRomParity", 2, kMicroArchError, 2},
    {"External", 3, kMicroArchError, 3},
    {"FRC", 4, kMicroArchError, 4},
    {"InternalParity", 0xc, kMicroArchError, 5},
    {"SmmCodeAccess", 0x100, kMicroArchError, 5},
    {"InternalTimer", 5, kMicroArchError, 5},
    {"InternalUnclassified", 6, kMicroArchError, 5},
    {"GenericCache", 7, kCacheError, kNoMsCheck},
    {"TLB", 8, kTlbError, kNoMsCheck},
    {"MemoryController", 0xb, 0, kNoMsCheck},
    {"Cache", 9, kCacheError, kNoMsCheck},
    {"ExtendedMemory", 0xb, 0, kNoMsCheck},
    {"Bus", 0xa, kBusError, kNoMsCheck},
    {"Unknown", 0x100, 0, kNoMsCheck},
};
static_assert(std::size(kKinds) == static_cast<std::size_t>(McaKind::unknown) + 1);

const KindRow& row(McaKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

constexpr std::string_view kTT[] = {"I", "D", "G"};
constexpr std::string_view kLL[] = {"L0", "L1", "L2", "LG"};
constexpr std::string_view kRRRR[] = {"ERR", "RD", "WR", "DRD", "DWR", "IRD", "PREFETCH", "EVICT", "SNOOP"};
constexpr std::string_view kPP[] = {"SRC", "RES", "OBS", "GENERIC"};
constexpr std::string_view kT[] = {"NOTIMEOUT", "TIMEOUT"};
constexpr std::string_view kII[] = {"M", "RESERVED", "IO", "*"};
constexpr std::string_view kMMM[] = {"GEN", "RD", "WR", "AC", "MS"};

// Empty if the code has no such field or its value has no name.
std::string_view part(std::span<const std::string_view> names, std::optional<std::uint8_t> value) noexcept {
  return value && *value < names.size() ? names[*value] : std::string_view{};
}

constexpr std::uint64_t bits(std::uint64_t status, unsigned low, unsigned width) noexcept {
  return (status >> low) & ((std::uint64_t{1} << width) - 1);
}

std::uint32_t or_not_applicable(std::optional<std::uint8_t> value) noexcept {
  return value ? *value : kNotApplicable;
}

constexpr std::uint64_t kCacheCheckValid = 0x9f;  // what Windows sets: no instruction pointer bits
constexpr std::uint64_t kBusCheckValid = 0x79e;   // and no transaction type
constexpr std::uint64_t kMsCheckValid = 0x27;     // the same choice: not seen in a real record

constexpr unsigned kContextCorrupt = 57, kUncorrected = 61, kOverflow = 62, kMiscValid = 59;

template <const auto& word>
std::uint64_t check_flags(std::uint64_t status, std::uint64_t check) noexcept {
  check = bit(word, "ProcessorContextCorrupt").set(check, bits(status, kContextCorrupt, 1));
  check = bit(word, "Uncorrected").set(check, bits(status, kUncorrected, 1));
  return bit(word, "Overflow").set(check, bits(status, kOverflow, 1));
}

}  // namespace

std::string_view to_string(McaKind kind) noexcept {
  return row(kind).name;
}

McaCode decode_mca(std::uint64_t status, std::uint32_t cpu_vendor) noexcept {
  std::uint16_t code = static_cast<std::uint16_t>(status);
  if (cpu_vendor == cper::kCpuVendorIntel) code = static_cast<std::uint16_t>(code & ~0x1000u);
  McaCode result;
  result.status = status;
  result.kind = McaKind::unknown;
  for (const Pattern& pattern : kPatterns) {
    if ((code & pattern.mask) != pattern.value) continue;
    const auto at = [&](unsigned low, unsigned width) {
      return static_cast<std::uint8_t>(bits(code, low, width));
    };
    result.kind = pattern.kind;
    if ((pattern.carries & kLevel) != 0) result.level = at(0, 2);
    if ((pattern.carries & kTransaction) != 0) result.transaction_type = at(2, 2);
    if ((pattern.carries & kRequest) != 0) result.request = at(4, 4);
    if ((pattern.carries & kBus) != 0) {
      result.memory_or_io = at(2, 2);
      result.timeout = at(8, 1);
      result.participation = at(9, 2);
    }
    if ((pattern.carries & kMemory) != 0) {
      result.channel = at(0, 4);
      result.operation = at(4, 3);
    }
    break;
  }
  return result;
}

std::string McaCode::mnemonic() const {
  const std::string_view tt = part(kTT, transaction_type), rrrr = part(kRRRR, request),
                         mmm = part(kMMM, operation), ll = part(kLL, level);
  switch (kind) {
    case McaKind::tlb:
      return tt.empty() ? std::string() : fmt::format("{}TLB{}_ERR", tt, ll);
    case McaKind::cache:
      return tt.empty() || rrrr.empty() ? std::string() : fmt::format("{}CACHE{}_{}_ERR", tt, ll, rrrr);
    case McaKind::memory_controller:
      return mmm.empty() ? std::string() : fmt::format("{}_CHANNEL{}_ERR", mmm, channel.value_or(0));
    case McaKind::bus:
      return rrrr.empty() ? std::string()
                          : fmt::format("BUS{}_{}_{}_{}_{}_ERR", ll, part(kPP, participation), rrrr,
                                        part(kII, memory_or_io), part(kT, timeout));
    default:
      return {};
  }
}

McaLoggerFields McaCode::logger() const noexcept {
  return {.error_type = row(kind).logger_error_type,
          .transaction_type = or_not_applicable(transaction_type),
          .participation = or_not_applicable(participation),
          .request_type = or_not_applicable(request),
          .memory_or_io = or_not_applicable(memory_or_io),
          .hierarchy_level = or_not_applicable(level),
          .timeout = or_not_applicable(timeout),
          .operation_type = or_not_applicable(operation),
          .channel = or_not_applicable(channel)};
}

McaProcessorFields McaCode::processor() const noexcept {
  // By RRRR: data read, data write and instruction fetch have a value, all others are generic.
  static constexpr std::uint8_t kOperations[16] = {0, 0, 0, 1, 2, 3};
  return {.error_type = row(kind).processor_error_type,
          .operation = kOperations[request.value_or(0) & 15],
          .level = level.value_or(0)};
}

std::optional<McaCheckInfo> McaCode::check_info() const noexcept {
  namespace tables = cper::tables;
  std::uint64_t word = 0;
  switch (kind) {
    case McaKind::cache:
    case McaKind::generic_cache:
    case McaKind::tlb:
      word = kCacheCheckValid;
      // The generic form names no transaction: it is a generic one.
      word = bit(tables::kCacheCheck, "TransactionType").set(word, transaction_type.value_or(2));
      word = bit(tables::kCacheCheck, "Operation").set(word, request.value_or(0));
      word = bit(tables::kCacheCheck, "Level").set(word, level.value_or(0));
      word = check_flags<tables::kCacheCheck>(status, word);
      return McaCheckInfo{kind == McaKind::tlb ? cper::kCheckTlb : cper::kCheckCache, word};
    case McaKind::bus:
      word = kBusCheckValid;
      word = bit(tables::kBusCheck, "Operation").set(word, request.value_or(0));
      word = bit(tables::kBusCheck, "Level").set(word, level.value_or(0));
      word = bit(tables::kBusCheck, "Participation").set(word, participation.value_or(0));
      word = bit(tables::kBusCheck, "Timeout").set(word, timeout.value_or(0));
      word = bit(tables::kBusCheck, "AddressSpace").set(word, memory_or_io.value_or(0));
      return McaCheckInfo{cper::kCheckBus, check_flags<tables::kBusCheck>(status, word)};
    default:
      break;
  }
  if (row(kind).ms_error_type == kNoMsCheck) return std::nullopt;
  word = bit(tables::kMsCheck, "ErrorType").set(kMsCheckValid, row(kind).ms_error_type);
  return McaCheckInfo{cper::kCheckMs, check_flags<tables::kMsCheck>(status, word)};
}

std::uint32_t amd_northbridge_error(std::uint64_t status) noexcept {
  const std::uint64_t code = bits(status, 16, 5);
  return code <= 8 ? static_cast<std::uint32_t>(code) : 0x100;
}

std::optional<McaRootPort> mca_root_port(std::uint64_t status, std::uint64_t misc) noexcept {
  if ((status & 0xefff) != 0x0e0b || bits(status, kMiscValid, 1) == 0) return std::nullopt;
  return McaRootPort{.segment = static_cast<std::uint8_t>(bits(misc, 32, 8)),
                     .bus = static_cast<std::uint8_t>(bits(misc, 24, 8)),
                     .device = static_cast<std::uint8_t>(bits(misc, 19, 5)),
                     .function = static_cast<std::uint8_t>(bits(misc, 16, 3))};
}

}  // namespace wheatstone::whea
