#include "formats/document/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "formats/document/structures.hpp"
#include "formats/layout/describe.hpp"
#include "formats/layout/node.hpp"

namespace wheatstone::document {
namespace {

void append(std::string& out, std::string_view page) {
  if (!out.empty()) out += '\n';
  out += page;
}

std::string section_page(const cper::SectionType& type) {
  std::string out = fmt::format("Section {}\n  {}\n", type.name, type.guid.text());
  for (const layout::Layout* form : type.forms) append(out, layout::describe(*form));
  for (const cper::Reading& reading : cper::section_readings()) {
    if (reading.section != type.name) continue;
    append(out, fmt::format("Reading {}:{}\n  {}\n", reading.section, reading.name, reading.about));
    for (const layout::Layout* form : reading.forms) append(out, layout::describe(*form));
  }
  return out;
}

// Every GUID that a field names: notify types, creators, checks.
std::string guid_page(const Guid& guid) {
  std::string out;
  if (const cper::SectionType* type = cper::find_section(guid)) append(out, section_page(*type));
  for (const layout::Layout* layout : structures())
    for (const layout::Field& f : layout->fields)
      if (const std::string_view name = layout::name_of(f.guid_names, guid); !name.empty())
        append(out, fmt::format("{} of {}\n  {} {}\n", f.name, layout->name, guid.text(), name));
  return out;
}

}  // namespace

Result<std::string> describe(std::string_view guid_or_name) {
  std::string out;
  const auto guid = Guid::parse(guid_or_name);
  if (guid) out = guid_page(*guid);
  std::vector<std::string_view> names;
  for (const cper::SectionType& type : cper::section_types()) {
    names.push_back(type.name);
    if (type.name == guid_or_name) append(out, section_page(type));
  }
  const bool section = !out.empty();
  for (const layout::Layout* layout : structures()) {
    names.push_back(layout->name);
    names.push_back(layout->structure);
    if (!section && (layout->name == guid_or_name || layout->structure == guid_or_name))
      append(out, layout::describe(*layout));
  }
  if (!out.empty()) return out;
  if (guid)
    return fail(ErrorKind::invalid_argument, fmt::format("nothing is known of {}", guid->text()),
                "'describe --list' prints what is known");
  const std::string_view close = layout::nearest(guid_or_name, names);
  return fail(
      ErrorKind::invalid_argument, fmt::format("there is no structure '{}'", guid_or_name),
      close.empty() ? "'describe --list' prints what there is" : fmt::format("did you mean '{}'?", close));
}

std::string describe_all() {
  std::string out;
  for (const layout::Layout* layout : structures()) append(out, layout::describe(*layout));
  return out;
}

}  // namespace wheatstone::document
