// A scenario as the bench runs it: plain data, complete (every file it refers to is already read), and with
// the position in the text of everything a report may want to point at. Loading one touches no target.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "formats/cer/answer.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/node.hpp"
#include "formats/layout/result.hpp"
#include "harness/scenario/regex.hpp"
#include "injectors/observation.hpp"
#include "injectors/target.hpp"

namespace wheatstone::scenario {

using layout::Mark;

// ---- the CER server of the run
// ---------------------------------------------------------------------------------

// What a CER server does with the requests that a rule selects. The first rule that matches decides.
struct ServerRule {
  enum class Fault : std::uint8_t {
    none,
    close,     // close the connection without an answer
    truncate,  // promise the whole body, send half of it, close
  };

  // Which requests. Everything absent matches; all that is present must match.
  std::optional<std::string> event_type;                        // EVENTINFO/@eventtype
  std::vector<std::pair<std::string, std::string>> parameters;  // (name, value) of (SECONDARY)PARAMETER
  std::optional<std::uint32_t> times;  // matches at most so often; then the next rule

  // What it does with the level-1 document.
  std::uint16_t status = 200;
  cer::Answer answer;
  std::optional<Buffer> body;  // these bytes instead of `answer`
  Fault fault = Fault::none;
  std::uint64_t delay = 0;  // before the answer, in 100 ns units

  // What it does with the cabinet of that report.
  std::uint16_t upload_status = 200;
  Fault upload_fault = Fault::none;

  Mark mark;
};

struct Server {
  std::vector<ServerRule> rules;
  Mark mark;
};

// ---- steps
// -----------------------------------------------------------------------------------------------------

struct Wait {
  std::uint64_t duration = 0;  // 100 ns units
};

struct Step {
  std::variant<inject::Injection, Wait> what;
  Mark mark;
};

// ---- matchers
// --------------------------------------------------------------------------------------------------

// A plain value of the YAML. `number` is set when the text reads as a number and was not quoted. It equals an
// observed number when `number` is equal or `text` is the number's name, an observed text when `text` is
// equal, an observed flag when it is true/1 or false/0.
struct Literal {
  std::string text;
  std::optional<std::uint64_t> number;
};

struct Exact {
  Literal value;
};
struct Masked {  // number & mask == value
  std::uint64_t mask = 0;
  std::uint64_t value = 0;
};
struct InRange {  // low <= number <= high
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};
struct Matches {  // the whole text, or a number's name, or without one the number as it is shown
  Regex regex;
};
struct OneOf {
  std::vector<Literal> values;
};
struct Absent {};  // the observation has no such field

// Every matcher but Absent is false for a field that is not there.
using Matcher = std::variant<Exact, Masked, InRange, Matches, OneOf, Absent>;

struct FieldMatcher {
  std::string name;  // as ObservedField::name
  Matcher matcher;
  Mark mark;
};

// An observation of that kind that satisfies every field matcher and, if given, has exactly these bytes.
struct Pattern {
  inject::ObservationKind kind = inject::ObservationKind::record;
  std::vector<FieldMatcher> fields;
  std::optional<Buffer> bytes;
  Mark mark;
};

// ---- expectations
// ----------------------------------------------------------------------------------------------

struct CountRange {
  std::uint64_t low = 1;
  std::uint64_t high = std::numeric_limits<std::uint64_t>::max();
};

struct Occurs {
  Pattern pattern;
  CountRange count;
  // Since the last injection before the observation, in 100 ns units; observations that come later do not
  // count.
  std::optional<std::uint64_t> within;
};

struct Never {
  Pattern pattern;
};

// Observations that match, each after the one before it in the order in which they were made.
struct Order {
  std::vector<Pattern> patterns;  // at least two
};

struct Expectation {
  std::variant<Occurs, Never, Order> what;
  Mark mark;
};

// ---- the scenario
// ----------------------------------------------------------------------------------------------

struct Scenario {
  std::string id;    // path under the root of the scenarios, '/' between parts, without extension
  std::string file;  // as the loader was told, for messages
  std::string title;
  std::string description;  // may be empty

  // Kinds of observations the target must be able to give: those the file lists and those its expectations
  // look at, each once, in the order of the enumeration. Never `server`: that one the bench gives itself.
  std::vector<inject::ObservationKind> needs;

  std::uint64_t seed = 1;
  inject::Platform platform;
  std::optional<Server> server;  // nullopt: nobody listens
  std::vector<Step> steps;       // at least one
  std::vector<Expectation> expectations;

  // The location of a mark of this scenario.
  Location at(Mark mark) const { return {file, mark.line, mark.column, Location::kNoOffset, {}}; }
};

}  // namespace wheatstone::scenario
