#include "formats/cper/sections/pmem.hpp"

#include <gtest/gtest.h>

#include "tests/formats/cper/sections/body.hpp"

namespace wheatstone::cper {
namespace {

using test::hex;
using test::Values;

const Buffer kBody =
    hex("0700000000000000"
        "4e565349442d30303100000000000000"
        "00000000000000000000000000000000"
        "00000000000000000000000000000000"
        "0000000000000000000000000000005a"
        "001a410000000000"
        "21436587"
        "02000000"
        "0001000000000000"
        "4000000000000000"
        "0f00000000000080"
        "0002000000000000"
        "4100000000000000"
        "f000000000000000");

TEST(Pmem, EveryFieldIsReadWhereItStands) {
  std::string location = "NVSID-001";
  for (int i = 0; i < 54; ++i) location += "\\x00";
  location += "Z";
  EXPECT_EQ(test::section_values("Pmem", kBody),
            (Values{{"ValidBits", "0x0000000000000007"},
                    {"ValidBits.ErrorStatus", "true"},
                    {"ValidBits.NFITHandle", "true"},
                    {"ValidBits.LocationInfo", "true"},
                    {"LocationInfo", location},
                    {"ErrorStatus", "0x0000000000411a00"},
                    {"ErrorStatus.ErrorType", "ERR_POISONED (26)"},
                    {"ErrorStatus.Address", "true"},
                    {"ErrorStatus.Overflow", "true"},
                    {"NFITHandle", "0x87654321"},
                    {"PageRangeCount", "2"},
                    {"PageRange[0].StartingPfn", "0x0000000000000100"},
                    {"PageRange[0].PageCount", "64"},
                    {"PageRange[0].MarkedBadBitmap", "0x800000000000000f"},
                    {"PageRange[1].StartingPfn", "0x0000000000000200"},
                    {"PageRange[1].PageCount", "65"},
                    {"PageRange[1].MarkedBadBitmap", "0x00000000000000f0"}}));
}

TEST(Pmem, EachValidityBitIsThatOfItsField) {
  const std::pair<unsigned, std::string_view> bits[] = {
      {0, "ErrorStatus"}, {1, "NFITHandle"}, {2, "LocationInfo"}};
  for (const auto& [bit, name] : bits) {
    Buffer bytes = kBody;
    bytes[0] = static_cast<std::uint8_t>(7u & ~(1u << bit));
    EXPECT_TRUE(test::value_at(test::values(kPmem, bytes), name).ends_with(" (not valid)")) << name;
  }
}

TEST(Pmem, RangesMustFit) {
  const Bytes all(kBody);
  EXPECT_EQ(find_section("Pmem")->layout_for(87), nullptr);
  EXPECT_EQ(find_section("Pmem")->layout_for(88), &kPmem);
  EXPECT_TRUE(test::broken(kPmem, all).empty());
  EXPECT_EQ(test::broken(kPmem, all.first(135)),
            std::vector<std::string>{"element-outside-section at PageRange[1]"});
  EXPECT_EQ(test::broken(kPmem, all.first(88)),
            std::vector<std::string>{"element-outside-section at PageRange[0]"});
}

}  // namespace
}  // namespace wheatstone::cper
