#include "formats/cer/profile.hpp"

#include <algorithm>

namespace wheatstone::cer {
namespace {

using enum FindingSeverity;

// Why each is here: our README, "Profiles".
constexpr CodeSeverity kWindows[] = {
    {"element-order", note}, {"encoding-mismatch", note}, {"filetype-new", note},    {"lcid-length", note},
    {"path-length", note},   {"unknown-attribute", note}, {"unknown-element", note}, {"utf8-document", note},
};
static_assert(std::ranges::is_sorted(kWindows, {}, &CodeSeverity::code));

}  // namespace

std::optional<Profile> find_profile(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kProfiles, name, &ProfileInfo::name);
  return found == std::end(kProfiles) ? std::nullopt : std::optional(found->profile);
}

std::span<const CodeSeverity> changed_severities(Profile profile) noexcept {
  return profile == Profile::windows ? std::span<const CodeSeverity>(kWindows)
                                     : std::span<const CodeSeverity>();
}

FindingSeverity severity_in(Profile profile, std::string_view code, FindingSeverity in_spec) noexcept {
  const auto changed = changed_severities(profile);
  const auto found = std::ranges::lower_bound(changed, code, {}, &CodeSeverity::code);
  return found != changed.end() && found->code == code ? found->severity : in_spec;
}

}  // namespace wheatstone::cer
