#include "mocks/windows/kernel.hpp"

#include <gtest/gtest.h>

#include "formats/cper/compose.hpp"
#include "formats/cper/header.hpp"
#include "formats/cper/record.hpp"
#include "formats/whea/packet.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::windows {
namespace {

using cper::Header;
using cper::Severity;
using whea::ErrorSourceType;

// Writes down what it is told, and the order of PSHED calls between.
class Notes : public KernelWitness {
 public:
  void record_written(Bytes record, const ErrorSourceDescriptor& source) override {
    order += "record ";
    records.emplace_back(record.begin(), record.end());
    source_ids.push_back(source.id);
  }
  void event_logged(const whea::Event& event) override {
    order += event.descriptor->id == 20 && event.descriptor->provider == &whea::kKernelWhea ? "event20 "
                                                                                            : "entry ";
    events.push_back(event);
  }

  std::string order;
  std::vector<Buffer> records;
  std::vector<std::uint32_t> source_ids;
  std::vector<whea::Event> events;
};

class NotedPlugin : public PshedPlugin {
 public:
  explicit NotedPlugin(Notes& notes) : notes_(notes) {}
  std::uint32_t functional_areas() const override {
    return kAreaErrorInfoRetrieval | kAreaErrorRecordPersistence | kAreaErrorRecovery;
  }
  NtStatus retrieve_error_info(const ErrorSourceDescriptor&, std::uint64_t, Buffer&) override {
    return note("retrieve ", NtStatus::success);
  }
  NtStatus finalize_error_record(const ErrorSourceDescriptor&, std::uint32_t, Buffer&) override {
    return note("finalize ", NtStatus::success);
  }
  NtStatus clear_error_status(const ErrorSourceDescriptor&, Bytes) override {
    return note("clear ", NtStatus::success);
  }
  NtStatus write_error_record(std::uint32_t flags, Bytes) override {
    return note(flags == kDummyWrite ? "dummy " : "write ", flags == kDummyWrite ? dummy : NtStatus::success);
  }
  NtStatus attempt_recovery(Bytes) override { return note("recover ", recovery); }

  NtStatus dummy = NtStatus::success;
  NtStatus recovery = NtStatus::unsuccessful;

 private:
  NtStatus note(const char* what, NtStatus status) {
    notes_.order += what;
    return status;
  }
  Notes& notes_;
};

class KernelTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kPool = 0xffffa48c00000000;

  KernelTest() {
    const SourceRequest more[] = {{.type = ErrorSourceType::pcie},
                                  {.type = ErrorSourceType::generic, .max_sections_per_record = 1},
                                  {.type = ErrorSourceType::device_driver}};
    use(more);
  }

  void use(std::span<const SourceRequest> requests) {
    sources = std::move(*ErrorSourceTable::discover(platform, requests));
  }

  Kernel kernel(PshedPlugin* plugin = nullptr) {
    pshed.emplace(plugin == nullptr ? &store : nullptr, plugin);
    return Kernel(platform, sources, *pshed, clock, notes, kPool);
  }

  ErrorReport report(ErrorSourceType source, Severity severity, std::uint32_t flags = 0) {
    const Guid type = source == ErrorSourceType::mce || source == ErrorSourceType::cmc ? cper::kSectionXpfMca
                      : source == ErrorSourceType::pcie ? cper::kSectionPciExpress
                                                        : cper::kSectionMemory;
    Buffer body(type == cper::kSectionXpfMca ? 272 : type == cper::kSectionPciExpress ? 208 : 80, 0);
    if (type == cper::kSectionXpfMca) store_le<std::uint64_t>(body.data() + 40, 0xbea0000000000108);
    const ErrorSource* found = sources.find(source);
    return *handle_error(platform, {source, severity, {{{.type = type}, body}}, flags},
                         found == nullptr ? 0 : found->descriptor().id, clock.now());
  }

  static layout::View<Header> header(Bytes record) {
    return *layout::View<Header>::make(cper::kRecordHeader, record);
  }

  Platform platform{.profile = cper::find_profile("win10-2004"), .processors = 2};
  ErrorSourceTable sources;
  RecordStore store;
  std::optional<Pshed> pshed;
  VirtualClock clock{*parse_iso8601("2026-01-15T08:00:00Z")};
  Notes notes;
};

