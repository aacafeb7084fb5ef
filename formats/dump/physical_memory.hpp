// The memory of a machine that never was: sparse physical pages and the page tables that map them, so that a
// debugger finds a virtual address in the dump the way the processor would.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "formats/dump/memory_run.hpp"
#include "formats/dump/paging.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::dump {

// Deterministic: the same calls give the same pages at the same places. Copying copies the pages.
class PhysicalMemory {
 public:
  using Page = std::array<std::uint8_t, kPageSize>;

  // Pages are allocated upwards from `first_pfn`; the first is the top page table. `paging` is four_level
  // for a 64-bit machine and two_level for a 32-bit one (three_level is read, never built).
  explicit PhysicalMemory(Paging paging = Paging::four_level, std::uint64_t first_pfn = 0x100);

  Paging paging() const noexcept { return paging_; }
  // Physical address of the top page table: CR3.
  std::uint64_t directory_table_base() const noexcept { return directory_table_base_; }

  // A new zeroed page; its page frame number. invalid_argument when the address space is used up.
  Result<std::uint64_t> allocate();

  // Maps `pages` new zeroed pages at `va`; pages that are mapped already stay as they are.
  // invalid_argument if va is not page aligned or the range is not canonical (32-bit: not below 4 GiB).
  Result<void> map(std::uint64_t va, std::uint64_t pages);

  // Maps what is not yet mapped of [va, va + bytes.size()) and stores the bytes there.
  Result<void> write_virtual(std::uint64_t va, Bytes bytes);

  // Stores bytes at a physical address; pages that do not exist come into being, zeroed. Page tables can be
  // written this way too.
  Result<void> write_physical(std::uint64_t pa, Bytes bytes);

  // nullopt if a page of the range is not mapped or not there.
  std::optional<Buffer> read_virtual(std::uint64_t va, std::size_t size) const;

  // Ascending by page frame number.
  const std::map<std::uint64_t, Page>& pages() const noexcept { return pages_; }
  // The pages as ascending runs, as long as can be.
  std::vector<MemoryRun> runs() const;

 private:
  std::optional<std::uint64_t> load_entry(std::uint64_t pa, unsigned size) const;
  void store_entry(std::uint64_t pa, std::uint64_t value, unsigned size);
  Result<std::uint64_t> map_page(std::uint64_t va);  // page frame number of the page at va

  Paging paging_;
  std::uint64_t next_pfn_;
  std::uint64_t directory_table_base_ = 0;
  std::map<std::uint64_t, Page> pages_;
};

}  // namespace wheatstone::dump
