#include "formats/cer/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>
#include <variant>

#include "formats/cer/finding_list.hpp"
#include "formats/cer/value_text.hpp"
#include "formats/cer/windows_1252.hpp"
#include "formats/layout/utf16.hpp"

namespace wheatstone::cer {
namespace {

using enum FindingSeverity;

constexpr std::string_view kClause = "MS-CER2 2.2.2";

using Text = std::optional<std::string> Answer::*;
using Number = std::optional<std::uint64_t> Answer::*;
using Boolean = std::optional<bool> Answer::*;
using List = std::vector<std::string> Answer::*;

struct Key {
  std::string_view name;
  std::variant<Text, Number, Boolean, List> member;
};

// In the order of the examples; the keys that no example has stand with their kind.
constexpr std::array<Key, 12> kKeys = {{
    {"Response", &Answer::response},
    {"Bucket", &Answer::bucket},
    {"BucketTable", &Answer::bucket_table},
    {"iData", &Answer::i_data},
    {"MemoryDump", &Answer::memory_dump},
    {"fDoc", &Answer::f_doc},
    {"RegKey", &Answer::reg_key},
    {"RegTree", &Answer::reg_tree},
    {"WQL", &Answer::wql},
    {"GetFile", &Answer::get_file},
    {"GetFileVersion", &Answer::get_file_version},
    {"DumpFile", &Answer::dump_file},
}};

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

class Writer {
 public:
  void key(std::string_view name) { name_ = name; }

  void add(const std::optional<std::string>& value) {
    if (!value) return;
    check(*value);
    line(*value);
  }

  void add(std::optional<std::uint64_t> value) {
    if (!value) return;
    if (*value == 0) refuse("is 0", "number buckets from 1");
    line(fmt::format("{}", *value));
  }

  void add(std::optional<bool> value) {
    if (value) line(*value ? "1" : "0");
  }

  void add(const std::vector<std::string>& items) {
    if (items.empty()) return;
    std::string list;
    for (const std::string& item : items) {
      if (item.empty()) refuse("has an empty item", "leave the item out");
      if (item.find(';') != std::string::npos)
        refuse("has an item with ';'", "the protocol has no escape for it");
      check(item);
      if (&item != &items.front()) list += ';';
      list += item;
    }
    line(list);
  }

  Result<std::string> finish() && {
    if (error_) return std::unexpected(std::move(*error_));
    return std::move(body_);
  }

 private:
  void check(std::string_view text) {
    if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
      refuse("holds CR, LF or NUL", "an answer has one line a key");
    if (text.size() != trimmed(text).size())
      refuse("begins or ends with a blank", "readers drop such blanks");
  }

  void line(std::string_view value) {
    const auto encoded = utf8_to_windows_1252(value);
    if (!encoded) return refuse("has no windows-1252 form", "use characters of code page 1252");
    body_ += name_;
    body_ += '=';
    body_ += *encoded;
    body_ += "\r\n";
  }

  void refuse(std::string_view what, std::string_view hint) {
    if (!error_)
      error_ = Error{ErrorKind::invalid_argument,
                     fmt::format("the value of {} {}", name_, what),
                     std::string(hint),
                     {.path = std::string(name_)}};
  }

  std::string body_;
  std::string_view name_;
  std::optional<Error> error_;
};

class Reader {
 public:
  ReadAnswer run(Bytes body, std::size_t max_bytes);

 private:
  void read_line(std::string_view line);
  void read_value(const Key& key, std::string_view value);
  void check_encoding(std::string_view text);
  void check_response(std::string_view value);
  void check_dump_file(std::string_view value);

  void add(FindingSeverity severity, std::string_view code, std::string message, std::string_view path = {}) {
    findings_.add(severity, code, std::move(message), std::string(path), line_offset_, kClause);
  }

