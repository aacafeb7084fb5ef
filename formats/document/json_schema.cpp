#include "formats/document/json_schema.hpp"

#include <fmt/format.h>

#include <initializer_list>

#include "formats/document/structures.hpp"
#include "formats/layout/json_schema.hpp"

namespace wheatstone::document {
namespace {

using layout::JsonWriter;

void text(JsonWriter& json, std::string_view key, std::string_view value) {
  json.key(key);
  json.text(value);
}

void texts(JsonWriter& json, std::string_view key, std::initializer_list<std::string_view> values) {
  json.key(key);
  json.begin_array();
  for (const std::string_view value : values) json.text(value);
  json.end_array();
}

void type(JsonWriter& json, std::string_view name) {
  json.begin_object();
  text(json, "type", name);
  json.end_object();
}

void closed(JsonWriter& json) {
  json.key("additionalProperties");
  json.boolean(false);
}

void any_of(JsonWriter& json, const std::vector<const layout::Layout*>& structures) {
  json.begin_object();
  json.key("anyOf");
  json.begin_array();
  for (const layout::Layout* layout : structures) layout::schema_ref(json, *layout);
  json.end_array();
  json.end_object();
}

// An object of these properties and no others. `more` adds keywords.
template <class Properties, class More>
void object(JsonWriter& json, std::initializer_list<std::string_view> required, const Properties& properties,
            const More& more) {
  json.begin_object();
  text(json, "type", "object");
  json.key("properties");
  json.begin_object();
  properties();
  json.end_object();
  if (required.size() != 0) texts(json, "required", required);
  closed(json);
  more();
  json.end_object();
}

template <class Properties>
void object(JsonWriter& json, std::initializer_list<std::string_view> required,
            const Properties& properties) {
  object(json, required, properties, [] {});
}

template <class Items>
void array(JsonWriter& json, const Items& items) {
  json.begin_object();
  text(json, "type", "array");
  json.key("items");
  items();
  json.end_object();
}

void findings(JsonWriter& json) {
  array(json, [&json] {
    object(json, {"Severity", "Code", "Message"}, [&json] {
      json.key("Severity");
      json.begin_object();
      texts(json, "enum", {"note", "warning", "error"});
      json.end_object();
      for (const std::string_view key : {"Code", "Path", "Message", "Clause"}) {
        json.key(key);
        type(json, "string");
      }
      json.key("Offset");
      type(json, "integer");
    });
  });
}

// A section's Body is one of the forms of its Type.
void forms_by_type(JsonWriter& json) {
  json.key("allOf");
  json.begin_array();
  for (const cper::SectionType& each : cper::section_types()) {
    json.begin_object();
    json.key("if");
    json.begin_object();
    json.key("properties");
    json.begin_object();
    json.key("Type");
    json.begin_object();
    text(json, "const", each.name);
    json.end_object();
    json.end_object();
    json.end_object();
    json.key("then");
    json.begin_object();
    json.key("properties");
    json.begin_object();
    json.key("Body");
    any_of(json, {each.forms.begin(), each.forms.end()});
    json.end_object();
    json.end_object();
    json.end_object();
  }
  json.end_array();
}

void section(JsonWriter& json) {
  const auto properties = [&json] {
    json.key("Descriptor");
    layout::schema_ref(json, cper::kSectionDescriptor);
    json.key("Type");
    json.begin_object();
    texts(json, "type", {"string", "null"});
    json.end_object();
    json.key("Body");
    type(json, "object");
    json.key("Bytes");
    layout::schema_hex_bytes(json);
    json.key("Shown");
    type(json, "boolean");
  };
  object(json, {"Descriptor", "Type"}, properties, [&json] { forms_by_type(json); });
}

void record_properties(JsonWriter& json) {
  json.key("Header");
  layout::schema_ref(json, cper::kRecordHeader);
  json.key("Sections");
  array(json, [&json] { section(json); });
  json.key("Gaps");
  array(json, [&json] {
    object(json, {"Offset", "Bytes"}, [&json] {
      json.key("Offset");
      type(json, "integer");
      json.key("Bytes");
      layout::schema_hex_bytes(json);
    });
  });
}

// A record inside a store.
void stored_record(JsonWriter& json) {
  object(json, {}, [&json] {
    record_properties(json);
    json.key("Bytes");
    layout::schema_hex_bytes(json);
    json.key("Findings");
    findings(json);
  });
}

void store_properties(JsonWriter& json) {
  json.key("Header");
  layout::schema_ref(json, acpi::kErstStore);
  json.key("Bytes");
  layout::schema_hex_bytes(json);
  json.key("Records");
  array(json, [&json] {
    object(json, {"Slot", "RecordId", "Deleted", "Record"}, [&json] {
      json.key("Slot");
      type(json, "integer");
      json.key("RecordId");
      type(json, "string");
      json.key("Deleted");
      type(json, "boolean");
      json.key("Record");
      stored_record(json);
    });
  });
}

void structure_properties(JsonWriter& json, const KindInfo& kind) {
  json.key("Type");
  json.begin_object();
  json.key("enum");
  json.begin_array();
  for (const layout::Layout* form : kind.forms) json.text(form->name);
  json.end_array();
  json.end_object();
  json.key("Body");
  any_of(json, {kind.forms.begin(), kind.forms.end()});
  json.key("Bytes");
  layout::schema_hex_bytes(json);
  json.key("Behind");
  layout::schema_hex_bytes(json);
}

}  // namespace

std::string json_schema(Kind kind) {
  const KindInfo& about = info(kind);
  layout::TextBuffer out;
  JsonWriter json(out);
  json.begin_object();
  text(json, "$schema", "https://json-schema.org/draft/2020-12/schema");
  text(json, "title", about.name);
  text(json, "type", "object");
  json.key("properties");
  json.begin_object();
  if (kind == Kind::record) {
    record_properties(json);
  } else if (kind == Kind::erst_store) {
    store_properties(json);
  } else {
    structure_properties(json, about);
  }
  json.key("Findings");
  findings(json);
  json.end_object();
  closed(json);
  json.key("$defs");
  json.begin_object();
  for (const layout::Layout* layout : structures(kind)) {
    json.key(layout::definition_name(*layout));
    layout::schema_of(json, *layout);
  }
  json.end_object();
  json.end_object();
  return std::string(out.view()) + "\n";
}

}  // namespace wheatstone::document
