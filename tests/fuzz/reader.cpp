// What a user's reader of records does, and nothing else: decoding, and JSON of all that is there. It checks
// nothing, so that ci/mutator-edges counts what the reader reaches and not what an oracle does.
//
// The reader interprets tables: one loop over fields reads every structure there is, so the compiler's edges
// are the same few whichever structures an input holds. The program that it runs is in the tables. Their rows
// are counted, too: each field, start of a structure, named value and named bit that some input made it come
// to. libFuzzer learns of them as it does of edges, with and without the plug-in, and the end prints how many
// there were: "rows: 123".
#include <cstdio>
#include <cstdlib>
#include <unordered_map>

#include "formats/cper/pieces.hpp"
#include "formats/cper/record.hpp"
#include "formats/layout/walk.hpp"

using namespace wheatstone;

namespace {

constexpr std::size_t kMostRows = 1 << 14;
__attribute__((section("__libfuzzer_extra_counters"), used)) std::uint8_t row_counters[kMostRows];

// The rows met so far, in the order of meeting, which the seed of the fuzzer decides.
std::unordered_map<const void*, std::size_t>& rows() {
  static std::unordered_map<const void*, std::size_t> all;
  return all;
}

struct RowSink {
  static void meet(const void* row) {
    const std::size_t index = rows().try_emplace(row, rows().size()).first->second;
    if (index < kMostRows) row_counters[index] = 1;
  }

  static void meet_name(layout::Names names, std::uint64_t value) {
    for (const layout::Name& name : names)
      if (name.value == value) meet(&name);
  }

  bool wants(const layout::Field& field, bool) const {
    meet(&field);
    return true;
  }
  void number(const layout::Field& field, std::uint64_t value) { meet_name(field.value_names, value); }
  void word(const layout::Field&, std::uint64_t value, layout::Word bits) {
    for (const layout::Bit& bit : bits) {
      if (bit.get(value) != 0) meet(&bit);
      meet_name(bit.names, bit.get(value));
    }
  }
  void guid(const layout::Field& field, const Guid& value) {
    for (const layout::GuidName& name : field.guid_names)
      if (name.value == value) meet(&name);
  }
  void bytes(const layout::Field&, Bytes) {}
  void list(const layout::Field&, Bytes) {}
  void begin_part(std::string_view, const layout::Layout& layout, Bytes) { meet(&layout); }
  void end_part() {}
  void begin_many(const layout::Tail& tail) { meet(&tail); }
  void begin_item(std::uint64_t, const layout::Layout& layout, Bytes) { meet(&layout); }
  void end_item() {}
  void end_many() {}
  void unread(std::string_view, Bytes) {}
};

layout::TextBuffer out;

void read(Bytes bytes) {
  const cper::Record record = cper::Record::decode(bytes);
  out.clear();
  cper::to_json(out, record);
  RowSink sink;
  for (const cper::Piece& piece : cper::pieces(record)) {
    if (piece.layout == nullptr) continue;
    RowSink::meet(piece.layout);
    layout::walk(*piece.layout, piece.bytes, sink);
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  rows();    // is to outlive what prints it
  read({});  // what is made once is no merit of an input
  std::atexit([] { std::fprintf(stderr, "rows: %zu\n", rows().size()); });
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read({data, size});
  return 0;
}