  ReadAnswer read_;
  FindingList findings_;
  std::uint64_t line_offset_ = 0;
  std::array<bool, kKeys.size()> seen_{};
};

void Reader::check_response(std::string_view value) {
  if (value.empty() || value == "1") return;
  const std::string_view scheme = uri_scheme(value);
  if (!is_uri(value))
    add(warning, "response-value", fmt::format("\"{}\" is neither empty, nor 1, nor a URI", shown(value)),
        "Response");
  else if (!equal_but_for_case(scheme, "http") && !equal_but_for_case(scheme, "https"))
    add(warning, "response-scheme", fmt::format("the URI has the scheme {}, do not open it", shown(scheme)),
        "Response");
}

void Reader::check_dump_file(std::string_view value) {
  if (const auto target = upload_target(windows_1252_to_utf8(as_bytes(value))); !target)
    add(warning, "dump-file-value", "no upload can go here: " + target.error().message, "DumpFile");
}

void Reader::check_encoding(std::string_view text) {
  const auto high = [](char c) { return static_cast<std::uint8_t>(c) >= 0x80; };
  if (std::ranges::none_of(text, high)) return;
  if (!find_invalid_utf8(text))
    add(warning, "utf8-text", "the line looks like UTF-8, it is read as windows-1252");
  else if (std::ranges::any_of(
               text, [](char c) { return is_undefined_in_windows_1252(static_cast<std::uint8_t>(c)); }))
    add(warning, "undefined-byte", "the line has a byte that windows-1252 leaves undefined");
  else
    add(note, "non-ascii", "the line has bytes over 0x7f, they are read as windows-1252");
}

void Reader::read_value(const Key& key, std::string_view value) {
  std::visit(Overloaded{
                 [&](Text member) {
                   if (member == &Answer::response) check_response(value);
                   if (member == &Answer::dump_file) check_dump_file(value);
                   read_.answer.*member = windows_1252_to_utf8(as_bytes(value));
                 },
                 [&](Number member) {
                   const auto number = decimal(value);
                   if (number && *number != 0)
                     read_.answer.*member = number;
                   else
                     add(error, "bad-number",
                         fmt::format("\"{}\" is no positive decimal number of 64 bits", shown(value)),
                         key.name);
                 },
                 [&](Boolean member) {
                   if (value == "0" || value == "1")
                     read_.answer.*member = value == "1";
                   else
                     add(error, "bad-bool", fmt::format("\"{}\" is neither 0 nor 1", shown(value)), key.name);
                 },
                 [&](List member) {
                   bool empty_items = false, blanks = false;
                   for (;;) {
                     const std::size_t end = value.find(';');
                     const std::string_view item = trimmed(value.substr(0, end));
                     blanks |= item.size() != value.substr(0, end).size();
                     if (item.empty())
                       empty_items = true;
                     else
                       (read_.answer.*member).push_back(windows_1252_to_utf8(as_bytes(item)));
                     if (end == std::string_view::npos) break;
                     value.remove_prefix(end + 1);
                   }
                   if (empty_items) add(warning, "empty-item", "the list has an empty item", key.name);
                   if (blanks) add(warning, "blank", "the list has blanks around an item", key.name);
                 },
             },
             key.member);
}

void Reader::read_line(std::string_view line) {
  if (trimmed(line).empty()) return;
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) {
    add(error, "no-equals", fmt::format("\"{}\" is no Key=Value line", shown(line)));
    return;
  }
  const std::string_view name = trimmed(line.substr(0, equals));
  const std::string_view value = trimmed(line.substr(equals + 1));

  const auto key =
      std::ranges::find_if(kKeys, [&](const Key& k) { return equal_but_for_case(k.name, name); });
  if (key == kKeys.end()) {
    add(note, "unknown-key", fmt::format("key \"{}\" is not known and ignored", shown(name)), shown(name));
    return;
  }
  if (name.size() + value.size() + 1 != line.size())
    add(warning, "blank", "there are blanks around the key or the value", key->name);
  if (name != key->name)
    add(warning, "key-case", fmt::format("key \"{}\" is written {}", name, key->name), key->name);
  if (std::exchange(seen_[static_cast<std::size_t>(key - kKeys.begin())], true)) {
    add(warning, "duplicate-key", fmt::format("key {} occurs again, the first counts", key->name), key->name);
    return;
  }
  if (value.find('\0') != std::string_view::npos) {
    add(error, "nul-in-value", "the value holds NUL and is ignored", key->name);
    return;
  }
  check_encoding(value);
  read_value(*key, value);
}

ReadAnswer Reader::run(Bytes body, std::size_t max_bytes) {
  std::string_view text = as_text(body);
  if (text.size() > max_bytes) {
    text = text.substr(0, max_bytes);
    const std::size_t end = text.find_last_of("\r\n");
    text = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
    line_offset_ = text.size();
    add(error, "too-long",
        fmt::format("the answer has {} bytes, only whole lines within {} are read", body.size(), max_bytes));
  }

  std::size_t at = 0;
  if (text.starts_with("\xef\xbb\xbf")) {
    line_offset_ = 0;
    add(warning, "byte-order-mark", "the answer begins with a UTF-8 byte order mark");
    at = 3;
  }
  bool other_line_end = false;
  while (at < text.size()) {
    line_offset_ = at;
    const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    read_line(text.substr(at, end - at));
    if (end == text.size()) {
      add(warning, "no-final-crlf", "the last line does not end with CRLF");
      break;
    }
    const bool crlf = text.substr(end).starts_with("\r\n");
    if (!crlf && !std::exchange(other_line_end, true))
      add(warning, "line-end", "a line ends with LF or CR alone; later ones are not listed");
    at = end + (crlf ? 2 : 1);
  }
  read_.findings = std::move(findings_).take();
  return std::move(read_);
}

}  // namespace

Result<std::string> write_answer(const Answer& answer) {
  Writer writer;
  for (const Key& key : kKeys) {
    writer.key(key.name);
    std::visit([&](auto member) { writer.add(answer.*member); }, key.member);
  }
  return std::move(writer).finish();
}

ReadAnswer read_answer(Bytes body, std::size_t max_bytes) {
  return Reader().run(body, max_bytes);
}

}  // namespace wheatstone::cer
