#include "formats/cer/share_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <variant>

#include "formats/cer/share_lines.hpp"
#include "formats/cer/share_path.hpp"
#include "formats/cer/value_text.hpp"
#include "formats/cer/windows_1252.hpp"

namespace wheatstone::cer {
namespace {

using enum FindingSeverity;

using Boolean = std::optional<bool> ShareSettings::*;
using Number = std::optional<std::uint64_t> ShareSettings::*;
using Text = std::optional<std::string> ShareSettings::*;
using List = std::vector<std::string> ShareSettings::*;

enum class Place : std::uint8_t { both, policy, status };

struct Key {
  std::string_view name;
  std::variant<Boolean, Number, Text, List> member;
  Place place;
};

// In the order of the example in 4.1; the keys that it lacks stand with their kind.
constexpr std::array<Key, 16> kKeys = {{
    {"FileTreeRoot", &ShareSettings::file_tree_root, Place::policy},
    {"Tracking", &ShareSettings::tracking, Place::both},
    {"URLLaunch", &ShareSettings::url_launch, Place::both},
    {"Response", &ShareSettings::response, Place::status},
    {"Bucket", &ShareSettings::bucket, Place::status},
    {"Crashes per bucket", &ShareSettings::crashes_per_bucket, Place::both},
    {"NoSecondLevelCollection", &ShareSettings::no_second_level_collection, Place::both},
    {"NoFileCollection", &ShareSettings::no_file_collection, Place::both},
    {"NoExternalURL", &ShareSettings::no_external_url, Place::both},
    {"RegKey", &ShareSettings::reg_key, Place::status},
    {"iData", &ShareSettings::i_data, Place::status},
    {"MemoryDump", &ShareSettings::memory_dump, Place::status},
    {"fDoc", &ShareSettings::f_doc, Place::status},
    {"WQL", &ShareSettings::wql, Place::status},
    {"GetFile", &ShareSettings::get_file, Place::status},
    {"GetFileVersion", &ShareSettings::get_file_version, Place::status},
}};

bool belongs(const Key& key, ShareFile file) {
  return key.place == Place::both || (key.place == Place::policy) == (file == ShareFile::policy);
}

// Reads windows-1252 values into settings. A complaint leaves the settings as they were.
class ValueReader {
 public:
  ValueReader(ShareFile file, ShareSettings& settings) : file_(file), settings_(settings) {}

  std::optional<Complaint> read(const Key& key, std::string_view value) {
    if (has_control(value)) return Complaint{"control-character", "the value holds a control character"};
    return std::visit([&](auto member) { return set(member, value); }, key.member);
  }

 private:
  std::optional<Complaint> set(Boolean member, std::string_view value) {
    const auto is = [value](std::string_view word) { return equal_but_for_case(value, word); };
    const bool yes = is("YES") || is("TRUE") || is("1");
    if (!yes && !is("NO") && !is("FALSE") && !is("0"))
      return Complaint{"bad-bool", "the value is none of YES, TRUE, 1, NO, FALSE and 0"};
    settings_.*member = yes;
    return std::nullopt;
  }

  std::optional<Complaint> set(Number member, std::string_view value) {
    const auto number = decimal(value);
    if (!number || (*number == 0 && member == &ShareSettings::bucket))
      return Complaint{"bad-number", "the value is no decimal number of 64 bits, or a bucket of 0"};
    settings_.*member = number;
    return std::nullopt;
  }

  std::optional<Complaint> set(Text member, std::string_view value) {
    if (member == &ShareSettings::file_tree_root) {
      if (!is_share_root(value)) return Complaint{"bad-root", "the value is no \\\\server\\share"};
    } else {
      const bool no_uri_needed =
          member == &ShareSettings::response ? value == "1" : value.empty() && file_ == ShareFile::status;
      if (!no_uri_needed && !is_uri(value)) return Complaint{"bad-uri", "the value is no URI"};
    }
    settings_.*member = std::string(value);
    return std::nullopt;
  }

  std::optional<Complaint> set(List member, std::string_view value) {
    std::vector<std::string> items;
    if (value.ends_with(';') && member != &ShareSettings::wql) value.remove_suffix(1);
    for (;;) {
      const std::size_t end = value.find(';');
      if (end == 0 || value.empty()) return Complaint{"bad-list", "the list or one of its items is empty"};
      items.push_back(windows_1252_to_utf8(as_bytes(value.substr(0, end))));
      if (end == std::string_view::npos) break;
      value.remove_prefix(end + 1);
    }
    settings_.*member = std::move(items);
    return std::nullopt;
  }

  ShareFile file_;
  ShareSettings& settings_;
};

// The value of a key for the file, in UTF-8; nullopt: there is none. The keys of the answer of version 2 have
// 1 and 0 in the example, the others YES and NO.
class ValueWriter {
 public:
  ValueWriter(const Key& key, const ShareSettings& settings) : key_(key), settings_(settings) {}

  std::optional<std::string> write() const {
    return std::visit([&](auto member) { return text(settings_.*member); }, key_.member);
  }

