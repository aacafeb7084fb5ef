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

// Sorted by code.
constexpr Rule kRules[] = {
    {"aer-capability-id", "the AER copy is no AER capability", "do not read its registers"},
    {"apic-id-mismatch", "sections name different processors", "trust neither alone"},
    {"bad-signature", "the record does not start with CPER",
     "refuse the record; its bytes are shown as if it did"},
    {"bad-signature-end", "the end mark is wrong", "read on; Windows' own helper refuses the record"},
    {"bytes-behind-record", "bytes follow the record", "ignore them, or look for another record there"},
    {"context-misplaced", "register contexts start later than counted", "read them where they are"},
    {"count-beyond-input", "more sections are counted than fit", "read the descriptors that are there"},
    {"cpu-version-mismatch", "sections name different processor models", "trust neither alone"},
    {"element-outside-section", "a counted element is not all there",
     "read the elements before it; the rest is bytes"},
    {"express-capability-id", "the PCI Express copy is no PCI Express capability",
     "do not read its registers"},
    {"firmware-revision", "the revision is not one that Windows writes", "read it all the same"},
    {"gap", "bytes belong to no section", "carry them"},
    {"length-beyond-input", "the record is cut short", "read what is there"},
    {"mca-address-not-valid", "an address without its validity bit", "do not use the address"},
    {"mca-misc-not-valid", "a MISC value without its validity bit", "do not use the value"},
    {"mca-severity-mismatch", "the bank is worse than its section", "believe the bank"},
    {"mca-status-not-valid", "the bank holds no valid error", "do not decode the status"},
    {"mca-version-length", "version and length of a machine check disagree", "go by the length"},
    {"more-findings", "there are more findings than are shown", "mend the first ones and look again"},
    {"no-primary-section", "no section is primary", "take the first one that you can decode"},
    {"no-sections", "the record has no sections", "there is nothing but the header"},
    {"over-budget", "bodies overlap so much that some are not shown again", "refuse the record"},
    {"packet-bytes-behind", "bytes follow the packet", "ignore them"},
    {"packet-data-length-is-maximum", "the data length is the source's maximum", "take what is there"},
    {"packet-data-outside", "data lies outside the packet", "read the header only"},
    {"packet-data-overlap", "data and PSHED data share bytes", "read both with care"},
    {"packet-length-beyond-input", "the packet is cut short", "read what is there"},
    {"packet-length-short", "the length is less than the header's", "ignore the length"},
    {"packet-log-data-outside", "the log data of a driver's packet is not all there", "go without it"},
    {"packet-signature", "the packet has no known signature", "refuse it"},
    {"packet-truncated", "the header is not all there", "refuse it"},
    {"packet-version", "the version is not known", "read it as the version that the signature says"},
    {"part-outside-section", "a part is not inside its structure",
     "read the fields before it; the rest is bytes"},
    {"persistence-signature", "PersistenceInfo is not signed", "ignore it"},
    {"record-id-reserved", "the record id is one that ERST reserves",
     "do not look it up in a store by its id"},
    {"record-too-short", "there is not even a header", "refuse it"},
    {"reserved-bits-set", "bits without a meaning are set", "ignore them, carry them"},
    {"reserved-not-zero", "reserved bytes are not zero", "ignore them, carry them"},
    {"revision-mixed", "firmware's and Windows' revisions in one record", "read it all the same"},
    {"section-beyond-length", "a body ends behind the record's end", "read it if the bytes are there"},
    {"section-form-unknown", "the content of a body says none of the forms of its type", "take it as bytes"},
    {"section-outside-input", "a body is not inside the bytes there are", "skip the section"},
    {"section-over-descriptors", "a body lies over the header or the descriptors", "read it with care"},
    {"section-too-short", "a body is too short for its type", "take it as bytes"},
    {"sections-overlap", "two bodies share bytes", "read both; one of them is wrong"},
    {"several-primary-sections", "more than one section is primary", "take the first"},
    {"severity-mismatch", "a section is worse than the record", "believe the worse one"},
    {"text-not-ascii", "a text holds other bytes than ASCII", "escape it before it is printed"},
    {"timestamp-bcd", "a date in BCD from Windows", "read it as BCD"},
    {"timestamp-mismatch", "record and machine check have different times", "believe the machine check"},
    {"timestamp-no-date", "the timestamp is no date", "ignore it"},
    {"unknown-guid", "a GUID that is not known here", "carry it"},
    {"unknown-section", "a section of an unknown type", "carry its bytes"},
    {"unknown-severity", "a severity without a meaning", "treat it as fatal"},
    {"unknown-value", "a value without a meaning", "carry the number"},
    {"valid-but-absent", "a field is marked valid but is not there", "treat it as not valid"},
    {"value-not-valid", "a value whose validity bit is clear", "do not use it"},
};
static_assert(std::ranges::is_sorted(kRules, {}, &Rule::code));

}  // namespace

std::span<const Rule> rules() noexcept {
  return kRules;
}

const Rule* find_rule(std::string_view code) noexcept {
  const auto found = std::ranges::lower_bound(kRules, code, {}, &Rule::code);
  return found != std::end(kRules) && found->code == code ? found : nullptr;
}

std::vector<Finding> lint(const Document& document) {
  std::vector<Finding> findings(document.findings().begin(), document.findings().end());
  if (const Record* record = document.record(); record != nullptr && record->header())
    RecordLinter(*record, findings).run();
  std::size_t left_out = findings.size() > kMostFindings ? findings.size() - kMostFindings : 0;
  findings.resize(findings.size() - left_out);
  for (const cper::Piece& piece : pieces(document))
    if (piece.layout != nullptr)
      left_out += lint_fields(*piece.layout, piece.bytes, piece.path,
                              static_cast<std::uint64_t>(piece.bytes.data() - document.bytes().data()),
                              kMostFindings, findings);
  std::ranges::sort(findings, [](const Finding& a, const Finding& b) {
    return std::tie(a.offset, a.code, a.path) < std::tie(b.offset, b.code, b.path);
  });
  if (left_out != 0)
    findings.push_back({FindingSeverity::note, "more-findings",
                        fmt::format("{} more findings are not shown", left_out), "", Finding::kNoOffset, ""});
  return findings;
}

}  // namespace wheatstone::document
