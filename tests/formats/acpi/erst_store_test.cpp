#include "formats/acpi/erst_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>

#include "formats/cper/compose.hpp"
#include "formats/layout/assign.hpp"
#include "tests/support/json_syntax.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::acpi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> said(Bytes bytes) {
  std::vector<std::string> all;
  const ErstStore store = ErstStore::decode(bytes);
  for (const Finding& finding : store.findings())
    all.push_back(std::string(finding.code) + " at " + finding.path);
  return all;
}

Buffer changed(Buffer store, std::size_t offset, std::uint64_t value, unsigned width) {
  store_le(&store[offset], value, width);
  return store;
}

Buffer record(std::uint64_t id, std::size_t body = 12) {
  const Buffer bytes(body, static_cast<std::uint8_t>(id));
  return cper::encode({.record_id = id},
                      std::vector<cper::NewSection>{{.type = cper::kSectionNmi, .body = bytes}})
      .value();
}

// Eight slots, the first of which is the header's.
Buffer store_with(std::initializer_list<std::uint64_t> ids) {
  Buffer store = make_erst_store(8 * 8192).value();
  for (const std::uint64_t id : ids) EXPECT_TRUE(put_record(store, record(id)));
  return store;
}

TEST(ErstStore, AnEmptyOneHasTheseBytes) {
  const Buffer store = make_erst_store(0x20000).value();
  Buffer expected = layout::parse_hex_bytes("45525354 53544f52 00200000 00200000 0001 0000 00000000").value();
  expected.resize(0x20000, 0);
  EXPECT_EQ(store, expected);
  EXPECT_THAT(said(store), IsEmpty());
  EXPECT_TRUE(ErstStore::decode(store).records().empty());
}

TEST(ErstStore, ARecordGoesIntoTheFirstFreeSlotAndTheMap) {
  Buffer expected = make_erst_store(8 * 8192).value();
  const Buffer first = record(0x1112131415161718);
  store_le<std::uint32_t>(&expected[20], 1);
  store_le<std::uint64_t>(&expected[24 + 8], 0x1112131415161718);
  std::fill_n(expected.begin() + 8192, 8192, std::uint8_t{0xff});
  std::ranges::copy(first, expected.begin() + 8192);
  EXPECT_EQ(store_with({0x1112131415161718}), expected);
}

TEST(ErstStore, IsReadBack) {
  const Buffer bytes = store_with({7, 5, 9});
  EXPECT_THAT(said(bytes), IsEmpty());
  const ErstStore store = ErstStore::decode(bytes);
  ASSERT_EQ(store.records().size(), 3u);
  for (const std::size_t i : {0u, 1u, 2u}) {
    const StoredRecord& stored = store.records()[i];
    const std::uint64_t id = std::array{7u, 5u, 9u}[i];
    EXPECT_EQ(stored.slot, i + 1);
    EXPECT_EQ(stored.offset, (i + 1) * 8192);
    EXPECT_EQ(stored.id, id);
    EXPECT_FALSE(stored.deleted);
    EXPECT_EQ(Buffer(stored.bytes.begin(), stored.bytes.end()), record(id));
    EXPECT_EQ(store.find(id), &stored);
  }
  EXPECT_EQ(store.find(6), nullptr);
}

TEST(ErstStore, ARecordWithTheSameIdIsReplacedInItsSlot) {
  Buffer bytes = store_with({7, 5});
  ASSERT_TRUE(put_record(bytes, record(7, 3000)));
  ASSERT_TRUE(put_record(bytes, record(7, 4)));
  const ErstStore store = ErstStore::decode(bytes);
  EXPECT_THAT(said(bytes), IsEmpty());
  EXPECT_EQ(store.find(7)->slot, 1u);
  EXPECT_EQ(store.find(7)->bytes.size(), 204u);
  EXPECT_EQ(bytes[8192 + 204], 0xff) << "nothing is left of the longer record";
}

TEST(ErstStore, ADeletedRecordStaysInItsSlotUntilAnotherTakesIt) {
  Buffer bytes = store_with({7, 5});
  ASSERT_TRUE(remove_record(bytes, 7));
  EXPECT_THAT(said(bytes), IsEmpty());
  ErstStore store = ErstStore::decode(bytes);
  ASSERT_EQ(store.records().size(), 2u);
  EXPECT_TRUE(store.records()[0].deleted);
  EXPECT_EQ(store.records()[0].id, 7u);
  EXPECT_EQ(store.records()[0].bytes.size(), record(7).size());
  EXPECT_EQ(store.find(7), nullptr);
  EXPECT_EQ(load_le<std::uint32_t>(&bytes[20]), 1u);
  EXPECT_EQ(load_le<std::uint64_t>(&bytes[24 + 8]), 0u);
  ASSERT_TRUE(put_record(bytes, record(8)));
  store = ErstStore::decode(bytes);
  ASSERT_EQ(store.records().size(), 2u);
  EXPECT_EQ(store.records()[0].id, 8u);
  EXPECT_FALSE(store.records()[0].deleted);
  EXPECT_FALSE(remove_record(bytes, 7));
}

