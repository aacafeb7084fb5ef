#include "formats/mutate/generate.hpp"

#include <algorithm>
#include <optional>

#include "formats/acpi/acpi_table.hpp"
#include "formats/acpi/status_block.hpp"
#include "formats/cper/compose.hpp"
#include "formats/cper/header.hpp"
#include "formats/cper/sections/arm_ras.hpp"
#include "formats/layout/broken.hpp"
#include "formats/layout/places.hpp"
#include "formats/layout/walk.hpp"
#include "formats/mutate/anatomy.hpp"
#include "formats/mutate/say.hpp"
#include "formats/whea/packet.hpp"

namespace wheatstone::mutate {
namespace {

using layout::Choice;
using layout::ChoiceRow;
using layout::Field;
using layout::Layout;
using layout::Ref;
using layout::Tail;
using layout::TailKind;

constexpr std::size_t kMostRawBytes = 48;  // of a tail without a structure
constexpr std::size_t kTries = 4;

bool is_whole(const Layout& layout, Bytes bytes) {
  std::vector<Finding> findings;
  layout::find_broken(layout, bytes, 0, findings);
  return findings.empty();
}

// What decides about an element from outside: its array's choice.
struct Decided {
  const Choice* choice = nullptr;
  const ChoiceRow* row = nullptr;  // nullptr: a value without a row
};

// Makes one structure at the end of a buffer.
class Maker {
 public:
  Maker(Buffer& out, Xoshiro& random, const GenerateOptions& options)
      : out_(out), random_(random), options_(options) {}

  // Appends a structure of at most `room` bytes. False, and nothing appended, if what is always there does
  // not fit.
  bool make(const Layout& layout, std::size_t room, Decided decided = {}) {
    std::size_t always = layout.size;
    for (const Tail& tail : layout.tail) always += tail.fixed;
    if (always > room) return false;
    const std::size_t begin = out_.size();
    if (layout.self.present())
      room = static_cast<std::size_t>(
          std::min<std::uint64_t>(room, layout::largest(layout.self.width) + layout.self_add));
    out_.resize(begin + layout.size);
    fill(layout, bytes(begin), decided);
    std::size_t end = begin + room - (always - layout.size);
    for (const Tail& tail : layout.tail) {
      end += tail.fixed;
      make_tail(tail, begin, end);
    }
    if (layout.self.present() && out_.size() - begin >= layout.self_add)
      store(bytes(begin), layout.self, out_.size() - begin - layout.self_add);
    return true;
  }

  // Appends an element of an array and gives its layout; nullptr, and nothing appended, if none fits.
  const Layout* make_element(const Tail& tail, std::size_t room) {
    Decided decided;
    const Layout* layout = tail.layout;
    if (tail.choice != nullptr) {
      decided.choice = tail.choice;
      if (layout == nullptr || random_.once_in(2)) {
        if (tail.choice->rows.empty()) return nullptr;
        decided.row = &tail.choice->rows[random_.below(tail.choice->rows.size())];
        if (decided.row->forms.empty()) return nullptr;
        layout = decided.row->forms.front();
      }
    }
    return layout != nullptr && make(*layout, room, decided) ? layout : nullptr;
  }

  // Appends the bytes of a run, a located part or the rest of the structure at `begin`. Where what the choice
  // selects does not fit, it is made to select nothing.
  void make_part(const Tail& tail, std::size_t begin, std::size_t most) {
    const std::size_t at = out_.size();
    const ChoiceRow* row = tail.choice != nullptr ? layout::select(*tail.choice, bytes(begin)) : nullptr;
    const Layout* form = tail.layout;
    if (row != nullptr && !row->forms.empty()) form = row->forms[random_.below(row->forms.size())];
    if (form != nullptr && make(*form, most)) {
      const MutableBytes own = bytes(at);
      if (layout::tail_layout(tail, bytes(begin), own) == form && is_whole(*form, own)) return;
      // Readers see another form, or this one broken: one without a variable part is right for both.
      out_.resize(at + form->size);
      const Layout* read = layout::tail_layout(tail, bytes(begin), bytes(at));
      clear_tails(read != nullptr ? *read : *form, bytes(at));
      return;
    }
    if (form != nullptr && row == nullptr) return;
    if (form != nullptr) say_nothing(bytes(begin), *tail.choice);
    fill_with_noise(at, random_.below(std::min(most, kMostRawBytes) + 1));
  }

