#include "harness/report/sarif.hpp"

#include "formats/layout/json.hpp"

namespace wheatstone::report {
namespace {

using layout::JsonWriter;

void text_member(JsonWriter& json, std::string_view key, std::string_view value) {
  json.key(key);
  json.text(value);
}

// {"text": "..."}: a message or a multiformatMessageString.
void message_member(JsonWriter& json, std::string_view key, std::string_view text) {
  json.key(key);
  json.begin_object();
  text_member(json, "text", text);
  json.end_object();
}

void write_location(JsonWriter& json, std::string_view file, const Finding* finding) {
  json.key("locations");
  json.begin_array();
  json.begin_object();
  json.key("physicalLocation");
  json.begin_object();
  json.key("artifactLocation");
  json.begin_object();
  text_member(json, "uri", artifact_uri(file));
  json.end_object();
  if (finding != nullptr && finding->offset != Finding::kNoOffset) {
    json.key("region");
    json.begin_object();
    json.key("byteOffset");
    json.number(finding->offset);
    json.end_object();
  }
  json.end_object();
  if (finding != nullptr && !finding->path.empty()) {
    json.key("logicalLocations");
    json.begin_array();
    json.begin_object();
    text_member(json, "fullyQualifiedName", finding->path);
    text_member(json, "kind", "member");
    json.end_object();
    json.end_array();
  }
  json.end_object();
  json.end_array();
}

}  // namespace

std::string artifact_uri(std::string_view file) {
  if (file == "-") return "stdin";
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri = file.starts_with('/') ? "file://" : "";
  for (const char c : file) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      uri += '%';
      uri += kDigits[byte >> 4];
      uri += kDigits[byte & 15];
    }
  }
  return uri;
}

SarifWriter::SarifWriter(layout::TextBuffer& out, const SarifTool& tool,
                         std::span<const document::Rule> rules)
    : out_(out), tool_(tool) {
  for (const document::Rule& rule : rules) known_.emplace(rule.code, &rule);
  out_.append(
      "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{"
      "\"results\":[");
}

std::size_t SarifWriter::rule_index(std::string_view code) {
  const auto [place, is_new] = indexes_.try_emplace(code, codes_.size());
  if (is_new) codes_.push_back(code);
  return place->second;
}

void SarifWriter::add(std::string_view file, std::span<const Finding> findings) {
  for (const Finding& finding : findings) {
    // The caller may have taken what was written: the comma cannot be left to the writer.
    out_.append(first_result_ ? "\n" : ",\n");
    first_result_ = false;
    JsonWriter json(out_);
    json.begin_object();
    text_member(json, "ruleId", finding.code);
    json.key("ruleIndex");
    json.number(std::uint64_t{rule_index(finding.code)});
    text_member(json, "level", to_string(finding.severity));
    message_member(json, "message", finding.message);
    write_location(json, file, &finding);
    if (!finding.clause.empty()) {
      json.key("properties");
      json.begin_object();
      text_member(json, "clause", finding.clause);
      json.end_object();
    }
    json.end_object();
  }
}

void SarifWriter::add_failure(std::string_view file, const Error& error) {
  failures_.push_back({std::string(file), error.text()});
}

void SarifWriter::finish(bool successful) {
  out_.append("],\n");
  JsonWriter json(out_);
  json.key("invocations");
  json.begin_array();
  json.begin_object();
  json.key("executionSuccessful");
  json.boolean(successful);
  if (!failures_.empty()) {
    json.key("toolExecutionNotifications");
    json.begin_array();
    for (const Failure& failure : failures_) {
      json.begin_object();
      text_member(json, "level", "error");
      message_member(json, "message", failure.message);
      write_location(json, failure.file, nullptr);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
  json.end_array();
  json.key("tool");
  json.begin_object();
  json.key("driver");
  json.begin_object();
  text_member(json, "name", tool_.name);
  text_member(json, "version", tool_.version);
  if (!tool_.information_uri.empty()) text_member(json, "informationUri", tool_.information_uri);
  write_rules();
  json.end_object();
  json.end_object();
  out_.append("}]}\n");
}

void SarifWriter::write_rules() {
  JsonWriter json(out_);
  json.key("rules");
  json.begin_array();
  for (const std::string_view code : codes_) {
    json.begin_object();
    text_member(json, "id", code);
    if (const auto rule = known_.find(code); rule != known_.end()) {
      message_member(json, "shortDescription", rule->second->title);
      if (!rule->second->advice.empty()) message_member(json, "help", rule->second->advice);
    }
    json.end_object();
  }
  json.end_array();
}

}  // namespace wheatstone::report
