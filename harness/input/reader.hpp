// The content of one input, into memory that is used again for the next.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"
#include "harness/input/walker.hpp"

namespace wheatstone::input {

class Reader {
 public:
  // Inputs of more than `max_bytes` are refused. Waiting for a pipe or a terminal ends when `stop` is set;
  // nullptr: nothing does.
  explicit Reader(std::uint64_t max_bytes, const std::atomic<bool>* stop = nullptr)
      : max_bytes_(max_bytes), stop_(stop) {}

  // The whole content, as long as it is when it is read; valid until the next call. Errors name the file:
  // `io`, `unsupported` for too many bytes. Memory follows what is read, not what the file says about
  // itself. REQUIRES: found has no error.
  Result<Bytes> read(const Found& found);

 private:
  Result<Bytes> read(int descriptor, const Found& found);
  Error too_large(const Found& found) const;
  bool wait(int descriptor) const;
  void reserve(std::size_t capacity, std::size_t used);

  std::uint64_t max_bytes_;
  const std::atomic<bool>* stop_;
  std::unique_ptr<std::uint8_t[]> buffer_;
  std::size_t capacity_ = 0;
};

}  // namespace wheatstone::input
