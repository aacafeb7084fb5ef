// JUnit XML, as Jenkins and GitLab read it.
#pragma once

#include <span>
#include <string>

#include "harness/report/outcome.hpp"

namespace wheatstone::report {

// One <testsuite> for each theme (theme_of, '/' written as '.') in the order of first appearance, one
// <testcase> for each scenario. A scenario that failed has one <failure> whose text lists all failures with
// file and line; <system-out> names the evidence. Characters that XML 1.0 cannot carry are written as \xNN.
std::string junit_xml(std::span<const Outcome> outcomes);

}  // namespace wheatstone::report