 private:
  MutableBytes bytes(std::size_t begin) { return MutableBytes(out_).subspan(begin); }

  // The fixed fields; counts, offsets and lengths are 0 until a tail is made.
  void fill(const Layout& layout, MutableBytes own, Decided decided) {
    for (const Field& f : layout.fields) {
      const MutableBytes at = own.subspan(f.offset, f.size);
      if (f.kind == layout::Kind::part) {
        fill(*f.layout, at, {});
      } else {
        fill_field(f, f.word_bits, at, random_);
      }
    }
    for (const Tail& tail : layout.tail) {
      for (const Ref& ref : {tail.count, tail.offset, tail.length})
        if (ref.present()) store(own, ref, 0);
      if (tail.choice != nullptr && tail.kind != TailKind::many) decide(*tail.choice, own);
    }
    for (const Field& f : layout.fields)
      if (f.meaning == layout::Meaning::choice) decide(*f.choices, own);
    if (decided.row != nullptr) {
      say(own, *decided.choice, *decided.row);
    } else if (decided.choice != nullptr) {
      say_nothing(own, *decided.choice);
    }
    for (const Field& f : layout.fields) {
      if (f.meaning != layout::Meaning::choice) continue;
      const MutableBytes at = own.subspan(f.offset, f.size);
      const ChoiceRow* row = layout::select(*f.choices, own);
      if (f.kind == layout::Kind::uint) {
        fill_field(f, row != nullptr ? row->word : f.choices->otherwise, at, random_);
      } else if (const Layout* form = row != nullptr ? layout::form_for(row->forms, f.size) : nullptr;
                 form != nullptr && form->size <= f.size) {
        std::ranges::fill(at, std::uint8_t{0});
        fill(*form, at.first(form->size), {});
      }
    }
  }

  // A row whose bytes have a meaning, most of the time.
  void decide(const Choice& choice, MutableBytes structure) {
    for (const Choice* next : choice.next) decide(*next, structure);
    if (choice.rows.empty() || random_.once_in(8)) return;
    for (std::size_t i = 0; i < kTries; ++i) {
      const ChoiceRow& row = choice.rows[random_.below(choice.rows.size())];
      if (row.forms.empty() && row.word.empty() && i + 1 < kTries) continue;
      say(structure, choice, row);
      return;
    }
  }

  // Elements whose end only the end of the bytes says cannot have others behind them.
  static bool open_ended(const Layout& layout) {
    if (layout.self.present()) return false;
    for (const Tail& tail : layout.tail)
      if (tail.kind == TailKind::rest || (tail.kind == TailKind::many && !tail.count.present())) return true;
    return false;
  }

  void make_tail(const Tail& tail, std::size_t begin, std::size_t end) {
    switch (tail.kind) {
      case TailKind::many:
        make_many(tail, begin, end);
        break;
      case TailKind::run:
      case TailKind::located: {
        const std::size_t at = out_.size();
        if (tail.fixed != 0) {
          make_fixed(tail);
          break;
        }
        const std::size_t most =
            static_cast<std::size_t>(std::min<std::uint64_t>(end - at, layout::largest(tail.length.width)));
        if (tail.kind == TailKind::located && at - begin > layout::largest(tail.offset.width)) break;
        make_part(tail, begin, most);
        store(bytes(begin), tail.length, out_.size() - at);
        if (tail.kind == TailKind::located && out_.size() != at) store(bytes(begin), tail.offset, at - begin);
        break;
      }
      case TailKind::rest:
        make_part(tail, begin, end - out_.size());
        break;
    }
  }

  void make_many(const Tail& tail, std::size_t begin, std::size_t end) {
    std::size_t wanted = random_.below(options_.most_elements + 1);
    if (tail.count.present())
      wanted = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, layout::largest(tail.count.width)));
    std::size_t made = 0;
    while (made < wanted) {
      const Layout* const layout = make_element(tail, end - out_.size());
      if (layout == nullptr) break;
      ++made;
      if (open_ended(*layout)) break;
    }
    if (tail.count.present()) store(bytes(begin), tail.count, made);
  }

