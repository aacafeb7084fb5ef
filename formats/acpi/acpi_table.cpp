#include "formats/acpi/acpi_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/acpi/status_block.hpp"
#include "formats/layout/broken.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::acpi {
namespace {

constexpr TableType kTypes[] = {{"HEST", &kHest}, {"BERT", &kBert}, {"ERST", &kErst}, {"EINJ", &kEinj}};

constexpr std::uint32_t kHeaderSizes[] = {kErst.size - kTableHeaderSize, kErst.size};
static_assert(kErst.size == kEinj.size);

bool is_named(layout::Names names, std::uint64_t value) {
  return !layout::name_of(names, value).empty();
}

}  // namespace

std::span<const TableType> table_types() noexcept {
  return kTypes;
}

const TableType* find_table_type(std::string_view signature) noexcept {
  for (const TableType& type : kTypes)
    if (type.signature == signature) return &type;
  return nullptr;
}

// Says what is wrong. Offsets are those of the table.
class TableChecker {
 public:
  explicit TableChecker(Table& table) : table_(table) {}

  void header() {
    const auto view = *table_.header();
    const std::uint32_t length = view[TableHeader::kLength];
    const std::size_t size = table_.bytes_.size();
    if (length > size) {
      report(FindingSeverity::error, "length-beyond-input", "Header.Length", TableHeader::kLength.offset,
             fmt::format("the table says {} bytes, there are {}", length, size), kTableHeader.clause);
    } else if (length < kTableHeaderSize) {
      report(FindingSeverity::error, "length-below-header", "Header.Length", TableHeader::kLength.offset,
             fmt::format("{} bytes do not hold the header", length), kTableHeader.clause);
    } else {
      table_.table_ = table_.bytes_.first(length);
      if (length < size)
        report(FindingSeverity::warning, "bytes-behind-table", "Header.Length", TableHeader::kLength.offset,
               fmt::format("{} bytes follow the end of the table", size - length), kTableHeader.clause);
      if (byte_sum(table_.table_) != 0)
        report(FindingSeverity::warning, "bad-checksum", "Header.Checksum", TableHeader::kChecksum.offset,
               fmt::format("the checksum is 0x{:02x} where 0x{:02x} makes the bytes add up to 0",
                           view[TableHeader::kChecksum], checksum_for(table_.table_)),
               kTableHeader.clause);
    }
    if (table_.type_ == nullptr)
      report(FindingSeverity::note, "unknown-signature", "Header.Signature", 0,
             "the table is none of HEST, BERT, ERST, EINJ", kTableHeader.clause);
  }

  void body() {
    const layout::Layout& layout = *table_.type_->layout;
    const Bytes bytes = table_.table_;
    if (bytes.size() < layout.size) {
      report(
          FindingSeverity::error, "table-too-short", "Header.Length", TableHeader::kLength.offset,
          fmt::format("{} needs {} bytes, there are {}", table_.type_->signature, layout.size, bytes.size()),
          layout.clause);
      return;
    }
    layout::find_broken(layout, bytes, 0, table_.findings_);
    std::size_t end = layout.size;
    if (!layout.tail.empty()) end = entries(layout.tail.front(), end);
    const bool broken = std::ranges::any_of(
        table_.findings_, [](const Finding& finding) { return finding.code == "element-outside-section"; });
    if (!broken && end < bytes.size())
      report(FindingSeverity::warning, "bytes-behind-entries", {}, end,
             fmt::format("{} bytes of the table belong to no entry", bytes.size() - end), layout.clause);
    if (&layout == &kBert) region();
    if (&layout == &kErst) header_size("SerializationHeaderSize", Erst::kHeaderSize.offset);
    if (&layout == &kEinj) header_size("InjectionHeaderSize", Einj::kHeaderSize.offset);
  }

 private:
  // Checks what is there and gives its end.
  std::size_t entries(const layout::Tail& tail, std::size_t at) {
    const Bytes bytes = table_.table_;
    const std::uint64_t count = layout::load(bytes, tail.count);
    for (std::uint64_t index = 0; index < count; ++index) {
      const Bytes left = bytes.subspan(at);
      const auto entry = layout::element(tail, left);
      if (!entry) break;
      const std::string_view list = tail.name;
      if (table_.type_->layout == &kHest) {
        source(index, *layout::element_layout(tail, left), *entry, at);
      } else {
        instruction(list, index, *tail.layout, *entry, at);
      }
      at += entry->size();
    }
    std::ranges::sort(sources_);
    for (std::size_t i = 1; i < sources_.size(); ++i)
      if (sources_[i].id == sources_[i - 1].id)
        report(FindingSeverity::warning, "duplicate-source-id",
               fmt::format("ErrorSources[{}].SourceId", sources_[i].index),
               sources_[i].at + Source::kSourceId.offset,
               fmt::format("source id {} is that of another source too", sources_[i].id), kHest.clause);
    return at;
  }

