#include "harness/scenario/injected_document.hpp"

#include <fmt/format.h>

#include <utility>

#include "formats/cper/header.hpp"
#include "formats/document/make.hpp"
#include "formats/whea/notify_sources.hpp"
#include "harness/scenario/values.hpp"

namespace wheatstone::scenario {
namespace {

using document::Defect;
using document::Kind;
using layout::Member;
using layout::Node;

constexpr std::string_view kMakeKeys[] = {"record", "packet", "length", "patch"};

bool can_be_injected(Kind kind) {
  return kind == Kind::record || kind == Kind::packet;
}

Error at(Error error, layout::Mark mark) {
  if (error.where.line == 0) {
    error.where.line = mark.line;
    error.where.column = mark.column;
  }
  return error;
}

// What the map says, before anything is broken.
Result<document::Made> good_document(const Node& map, const Defect* defect, const Buffer* file) {
  if (map.find("record") != nullptr || map.find("packet") != nullptr) {
    Node tree;
    tree.kind = Node::Kind::map;
    tree.mark = map.mark;
    for (const Member& member : map.members)
      for (const std::string_view key : kMakeKeys)
        if (member.key == key) tree.members.push_back(member);
    return document::make(tree);
  }
  for (const Member& member : map.members)
    if (member.key == "length" || member.key == "patch")
      return layout::fail_at(member.mark,
                             fmt::format("'{}' needs a 'record' or 'packet' beside it", member.key),
                             "it changes what was made from fields");
  return document::Made{defect->kind, file != nullptr ? *file : document::example_for(*defect)};
}

whea::ErrorSourceType source_of_record(Bytes record) {
  const auto header = layout::View<cper::Header>::make(cper::kRecordHeader, record);
  if (!header) return whea::ErrorSourceType::boot;
  return whea::source_of((*header)[cper::Header::kNotifyType]).value_or(whea::ErrorSourceType::boot);
}

}  // namespace

std::vector<std::string_view> injectable_defects() {
  std::vector<std::string_view> names;
  for (const Defect& defect : document::defects())
    if (can_be_injected(defect.kind)) names.push_back(defect.name);
  return names;
}

Result<const Defect*> injectable_defect(std::string_view name) {
  const Defect* defect = document::find_defect(name);
  if (defect != nullptr && can_be_injected(defect->kind)) return defect;
  if (defect != nullptr)
    return fail(ErrorKind::malformed,
                fmt::format("'{}' is a defect of another kind of document ({}), which cannot be injected",
                            name, document::info(defect->kind).name),
                "defects of records and packets can: see 'wheatstone defects'");
  const std::string_view close = layout::nearest(name, injectable_defects());
  return fail(
      ErrorKind::malformed, fmt::format("there is no defect {}", shown(name)),
      close.empty() ? "'wheatstone defects' lists all of them" : fmt::format("did you mean '{}'?", close));
}

Result<inject::Injection> injected_document(const Node& map, const Buffer* file) {
  const Node* named = map.find("defect");
  const Defect* defect = nullptr;
  if (named != nullptr) {
    const auto found = injectable_defect(named->text);
    if (!found) return std::unexpected(at(found.error(), named->mark));
    defect = *found;
  }
  auto made = good_document(map, defect, file);
  if (!made) return std::unexpected(made.error());

  const Node* source_node = map.find("source");
  whea::ErrorSourceType source = whea::ErrorSourceType::boot;
  if (made->kind == Kind::record) {
    source = source_node == nullptr ? source_of_record(made->bytes)
                                    : static_cast<whea::ErrorSourceType>(
                                          named_of(*source_node, whea::kErrorSourceTypeNames).value_or(0));
  } else if (source_node != nullptr) {
    return layout::fail_at(source_node->mark, "a packet says its source itself",
                           "set ErrorSourceType in the packet's Body");
  }

  if (defect != nullptr) {
    if (defect->kind != made->kind)
      return layout::fail_at(named->mark,
                             fmt::format("'{}' is a defect of an {}, not of an {}", defect->name,
                                         document::info(defect->kind).name, document::info(made->kind).name));
    const Node* value = map.find("value");
    auto broken =
        document::break_document(*defect, made->bytes, value != nullptr ? number_of(*value) : std::nullopt);
    if (!broken) {
      Error error = at(broken.error(), named->mark);
      error.kind = ErrorKind::malformed;
      return std::unexpected(std::move(error));
    }
    made->bytes = std::move(*broken);
  }
  if (made->bytes.size() > kLargestDocument)
    return layout::fail_at(
        map.mark, fmt::format("the {} has {} bytes", document::info(made->kind).name, made->bytes.size()),
        fmt::format("at most {} can be injected", kLargestDocument));

  const bool broken = defect != nullptr || map.find("length") != nullptr || map.find("patch") != nullptr;
  if (made->kind == Kind::packet) return inject::InjectedPacket{std::move(made->bytes), broken};
  return inject::InjectedRecord{std::move(made->bytes), source, broken};
}

}  // namespace wheatstone::scenario
