#include "formats/dump/paging.hpp"

namespace wheatstone::dump {
namespace {

constexpr PagingLevel kTwoLevels[] = {{22, 10, true}, {12, 10, false}};
constexpr PagingLevel kThreeLevels[] = {{30, 2, false}, {21, 9, true}, {12, 9, false}};
constexpr PagingLevel kFourLevels[] = {{39, 9, false}, {30, 9, true}, {21, 9, true}, {12, 9, false}};

constexpr std::uint64_t kAddress52 = 0x000ffffffffff000;
constexpr std::uint64_t kAddress32 = 0xfffff000;

constexpr PagingForm kForms[] = {
    {kTwoLevels, 4, 32, kAddress32, kAddress32},
    {kThreeLevels, 8, 32, kAddress52, 0xffffffe0},  // four entries, aligned to their 32 bytes
    {kFourLevels, 8, 48, kAddress52, kAddress52},
};

}  // namespace

const PagingForm& form_of(Paging paging) noexcept {
  return kForms[static_cast<std::size_t>(paging)];
}

bool is_addressable(Paging paging, std::uint64_t va, std::uint64_t size) noexcept {
  if (size == 0) return true;
  const std::uint64_t last = va + (size - 1);
  if (last < va) return false;
  const unsigned bits = form_of(paging).va_bits;
  if (bits == 32) return last < std::uint64_t{1} << 32;
  // Both ends in the same half: there is nothing between the halves.
  const std::uint64_t low_end = std::uint64_t{1} << (bits - 1);
  return last < low_end || va >= ~(low_end - 1);
}

}  // namespace wheatstone::dump
