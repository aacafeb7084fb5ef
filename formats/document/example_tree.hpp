// Trees of named values as code: what examples are made of.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "formats/layout/node.hpp"
#include "formats/layout/to_node.hpp"

namespace wheatstone::document {

using Pair = std::pair<std::string_view, std::string_view>;

inline layout::Node map() {
  return layout::map_node();
}

inline layout::Node list(std::initializer_list<layout::Node> items) {
  layout::Node node;
  node.kind = layout::Node::Kind::list;
  node.items = items;
  return node;
}

inline layout::Node fields(std::initializer_list<Pair> pairs) {
  layout::Node node = map();
  for (const auto& [key, value] : pairs)
    node.members.push_back({std::string(key), {}, layout::scalar(std::string(value))});
  return node;
}

inline layout::Node with(layout::Node node, std::string_view key, layout::Node value) {
  node.members.push_back({std::string(key), {}, std::move(value)});
  return node;
}

// The contents of the examples of tables, status blocks, stores, log entries and descriptors. A store holds
// `record` twice, with other ids, and a third one that was deleted.
layout::Node example_table(std::string_view type);
layout::Node example_store(const layout::Node& record);
layout::Node example_log_entry();
layout::Node example_descriptor(std::string_view type);
layout::Node example_status_block(const layout::Node& memory, const layout::Node& pcie);

}  // namespace wheatstone::document
