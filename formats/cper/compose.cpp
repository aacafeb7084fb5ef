#include "formats/cper/compose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "formats/cper/header.hpp"
#include "formats/cper/section_length.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/layout/assign.hpp"

namespace wheatstone::cper {
namespace {

constexpr std::size_t kFruTextOffset = 52;
constexpr std::size_t kFruTextSize = 20;
constexpr std::uint32_t kLongestSection = 64u << 20;

void put_descriptor(MutableBytes at, const NewSection& section, std::uint32_t offset) {
  auto edit = *layout::Editor<Descriptor>::make(kSectionDescriptor, at);
  edit.set(Descriptor::kSectionOffset, offset);
  edit.set(Descriptor::kSectionLength, static_cast<std::uint32_t>(section.body.size()));
  edit.set(Descriptor::kMinorRevision, static_cast<std::uint8_t>(section.revision));
  edit.set(Descriptor::kMajorRevision, static_cast<std::uint8_t>(section.revision >> 8));
  edit.set(Descriptor::kFlags, section.flags);
  edit.set(Descriptor::kSectionType, section.type);
  edit.set(Descriptor::kSeverity, static_cast<std::uint32_t>(section.severity));
  std::uint8_t valid = 0;
  if (section.fru_id) {
    valid |= 1;
    edit.set(Descriptor::kFruId, *section.fru_id);
  }
  if (section.fru_text) {
    valid |= 2;
    std::copy_n(section.fru_text->begin(), std::min(section.fru_text->size(), kFruTextSize),
                at.begin() + kFruTextOffset);
  }
  edit.set(Descriptor::kValidBits, valid);
}

// What a structure says is its own length is what it has, if nothing else is given.
void fill_length(const layout::Layout& layout, MutableBytes body) {
  const layout::Ref& self = layout.self;
  if (!self.present() || layout::try_load(body, self).value_or(1) != 0) return;
  store_le(&body[self.offset], body.size() - layout.self_add, self.bytes);
}

// Of the body, if nothing says it.
std::size_t usual_length(const SectionType& type, const Profile* profile) {
  if (profile != nullptr && type.guid == kSectionXpfMca) return profile->mca_length;
  if (profile != nullptr && type.guid == kSectionMemory) return profile->memory_length;
  return type.forms.back()->size;
}

}  // namespace

Result<Buffer> encode(const NewRecord& record, std::span<const NewSection> sections) {
  std::uint64_t length = kHeaderSize + sections.size() * kDescriptorSize;
  for (const NewSection& section : sections) length += section.body.size();
  if (sections.size() > std::numeric_limits<std::uint16_t>::max() ||
      length > std::numeric_limits<std::uint32_t>::max())
    return fail(ErrorKind::invalid_argument, "the record is too large: its counts have 16 and 32 bits");

  Buffer bytes(static_cast<std::size_t>(length), 0);
  store_le<std::uint32_t>(bytes.data(), kSignature);
  auto edit = *layout::Editor<Header>::make(kRecordHeader, bytes);
  edit.set(Header::kMinorRevision, static_cast<std::uint8_t>(record.revision));
  edit.set(Header::kMajorRevision, static_cast<std::uint8_t>(record.revision >> 8));
  edit.set(Header::kSignatureEnd, kSignatureEnd);
  edit.set(Header::kSectionCount, static_cast<std::uint16_t>(sections.size()));
  edit.set(Header::kSeverity, static_cast<std::uint32_t>(record.severity));
  edit.set(Header::kValidBits,
           (record.platform_id ? 1u : 0u) | (record.timestamp ? 2u : 0u) | (record.partition_id ? 4u : 0u));
  edit.set(Header::kLength, static_cast<std::uint32_t>(length));
  edit.set(Header::kTimestamp, record.timestamp.value_or(0));
  edit.set(Header::kPlatformId, record.platform_id.value_or(Guid{}));
  edit.set(Header::kPartitionId, record.partition_id.value_or(Guid{}));
  edit.set(Header::kCreatorId, record.creator_id);
  edit.set(Header::kNotifyType, record.notify_type);
  edit.set(Header::kRecordId, record.record_id);
  edit.set(Header::kFlags, record.flags);
  edit.set(Header::kPersistenceInfo, record.persistence_info);

  std::size_t at = kHeaderSize;
  std::size_t body = kHeaderSize + sections.size() * kDescriptorSize;
  for (const NewSection& section : sections) {
    put_descriptor(MutableBytes(bytes).subspan(at, kDescriptorSize), section,
                   static_cast<std::uint32_t>(body));
    std::ranges::copy(section.body, bytes.begin() + static_cast<std::ptrdiff_t>(body));
    at += kDescriptorSize;
    body += section.body.size();
  }
  return bytes;
}

bool has_section_length(const SectionType& type) noexcept {
  for (const layout::Layout* form : type.forms)
    for (const layout::Field& field : form->fields)
      if (field.name == kSectionLength) return true;
  return false;
}

Result<Buffer> compose_section(const SectionType& type, const layout::Node& fields, const Profile* profile) {
  if (type.forms.empty())
    return fail(ErrorKind::unsupported, fmt::format("section {} has no layout", type.name),
                "give its bytes: guid and hex");
  std::size_t length = usual_length(type, profile);
  std::size_t given_length = 0;
  layout::Node named = fields;
  const auto given = std::ranges::find(named.members, kSectionLength, &layout::Member::key);
  if (given != named.members.end() && !has_section_length(type)) {
    const auto number = layout::parse_number(given->value.text);
    const std::uint32_t least = type.forms.front()->min;
    if (!number || *number < least || *number > kLongestSection)
      return layout::fail_at(given->value.mark,
                             fmt::format("'{}' of {} needs a number from {} to {}", kSectionLength, type.name,
                                         least, kLongestSection));
    length = given_length = static_cast<std::size_t>(*number);
    named.members.erase(given);
  }
  Buffer body(length, 0);
  if (profile != nullptr && type.guid == kSectionXpfMca)
    layout::Editor<XpfMca>::make(kXpfMcaV1, body)->set(XpfMca::kVersionNumber, profile->mca_version);
  if (type.refine == nullptr) {
    const layout::Layout& form = *type.layout_for(length);
    const auto done = layout::assign(form, body, named);
    if (!done) return std::unexpected(done.error());
    fill_length(form, body);
    return body;
  }
  // The content says the form: it is the one that reads its own body. The last form is the usual one.
  std::optional<Buffer> fitting;
  Result<void> first;
  for (auto form = type.forms.rbegin(); form != type.forms.rend(); ++form) {
    if (given_length != 0 && given_length < (*form)->min) continue;
    Buffer made(given_length != 0 ? given_length : (*form)->size, 0);
    Result<void> done = layout::assign(**form, made, named);
    if (done) fill_length(**form, made);
    if (done && type.refine(made) == *form) return made;
    if (done && !fitting) fitting = std::move(made);
    if (!done && first) first = std::move(done);
  }
  if (fitting) return std::move(*fitting);
  if (!first) return std::unexpected(first.error());
  return layout::fail_at(fields.mark, fmt::format("no form of {} has so few bytes", type.name));
}

}  // namespace wheatstone::cper
