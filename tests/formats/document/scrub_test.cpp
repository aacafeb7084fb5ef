// Scrubbing: what tells a machine is gone, everything else stays, and what was valid stays so.
#include "formats/document/scrub.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cper/sections/fru_memory_poison.hpp"
#include "formats/document/defects.hpp"
#include "formats/document/diff.hpp"
#include "formats/document/example_tree.hpp"
#include "formats/document/examples.hpp"
#include "formats/document/lint.hpp"
#include "formats/document/locate.hpp"
#include "formats/document/make.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::document {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// FNV-1a, repeated: good enough to tell inputs apart.
Pseudonyms pseudonyms(std::uint64_t key) {
  return [key](Bytes input, MutableBytes out) {
    std::uint64_t hash = 0xcbf29ce484222325 ^ key;
    const auto add = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3; };
    for (const std::uint8_t byte : input) add(byte);
    for (std::uint8_t& byte : out) {
      add(1);
      byte = static_cast<std::uint8_t>(hash >> 32);
    }
  };
}

Scrubbed scrubbed(Kind kind, Bytes bytes, const ScrubOptions& options = {}, std::uint64_t key = 1) {
  return scrub(Document::decode(kind, bytes), pseudonyms(key), options);
}

std::vector<std::string> changed(Kind kind, Bytes before, Bytes after) {
  std::vector<std::string> paths;
  for (const layout::Difference& difference :
       diff(Document::decode(kind, before), Document::decode(kind, after)))
    paths.push_back(difference.path);
  return paths;
}

std::string codes(Kind kind, Bytes bytes) {
  std::string text;
  for (const Finding& finding : lint(Document::decode(kind, bytes)))
    text += fmt::format("{} {}\n", finding.code, finding.path);
  return text;
}

TEST(Scrub, ReplacesIdentitiesAndNothingElse) {
  const Buffer record = example(Kind::record);
  const Scrubbed result = scrubbed(Kind::record, record);
  const std::vector<std::string> fru_texts = {"Sections[0].FRUText", "Sections[1].FRUText",
                                              "Sections[2].FRUText", "Sections[3].FRUText",
                                              "Sections[4].FRUText"};
  EXPECT_EQ(result.replaced, fru_texts);
  EXPECT_EQ(changed(Kind::record, record, result.bytes), fru_texts);
  EXPECT_EQ(result.unexplained, 0u);
  // The same text is the same pseudonym, of the same length.
  const Document document = Document::decode(Kind::record, result.bytes);
  const auto text = [&](const char* path) {
    return Bytes(result.bytes).subspan(locate(document, path)->offset, 20);
  };
  EXPECT_TRUE(std::ranges::equal(text("Sections[0].FRUText"), text("Sections[4].FRUText")));
  EXPECT_NE(text("Sections[0].FRUText")[4], 0);
  EXPECT_EQ(text("Sections[0].FRUText")[5], 0) << "'CPU 0' has five characters";
}

TEST(Scrub, IsTheSameByKey) {
  const Buffer record = example(Kind::record);
  EXPECT_EQ(scrubbed(Kind::record, record).bytes, scrubbed(Kind::record, record).bytes);
  EXPECT_NE(scrubbed(Kind::record, record, {}, 1).bytes, scrubbed(Kind::record, record, {}, 2).bytes);
}

TEST(Scrub, AddressesOnRequestKeepTheirPlaceInThePage) {
  const Buffer record = example(Kind::record);
  const Scrubbed result = scrubbed(Kind::record, record, {.addresses = true});
  EXPECT_THAT(result.replaced, Contains("XpfMca.Address"));
  EXPECT_THAT(result.replaced, Contains("Memory.PhysicalAddress"));
  const Document before = Document::decode(Kind::record, record);
  const auto at = [&](Bytes bytes, const char* path) { return load(bytes, *locate(before, path)); };
  const std::uint64_t old = at(record, "XpfMca.Address");
  const std::uint64_t made = at(result.bytes, "XpfMca.Address");
  EXPECT_NE(made, old);
  EXPECT_EQ(made & 0xfff, old & 0xfff);
  EXPECT_EQ(std::bit_width(made), std::bit_width(old));
  EXPECT_EQ(at(result.bytes, "Memory.PhysicalAddress"), made) << "one address, one pseudonym";
}

