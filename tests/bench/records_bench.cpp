// Speed of the record codec: real records, one hot and a cold mixed set; fmt is the peer for JSON text.
#include <benchmark/benchmark.h>
#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstring>
#include <random>
#include <vector>

#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/layout/assign.hpp"
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

}  // namespace
}  // namespace wheatstone
