#include "mocks/wer_client/settings.hpp"

#include <algorithm>

#include "mocks/text.hpp"

namespace wheatstone::wer_client {

Consent consent_for(const Settings& settings, std::string_view event_type) noexcept {
  if (settings.default_override_behavior) return settings.default_consent;
  const auto own = std::ranges::find_if(settings.event_consent, [event_type](const auto& entry) {
    return same_ignoring_case(entry.first, event_type);
  });
  return own == settings.event_consent.end() ? settings.default_consent : own->second;
}

bool is_excluded(const Settings& settings, std::string_view application_path) noexcept {
  const std::string_view name = base_name(application_path);
  return std::ranges::any_of(settings.excluded_applications, [name](const std::string& excluded) {
    return same_ignoring_case(excluded, name);
  });
}

}  // namespace wheatstone::wer_client
