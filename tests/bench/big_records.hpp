// Records of any size, good and hostile: what the benchmarks of growth and the search for slow inputs start
// from.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::bench {

inline constexpr std::size_t kMostSections = 0xffff;
inline constexpr Guid kArmProcessorSection = "e19e3d16-bc11-11e4-9caa-c2051d5d46b0"_guid;

// Of about `size` bytes: the four sections of a real record again and again.
inline Buffer ordinary_record(std::size_t size) {
  static const Buffer real = test::load_record("multiple1");
  const cper::Record record = cper::Record::decode(real);
  std::vector<cper::NewSection> sections;
  std::size_t made = cper::kHeaderSize;
  for (std::size_t i = 0; made < size && i < kMostSections; ++i) {
    // The smallest first, so that a small record has one at all.
    const cper::Section& section =
        record.sections()[record.sections().size() - 1 - i % record.sections().size()];
    sections.push_back({.type = section.type->guid, .body = record.body(section)});
    made += cper::kDescriptorSize + section.length;
  }
  return cper::encode({.record_id = 1}, sections).value();
}

// Of `size` bytes with one section, ARM's: counts of 0xffff, an array that goes on as long as there are
// bytes, and lengths that reach behind the end. REQUIRES: size >= 200.
inline Buffer hostile_counts(std::size_t size) {
  Buffer body(std::max<std::size_t>(size, 200) - cper::kHeaderSize - cper::kDescriptorSize, 0);
  constexpr std::size_t kInfo = 40, kInfoLength = 32;
  if (body.size() >= kInfo) {
    store_le<std::uint16_t>(&body[4], 0xffff);      // error information structures
    store_le<std::uint16_t>(&body[6], 0xffff);      // contexts
    store_le<std::uint32_t>(&body[8], 0xffffffff);  // section length
  }
  for (std::size_t at = kInfo; at + kInfoLength <= body.size(); at += kInfoLength) body[at + 1] = kInfoLength;
  const std::vector<cper::NewSection> sections = {{.type = kArmProcessorSection, .body = body}};
  Buffer record = cper::encode({.record_id = 1}, sections).value();
  store_le<std::uint16_t>(&record[10], 0xffff);      // SectionCount
  store_le<std::uint32_t>(&record[20], 0xffffffff);  // Length
  return record;
}

// Of `size` bytes: as many descriptors as fit half of it, up to 0xffff, all of them of one body, which is the
// other half.
inline Buffer overlapping_record(std::size_t size) {
  const std::size_t count =
      std::clamp<std::size_t>((size - cper::kHeaderSize) / 2 / cper::kDescriptorSize, 1, kMostSections);
  const std::size_t bodies = cper::kHeaderSize + count * cper::kDescriptorSize;
  const Buffer body(size > bodies ? size - bodies : 0, 0x5a);
  std::vector<cper::NewSection> sections(count, cper::NewSection{.type = kArmProcessorSection, .body = {}});
  sections.back().body = body;
  Buffer record = cper::encode({.record_id = 1}, sections).value();
  for (std::size_t i = 0; i < count; ++i) {
    std::uint8_t* const descriptor = &record[cper::kHeaderSize + i * cper::kDescriptorSize];
    store_le<std::uint32_t>(descriptor, static_cast<std::uint32_t>(bodies));
    store_le<std::uint32_t>(descriptor + 4, static_cast<std::uint32_t>(body.size()));
  }
  return record;
}

}  // namespace wheatstone::bench
