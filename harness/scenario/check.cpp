#include "harness/scenario/check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "formats/layout/assign.hpp"
#include "formats/layout/guid.hpp"
#include "formats/layout/time.hpp"
#include "harness/scenario/injected_document.hpp"
#include "harness/scenario/regex.hpp"
#include "harness/scenario/values.hpp"

namespace wheatstone::scenario {
namespace {

using layout::Mark;
using layout::Member;
using layout::Node;
using Kind = Type::Kind;

std::string did_you_mean(std::string_view text, const std::vector<std::string_view>& candidates) {
  const std::string_view close = layout::nearest(text, candidates);
  return close.empty() ? std::string() : fmt::format("did you mean '{}'?", close);
}

std::vector<std::string_view> texts_of(layout::Names names) {
  std::vector<std::string_view> texts;
  for (const layout::Name& name : names) texts.push_back(name.text);
  return texts;
}

// The place in the tree, built up on the way down and written out only for an error.
struct Path {
  const Path* up = nullptr;
  std::string_view key;   // of a map, or
  std::size_t index = 0;  // of a list, if `key` is empty

  std::string text() const {
    std::vector<const Path*> parts;
    for (const Path* part = this; part->up != nullptr; part = part->up) parts.push_back(part);
    std::string out;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      if ((*part)->key.empty()) {
        out += fmt::format("[{}]", (*part)->index);
      } else {
        if (!out.empty()) out += '.';
        out += (*part)->key.substr(0, 64);
      }
    }
    return out;
  }
};

class Checker {
 public:
  explicit Checker(Errors& errors) : errors_(errors) {}

  void map(const Node& node, const Table& table, const Path& path) {
    if (node.is_map()) {
      for (const Member& member : node.members) {
        if (errors_.full()) return;
        this->member(member, table, path);
      }
    }
    missing(node, table, path);
    if (node.is_map()) combinations(node, table, path);
  }

 private:
  static const Type* type_of(std::string_view key, const Table& table) {
    const std::size_t index = table.find(key);
    if (index < table.keys.size()) return &table.keys[index].type;
    if (table.other == nullptr) return nullptr;
    if (table.other_names == nullptr) return table.other;
    const auto names = table.other_names();
    return std::ranges::find(names, key) == names.end() ? nullptr : table.other;
  }

  void member(const Member& member, const Table& table, const Path& path) {
    const Path here{&path, member.key, 0};
    if (const Type* type = type_of(member.key, table)) {
      value(member.value, *type, member.key, here);
      return;
    }
    std::vector<std::string_view> names;
    for (const Key& key : table.keys) names.push_back(key.name);
    const std::string keys = fmt::format("the keys of '{}' are {}", table.name, fmt::join(names, ", "));
    if (table.other_names != nullptr)
      for (const std::string_view name : table.other_names()) names.push_back(name);
    std::string hint = did_you_mean(member.key, names);
    if (hint.empty()) hint = keys;
    errors_.add(member.mark, here.text(),
                fmt::format("unknown key {} in '{}'", shown(member.key), table.name), std::move(hint));
  }

  void missing(const Node& node, const Table& table, const Path& path) {
    for (const Key& key : table.keys) {
      if (key.required && node.find(key.name) == nullptr)
        errors_.add(node.mark, path.text(), fmt::format("'{}' needs the key '{}'", table.name, key.name),
                    fmt::format("{}: {}", key.name, key.doc));
    }
  }

  // Keys that exclude or need each other.
  void combinations(const Node& node, const Table& table, const Path& path) {
    const Member* first_of_group[8] = {};
    for (const Member& member : node.members) {
      const std::size_t index = table.find(member.key);
      const bool known = index < table.keys.size();
      if (!known && type_of(member.key, table) == nullptr) return;  // reported; it may have been the one
      const std::size_t group = known ? table.keys[index].group : table.other_group;
      if (known && !table.keys[index].with.empty() && node.find(table.keys[index].with) == nullptr)
        errors_.add(member.mark, Path{&path, member.key, 0}.text(),
                    fmt::format("'{}' needs '{}' beside it", member.key, table.keys[index].with));
      if (group == 0) continue;
      const Member*& first = first_of_group[group];
      if (first != nullptr)
        errors_.add(member.mark, Path{&path, member.key, 0}.text(),
                    fmt::format("{} beside '{}'", shown(member.key), first->key),
                    fmt::format("only one of {} can be here", group_text(table, group)));
      else
        first = &member;
    }
    for (std::size_t group = 1; group < std::size(first_of_group); ++group) {
      if ((table.required_groups >> (group - 1) & 1) != 0 && first_of_group[group] == nullptr)
        errors_.add(node.mark, path.text(),
                    fmt::format("'{}' needs one of {}", table.name, group_text(table, group)));
    }
  }

