#include "formats/layout/places.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/formats/layout/sample_layout.hpp"

namespace wheatstone::layout {
namespace {

constexpr std::uint32_t kBegin = 10;  // of the structure in its input

// Two items, of 3 and 2 bytes, and 3 bytes of a vendor behind them.
Buffer sample() {
  Buffer bytes(60, 0);
  bytes[0] = 2 << 2;  // ItemCount
  bytes[2] = 1;       // Colour: Green, which decides Detail
  bytes.insert(bytes.end(), {1, 0xaa, 0xbb, 0, 0xcc, 7, 8, 9});
  return bytes;
}

struct Found {
  Places places;
  Buffer input;

  explicit Found(const Buffer& structure) {
    input.assign(kBegin, 0xee);
    input.insert(input.end(), structure.begin(), structure.end());
    const std::uint32_t root =
        find_places(sample::kSample, Bytes(input).subspan(kBegin), kBegin, kNowhere, places);
    EXPECT_EQ(root, 0u);
  }

  const Place* at(std::uint32_t offset, Role role) const {
    for (const Place& place : places.places)
      if (place.at == kBegin + offset && place.role == role) return &place;
    return nullptr;
  }
  // "kind begin end parent" of a region, relative to the structure.
  std::array<std::int64_t, 4> region(std::size_t i) const {
    const Region& r = places.regions.at(i);
    return {static_cast<int>(r.kind), r.begin - kBegin, r.end - kBegin,
            r.parent == kNowhere ? -1 : static_cast<std::int64_t>(r.parent)};
  }
};

TEST(Places, ARegionForEachStructureArrayElementAndTail) {
  const Found found(sample());
  const auto kind = [](Region::Kind k) { return static_cast<std::int64_t>(k); };
  ASSERT_EQ(found.places.regions.size(), 7u);
  using Row = std::array<std::int64_t, 4>;
  EXPECT_EQ(found.region(0), (Row{kind(Region::Kind::structure), 0, 68, -1}));
  EXPECT_EQ(found.region(1), (Row{kind(Region::Kind::structure), 51, 57, 0}));  // Inner
  EXPECT_EQ(found.region(2), (Row{kind(Region::Kind::array), 60, 65, 0}));
  EXPECT_EQ(found.region(3), (Row{kind(Region::Kind::element), 60, 63, 2}));
  EXPECT_EQ(found.region(4), (Row{kind(Region::Kind::raw), 62, 63, 3}));  // its Data
  EXPECT_EQ(found.region(5), (Row{kind(Region::Kind::element), 63, 65, 2}));
  EXPECT_EQ(found.region(6), (Row{kind(Region::Kind::raw), 65, 68, 0}));  // Vendor
}

TEST(Places, ACountIsTheBitsThatCount) {
  const Found found(sample());
  const Place* count = found.at(0, Role::count);
  ASSERT_NE(count, nullptr);
  EXPECT_EQ(count->low, 2);
  EXPECT_EQ(count->width, 6);
  EXPECT_EQ(count->about, 2u);
  EXPECT_EQ(load(found.input, *count), 2u);
}

TEST(Places, ALengthIsAboutTheElementThatSaysIt) {
  const Found found(sample());
  const Place* first = found.at(60, Role::length);
  const Place* second = found.at(63, Role::length);
  ASSERT_NE(first, nullptr);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(first->about, 3u);
  EXPECT_EQ(second->about, 5u);
  EXPECT_EQ(found.at(60, Role::quantity), nullptr) << "a length is no quantity";
}

TEST(Places, EveryFieldHasItsRole) {
  const Found found(sample());
  for (const auto& [offset, role] : {std::pair{0u, Role::validity},
                                     {2u, Role::selector},
                                     {3u, Role::flags},
                                     {4u, Role::quantity},
                                     {8u, Role::length},
                                     {16u, Role::guid},
                                     {32u, Role::text},
                                     {36u, Role::text},
                                     {40u, Role::raw},
                                     {43u, Role::flags},
                                     {45u, Role::list},
                                     {51u, Role::quantity},
                                     {56u, Role::reserved},
                                     {58u, Role::quantity},
                                     {61u, Role::quantity},
                                     {65u, Role::raw}}) {
    EXPECT_NE(found.at(offset, role), nullptr) << "at " << offset;
  }
  EXPECT_EQ(found.at(2, Role::selector)->choice, &sample::kChoice);
  EXPECT_EQ(found.at(3, Role::flags)->bits.data(), sample::kLow) << "the bits that Colour selects";
}

TEST(Places, ACountOfWhatIsNotThereIsAboutNothing) {
  Buffer bytes(60, 0);
  bytes[0] = 63 << 2;
  const Found found(bytes);
  const Place* count = found.at(0, Role::count);
  ASSERT_NE(count, nullptr);
  EXPECT_EQ(found.places.regions.at(count->about).size(), 0u) << "the array is empty";
}

TEST(Places, AShortStructureHasTheFieldsThatAreThere) {
  for (std::size_t size = 0; size < 60; ++size) {
    const Buffer whole = sample();
    const Found found(Buffer(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    for (const Place& place : found.places.places) EXPECT_LE(place.at + place.size, kBegin + size);
    for (const Region& region : found.places.regions) EXPECT_LE(region.end, kBegin + size);
  }
}

TEST(Places, StoreLeavesOtherBitsAlone) {
  const Found found(sample());
  Buffer input = found.input;
  input[kBegin] = 0xff;
  store(input, *found.at(0, Role::count), 0x15);
  EXPECT_EQ(input[kBegin], 0x57);
  store(input, *found.at(0, Role::count), 0x40);
  EXPECT_EQ(input[kBegin], 0x03) << "a value that is too large loses its high bits";
}

inline constexpr Field kBoxFields[] = {u16(0, "DataOffset"), u16(2, "DataLength"), u16(4, "RunLength"),
                                       u16(6, "Length")};
inline constexpr Tail kBoxTail[] = {
    run("Run", ref(kBoxFields, "RunLength")),
    located("Data", ref(kBoxFields, "DataOffset"), ref(kBoxFields, "DataLength"))};
inline constexpr Layout kBox{.name = "Box",
                             .structure = "BOX",
                             .clause = "1",
                             .min = 8,
                             .size = 8,
                             .fields = kBoxFields,
                             .tail = kBoxTail,
                             .self = ref(kBoxFields, "Length")};
static_assert(check(kBox));

TEST(Places, OffsetsAndLengthsAreAboutTheirParts) {
  const Buffer bytes = {12, 0, 2, 0, 3, 0, 14, 0, 'r', 'u', 'n', 0, 'd', 'a'};
  Places found;
  find_places(kBox, bytes, 0, kNowhere, found);
  ASSERT_EQ(found.regions.size(), 4u);  // the box, Run, Data, and the byte between them
  EXPECT_EQ(found.regions[1].begin, 8u);
  EXPECT_EQ(found.regions[1].end, 11u);
  EXPECT_EQ(found.regions[2].begin, 12u);
  EXPECT_EQ(found.regions[2].end, 14u);
  std::vector<std::pair<Role, std::uint32_t>> refs;
  for (const Place& place : found.places)
    if (place.width == 16) refs.emplace_back(place.role, place.about);
  EXPECT_EQ(refs, (std::vector<std::pair<Role, std::uint32_t>>{
                      {Role::length, 0}, {Role::length, 1}, {Role::offset, 2}, {Role::length, 2}}));
}

}  // namespace
}  // namespace wheatstone::layout
