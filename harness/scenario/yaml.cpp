#include "harness/scenario/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <istream>
#include <map>
#include <optional>
#include <streambuf>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "formats/layout/utf16.hpp"

namespace wheatstone::scenario {
namespace {

using layout::Mark;
using layout::Member;
using layout::Node;

// A view of memory as the input stream that yaml-cpp wants, without a copy.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // NOLINT: only the get area is set, nothing writes to it
    setg(begin, begin, begin + text.size());
  }
};

// Leaves the parser at once; never leaves this file.
struct Stop {
  Error error;
};

[[noreturn]] void stop(Mark mark, std::string message, std::string hint = {}) {
  throw Stop{layout::fail_at(mark, std::move(message), std::move(hint)).error()};
}

Mark from(const YAML::Mark& mark) {
  if (mark.is_null()) return {1, 1};
  return {static_cast<std::uint32_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1};
}

// Builds the tree and watches the limits while yaml-cpp reads.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(const YamlLimits& limits) : limits_(limits) {}

  bool has_document() const { return has_document_; }
  // Where the last scalar begins, if it is no plain one.
  std::optional<std::size_t> last_quoted() const { return last_quoted_; }
  // The innermost list or map that is not finished.
  const Node* open_node() const { return open_.empty() ? nullptr : &open_.back().node; }
  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (has_document_)
      stop(from(mark), "a second document begins here",
           "one file holds one document: remove '---' or make two files");
    has_document_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.mark = from(mark);
    count(node.mark, 1, 0);
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) stop(from(mark), "an alias inside the value that it stands for");
    if (key_expected()) stop(from(mark), "an alias cannot be a key");
    const Anchored& anchored = found->second;
    count(from(mark), anchored.nodes, anchored.text);
    Node copy = anchored.node;
    add(std::move(copy), YAML::NullAnchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node;
    node.mark = from(mark);
    if (value.size() > limits_.scalar)
      stop(node.mark, fmt::format("a single value of {} bytes", value.size()),
           fmt::format("a value has at most {} bytes: put large data into a file", limits_.scalar));
    count(node.mark, 1, value.size());
    node.kind = Node::Kind::scalar;
    node.quoted = tag != "?";
    if (tag != "?" && tag != "!" && tag != "tag:yaml.org,2002:str") refuse_tag(node.mark, tag);
    node.text = value;
    last_quoted_.reset();
    if (node.quoted && mark.pos >= 0) last_quoted_ = static_cast<std::size_t>(mark.pos);
    add(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(from(mark), tag, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(from(mark), tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::size_t nodes = 0;  // budget used before it
    std::size_t text = 0;
    std::optional<Member> key;  // read, its value is not
    std::unordered_set<std::string> keys;
  };
  struct Anchored {
    Node node;
    std::size_t nodes = 0;
    std::size_t text = 0;
  };

  bool key_expected() const { return !open_.empty() && open_.back().node.is_map() && !open_.back().key; }

  void refuse_tag(Mark mark, const std::string& tag) {
    stop(mark, fmt::format("the tag {} has no meaning here", tag),
         "remove it, or quote the value if it is text");
  }

  // `nodes` and `text` are checked before anything of that size is made.
  void count(Mark mark, std::size_t nodes, std::size_t text) {
    if (nodes > limits_.nodes - nodes_)
      stop(mark, fmt::format("more than {} values", limits_.nodes), "aliases count as what they stand for");
    if (text > limits_.text - text_)
      stop(mark, fmt::format("more than {} bytes of values", limits_.text),
           "aliases count as what they stand for");
    nodes_ += nodes;
    text_ += text;
  }

  void open(Mark mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    if (tag != "?" && tag != "") refuse_tag(mark, tag);
    if (key_expected())
      stop(mark, "a list or map cannot be a key",
           "quote a text that begins with '[' or '{'; one that is never closed also reads as a key");
    if (open_.size() >= limits_.depth)
      stop(mark, fmt::format("lists and maps are nested more than {} deep", limits_.depth));
    Open next;
    next.anchor = anchor;
    next.nodes = nodes_;
    next.text = text_;
    next.node.kind = kind;
    next.node.mark = mark;
    count(mark, 1, 0);
    open_.push_back(std::move(next));
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    remember(done.anchor, done.node, nodes_ - done.nodes, text_ - done.text);
    place(std::move(done.node));
  }

  // A value without parts.
  void add(Node node, YAML::anchor_t anchor) {
    remember(anchor, node, 1, node.text.size());
    place(std::move(node));
  }

  void remember(YAML::anchor_t anchor, const Node& node, std::size_t nodes, std::size_t text) {
    if (anchor == YAML::NullAnchor) return;
    count(node.mark, nodes, text);
    anchors_[anchor] = {node, nodes, text};
  }

  void place(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_list()) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.key) {
      if (node.is_null()) node.mark = parent.key->mark;  // yaml-cpp has that of whatever comes next
      parent.key->value = std::move(node);
      parent.node.members.push_back(std::move(*parent.key));
      parent.key.reset();
    } else {
      parent.key = key_of(parent, std::move(node));
    }
  }

  Member key_of(Open& parent, Node node) {
    if (!node.is_scalar() || node.text.empty()) stop(node.mark, "a key is missing");
    if (node.text == "<<" && !node.quoted)
      stop(node.mark, "merge keys ('<<') are not supported", "write the keys out, or alias the whole map");
    if (!parent.keys.insert(node.text).second) {
      const auto first = std::ranges::find(parent.node.members, node.text, &Member::key);
      stop(node.mark, fmt::format("the key '{}' is given twice", shortened(node.text)),
           fmt::format("it is also at line {}", first->mark.line));
    }
    Member member;
    member.key = std::move(node.text);
    member.mark = node.mark;
    return member;
  }

  // Long keys would make a message as long as the input.
  static std::string shortened(std::string_view text) {
    return text.size() <= 80 ? std::string(text) : std::string(text.substr(0, 77)) + "...";
  }

  const YamlLimits& limits_;
  bool has_document_ = false;
  std::optional<std::size_t> last_quoted_;
  Node root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
  std::size_t text_ = 0;
};

