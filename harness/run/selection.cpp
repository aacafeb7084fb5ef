#include "harness/run/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "harness/report/stable_hash.hpp"
#include "mocks/cer_server/rule.hpp"

namespace wheatstone::run {
namespace {

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool Shard::holds(std::string_view id) const noexcept {
  return report::stable_hash(id) % count == index - 1;
}

Result<Shard> parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto index = parse_number(text.substr(0, slash));
    const auto count = parse_number(text.substr(slash + 1));
    if (index && count && *index >= 1 && *index <= *count) return Shard{*index, *count};
  }
  return fail(ErrorKind::invalid_argument, fmt::format("'{}' is no shard", text),
              "write I/N with I from 1 to N, for example 2/5");
}

bool Selection::holds(std::string_view id) const noexcept {
  const auto matches = [id](const std::string& filter) { return cer_server::glob_match(filter, id); };
  return shard.holds(id) && (filters.empty() || std::ranges::any_of(filters, matches));
}

}  // namespace wheatstone::run
