// How x86 processors turn a virtual address into a physical one. Source: Intel SDM volume 3, chapter 4.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace wheatstone::dump {

enum class Paging : std::uint8_t {
  two_level,    // 32-bit without PAE
  three_level,  // 32-bit with PAE
  four_level,   // 64-bit
};

// One level of page tables, from the top.
struct PagingLevel {
  unsigned shift;       // of the part of the virtual address that selects the entry
  unsigned index_bits;  // width of that part
  bool may_be_large;    // bit 7 of the entry ends the walk here
};

struct PagingForm {
  std::span<const PagingLevel> levels;
  unsigned entry_size;         // bytes
  unsigned va_bits;            // 64-bit addresses extend the sign of the highest
  std::uint64_t address_mask;  // of the physical address in an entry
  std::uint64_t root_mask;     // of the physical address in CR3
};

const PagingForm& form_of(Paging paging) noexcept;

// Whether [va, va + size) is a range the processor can address: canonical at both ends and without a wrap.
bool is_addressable(Paging paging, std::uint64_t va, std::uint64_t size) noexcept;

inline constexpr std::uint64_t kEntryPresent = 1;
inline constexpr std::uint64_t kEntryLarge = 1 << 7;

// The page that holds a virtual address.
struct Translation {
  std::uint64_t physical_address;  // of the byte at the virtual address
  std::uint64_t bytes_left;        // to the end of its page, which may be a large one
};

// Walks the tables; `load(physical address, size)` gives an entry as optional<uint64_t>. At most one entry a
// level is loaded, so tables that point at themselves are harmless. nullopt: not present, or an entry cannot
// be loaded.
template <class Load>
std::optional<Translation> translate(Paging paging, std::uint64_t directory_table_base, std::uint64_t va,
                                     const Load& load) {
  const PagingForm& form = form_of(paging);
  if (!is_addressable(paging, va, 1)) return std::nullopt;
  std::uint64_t table = directory_table_base & form.root_mask;
  for (const PagingLevel& level : form.levels) {
    const std::uint64_t index = (va >> level.shift) & ((std::uint64_t{1} << level.index_bits) - 1);
    const std::optional<std::uint64_t> entry = load(table + index * form.entry_size, form.entry_size);
    if (!entry || (*entry & kEntryPresent) == 0) return std::nullopt;
    const std::uint64_t page = std::uint64_t{1} << level.shift;
    const bool last = &level == &form.levels.back();
    if (last || (level.may_be_large && (*entry & kEntryLarge) != 0)) {
      const std::uint64_t in_page = va & (page - 1);
      return Translation{(*entry & form.address_mask & ~(page - 1)) | in_page, page - in_page};
    }
    table = *entry & form.address_mask;
  }
  return std::nullopt;
}

}  // namespace wheatstone::dump
