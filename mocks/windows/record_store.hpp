// Where error records outlive a restart: the firmware's store behind the ERST table. Source: ACPI 18.5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "formats/layout/bytes.hpp"

namespace wheatstone::windows {

// ERST command status.
enum class ErstStatus : std::uint8_t {
  success = 0,
  not_enough_space = 1,
  hardware_not_available = 2,
  failed = 3,
  record_store_empty = 4,
  record_not_found = 5,
};

class RecordStore {
 public:
  static constexpr std::uint64_t kFirstRecord = 0;  // as an id to read: whichever is the first
  static constexpr std::uint64_t kNoRecord = ~std::uint64_t{0};
  static constexpr std::size_t kDefaultSize = 64 * 1024;

  explicit RecordStore(std::size_t size = kDefaultSize) : size_(size) {}

  // Keeps the record under the RecordId in its header; one of the same id is replaced. `failed` for what is
  // shorter than a header, or has one of the two reserved ids.
  ErstStatus write(Bytes record);
  // Goes the way of a write and stores nothing.
  ErstStatus dummy_write(Bytes record) const;

  struct Read {
    ErstStatus status = ErstStatus::success;
    Buffer record{};
    std::uint64_t next = kNoRecord;  // the id after this one; kNoRecord at the end
  };
  Read read(std::uint64_t id) const;

  ErstStatus clear(std::uint64_t id);

  std::size_t record_count() const noexcept { return entries_.size(); }

  // The firmware does not answer: every call says hardware_not_available.
  void set_available(bool available) noexcept { available_ = available; }

 private:
  struct Entry {
    std::uint64_t id;
    Buffer record;
  };
  std::vector<Entry>::const_iterator find(std::uint64_t id) const;
  ErstStatus check(Bytes record) const;

  std::size_t size_;
  bool available_ = true;
  std::vector<Entry> entries_;  // in order of their first writing
};

}  // namespace wheatstone::windows
