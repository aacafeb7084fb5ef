#include "injectors/simulated/simulated_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "formats/cper/header.hpp"
#include "injectors/observe.hpp"
#include "injectors/simulated/report_sender.hpp"
#include "mocks/windows/kernel_report.hpp"
#include "mocks/windows/machine.hpp"

namespace wheatstone::inject {
namespace {

constexpr std::uint32_t kMaxProcessors = 2048;  // what Windows supports

windows::CpuVendor cpu_vendor(std::string_view name) {
  if (name == "AuthenticAMD") return windows::CpuVendor::amd;
  if (name == "GenuineIntel") return windows::CpuVendor::intel;
  return windows::CpuVendor::other;
}

Result<windows::MachineConfig> machine_config(const Platform& platform) {
  if (platform.system != "windows")
    return fail(ErrorKind::unsupported,
                fmt::format("the simulated target is a Windows, not \"{}\"", platform.system));
  windows::MachineConfig config;
  config.platform.profile = cper::find_profile(platform.profile);
  if (config.platform.profile == nullptr || !config.platform.profile->is_windows()) {
    std::vector<std::string_view> names;
    for (const cper::Profile& profile : cper::windows_profiles()) names.push_back(profile.name);
    return fail(ErrorKind::unsupported, fmt::format("there is no profile \"{}\"", platform.profile),
                fmt::format("use one of {}", fmt::join(names, ", ")));
  }
  if (platform.processors == 0 || platform.processors > kMaxProcessors)
    return fail(ErrorKind::invalid_argument,
                fmt::format("a machine has 1 to {} processors, not {}", kMaxProcessors, platform.processors));
  config.platform.is_64bit = platform.is_64bit;
  config.platform.cpu_vendor = cpu_vendor(platform.cpu_vendor);
  config.platform.processors = platform.processors;
  config.os = windows::os_version_of(*config.platform.profile);
  if (platform.os) {
    const auto os = windows::parse_os_version(*platform.os);
    if (!os) return std::unexpected(os.error());
    config.os = *os;
  }
  for (const ErrorSource& source : platform.sources)
    config.sources.push_back(
        {source.type, source.id, source.records_to_preallocate, source.max_sections_per_record});
  return config;
}

windows::HardwareError hardware_error(const InjectedError& error) {
  windows::HardwareError out{error.source, error.severity, {}, error.packet_flags};
  for (const InjectedSection& section : error.sections)
    out.sections.push_back(
        {{section.type, section.severity, section.fru_id, section.fru_text, section.flags}, section.body});
  return out;
}

class SimulatedTarget final : public Target, private windows::MachineWitness {
 public:
  std::string_view name() const noexcept override { return "simulated"; }

  Capabilities capabilities() const override {
    using enum ObservationKind;
    return {.observations = {record, etw_event, log_entry, bugcheck, dump, boot, level1, answer, level2,
                             submit, server},
            .systems = {"windows"},
            .virtual_time = true};
  }

  Result<void> boot(const Platform& platform, const Services& services) override {
    if (session_) return fail(ErrorKind::invalid_argument, "the target is booted already");
    auto config = machine_config(platform);
    if (!config) return std::unexpected(config.error());
    services.clock.advance_to(platform.clock);
    auto sender =
        ReportSender::make(platform.reporting, services.clock, services.random, services.cer_server);
    if (!sender) return std::unexpected(sender.error());
    windows::MachineWitness& witness = *this;
    session_ = std::make_unique<Session>(platform, *config, services, std::move(*sender), witness);
    if (auto booted = session_->machine.boot(); !booted) {
      shut_down();
      return booted;
    }
    return {};
  }

  Result<void> inject(const Injection& injection) override {
    if (!session_) return fail(ErrorKind::invalid_argument, "the target is not booted");
    if (auto up = session_->machine.run_until_up(); !up) return up;
    return std::visit([this](const auto& what) { return put_in(what); }, injection);
  }

  Result<std::vector<Observation>> observe(FileTime deadline) override {
    if (!session_) return fail(ErrorKind::invalid_argument, "the target is not booted");
    if (auto ran = session_->machine.run_until(deadline); !ran) return std::unexpected(ran.error());
    if (session_->failure) return std::unexpected(*std::exchange(session_->failure, std::nullopt));
    return std::exchange(session_->observations, {});
  }

  void shut_down() noexcept override { session_.reset(); }

 private:
  struct Session {
    Session(const Platform& given, const windows::MachineConfig& config_, const Services& services,
            ReportSender sender_, windows::MachineWitness& witness)
        : platform(given),
          config(config_),
          clock(services.clock),
          sender(std::move(sender_)),
          machine(config_, services.clock, services.random, witness) {}

