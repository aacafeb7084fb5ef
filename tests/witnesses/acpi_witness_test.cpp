// ACPI tables of ours, taken apart and put together again by iasl.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <sstream>

#include "formats/acpi/acpi_table.hpp"
#include "formats/acpi/build.hpp"
#include "formats/layout/walk.hpp"
#include "formats/mutate/generate.hpp"
#include "tests/formats/acpi/examples.hpp"
#include "tests/witnesses/witness.hpp"

namespace wheatstone::witness {
namespace {

const Program kIasl{"iasl", "acpica-tools"};

// What iasl calls our fields.
const std::map<std::string_view, std::set<std::string_view>> kNames = {
    {"Signature", {"Signature"}},
    {"Length", {"Table Length", "Notify Length"}},
    {"Revision", {"Revision"}},
    {"Checksum", {"Checksum"}},
    {"OEMID", {"Oem ID"}},
    {"OEMTableID", {"Oem Table ID"}},
    {"OEMRevision", {"Oem Revision"}},
    {"CreatorID", {"Asl Compiler ID"}},
    {"CreatorRevision", {"Asl Compiler Revision"}},
    {"Reserved", {"Reserved", "Reserved1"}},
    {"Reserved2", {"Reserved", "Reserved2"}},
    // HEST
    {"ErrorSourceCount", {"Error Source Count"}},
    {"Type", {"Subtable Type", "Notify Type"}},
    {"SourceId", {"Source Id"}},
    {"RelatedSourceId", {"Related Source Id"}},
    {"Flags", {"Flags (decoded below)", "Reserved"}},
    {"Enabled", {"Enabled"}},
    {"NumberOfRecordsToPreallocate", {"Records To Preallocate"}},
    {"MaxSectionsPerRecord", {"Max Sections Per Record"}},
    {"MaxRawDataLength", {"Max Raw Data Length"}},
    {"GlobalCapabilityInitData", {"Global Capability Data"}},
    {"GlobalControlInitData", {"Global Control Data"}},
    {"NumberOfHardwareBanks", {"Num Hardware Banks"}},
    {"BankNumber", {"Bank Number"}},
    {"ClearStatusOnInitialization", {"Clear Status On Init"}},
    {"StatusDataFormat", {"Status Format"}},
    {"ControlRegisterMSRAddress", {"Control Register"}},
    {"ControlInitData", {"Control Data"}},
    {"StatusRegisterMSRAddress", {"Status Register"}},
    {"AddressRegisterMSRAddress", {"Address Register"}},
    {"MiscRegisterMSRAddress", {"Misc Register"}},
    {"ConfigurationWriteEnable", {"Configuration Write Enable"}},
    {"PollInterval", {"PollInterval"}},
    {"Vector", {"Vector"}},
    {"SwitchToPollingThresholdValue", {"Polling Threshold Value"}},
    {"SwitchToPollingThresholdWindow", {"Polling Threshold Window"}},
    {"ErrorThresholdValue", {"Error Threshold Value"}},
    {"ErrorThresholdWindow", {"Error Threshold Window"}},
    {"Bus", {"Bus"}},
    {"Device", {"Device"}},
    {"Function", {"Function"}},
    {"DeviceControl", {"DeviceControl"}},
    {"UncorrectableErrorMask", {"Uncorrectable Mask"}},
    {"UncorrectableErrorSeverity", {"Uncorrectable Severity"}},
    {"CorrectableErrorMask", {"Correctable Mask"}},
    {"AdvancedErrorCapabilitiesAndControl", {"Advanced Capabilities"}},
    {"RootErrorCommand", {"Root Error Command"}},
    {"SecondaryUncorrectableErrorMask", {"2nd Uncorrectable Mask"}},
    {"SecondaryUncorrectableErrorSeverity", {"2nd Uncorrectable Severity"}},
    {"SecondaryAdvancedCapabilitiesAndControl", {"2nd Advanced Capabilities"}},
    {"ErrorStatusBlockLength", {"Error Status Block Length"}},
    {"ReadAckPreserve", {"Read Ack Preserve"}},
    {"ReadAckWrite", {"Read Ack Write"}},
    // Generic address
    {"AddressSpaceID", {"Space ID"}},
    {"RegisterBitWidth", {"Bit Width"}},
    {"RegisterBitOffset", {"Bit Offset"}},
    {"AccessSize", {"Encoded Access Width"}},
    {"Address", {"Address"}},
    // BERT
    {"BootErrorRegionLength", {"Boot Error Region Length"}},
    {"BootErrorRegion", {"Boot Error Region Address"}},
    // ERST and EINJ
    {"SerializationHeaderSize", {"Serialization Header Length"}},
    {"InstructionEntryCount", {"Instruction Entry Count"}},
    {"InjectionHeaderSize", {"Injection Header Length"}},
    {"InjectionFlags", {"Flags"}},
    {"InjectionEntryCount", {"Injection Entry Count"}},
    {"Action", {"Action"}},
    {"Instruction", {"Instruction"}},
    {"Value", {"Value"}},
    {"Mask", {"Mask"}},
};

struct Place {
  std::size_t offset;
  std::size_t size;
  std::string name;
  std::string value;  // hex digits without leading zeros, or text
};

std::string hex(std::uint64_t value) {
  char digits[17];
  const auto end = std::to_chars(digits, std::end(digits), value, 16).ptr;
  return {digits, end};
}

// Every field of a table with its place, as our walk sees it.
class PlacesSink {
 public:
  explicit PlacesSink(Bytes table) : start_(table.data()) { bases_.push_back(0); }

