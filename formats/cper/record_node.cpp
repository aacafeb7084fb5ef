#include "formats/cper/record_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "formats/cper/compose.hpp"
#include "formats/cper/profile.hpp"
#include "formats/cper/section_length.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/record_time.hpp"
#include "formats/layout/to_node.hpp"

namespace wheatstone::cper {
namespace {

using layout::Member;
using layout::Node;

constexpr std::string_view kRecordKeys[] = {"profile", "readings", "Header", "Sections"};
constexpr std::string_view kSectionKeys[] = {"Type", "Descriptor", "Body", "Bytes"};
constexpr std::string_view kOffsetKey = "SectionOffset";
constexpr std::uint64_t kLargestRecord = std::uint64_t{64} << 20;

void drop(Node& map, std::string_view key) {
  std::erase_if(map.members, [key](const Member& member) { return member.key == key; });
}

// ---- record to tree ----

// What the type is for those who read it so.
SectionType as_read(const SectionType& type, Readings readings) {
  const Reading* reading = reading_of(type.name, readings);
  return reading != nullptr ? SectionType{type.guid, type.name, reading->forms, reading->refine} : type;
}

Node section_node(const Record& record, const Section& section, std::uint64_t expected, Readings readings) {
  Node node = layout::map_node();
  node.members.push_back(
      {"Type",
       {},
       layout::scalar(section.type != nullptr ? std::string(section.type->name)
                                              : record.descriptor(section)[Descriptor::kSectionType].text(),
                      true)});
  Node descriptor = layout::to_node(record.descriptor_layout(), record.descriptor_bytes(section));
  drop(descriptor, "SectionType");
  if (section.offset <= expected) drop(descriptor, kOffsetKey);
  Node content;
  bool natural = true;  // the length is what the content makes
  if (!section.in_budget) {
    content = layout::hex_scalar({});
  } else if (section.layout == nullptr) {
    content = layout::hex_scalar(record.body(section));
  } else {
    content = layout::to_node(*section.layout, record.body(section));
    const auto made = compose_section(as_read(*section.type, readings), content);
    natural = made && made->size() == section.length;
  }
  if (natural || record.descriptor(section)[Descriptor::kSectionLength] != section.length)
    drop(descriptor, kSectionLength);
  if (!descriptor.members.empty()) node.members.push_back({"Descriptor", {}, std::move(descriptor)});
  node.members.push_back(
      {section.layout != nullptr && section.in_budget ? "Body" : "Bytes", {}, std::move(content)});
  return node;
}

// ---- tree to record ----

Result<const Profile*> profile_of(const Node& record) {
  const Node* node = record.find("profile");
  if (node == nullptr) return nullptr;
  if (const Profile* profile = node->is_scalar() ? find_profile(node->text) : nullptr) return profile;
  std::vector<std::string_view> names;
  for (const Profile& profile : profiles()) names.push_back(profile.name);
  return layout::fail_at(node->mark, fmt::format("there is no profile '{}'", node->text),
                         fmt::format("there are {}", fmt::join(names, ", ")));
}

Result<std::vector<const Reading*>> readings_of(const Node& record) {
  std::vector<const Reading*> readings;
  const Node* list = record.find("readings");
  if (list == nullptr) return readings;
  if (!list->is_list())
    return layout::fail_at(list->mark, fmt::format("'readings' needs a list, not {}", list->kind_text()));
  for (const Node& item : list->items) {
    const Reading* reading = item.is_scalar() ? find_reading(item.text) : nullptr;
    if (reading == nullptr) {
      std::vector<std::string> names;
      for (const Reading& known : section_readings())
        names.push_back(fmt::format("{}:{}", known.section, known.name));
      return layout::fail_at(item.mark, fmt::format("there is no reading '{}'", item.text),
                             fmt::format("there are {}", fmt::join(names, ", ")));
    }
    readings.push_back(reading);
  }
  return readings;
}

// How header or descriptors are read.
const layout::Layout& frame(const layout::Layout& usual, Readings readings) {
  const Reading* reading = reading_of(usual.name, readings);
  return reading != nullptr ? *reading->forms.front() : usual;
}

std::unexpected<Error> too_large(layout::Mark mark) {
  return layout::fail_at(mark, fmt::format("the record would have more than {} bytes", kLargestRecord));
}

struct NewBody {
  Guid type;
  Buffer bytes;
  Buffer descriptor;
};

std::uint64_t number_of(const Node* map, std::string_view key) {
  const Node* value = map != nullptr ? map->find(key) : nullptr;
  return value != nullptr ? layout::parse_number(value->text).value_or(0) : 0;
}

Result<NewBody> compose_body(const Node& node, const Profile* profile, Readings readings) {
  if (auto known = layout::only_keys(node, kSectionKeys, "a section"); !known)
    return std::unexpected(known.error());
  NewBody made;
  const Node* type_node = node.find("Type");
  if (type_node == nullptr || !type_node->is_scalar())
    return layout::fail_at(node.mark, "a section needs its 'Type'", "a name such as XpfMca, or a GUID");
  const SectionType* type = find_section(type_node->text);
  if (type == nullptr) {
    const auto guid = Guid::parse(type_node->text);
    if (!guid) {
      std::vector<std::string_view> names;
      for (const SectionType& known : section_types()) names.push_back(known.name);
      const std::string_view close = layout::nearest(type_node->text, names);
      return layout::fail_at(type_node->mark, fmt::format("'{}' is no section type", type_node->text),
                             close.empty() ? "give a GUID" : fmt::format("did you mean '{}'?", close));
    }
    type = find_section(*guid);
    made.type = *guid;
  } else {
    made.type = type->guid;
  }

  made.descriptor.assign(kDescriptorSize, 0);
  auto edit = *layout::Editor<Descriptor>::make(kSectionDescriptor, made.descriptor);
  if (profile != nullptr) {
    edit.set(Descriptor::kMinorRevision, static_cast<std::uint8_t>(profile->section_revision));
    edit.set(Descriptor::kMajorRevision, static_cast<std::uint8_t>(profile->section_revision >> 8));
  }
  edit.set(Descriptor::kSectionType, made.type);
  const Node* descriptor = node.find("Descriptor");
  if (descriptor != nullptr)
    if (auto done = layout::assign(frame(kSectionDescriptor, readings), made.descriptor, *descriptor); !done)
      return std::unexpected(done.error());

  const Node* body = node.find("Body");
  const Node* bytes = node.find("Bytes");
  if ((body == nullptr) == (bytes == nullptr))
    return layout::fail_at(node.mark, "a section needs its 'Body' or its 'Bytes'",
                           "one of them: fields by name, or hex digits");
  const std::uint64_t length = number_of(descriptor, kSectionLength);
  if (bytes != nullptr) {
    auto given = bytes->is_scalar() ? layout::parse_hex_bytes(bytes->text) : std::nullopt;
    if (!given) return layout::fail_at(bytes->mark, "'Bytes' needs hex digits, two a byte");
    made.bytes = std::move(*given);
    return made;
  }
  if (type == nullptr)
    return layout::fail_at(body->mark, "a section of an unknown type has no fields", "give its 'Bytes'");
  Node fields = *body;
  if (fields.is_null()) fields.kind = Node::Kind::map;
  const SectionType read = as_read(*type, readings);
  const bool own_length = has_section_length(read);
  if (length != 0 && fields.is_map() && fields.find(kSectionLength) == nullptr && !own_length)
    fields.members.push_back(
        {std::string(kSectionLength), descriptor->mark, layout::scalar(fmt::format("{}", length))});
  auto composed = compose_section(read, fields, profile);
  if (!composed) return std::unexpected(composed.error());
  made.bytes = std::move(*composed);
  if (own_length && length > made.bytes.size() && length <= kLargestRecord)
    made.bytes.resize(static_cast<std::size_t>(length));
  return made;
}

// A date is written in the form of the system; a number stays what it is.
void set_time_form(MutableBytes bytes, const Node& header, TimestampForm form) {
  const Node* node = header.find("Timestamp");
  const auto time = node != nullptr && node->is_scalar() ? parse_iso8601(node->text) : std::nullopt;
  auto edit = *layout::Editor<Header>::make(kRecordHeader, bytes);
  if (time) edit.set(Header::kTimestamp, encode_record_time(to_civil(*time), form));
}

// What a system writes where nothing is said.
void put_defaults(layout::Editor<Header>& edit, const Profile* profile) {
  edit.set(Header::kSignatureEnd, kSignatureEnd);
  if (profile == nullptr) return;
  edit.set(Header::kMinorRevision, static_cast<std::uint8_t>(profile->record_revision));
  edit.set(Header::kMajorRevision, static_cast<std::uint8_t>(profile->record_revision >> 8));
  edit.set(Header::kCreatorId, profile->creator);
}

}  // namespace

Node to_node(const Record& record, Readings readings) {
  Node node = layout::map_node();
  if (!readings.empty()) {
    Node names;
    names.kind = Node::Kind::list;
    for (const Reading* reading : readings)
      names.items.push_back(layout::scalar(fmt::format("{}:{}", reading->section, reading->name), true));
    node.members.push_back({"readings", {}, std::move(names)});
  }
  if (!record.header()) return node;
  Node header = layout::to_node(record.header_layout(), record.bytes().first(kHeaderSize));
  for (const std::string_view key : {"Signature", "SignatureEnd", "SectionCount", "Length"})
    drop(header, key);
  node.members.push_back({"Header", {}, std::move(header)});
  Node sections;
  sections.kind = Node::Kind::list;
  std::uint64_t expected = kHeaderSize + record.sections().size() * kDescriptorSize;
  for (const Section& section : record.sections()) {
    sections.items.push_back(section_node(record, section, expected, readings));
    expected = std::max(expected, std::uint64_t{section.offset}) + section.length;
  }
  node.members.push_back({"Sections", {}, std::move(sections)});
  return node;
}

Result<Buffer> compose_record(const Node& record) {
  if (auto known = layout::only_keys(record, kRecordKeys, "a record"); !known)
    return std::unexpected(known.error());
  const auto profile = profile_of(record);
  if (!profile) return std::unexpected(profile.error());
  const auto readings = readings_of(record);
  if (!readings) return std::unexpected(readings.error());

  std::vector<NewBody> bodies;
  const Node* sections = record.find("Sections");
  if (sections != nullptr && !sections->is_list() && !sections->is_null())
    return layout::fail_at(sections->mark,
                           fmt::format("'Sections' needs a list, not {}", sections->kind_text()));
  if (sections != nullptr) {
    if (sections->items.size() > std::numeric_limits<std::uint16_t>::max())
      return layout::fail_at(sections->mark, "a record has at most 65535 sections");
    std::uint64_t total = 0;
    for (const Node& item : sections->items) {
      auto body = compose_body(item, *profile, *readings);
      if (!body) return std::unexpected(body.error());
      total += body->bytes.size();
      if (total > kLargestRecord) return too_large(item.mark);
      bodies.push_back(std::move(*body));
    }
  }

  Buffer bytes(kHeaderSize, 0);
  store_le<std::uint32_t>(bytes.data(), kSignature);
  auto edit = *layout::Editor<Header>::make(kRecordHeader, bytes);
  put_defaults(edit, *profile);
  if (const Node* header = record.find("Header")) {
    if (auto done = layout::assign(frame(kRecordHeader, *readings), bytes, *header); !done)
      return std::unexpected(done.error());
    if (*profile != nullptr) set_time_form(bytes, *header, (*profile)->time_form);
  }
  bytes.resize(kHeaderSize + bodies.size() * kDescriptorSize);
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    NewBody& body = bodies[i];
    const layout::Mark mark = sections->items[i].mark;
    const std::uint64_t offset = number_of(sections->items[i].find("Descriptor"), kOffsetKey);
    const std::uint64_t start = std::max<std::uint64_t>(offset, bytes.size());
    if (start + body.bytes.size() > kLargestRecord) return too_large(mark);
    bytes.resize(static_cast<std::size_t>(start));
    auto descriptor = *layout::Editor<Descriptor>::make(kSectionDescriptor, body.descriptor);
    descriptor.set(Descriptor::kSectionOffset, static_cast<std::uint32_t>(start));
    descriptor.set(Descriptor::kSectionLength, static_cast<std::uint32_t>(body.bytes.size()));
    std::ranges::copy(body.descriptor,
                      bytes.begin() + static_cast<std::ptrdiff_t>(kHeaderSize + i * kDescriptorSize));
    bytes.insert(bytes.end(), body.bytes.begin(), body.bytes.end());
  }
  auto whole = *layout::Editor<Header>::make(kRecordHeader, bytes);
  whole.set(Header::kSectionCount, static_cast<std::uint16_t>(bodies.size()));
  whole.set(Header::kLength, static_cast<std::uint32_t>(bytes.size()));
  return bytes;
}

}  // namespace wheatstone::cper
