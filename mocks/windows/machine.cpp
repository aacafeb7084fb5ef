#include "mocks/windows/machine.hpp"

#include <array>
#include <utility>

#include "formats/dump/memory_run.hpp"

namespace wheatstone::windows {
namespace {

// The region that nonpaged pool is placed in: 256 GiB at the start of the system half (x64), 256 MiB (x86).
constexpr std::uint64_t kPool64 = 0xffff800000000000, kPool64Span = std::uint64_t{1} << 38;
constexpr std::uint64_t kPool32 = 0x84000000, kPool32Span = std::uint64_t{1} << 28;

std::uint64_t place_pool(bool is_64bit, Random& random) {
  std::array<std::uint8_t, 8> bytes;
  random.fill(bytes);
  const std::uint64_t offset = load_le<std::uint64_t>(bytes.data()) & ~(dump::kPageSize - 1);
  return is_64bit ? kPool64 + offset % kPool64Span : kPool32 + offset % kPool32Span;
}

}  // namespace

Machine::Machine(const MachineConfig& config, VirtualClock& clock, Random& random, MachineWitness& witness)
    : config_(config),
      clock_(clock),
      random_(random),
      witness_(witness),
      pshed_(config.has_erst ? &store_ : nullptr, config.plugin) {}

Result<void> Machine::boot() {
  return start();
}

Result<void> Machine::start() {
  auto sources = ErrorSourceTable::discover(config_.platform, config_.sources);
  if (!sources) return std::unexpected(sources.error());
  sources_ = std::move(*sources);
  started_ = clock_.now();
  kernel_.emplace(config_.platform, *sources_, pshed_, clock_, witness_,
                  place_pool(config_.platform.is_64bit, random_));
  witness_.booted(++boots_, *sources_);
  kernel_->report_previous_errors();
  if (!leftovers_.empty()) report_at_ = clock_.now() + kReportDelay;
  return {};
}

Result<NtStatus> Machine::report(const HardwareError& error) {
  if (!kernel_) return fail(ErrorKind::invalid_argument, "the system does not run");
  const ErrorSource* source = sources_->find(error.source);
  const std::uint32_t id = source == nullptr ? 0 : source->descriptor().id;
  const auto report = handle_error(config_.platform, error, id, clock_.now());
  if (!report) return std::unexpected(report.error());
  return finish(kernel_->report_hw_error(*report));
}

Result<NtStatus> Machine::report_packet(Bytes packet) {
  if (!kernel_) return fail(ErrorKind::invalid_argument, "the system does not run");
  return finish(kernel_->report_hw_error(hand_over(config_.platform, packet)));
}

Result<NtStatus> Machine::report(whea::ErrorSourceType source, Bytes record) {
  if (!kernel_) return fail(ErrorKind::invalid_argument, "the system does not run");
  return finish(kernel_->report_record(source, record));
}

Result<NtStatus> Machine::finish(Kernel::Outcome outcome) {
  if (!outcome.stop) return outcome.status;
  if (const auto stopped = stop(*outcome.stop); !stopped) return std::unexpected(stopped.error());
  return NtStatus::success;
}

Result<void> Machine::bug_check(const dump::BugCheck& bug_check) {
  if (!kernel_) return fail(ErrorKind::invalid_argument, "the system does not run");
  return stop({bug_check, {}, 0});
}

Result<void> Machine::stop(const Stop& stop) {
  const FileTime now = clock_.now();
  auto dumps = write_dumps(config_.platform, config_.os, stop, started_, now);
  if (!dumps) return std::unexpected(dumps.error());
  witness_.stopped(stop.bug_check);
  const std::string name = small_dump_name(now, next_dump_number(now));
  witness_.dump_written(kFullDumpName, dumps->full);
  witness_.dump_written(name, dumps->small);
  leftovers_.push_back({stop.bug_check, now, name, std::move(dumps->small)});
  kernel_.reset();
  report_at_.reset();
  restart_at_ = now + kRestartTime;
  return {};
}

unsigned Machine::next_dump_number(FileTime now) {
  const CivilTime time = to_civil(now);
  const CivilTime day{.year = time.year, .month = time.month, .day = time.day};
  dumps_of_day_ = day == last_dump_day_ ? dumps_of_day_ + 1 : 1;
  last_dump_day_ = day;
  return dumps_of_day_;
}

Result<void> Machine::run_until(FileTime deadline) {
  while (true) {
    if (restart_at_ && *restart_at_ <= deadline) {
      clock_.advance_to(*restart_at_);
      restart_at_.reset();
      if (auto started = start(); !started) return started;
    } else if (report_at_ && *report_at_ <= deadline) {
      clock_.advance_to(*report_at_);
      report_at_.reset();
      for (const CrashLeftovers& leftovers : std::exchange(leftovers_, {})) witness_.crash_found(leftovers);
    } else {
      break;
    }
  }
  clock_.advance_to(deadline);
  return {};
}

Result<void> Machine::run_until_up() {
  return restart_at_ ? run_until(*restart_at_) : Result<void>{};
}

}  // namespace wheatstone::windows
