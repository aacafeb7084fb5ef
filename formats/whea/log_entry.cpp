#include "formats/whea/log_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "formats/layout/assign.hpp"
#include "formats/layout/broken.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::whea {
namespace {

constexpr std::string_view kClause = "WDK ntddk.h, WHEA_EVENT_LOG_ENTRY_HEADER";
constexpr std::size_t kOwnerSize = 4;
constexpr std::size_t kOwnerOffset = 16;

}  // namespace

std::string_view LogEntry::owner() const noexcept {
  const auto tag = slice(bytes_, kOwnerOffset, kOwnerSize);
  return header() ? as_text(*tag) : std::string_view{};
}

std::string_view LogEntry::id_name() const noexcept {
  const auto view = header();
  return view ? layout::name_of(kLogEntryIdNames, (*view)[LogEntryHeader::kId]) : std::string_view{};
}

void LogEntry::report(FindingSeverity severity, std::string_view code, std::string_view path,
                      std::uint64_t offset, std::string message) {
  findings_.push_back({severity, code, std::move(message), std::string(path), offset, kClause});
}

LogEntry LogEntry::decode(Bytes bytes) {
  using enum FindingSeverity;
  LogEntry entry(bytes);
  const auto view = entry.header();
  if (!view) {
    entry.report(
        error, "log-entry-too-short", "", 0,
        fmt::format("{} bytes are no log entry, whose header has {}", bytes.size(), kLogEntryHeader));
    return entry;
  }
  if (load_le<std::uint32_t>(bytes.data()) != kLogEntrySignature)
    entry.report(error, "log-entry-signature", "Signature", 0, "a log entry starts with WhLg");
  if ((*view)[LogEntryHeader::kVersion] != kLogEntryVersion)
    entry.report(
        warning, "log-entry-version", "Version", LogEntryHeader::kVersion.offset,
        fmt::format("Version is {}, {} is known", (*view)[LogEntryHeader::kVersion], kLogEntryVersion));
  const std::uint32_t type = (*view)[LogEntryHeader::kType];
  if (layout::name_of(kLogEntryTypeNames, type).empty())
    entry.report(warning, "log-entry-type", "Type", LogEntryHeader::kType.offset,
                 fmt::format("{} is no type of log entries", type));
  entry.check_lengths();
  entry.check_payload();
  return entry;
}

void LogEntry::check_lengths() {
  using enum FindingSeverity;
  const auto view = *header();
  const std::uint64_t length = view[LogEntryHeader::kLength];
  const std::uint64_t payload = view[LogEntryHeader::kPayloadLength];
  const std::uint64_t left = bytes_.size() - kLogEntryHeader;
  payload_ = bytes_.subspan(kLogEntryHeader, static_cast<std::size_t>(std::min(payload, left)));
  if (length != kLogEntryHeader + payload)
    report(warning, "log-entry-length", "Length", LogEntryHeader::kLength.offset,
           fmt::format("Length is {}, header and payload have {} bytes", length, kLogEntryHeader + payload));
  if (payload > left) {
    report(error, "log-entry-cut", "PayloadLength", LogEntryHeader::kPayloadLength.offset,
           fmt::format("PayloadLength is {}, there are {} bytes", payload, left));
  } else if (payload < left) {
    report(warning, "log-entry-bytes-behind", "Payload", kLogEntryHeader + payload,
           fmt::format("{} bytes behind the payload", left - payload));
  }
}