TEST(ErstStore, IsFullAtSomePoint) {
  Buffer bytes = store_with({1, 2, 3, 4, 5, 6, 7});
  const auto full = put_record(bytes, record(8));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().message, "the store is full");
  EXPECT_TRUE(put_record(bytes, record(3)));
  EXPECT_TRUE(remove_record(bytes, 4));
  EXPECT_TRUE(put_record(bytes, record(8)));
  EXPECT_THAT(said(bytes), IsEmpty());
}

TEST(ErstStore, RecordsThatDoNotFitAreRefused) {
  Buffer bytes = store_with({});
  EXPECT_TRUE(put_record(bytes, record(1, 8192 - 200)));
  EXPECT_FALSE(put_record(bytes, record(1, 8192 - 199)));
  const Buffer good = record(2);
  EXPECT_FALSE(put_record(bytes, Bytes(good).first(good.size() - 1))) << "Length says one byte more";
  EXPECT_FALSE(put_record(bytes, Bytes(good).first(127)));
  EXPECT_FALSE(put_record(bytes, changed(good, 20, 127, 4)));
  EXPECT_TRUE(put_record(bytes, changed(good, 20, 128, 4)));
  EXPECT_FALSE(put_record(bytes, changed(good, 0, 0, 1)));
  EXPECT_FALSE(put_record(bytes, changed(good, 96, 0, 8)));
  EXPECT_FALSE(put_record(bytes, changed(good, 96, ~std::uint64_t{0}, 8)));
  Buffer longer = good;
  longer.resize(300, 1);
  EXPECT_TRUE(put_record(bytes, longer));
  EXPECT_EQ(ErstStore::decode(bytes).find(2)->bytes.size(), good.size());
}

TEST(ErstStore, ReservedIdsAreNotThere) {
  Buffer bytes = store_with({1});
  EXPECT_FALSE(remove_record(bytes, 0));
  EXPECT_FALSE(remove_record(bytes, ~std::uint64_t{0}));
  EXPECT_EQ(load_le<std::uint32_t>(&bytes[20]), 1u);
}

TEST(ErstStore, AWriterTouchesNoStoreThatItCannotRead) {
  Buffer bytes = changed(store_with({1}), 0, 0, 1);
  const Buffer before = bytes;
  EXPECT_EQ(put_record(bytes, record(2)).error().kind, ErrorKind::malformed);
  EXPECT_EQ(remove_record(bytes, 1).error().kind, ErrorKind::malformed);
  EXPECT_EQ(bytes, before);
}

TEST(ErstStore, ALostRecordDoesNotKeepOthersOut) {
  Buffer bytes = changed(store_with({1, 2}), 8192, 0, 1);
  ASSERT_THAT(said(bytes), ElementsAre("slot-without-record at Map[1]"));
  EXPECT_TRUE(put_record(bytes, record(3)));
  EXPECT_TRUE(remove_record(bytes, 1));
  EXPECT_THAT(said(bytes), IsEmpty());
}

TEST(MakeErstStore, SizesThatAreAStore) {
  EXPECT_TRUE(make_erst_store(2 * 8192));
  EXPECT_FALSE(make_erst_store(8192)) << "no slot besides the header's";
  EXPECT_FALSE(make_erst_store(2 * 8192 - 1));
  EXPECT_FALSE(make_erst_store(0));
  EXPECT_TRUE(make_erst_store(2 * 4096, 4096));
  EXPECT_FALSE(make_erst_store(4 * 2048, 2048));
  EXPECT_FALSE(make_erst_store(4 * 4097, 4097));
  EXPECT_FALSE(make_erst_store(0, 0));
}

TEST(MakeErstStore, AMapThatIsLongerThanASlotTakesMore) {
  // 509 slots of 4096 bytes: header and map fill exactly one; with one slot more they need two.
  const Buffer one = make_erst_store(509 * 4096, 4096).value();
  EXPECT_EQ(load_le<std::uint32_t>(&one[12]), 4096u);
  Buffer two = make_erst_store(510 * 4096, 4096).value();
  EXPECT_EQ(load_le<std::uint32_t>(&two[12]), 8192u);
  ASSERT_TRUE(put_record(two, record(1)));
  EXPECT_EQ(ErstStore::decode(two).find(1)->slot, 2u);
  EXPECT_EQ(load_le<std::uint64_t>(&two[24 + 2 * 8]), 1u);
  EXPECT_THAT(said(two), IsEmpty());
}

TEST(ErstStore, TooShort) {
  const Buffer bytes = store_with({});
  EXPECT_THAT(said(Bytes(bytes).first(23)), ElementsAre("store-too-short at "));
  EXPECT_THAT(said(Bytes(bytes).first(24)),
              ElementsAre("file-size at ", "bad-storage-offset at StorageOffset"));
  EXPECT_THAT(said(Bytes(bytes).first(bytes.size() - 1)), ElementsAre("file-size at "));
}

