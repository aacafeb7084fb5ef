// Reading kernel crash dumps. A dump is its bytes; opening finds what kind it is, where things are and what
// is wrong with them. Whatever the bytes say, opening and reading end, touch only them and take time linear
// in their number.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "formats/dump/bug_check.hpp"
#include "formats/dump/header.hpp"
#include "formats/dump/memory_run.hpp"
#include "formats/dump/paging.hpp"
#include "formats/dump/secondary_data.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/flatten.hpp"
#include "formats/layout/json.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::dump {

// Virtual memory that a triage dump holds.
struct VirtualRange {
  std::uint64_t va;
  std::uint64_t size;
  std::uint64_t offset;  // in the file
};

class Dump {
 public:
  // `bytes` must outlive the dump. malformed: not a kernel dump, or its header is not all there.
  // unsupported: a user-mode minidump. Everything else opens, with findings.
  static Result<Dump> open(Bytes bytes);

  Bytes bytes() const noexcept { return bytes_; }
  Class dump_class() const noexcept { return class_; }

  const layout::Layout& header_layout() const noexcept { return class_.is_64bit ? kHeader64 : kHeader32; }
  Bytes header_bytes() const noexcept { return bytes_.first(header_layout().size); }

  // All zero if the header was never told. Parameters of a 32-bit dump are zero-extended.
  BugCheck bug_check() const noexcept { return bug_check_; }

  std::span<const Finding> findings() const noexcept { return findings_; }

  // The memory of a full dump, as far as it can be used: at most 42 runs (32-bit: 86).
  std::span<const MemoryRun> runs() const noexcept { return runs_; }
  // The memory of a triage dump: ascending, without overlap.
  std::span<const VirtualRange> virtual_ranges() const noexcept { return ranges_; }
  // The triage block; empty in other dumps.
  Bytes triage_block() const noexcept { return triage_block_; }
  // The table of data blocks of a triage dump; empty if there is none.
  Bytes data_block_table() const noexcept { return data_block_table_; }
  // KDDEBUGGER_DATA64 as far as it is there; empty if it is not.
  Bytes debugger_data() const noexcept { return debugger_data_; }
  std::span<const PlacedBlob> secondary_data() const noexcept { return blobs_; }

  // Exactly `size` bytes or an error: malformed if part of the range is not in the dump, unsupported if this
  // class of dump is not read (bitmaps, 32-bit triage, types 8 to 10), invalid_argument if `size` exceeds
  // that of the file. A full dump is read through its page tables, a triage dump from what it keeps.
  Result<Buffer> read_virtual(std::uint64_t va, std::uint64_t size) const;
  // As above, for full dumps.
  Result<Buffer> read_physical(std::uint64_t pa, std::uint64_t size) const;

 private:
  template <class H>
  friend class Opener;

  Dump() = default;

  std::optional<Bytes> physical_part(std::uint64_t pa, std::uint64_t size) const noexcept;
  std::optional<Bytes> mapped_part(std::uint64_t va, std::uint64_t size) const noexcept;
  std::optional<Bytes> kept_part(std::uint64_t va, std::uint64_t size) const noexcept;

  Bytes bytes_;
  Class class_;
  BugCheck bug_check_;
  bool has_page_tables_ = false;
  Paging paging_ = Paging::four_level;
  std::uint64_t directory_table_base_ = 0;
  std::vector<MemoryRun> runs_;
  std::vector<std::uint64_t> run_offsets_;  // in the file
  std::vector<VirtualRange> ranges_;
  Bytes triage_block_;
  Bytes data_block_table_;
  Buffer debugger_data_;
  std::vector<PlacedBlob> blobs_;
  std::vector<Finding> findings_;
};

// The dump as one JSON object: Class, BugCheck, Header, Unset (paths of header fields that hold the fill
// pattern), Triage, DataBlocks, DebuggerData, SecondaryData, Findings. Memory is not shown.
void to_json(layout::TextBuffer& out, const Dump& dump, layout::Detail detail = layout::Detail::all);

// The dump for people; fields that were never set are left out.
std::string to_text(const Dump& dump);

// Every field by path: "BugCheckCode", "Exception.ExceptionCode", "Triage.DataBlocksCount",
// "DataBlock[0].Address", "DebuggerData.KernBase", "SecondaryData[0].Tag". A field that was never set has
// `valid` false.
std::vector<layout::Leaf> flatten(const Dump& dump);

}  // namespace wheatstone::dump
