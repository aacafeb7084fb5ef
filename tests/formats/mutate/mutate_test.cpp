#include "formats/mutate/mutate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "formats/mutate/anatomy.hpp"
#include "formats/mutate/generate.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::mutate {
namespace {

Buffer mutated(Kind kind, const Buffer& input, std::size_t most, Xoshiro& random) {
  Buffer room = input;
  room.resize(most);
  room.resize(mutate(kind, room, input.size(), random));
  return room;
}

TEST(Mutate, TheSameSeedGivesTheSameBytes) {
  const Buffer record = test::load_record("multiple1");
  std::set<Buffer> results;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Xoshiro first(seed), again(seed);
    const Buffer result = mutated(Kind::record, record, 4096, first);
    EXPECT_EQ(result, mutated(Kind::record, record, 4096, again));
    results.insert(result);
  }
  EXPECT_GT(results.size(), 190u);
}

// The room is exactly as large as it may be: a byte too far is the sanitizer's to find.
TEST(Mutate, AHundredThousandMutationsOfRealRecordsStayInTheirRoom) {
  std::vector<Buffer> records;
  for (const char* name : test::kRealRecords) records.push_back(test::load_record(name));
  Xoshiro random(1);
  std::size_t changed = 0;
  for (int i = 0; i < 100'000; ++i) {
    const Buffer& input = records[random.below(records.size())];
    Buffer room(input.size() + random.below(3) * random.below(500));
    std::ranges::copy(input, room.begin());
    const std::size_t size = mutate(Kind::record, room, input.size(), random);
    ASSERT_LE(size, room.size());
    changed += size != input.size() || !std::equal(input.begin(), input.end(), room.begin());
  }
  EXPECT_GT(changed, 98'000u);
}

// One mutation after another: what is broken is broken further.
TEST(Mutate, LongChainsOfAllKindsStayInTheirRoom) {
  for (const layout::Name& kind : kKindNames) {
    Xoshiro random(kind.value);
    Buffer room(700);
    std::size_t size = 0;
    for (int i = 0; i < 5000; ++i) {
      size = mutate(static_cast<Kind>(kind.value), room, size, random);
      ASSERT_LE(size, room.size()) << kind.text;
    }
  }
}

TEST(Mutate, ForeignBytesAreMutatedToo) {
  for (const layout::Name& kind : kKindNames) {
    Xoshiro random(1);
    for (std::size_t size = 0; size < 300; ++size) {
      for (const std::uint8_t fill : {std::uint8_t{0}, std::uint8_t{0xff}}) {
        Buffer room(size + 7, fill);
        EXPECT_LE(mutate(static_cast<Kind>(kind.value), room, size, random), room.size());
      }
    }
  }
}

TEST(Mutate, NoRoomGivesNothing) {
  Xoshiro random(1);
  EXPECT_EQ(mutate(Kind::record, {}, 0, random), 0u);
  EXPECT_EQ(apply(Operation::havoc, Kind::record, {}, 0, random), std::nullopt);
}

TEST(Mutate, AnEmptyInputBecomesAGeneratedOne) {
  for (const layout::Name& name : kKindNames) {
    const Kind kind = static_cast<Kind>(name.value);
    Xoshiro random(5), again(5);
    Buffer room(8192);
    room.resize(mutate(kind, room, 0, random));
    EXPECT_EQ(room, generate(kind, again, {.max_size = 8192})) << name.text;
  }
}

TEST(Mutate, WhatIsGeneratedIsCutToItsRoom) {
  Xoshiro random(1);
  for (std::size_t most = 1; most < 300; ++most) {
    Buffer room(most);
    EXPECT_LE(mutate(Kind::record, room, 0, random), most);
  }
}

TEST(Mutate, EveryOperationHappens) {
  // By their own weights: an operation without one must be one that needs another input.
  for (const OperationInfo& info : operations())
    EXPECT_EQ(info.weight == 0, info.operation == Operation::transplant) << info.name;
}

TEST(KindOf, IsByTheSignature) {
  Xoshiro random(1);
  EXPECT_EQ(kind_of(test::load_record("memory1")), Kind::record);
  EXPECT_EQ(kind_of(generate_packet(random)), Kind::packet);
  EXPECT_EQ(kind_of(generate_acpi_table(random)), Kind::acpi_table);
  EXPECT_EQ(kind_of(generate_status_block(random)), std::nullopt);
  EXPECT_EQ(kind_of(as_bytes("CPE")), std::nullopt);
  EXPECT_EQ(kind_of(as_bytes("CPER")), Kind::record);
}

// ---- crossing over

Buffer record_of(std::uint8_t mark, std::size_t sections) {
  const Buffer body(16, mark);
  std::vector<cper::NewSection> list(sections, {.type = Guid{{mark}}, .body = body});
  return cper::encode({}, list).value();
}

TEST(CrossOver, ARecordHasSectionsOfBoth) {
  const Buffer first = record_of(0xa1, 2), second = record_of(0xb2, 2);
  Xoshiro random(1);
  for (int i = 0; i < 500; ++i) {
    Buffer room(4096);
    room.resize(cross_over(Kind::record, first, second, room, random));
    const cper::Record child = cper::Record::decode(room);
    ASSERT_TRUE(child.findings().empty());
    std::set<std::uint8_t> marks;
    for (const cper::Section& section : child.sections()) {
      ASSERT_EQ(section.length, 16u);
      marks.insert(child.body(section)[0]);
      EXPECT_EQ(child.descriptor(section)[cper::Descriptor::kSectionType], Guid{{child.body(section)[0]}});
    }
    EXPECT_EQ(marks, (std::set<std::uint8_t>{0xa1, 0xb2}));
  }
}

TEST(CrossOver, StaysInItsRoomWhateverItGets) {
  Xoshiro random(1);
  for (const layout::Name& name : kKindNames) {
    const Kind kind = static_cast<Kind>(name.value);
    for (int i = 0; i < 3000; ++i) {
      Buffer first = generate(kind, random), second = generate(kind, random);
      first.resize(random.once_in(4) ? random.below(first.size() + 1) : first.size());
      second.resize(random.once_in(4) ? random.below(second.size() + 1) : second.size());
      Buffer room(random.below(first.size() + second.size() + 1));
      const Buffer one = first, two = second;
      ASSERT_LE(cross_over(kind, first, second, room, random), room.size());
      ASSERT_EQ(first, one);
      ASSERT_EQ(second, two);
    }
  }
}

TEST(CrossOver, OfBytesThatHaveNothingInCommonIsAFrontAndABack) {
  const Buffer first(10, 1), second(10, 2);
  Xoshiro random(1);
  std::set<Buffer> children;
  for (int i = 0; i < 300; ++i) {
    Buffer room(12);
    room.resize(cross_over(Kind::packet, first, second, room, random));
    EXPECT_TRUE(std::ranges::is_sorted(room));
    children.insert(room);
  }
  EXPECT_TRUE(children.contains(Buffer{1, 1, 1, 2, 2}));
}

}  // namespace
}  // namespace wheatstone::mutate
