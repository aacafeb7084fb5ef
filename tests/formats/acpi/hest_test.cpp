// The entries of HEST: exact bytes of each kind, and arrays of banks.
#include "formats/acpi/hest.hpp"

#include <gtest/gtest.h>

#include "formats/acpi/acpi_table.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/flatten.hpp"
#include "tests/formats/acpi/examples.hpp"

namespace wheatstone::acpi {
namespace {

Buffer bytes(const char* hex) {
  return layout::parse_hex_bytes(hex).value();
}

constexpr const char* kBank0 = "00 01 01 00 00040000 f1ffffffffffffff 01040000 02040000 03040000";
constexpr const char* kBank1 = "01 01 01 00 04040000 f1ffffffffffffff 05040000 06040000 07040000";

Buffer notification_bytes(const char* type) {
  return bytes((std::string(type) + "1c 3e00 60ea0000 02000000 0b000000 0c000000 0d000000 0e000000").c_str());
}

Buffer join(std::initializer_list<Buffer> parts) {
  Buffer all;
  for (const Buffer& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST(HestSource, MachineCheckHasTheseBytes) {
  EXPECT_EQ(examples::source("MachineCheck", 0x0102),
            join({bytes("0000 0201 0000 01 01 21000000 22000000 1817161514131211 2827262524232221 02"
                        "00000000000000"),
                  bytes(kBank0), bytes(kBank1)}));
}

TEST(HestSource, CorrectedAndDeferredMachineCheckHaveTheseBytes) {
  for (const auto& [kind, type] :
       {std::pair("CorrectedMachineCheck", "0100"), {"DeferredMachineCheck", "0b00"}})
    EXPECT_EQ(examples::source(kind, 0x0102, 1),
              join({bytes(type), bytes("0201 0000 04 01 21000000 22000000"), notification_bytes("05"),
                    bytes("01 000000"), bytes(kBank0)}))
        << kind;
}

TEST(HestSource, NmiHasTheseBytes) {
  EXPECT_EQ(examples::source("Nmi", 0x0102), bytes("0200 0201 00000000 21000000 22000000 00100000"));
}

constexpr const char* kAer =
    "0201 0000 02 01 21000000 22000000 a3020100 1c00 0500 0e0f 0000 34333231 44434241 54535251 64636261";

TEST(HestSource, AerHasTheseBytes) {
  EXPECT_EQ(examples::source("AerRootPort", 0x0102), join({bytes("0600"), bytes(kAer), bytes("74737271")}));
  EXPECT_EQ(examples::source("AerEndpoint", 0x0102), join({bytes("0700"), bytes(kAer)}));
  EXPECT_EQ(examples::source("AerBridge", 0x0102),
            join({bytes("0800"), bytes(kAer), bytes("84838281 94939291 a4a3a2a1")}));
}

constexpr const char* kGeneric = "0201 ffff 00 01 21000000 22000000 00100000 00 40 00 04 0000000800000000";

TEST(HestSource, GenericHasTheseBytes) {
  EXPECT_EQ(examples::source("Generic", 0x0102),
            join({bytes("0900"), bytes(kGeneric), notification_bytes("00"), bytes("00200000")}));
  EXPECT_EQ(examples::source("GenericV2", 0x0102),
            join({bytes("0a00"), bytes(kGeneric), notification_bytes("04"), bytes("00200000"),
                  bytes("00 40 00 04 0008000800000000 feffffffffffffff 0100000000000000")}));
}

TEST(HestSource, SizesAreThoseOfTheSpecification) {
  const std::pair<const char*, std::size_t> kSizes[] = {{"MachineCheck", 40},
                                                        {"CorrectedMachineCheck", 48},
                                                        {"Nmi", 20},
                                                        {"AerRootPort", 48},
                                                        {"AerEndpoint", 44},
                                                        {"AerBridge", 56},
                                                        {"Generic", 64},
                                                        {"GenericV2", 92},
                                                        {"DeferredMachineCheck", 48}};
  ASSERT_EQ(std::size(kSizes), kSourceChoice.rows.size());
  for (const auto& [kind, size] : kSizes) EXPECT_EQ(examples::source(kind, 1, 0).size(), size) << kind;
}

class Banks : public testing::TestWithParam<unsigned> {};

TEST_P(Banks, AreCountedAndReadBack) {
  const std::pair<const char*, std::size_t> kKinds[] = {
      {"MachineCheck", 40}, {"CorrectedMachineCheck", 48}, {"DeferredMachineCheck", 48}};
  for (const auto& [kind, fixed] : kKinds) {
    const Buffer source = examples::source(kind, 7, GetParam());
    ASSERT_EQ(source.size(), fixed + 28 * GetParam()) << kind;
    const Buffer bytes = make_hest({}, std::vector{source, examples::source("Nmi", 8)}).value();
    const Table table = Table::decode(bytes);
    EXPECT_TRUE(table.findings().empty()) << kind << ": " << table.findings()[0].message;
    std::size_t banks = 0;
    bool nmi = false;
    for (const layout::Leaf& leaf : layout::flatten(*table.layout(), bytes)) {
      if (leaf.path == "ErrorSources[0].HardwareBanks[" + std::to_string(banks) + "].BankNumber") {
        EXPECT_EQ(leaf.number, banks++);
      }
      nmi = nmi || leaf.path == "ErrorSources[1].MaxRawDataLength";
    }
    EXPECT_EQ(banks, GetParam()) << kind;
    EXPECT_TRUE(nmi) << "the source behind the banks is found";
  }
}

INSTANTIATE_TEST_SUITE_P(Counts, Banks, testing::Values(0u, 1u, 32u, 255u));

TEST(HestSource, ValuesByNameAreMadeAgainFromWhatIsShown) {
  for (const layout::ChoiceRow& row : kSourceChoice.rows) {
    const Buffer made = examples::source(std::string(row.name), 3);
    const auto again = compose_source(row.name, layout::to_node(*row.forms.front(), made));
    ASSERT_TRUE(again) << row.name << ": " << again.error().text();
    EXPECT_EQ(*again, made) << row.name;
  }
}

TEST(HestSource, AnUnknownKindIsRefusedWithASuggestion) {
  const auto made = compose_source("Genric", {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().text(), "there is no error source 'Genric' (did you mean 'Generic'?)");
}

TEST(Notification, WindowsNamesItsFlagsOneBitLower) {
  Buffer bytes(28, 0);
  bytes[2] = 0x02;
  const auto flag_of = [&bytes](const layout::Layout& layout) {
    std::string found;
    for (const layout::Leaf& leaf : layout::flatten(layout, bytes))
      if (leaf.kind == layout::Leaf::Kind::flag && leaf.number == 1) found += leaf.path;
    return found;
  };
  EXPECT_EQ(flag_of(kNotification), "ConfigurationWriteEnable.PollInterval");
  EXPECT_EQ(flag_of(kNotificationWindows), "ConfigurationWriteEnable.SwitchToPollingThresholdRW");
}

}  // namespace
}  // namespace wheatstone::acpi
