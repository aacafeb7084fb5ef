#include "formats/dump/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

#include "formats/dump/bitmap.hpp"
#include "formats/dump/debugger_data.hpp"
#include "formats/dump/triage.hpp"

namespace wheatstone::dump {

using layout::View;

std::string to_string(Class kind) {
  const std::string_view name = layout::name_of(kDumpTypeNames, static_cast<std::uint64_t>(kind.type));
  return fmt::format("{}-{}", name.empty() ? "unknown" : name, kind.is_64bit ? 64 : 32);
}

namespace {

constexpr std::uint32_t kLiveBugCheckBit = 0x10000000;  // set in the code by some triage dumps

bool is_unset(std::uint32_t value) noexcept {
  return value == kUnset32;
}
bool is_unset(std::uint64_t value) noexcept {
  return value == kUnset64;
}

bool is_known(DumpType type) noexcept {
  return !layout::name_of(kDumpTypeNames, static_cast<std::uint64_t>(type)).empty();
}

}  // namespace

// Fills a dump in. H is Header64 or Header32.
template <class H>
class Opener {
 public:
  static Dump open(Bytes bytes) {
    Opener opener(bytes);
    opener.read_header();
    switch (opener.type()) {
      case DumpType::full:
        opener.read_full();
        break;
      case DumpType::header:
        if (!opener.behind_header().empty())
          opener.report(
              FindingSeverity::warning, "bytes-behind-header", {}, H::kLayout.size,
              fmt::format("{} bytes follow a header that should stand alone", opener.behind_header().size()));
        break;
      case DumpType::triage:
        opener.read_triage();
        break;
      case DumpType::bitmap_full:
      case DumpType::bitmap_kernel:
      case DumpType::automatic:
        opener.read_bitmap();
        break;
      case DumpType::kernel:
      case DumpType::kernel_user:
      case DumpType::complete:
        opener.check_ranges();
        break;
      case DumpType::summary:
        opener.report(FindingSeverity::note, "class-not-read", "DumpType", At::kDumpType.offset,
                      "what follows the header of a summary dump is not read");
        break;
    }
    if (!is_known(opener.type()))
      opener.report(FindingSeverity::error, "unknown-dump-type", "DumpType", At::kDumpType.offset,
                    fmt::format("dump type {} has no meaning", static_cast<std::uint32_t>(opener.type())));
    return std::move(opener.dump_);
  }

 private:
  using At = HeaderAt<H>;
  using Word = typename H::Word;

  // Many findings of one kind are one finding.
  struct Problem {
    std::uint64_t count = 0;
    std::uint64_t first = 0;
    void add(std::uint64_t index) {
      if (count++ == 0) first = index;
    }
  };

  explicit Opener(Bytes bytes) : header_(*View<H>::make(H::kLayout, bytes)) {
    dump_.bytes_ = bytes;
    dump_.class_ = {static_cast<DumpType>(header_[At::kDumpType]), H::kIs64bit};
  }

  DumpType type() const noexcept { return dump_.class_.type; }
  Bytes behind_header() const noexcept { return dump_.bytes_.subspan(H::kLayout.size); }

  void report(FindingSeverity severity, std::string_view code, std::string path, std::uint64_t offset,
              std::string message, std::string_view clause = {}) {
    dump_.findings_.push_back({severity, code, std::move(message), std::move(path), offset, clause});
  }

  // ---- header
  // ----------------------------------------------------------------------------------------------------------