 private:
  std::optional<std::string> text(std::optional<bool> value) const {
    if (!value) return std::nullopt;
    if (key_.place == Place::status) return *value ? "1" : "0";
    return *value ? "YES" : "NO";
  }
  std::optional<std::string> text(std::optional<std::uint64_t> value) const {
    if (!value) return std::nullopt;
    return fmt::format("{}", *value);
  }
  std::optional<std::string> text(const std::optional<std::string>& value) const { return value; }
  std::optional<std::string> text(const std::vector<std::string>& items) const {
    if (items.empty()) return std::nullopt;
    return fmt::format("{}", fmt::join(items, ";"));
  }

  const Key& key_;
  const ShareSettings& settings_;
};

bool same(const Key& key, const ShareSettings& a, const ShareSettings& b) {
  return std::visit([&](auto member) { return a.*member == b.*member; }, key.member);
}

// The key of an entry; adds a finding and gives null if the file has no such key.
const Key* find_key(std::string_view name, ShareFile file, ShareLines& lines) {
  const auto* key = std::ranges::find(kKeys, name, &Key::name);
  if (key != kKeys.end() && belongs(*key, file)) return key;
  if (key != kKeys.end()) {
    lines.add(error, "wrong-file", "the key does not belong into this file", name);
    return nullptr;
  }
  const auto* near = std::ranges::find_if(kKeys, [&](const Key& k) {
    return equal_but_for_case(k.name, name.substr(0, name.find_last_not_of(" \t") + 1));
  });
  if (near != kKeys.end())
    lines.add(error, "key-form",
              fmt::format("\"{}\" has another case or blanks than {}", shown(name), near->name), near->name);
  else
    lines.add(note, "unknown-key", "the key is not known", shown(name));
  return nullptr;
}

void read_line(std::string_view line, ShareFile file, ShareSettings& settings, ShareLines& lines) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos)
    return lines.add(error, "no-equals", fmt::format("\"{}\" is no Key=Value", shown(line)));
  const Key* key = find_key(line.substr(0, equals), file, lines);
  if (!key) return;
  if (!same(*key, settings, {}))
    return lines.add(warning, "duplicate-key", "the key occurs again, the first entry counts", key->name);
  if (const auto complaint = ValueReader(file, settings).read(*key, line.substr(equals + 1)))
    lines.add(*complaint, key->name);
}

}  // namespace

Result<std::string> write_settings(const ShareSettings& settings, ShareFile file) {
  std::string text;
  for (const Key& key : kKeys) {
    const auto value = ValueWriter(key, settings).write();
    if (!value) continue;
    const auto refuse = [&key](std::string_view what) {
      return fail(ErrorKind::invalid_argument, fmt::format("{}: {}", key.name, what), {},
                  {.path = std::string(key.name)});
    };
    if (!belongs(key, file)) return refuse("the key does not belong into this file");
    const auto ansi = utf8_to_windows_1252(*value);
    if (!ansi) return refuse("the value has no windows-1252 form");
    ShareSettings again;
    if (const auto complaint = ValueReader(file, again).read(key, *ansi)) return refuse(complaint->message);
    if (!same(key, settings, again)) return refuse("an item holds ';' or is empty");
    text += fmt::format("{}={}\r\n", key.name, *ansi);
  }
  return text;
}

ReadSettings read_settings(Bytes file, ShareFile which, std::size_t max_bytes) {
  ShareLines lines(file, max_bytes, which == ShareFile::policy ? "MS-CER 2.2.4" : "MS-CER 2.2.5");
  ReadSettings read;
  while (const auto line = lines.next()) read_line(*line, which, read.settings, lines);
  read.findings = std::move(lines).take();
  return read;
}

ShareSettings default_settings(AbsentIData absent) {
  ShareSettings settings;
  settings.tracking = false;
  settings.crashes_per_bucket = 5;
  settings.no_second_level_collection = false;
  settings.no_file_collection = false;
  settings.no_external_url = false;
  settings.i_data = absent == AbsentIData::cab;
  settings.memory_dump = false;
  settings.f_doc = false;
  return settings;
}

ShareSettings effective_settings(const ShareSettings& policy, const ShareSettings& status,
                                 const ShareSettings& defaults) {
  ShareSettings effective = defaults;
  for (const ShareSettings* over : {&policy, &status}) {
    for (const Key& key : kKeys) {
      if (!same(key, *over, {}))
        std::visit([&](auto member) { effective.*member = over->*member; }, key.member);
    }
  }
  const bool no_extras = effective.no_second_level_collection.value_or(false);
  if (no_extras || effective.no_file_collection.value_or(false)) {
    effective.f_doc = false;
    effective.get_file.clear();
  }
  if (no_extras) {
    effective.memory_dump = false;
    effective.reg_key.clear();
    effective.get_file_version.clear();
    effective.wql.clear();
  }
  if (effective.no_external_url.value_or(false)) {
    effective.url_launch = policy.url_launch ? policy.url_launch : defaults.url_launch;
    if (effective.response != "1") effective.response = defaults.response;
  }
  return effective;
}

}  // namespace wheatstone::cer
