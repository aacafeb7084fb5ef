#include "mocks/windows/os_version.hpp"

#include <gtest/gtest.h>

namespace wheatstone::windows {
namespace {

// [MS-CER2] 4.3
TEST(OsVersion, ReadsAndSpellsTheExampleOfTheSpecification) {
  const auto os = parse_os_version("6.1.6561.2.0.0.256.1");
  ASSERT_TRUE(os);
  EXPECT_EQ(os->text(), "6.1.6561.2.0.0.256.1");
  EXPECT_EQ(os->os_version(), "6_1_6561");
  EXPECT_EQ(os->service_pack(), "0_0");
  EXPECT_EQ(os->product_text(), "256_1");
}

TEST(OsVersion, ComesFromTheProfile) {
  EXPECT_EQ(os_version_of(*cper::find_profile("win7-sp1")).text(), "6.1.7601.2.1.0.256.48");
  EXPECT_EQ(os_version_of(*cper::find_profile("win11-24H2")).text(), "10.0.26100.2.0.0.256.48");
}

TEST(OsVersion, RefusesWhatIsNoVersion) {
  EXPECT_TRUE(parse_os_version("4294967295.0.0.0.0.0.0.0"));
  for (const char* text :
       {"", "6.1.6561.2.0.0.256", "6.1.6561.2.0.0.256.1.0", "6.1.6561.2.0.0.256.", "6..6561.2.0.0.256.1",
        "6.1.6561.2.0.0.256.1 ", "-6.1.6561.2.0.0.256.1", "4294967296.0.0.0.0.0.0.0", "Windows 11"}) {
    const auto os = parse_os_version(text);
    ASSERT_FALSE(os) << text;
    EXPECT_EQ(os.error().kind, ErrorKind::invalid_argument);
  }
}

}  // namespace
}  // namespace wheatstone::windows