TEST(Scrub, LeavesADocumentAsValidAsItWas) {
  for (const KindInfo& kind : kinds()) {
    const Buffer bytes = example(kind.kind);
    EXPECT_EQ(codes(kind.kind, scrubbed(kind.kind, bytes, {.addresses = true}).bytes), "") << kind.key;
  }
  for (const char* name : test::kRealRecords) {
    const Buffer bytes = test::load_record(name);
    EXPECT_EQ(codes(Kind::record, scrubbed(Kind::record, bytes, {.addresses = true}).bytes),
              codes(Kind::record, bytes))
        << name;
  }
}

TEST(Scrub, KeepsTheLengthOfEveryDefectAndSurvivesIt) {
  for (const Defect& defect : defects()) {
    const Buffer broken = *break_document(defect, example_for(defect));
    const Scrubbed result = scrubbed(defect.kind, broken, {.addresses = true, .unexplained = true});
    EXPECT_EQ(result.bytes.size(), broken.size()) << defect.name;
  }
}

Buffer record_of(std::string_view type, layout::Node body) {
  layout::Node section = with(fields({{"Type", type}}), "Body", std::move(body));
  return make(with(map(), "record", with(map(), "Sections", list({std::move(section)}))))->bytes;
}

TEST(Scrub, FindsTheInventoryNumberAmongTheRegisters) {
  // MSRs 0x4d to 0x50: the third is MSR_PPIN.
  layout::Node context =
      fields({{"RegisterContextType", "MSR"},
              {"RegisterDataSize", "32"},
              {"MSRAddress", "0x4d"},
              {"RegisterData", "1111111111111111222222222222222233333333333333334444444444444444"}});
  const Buffer record = record_of("XpfProcessor", with(map(), "ContextInfo", list({context})));
  const Scrubbed result = scrubbed(Kind::record, record);
  EXPECT_THAT(result.replaced, ElementsAre("XpfProcessor.MSR 0x4f"));
  EXPECT_THAT(changed(Kind::record, record, result.bytes),
              ElementsAre(StartsWith("XpfProcessor.ContextInfo[0].RegisterData.Register[2]")));
}

TEST(Scrub, TakesBothHalvesOfASerialNumberAsOne) {
  layout::Node body = with(map(), "DeviceSerialNumber",
                           fields({{"CxlDeviceSerialNumberLowerDW", "0x11223344"},
                                   {"CxlDeviceSerialNumberUpperDW", "0x55667788"}}));
  const Buffer cxl = record_of("CxlProtocol", std::move(body));
  const Buffer pcie = record_of("PciExpress", fields({{"DeviceSerialNumber", "0x5566778811223344"}}));
  const auto value = [](Bytes bytes, const char* path) {
    const Scrubbed result = scrubbed(Kind::record, bytes);
    const auto place = locate(Document::decode(Kind::record, result.bytes), path);
    return load_le<std::uint64_t>(&result.bytes[place->offset]);
  };
  const std::uint64_t made = value(pcie, "PciExpress.DeviceSerialNumber");
  EXPECT_NE(made, 0x5566778811223344u);
  EXPECT_EQ(value(cxl, "CxlProtocol.DeviceSerialNumber"), made);
}

TEST(Scrub, KeepsTheChecksumOfAFruThatLinuxChecks) {
  Buffer record = record_of("FruMemoryPoison", fields({{"FruIdType", "0"}, {"FruId", "0x123456789abcdef0"}}));
  record.resize(record.size() + 256);  // room for entries
  store_le<std::uint32_t>(&record[20], static_cast<std::uint32_t>(record.size()));
  store_le<std::uint32_t>(&record[128 + 4], 40 + 256);
  const auto sum = [](Bytes bytes) {
    std::uint32_t total = load_le<std::uint32_t>(&bytes[200]);
    for (std::size_t i = 204; i < 204 + 40 + 256 - 72; ++i) total += bytes[i];
    return total;
  };
  store_le<std::uint32_t>(&record[200], 0 - sum(record));
  ASSERT_EQ(sum(record), 0u);
  const Scrubbed result = scrubbed(Kind::record, record);
  EXPECT_THAT(result.replaced, ElementsAre("FruMemoryPoison.FruId"));
  EXPECT_EQ(sum(result.bytes), 0u);
}

