// The tree of any document makes its very bytes again; a tree that somebody edited makes something or tells a
// position, and what it makes is a document again.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "formats/document/document.hpp"
#include "formats/document/make.hpp"
#include "formats/layout/to_node.hpp"
#include "formats/layout/xoshiro.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"

using namespace wheatstone;
using layout::Node;

namespace {

constexpr std::uint64_t kSeed = 0x6d616b65;

void collect(Node& node, std::vector<Node*>& nodes) {
  nodes.push_back(&node);
  for (Node& item : node.items) collect(item, nodes);
  for (layout::Member& member : node.members) collect(member.value, nodes);
}

std::string some_text(Xoshiro& random) {
  constexpr std::string_view kTexts[] = {"",
                                         "0",
                                         "1",
                                         "-1",
                                         "65535",
                                         "0xffffffff",
                                         "18446744073709551615",
                                         "18446744073709551616",
                                         "true",
                                         "Fatal",
                                         "2026-01-15T08:00:00Z",
                                         "00 01 ff",
                                         "0",
                                         "Memory",
                                         "XpfMca",
                                         "a5bc1114-6f64-4ede-b863-3e83ed7c83b1",
                                         "\xc3\xa4",
                                         "\xff\xfe",
                                         std::string_view("\0x", 2),
                                         "Unread",
                                         "200"};
  return std::string(kTexts[random.below(std::size(kTexts))]);
}

void edit(Node& node, Xoshiro& random) {
  switch (random.below(8)) {
    case 0:
      node = {};
      break;
    case 1:
      node = layout::scalar(some_text(random), random.once_in(2));
      break;
    case 2:
      if (!node.members.empty())
        node.members.erase(node.members.begin() +
                           static_cast<std::ptrdiff_t>(random.below(node.members.size())));
      break;
    case 3:
      if (!node.members.empty()) {
        layout::Member twice = node.members[random.below(node.members.size())];
        node.members.push_back(std::move(twice));
      }
      break;
    case 4:
      if (!node.items.empty()) {
        Node twice = node.items[random.below(node.items.size())];
        node.items.push_back(std::move(twice));
      }
      break;
    case 5:
      if (!node.items.empty()) node.items.pop_back();
      break;
    case 6:
      if (!node.members.empty()) node.members[random.below(node.members.size())].key = some_text(random);
      break;
    default:
      if (node.is_scalar()) {
        node.text = some_text(random);
      } else if (!node.members.empty()) {
        std::swap(node.members.front(), node.members[random.below(node.members.size())]);
      }
      break;
  }
}

// An edit may ask for as many bytes as make() allows, which says nothing and takes long.
bool is_small(const Node& tree) {
  const Node* const length = tree.find("length");
  return length == nullptr || length->text.size() <= 5;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  std::uint64_t seed = kSeed;
  for (const std::uint8_t byte : bytes) seed = seed * 31 + byte;
  Xoshiro random(seed);
  const auto kinds = document::kinds();
  auto document = document::Document::recognize(bytes);
  if (!document) document = document::Document::decode(kinds[random.below(kinds.size())].kind, bytes);

  Node tree = document::to_node(*document);
  if (test::is_chosen(bytes, test::kSlow)) {
    const auto made = document::make(tree);
    REQUIRE(made && made->kind == document->kind() && std::ranges::equal(made->bytes, bytes));
  }
  for (std::size_t i = 1 + random.below(3); i > 0; --i) {
    std::vector<Node*> nodes;
    collect(tree, nodes);
    edit(*nodes[random.below(nodes.size())], random);
  }
  if (!is_small(tree)) return 0;
  const auto made = document::make(tree);
  if (!made) {
    REQUIRE(!made.error().message.empty());
    return 0;
  }
  const auto again = document::Document::decode(made->kind, made->bytes);
  for (const Finding& finding : again.findings()) REQUIRE(finding.offset <= made->bytes.size());
  return 0;
}
