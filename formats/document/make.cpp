#include "formats/document/make.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/acpi/acpi_table.hpp"
#include "formats/acpi/status_block.hpp"
#include "formats/cper/record_node.hpp"
#include "formats/document/store_node.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/to_node.hpp"
#include "formats/layout/walk.hpp"
#include "formats/whea/error_source_descriptor.hpp"
#include "formats/whea/log_entry.hpp"
#include "formats/whea/packet.hpp"

namespace wheatstone::document {
namespace {

using layout::Member;
using layout::Node;

// Runs of bytes that differ are one patch if fewer equal bytes lie between them.
constexpr std::size_t kPatchGap = 8;

constexpr std::string_view kTreeKeys[] = {"length", "patch"};
constexpr std::string_view kStructureKeys[] = {"Type", "Body"};
constexpr std::string_view kPatchKeys[] = {"offset", "hex"};

// What bytes of `made` must become `wanted`, which has the same size.
Node patches(Bytes made, Bytes wanted) {
  Node list;
  list.kind = Node::Kind::list;
  for (std::size_t at = 0; at < wanted.size(); ++at) {
    if (made[at] == wanted[at]) continue;
    std::size_t end = at + 1;
    for (std::size_t next = end; next < wanted.size() && next - end < kPatchGap; ++next)
      if (made[next] != wanted[next]) end = next + 1;
    Node patch = layout::map_node();
    patch.members.push_back({"offset", {}, layout::number_node(at)});
    patch.members.push_back({"hex", {}, layout::hex_scalar(wanted.subspan(at, end - at))});
    list.items.push_back(std::move(patch));
    at = end;
  }
  return list;
}

// The marks by which a structure is known are given unless the tree says otherwise.
void put_marks(const layout::Layout& layout, MutableBytes bytes) {
  if (&layout == &whea::kPacketV1) {
    store_le<std::uint32_t>(bytes.data(), whea::kPacketSignatureV1);
    layout::Editor<whea::PacketV1>::make(layout, bytes)
        ->set(whea::PacketV1::kVersion, whea::kPacketVersionV1);
  }
  if (&layout == &whea::kPacketV2) {
    store_le<std::uint32_t>(bytes.data(), whea::kPacketSignatureV2);
    layout::Editor<whea::PacketV2>::make(layout, bytes)
        ->set(whea::PacketV2::kVersion, whea::kPacketVersionV2);
  }
  for (const acpi::TableType& type : acpi::table_types())
    if (&layout == type.layout) std::ranges::copy(type.signature, bytes.begin());
  if (&layout == &whea::kErrorSourceDescriptor || &layout == &whea::kErrorSourceDescriptorV2) {
    using Field = whea::ErrorSourceDescriptor;
    auto edit = *layout::Editor<Field>::make(layout, bytes);
    edit.set(Field::kLength, layout.size);
    edit.set(Field::kVersion, whea::kDescriptorVersion);
    if (&layout == &whea::kErrorSourceDescriptorV2) edit.set(Field::kFlags, whea::kSourceV2Descriptor);
  }
}

// What follows from the whole, unless the tree says it.
void put_totals(const layout::Layout& layout, const Node& body, Buffer& bytes) {
  const layout::Ref& self = layout.self;
  if (self.present() && layout::load(bytes, self) == 0)
    store_le(&bytes[self.offset], bytes.size() - layout.self_add, self.bytes);
  if (layout.fields.front().layout == &acpi::kTableHeader) {
    const Node* header = body.find("Header");
    const auto said = [header](std::string_view key) {
      return header != nullptr && header->find(key) != nullptr;
    };
    auto edit = *layout::Editor<acpi::TableHeader>::make(acpi::kTableHeader, bytes);
    if (!said("Length")) edit.set(acpi::TableHeader::kLength, static_cast<std::uint32_t>(bytes.size()));
    if (!said("Checksum")) edit.set(acpi::TableHeader::kChecksum, acpi::checksum_for(bytes));
  }
  if (&layout == &acpi::kStatusBlock && body.find("DataLength") == nullptr) {
    const layout::Tail& entries = layout.tail[0];
    std::size_t at = layout.size;
    for (std::uint64_t left = layout::load(bytes, entries.count); left != 0; --left) {
      const auto entry = layout::element(entries, Bytes(bytes).subspan(at));
      if (!entry) break;
      at += entry->size();
    }
    layout::Editor<acpi::BlockHeader>::make(layout, bytes)
        ->set(acpi::BlockHeader::kDataLength, static_cast<std::uint32_t>(at - layout.size));
  }
}

Result<Buffer> make_structure(const KindInfo& kind, const Node& node) {
  if (auto known = layout::only_keys(node, kStructureKeys, kind.name); !known)
    return std::unexpected(known.error());
  const Node* type = node.find("Type");
  const layout::Layout* layout = kind.forms.size() == 1 ? kind.forms.front() : nullptr;
  if (type != nullptr) {
    layout = nullptr;
    for (const layout::Layout* form : kind.forms)
      if (form->name == type->text) layout = form;
  }
  if (layout == nullptr) {
    std::vector<std::string_view> names;
    for (const layout::Layout* form : kind.forms) names.push_back(form->name);
    return layout::fail_at(
        type != nullptr ? type->mark : node.mark,
        type != nullptr ? fmt::format("there is no {} '{}'", kind.name, type->text)
                        : fmt::format("the {} needs its 'Type'", kind.name),
        fmt::format("there {} {}", names.size() == 1 ? "is" : "are", fmt::join(names, ", ")));
  }
  const Node nothing = layout::map_node();
  const Node* given = node.find("Body");
  const Node& body = given != nullptr ? *given : nothing;
  if (layout == &whea::kLogEntry) return whea::compose_log_entry(body);
  Buffer bytes(layout->size, 0);
  put_marks(*layout, bytes);
  if (auto done = layout::assign(*layout, bytes, body); !done) return std::unexpected(done.error());
  put_totals(*layout, body, bytes);
  return bytes;
}

Result<std::uint64_t> number_in(const Node& map, std::string_view key, std::uint64_t most) {
  const Node* node = map.find(key);
  const auto number = node != nullptr && node->is_scalar() ? layout::parse_number(node->text) : std::nullopt;
  if (!number || *number > most)
    return layout::fail_at(node != nullptr ? node->mark : map.mark,
                           fmt::format("'{}' needs a number from 0 to {}", key, most));
  return *number;
}

Result<void> apply(const Node& patch, Buffer& bytes) {
  if (auto known = layout::only_keys(patch, kPatchKeys, "a patch"); !known) return known;
  const auto offset = number_in(patch, "offset", bytes.size());
  if (!offset) return std::unexpected(offset.error());
  const Node* hex = patch.find("hex");
  const auto given = hex != nullptr && hex->is_scalar() ? layout::parse_hex_bytes(hex->text) : std::nullopt;
  if (!given)
    return layout::fail_at(hex != nullptr ? hex->mark : patch.mark, "'hex' needs hex digits, two a byte");
  if (!CheckedRange::make(*offset, given->size(), bytes.size()))
    return layout::fail_at(patch.mark,
                           fmt::format("the patch ends behind the {} bytes there are", bytes.size()),
                           "'length' makes more");
  std::ranges::copy(*given, bytes.begin() + static_cast<std::ptrdiff_t>(*offset));
  return {};
}

Node structure_node(const Document& document) {
  Node node = layout::map_node();
  node.members.push_back({"Type", {}, layout::scalar(std::string(document.layout()->name), true)});
  node.members.push_back({"Body", {}, layout::to_node(*document.layout(), document.structure())});
  return node;
}

}  // namespace

Node to_node(const Document& document) {
  const KindInfo& kind = info(document.kind());
  Node tree = layout::map_node();
  Node what = layout::map_node();
  if (document.record() != nullptr) {
    what = cper::to_node(*document.record(), document.readings());
  } else if (document.store() != nullptr) {
    what = store_to_node(document);
  } else if (document.layout() != nullptr) {
    what = structure_node(document);
  } else {
    // Nothing can be read: any structure of the kind, and every byte as a patch.
    what.members.push_back({"Type", {}, layout::scalar(std::string(kind.forms.front()->name), true)});
  }
  tree.members.push_back({std::string(kind.key), {}, std::move(what)});
  auto made = make(tree);
  if (!made) {
    // Beyond what a tree may hold: all of it is a patch.
    Node& least = tree.members.back().value;
    std::erase_if(least.members, [](const Member& member) { return member.key != "Type"; });
    made = make(tree);
    if (!made) made = Made{document.kind(), {}};
  }
  if (made->bytes.size() != document.bytes().size()) {
    tree.members.push_back({"length", {}, layout::number_node(document.bytes().size())});
    made->bytes.resize(document.bytes().size());
  }
  Node patch = patches(made->bytes, document.bytes());
  if (!patch.items.empty()) tree.members.push_back({"patch", {}, std::move(patch)});
  return tree;
}

Result<Made> make(const Node& tree) {
  std::vector<std::string_view> keys(std::begin(kTreeKeys), std::end(kTreeKeys));
  for (const KindInfo& kind : kinds()) keys.push_back(kind.key);
  if (auto known = layout::only_keys(tree, keys, "the document"); !known)
    return std::unexpected(known.error());
  const KindInfo* kind = nullptr;
  for (const Member& member : tree.members) {
    const KindInfo* named = find_kind(member.key);
    if (named == nullptr) continue;
    if (kind != nullptr)
      return layout::fail_at(member.mark,
                             fmt::format("there is a '{}' already: one document is made", kind->key));
    kind = named;
  }
  if (kind == nullptr) {
    std::vector<std::string_view> names;
    for (const KindInfo& each : kinds()) names.push_back(each.key);
    return layout::fail_at(tree.mark, "nothing says what is to be made",
                           fmt::format("give one of {}", fmt::join(names, ", ")));
  }
  const Node& what = *tree.find(kind->key);
  auto bytes = kind->kind == Kind::record       ? cper::compose_record(what)
               : kind->kind == Kind::erst_store ? compose_store(what)
                                                : make_structure(*kind, what);
  if (!bytes) return std::unexpected(bytes.error());
  if (tree.find("length") != nullptr) {
    const auto length = number_in(tree, "length", kLargestMade);
    if (!length) return std::unexpected(length.error());
    bytes->resize(static_cast<std::size_t>(*length));
  }
  if (const Node* patch = tree.find("patch")) {
    if (!patch->is_list())
      return layout::fail_at(patch->mark, fmt::format("'patch' needs a list, not {}", patch->kind_text()));
    for (const Node& item : patch->items)
      if (auto done = apply(item, *bytes); !done) return std::unexpected(done.error());
  }
  return Made{kind->kind, std::move(*bytes)};
}

}  // namespace wheatstone::document
