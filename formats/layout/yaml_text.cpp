#include "formats/layout/yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace wheatstone::layout {
namespace {

constexpr std::size_t kWidth = 112;
constexpr std::size_t kPiece = 96;  // characters of a long text on one line

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_word(std::string_view text) {
  if (text.empty() || text.size() > kPiece || !is_alpha(text.front())) return false;
  return std::ranges::all_of(
      text, [](char c) { return is_alpha(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'; });
}

// Words that a YAML reader may take for something else than text.
bool is_special(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const std::string_view word : {"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
    if (lower == word) return true;
  return false;
}

// Hex digits of a GUID or of bytes may look like a number ("12e4567"): only names go without quotes.
bool looks_like_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '-';
  });
}

class Writer {
 public:
  std::string take() && { return std::move(out_); }

  void document(const Node& node) {
    if (node.is_map() && !node.members.empty()) {
      map(node, 0);
    } else {
      value(node, 0);
      out_ += '\n';
    }
  }

 private:
  void map(const Node& node, std::size_t indent) {
    bool first = true;
    for (const Member& member : node.members) {
      if (!first || !inline_first_) out_.append(indent, ' ');
      inline_first_ = false;
      first = false;
      quoted_key(member.key);
      out_ += ':';
      entry(member.value, indent + 2);
    }
  }

  // What stands behind "key:", up to the end of its line or lines.
  void entry(const Node& node, std::size_t indent) {
    if (node.is_map() && !node.members.empty()) {
      out_ += '\n';
      map(node, indent);
    } else if (node.is_list() && !std::ranges::all_of(node.items, &Node::is_scalar)) {
      out_ += '\n';
      for (const Node& item : node.items) {
        out_.append(indent, ' ');
        out_ += "-";
        if (item.is_map() && !item.members.empty()) {
          out_ += ' ';
          inline_first_ = true;
          map(item, indent + 2);
        } else {
          entry(item, indent + 2);
        }
      }
    } else {
      if (!node.is_null()) out_ += ' ';
      value(node, indent);
      out_ += '\n';
    }
  }

  void value(const Node& node, std::size_t indent) {
    switch (node.kind) {
      case Node::Kind::null:
        break;
      case Node::Kind::scalar:
        scalar(node, indent);
        break;
      case Node::Kind::list: {
        out_ += '[';
        std::size_t column = kWidth / 2;
        bool first = true;
        for (const Node& item : node.items) {
          if (!first) out_ += ',';
          const std::size_t before = out_.size();
          if (!first && column > kWidth) {
            out_ += '\n';
            out_.append(indent, ' ');
            column = indent;
          } else if (!first) {
            out_ += ' ';
          }
          first = false;
          value(item, indent);
          column += out_.size() - before;
        }
        out_ += ']';
        break;
      }
      case Node::Kind::map:
        out_ += "{}";
        break;
    }
  }

  void scalar(const Node& node, std::size_t indent) {
    if (node.quoted ? is_word(node.text) && !is_special(node.text) && !looks_like_hex(node.text)
                    : !node.text.empty()) {
      out_ += node.text;
      return;
    }
    quote(node.text, indent);
  }

  void quoted_key(std::string_view key) {
    if (is_word(key)) {
      out_ += key;
    } else {
      quote(key, 0, key.size());  // a key stands on one line
    }
  }

  // A backslash at the end of a line joins it with the next one, whose blanks at the start do not count.
  void quote(std::string_view text, std::size_t indent, std::size_t longest = kPiece) {
    out_ += '"';
    std::size_t piece = 0;
    for (const char c : text) {
      const bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;  // inside a UTF-8 character
      if (piece >= longest && !continues && c != ' ') {
        out_ += "\\\n";
        out_.append(indent, ' ');
        piece = 0;
      }
      ++piece;
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) {
        fmt::format_to(std::back_inserter(out_), "\\x{:02x}", static_cast<unsigned>(c));
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }

  std::string out_;
  bool inline_first_ = false;  // the next key stands behind the dash of its item
};

}  // namespace

std::string to_yaml(const Node& node) {
  Writer writer;
  writer.document(node);
  return std::move(writer).take();
}

}  // namespace wheatstone::layout
