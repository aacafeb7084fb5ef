#include "mocks/windows/record_store.hpp"

#include <gtest/gtest.h>

#include "formats/cper/compose.hpp"

namespace wheatstone::windows {
namespace {

Buffer record(std::uint64_t id, std::size_t body = 8) {
  const Buffer bytes(body, 0xaa);
  const cper::NewSection section{.type = cper::kSectionNmi, .body = bytes};
  return *cper::encode({.record_id = id}, {&section, 1});
}

TEST(RecordStore, GivesBackWhatWasWrittenInOrder) {
  RecordStore store;
  EXPECT_EQ(store.read(RecordStore::kFirstRecord).status, ErstStatus::record_store_empty);
  ASSERT_EQ(store.write(record(7)), ErstStatus::success);
  ASSERT_EQ(store.write(record(3)), ErstStatus::success);
  const auto first = store.read(RecordStore::kFirstRecord);
  EXPECT_EQ(first.record, record(7));
  EXPECT_EQ(first.next, 3u);
  const auto last = store.read(3);
  EXPECT_EQ(last.record, record(3));
  EXPECT_EQ(last.next, RecordStore::kNoRecord);
  EXPECT_EQ(store.read(4).status, ErstStatus::record_not_found);
}

TEST(RecordStore, SameIdIsReplaced) {
  RecordStore store;
  ASSERT_EQ(store.write(record(7)), ErstStatus::success);
  ASSERT_EQ(store.write(record(7, 20)), ErstStatus::success);
  EXPECT_EQ(store.record_count(), 1u);
  EXPECT_EQ(store.read(7).record, record(7, 20));
}

TEST(RecordStore, FillsUpToTheLastByte) {
  const std::size_t one = record(1).size();
  RecordStore store(2 * one);
  EXPECT_EQ(store.write(record(1)), ErstStatus::success);
  EXPECT_EQ(store.write(record(2, 9)), ErstStatus::not_enough_space);
  EXPECT_EQ(store.write(record(2)), ErstStatus::success);
  EXPECT_EQ(store.dummy_write(record(3)), ErstStatus::not_enough_space);
  EXPECT_EQ(store.write(record(2)), ErstStatus::success) << "replacing needs no space of its own";
  EXPECT_EQ(store.clear(1), ErstStatus::success);
  EXPECT_EQ(store.dummy_write(record(3)), ErstStatus::success);
  EXPECT_EQ(store.record_count(), 1u) << "a dummy write stores nothing";
}

TEST(RecordStore, RefusesReservedIdsAndWhatIsNoRecord) {
  RecordStore store;
  EXPECT_EQ(store.write(record(0)), ErstStatus::failed);
  EXPECT_EQ(store.write(record(~std::uint64_t{0})), ErstStatus::failed);
  Buffer bytes = record(1);
  EXPECT_EQ(store.write(Bytes(bytes).first(127)), ErstStatus::failed);
  EXPECT_EQ(store.write(Bytes(bytes).first(128)), ErstStatus::success);
}

TEST(RecordStore, ClearSaysWhatIsMissing) {
  RecordStore store;
  EXPECT_EQ(store.clear(1), ErstStatus::record_store_empty);
  ASSERT_EQ(store.write(record(1)), ErstStatus::success);
  EXPECT_EQ(store.clear(2), ErstStatus::record_not_found);
  EXPECT_EQ(store.clear(1), ErstStatus::success);
  EXPECT_EQ(store.record_count(), 0u);
}

TEST(RecordStore, WithoutHardwareEveryCallSaysSo) {
  RecordStore store;
  ASSERT_EQ(store.write(record(1)), ErstStatus::success);
  store.set_available(false);
  EXPECT_EQ(store.write(record(2)), ErstStatus::hardware_not_available);
  EXPECT_EQ(store.dummy_write(record(2)), ErstStatus::hardware_not_available);
  EXPECT_EQ(store.read(1).status, ErstStatus::hardware_not_available);
  EXPECT_EQ(store.clear(1), ErstStatus::hardware_not_available);
  store.set_available(true);
  EXPECT_EQ(store.read(1).record, record(1));
}

}  // namespace
}  // namespace wheatstone::windows
