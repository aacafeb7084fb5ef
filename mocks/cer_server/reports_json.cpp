// Buckets, reports and exchanges as JSON.
#include "formats/cer/windows_1252.hpp"
#include "formats/cer/xml_text.hpp"
#include "mocks/cer_server/reports.hpp"

namespace wheatstone::cer_server {
namespace {

using layout::JsonWriter;

void member(JsonWriter& json, std::string_view name, std::string_view value) {
  json.key(name);
  json.text(value);
}

void member(JsonWriter& json, std::string_view name, std::uint64_t value) {
  json.key(name);
  json.number(value);
}

void member(JsonWriter& json, std::string_view name, const std::optional<std::uint64_t>& value) {
  json.key(name);
  value ? json.number(*value) : json.null();
}

void members(JsonWriter& json, const ReportRow& report) {
  member(json, "Report", report.number);
  member(json, "Received", to_iso8601(report.received));
  member(json, "BucketId", report.bucket_id);
  member(json, "EventType", report.event_type);
  member(json, "Machine", report.machine);
  member(json, "Bucket", report.bucket);
  member(json, "Status", std::uint64_t{report.status});
  member(json, "Errors", report.errors);
  member(json, "Warnings", report.warnings);
  member(json, "Notes", report.notes);
  member(json, "CabBytes", report.cab_size);
}

}  // namespace

void to_json(JsonWriter& json, const Bucket& bucket) {
  json.begin_object();
  member(json, "BucketId", bucket.id);
  member(json, "EventType", bucket.event_type);
  member(json, "Signature", bucket.signature);
  member(json, "Bucket", bucket.number);
  member(json, "BucketTable", bucket.table);
  member(json, "Hits", bucket.hits);
  member(json, "Cabs", bucket.cabs);
  member(json, "FirstSeen", to_iso8601(bucket.first_seen));
  member(json, "LastSeen", to_iso8601(bucket.last_seen));
  json.end_object();
}

void to_json(JsonWriter& json, const ReportRow& report) {
  json.begin_object();
  members(json, report);
  json.end_object();
}

void to_json(JsonWriter& json, const Hits& hits) {
  json.begin_object();
  member(json, "Time", to_iso8601(hits.hour));
  member(json, "Hits", hits.hits);
  json.end_object();
}

void to_json(JsonWriter& json, const KeptExchange& exchange) {
  json.begin_object();
  member(json, "Time", to_iso8601(exchange.time));
  member(json, "Kind", exchange.kind);
  member(json, "Status", std::uint64_t{exchange.status});
  member(json, "RequestBytes", exchange.request_size);
  member(json, "ResponseBytes", std::uint64_t{exchange.response.size()});
  json.key("Findings");
  json.begin_array();
  for (const KeptFinding& finding : exchange.findings) {
    json.begin_object();
    member(json, "Severity", finding.severity);
    member(json, "Code", finding.code);
    member(json, "Message", finding.message);
    if (!finding.path.empty()) member(json, "Path", finding.path);
    if (finding.offset) member(json, "Offset", *finding.offset);
    if (!finding.clause.empty()) member(json, "Clause", finding.clause);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void to_json(JsonWriter& json, const KeptReport& report) {
  json.begin_object();
  members(json, report.row);
  if (report.row.cab_size) {
    json.key("CabSha256");
    report.cab_sha256.empty() ? json.null() : json.text(report.cab_sha256);
  }
  cer::FindingList told_already;
  member(json, "Document", cer::decode_xml(report.document, told_already).utf8);
  json.key("Answer");
  report.answer ? json.text(cer::windows_1252_to_utf8(*report.answer)) : json.null();
  json.key("Exchanges");
  json.begin_array();
  for (const KeptExchange& exchange : report.exchanges) to_json(json, exchange);
  json.end_array();
  json.end_object();
}

}  // namespace wheatstone::cer_server