  void make_fixed(const Tail& tail) {
    const std::size_t at = out_.size();
    // Real ones are empty slots, most of the time.
    if (!random_.once_in(2) && tail.layout != nullptr) make(*tail.layout, tail.fixed);
    out_.resize(at + tail.fixed);
  }

  void fill_with_noise(std::size_t at, std::size_t size) {
    out_.resize(at + size);
    for (std::uint8_t& byte : bytes(at)) byte = static_cast<std::uint8_t>(random_.next());
  }

  // Says of a structure that it has no variable part.
  static void clear_tails(const Layout& layout, MutableBytes own) {
    for (const Tail& tail : layout.tail)
      for (const Ref& ref : {tail.count, tail.offset, tail.length})
        if (ref.present()) store(own, ref, 0);
    if (layout.self.present() && layout.size >= layout.self_add)
      store(own, layout.self, layout.size - layout.self_add);
  }

  Buffer& out_;
  Xoshiro& random_;
  const GenerateOptions& options_;
};

// What a form wants said that its layout does not say.
void say_form(const cper::SectionType& type, const Layout& form, Buffer& body) {
  if (type.guid == cper::kSectionXpfMca) {
    const auto at = std::ranges::find(type.forms, &form);
    if (auto edit = layout::Editor<cper::XpfMca>::make(cper::kXpfMcaV1, body))
      edit->set(cper::XpfMca::kVersionNumber, static_cast<std::uint32_t>(at - type.forms.begin()) + 1);
  } else if (&form == &cper::kArmRas) {
    constexpr Ref kOffset = layout::ref(cper::tables::kArmRasFields, "ErrorSyndromeArrayOffset");
    store(body, kOffset, form.size);
  }
}

template <class T>
const T& one_of(std::span<const T> choices, Xoshiro& random) {
  return choices[random.below(choices.size())];
}

cper::Severity some_severity(Xoshiro& random) {
  return static_cast<cper::Severity>(random.below(4));
}

Guid some_guid(Xoshiro& random) {
  Guid guid;
  for (std::uint8_t& byte : guid.bytes) byte = static_cast<std::uint8_t>(random.next());
  return guid;
}

Buffer noise(std::size_t size, Xoshiro& random) {
  Buffer bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  return bytes;
}

const Field& header_field(std::string_view name) {
  return *std::ranges::find(cper::kRecordHeader.fields, name, &Field::name);
}

std::uint64_t some_integer(const Field& f, Xoshiro& random) {
  std::uint8_t bytes[8] = {};
  fill_field(f, f.word_bits, std::span(bytes).first(f.size), random);
  return load_le<std::uint64_t>(bytes);
}

// What a record and a status block carry.
struct Body {
  const cper::SectionType* type;
  Buffer bytes;
  Buffer fru_text;
};

bool is_whole_by_length(const cper::SectionType& type, Bytes body) {
  const Layout* form = type.layout_for(body.size());
  return form == nullptr || is_whole(*form, body);
}

// One or more, as many as fit behind `used` bytes with a frame for each; the first may be too large. Readers
// of status blocks go by the length of a body alone.
std::vector<Body> some_bodies(std::size_t used, std::size_t frame, bool by_length, Xoshiro& random,
                              const GenerateOptions& options) {
  std::vector<Body> bodies;
  for (std::size_t i = random.below(std::max<std::size_t>(options.most_sections, 1)) + 1; i > 0; --i) {
    used += frame;
    if (!bodies.empty() && used >= options.max_size) break;
    GenerateOptions rest = options;
    rest.max_size = options.max_size - std::min(used, options.max_size);
    Body body{.type = &one_of(cper::section_types(), random), .bytes = {}, .fru_text = Buffer(20)};
    body.bytes = generate_section(*body.type, random, rest);
    for (std::size_t tries = 0; by_length && tries <= kTries && !is_whole_by_length(*body.type, body.bytes);
         ++tries) {
      if (tries < kTries) {
        body.bytes = generate_section(*body.type, random, rest);
      } else {
        body.bytes.assign(body.type->forms.back()->size, 0);
      }
    }
    if (!bodies.empty() && body.bytes.size() > rest.max_size) break;
    used += body.bytes.size();
    fill_field(layout::ascii(0, 20, "FRUText"), {}, body.fru_text, random);
    bodies.push_back(std::move(body));
  }
  return bodies;
}

}  // namespace

