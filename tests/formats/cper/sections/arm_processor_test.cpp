#include "formats/cper/sections/arm_processor.hpp"

#include <gtest/gtest.h>

#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "tests/formats/cper/sections/body.hpp"

namespace wheatstone::cper {
namespace {

using test::hex;
using test::Values;

const Buffer kHeader =
    hex("0f000000"  // all valid
        "0100"      // one error information
        "0100"      // one context
        "08090a0b"
        "0c"
        "0d0e0f"
        "1011121314151617"
        "18191a1b1c1d1e1f"
        "20212223"
        "24252627");
// A bus error with every field of its word set.
const Buffer kError =
    hex("28"
        "20"
        "1f00"
        "02"
        "3536"
        "0f"
        "ff0f25df570d0000"
        "4041424344454647"
        "48494a4b4c4d4e4f");
const Buffer kContext = hex("5051 0300 08000000 58595a5b5c5d5e5f");
const Buffer kVendor = hex("606162");

Buffer section() {
  return test::join(test::join(kHeader, kError), test::join(kContext, kVendor));
}

TEST(ArmProcessor, EveryFieldIsReadWhereItStands) {
  const Buffer bytes = section();
  EXPECT_EQ(test::section_values("ArmProcessor", bytes),
            (Values{{"ValidBits", "0x0000000f"},
                    {"ValidBits.MPIDR", "true"},
                    {"ValidBits.AffinityLevel", "true"},
                    {"ValidBits.RunningState", "true"},
                    {"ValidBits.VendorSpecificInfo", "true"},
                    {"ErrorInformationStructures", "1"},
                    {"ContextInformationStructures", "1"},
                    {"SectionLength", "185207048"},
                    {"ErrorAffinityLevel", "12"},
                    {"Reserved", "0d0e0f"},
                    {"MPIDR_EL1", "0x1716151413121110"},
                    {"MIDR_EL1", "0x1f1e1d1c1b1a1918"},
                    {"RunningState", "0x23222120"},
                    {"PSCIState", "0x27262524"},
                    {"ErrorInformation[0].Version", "40"},
                    {"ErrorInformation[0].Length", "32"},
                    {"ErrorInformation[0].ValidationBit", "0x001f"},
                    {"ErrorInformation[0].ValidationBit.MultipleError", "true"},
                    {"ErrorInformation[0].ValidationBit.Flags", "true"},
                    {"ErrorInformation[0].ValidationBit.ErrorInformation", "true"},
                    {"ErrorInformation[0].ValidationBit.VirtualFaultAddress", "true"},
                    {"ErrorInformation[0].ValidationBit.PhysicalFaultAddress", "true"},
                    {"ErrorInformation[0].Type", "Bus (2)"},
                    {"ErrorInformation[0].MultipleError", "13877"},
                    {"ErrorInformation[0].Flags", "0x0f"},
                    {"ErrorInformation[0].Flags.FirstErrorCaptured", "true"},
                    {"ErrorInformation[0].Flags.LastErrorCaptured", "true"},
                    {"ErrorInformation[0].Flags.Propagated", "true"},
                    {"ErrorInformation[0].Flags.Overflow", "true"},
                    {"ErrorInformation[0].ErrorInformation", "0x00000d57df250fff"},
                    {"ErrorInformation[0].ErrorInformation.TransactionTypeValid", "true"},
                    {"ErrorInformation[0].ErrorInformation.OperationValid", "true"},
                    {"ErrorInformation[0].ErrorInformation.LevelValid", "true"},
                    {"ErrorInformation[0].ErrorInformation.ProcessorContextCorruptValid", "true"},
                    {"ErrorInformation[0].ErrorInformation.CorrectedValid", "true"},
                    {"ErrorInformation[0].ErrorInformation.PrecisePCValid", "true"},
                    {"ErrorInformation[0].ErrorInformation.RestartablePCValid", "true"},
                    {"ErrorInformation[0].ErrorInformation.ParticipationTypeValid", "true"},
                    {"ErrorInformation[0].ErrorInformation.TimeOutValid", "true"},
                    {"ErrorInformation[0].ErrorInformation.AddressSpaceValid", "true"},
                    {"ErrorInformation[0].ErrorInformation.MemoryAccessAttributesValid", "true"},
                    {"ErrorInformation[0].ErrorInformation.AccessModeValid", "true"},
                    {"ErrorInformation[0].ErrorInformation.TransactionType", "Data (1)"},
                    {"ErrorInformation[0].ErrorInformation.Operation", "Snooped (9)"},
                    {"ErrorInformation[0].ErrorInformation.Level", "4"},
                    {"ErrorInformation[0].ErrorInformation.ProcessorContextCorrupt", "true"},
                    {"ErrorInformation[0].ErrorInformation.Corrected", "true"},
                    {"ErrorInformation[0].ErrorInformation.PrecisePC", "true"},
                    {"ErrorInformation[0].ErrorInformation.RestartablePC", "true"},
                    {"ErrorInformation[0].ErrorInformation.ParticipationType", "Observed (2)"},
                    {"ErrorInformation[0].ErrorInformation.TimeOut", "true"},
                    {"ErrorInformation[0].ErrorInformation.AddressSpace", "DeviceMemory (3)"},
                    {"ErrorInformation[0].ErrorInformation.MemoryAccessAttributes", "341"},
                    {"ErrorInformation[0].ErrorInformation.NormalAccessMode", "true"},
                    {"ErrorInformation[0].VirtualFaultAddress", "0x4746454443424140"},
                    {"ErrorInformation[0].PhysicalFaultAddress", "0x4f4e4d4c4b4a4948"},
                    {"ContextInformation[0].Version", "20816"},
                    {"ContextInformation[0].RegisterContextType", "AArch32Secure (3)"},
                    {"ContextInformation[0].RegisterArraySize", "8"},
                    {"ContextInformation[0].RegisterArray.SCTLR", "0x5b5a5958"},
                    {"ContextInformation[0].RegisterArray.SPSR_mon", "0x5f5e5d5c"},
                    {"VendorSpecificInfo", "606162"}}));
  EXPECT_TRUE(test::broken(kArmProcessor, bytes).empty());
}

TEST(ArmProcessor, EachValidityBitIsThatOfItsField) {
  for (const auto& [bit, name] :
       {std::pair{0u, "MPIDR_EL1"}, {1u, "ErrorAffinityLevel"}, {2u, "RunningState"}}) {
    Buffer bytes = section();
    bytes[0] = static_cast<std::uint8_t>(0xfu & ~(1u << bit));
    EXPECT_TRUE(test::value_at(test::values(kArmProcessor, bytes), name).ends_with(" (not valid)")) << name;
  }
  const std::pair<unsigned, std::string_view> bits[] = {{0, "MultipleError"},
                                                        {1, "Flags"},
                                                        {2, "ErrorInformation"},
                                                        {3, "VirtualFaultAddress"},
                                                        {4, "PhysicalFaultAddress"}};
  for (const auto& [bit, name] : bits) {
    Buffer bytes = kError;
    bytes[2] = static_cast<std::uint8_t>(0x1fu & ~(1u << bit));
    EXPECT_TRUE(test::value_at(test::values(kArmErrorInformation, bytes), name).ends_with(" (not valid)"))
        << name;
  }
}

// The bits with names that are set in an error information of that type.
std::string bits_of(const layout::Layout& layout, std::uint8_t type, std::uint64_t word) {
  Buffer info = kError;
  info[4] = type;
  store_le<std::uint64_t>(&info[8], word);
  std::string found;
  for (const auto& [path, value] : test::values(layout, info))
    if (path.starts_with("ErrorInformation.") && value != "0" && !value.ends_with("(0)"))
      found += (found.empty() ? "" : " ") + path.substr(17) + "=" + value;
  return found;
}

TEST(ArmProcessor, TheWordGoesByTheType) {
  constexpr std::uint64_t kWord =
      1u << 6 | 2u << 16 | 7u << 18 | 1u << 22 | 1u << 28 | 1ull << 31 | 1ull << 43;
  EXPECT_EQ(bits_of(kArmErrorInformation, 0, kWord),
            "RestartablePCValid=true TransactionType=Generic (2) Operation=Eviction (7) Level=1 "
            "RestartablePC=true");
  EXPECT_EQ(bits_of(kArmErrorInformation, 1, kWord),
            "RestartablePCValid=true TransactionType=Generic (2) Operation=LocalManagement (7) Level=1 "
            "RestartablePC=true");
  EXPECT_EQ(
      bits_of(kArmErrorInformation, 2, kWord),
      "RestartablePCValid=true TransactionType=Generic (2) Operation=Eviction (7) Level=1 RestartablePC=true "
      "TimeOut=true NormalAccessMode=true");
  EXPECT_EQ(bits_of(kArmErrorInformation, 3, kWord), "") << "micro-architecture: the vendor's";
  EXPECT_EQ(bits_of(kArmErrorInformation, 1, 8u << 18), "Operation=ExternalManagement (8)");
  EXPECT_EQ(bits_of(kArmErrorInformation, 0, 10u << 18), "Operation=Management (10)");
  EXPECT_EQ(bits_of(kArmErrorInformation, 2, 1ull << 33), "AddressSpace=2");
}

TEST(ArmProcessor, OthersReadTheTypeAsAMaskOrTheAddressSpaceInAnotherWay) {
  const auto type = [](const layout::Layout& layout, std::uint8_t value) {
    Buffer info = kError;
    info[4] = value;
    std::string found;
    for (const auto& [path, shown] : test::values(layout, info))
      if (path.starts_with("Type")) found += path + "=" + shown + " ";
    return found;
  };
  EXPECT_EQ(type(kArmErrorInformation, 4), "Type=4 ");
  EXPECT_EQ(type(kArmErrorInformationLibcper, 4), "Type=0x04 Type.Bus=true ");
  EXPECT_EQ(type(kArmErrorInformationLibcper, 0xb),
            "Type=0x0b Type.Cache=true Type.TLB=true Type.MicroArch=true ");
  EXPECT_EQ(type(kArmErrorInformationLinux, 4), "Type=0x04 Type.TLB=true ");
  EXPECT_EQ(type(kArmErrorInformationLinux, 0x1a),
            "Type=0x1a Type.Cache=true Type.Bus=true Type.MicroArch=true ");
  EXPECT_EQ(type(kArmErrorInformationWindows, 2), "Type=Bus (2) ");

  constexpr std::uint64_t kOperation = 7u << 18;
  EXPECT_EQ(bits_of(kArmErrorInformationLibcper, 1, kOperation), "Operation=Eviction (7)");
  EXPECT_EQ(bits_of(kArmErrorInformationLibcper, 2, kOperation), "Operation=LocalManagement (7)");
  EXPECT_EQ(bits_of(kArmErrorInformationLibcper, 4, 3ull << 32), "AddressSpace=DeviceMemory (3)");
  EXPECT_EQ(bits_of(kArmErrorInformationLinux, 2, kOperation), "Operation=Eviction (7)");
  EXPECT_EQ(bits_of(kArmErrorInformationLinux, 4, kOperation), "Operation=LocalManagement (7)");
  EXPECT_EQ(bits_of(kArmErrorInformationLinux, 8, 3ull << 32), "AddressSpace=DeviceMemory (3)");
  EXPECT_EQ(bits_of(kArmErrorInformationWindows, 2, 2ull << 32), "AddressSpace=DeviceMemory (2)");
  EXPECT_EQ(bits_of(kArmErrorInformationWindows, 2, 3ull << 32), "AddressSpace=3");
}

TEST(ArmProcessor, ReadingsAreChosenByName) {
  Buffer body = section();
  body[44] = 4;
  const Buffer bytes =
      *encode({}, std::vector<NewSection>{{.type = find_section("ArmProcessor")->guid, .body = body}});
  for (const auto& [name, layout] : {std::pair{"ArmProcessor:Windows", &kArmProcessorWindows},
                                     {"ArmProcessor:LIBCPER", &kArmProcessorLibcper},
                                     {"ArmProcessor:Linux", &kArmProcessorLinux}}) {
    const Reading* const reading[] = {find_reading(name)};
    ASSERT_NE(reading[0], nullptr) << name;
    EXPECT_EQ(Record::decode(bytes, reading).sections()[0].layout, layout) << name;
    EXPECT_TRUE(test::broken(*layout, body).empty());
  }
  EXPECT_EQ(Record::decode(bytes).sections()[0].layout, &kArmProcessor);
}

TEST(ArmProcessor, ElementsSayTheirLengthAndMustFit) {
  const SectionType& type = *find_section("ArmProcessor");
  EXPECT_EQ(type.layout_of(Buffer(39, 0)), nullptr);
  EXPECT_EQ(type.layout_of(Buffer(40, 0)), &kArmProcessor);
  const auto broken = [](auto change) {
    Buffer bytes = section();
    change(bytes);
    return test::broken(kArmProcessor, bytes);
  };
  using Broken = std::vector<std::string>;
  EXPECT_EQ(broken([](Buffer& b) { b.resize(88); }), Broken{});
  EXPECT_EQ(broken([](Buffer& b) { b.resize(87); }),
            Broken{"element-outside-section at ContextInformation[0]"});
  EXPECT_EQ(broken([](Buffer& b) { b.resize(71); }),
            Broken{"element-outside-section at ErrorInformation[0]"});
  EXPECT_EQ(broken([](Buffer& b) { b[41] = 31; }), Broken{"element-outside-section at ErrorInformation[0]"})
      << "shorter than itself";
  EXPECT_EQ(broken([](Buffer& b) { b[41] = 51; }), Broken{"element-outside-section at ContextInformation[0]"})
      << "the last length that fits";
  EXPECT_EQ(broken([](Buffer& b) { b[41] = 52; }), Broken{"element-outside-section at ErrorInformation[0]"});
  EXPECT_EQ(broken([](Buffer& b) { store_le<std::uint32_t>(&b[76], 11); }), Broken{}) << "up to the end";
  EXPECT_EQ(broken([](Buffer& b) { store_le<std::uint32_t>(&b[76], 12); }),
            Broken{"element-outside-section at ContextInformation[0]"});
  EXPECT_EQ(broken([](Buffer& b) { store_le<std::uint32_t>(&b[76], 0xfffffff8); }),
            Broken{"element-outside-section at ContextInformation[0]"});
  EXPECT_EQ(broken([](Buffer& b) { store_le<std::uint32_t>(&b[4], 0xffffffff); }),
            Broken{"element-outside-section at ErrorInformation[1]"});

  Buffer longer = kError;
  longer[1] = 34;
  const Values found = test::values(kArmErrorInformation, test::join(longer, hex("aabb")));
  EXPECT_EQ(found.back(), (std::pair<std::string, std::string>{"Unread", "aabb"}));
}

// ---- register contexts ----

// Registers of that type that count up from 1, by name and value.
Values registers(std::uint16_t type, std::size_t size,
                 const layout::Layout& layout = kArmContextInformation) {
  Buffer header = hex("0000 0000 00000000");
  store_le<std::uint16_t>(&header[2], type);
  store_le<std::uint32_t>(&header[4], static_cast<std::uint32_t>(size));
  Values found = test::values(layout, test::join(header, test::ascending(size)));
  found.erase(found.begin(), found.begin() + 3);
  for (auto& [path, value] : found)
    if (path.starts_with("RegisterArray.")) path.erase(0, 14);
  return found;
}

// The names in order, each with the next `bytes` bytes as its value.
Values in_order(std::string_view names, unsigned bytes) {
  Values expected;
  std::uint8_t next = 1;
  for (std::size_t at = 0; at < names.size();) {
    const std::size_t end = std::min(names.find(' ', at), names.size());
    std::string value = "0x";
    for (unsigned i = bytes; i > 0; --i)
      value += layout::hex_text(test::ascending(1, static_cast<std::uint8_t>(next + i - 1)));
    next = static_cast<std::uint8_t>(next + bytes);
    expected.emplace_back(names.substr(at, end - at), value);
    at = end + 1;
  }
  return expected;
}

TEST(ArmContext, EveryRegisterIsReadWhereItStands) {
  EXPECT_EQ(registers(0, 64), in_order("R0 R1 R2 R3 R4 R5 R6 R7 R8 R9 R10 R11 R12 R13 R14 R15", 4));
  EXPECT_EQ(
      registers(1, 96),
      in_order("DFAR DFSR IFAR ISR MAIR0 MAIR1 MIDR MPIDR NMRR PRRR SCTLR SPSR SPSR_abt SPSR_fiq SPSR_irq "
               "SPSR_svc SPSR_und TPIDRPRW TPIDRURO TPIDRURW TTBCR TTBR0 TTBR1 DACR",
               4));
  EXPECT_EQ(
      registers(2, 64),
      in_order("ELR_hyp HAMAIR0 HAMAIR1 HCR HCR2 HDFAR HIFAR HPFAR HSR HTCR HTPIDR HTTBR SPSR_hyp VTCR VTTBR "
               "DACR32_EL2",
               4));
  EXPECT_EQ(registers(3, 8), in_order("SCTLR SPSR_mon", 4));
  EXPECT_EQ(
      registers(4, 256),
      in_order("X0 X1 X2 X3 X4 X5 X6 X7 X8 X9 X10 X11 X12 X13 X14 X15 X16 X17 X18 X19 X20 X21 X22 X23 X24 "
               "X25 X26 X27 X28 X29 X30 SP",
               8));
  EXPECT_EQ(
      registers(5, 136),
      in_order("ELR_EL1 ESR_EL1 FAR_EL1 ISR_EL1 MAIR_EL1 MIDR_EL1 MPIDR_EL1 SCTLR_EL1 SP_EL0 SP_EL1 SPSR_EL1 "
               "TCR_EL1 TPIDR_EL0 TPIDR_EL1 TPIDRRO_EL0 TTBR0_EL1 TTBR1_EL1",
               8));
  EXPECT_EQ(
      registers(6, 120),
      in_order(
          "ELR_EL2 ESR_EL2 FAR_EL2 HACR_EL2 HCR_EL2 HPFAR_EL2 MAIR_EL2 SCTLR_EL2 SP_EL2 SPSR_EL2 TCR_EL2 "
          "TPIDR_EL2 TTBR0_EL2 VTCR_EL2 VTTBR_EL2",
          8));
  EXPECT_EQ(
      registers(7, 80),
      in_order("ELR_EL3 ESR_EL3 FAR_EL3 MAIR_EL3 SCTLR_EL3 SP_EL3 SPSR_EL3 TCR_EL3 TPIDR_EL3 TTBR0_EL3", 8));
  EXPECT_EQ(registers(8, 10), (Values{{"MrsEncoding", "0x0201"}, {"Value", "0x0a09080706050403"}}));
  EXPECT_EQ(registers(9, 2), (Values{{"RegisterArray", "0102"}})) << "an unknown type";
}

TEST(ArmContext, WhatIsThereOfTheRegistersIsRead) {
  EXPECT_EQ(registers(3, 3), (Values{{"RegisterArray", "010203"}})) << "not one register";
  EXPECT_EQ(registers(3, 4), in_order("SCTLR", 4));
  EXPECT_EQ(registers(3, 7), (Values{{"SCTLR", "0x04030201"}, {"Unread", "050607"}}));
  EXPECT_EQ(registers(3, 9).back(), (std::pair<std::string, std::string>{"Unread", "09"}));
  EXPECT_EQ(registers(8, 9), (Values{{"MrsEncoding", "0x0201"}, {"Unread", "03040506070809"}}));
}

TEST(ArmContext, WindowsCallsOneRegisterByAWrongName) {
  const Values found = registers(5, 16, kArmContextInformationWindows);
  EXPECT_EQ(found, in_order("ELR_EL1 ESR_EL2", 8));
  EXPECT_EQ(registers(6, 16, kArmContextInformationWindows), in_order("ELR_EL2 ESR_EL2", 8));
}

}  // namespace
}  // namespace wheatstone::cper
