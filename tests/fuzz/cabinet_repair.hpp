// A cabinet with its size right and its checksums taken out: fuzzers do not guess those.
#pragma once

#include <cstdint>

#include "formats/layout/bytes.hpp"

namespace wheatstone::test {

// Where the CFFOLDERs stand and how far apart, as far as the input has them.
struct FolderTable {
  std::size_t at = 36, step = 8, count = 0;
};

inline FolderTable folder_table(Bytes cabinet) {
  FolderTable table;
  if (cabinet.size() < 40) return table;
  if (cabinet[30] & 4) {
    table.at = 40u + load_le<std::uint16_t>(&cabinet[36]);
    table.step = 8u + cabinet[38];
  }
  table.count = load_le<std::uint16_t>(&cabinet[26]);
  while (table.count != 0 && !slice(cabinet, table.at, table.step * table.count)) --table.count;
  return table;
}

inline Buffer repaired(Bytes input, std::size_t most_folders) {
  Buffer cabinet(input.begin(), input.end());
  const FolderTable table = folder_table(input);
  if (table.count == 0) return cabinet;
  store_le<std::uint32_t>(&cabinet[8], static_cast<std::uint32_t>(cabinet.size()));
  for (std::size_t i = 0; i < table.count && i < most_folders; ++i) {
    std::uint64_t at = load_le<std::uint32_t>(&cabinet[table.at + i * table.step]);
    for (unsigned left = load_le<std::uint16_t>(&cabinet[table.at + i * table.step + 4]); left != 0; --left) {
      if (at < table.at || !slice(cabinet, at, 8)) break;
      store_le<std::uint32_t>(&cabinet[at], 0);
      at += 8u + load_le<std::uint16_t>(&cabinet[at + 4]);
    }
  }
  return cabinet;
}

}  // namespace wheatstone::test
