#include "mocks/windows/pshed.hpp"

#include "formats/cper/header.hpp"

namespace wheatstone::windows {
namespace {

constexpr std::uint32_t kPacketHeader = 80;
constexpr std::uint16_t kPersistenceSignature = 0x5245;  // stored as the bytes 45 52, "ER"
constexpr std::uint64_t kSignatureMask = 0xffff;

NtStatus from_erst(ErstStatus status) {
  switch (status) {
    case ErstStatus::success:
      return NtStatus::success;
    case ErstStatus::record_store_empty:
    case ErstStatus::record_not_found:
      return NtStatus::object_not_found;
    default:
      return NtStatus::unsuccessful;
  }
}

void mark_persistent(MutableBytes record) {
  const auto header = layout::View<cper::Header>::make(cper::kRecordHeader, record);
  auto edit = layout::Editor<cper::Header>::make(cper::kRecordHeader, record);
  if (!header || !edit) return;
  edit->set(cper::Header::kPersistenceInfo,
            ((*header)[cper::Header::kPersistenceInfo] & ~kSignatureMask) | kPersistenceSignature);
}

// Runs a callback that may change `bytes`, and takes the change back if it fails or is too long.
template <class Callback>
NtStatus change_within(std::uint64_t limit, Buffer& bytes, Callback callback) {
  Buffer before = bytes;
  NtStatus status = callback(bytes);
  if (status == NtStatus::success && bytes.size() > limit) status = NtStatus::buffer_too_small;
  if (status != NtStatus::success) bytes = std::move(before);
  return status;
}

}  // namespace

NtStatus PshedPlugin::retrieve_error_info(const ErrorSourceDescriptor&, std::uint64_t, Buffer&) {
  return NtStatus::not_supported;
}
NtStatus PshedPlugin::finalize_error_record(const ErrorSourceDescriptor&, std::uint32_t, Buffer&) {
  return NtStatus::not_supported;
}
NtStatus PshedPlugin::clear_error_status(const ErrorSourceDescriptor&, Bytes) {
  return NtStatus::not_supported;
}
NtStatus PshedPlugin::write_error_record(std::uint32_t, Bytes) {
  return NtStatus::unsuccessful;
}
NtStatus PshedPlugin::read_error_record(std::uint64_t, std::uint64_t&, Buffer&) {
  return NtStatus::object_not_found;
}
NtStatus PshedPlugin::clear_error_record(std::uint64_t) {
  return NtStatus::unsuccessful;
}
NtStatus PshedPlugin::attempt_recovery(Bytes) {
  return NtStatus::unsuccessful;
}

NtStatus Pshed::retrieve_error_info(const ErrorSource& source, Buffer& packet) {
  if (!plugin_does(kAreaErrorInfoRetrieval)) return NtStatus::success;
  const std::uint64_t limit = kPacketHeader + std::uint64_t{source.descriptor().max_raw_data_length};
  return change_within(limit, packet, [&](Buffer& bytes) {
    return plugin_->retrieve_error_info(source.descriptor(), limit, bytes);
  });
}

NtStatus Pshed::finalize_error_record(const ErrorSource& source, Buffer& record) {
  if (!plugin_does(kAreaErrorInfoRetrieval)) return NtStatus::success;
  const std::uint32_t limit = source.max_record();
  return change_within(limit, record, [&](Buffer& bytes) {
    return plugin_->finalize_error_record(source.descriptor(), limit, bytes);
  });
}

NtStatus Pshed::clear_error_status(const ErrorSource& source, Bytes record) {
  if (!plugin_does(kAreaErrorInfoRetrieval)) return NtStatus::success;
  return plugin_->clear_error_status(source.descriptor(), record);
}

NtStatus Pshed::write_error_record(std::uint32_t flags, Buffer& record) {
  if (plugin_does(kAreaErrorRecordPersistence)) return plugin_->write_error_record(flags, record);
  if (store_ == nullptr) return NtStatus::not_supported;
  mark_persistent(record);
  return from_erst((flags & kDummyWrite) != 0 ? store_->dummy_write(record) : store_->write(record));
}

NtStatus Pshed::read_error_record(std::uint64_t id, std::uint64_t& next, Buffer& record) {
  if (plugin_does(kAreaErrorRecordPersistence)) return plugin_->read_error_record(id, next, record);
  if (store_ == nullptr) return NtStatus::object_not_found;
  RecordStore::Read read = store_->read(id);
  if (read.status != ErstStatus::success) return from_erst(read.status);
  record = std::move(read.record);
  next = read.next;
  if (next == RecordStore::kNoRecord)
    next = (*layout::View<cper::Header>::make(cper::kRecordHeader, record))[cper::Header::kRecordId];
  return NtStatus::success;
}

NtStatus Pshed::clear_error_record(std::uint64_t id) {
  if (plugin_does(kAreaErrorRecordPersistence)) return plugin_->clear_error_record(id);
  return store_ == nullptr ? NtStatus::not_supported : from_erst(store_->clear(id));
}

NtStatus Pshed::attempt_recovery(Bytes record) {
  return plugin_does(kAreaErrorRecovery) ? plugin_->attempt_recovery(record) : NtStatus::unsuccessful;
}

}  // namespace wheatstone::windows
