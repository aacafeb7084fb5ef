// Rules: what the Corporate Error Reporting server answers to which report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"
#include "mocks/cer_server/fault.hpp"

namespace wheatstone::cer_server {

// The first rule that matches a report answers it. Patterns are globs: '*' is any text, '?' any one
// character; everything else matches itself, in any ASCII case.
struct Rule {
  std::optional<std::string> event_type = {};  // pattern for EVENTINFO/@eventtype; nullopt = any
  // Pairs (name, pattern): every named PARAMETER or SECONDARYPARAMETER must be there and match.
  std::vector<std::pair<std::string, std::string>> parameters = {};

  // Sent as it is, with these additions: with i_data and no dump_file, an unguessable path of 128 random bits
  // is issued; with a dump_file, that very path is issued. Without i_data nothing is issued.
  cer::Answer answer = {};

  // At most this many cabs are asked for per signature; after it the answer goes out with iData=0 and without
  // DumpFile and the requests for data. nullopt = no limit.
  std::optional<unsigned> cab_quota = {};

  // Level 1: the report is kept; a path is issued if FaultInfo::issues_path says so. Level 2: it strikes once
  // for each issued path, and drops the cab and leaves the path open, so that a second upload succeeds, or
  // keeps the cab.
  std::optional<Fault> fault = {};

  unsigned times = 0;  // how many reports it may answer before it steps aside; 0 = no limit
};

// True if `pattern` covers all of `text`. Work is at most the product of both lengths.
bool glob_match(std::string_view pattern, std::string_view text) noexcept;

// True if the patterns of `rule` match; does not look at `times`.
bool matches(const Rule& rule, const cer::Report& report) noexcept;

// What makes two reports the same event: the event type, the PARAMETERs by id, the SECONDARYPARAMETERs in
// order. Names of PARAMETERs do not count, because Windows translates them.
std::string signature(const cer::Report& report);

// A signature for people, without the event type: "GPFMe.exe 6.0.4082.0", "BCCode=f4 BCP1=00000003".
// REQUIRES: a text that signature() made.
std::string signature_text(std::string_view signature);

}  // namespace wheatstone::cer_server
