#include "harness/scenario/schema.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "harness/scenario/injected_document.hpp"
#include "harness/scenario/keys.hpp"

namespace wheatstone::scenario {
namespace {

using Kind = Type::Kind;

// JSON text, indented by two. Everything is one member or element a line.
class Json {
 public:
  void open(char bracket) {
    out_ += bracket;
    ++depth_;
    first_ = true;
  }
  void close(char bracket) {
    --depth_;
    if (!first_) line();
    out_ += bracket;
    first_ = false;
  }
  void key(std::string_view name) {
    next();
    string(name);
    out_ += ": ";
  }
  void next() {
    if (!first_) out_ += ',';
    line();
    first_ = false;
  }
  void string(std::string_view text) {
    out_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') out_ += '\\';
      out_ += c;
    }
    out_ += '"';
  }
  void raw(std::string_view text) { out_ += text; }

  void member(std::string_view name, std::string_view text) {
    key(name);
    string(text);
  }
  void member_raw(std::string_view name, std::string_view value) {
    key(name);
    raw(value);
  }

  std::string take() { return std::move(out_) + "\n"; }

 private:
  void line() {
    out_ += '\n';
    out_.append(2 * depth_, ' ');
  }

  std::string out_;
  std::size_t depth_ = 0;
  bool first_ = true;
};

class SchemaWriter {
 public:
  std::string run() {
    const std::vector<const Table*> tables = all_tables();
    json_.open('{');
    json_.member("$schema", "https://json-schema.org/draft/2020-12/schema");
    json_.member("title", "Wheatstone scenario");
    json_.member("$ref", reference(root_table()));
    json_.key("$defs");
    json_.open('{');
    for (const Table* table : tables) {
      json_.key(table->name);
      this->table(*table);
    }
    json_.close('}');
    json_.close('}');
    return json_.take();
  }

 private:
  static std::string reference(const Table& table) { return fmt::format("#/$defs/{}", table.name); }

  void table(const Table& table) {
    json_.open('{');
    json_.member("description", table.doc);
    json_.member_raw("type", needs_nothing(table) ? R"(["object", "null"])" : R"("object")");
    json_.key("properties");
    json_.open('{');
    for (const Key& key : table.keys) {
      json_.key(key.name);
      type(key.type, key.doc);
    }
    if (table.other_names != nullptr) {
      for (const std::string_view name : table.other_names()) {
        json_.key(name);
        type(*table.other, table.other_doc);
      }
    }
    json_.close('}');
    if (table.other != nullptr && table.other_names == nullptr) {
      json_.key("additionalProperties");
      type(*table.other, table.other_doc);
    } else {
      json_.member_raw("additionalProperties", "false");
    }
    required(table);
    groups(table);
    json_.close('}');
  }

  static bool needs_nothing(const Table& table) {
    for (const Key& key : table.keys)
      if (key.required) return false;
    return table.required_groups == 0;
  }

  void required(const Table& table) {
    bool any = false;
    for (const Key& key : table.keys) any = any || key.required;
    if (!any) return;
    json_.key("required");
    json_.open('[');
    for (const Key& key : table.keys) {
      if (!key.required) continue;
      json_.next();
      json_.string(key.name);
    }
    json_.close(']');
  }

  static std::vector<std::string_view> members(const Table& table, unsigned group) {
    std::vector<std::string_view> names;
    for (const Key& key : table.keys)
      if (key.group == group) names.push_back(key.name);
    if (table.other_group == group && table.other_names != nullptr)
      for (const std::string_view name : table.other_names()) names.push_back(name);
    return names;
  }

  // Exactly one key of a group that is needed. At most one of a group that is not, and keys that need
  // another, are left to the loader: editors explain them badly.
  void groups(const Table& table) {
    if (table.required_groups == 0) return;
    json_.key("allOf");
    json_.open('[');
    for (unsigned group = 1; group <= 8; ++group) {
      if ((table.required_groups >> (group - 1) & 1) == 0) continue;
      json_.next();
      json_.open('{');
      json_.key("oneOf");
      json_.open('[');
      for (const std::string_view name : members(table, group)) {
        json_.next();
        json_.raw(fmt::format(R"({{"required": ["{}"]}})", name));
      }
      json_.close(']');
      json_.close('}');
    }
    json_.close(']');
  }

  void names(layout::Names names) {
    json_.key("enum");
    json_.open('[');
    for (const layout::Name& name : names) {
      json_.next();
      json_.string(name.text);
    }
    json_.close(']');
  }

  void names(const auto& texts) {
    json_.key("enum");
    json_.open('[');
    for (const std::string_view text : texts) {
      json_.next();
      json_.string(text);
    }
    json_.close(']');
  }

  void limit(std::string_view low_name, std::string_view high_name, const Type& type) {
    if (type.low != 0) json_.member_raw(low_name, fmt::format("{}", type.low));
    if (type.high != std::numeric_limits<std::uint64_t>::max())
      json_.member_raw(high_name, fmt::format("{}", type.high));
  }

  void alternatives(std::span<const Type> types) {
    json_.key("anyOf");
    json_.open('[');
    for (const Type& alternative : types) {
      json_.next();
      type(alternative, {});
    }
    json_.close(']');
  }

