#include "formats/layout/node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace wheatstone::layout {
namespace {

constexpr std::size_t kLongestCompared = 64;

// Levenshtein distance, letters compared without case.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = std::tolower(static_cast<unsigned char>(a[i - 1])) ==
                        std::tolower(static_cast<unsigned char>(b[j - 1]));
      const std::size_t replaced = diagonal + (same ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

const Node* Node::find(std::string_view key) const noexcept {
  for (const Member& member : members)
    if (member.key == key) return &member.value;
  return nullptr;
}

std::string_view Node::kind_text() const noexcept {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return "a single value";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a map";
  }
  return "nothing";
}

std::unexpected<Error> fail_at(Mark mark, std::string message, std::string hint) {
  Location where;
  where.line = mark.line;
  where.column = mark.column;
  return fail(ErrorKind::malformed, std::move(message), std::move(hint), std::move(where));
}

std::string_view nearest(std::string_view text, const std::vector<std::string_view>& candidates) {
  if (text.size() > kLongestCompared) return {};
  std::string_view best;
  std::size_t best_distance = text.size() / 3 + 2;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kLongestCompared) continue;
    const std::size_t found = distance(text, candidate);
    if (found < best_distance) {
      best_distance = found;
      best = candidate;
    }
  }
  return best;
}

Result<void> only_keys(const Node& map, std::span<const std::string_view> keys, std::string_view what) {
  if (!map.is_map()) return fail_at(map.mark, fmt::format("{} needs a map, not {}", what, map.kind_text()));
  for (const Member& member : map.members) {
    if (std::ranges::find(keys, member.key) != keys.end()) continue;
    const std::string_view close = nearest(member.key, {keys.begin(), keys.end()});
    return fail_at(member.mark, fmt::format("{} has no key '{}'", what, member.key),
                   close.empty() ? fmt::format("it has {}", fmt::join(keys, ", "))
                                 : fmt::format("did you mean '{}'?", close));
  }
  return {};
}

}  // namespace wheatstone::layout
