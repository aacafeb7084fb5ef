// KDDEBUGGER_DATA64: where a debugger finds the kernel's variables. 32-bit systems have the same block, with
// addresses sign-extended to 64 bits. README rules 15 and 16.
#pragma once

#include <cstdint>

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::dump {

inline constexpr std::uint32_t kDebuggerDataTag = 0x4742444b;  // "KDBG"
inline constexpr std::uint32_t kDebuggerDataSize = 0x380;      // since Windows 10
inline constexpr std::uint32_t kDebuggerDataMin = 0x340;       // Windows 7

namespace tables {
using namespace layout;

inline constexpr Field kDebuggerDataFields[] = {
    u64(0x000, "List.Flink").hex(),
    u64(0x008, "List.Blink").hex(),
    ascii(0x010, 4, "OwnerTag"),
    u32(0x014, "Size").unit("bytes"),
    u64(0x018, "KernBase").hex(),
    raw(0x020, 0x28, "Unread0"),
    u64(0x048, "PsLoadedModuleList").hex(),
    u64(0x050, "PsActiveProcessHead").hex(),
    raw(0x058, 0x30, "Unread1"),
    u64(0x088, "KiBugCheckData").hex().about("address of five machine words: the code and its parameters"),
    raw(0x090, 0x30, "Unread2"),
    u64(0x0c0, "MmPfnDatabase").hex(),
    raw(0x0c8, 0x140, "Unread3"),
    u64(0x208, "NtBuildLab").hex(),
    raw(0x210, 8, "Unread4"),
    u64(0x218, "KiProcessorBlock").hex(),
    u64(0x220, "MmUnloadedDrivers").hex(),
    raw(0x228, 0x48, "Unread5"),
    u64(0x270, "MmPhysicalMemoryBlock").hex(),
    raw(0x278, 0xc0, "Unread6"),
    u16(0x338, "OffsetPrcbContext").hex(),
    raw(0x33a, 0x46, "Unread7"),
};
}  // namespace tables

inline constexpr layout::Layout kDebuggerData{.name = "DebuggerData",
                                              .structure = "KDDEBUGGER_DATA64",
                                              .clause = "WDK wdbgexts.h, README rule 15",
                                              .min = kDebuggerDataMin,
                                              .size = kDebuggerDataSize,
                                              .fields = tables::kDebuggerDataFields};
static_assert(layout::check(kDebuggerData));

struct DebuggerData {
  static constexpr auto kFlink = layout::handle<DebuggerData, std::uint64_t>(kDebuggerData, "List.Flink");
  static constexpr auto kBlink = layout::handle<DebuggerData, std::uint64_t>(kDebuggerData, "List.Blink");
  static constexpr auto kSize = layout::handle<DebuggerData, std::uint32_t>(kDebuggerData, "Size");
  static constexpr auto kKernBase = layout::handle<DebuggerData, std::uint64_t>(kDebuggerData, "KernBase");
  static constexpr auto kPsLoadedModuleList =
      layout::handle<DebuggerData, std::uint64_t>(kDebuggerData, "PsLoadedModuleList");
  static constexpr auto kPsActiveProcessHead =
      layout::handle<DebuggerData, std::uint64_t>(kDebuggerData, "PsActiveProcessHead");
  static constexpr auto kKiBugCheckData =
      layout::handle<DebuggerData, std::uint64_t>(kDebuggerData, "KiBugCheckData");
  static constexpr auto kNtBuildLab =
      layout::handle<DebuggerData, std::uint64_t>(kDebuggerData, "NtBuildLab");
  static constexpr std::uint32_t kOwnerTagOffset = 0x10;
};

}  // namespace wheatstone::dump
