// The real log entries of tests/data.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "formats/layout/bytes.hpp"
#include "formats/layout/hex_dump.hpp"

namespace wheatstone::whea {

// The bytes of tests/data/log_entries/<name>.hex.
inline Buffer read_log_entry(const std::string& name) {
  std::ifstream file(std::string(WHEATSTONE_SOURCE_DIR "/tests/data/log_entries/") + name + ".hex");
  EXPECT_TRUE(file) << name;
  std::ostringstream text;
  text << file.rdbuf();
  auto bytes = layout::parse_hex_dump(text.str(), 1u << 16);
  EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().text());
  return bytes ? *bytes : Buffer();
}

}  // namespace wheatstone::whea
