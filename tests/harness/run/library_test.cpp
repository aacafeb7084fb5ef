#include "harness/run/library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run/files.hpp"
#include "tests/harness/run/temporary_folder.hpp"

namespace wheatstone::run {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::string_view kGood =
    "title: A bug check\n"
    "platform: {profile: win11-24H2}\n"
    "steps:\n"
    "  - bugcheck: {code: 0xf4, parameters: [1, 2, 3, 4]}\n";

std::vector<std::string> ids(const Library& library) {
  std::vector<std::string> out;
  for (const scenario::Scenario& scenario : library.scenarios) out.push_back(scenario.id);
  return out;
}

std::string errors(const Library& library) {
  std::string out;
  for (const Error& error : library.errors) out += error.text() + "\n";
  return out;
}

TEST(Library, FindsScenariosInOrderOfTheirIds) {
  test::TemporaryFolder folder;
  for (const char* name : {"b/two.yaml", "a.yml", "b/one.yaml", "b/notes.txt", ".hidden/x.yaml", "b/.y.yaml"})
    folder.write(name, kGood);
  const Library library = load_library({folder.path()});
  EXPECT_EQ(errors(library), "");
  EXPECT_THAT(ids(library), ElementsAre("a", "b/one", "b/two"));
  EXPECT_EQ(library.scenarios[0].source, kGood);
}

TEST(Library, AnIdDoesNotDependOnHowTheFileWasReached) {
  test::TemporaryFolder folder;
  folder.write("scenarios/processor/cache.yaml", kGood);
  const fs::path root = folder.path() / "scenarios";
  for (const fs::path& path : {root, root / "processor", root / "processor/cache.yaml", folder.path()})
    EXPECT_THAT(ids(load_library({path})), ElementsAre("processor/cache")) << path;
}

TEST(Library, AFileThatIsReachedTwiceCountsOnce) {
  test::TemporaryFolder folder;
  folder.write("a.yaml", kGood);
  EXPECT_THAT(ids(load_library({folder.path(), folder.path() / "a.yaml"})), ElementsAre("a"));
}

TEST(Library, TwoFilesWithOneIdAreAnError) {
  test::TemporaryFolder folder;
  folder.write("x/a.yaml", kGood);
  folder.write("y/a.yaml", kGood);
  const Library library = load_library({folder.path() / "x", folder.path() / "y"});
  EXPECT_THAT(errors(library), HasSubstr("the id 'a' is also that of"));
  EXPECT_THAT(library.scenarios, SizeIs(1));
}

TEST(Library, TellsEveryError) {
  test::TemporaryFolder folder;
  folder.write("a.yaml", kGood);
  folder.write("b.yaml", "title: x\nsteps: 5\nnonsense: 1\n");
  folder.write("c.yaml", "title: [\n");
  const Library library = load_library({folder.path(), folder.path() / "missing"});
  EXPECT_THAT(ids(library), ElementsAre("a"));
  EXPECT_THAT(errors(library), HasSubstr("b.yaml:2:"));
  EXPECT_THAT(errors(library), HasSubstr("b.yaml:3:"));
  EXPECT_THAT(errors(library), HasSubstr("c.yaml:"));
  EXPECT_THAT(errors(library), HasSubstr("missing: no such file or folder"));
}

TEST(Library, AFolderWithoutScenariosIsAnError) {
  test::TemporaryFolder folder;
  EXPECT_THAT(errors(load_library({folder.path()})), HasSubstr("there are no scenarios here"));
}

TEST(ReadFile, StopsAtTheLimit) {
  test::TemporaryFolder folder;
  folder.write("ten", "0123456789");
  EXPECT_EQ(read_file(folder.path() / "ten", 10)->size(), 10u);
  EXPECT_EQ(read_file(folder.path() / "ten", 9).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(read_file("/dev/zero", 1000).error().kind, ErrorKind::unsupported);
}

TEST(ReadFile, NamesTheFileItCannotRead) {
  test::TemporaryFolder folder;
  EXPECT_EQ(read_file(folder.path() / "no", 10).error().kind, ErrorKind::io);
  EXPECT_THAT(read_file(folder.path(), 10).error().text(), HasSubstr(folder.path().string()));
}

}  // namespace
}  // namespace wheatstone::run
