// The kernel's variables that a debugger starts from: KDDEBUGGER_DATA64 and what it points at. There is no
// kernel image behind them; lists are empty and addresses of what is not there are zero.
#pragma once

#include <cstdint>

#include "formats/dump/bug_check.hpp"
#include "formats/dump/machine.hpp"
#include "formats/layout/bytes.hpp"

namespace wheatstone::dump {

// Offsets from kernel_data(machine).
inline constexpr std::uint32_t kDebuggerDataListAt = 0x400;     // list head of debugger data blocks
inline constexpr std::uint32_t kPsLoadedModuleListAt = 0x410;   // empty list head
inline constexpr std::uint32_t kPsActiveProcessHeadAt = 0x420;  // empty list head
inline constexpr std::uint32_t kKiBugCheckDataAt = 0x430;  // code and four parameters, a machine word each
inline constexpr std::uint32_t kNtBuildLabAt = 0x480;      // text, NUL terminated
inline constexpr std::uint32_t kKernelDataSize = 0x500;
inline constexpr std::size_t kLongestBuildLab = kKernelDataSize - kNtBuildLabAt - 1;

// kKernelDataSize bytes to be placed at kernel_data(machine): the debugger data block first. A build lab that
// is too long is cut. REQUIRES: addresses and parameters fit the machine's words.
Buffer make_kernel_data(const Machine& machine, const BugCheck& bug_check);

}  // namespace wheatstone::dump
