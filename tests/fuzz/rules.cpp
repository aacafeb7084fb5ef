// Rules of a server load, or give errors that all point into the text; the same each time. What loads can be
// answered with, matches without end, and is the same rules again when it is written down and loaded.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "formats/layout/to_node.hpp"
#include "formats/layout/yaml_text.hpp"
#include "harness/scenario/loader.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/fuzz/yaml_errors.hpp"

using namespace wheatstone;
using cer_server::Fault;
using cer_server::Rule;
using layout::Node;

namespace {

constexpr const char* kFile = "rules.yaml";

void put(Node& map, std::string key, Node value) {
  map.members.push_back({std::move(key), {}, std::move(value)});
}

void put(Node& map, std::string key, const std::optional<std::string>& text) {
  if (text) put(map, std::move(key), layout::scalar(*text, true));
}

void put(Node& map, std::string key, const std::optional<bool>& flag) {
  if (flag) put(map, std::move(key), layout::scalar(*flag ? "true" : "false"));
}

template <class T>
void put_number(Node& map, std::string key, const std::optional<T>& number) {
  if (number) put(map, std::move(key), layout::number_node(*number));
}

void put(Node& map, std::string key, const std::vector<std::string>& items) {
  if (items.empty()) return;
  Node list;
  list.kind = Node::Kind::list;
  for (const std::string& item : items) list.items.push_back(layout::scalar(item, true));
  put(map, std::move(key), std::move(list));
}

Node node_of(const cer::Answer& answer) {
  Node map = layout::map_node();
  put(map, "Response", answer.response);
  put_number(map, "Bucket", answer.bucket);
  put_number(map, "BucketTable", answer.bucket_table);
  put(map, "iData", answer.i_data);
  put(map, "MemoryDump", answer.memory_dump);
  put(map, "fDoc", answer.f_doc);
  put(map, "RegKey", answer.reg_key);
  put(map, "RegTree", answer.reg_tree);
  put(map, "WQL", answer.wql);
  put(map, "GetFile", answer.get_file);
  put(map, "GetFileVersion", answer.get_file_version);
  put(map, "DumpFile", answer.dump_file);
  return map;
}

Node node_of(const Fault& fault) {
  Node map = layout::map_node();
  put(map, "kind", layout::scalar(std::string(cer_server::info(fault.kind).name)));
  put(map, "level", layout::scalar(fault.level == Fault::Level::level1 ? "level1" : "level2"));
  if (fault.kind == Fault::Kind::status) put(map, "status", layout::number_node(fault.status));
  if (fault.kind == Fault::Kind::close) put(map, "after", layout::number_node(fault.after));
  if (fault.kind == Fault::Kind::delay || fault.kind == Fault::Kind::trickle)
    put(map, "wait", layout::scalar(fmt::format("{}ms", fault.wait.count())));
  if (!fault.location.empty()) put(map, "location", layout::scalar(fault.location, true));
  return map;
}

Node node_of(const Rule& rule) {
  Node match = layout::map_node();
  put(match, "event_type", rule.event_type);
  Node parameters = layout::map_node();
  for (const auto& [name, pattern] : rule.parameters) put(parameters, name, layout::scalar(pattern, true));
  if (!rule.parameters.empty()) put(match, "parameters", std::move(parameters));
  Node map = layout::map_node();
  if (!match.members.empty()) put(map, "match", std::move(match));
  if (rule.answer != cer::Answer{}) put(map, "answer", node_of(rule.answer));
  put_number(map, "cab_quota", rule.cab_quota);
  if (rule.times != 0) put(map, "times", layout::number_node(rule.times));
  if (rule.fault) put(map, "fault", node_of(*rule.fault));
  return map;
}

std::string written(const std::vector<Rule>& rules) {
  Node list;
  list.kind = Node::Kind::list;
  for (const Rule& rule : rules) list.items.push_back(node_of(rule));
  Node root = layout::map_node();
  put(root, "rules", std::move(list));
  return layout::to_yaml(root);
}

bool same(const Rule& a, const Rule& b) {
  return a.event_type == b.event_type && a.parameters == b.parameters && a.answer == b.answer &&
         a.cab_quota == b.cab_quota && a.times == b.times && a.fault == b.fault;
}

void check(const Rule& rule) {
  REQUIRE(cer::write_answer(rule.answer));
  if (!rule.fault) return;
  REQUIRE(rule.fault->status >= 400 && rule.fault->status <= 599);
  REQUIRE(rule.fault->level == Fault::Level::level1 || !cer_server::info(rule.fault->kind).only_level1);
}

// A report whose values are the patterns themselves: '*' and '?' match themselves too.
void check_match(const Rule& rule) {
  cer::Report report;
  report.event.eventtype = rule.event_type.value_or("");
  for (const auto& [name, pattern] : rule.parameters) report.secondary_parameters.push_back({name, pattern});
  REQUIRE(cer_server::matches(rule, report));
  report.secondary_parameters.clear();
  REQUIRE(cer_server::matches(rule, report) == rule.parameters.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  const auto rules = scenario::load_rules(as_text(input), kFile);
  if (!rules) test::require_places(as_text(input), kFile, rules.error());
  if (test::is_chosen(input, test::kView)) {
    const auto again = scenario::load_rules(as_text(input), kFile);
    REQUIRE(again.has_value() == rules.has_value());
    if (rules)
      REQUIRE(std::ranges::equal(*again, *rules, same));
    else
      REQUIRE(std::ranges::equal(again.error(), rules.error(), {}, &Error::text, &Error::text));
  }
  if (!rules) return 0;
  for (const Rule& rule : *rules) {
    check(rule);
    check_match(rule);
  }
  if (!test::is_chosen(input, test::kSlow)) return 0;
  const auto again = scenario::load_rules(written(*rules), kFile);
  REQUIRE(again && std::ranges::equal(*again, *rules, same));
  return 0;
}
