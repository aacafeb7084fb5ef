// A target is something an error can be put into: a simulated Windows, a guest, a real machine. The bench
// knows targets only through this interface, so one scenario judges all of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "formats/cer/report.hpp"
#include "formats/cper/severity.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/guid.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"
#include "formats/whea/error_source.hpp"
#include "injectors/observation.hpp"
#include "mocks/clock.hpp"
#include "mocks/random.hpp"
#include "mocks/wer_client/settings.hpp"

namespace wheatstone::wer_client {
struct Breach;  // mocks/wer_client/breach.hpp
}

namespace wheatstone::inject {

// ---- what a scenario says about the machine
// ------------------------------------------------------------------------

// One error source of the platform. Source: WHEA_ERROR_SOURCE_DESCRIPTOR, the fields that matter before any
// error.
struct ErrorSource {
  whea::ErrorSourceType type = whea::ErrorSourceType::mce;
  std::uint32_t id = 0;  // ErrorSourceId; 0 = give it the next free one
  std::uint32_t records_to_preallocate = 1;
  std::uint32_t max_sections_per_record = 8;
};

// The client half of Corporate Error Reporting. Unlike Windows, a machine of ours sends everything unless
// told otherwise: there is nobody whom it could ask.
struct ErrorReporting : wer_client::Settings {
  ErrorReporting() { default_consent = wer_client::Consent::all_data; }

  std::chrono::milliseconds exchange_time{30'000};  // real time that one request may take
  std::string user, password;                       // with CorporateWERUseAuthentication
  const wer_client::Breach* breach = nullptr;       // a rule that the client breaks; null = none
  // What the machine can give when the server asks: (request, content) pairs by answer key, for example
  // {"WQL", "SELECT Family FROM Win32_Processor", bytes}. What is not listed is denied.
  struct Offer {
    std::string key;
    std::string item;
    Buffer content;
  };
  std::vector<Offer> offers;
};

struct Platform {
  std::string system = "windows";
  std::string profile =
      "win11-24H2";  // which Windows: revisions, lengths, notify types (formats/cper/profile.hpp)
  std::string cpu_vendor = "AuthenticAMD";
  std::uint32_t processors = 4;
  bool is_64bit = true;
  std::string machine_name = "client-machine.corp.example.com";
  std::string user_name = "Username";
  std::string lcid = "1033";
  std::optional<std::string> application_company;  // APPLICATIONINFO/@appcompany of the system's own reports
  std::optional<std::string> os;     // MACHINEINFO/@os and the "OS Version" family, instead of the profile's
  FileTime clock;                    // when the machine is booted
  std::vector<ErrorSource> sources;  // empty: those that every machine of that system has
  ErrorReporting reporting;
};

// ---- what a scenario does
// ------------------------------------------------------------------------------------------

// A section as the hardware (or firmware) described it.
struct InjectedSection {
  Guid type;
  Buffer body;
  std::optional<cper::Severity> severity{};  // nullopt: that of the error
  std::optional<Guid> fru_id{};
  std::optional<std::string> fru_text{};
  std::uint32_t flags = 0;
};

// An error described by meaning.
struct InjectedError {
  whea::ErrorSourceType source = whea::ErrorSourceType::mce;
  cper::Severity severity = cper::Severity::fatal;
  std::vector<InjectedSection> sections{};
  std::uint32_t packet_flags = 0;  // WHEA_ERROR_PACKET_FLAGS; Simulated is a choice of the scenario, not ours
};

// An error record, put in as it is.
struct InjectedRecord {
  Buffer record;
  whea::ErrorSourceType source = whea::ErrorSourceType::boot;
  // Broken on purpose: what the system refuses leaves no trace. Of another one a refusal is an error.
  bool broken = false;
};

// An error packet, put in as it is: what a low-level handler gives the kernel. The packet says its source.
struct InjectedPacket {
  Buffer packet;
  bool broken = false;  // as above
};

// A bug check that is not about a record.
struct InjectedBugCheck {
  std::uint32_t code = 0;
  std::uint64_t parameters[4] = {};
};

// A report that a program on the machine submits.
struct InjectedReport {
  struct File {
    std::string name;
    cer::FileType type = cer::FileType::other;
    Buffer content;
  };
  cer::Report report;  // FILES is filled from `files`
  std::vector<File> files;
};

using Injection =
    std::variant<InjectedError, InjectedRecord, InjectedPacket, InjectedBugCheck, InjectedReport>;

// ---- the interface
// -------------------------------------------------------------------------------------------------

// What a target can do, by name: the kinds of observations it gives and the injections it takes.
struct Capabilities {
  std::vector<ObservationKind> observations;
  std::vector<std::string_view> systems;  // values of Platform::system
  bool virtual_time = false;              // waiting costs nothing and runs are reproducible
};

// Where the CER server of the run really listens; nullopt in Services if the scenario has none.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
  std::string fingerprint = {};  // of the certificate that the machine trusts; empty: plain HTTP
};

// Lent to a target from boot() to shut_down().
struct Services {
  VirtualClock& clock;
  Random& random;
  std::optional<Endpoint> cer_server;
};

// One run of one scenario uses one target from boot to shut down, on one thread. Calls in another order are
// invalid_argument errors.
class Target {
 public:
  virtual ~Target() = default;

  virtual std::string_view name() const noexcept = 0;
  virtual Capabilities capabilities() const = 0;

  // `unsupported` if this target cannot be that platform: the scenario is skipped with the error as its
  // reason.
  virtual Result<void> boot(const Platform& platform, const Services& services) = 0;
  virtual Result<void> inject(const Injection& injection) = 0;

  // Runs until `deadline` of the target's clock and returns everything observed since the last call, in order
  // of time.
  virtual Result<std::vector<Observation>> observe(FileTime deadline) = 0;

  // Releases everything; safe after any error.
  virtual void shut_down() noexcept = 0;
};

}  // namespace wheatstone::inject
