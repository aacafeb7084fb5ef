// Every dump that opens tells the same twice, reads exactly what was asked for or nothing, and points only
// into itself.
#include <algorithm>

#include "formats/dump/reader.hpp"
#include "tests/fuzz/require.hpp"

using namespace wheatstone;

namespace {

// Whatever is read is as long as was asked for, and its halves are what they are alone.
void check_read(const dump::Dump& dump, std::uint64_t va, std::uint64_t size) {
  const auto whole = dump.read_virtual(va, size);
  if (!whole) return;
  REQUIRE(whole->size() == size);
  const std::uint64_t half = size / 2;
  const auto front = dump.read_virtual(va, half);
  const auto back = dump.read_virtual(va + half, size - half);
  REQUIRE(front && front->size() == half && std::equal(front->begin(), front->end(), whole->begin()));
  REQUIRE(back && std::equal(back->rbegin(), back->rend(), whole->rbegin()));
}

// The header read by hand, at the offsets of the specification.
void check_bug_check(Bytes bytes, const dump::Dump& dump) {
  const bool wide = dump.dump_class().is_64bit;
  const std::uint32_t code = load_le<std::uint32_t>(bytes.data() + (wide ? 0x38 : 0x28));
  REQUIRE(dump.bug_check().code == (code == dump::kUnset32 ? 0 : code));
  for (unsigned i = 0; i < 4; ++i) {
    const unsigned width = wide ? 8 : 4;
    const std::uint64_t value = load_le(bytes.data() + (wide ? 0x40 : 0x2c) + i * width, width);
    REQUIRE(dump.bug_check().parameters[i] == value || dump.bug_check().parameters[i] == 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  const auto dump = dump::Dump::open(bytes);
  if (!dump) {
    REQUIRE(dump.error().kind == ErrorKind::malformed || dump.error().kind == ErrorKind::unsupported);
    return 0;
  }
  check_bug_check(bytes, *dump);

  REQUIRE(dump->findings().size() <= 32);
  for (const Finding& finding : dump->findings()) REQUIRE(!finding.code.empty() && !finding.message.empty());

  std::uint64_t next = 0;
  bool first = true;
  for (const dump::VirtualRange& range : dump->virtual_ranges()) {
    REQUIRE(range.size != 0 && CheckedRange::make(range.offset, range.size, size));
    REQUIRE(first || (range.va >= next && next != 0));
    first = false;
    next = range.va + range.size;
  }
  std::uint64_t end = 0;
  for (const dump::PlacedBlob& blob : dump->secondary_data()) {
    REQUIRE(blob.offset >= end && CheckedRange::make(blob.offset, dump::kBlobHeaderSize, size));
    end = blob.offset + dump::kBlobHeaderSize;
    REQUIRE(blob.data.data() >= data && blob.data.data() + blob.data.size() <= data + size);
  }
  for (const dump::MemoryRun& run : dump->runs()) {
    const auto page = dump->read_physical(run.base_page * dump::kPageSize, dump::kPageSize);
    REQUIRE(!page || page->size() == dump::kPageSize);
  }

  for (const std::uint64_t parameter : dump->bug_check().parameters) check_read(*dump, parameter, 300);
  for (const dump::VirtualRange& range :
       dump->virtual_ranges().first(std::min<std::size_t>(dump->virtual_ranges().size(), 4)))
    check_read(*dump, range.va, std::min<std::uint64_t>(range.size, 0x1000));
  check_read(*dump, 0xfffff80000e00000, 0x500);
  REQUIRE(!dump->read_virtual(0, size + 1));

  // A structure's text is at most so many times its bytes; each byte is in one or two structures.
  const auto leaves = dump::flatten(*dump);
  REQUIRE(leaves.size() <= size);
  layout::TextBuffer json;
  dump::to_json(json, *dump);
  REQUIRE(json.size() <= 64 * size);
  REQUIRE(dump::to_text(*dump).size() <= 64 * size);
  return 0;
}
