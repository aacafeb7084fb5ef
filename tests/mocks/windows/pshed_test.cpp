#include "mocks/windows/pshed.hpp"

#include <gtest/gtest.h>

#include "formats/cper/compose.hpp"
#include "formats/cper/header.hpp"

namespace wheatstone::windows {
namespace {

Buffer record(std::uint64_t id) {
  const Buffer bytes(12, 0xaa);
  const cper::NewSection section{.type = cper::kSectionNmi, .body = bytes};
  return *cper::encode({.record_id = id}, {&section, 1});
}

ErrorSource source() {
  return {{.id = 1, .max_raw_data_length = 20, .max_sections_per_record = 2}, 100};
}

// Grows whatever it gets by `more` bytes and answers for `areas`.
class Growing : public PshedPlugin {
 public:
  Growing(std::uint32_t areas, std::size_t more) : areas_(areas), more_(more) {}

  std::uint32_t functional_areas() const override { return areas_; }
  NtStatus retrieve_error_info(const ErrorSourceDescriptor&, std::uint64_t, Buffer& packet) override {
    packet.resize(packet.size() + more_);
    return NtStatus::success;
  }
  NtStatus finalize_error_record(const ErrorSourceDescriptor&, std::uint32_t, Buffer& bytes) override {
    bytes.resize(bytes.size() + more_);
    return NtStatus::success;
  }
  NtStatus write_error_record(std::uint32_t flags, Bytes) override {
    written.push_back(flags);
    return NtStatus::success;
  }
  NtStatus attempt_recovery(Bytes) override { return NtStatus::success; }

  std::vector<std::uint32_t> written;

 private:
  std::uint32_t areas_;
  std::size_t more_;
};

TEST(Pshed, WithoutPluginAndStoreNothingHappens) {
  Pshed pshed(nullptr, nullptr);
  Buffer packet(80, 1), bytes = record(5);
  EXPECT_EQ(pshed.retrieve_error_info(source(), packet), NtStatus::success);
  EXPECT_EQ(packet, Buffer(80, 1));
  EXPECT_EQ(pshed.finalize_error_record(source(), bytes), NtStatus::success);
  EXPECT_EQ(pshed.clear_error_status(source(), bytes), NtStatus::success);
  EXPECT_EQ(pshed.write_error_record(0, bytes), NtStatus::not_supported);
  EXPECT_EQ(bytes, record(5));
  EXPECT_EQ(pshed.attempt_recovery(bytes), NtStatus::unsuccessful);
}

TEST(Pshed, WriteThroughErstMarksTheRecord) {
  RecordStore store;
  Pshed pshed(&store, nullptr);
  Buffer bytes = record(5);
  ASSERT_EQ(pshed.write_error_record(kDummyWrite, bytes), NtStatus::success);
  EXPECT_EQ(bytes[108], 0x45);
  EXPECT_EQ(bytes[109], 0x52);
  EXPECT_EQ(store.record_count(), 0u);
  ASSERT_EQ(pshed.write_error_record(0, bytes), NtStatus::success);
  EXPECT_EQ(store.read(5).record, bytes);
}

TEST(Pshed, ReadingEndsAtTheLastIdAndUnknownIdsAreNotFound) {
  RecordStore store;
  Pshed pshed(&store, nullptr);
  Buffer first = record(5), second = record(6), read;
  std::uint64_t next = 99;
  EXPECT_EQ(pshed.read_error_record(0, next, read), NtStatus::object_not_found);
  ASSERT_EQ(pshed.write_error_record(0, first), NtStatus::success);
  ASSERT_EQ(pshed.write_error_record(0, second), NtStatus::success);
  ASSERT_EQ(pshed.read_error_record(0, next, read), NtStatus::success);
  EXPECT_EQ(read, first);
  EXPECT_EQ(next, 6u);
  ASSERT_EQ(pshed.read_error_record(6, next, read), NtStatus::success);
  EXPECT_EQ(next, 6u) << "the current id says that there is no further record";
  EXPECT_EQ(pshed.read_error_record(7, next, read), NtStatus::object_not_found);
  EXPECT_EQ(pshed.clear_error_record(7), NtStatus::object_not_found);
  EXPECT_EQ(pshed.clear_error_record(5), NtStatus::success);
}

TEST(Pshed, FirmwareThatDoesNotAnswerIsUnsuccessful) {
  RecordStore store;
  store.set_available(false);
  Pshed pshed(&store, nullptr);
  Buffer bytes = record(5);
  EXPECT_EQ(pshed.write_error_record(kDummyWrite, bytes), NtStatus::unsuccessful);
}

TEST(Pshed, PluginMayGrowPacketAndRecordUpToTheirLimits) {
  Growing fits(kAreaErrorInfoRetrieval, 20);
  Growing too_long(kAreaErrorInfoRetrieval, 21);
  Buffer packet(80, 1);
  EXPECT_EQ(Pshed(nullptr, &fits).retrieve_error_info(source(), packet), NtStatus::success);
  EXPECT_EQ(packet.size(), 100u);
  packet.resize(80);
  EXPECT_EQ(Pshed(nullptr, &too_long).retrieve_error_info(source(), packet), NtStatus::buffer_too_small);
  EXPECT_EQ(packet, Buffer(80, 1));

  Buffer bytes(source().max_record() - 20, 2);
  const Buffer before = bytes;
  EXPECT_EQ(Pshed(nullptr, &too_long).finalize_error_record(source(), bytes), NtStatus::buffer_too_small);
  EXPECT_EQ(bytes, before);
  EXPECT_EQ(Pshed(nullptr, &fits).finalize_error_record(source(), bytes), NtStatus::success);
  EXPECT_EQ(bytes.size(), source().max_record());
}

TEST(Pshed, PluginIsAskedOnlyForItsAreas) {
  RecordStore store;
  Growing retrieval(kAreaErrorInfoRetrieval, 1);
  Buffer bytes = record(5);
  EXPECT_EQ(Pshed(&store, &retrieval).write_error_record(0, bytes), NtStatus::success);
  EXPECT_TRUE(retrieval.written.empty());
  EXPECT_EQ(store.record_count(), 1u);
  EXPECT_EQ(Pshed(&store, &retrieval).attempt_recovery(bytes), NtStatus::unsuccessful);

  Growing others(kAreaErrorRecordPersistence | kAreaErrorRecovery, 1);
  bytes = record(6);
  EXPECT_EQ(Pshed(&store, &others).write_error_record(kDummyWrite, bytes), NtStatus::success);
  EXPECT_EQ(others.written, std::vector<std::uint32_t>{kDummyWrite});
  EXPECT_EQ(store.record_count(), 1u) << "the plug-in's store, not the firmware's";
  EXPECT_EQ(bytes, record(6));
  EXPECT_EQ(Pshed(&store, &others).finalize_error_record(source(), bytes), NtStatus::success);
  EXPECT_EQ(bytes, record(6));
  EXPECT_EQ(Pshed(&store, &others).attempt_recovery(bytes), NtStatus::success);
}

}  // namespace
}  // namespace wheatstone::windows
