#include <algorithm>
#include <array>

#include "formats/cper/header.hpp"
#include "formats/layout/walk.hpp"
#include "formats/mutate/generate.hpp"
#include "formats/mutate/operations.hpp"
#include "formats/mutate/say.hpp"

namespace wheatstone::mutate {
namespace {

using layout::ChoiceRow;
using layout::kNowhere;
using layout::Region;

constexpr std::size_t kMostResize = 64;  // bytes that a part gains or loses at once
constexpr std::size_t kTries = 4;

// Takes everything back unless it is told to keep it: for changes of several steps.
class Attempt {
 public:
  explicit Attempt(Patient& patient)
      : patient_(patient), before_(patient.bytes().begin(), patient.bytes().end()) {}
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  ~Attempt() {
    if (kept_) return;
    std::ranges::copy(before_, patient_.room.begin());
    patient_.size = before_.size();
    patient_.examine();
  }

  bool keep() {
    kept_ = true;
    return true;
  }

 private:
  Patient& patient_;
  Buffer before_;
  bool kept_ = false;
};

GenerateOptions options_for(const Patient& patient, std::size_t more) {
  return {.max_size = patient.room.size() - patient.size + more, .most_elements = 2};
}

Buffer copy_of(Bytes bytes) {
  return {bytes.begin(), bytes.end()};
}

Bytes bytes_of(const Patient& patient, const Region& region) {
  return patient.bytes().subspan(region.begin, region.size());
}

bool has_body(const SectionParts& section) {
  return section.body != kNowhere;
}

// ---- sections of a record

std::uint32_t descriptors_of(const Anatomy& anatomy) {
  const auto found = std::ranges::find_if(anatomy.regions, is_descriptors);
  return found == anatomy.regions.end() ? kNowhere
                                        : static_cast<std::uint32_t>(found - anatomy.regions.begin());
}

// A section joins the others, its body behind everything.
bool add_section(Patient& patient, Buffer descriptor, Bytes body, Xoshiro& random) {
  const std::uint32_t array = descriptors_of(patient.anatomy);
  if (array == kNowhere) return false;
  const auto& sections = patient.anatomy.sections;
  const std::size_t i = random.below(sections.size() + 1);
  const std::uint32_t at = i < sections.size() ? patient.anatomy.regions[sections[i].descriptor].begin
                                               : patient.anatomy.regions[array].end;
  Attempt attempt(patient);
  auto edit = *layout::Editor<cper::Descriptor>::make(cper::kSectionDescriptor, descriptor);
  edit.set(cper::Descriptor::kSectionLength, static_cast<std::uint32_t>(body.size()));
  edit.set(cper::Descriptor::kSectionOffset, static_cast<std::uint32_t>(patient.size + descriptor.size()));
  if (!add_to_count(patient, array, 1) || !splice(patient, array, at, 0, descriptor)) return false;
  patient.examine();
  if (!splice(patient, 0, static_cast<std::uint32_t>(patient.size), 0, body)) return false;
  // Nothing else may have moved the new section's own offset.
  store_le<std::uint32_t>(patient.room.data() + at + cper::Descriptor::kSectionOffset.offset,
                          static_cast<std::uint32_t>(patient.size - body.size()));
  return attempt.keep();
}

Buffer new_descriptor(const Guid& type, Xoshiro& random) {
  Buffer descriptor = generate_structure(cper::kSectionDescriptor, random);
  layout::Editor<cper::Descriptor>::make(cper::kSectionDescriptor, descriptor)
      ->set(cper::Descriptor::kSectionType, type);
  return descriptor;
}

const cper::SectionType& some_type(Xoshiro& random) {
  return cper::section_types()[random.below(cper::section_types().size())];
}

bool insert_section(Patient& patient, Xoshiro& random) {
  if (patient.room.size() - patient.size < cper::kDescriptorSize) return false;
  const cper::SectionType& type = some_type(random);
  GenerateOptions options = options_for(patient, 0);
  options.max_size -= cper::kDescriptorSize;
  return add_section(patient, new_descriptor(type.guid, random), generate_section(type, random, options),
                     random);
}

bool duplicate_section(Patient& patient, Xoshiro& random) {
  const Anatomy& anatomy = patient.anatomy;
  const std::size_t i = pick(anatomy.sections, random, has_body);
  if (i == anatomy.sections.size()) return false;
  return add_section(patient, copy_of(bytes_of(patient, anatomy.regions[anatomy.sections[i].descriptor])),
                     copy_of(bytes_of(patient, anatomy.regions[anatomy.sections[i].body])), random);
}

bool remove_section(Patient& patient, Xoshiro& random) {
  const auto& sections = patient.anatomy.sections;
  if (sections.empty()) return false;
  const SectionParts section = sections[random.below(sections.size())];
  Attempt attempt(patient);
  if (has_body(section)) {
    const Region body = patient.anatomy.regions[section.body];
    if (!splice(patient, section.body, body.begin, body.size(), {})) return false;
    patient.examine();
  }
  // Overlapping bodies may have taken descriptors with them.
  const std::uint32_t array = descriptors_of(patient.anatomy);
  if (array == kNowhere || section.descriptor >= patient.anatomy.regions.size()) return false;
  const Region descriptor = patient.anatomy.regions[section.descriptor];
  if (descriptor.parent != array || !add_to_count(patient, array, -1) ||
      !splice(patient, array, descriptor.begin, descriptor.size(), {}))
    return false;
  return attempt.keep();
}

// The body and its type are made anew.
bool renew_section(Patient& patient, Xoshiro& random) {
  const Anatomy& anatomy = patient.anatomy;
  const std::size_t i = pick(anatomy.sections, random, has_body);
  if (i == anatomy.sections.size()) return false;
  const Region body = anatomy.regions[anatomy.sections[i].body];
  const std::uint32_t type_at =
      anatomy.regions[anatomy.sections[i].descriptor].begin + cper::Descriptor::kSectionType.offset;
  const cper::SectionType* type = cper::find_section(Guid::load(patient.room.data() + type_at));
  if (type == nullptr || random.once_in(2)) type = &some_type(random);
  const Buffer fresh = generate_section(*type, random, options_for(patient, body.size()));
  // A body that overlaps its own descriptor must not be in the way of its type.
  Attempt attempt(patient);
  std::ranges::copy(type->guid.bytes, patient.room.begin() + type_at);
  if (!splice(patient, anatomy.sections[i].body, body.begin, body.size(), fresh)) return false;
  return attempt.keep();
}

// ---- elements of arrays and parts

struct Element {
  std::uint32_t array;
  std::uint32_t index;  // of the region; kNowhere: none, the end of the array
};

// Elements of all arrays but a record's descriptors.
std::vector<std::uint32_t> elements_of(const Anatomy& anatomy) {
  std::vector<std::uint32_t> elements;
  for (std::uint32_t i = 0; i < anatomy.regions.size(); ++i) {
    const Region& region = anatomy.regions[i];
    if (region.kind == Region::Kind::element && !is_descriptors(anatomy.regions[region.parent]))
      elements.push_back(i);
  }
  return elements;
}

bool is_array(const Region& region) {
  return region.kind == Region::Kind::array && !is_descriptors(region);
}

// Where a new element of that array may go: before one that is there, or behind all.
std::uint32_t somewhere_in(const Anatomy& anatomy, std::uint32_t array, Xoshiro& random) {
  const std::size_t i = pick(anatomy.regions, random, [&](const Region& region) {
    return region.parent == array && region.kind == Region::Kind::element;
  });
  return i == anatomy.regions.size() || random.once_in(2) ? anatomy.regions[array].end
                                                          : anatomy.regions[i].begin;
}

bool add_element(Patient& patient, std::uint32_t array, std::uint32_t at, Bytes element) {
  if (element.empty()) return false;
  Attempt attempt(patient);
  if (!add_to_count(patient, array, 1) || !splice(patient, array, at, 0, element)) return false;
  return attempt.keep();
}

bool insert_into_array(Patient& patient, Xoshiro& random) {
  const auto& regions = patient.anatomy.regions;
  const std::size_t array = pick(regions, random, is_array);
  if (array == regions.size()) return false;
  const auto index = static_cast<std::uint32_t>(array);
  return add_element(patient, index, somewhere_in(patient.anatomy, index, random),
                     generate_element(*regions[array].tail, random, options_for(patient, 0)));
}

// A run, a located part or a rest that a choice of its structure may decide.
bool is_part(const Region& region) {
  return region.tail != nullptr && region.kind != Region::Kind::array &&
         region.kind != Region::Kind::element && region.tail->fixed == 0;
}

// The bodies of a record as a whole: sections are what is in them.
bool holds_sections(const Patient& patient, const Region& region) {
  return patient.kind == Kind::record && region.parent == 0 && region.tail != nullptr;
}

const ChoiceRow* some_row_with_forms(const layout::Choice& choice, Xoshiro& random) {
  const std::size_t i = pick(choice.rows, random, [](const ChoiceRow& row) { return !row.forms.empty(); });
  return i < choice.rows.size() ? &choice.rows[i] : nullptr;
}

bool renew_part(Patient& patient, std::uint32_t index, Xoshiro& random) {
  const Region part = patient.anatomy.regions[index];
  const Region structure = patient.anatomy.regions[part.parent];
  const layout::Choice* choice = part.tail->choice;
  Buffer fixed = copy_of(bytes_of(patient, structure).first(structure.layout->size));
  if (choice != nullptr) {
    if (const ChoiceRow* row = some_row_with_forms(*choice, random)) say(fixed, *choice, *row);
  }
  generate_part(*part.tail, fixed, random, options_for(patient, part.size()));
  const Bytes fresh = Bytes(fixed).subspan(structure.layout->size);
  if (fresh.empty()) return false;
  Attempt attempt(patient);
  std::copy_n(fixed.begin(), structure.layout->size, patient.room.begin() + structure.begin);
  if (!splice(patient, index, part.begin, part.size(), fresh)) return false;
  return attempt.keep();
}

bool renew_element(Patient& patient, Xoshiro& random) {
  const std::vector<std::uint32_t> elements = elements_of(patient.anatomy);
  if (elements.empty()) return false;
  const Region element = patient.anatomy.regions[elements[random.below(elements.size())]];
  const Buffer fresh = generate_element(*element.tail, random, options_for(patient, element.size()));
  return !fresh.empty() && splice(patient, element.parent, element.begin, element.size(), fresh);
}

bool renew_some_part(Patient& patient, Xoshiro& random) {
  const auto& regions = patient.anatomy.regions;
  const std::size_t i = pick(regions, random, [&](const Region& region) {
    return is_part(region) && !holds_sections(patient, region);
  });
  return i < regions.size() && renew_part(patient, static_cast<std::uint32_t>(i), random);
}

// Takes from `other` what has the same place in its kind of structure.
bool transplant_part(Patient& patient, Bytes other, const Anatomy& donor, Xoshiro& random) {
  const auto& regions = patient.anatomy.regions;
  const std::size_t i = pick(regions, random, [&](const Region& region) {
    return is_array(region) || (is_part(region) && !holds_sections(patient, region));
  });
  if (i == regions.size()) return false;
  const auto index = static_cast<std::uint32_t>(i);
  const Region region = regions[i];
  const std::size_t j = pick(donor.regions, random, [&](const Region& theirs) {
    return theirs.tail == region.tail && theirs.kind != Region::Kind::array;
  });
  if (j == donor.regions.size()) return false;
  const Region& theirs = donor.regions[j];
  const Bytes graft = other.subspan(theirs.begin, theirs.size());
  if (region.kind == Region::Kind::array)
    return add_element(patient, index, somewhere_in(patient.anatomy, index, random), graft);
  Attempt attempt(patient);
  const Region structure = regions[region.parent];
  if (const layout::Choice* choice = region.tail->choice; choice != nullptr) {
    const Region& their_structure = donor.regions[theirs.parent];
    if (const ChoiceRow* row =
            layout::select(*choice, other.subspan(their_structure.begin, their_structure.size())))
      say(patient.room.subspan(structure.begin, structure.size()), *choice, *row);
  }
  if (!splice(patient, index, region.begin, region.size(), graft)) return false;
  return attempt.keep();
}

}  // namespace

bool insert_element(Patient& patient, Xoshiro& random) {
  const bool section = patient.kind == Kind::record && random.once_in(2);
  return section ? insert_section(patient, random) : insert_into_array(patient, random);
}

bool remove_element(Patient& patient, Xoshiro& random) {
  if (patient.kind == Kind::record && random.once_in(2)) return remove_section(patient, random);
  const std::vector<std::uint32_t> elements = elements_of(patient.anatomy);
  if (elements.empty()) return false;
  const Region element = patient.anatomy.regions[elements[random.below(elements.size())]];
  Attempt attempt(patient);
  if (!add_to_count(patient, element.parent, -1) ||
      !splice(patient, element.parent, element.begin, element.size(), {}))
    return false;
  return attempt.keep();
}

bool duplicate_element(Patient& patient, Xoshiro& random) {
  if (patient.kind == Kind::record && random.once_in(2)) return duplicate_section(patient, random);
  const std::vector<std::uint32_t> elements = elements_of(patient.anatomy);
  if (elements.empty()) return false;
  const Region element = patient.anatomy.regions[elements[random.below(elements.size())]];
  return add_element(patient, element.parent, element.end, copy_of(bytes_of(patient, element)));
}

bool swap_elements(Patient& patient, Xoshiro& random) {
  const auto& regions = patient.anatomy.regions;
  const auto is_element = [](const Region& region) { return region.kind == Region::Kind::element; };
  const std::size_t i = pick(regions, random, is_element);
  if (i == regions.size()) return false;
  const std::size_t j = pick(regions, random, [&](const Region& region) {
    return is_element(region) && region.parent == regions[i].parent && region.begin != regions[i].begin;
  });
  if (j == regions.size()) return false;
  const Region& first = regions[std::min(i, j)];
  const Region& second = regions[std::max(i, j)];
  if (std::ranges::equal(bytes_of(patient, first), bytes_of(patient, second))) return false;
  // first, between, second -> second, first, between -> second, between, first
  const auto begin = patient.room.begin();
  std::rotate(begin + first.begin, begin + second.begin, begin + second.end);
  const auto rest = begin + first.begin + second.size();
  std::rotate(rest, rest + first.size(), begin + second.end);
  return true;
}

bool renew(Patient& patient, Xoshiro& random) {
  if (patient.kind == Kind::record && !random.once_in(3)) return renew_section(patient, random);
  return random.once_in(2) ? renew_element(patient, random) : renew_some_part(patient, random);
}

bool resize(Patient& patient, Xoshiro& random) {
  const auto& regions = patient.anatomy.regions;
  const auto& sections = patient.anatomy.sections;
  std::size_t i = regions.size();
  if (!sections.empty() && random.once_in(2)) {
    const std::size_t section = pick(sections, random, has_body);
    if (section < sections.size()) i = sections[section].body;
  } else {
    i = pick(regions, random, [&](const Region& region) {
      const bool measured = is_part(region) && !holds_sections(patient, region);
      const bool measures_itself = region.kind == Region::Kind::element && region.layout->self.present();
      return measured || measures_itself;
    });
  }
  if (i == regions.size()) return false;
  const Region region = regions[i];
  // An element says its length in its fixed fields: those stay.
  const std::uint32_t begin =
      region.kind == Region::Kind::element ? region.begin + region.layout->size : region.begin;
  const auto at = static_cast<std::uint32_t>(
      random.once_in(2) ? region.end : begin + random.below(region.end - begin + std::size_t{1}));
  if (random.once_in(2)) {
    Buffer more(1 + random.below(kMostResize));
    for (std::uint8_t& byte : more) byte = static_cast<std::uint8_t>(random.next());
    return splice(patient, static_cast<std::uint32_t>(i), at, 0, more);
  }
  const std::size_t most = std::min<std::size_t>(at - begin, kMostResize);
  if (most == 0) return false;
  const auto less = static_cast<std::uint32_t>(1 + random.below(most));
  return splice(patient, static_cast<std::uint32_t>(i), at - less, less, {});
}

bool adopt_section(Patient& patient, Bytes other, Xoshiro& random) {
  Anatomy donor;
  dissect(Kind::record, other, donor);
  const std::size_t i = pick(donor.sections, random, has_body);
  if (i == donor.sections.size()) return false;
  const Region& descriptor = donor.regions[donor.sections[i].descriptor];
  const Region& body = donor.regions[donor.sections[i].body];
  return add_section(patient, copy_of(other.subspan(descriptor.begin, descriptor.size())),
                     other.subspan(body.begin, body.size()), random);
}

bool transplant(Patient& patient, Bytes other, Xoshiro& random) {
  if (other.empty()) return false;
  if (patient.kind == Kind::record && random.once_in(2)) return adopt_section(patient, other, random);
  Anatomy donor;
  dissect(patient.kind, other, donor);
  for (std::size_t i = 0; i < kTries; ++i)
    if (transplant_part(patient, other, donor, random)) return true;
  return false;
}

}  // namespace wheatstone::mutate
