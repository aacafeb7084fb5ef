// The values of the registry key "Windows Error Reporting" (of HKLM or HKCU) that a client follows, described
// once: from this table come the keys of a settings file, the keys of a scenario, and their documentation.
// Source: Microsoft's "WER Settings" page; [MS-CER2] 3.1.1, 3.1.3; policy templates and audit rules where
// these are silent (README).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wheatstone::wer_client {

// Consent\DefaultConsent, and consent for an event type.
enum class Consent : std::uint8_t {
  always_ask = 1,  // ask before anything is sent
  parameters = 2,  // send level 1, ask before more
  safe_data = 3,   // also send files that are marked anonymous, ask before more
  all_data = 4,    // send everything
};

// Defaults are those of Windows.
struct Settings {
  std::string corporate_wer_server = {};
  unsigned corporate_wer_port_number = 1273;
  bool corporate_wer_use_ssl = false;
  bool corporate_wer_use_authentication = false;
  bool disabled = false;
  bool bypass_data_throttling = false;
  bool dont_send_additional_data = false;
  bool force_queue = false;
  bool disable_queue = false;
  unsigned max_queue_count = 50;
  bool disable_archive = false;
  unsigned configure_archive = 1;  // 1 parameters only, 2 all data
  unsigned max_archive_count = 1000;
  Consent default_consent = Consent::always_ask;
  bool default_override_behavior = false;
  std::vector<std::pair<std::string, Consent>> event_consent = {};  // Consent\[event type]
  std::vector<std::string> excluded_applications = {};              // ExcludedApplications\[name], file names

  friend bool operator==(const Settings&, const Settings&) = default;
};

// The consent that counts for reports of an event type. Names of registry values have no case.
Consent consent_for(const Settings& settings, std::string_view event_type) noexcept;

// Whether ExcludedApplications names the program at that path.
bool is_excluded(const Settings& settings, std::string_view application_path) noexcept;

// A value directly below the key. Exactly one of the members is set, or none: such a value has no effect
// here.
struct Setting {
  enum class Kind : std::uint8_t {
    flag,    // REG_DWORD, 0 or 1
    number,  // REG_DWORD, `low` to `high`
    text,    // REG_SZ of `low` to `high` bytes
  };

  std::string_view name;
  Kind kind = Kind::flag;
  std::uint32_t low = 0;
  std::uint32_t high = 1;
  bool Settings::* flag = nullptr;
  unsigned Settings::* number = nullptr;
  std::string Settings::* text = nullptr;
  std::string_view what;  // Markdown

  constexpr bool has_effect() const noexcept {
    return flag != nullptr || number != nullptr || text != nullptr;
  }
};

// Below the key itself. Values that a stand-in for Windows cannot follow are listed too, so that the settings
// of a real machine can be taken over as they are; their text begins with "No effect here".
inline constexpr Setting kSettings[] = {
    {.name = "CorporateWERServer",
     .kind = Setting::Kind::text,
     .high = 255,
     .text = &Settings::corporate_wer_server,
     .what =
         "Name or address of the server. Empty: no server, and nothing is sent. One blank: reports stay on "
         "the machine. Default empty."},
    {.name = "CorporateWERPortNumber",
     .kind = Setting::Kind::number,
     .low = 1,
     .high = 65535,
     .number = &Settings::corporate_wer_port_number,
     .what = "Its port, for the report and the cabinet alike. Default 1273."},
    {.name = "CorporateWERUseSSL", .flag = &Settings::corporate_wer_use_ssl, .what = "1: HTTPS. Default 0."},
    {.name = "CorporateWERUseAuthentication",
     .flag = &Settings::corporate_wer_use_authentication,
     .what = "1: Windows integrated authentication, which implies HTTPS ([MS-CER2] 6, note 1). Default 0."},
    {.name = "Disabled", .flag = &Settings::disabled, .what = "1: nothing is reported. Default 0."},
    {.name = "BypassDataThrottling",
     .flag = &Settings::bypass_data_throttling,
     .what = "1: more than one cabinet for the same event. Default 0."},
    {.name = "DontSendAdditionalData",
     .flag = &Settings::dont_send_additional_data,
     .what = "1: never a cabinet. Default 0."},
    {.name = "ForceQueue",
     .flag = &Settings::force_queue,
     .what = "1: every report goes into the queue first. Default 0."},
    {.name = "DisableQueue",
     .flag = &Settings::disable_queue,
     .what = "1: no queue; what cannot be sent is lost. Default 0."},
    {.name = "MaxQueueCount",
     .kind = Setting::Kind::number,
     .low = 1,
     .high = 500,
     .number = &Settings::max_queue_count,
     .what = "Reports that the queue holds. Default 50."},
    {.name = "DisableArchive",
     .flag = &Settings::disable_archive,
     .what = "1: no archive of what was sent. Default 0."},
    {.name = "ConfigureArchive",
     .kind = Setting::Kind::number,
     .low = 1,
     .high = 2,
     .number = &Settings::configure_archive,
     .what = "The archive keeps 1 parameters only, 2 all data. Default 1, as of Windows 7; Vista's is 2."},
    {.name = "MaxArchiveCount",
     .kind = Setting::Kind::number,
     .low = 1,
     .high = 5000,
     .number = &Settings::max_archive_count,
     .what = "Reports that the archive holds; then the oldest goes. Default 1000."},
    {.name = "LoggingDisabled", .what = "No effect here: the client writes no event log."},
    {.name = "DontShowUI", .what = "No effect here: there is no user interface."},
    {.name = "CorporateWERDirectory",
     .kind = Setting::Kind::text,
     .high = 260,
     .what = "No effect here: nothing says what it does to a request."},
    {.name = "CorporateWerUploadOnFreeNetworksOnly", .what = "No effect here: the network costs nothing."},
    {.name = "BypassNetworkCostThrottling", .what = "No effect here: the network costs nothing."},
    {.name = "BypassPowerThrottling", .what = "No effect here: there is no battery."},
};

}  // namespace wheatstone::wer_client
