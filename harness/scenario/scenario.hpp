// A scenario as the bench runs it: plain data, complete (every file it refers to is already read), and with
// the position in the text of everything a report may want to point at. Loading one touches no target.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/node.hpp"
#include "formats/layout/result.hpp"
#include "harness/scenario/regex.hpp"
#include "injectors/observation.hpp"
#include "injectors/target.hpp"
#include "mocks/cer_server/server.hpp"

namespace wheatstone::scenario {

using layout::Mark;

// The CER server of the run, which listens wherever the bench can; the machine's connections are led there.
struct Server {
  std::vector<cer_server::Rule> rules;  // may be empty
  std::optional<cer_server::Tls> tls;
  std::optional<http::Accounts> accounts;
  cer::Profile profile = cer::Profile::spec;
  Mark mark;
};

// ---- steps

struct Wait {
  std::uint64_t duration = 0;  // 100 ns units
};

struct Step {
  std::variant<inject::Injection, Wait> what;
  Mark mark;
};

// ---- matchers

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

struct Scenario {
  std::string id;      // path under the root of the scenarios, '/' between parts, without extension
  std::string file;    // as the loader was told, for messages
  std::string source;  // the text that was loaded
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
