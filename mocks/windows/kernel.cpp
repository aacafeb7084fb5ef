#include "mocks/windows/kernel.hpp"

#include <algorithm>
#include <set>

#include "formats/cper/header.hpp"
#include "formats/whea/bug_check.hpp"
#include "formats/whea/packet.hpp"
#include "mocks/windows/record_builder.hpp"
#include "mocks/windows/reported_packet.hpp"

namespace wheatstone::windows {
namespace {

using cper::Header;
using cper::Severity;
using whea::ErrorSourceType;

constexpr std::uint64_t kUnknownSource = 9, kNoRecordAvailable = 0xa, kRecordNotFilled = 0xb;  // 0x122, P1

bool is_uncorrected(Severity severity) {
  return severity == Severity::fatal || severity == Severity::recoverable;
}

Stop internal_error(std::uint64_t reason, ErrorSourceType type, std::uint32_t id) {
  return {{whea::kBugCheckWheaInternalError, {reason, static_cast<std::uint64_t>(type), id, 0}}, {}, 0};
}

// The end of a report that could not be processed: only an uncorrected error stops the system.
Kernel::Outcome give_up(Severity severity, NtStatus status, std::uint64_t reason, ErrorSourceType type,
                        std::uint32_t id) {
  if (!is_uncorrected(severity)) return {status, std::nullopt};
  return {status, internal_error(reason, type, id)};
}

// What a device driver gave with its packet for the bug check.
std::array<std::uint64_t, 2> driver_parameters(const whea::Packet& packet) {
  if (packet.log_data().empty()) return {};
  using cper::tables::kPacketLogDataFields;
  return {layout::load(packet.log_data(), layout::ref(kPacketLogDataFields, "BcParam3")),
          layout::load(packet.log_data(), layout::ref(kPacketLogDataFields, "BcParam4"))};
}

layout::View<Header> header_of(Bytes record) {
  return *layout::View<Header>::make(cper::kRecordHeader, record);
}

void add_header_flags(MutableBytes record, std::uint32_t flags) {
  auto edit = *layout::Editor<Header>::make(cper::kRecordHeader, record);
  edit.set(Header::kFlags, header_of(record)[Header::kFlags] | flags);
}

}  // namespace

Kernel::Kernel(const Platform& platform, ErrorSourceTable& sources, Pshed& pshed, const Clock& clock,
               KernelWitness& witness, std::uint64_t pool)
    : platform_(platform),
      sources_(sources),
      pshed_(pshed),
      clock_(clock),
      witness_(witness),
      pool_(pool),
      next_record_id_(clock.now().ticks) {}

std::uint64_t Kernel::record_address(const ErrorSource& source) const noexcept {
  constexpr std::uint32_t kWindows8 = 9200;
  const std::uint64_t wrapper = platform_.profile->build < kWindows8 ? 0x30 : 0x28;
  std::uint64_t at = pool_;
  for (const ErrorSource& other : sources_.sources()) {
    if (&other == &source) break;
    at += std::uint64_t{other.record_length()} * other.descriptor().records_to_preallocate;
  }
  return source.descriptor().records_to_preallocate == 0 ? 0 : at + wrapper;
}

Kernel::Outcome Kernel::report_hw_error(const ErrorReport& report) {
  const whea::Packet packet = whea::Packet::decode(report.packet);
  const auto reported = read_packet(platform_, packet);
  if (!reported) return {NtStatus::invalid_parameter, std::nullopt};
  const auto [severity, type, id, flags, notify_type] = *reported;
  const bool previous = (flags & whea::kPacketPreviousError) != 0;
  if (severity == Severity::informational && type != ErrorSourceType::device_driver)
    return {NtStatus::success, std::nullopt};

  ErrorSource* source = sources_.find(type, id);
  if (source == nullptr) return give_up(severity, NtStatus::not_found, kUnknownSource, type, id);
  source->count_error();
  if (!source->take_record())
    return give_up(severity, NtStatus::insufficient_resources, kNoRecordAvailable, type, id);

  ErrorReport retrieved = report;
  pshed_.retrieve_error_info(*source, retrieved.packet);
  auto record = create_record(platform_, retrieved, next_record_id_, clock_.now());
  const bool filled = record && record->size() <= std::min<std::size_t>(source->max_record(), kMaxRecord) &&
                      (*layout::View<Header>::make(cper::kRecordHeader, *record))[Header::kSectionCount] <=
                          source->descriptor().max_sections_per_record;
  if (!filled) {
    source->give_record_back();
    return give_up(severity, NtStatus::unsuccessful, kRecordNotFilled, type, id);
  }
  ++next_record_id_;
  Outcome outcome = process(*source, std::move(*record), previous, {false, driver_parameters(packet)});
  source->give_record_back();
  return outcome;
}

Kernel::Outcome Kernel::report_record(ErrorSourceType type, Bytes record) {
  if (record.size() < cper::kHeaderSize || record.size() > kMaxRecord)
    return {NtStatus::invalid_parameter, std::nullopt};
  const auto severity = static_cast<Severity>(header_of(record)[Header::kSeverity]);
  const bool previous =
      type == ErrorSourceType::boot || (header_of(record)[Header::kFlags] & cper::kFlagPreviousError) != 0;
  if (severity == Severity::informational && !previous && type != ErrorSourceType::device_driver) return {};

  ErrorSource* source = sources_.find(type);
  if (source == nullptr) return give_up(severity, NtStatus::not_found, kUnknownSource, type, 0);
  source->count_error();
  if (!source->take_record())
    return give_up(severity, NtStatus::insufficient_resources, kNoRecordAvailable, type,
                   source->descriptor().id);
  Outcome outcome = process(*source, Buffer(record.begin(), record.end()), previous, {true, {}});
  source->give_record_back();
  return outcome;
}

Kernel::Outcome Kernel::process(ErrorSource& source, Buffer record, bool previous_error,
                                const Origin& origin) {
  if (previous_error) {
    witness_.record_written(record, source.descriptor());
    log(record);
    return {};
  }
  if (!origin.as_it_is && !ignore_dummy_write_)
    ignore_dummy_write_ = pshed_.write_error_record(kDummyWrite, record) != NtStatus::success;
  if (!origin.as_it_is) pshed_.finalize_error_record(source, record);
  switch (static_cast<Severity>(header_of(record)[Header::kSeverity])) {
    case Severity::fatal:
      return stop_with_record(source, record, origin);
    case Severity::recoverable:
      return recover(source, record, origin);
    default:
      finish_corrected(source, record);
      return {};
  }
}

Kernel::Outcome Kernel::recover(ErrorSource& source, Buffer& record, const Origin& origin) {
  if (pshed_.attempt_recovery(record) != NtStatus::success) return stop_with_record(source, record, origin);
  auto edit = *layout::Editor<Header>::make(cper::kRecordHeader, record);
  edit.set(Header::kSeverity, static_cast<std::uint32_t>(Severity::corrected));
  add_header_flags(record, cper::kFlagRecovered);
  finish_corrected(source, record);
  return {};
}

void Kernel::finish_corrected(const ErrorSource& source, Buffer& record) {
  pshed_.clear_error_status(source, record);
  witness_.record_written(record, source.descriptor());
  log(record);
}

Kernel::Outcome Kernel::stop_with_record(const ErrorSource& source, Buffer& record, const Origin& origin) {
  if (origin.as_it_is) {
    Buffer copy = record;
    pshed_.write_error_record(0, copy);
  } else {
    pshed_.write_error_record(0, record);
  }
  witness_.record_written(record, source.descriptor());
  const std::uint64_t address = record_address(source);
  const auto bug_check = whea::bug_check_for(source.descriptor().type, cper::Record::decode(record), address,
                                             {.build = platform_.profile->build, .driver = origin.driver});
  if (!bug_check) return {};
  return {NtStatus::success, Stop{*bug_check, std::move(record), address}};
}

void Kernel::report_previous_errors() {
  std::set<std::uint64_t> seen;
  std::uint64_t id = RecordStore::kFirstRecord;
  while (true) {
    std::uint64_t next = id;
    Buffer record;
    if (pshed_.read_error_record(id, next, record) != NtStatus::success) break;
    if (record.size() < cper::kHeaderSize) break;
    if (!seen.insert(header_of(record)[Header::kRecordId]).second) break;
    add_header_flags(record, cper::kFlagPreviousError);
    if (ErrorSource* boot = sources_.find(ErrorSourceType::boot)) boot->count_error();
    log(record);
    id = next;
  }
  for (const std::uint64_t done : seen) pshed_.clear_error_record(done);
}

void Kernel::log(Bytes bytes) {
  const cper::Record record = cper::Record::decode(bytes);
  witness_.event_logged(whea::kernel_whea_event(record));
  witness_.event_logged(whea::logger_event(record, platform_.profile->build));
}

}  // namespace wheatstone::windows
