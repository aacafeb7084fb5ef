#include "formats/whea/bug_check.hpp"

#include <fmt/format.h>

#include <span>

#include "formats/cper/sections/nmi.hpp"
#include "formats/cper/sections/xpf_mca.hpp"

namespace wheatstone::whea {
namespace {

// What the parameters of a code are. Rows of a code with a value for parameter 1 come before the row that
// holds for all others.
struct Meaning {
  std::uint32_t code;
  std::optional<std::uint64_t> first;  // only for this value of parameter 1
  std::array<std::string_view, 4> parameters;
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
     {"Bank number", "Address of the MCA_EXCEPTION structure.", "High order 32-bits of the MCi_STATUS value.",
      "Low order 32-bits of the MCi_STATUS value."}},
    {0x80, kNmiHardwareFailureTdo, {"The bytes 'TDO'"}},
    {0x101,
     {},
     {"Clock interrupt time-out interval in nominal clock ticks", "0",
      "Address of the PRCB of the hung processor.", "Index of the hung processor"}},
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

const Meaning* meaning_of(const BugCheck& bug_check) noexcept {
  for (const Meaning& meaning : kMeanings)
    if (meaning.code == bug_check.code && (!meaning.first || *meaning.first == bug_check.parameters[0]))
      return &meaning;
  return nullptr;
}

bool has_hardware_nmi(const cper::Record& record) {
  const cper::Section* section = record.find(cper::kSectionNmi);
  if (section == nullptr) return false;
  const auto nmi = layout::View<cper::Nmi>::make(cper::kNmi, record.body(*section));
  return nmi && ((*nmi)[cper::Nmi::kFlags] & 1) == 0;
}

}  // namespace

std::string_view bug_check_name(std::uint32_t code) noexcept {
  for (const CodeName& row : kNames)
    if (row.code == code) return row.name;
  return {};
}

std::array<std::string_view, 4> parameter_meanings(const BugCheck& bug_check) noexcept {
  const Meaning* meaning = meaning_of(bug_check);
  return meaning != nullptr ? meaning->parameters : std::array<std::string_view, 4>{};
}

std::optional<BugCheck> bug_check_for(ErrorSourceType source, const cper::Record& record,
                                      std::uint64_t record_va) {
  const auto header = record.header();
  if (!header) return std::nullopt;
  const std::uint32_t severity = (*header)[cper::Header::kSeverity];
  const bool uncorrected = severity == static_cast<std::uint32_t>(cper::Severity::fatal) ||
                           severity == static_cast<std::uint32_t>(cper::Severity::recoverable);
  if (!uncorrected || ((*header)[cper::Header::kFlags] & cper::kFlagPreviousError) != 0) return std::nullopt;
  if (has_hardware_nmi(record)) return BugCheck{kBugCheckNmiHardwareFailure, {kNmiHardwareFailureTdo}};

  std::uint64_t status = 0;
  if (const cper::Section* section = record.find(cper::kSectionXpfMca))
    if (const auto mca = layout::View<cper::XpfMca>::make(cper::kXpfMcaV1, record.body(*section)))
      status = (*mca)[cper::XpfMca::kStatus];
  return BugCheck{kBugCheckWheaUncorrectableError,
                  {static_cast<std::uint32_t>(source), record_va, status >> 32, status & 0xffffffff}};
}

std::vector<std::string> describe(const BugCheck& bug_check) {
  const std::string_view name = bug_check_name(bug_check.code);
  const auto meanings = parameter_meanings(bug_check);
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