  void read_header() {
    const std::uint32_t code = header_[At::kBugCheckCode];
    if (is_unset(code)) {
      report(FindingSeverity::note, "bug-check-unset", "BugCheckCode", At::kBugCheckCode.offset,
             "the header was made without a bug check");
    } else {
      dump_.bug_check_.code = code;
      for (unsigned i = 0; i < 4; ++i) {
        const Word parameter = header_[At::kBugCheckParameters[i]];
        dump_.bug_check_.parameters[i] = is_unset(parameter) ? 0 : parameter;
      }
    }
    const std::uint32_t version = header_[At::kMajorVersion];
    if (version != 15 && version != 12)
      report(FindingSeverity::note, "unknown-major-version", "MajorVersion", At::kMajorVersion.offset,
             fmt::format("major version {} is neither that of a free build (15) nor of a checked one (12)",
                         version));
    const std::uint32_t machine = header_[At::kMachineImageType];
    const bool fits =
        H::kIs64bit ? machine == kMachineAmd64 || machine == kMachineArm64 : machine == kMachineI386;
    if (!fits)
      report(FindingSeverity::warning, "unexpected-machine", "MachineImageType", At::kMachineImageType.offset,
             fmt::format("machine 0x{:x} does not belong in a {}-bit dump", machine, H::kIs64bit ? 64 : 32));
    const std::uint32_t status = header_[At::kWriterStatus];
    if (status != 0 && !is_unset(status))
      report(FindingSeverity::warning, "writer-status", "WriterStatus", At::kWriterStatus.offset,
             fmt::format("whoever wrote the dump failed with status 0x{:08x}", status));
    if constexpr (H::kIs64bit) {
      if (machine == kMachineAmd64) check_context();
    } else {
      const std::uint8_t pae = header_[At::template at<std::uint8_t>("PaeEnabled")];
      // The first byte of the fill pattern stands for "never set".
      const bool enabled = pae != 0 && pae != static_cast<std::uint8_t>(kUnset32);
      dump_.paging_ = enabled ? Paging::three_level : Paging::two_level;
    }
    const auto exception = *View<typename H::Exception>::make(
        H::kException, dump_.bytes_.subspan(At::kExceptionField.offset, At::kExceptionField.size));
    const std::uint32_t parameters =
        exception[layout::handle<typename H::Exception, std::uint32_t>(H::kException, "NumberParameters")];
    if (parameters > 15 && !is_unset(parameters))
      report(FindingSeverity::warning, "exception-parameters", "Exception.NumberParameters",
             At::kExceptionField.offset,
             fmt::format("an exception has at most 15 parameters, this one says {}", parameters));
  }

  void check_context() {
    const auto context = *View<Context>::make(
        kContextAmd64, dump_.bytes_.subspan(At::kContextField.offset, At::kContextField.size));
    if (is_unset(context[Context::kContextFlags])) return;
    if (context[Context::kMxCsr] != context[Context::kFltSaveMxCsr])
      report(FindingSeverity::warning, "mxcsr-mismatch", "ContextRecord.MxCsr",
             At::kContextField.offset + Context::kMxCsr.offset,
             fmt::format("MxCsr is 0x{:x}, but 0x{:x} in the saved floating point state",
                         context[Context::kMxCsr], context[Context::kFltSaveMxCsr]),
             "README rule 2");
  }

  // ---- full dumps
  // ------------------------------------------------------------------------------------------------------

