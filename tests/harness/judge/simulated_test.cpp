// What the simulated target says never contradicts itself: its writers and the judge's readers agree.
#include <tuple>

#include "formats/cper/profile.hpp"
#include "formats/cper/section.hpp"
#include "harness/judge/consistency.hpp"
#include "tests/injectors/simulated/story.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::judge {
namespace {

using namespace inject;
using namespace inject::test;
using cper::Severity;
using whea::ErrorSourceType;

void expect_agreement(const Platform& machine, const Injection& injection) {
  Story story(machine);
  story.then(injection).wait(10 * kMinute);
  const auto given = make_simulated_target()->capabilities().observations;
  EXPECT_FALSE(story.kinds().empty());
  for (const Failure& failure : check_consistency(story.all(), given, machine))
    ADD_FAILURE() << machine.profile << ": " << failure.code << ": " << failure.message;
}

TEST(SimulatedTarget, MachineChecksAgreeInEveryBuild) {
  for (const cper::Profile& profile : cper::windows_profiles())
    for (const char* vendor : {"AuthenticAMD", "GenuineIntel"})
      for (const auto& [source, severity] : {std::tuple{ErrorSourceType::mce, Severity::fatal},
                                             std::tuple{ErrorSourceType::cmc, Severity::corrected}})
        expect_agreement(platform(std::string(profile.name), vendor),
                         InjectedError{source, severity, {machine_check(0xbea0000000000108, 5, 3)}, 0});
}

TEST(SimulatedTarget, OtherErrorsAgree) {
  Platform machine = platform("win11-24H2");
  machine.sources = {{.type = ErrorSourceType::pcie}, {.type = ErrorSourceType::generic}};
  const InjectedSection pcie =
      section(cper::kSectionPciExpress, 208, {{0, {0x0f}}, {24, {0x86, 0x80}}, {31, {1, 3}}});
  const InjectedSection memory = section(cper::kSectionMemory, 80, {{0, {0x19, 0x40}}, {9, {4}}, {72, {2}}});
  for (const Severity severity : {Severity::fatal, Severity::corrected}) {
    expect_agreement(machine, InjectedError{ErrorSourceType::pcie, severity, {pcie}, 0});
    expect_agreement(machine, InjectedError{ErrorSourceType::generic, severity, {memory}, 0});
  }
  expect_agreement(machine, InjectedError{ErrorSourceType::nmi, Severity::fatal, {}, 0});
  expect_agreement(machine, InjectedBugCheck{0xf4, {1, 2, 3, 4}});
}

TEST(SimulatedTarget, ReplayedRecordsAgree) {
  for (const char* name : wheatstone::test::kRealRecords)
    expect_agreement(platform("win11-24H2"),
                     InjectedRecord{wheatstone::test::load_record(name), ErrorSourceType::boot});
}

}  // namespace
}  // namespace wheatstone::judge
