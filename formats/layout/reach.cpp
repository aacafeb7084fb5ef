#include "formats/layout/reach.hpp"

#include <algorithm>

namespace wheatstone::layout {
namespace {

void add(std::vector<const Layout*>& all, const Layout* layout) {
  if (layout != nullptr && std::ranges::find(all, layout) == all.end()) all.push_back(layout);
}

void add(std::vector<const Layout*>& all, const Choice* choice) {
  if (choice == nullptr) return;
  each_row(*choice, [&all](const ChoiceRow& row) {
    for (const Layout* form : row.forms) add(all, form);
  });
}

}  // namespace

std::vector<const Layout*> structures_of(const Tail& tail) {
  std::vector<const Layout*> all;
  add(all, tail.choice);
  add(all, tail.layout);
  return all;
}

std::vector<const Layout*> structures_of(const Field& field) {
  std::vector<const Layout*> all;
  if (field.kind != Kind::part && field.kind != Kind::list) return all;
  add(all, field.choices);
  add(all, field.layout);
  return all;
}

void reach(const Layout& layout, std::vector<const Layout*>& found) {
  if (std::ranges::find(found, &layout) != found.end()) return;
  found.push_back(&layout);
  for (const Field& field : layout.fields)
    for (const Layout* inner : structures_of(field)) reach(*inner, found);
  for (const Tail& tail : layout.tail)
    for (const Layout* inner : structures_of(tail)) reach(*inner, found);
}

}  // namespace wheatstone::layout