TEST(ErstStore, HeaderFields) {
  const Buffer bytes = store_with({1});
  EXPECT_THAT(said(changed(bytes, 7, 'S', 1)), ElementsAre("bad-signature at Signature"));
  EXPECT_THAT(said(changed(bytes, 16, 0x0101, 2)), ElementsAre("store-version at Version"));
  EXPECT_THAT(said(changed(bytes, 8, 0, 4)), ElementsAre("bad-record-size at RecordSize"));
  EXPECT_THAT(said(changed(bytes, 8, 2048, 4)), ElementsAre("bad-record-size at RecordSize"));
  EXPECT_THAT(said(changed(bytes, 8, 8193, 4)), ElementsAre("bad-record-size at RecordSize"));
  EXPECT_THAT(said(changed(bytes, 12, 0, 4)), ElementsAre("bad-storage-offset at StorageOffset"));
  EXPECT_THAT(said(changed(bytes, 12, 8191, 4)), ElementsAre("bad-storage-offset at StorageOffset"));
  EXPECT_THAT(said(changed(bytes, 12, 9 * 8192, 4)), ElementsAre("bad-storage-offset at StorageOffset"));
  EXPECT_THAT(said(changed(bytes, 20, 0, 4)), ElementsAre("record-count-mismatch at RecordCount"));
  EXPECT_THAT(said(changed(bytes, 20, 2, 4)), ElementsAre("record-count-mismatch at RecordCount"));
}

TEST(ErstStore, AMapThatReachesIntoTheSlots) {
  Buffer bytes = make_erst_store(510 * 4096, 4096).value();
  ASSERT_TRUE(put_record(bytes, record(1)));
  EXPECT_THAT(said(changed(bytes, 12, 4096, 4)), ElementsAre("map-over-slots at StorageOffset"));
}

TEST(ErstStore, MapAndSlotsAgree) {
  const Buffer bytes = store_with({1, 2});
  EXPECT_THAT(said(changed(bytes, 24 + 8, 3, 8)), ElementsAre("record-id-mismatch at Map[1]"));
  EXPECT_THAT(said(changed(bytes, 24 + 8, 2, 8)),
              ElementsAre("record-id-mismatch at Map[1]", "duplicate-record-id at Map[2]"));
  EXPECT_THAT(said(changed(bytes, 24 + 8, ~std::uint64_t{0}, 8)),
              ElementsAre("reserved-record-id at Map[1]", "record-id-mismatch at Map[1]"));
  EXPECT_THAT(said(changed(bytes, 8192, 0, 1)), ElementsAre("slot-without-record at Map[1]"));
  EXPECT_THAT(said(changed(bytes, 8192 + 20, 127, 4)), ElementsAre("record-length at Map[1]"));
  EXPECT_THAT(said(changed(bytes, 8192 + 20, 8193, 4)), ElementsAre("record-length at Map[1]"));
  EXPECT_THAT(said(changed(bytes, 8192 + 20, 8192, 4)), IsEmpty());
  EXPECT_EQ(ErstStore::decode(changed(bytes, 8192 + 20, 0xffffffff, 4)).records()[0].bytes.size(), 8192u);
}

TEST(ErstStore, IsShownWithItsRecords) {
  Buffer bytes = store_with({7, 5});
  ASSERT_TRUE(put_record(bytes, test::load_record("memory1")));
  ASSERT_TRUE(remove_record(bytes, 7));
  layout::TextBuffer out;
  to_json(out, ErstStore::decode(bytes), layout::Detail::valid);
  EXPECT_TRUE(test::is_json(out.view()));
  for (const char* part :
       {R"("RecordSize":8192)", R"("Slot":1,"RecordId":"0x0000000000000007","Deleted":true)",
        R"("Slot":2,"RecordId":"0x0000000000000005","Deleted":false)", R"("Type":"Memory")"})
    EXPECT_NE(out.view().find(part), std::string_view::npos) << part << "\n" << out.view();
  EXPECT_EQ(to_text(ErstStore::decode(bytes)),
            "ERST store\n  slot 1: record 0x0000000000000007, 212 bytes, deleted\n"
            "  slot 2: record 0x0000000000000005, 212 bytes\n"
            "  slot 3: record 0x01dc1bfff8cfa164, 277 bytes\n");
}

TEST(ErstStore, HostileMapsCostNoMoreThanTheBytes) {
  Buffer bytes = make_erst_store(16u << 20, 4096).value();
  const std::size_t slots = bytes.size() / 4096;
  for (std::size_t slot = 0; slot < slots; ++slot) store_le<std::uint64_t>(&bytes[24 + 8 * slot], 1);
  store_le<std::uint32_t>(&bytes[20], 0xffffffff);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_GT(ErstStore::decode(bytes).findings().size(), slots);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace wheatstone::acpi