  bool wants(const layout::Field&, bool) const { return true; }
  void number(const layout::Field& f, std::uint64_t value) { add(f, hex(value)); }
  void word(const layout::Field& f, std::uint64_t value, layout::Word) { add(f, hex(value)); }
  void guid(const layout::Field& f, const Guid&) { FAIL() << f.name; }
  void list(const layout::Field& f, Bytes) { FAIL() << f.name; }
  void bytes(const layout::Field& f, Bytes bytes) {
    if (f.kind == layout::Kind::ascii) {
      const std::string text(as_text(bytes));
      add(f, text.substr(0, text.find('\0')));
    } else {
      add(f, hex(load_le(bytes.data(), static_cast<unsigned>(bytes.size()))));
    }
  }
  void begin_part(std::string_view, const layout::Layout&, Bytes bytes) { enter(bytes); }
  void end_part() { bases_.pop_back(); }
  void begin_many(const layout::Tail&) {}
  void begin_item(std::uint64_t, const layout::Layout&, Bytes bytes) { enter(bytes); }
  void end_item() { bases_.pop_back(); }
  void end_many() {}
  void unread(std::string_view name, Bytes) { FAIL() << name; }

  const std::vector<Place>& places() const { return places_; }

 private:
  void enter(Bytes bytes) { bases_.push_back(static_cast<std::size_t>(bytes.data() - start_)); }
  void add(const layout::Field& f, std::string value) {
    places_.push_back({bases_.back() + f.offset, f.size, std::string(f.name), std::move(value)});
  }

  const std::uint8_t* start_;
  std::vector<std::size_t> bases_;
  std::vector<Place> places_;
};

// "[024h 0036   4]     Error Source Count : 00000009" of each line that has a place and a value of its own.
std::vector<Place> places_of(const std::string& source) {
  std::vector<Place> places;
  std::istringstream lines(source);
  for (std::string line; std::getline(lines, line);) {
    std::size_t offset = 0, size = 0;
    int end = 0;
    if (std::sscanf(line.c_str(), "[%*xh %zu %zu]%n", &offset, &size, &end) != 2 || end == 0) continue;
    const std::size_t colon = line.find(" : ");
    if (colon == std::string::npos) continue;
    const std::size_t name = line.find_first_not_of(' ', static_cast<std::size_t>(end));
    std::string value = line.substr(colon + 3);
    if (value.starts_with('[')) continue;  // a part: its fields follow
    if (value.starts_with('"')) {
      value = value.substr(1, value.find('"', 1) - 1);
    } else {
      value = value.substr(0, value.find(' '));
      value.erase(0, std::min(value.find_first_not_of('0'), value.size() - 1));
      std::ranges::transform(value, value.begin(),
                             [](char c) { return c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c; });
    }
    places.push_back({offset, size, line.substr(name, colon - name), value});
  }
  return places;
}

// Tables of one kind in a folder of their own.
class Asked {
 public:
  explicit Asked(std::string name) : name_(std::move(name)) {}

  // The source that iasl makes of a table.
  std::string disassembled(Bytes table, std::string_view complaint = {}) const {
    write_file(folder_ / (name_ + ".aml"), table);
    const Said said = ask(kIasl, {"-d", folder_ / (name_ + ".aml")});
    EXPECT_EQ(said.status, 0) << said.output;
    EXPECT_TRUE(said.contains("Acpi Data Table [" + name_ + "] decoded")) << said.output;
    if (!complaint.empty()) {
      EXPECT_TRUE(said.contains(complaint)) << said.output;
    } else {
      for (const char* word : {"Warning", "Error", "Invalid", "unknown", "Unknown", "Incorrect", "too "})
        EXPECT_FALSE(said.contains(word)) << said.output;
    }
    const Buffer source = read_file(folder_ / (name_ + ".dsl"));
    return {source.begin(), source.end()};
  }

