#include "harness/fuzz/mutator.hpp"

#include <gtest/gtest.h>

#include <set>

#include "formats/mutate/generate.hpp"

namespace wheatstone::fuzz {
namespace {

using mutate::Kind;

TEST(Mutator, IsChosenByName) {
  EXPECT_EQ(mutator_for("record")->kind, Kind::record);
  EXPECT_EQ(mutator_for("packet")->kind, Kind::packet);
  EXPECT_EQ(mutator_for("status-block")->kind, Kind::status_block);
  EXPECT_EQ(mutator_for("acpi-table")->kind, Kind::acpi_table);
  EXPECT_EQ(mutator_for("auto")->kind, std::nullopt);
  EXPECT_EQ(mutator_for("")->kind, std::nullopt);
  EXPECT_FALSE(mutator_for("Record"));
  EXPECT_FALSE(mutator_for("recor"));
}

TEST(Mutator, AWrongNameIsExplained) {
  EXPECT_EQ(complaint("recrod"),
            "WHEATSTONE_MUTATE is 'recrod', but must be auto, record, packet, status-block, acpi-table");
}

TEST(Mutator, AutoGoesByTheInputAndOtherwiseByChance) {
  Xoshiro random(1);
  const Mutator any;
  EXPECT_EQ(any.kind_for(mutate::generate_packet(random), random), Kind::packet);
  EXPECT_EQ(any.kind_for(mutate::generate_acpi_table(random), random), Kind::acpi_table);
  std::set<Kind> kinds;
  for (int i = 0; i < 100; ++i) kinds.insert(any.kind_for({}, random));
  EXPECT_EQ(kinds.size(), 4u);
}

TEST(Mutator, AKindHoldsWhateverTheInputLooksLike) {
  Xoshiro random(1);
  EXPECT_EQ(Mutator{Kind::record}.kind_for(mutate::generate_packet(random), random), Kind::record);
}

}  // namespace
}  // namespace wheatstone::fuzz