  static std::string group_text(const Table& table, std::size_t group) {
    std::vector<std::string_view> names;
    for (const Key& key : table.keys)
      if (key.group == group) names.push_back(key.name);
    if (table.other_group == group) names.push_back(table.other_name);
    return fmt::format("{}", fmt::join(names, ", "));
  }

  void value(const Node& node, const Type& type, std::string_view key, const Path& path) {
    if (errors_.full()) return;
    switch (type.kind) {
      case Kind::text:
        return text(node, type, key, path);
      case Kind::number:
        return number(node, type, key, path);
      case Kind::flag:
        if (!flag_of(node)) wrong(node, key, path, "true or false");
        return;
      case Kind::duration:
        if (!node.is_scalar() || !parse_duration(node.text))
          wrong(node, key, path, "a length of time", "write 250ms, 60s, 5m, 24h or 7d");
        return;
      case Kind::time:
        if (!node.is_scalar() || !parse_iso8601(node.text))
          wrong(node, key, path, "a time in UTC", "write 2026-01-15 or 2026-01-15T08:00:00.5Z");
        return;
      case Kind::guid:
        if (!node.is_scalar() || !Guid::parse(node.text))
          wrong(node, key, path, "a GUID", "write 8a1e1d01-42f9-4557-9c33-565e5cc3f7e8");
        return;
      case Kind::bytes:
        if (!node.is_scalar() || !layout::parse_hex_bytes(node.text))
          wrong(node, key, path, "bytes as hex digits", "two digits a byte, white space between bytes");
        return;
      case Kind::path:
        if (!node.is_scalar() || !is_safe_path(node.text))
          wrong(node, key, path, "the path of a file",
                "below the folder of the scenario, with '/' between the parts and no '..'");
        return;
      case Kind::choice:
        if (!node.is_scalar() || !layout::value_of(type.names, node.text)) not_a_name(node, type, key, path);
        return;
      case Kind::named:
        if (!named_of(node, type.names)) not_a_name(node, type, key, path);
        return;
      case Kind::bits:
        return bits(node, type, key, path);
      case Kind::regex:
        return regex(node, key, path);
      case Kind::count:
        if (!count_of(node)) wrong(node, key, path, "a count", "write 2, \">=2\", \"<=2\" or [1, 3]");
        return;
      case Kind::literal:
        if (!node.is_scalar()) wrong(node, key, path, "a single value");
        return;
      case Kind::fields:
        if (!node.is_map() && !node.is_null()) wrong(node, key, path, "a map of fields");
        return;
      case Kind::defect:
        if (!node.is_scalar()) return wrong(node, key, path, "the name of a defect");
        if (auto found = injectable_defect(node.text); !found)
          errors_.add(std::move(found.error()), node.mark, path.text());
        return;
      case Kind::listed:
        return listed(node, type, key, path);
      case Kind::list:
        return list(node, type, key, path);
      case Kind::map:
        if (!node.is_map() && !node.is_null()) return wrong(node, key, path, "a map");
        return map(node, *type.table, path);
      case Kind::either:
        return either(node, type, key, path);
    }
  }

  void text(const Node& node, const Type& type, std::string_view key, const Path& path) {
    if (!node.is_scalar())
      return wrong(node, key, path, "a text", node.is_null() ? "write '' for an empty text" : "");
    if (node.text.size() < type.low || node.text.size() > type.high)
      errors_.add(node.mark, path.text(), fmt::format("'{}' has {} bytes", key, node.text.size()),
                  fmt::format("{} to {} are taken", type.low, type.high));
  }

  void number(const Node& node, const Type& type, std::string_view key, const Path& path) {
    const auto value = number_of(node);
    if (!value)
      return wrong(
          node, key, path, "a number",
          node.is_scalar() && node.quoted ? "without quotes" : "decimal, or hex with 0x, from 0 to 2^64-1");
    if (*value < type.low || *value > type.high)
      errors_.add(node.mark, path.text(), fmt::format("'{}' is {}", key, node.text),
                  fmt::format("{} to {} are taken", type.low, type.high));
  }

  void bits(const Node& node, const Type& type, std::string_view key, const Path& path) {
    if (node.is_list()) {
      for (const Node& item : node.items)
        if (!item.is_scalar() || !layout::value_of(type.names, item.text)) not_a_name(item, type, key, path);
    } else if (!number_of(node)) {
      wrong(node, key, path, "a number or a list of names",
            fmt::format("names are {}", fmt::join(texts_of(type.names), ", ")));
    } else {
      number(node, type, key, path);
    }
  }