  void read_full() {
    dump_.has_page_tables_ = header_[At::kMachineImageType] != kMachineArm64;
    dump_.directory_table_base_ = header_[At::kDirectoryTableBase];
    const std::uint64_t block_at = At::kMemoryBlockField.offset;
    const Bytes block = dump_.bytes_.subspan(At::kMemoryBlockField.offset, At::kMemoryBlockField.size);
    const auto descriptor = *View<typename H::MemoryDescriptor>::make(H::kMemoryDescriptor, block);
    std::uint32_t count = descriptor[H::MemoryDescriptor::kNumberOfRuns];
    const std::uint64_t said = descriptor[H::MemoryDescriptor::kNumberOfPages];
    if (is_unset(count)) {
      report(FindingSeverity::error, "descriptor-unset", "PhysicalMemoryBlock", block_at,
             "a full dump says nothing about its memory", "README rule 4");
      return;
    }
    if (count == 0)
      report(FindingSeverity::error, "no-runs", "PhysicalMemoryBlock.NumberOfRuns", block_at,
             "a full dump has at least one run of pages", "README rule 4");
    if (count > H::kMaxRuns) {
      report(FindingSeverity::error, "too-many-runs", "PhysicalMemoryBlock.NumberOfRuns", block_at,
             fmt::format("{} runs do not fit the descriptor, {} do", count, H::kMaxRuns), "README rule 4");
      count = H::kMaxRuns;
    }
    std::uint64_t pages = 0;
    std::uint64_t next = 0;
    Problem empty, unordered;
    const auto run_path = [](std::uint64_t i) { return fmt::format("PhysicalMemoryBlock.Run[{}]", i); };
    const auto run_at = [&](std::uint64_t i) {
      return block_at + H::kMemoryDescriptor.size + i * H::kMemoryRun.size;
    };
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t at = H::kMemoryDescriptor.size + std::uint64_t{i} * H::kMemoryRun.size;
      const MemoryRun run{load_le<Word>(block.data() + at), load_le<Word>(block.data() + at + sizeof(Word))};
      if (run.base_page >= kPfnLimit || run.page_count > kPfnLimit - run.base_page) {
        report(FindingSeverity::error, "run-overflow", run_path(i), block_at + at,
               fmt::format("{} pages at page 0x{:x} go beyond what a processor can address; runs from here "
                           "on are not read",
                           run.page_count, run.base_page),
               "README rule 4");
        break;
      }
      if (run.page_count == 0) empty.add(i);
      if (run.base_page < next) unordered.add(i);
      next = run.base_page + run.page_count;
      dump_.runs_.push_back(run);
      dump_.run_offsets_.push_back(H::kLayout.size + pages * kPageSize);
      pages += run.page_count;
    }
    if (empty.count != 0)
      report(FindingSeverity::warning, "empty-run", run_path(empty.first), run_at(empty.first),
             fmt::format("{} runs have no pages", empty.count), "README rule 4");
    if (unordered.count != 0)
      report(FindingSeverity::warning, "runs-not-ascending", run_path(unordered.first),
             run_at(unordered.first),
             fmt::format("{} runs start before the one before them ends", unordered.count), "README rule 4");
    if (said != pages)
      report(FindingSeverity::warning, "page-count-mismatch", "PhysicalMemoryBlock.NumberOfPages",
             block_at + H::MemoryDescriptor::kNumberOfPages.offset,
             fmt::format("the descriptor says {} pages, its runs have {}", said, pages), "README rule 4");
    const std::uint64_t end = H::kLayout.size + pages * kPageSize;
    const std::uint64_t space = header_[At::kRequiredDumpSpace];
    if (space != end && !is_unset(space))
      report(FindingSeverity::warning, "required-space-mismatch", "RequiredDumpSpace",
             At::kRequiredDumpSpace.offset,
             fmt::format("the header says {} bytes, header and pages have {}", space, end), "README rule 2");
    if (end > dump_.bytes_.size()) {
      report(FindingSeverity::error, "file-shorter-than-runs", {}, dump_.bytes_.size(),
             fmt::format("the runs have {} pages and end at 0x{:x}, the file at 0x{:x}", pages, end,
                         dump_.bytes_.size()),
             "README rule 5");
    } else {
      read_behind(end, "bytes-behind-pages");
    }

    if (!dump_.has_page_tables_) {
      report(FindingSeverity::note, "paging-not-read", "MachineImageType", At::kMachineImageType.offset,
             "the page tables of ARM64 are not read: virtual addresses are out of reach");
      return;
    }
    const std::uint64_t root = dump_.directory_table_base_ & form_of(dump_.paging_).root_mask;
    if (!dump_.physical_part(root, 8))
      report(FindingSeverity::warning, "directory-table-base-unreadable", "DirectoryTableBase",
             At::kDirectoryTableBase.offset,
             fmt::format("the page table at physical address 0x{:x} is not in the dump", root),
             "README rule 6");
    read_debugger_data();
  }

  // Secondary data, or bytes that belong to nothing.
  void read_behind(std::uint64_t end, std::string_view code) {
    const Bytes left = dump_.bytes_.subspan(static_cast<std::size_t>(end));
    if (left.empty()) return;
    if (is_secondary_data(left)) {
      dump_.blobs_ = read_secondary_data(left, end, dump_.findings_);
    } else {
      report(FindingSeverity::warning, code, {}, end,
             fmt::format("{} bytes follow that are no secondary data", left.size()), "README rule 12");
    }
  }

  void read_debugger_data() {
    const Word va = header_[At::kKdDebuggerDataBlock];
    if (is_unset(va) || va == 0) {
      report(FindingSeverity::note, "no-debugger-data", "KdDebuggerDataBlock",
             At::kKdDebuggerDataBlock.offset, "the header does not say where the debugger data are");
      return;
    }
    for (const std::uint32_t size : {kDebuggerDataSize, kDebuggerDataMin}) {
      Result<Buffer> found = dump_.read_virtual(va, size);
      if (!found) continue;
      dump_.debugger_data_ = std::move(*found);
      check_debugger_data();
      return;
    }
    report(FindingSeverity::warning, "debugger-data-unreadable", "KdDebuggerDataBlock",
           At::kKdDebuggerDataBlock.offset,
           fmt::format("the debugger data at 0x{:x} are not in the dump", va), "README rule 15");
  }