TEST(Scrub, SaysWhatItCannotSeeInto) {
  Buffer record = make(with(map(), "record",
                            with(map(), "Sections",
                                 list({fields({{"Type", "1b8b0d2c-6a75-4c1e-9f0b-5a0c3d2e4f61"},
                                               {"Bytes", "0102030405"}})}))))
                      ->bytes;
  record.insert(record.end(), {9, 9, 9});
  const Scrubbed kept = scrubbed(Kind::record, record);
  EXPECT_EQ(kept.bytes, record);
  EXPECT_EQ(kept.unexplained, 8u);
  EXPECT_THAT(kept.unexplained_in, ElementsAre("Sections[0]: 5 bytes at 0xc8", "3 bytes at 0xcd"));
  const Scrubbed zeroed = scrubbed(Kind::record, record, {.unexplained = true});
  EXPECT_EQ(zeroed.unexplained, 8u);
  EXPECT_THAT(Bytes(zeroed.bytes).subspan(200), ::testing::Each(0));
}

// A serial number may stand in a union of which nobody knows the case.
TEST(Scrub, UnionsWithoutACaseAreNotExplained) {
  Buffer bytes = record_of("MemoryRange", fields({{"DeviceType", "9"}}));
  const auto place = locate(Document::decode(Kind::record, bytes), "MemoryRange.DeviceInfo[3]");
  ASSERT_TRUE(place);
  store(bytes, *place, 0x1122334455667788);
  const Scrubbed result = scrubbed(Kind::record, bytes, {.unexplained = true});
  EXPECT_EQ(result.unexplained, 72u);
  EXPECT_EQ(load(result.bytes, *place), 0u);
}

TEST(Scrub, ReplacesIdentifiersThatAreBytes) {
  layout::Node event = fields({{"ComponentIdentifier", "000102030405060708090a0b0c0d0e0f"}});
  const Buffer record = record_of("CxlGeneralMedia", with(map(), "CxlComponentEventLog", std::move(event)));
  const std::string path = "CxlGeneralMedia.CxlComponentEventLog.ComponentIdentifier";
  const Scrubbed result = scrubbed(Kind::record, record);
  EXPECT_THAT(result.replaced, ElementsAre(path));
  EXPECT_THAT(changed(Kind::record, record, result.bytes), ElementsAre(path));
}

TEST(Scrub, SeesIntoTheRecordsOfAStoreAndBehindThem) {
  Buffer store = example(Kind::erst_store);
  const Document document = Document::decode(Kind::erst_store, store);
  const Scrubbed result = scrub(document, pseudonyms(1));
  EXPECT_EQ(result.replaced.size(), 15u) << "five FRU texts in each of three records, one of them deleted";
  EXPECT_THAT(result.replaced, Contains("Records[1].Sections[4].FRUText"));
  EXPECT_EQ(result.unexplained, 0u);
  // What an older, longer record left in the slot.
  const acpi::StoredRecord& first = document.store()->records().front();
  store[static_cast<std::size_t>(first.offset) + first.bytes.size() + 10] = 'S';
  EXPECT_GT(scrubbed(Kind::erst_store, store).unexplained, 0u);
  const Buffer clean = scrubbed(Kind::erst_store, store, {.unexplained = true}).bytes;
  EXPECT_EQ(clean[static_cast<std::size_t>(first.offset) + first.bytes.size() + 10], 0);
}

TEST(Scrub, BodiesThatAreNotShownAreNotExplained) {
  const Buffer broken = *break_document(*find_defect("section-bodies-overlaid"), example(Kind::record), 2000);
  EXPECT_GT(scrubbed(Kind::record, broken).unexplained, 0u);
}

}  // namespace
}  // namespace wheatstone::document