  void regex(const Node& node, std::string_view key, const Path& path) {
    if (!node.is_scalar()) return wrong(node, key, path, "a regular expression");
    const auto compiled = Regex::compile(node.text);
    if (!compiled) errors_.add(compiled.error(), node.mark, path.text());
  }

  void list(const Node& node, const Type& type, std::string_view key, const Path& path) {
    if (!node.is_list()) return wrong(node, key, path, "a list", "write [a, b], or one '- ' line for each");
    if (node.items.size() < type.low || node.items.size() > type.high)
      errors_.add(node.mark, path.text(), fmt::format("'{}' has {} parts", key, node.items.size()),
                  fmt::format("{} to {} are taken", type.low, type.high));
    for (std::size_t i = 0; i < node.items.size() && !errors_.full(); ++i)
      value(node.items[i], *type.item, key, Path{&path, {}, i});
  }

  void either(const Node& node, const Type& type, std::string_view key, const Path& path) {
    std::vector<std::string_view> shapes;
    std::vector<const Table*> tables;
    for (const Type& alternative : type.alternatives) {
      const bool wants_list = alternative.kind == Kind::list;
      const bool wants_map = alternative.kind == Kind::map;
      if (wants_map) tables.push_back(alternative.table);
      if (wants_list ? node.is_list() : !wants_map && node.is_scalar())
        return value(node, alternative, key, path);
      if (!wants_map || tables.size() == 1)
        shapes.push_back(wants_list ? "a list" : wants_map ? "a map" : "a single value");
    }
    if (node.is_map() && !tables.empty()) return map(node, *told(node, tables), path);
    wrong(node, key, path, fmt::format("{}", fmt::join(shapes, " or ")));
  }

  // Which of the tables a map is; a mistyped key that would tell it tells it too.
  static const Table* told(const Node& node, const std::vector<const Table*>& tables) {
    std::vector<std::string_view> marks;
    for (const Table* table : tables)
      for (const std::string_view mark : table->told_by) {
        if (node.find(mark) != nullptr) return table;
        marks.push_back(mark);
      }
    for (const Member& member : node.members) {
      if (tables.front()->find(member.key) < tables.front()->keys.size()) continue;
      const std::string_view close = layout::nearest(member.key, marks);
      for (const Table* table : tables)
        if (std::ranges::find(table->told_by, close) != table->told_by.end()) return table;
    }
    return tables.front();
  }

  void not_a_name(const Node& node, const Type& type, std::string_view key, const Path& path) {
    const auto names = texts_of(type.names);
    std::string hint = node.is_scalar() ? did_you_mean(node.text, names) : std::string();
    wrong(node, key, path, fmt::format("one of {}", fmt::join(names, ", ")), std::move(hint));
  }

  void listed(const Node& node, const Type& type, std::string_view key, const Path& path) {
    const auto names = type.listed();
    if (!node.is_scalar()) return wrong(node, key, path, "a name");
    if (std::ranges::find(names, node.text) == names.end())
      wrong(node, key, path, "one of the names in the reference", did_you_mean(node.text, names));
  }

  void wrong(const Node& node, std::string_view key, const Path& path, std::string_view expected,
             std::string hint = {}) {
    errors_.add(node.mark, path.text(), fmt::format("'{}' needs {}, not {}", key, expected, shown(node)),
                std::move(hint));
  }

  Errors& errors_;
};

}  // namespace

void Errors::add(Mark mark, std::string path, std::string message, std::string hint) {
  add(layout::fail_at(mark, std::move(message), std::move(hint)).error(), mark, std::move(path));
}

void Errors::add(Error error, Mark mark, std::string path) {
  if (full()) return;
  error.where.file = file_;
  if (error.where.line == 0) {
    error.where.line = mark.line;
    error.where.column = mark.column;
  }
  error.where.path =
      error.where.path.empty() ? std::move(path) : fmt::format("{} {}", path, error.where.path);
  errors_.push_back(std::move(error));
}

std::vector<Error> Errors::take() {
  std::ranges::sort(errors_, {}, [](const Error& error) {
    return std::tuple(error.where.line, error.where.column, std::string_view(error.message));
  });
  return std::move(errors_);
}

void check(const Node& node, const Table& table, Errors& errors) {
  if (!node.is_map()) {
    errors.add(node.mark, {}, fmt::format("'{}' needs a map, not {}", table.name, shown(node)),
               fmt::format("it begins with '{}:'", table.keys.front().name));
    return;
  }
  Checker(errors).map(node, table, Path{});
}

}  // namespace wheatstone::scenario
