// What a user's own tests would do, from the ground floor to the top: a GUID, a clock, a document, a report.
// Behind these stand the libraries that Wheatstone itself links to, so a consumer that links and runs has
// found them all.
#include <cstdio>

#include "formats/layout/guid.hpp"
#include "harness/report/junit.hpp"
#include "harness/scenario/yaml.hpp"
#include "injectors/observation.hpp"
#include "mocks/clock.hpp"

int main() {
  using namespace wheatstone;

  const auto guid = Guid::parse("{E8F56FFE-919C-4CC5-BA88-65ABE14913BB}");
  VirtualClock clock(FileTime{1});
  clock.advance_by(9);
  const auto document = scenario::parse_yaml("steps:\n  - wait: 10 s\n");
  const auto steps = document ? document->find("steps") : nullptr;
  const std::string report = report::junit_xml({});

  std::puts(report.c_str());
  const bool right = guid && guid->text() == "e8f56ffe-919c-4cc5-ba88-65abe14913bb" &&
                     clock.now().ticks == 10 && steps && steps->mark.line == 2 && report.starts_with("<?xml");
  return right ? 0 : 1;
}
