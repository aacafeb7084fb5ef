// Observations, patterns and matchers as people read them in a report.
#pragma once

#include <cstddef>
#include <string>

#include "harness/scenario/scenario.hpp"
#include "injectors/observation.hpp"

namespace wheatstone::judge {

// The number alone, as its field is shown: "0x124" or "12"; a flag is "true" or "false".
std::string number_text(const inject::Value& value);

// "0x124 (WHEA_UNCORRECTABLE_ERROR)", "12", "true", or the text in quotes. Text over 120 bytes is cut;
// control characters are shown as \xNN.
std::string show(const inject::Value& value);

// "0x124", "& 0xff00 = 0x1200", "1..5", "matching /^0x/", "one of Fatal, Recoverable", "absent".
std::string show(const scenario::Matcher& matcher);

// "record {Severity: Fatal, XpfMca.Status: 0xbea0000000000108}".
std::string show(const scenario::Pattern& pattern);

// "record #3 at 2026-01-15T08:00:01.0000000Z"; numbered from 1, as the lines of observations.jsonl.
std::string show(std::size_t index, const inject::Observation& observation);

}  // namespace wheatstone::judge