  void check_debugger_data() {
    const auto block = View<DebuggerData>::make(kDebuggerData, dump_.debugger_data_);
    if (!block) {
      report(FindingSeverity::warning, "debugger-data-short", "DebuggerData", Finding::kNoOffset,
             fmt::format("the debugger data have {} bytes, at least {} are expected",
                         dump_.debugger_data_.size(), kDebuggerDataMin),
             "README rule 15");
      return;
    }
    if (load_le<std::uint32_t>(dump_.debugger_data_.data() + DebuggerData::kOwnerTagOffset) !=
        kDebuggerDataTag) {
      report(FindingSeverity::warning, "debugger-data-tag", "DebuggerData.OwnerTag", Finding::kNoOffset,
             "the debugger data do not carry the tag 'KDBG': they may be encoded", "README rule 15");
      return;
    }
    const Result<Buffer> words =
        dump_.read_virtual((*block)[DebuggerData::kKiBugCheckData] & kWordMask, 5 * sizeof(Word));
    if (!words) return;  // triage dumps need not have kept it
    BugCheck kept;
    const std::uint64_t code = load_le<Word>(words->data());
    for (unsigned i = 0; i < 4; ++i)
      kept.parameters[i] = load_le<Word>(words->data() + (i + 1) * sizeof(Word));
    if (((code ^ dump_.bug_check_.code) & ~std::uint64_t{kLiveBugCheckBit}) != 0 ||
        kept.parameters != dump_.bug_check_.parameters)
      report(FindingSeverity::warning, "bug-check-mismatch", "BugCheckCode", At::kBugCheckCode.offset,
             fmt::format("the header says bug check 0x{:x}, the kernel's own variable 0x{:x}, or their "
                         "parameters differ",
                         dump_.bug_check_.code, code),
             "README rule 16");
  }

  // ---- triage dumps
  // ----------------------------------------------------------------------------------------------------

  // A part of a triage dump: where, and how large (at least).
  struct Part {
    std::string_view name;
    std::uint64_t offset;
    std::uint64_t size;
  };

  void read_triage() {
    if constexpr (!H::kIs64bit) {
      report(FindingSeverity::note, "class-not-read", "DumpType", At::kDumpType.offset,
             "what follows the header of a 32-bit triage dump is not read");
    } else {
      const auto bytes = slice(dump_.bytes_, H::kLayout.size, kTriageBlockSize);
      if (!bytes) {
        report(FindingSeverity::error, "triage-block-cut", "Triage", H::kLayout.size,
               fmt::format("the triage block has {} bytes, {} are there", kTriageBlockSize,
                           behind_header().size()),
               "README rule 7");
        return;
      }
      dump_.triage_block_ = *bytes;
      const auto triage = *View<Triage>::make(kTriageBlock, *bytes);
      check_end(triage);
      read_parts(triage);
      read_ranges(triage);
      check_debugger_data_of(triage);
    }
  }

  static std::uint64_t triage_at(std::uint32_t offset) { return H::kLayout.size + offset; }

  void check_end(View<Triage> triage) {
    const std::uint64_t valid = triage[Triage::kValidOffset];
    const std::uint64_t size = triage[Triage::kSizeOfDump];
    const auto marker = slice(dump_.bytes_, valid, 4);
    if (!marker || load_le<std::uint32_t>(marker->data()) != kTriageMarker)
      report(FindingSeverity::error, "triage-marker", "Triage.ValidOffset",
             triage_at(Triage::kValidOffset.offset),
             fmt::format("there is no 'TRGD' at 0x{:x}: the dump may not be complete", valid),
             "README rule 8");
    if (size != valid + 4)
      report(FindingSeverity::warning, "triage-size", "Triage.SizeOfDump",
             triage_at(Triage::kSizeOfDump.offset),
             fmt::format("the dump says it ends at 0x{:x}, its marker at 0x{:x}", size, valid + 4),
             "README rule 8");
    if (size > dump_.bytes_.size()) {
      report(
          FindingSeverity::error, "triage-size-beyond-file", "Triage.SizeOfDump",
          triage_at(Triage::kSizeOfDump.offset),
          fmt::format("the dump says it ends at 0x{:x}, the file ends at 0x{:x}", size, dump_.bytes_.size()),
          "README rule 8");
    } else {
      read_behind(size, "bytes-behind-dump");
    }
  }

