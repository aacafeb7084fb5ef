// The registers of a processor and the exception that stopped it, as a 64-bit dump header carries them.
// Source: CONTEXT of AMD64 (winnt.h), EXCEPTION_RECORD64, EXCEPTION_RECORD32.
#pragma once

#include <cstdint>

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::dump {

namespace tables {
using namespace layout;

inline constexpr Bit kContextFlags[] = {{0, 1, "Control"},       {1, 1, "Integer"}, {2, 1, "Segments"},
                                        {3, 1, "FloatingPoint"}, {4, 1, "Debug"},   {20, 1, "Amd64"}};

inline constexpr Field kContextFields[] = {
    list(0x00, "PHome", 6, 8).hex(),
    u32(0x30, "ContextFlags").bits(kContextFlags),
    u32(0x34, "MxCsr").hex(),
    u16(0x38, "SegCs").hex(),
    u16(0x3a, "SegDs").hex(),
    u16(0x3c, "SegEs").hex(),
    u16(0x3e, "SegFs").hex(),
    u16(0x40, "SegGs").hex(),
    u16(0x42, "SegSs").hex(),
    u32(0x44, "EFlags").hex(),
    u64(0x48, "Dr0").hex(),
    u64(0x50, "Dr1").hex(),
    u64(0x58, "Dr2").hex(),
    u64(0x60, "Dr3").hex(),
    u64(0x68, "Dr6").hex(),
    u64(0x70, "Dr7").hex(),
    u64(0x78, "Rax").hex(),
    u64(0x80, "Rcx").hex(),
    u64(0x88, "Rdx").hex(),
    u64(0x90, "Rbx").hex(),
    u64(0x98, "Rsp").hex(),
    u64(0xa0, "Rbp").hex(),
    u64(0xa8, "Rsi").hex(),
    u64(0xb0, "Rdi").hex(),
    u64(0xb8, "R8").hex(),
    u64(0xc0, "R9").hex(),
    u64(0xc8, "R10").hex(),
    u64(0xd0, "R11").hex(),
    u64(0xd8, "R12").hex(),
    u64(0xe0, "R13").hex(),
    u64(0xe8, "R14").hex(),
    u64(0xf0, "R15").hex(),
    u64(0xf8, "Rip").hex(),
    u16(0x100, "FltSave.ControlWord").hex(),
    u16(0x102, "FltSave.StatusWord").hex(),
    u8(0x104, "FltSave.TagWord").hex(),
    raw(0x105, 0x13, "FltSave.LastInstruction"),
    u32(0x118, "FltSave.MxCsr").hex(),
    u32(0x11c, "FltSave.MxCsrMask").hex(),
    raw(0x120, 0x80, "FltSave.FloatRegisters"),
    raw(0x1a0, 0x100, "FltSave.XmmRegisters"),
    raw(0x2a0, 0x60, "FltSave.Unused"),
    raw(0x300, 26 * 16, "VectorRegister"),
    u64(0x4a0, "VectorControl").hex(),
    u64(0x4a8, "DebugControl").hex(),
    u64(0x4b0, "LastBranchToRip").hex(),
    u64(0x4b8, "LastBranchFromRip").hex(),
    u64(0x4c0, "LastExceptionToRip").hex(),
    u64(0x4c8, "LastExceptionFromRip").hex(),
};
inline constexpr Tail kContextTail[] = {rest("Unused")};

inline constexpr Field kException64Fields[] = {
    u32(0x00, "ExceptionCode").hex(),
    u32(0x04, "ExceptionFlags").hex(),
    u64(0x08, "ExceptionRecord").hex(),
    u64(0x10, "ExceptionAddress").hex(),
    u32(0x18, "NumberParameters"),
    pad(0x1c, 4),
    list(0x20, "ExceptionInformation", 15, 8).hex(),
};

inline constexpr Field kException32Fields[] = {
    u32(0x00, "ExceptionCode").hex(),   u32(0x04, "ExceptionFlags").hex(),
    u32(0x08, "ExceptionRecord").hex(), u32(0x0c, "ExceptionAddress").hex(),
    u32(0x10, "NumberParameters"),      list(0x14, "ExceptionInformation", 15, 4).hex(),
};
}  // namespace tables

inline constexpr layout::Layout kContextAmd64{.name = "ContextAmd64",
                                              .structure = "CONTEXT",
                                              .clause = "winnt.h, AMD64",
                                              .min = 0x4d0,
                                              .size = 0x4d0,
                                              .fields = tables::kContextFields,
                                              .tail = tables::kContextTail};
static_assert(layout::check(kContextAmd64));

inline constexpr layout::Layout kExceptionRecord64{.name = "ExceptionRecord64",
                                                   .structure = "EXCEPTION_RECORD64",
                                                   .clause = "winnt.h",
                                                   .min = 0x98,
                                                   .size = 0x98,
                                                   .fields = tables::kException64Fields};
static_assert(layout::check(kExceptionRecord64));

inline constexpr layout::Layout kExceptionRecord32{.name = "ExceptionRecord32",
                                                   .structure = "EXCEPTION_RECORD32",
                                                   .clause = "winnt.h",
                                                   .min = 0x50,
                                                   .size = 0x50,
                                                   .fields = tables::kException32Fields};
static_assert(layout::check(kExceptionRecord32));

inline constexpr std::uint32_t kContextFlagsAll = 0x10001f;

struct Context {
  template <class T>
  static consteval layout::Handle<Context, T> at(std::string_view name) {
    return layout::handle<Context, T>(kContextAmd64, name);
  }
  static constexpr auto kContextFlags = layout::handle<Context, std::uint32_t>(kContextAmd64, "ContextFlags");
  static constexpr auto kMxCsr = layout::handle<Context, std::uint32_t>(kContextAmd64, "MxCsr");
  static constexpr auto kFltSaveMxCsr =
      layout::handle<Context, std::uint32_t>(kContextAmd64, "FltSave.MxCsr");
};

struct Exception64 {
  static constexpr auto kCode =
      layout::handle<Exception64, std::uint32_t>(kExceptionRecord64, "ExceptionCode");
  static constexpr auto kFlags =
      layout::handle<Exception64, std::uint32_t>(kExceptionRecord64, "ExceptionFlags");
  static constexpr auto kAddress =
      layout::handle<Exception64, std::uint64_t>(kExceptionRecord64, "ExceptionAddress");
};

struct Exception32 {
  static constexpr auto kCode =
      layout::handle<Exception32, std::uint32_t>(kExceptionRecord32, "ExceptionCode");
  static constexpr auto kFlags =
      layout::handle<Exception32, std::uint32_t>(kExceptionRecord32, "ExceptionFlags");
  static constexpr auto kAddress =
      layout::handle<Exception32, std::uint32_t>(kExceptionRecord32, "ExceptionAddress");
};

}  // namespace wheatstone::dump
