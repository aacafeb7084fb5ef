#include "formats/dump/physical_memory.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wheatstone::dump {
namespace {

// Present, writable, accessed, dirty: what kernel data looks like.
constexpr std::uint64_t kKernelEntry = 0x63;

std::uint64_t pfn_limit(Paging paging) noexcept {
  return paging == Paging::two_level ? std::uint64_t{1} << 20 : kPfnLimit;
}

}  // namespace

PhysicalMemory::PhysicalMemory(Paging paging, std::uint64_t first_pfn)
    : paging_(paging == Paging::three_level ? Paging::two_level : paging),
      next_pfn_(std::min(first_pfn, pfn_limit(paging_) - 1)) {
  pages_[next_pfn_];
  directory_table_base_ = next_pfn_++ * kPageSize;
}

Result<std::uint64_t> PhysicalMemory::allocate() {
  while (pages_.contains(next_pfn_)) ++next_pfn_;
  if (next_pfn_ >= pfn_limit(paging_))
    return fail(ErrorKind::invalid_argument,
                fmt::format("no page frame number below 0x{:x} is free", pfn_limit(paging_)),
                "start with a lower page frame number");
  pages_[next_pfn_];
  return next_pfn_++;
}

std::optional<std::uint64_t> PhysicalMemory::load_entry(std::uint64_t pa, unsigned size) const {
  const auto page = pages_.find(pa / kPageSize);
  if (page == pages_.end()) return std::nullopt;
  const auto bytes = slice(page->second, pa % kPageSize, size);
  if (!bytes) return std::nullopt;
  return load_le(bytes->data(), size);
}

// REQUIRES: the page exists and the entry lies inside it.
void PhysicalMemory::store_entry(std::uint64_t pa, std::uint64_t value, unsigned size) {
  store_le(pages_.at(pa / kPageSize).data() + pa % kPageSize, value, size);
}

Result<std::uint64_t> PhysicalMemory::map_page(std::uint64_t va) {
  const PagingForm& form = form_of(paging_);
  std::uint64_t table = directory_table_base_ & form.root_mask;
  for (const PagingLevel& level : form.levels) {
    const std::uint64_t index = (va >> level.shift) & ((std::uint64_t{1} << level.index_bits) - 1);
    const std::uint64_t at = table + index * form.entry_size;
    const std::optional<std::uint64_t> entry = load_entry(at, form.entry_size);
    if (!entry)
      return fail(ErrorKind::invalid_argument,
                  fmt::format("the page table at physical address 0x{:x} does not exist", table));
    const bool last = level.shift == form.levels.back().shift;
    if ((*entry & kEntryPresent) != 0) {
      const std::uint64_t page = std::uint64_t{1} << level.shift;
      if (last || (level.may_be_large && (*entry & kEntryLarge) != 0))
        return ((*entry & form.address_mask & ~(page - 1)) | (va & (page - 1))) / kPageSize;
      table = *entry & form.address_mask;
      continue;
    }
    const Result<std::uint64_t> pfn = allocate();
    if (!pfn) return pfn;
    store_entry(at, *pfn * kPageSize | kKernelEntry, form.entry_size);
    if (last) return pfn;
    table = *pfn * kPageSize;
  }
  return fail(ErrorKind::internal, "a page walk ended without a page");
}

Result<void> PhysicalMemory::map(std::uint64_t va, std::uint64_t pages) {
  if (va % kPageSize != 0)
    return fail(ErrorKind::invalid_argument, fmt::format("address 0x{:x} is not page aligned", va));
  if (pages > ~std::uint64_t{0} / kPageSize || !is_addressable(paging_, va, pages * kPageSize))
    return fail(ErrorKind::invalid_argument,
                fmt::format("{} pages at 0x{:x} are not an address range of this processor", pages, va));
  for (std::uint64_t i = 0; i < pages; ++i)
    if (const auto mapped = map_page(va + i * kPageSize); !mapped) return std::unexpected(mapped.error());
  return {};
}

Result<void> PhysicalMemory::write_virtual(std::uint64_t va, Bytes bytes) {
  if (!is_addressable(paging_, va, bytes.size()))
    return fail(
        ErrorKind::invalid_argument,
        fmt::format("{} bytes at 0x{:x} are not an address range of this processor", bytes.size(), va));
  while (!bytes.empty()) {
    const auto pfn = map_page(va);
    if (!pfn) return std::unexpected(pfn.error());
    const std::uint64_t in_page = va % kPageSize;
    const std::size_t part =
        static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), kPageSize - in_page));
    if (auto written = write_physical(*pfn * kPageSize + in_page, bytes.first(part)); !written)
      return written;
    bytes = bytes.subspan(part);
    va += part;
  }
  return {};
}

Result<void> PhysicalMemory::write_physical(std::uint64_t pa, Bytes bytes) {
  if (!CheckedRange::make(pa, bytes.size(), pfn_limit(paging_) * kPageSize))
    return fail(ErrorKind::invalid_argument,
                fmt::format("{} bytes at physical address 0x{:x} are beyond what the processor can address",
                            bytes.size(), pa));
  while (!bytes.empty()) {
    const std::size_t in_page = static_cast<std::size_t>(pa % kPageSize);
    const std::size_t part = std::min<std::size_t>(bytes.size(), kPageSize - in_page);
    std::copy_n(bytes.begin(), part, pages_[pa / kPageSize].begin() + static_cast<std::ptrdiff_t>(in_page));
    bytes = bytes.subspan(part);
    pa += part;
  }
  return {};
}

std::optional<Buffer> PhysicalMemory::read_virtual(std::uint64_t va, std::size_t size) const {
  if (!is_addressable(paging_, va, size)) return std::nullopt;
  Buffer out;
  const auto load = [this](std::uint64_t pa, unsigned width) { return load_entry(pa, width); };
  while (out.size() < size) {
    const auto place = translate(paging_, directory_table_base_, va, load);
    if (!place) return std::nullopt;
    const auto page = pages_.find(place->physical_address / kPageSize);
    if (page == pages_.end()) return std::nullopt;
    const std::size_t in_page = static_cast<std::size_t>(place->physical_address % kPageSize);
    const std::size_t part = std::min<std::size_t>(size - out.size(), kPageSize - in_page);
    const Bytes bytes = Bytes(page->second).subspan(in_page, part);
    out.insert(out.end(), bytes.begin(), bytes.end());
    va += part;
  }
  return out;
}

std::vector<MemoryRun> PhysicalMemory::runs() const {
  std::vector<MemoryRun> runs;
  for (const auto& [pfn, page] : pages_) {
    if (runs.empty() || runs.back().base_page + runs.back().page_count != pfn) runs.push_back({pfn, 0});
    ++runs.back().page_count;
  }
  return runs;
}

}  // namespace wheatstone::dump
