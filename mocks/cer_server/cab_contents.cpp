#include "mocks/cer_server/cab_contents.hpp"

#include "formats/cper/record.hpp"
#include "formats/dump/reader.hpp"
#include "formats/whea/bug_check.hpp"
#include "mocks/cer_server/dump_check.hpp"

namespace wheatstone::cer_server {
namespace {

void error_to_json(layout::JsonWriter& json, const Error& error) {
  json.begin_object();
  json.key("Error");
  json.text(error.message);
  json.end_object();
}

void dump_to_json(layout::TextBuffer& out, layout::JsonWriter& json, const dump::Dump& dump) {
  json.key("Dump");
  dump::to_json(out, dump, layout::Detail::valid);
  if (dump.bug_check().code != whea::kBugCheckWheaUncorrectableError) return;
  json.key("Record");
  if (const auto record = record_in(dump)) {
    cper::to_json(out, cper::Record::decode(*record), layout::Detail::valid);
  } else {
    error_to_json(json, record.error());
  }
}

}  // namespace

void cab_to_json(layout::TextBuffer& out, Bytes cabinet, const cab::Limits& limits) {
  layout::JsonWriter json(out);
  const auto members = cab::read(cabinet, limits);
  if (!members) return error_to_json(json, members.error());
  json.begin_object();
  json.key("Files");
  json.begin_array();
  for (const cab::Member& member : *members) {
    json.begin_object();
    json.key("Name");
    json.text(member.name);
    json.key("Bytes");
    json.number(std::uint64_t{member.data.size()});
    json.end_object();
  }
  json.end_array();
  for (const cab::Member& member : *members) {
    const auto dump = dump::Dump::open(member.data);
    if (!dump) continue;
    dump_to_json(out, json, *dump);
    break;
  }
  json.end_object();
}

}  // namespace wheatstone::cer_server
