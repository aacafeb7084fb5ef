#include "formats/cper/pieces.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace wheatstone::cper {

std::vector<Piece> pieces(const Record& record) {
  std::vector<Piece> all;
  if (!record.header()) return all;
  all.push_back({"", &record.header_layout(), record.bytes().first(kHeaderSize), nullptr, false});
  for (const Section& section : record.sections())
    all.push_back({fmt::format("Sections[{}].", section.index), &record.descriptor_layout(),
                   record.descriptor_bytes(section), &section, false});
  std::unordered_map<const SectionType*, std::size_t> seen;
  for (const Section& section : record.sections()) {
    std::string name;
    if (section.type == nullptr) {
      name = fmt::format("Sections[{}].", section.index);
    } else {
      const std::size_t earlier = seen[section.type]++;
      name = earlier == 0 ? fmt::format("{}.", section.type->name)
                          : fmt::format("{}[{}].", section.type->name, earlier);
    }
    if (section.in_budget)
      all.push_back({std::move(name), section.layout, record.body(section), &section, true});
  }
  return all;
}

}  // namespace wheatstone::cper
