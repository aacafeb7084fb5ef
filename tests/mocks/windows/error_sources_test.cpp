#include "mocks/windows/error_sources.hpp"

#include <gtest/gtest.h>

#include "mocks/windows/platform.hpp"

namespace wheatstone::windows {
namespace {

using whea::ErrorSourceType;

Platform platform(const char* profile, std::uint32_t processors) {
  return {.profile = cper::find_profile(profile), .processors = processors};
}

TEST(ErrorSources, MinimumSetIsAlwaysThere) {
  auto table = ErrorSourceTable::discover(platform("win11-22H2", 8), {});
  ASSERT_TRUE(table);
  ASSERT_EQ(table->sources().size(), 4u);
  const ErrorSourceType types[] = {ErrorSourceType::mce, ErrorSourceType::cmc, ErrorSourceType::nmi,
                                   ErrorSourceType::boot};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(table->sources()[i].descriptor().type, types[i]);
    EXPECT_EQ(table->sources()[i].descriptor().id, i + 1);
    EXPECT_EQ(table->sources()[i].descriptor().flags, kDefaultSource);
  }
  EXPECT_EQ(table->find(ErrorSourceType::mce)->descriptor().records_to_preallocate, 8u);
  EXPECT_EQ(table->find(ErrorSourceType::pcie), nullptr);
}

// The source table of a real Windows 11 machine with the machine check section of 292 bytes.
TEST(ErrorSources, RecordsAreAsLongAsInRealTables) {
  const SourceRequest generic[] = {{.type = ErrorSourceType::generic, .max_sections_per_record = 1}};
  auto table = ErrorSourceTable::discover(platform("win11-22H2", 8), generic);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->find(ErrorSourceType::mce)->record_length(), 0x1048u);
  EXPECT_EQ(table->find(ErrorSourceType::nmi)->record_length(), 0x6c0u);
  EXPECT_EQ(table->find(ErrorSourceType::generic)->record_length(), 0x2140u);
}

TEST(ErrorSources, RequestReplacesABuiltInSourceAndAddsOthers) {
  const SourceRequest requests[] = {
      {.type = ErrorSourceType::mce, .records_to_preallocate = 2, .max_sections_per_record = 3},
      {.type = ErrorSourceType::generic, .id = 1},
      {.type = ErrorSourceType::generic, .id = 7},
      {.type = ErrorSourceType::pcie}};
  auto table = ErrorSourceTable::discover(platform("win11-24H2", 4), requests);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->sources().size(), 7u);
  EXPECT_EQ(table->find(ErrorSourceType::mce)->descriptor().records_to_preallocate, 2u);
  EXPECT_EQ(table->find(ErrorSourceType::mce)->descriptor().flags, kDefaultSource);
  EXPECT_EQ(table->find(ErrorSourceType::generic)->descriptor().id, 1u);
  EXPECT_NE(table->find(ErrorSourceType::generic, 7), nullptr);
  EXPECT_EQ(table->find(ErrorSourceType::generic, 2), nullptr);
  EXPECT_EQ(table->find(ErrorSourceType::pcie)->descriptor().flags, 0u);
  for (const ErrorSource& source : table->sources()) {
    EXPECT_NE(source.descriptor().id, 0u);
    EXPECT_EQ(table->find(source.descriptor().type, source.descriptor().id), &source);
  }
}

TEST(ErrorSources, SameIdTwiceIsRefused) {
  const SourceRequest requests[] = {{.type = ErrorSourceType::generic, .id = 5},
                                    {.type = ErrorSourceType::pcie, .id = 5}};
  const auto table = ErrorSourceTable::discover(platform("win11-24H2", 4), requests);
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().kind, ErrorKind::invalid_argument);
}

TEST(ErrorSources, RecordsRunOutAndComeBack) {
  ErrorSource source({.type = ErrorSourceType::pcie, .id = 1, .records_to_preallocate = 2}, 100);
  EXPECT_TRUE(source.take_record());
  EXPECT_TRUE(source.take_record());
  EXPECT_FALSE(source.take_record());
  EXPECT_EQ(source.failed_allocations(), 1u);
  source.give_record_back();
  EXPECT_TRUE(source.take_record());
}

TEST(ErrorSources, BootSourceHasNoLimitOfRecords) {
  ErrorSource source({.type = ErrorSourceType::boot, .id = 4, .records_to_preallocate = 0}, 100);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(source.take_record());
}

}  // namespace
}  // namespace wheatstone::windows
