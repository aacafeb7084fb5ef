#include "mocks/windows/machine_check.hpp"

#include <algorithm>

#include "formats/cper/sections/processor_generic.hpp"
#include "formats/cper/sections/recovery_info.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "formats/cper/sections/xpf_processor.hpp"
#include "formats/layout/walk.hpp"
#include "formats/whea/mca.hpp"
#include "formats/whea/mca_exception.hpp"

namespace wheatstone::windows {
namespace {

using cper::XpfMca;

// ---- the forms with extra banks
constexpr std::size_t kExBankCount = 292;
constexpr std::size_t kExBanks = 296;
constexpr std::size_t kBankNumberSize = 4, kBankRegisterSize = 8, kBankRegisters = 3;
constexpr std::size_t kExBankSize = kBankNumberSize + kBankRegisters * kBankRegisterSize;
static_assert(kExBanks + 32 * kExBankSize == 1192 && kExBanks + 64 * kExBankSize == 2088);

std::size_t extra_banks(std::size_t mca_length) {
  return mca_length < kExBanks ? 0 : (mca_length - kExBanks) / kExBankSize;
}

// The arrays stand one behind the other, so their places depend on how many banks the form has.
void copy_extra_banks(Bytes from, MutableBytes to) {
  const std::size_t have = extra_banks(from.size()), room = extra_banks(to.size());
  if (have == 0 || room == 0) return;
  const auto count = load_le<std::uint32_t>(from.data() + kExBankCount);
  store_le<std::uint32_t>(to.data() + kExBankCount, std::min(count, static_cast<std::uint32_t>(room)));
  std::size_t source = kExBanks, target = kExBanks;
  for (std::size_t array = 0; array <= kBankRegisters; ++array) {
    const std::size_t size = array == 0 ? kBankNumberSize : kBankRegisterSize;
    std::ranges::copy(from.subspan(source, std::min(have, room) * size),
                      to.begin() + static_cast<std::ptrdiff_t>(target));
    source += have * size;
    target += room * size;
  }
}

// CPUID leaf 1 of one common processor of each vendor. AMD: family 19h model 21h, as in real records.
struct Leaf1 {
  std::uint32_t eax, ecx, edx;
};
Leaf1 leaf1(CpuVendor vendor) {
  switch (vendor) {
    case CpuVendor::amd:
      return {0x00a20f10, 0x7ef8320b, 0x178bfbff};
    case CpuVendor::intel:
      return {0x000906ea, 0x7ffafbbf, 0xbfebfbff};
    default:
      return {0, 0, 0};
  }
}

constexpr std::uint64_t kGenericValid = 0x17f;  // all up to CPUVersion, and ProcessorId
constexpr std::uint8_t kInstructionSetX86 = 0, kInstructionSetX64 = 2;

layout::View<XpfMca> view(Bytes mca) {
  return *layout::View<XpfMca>::make(cper::kXpfMcaV1, mca);
}

whea::McaCode decode(Bytes mca) {
  return whea::decode_mca(view(mca)[XpfMca::kStatus], view(mca)[XpfMca::kCpuVendor]);
}

}  // namespace

Buffer relay_mca(const Platform& platform, Bytes mca, FileTime now) {
  if (mca.size() < cper::kXpfMcaV1.min) return Buffer(mca.begin(), mca.end());
  Buffer out(platform.profile->mca_length, 0);
  const std::size_t plain = std::min({mca.size(), out.size(), kExBankCount});
  std::copy_n(mca.begin(), plain, out.begin());
  copy_extra_banks(mca, out);

  const auto given = view(mca);
  auto edit = *layout::Editor<XpfMca>::make(cper::kXpfMcaV1, out);
  edit.set(XpfMca::kVersionNumber, platform.profile->mca_version);
  if (given[XpfMca::kTimestamp] == 0) edit.set(XpfMca::kTimestamp, now.ticks);
  if (given[XpfMca::kCpuVendor] == cper::kCpuVendorOther)
    edit.set(XpfMca::kCpuVendor, static_cast<std::uint32_t>(platform.cpu_vendor));
  if (given[XpfMca::kApicId] == 0) edit.set(XpfMca::kApicId, given[XpfMca::kProcessorNumber]);
  return out;
}

Buffer processor_generic(const Platform& platform, Bytes mca) {
  using cper::ProcessorGeneric;
  const whea::McaProcessorFields fields = decode(mca).processor();
  Buffer out(cper::kProcessorGeneric.size, 0);
  auto edit = *layout::Editor<ProcessorGeneric>::make(cper::kProcessorGeneric, out);
  edit.set(ProcessorGeneric::kValidBits, kGenericValid);
  edit.set(ProcessorGeneric::kInstructionSet, platform.is_64bit ? kInstructionSetX64 : kInstructionSetX86);
  edit.set(ProcessorGeneric::kErrorType, fields.error_type);
  edit.set(ProcessorGeneric::kOperation, fields.operation);
  edit.set(ProcessorGeneric::kLevel, fields.level);
  edit.set(ProcessorGeneric::kCpuVersion, leaf1(platform.cpu_vendor).eax);
  edit.set(ProcessorGeneric::kProcessorId, view(mca)[XpfMca::kApicId]);
  return out;
}

Buffer xpf_processor(const Platform& platform, Bytes mca) {
  constexpr std::uint64_t kApicAndCpuIdValid = 3, kOneProcInfo = 1 << 2, kCheckInfoValid = 1;
  const std::uint32_t apic = view(mca)[XpfMca::kApicId];
  const Leaf1 cpuid = leaf1(platform.cpu_vendor);
  constexpr std::uint32_t kCacheLine = 8 << 8;  // EBX bits 8-15, in units of 8 bytes
  Buffer out(cper::kXpfProcessor.size + cper::kXpfProcInfo.size, 0);
  store_le<std::uint64_t>(out.data(), kApicAndCpuIdValid | kOneProcInfo);
  store_le<std::uint64_t>(out.data() + 8, apic);
  store_le<std::uint32_t>(out.data() + 16, cpuid.eax);
  store_le<std::uint32_t>(out.data() + 20, apic << 24 | (platform.processors & 0xff) << 16 | kCacheLine);
  store_le<std::uint32_t>(out.data() + 24, cpuid.ecx);
  store_le<std::uint32_t>(out.data() + 28, cpuid.edx);
  if (const auto check = decode(mca).check_info()) {
    std::uint8_t* info = out.data() + cper::kXpfProcessor.size;
    std::ranges::copy(check->id.bytes, info);
    store_le<std::uint64_t>(info + 16, kCheckInfoValid);
    store_le<std::uint64_t>(info + 24, check->word);
  }
  return out;
}

Buffer mca_exception(Bytes mca) {
  namespace at = whea::mca_exception;
  constexpr std::uint32_t kVersion = 2;
  const auto from = view(mca);
  Buffer out(cper::kMcaException.size, 0);
  const auto set = [&out](layout::Ref field, std::uint64_t value) {
    store_le(&out[field.offset], value, field.bytes);
  };
  set(at::kVersion, kVersion);
  set(at::kType, at::kMca);
  set(at::kTimeStamp, from[XpfMca::kTimestamp]);
  set(at::kProcessor, from[XpfMca::kProcessorNumber]);
  set(at::kBank, from[XpfMca::kBankNumber]);
  set(at::kStatus, from[XpfMca::kStatus]);
  set(at::kAddress, from[XpfMca::kAddress]);
  set(at::kMisc, from[XpfMca::kMisc]);
  using cper::tables::kMcaCommonFields;
  set(at::kExtendedCount, layout::load(mca, layout::ref(kMcaCommonFields, "ExtendedRegisterCount")));
  constexpr const layout::Field& kRegisters = layout::find(kMcaCommonFields, "ExtendedRegisters");
  std::ranges::copy(mca.subspan(kRegisters.offset, kRegisters.size),
                    &out[layout::find(cper::tables::kMcaExceptionFields, "ExtReg").offset]);
  return out;
}

Buffer recovery_info() {
  constexpr std::uint64_t kNoneAttempted = 1;
  constexpr std::uint8_t kNoIrql = 0xff;
  Buffer out(cper::kRecoveryInfo.size, 0);
  auto edit = *layout::Editor<cper::RecoveryInfo>::make(cper::kRecoveryInfo, out);
  edit.set(cper::RecoveryInfo::kRecoveryAction, kNoneAttempted);
  edit.set(cper::RecoveryInfo::kIrql, kNoIrql);
  return out;
}

}  // namespace wheatstone::windows
