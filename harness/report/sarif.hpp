// Findings as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format): what code scanning services,
// editors and pipelines read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/document/lint.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/text_buffer.hpp"

namespace wheatstone::report {

struct SarifTool {
  std::string_view name;
  std::string_view version;
  std::string_view information_uri{};  // left out if empty
};

// A percent-encoded reference for artifactLocation.uri: a file: URI for an absolute path, else a relative
// reference. Standard input ("-") is "stdin".
std::string artifact_uri(std::string_view file);

// Writes one log with one run, input by input: memory does not grow with their number, except for the codes
// seen and the failures. `out` may be taken and cleared by the caller after any call. The rules of the run
// are the codes that occurred, in the order of their first finding; a code that `rules` does not describe is
// listed by its name alone.
//
//     runs[0].results[]: ruleId, ruleIndex, level (note, warning, error), message.text,
//         locations[0].physicalLocation.artifactLocation.uri, .region.byteOffset (of the decoded bytes),
//         locations[0].logicalLocations[0].fullyQualifiedName (the field path), properties.clause
//     runs[0].invocations[0]: executionSuccessful, toolExecutionNotifications[] of inputs that failed
//     runs[0].tool.driver: name, version, informationUri, rules[]: id, shortDescription (its title), help
//     (its
//         advice)
class SarifWriter {
 public:
  // `out` must be empty or end with a newline; `rules` and the texts of `tool` must outlive the writer.
  SarifWriter(layout::TextBuffer& out, const SarifTool& tool, std::span<const document::Rule> rules);

  // The findings of one input.
  void add(std::string_view file, std::span<const Finding> findings);
  // An input that could not be read.
  void add_failure(std::string_view file, const Error& error);
  // Ends the log with a newline. `successful`: the run saw all it was asked to see. Call it once, last.
  void finish(bool successful);

 private:
  struct Failure {
    std::string file;
    std::string message;
  };

  std::size_t rule_index(std::string_view code);
  void write_rules();

  layout::TextBuffer& out_;
  SarifTool tool_;
  std::map<std::string_view, const document::Rule*> known_;
  std::map<std::string_view, std::size_t> indexes_;
  std::vector<std::string_view> codes_;
  std::vector<Failure> failures_;
  bool first_result_ = true;
};

}  // namespace wheatstone::report
