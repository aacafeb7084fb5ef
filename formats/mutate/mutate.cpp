#include "formats/mutate/mutate.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "formats/acpi/table.hpp"
#include "formats/mutate/generate.hpp"
#include "formats/mutate/operations.hpp"

namespace wheatstone::mutate {
namespace {

constexpr OperationInfo kOperations[] = {
    {Operation::value, "value", 24, true},
    {Operation::boundary, "boundary", 10, true},
    {Operation::validity, "validity", 8, true},
    {Operation::break_count, "break_count", 4, false},
    {Operation::break_length, "break_length", 6, false},
    {Operation::break_offset, "break_offset", 4, false},
    {Operation::selector, "selector", 6, false},
    {Operation::renew, "renew", 12, true},
    {Operation::insert_element, "insert_element", 8, true},
    {Operation::remove_element, "remove_element", 5, true},
    {Operation::duplicate_element, "duplicate_element", 3, true},
    {Operation::swap_elements, "swap_elements", 2, true},
    {Operation::resize, "resize", 6, true},
    {Operation::overlap, "overlap", 2, false},
    {Operation::transplant, "transplant", 0, true},  // needs another input: cross_over()
    {Operation::truncate, "truncate", 2, false},
    {Operation::extend, "extend", 1, false},
    {Operation::havoc, "havoc", 3, false},
};

constexpr std::size_t kWeights = [] {
  std::size_t sum = 0;
  for (const OperationInfo& info : kOperations) sum += info.weight;
  return sum;
}();

constexpr std::size_t kTries = 8;  // operations that find nothing to do before bytes are changed at random
constexpr std::size_t kStaleChecksum = 16;  // tables keep a wrong checksum once in so many times
constexpr std::size_t kFresh = 32;          // once in so many times the input is made anew

bool run(Operation operation, Patient& patient, Bytes other, Xoshiro& random) {
  switch (operation) {
    case Operation::value:
      return change_value(patient, random);
    case Operation::boundary:
      return change_to_boundary(patient, random);
    case Operation::validity:
      return flip_validity(patient, random);
    case Operation::break_count:
      return break_count(patient, random);
    case Operation::break_length:
      return break_length(patient, random);
    case Operation::break_offset:
      return break_offset(patient, random);
    case Operation::selector:
      return change_selector(patient, random);
    case Operation::renew:
      return renew(patient, random);
    case Operation::insert_element:
      return insert_element(patient, random);
    case Operation::remove_element:
      return remove_element(patient, random);
    case Operation::duplicate_element:
      return duplicate_element(patient, random);
    case Operation::swap_elements:
      return swap_elements(patient, random);
    case Operation::resize:
      return resize(patient, random);
    case Operation::overlap:
      return overlap(patient, random);
    case Operation::transplant:
      return transplant(patient, other, random);
    case Operation::truncate:
      return truncate(patient, random);
    case Operation::extend:
      return extend(patient, random);
    case Operation::havoc:
      return havoc(patient, random);
  }
  return false;
}

Operation some_operation(Xoshiro& random) {
  std::size_t ticket = random.below(kWeights);
  for (const OperationInfo& info : kOperations) {
    if (ticket < info.weight) return info.operation;
    ticket -= info.weight;
  }
  return Operation::havoc;
}

std::size_t make_anew(Kind kind, MutableBytes room, Xoshiro& random) {
  const Buffer made = generate(kind, random, {.max_size = room.size()});
  const std::size_t size = std::min(made.size(), room.size());
  std::copy_n(made.begin(), size, room.begin());
  return size;
}

bool has_sound_checksum(const Patient& patient) {
  return patient.kind == Kind::acpi_table && patient.size >= acpi::kTableHeaderSize &&
         acpi::byte_sum(patient.bytes()) == 0;
}

void repair_checksum(Patient& patient) {
  if (patient.kind == Kind::acpi_table && patient.size >= acpi::kTableHeaderSize)
    patient.room[acpi::TableHeader::kChecksum.offset] = acpi::checksum_for(patient.bytes());
}

void mutate_once(Patient& patient, Xoshiro& random) {
  for (std::size_t i = 0; i < kTries; ++i) {
    if (patient.size == 0) return;
    if (run(some_operation(random), patient, {}, random)) return;
  }
  if (patient.size != 0) havoc(patient, random);
}

}  // namespace

std::span<const OperationInfo> operations() noexcept {
  return kOperations;
}

std::size_t mutate(Kind kind, MutableBytes room, std::size_t size, Xoshiro& random) {
  if (room.empty()) return 0;
  if (size == 0 || random.once_in(kFresh)) return make_anew(kind, room, random);
  Patient patient{.room = room, .size = size, .kind = kind};
  do {
    patient.examine();
    mutate_once(patient, random);
  } while (patient.size != 0 && random.once_in(2));
  if (!random.once_in(kStaleChecksum)) repair_checksum(patient);
  return patient.size;
}

std::optional<std::size_t> apply(Operation operation, Kind kind, MutableBytes room, std::size_t size,
                                 Xoshiro& random, Bytes other) {
  if (size == 0) return std::nullopt;
  Patient patient{.room = room, .size = size, .kind = kind};
  patient.examine();
  const bool sound = has_sound_checksum(patient);
  if (!run(operation, patient, other, random)) return std::nullopt;
  if (sound && kOperations[static_cast<std::size_t>(operation)].repairs) repair_checksum(patient);
  return patient.size;
}

std::size_t cross_over(Kind kind, Bytes first, Bytes second, MutableBytes room, Xoshiro& random) {
  Patient patient{.room = room, .size = std::min(first.size(), room.size()), .kind = kind};
  std::ranges::copy(first.first(patient.size), room.begin());
  bool mixed = false;
  if (patient.size != 0) {
    patient.examine();
    if (kind == Kind::record) mixed = adopt_section(patient, second, random);
    do {
      patient.examine();
      mixed = transplant(patient, second, random) || mixed;
    } while (random.once_in(2));
  }
  if (mixed) {
    repair_checksum(patient);
    return patient.size;
  }
  // Nothing fits: the front of one, the back of the other.
  const std::size_t front = random.below(patient.size + 1);
  const std::size_t back = std::min(random.below(second.size() + 1), room.size() - front);
  std::ranges::copy(second.last(back), room.begin() + static_cast<std::ptrdiff_t>(front));
  return front + back;
}

}  // namespace wheatstone::mutate
