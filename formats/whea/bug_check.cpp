#include "formats/whea/bug_check.hpp"

#include <fmt/format.h>

#include <span>

#include "formats/cper/sections/nmi.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/layout/walk.hpp"
#include "formats/whea/mca_exception.hpp"
#include "formats/whea/mca_registers.hpp"

namespace wheatstone::whea {
namespace {

// What a row asks for besides code and parameter 1.
enum class Only : std::uint8_t { always, pentium, itanium, with_buffers };

// What the parameters of a code are. The first row that fits counts, so the row of a code that holds for all
// others comes last.
struct Meaning {
  std::uint32_t code;
  std::optional<std::uint64_t> first;  // only for this value of parameter 1
  std::array<std::string_view, 4> parameters;
  Only only = Only::always;
};

constexpr std::string_view kRecord = "Address of the WHEA_ERROR_RECORD structure.";

constexpr Meaning kMeanings[] = {
    {0x124,
     0x0,
     {"Machine Check Exception", kRecord, "High order 32-bits of the MCi_STATUS value.",
      "Low order 32-bits of the MCi_STATUS value."}},
    {0x124, 0x1, {"Corrected Machine Check", kRecord}},
    {0x124, 0x2, {"Corrected Platform Error", kRecord}},
    {0x124, 0x3, {"Nonmaskable Interrupt", kRecord}},
    {0x124, 0x4, {"PCI Express Error", kRecord}},
    {0x124, 0x5, {"Generic Error", kRecord}},
    {0x124, 0x6, {"Initialization Error", kRecord}},
    {0x124, 0x7, {"BOOT Error", kRecord}},
    {0x124, 0x8, {"SCI Generic Error", kRecord}},
    {0x124,
     0x9,
     {"Itanium Machine Check Abort", kRecord, "Length of the SAL log.", "Address of the SAL log."}},
    {0x124, 0xa, {"Itanium Corrected Machine Check", kRecord}},
    {0x124, 0xb, {"Itanium Corrected Platform Error", kRecord}},
    {0x124, 0xc, {"Generic Error, version 2", kRecord}},
    {0x124, 0xd, {"SCI Generic Error, version 2", kRecord}},
    {0x124, 0xe, {"BMC Error", kRecord}},
    {0x124, 0xf, {"Persistent Memory Error", kRecord}},
    {0x124,
     0x10,
     {"Error Source Type", kRecord, "Third parameter of the driver.", "Fourth parameter of the driver."}},
    {0x124, 0x11, {"Arm Synchronous External Abort", kRecord}},
    {0x124, 0x12, {"Arm SError Interrupt", kRecord}},
    {0x124, {}, {"Error Source Type", kRecord}},

    {0x122, 0x1, {"No memory for the error source table", "Memory size", "Number of error sources"}},
    {0x122, 0x2, {"No memory for the per-processor block", "Number of processors"}},
    {0x122, 0x5, {"Error sources could not be allocated or enumerated", "NTSTATUS", "Phase"}},
    {0x122, 0x6, {"Error source could not be initialized", "NTSTATUS", "Phase", "Error source type"}},
    {0x122, 0x7, {"No memory", "NTSTATUS"}},
    {0x122, 0x8, {"No memory for the error source descriptors", "Number of error sources"}},
    {0x122, 0x9, {"Uncorrected error from an unknown source", "Error source type", "Error source ID"}},
    {0x122, 0xa, {"No error record for an uncorrected error", "Error source type", "Error source ID"}},
    {0x122, 0xb, {"Error record could not be filled", "Error source type", "Error source ID"}},

    {0x9c,
     {},
     {"Low order 32-bits of P5_MC_TYPE.", "Address of the MCA_EXCEPTION structure.",
      "High order 32-bits of P5_MC_ADDR.", "Low order 32-bits of P5_MC_ADDR."},
     Only::pentium},
    {0x9c,
     {},
     {"Subtype: 1 to 5 machine check abort, b to e INIT", "Address of the log", "Size of the log",
      "Error code"},
     Only::itanium},
    {0x9c,
     {},
     {"Bank number", "Address of the MCA_EXCEPTION structure.", "High order 32-bits of the MCi_STATUS value.",
      "Low order 32-bits of the MCi_STATUS value."}},
    {0x80, kNmiHardwareFailureTdo, {"The bytes 'TDO'"}},
    {0x101,
     {},
     {"Clock interrupt time-out interval in nominal clock ticks", "0",
      "Address of the PRCB of the hung processor.", "Index of the hung processor"}},
    {0x12b,
     {},
     {"Failure status", "Compressed size", "Address of the source buffer", "Address of the target buffer"},
     Only::with_buffers},
    {0x12b, {}, {"Virtual address that maps the corrupted page", "Physical page number"}},
    {0x2e,
     {},
     {"Virtual address that caused the fault", "Physical address that caused the fault",
      "Processor status register", "Faulting instruction register"}},

    {0x50,
     {},
     {"Memory referenced", "0 for a read, 1 for a write, 2 or 10 for an execution",
      "Address of the instruction that referenced it, if it is not 0"}},
    {0x7a,
     {},
     {"Lock type that was held, or address of a page table entry", "Error status", "Current process",
      "Virtual address that could not be in-paged"}},
    {0xf4, 0x3, {"Process", "Terminating object", "Process image file name", "Explanatory message"}},
    {0xf4, 0x6, {"Thread", "Terminating object", "Process image file name", "Explanatory message"}},
    {0xf4,
     {},
     {"Type of the terminating object", "Terminating object", "Process image file name",
      "Explanatory message"}},

    {0x1a, 0x31, {"Subtype: the image relocation or page content is corrupted"}},
    {0x1a,
     0x3f,
     {"Subtype: an inpage operation failed with a CRC error", "Page file offset", "CRC of the page",
      "Expected CRC"}},
    {0x1a,
     0x403,
     {"Subtype: page table and PFN database are out of sync", "",
      "If parameters 3 and 4 differ in one bit only, this is probably a hardware error", ""}},
    {0x1a, 0x411, {"Subtype: a page table entry has been corrupted", "Page table entry"}},
    {0x1a, 0x3451, {"Subtype: the page table entries of an outswapped kernel stack are corrupted"}},
    {0x1a, 0x3453, {"Subtype: not all page table pages of a process could be deleted"}},
    {0x1a, 0x3470, {"Subtype", "Virtual address", "Cookie"}},
    {0x1a, 0x5003, {"Subtype: the working set free list is corrupted"}},
    {0x1a, 0x41790, {"Subtype: a page table page has been corrupted", "Address of the PFN"}},
    {0x1a,
     0x41792,
     {"Subtype: a corrupted page table entry has been detected", "Address of the page table entry",
      "Low part of the page table entry", "High part of the page table entry"}},
    {0x1a, 0x61941, {"Subtype: the paging hierarchy is corrupted", "Virtual address"}},
    {0x1a, {}, {"Subtype"}},
};

struct CodeName {
  std::uint32_t code;
  std::string_view name;
};

constexpr CodeName kNames[] = {
    {0x1a, "MEMORY_MANAGEMENT"},
    {0x2e, "DATA_BUS_ERROR"},
    {0x50, "PAGE_FAULT_IN_NONPAGED_AREA"},
    {0x7a, "KERNEL_DATA_INPAGE_ERROR"},
    {0x80, "NMI_HARDWARE_FAILURE"},
    {0x9c, "MACHINE_CHECK_EXCEPTION"},
    {0xf4, "CRITICAL_OBJECT_TERMINATION"},
    {0x101, "CLOCK_WATCHDOG_TIMEOUT"},
    {0x122, "WHEA_INTERNAL_ERROR"},
    {0x124, "WHEA_UNCORRECTABLE_ERROR"},
    {0x12b, "FAULTY_HARDWARE_CORRUPTED_PAGE"},
};

bool fits(Only only, const BugCheck& bug_check, MachineCheckUnit unit) noexcept {
  switch (only) {
    case Only::always:
      return true;
    case Only::pentium:
      return unit == MachineCheckUnit::pentium;
    case Only::itanium:
      return unit == MachineCheckUnit::itanium;
    case Only::with_buffers:
      return bug_check.parameters[2] != 0 || bug_check.parameters[3] != 0;
  }
  return false;
}

const Meaning* meaning_of(const BugCheck& bug_check, MachineCheckUnit unit) noexcept {
  for (const Meaning& meaning : kMeanings)
    if (meaning.code == bug_check.code && (!meaning.first || *meaning.first == bug_check.parameters[0]) &&
        fits(meaning.only, bug_check, unit))
      return &meaning;
  return nullptr;
}

bool has_hardware_nmi(const cper::Record& record) {
  const cper::Section* section = record.find(cper::kSectionNmi);
  if (section == nullptr) return false;
  const auto nmi = layout::View<cper::Nmi>::make(cper::kNmi, record.body(*section));
  return nmi && ((*nmi)[cper::Nmi::kFlags] & 1) == 0;
}

constexpr std::uint64_t high(std::uint64_t value) noexcept {
  return value >> 32;
}
constexpr std::uint64_t low(std::uint64_t value) noexcept {
  return value & 0xffffffff;
}

using Halves = std::array<std::uint64_t, 2>;

Halves halves(std::uint64_t value) noexcept {
  return {high(value), low(value)};
}

// ---- Windows 7 and later

Halves status_of_first_machine_check(const cper::Record& record) {
  const cper::Section* section = record.find(cper::kSectionXpfMca);
  if (section == nullptr) return {};
  const auto mca = layout::View<cper::XpfMca>::make(cper::kXpfMcaV1, record.body(*section));
  return mca ? halves((*mca)[cper::XpfMca::kStatus]) : Halves{};
}

// The first section of a type that is inside the record, whether or not we know its layout.
const cper::Section* find_any(const cper::Record& record, std::string_view type_name) noexcept {
  for (const cper::Section& section : record.sections())
    if (section.type != nullptr && section.type->name == type_name && section.length != 0) return &section;
  return nullptr;
}

Halves sal_log(const cper::Record& record, std::uint64_t record_va) noexcept {
  const cper::Section* section = find_any(record, "IpfSalRecord");
  return section != nullptr ? Halves{section->length, record_va + section->offset} : Halves{};
}

// ---- Vista and Server 2008

Halves status_of_packet(const cper::Record& record) {
  const auto registers = mca_registers_of_packet(record);
  return registers ? halves(registers->status) : Halves{};
}

const cper::Section* primary_section(const cper::Record& record) {
  constexpr std::uint32_t kPrimary = 1;
  for (const cper::Section& section : record.sections())
    if ((record.descriptor(section)[cper::Descriptor::kFlags] & kPrimary) != 0) return &section;
  return nullptr;
}

BugCheck by_primary_section(const cper::Record& record, std::uint64_t record_va) {
  BugCheck result{kBugCheckWheaUncorrectableError, {0, record_va}};
  const cper::Section* primary = primary_section(record);
  if (primary == nullptr || primary->type == nullptr) return result;
  if (primary->type->guid == cper::kSectionPciExpress)
    result.parameters[0] = static_cast<std::uint32_t>(ErrorSourceType::pcie);
  if (primary->type->guid == cper::kSectionProcessorGeneric) {
    const Halves status = status_of_packet(record);
    result.parameters[2] = status[0];
    result.parameters[3] = status[1];
  }
  return result;
}

}  // namespace

std::string_view bug_check_name(std::uint32_t code) noexcept {
  for (const CodeName& row : kNames)
    if (row.code == code) return row.name;
  return {};
}

std::array<std::string_view, 4> parameter_meanings(const BugCheck& bug_check,
                                                   MachineCheckUnit unit) noexcept {
  const Meaning* meaning = meaning_of(bug_check, unit);
  return meaning != nullptr ? meaning->parameters : std::array<std::string_view, 4>{};
}

std::optional<BugCheck> bug_check_for(ErrorSourceType source, const cper::Record& record,
                                      std::uint64_t record_va, const BugCheckContext& context) {
  const auto header = record.header();
  if (!header) return std::nullopt;
  const std::uint32_t severity = (*header)[cper::Header::kSeverity];
  const bool uncorrected = severity == static_cast<std::uint32_t>(cper::Severity::fatal) ||
                           severity == static_cast<std::uint32_t>(cper::Severity::recoverable);
  if (!uncorrected || ((*header)[cper::Header::kFlags] & cper::kFlagPreviousError) != 0) return std::nullopt;
  if (has_hardware_nmi(record)) return BugCheck{kBugCheckNmiHardwareFailure, {kNmiHardwareFailureTdo}};

  if (context.build < kFirstBuildByMachineCheck) return by_primary_section(record, record_va);

  Halves own;
  switch (source) {
    case ErrorSourceType::device_driver:
      own = context.driver;
      break;
    case ErrorSourceType::ipf_mca:
      own = sal_log(record, record_va);
      break;
    default:
      own = status_of_first_machine_check(record);
      break;
  }
  return BugCheck{kBugCheckWheaUncorrectableError,
                  {static_cast<std::uint32_t>(source), record_va, own[0], own[1]}};
}

std::optional<BugCheck> bug_check_for_exception(Bytes mca_exception, std::uint64_t exception_va) noexcept {
  namespace at = mca_exception;
  if (mca_exception.size() < cper::kMcaException.min) return std::nullopt;
  const auto value = [&](layout::Ref ref) { return layout::load(mca_exception, ref); };
  switch (value(at::kType)) {
    case at::kPentium:
      return BugCheck{
          kBugCheckMachineCheckException,
          {low(value(at::kP5Type)), exception_va, high(value(at::kP5Address)), low(value(at::kP5Address))}};
    case at::kMca:
      return BugCheck{kBugCheckMachineCheckException,
                      {value(at::kBank), exception_va, high(value(at::kStatus)), low(value(at::kStatus))}};
    default:
      return std::nullopt;
  }
}

std::vector<std::string> describe(const BugCheck& bug_check, MachineCheckUnit unit) {
  const std::string_view name = bug_check_name(bug_check.code);
  const auto meanings = parameter_meanings(bug_check, unit);
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{} ({:x})", name.empty() ? "Unknown bugcheck code" : name, bug_check.code));
  lines.emplace_back("Arguments:");
  for (std::size_t i = 0; i < bug_check.parameters.size(); ++i) {
    std::string line = fmt::format("Arg{}: {:016x}", i + 1, bug_check.parameters[i]);
    if (!meanings[i].empty()) line += fmt::format(", {}", meanings[i]);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace wheatstone::whea
