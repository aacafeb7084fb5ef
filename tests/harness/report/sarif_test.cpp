#include "harness/report/sarif.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace wheatstone::report {
namespace {

namespace json = boost::json;

constexpr document::Rule kRules[] = {
    {"length-beyond-file", "The record says it is longer than it is", "What is there can be read."},
    {"never-seen", "Nothing has this code", ""}};
constexpr SarifTool kTool = {"wheatstone", "1.2.3"};

const Finding kBeyond = {
    FindingSeverity::error, "length-beyond-file", "the file is short", "Header.Length", 20, "UEFI N.2.1"};
const Finding kBare = {FindingSeverity::note, "bare", "a \"remark\"", "", Finding::kNoOffset, ""};

Error unreadable() {
  Error error{ErrorKind::io, "cannot open the file", "", {}};
  error.where.file = "c";
  return error;
}

TEST(Sarif, AnEmptyRun) {
  layout::TextBuffer out;
  SarifWriter(out, kTool, kRules).finish(true);
  EXPECT_EQ(out.view(),
            "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{"
            "\"results\":[],\n"
            "\"invocations\":[{\"executionSuccessful\":true}],"
            "\"tool\":{\"driver\":{\"name\":\"wheatstone\",\"version\":\"1.2.3\",\"rules\":[]}}}]}\n");
}

TEST(Sarif, ResultsRulesAndFailures) {
  layout::TextBuffer out;
  SarifWriter writer(out, {"wheatstone", "1.2.3", "https://example.com/"}, kRules);
  const Finding findings[] = {kBare, kBeyond};
  writer.add("in/a b.cper", findings);
  writer.add("nothing", {});
  writer.add("-", std::span(findings).first(1));
  writer.add_failure("c", unreadable());
  writer.finish(false);
  EXPECT_EQ(
      out.view(),
      "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{"
      "\"results\":[\n"
      "{\"ruleId\":\"bare\",\"ruleIndex\":0,\"level\":\"note\",\"message\":{\"text\":\"a \\\"remark\\\"\"},"
      "\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"in/a%20b.cper\"}}}]},\n"
      "{\"ruleId\":\"length-beyond-file\",\"ruleIndex\":1,\"level\":\"error\","
      "\"message\":{\"text\":\"the file is short\"},"
      "\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"in/a%20b.cper\"},"
      "\"region\":{\"byteOffset\":20}},"
      "\"logicalLocations\":[{\"fullyQualifiedName\":\"Header.Length\",\"kind\":\"member\"}]}],"
      "\"properties\":{\"clause\":\"UEFI N.2.1\"}},\n"
      "{\"ruleId\":\"bare\",\"ruleIndex\":0,\"level\":\"note\",\"message\":{\"text\":\"a \\\"remark\\\"\"},"
      "\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"stdin\"}}}]}],\n"
      "\"invocations\":[{\"executionSuccessful\":false,\"toolExecutionNotifications\":["
      "{\"level\":\"error\",\"message\":{\"text\":\"c: cannot open the file\"},"
      "\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"c\"}}}]}]}],"
      "\"tool\":{\"driver\":{\"name\":\"wheatstone\",\"version\":\"1.2.3\","
      "\"informationUri\":\"https://example.com/\",\"rules\":["
      "{\"id\":\"bare\"},"
      "{\"id\":\"length-beyond-file\","
      "\"shortDescription\":{\"text\":\"The record says it is longer than it is\"},"
      "\"help\":{\"text\":\"What is there can be read.\"}}]}}}]}\n");
}

TEST(Sarif, WhatIsWrittenMayBeTakenAtAnyTime) {
  const auto log = [](bool taking) {
    layout::TextBuffer out;
    std::string text;
    const auto take = [&] {
      if (!taking) return;
      text += out.view();
      out.clear();
    };
    SarifWriter writer(out, kTool, kRules);
    take();
    for (const char* file : {"a", "b", "c"}) {
      const Finding findings[] = {kBeyond, kBare};
      writer.add(file, findings);
      take();
    }
    writer.finish(true);
    text += out.view();
    return text;
  };
  EXPECT_EQ(log(true), log(false));
}

TEST(Sarif, UrisOfPaths) {
  EXPECT_EQ(artifact_uri("dir/record-1.cper"), "dir/record-1.cper");
  EXPECT_EQ(artifact_uri("/tmp/a_b~c.cper"), "file:///tmp/a_b~c.cper");
  EXPECT_EQ(artifact_uri("50% #?:\xc3\xa4"), "50%25%20%23%3F%3A%C3%A4");
  EXPECT_EQ(artifact_uri("-"), "stdin");
}

// Every property that the schema of SARIF 2.1.0 requires of the objects we write, and the kinds of all.
TEST(Sarif, HasWhatTheSchemaRequires) {
  layout::TextBuffer out;
  SarifWriter writer(out, kTool, kRules);
  Finding odd = kBeyond;
  odd.message = "bytes \xff and \n lines";
  const Finding findings[] = {kBare, odd, kBeyond};
  writer.add("/tmp/x y", findings);
  writer.add_failure("c", unreadable());
  writer.finish(false);

  const json::value parsed = json::parse(std::string(out.view()));
  const json::object& log = parsed.as_object();
  EXPECT_EQ(log.at("version").as_string(), "2.1.0");  // sarifLog: version, runs
  ASSERT_EQ(log.at("runs").as_array().size(), 1u);
  const json::object& run = log.at("runs").at(0).as_object();  // run: tool
  const json::object& driver = run.at("tool").at("driver").as_object();
  EXPECT_FALSE(driver.at("name").as_string().empty());  // toolComponent: name
  EXPECT_FALSE(driver.contains("informationUri"));
  const json::array& rules = driver.at("rules").as_array();
  for (const json::value& rule : rules) {
    EXPECT_FALSE(rule.at("id").as_string().empty());  // reportingDescriptor: id
    for (const char* text : {"shortDescription", "help"})
      if (const json::value* member = rule.as_object().if_contains(text)) {
        EXPECT_FALSE(member->at("text").as_string().empty());  // multiformatMessageString: text
      }
  }
  ASSERT_EQ(run.at("results").as_array().size(), 3u);
  for (const json::value& result : run.at("results").as_array()) {
    EXPECT_FALSE(
        result.at("message").at("text").as_string().empty());  // result: message; message: text or id
    EXPECT_THAT(std::string(result.at("level").as_string()), testing::AnyOf("note", "warning", "error"));
    // ruleIndex and ruleId must mean the same rule.
    const auto index = static_cast<std::size_t>(result.at("ruleIndex").as_int64());
    ASSERT_LT(index, rules.size());
    EXPECT_EQ(rules[index].at("id"), result.at("ruleId"));
    for (const json::value& location : result.at("locations").as_array()) {
      const json::object& place = location.at("physicalLocation").as_object();
      EXPECT_EQ(place.at("artifactLocation").at("uri").as_string(), "file:///tmp/x%20y");
      if (const json::value* region = place.if_contains("region")) {
        EXPECT_GE(region->at("byteOffset").as_int64(), 0);
      }
    }
  }
  for (const json::value& invocation : run.at("invocations").as_array()) {
    EXPECT_FALSE(invocation.at("executionSuccessful").as_bool());  // invocation: executionSuccessful
    for (const json::value& told : invocation.at("toolExecutionNotifications").as_array())
      EXPECT_FALSE(told.at("message").at("text").as_string().empty());  // notification: message
  }
}

}  // namespace
}  // namespace wheatstone::report