  // Which field of the triage block says where a part is, which how many it has, and of what size. What has
  // no size of its own has at least its first field.
  struct PartFields {
    std::string_view offset;
    std::string_view count;  // empty: one
    std::uint32_t unit;      // bytes
  };
  static constexpr PartFields kParts[] = {
      {"MmOffset", "", 4},
      {"UnloadedDriversOffset", "", 8},
      {"PrcbOffset", "", 4},
      {"ProcessOffset", "", 4},
      {"ThreadOffset", "", 4},
      {"CallStackOffset", "SizeOfCallStack", 1},
      {"DriverListOffset", "DriverCount", 4},
      {"StringPoolOffset", "StringPoolSize", 1},
      {"BrokenDriverOffset", "", 4},
      {"DataPageOffset", "DataPageSize", 1},
      {"DebuggerDataOffset", "DebuggerDataSize", 1},
      {"DataBlocksOffset", "DataBlocksCount", kDataBlockSize},
  };

  // Where a field of the triage block stands in the file, and its value. REQUIRES: a u32 of that name.
  static std::pair<std::uint64_t, std::uint64_t> triage_field(View<Triage> triage, std::string_view name) {
    const auto found = std::ranges::find(kTriageBlock.fields, name, &layout::Field::name);
    return {triage_at(found->offset), load_le<std::uint32_t>(triage.bytes().data() + found->offset)};
  }

  void read_parts(View<Triage> triage) {
    for (const auto& [at, expected, name] :
         {std::tuple{Triage::kContextOffset, At::kContextField.offset, "Triage.ContextOffset"},
          std::tuple{Triage::kExceptionOffset, At::kExceptionField.offset, "Triage.ExceptionOffset"}})
      if (triage[at] != expected && triage[at] != 0)
        report(FindingSeverity::warning, "triage-offset-of-header-field", name, triage_at(at.offset),
               fmt::format("the header has this at 0x{:x}, not at 0x{:x}", expected, triage[at]),
               "README rule 7");

    placed_.push_back({"header", 0, H::kLayout.size + kTriageBlockSize});
    for (const PartFields& fields : kParts) {
      const auto [at, offset] = triage_field(triage, fields.offset);
      const std::uint64_t count = fields.count.empty() ? 1 : triage_field(triage, fields.count).second;
      const Part part{fields.offset, offset, count * fields.unit};
      if (part.offset == 0 || part.size == 0) continue;
      const std::string path = fmt::format("Triage.{}", part.name);
      if (!CheckedRange::make(part.offset, part.size, dump_.bytes_.size())) {
        report(FindingSeverity::error, "triage-offset-beyond-file", path, at,
               fmt::format("{} bytes at 0x{:x} are not in the file", part.size, part.offset),
               "README rule 7");
        continue;
      }
      if (part.offset % 4 != 0)
        report(FindingSeverity::note, "triage-offset-unaligned", path, at,
               fmt::format("0x{:x} is not a multiple of 4", part.offset));
      placed_.push_back(part);
    }
    const std::uint32_t fields = header_[At::kMiniDumpFields];
    for (const auto& [bit, size, name] :
         {std::tuple{kMiniCallStack, Triage::kSizeOfCallStack, "call stack"},
          std::tuple{kMiniDebuggerData, Triage::kDebuggerDataSize, "debugger data"},
          std::tuple{kMiniDataBlocks, Triage::kDataBlocksCount, "data blocks"}})
      if (!is_unset(fields) && ((fields & bit) != 0) != (triage[size] != 0))
        report(FindingSeverity::warning, "mini-dump-fields", "MiniDumpFields", At::kMiniDumpFields.offset,
               fmt::format("the header says the dump has {} {}, the triage block says otherwise",
                           (fields & bit) != 0 ? "" : "no", name),
               "README rule 7");
  }