  void type(const Type& type, std::string_view doc) {
    static constexpr std::string_view kAnyScalar = R"(["string", "number", "boolean"])";
    json_.open('{');
    if (!doc.empty()) json_.member("description", doc);
    switch (type.kind) {
      case Kind::text:
        json_.member_raw("type", kAnyScalar);
        limit("minLength", "maxLength", type);
        break;
      case Kind::number:
        json_.member("type", "integer");
        json_.member_raw("minimum", fmt::format("{}", type.low));
        json_.member_raw("maximum", fmt::format("{}", type.high));
        break;
      case Kind::flag:
        json_.member_raw("enum", "[true, false, 1, 0]");
        break;
      case Kind::duration:
        json_.member_raw("type", R"(["string", "integer"])");
        json_.member("pattern", "^[0-9]+(ms|s|m|h|d)?$");
        json_.member_raw("minimum", "0");
        break;
      case Kind::time:
        json_.member("type", "string");
        json_.member("pattern",
                     R"(^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?Z?)?$)");
        break;
      case Kind::guid:
        json_.member("type", "string");
        json_.member("pattern", R"(^\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?$)");
        break;
      case Kind::bytes:
        json_.member_raw("type", R"(["string", "integer"])");
        json_.member("pattern", R"(^\s*([0-9A-Fa-f]{2}\s*)*$)");
        break;
      case Kind::path:
      case Kind::regex:
      case Kind::literal:
        json_.member_raw("type", kAnyScalar);
        break;
      case Kind::choice:
        names(type.names);
        break;
      case Kind::named:
        json_.key("anyOf");
        json_.open('[');
        json_.next();
        json_.open('{');
        names(type.names);
        json_.close('}');
        json_.next();
        json_.raw(fmt::format(R"({{"type": "integer", "minimum": {}, "maximum": {}}})",
                              type.names.front().value, type.names.back().value));
        json_.close(']');
        break;
      case Kind::bits:
        json_.member_raw("type", R"(["integer", "array"])");
        json_.key("items");
        json_.open('{');
        names(type.names);
        json_.close('}');
        break;
      case Kind::count:
        json_.member_raw("type", R"(["string", "integer"])");
        json_.member("pattern", "^(>=|<=)? *(0[xX][0-9A-Fa-f]+|[0-9]+)$");
        break;
      case Kind::fields:
        json_.member_raw("type", R"(["object", "null"])");
        break;
      case Kind::defect:
        names(injectable_defects());
        break;
      case Kind::listed:
        names(type.listed());
        break;
      case Kind::list:
        json_.member("type", "array");
        limit("minItems", "maxItems", type);
        json_.key("items");
        this->type(*type.item, {});
        break;
      case Kind::map:
        json_.member("$ref", reference(*type.table));
        break;
      case Kind::either:
        alternatives(type.alternatives);
        break;
    }
    json_.close('}');
  }

  Json json_;
};

// ---- the reference

std::string joined(layout::Names names) {
  std::string out;
  for (const layout::Name& name : names) out += fmt::format("{}`{}`", out.empty() ? "" : ", ", name.text);
  return out;
}

std::string range(const Type& type) {
  if (type.high == std::numeric_limits<std::uint64_t>::max())
    return type.low == 0 ? std::string() : fmt::format(" from {}", type.low);
  return fmt::format(", {} to {}", type.low, type.high);
}

std::string describe(const Type& type) {
  switch (type.kind) {
    case Kind::text:
      return "text";
    case Kind::number:
      return "number" + range(type);
    case Kind::flag:
      return "true or false";
    case Kind::duration:
      return "length of time";
    case Kind::time:
      return "time";
    case Kind::guid:
      return "GUID";
    case Kind::bytes:
      return "hex digits";
    case Kind::path:
      return "path";
    case Kind::choice:
      return "one of " + joined(type.names);
    case Kind::named:
      return "number or one of " + joined(type.names);
    case Kind::bits:
      return "number or list of " + joined(type.names);
    case Kind::regex:
      return "regular expression";
    case Kind::count:
      return "count";
    case Kind::literal:
      return "value";
    case Kind::fields:
      return "map of fields";
    case Kind::defect:
      return "name of a defect";
    case Kind::listed:
      return "name";
    case Kind::list:
      return fmt::format("list of {}", describe(*type.item));
    case Kind::map:
      return fmt::format("[{0}](#{0})", type.table->name);
    case Kind::either: {
      std::string out;
      for (const Type& alternative : type.alternatives)
        out += (out.empty() ? "" : ", or ") + describe(alternative);
      return out;
    }
  }
  return {};
}

std::string escaped(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

}  // namespace

std::string json_schema() {
  return SchemaWriter().run();
}

std::string key_reference() {
  std::string out;
  const auto append = std::back_inserter(out);
  for (const Table* table : all_tables()) {
    fmt::format_to(append, "### {}\n\n{}\n\n| Key | Value | Meaning |\n| --- | --- | --- |\n", table->name,
                   table->doc);
    for (const Key& key : table->keys)
      fmt::format_to(append, "| `{}`{} | {} | {} |\n", key.name, key.required ? " (needed)" : "",
                     escaped(describe(key.type)), escaped(std::string(key.doc)));
    if (table->other != nullptr)
      fmt::format_to(append, "| {} | {} | {} |\n", fmt::format("`{}`", table->other_name),
                     escaped(describe(*table->other)), escaped(std::string(table->other_doc)));
    if (table->other_names != nullptr) {
      out += "\nNames: ";
      bool first = true;
      for (const std::string_view name : table->other_names()) {
        fmt::format_to(append, "{}`{}`", first ? "" : ", ", name);
        first = false;
      }
      out += ".\n";
    }
    out += '\n';
  }
  return out;
}

}  // namespace wheatstone::scenario