    Platform platform;
    windows::MachineConfig config;
    VirtualClock& clock;
    ReportSender sender;
    windows::Machine machine;
    std::vector<Observation> observations;
    std::optional<Error> failure;  // of what happened by itself; given at the next observe()
    unsigned records = 0, events = 0, entries = 0, full_dumps = 0;
  };

  // ---- injections
  Result<void> put_in(const InjectedError& error) {
    return done(session_->machine.report(hardware_error(error)));
  }

  Result<void> put_in(const InjectedRecord& injected) {
    if (injected.record.size() < cper::kHeaderSize || injected.record.size() > windows::Kernel::kMaxRecord) {
      if (injected.broken) return {};
      return fail(ErrorKind::malformed,
                  fmt::format("a record has {} to {} bytes, this one {}", cper::kHeaderSize,
                              windows::Kernel::kMaxRecord, injected.record.size()));
    }
    return done(session_->machine.report(injected.source, injected.record), injected.broken);
  }

  Result<void> put_in(const InjectedPacket& injected) {
    return done(session_->machine.report_packet(injected.packet), injected.broken);
  }

  Result<void> put_in(const InjectedBugCheck& injected) {
    dump::BugCheck bug_check{injected.code, {}};
    std::ranges::copy(injected.parameters, bug_check.parameters.begin());
    return session_->machine.bug_check(bug_check);
  }

  Result<void> put_in(const InjectedReport& injected) {
    wer_client::Submission submission{injected.report, {}};
    cer::Report& report = submission.report;
    if (report.machine.machinename.empty()) report.machine.machinename = session_->platform.machine_name;
    if (report.machine.os.empty()) report.machine.os = session_->config.os.text();
    if (report.machine.lcid.empty()) report.machine.lcid = session_->platform.lcid;
    if (report.username.empty()) report.username = session_->platform.user_name;
    if (report.event.eventtime == FileTime{}) report.event.eventtime = session_->clock.now();
    for (const InjectedReport::File& file : injected.files)
      submission.files.push_back({file.name, file.type, file.content, false});
    send(submission);
    return {};
  }

  static Result<void> done(const Result<windows::NtStatus>& reported, bool may_be_refused = false) {
    if (!reported) return std::unexpected(reported.error());
    if (*reported == windows::NtStatus::invalid_parameter && !may_be_refused)
      return fail(ErrorKind::invalid_argument, "the kernel refused the report: STATUS_INVALID_PARAMETER",
                  "the severity must be Recoverable, Fatal, Corrected or Informational, and a packet whole");
    return {};
  }

  // ---- what the machine says
  void record_written(Bytes record, const windows::ErrorSourceDescriptor& source) override {
    keep(observe_record(record, source.type, source.id), fmt::format("record-{}.cper", ++session_->records));
  }

  void event_logged(const whea::Event& event) override {
    Observation observation = observe_event(event);
    const bool etw = observation.kind == ObservationKind::etw_event;
    const unsigned number = etw ? ++session_->events : ++session_->entries;
    keep(std::move(observation), fmt::format("{}-{}.bin", etw ? "etw-event" : "log-entry", number));
  }

  void booted(unsigned number, const windows::ErrorSourceTable& sources) override {
    keep(observe_boot(number, sources.sources().size(), session_->platform.profile), {});
  }

  void stopped(const dump::BugCheck& bug_check) override { keep(observe_bug_check(bug_check), {}); }

  // A full dump replaces the one before it; the evidence keeps them all.
  void dump_written(const std::string& name, Bytes file) override {
    std::string artefact = name;
    if (name == windows::kFullDumpName && ++session_->full_dumps > 1)
      artefact = fmt::format("MEMORY-{}.DMP", session_->full_dumps);
    keep(observe_dump(name, file), std::move(artefact));
  }

  void crash_found(const windows::CrashLeftovers& leftovers) override {
    const Platform& platform = session_->platform;
    const auto submission = windows::kernel_report(
        session_->config.platform, session_->config.os,
        {platform.machine_name, platform.user_name, platform.lcid, platform.application_company}, leftovers);
    if (submission) {
      send(*submission);
    } else {
      session_->failure = submission.error();
    }
  }

  void send(const wer_client::Submission& submission) {
    for (Observation& observation : session_->sender.send(submission)) keep(std::move(observation), {});
  }

  void keep(Observation observation, std::string artefact) {
    observation.time = session_->clock.now();
    if (!artefact.empty()) observation.artefact = std::move(artefact);
    session_->observations.push_back(std::move(observation));
  }

  std::unique_ptr<Session> session_;
};

}  // namespace

std::unique_ptr<Target> make_simulated_target() {
  return std::make_unique<SimulatedTarget>();
}

}  // namespace wheatstone::inject
