#include "formats/document/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "formats/cper/pieces.hpp"
#include "formats/cper/sections/pcie.hpp"
#include "formats/cper/sections/processor_generic.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/cper/sections/xpf_processor.hpp"
#include "formats/document/lint_fields.hpp"
#include "formats/document/locate.hpp"
#include "formats/layout/record_time.hpp"

namespace wheatstone::document {
namespace {

using cper::Descriptor;
using cper::Header;
using cper::Record;
using cper::Section;

constexpr std::uint32_t kPrimary = 1;
constexpr std::uint16_t kPersistenceSignature = 0x5245;  // "ER"
constexpr std::uint64_t kNoRecordId = ~std::uint64_t{0};
constexpr std::int64_t kTicksPerSecond = 10'000'000;
constexpr std::uint16_t kAerCapability = 0x0001;
constexpr std::uint8_t kExpressCapability = 0x10;
constexpr std::uint64_t kStatusValid = std::uint64_t{1} << 63;
constexpr std::uint64_t kStatusUncorrected = std::uint64_t{1} << 61;
constexpr std::uint64_t kStatusMiscValid = std::uint64_t{1} << 59;
constexpr std::uint64_t kStatusAddressValid = std::uint64_t{1} << 58;
constexpr std::uint64_t kStatusContextCorrupt = std::uint64_t{1} << 57;

// Fatal is worst, then recoverable, corrected, informational: not the order of the values.
int badness(std::uint32_t severity) {
  constexpr std::array<int, 4> kBadness = {2, 3, 1, 0};
  return severity < kBadness.size() ? kBadness[severity] : -1;
}

class RecordLinter {
 public:
  RecordLinter(const Record& record, std::vector<Finding>& findings) : record_(record), findings_(findings) {}

  void run() {
    header();
    sections();
    story();
  }

 private:
  void report(FindingSeverity severity, std::string_view code, std::string path, std::uint64_t offset,
              std::string message, std::string_view clause) {
    findings_.push_back({severity, code, std::move(message), std::move(path), offset, clause});
  }
  std::uint64_t descriptor_at(const Section& section) const {
    return cper::kHeaderSize + section.index * cper::kDescriptorSize;
  }
  static std::string of(const Section& section, std::string_view field) {
    return fmt::format("Sections[{}].{}", section.index, field);
  }

  void header() {
    const auto view = *record_.header();
    const std::uint64_t time = view[Header::kTimestamp];
    const auto binary = decode_record_time(time, TimestampForm::binary);
    const auto bcd = decode_record_time(time, TimestampForm::bcd);
    const bool windows = view[Header::kCreatorId] == cper::kCreatorWindows;
    if (time != 0 && !binary && !bcd)
      report(FindingSeverity::warning, "timestamp-no-date", "Timestamp", 24,
             fmt::format("{:#018x} is no date, neither in binary nor in BCD", time), "UEFI N.2.1");
    if (windows && time != 0 && !decode_record_time(time, TimestampForm::binary) && bcd)
      report(FindingSeverity::warning, "timestamp-bcd", "Timestamp", 24,
             "the date is in BCD, but Windows writes binary", "WDK WHEA_TIMESTAMP");
    const std::uint64_t id = view[Header::kRecordId];
    if (id == 0 || id == kNoRecordId)
      report(FindingSeverity::note, "record-id-reserved", "RecordId", 96,
             fmt::format("{:#018x} stands for {} in an ERST", id, id == 0 ? "the first record" : "no record"),
             "ACPI 18.5.1");
    const std::uint64_t persistence = load_le<std::uint64_t>(record_.bytes().data() + 108);
    if (persistence != 0 && static_cast<std::uint16_t>(persistence) != kPersistenceSignature)
      report(FindingSeverity::warning, "persistence-signature", "PersistenceInfo", 108,
             fmt::format("its signature is {:#06x}, not 'ER'", persistence & 0xffff), "UEFI N.2.1");
    const std::uint32_t severity = view[Header::kSeverity];
    int worst = -1;
    for (const Section& section : record_.sections())
      worst = std::max(worst, badness(record_.descriptor(section)[Descriptor::kSeverity]));
    if (!record_.sections().empty() && badness(severity) >= 0 && worst >= 0 && badness(severity) < worst)
      report(FindingSeverity::warning, "severity-mismatch", "Severity", 12,
             "a section is worse than the record says it is", "UEFI N.2.1");
  }

