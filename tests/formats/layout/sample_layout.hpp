// A structure made for tests: every kind of field, a choice, a counted and self-sized variable part.
#pragma once

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::layout::sample {

inline constexpr Name kColours[] = {{0, "Red"}, {1, "Green"}, {5, "Blue"}};
inline constexpr Bit kValid[] = {{0, 1, "Colour"}, {1, 1, "Serial"}, {2, 6, "ItemCount"}};
inline constexpr Bit kLow[] = {{0, 4, "Nibble"}, {7, 1, "Top"}};
inline constexpr Bit kHigh[] = {{0, 8, "Whole"}};
inline constexpr Bit kSlot[] = {{3, 13, "SlotNumber"}};
inline constexpr ChoiceRow kRows[] = {{1, {}, "Low", kLow}};
inline constexpr Choice kChoice{.selector = "Colour", .at = {2, 1, 0, 8}, .rows = kRows, .otherwise = kHigh};
inline constexpr GuidName kGuids[] = {{"00000000-0000-0000-0000-000000000001"_guid, "One"}};

inline constexpr Field kInnerFields[] = {u16(0, "Vendor").hex(), u24(2, "Class").hex(), pad(5, 1)};
inline constexpr Layout kInner{
    .name = "Inner", .structure = "INNER", .clause = "2", .min = 6, .size = 6, .fields = kInnerFields};
static_assert(check(kInner));

inline constexpr Field kItemFields[] = {u8(0, "Size"), u8(1, "Tag")};
inline constexpr Tail kItemTail[] = {rest("Data")};
inline constexpr Layout kItem{.name = "Item",
                              .structure = "ITEM",
                              .clause = "3",
                              .min = 2,
                              .size = 2,
                              .fields = kItemFields,
                              .tail = kItemTail,
                              .self = ref(kItemFields, "Size"),
                              .self_add = 2};
static_assert(check(kItem));

inline constexpr Field kFields[] = {
    u16(0, "ValidBits").bits(kValid),
    u8(2, "Colour").valid(0).names(kColours),
    u8(3, "Detail").choose(kChoice),
    u32(4, "Serial").valid(1).hex(),
    u64(8, "Total").unit("bytes"),
    guid(16, "Id").names(kGuids),
    ascii(32, 4, "Text"),
    utf16(36, 4, "Wide"),
    raw(40, 3, "Raw"),
    u16(43, "").bits(kSlot),
    list(45, "Numbers", 3, 2),
    part(51, "Inner", kInner),
    u8(57, "Version.Minor"),
    u16(58, "Late"),
};
inline constexpr Tail kTail[] = {many("Items", kItem, ref(kFields, "ValidBits.ItemCount")), rest("Vendor")};
inline constexpr Layout kSample{.name = "Sample",
                                .structure = "SAMPLE",
                                .clause = "1",
                                .min = 51,
                                .size = 60,
                                .fields = kFields,
                                .tail = kTail,
                                .valid = ref(kFields, "ValidBits")};
static_assert(check(kSample));

struct Sample {
  static constexpr auto kSerial = handle<Sample, std::uint32_t>(kSample, "Serial");
  static constexpr auto kId = handle<Sample, Guid>(kSample, "Id");
  static constexpr auto kLate = late_handle<Sample, std::uint16_t>(kSample, "Late");
};

}  // namespace wheatstone::layout::sample
