// Speed of the record codec: real records, one hot and a cold mixed set; fmt is the peer for JSON text.
#include <benchmark/benchmark.h>
#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstring>
#include <random>
#include <vector>

#include "formats/cper/compose.hpp"
#include "formats/cper/pieces.hpp"
#include "formats/cper/record.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/document/make.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/to_node.hpp"
#include "tests/support/records.hpp"

namespace wheatstone {
namespace {

const Buffer& hot_record() {
  static const Buffer record = test::load_record("multiple1");  // 1019 bytes, four sections
  return record;
}

void decode_hot(benchmark::State& state) {
  const Buffer& bytes = hot_record();
  for (auto _ : state) {
    const cper::Record record = cper::Record::decode(bytes);
    benchmark::DoNotOptimize(record.sections().data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(decode_hot);

// 20,000 records of several kinds in random order at random places: about what memory gives, not a gate.
void decode_cold_mixed(benchmark::State& state) {
  std::vector<Buffer> kinds;
  for (const char* name : test::kRealRecords) kinds.push_back(test::load_record(name));
  for (const char* name : test::kSyntheticRecords) kinds.push_back(test::load_record(name));
  std::mt19937 random(7);
  std::vector<Buffer> set;
  for (int i = 0; i < 20'000; ++i) set.push_back(kinds[random() % kinds.size()]);
  std::shuffle(set.begin(), set.end(), random);
  for (auto _ : state) {
    for (const Buffer& bytes : set) {
      const cper::Record record = cper::Record::decode(bytes);
      benchmark::DoNotOptimize(record.sections().data());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(set.size()));
}
BENCHMARK(decode_cold_mixed)->Unit(benchmark::kMillisecond);

void to_json(benchmark::State& state, layout::Detail detail) {
  const Buffer& bytes = hot_record();
  layout::TextBuffer out(64 * 1024);
  for (auto _ : state) {
    out.clear();
    cper::to_json(out, cper::Record::decode(bytes), detail);
    benchmark::DoNotOptimize(out.view().data());
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["json_bytes"] = static_cast<double>(out.size());
}
BENCHMARK_CAPTURE(to_json, all, layout::Detail::all);
BENCHMARK_CAPTURE(to_json, valid, layout::Detail::valid);

// The peer: the same leaves as flat JSON members through compiled fmt format strings, without the walk.
void to_json_fmt_peer(benchmark::State& state) {
  const Buffer& bytes = hot_record();
  const std::vector<layout::Leaf> leaves = cper::flatten(cper::Record::decode(bytes));
  std::string out;
  for (auto _ : state) {
    out.clear();
    out += '{';
    for (const layout::Leaf& leaf : leaves) {
      if (leaf.kind == layout::Leaf::Kind::text) {
        fmt::format_to(std::back_inserter(out), FMT_COMPILE("\"{}\":\"{}\","), leaf.path, leaf.text);
      } else if (leaf.hex) {
        fmt::format_to(std::back_inserter(out), FMT_COMPILE("\"{}\":\"0x{:016x}\","), leaf.path, leaf.number);
      } else {
        fmt::format_to(std::back_inserter(out), FMT_COMPILE("\"{}\":{},"), leaf.path, leaf.number);
      }
    }
    out.back() = '}';
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["json_bytes"] = static_cast<double>(out.size());
}
BENCHMARK(to_json_fmt_peer);

// Bodies and descriptors into a fresh record.
void encode(benchmark::State& state) {
  const cper::Record record = cper::Record::decode(hot_record());
  std::vector<cper::NewSection> sections;
  for (const cper::Section& section : record.sections())
    sections.push_back({.type = section.type->guid, .body = record.body(section)});
  const cper::NewRecord header{.timestamp = 0x14180a180e1414, .record_id = 1};
  for (auto _ : state) {
    const auto made = cper::encode(header, sections);
    benchmark::DoNotOptimize(made->data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(encode);

// The copy that encode cannot avoid.
void encode_memcpy_peer(benchmark::State& state) {
  const Buffer& bytes = hot_record();
  for (auto _ : state) {
    Buffer copy(bytes.size());
    std::memcpy(copy.data(), bytes.data(), bytes.size());
    benchmark::DoNotOptimize(copy.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(encode_memcpy_peer);

void typed_load(benchmark::State& state) {
  const cper::Record record = cper::Record::decode(hot_record());
  const cper::Section* mca = record.find(cper::kSectionXpfMca);
  const auto view = *layout::View<cper::XpfMca>::make(cper::kXpfMcaV1, record.body(*mca));
  for (auto _ : state) benchmark::DoNotOptimize(view[cper::XpfMca::kStatus]);
}
BENCHMARK(typed_load);

// What a scenario pays for a section: values by name.
void assign_by_name(benchmark::State& state) {
  layout::Node fields;
  fields.kind = layout::Node::Kind::map;
  const std::pair<const char*, const char*> values[] = {
      {"BankNumber", "5"},       {"Status", "0xbea0000000000108"}, {"CpuVendor", "AMD"},
      {"ProcessorNumber", "12"}, {"Address", "0x1f807b7ef8a18"},   {"ApicId", "12"}};
  for (const auto& [key, text] : values) {
    layout::Node value;
    value.kind = layout::Node::Kind::scalar;
    value.text = text;
    fields.members.push_back({key, {}, value});
  }
  Buffer body(cper::kXpfMcaV3.size, 0);
  for (auto _ : state) {
    auto done = layout::assign(cper::kXpfMcaV3, body, fields);
    benchmark::DoNotOptimize(done);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(std::size(values)));
}
BENCHMARK(assign_by_name);

// The first 90 integers of the hot record, structure by structure: what a record of four sections says.
constexpr std::size_t kScalars = 90;

struct ScalarFields {
  const layout::Layout* layout = nullptr;
  std::vector<const layout::Field*> fields{};
  std::vector<std::uint64_t> values{};
  layout::Node tree{};  // the same by name
  Buffer bytes{};       // the structure, without these values
};

std::vector<ScalarFields> hot_scalars() {
  const cper::Record record = cper::Record::decode(hot_record());
  std::vector<ScalarFields> all;
  std::size_t count = 0;
  for (const cper::Piece& piece : cper::pieces(record)) {
    if (piece.layout == nullptr) continue;
    ScalarFields structure{.layout = piece.layout, .bytes = Buffer(piece.bytes.size(), 0)};
    structure.tree.kind = layout::Node::Kind::map;
    for (const layout::Field& field : piece.layout->fields) {
      if (field.kind != layout::Kind::uint || field.name.empty() || field.end() > piece.bytes.size())
        continue;
      if (count == kScalars) break;
      ++count;
      const std::uint64_t value = load_le(piece.bytes.data() + field.offset, field.size);
      structure.fields.push_back(&field);
      structure.values.push_back(value);
      structure.tree.members.push_back(
          {std::string(field.name), {}, layout::scalar(fmt::format("0x{:x}", value))});
    }
    all.push_back(std::move(structure));
  }
  if (count != kScalars) std::abort();
  return all;
}

// One item is all 90 of them, stored through the table's fields.
void encode_90_scalars_by_field(benchmark::State& state) {
  std::vector<ScalarFields> structures = hot_scalars();
  for (auto _ : state)
    for (ScalarFields& structure : structures) {
      // Views that are local: a store of bytes might change any other.
      const std::span<const layout::Field* const> fields = structure.fields;
      const std::span<const std::uint64_t> values = structure.values;
      std::uint8_t* const bytes = structure.bytes.data();
      for (std::size_t i = 0; i < fields.size(); ++i)
        store_le(bytes + fields[i]->offset, values[i], fields[i]->size);
      benchmark::DoNotOptimize(bytes);
    }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(encode_90_scalars_by_field);

// One item is all 90 of them, from text by name.
void encode_90_scalars_by_name(benchmark::State& state) {
  std::vector<ScalarFields> structures = hot_scalars();
  for (auto _ : state)
    for (ScalarFields& structure : structures) {
      const auto done = layout::assign(*structure.layout, structure.bytes, structure.tree);
      if (!done) state.SkipWithError(done.error().message.c_str());
    }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(encode_90_scalars_by_name);

// The whole tree of the hot record, as YAML gives it, to its bytes.
void make_from_tree(benchmark::State& state) {
  const layout::Node tree =
      document::to_node(document::Document::decode(document::Kind::record, hot_record()));
  for (auto _ : state) {
    const auto made = document::make(tree);
    if (!made || made->bytes != hot_record()) state.SkipWithError("another record");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(make_from_tree);

}  // namespace
}  // namespace wheatstone
