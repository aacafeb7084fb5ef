#include "formats/whea/event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "formats/layout/stream.hpp"
#include "formats/layout/utf16.hpp"

namespace wheatstone::whea {
namespace {

constexpr std::string_view kClause = "ETW manifest";

// Bytes of an integer type; 0 for the others.
constexpr unsigned width(InType type) noexcept {
  switch (type) {
    case InType::u8:
      return 1;
    case InType::u16:
      return 2;
    case InType::u32:
    case InType::hex32:
      return 4;
    case InType::u64:
    case InType::hex64:
      return 8;
    default:
      return 0;
  }
}

std::optional<std::size_t> index_of(std::span<const EventField> fields, std::string_view name) noexcept {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].name == name) return i;
  return std::nullopt;
}

// REQUIRES: the length field stands before `field` (checked with the tables) and has been read.
std::uint64_t binary_length(const EventTemplate& event, const EventField& field,
                            const std::vector<EventValue>& values) noexcept {
  if (field.length_field.empty()) return field.length;
  const auto index = index_of(event.fields, field.length_field);
  const auto* length =
      index && *index < values.size() ? std::get_if<std::uint64_t>(&values[*index]) : nullptr;
  return length != nullptr ? *length : 0;
}

class Reader {
 public:
  Reader(Event& event, Bytes payload) : event_(event), in_(payload) {}

  void read() {
    for (const EventField& field : event_.descriptor->fields)
      if (!read(field)) return;
    if (in_.left() != 0)
      report(FindingSeverity::warning, "event-bytes-behind", "",
             fmt::format("{} bytes follow the last field", in_.left()));
  }

 private:
  bool read(const EventField& field) {
    switch (field.type) {
      case InType::guid:
        if (const auto guid = in_.read_guid()) return keep(*guid);
        return truncated(field, Guid::kSize);
      case InType::ansi:
        if (const auto text = in_.take_until_zero(1)) return keep(std::string(as_text(*text)));
        return unterminated(field);
      case InType::unicode:
        if (const auto text = in_.take_until_zero(2)) return keep(units(*text));
        return unterminated(field);
      case InType::binary: {
        const std::uint64_t length = binary_length(*event_.descriptor, field, event_.values);
        if (const auto bytes = in_.take(length)) return keep(Buffer(bytes->begin(), bytes->end()));
        return truncated(field, length);
      }
      default:
        if (const auto value = in_.read(width(field.type))) return keep(*value);
        return truncated(field, width(field.type));
    }
  }

  static std::u16string units(Bytes utf16) {
    std::u16string text(utf16.size() / 2, u'\0');
    for (std::size_t i = 0; i < text.size(); ++i)
      text[i] = static_cast<char16_t>(load_le<std::uint16_t>(&utf16[2 * i]));
    return text;
  }

  bool keep(EventValue value) {
    event_.values.push_back(std::move(value));
    return true;
  }

  bool truncated(const EventField& field, std::uint64_t size) {
    report(FindingSeverity::error,
           field.length_field.empty() ? "event-truncated" : "event-length-beyond-payload", field.name,
           fmt::format("{} needs {} bytes, but {} are left", field.name, size, in_.left()));
    return false;
  }

  bool unterminated(const EventField& field) {
    report(FindingSeverity::error, "event-text-unterminated", field.name,
           fmt::format("{} has no terminating NUL", field.name));
    return false;
  }

  void report(FindingSeverity severity, std::string_view code, std::string_view path, std::string message) {
    event_.findings.push_back({severity, code, std::move(message), std::string(path), in_.offset(), kClause});
  }

  Event& event_;
  ByteReader in_;
};

std::unexpected<Error> wrong(const EventTemplate& event, std::string_view field, std::string message) {
  return fail(ErrorKind::invalid_argument, std::move(message), {},
              {.path = fmt::format("{}/{}.{}", event.provider->name, event.id, field)});
}

