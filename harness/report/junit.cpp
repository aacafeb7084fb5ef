#include "harness/report/junit.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <string_view>
#include <vector>

#include "formats/layout/utf16.hpp"
#include "harness/report/console.hpp"

namespace wheatstone::report {
namespace {

// Text that may stand in a document: well-formed UTF-8 without the characters that XML 1.0 leaves out.
std::string xml_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t good = find_invalid_utf8(text).value_or(text.size());
    for (std::size_t i = 0; i < good; ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      if (c < 0x20 && c != '\n' && c != '\t') {
        out += fmt::format("\\x{:02x}", c);
      } else if (c == 0xef && (text.substr(i, 3) == "\uFFFE" || text.substr(i, 3) == "\uFFFF")) {
        out += text.substr(i, 3) == "\uFFFE" ? "\\ufffe" : "\\uffff";
        i += 2;
      } else {
        out += text[i];
      }
    }
    if (good == text.size()) break;
    out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[good]));
    text.remove_prefix(good + 1);
  }
  return out;
}

std::string seconds(std::chrono::nanoseconds time) {
  return fmt::format("{:.3f}", std::chrono::duration<double>(time).count());
}

struct Suite {
  std::vector<const Outcome*> outcomes;
  Totals totals;
};

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(xml_text(value).c_str());
}

void set_totals(pugi::xml_node node, const Totals& totals) {
  set(node, "tests", std::to_string(totals.all()));
  set(node, "failures", std::to_string(totals.failed));
  set(node, "errors", std::to_string(totals.error));
  set(node, "skipped", std::to_string(totals.skipped));
  set(node, "time", seconds(totals.took));
}

void write_case(pugi::xml_node suite, const std::string& classname, const Outcome& outcome) {
  pugi::xml_node test = suite.append_child("testcase");
  set(test, "classname", classname);
  set(test, "name", name_of(outcome.id));
  set(test, "time", seconds(outcome.took));

  const judge::Verdict& verdict = outcome.verdict;
  switch (verdict.status) {
    case judge::Status::passed:
      break;
    case judge::Status::skipped:
      set(test.append_child("skipped"), "message", reason_text(verdict));
      break;
    case judge::Status::error:
      set(test.append_child("error"), "message", reason_text(verdict));
      break;
    case judge::Status::failed: {
      pugi::xml_node failure = test.append_child("failure");
      std::string text;
      for (const judge::Failure& one : verdict.failures) text += failure_text(one) + "\n";
      if (!verdict.failures.empty()) {
        const std::string& message = verdict.failures.front().message;
        set(failure, "message", message.substr(0, message.find('\n')));
        set(failure, "type", std::string(verdict.failures.front().code));
      }
      failure.text().set(xml_text(text).c_str());
      break;
    }
  }
  if (!outcome.evidence.empty())
    test.append_child("system-out").text().set(xml_text("evidence: " + outcome.evidence).c_str());
}

}  // namespace

std::string junit_xml(std::span<const Outcome> outcomes) {
  std::vector<std::string> order;
  std::map<std::string, Suite> suites;
  Totals totals;
  for (const Outcome& outcome : outcomes) {
    std::string name = theme_of(outcome.id);
    for (char& c : name)
      if (c == '/') c = '.';
    const auto [suite, is_new] = suites.try_emplace(name);
    if (is_new) order.push_back(name);
    suite->second.outcomes.push_back(&outcome);
    suite->second.totals.add(outcome);
    totals.add(outcome);
  }

  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  pugi::xml_node root = document.append_child("testsuites");
  set(root, "name", "wheatstone");
  set_totals(root, totals);
  for (const std::string& name : order) {
    const Suite& suite = suites.at(name);
    pugi::xml_node node = root.append_child("testsuite");
    set(node, "name", name);
    set_totals(node, suite.totals);
    for (const Outcome* outcome : suite.outcomes) write_case(node, name, *outcome);
  }
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return std::move(out).str();
}

}  // namespace wheatstone::report
