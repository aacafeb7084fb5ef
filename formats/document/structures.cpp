#include "formats/document/structures.hpp"

#include "formats/layout/reach.hpp"

namespace wheatstone::document {
namespace {

void add(Kind kind, std::vector<const layout::Layout*>& found) {
  for (const layout::Layout* form : info(kind).forms) layout::reach(*form, found);
  if (kind != Kind::record && kind != Kind::erst_store) return;
  layout::reach(cper::kRecordHeader, found);
  layout::reach(cper::kSectionDescriptor, found);
  for (const cper::SectionType& type : cper::section_types())
    for (const layout::Layout* form : type.forms) layout::reach(*form, found);
}

void add_readings(std::vector<const layout::Layout*>& found) {
  for (const cper::Reading& reading : cper::section_readings())
    for (const layout::Layout* form : reading.forms) layout::reach(*form, found);
}

}  // namespace

std::vector<const layout::Layout*> structures(Kind kind) {
  std::vector<const layout::Layout*> found;
  add(kind, found);
  return found;
}

std::vector<const layout::Layout*> structures() {
  std::vector<const layout::Layout*> found;
  for (const KindInfo& kind : kinds()) add(kind.kind, found);
  add_readings(found);
  return found;
}

}  // namespace wheatstone::document