TEST_F(KernelTest, FatalMachineCheckStopsWithItsRecord) {
  Kernel kernel = this->kernel();
  const auto outcome = kernel.report_hw_error(report(ErrorSourceType::mce, Severity::fatal));
  ASSERT_TRUE(outcome.stop);
  ASSERT_EQ(notes.records.size(), 1u);
  EXPECT_EQ(notes.order, "record ") << "nothing is logged before the stop";
  EXPECT_EQ(outcome.stop->record, notes.records[0]);
  EXPECT_EQ(outcome.stop->record.size(), 936u);
  EXPECT_EQ(outcome.stop->bug_check,
            (dump::BugCheck{0x124, {0, outcome.stop->record_va, 0xbea00000, 0x00000108}}));
  EXPECT_EQ(outcome.stop->record_va, kPool + 0x28) << "behind the wrapper of the first record";
  EXPECT_EQ(store.read(0).record, outcome.stop->record);
  EXPECT_EQ(outcome.stop->record[108], 0x45) << "marked by ERST";
}

TEST_F(KernelTest, CallsThePluginInTheDocumentedOrder) {
  NotedPlugin plugin(notes);
  Kernel kernel = this->kernel(&plugin);
  kernel.report_hw_error(report(ErrorSourceType::mce, Severity::fatal));
  EXPECT_EQ(notes.order, "retrieve dummy finalize write record ");
  notes.order.clear();
  kernel.report_hw_error(report(ErrorSourceType::cmc, Severity::corrected));
  EXPECT_EQ(notes.order, "retrieve dummy finalize clear record event20 entry ");
  notes.order.clear();
  EXPECT_TRUE(kernel.report_hw_error(report(ErrorSourceType::mce, Severity::recoverable)).stop);
  EXPECT_EQ(notes.order, "retrieve dummy finalize recover write record ");
}

TEST_F(KernelTest, RecoveryByThePluginMakesTheRecordCorrected) {
  NotedPlugin plugin(notes);
  plugin.recovery = NtStatus::success;
  Kernel kernel = this->kernel(&plugin);
  EXPECT_FALSE(kernel.report_hw_error(report(ErrorSourceType::mce, Severity::recoverable)).stop);
  EXPECT_EQ(notes.order, "retrieve dummy finalize recover clear record event20 entry ");
  EXPECT_EQ(header(notes.records[0])[Header::kSeverity], 2u);
  EXPECT_EQ(header(notes.records[0])[Header::kFlags], cper::kFlagRecovered);
}

TEST_F(KernelTest, AfterAFailedDummyWriteThereAreNoMore) {
  NotedPlugin plugin(notes);
  plugin.dummy = NtStatus::unsuccessful;
  Kernel kernel = this->kernel(&plugin);
  kernel.report_hw_error(report(ErrorSourceType::cmc, Severity::corrected));
  kernel.report_hw_error(report(ErrorSourceType::cmc, Severity::corrected));
  EXPECT_EQ(
      notes.order,
      "retrieve dummy finalize clear record event20 entry retrieve finalize clear record event20 entry ");
}

TEST_F(KernelTest, CorrectedErrorIsLoggedAsTheRecordIs) {
  Kernel kernel = this->kernel();
  EXPECT_FALSE(kernel.report_hw_error(report(ErrorSourceType::cmc, Severity::corrected)).stop);
  ASSERT_EQ(notes.events.size(), 2u);
  EXPECT_EQ(std::get<Buffer>(*notes.events[0].find("RawData")), notes.records[0]);
  EXPECT_EQ(notes.events[1].descriptor->id, 19);
  EXPECT_EQ(std::get<Buffer>(*notes.events[1].find("RawData")), notes.records[0]);
  EXPECT_EQ(store.record_count(), 0u);
  EXPECT_EQ(sources.find(ErrorSourceType::cmc)->error_count(), 1u);
}