  void sections() {
    std::size_t primaries = 0;
    const auto view = *record_.header();
    for (const Section& section : record_.sections()) {
      const auto descriptor = record_.descriptor(section);
      if (descriptor[Descriptor::kFlags] & kPrimary) ++primaries;
      if (section.type == nullptr) {
        report(FindingSeverity::note, "unknown-section", of(section, "SectionType"),
               descriptor_at(section) + 16,
               fmt::format("{} is not known; the body is carried as bytes",
                           descriptor[Descriptor::kSectionType].text()),
               "UEFI N.2.2");
      }
      const bool firmware_record = view[Header::kMajorRevision] == 1;
      const bool firmware_section = descriptor[Descriptor::kMajorRevision] == 1;
      if (firmware_record != firmware_section)
        report(FindingSeverity::note, "revision-mixed", of(section, "Revision"), descriptor_at(section) + 8,
               fmt::format("a section of revision {}.{} in a record of revision {}.{}",
                           descriptor[Descriptor::kMajorRevision], descriptor[Descriptor::kMinorRevision],
                           view[Header::kMajorRevision], view[Header::kMinorRevision]),
               "UEFI N.2.2");
    }
    if (!record_.sections().empty() && primaries != 1)
      report(FindingSeverity::note, primaries == 0 ? "no-primary-section" : "several-primary-sections",
             "Sections", cper::kHeaderSize,
             primaries == 0 ? std::string("no section is marked primary")
                            : fmt::format("{} sections are marked primary", primaries),
             "UEFI N.2.2");
    for (const Record::Gap& gap : record_.gaps())
      if (gap.offset < (*record_.header())[Header::kLength])
        report(FindingSeverity::note, "gap", "", gap.offset,
               fmt::format("{} bytes belong to no section", gap.bytes.size()), "UEFI N.2.2");
    for (const cper::Piece& piece : cper::pieces(record_)) {
      if (!piece.is_body || piece.layout == nullptr) continue;
      if (piece.section->type->guid == cper::kSectionXpfMca) machine_check(piece);
      if (piece.section->type->guid == cper::kSectionPciExpress) pci_express(piece);
    }
  }

  void machine_check(const cper::Piece& piece) {
    using Field = cper::XpfMca;
    const Section& section = *piece.section;
    const auto view = *layout::View<Field>::make(cper::kXpfMcaV1, record_.body(section));
    const auto at = [&](std::string_view code, FindingSeverity severity, std::string_view field,
                        std::uint32_t offset, std::string message) {
      report(severity, code, fmt::format("{}{}", piece.path, field), section.offset + offset,
             std::move(message), "WDK WHEA_XPF_MCA_SECTION");
    };
    const std::uint64_t status = view[Field::kStatus];
    if ((status & kStatusValid) == 0)
      at("mca-status-not-valid", FindingSeverity::warning, "Status", Field::kStatus.offset,
         "the bank says that it holds no error");
    const std::uint32_t severity = record_.descriptor(section)[Descriptor::kSeverity];
    const bool corrected = severity == static_cast<std::uint32_t>(cper::Severity::corrected);
    if ((status & kStatusValid) != 0 && corrected &&
        (status & (kStatusUncorrected | kStatusContextCorrupt)) != 0)
      at("mca-severity-mismatch", FindingSeverity::warning, "Status", Field::kStatus.offset,
         "the bank says uncorrected, the section corrected");
    if ((status & kStatusAddressValid) == 0 && view[Field::kAddress] != 0)
      at("mca-address-not-valid", FindingSeverity::note, "Address", Field::kAddress.offset,
         "there is an address, but ADDRV is clear");
    if ((status & kStatusMiscValid) == 0 && view[Field::kMisc] != 0)
      at("mca-misc-not-valid", FindingSeverity::note, "Misc", Field::kMisc.offset,
         "there is a MISC value, but MISCV is clear");
    const std::uint32_t version = view[Field::kVersionNumber];
    const std::size_t length = section.length;
    // Lengths by version: see formats/cper/README.md. Version 2 has two.
    const bool fits = (version == 1 && length >= 264) || (version == 2 && length >= 264) ||
                      (version == 3 && length >= 292) || (version == 4 && length >= 1192) ||
                      (version == 5 && length >= 2088);
    if (!fits)
      at("mca-version-length", FindingSeverity::warning, "VersionNumber", Field::kVersionNumber.offset,
         fmt::format("version {} does not go with {} bytes", version, length));
  }

  void pci_express(const cper::Piece& piece) {
    using Field = cper::PciExpress;
    const Section& section = *piece.section;
    const Bytes body = record_.body(section);
    const auto view = *layout::View<Field>::make(cper::kPciExpress, body);
    const std::uint64_t valid = view[Field::kValidBits];
    const std::uint16_t aer = load_le<std::uint16_t>(body.data() + Field::kAerInfoOffset);
    if ((valid & 0x80) != 0 && aer != kAerCapability)
      report(FindingSeverity::warning, "aer-capability-id", piece.path + "AerInfo.CapabilityHeader",
             section.offset + Field::kAerInfoOffset,
             fmt::format("the capability has the id {:#06x}, AER has 0x0001", aer), "PCIe 7.8.4");
    constexpr std::size_t kExpressOffset = 52;
    if ((valid & 0x40) != 0 && body[kExpressOffset] != kExpressCapability)
      report(FindingSeverity::warning, "express-capability-id", piece.path + "ExpressCapability.CapabilityId",
             section.offset + kExpressOffset,
             fmt::format("the capability has the id {:#04x}, PCI Express has 0x10", body[kExpressOffset]),
             "PCIe 7.5.3");
  }

