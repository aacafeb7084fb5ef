// Bytes from pairs of hexadecimal digits; blanks are passed over.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "formats/layout/bytes.hpp"

namespace wheatstone::http {

inline Buffer bytes_of(std::string_view hex) {
  Buffer bytes;
  unsigned digits = 0, value = 0;
  for (const char c : hex) {
    if (c == ' ') continue;
    const auto digit = std::string_view("0123456789abcdef").find(c);
    EXPECT_NE(digit, std::string_view::npos) << hex;
    value = value << 4 | static_cast<unsigned>(digit & 0xf);
    if (++digits % 2 == 0) bytes.push_back(static_cast<std::uint8_t>(std::exchange(value, 0)));
  }
  EXPECT_EQ(digits % 2, 0u) << hex;
  return bytes;
}

}  // namespace wheatstone::http