Mark mark_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 = 0
  return {static_cast<std::uint32_t>(std::ranges::count(before, '\n')) + 1,
          static_cast<std::uint32_t>(offset - line_start) + 1};
}

std::string_view line_at(std::string_view text, std::uint32_t line) {
  std::size_t start = 0;
  for (std::uint32_t i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos) return {};
    start = end + 1;
  }
  return text.substr(start, text.find('\n', start) - start);
}

// What must hold of the bytes before a YAML parser may see them.
std::optional<Error> check_text(std::string_view text, const YamlLimits& limits) {
  const auto error = [&](std::size_t offset, std::string message, std::string hint = {}) {
    return layout::fail_at(mark_of(text, offset), std::move(message), std::move(hint)).error();
  };
  if (const auto bad = find_invalid_utf8(text))
    return error(*bad, fmt::format("the byte 0x{:02x} is not UTF-8", static_cast<unsigned char>(text[*bad])),
                 "save the file as UTF-8");
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n') {
      line_start = i + 1;
    } else if (i - line_start >= limits.line) {
      return error(line_start, fmt::format("a line of more than {} bytes", limits.line),
                   fmt::format("a value has at most {} bytes: put large data into a file", limits.scalar));
    } else if (c == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')) {
      return error(i, "a carriage return without a line feed", "end lines with LF or CR LF");
    } else if ((c < 0x20 && c != '\t' && c != '\r') || c == 0x7f) {
      return error(i, fmt::format("the control character 0x{:02x}", c),
                   "in a value in double quotes it is written \\x" + fmt::format("{:02x}", c));
    }
  }
  return std::nullopt;
}

// The offset of a quote at the start of the scalar at `at` that is never closed: yaml-cpp takes the rest of
// the file for the value and says nothing. Anchors, tags and comments may stand before the quote.
std::optional<std::size_t> unclosed_quote(std::string_view text, std::size_t at) {
  constexpr std::string_view kBlank = " \t\r\n";
  while (at < text.size() && (text[at] == '&' || text[at] == '!' || text[at] == '#')) {
    at = text.find_first_of(text[at] == '#' ? "\n" : kBlank, at);
    at = text.find_first_not_of(kBlank, std::min(at, text.size()));
  }
  if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return std::nullopt;
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[at] == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == text[at]) {
      if (text[at] == '"' || i + 1 == text.size() || text[i + 1] != text[at]) return std::nullopt;
      ++i;
    }
  }
  return at;
}

// yaml-cpp reports a tab in the indentation as whatever it stumbles over next, and a bracket that is not
// closed at the end of the file.
Error explain(std::string_view text, const YAML::Exception& exception, const Node* open) {
  const bool unclosed =
      exception.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW || exception.msg == YAML::ErrorMsg::END_OF_MAP_FLOW;
  if (unclosed && open != nullptr)
    return layout::fail_at(open->mark, fmt::format("{} begins here and is not closed", open->kind_text()))
        .error();
  const Mark mark = from(exception.mark);
  const std::string_view line = line_at(text, mark.line);
  const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
  const std::size_t tab = line.find('\t');
  if (tab < indent)
    return layout::fail_at({mark.line, static_cast<std::uint32_t>(tab) + 1}, "a tab in the indentation",
                           "indent with spaces")
        .error();
  return layout::fail_at(mark, exception.msg).error();
}

Result<Node> parse(std::string_view text, const YamlLimits& limits) {
  Builder builder(limits);
  try {
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (Stop& stopped) {
    return std::unexpected(std::move(stopped.error));
  } catch (const YAML::Exception& exception) {
    return std::unexpected(explain(text, exception, builder.open_node()));
  } catch (const std::exception& exception) {
    return fail(ErrorKind::internal, fmt::format("the YAML parser gave up: {}", exception.what()), {},
                {{}, 1, 1, Location::kNoOffset, {}});
  }
  if (const auto at = builder.last_quoted()) {
    if (const auto quote = unclosed_quote(text, *at))
      return layout::fail_at(mark_of(text, *quote), "a text in quotes begins here and is not closed");
  }
  if (!builder.has_document())
    return layout::fail_at({1, 1}, "the file is empty", "it needs at least one key");
  return builder.take();
}

}  // namespace

Result<Node> parse_yaml(std::string_view text, const YamlLimits& limits) {
  if (text.size() > limits.bytes)
    return layout::fail_at({1, 1}, fmt::format("the file has {} bytes", text.size()),
                           fmt::format("a scenario has at most {}", limits.bytes));
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (auto error = check_text(text, limits)) return std::unexpected(std::move(*error));
  return parse(text, limits);
}

}  // namespace wheatstone::scenario
