// Values of single fields.
#include <algorithm>

#include "formats/layout/record_time.hpp"
#include "formats/layout/time.hpp"
#include "formats/mutate/generate.hpp"

namespace wheatstone::mutate {
namespace {

using layout::Bit;
using layout::Field;

constexpr std::uint64_t kTicksPerSecond = 10'000'000;
constexpr std::uint64_t kFirstSecond = 12'876'000'000;  // FILETIME of 2009: Windows 7
constexpr std::size_t kSeconds = 900'000'000;           // to 2037

// REQUIRES: there are choices.
template <class Choices>
const auto& one_of(const Choices& choices, Xoshiro& random) {
  return choices[random.below(choices.size())];
}

std::uint64_t some_bits(std::span<const Bit> bits, Xoshiro& random) {
  std::uint64_t word = 0;
  const bool all = random.once_in(4);
  for (const Bit& bit : bits) {
    if (!bit.names.empty()) {
      word = bit.set(word, one_of(bit.names, random).value);
    } else if (bit.width == 1) {
      word = bit.set(word, all ? 1 : random.below(2));
    } else {
      word = bit.set(word, random.next());
    }
  }
  return word;
}

std::uint64_t some_record_time(Xoshiro& random) {
  const CivilTime civil{.year = static_cast<int>(2000 + random.below(40)),
                        .month = static_cast<unsigned>(1 + random.below(12)),
                        .day = static_cast<unsigned>(1 + random.below(28)),
                        .hour = static_cast<unsigned>(random.below(24)),
                        .minute = static_cast<unsigned>(random.below(60)),
                        .second = static_cast<unsigned>(random.below(60))};
  const TimestampForm form = random.once_in(4) ? TimestampForm::bcd : TimestampForm::binary;
  return encode_record_time(civil, form, random.once_in(2));
}

// Small numbers, addresses and registers full of bits all happen.
std::uint64_t some_number(const Field& f, Xoshiro& random) {
  switch (random.below(f.show == layout::Show::dec ? 3 : 6)) {
    case 0:
      return random.below(2);
    case 1:
    case 2:
      return random.below(256);
    case 3:
      return (random.next() & 0xf'ffff) << 12;
    default:
      return random.next();
  }
}

std::uint64_t some_value(const Field& f, layout::Word bits, Xoshiro& random) {
  if (!bits.empty()) return some_bits(bits, random);
  if (!f.value_names.empty()) return one_of(f.value_names, random).value;
  if (f.show == layout::Show::filetime)
    return (kFirstSecond + random.below(kSeconds)) * kTicksPerSecond + random.below(kTicksPerSecond);
  if (f.show == layout::Show::record_time) return some_record_time(random);
  return some_number(f, random);
}

void random_bytes(MutableBytes own, Xoshiro& random) {
  for (std::uint8_t& byte : own) byte = static_cast<std::uint8_t>(random.next());
}

void some_text(MutableBytes own, std::size_t unit, Xoshiro& random) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ._-";
  std::ranges::fill(own, std::uint8_t{0});
  const std::size_t length = random.below(own.size() / unit + 1);
  for (std::size_t i = 0; i < length; ++i)
    own[i * unit] = static_cast<std::uint8_t>(kLetters[random.below(kLetters.size())]);
}

}  // namespace

void fill_field(const Field& f, layout::Word bits, MutableBytes own, Xoshiro& random) {
  switch (f.kind) {
    case layout::Kind::uint:
      store_le(own.data(), some_value(f, bits, random), f.size);
      break;
    case layout::Kind::guid:
      if (!f.guid_names.empty() && !random.once_in(8)) {
        std::ranges::copy(one_of(f.guid_names, random).value.bytes, own.begin());
      } else {
        random_bytes(own, random);
      }
      break;
    case layout::Kind::ascii:
      some_text(own, 1, random);
      break;
    case layout::Kind::utf16:
      some_text(own, 2, random);
      break;
    case layout::Kind::pad:
      std::ranges::fill(own, std::uint8_t{0});
      break;
    case layout::Kind::list:
      for (std::size_t at = 0; at < own.size(); at += f.element)
        store_le(own.data() + at, some_number(f, random), f.element);
      break;
    case layout::Kind::bytes:
    case layout::Kind::part:
      random_bytes(own, random);
      break;
  }
}

}  // namespace wheatstone::mutate
