#include "formats/document/diff.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wheatstone::document {
namespace {

constexpr std::size_t kShown = 32;  // bytes of a run

std::string shown(Bytes bytes) {
  if (bytes.size() <= kShown) return layout::hex_text(bytes);
  return fmt::format("{}... ({} bytes)", layout::hex_text(bytes.first(kShown)), bytes.size());
}

// The runs in which the bytes differ, and what one side has more.
void diff_bytes(Bytes left, Bytes right, std::vector<layout::Difference>& found) {
  const std::size_t common = std::min(left.size(), right.size());
  std::size_t at = 0;
  while (at < common) {
    if (left[at] == right[at]) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < common && left[end] != right[end]) ++end;
    found.push_back({fmt::format("Bytes[{}]", at), shown(left.subspan(at, end - at)),
                     shown(right.subspan(at, end - at))});
    at = end;
  }
  if (left.size() != right.size())
    found.push_back(
        {fmt::format("Bytes[{}]", common), shown(left.subspan(common)), shown(right.subspan(common))});
}

}  // namespace

std::vector<layout::Difference> diff(const Document& left, const Document& right) {
  std::vector<layout::Difference> found;
  if (std::ranges::equal(left.bytes(), right.bytes())) return found;
  found = left.record() != nullptr && right.record() != nullptr ? cper::diff(*left.record(), *right.record())
                                                                : layout::diff(flatten(left), flatten(right));
  if (found.empty()) diff_bytes(left.bytes(), right.bytes(), found);
  return found;
}

}  // namespace wheatstone::document
