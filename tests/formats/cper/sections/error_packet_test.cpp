#include "formats/cper/sections/error_packet.hpp"

#include <gtest/gtest.h>

#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "tests/formats/cper/sections/body.hpp"

namespace wheatstone::cper {
namespace {

using test::hex;
using test::Values;
using Broken = std::vector<std::string>;

// A machine check of an unknown source: the data is an NMI section, four bytes of PSHED follow.
const Buffer kV2 =
    hex("57484541"
        "03000000"
        "60000000"
        "ff010000"
        "07000000"
        "02000000"
        "18191a1b"
        "10000000"
        "bdc407cf89b7184eb3c41f732cb57131"
        "3031323334353637"
        "04000000"
        "3c3d3e3f"
        "50000000"
        "0c000000"
        "5c000000"
        "04000000"
        "5051525354555657"
        "01000000"
        "5c5d5e5f");

TEST(ErrorPacketV2, EveryFieldIsReadWhereItStands) {
  EXPECT_EQ(test::section_values("ErrorPacket", kV2),
            (Values{{"Signature", "WHEA"},
                    {"Version", "3"},
                    {"Length", "96"},
                    {"Flags", "0x000001ff"},
                    {"Flags.PreviousError", "true"},
                    {"Flags.CriticalEvent", "true"},
                    {"Flags.HypervisorError", "true"},
                    {"Flags.Simulated", "true"},
                    {"Flags.PlatformPfaControl", "true"},
                    {"Flags.PlatformDirectedOffline", "true"},
                    {"Flags.AddressTranslationRequired", "true"},
                    {"Flags.AddressTranslationCompleted", "true"},
                    {"Flags.RecoveryOptional", "true"},
                    {"ErrorType", "Pmem (7)"},
                    {"ErrorSeverity", "Corrected (2)"},
                    {"ErrorSourceId", "454695192"},
                    {"ErrorSourceType", "DeviceDriver (16)"},
                    {"NotifyType", "cf07c4bd-b789-4e18-b3c4-1f732cb57131"},
                    {"Context", "0x3736353433323130"},
                    {"DataFormat", "NMIPort (4)"},
                    {"Reserved1", "3c3d3e3f"},
                    {"DataOffset", "80"},
                    {"DataLength", "12"},
                    {"PshedDataOffset", "92"},
                    {"PshedDataLength", "4"},
                    {"Data.Data", "5051525354555657"},
                    {"Data.Flags", "0x00000001"},
                    {"Data.Flags.HypervisorError", "true"},
                    {"PshedData", "5c5d5e5f"}}));
  EXPECT_TRUE(test::broken(kErrorPacketV2, kV2).empty());
}

// The first field of the data in a packet of that format, whose data counts up from 1.
std::string first_of_data(std::uint32_t format, std::size_t length) {
  Buffer bytes = Buffer(kV2.begin(), kV2.begin() + 80);
  store_le<std::uint32_t>(&bytes[56], format);
  store_le<std::uint32_t>(&bytes[68], static_cast<std::uint32_t>(length));
  store_le<std::uint32_t>(&bytes[76], 0);
  for (const auto& [path, value] : test::values(kErrorPacketV2, test::join(bytes, test::ascending(length))))
    if (path.starts_with("Data.") || path == "Data") return path;
  return {};
}

TEST(ErrorPacketV2, TheFormatSaysWhatTheDataIs) {
  EXPECT_EQ(first_of_data(0, 100), "Data") << "SAL records are bytes";
  for (const std::size_t length : {264u, 272u, 292u, 1192u, 2088u})
    EXPECT_EQ(first_of_data(1, length), "Data.VersionNumber");
  EXPECT_EQ(first_of_data(1, 263), "Data");
  EXPECT_EQ(first_of_data(2, 73), "Data.ValidBits");
  EXPECT_EQ(first_of_data(2, 72), "Data");
  EXPECT_EQ(first_of_data(3, 208), "Data.ValidBits");
  EXPECT_EQ(first_of_data(3, 207), "Data");
  EXPECT_EQ(first_of_data(4, 12), "Data.Data");
  EXPECT_EQ(first_of_data(5, 72), "Data.ValidBits");
  EXPECT_EQ(first_of_data(5, 71), "Data");
  EXPECT_EQ(first_of_data(6, 40), "Data.ValidBits");
  EXPECT_EQ(first_of_data(6, 39), "Data");
  EXPECT_EQ(first_of_data(7, 100), "Data");
  EXPECT_EQ(first_of_data(8, 100), "Data");
}

TEST(ErrorPacketV2, PartsMustLieBehindTheHeaderAndInside) {
  const auto broken = [](std::size_t at, std::uint32_t value) {
    Buffer bytes = kV2;
    store_le<std::uint32_t>(&bytes[at], value);
    return test::broken(kErrorPacketV2, bytes);
  };
  EXPECT_EQ(broken(64, 84), Broken{});
  EXPECT_EQ(broken(64, 85), Broken{"part-outside-section at Data"});
  EXPECT_EQ(broken(64, 79), Broken{"part-outside-section at Data"});
  EXPECT_EQ(broken(68, 16), Broken{});
  EXPECT_EQ(broken(68, 17), Broken{"part-outside-section at Data"});
  EXPECT_EQ(broken(68, 0), Broken{});
  EXPECT_EQ(broken(72, 93), Broken{"part-outside-section at PshedData"});
  EXPECT_EQ(broken(76, 0xffffffff), Broken{"part-outside-section at PshedData"});
}

// ---- version 1 ----

// A packet about a PCI Express error whose union and raw data count up; each field another value.
Buffer v1(std::uint32_t error_type, std::uint32_t format, std::size_t raw_data) {
  Buffer bytes =
      hex("45725074"
          "02000000"
          "08090a0b"
          "92030000"
          "1011121314151617"
          "18191a1b1c1d1e1f"
          "00000000"
          "01000000"
          "28292a2b"
          "04000000"
          "30313233"
          "34353637"
          "38393a3b3c3d3e3f");
  store_le<std::uint32_t>(&bytes[32], error_type);
  bytes = test::join(bytes, test::ascending(208, 0x40));
  bytes = test::join(bytes, hex("00000000 18010000"));
  store_le<std::uint32_t>(&bytes[272], format);
  return test::join(bytes, test::ascending(raw_data, 0x81));
}

TEST(ErrorPacketV1, EveryFieldIsReadWhereItStands) {
  Values expected = {{"Signature", "ErPt"},
                     {"Flags", "0x00000002"},
                     {"Flags.CriticalEvent", "true"},
                     {"Size", "185207048"},
                     {"RawDataLength", "914"},
                     {"Reserved1", "0x1716151413121110"},
                     {"Context", "0x1f1e1d1c1b1a1918"},
                     {"ErrorType", "Generic (6)"},
                     {"ErrorSeverity", "Fatal (1)"},
                     {"ErrorSourceId", "724183336"},
                     {"ErrorSourceType", "PCIe (4)"},
                     {"Reserved2", "30313233"},
                     {"Version", "926299444"},
                     {"Cpu", "0x3f3e3d3c3b3a3938"}};
  for (int i = 0; i < 26; ++i) {
    std::string word = "0x";
    for (int byte = 7; byte >= 0; --byte)
      word += layout::hex_text(test::ascending(1, static_cast<std::uint8_t>(0x40 + 8 * i + byte)));
    expected.emplace_back("Error[" + std::to_string(i) + "]", word);
  }
  expected.insert(expected.end(),
                  {{"RawDataFormat", "Generic (9)"}, {"RawDataOffset", "280"}, {"RawData", "818283"}});
  EXPECT_EQ(test::section_values("ErrorPacket", v1(6, 9, 3)), expected);
}

TEST(ErrorPacketV1, TheUnionGoesByTheErrorType) {
  const auto error = [](std::uint32_t type, std::string_view path) {
    return test::value_at(test::values(kErrorPacketV1, v1(type, 9, 0)), path);
  };
  // Bytes of the union count up from 0x40: the last field of each member tells where it ends.
  EXPECT_EQ(error(0, "Error.InstructionPointer").substr(0, 18), "0xfffefdfcfbfaf9f8");
  EXPECT_EQ(error(0, "Error.Unread"), layout::hex_text(test::ascending(16, 0)));
  EXPECT_EQ(error(1, "Error.ModuleHandle").substr(0, 6), "0x8f8e");
  EXPECT_EQ(error(2, "Error.DeviceSerialNumber").substr(0, 18), "0x6f6e6d6c6b6a6968");
  EXPECT_EQ(error(2, "Error.Unread"), "");
  EXPECT_EQ(error(3, "Error.Flags"), "0x4b4a4948");
  EXPECT_EQ(error(4, "Error.TargetId").substr(0, 18), "0x8786858483828180");
  EXPECT_EQ(error(5, "Error.IoNumber").substr(0, 10), "1734763876");
  EXPECT_EQ(error(7, "Error.PageRangeCount"), "2543228308");
  EXPECT_EQ(error(8, "Error[0]"), "0x4746454443424140");
}

TEST(ErrorPacketV1, TheFormatSaysWhatTheRawDataIs) {
  const auto first = [](std::uint32_t format, std::size_t length) -> std::string {
    for (const auto& [path, value] : test::values(kErrorPacketV1, v1(6, format, length)))
      if (path.starts_with("RawData.") || path == "RawData") return path;
    return {};
  };
  for (const std::uint32_t mca : {1u, 2u, 3u}) {
    EXPECT_EQ(first(mca, 256), "RawData.VersionNumber");
    EXPECT_EQ(first(mca, 255), "RawData");
  }
  EXPECT_EQ(first(0, 256), "RawData");
  EXPECT_EQ(first(4, 80), "RawData.ValidBits");
  EXPECT_EQ(first(5, 208), "RawData.ValidBits");
  EXPECT_EQ(first(6, 12), "RawData.Data");
  EXPECT_EQ(first(7, 72), "RawData.ValidBits");
  EXPECT_EQ(first(8, 40), "RawData.ValidBits");
  EXPECT_EQ(first(9, 40), "RawData");
}

TEST(ErrorPacketV1, TheLengthIsTheMostThereMayBe) {
  EXPECT_EQ(test::broken(kErrorPacketV1, v1(6, 9, 3)), Broken{});
  Buffer bytes = v1(6, 9, 3);
  store_le<std::uint32_t>(&bytes[12], 2);
  EXPECT_EQ(test::values(kErrorPacketV1, bytes).back(),
            (std::pair<std::string, std::string>{"Unread", "83"}));
  store_le<std::uint32_t>(&bytes[276], 279);
  EXPECT_EQ(test::broken(kErrorPacketV1, bytes), Broken{"part-outside-section at RawData"});
  store_le<std::uint32_t>(&bytes[276], 283);
  EXPECT_EQ(test::broken(kErrorPacketV1, bytes), Broken{"part-outside-section at RawData"});
  store_le<std::uint32_t>(&bytes[276], 282);
  EXPECT_EQ(test::broken(kErrorPacketV1, bytes), Broken{});
}

// ---- MCA_EXCEPTION ----

TEST(McaException, EveryFieldIsReadWhereItStands) {
  Buffer bytes = hex("02000000 01000000 08090a0b0c0d0e0f 10111213 14151617 18 191a1b1c1d1e1f");
  bytes = test::join(bytes, hex("35010c00000000ba 28292a2b2c2d2e2f 3031323334353637 38393a3b 3c3d3e3f"));
  bytes = test::join(bytes, test::ascending(192, 0x40));
  Values found = test::values(kMcaException, bytes);
  ASSERT_EQ(found.size(), 19u + 24u);
  EXPECT_EQ(found[2].first, "TimeStamp");
  EXPECT_NE(found[2].second.find("0x0f0e0d0c0b0a0908"), std::string::npos);
  found[2].second.clear();
  EXPECT_EQ(Values(found.begin(), found.begin() + 20), (Values{{"VersionNumber", "2"},
                                                               {"ExceptionType", "MCA (1)"},
                                                               {"TimeStamp", ""},
                                                               {"ProcessorNumber", "319951120"},
                                                               {"Reserved1", "14151617"},
                                                               {"u.BankNumber", "24"},
                                                               {"u.Reserved2", "191a1b1c1d1e1f"},
                                                               {"u.Status", "0xba000000000c0135"},
                                                               {"u.Status.McaErrorCode", "309"},
                                                               {"u.Status.ModelErrorCode", "12"},
                                                               {"u.Status.ContextCorrupt", "true"},
                                                               {"u.Status.MiscValid", "true"},
                                                               {"u.Status.ErrorEnabled", "true"},
                                                               {"u.Status.UncorrectedError", "true"},
                                                               {"u.Status.Valid", "true"},
                                                               {"u.Address", "0x2f2e2d2c2b2a2928"},
                                                               {"u.Misc", "0x3736353433323130"},
                                                               {"ExtCnt", "993671480"},
                                                               {"Reserved3", "3c3d3e3f"},
                                                               {"ExtReg[0]", "0x4746454443424140"}}));
  EXPECT_EQ(found.back(), (std::pair<std::string, std::string>{"ExtReg[23]", "0xfffefdfcfbfaf9f8"}));

  bytes[4] = 0;  // a Pentium
  found = test::values(kMcaException, bytes);
  EXPECT_EQ(test::value_at(found, "u.Address"), "0x1f1e1d1c1b1a1918");
  EXPECT_EQ(test::value_at(found, "u.Type"), "0xba000000000c0135");
  bytes[4] = 2;
  EXPECT_EQ(test::value_at(test::values(kMcaException, bytes), "u[1]"), "0xba000000000c0135");
}

// ---- behind a packet, and in a record ----

TEST(PacketLogData, EveryFieldIsReadWhereItStands) {
  EXPECT_EQ(test::values(kPacketLogData, test::ascending(104)),
            (Values{{"LogData", layout::hex_text(test::ascending(36))},
                    {"ExtraBytes", layout::hex_text(test::ascending(36, 37))},
                    {"BcParam3", "0x504f4e4d4c4b4a49"},
                    {"BcParam4", "0x5857565554535251"},
                    {"LogDataLength", "1549490777"},
                    {"LogTag", "0x5e5d"},
                    {"Reserved", "5f60"},
                    {"Flags", "0x64636261"},
                    {"Padding", "65666768"}}));
}

TEST(ErrorPacket, TheSignatureSaysWhichForm) {
  const SectionType& type = *find_section("ErrorPacket");
  EXPECT_EQ(type.layout_of(kV2), &kErrorPacketV2);
  EXPECT_EQ(type.layout_of(Bytes(kV2).first(80)), &kErrorPacketV2);
  EXPECT_EQ(type.layout_of(Bytes(kV2).first(79)), nullptr);
  const Buffer old = v1(6, 9, 0);
  EXPECT_EQ(type.layout_of(old), &kErrorPacketV1);
  EXPECT_EQ(type.layout_of(Bytes(old).first(279)), nullptr);
  Buffer long_v2 = kV2;
  long_v2.resize(400);
  EXPECT_EQ(type.layout_of(long_v2), &kErrorPacketV2) << "the length does not decide";
}

TEST(ErrorPacket, ARecordCarriesItAsASection) {
  const auto decode = [](Bytes body, Buffer& bytes, Readings readings = {}) {
    bytes = *encode({}, std::vector<NewSection>{{.type = find_section("ErrorPacket")->guid, .body = body}});
    return Record::decode(bytes, readings);
  };
  Buffer bytes;
  EXPECT_TRUE(decode(kV2, bytes).findings().empty());
  Buffer other = kV2;
  other[0] = 'w';
  const Record unknown = decode(other, bytes);
  ASSERT_EQ(unknown.findings().size(), 1u);
  EXPECT_EQ(unknown.findings()[0].code, "section-form-unknown");
  const Record cut = decode(Bytes(kV2).first(79), bytes);
  ASSERT_EQ(cut.findings().size(), 1u);
  EXPECT_EQ(cut.findings()[0].code, "section-too-short");

  const Reading* const vista[] = {find_reading("ErrorPacket:VistaSP1")};
  ASSERT_NE(vista[0], nullptr);
  const Buffer old = v1(6, 9, 0);
  const Record record = decode(old, bytes, vista);
  ASSERT_EQ(record.sections()[0].layout, &kErrorPacketV1VistaSp1);
  EXPECT_EQ(test::value_at(test::values(kErrorPacketV1VistaSp1, old), "Flags.CpuValid"), "true");
  EXPECT_EQ(test::value_at(test::values(kErrorPacketV1VistaSp1, old), "Flags.CriticalEvent"), "");
  Buffer newer = kV2;
  newer.resize(400);
  EXPECT_EQ(decode(newer, bytes, vista).sections()[0].layout, &kErrorPacketV2);
}

}  // namespace
}  // namespace wheatstone::cper
