#include "formats/dump/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "formats/dump/debugger_data.hpp"
#include "formats/dump/header_builder.hpp"
#include "formats/dump/kernel_data.hpp"
#include "formats/dump/triage.hpp"

namespace wheatstone::dump {
namespace {

constexpr std::uint64_t kOffsetLimit = std::uint64_t{1} << 32;

Result<void> check_blobs(std::span<const SecondaryBlob> blobs) {
  for (const SecondaryBlob& blob : blobs)
    if (blob.data.size() >= kOffsetLimit)
      return fail(ErrorKind::invalid_argument,
                  fmt::format("secondary data {} has {} bytes, a blob has less than 4 GiB", blob.tag.text(),
                              blob.data.size()));
  return {};
}

// Ascending by address, none empty, none beyond the end of memory, none over another.
Result<void> check_blocks(std::span<const DataBlock> blocks) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;  // first and last byte
  for (const DataBlock& block : blocks) {
    if (block.bytes.empty() || block.bytes.size() - 1 > ~std::uint64_t{0} - block.va)
      return fail(ErrorKind::invalid_argument,
                  fmt::format("the data block of {} bytes at 0x{:x} is empty or runs past the last address",
                              block.bytes.size(), block.va));
    ranges.emplace_back(block.va, block.va + (block.bytes.size() - 1));
  }
  std::ranges::sort(ranges);
  for (std::size_t i = 1; i < ranges.size(); ++i)
    if (ranges[i].first <= ranges[i - 1].second)
      return fail(ErrorKind::invalid_argument, fmt::format("the data blocks at 0x{:x} and 0x{:x} overlap",
                                                           ranges[i - 1].first, ranges[i].first));
  return {};
}

}  // namespace

Result<Buffer> write_full_dump(const Machine& machine, const BugCheck& bug_check, PhysicalMemory memory,
                               std::span<const SecondaryBlob> secondary) {
  if ((memory.paging() == Paging::four_level) != machine.is_64bit)
    return fail(ErrorKind::invalid_argument, "the memory is not paged as the machine is",
                "a 64-bit machine has four levels of page tables, a 32-bit machine two");
  if (auto checked = check_blobs(secondary); !checked) return std::unexpected(checked.error());
  if (auto placed = memory.write_virtual(kernel_data(machine), make_kernel_data(machine, bug_check)); !placed)
    return std::unexpected(placed.error());

  const std::vector<MemoryRun> runs = memory.runs();
  Result<Buffer> dump = build_header(machine, {.type = DumpType::full,
                                               .bug_check = bug_check,
                                               .directory_table_base = memory.directory_table_base(),
                                               .runs = runs,
                                               .mini_dump_fields = {},
                                               .required_dump_space = {}});
  if (!dump) return dump;
  dump->reserve(dump->size() + memory.pages().size() * kPageSize);
  for (const auto& [pfn, page] : memory.pages()) dump->insert(dump->end(), page.begin(), page.end());
  append_secondary_data(*dump, secondary, machine.minor_version);
  return dump;
}

Result<Buffer> write_triage_dump(const Machine& machine, const BugCheck& bug_check,
                                 std::span<const DataBlock> blocks,
                                 std::span<const SecondaryBlob> secondary) {
  if (!machine.is_64bit)
    return fail(ErrorKind::invalid_argument, "triage dumps of 32-bit machines are not written",
                "write a full or a header dump");
  if (auto checked = check_blobs(secondary); !checked) return std::unexpected(checked.error());

  const Buffer variables = make_kernel_data(machine, bug_check);
  const Bytes debugger_data = Bytes(variables).first(kDebuggerDataSize);
  std::vector<DataBlock> all(blocks.begin(), blocks.end());
  all.push_back({kernel_data(machine) + kDebuggerDataSize, Bytes(variables).subspan(kDebuggerDataSize)});
  if (auto checked = check_blocks(all); !checked) return std::unexpected(checked.error());

  constexpr std::uint64_t kDebuggerDataAt = kHeader64Size + kTriageBlockSize;
  constexpr std::uint64_t kTableAt = kDebuggerDataAt + kDebuggerDataSize;
  const std::uint64_t payload_at = kTableAt + all.size() * kDataBlockSize;
  std::uint64_t valid_at = payload_at;
  for (const DataBlock& block : all) {
    valid_at += block.bytes.size();
    if (valid_at > kOffsetLimit - 5)
      return fail(ErrorKind::invalid_argument, "the data blocks exceed the 4 GiB that offsets can reach");
  }

  const std::uint32_t fields =
      kMiniContext | (machine.exception ? kMiniException : 0) | kMiniDebuggerData | kMiniDataBlocks;
  Result<Buffer> dump = build_header(machine, {.type = DumpType::triage,
                                               .bug_check = bug_check,
                                               .directory_table_base = {},
                                               .runs = {},
                                               .mini_dump_fields = fields,
                                               .required_dump_space = valid_at + 4});
  if (!dump) return dump;
  dump->resize(static_cast<std::size_t>(valid_at + 4));
  const MutableBytes bytes(*dump);

  auto triage = *layout::Editor<Triage>::make(kTriageBlock, bytes.subspan(kHeader64Size, kTriageBlockSize));
  triage.set(Triage::kSizeOfDump, static_cast<std::uint32_t>(valid_at + 4));
  triage.set(Triage::kValidOffset, static_cast<std::uint32_t>(valid_at));
  triage.set(Triage::kContextOffset, HeaderAt<Header64>::kContextField.offset);
  triage.set(Triage::kExceptionOffset, HeaderAt<Header64>::kExceptionField.offset);
  triage.set(Triage::kTriageOptions, 0xffffffff);
  triage.set(Triage::kDebuggerDataOffset, static_cast<std::uint32_t>(kDebuggerDataAt));
  triage.set(Triage::kDebuggerDataSize, kDebuggerDataSize);
  triage.set(Triage::kDataBlocksOffset, static_cast<std::uint32_t>(kTableAt));
  triage.set(Triage::kDataBlocksCount, static_cast<std::uint32_t>(all.size()));
  std::ranges::copy(debugger_data, bytes.begin() + kDebuggerDataAt);

  std::uint64_t entry_at = kTableAt;
  std::uint64_t data_at = payload_at;
  for (const DataBlock& block : all) {
    auto entry = *layout::Editor<TriageDataBlock>::make(
        kDataBlock, bytes.subspan(static_cast<std::size_t>(entry_at), kDataBlockSize));
    entry.set(TriageDataBlock::kAddress, block.va);
    entry.set(TriageDataBlock::kOffset, static_cast<std::uint32_t>(data_at));
    entry.set(TriageDataBlock::kSize, static_cast<std::uint32_t>(block.bytes.size()));
    std::ranges::copy(block.bytes, bytes.begin() + static_cast<std::ptrdiff_t>(data_at));
    entry_at += kDataBlockSize;
    data_at += block.bytes.size();
  }
  store_le<std::uint32_t>(bytes.data() + valid_at, kTriageMarker);
  append_secondary_data(*dump, secondary, machine.minor_version);
  return dump;
}

Result<Buffer> write_header_dump(const Machine& machine, const BugCheck& bug_check) {
  return build_header(machine, {.type = DumpType::header,
                                .bug_check = bug_check,
                                .directory_table_base = {},
                                .runs = {},
                                .mini_dump_fields = {},
                                .required_dump_space = machine.is_64bit ? kHeader64Size : kHeader32Size});
}

}  // namespace wheatstone::dump
