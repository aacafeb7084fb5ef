// The scenarios that come with the bench.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "harness/scenario/loader.hpp"

namespace wheatstone::scenario {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = fs::path(WHEATSTONE_SOURCE_DIR) / "scenarios";

Result<Buffer> read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorKind::io, "there is no file " + path.generic_string());
  return Buffer{std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> scenario_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

Loaded load(const fs::path& path) {
  const Buffer text = read(path).value();
  return load_scenario(
      as_text(text),
      {path.lexically_relative(kRoot).replace_extension().generic_string(), path.generic_string()},
      [&](std::string_view name) { return read(path.parent_path() / name); });
}

TEST(Library, EveryScenarioLoads) {
  std::set<std::string> titles;
  for (const fs::path& path : scenario_files()) {
    const Loaded loaded = load(path);
    if (!loaded) {
      for (const Error& error : loaded.error()) ADD_FAILURE() << error.text();
      continue;
    }
    EXPECT_TRUE(titles.insert(loaded->title).second) << path << " has the title of another";
    EXPECT_FALSE(loaded->expectations.empty()) << path;
  }
  EXPECT_GE(titles.size(), 40u);
}

// A scenario that looks at one layer only shows little of what the bench is for.
TEST(Library, EveryScenarioLooksAtTwoKindsOfObservationsAtLeast) {
  for (const fs::path& path : scenario_files()) {
    const Loaded loaded = load(path);
    if (!loaded) continue;
    EXPECT_GE(loaded->needs.size() + (loaded->server ? 1 : 0), 2u) << path;
  }
}

// Every injection, matcher and fault that a scenario can express is shown somewhere.
TEST(Library, ShowsEveryKindOfStepMatcherAndExpectation) {
  std::set<std::size_t> injections, matchers, expectations;
  std::set<cer_server::Fault::Kind> faults;
  for (const fs::path& path : scenario_files()) {
    const Loaded loaded = load(path);
    if (!loaded) continue;
    for (const Step& step : loaded->steps)
      if (const auto* injection = std::get_if<inject::Injection>(&step.what))
        injections.insert(injection->index());
    for (const Expectation& expectation : loaded->expectations) {
      expectations.insert(expectation.what.index());
      if (const auto* occurs = std::get_if<Occurs>(&expectation.what))
        for (const FieldMatcher& field : occurs->pattern.fields) matchers.insert(field.matcher.index());
    }
    if (!loaded->server) continue;
    for (const cer_server::Rule& rule : loaded->server->rules)
      if (rule.fault) faults.insert(rule.fault->kind);
  }
  EXPECT_EQ(injections.size(), std::variant_size_v<inject::Injection>);
  EXPECT_EQ(matchers.size(), std::variant_size_v<Matcher>);
  EXPECT_EQ(expectations.size(), 3u);
  EXPECT_EQ(faults.size(), std::size(cer_server::kFaults));
}

TEST(Library, EveryFileBesideTheScenariosIsUsed) {
  std::set<fs::path> used;
  for (const fs::path& path : scenario_files()) {
    const Buffer text = read(path).value();
    const auto loaded = load_scenario(as_text(text), {}, [&](std::string_view name) {
      used.insert((path.parent_path() / name).lexically_normal());
      return read(path.parent_path() / name);
    });
    EXPECT_TRUE(loaded) << path;
  }
  for (const auto& entry : fs::recursive_directory_iterator(kRoot)) {
    const fs::path name = entry.path().filename();
    const bool own = name == "README.md" || name == "scenario.schema.json" || name.extension() == ".yaml";
    if (!entry.is_regular_file() || own) continue;
    EXPECT_TRUE(used.contains(entry.path())) << entry.path();
  }
}

}  // namespace
}  // namespace wheatstone::scenario
