// What a crash dump tells about the machine it comes from, apart from its memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "formats/dump/header.hpp"
#include "formats/layout/time.hpp"

namespace wheatstone::dump {

// The registers of the processor that stopped the system (AMD64). The defaults are those of kernel code.
struct Registers {
  std::uint64_t rax = 0, rcx = 0, rdx = 0, rbx = 0, rsp = 0, rbp = 0, rsi = 0, rdi = 0;
  std::uint64_t r8 = 0, r9 = 0, r10 = 0, r11 = 0, r12 = 0, r13 = 0, r14 = 0, r15 = 0;
  std::uint64_t rip = 0;
  std::uint32_t eflags = 0x246;
  std::uint16_t cs = 0x10, ds = 0x2b, es = 0x2b, fs = 0x53, gs = 0x2b, ss = 0x18;
  std::uint32_t mxcsr = 0x1f80;
};

struct Exception {
  std::uint32_t code = 0x80000003;
  std::uint32_t flags = 1;
  std::uint64_t address = 0;
};

struct Machine {
  bool is_64bit = true;
  std::uint32_t major_version = 15;     // 15 free build, 12 checked build
  std::uint32_t minor_version = 26100;  // build of Windows
  std::uint32_t processors = 1;
  FileTime system_time;              // when the system stopped
  std::uint64_t system_up_time = 0;  // 100 ns
  std::uint32_t product_type = 1;    // 1 workstation, 2 domain controller, 3 server
  std::uint32_t suite_mask = 0x110;
  std::string comment;                      // ASCII, at most 127 characters
  std::string build_lab;                    // "26100.1.amd64fre.ge_release.240331-1435"; may be empty
  std::optional<std::uint32_t> attributes;  // only newer builds have these two
  std::optional<std::uint32_t> boot_id;

  // Virtual addresses; 0 = choose one for the structure, or leave the field unset if there is no structure.
  std::uint64_t kernel_base = 0;
  std::uint64_t kernel_data = 0;  // where the page with the kernel's variables is (kernel_data.hpp)
  std::uint64_t pfn_data_base = 0;

  Registers registers;                 // 64-bit only; a 32-bit header keeps its context unset
  std::optional<Exception> exception;  // nullopt: the record stays unset
};

inline constexpr std::uint64_t kDefaultKernelBase64 = 0xfffff80000200000;
inline constexpr std::uint64_t kDefaultKernelData64 = 0xfffff80000e00000;
inline constexpr std::uint64_t kDefaultKernelBase32 = 0x80400000;
inline constexpr std::uint64_t kDefaultKernelData32 = 0x80a00000;

constexpr std::uint64_t kernel_base(const Machine& machine) noexcept {
  if (machine.kernel_base != 0) return machine.kernel_base;
  return machine.is_64bit ? kDefaultKernelBase64 : kDefaultKernelBase32;
}
constexpr std::uint64_t kernel_data(const Machine& machine) noexcept {
  if (machine.kernel_data != 0) return machine.kernel_data;
  return machine.is_64bit ? kDefaultKernelData64 : kDefaultKernelData32;
}
constexpr std::uint32_t machine_image_type(const Machine& machine) noexcept {
  return machine.is_64bit ? kMachineAmd64 : kMachineI386;
}

}  // namespace wheatstone::dump
