// The real and synthetic records of tests/data/records, by file name without ".hex".
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "formats/layout/bytes.hpp"
#include "formats/layout/hex_dump.hpp"

namespace wheatstone::test {

inline constexpr const char* kRealRecords[] = {"memory1", "multiple1", "multiple2", "multiple5",
                                               "unsupportedsection1"};
inline constexpr const char* kSyntheticRecords[] = {"pcie", "pcibus", "dmargeneric"};

inline Buffer load_record(const std::string& name) {
  std::ifstream file(std::string(WHEATSTONE_SOURCE_DIR "/tests/data/records/") + name + ".hex");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto bytes = layout::parse_hex_dump(text, 1u << 20);
  if (!bytes || bytes->empty()) throw std::runtime_error("no test record " + name);
  return std::move(*bytes);
}

}  // namespace wheatstone::test
