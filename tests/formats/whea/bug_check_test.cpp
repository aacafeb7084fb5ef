#include "formats/whea/bug_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cper/section.hpp"
#include "formats/cper/sections/nmi.hpp"
#include "tests/formats/whea/records.hpp"

namespace wheatstone::whea {
namespace {

using testing::ElementsAre;

constexpr std::uint64_t kVa = 0xffff8c0812345028;

std::optional<BugCheck> check(ErrorSourceType source, Bytes record) {
  return bug_check_for(source, cper::Record::decode(record), kVa);
}

TEST(BugCheckFor, SplitsTheStatusOfAMachineCheck) {
  const std::pair<std::uint64_t, std::array<std::uint64_t, 2>> kSeen[] = {
      {0xb200004000000800, {0xb2000040, 0x00000800}},
      {0xbe2000000005110a, {0xbe200000, 0x0005110a}},
      {0xf480000000040e0f, {0xf4800000, 0x00040e0f}},
      {0xb6004000e6000175, {0xb6004000, 0xe6000175}},
      {0xb600000000100153, {0xb6000000, 0x00100153}}};
  for (const auto& [status, halves] : kSeen)
    EXPECT_EQ(check(ErrorSourceType::mce, machine_check_record({.status = status})),
              (BugCheck{0x124, {0, kVa, halves[0], halves[1]}}));
}

TEST(BugCheckFor, TakesTheFirstMachineCheckOfSeveral) {
  const Buffer first = mca_body({.status = 0x1111111122222222}), second = mca_body({.status = 3});
  const Buffer memory(80, 0);
  const cper::NewSection sections[] = {
      {cper::kSectionMemory, memory}, {cper::kSectionXpfMca, first}, {cper::kSectionXpfMca, second}};
  EXPECT_EQ(check(ErrorSourceType::generic, *cper::encode({}, sections)),
            (BugCheck{0x124, {5, kVa, 0x11111111, 0x22222222}}));
}

TEST(BugCheckFor, HasNoStatusWithoutAMachineCheck) {
  EXPECT_EQ(check(ErrorSourceType::pcie, record_with(cper::kSectionPciExpress, Buffer(208, 0))),
            (BugCheck{0x124, {4, kVa, 0, 0}}));
  // A machine check section that is too short to have one.
  EXPECT_EQ(check(ErrorSourceType::mce, record_with(cper::kSectionXpfMca, Buffer(263, 0xff))),
            (BugCheck{0x124, {0, kVa, 0, 0}}));
}

TEST(BugCheckFor, RaisesNmiHardwareFailureUnlessTheHypervisorIsMeant) {
  Buffer nmi(12, 0);
  EXPECT_EQ(check(ErrorSourceType::nmi, record_with(cper::kSectionNmi, nmi)),
            (BugCheck{0x80, {0x4f4454, 0, 0, 0}}));
  nmi[8] = 1;
  EXPECT_EQ(check(ErrorSourceType::nmi, record_with(cper::kSectionNmi, nmi)),
            (BugCheck{0x124, {3, kVa, 0, 0}}));
}

TEST(BugCheckFor, RaisesNoneForWhatDoesNotStopTheMachine) {
  const auto with = [](cper::Severity severity, std::uint32_t flags) {
    return check(ErrorSourceType::mce, machine_check_record({}, {.severity = severity, .flags = flags}));
  };
  EXPECT_TRUE(with(cper::Severity::fatal, 0));
  EXPECT_TRUE(with(cper::Severity::recoverable, 0));
  EXPECT_FALSE(with(cper::Severity::corrected, 0));
  EXPECT_FALSE(with(cper::Severity::informational, 0));
  EXPECT_TRUE(with(cper::Severity::fatal, cper::kFlagSimulated));
  EXPECT_FALSE(with(cper::Severity::fatal, cper::kFlagPreviousError));
  const Buffer record = machine_check_record({});
  EXPECT_FALSE(check(ErrorSourceType::mce, Bytes(record).first(127)));
}

TEST(BugCheckFor, ReadsARealRecord) {
  Buffer record = read_record("multiple1");
  EXPECT_FALSE(check(ErrorSourceType::mce, record));  // it is of the session before
  layout::Editor<cper::Header>::make(cper::kRecordHeader, record)->set(cper::Header::kFlags, 0u);
  EXPECT_EQ(check(ErrorSourceType::mce, record), (BugCheck{0x124, {0, kVa, 0xbaa00000, 0x000c0135}}));
}

// P1 is the source type, whatever the source; the status is that of the record.
TEST(BugCheckFor, NamesEverySource) {
  for (std::uint32_t source = 0; source <= 0x12; ++source) {
    const bool own_parameters = source == 0x9 || source == 0x10;
    EXPECT_EQ(
        check(static_cast<ErrorSourceType>(source), machine_check_record({.status = 0xb200004000000800})),
        (BugCheck{0x124, {source, kVa, own_parameters ? 0u : 0xb2000040, own_parameters ? 0u : 0x800}}))
        << source;
  }
}

TEST(BugCheckFor, HandsOnWhatADriverSays) {
  const Buffer record = machine_check_record({.status = 0xb200004000000800});
  const cper::Record decoded = cper::Record::decode(record);
  const BugCheckContext context{.driver = {0x1122334455667788, 0x99}};
  EXPECT_EQ(bug_check_for(ErrorSourceType::device_driver, decoded, kVa, context),
            (BugCheck{0x124, {0x10, kVa, 0x1122334455667788, 0x99}}));
  EXPECT_EQ(bug_check_for(ErrorSourceType::mce, decoded, kVa, context),
            (BugCheck{0x124, {0, kVa, 0xb2000040, 0x800}}));
}

TEST(BugCheckFor, PointsAtTheSalLogOfAnItaniumMachineCheck) {
  constexpr Guid kSal = "6f3380d1-6eb0-497f-a578-4d4c65a71617"_guid;
  const Buffer memory(80, 0), log(40, 7);
  const cper::NewSection sections[] = {{cper::kSectionMemory, memory}, {kSal, log}};
  const Buffer record = *cper::encode({}, sections);
  const std::uint64_t at = 128 + 2 * 72 + 80;
  EXPECT_EQ(check(ErrorSourceType::ipf_mca, record), (BugCheck{0x124, {9, kVa, 40, kVa + at}}));
  EXPECT_EQ(check(ErrorSourceType::ipf_cmc, record), (BugCheck{0x124, {10, kVa, 0, 0}}));
  // A log that is not inside the record is none.
  EXPECT_EQ(check(ErrorSourceType::ipf_mca, Bytes(record).first(at)), (BugCheck{0x124, {9, kVa, 0, 0}}));
}

// ---- Vista and Server 2008

// MCA_EXCEPTION of a bank; type 0 makes it that of a Pentium.
Buffer exception(std::uint8_t bank, std::uint64_t status, std::uint32_t type = 1) {
  Buffer bytes(256, 0);
  store_le<std::uint32_t>(bytes.data(), 2);
  store_le<std::uint32_t>(bytes.data() + 4, type);
  bytes[24] = bank;
  store_le<std::uint64_t>(bytes.data() + 32, status);
  return bytes;
}

Buffer packet_v1(Bytes raw_data, std::uint32_t raw_format = 2) {
  Buffer bytes(280, 0);
  store_le<std::uint32_t>(bytes.data(), 0x74507245);  // "ErPt"
  store_le<std::uint32_t>(bytes.data() + 8, static_cast<std::uint32_t>(280 + raw_data.size()));
  store_le<std::uint32_t>(bytes.data() + 12, static_cast<std::uint32_t>(raw_data.size()));
  store_le<std::uint32_t>(bytes.data() + 52, 2);
  store_le<std::uint32_t>(bytes.data() + 272, raw_format);
  store_le<std::uint32_t>(bytes.data() + 276, 280);
  bytes.insert(bytes.end(), raw_data.begin(), raw_data.end());
  return bytes;
}

// A record with a primary section of that type, a machine check section and an error packet.
Buffer vista_record(const Guid& primary, std::size_t size, Bytes packet) {
  constexpr Guid kErrorPacket = "e71254e9-c1b9-4940-ab76-909703a4320f"_guid;
  const Buffer first(size, 0), mca = mca_body({.status = 0x1111111122222222});
  const cper::NewSection sections[] = {{cper::kSectionXpfMca, mca}, {primary, first}, {kErrorPacket, packet}};
  Buffer record = *cper::encode({}, sections);
  for (std::size_t i = 0; i < 3; ++i)
    layout::Editor<cper::Descriptor>::make(cper::kSectionDescriptor,
                                           MutableBytes(record).subspan(128 + 72 * i, 72))
        ->set(cper::Descriptor::kFlags, i == 1 ? 1u : 0u);
  return record;
}

std::optional<BugCheck> check_by_build(std::uint32_t build, const Buffer& record) {
  return bug_check_for(ErrorSourceType::generic, cper::Record::decode(record), kVa, {.build = build});
}

TEST(BugCheckForVista, SplitsTheStatusOfTheErrorPacket) {
  const Buffer record =
      vista_record(cper::kSectionProcessorGeneric, 192, packet_v1(exception(4, 0xb200004000000800)));
  EXPECT_EQ(check_by_build(6001, record), (BugCheck{0x124, {0, kVa, 0xb2000040, 0x800}}));
  EXPECT_EQ(check_by_build(7599, record), (BugCheck{0x124, {0, kVa, 0xb2000040, 0x800}}));
  EXPECT_EQ(check_by_build(7600, record), (BugCheck{0x124, {5, kVa, 0x11111111, 0x22222222}}));
}

TEST(BugCheckForVista, HasNoStatusWithoutAnExceptionOfABank) {
  constexpr BugCheck kNoStatus{0x124, {0, kVa, 0, 0}};
  const auto with = [](const Buffer& packet) {
    return check_by_build(6001, vista_record(cper::kSectionProcessorGeneric, 192, packet));
  };
  const Buffer good = exception(4, 0xb200004000000800);
  EXPECT_EQ(with(packet_v1(exception(4, 0xb200004000000800, 0))), kNoStatus);
  EXPECT_EQ(with(packet_v1(exception(4, 0xb200004000000800, 2))), kNoStatus);
  EXPECT_EQ(with(packet_v1(Bytes(good).first(255))), kNoStatus);
  EXPECT_EQ(with(packet_v1(good, 9)), kNoStatus);
  EXPECT_EQ(with(Buffer(280, 0)), kNoStatus);
  EXPECT_EQ(check_by_build(6001, machine_check_record({.status = 0xb200004000000800})), kNoStatus);
}

TEST(BugCheckForVista, GoesByThePrimarySection) {
  const Buffer packet = packet_v1(exception(4, 0xb200004000000800));
  EXPECT_EQ(check_by_build(6001, vista_record(cper::kSectionPciExpress, 208, packet)),
            (BugCheck{0x124, {4, kVa, 0, 0}}));
  EXPECT_EQ(check_by_build(6001, vista_record(cper::kSectionMemory, 80, packet)),
            (BugCheck{0x124, {0, kVa, 0, 0}}));
  EXPECT_EQ(check_by_build(6001, vista_record(Guid{}, 80, packet)), (BugCheck{0x124, {0, kVa, 0, 0}}));
}

TEST(BugCheckForException, TellsABankFromAPentium) {
  Buffer bytes = exception(27, 0xb200004000000800);
  EXPECT_EQ(bug_check_for_exception(bytes, kVa), (BugCheck{0x9c, {27, kVa, 0xb2000040, 0x800}}));
  store_le<std::uint32_t>(bytes.data() + 4, 0);
  store_le<std::uint64_t>(bytes.data() + 24, 0xaabbccdd11223344);
  EXPECT_EQ(bug_check_for_exception(bytes, kVa), (BugCheck{0x9c, {0x800, kVa, 0xaabbccdd, 0x11223344}}));
  store_le<std::uint32_t>(bytes.data() + 4, 2);
  EXPECT_EQ(bug_check_for_exception(bytes, kVa), std::nullopt);
  EXPECT_EQ(bug_check_for_exception(Bytes(bytes).first(255), kVa), std::nullopt);
}

TEST(Describe, PrintsAMachineCheckAsTheDebuggerDoes) {
  EXPECT_THAT(describe({0x124, {0, kVa, 0xb2000040, 0x800}}),
              ElementsAre("WHEA_UNCORRECTABLE_ERROR (124)",
                          "Arguments:", "Arg1: 0000000000000000, Machine Check Exception",
                          "Arg2: ffff8c0812345028, Address of the WHEA_ERROR_RECORD structure.",
                          "Arg3: 00000000b2000040, High order 32-bits of the MCi_STATUS value.",
                          "Arg4: 0000000000000800, Low order 32-bits of the MCi_STATUS value."));
}

TEST(Describe, LeavesOutWhatIsNotDocumented) {
  EXPECT_THAT(
      describe({0x124, {4, kVa, 0, 0}}),
      ElementsAre("WHEA_UNCORRECTABLE_ERROR (124)", "Arguments:", "Arg1: 0000000000000004, PCI Express Error",
                  "Arg2: ffff8c0812345028, Address of the WHEA_ERROR_RECORD structure.",
                  "Arg3: 0000000000000000", "Arg4: 0000000000000000"));
  EXPECT_THAT(describe({0xdead, {1, 2, 3, 4}}),
              ElementsAre("Unknown bugcheck code (dead)", "Arguments:", "Arg1: 0000000000000001",
                          "Arg2: 0000000000000002", "Arg3: 0000000000000003", "Arg4: 0000000000000004"));
}

constexpr std::string_view kRecordText = "Address of the WHEA_ERROR_RECORD structure.";

TEST(ParameterMeanings, NameEverySourceOf124) {
  const std::string_view kSources[] = {"Machine Check Exception",
                                       "Corrected Machine Check",
                                       "Corrected Platform Error",
                                       "Nonmaskable Interrupt",
                                       "PCI Express Error",
                                       "Generic Error",
                                       "Initialization Error",
                                       "BOOT Error",
                                       "SCI Generic Error",
                                       "Itanium Machine Check Abort",
                                       "Itanium Corrected Machine Check",
                                       "Itanium Corrected Platform Error",
                                       "Generic Error, version 2",
                                       "SCI Generic Error, version 2",
                                       "BMC Error",
                                       "Persistent Memory Error",
                                       "Error Source Type",
                                       "Arm Synchronous External Abort",
                                       "Arm SError Interrupt",
                                       "Error Source Type"};
  for (std::uint64_t source = 0; source < std::size(kSources); ++source) {
    const auto meanings = parameter_meanings({0x124, {source}});
    EXPECT_EQ(meanings[0], kSources[source]) << source;
    EXPECT_EQ(meanings[1], kRecordText) << source;
    const bool has_more = source == 0 || source == 0x9 || source == 0x10;
    EXPECT_EQ(meanings[2].empty(), !has_more) << source;
    EXPECT_EQ(meanings[3].empty(), !has_more) << source;
  }
  EXPECT_EQ(parameter_meanings({0x124, {9}})[2], "Length of the SAL log.");
  EXPECT_EQ(parameter_meanings({0x124, {9}})[3], "Address of the SAL log.");
  EXPECT_EQ(parameter_meanings({0x124, {0x10}})[2], "Third parameter of the driver.");
}

TEST(ParameterMeanings, NameEveryCauseOf122) {
  const std::array<std::string_view, 4> kCauses[] = {
      {},
      {"No memory for the error source table", "Memory size", "Number of error sources"},
      {"No memory for the per-processor block", "Number of processors"},
      {},
      {},
      {"Error sources could not be allocated or enumerated", "NTSTATUS", "Phase"},
      {"Error source could not be initialized", "NTSTATUS", "Phase", "Error source type"},
      {"No memory", "NTSTATUS"},
      {"No memory for the error source descriptors", "Number of error sources"},
      {"Uncorrected error from an unknown source", "Error source type", "Error source ID"},
      {"No error record for an uncorrected error", "Error source type", "Error source ID"},
      {"Error record could not be filled", "Error source type", "Error source ID"},
      {}};
  for (std::uint64_t cause = 0; cause < std::size(kCauses); ++cause)
    EXPECT_EQ(parameter_meanings({0x122, {cause}}), kCauses[cause]) << cause;
}

TEST(ParameterMeanings, OfA9CGoByWhatRaisedIt) {
  const BugCheck check{0x9c, {4, kVa, 0xb2000040, 0x800}};
  using Four = std::array<std::string_view, 4>;
  EXPECT_EQ(parameter_meanings(check), (Four{"Bank number", "Address of the MCA_EXCEPTION structure.",
                                             "High order 32-bits of the MCi_STATUS value.",
                                             "Low order 32-bits of the MCi_STATUS value."}));
  EXPECT_EQ(parameter_meanings(check, MachineCheckUnit::pentium),
            (Four{"Low order 32-bits of P5_MC_TYPE.", "Address of the MCA_EXCEPTION structure.",
                  "High order 32-bits of P5_MC_ADDR.", "Low order 32-bits of P5_MC_ADDR."}));
  EXPECT_EQ(parameter_meanings(check, MachineCheckUnit::itanium),
            (Four{"Subtype: 1 to 5 machine check abort, b to e INIT", "Address of the log", "Size of the log",
                  "Error code"}));
  EXPECT_EQ(describe(check, MachineCheckUnit::itanium)[3], "Arg2: ffff8c0812345028, Address of the log");
}

TEST(ParameterMeanings, OfA12BGoByTheBuffers) {
  EXPECT_EQ(parameter_meanings({0x12b, {kVa, 0x1234, 0, 0}}),
            (std::array<std::string_view, 4>{"Virtual address that maps the corrupted page",
                                             "Physical page number"}));
  for (const BugCheck& stored : {BugCheck{0x12b, {1, 2, kVa, 0}}, BugCheck{0x12b, {1, 2, 0, kVa}}})
    EXPECT_EQ(
        parameter_meanings(stored),
        (std::array<std::string_view, 4>{"Failure status", "Compressed size", "Address of the source buffer",
                                         "Address of the target buffer"}));
}

TEST(ParameterMeanings, OfNmiHardwareFailureAreThoseOfTheKernelOnly) {
  EXPECT_EQ(parameter_meanings({0x80, {0x4f4454}})[0], "The bytes 'TDO'");
  EXPECT_EQ(parameter_meanings({0x80, {0}})[0], "");
}

TEST(ParameterMeanings, GoByTheFirstParameterWhereTheyDiffer) {
  EXPECT_EQ(parameter_meanings({0x124, {0x10}})[0], "Error Source Type");
  EXPECT_EQ(parameter_meanings({0x124, {0x99}})[1], "Address of the WHEA_ERROR_RECORD structure.");
  EXPECT_EQ(parameter_meanings({0x122, {6}})[3], "Error source type");
  EXPECT_EQ(parameter_meanings({0x122, {9}})[2], "Error source ID");
  EXPECT_EQ(parameter_meanings({0x122, {3}})[0], "");
  EXPECT_EQ(parameter_meanings({0x1a, {0x3f}})[2], "CRC of the page");
  EXPECT_EQ(parameter_meanings({0x1a, {0x41792}})[1], "Address of the page table entry");
  EXPECT_EQ(parameter_meanings({0x1a, {0x1234}})[0], "Subtype");
  EXPECT_EQ(parameter_meanings({0xf4, {3}})[0], "Process");
  EXPECT_EQ(parameter_meanings({0x9c, {4}})[1], "Address of the MCA_EXCEPTION structure.");
}

TEST(BugCheckName, KnowsTheHardwareRelatedCodes) {
  const std::pair<std::uint32_t, std::string_view> kNames[] = {
      {0x124, "WHEA_UNCORRECTABLE_ERROR"},   {0x122, "WHEA_INTERNAL_ERROR"},
      {0x9c, "MACHINE_CHECK_EXCEPTION"},     {0x80, "NMI_HARDWARE_FAILURE"},
      {0x101, "CLOCK_WATCHDOG_TIMEOUT"},     {0x12b, "FAULTY_HARDWARE_CORRUPTED_PAGE"},
      {0x1a, "MEMORY_MANAGEMENT"},           {0x2e, "DATA_BUS_ERROR"},
      {0x50, "PAGE_FAULT_IN_NONPAGED_AREA"}, {0x7a, "KERNEL_DATA_INPAGE_ERROR"},
      {0xf4, "CRITICAL_OBJECT_TERMINATION"}, {0x125, ""}};
  for (const auto& [code, name] : kNames) EXPECT_EQ(bug_check_name(code), name);
}

}  // namespace
}  // namespace wheatstone::whea