TEST_F(KernelTest, RecordIdsCountFromTheStart) {
  Kernel kernel = this->kernel();
  clock.advance_by(FileTime::kPerSecond);
  for (int i = 0; i < 2; ++i) kernel.report_hw_error(report(ErrorSourceType::cmc, Severity::corrected));
  const std::uint64_t start = parse_iso8601("2026-01-15T08:00:00Z")->ticks;
  EXPECT_EQ(header(notes.records[0])[Header::kRecordId], start);
  EXPECT_EQ(header(notes.records[1])[Header::kRecordId], start + 1);
}

TEST_F(KernelTest, InformationalErrorIsIgnoredUnlessFromADriver) {
  Kernel kernel = this->kernel();
  auto outcome = kernel.report_hw_error(report(ErrorSourceType::generic, Severity::informational));
  EXPECT_EQ(outcome.status, NtStatus::success);
  EXPECT_EQ(notes.order, "");
  EXPECT_EQ(sources.find(ErrorSourceType::generic)->error_count(), 0u);
  kernel.report_hw_error(report(ErrorSourceType::device_driver, Severity::informational));
  EXPECT_EQ(notes.order, "record event20 entry ");
  EXPECT_EQ(header(notes.records[0])[Header::kFlags], cper::kFlagDeviceDriver);
  EXPECT_EQ(header(notes.records[0])[Header::kCreatorId], cper::kCreatorDeviceDriver);
}

TEST_F(KernelTest, PreviousErrorIsLoggedWithoutAStop) {
  Kernel kernel = this->kernel();
  const auto outcome =
      kernel.report_hw_error(report(ErrorSourceType::mce, Severity::fatal, whea::kPacketPreviousError));
  EXPECT_FALSE(outcome.stop);
  EXPECT_EQ(notes.order, "record event20 entry ");
  EXPECT_EQ(header(notes.records[0])[Header::kFlags], cper::kFlagPreviousError);
}

TEST_F(KernelTest, UnknownSourceStopsOnlyForAnUncorrectedError) {
  Kernel kernel = this->kernel();
  auto outcome = kernel.report_hw_error(report(ErrorSourceType::bmc, Severity::corrected));
  EXPECT_EQ(outcome.status, NtStatus::not_found);
  EXPECT_FALSE(outcome.stop);
  for (const Severity severity : {Severity::fatal, Severity::recoverable}) {
    outcome = kernel.report_hw_error(report(ErrorSourceType::bmc, severity));
    ASSERT_TRUE(outcome.stop);
    EXPECT_EQ(outcome.stop->bug_check, (dump::BugCheck{0x122, {9, 0xe, 0, 0}}));
    EXPECT_TRUE(outcome.stop->record.empty());
  }
  EXPECT_EQ(notes.order, "");
}

TEST_F(KernelTest, WithoutAPreallocatedRecordAnUncorrectedErrorStops) {
  const SourceRequest none[] = {{.type = ErrorSourceType::pcie, .id = 77, .records_to_preallocate = 0}};
  use(none);
  Kernel kernel = this->kernel();
  auto outcome = kernel.report_hw_error(report(ErrorSourceType::pcie, Severity::fatal));
  ASSERT_TRUE(outcome.stop);
  EXPECT_EQ(outcome.stop->bug_check, (dump::BugCheck{0x122, {0xa, 4, 77, 0}}));
  outcome = kernel.report_hw_error(report(ErrorSourceType::pcie, Severity::corrected));
  EXPECT_FALSE(outcome.stop);
  EXPECT_EQ(outcome.status, NtStatus::insufficient_resources);
  EXPECT_EQ(sources.find(ErrorSourceType::pcie)->failed_allocations(), 2u);
  EXPECT_EQ(sources.find(ErrorSourceType::pcie)->error_count(), 2u);
}