  void source(std::uint64_t index, const layout::Layout& layout, Bytes entry, std::size_t at) {
    sources_.push_back({(*layout::View<Source>::make(kNmiSource, entry))[Source::kSourceId], index, at});
    const auto path = [index](std::string_view field) {
      return fmt::format("ErrorSources[{}].{}", index, field);
    };
    for (const layout::Field& f : layout.fields) {
      if (f.layout == &kNotification)
        notification(path(f.name), entry.subspan(f.offset, f.size), at + f.offset);
      if (f.layout == &kGenericAddress) address(path(f.name), entry.subspan(f.offset, f.size), at + f.offset);
    }
    if (&layout != &kGenericSource && &layout != &kGenericV2Source) return;
    const std::uint32_t length =
        (*layout::View<GenericSource>::make(kGenericSource, entry))[GenericSource::kStatusBlockLength];
    if (length < kStatusBlockHeaderSize)
      report(FindingSeverity::warning, "status-block-too-short", path("ErrorStatusBlockLength"),
             at + GenericSource::kStatusBlockLength.offset,
             fmt::format("an error status block has {} bytes at least, there is room for {}",
                         kStatusBlockHeaderSize, length),
             layout.clause);
  }

  void notification(const std::string& path, Bytes bytes, std::size_t at) {
    const auto view = *layout::View<Notification>::make(kNotification, bytes);
    if (view[Notification::kLength] != kNotificationSize)
      report(
          FindingSeverity::warning, "notification-length", path + ".Length",
          at + Notification::kLength.offset,
          fmt::format("the structure has {} bytes, not {}", kNotificationSize, view[Notification::kLength]),
          kNotification.clause);
    const std::uint8_t type = view[Notification::kType];
    if (!is_named(tables::kNotificationTypes, type))
      report(FindingSeverity::warning, "unknown-notification", path + ".Type",
             at + Notification::kType.offset, fmt::format("notification type {} has no meaning", type),
             kNotification.clause);
    if (type == 0 && view[Notification::kPollInterval] == 0)
      report(FindingSeverity::note, "never-polled", path + ".PollInterval",
             at + Notification::kPollInterval.offset,
             "Linux never looks at a polled source whose interval is 0", kNotification.clause);
  }

  void address(const std::string& path, Bytes bytes, std::size_t at) {
    if (!is_named(tables::kAddressSpaces, bytes[0]) && bytes[0] < 0xc0)  // from there on they are OEM's
      report(FindingSeverity::warning, "unknown-address-space", path + ".AddressSpaceID", at,
             fmt::format("address space {} has no meaning", bytes[0]), kGenericAddress.clause);
  }

  void instruction(std::string_view list, std::uint64_t index, const layout::Layout& layout, Bytes entry,
                   std::size_t at) {
    for (const std::size_t which : {0u, 1u}) {
      const layout::Field& f = layout.fields[which];
      if (is_named(f.value_names, entry[f.offset])) continue;
      report(FindingSeverity::warning, which == 0 ? "unknown-action" : "unknown-instruction",
             fmt::format("{}[{}].{}", list, index, f.name), at + f.offset,
             fmt::format("{} {} has no meaning in {}", which == 0 ? "action" : "instruction", entry[f.offset],
                         table_.type_->signature),
             layout.clause);
    }
    constexpr std::size_t kRegion = layout::find(tables::kErstEntryFields, "RegisterRegion").offset;
    address(fmt::format("{}[{}].RegisterRegion", list, index), entry.subspan(kRegion, kGenericAddress.size),
            at + kRegion);
  }

  void header_size(std::string_view field, std::uint32_t offset) {
    const std::uint32_t size = load_le<std::uint32_t>(table_.table_.data() + offset);
    if (std::ranges::find(kHeaderSizes, size) == std::end(kHeaderSizes))
      report(FindingSeverity::warning, "header-size", field, offset,
             fmt::format("a header of {} bytes is neither {} nor {}: Linux refuses the table", size,
                         kHeaderSizes[0], kHeaderSizes[1]),
             table_.type_->layout->clause);
  }

  void region() {
    const std::uint32_t length = (*layout::View<Bert>::make(kBert, table_.table_))[Bert::kRegionLength];
    if (length < kStatusBlockHeaderSize)
      report(FindingSeverity::warning, "region-too-short", "BootErrorRegionLength",
             Bert::kRegionLength.offset,
             fmt::format("an error status block has {} bytes at least, there is room for {}",
                         kStatusBlockHeaderSize, length),
             kBert.clause);
  }

  void report(FindingSeverity severity, std::string_view code, std::string_view path, std::uint64_t offset,
              std::string message, std::string_view clause) {
    table_.findings_.push_back({severity, code, std::move(message), std::string(path), offset, clause});
  }

  struct Identified {
    std::uint16_t id;
    std::uint64_t index;
    std::size_t at;
    friend auto operator<=>(const Identified&, const Identified&) = default;
  };

  Table& table_;
  std::vector<Identified> sources_;
};

Table Table::decode(Bytes bytes) {
  Table table;
  table.bytes_ = table.table_ = bytes;
  if (bytes.size() < kTableHeaderSize) {
    table.findings_.push_back(
        {FindingSeverity::error,
         "table-too-short",
         fmt::format("a table header has {} bytes, there are {}", kTableHeaderSize, bytes.size()),
         {},
         0,
         kTableHeader.clause});
    return table;
  }
  table.type_ = find_table_type(as_text(bytes.first(4)));
  TableChecker checker(table);
  checker.header();
  if (table.type_ != nullptr) checker.body();
  return table;
}

const layout::Layout* Table::layout() const noexcept {
  if (bytes_.size() < kTableHeaderSize) return nullptr;
  return type_ != nullptr ? type_->layout : &kOtherTable;
}

}  // namespace wheatstone::acpi
