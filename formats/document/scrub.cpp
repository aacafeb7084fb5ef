#include "formats/document/scrub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "formats/cper/sections/cxl_device.hpp"
#include "formats/cper/sections/fru_memory_poison.hpp"
#include "formats/cper/sections/xpf_context.hpp"
#include "formats/document/locate.hpp"
#include "formats/layout/places.hpp"
#include "formats/layout/zeros.hpp"

namespace wheatstone::document {
namespace {

using layout::Privacy;
using layout::Region;

constexpr unsigned kPageBits = 12;
constexpr std::uint64_t kKernelHalf = 0xffff'8000'0000'0000;  // canonical addresses from here on
// Protected processor inventory numbers: MSR_PPIN of Intel and of AMD.
constexpr std::uint32_t kPpinMsrs[] = {0x4f, 0xc00102f1};
constexpr std::uint16_t kMsrContext = 1;
constexpr std::size_t kFruChecksumSize = 4;
// Linux sums so many bytes less than the section has: drivers/ras/amd/fmpm.c.
constexpr std::size_t kFruUnsummed = cper::kDescriptorSize;

std::uint64_t byte_sum(Bytes bytes) {
  std::uint64_t sum = 0;
  for (const std::uint8_t byte : bytes) sum += byte;
  return sum;
}

// Zeros or ones: memory that nobody wrote.
bool is_blank(Bytes bytes) {
  return layout::all_zero(bytes) ||
         std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0xff; });
}

// Bytes of the document, from their first to behind their last.
struct Range {
  std::uint64_t begin;
  std::uint64_t end;
};

