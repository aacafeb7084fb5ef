// Itanium and what only Vista SP1 wrote.
#include "formats/cper/sections/ipf_processor.hpp"

#include <gtest/gtest.h>

#include "formats/cper/record.hpp"
#include "tests/formats/cper/sections/body.hpp"

namespace wheatstone::cper {
namespace {

using test::hex;
using test::Values;

// Two cache checks, one of each other kind, CPUID and the static area.
Buffer section() {
  Buffer bytes = hex("2f11 1101 00000000 0809 0a0b 0c0d 0e0f 1011121314151617 18191a1b1c1d1e1f");
  for (std::uint8_t i = 0; i < 6; ++i)
    bytes = test::join(bytes, test::ascending(48, static_cast<std::uint8_t>(0x20 + i)));
  bytes = test::join(bytes, test::ascending(48, 0x50));
  // 251 is prime: no two members of the static area start with the same byte.
  for (std::size_t i = 0; i < 5256; ++i) bytes.push_back(static_cast<std::uint8_t>(i % 251));
  return bytes;
}

TEST(IpfProcessor, EveryFieldIsReadWhereItStands) {
  const Buffer bytes = section();
  const Values found = test::section_values("IpfProcessor", bytes);
  EXPECT_EQ(Values(found.begin(), found.begin() + 20),
            (Values{{"ValidBits", "0x000000000111112f"},
                    {"ValidBits.ErrorMap", "true"},
                    {"ValidBits.StateParameter", "true"},
                    {"ValidBits.CrLid", "true"},
                    {"ValidBits.PsiStatic", "true"},
                    {"ValidBits.CacheCheckCount", "2"},
                    {"ValidBits.TlbCheckCount", "1"},
                    {"ValidBits.BusCheckCount", "1"},
                    {"ValidBits.RegisterFileCheckCount", "1"},
                    {"ValidBits.MsCheckCount", "1"},
                    {"ValidBits.CpuidInfo", "true"},
                    {"ErrorMap", "0x0f0e0d0c0b0a0908"},
                    {"StateParameter", "0x1716151413121110"},
                    {"CrLid", "0x1f1e1d1c1b1a1918"},
                    {"CacheCheck[0].ValidBits", "0x2726252423222120"},
                    {"CacheCheck[0].CheckInfo", "0x2f2e2d2c2b2a2928"},
                    {"CacheCheck[0].Target", "0x3736353433323130"},
                    {"CacheCheck[0].Requester", "0x3f3e3d3c3b3a3938"},
                    {"CacheCheck[0].Responder", "0x4746454443424140"},
                    {"CacheCheck[0].PreciseIP", "0x4f4e4d4c4b4a4948"}}));
  const auto at = [&](std::string_view path) { return test::value_at(found, path); };
  EXPECT_EQ(at("CacheCheck[1].ValidBits"), "0x2827262524232221");
  EXPECT_EQ(at("TlbCheck[0].ValidBits"), "0x2928272625242322");
  EXPECT_EQ(at("BusCheck[0].ValidBits"), "0x2a29282726252423");
  EXPECT_EQ(at("RegisterFileCheck[0].ValidBits"), "0x2b2a292827262524");
  EXPECT_EQ(at("MsCheck[0].ValidBits"), "0x2c2b2a2928272625");
  EXPECT_EQ(at("CpuidInfo[0].Register[0]"), "0x5756555453525150");
  EXPECT_EQ(at("CpuidInfo[0].Register[5]"), "0x7f7e7d7c7b7a7978");
  // Offsets 0, 8, 1032, 1096, 2120, 3144 and 3208 of the static area.
  EXPECT_EQ(at("PsiStatic[0].ValidBits"), "0x0706050403020100");
  EXPECT_EQ(at("PsiStatic[0].MinState"), layout::hex_text(Bytes(bytes).subspan(376, 1024)));
  EXPECT_EQ(at("PsiStatic[0].BR[0]"), "0x232221201f1e1d1c");
  EXPECT_EQ(at("PsiStatic[0].BR[7]"), "0x5b5a595857565554");
  EXPECT_EQ(at("PsiStatic[0].CR[0]"), "0x636261605f5e5d5c");
  EXPECT_EQ(at("PsiStatic[0].CR[127]"), "0x6f6e6d6c6b6a6968");
  EXPECT_EQ(at("PsiStatic[0].AR[0]"), "0x7776757473727170");
  EXPECT_EQ(at("PsiStatic[0].AR[127]"), "0x838281807f7e7d7c");
  EXPECT_EQ(at("PsiStatic[0].RR[0]"), "0x8b8a898887868584");
  EXPECT_EQ(at("PsiStatic[0].RR[7]"), "0xc3c2c1c0bfbebdbc");
  EXPECT_EQ(at("PsiStatic[0].FR[0]"), "0xcbcac9c8c7c6c5c4");
  EXPECT_EQ(at("PsiStatic[0].FR[255]"), "0xebeae9e8e7e6e5e4");
  EXPECT_EQ(found.back().first, "PsiStatic[0].FR[255]");
  EXPECT_TRUE(test::broken(kIpfProcessor, bytes).empty());
}

TEST(IpfProcessor, WhatIsCountedMustFit) {
  EXPECT_EQ(find_section("IpfProcessor")->layout_of(test::ascending(31)), nullptr);
  Buffer bytes = section();
  bytes.pop_back();
  EXPECT_EQ(test::broken(kIpfProcessor, bytes),
            std::vector<std::string>{"element-outside-section at PsiStatic[0]"});
  bytes[0] &= 0xf7;  // no static area
  EXPECT_TRUE(test::broken(kIpfProcessor, Bytes(bytes).first(368)).empty());
  EXPECT_EQ(test::broken(kIpfProcessor, Bytes(bytes).first(367)),
            std::vector<std::string>{"element-outside-section at CpuidInfo[0]"});
  EXPECT_EQ(test::broken(kIpfProcessor, Bytes(bytes).first(319)),
            std::vector<std::string>{"element-outside-section at MsCheck[0]"});
}

TEST(Opaque, SectionsWithoutAPublishedLayoutAreBytesUnderTheirName) {
  for (const char* name : {"IpfSalRecord", "X64ProcessorVistaSp1", "PlatformCacheVistaSp1"}) {
    EXPECT_EQ(test::section_values(name, hex("0102")), (Values{{"Data", "0102"}})) << name;
    EXPECT_TRUE(test::section_values(name, {}).empty()) << name;
  }
}

}  // namespace
}  // namespace wheatstone::cper
