// slow_inputs [SECONDS [BYTES [FOLDER]]]: searches, for SECONDS (10 unless told) a view, the inputs of up to
// BYTES (65536) that take longest to any view of each kind of document, and prints the worst of each. Starts
// from generated documents and from records that were made to be slow; keeps what is slower and mutates it.
// Each time is the least of five runs. With FOLDER, which must exist, the inputs are kept there.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "formats/mutate/generate.hpp"
#include "formats/mutate/mutate.hpp"
#include "tests/bench/big_records.hpp"
#include "tests/bench/views.hpp"

namespace wheatstone::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Candidate {
  Buffer bytes;
  double milliseconds = 0;
};

// Processor time, in milliseconds: what else the machine does is no part of it.
double time_once(const View& view, document::Kind kind, Bytes bytes) {
  const auto now = [] { return static_cast<double>(std::clock()) * 1e3 / CLOCKS_PER_SEC; };
  const double begin = now();
  view.run(kind, bytes);
  return now() - begin;
}

double least_time(const View& view, document::Kind kind, Bytes bytes, int runs) {
  double least = time_once(view, kind, bytes);
  for (int i = 1; i < runs; ++i) least = std::min(least, time_once(view, kind, bytes));
  return least;
}

// What the mutator grows: as much of itself as fits, so that it starts large.
std::vector<Buffer> beginnings(document::Kind kind, mutate::Kind mutates, std::size_t size, Xoshiro& random) {
  std::vector<Buffer> all;
  if (kind == document::Kind::record)
    for (const auto make : {ordinary_record, hostile_counts, overlapping_record}) all.push_back(make(size));
  for (int i = 0; i < 20; ++i)
    all.push_back(
        mutate::generate(mutates, random, {.max_size = size, .most_sections = 400, .most_elements = 4000}));
  for (Buffer& bytes : all) bytes.resize(std::min(bytes.size(), size));  // some have a least size
  return all;
}

Candidate search(const View& view, document::Kind kind, mutate::Kind mutates, std::size_t size,
                 double seconds) {
  constexpr std::size_t kKept = 8;
  Xoshiro random(1);
  std::vector<Candidate> kept;
  const auto consider = [&](Buffer bytes) {
    double time = time_once(view, kind, bytes);
    if (kept.size() == kKept && time <= kept.back().milliseconds) return;
    time = least_time(view, kind, bytes, 3);  // the machine may have been busy with something else
    kept.push_back({std::move(bytes), time});
    std::ranges::sort(kept, std::greater(), &Candidate::milliseconds);
    if (kept.size() > kKept) kept.pop_back();
  };
  for (Buffer& bytes : beginnings(kind, mutates, size, random)) consider(std::move(bytes));
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (Clock::now() < end) {
    Buffer room(size);
    const Buffer& parent = kept[random.below(kept.size())].bytes;
    std::size_t made = 0;
    if (random.once_in(4)) {
      made = mutate::cross_over(mutates, parent, kept[random.below(kept.size())].bytes, room, random);
    } else {
      std::ranges::copy(parent, room.begin());
      made = mutate::mutate(mutates, room, parent.size(), random);
    }
    room.resize(made);
    consider(std::move(room));
  }
  Candidate worst = std::move(kept.front());
  worst.milliseconds = least_time(view, kind, worst.bytes, 5);
  return worst;
}

std::optional<mutate::Kind> kind_to_mutate(std::string_view key) {
  for (const layout::Name& name : mutate::kKindNames) {
    std::string same(name.text);
    std::ranges::replace(same, '-', '_');
    if (same == key) return static_cast<mutate::Kind>(name.value);
  }
  return std::nullopt;
}

int run(double seconds, std::size_t size, const std::string& folder) {
  fmt::print("{:<14} {:<8} {:>9} {:>9}\n", "kind", "view", "bytes", "ms");
  for (const document::KindInfo& kind : document::kinds()) {
    const auto mutates = kind_to_mutate(kind.key);
    if (!mutates) continue;
    for (const View& view : kViews) {
      const Candidate worst = search(view, kind.kind, *mutates, size, seconds);
      fmt::print("{:<14} {:<8} {:>9} {:>9.2f}\n", kind.key, view.name, worst.bytes.size(),
                 worst.milliseconds);
      std::fflush(stdout);
      if (folder.empty()) continue;
      std::ofstream file(fmt::format("{}/{}-{}.bin", folder, kind.key, view.name), std::ios::binary);
      file.write(as_text(worst.bytes).data(), static_cast<std::streamsize>(worst.bytes.size()));
      if (!file.flush()) {
        fmt::print(stderr, "slow_inputs: cannot write to '{}'\n", folder);
        return 1;
      }
    }
  }
  return 0;
}

}  // namespace
}  // namespace wheatstone::bench

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 10;
  const std::size_t size = argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 65536;
  if (argc > 4 || seconds <= 0 || size < 200) {
    fmt::print(stderr, "usage: slow_inputs [SECONDS [BYTES [FOLDER]]]\n");
    return 2;
  }
  return wheatstone::bench::run(seconds, size, argc > 3 ? argv[3] : "");
}