  void read_ranges(View<Triage> triage) {
    add_range(triage[Triage::kTopOfStack], triage[Triage::kCallStackOffset],
              triage[Triage::kSizeOfCallStack]);
    add_range(triage[Triage::kDataPageAddress], triage[Triage::kDataPageOffset],
              triage[Triage::kDataPageSize]);
    const std::uint64_t debugger_data = header_[At::kKdDebuggerDataBlock];
    if (!is_unset(debugger_data) && debugger_data != 0)
      add_range(debugger_data, triage[Triage::kDebuggerDataOffset], triage[Triage::kDebuggerDataSize]);

    const std::uint64_t table = triage[Triage::kDataBlocksOffset];
    const std::uint64_t said = triage[Triage::kDataBlocksCount];
    const std::uint64_t room =
        table < dump_.bytes_.size() ? (dump_.bytes_.size() - table) / kDataBlockSize : 0;
    const std::uint64_t count = table == 0 ? 0 : std::min(said, room);
    if (count != 0) dump_.data_block_table_ = *slice(dump_.bytes_, table, count * kDataBlockSize);
    Problem outside, wrapped;
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto block = *View<TriageDataBlock>::make(
          kDataBlock, dump_.data_block_table_.subspan(static_cast<std::size_t>(i * kDataBlockSize)));
      const std::uint64_t offset = block[TriageDataBlock::kOffset];
      const std::uint64_t size = block[TriageDataBlock::kSize];
      const std::uint64_t va = block[TriageDataBlock::kAddress];
      if (!CheckedRange::make(offset, size, dump_.bytes_.size())) {
        outside.add(i);
        continue;
      }
      if (size != 0 && size - 1 > ~std::uint64_t{0} - va) {
        wrapped.add(i);
        continue;
      }
      add_range(va, offset, size);
      if (size != 0) placed_.push_back({"data block", offset, size});
    }
    const auto at = [&](const Problem& problem) { return table + problem.first * kDataBlockSize; };
    if (outside.count != 0)
      report(FindingSeverity::error, "data-block-beyond-file", fmt::format("DataBlock[{}]", outside.first),
             at(outside), fmt::format("the bytes of {} data blocks are not in the file", outside.count),
             "README rule 9");
    if (wrapped.count != 0)
      report(FindingSeverity::error, "data-block-wraps", fmt::format("DataBlock[{}]", wrapped.first),
             at(wrapped), fmt::format("{} data blocks run past the last address", wrapped.count),
             "README rule 9");
    check_overlaps();
    order_ranges();
  }

  void add_range(std::uint64_t va, std::uint64_t offset, std::uint64_t size) {
    if (size == 0 || offset == 0 || size - 1 > ~std::uint64_t{0} - va ||
        !CheckedRange::make(offset, size, dump_.bytes_.size()))
      return;
    dump_.ranges_.push_back({va, size, offset});
  }

  void check_overlaps() {
    std::ranges::sort(placed_, {}, &Part::offset);
    Problem overlaps;
    std::uint64_t end = 0;
    for (const Part& part : placed_) {
      if (part.offset < end) overlaps.add(part.offset);
      end = std::max(end, part.offset + part.size);
    }
    if (overlaps.count != 0)
      report(FindingSeverity::warning, "triage-parts-overlap", {}, overlaps.first,
             fmt::format("{} parts of the dump start inside another", overlaps.count), "README rule 7");
  }

  // Ascending and without overlap, so that reading is a search and never reads a byte twice. The range that
  // starts first wins; of those that start together the longest, and of these the first in the file.
  void order_ranges() {
    std::ranges::sort(dump_.ranges_, [](const VirtualRange& a, const VirtualRange& b) {
      return std::tuple(a.va, b.size, a.offset) < std::tuple(b.va, a.size, b.offset);
    });
    std::vector<VirtualRange> ordered;
    ordered.reserve(dump_.ranges_.size());
    Problem overlaps;
    for (VirtualRange range : dump_.ranges_) {
      if (!ordered.empty()) {
        const std::uint64_t last = ordered.back().va + (ordered.back().size - 1);
        if (range.va <= last) {
          overlaps.add(range.offset);
          const std::uint64_t covered = last - range.va + 1;  // 0 if it is all of memory
          if (covered == 0 || covered >= range.size) continue;
          range.va += covered;
          range.offset += covered;
          range.size -= covered;
        }
      }
      ordered.push_back(range);
    }
    dump_.ranges_ = std::move(ordered);
    if (overlaps.count != 0)
      report(FindingSeverity::note, "virtual-ranges-overlap", {}, overlaps.first,
             fmt::format("{} ranges of virtual memory start inside another", overlaps.count));
  }

  void check_debugger_data_of(View<Triage> triage) {
    const auto bytes = slice(dump_.bytes_, triage[Triage::kDebuggerDataOffset],
                             std::min(triage[Triage::kDebuggerDataSize], kDebuggerDataSize));
    if (!bytes || bytes->empty() || triage[Triage::kDebuggerDataOffset] == 0) return;
    dump_.debugger_data_.assign(bytes->begin(), bytes->end());
    check_debugger_data();
  }

  // ---- dumps that are recognized
  // ---------------------------------------------------------------------------------------

  void read_bitmap() {
    const Bytes body = behind_header();
    const auto block = View<Bitmap>::make(kBitmapBlock, body);
    if (!block) {
      report(FindingSeverity::error, "bitmap-block-cut", {}, H::kLayout.size,
             fmt::format("the bitmap block has {} bytes, {} are there", kBitmapBlockSize, body.size()),
             "README rule 17");
      return;
    }
    const std::uint32_t signature = load_le<std::uint32_t>(body.data());
    if ((signature != kBitmapFull && signature != kBitmapKernel) ||
        load_le<std::uint32_t>(body.data() + 4) != kValidDump32) {
      report(FindingSeverity::error, "bitmap-signature", {}, H::kLayout.size,
             "the bitmap block starts neither with 'FDMPDUMP' nor with 'SDMPDUMP'", "README rule 17");
      return;
    }
    const std::uint64_t bits = (*block)[Bitmap::kPages];
    const std::uint64_t size = bits / 8 + (bits % 8 != 0 ? 1 : 0);
    const auto bitmap = slice(body, kBitmapBlockSize, size);
    if (!bitmap) {
      report(FindingSeverity::error, "bitmap-beyond-file", {}, H::kLayout.size + Bitmap::kPages.offset,
             fmt::format("a bitmap of {} bits is not in the file", bits), "README rule 17");
      return;
    }
    std::uint64_t present = 0;
    for (const std::uint8_t byte : *bitmap) present += static_cast<unsigned>(std::popcount(byte));
    if (bits % 8 != 0 && (bitmap->back() >> (bits % 8)) != 0)
      report(FindingSeverity::warning, "bitmap-bits-beyond-pages", {},
             H::kLayout.size + Bitmap::kPages.offset,
             fmt::format("bits behind the {} that count are set", bits), "README rule 17");
    if (present != (*block)[Bitmap::kTotalPresentPages])
      report(FindingSeverity::warning, "present-pages-mismatch", {},
             H::kLayout.size + Bitmap::kTotalPresentPages.offset,
             fmt::format("the block says {} pages, its bitmap has {}", (*block)[Bitmap::kTotalPresentPages],
                         present),
             "README rule 17");
    const std::uint64_t first = (*block)[Bitmap::kFirstPage];
    if (first < H::kLayout.size + kBitmapBlockSize + size || first > dump_.bytes_.size() ||
        present > (dump_.bytes_.size() - first) / kPageSize)
      report(FindingSeverity::error, "file-shorter-than-bitmap", {},
             H::kLayout.size + Bitmap::kFirstPage.offset,
             fmt::format("{} pages from 0x{:x} on are not in the file", present, first), "README rule 17");
  }

  void check_ranges() {
    const Bytes body = behind_header();
    if (body.size() < 12 || load_le<std::uint32_t>(body.data()) != kRangesMark ||
        load_le<std::uint32_t>(body.data() + 4) != kRanges ||
        load_le<std::uint32_t>(body.data() + 8) != kValidDump32)
      report(FindingSeverity::error, "ranges-signature", {}, H::kLayout.size,
             "the block behind the header does not start with 0x40 and 'RDMPDUMP'", "README rule 17");
  }

  // Addresses of the debugger data are sign-extended on 32-bit systems.
  static constexpr std::uint64_t kWordMask = static_cast<Word>(~Word{0});

  View<H> header_;
  Dump dump_;
  std::vector<Part> placed_;
};