Buffer generate_structure(const Layout& layout, Xoshiro& random, const GenerateOptions& options) {
  Buffer out;
  Maker(out, random, options).make(layout, std::max<std::size_t>(options.max_size, layout.size));
  return out;
}

Buffer generate_element(const Tail& tail, Xoshiro& random, const GenerateOptions& options) {
  Buffer out;
  Maker(out, random, options).make_element(tail, options.max_size);
  return out;
}

void generate_part(const Tail& tail, Buffer& structure, Xoshiro& random, const GenerateOptions& options) {
  Maker(structure, random, options).make_part(tail, 0, options.max_size);
}

Buffer generate_section(const cper::SectionType& type, Xoshiro& random, const GenerateOptions& options) {
  if (!type.forms.empty() && type.forms.front() == &whea::kPacketV2) return generate_packet(random, options);
  if (type.forms.empty()) return noise(std::min(random.below(kMostRawBytes + 1), options.max_size), random);
  GenerateOptions tried = options;
  for (std::size_t i = 0; i < kTries; ++i) {
    const Layout* form = one_of(type.forms, random);
    if (form->size > options.max_size) form = type.forms.front();
    Buffer body = generate_structure(*form, random, tried);
    if (form->tail.empty() && form->min < form->size && random.once_in(4))
      body.resize(form->min + random.below(form->size - form->min));
    say_form(type, *form, body);
    const Layout* read = type.layout_of(body);
    if (read != nullptr && is_whole(*read, body)) return body;
    tried.most_elements = 0;
  }
  return Buffer(type.forms.back()->size, 0);
}

Buffer generate_record(Xoshiro& random, const GenerateOptions& options) {
  const cper::Profile& profile =
      options.profile != nullptr ? *options.profile : one_of(cper::profiles(), random);
  const bool firmware = options.profile == nullptr && random.once_in(8);
  const auto maybe = [&random]() { return random.once_in(2); };
  cper::NewRecord record{.severity = some_severity(random),
                         .revision = firmware ? cper::kRevisionUefi : profile.record_revision,
                         .record_id = random.next(),
                         .flags = static_cast<std::uint32_t>(some_integer(header_field("Flags"), random)),
                         .persistence_info = some_integer(header_field("PersistenceInfo"), random)};
  record.notify_type = one_of(layout::GuidNames(cper::kNotifyNames), random).value;
  record.creator_id = one_of(layout::GuidNames(cper::kCreatorNames), random).value;
  if (maybe()) record.timestamp = some_integer(header_field("Timestamp"), random);
  if (maybe()) record.platform_id = some_guid(random);
  if (maybe()) record.partition_id = some_guid(random);

  const std::vector<Body> bodies =
      some_bodies(cper::kHeaderSize, cper::kDescriptorSize, false, random, options);
  std::vector<cper::NewSection> sections;
  for (const Body& body : bodies) {
    cper::NewSection section{.type = body.type->guid,
                             .body = body.bytes,
                             .severity = some_severity(random),
                             .flags = static_cast<std::uint32_t>(random.below(256)),
                             .revision = profile.section_revision};
    if (maybe()) section.fru_id = some_guid(random);
    if (maybe()) section.fru_text = as_text(body.fru_text);
    sections.push_back(section);
  }
  return cper::encode(record, sections).value_or(Buffer{});
}

