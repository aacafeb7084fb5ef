#include "formats/mutate/anatomy.hpp"

#include <algorithm>

#include "formats/acpi/acpi_table.hpp"
#include "formats/acpi/status_block.hpp"
#include "formats/cper/header.hpp"
#include "formats/whea/packet.hpp"

namespace wheatstone::mutate {
namespace {

using layout::kNowhere;
using layout::Place;
using layout::Region;
using layout::Role;

// A record in one piece. Bodies lie wherever descriptors say; find_sections() adds them.
constexpr layout::Tail kRecordTail[] = {
    layout::many("SectionDescriptor", cper::kSectionDescriptor,
                 layout::ref(cper::tables::kHeaderFields, "SectionCount")),
    layout::rest("Bodies")};
constexpr layout::Layout kRecord{.name = "Record",
                                 .structure = "WHEA_ERROR_RECORD",
                                 .clause = "UEFI N.2",
                                 .min = cper::kRecordHeader.min,
                                 .size = cper::kRecordHeader.size,
                                 .fields = cper::tables::kHeaderFields,
                                 .tail = kRecordTail,
                                 .valid = cper::kRecordHeader.valid,
                                 .self = layout::ref(cper::tables::kHeaderFields, "Length")};
static_assert(layout::check(kRecord));

// Bodies are looked into up to this multiple of the input's size in all, as Record::decode does.
constexpr std::uint64_t kBudget = 2;

// What stands at that offset of a structure. REQUIRES: it is there.
Place& place_at(Anatomy& anatomy, std::size_t first, std::uint32_t region, std::uint32_t offset) {
  const std::uint32_t at = anatomy.regions[region].begin + offset;
  return *std::find_if(anatomy.places.begin() + static_cast<std::ptrdiff_t>(first), anatomy.places.end(),
                       [=](const Place& place) { return place.within == region && place.at == at; });
}

void find_sections(Bytes input, Anatomy& anatomy) {
  std::uint64_t budget = input.size() * kBudget;
  const std::size_t regions = anatomy.regions.size();
  std::uint32_t bodies = 0;
  for (std::uint32_t i = 0; i < regions; ++i)
    if (anatomy.regions[i].kind == Region::Kind::raw) bodies = i;
  std::size_t first = 0;  // places of a descriptor follow those of the one before
  for (std::uint32_t i = 0; i < regions; ++i) {
    if (anatomy.regions[i].layout != &cper::kSectionDescriptor) continue;
    const Bytes descriptor = input.subspan(anatomy.regions[i].begin, cper::kDescriptorSize);
    const auto view = *layout::View<cper::Descriptor>::make(cper::kSectionDescriptor, descriptor);
    const std::uint32_t offset = view[cper::Descriptor::kSectionOffset];
    const std::uint32_t length = view[cper::Descriptor::kSectionLength];
    const cper::SectionType* type = cper::find_section(view[cper::Descriptor::kSectionType]);
    std::uint32_t body = kNowhere;
    if (CheckedRange::make(offset, length, input.size())) {
      const Bytes bytes = input.subspan(offset, length);
      const layout::Layout* form = type != nullptr && length <= budget ? type->layout_of(bytes) : nullptr;
      const std::uint32_t parent = offset >= anatomy.regions[bodies].begin ? bodies : 0;
      if (form != nullptr) {
        budget -= length;
        body = layout::find_places(*form, bytes, offset, parent, anatomy);
      } else {
        body = static_cast<std::uint32_t>(anatomy.regions.size());
        anatomy.regions.push_back({Region::Kind::raw, offset, offset + length, parent, nullptr, nullptr});
        if (length != 0)
          anatomy.places.push_back({.role = Role::raw, .at = offset, .size = length, .within = body});
      }
    }
    anatomy.sections.push_back({i, body});
    Place& offset_place = place_at(anatomy, first, i, cper::Descriptor::kSectionOffset.offset);
    first = static_cast<std::size_t>(&offset_place - anatomy.places.data());
    offset_place.role = Role::offset;
    offset_place.about = body;
    Place& length_place = place_at(anatomy, first, i, cper::Descriptor::kSectionLength.offset);
    length_place.role = Role::length;
    length_place.about = body;
    Place& type_place = place_at(anatomy, first, i, cper::Descriptor::kSectionType.offset);
    type_place.role = Role::selector;
    type_place.choice = &cper::kSectionChoice;
  }
}

const layout::Layout& packet_layout(Bytes packet) {
  const bool v1 = packet.size() >= 4 && load_le<std::uint32_t>(packet.data()) == whea::kPacketSignatureV1;
  return v1 ? whea::kPacketV1 : whea::kPacketV2;
}

// What the layout of a status block does not say: DataLength is that of all entries.
void find_data_length(Anatomy& anatomy) {
  const auto entries = std::ranges::find(anatomy.regions, Region::Kind::array, &Region::kind);
  for (Place& place : anatomy.places) {
    if (place.within != 0 || place.at != acpi::BlockHeader::kDataLength.offset || !place.integer()) continue;
    place.role = Role::length;
    if (entries != anatomy.regions.end())
      place.about = static_cast<std::uint32_t>(entries - anatomy.regions.begin());
  }
}

// The same of a table: its header is a structure of its own and speaks of the whole. The checksum is made
// right at the end, whatever it was.
void find_table_length(Anatomy& anatomy) {
  for (Place& place : anatomy.places) {
    if (anatomy.regions[place.within].begin != 0 || !place.integer()) continue;
    if (place.at == acpi::TableHeader::kLength.offset) {
      place.role = Role::length;
      place.about = 0;
    } else if (place.at == acpi::TableHeader::kChecksum.offset) {
      place.role = Role::reserved;
    }
  }
}

}  // namespace

std::optional<Kind> kind_of(Bytes input) noexcept {
  if (input.size() < 4) return std::nullopt;
  if (acpi::find_table_type(as_text(input.first(4))) != nullptr) return Kind::acpi_table;
  switch (load_le<std::uint32_t>(input.data())) {
    case cper::kSignature:
      return Kind::record;
    case whea::kPacketSignatureV1:
    case whea::kPacketSignatureV2:
      return Kind::packet;
    default:
      return std::nullopt;
  }
}

bool is_descriptors(const Region& region) noexcept {
  return region.kind == Region::Kind::array && region.tail == &kRecordTail[0];
}

void dissect(Kind kind, Bytes input, Anatomy& out) {
  out.clear();
  switch (kind) {
    case Kind::record:
      layout::find_places(kRecord, input, 0, kNowhere, out);
      find_sections(input, out);
      break;
    case Kind::packet:
      layout::find_places(packet_layout(input), input, 0, kNowhere, out);
      break;
    case Kind::status_block:
      layout::find_places(acpi::kStatusBlock, input, 0, kNowhere, out);
      find_data_length(out);
      break;
    case Kind::acpi_table: {
      const acpi::TableType* type =
          input.size() >= 4 ? acpi::find_table_type(as_text(input.first(4))) : nullptr;
      layout::find_places(type != nullptr ? *type->layout : acpi::kOtherTable, input, 0, kNowhere, out);
      find_table_length(out);
      break;
    }
  }
}

}  // namespace wheatstone::mutate