void LogEntry::check_payload() {
  using enum FindingSeverity;
  const std::uint32_t id = (*header())[LogEntryHeader::kId];
  const layout::ChoiceRow* row = layout::select(tables::kLogPayload, bytes_);
  if (row == nullptr) {
    const bool named = !id_name().empty();
    report(
        note, named ? "log-entry-payload-unknown" : "unknown-log-entry", "Id", LogEntryHeader::kId.offset,
        named ? fmt::format("nobody says what the payload of {} is; it is shown as bytes", id_name())
              : fmt::format("no log entry is known with the id 0x{:08x}; its payload is shown as bytes", id));
    return;
  }
  payload_layout_ = layout::form_for(row->forms, payload_.size());
  const layout::Layout& shortest = *row->forms.front();
  if (payload_layout_ == nullptr) {
    report(warning, "log-entry-payload-short", "Payload", kLogEntryHeader,
           fmt::format("the payload of {} has {} bytes, not {}", row->name, shortest.min, payload_.size()));
    return;
  }
  layout::find_broken(kLogEntry, bytes_, 0, findings_);
  check_descriptors();
  const layout::Layout& form = *payload_layout_;
  if (form.tail.empty() && payload_.size() > form.size)
    report(warning, "log-entry-payload-long", "Payload", kLogEntryHeader + form.size,
           fmt::format("{} bytes are more than the payload of {} is known to have",
                       payload_.size() - form.size, row->name));
}

// The error source descriptors in the payload.
void LogEntry::check_descriptors() {
  if (payload_layout_ == &kLogAddRemoveErrorSource) {
    check_source_descriptor(payload_.first(kDescriptorSize), kLogEntryHeader, "Payload.Descriptor.",
                            findings_);
  } else if (payload_layout_ == &kLogErrSrcInvalid) {
    check_source_descriptor(payload_.first(kDescriptorSize), kLogEntryHeader, "Payload.ErrDescriptor.",
                            findings_);
  } else if (payload_layout_ == &kLogWheaInit) {
    const std::size_t entries = payload_.size() / kErrorSourceEntry.size;
    for (std::size_t i = 0; i < entries; ++i) {
      const std::size_t at = i * kErrorSourceEntry.size + kEntryDescriptor;
      const std::size_t before = findings_.size();
      check_source_descriptor(payload_.subspan(at, kDescriptorSize), kLogEntryHeader + at, {}, findings_);
      for (std::size_t k = before; k < findings_.size(); ++k)
        findings_[k].path.insert(0, fmt::format("Payload.ErrorSources[{}].Descriptor.", i));
    }
  }
}

Result<Buffer> encode_log_entry(const NewLogEntry& entry, Bytes payload) {
  if (entry.owner.size() != kOwnerSize)
    return fail(ErrorKind::invalid_argument,
                fmt::format("the owner tag '{}' has not four characters", entry.owner),
                "fill it with spaces, as in 'PCI '");
  if (payload.size() > std::numeric_limits<std::uint32_t>::max() - kLogEntryHeader)
    return fail(ErrorKind::invalid_argument, "the log entry is too large: its lengths have 32 bits");
  Buffer bytes(kLogEntryHeader);
  auto edit = *layout::Editor<LogEntryHeader>::make(kLogEntry, bytes);
  store_le<std::uint32_t>(bytes.data(), kLogEntrySignature);
  std::ranges::copy(as_bytes(entry.owner), bytes.begin() + kOwnerOffset);
  edit.set(LogEntryHeader::kVersion, kLogEntryVersion);
  edit.set(LogEntryHeader::kLength, static_cast<std::uint32_t>(kLogEntryHeader + payload.size()));
  edit.set(LogEntryHeader::kType, static_cast<std::uint32_t>(entry.type));
  edit.set(LogEntryHeader::kId, entry.id);
  edit.set(LogEntryHeader::kFlags, entry.flags);
  edit.set(LogEntryHeader::kPayloadLength, static_cast<std::uint32_t>(payload.size()));
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

Result<Buffer> compose_log_entry(const layout::Node& fields) {
  auto bytes = encode_log_entry({.flags = 0}, {});
  if (!bytes) return bytes;
  if (const auto done = layout::assign(kLogEntry, *bytes, fields); !done)
    return std::unexpected(done.error());
  if (fields.find("Length") == nullptr)
    store_le<std::uint32_t>(&(*bytes)[LogEntryHeader::kLength.offset],
                            static_cast<std::uint32_t>(bytes->size()));
  return bytes;
}

}  // namespace wheatstone::whea
