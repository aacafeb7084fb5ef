#include "formats/layout/json_schema.hpp"

#include <fmt/format.h>

#include "formats/layout/reach.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::layout {
namespace {

class SchemaWriter {
 public:
  explicit SchemaWriter(JsonWriter& json) : json_(json) {}

  void structure(const Layout& layout) {
    json_.begin_object();
    text("title", layout.structure);
    text("description", layout.clause);
    text("type", "object");
    json_.key("properties");
    json_.begin_object();
    for (const Field& f : layout.fields) {
      if (f.name.empty()) {
        bits(f.word_bits);
      } else {
        json_.key(f.name);
        field(f);
      }
    }
    for (const Tail& tail : layout.tail) {
      json_.key(tail.name);
      tail_value(tail);
    }
    for (const std::string_view name : kUnreadNames) {
      json_.key(name);
      schema_hex_bytes(json_);
    }
    json_.end_object();
    forbid_more();
    json_.end_object();
  }

 private:
  void text(std::string_view key, std::string_view value) {
    json_.key(key);
    json_.text(value);
  }
  void forbid_more() {
    json_.key("additionalProperties");
    json_.boolean(false);
  }
  void pattern(std::string_view expression) {
    json_.begin_object();
    text("type", "string");
    text("pattern", expression);
    json_.end_object();
  }

  // The forms of a number: see json.hpp.
  void plain(std::uint32_t size, Show show) {
    if (show != Show::dec) {
      schema_hex(json_, size * 2);
    } else if (size > 4) {
      pattern("^[0-9]+$");
    } else {
      json_.begin_object();
      text("type", "integer");
      json_.key("minimum");
      json_.number(std::uint64_t{0});
      json_.key("maximum");
      json_.number((std::uint64_t{1} << (8 * size)) - 1);
      json_.end_object();
    }
  }

  // {"value": ..., "name": ...}
  void named(std::uint32_t size, Show show, Names names) {
    json_.begin_object();
    text("type", "object");
    json_.key("properties");
    json_.begin_object();
    json_.key("value");
    plain(size, show);
    json_.key("name");
    json_.begin_object();
    json_.key("enum");
    json_.begin_array();
    for (const Name& name : names) json_.text(name.text);
    json_.end_array();
    json_.end_object();
    json_.end_object();
    require("value");
    forbid_more();
    json_.end_object();
  }

  void require(std::string_view key) {
    json_.key("required");
    json_.begin_array();
    json_.text(key);
    json_.end_array();
  }

  void bits(Word word) {
    for (const Bit& bit : word) {
      json_.key(bit.name);
      const std::uint32_t size = bit.width > 32 ? 8 : 4;
      if (bit.width == 1) {
        json_.begin_object();
        text("type", "boolean");
        json_.end_object();
      } else if (bit.names.empty()) {
        plain(size, Show::dec);
      } else {
        named(size, Show::dec, bit.names);
      }
    }
  }

  void word(std::uint32_t size, Word word) {
    json_.begin_object();
    text("type", "object");
    json_.key("properties");
    json_.begin_object();
    json_.key("raw");
    schema_hex(json_, size * 2);
    bits(word);
    json_.end_object();
    require("raw");
    forbid_more();
    json_.end_object();
  }

  // An object with the raw number and the time, if it is one.
  void time() {
    json_.begin_object();
    text("type", "object");
    json_.key("properties");
    json_.begin_object();
    json_.key("raw");
    schema_hex(json_, 16);
    json_.key("time");
    json_.begin_object();
    text("type", "string");
    json_.end_object();
    json_.end_object();
    require("raw");
    forbid_more();
    json_.end_object();
  }

  void guid(GuidNames names) {
    constexpr std::string_view kGuid = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";
    if (names.empty()) {
      pattern(kGuid);
      return;
    }
    begin_any();
    pattern(kGuid);
    json_.begin_object();
    text("type", "object");
    json_.key("properties");
    json_.begin_object();
    json_.key("guid");
    pattern(kGuid);
    json_.key("name");
    json_.begin_object();
    json_.key("enum");
    json_.begin_array();
    for (const GuidName& name : names) json_.text(name.text);
    json_.end_array();
    json_.end_object();
    json_.end_object();
    forbid_more();
    json_.end_object();
    end_any();
  }

  void begin_any() {
    json_.begin_object();
    json_.key("anyOf");
    json_.begin_array();
  }
  void end_any() {
    json_.end_array();
    json_.end_object();
  }

  void field(const Field& f) {
    switch (f.kind) {
      case Kind::uint:
        number(f);
        return;
      case Kind::guid:
        guid(f.guid_names);
        return;
      case Kind::ascii:
      case Kind::utf16:
        json_.begin_object();
        text("type", "string");
        json_.end_object();
        return;
      case Kind::bytes:
      case Kind::pad:
        schema_hex_bytes(json_);
        return;
      case Kind::list:
      case Kind::part: {
        begin_any();
        for (const Layout* inner : structures_of(f)) schema_ref(json_, *inner);
        if (f.kind == Kind::list) {
          json_.begin_object();
          text("type", "array");
          json_.key("items");
          plain(f.element, f.show);
          json_.key("maxItems");
          json_.number(std::uint64_t{f.size / f.element});
          json_.end_object();
        }
        end_any();
        return;
      }
    }
  }

  void number(const Field& f) {
    if (f.meaning == Meaning::names) {
      named(f.size, f.show, f.value_names);
    } else if (f.meaning == Meaning::word) {
      word(f.size, f.word_bits);
    } else if (f.meaning == Meaning::choice) {
      begin_any();
      each_row(*f.choices, [&](const ChoiceRow& row) { word(f.size, row.word); });
      word(f.size, f.choices->otherwise);
      end_any();
    } else if (f.show == Show::filetime || f.show == Show::record_time) {
      time();
    } else {
      plain(f.size, f.show);
    }
  }

  void tail_value(const Tail& tail) {
    if (tail.kind == TailKind::many) {
      json_.begin_object();
      text("type", "array");
      json_.key("items");
      begin_any();
      for (const Layout* inner : structures_of(tail)) schema_ref(json_, *inner);
      end_any();
      json_.end_object();
      return;
    }
    begin_any();
    schema_hex_bytes(json_);
    for (const Layout* inner : structures_of(tail)) schema_ref(json_, *inner);
    end_any();
  }

  JsonWriter& json_;
};

}  // namespace

void schema_of(JsonWriter& json, const Layout& layout) {
  SchemaWriter(json).structure(layout);
}

std::string definition_name(const Layout& layout) {
  return fmt::format("{}.{}", layout.name, layout.size);
}

void schema_ref(JsonWriter& json, const Layout& layout) {
  json.begin_object();
  json.key("$ref");
  json.text("#/$defs/" + definition_name(layout));
  json.end_object();
}

void schema_hex(JsonWriter& json, unsigned digits) {
  json.begin_object();
  json.key("type");
  json.text("string");
  json.key("pattern");
  json.text(fmt::format("^0x[0-9a-f]{{{}}}$", digits));
  json.end_object();
}

void schema_hex_bytes(JsonWriter& json) {
  json.begin_object();
  json.key("type");
  json.text("string");
  json.key("pattern");
  json.text("^([0-9a-f]{2})*$");
  json.end_object();
}

}  // namespace wheatstone::layout