  // Every field is where we have it, under the name that iasl has for it.
  void expect_same_fields(Bytes table) const {
    const acpi::Table decoded = acpi::Table::decode(table);
    ASSERT_TRUE(decoded.findings().empty());
    std::string source = disassembled(table);
    // It has no names for TRIGGER_ERROR, which stands in trigger tables only, and for RISC-V, which is newer.
    for (const std::string_view unknown : {"FF [Unknown Action]", "0C [Unknown Notify Type]"})
      for (std::size_t at; (at = source.find(unknown)) != std::string::npos;)
        source.replace(at + 2, unknown.size() - 2, "");
    for (const char* word : {"Unknown", "Invalid", "**"})
      EXPECT_EQ(source.find(word), std::string::npos) << source;

    const std::vector<Place> theirs = places_of(source);
    PlacesSink ours(table);
    layout::walk(*decoded.layout(), table, ours);
    ASSERT_EQ(ours.places().size(), theirs.size()) << source;
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      const Place& our = ours.places()[i];
      EXPECT_EQ(our.offset, theirs[i].offset) << our.name << " is their " << theirs[i].name;
      EXPECT_EQ(our.size, theirs[i].size) << our.name;
      EXPECT_EQ(our.value, theirs[i].value) << our.name;
      const auto names = kNames.find(our.name);
      ASSERT_NE(names, kNames.end()) << our.name << ": " << theirs[i].name;
      EXPECT_THAT(names->second, testing::Contains(theirs[i].name)) << our.name;
    }
  }

  // What it makes of the source that it made is the table.
  void expect_same_bytes(Bytes table) const {
    disassembled(table);
    const Said said = ask(kIasl, {"-p", folder_ / "again", folder_ / (name_ + ".dsl")});
    EXPECT_EQ(said.status, 0) << said.output;
    EXPECT_TRUE(said.contains("0 Errors, 0 Warnings, 0 Remarks")) << said.output;
    Buffer again = read_file(folder_ / "again.aml");
    ASSERT_EQ(again.size(), table.size());
    // It takes GLOBAL of AER sources for bit 0 in what it decodes below the flags, and knows GHES_ASSIST of
    // few sources: it loses them.
    PlacesSink ours(table);
    layout::walk(*acpi::Table::decode(table).layout(), table, ours);
    for (const Place& place : ours.places()) {
      if (place.name != "Flags" || table[place.offset] < 2) continue;
      const auto lost = static_cast<std::uint8_t>(table[place.offset] & 6);
      again[place.offset] = static_cast<std::uint8_t>(again[place.offset] | lost);
    }
    // The compiler signs what it makes; with its signature ours is the same, checksum included.
    ASSERT_TRUE(acpi::finish_table(again));
    Buffer signed_by_it(table.begin(), table.end());
    std::copy(again.begin() + 28, again.begin() + 36, signed_by_it.begin() + 28);
    ASSERT_TRUE(acpi::finish_table(signed_by_it));
    EXPECT_EQ(signed_by_it, again);
  }

 private:
  std::string name_;
  TemporaryFolder folder_;
};

class Iasl : public testing::TestWithParam<std::pair<const char*, Buffer (*)()>> {
 protected:
  Asked asked_{GetParam().first};
};

TEST_P(Iasl, FindsEveryFieldWhereWeDoUnderItsName) {
  asked_.expect_same_fields(GetParam().second());
}

TEST_P(Iasl, CompilesWhatItDisassembledToTheSameBytes) {
  asked_.expect_same_bytes(GetParam().second());
}

// Fifty tables of each kind, made up.
TEST_P(Iasl, TakesGeneratedTablesApartAndTogether) {
  Xoshiro random(1);
  for (int left = 50; left > 0;) {
    const Buffer table = mutate::generate_acpi_table(random);
    if (as_text(Bytes(table).first(4)) != GetParam().first) continue;
    ASSERT_NO_FATAL_FAILURE(asked_.expect_same_fields(table));
    ASSERT_NO_FATAL_FAILURE(asked_.expect_same_bytes(table));
    if (HasFailure()) break;
    --left;
  }
}

TEST_P(Iasl, Looks) {
  Buffer table = GetParam().second();
  table[9] ^= 1;
  asked_.disassembled(table, "Incorrect checksum");
}

INSTANTIATE_TEST_SUITE_P(
    Tables, Iasl,
    testing::Values(std::pair(
                        "HEST", +[] { return acpi::examples::full_hest(); }),
                    std::pair(
                        "BERT", +[] { return acpi::make_bert({}, 0x1000, 0x8004000); }),
                    std::pair(
                        "ERST", +[] { return acpi::make_erst({}, acpi::examples::erst_actions()); }),
                    std::pair(
                        "EINJ", +[] { return acpi::make_einj({}, acpi::examples::einj_actions()); })),
    [](const auto& parameter) { return parameter.param.first; });

}  // namespace
}  // namespace wheatstone::witness