Result<Dump> Dump::open(Bytes bytes) {
  const auto at = [](std::uint64_t offset, std::string path) {
    Location location;
    location.offset = offset;
    location.path = std::move(path);
    return location;
  };
  if (bytes.size() < 8)
    return fail(ErrorKind::malformed, fmt::format("{} bytes are no crash dump", bytes.size()), {},
                at(0, "Signature"));
  const std::uint32_t signature = load_le<std::uint32_t>(bytes.data());
  if (signature == 0x504d444d)  // "MDMP"
    return fail(ErrorKind::unsupported, "this is a user-mode minidump, not a dump of the kernel",
                "open it with a debugger for programs", at(0, "Signature"));
  if (signature != kSignature)
    return fail(ErrorKind::malformed, "a crash dump starts with 'PAGE'", {}, at(0, "Signature"));
  const std::uint32_t valid = load_le<std::uint32_t>(bytes.data() + 4);
  if (valid != kValidDump64 && valid != kValidDump32)
    return fail(ErrorKind::malformed, "behind 'PAGE' there is neither 'DU64' nor 'DUMP'", {},
                at(4, "ValidDump"));
  const std::size_t size = valid == kValidDump64 ? kHeader64Size : kHeader32Size;
  if (bytes.size() < size)
    return fail(ErrorKind::malformed,
                fmt::format("the header has {} bytes, the file only {}", size, bytes.size()),
                "the file may have been cut when it was copied", at(bytes.size(), {}));
  return valid == kValidDump64 ? Opener<Header64>::open(bytes) : Opener<Header32>::open(bytes);
}