TEST_F(KernelTest, RecordThatDoesNotFitItsPlaceCannotBeFilled) {
  Kernel kernel = this->kernel();
  ErrorReport two = report(ErrorSourceType::generic, Severity::fatal);
  EXPECT_EQ(kernel.report_hw_error(two).stop->bug_check.code, 0x124u);
  two.further.push_back({{.type = cper::kSectionMemory}, Buffer(80, 0)});
  const auto outcome = kernel.report_hw_error(two);
  ASSERT_TRUE(outcome.stop);
  EXPECT_EQ(outcome.stop->bug_check.parameters[0], 0xbu) << "the source has one section for each record";

  const ErrorSource& pcie = *sources.find(ErrorSourceType::pcie);
  ErrorReport longest = report(ErrorSourceType::pcie, Severity::corrected);
  const std::size_t room = pcie.max_record() - 128 - 2 * 72 - 208;
  longest.further.push_back({{.type = cper::kSectionMemory}, Buffer(room, 0)});
  EXPECT_EQ(kernel.report_hw_error(longest).status, NtStatus::success);
  longest.further[0].body.push_back(0);
  EXPECT_EQ(kernel.report_hw_error(longest).status, NtStatus::unsuccessful);
  EXPECT_EQ(kernel.report_hw_error(report(ErrorSourceType::pcie, Severity::corrected)).status,
            NtStatus::success)
      << "the record is free again";
}

TEST_F(KernelTest, WhatIsNoPacketOrSeverityIsRefused) {
  Kernel kernel = this->kernel();
  EXPECT_EQ(kernel.report_hw_error({Buffer(10, 0), {}, {}}).status, NtStatus::invalid_parameter);
  EXPECT_EQ(kernel.report_hw_error(report(ErrorSourceType::mce, static_cast<Severity>(4))).status,
            NtStatus::invalid_parameter);
  EXPECT_EQ(notes.order, "");
}

TEST_F(KernelTest, NmiRaisesItsOwnBugCheck) {
  Kernel kernel = this->kernel();
  const auto nmi = handle_error(platform, {ErrorSourceType::nmi, Severity::fatal, {}, 0},
                                sources.find(ErrorSourceType::nmi)->descriptor().id, clock.now());
  const auto outcome = kernel.report_hw_error(*nmi);
  ASSERT_TRUE(outcome.stop);
  EXPECT_EQ(outcome.stop->bug_check, (dump::BugCheck{0x80, {0x4f4454, 0, 0, 0}}));
}

TEST_F(KernelTest, LeftOversAreLoggedOnceAndCleared) {
  {
    Kernel kernel = this->kernel();
    kernel.report_hw_error(report(ErrorSourceType::mce, Severity::fatal));
    kernel.report_hw_error(report(ErrorSourceType::pcie, Severity::fatal));
  }
  ASSERT_EQ(store.record_count(), 2u);
  const std::vector<Buffer> written = notes.records;
  notes = {};
  Kernel restarted = this->kernel();
  restarted.report_previous_errors();
  EXPECT_EQ(notes.order, "event20 entry event20 entry ");
  EXPECT_EQ(store.record_count(), 0u);
  for (std::size_t i = 0; i < 2; ++i) {
    Buffer expected = written[i];
    expected[104] |= 2;
    EXPECT_EQ(std::get<Buffer>(*notes.events[2 * i].find("RawData")), expected)
        << "only PreviousError is new";
  }
  notes = {};
  restarted.report_previous_errors();
  EXPECT_EQ(notes.order, "");
}

TEST_F(KernelTest, ReadyRecordsStayAsTheyAre) {
  Kernel kernel = this->kernel();
  for (const char* name : test::kRealRecords) {
    notes = {};
    const Buffer bytes = test::load_record(name);
    const auto outcome = kernel.report_record(ErrorSourceType::boot, bytes);
    EXPECT_FALSE(outcome.stop) << name;
    EXPECT_EQ(notes.order, "record event20 entry ") << name;
    EXPECT_EQ(notes.records[0], bytes);
    EXPECT_EQ(std::get<Buffer>(*notes.events[0].find("RawData")), bytes);
  }
}

TEST_F(KernelTest, ReadyFatalRecordStopsThroughAnyOtherSource) {
  Kernel kernel = this->kernel();
  Buffer bytes = test::load_record("multiple1");
  bytes[104] = 0;  // no PreviousError
  const auto outcome = kernel.report_record(ErrorSourceType::mce, bytes);
  ASSERT_TRUE(outcome.stop);
  EXPECT_EQ(outcome.stop->record, bytes);
  EXPECT_EQ(outcome.stop->bug_check, (dump::BugCheck{0x124, {0, kPool + 0x28, 0xbaa00000, 0x000c0135}}));
  EXPECT_EQ(store.record_count(), 1u);
}