// Sections that overlap so much that they have no piece.
std::vector<Range> not_shown(const cper::Record& record) {
  std::vector<Range> all;
  for (const cper::Section& section : record.sections())
    if (!section.in_budget) all.push_back({section.offset, std::uint64_t{section.offset} + section.length});
  std::ranges::sort(all, {}, &Range::begin);
  std::vector<Range> merged;
  for (const Range& range : all) {
    if (!merged.empty() && range.begin <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, range.end);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

class Scrubber {
 public:
  Scrubber(const Document& document, const Pseudonyms& pseudonyms, const ScrubOptions& options)
      : whole_(document.bytes()), pseudonyms_(pseudonyms), options_(options) {
    out_.bytes.assign(whole_.begin(), whole_.end());
  }

  void piece(const cper::Piece& piece) {
    const auto begin = static_cast<std::size_t>(piece.bytes.data() - whole_.data());
    if (piece.layout == nullptr) {
      unexplained(begin, piece.bytes.size(), piece.path);
      return;
    }
    places_.clear();
    layout::find_places(*piece.layout, piece.bytes, static_cast<std::uint32_t>(begin), layout::kNowhere,
                        places_);
    number_elements();
    for (const layout::Place& place : places_.places) {
      if (is_unexplained(place)) {
        unexplained(place.at, place.size, piece.path);
      } else if (place.field != nullptr) {
        field(place, piece.path);
      }
    }
    for (const Region& region : places_.regions) {
      if (region.layout == &cper::kXpfContextInfo) ppin(region, piece.path);
      if (region.layout == &cper::tables::kCxlSerialNumber && region.size() == sizeof(std::uint64_t))
        put(region.begin, number(source(region.begin, 8), 8), 8);  // both halves are one number
    }
    for (const Region& region : places_.regions)
      if (region.layout == &cper::kFruMemoryPoison) fru_checksum(region);
  }

  void unexplained(std::size_t at, std::size_t size, std::string_view path) {
    const Bytes bytes = whole_.subspan(at, size);
    if (is_blank(bytes)) return;
    out_.unexplained += size;
    if (out_.unexplained_in.size() < kMostUnexplained)
      out_.unexplained_in.push_back(fmt::format("{}{}{} bytes at {:#x}",
                                                path.empty() ? path : path.substr(0, path.size() - 1),
                                                path.empty() ? "" : ": ", size, at));
    if (options_.unexplained)
      std::fill_n(out_.bytes.begin() + static_cast<std::ptrdiff_t>(at), size, std::uint8_t{0});
  }

  // What pieces do not cover of a record that begins at `begin` of the document.
  void around(const cper::Record& record, std::uint64_t begin, std::string_view path) {
    for (const cper::Record::Gap& gap : record.gaps())
      unexplained(static_cast<std::size_t>(begin + gap.offset), gap.bytes.size(), path);
    for (const Range& range : not_shown(record))
      unexplained(static_cast<std::size_t>(begin + range.begin),
                  static_cast<std::size_t>(range.end - range.begin), path);
  }

  // Slots without a record, and what lies behind the record of a slot.
  void around(const acpi::ErstStore& store) {
    std::uint64_t at = store.header_bytes().size();
    const std::uint64_t said = store.header() ? (*store.header())[acpi::ErstHeader::kRecordSize] : 0;
    const std::uint64_t slot = std::max<std::uint64_t>(said, acpi::kErstLeastRecordSize);
    const auto up_to = [&](std::uint64_t next) {
      while (at < next) {  // slot by slot
        const std::uint64_t end = std::min(next, (at / slot + 1) * slot);
        unexplained(static_cast<std::size_t>(at), static_cast<std::size_t>(end - at), "");
        at = end;
      }
    };
    for (const acpi::StoredRecord& record : store.records()) {
      up_to(record.offset);
      at = std::max(at, record.offset + record.bytes.size());
    }
    up_to(whole_.size());
  }

  Scrubbed take() { return std::move(out_); }

 private:
  enum class Tag : std::uint8_t { text = 1, guid, number, page, bytes };

  // Bytes of which no more than a name is said, and unions whose selector names no case.
  static bool is_unexplained(const layout::Place& place) {
    if (place.field == nullptr) return place.role == layout::Role::raw;
    return place.field->privacy == Privacy::none &&
           (place.role == layout::Role::raw ||
            (place.role == layout::Role::list && place.field->meaning == layout::Meaning::choice));
  }

  std::uint64_t source(std::size_t at, std::uint32_t size) const { return load_le(whole_.data() + at, size); }
  void put(std::size_t at, std::uint64_t value, std::uint32_t size) {
    store_le(out_.bytes.data() + at, value, size);
  }

  // `input` with its tag, so that a number and a text of the same bytes have nothing to do with each other.
  void fill(Tag tag, Bytes input, MutableBytes out) const {
    Buffer tagged{static_cast<std::uint8_t>(tag)};
    tagged.insert(tagged.end(), input.begin(), input.end());
    pseudonyms_(tagged, out);
  }
  std::uint64_t word(Tag tag, std::uint64_t value) const {
    std::array<std::uint8_t, 8> in{};
    std::array<std::uint8_t, 8> out{};
    store_le<std::uint64_t>(in.data(), value);
    fill(tag, in, out);
    return load_le<std::uint64_t>(out.data());
  }

  std::uint64_t number(std::uint64_t value, std::uint32_t size) const {
    const std::uint64_t ones = layout::largest(size * 8);
    if (value == 0 || value == ones) return value;
    const std::uint64_t made = word(Tag::number, value) & ones;
    return made == 0 || made == ones ? 1 : made;
  }

  // Of the same magnitude.
  std::uint64_t page(std::uint64_t value) const {
    if (value == 0) return 0;
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const std::uint64_t top = std::uint64_t{1} << (width - 1);
    return top | (word(Tag::page, value) & (top - 1));
  }
  std::uint64_t address(std::uint64_t value, std::uint32_t size) const {
    if (value == layout::largest(size * 8)) return value;
    const std::uint64_t high = value >= kKernelHalf ? kKernelHalf : 0;
    const std::uint64_t inside = value & layout::largest(kPageBits);
    return high | (page((value & ~high) >> kPageBits) << kPageBits) | inside;
  }

  void field(const layout::Place& place, std::string_view path) {
    const layout::Field& f = *place.field;
    if (f.privacy == Privacy::none) return;
    if (f.privacy != Privacy::identity && !options_.addresses) return;
    const Bytes old = whole_.subspan(place.at, place.size);
    if (layout::all_zero(old)) return;
    if (f.kind == layout::Kind::ascii || f.kind == layout::Kind::utf16) {
      text(place, f.kind == layout::Kind::utf16 ? 2 : 1);
    } else if (f.kind == layout::Kind::guid) {
      guid(place);
    } else if (f.kind == layout::Kind::bytes) {
      fill(Tag::bytes, old, MutableBytes(out_.bytes).subspan(place.at, place.size));
    } else {
      const std::uint32_t size = f.kind == layout::Kind::list ? f.element : place.size;
      for (std::uint32_t at = place.at; at + size <= place.at + place.size; at += size) {
        const std::uint64_t value = source(at, size);
        put(at,
            f.privacy == Privacy::identity       ? number(value, size)
            : f.privacy == Privacy::address      ? address(value, size)
            : value == layout::largest(size * 8) ? value
                                                 : page(value),
            size);
      }
    }
    name(place, path);
  }

  // Which element of its array each region is.
  void number_elements() {
    indexes_.assign(places_.regions.size(), 0);
    counts_.assign(places_.regions.size(), 0);
    for (std::size_t i = 0; i < places_.regions.size(); ++i)
      if (places_.regions[i].kind == Region::Kind::element)
        indexes_[i] = counts_[places_.regions[i].parent]++;
  }

  void name(const layout::Place& place, std::string_view path) {
    std::vector<std::string> parts;  // inside out
    for (std::uint32_t at = place.within; places_.regions[at].parent != layout::kNowhere;
         at = places_.regions[at].parent)
      if (places_.regions[at].kind != Region::Kind::array) parts.push_back(region_name(at));
    std::string full(path);
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) full += *part + ".";
    full += place.field->name;
    out_.replaced.push_back(std::move(full));
  }

  // What the structure is in the one around it.
  std::string region_name(std::uint32_t index) const {
    const Region& region = places_.regions[index];
    if (region.kind == Region::Kind::element)
      return fmt::format("{}[{}]", region.tail->name, indexes_[index]);
    if (region.tail != nullptr) return std::string(region.tail->name);
    const Region& around = places_.regions[region.parent];
    for (const layout::Field& f : around.layout->fields)
      if (around.begin + f.offset == region.begin && f.size == region.size()) return std::string(f.name);
    return std::string(region.layout->name);
  }

  // As many letters and digits as there were characters, then zeros.
  void text(const layout::Place& place, std::uint32_t width) {
    constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    const Bytes old = whole_.subspan(place.at, place.size);
    std::uint32_t length = 0;
    while ((length + 1) * width <= place.size &&
           load_le(old.data() + std::size_t{length} * width, width) != 0)
      ++length;
    std::array<std::uint8_t, 256> random{};
    fill(Tag::text, old.first(std::size_t{length} * width), random);
    for (std::uint32_t i = 0; (i + 1) * width <= place.size; ++i)
      put(place.at + i * width,
          i < length ? static_cast<std::uint64_t>(kLetters[random[i % random.size()] % kLetters.size()]) : 0,
          width);
  }

  // A GUID of version 8 (RFC 9562): made by a rule of one's own.
  void guid(const layout::Place& place) {
    std::array<std::uint8_t, Guid::kSize> made{};
    fill(Tag::guid, whole_.subspan(place.at, Guid::kSize), made);
    made[7] = static_cast<std::uint8_t>((made[7] & 0x0f) | 0x80);
    made[8] = static_cast<std::uint8_t>((made[8] & 0x3f) | 0x80);
    std::ranges::copy(made, out_.bytes.begin() + static_cast<std::ptrdiff_t>(place.at));
  }

  // The inventory number of a processor among the MSRs of a context.
  void ppin(const Region& context, std::string_view path) {
    const std::uint64_t registers = (context.size() - cper::kXpfContextInfo.size) / 8;
    if (source(context.begin, 2) != kMsrContext) return;
    const std::uint64_t first = source(context.begin + 4, 4);
    for (const std::uint32_t msr : kPpinMsrs) {
      if (msr < first || msr - first >= registers) continue;
      const std::size_t at = context.begin + cper::kXpfContextInfo.size + 8 * (msr - first);
      if (source(at, 8) == 0) continue;
      put(at, number(source(at, 8), 8), 8);
      out_.replaced.push_back(fmt::format("{}MSR {:#x}", path, msr));
    }
  }

  // Bytes that changed leave a sum that was right right.
  void fru_checksum(const Region& section) {
    if (section.size() < kFruUnsummed) return;
    const std::size_t first = section.begin + kFruChecksumSize;
    const std::size_t size = std::min<std::size_t>(section.size() - kFruUnsummed, section.end - first);
    const std::uint64_t before = byte_sum(whole_.subspan(first, size));
    const std::uint64_t after = byte_sum(Bytes(out_.bytes).subspan(first, size));
    put(section.begin, (source(section.begin, 4) + before - after) & 0xffffffff, 4);
  }

  Bytes whole_;
  const Pseudonyms& pseudonyms_;
  const ScrubOptions& options_;
  layout::Places places_;
  std::vector<std::uint32_t> indexes_;
  std::vector<std::uint32_t> counts_;
  Scrubbed out_;
};

}  // namespace

Scrubbed scrub(const Document& document, const Pseudonyms& pseudonyms, const ScrubOptions& options) {
  Scrubber scrubber(document, pseudonyms, options);
  for (const cper::Piece& piece : pieces(document)) scrubber.piece(piece);
  if (document.record() != nullptr) scrubber.around(*document.record(), 0, "");
  if (document.store() != nullptr) scrubber.around(*document.store());
  for (std::size_t i = 0; i < document.stored().size(); ++i)
    scrubber.around(document.stored()[i], document.store()->records()[i].offset, stored_path(i));
  return scrubber.take();
}

}  // namespace wheatstone::document