  // Sections of one record tell the same story.
  void story() {
    const Section* mca = record_.find(cper::kSectionXpfMca);
    const Section* generic = record_.find(cper::kSectionProcessorGeneric);
    const Section* xpf = record_.find(cper::kSectionXpfProcessor);
    std::optional<std::uint64_t> apic;
    std::optional<std::uint64_t> version;
    if (generic != nullptr) {
      using Field = cper::ProcessorGeneric;
      const auto view = *layout::View<Field>::make(cper::kProcessorGeneric, record_.body(*generic));
      if (view[Field::kValidBits] & 0x100) apic = view[Field::kProcessorId];
      if (view[Field::kValidBits] & 0x40) version = view[Field::kCpuVersion];
    }
    if (xpf != nullptr) {
      const Bytes body = record_.body(*xpf);
      const std::uint64_t valid = load_le<std::uint64_t>(body.data());
      const std::uint64_t id = load_le<std::uint64_t>(body.data() + 8);
      if ((valid & 1) != 0 && apic && *apic != id)
        report(FindingSeverity::warning, "apic-id-mismatch", "XpfProcessor.LocalAPICId", xpf->offset + 8u,
               fmt::format("{:#x} here, {:#x} in the processor generic section", id, *apic), "UEFI N.2.4");
      const std::uint32_t eax = load_le<std::uint32_t>(body.data() + 16);
      if ((valid & 2) != 0 && version && static_cast<std::uint32_t>(*version) != eax)
        report(FindingSeverity::warning, "cpu-version-mismatch", "XpfProcessor.CpuId[0]", xpf->offset + 16u,
               fmt::format("{:#x} here, {:#x} in the processor generic section", eax, *version),
               "UEFI N.2.4");
    }
    if (mca == nullptr) return;
    using Field = cper::XpfMca;
    const auto view = *layout::View<Field>::make(cper::kXpfMcaV1, record_.body(*mca));
    const auto header = *record_.header();
    const auto civil = decode_record_time(header[Header::kTimestamp]);
    const auto recorded = civil ? from_civil(*civil) : std::nullopt;
    const std::uint64_t ticks = view[Field::kTimestamp];
    if ((header[Header::kValidBits] & 2) == 0 || !recorded || ticks == 0) return;
    const auto apart = static_cast<std::int64_t>(recorded->ticks - ticks);
    if (apart > kTicksPerSecond || apart < -kTicksPerSecond)
      report(FindingSeverity::warning, "timestamp-mismatch", "XpfMca.Timestamp",
             mca->offset + Field::kTimestamp.offset,
             "it is more than a second away from the time of the record", "WDK WHEA_XPF_MCA_SECTION");
  }

  const Record& record_;
  std::vector<Finding>& findings_;
};

// What decoding says about a record, and what a reader would; at a place of the document.
void lint_record(const Record& record, std::string_view path, std::uint64_t offset,
                 std::vector<Finding>& findings) {
  const std::size_t first = findings.size();
  findings.insert(findings.end(), record.findings().begin(), record.findings().end());
  if (record.header()) RecordLinter(record, findings).run();
  for (std::size_t i = first; i < findings.size(); ++i) {
    findings[i].path.insert(0, path);
    if (findings[i].offset != Finding::kNoOffset) findings[i].offset += offset;
  }
}

// "A value without a meaning" says nothing more where a reader has said what is wrong with the value.
void drop_echoes(std::vector<Finding>& findings) {
  constexpr std::string_view kEcho = "unknown-value";
  using Place = std::pair<std::uint64_t, std::string_view>;
  std::vector<Place> said;
  for (const Finding& finding : findings)
    if (finding.code != kEcho) said.emplace_back(finding.offset, finding.path);
  std::ranges::sort(said);
  std::vector<Finding> kept;
  for (Finding& finding : findings)
    if (finding.code != kEcho || !std::ranges::binary_search(said, Place(finding.offset, finding.path)))
      kept.push_back(finding);
  findings = std::move(kept);
}

}  // namespace

std::vector<Finding> lint(const Document& document) {
  std::vector<Finding> findings;
  if (document.record() != nullptr) {
    lint_record(*document.record(), "", 0, findings);
  } else {
    findings.assign(document.findings().begin(), document.findings().end());
  }
  for (std::size_t i = 0; i < document.stored().size(); ++i)
    lint_record(document.stored()[i], stored_path(i), document.store()->records()[i].offset, findings);
  std::size_t left_out = findings.size() > kMostFindings ? findings.size() - kMostFindings : 0;
  findings.resize(findings.size() - left_out);
  for (const cper::Piece& piece : pieces(document))
    if (piece.layout != nullptr)
      left_out += lint_fields(*piece.layout, piece.bytes, piece.path,
                              static_cast<std::uint64_t>(piece.bytes.data() - document.bytes().data()),
                              kMostFindings, findings);
  drop_echoes(findings);
  std::ranges::sort(findings, [](const Finding& a, const Finding& b) {
    return std::tie(a.offset, a.code, a.path) < std::tie(b.offset, b.code, b.path);
  });
  if (left_out != 0)
    findings.push_back({FindingSeverity::note, "more-findings",
                        fmt::format("{} more findings are not shown", left_out), "", Finding::kNoOffset, ""});
  return findings;
}

}  // namespace wheatstone::document
