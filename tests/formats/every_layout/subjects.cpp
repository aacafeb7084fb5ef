#include "tests/formats/every_layout/subjects.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace wheatstone::test {
namespace {

std::string line(const layout::Leaf& leaf) {
  return fmt::format("{} = {} '{}' kind {} of {}{}", leaf.path, leaf.number, leaf.text,
                     static_cast<int>(leaf.kind), leaf.size, leaf.valid ? "" : " not valid");
}

// What times are as text is the business of layout/record_time.hpp.
bool is_time(const std::string& path) {
  return path.ends_with("Timestamp") || path.ends_with("TimeStamp");
}

}  // namespace

const Descriptions& descriptions() {
  static const Descriptions all;
  return all;
}

Buffer pattern(const Described& described, std::size_t size) {
  Buffer bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(1 + i % 251);
  for (const DescribedField& field : described.fields) {
    for (std::size_t i = 0; i < field.size && field.offset + i < size; ++i) {
      std::uint8_t& byte = bytes[field.offset + i];
      if (field.kind == "text" || (field.kind == "wide" && i % 2 == 0))
        byte = static_cast<std::uint8_t>('A' + i % 26);
      if (field.kind == "wide" && i % 2 == 1) byte = 0;
      if (field.kind == "part" && size >= field.offset + field.size) {
        const Buffer inner = pattern(descriptions().at(field.part), field.size);
        std::ranges::copy(inner, bytes.begin() + static_cast<std::ptrdiff_t>(field.offset));
        break;
      }
    }
  }
  return bytes;
}

std::vector<Subject> subjects() {
  std::vector<Subject> all;
  for (const NamedLayout& each : every_layout()) {
    const auto found = descriptions().all().find(std::string(each.key));
    if (found != descriptions().all().end()) all.push_back({found->first, *each.layout, found->second});
  }
  return all;
}

void expect_same(const Subject& subject, Bytes bytes, const std::string& what) {
  std::vector<layout::Leaf> found = layout::flatten(subject.table, bytes);
  const std::vector<layout::Leaf> wanted = descriptions().leaves(subject.described, bytes);
  ASSERT_EQ(found.size(), wanted.size()) << subject.key << ": " << what;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (is_time(found[i].path)) found[i].text.clear();
    if (found[i].kind == layout::Leaf::Kind::text) found[i].size = wanted[i].size;
    ASSERT_EQ(line(found[i]), line(wanted[i])) << subject.key << ": " << what;
  }
}

Buffer without_variable_part(const Described& described) {
  Buffer bytes = pattern(described, described.size);
  for (const DescribedTail& tail : described.tails)
    for (const Where& where : {tail.count, tail.length})
      if (where.bytes != 0) store_at(bytes, where, 0);
  if (described.self.bytes != 0) store_at(bytes, described.self, described.size - described.self_add);
  return bytes;
}

Buffer element(const DescribedTail& tail, const When* when) {
  const bool chosen = when != nullptr && !when->forms.empty();
  Buffer bytes = without_variable_part(descriptions().at(chosen ? when->forms.front() : tail.of));
  if (when != nullptr) store_case(bytes, *when);
  return bytes;
}

}  // namespace wheatstone::test
