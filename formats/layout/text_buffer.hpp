// A growing text buffer for hot writers. Writers ask for room once for a whole field, then store through a
// cursor that the compiler keeps in a register:
//
//     char* at = out.room(64);
//     at = put(at, "\"Length\":");
//     at = put_dec(at, length);
//     out.commit(at);
//
// With a drain, the text goes there whenever the buffer is full, and memory stays flat however long it gets.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "formats/layout/bytes.hpp"

namespace wheatstone::layout {

// Bytes that put_blocks copies at a time.
inline constexpr std::size_t kBlock = 32;

class TextBuffer {
 public:
  using Drain = std::function<void(std::string_view)>;

  explicit TextBuffer(std::size_t capacity = 4096) { make_room(capacity); }

  // `drain` gets all of the text, in pieces and in order; the last piece with flush(). It must not touch the
  // buffer.
  TextBuffer(std::size_t capacity, Drain drain) : TextBuffer(capacity) { drain_ = std::move(drain); }

  // What has not gone to the drain. Without one: all of it.
  std::string_view view() const noexcept { return {data_.get(), size_}; }
  std::size_t size() const noexcept { return size_; }
  // Hands what is there to the drain. REQUIRES: there is one.
  void flush() {
    drain_(view());
    size_ = 0;
  }
  void clear() noexcept { size_ = 0; }
  // Drops the last character. REQUIRES: size() > 0.
  void pop() noexcept { --size_; }
  // The last character, or NUL.
  char back() const noexcept { return size_ == 0 ? '\0' : data_[size_ - 1]; }

  // A cursor with room for `more` further characters, valid until the next call that is not commit().
  char* room(std::size_t more) {
    if (capacity_ - size_ < more + kSlack) make_room(more);
    return data_.get() + size_;
  }
  void commit(char* end) noexcept { size_ = static_cast<std::size_t>(end - data_.get()); }

  void append(std::string_view text);
  void append(char c) {
    *room(1) = c;
    ++size_;
  }

 private:
  // Behind the room, so that the put functions may copy blocks of fixed size.
  static constexpr std::size_t kSlack = kBlock;

  void make_room(std::size_t more);

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  Drain drain_;
};

// Room that put_dec needs at most.
inline constexpr std::size_t kDecimalRoom = 20;

// Short copies as two overlapping blocks: no call, and nothing past either end of `text` is read.
inline char* put(char* to, std::string_view text) noexcept {
  const char* from = text.data();
  const std::size_t n = text.size();
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
  return to + n;
}

// Copies whole blocks, one at least; the last may reach behind the text.
// REQUIRES: kBlock readable bytes behind from + size; `to` is from room().
inline char* put_blocks(char* to, const char* from, std::size_t size) noexcept {
  std::memcpy(to, from, kBlock);
  for (std::size_t at = kBlock; at < size; at += kBlock) std::memcpy(to + at, from + at, kBlock);
  return to + size;
}

inline char* put(char* to, char c) noexcept {
  *to = c;
  return to + 1;
}

inline char* put_dec(char* to, std::uint64_t value) noexcept {
  if (value < 10) return put(to, static_cast<char>('0' + value));
  unsigned digits = 2;
  for (std::uint64_t power = 100; digits < kDecimalRoom && value >= power; power *= 10) ++digits;
  for (char* at = to + digits; at != to; value /= 10) *--at = static_cast<char>('0' + value % 10);
  return to + digits;
}

// The eight lower-case hex digits of a value, the first in the low byte.
inline std::uint64_t hex8(std::uint32_t value) noexcept {
  std::uint64_t x = std::byteswap(value);
  x = (x | x << 16) & 0x0000ffff'0000ffff;
  x = (x | x << 8) & 0x00ff00ff'00ff00ff;
  // Each 16-bit lane holds a byte, in text order; it becomes its two nibbles, the high one first.
  x = ((x >> 4) & 0x000f000f'000f000f) | ((x & 0x000f000f'000f000f) << 8);
  const std::uint64_t letters = ((x + 0x06060606'06060606) >> 4) & 0x01010101'01010101;
  return x + 0x30303030'30303030 + letters * ('a' - '0' - 10);
}

inline char* put_hex8(char* to, std::uint32_t value) noexcept {
  store_le<std::uint64_t>(reinterpret_cast<std::uint8_t*>(to), hex8(value));
  return to + 8;
}

// Exactly `digits` lower-case digits, 1 to 16.
inline char* put_hex(char* to, std::uint64_t value, unsigned digits) noexcept {
  value <<= 64 - 4 * digits;
  put_hex8(to, static_cast<std::uint32_t>(value >> 32));
  if (digits > 8) put_hex8(to + 8, static_cast<std::uint32_t>(value));
  return to + digits;
}

// Two digits a byte, in the order of the bytes.
char* put_hex(char* to, Bytes bytes) noexcept;

// The same, of any length, through a buffer that may have a drain.
void append_hex(TextBuffer& out, Bytes bytes);

// The same as a text of its own.
std::string hex_text(Bytes bytes);

}  // namespace wheatstone::layout