Buffer generate_packet(Xoshiro& random, const GenerateOptions& options) {
  const bool v1 = random.once_in(4) && options.max_size >= whea::kPacketHeaderV1;
  Buffer packet = generate_structure(v1 ? whea::kPacketV1 : whea::kPacketV2, random, options);
  const auto size = static_cast<std::uint32_t>(packet.size());
  store_le<std::uint32_t>(packet.data(), v1 ? whea::kPacketSignatureV1 : whea::kPacketSignatureV2);
  if (v1) {
    auto edit = *layout::Editor<whea::PacketV1>::make(whea::kPacketV1, packet);
    edit.set(whea::PacketV1::kVersion, whea::kPacketVersionV1);
    edit.set(whea::PacketV1::kSize, size);
  } else {
    auto edit = *layout::Editor<whea::PacketV2>::make(whea::kPacketV2, packet);
    edit.set(whea::PacketV2::kVersion, whea::kPacketVersionV2);
    edit.set(whea::PacketV2::kLength, size);
  }
  return packet;
}

Buffer generate_status_block(Xoshiro& random, const GenerateOptions& options) {
  const auto maybe = [&random]() { return random.once_in(2); };
  const std::vector<Body> bodies =
      some_bodies(acpi::kStatusBlockHeaderSize, acpi::kDataEntryV2.size, true, random, options);
  std::vector<acpi::NewDataEntry> entries;
  std::size_t size = acpi::kStatusBlockHeaderSize;
  for (const Body& body : bodies) {
    size += acpi::kDataEntryV2.size + body.bytes.size();
    acpi::NewDataEntry entry{.section_type = body.type->guid,
                             .body = body.bytes,
                             .severity = some_severity(random),
                             .flags = static_cast<std::uint8_t>(random.below(256))};
    if (random.once_in(3)) {
      entry.revision = acpi::kEntryRevisionV1;
    } else if (maybe()) {
      entry.timestamp = some_integer(header_field("Timestamp"), random);
    }
    if (maybe()) entry.fru_id = some_guid(random);
    if (maybe()) entry.fru_text = as_text(body.fru_text);
    entries.push_back(entry);
  }
  const std::size_t room = options.max_size - std::min(size, options.max_size);
  const Buffer raw_data = maybe() ? noise(random.below(std::min(room, kMostRawBytes) + 1), random) : Buffer{};
  return acpi::encode_status_block(some_severity(random), entries, raw_data).value_or(Buffer{});
}

namespace {

// Fields of tables that have but one right value, or a least one, that no layout tells.
void set_table_rules(Buffer& table) {
  Anatomy anatomy;
  dissect(Kind::acpi_table, table, anatomy);
  std::uint16_t source_id = 0;
  for (const layout::Place& place : anatomy.places) {
    if (place.field == nullptr || !place.integer()) continue;
    const Layout* const structure = anatomy.regions[place.within].layout;
    const std::string_view name = place.field->name;
    const auto at_least = [&](std::uint64_t least) {
      if (layout::load(table, place) < least) layout::store(table, place, least);
    };
    if (structure == &acpi::kNotification && name == "Length") {
      layout::store(table, place, acpi::kNotificationSize);
    } else if (structure == &acpi::kNotification && name == "PollInterval") {
      at_least(1);
    } else if (name == "SourceId") {
      layout::store(table, place, source_id++);
    } else if (name == "ErrorStatusBlockLength" || name == "BootErrorRegionLength") {
      at_least(acpi::kStatusBlockHeaderSize);
    } else if (name == "SerializationHeaderSize" || name == "InjectionHeaderSize") {
      layout::store(table, place, acpi::kErst.size);
    }
  }
}

}  // namespace

Buffer generate_acpi_table(Xoshiro& random, const GenerateOptions& options) {
  const acpi::TableType& type = one_of(acpi::table_types(), random);
  Buffer table = generate_structure(*type.layout, random, options);
  std::ranges::copy(as_bytes(type.signature), table.begin());
  store_le<std::uint32_t>(table.data() + acpi::TableHeader::kLength.offset,
                          static_cast<std::uint32_t>(table.size()));
  set_table_rules(table);
  table[acpi::TableHeader::kChecksum.offset] = acpi::checksum_for(table);
  return table;
}

Buffer generate(Kind kind, Xoshiro& random, const GenerateOptions& options) {
  switch (kind) {
    case Kind::record:
      return generate_record(random, options);
    case Kind::packet:
      return generate_packet(random, options);
    case Kind::status_block:
      return generate_status_block(random, options);
    case Kind::acpi_table:
      return generate_acpi_table(random, options);
  }
  return {};
}

}  // namespace wheatstone::mutate
