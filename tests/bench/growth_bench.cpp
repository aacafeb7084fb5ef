// What a byte costs in records of 200 bytes to 10 MB, for every view: bytes_per_second must not fall with the
// size, whatever counts, lengths and offsets say.
#include <benchmark/benchmark.h>

#include <string>

#include "tests/bench/big_records.hpp"
#include "tests/bench/views.hpp"

namespace wheatstone {
namespace {

constexpr std::size_t kSizes[] = {200, 1'000, 10'000, 100'000, 1'000'000, 10'000'000};

struct Family {
  std::string_view name;
  Buffer (*make)(std::size_t size);
};
constexpr Family kFamilies[] = {{"ordinary", bench::ordinary_record},
                                {"hostile_counts", bench::hostile_counts},
                                {"overlapping", bench::overlapping_record}};

void run(benchmark::State& state, const bench::View& view, const Family& family, std::size_t size) {
  const Buffer record = family.make(size);
  std::size_t made = 0;
  for (auto _ : state) {
    made = view.run(document::Kind::record, record);
    benchmark::DoNotOptimize(made);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(record.size()));
  state.counters["size"] = static_cast<double>(record.size());
  state.counters["made"] = static_cast<double>(made);  // characters, leaves, findings or differences
}

const bool kRegistered = [] {
  for (const bench::View& view : bench::kViews)
    for (const Family& family : kFamilies)
      for (const std::size_t size : kSizes) {
        const std::string name =
            "growth/" + std::string(view.name) + '/' + std::string(family.name) + '/' + std::to_string(size);
        benchmark::RegisterBenchmark(name.c_str(), run, view, family, size)
            ->MinWarmUpTime(0.02)
            ->MinTime(0.02);
      }
  return true;
}();

}  // namespace
}  // namespace wheatstone
