// A JSON syntax check that shares no code with our writer.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "formats/layout/utf16.hpp"

namespace wheatstone::test {

class JsonSyntax {
 public:
  explicit JsonSyntax(std::string_view text) : text_(text) {}

  bool document() {
    if (find_invalid_utf8(text_)) return false;
    std::vector<char> open;  // '{' or '['
    bool value_due = true;
    while (true) {
      if (value_due) {
        if (take('{')) {
          if (take('}')) {
            value_due = false;
          } else {
            open.push_back('{');
            if (!string() || !take(':')) return false;
          }
          continue;
        }
        if (take('[')) {
          if (take(']')) {
            value_due = false;
          } else {
            open.push_back('[');
          }
          continue;
        }
        if (!string() && !number() && !word("true") && !word("false") && !word("null")) return false;
        value_due = false;
      }
      if (open.empty()) return at_ == text_.size();
      if (take(',')) {
        if (open.back() == '{' && (!string() || !take(':'))) return false;
        value_due = true;
        continue;
      }
      if (!take(open.back() == '{' ? '}' : ']')) return false;
      open.pop_back();
    }
  }

 private:
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool string() {
    if (!take('"')) return false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') continue;
      if (++at_ == text_.size()) return false;
      if (text_[at_] == 'u') {
        if (text_.size() - at_ < 5 ||
            text_.substr(at_ + 1, 4).find_first_not_of("0123456789abcdefABCDEF") != text_.npos)
          return false;
        at_ += 4;
      } else if (std::string_view("\"\\/bfnrt").find(text_[at_]) == std::string_view::npos) {
        return false;
      }
    }
    return false;
  }
  bool number() {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > start && (text_[start] != '0' || at_ == start + 1);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// True if `text` is one JSON value without white space; numbers are the unsigned integers that we write.
inline bool is_json(std::string_view text) {
  return JsonSyntax(text).document();
}

}  // namespace wheatstone::test
