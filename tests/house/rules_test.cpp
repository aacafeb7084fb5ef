#include "tests/house/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheatstone::house {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<File>& house() {
  static const std::vector<File> tree = read_tree(WHEATSTONE_SOURCE_DIR);
  return tree;
}

// A tree in which `path` includes `target`, and `target` exists.
std::vector<File> tree_with(std::string path, const std::string& target) {
  return {{std::move(path), "#pragma once\n#include \"" + target + "\"\n"}, {target, ""}};
}

TEST(House, IsRead) {
  EXPECT_GT(house().size(), 50u);
  EXPECT_TRUE(std::ranges::any_of(house(), [](const File& file) { return file.path == "CMakeLists.txt"; }));
  EXPECT_TRUE(
      std::ranges::none_of(house(), [](const File& file) { return file.path.starts_with("build/"); }));
}

TEST(House, IncludesRunDownwards) {
  EXPECT_THAT(wrong_includes(house()), IsEmpty());
}
TEST(House, FormatsKnowBytesOnly) {
  EXPECT_THAT(impure_formats(house()), IsEmpty());
}
TEST(House, NamesNoMachine) {
  EXPECT_THAT(machine_names(house()), IsEmpty());
}

TEST(WrongIncludes, AllowsTheSameFloorAndTheFloorsBelow) {
  EXPECT_THAT(wrong_includes(tree_with("harness/run/a.cpp", "harness/judge/b.hpp")), IsEmpty());
  EXPECT_THAT(wrong_includes(tree_with("harness/run/a.cpp", "formats/cper/b.hpp")), IsEmpty());
  EXPECT_THAT(wrong_includes(tree_with("tests/mocks/windows/a.cpp", "mocks/windows/b.hpp")), IsEmpty());
  EXPECT_THAT(wrong_includes(tree_with("tests/end_to_end/a.cpp", "harness/cli/b.hpp")), IsEmpty());
}

TEST(WrongIncludes, FindsOneThatRunsUpwards) {
  EXPECT_THAT(
      wrong_includes(tree_with("mocks/windows/a.cpp", "injectors/target.hpp")),
      ElementsAre(
          "mocks/windows/a.cpp:2: \"injectors/target.hpp\": mocks stands on a lower floor than injectors"));
  EXPECT_THAT(wrong_includes(tree_with("tests/formats/cper/a.cpp", "mocks/clock.hpp")),
              ElementsAre(HasSubstr("lower floor")));
  EXPECT_THAT(wrong_includes({{"formats/cer/a.cpp", "  #  include <mocks/clock.hpp>"}}),
              ElementsAre(HasSubstr("lower floor")));
}

TEST(WrongIncludes, KnowsWhichFormatsCarryWhich) {
  EXPECT_THAT(wrong_includes(tree_with("formats/whea/a.cpp", "formats/cper/b.hpp")), IsEmpty());
  EXPECT_THAT(wrong_includes(tree_with("formats/cper/a.cpp", "formats/whea/b.hpp")),
              ElementsAre(HasSubstr("formats/cper may not use formats/whea")));
  EXPECT_THAT(wrong_includes(tree_with("formats/layout/a.hpp", "formats/cper/b.hpp")),
              ElementsAre(HasSubstr("formats/layout may not use formats/cper")));
  EXPECT_THAT(wrong_includes(tree_with("formats/novel/a.hpp", "formats/layout/b.hpp")),
              ElementsAre(HasSubstr("no row for formats/novel")));
}

TEST(WrongIncludes, FindsOneThatIsNotFromTheRoot) {
  EXPECT_THAT(wrong_includes({{"formats/cab/a.cpp", "#include \"a.hpp\"\n"}, {"formats/cab/a.hpp", ""}}),
              ElementsAre("formats/cab/a.cpp:1: \"a.hpp\" is not a file from the root"));
}

TEST(WrongIncludes, FindsTheProductIncludingItsTests) {
  EXPECT_THAT(wrong_includes(tree_with("harness/run/a.cpp", "tests/support/b.hpp")),
              ElementsAre(HasSubstr("the product includes its tests")));
}

TEST(ImpureFormats, FindsFilesClocksAndThreads) {
  EXPECT_THAT(impure_formats({{"formats/cab/a.cpp", "#include <vector>\n#include <fstream>\n"}}),
              ElementsAre("formats/cab/a.cpp:2: formats/ does not use <fstream>"));
  EXPECT_THAT(impure_formats({{"mocks/windows/a.cpp", "#include <thread>\n"}}), IsEmpty());
}

TEST(MachineNames, FindsPathsOfOneMachine) {
  // The needles are put together here, so that this file does not hold them.
  EXPECT_THAT(machine_names({{"ci/x", std::string("cd\ncd /") + "home/me\n"}}),
              ElementsAre(std::string("ci/x:2: a path of one machine: /") + "home/..."));
  EXPECT_THAT(machine_names({{"ci/x", std::string("cd /") + "root/x"}}), ElementsAre(HasSubstr("path")));
  EXPECT_THAT(machine_names({{"ci/x", "cd my/" + std::string("home/x") + " ./" + "work/y"}}), IsEmpty());
}

TEST(MachineNames, FindsHostsOfOneNetwork) {
  const std::string scheme = "http://";
  EXPECT_THAT(machine_names({{"README.md", "see " + scheme + "pypi.example.internal/simple\n"}}),
              ElementsAre("README.md:1: a host of one network: pypi.example.internal"));
  EXPECT_THAT(machine_names({{"x", scheme + "10.1.2.3:8080/"}}), ElementsAre(HasSubstr("10.1.2.3")));
  EXPECT_THAT(machine_names({{"x", scheme + "debian-mirror.example.com"}}), ElementsAre(HasSubstr("mirror")));
  EXPECT_THAT(machine_names(
                  {{"x", scheme + "127.0.0.1:8080/ " + scheme + "example.com/ " + scheme + "203.0.113.9/"}}),
              IsEmpty());
}

TEST(MissingReadmes, FindsAFolderWithoutOne) {
  EXPECT_THAT(missing_readmes({{"formats/cab/a.cpp", ""}}),
              ElementsAre("formats/cab: has sources and no README.md"));
  EXPECT_THAT(missing_readmes({{"formats/cab/deep/a.cpp", ""}, {"formats/cab/README.md", "# cab"}}),
              IsEmpty());
  EXPECT_THAT(missing_readmes({{"formats/cab/a.cpp", ""}, {"formats/cab/README.md", ""}}),
              ElementsAre(HasSubstr("formats/cab")));
  EXPECT_THAT(missing_readmes({{"injectors/target.hpp", ""}}),
              ElementsAre("injectors: has sources and no README.md"));
  EXPECT_THAT(missing_readmes({{"formats/cab/CMakeLists.txt", ""}}), IsEmpty());
}

TEST(House, EveryFolderSaysWhatItIs) {
  EXPECT_THAT(missing_readmes(house()), IsEmpty());
}

}  // namespace
}  // namespace wheatstone::house