TEST_F(KernelTest, ReadyRecordNeedsAHeaderAndRoomInAnEvent) {
  Kernel kernel = this->kernel();
  Buffer bytes = test::load_record("memory1");
  EXPECT_EQ(kernel.report_record(ErrorSourceType::boot, Bytes(bytes).first(127)).status,
            NtStatus::invalid_parameter);
  EXPECT_EQ(kernel.report_record(ErrorSourceType::boot, Bytes(bytes).first(128)).status, NtStatus::success);
  bytes.resize(Kernel::kMaxRecord);
  EXPECT_EQ(kernel.report_record(ErrorSourceType::boot, bytes).status, NtStatus::success);
  bytes.resize(Kernel::kMaxRecord + 1);
  EXPECT_EQ(kernel.report_record(ErrorSourceType::boot, bytes).status, NtStatus::invalid_parameter);
}

// BcParam3 and BcParam4 of the log data behind a driver's packet.
TEST_F(KernelTest, DriverSaysParametersThreeAndFour) {
  Kernel kernel = this->kernel();
  Buffer packet =
      *whea::encode_packet_v2({.error_type = whea::ErrorType::generic,
                               .source_id = sources.find(ErrorSourceType::device_driver)->descriptor().id,
                               .source_type = ErrorSourceType::device_driver,
                               .notify_type = cper::kNotifyDeviceDriver,
                               .data_format = whea::DataFormat::generic},
                              Buffer(8, 0x11));
  store_le<std::uint32_t>(&packet[20], 0x40000001);  // fatal, log data follows
  packet.resize(packet.size() + 104, 0);
  store_le<std::uint64_t>(&packet[packet.size() - 104 + 72], 0x3333);
  store_le<std::uint64_t>(&packet[packet.size() - 104 + 80], 0x4444);
  const auto outcome = kernel.report_hw_error(hand_over(platform, packet));
  ASSERT_TRUE(outcome.stop);
  EXPECT_EQ(outcome.stop->bug_check,
            (dump::BugCheck{0x124, {0x10, outcome.stop->record_va, 0x3333, 0x4444}}));
  EXPECT_EQ(header(notes.records.at(0))[Header::kSeverity], 1u) << "without the private bit";
}

TEST_F(KernelTest, PacketWhoseDataLiesOutsideHasAnEmptySection) {
  Kernel kernel = this->kernel();
  Buffer packet = *whea::encode_packet_v2({.source_id = 1}, Buffer(272, 0xff));
  store_le<std::uint32_t>(&packet[64], 0xffffffff);  // DataOffset
  const auto outcome = kernel.report_hw_error(hand_over(platform, packet));
  ASSERT_TRUE(outcome.stop);
  EXPECT_EQ(outcome.stop->bug_check, (dump::BugCheck{0x124, {0, outcome.stop->record_va, 0, 0}}));
  EXPECT_EQ(outcome.stop->record.size(), 200u);
}

TEST_F(KernelTest, VistaTakesTheParametersFromThePrimarySection) {
  platform.profile = cper::find_profile("vista-sp1");
  use({});
  Kernel kernel = this->kernel();
  const auto mce = kernel.report_hw_error(report(ErrorSourceType::mce, Severity::fatal));
  ASSERT_TRUE(mce.stop);
  EXPECT_EQ(mce.stop->bug_check, (dump::BugCheck{0x124, {0, mce.stop->record_va, 0xbea00000, 0x108}}));
  EXPECT_EQ(mce.stop->record_va, kPool + 0x30);
  const SourceRequest more[] = {{.type = ErrorSourceType::generic}};
  use(more);
  const auto memory = kernel.report_hw_error(report(ErrorSourceType::generic, Severity::fatal));
  ASSERT_TRUE(memory.stop);
  EXPECT_EQ(memory.stop->bug_check, (dump::BugCheck{0x124, {0, memory.stop->record_va, 0, 0}}))
      << "a generic source is not told";
}

}  // namespace
}  // namespace wheatstone::windows
