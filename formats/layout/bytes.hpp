// The only code of the house that touches raw memory: little-endian loads and stores, and checked ranges.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace wheatstone {

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;
using Buffer = std::vector<std::uint8_t>;

// REQUIRES: p points at sizeof(T) readable bytes. Any alignment.
template <std::unsigned_integral T>
constexpr T load_le(const std::uint8_t* p) noexcept {
  T value;
  if consteval {
    value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      value = static_cast<T>(value | (static_cast<T>(p[i]) << (8 * i)));
    return value;
  }
  std::memcpy(&value, p, sizeof(T));
  if constexpr (std::endian::native == std::endian::big) {
    T swapped = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      swapped = static_cast<T>((swapped << 8) | ((value >> (8 * i)) & 0xff));
    value = swapped;
  }
  return value;
}

// REQUIRES: p points at sizeof(T) writable bytes. Any alignment.
template <std::unsigned_integral T>
constexpr void store_le(std::uint8_t* p, T value) noexcept {
  for (std::size_t i = 0; i < sizeof(T); ++i) p[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

// Integers of any width from 1 to 8 bytes (a PCI class code has 3). REQUIRES: width bytes at p.
inline std::uint64_t load_le(const std::uint8_t* p, unsigned width) noexcept {
  switch (width) {
    case 1:
      return *p;
    case 2:
      return load_le<std::uint16_t>(p);
    case 4:
      return load_le<std::uint32_t>(p);
    case 8:
      return load_le<std::uint64_t>(p);
    default:
      break;
  }
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width && i < 8; ++i) value |= static_cast<std::uint64_t>(p[i]) << (8 * i);
  return value;
}
inline void store_le(std::uint8_t* p, std::uint64_t value, unsigned width) noexcept {
  switch (width) {
    case 1:
      return store_le<std::uint8_t>(p, static_cast<std::uint8_t>(value));
    case 2:
      return store_le<std::uint16_t>(p, static_cast<std::uint16_t>(value));
    case 4:
      return store_le<std::uint32_t>(p, static_cast<std::uint32_t>(value));
    case 8:
      return store_le<std::uint64_t>(p, value);
    default:
      break;
  }
  for (unsigned i = 0; i < width && i < 8; ++i) p[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

// A range [offset, offset + size) that is known not to overflow and to lie inside a limit. There is no other
// way to turn an offset and a length that came from input into bytes.
class CheckedRange {
 public:
  // nullopt if offset + size exceeds limit, computed without overflow.
  static constexpr std::optional<CheckedRange> make(std::uint64_t offset, std::uint64_t size,
                                                    std::uint64_t limit) {
    if (offset > limit || size > limit - offset) return std::nullopt;
    return CheckedRange(offset, size);
  }

  constexpr std::uint64_t offset() const noexcept { return offset_; }
  constexpr std::uint64_t size() const noexcept { return size_; }
  constexpr std::uint64_t end() const noexcept { return offset_ + size_; }
  constexpr bool overlaps(const CheckedRange& other) const noexcept {
    return size_ != 0 && other.size_ != 0 && offset_ < other.end() && other.offset_ < end();
  }

 private:
  constexpr CheckedRange(std::uint64_t offset, std::uint64_t size) noexcept : offset_(offset), size_(size) {}
  std::uint64_t offset_;
  std::uint64_t size_;
};

// The bytes of [offset, offset + size), or nullopt when they are not all inside `bytes`.
inline std::optional<Bytes> slice(Bytes bytes, std::uint64_t offset, std::uint64_t size) noexcept {
  const auto range = CheckedRange::make(offset, size, bytes.size());
  if (!range) return std::nullopt;
  return bytes.subspan(static_cast<std::size_t>(range->offset()), static_cast<std::size_t>(range->size()));
}

// Text as bytes, without a copy.
inline Bytes as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Bytes as characters, without a copy and without a check of their encoding.
inline std::string_view as_text(Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace wheatstone