// The bytes at a physical address: at least one, at most `size`, up to the end of a run.
std::optional<Bytes> Dump::physical_part(std::uint64_t pa, std::uint64_t size) const noexcept {
  const std::uint64_t pfn = pa / kPageSize;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    if (pfn < runs_[i].base_page || pfn - runs_[i].base_page >= runs_[i].page_count) continue;
    const std::uint64_t in_run = pa - runs_[i].base_page * kPageSize;
    const std::uint64_t part = std::min(size, runs_[i].page_count * kPageSize - in_run);
    return slice(bytes_, run_offsets_[i] + in_run, part);
  }
  return std::nullopt;
}

Result<Buffer> Dump::read_physical(std::uint64_t pa, std::uint64_t size) const {
  if (class_.type != DumpType::full)
    return fail(ErrorKind::unsupported,
                fmt::format("physical memory of a dump of class {} is not read", to_string(class_)));
  if (size > bytes_.size())
    return fail(ErrorKind::invalid_argument, fmt::format("{} bytes are more than the whole dump has", size));
  Buffer out;
  while (out.size() < size) {
    const auto part = physical_part(pa, size - out.size());
    if (!part || part->size() > ~std::uint64_t{0} - pa)
      return fail(ErrorKind::malformed, fmt::format("physical address 0x{:x} is not in the dump", pa));
    out.insert(out.end(), part->begin(), part->end());
    pa += part->size();
  }
  return out;
}

Result<Buffer> Dump::read_virtual(std::uint64_t va, std::uint64_t size) const {
  const bool triage = class_ == Class{DumpType::triage, true};
  if (!triage && !has_page_tables_)
    return fail(ErrorKind::unsupported,
                fmt::format("virtual memory of this dump of class {} is not read", to_string(class_)));
  if (size > bytes_.size())
    return fail(ErrorKind::invalid_argument, fmt::format("{} bytes are more than the whole dump has", size));
  if (size != 0 && size - 1 > ~std::uint64_t{0} - va)
    return fail(ErrorKind::invalid_argument,
                fmt::format("{} bytes at 0x{:x} run past the last address", size, va));
  Buffer out;
  while (out.size() < size) {
    const auto part = triage ? kept_part(va, size - out.size()) : mapped_part(va, size - out.size());
    if (!part) return fail(ErrorKind::malformed, fmt::format("address 0x{:x} is not in the dump", va));
    out.insert(out.end(), part->begin(), part->end());
    va += part->size();
  }
  return out;
}

// At least one byte, at most `size`, up to the end of what lies together.
std::optional<Bytes> Dump::mapped_part(std::uint64_t va, std::uint64_t size) const noexcept {
  const auto load = [this](std::uint64_t pa, unsigned width) -> std::optional<std::uint64_t> {
    const auto entry = physical_part(pa, width);
    if (!entry || entry->size() < width) return std::nullopt;
    return load_le(entry->data(), width);
  };
  const auto place = translate(paging_, directory_table_base_, va, load);
  if (!place) return std::nullopt;
  return physical_part(place->physical_address, std::min(size, place->bytes_left));
}

std::optional<Bytes> Dump::kept_part(std::uint64_t va, std::uint64_t size) const noexcept {
  auto range = std::ranges::upper_bound(ranges_, va, {}, &VirtualRange::va);
  if (range == ranges_.begin()) return std::nullopt;
  --range;
  const std::uint64_t in_range = va - range->va;
  if (in_range >= range->size) return std::nullopt;
  return slice(bytes_, range->offset + in_range, std::min(size, range->size - in_range));
}

}  // namespace wheatstone::dump
