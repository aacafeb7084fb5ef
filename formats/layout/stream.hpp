// Reading and writing one thing after another, bounded: what does not fit is not done, and nothing moves.
// Structures of fixed offsets are layouts (field.hpp); this is for what comes as a sequence.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>

#include "formats/layout/bytes.hpp"
#include "formats/layout/guid.hpp"

namespace wheatstone {

// Borrows the bytes. Every read either gives the whole thing and moves past it, or gives nothing and stays.
class ByteReader {
 public:
  explicit constexpr ByteReader(Bytes bytes) noexcept : bytes_(bytes) {}

  constexpr std::size_t offset() const noexcept { return at_; }
  constexpr std::size_t left() const noexcept { return bytes_.size() - at_; }
  constexpr Bytes rest() const noexcept { return bytes_.subspan(at_); }

  constexpr std::optional<Bytes> take(std::uint64_t size) noexcept {
    if (size > left()) return std::nullopt;
    const Bytes taken = bytes_.subspan(at_, static_cast<std::size_t>(size));
    at_ += taken.size();
    return taken;
  }

  // An integer of 1 to 8 bytes.
  std::optional<std::uint64_t> read(unsigned width) noexcept {
    const auto taken = take(width);
    if (!taken) return std::nullopt;
    return load_le(taken->data(), width);
  }

  std::optional<Guid> read_guid() noexcept {
    const auto taken = take(Guid::kSize);
    if (!taken) return std::nullopt;
    return Guid::load(taken->data());
  }

  // The bytes before the next unit of `width` zero bytes, which is passed over too. nullopt if there is none.
  std::optional<Bytes> take_until_zero(unsigned width) noexcept {
    for (std::size_t size = 0; left() - size >= width; size += width) {
      if (load_le(&bytes_[at_ + size], width) != 0) continue;
      const auto taken = take(size);
      at_ += width;
      return taken;
    }
    return std::nullopt;
  }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
};

// Borrows the room. Every write either puts the whole thing and is true, or puts nothing and is false.
class ByteWriter {
 public:
  explicit constexpr ByteWriter(MutableBytes room) noexcept : room_(room) {}

  constexpr std::size_t size() const noexcept { return size_; }
  constexpr std::size_t left() const noexcept { return room_.size() - size_; }

  bool put(Bytes bytes) noexcept {
    if (bytes.size() > left()) return false;
    std::ranges::copy(bytes, room_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += bytes.size();
    return true;
  }

  // The low `width` bytes of the value, 1 to 8.
  bool put(std::uint64_t value, unsigned width) noexcept {
    if (width > left()) return false;
    store_le(&room_[size_], value, width);
    size_ += width;
    return true;
  }

  bool put(const Guid& guid) noexcept { return put(Bytes(guid.bytes)); }

  // Zero bytes up to the next multiple of `unit`.
  bool align(std::size_t unit) noexcept {
    const std::size_t more = (unit - size_ % unit) % unit;
    if (more > left()) return false;
    std::ranges::fill(room_.subspan(size_, more), std::uint8_t{0});
    size_ += more;
    return true;
  }

 private:
  MutableBytes room_;
  std::size_t size_ = 0;
};

}  // namespace wheatstone
