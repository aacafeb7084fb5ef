#include "formats/layout/guid.hpp"

#include <gtest/gtest.h>

namespace wheatstone {
namespace {

TEST(Guid, StoresThreeWordsLittleEndianAndEightBytesRaw) {
  constexpr Guid guid = "8a1e1d01-42f9-4557-9c33-565e5cc3f7e8"_guid;
  const std::array<std::uint8_t, 16> stored = {0x01, 0x1d, 0x1e, 0x8a, 0xf9, 0x42, 0x57, 0x45,
                                               0x9c, 0x33, 0x56, 0x5e, 0x5c, 0xc3, 0xf7, 0xe8};
  EXPECT_EQ(guid.bytes, stored);
  EXPECT_EQ(Guid::load(stored.data()), guid);
  EXPECT_EQ(guid.text(), "8a1e1d01-42f9-4557-9c33-565e5cc3f7e8");
}

TEST(Guid, ParsesBracesAndUpperCase) {
  EXPECT_EQ(Guid::parse("{8A1E1D01-42F9-4557-9C33-565E5CC3F7E8}"),
            "8a1e1d01-42f9-4557-9c33-565e5cc3f7e8"_guid);
}

TEST(Guid, RefusesEverythingElse) {
  EXPECT_FALSE(Guid::parse(""));
  EXPECT_FALSE(Guid::parse("8a1e1d01-42f9-4557-9c33-565e5cc3f7e"));
  EXPECT_FALSE(Guid::parse("8a1e1d01-42f9-4557-9c33-565e5cc3f7e8 "));
  EXPECT_FALSE(Guid::parse("8a1e1d01042f9-4557-9c33-565e5cc3f7e8"));
  EXPECT_FALSE(Guid::parse("8a1e1d0g-42f9-4557-9c33-565e5cc3f7e8"));
  EXPECT_FALSE(Guid::parse("{8a1e1d01-42f9-4557-9c33-565e5cc3f7e8"));
}

TEST(Guid, NullIsNull) {
  EXPECT_TRUE(Guid{}.is_null());
  EXPECT_FALSE("00000000-0000-0000-0000-000000000001"_guid.is_null());
}

}  // namespace
}  // namespace wheatstone
