// The real records of tests/data, and what tests of this folder share.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/hex_dump.hpp"
#include "tests/formats/whea/examples.hpp"

namespace wheatstone::whea {

// The bytes of tests/data/records/<name>.hex.
inline Buffer read_record(const std::string& name) {
  std::ifstream file(std::string(WHEATSTONE_SOURCE_DIR "/tests/data/records/") + name + ".hex");
  EXPECT_TRUE(file) << name;
  std::ostringstream text;
  text << file.rdbuf();
  auto bytes = layout::parse_hex_dump(text.str(), 1u << 20);
  EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().text());
  return bytes ? *bytes : Buffer();
}

inline std::vector<std::string_view> codes(std::span<const Finding> findings) {
  std::vector<std::string_view> found;
  for (const Finding& finding : findings) found.push_back(finding.code);
  return found;
}

}  // namespace wheatstone::whea
