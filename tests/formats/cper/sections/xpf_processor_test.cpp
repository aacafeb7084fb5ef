#include "formats/cper/sections/xpf_processor.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "tests/formats/cper/sections/body.hpp"

namespace wheatstone::cper {
namespace {

using test::hex;
using test::Values;

std::string value_of(const layout::Layout& layout, Bytes bytes, std::string_view path) {
  return test::value_at(test::values(layout, bytes), path);
}

// ValidBits with both identifiers valid and these counts.
std::uint16_t counts(unsigned processors, unsigned contexts) {
  return static_cast<std::uint16_t>(3u | processors << 2 | contexts << 8);
}

// ---- the fixed part and the processor informations ----

const Buffer kBody =
    hex("07 00 00 00 00 00 00 00"  // both valid, one processor information
        "08 09 0a 0b 0c 0d 0e 0f"
        "10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f"
        "20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f"
        "30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f"
        "b3 f8 f3 1c b1 c5 a2 49 aa 59 5e ef 92 ff a6 3c"  // a bus check
        "1f 00 00 00 00 00 00 00"
        "ff 07 95 bc 05 00 00 00"
        "60 61 62 63 64 65 66 67"
        "68 69 6a 6b 6c 6d 6e 6f"
        "70 71 72 73 74 75 76 77"
        "78 79 7a 7b 7c 7d 7e 7f");

TEST(XpfProcessor, EveryFieldIsReadWhereItStands) {
  EXPECT_EQ(test::values(kXpfProcessor, kBody),
            (Values{{"ValidBits", "0x0000000000000007"},
                    {"ValidBits.LocalAPICId", "true"},
                    {"ValidBits.CpuId", "true"},
                    {"ValidBits.ProcInfoCount", "1"},
                    {"ValidBits.ContextInfoCount", "0"},
                    {"LocalAPICId", "0x0f0e0d0c0b0a0908"},
                    {"CpuId[0]", "0x13121110"},
                    {"CpuId[1]", "0x17161514"},
                    {"CpuId[2]", "0x1b1a1918"},
                    {"CpuId[3]", "0x1f1e1d1c"},
                    {"CpuId[4]", "0x23222120"},
                    {"CpuId[5]", "0x27262524"},
                    {"CpuId[6]", "0x2b2a2928"},
                    {"CpuId[7]", "0x2f2e2d2c"},
                    {"CpuId[8]", "0x33323130"},
                    {"CpuId[9]", "0x37363534"},
                    {"CpuId[10]", "0x3b3a3938"},
                    {"CpuId[11]", "0x3f3e3d3c"},
                    {"ProcInfo[0].CheckInfoId", "BusCheck"},
                    {"ProcInfo[0].ValidBits", "0x000000000000001f"},
                    {"ProcInfo[0].ValidBits.CheckInfo", "true"},
                    {"ProcInfo[0].ValidBits.TargetId", "true"},
                    {"ProcInfo[0].ValidBits.RequesterId", "true"},
                    {"ProcInfo[0].ValidBits.ResponderId", "true"},
                    {"ProcInfo[0].ValidBits.InstructionPointer", "true"},
                    {"ProcInfo[0].CheckInfo", "0x00000005bc9507ff"},
                    {"ProcInfo[0].CheckInfo.TransactionTypeValid", "true"},
                    {"ProcInfo[0].CheckInfo.OperationValid", "true"},
                    {"ProcInfo[0].CheckInfo.LevelValid", "true"},
                    {"ProcInfo[0].CheckInfo.ProcessorContextCorruptValid", "true"},
                    {"ProcInfo[0].CheckInfo.UncorrectedValid", "true"},
                    {"ProcInfo[0].CheckInfo.PreciseIPValid", "true"},
                    {"ProcInfo[0].CheckInfo.RestartableIPValid", "true"},
                    {"ProcInfo[0].CheckInfo.OverflowValid", "true"},
                    {"ProcInfo[0].CheckInfo.ParticipationValid", "true"},
                    {"ProcInfo[0].CheckInfo.TimeoutValid", "true"},
                    {"ProcInfo[0].CheckInfo.AddressSpaceValid", "true"},
                    {"ProcInfo[0].CheckInfo.TransactionType", "Data (1)"},
                    {"ProcInfo[0].CheckInfo.Operation", "InstructionFetch (5)"},
                    {"ProcInfo[0].CheckInfo.Level", "L2 (2)"},
                    {"ProcInfo[0].CheckInfo.Uncorrected", "true"},
                    {"ProcInfo[0].CheckInfo.PreciseIP", "true"},
                    {"ProcInfo[0].CheckInfo.RestartableIP", "true"},
                    {"ProcInfo[0].CheckInfo.Overflow", "true"},
                    {"ProcInfo[0].CheckInfo.Participation", "Observed (2)"},
                    {"ProcInfo[0].CheckInfo.Timeout", "true"},
                    {"ProcInfo[0].CheckInfo.AddressSpace", "IO (2)"},
                    {"ProcInfo[0].TargetId", "0x6766656463626160"},
                    {"ProcInfo[0].RequesterId", "0x6f6e6d6c6b6a6968"},
                    {"ProcInfo[0].ResponderId", "0x7776757473727170"},
                    {"ProcInfo[0].InstructionPointer", "0x7f7e7d7c7b7a7978"}}));
}

// A processor information of that kind, and what one bit of its check word is called.
std::string bits_of(const Guid& kind, std::uint64_t word) {
  Buffer info(64, 0);
  std::ranges::copy(kind.bytes, info.begin());
  info[16] = 1;
  store_le<std::uint64_t>(&info[24], word);
  std::string found;
  for (const auto& [path, value] : test::values(kXpfProcInfo, info))
    if (path.starts_with("CheckInfo.") && value != "0" && !value.ends_with("(0)"))
      found += (found.empty() ? "" : " ") + path.substr(10) + "=" + value;
  return found;
}

TEST(XpfProcessor, CheckWordsGoByTheirKind) {
  EXPECT_EQ(bits_of(kCheckCache, 0x9f | 1u << 16 | 8u << 18 | 3u << 22 | 1u << 25),
            "TransactionTypeValid=true OperationValid=true LevelValid=true ProcessorContextCorruptValid=true "
            "UncorrectedValid=true OverflowValid=true TransactionType=Data (1) Operation=Snoop (8) "
            "Level=Generic (3) ProcessorContextCorrupt=true");
  EXPECT_EQ(bits_of(kCheckTlb, 6u << 18 | 1u << 22), "Operation=Prefetch (6) Level=L1 (1)");
  EXPECT_EQ(bits_of(kCheckTlb, 8u << 18), "Operation=8") << "only caches snoop";
  EXPECT_EQ(bits_of(kCheckBus, 7u << 18 | 1u << 25), "Operation=7 ProcessorContextCorrupt=true");
  EXPECT_EQ(bits_of(kCheckMs, 0x3f | 2u << 16),
            "ErrorTypeValid=true ProcessorContextCorruptValid=true UncorrectedValid=true PreciseIPValid=true "
            "RestartableIPValid=true OverflowValid=true ErrorType=MicrocodeRomParity (2)");
  EXPECT_EQ(bits_of(kCheckMs, 0x1f << 19),
            "ProcessorContextCorrupt=true Uncorrected=true PreciseIP=true RestartableIP=true Overflow=true");
  EXPECT_EQ(bits_of(Guid{}, 0xffff), "") << "an unknown kind has no bits with names";
}

TEST(XpfProcessor, EachValidityBitIsThatOfItsField) {
  const std::pair<unsigned, std::string_view> bits[] = {
      {0, "CheckInfo"}, {1, "TargetId"}, {2, "RequesterId"}, {3, "ResponderId"}, {4, "InstructionPointer"}};
  for (const auto& [bit, name] : bits) {
    Buffer bytes = kBody;
    bytes[80] = static_cast<std::uint8_t>(0x1fu & ~(1u << bit));
    EXPECT_TRUE(value_of(kXpfProcessor, bytes, "ProcInfo[0]." + std::string(name)).ends_with(" (not valid)"))
        << name;
  }
  for (const auto& [bit, name] : {std::pair{0u, "LocalAPICId"}, {1u, "CpuId[11]"}}) {
    Buffer bytes = kBody;
    bytes[0] = static_cast<std::uint8_t>(7u & ~(1u << bit));
    EXPECT_TRUE(value_of(kXpfProcessor, bytes, name).ends_with(" (not valid)")) << name;
  }
}

TEST(XpfProcessor, CountedElementsMustFit) {
  const SectionType& type = *find_section(kSectionXpfProcessor);
  EXPECT_EQ(type.layout_of(Buffer(63, 0)), nullptr);
  EXPECT_EQ(type.layout_of(Buffer(64, 0)), &kXpfProcessor);
  EXPECT_TRUE(test::broken(kXpfProcessor, kBody).empty());
  EXPECT_EQ(test::broken(kXpfProcessor, Bytes(kBody).first(127)),
            std::vector<std::string>{"element-outside-section at ProcInfo[0]"});
  Buffer most = kBody;
  store_le<std::uint16_t>(most.data(), counts(63, 63));
  EXPECT_EQ(test::broken(kXpfProcessor, most),
            std::vector<std::string>{"element-outside-section at ProcInfo[1]"});
}

// ---- register contexts ----

// A context header of that type, and registers that count up from 1.
Buffer context(std::uint16_t type, std::size_t size) {
  Buffer bytes = hex("0000 0000 78563412 8877665544332211");
  store_le<std::uint16_t>(&bytes[0], type);
  store_le<std::uint16_t>(&bytes[2], static_cast<std::uint16_t>(size));
  return test::join(bytes, test::ascending(size));
}

Values registers(std::uint16_t type, std::size_t size) {
  Values found = test::values(kXpfContextInfo, context(type, size));
  found.erase(found.begin(), found.begin() + 4);
  for (auto& [path, value] : found)
    if (path.starts_with("RegisterData.")) path.erase(0, 13);
  return found;
}

TEST(XpfContext, TheHeaderSaysTypeSizeAndAddresses) {
  EXPECT_EQ(test::values(kXpfContextInfo, context(7, 4)), (Values{{"RegisterContextType", "MemoryMapped (7)"},
                                                                  {"RegisterDataSize", "4"},
                                                                  {"MSRAddress", "0x12345678"},
                                                                  {"MmRegisterAddress", "0x1122334455667788"},
                                                                  {"RegisterData", "01020304"}}));
}

TEST(XpfContext, Registers32) {
  EXPECT_EQ(registers(2, 92), (Values{{"EAX", "0x04030201"},
                                      {"EBX", "0x08070605"},
                                      {"ECX", "0x0c0b0a09"},
                                      {"EDX", "0x100f0e0d"},
                                      {"ESI", "0x14131211"},
                                      {"EDI", "0x18171615"},
                                      {"EBP", "0x1c1b1a19"},
                                      {"ESP", "0x201f1e1d"},
                                      {"CS", "0x2221"},
                                      {"DS", "0x2423"},
                                      {"SS", "0x2625"},
                                      {"ES", "0x2827"},
                                      {"FS", "0x2a29"},
                                      {"GS", "0x2c2b"},
                                      {"EFLAGS", "0x302f2e2d"},
                                      {"EIP", "0x34333231"},
                                      {"CR0", "0x38373635"},
                                      {"CR1", "0x3c3b3a39"},
                                      {"CR2", "0x403f3e3d"},
                                      {"CR3", "0x44434241"},
                                      {"CR4", "0x48474645"},
                                      {"GDTR", "0x504f4e4d4c4b4a49"},
                                      {"IDTR", "0x5857565554535251"},
                                      {"LDTR", "0x5a59"},
                                      {"TR", "0x5c5b"}}));
  EXPECT_EQ(registers(2, 91).front().first, "RegisterData") << "cut short: bytes";
  EXPECT_EQ(registers(2, 93).back(), (std::pair<std::string, std::string>{"Unread", "5d"}));
}

// The bytes 1, 2, 3... from `offset` on as a little-endian number.
std::string number(std::size_t offset, unsigned size) {
  std::string text = "0x";
  for (unsigned i = size; i > 0; --i)
    text += layout::hex_text(test::ascending(1, static_cast<std::uint8_t>(offset + i)));
  return text;
}

// Offsets of section 2.4 of the facts; what stands before CS is the same in every form.
struct Gpr64Offsets {
  std::size_t size, rflags, rip, cr0, cr1, cr2, cr3, cr4, cr8, gdtr, idtr, ldtr, tr;
};

void expect_gpr64(const Gpr64Offsets& at) {
  SCOPED_TRACE(at.size);
  Values expected;
  const char* const general[] = {"RAX", "RBX", "RCX", "RDX", "RSI", "RDI", "RBP", "RSP",
                                 "R8",  "R9",  "R10", "R11", "R12", "R13", "R14", "R15"};
  for (std::size_t i = 0; i < 16; ++i) expected.emplace_back(general[i], number(8 * i, 8));
  const char* const segments[] = {"CS", "DS", "SS", "ES", "FS", "GS"};
  for (std::size_t i = 0; i < 6; ++i) expected.emplace_back(segments[i], number(128 + 2 * i, 2));
  expected.emplace_back("Reserved", layout::hex_text(test::ascending(at.rflags - 140, 141)));
  expected.emplace_back("RFLAGS", number(at.rflags, 8));
  expected.emplace_back("RIP", number(at.rip, 8));
  expected.emplace_back("CR0", number(at.cr0, 8));
  expected.emplace_back("CR1", number(at.cr1, 8));
  expected.emplace_back("CR2", number(at.cr2, 8));
  expected.emplace_back("CR3", number(at.cr3, 8));
  expected.emplace_back("CR4", number(at.cr4, 8));
  if (at.cr8 != 0) expected.emplace_back("CR8", number(at.cr8, 8));
  expected.emplace_back("GDTR[0]", number(at.gdtr, 8));
  expected.emplace_back("GDTR[1]", number(at.gdtr + 8, 8));
  expected.emplace_back("IDTR[0]", number(at.idtr, 8));
  expected.emplace_back("IDTR[1]", number(at.idtr + 8, 8));
  expected.emplace_back("LDTR", number(at.ldtr, 2));
  expected.emplace_back("TR", number(at.tr, 2));
  if (at.size == 256) expected.emplace_back("Padding", layout::hex_text(test::ascending(12, 245)));
  EXPECT_EQ(registers(3, at.size), expected);
}

TEST(XpfContext, Registers64HaveFourForms) {
  expect_gpr64({.size = 256,
                .rflags = 144,
                .rip = 152,
                .cr0 = 160,
                .cr1 = 168,
                .cr2 = 176,
                .cr3 = 184,
                .cr4 = 192,
                .cr8 = 200,
                .gdtr = 208,
                .idtr = 224,
                .ldtr = 240,
                .tr = 242});
  expect_gpr64({.size = 244,
                .rflags = 144,
                .rip = 152,
                .cr0 = 160,
                .cr1 = 168,
                .cr2 = 176,
                .cr3 = 184,
                .cr4 = 192,
                .cr8 = 200,
                .gdtr = 208,
                .idtr = 224,
                .ldtr = 240,
                .tr = 242});
  expect_gpr64({.size = 242,
                .rflags = 142,
                .rip = 150,
                .cr0 = 158,
                .cr1 = 166,
                .cr2 = 174,
                .cr3 = 182,
                .cr4 = 190,
                .cr8 = 198,
                .gdtr = 206,
                .idtr = 222,
                .ldtr = 238,
                .tr = 240});
  expect_gpr64({.size = 236,
                .rflags = 144,
                .rip = 152,
                .cr0 = 160,
                .cr1 = 168,
                .cr2 = 176,
                .cr3 = 184,
                .cr4 = 192,
                .cr8 = 0,
                .gdtr = 200,
                .idtr = 216,
                .ldtr = 232,
                .tr = 234});
}

TEST(XpfContext, TheSizeSaysWhichForm) {
  EXPECT_EQ(registers(3, 235).front().first, "RegisterData");
  const auto cr8 = [](std::size_t size) { return test::value_at(registers(3, size), "CR8"); };
  EXPECT_EQ(cr8(236), "");
  EXPECT_EQ(cr8(241), "");
  EXPECT_EQ(cr8(242), number(198, 8));
  EXPECT_EQ(cr8(243), number(198, 8));
  EXPECT_EQ(cr8(244), number(200, 8));
  EXPECT_EQ(test::value_at(registers(3, 255), "Padding"), "");
  EXPECT_EQ(test::value_at(registers(3, 255), "Unread"), layout::hex_text(test::ascending(11, 245)));
  EXPECT_EQ(test::value_at(registers(3, 257), "Unread"), "01");
}

TEST(XpfContext, FloatingPointRegisters) {
  const Values found = registers(4, 512);
  ASSERT_EQ(found.size(), 9u + 8u + 16u + 1u);
  EXPECT_EQ(Values(found.begin(), found.begin() + 9), (Values{{"FCW", "0x0201"},
                                                              {"FSW", "0x0403"},
                                                              {"FTW", "0x05"},
                                                              {"Reserved", "06"},
                                                              {"FOP", "0x0807"},
                                                              {"FIP", "0x100f0e0d0c0b0a09"},
                                                              {"FDP", "0x1817161514131211"},
                                                              {"MXCSR", "0x1c1b1a19"},
                                                              {"MXCSR_MASK", "0x201f1e1d"}}));
  for (std::size_t i = 0; i < 24; ++i) {
    EXPECT_EQ(found[9 + i].first, i < 8 ? "ST" + std::to_string(i) : "XMM" + std::to_string(i - 8));
    EXPECT_EQ(found[9 + i].second,
              layout::hex_text(test::ascending(16, static_cast<std::uint8_t>(33 + 16 * i))));
  }
  EXPECT_EQ(found.back().first, "Reserved2");
  EXPECT_EQ(registers(4, 511).front().first, "RegisterData");
}

TEST(XpfContext, ListsOfRegisters) {
  EXPECT_EQ(registers(1, 16), (Values{{"Register[0].Value", "0x0807060504030201"},
                                      {"Register[1].Value", "0x100f0e0d0c0b0a09"}}));
  EXPECT_EQ(registers(1, 9), (Values{{"Register[0].Value", "0x0807060504030201"}, {"Unread", "09"}}));
  EXPECT_EQ(test::broken(kXpfContextInfo, context(1, 9)),
            std::vector<std::string>{"element-outside-section at RegisterData.Register[1]"});
  EXPECT_EQ(registers(5, 8),
            (Values{{"Register[0].Value", "0x04030201"}, {"Register[1].Value", "0x08070605"}}));
  EXPECT_EQ(registers(6, 8), (Values{{"Register[0].Value", "0x0807060504030201"}}));
  EXPECT_EQ(registers(0, 2), (Values{{"RegisterData", "0102"}}));
  EXPECT_EQ(registers(8, 2), (Values{{"RegisterData", "0102"}}));
}

TEST(XpfContext, TheSizeLocatesTheNextOne) {
  Buffer body(64, 0);
  store_le<std::uint16_t>(body.data(), counts(0, 2));
  const Buffer two = test::join(test::join(body, context(7, 3)), context(2, 92));
  EXPECT_EQ(value_of(kXpfProcessor, two, "ContextInfo[0].RegisterData"), "010203");
  EXPECT_EQ(value_of(kXpfProcessor, two, "ContextInfo[1].RegisterData.TR"), "0x5c5b");
  EXPECT_TRUE(test::broken(kXpfProcessor, two).empty());
  EXPECT_EQ(test::broken(kXpfProcessor, Bytes(two).first(two.size() - 1)),
            std::vector<std::string>{"element-outside-section at ContextInfo[1]"});
}

// ---- contexts that start 64 bytes late ----

// As in a record of Windows 11: one processor information, an empty slot, then the context at 192 and eight
// bytes that belong to nothing.
Buffer misplaced() {
  Buffer body(224, 0);
  store_le<std::uint16_t>(body.data(), counts(1, 1));
  store_le<std::uint64_t>(&body[64 + 24], 0x14009f);
  store_le<std::uint16_t>(&body[192], 1);
  store_le<std::uint16_t>(&body[194], 8);
  store_le<std::uint32_t>(&body[196], 0x180);
  store_le<std::uint64_t>(&body[208], 0x0102030405060708);
  return body;
}

TEST(XpfMisplaced, TheContextIsFoundBehindTheEmptySlot) {
  const Buffer body = misplaced();
  ASSERT_EQ(xpf_processor_form(body), &kXpfProcessorMisplaced);
  const Values found = test::values(kXpfProcessorMisplaced, body);
  EXPECT_EQ(test::value_at(found, "ProcInfo[0].CheckInfo"), "0x000000000014009f (not valid)");
  EXPECT_EQ(test::value_at(found, "EmptyProcInfo.TargetId"), "0x0000000000000000 (not valid)");
  EXPECT_EQ(Values(found.end() - 6, found.end()),
            (Values{{"ContextInfo[0].RegisterContextType", "MSR (1)"},
                    {"ContextInfo[0].RegisterDataSize", "8"},
                    {"ContextInfo[0].MSRAddress", "0x00000180"},
                    {"ContextInfo[0].MmRegisterAddress", "0x0000000000000000"},
                    {"ContextInfo[0].RegisterData.Register[0].Value", "0x0102030405060708"},
                    {"Unread", "0000000000000000"}}));
  EXPECT_TRUE(test::broken(kXpfProcessorMisplaced, body).empty());
}

TEST(XpfMisplaced, OnlyWhereTheCountsPointAtNothing) {
  const auto form = [](auto change) {
    Buffer body = misplaced();
    change(body);
    return xpf_processor_form(body);
  };
  const auto set = [&](std::size_t at, std::uint8_t value) {
    return form([=](Buffer& body) { body[at] = value; });
  };
  const auto size = [&](std::size_t bytes) { return form([=](Buffer& body) { body.resize(bytes); }); };
  EXPECT_EQ(set(128, 1), &kXpfProcessor) << "a context where it should be";
  EXPECT_EQ(set(143, 1), &kXpfProcessor) << "its last byte";
  EXPECT_EQ(set(144, 1), &kXpfProcessorMisplaced) << "behind it";
  EXPECT_EQ(size(216), &kXpfProcessorMisplaced);
  EXPECT_EQ(size(215), &kXpfProcessor) << "the registers do not fit";
  EXPECT_EQ(set(194, 17), &kXpfProcessor) << "one byte too many";
  EXPECT_EQ(set(194, 16), &kXpfProcessorMisplaced);
  EXPECT_EQ(size(207), &kXpfProcessor) << "79 bytes for slot and header";
  EXPECT_EQ(form([](Buffer& body) {
              body.resize(208);
              body[194] = 0;
            }),
            &kXpfProcessorMisplaced)
      << "80 bytes for slot and header";
  EXPECT_EQ(form([](Buffer& body) { std::fill(body.begin() + 192, body.begin() + 208, 0); }), &kXpfProcessor)
      << "nothing there either";
  EXPECT_EQ(form([](Buffer& body) { store_le<std::uint16_t>(body.data(), counts(1, 0)); }), &kXpfProcessor);
  EXPECT_EQ(form([](Buffer& body) { store_le<std::uint16_t>(body.data(), counts(63, 63)); }), &kXpfProcessor);
}

TEST(XpfMisplaced, TheRecordSaysSo) {
  const Buffer body = misplaced();
  const Buffer bytes = *encode({}, std::vector<NewSection>{{.type = kSectionXpfProcessor, .body = body}});
  const Record record = Record::decode(bytes);
  ASSERT_EQ(record.findings().size(), 1u);
  const Finding& finding = record.findings()[0];
  EXPECT_EQ(finding.code, "context-misplaced");
  EXPECT_EQ(finding.severity, FindingSeverity::note);
  EXPECT_EQ(finding.path, "Sections[0].ContextInfo");
  EXPECT_EQ(finding.offset, 200u);
  ASSERT_EQ(record.sections()[0].layout, &kXpfProcessorMisplaced);
}

}  // namespace
}  // namespace wheatstone::cper
