// A growing text buffer for hot writers: reserve once for a whole field, then store unchecked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "formats/layout/bytes.hpp"

namespace wheatstone::layout {

class TextBuffer {
 public:
  explicit TextBuffer(std::size_t capacity = 4096) { grow(capacity + kSlack); }

  std::string_view view() const noexcept { return {data_.get(), size_}; }
  std::size_t size() const noexcept { return size_; }
  void clear() noexcept { size_ = 0; }
  // Drops the last character. REQUIRES: size() > 0.
  void pop() noexcept { --size_; }
  char back() const noexcept { return size_ == 0 ? '\0' : data_[size_ - 1]; }

  // Makes room for `more` further characters; the put_ functions below need it to have been called.
  void reserve(std::size_t more) {
    if (capacity_ - size_ < more + kSlack) grow(size_ + more + kSlack);
  }

  void put(char c) noexcept { data_[size_++] = c; }
  void put(std::string_view text) noexcept {
    copy_short(data_.get() + size_, text.data(), text.size());
    size_ += text.size();
  }
  void put_dec(std::uint64_t value) noexcept;
  // Exactly `digits` lower-case digits, 1 to 16.
  void put_hex(std::uint64_t value, unsigned digits) noexcept;
  void put_hex(Bytes bytes) noexcept;  // two digits a byte, in the order of the bytes

  void append(std::string_view text) {
    reserve(text.size());
    put(text);
  }

  // Room that put_dec needs at most.
  static constexpr std::size_t kDec = 20;

 private:
  // Behind what was reserved, so that the put_ functions may copy blocks of fixed size.
  static constexpr std::size_t kSlack = 32;

  void grow(std::size_t need);

  // Short copies as two overlapping blocks: no call, and nothing past either end is touched.
  static void copy_short(char* to, const char* from, std::size_t n) noexcept {
    if (n >= 16) {
      if (n > 32) {
        std::memcpy(to, from, n);
      } else {
        std::memcpy(to, from, 16);
        std::memcpy(to + n - 16, from + n - 16, 16);
      }
    } else if (n >= 8) {
      std::memcpy(to, from, 8);
      std::memcpy(to + n - 8, from + n - 8, 8);
    } else if (n >= 4) {
      std::memcpy(to, from, 4);
      std::memcpy(to + n - 4, from + n - 4, 4);
    } else {
      for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
    }
  }

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// The eight lower-case hex digits of a value, as they stand in memory.
inline void hex8(char* to, std::uint32_t value) noexcept {
  std::uint64_t x = value;
  x = ((x << 32) | (x >> 16)) & 0x0000ffff'0000ffff;
  x = ((x << 8) & 0x00ff0000'00ff0000) | ((x >> 8) & 0x000000ff'000000ff);
  // Bytes are now in text order; each becomes its two nibbles, high one first.
  x = ((x >> 4) & 0x000f000f'000f000f) | ((x & 0x000f000f'000f000f) << 8);
  const std::uint64_t letters = ((x + 0x06060606'06060606) >> 4) & 0x01010101'01010101;
  const std::uint64_t digits = x + 0x30303030'30303030 + letters * ('a' - '0' - 10);
  store_le<std::uint64_t>(reinterpret_cast<std::uint8_t*>(to), digits);
}

inline void TextBuffer::put_dec(std::uint64_t value) noexcept {
  if (value < 10) {
    put(static_cast<char>('0' + value));
    return;
  }
  // A copy of fixed size, into the slack if need be, is cheaper than one of the right size.
  char digits[2 * kDec];
  std::size_t at = kDec;
  do {
    digits[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  std::memcpy(data_.get() + size_, digits + at, kDec);
  size_ += kDec - at;
}

inline void TextBuffer::put_hex(std::uint64_t value, unsigned digits) noexcept {
  char* to = data_.get() + size_;
  value <<= 64 - 4 * digits;
  hex8(to, static_cast<std::uint32_t>(value >> 32));
  if (digits > 8) hex8(to + 8, static_cast<std::uint32_t>(value));
  size_ += digits;
}

inline void TextBuffer::put_hex(Bytes bytes) noexcept {
  char* to = data_.get() + size_;
  std::size_t i = 0;
  for (; bytes.size() - i >= 4; i += 4, to += 8) {
    const std::uint8_t* p = bytes.data() + i;
    hex8(to, static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 |
                 static_cast<std::uint32_t>(p[2]) << 8 | p[3]);
  }
  static constexpr char kDigits[] = "0123456789abcdef";
  for (; i < bytes.size(); ++i) {
    *to++ = kDigits[bytes[i] >> 4];
    *to++ = kDigits[bytes[i] & 15];
  }
  size_ += bytes.size() * 2;
}

}  // namespace wheatstone::layout
