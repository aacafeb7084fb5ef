#include "formats/dump/kernel_data.hpp"

#include <algorithm>

#include "formats/dump/debugger_data.hpp"

namespace wheatstone::dump {

Buffer make_kernel_data(const Machine& machine, const BugCheck& bug_check) {
  Buffer bytes(kKernelDataSize);
  const std::uint64_t base = kernel_data(machine);
  const unsigned word = machine.is_64bit ? 8 : 4;
  // The debugger data block has 64-bit fields on every system.
  const auto extended = [&](std::uint64_t address) -> std::uint64_t {
    if (machine.is_64bit || (address & 0x80000000) == 0) return address;
    return address | 0xffffffff00000000;
  };

  auto block =
      *layout::Editor<DebuggerData>::make(kDebuggerData, MutableBytes(bytes).first(kDebuggerDataSize));
  block.set(DebuggerData::kFlink, extended(base + kDebuggerDataListAt));
  block.set(DebuggerData::kBlink, extended(base + kDebuggerDataListAt));
  store_le<std::uint32_t>(bytes.data() + DebuggerData::kOwnerTagOffset, kDebuggerDataTag);
  block.set(DebuggerData::kSize, kDebuggerDataSize);
  block.set(DebuggerData::kKernBase, extended(kernel_base(machine)));
  block.set(DebuggerData::kPsLoadedModuleList, extended(base + kPsLoadedModuleListAt));
  block.set(DebuggerData::kPsActiveProcessHead, extended(base + kPsActiveProcessHeadAt));
  block.set(DebuggerData::kKiBugCheckData, extended(base + kKiBugCheckDataAt));
  if (!machine.build_lab.empty()) block.set(DebuggerData::kNtBuildLab, extended(base + kNtBuildLabAt));

  // The list of debugger data blocks has one element; it is made of the block's own 64-bit entries.
  store_le<std::uint64_t>(bytes.data() + kDebuggerDataListAt, extended(base));
  store_le<std::uint64_t>(bytes.data() + kDebuggerDataListAt + 8, extended(base));
  for (const std::uint32_t head : {kPsLoadedModuleListAt, kPsActiveProcessHeadAt}) {
    store_le(bytes.data() + head, base + head, word);
    store_le(bytes.data() + head + word, base + head, word);
  }
  store_le(bytes.data() + kKiBugCheckDataAt, bug_check.code, word);
  for (unsigned i = 0; i < 4; ++i)
    store_le(bytes.data() + kKiBugCheckDataAt + (i + 1) * word, bug_check.parameters[i], word);
  std::copy_n(machine.build_lab.begin(), std::min(machine.build_lab.size(), kLongestBuildLab),
              bytes.begin() + kNtBuildLabAt);
  return bytes;
}

}  // namespace wheatstone::dump