Result<void> append(const EventTemplate& event, const EventField& field, const EventValue& value,
                    const std::vector<EventValue>& values, Buffer& payload) {
  const auto put = [&](Bytes bytes) { payload.insert(payload.end(), bytes.begin(), bytes.end()); };
  switch (field.type) {
    case InType::guid:
      if (const auto* guid = std::get_if<Guid>(&value)) return put(guid->bytes), Result<void>();
      return wrong(event, field.name, "the field needs a GUID");
    case InType::ansi: {
      const auto* text = std::get_if<std::string>(&value);
      if (text == nullptr) return wrong(event, field.name, "the field needs ansi text");
      if (text->find('\0') != std::string::npos) return wrong(event, field.name, "the text holds a NUL");
      put(as_bytes(*text));
      payload.push_back(0);
      return {};
    }
    case InType::unicode: {
      const auto* text = std::get_if<std::u16string>(&value);
      if (text == nullptr) return wrong(event, field.name, "the field needs UTF-16 text");
      if (text->find(u'\0') != std::u16string::npos) return wrong(event, field.name, "the text holds a NUL");
      for (const char16_t unit : *text) {
        payload.push_back(static_cast<std::uint8_t>(unit));
        payload.push_back(static_cast<std::uint8_t>(unit >> 8));
      }
      payload.insert(payload.end(), 2, 0);
      return {};
    }
    case InType::binary: {
      const auto* bytes = std::get_if<Buffer>(&value);
      if (bytes == nullptr) return wrong(event, field.name, "the field needs bytes");
      const std::uint64_t length = binary_length(event, field, values);
      if (length != bytes->size())
        return wrong(event, field.name,
                     fmt::format("the field has {} bytes, but its length says {}", bytes->size(), length));
      put(*bytes);
      return {};
    }
    default: {
      const auto* number = std::get_if<std::uint64_t>(&value);
      if (number == nullptr) return wrong(event, field.name, "the field needs a number");
      const unsigned bytes = width(field.type);
      if (bytes < 8 && (*number >> (8 * bytes)) != 0)
        return wrong(event, field.name, fmt::format("{} does not fit {} bytes", *number, bytes));
      payload.resize(payload.size() + bytes);
      store_le(payload.data() + payload.size() - bytes, *number, bytes);
      return {};
    }
  }
}

std::string printable(std::string_view text) {
  std::string shown(text);
  for (char& c : shown)
    if (c < ' ' || c > '~') c = '.';
  return shown;
}

}  // namespace

std::string_view to_string(InType type) noexcept {
  static constexpr std::string_view kTypes[] = {"UInt8",         "UInt16",   "UInt32", "UInt64",
                                                "HexInt32",      "HexInt64", "GUID",   "AnsiString",
                                                "UnicodeString", "Binary"};
  return kTypes[static_cast<std::size_t>(type)];
}

const EventValue* Event::find(std::string_view name) const noexcept {
  if (descriptor == nullptr) return nullptr;
  const auto index = index_of(descriptor->fields, name);
  return index && *index < values.size() ? &values[*index] : nullptr;
}

std::uint64_t Event::number(std::string_view name) const noexcept {
  const EventValue* value = find(name);
  const auto* number = value != nullptr ? std::get_if<std::uint64_t>(value) : nullptr;
  return number != nullptr ? *number : 0;
}

Event decode_event(const EventTemplate& descriptor, Bytes payload) {
  Event event{&descriptor, {}, Buffer(payload.begin(), payload.end())};
  event.values.reserve(descriptor.fields.size());
  Reader(event, payload).read();
  return event;
}

Result<Event> encode_event(const EventTemplate& descriptor, std::vector<EventValue> values) {
  if (values.size() != descriptor.fields.size())
    return wrong(descriptor, "",
                 fmt::format("the event has {} fields, but {} values are given", descriptor.fields.size(),
                             values.size()));
  Event event{&descriptor, {}, {}};
  for (std::size_t i = 0; i < values.size(); ++i)
    if (auto done = append(descriptor, descriptor.fields[i], values[i], values, event.payload); !done)
      return std::unexpected(std::move(done.error()));
  event.values = std::move(values);
  return event;
}

std::string value_text(const EventField& field, const EventValue& value) {
  if (const auto* number = std::get_if<std::uint64_t>(&value)) {
    std::string digits;
    if (field.type == InType::hex32 || field.type == InType::hex64) {
      digits = fmt::format("0x{:0{}x}", *number, 2 * width(field.type));
    } else {
      digits = fmt::format("{}", *number);
    }
    const std::string_view name = layout::name_of(field.names, *number);
    return name.empty() ? digits : fmt::format("{} ({})", name, digits);
  }
  if (const auto* guid = std::get_if<Guid>(&value)) return guid->text();
  if (const auto* text = std::get_if<std::string>(&value)) return printable(*text);
  if (const auto* text = std::get_if<std::u16string>(&value)) {
    Buffer units;
    for (const char16_t unit : *text) {
      units.push_back(static_cast<std::uint8_t>(unit));
      units.push_back(static_cast<std::uint8_t>(unit >> 8));
    }
    return utf16le_to_utf8_lossy(units);
  }
  std::string digits;
  for (const std::uint8_t byte : std::get<Buffer>(value)) digits += fmt::format("{:02x}", byte);
  return digits;
}

}  // namespace wheatstone::whea
