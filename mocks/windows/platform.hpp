// What the simulated machine is: which Windows on which processors. Fixed for the life of a machine.
#pragma once

#include <cstdint>

#include "formats/cper/profile.hpp"
#include "formats/cper/sections/xpf_mca.hpp"

namespace wheatstone::windows {

enum class CpuVendor : std::uint32_t {
  other = cper::kCpuVendorOther,
  intel = cper::kCpuVendorIntel,
  amd = cper::kCpuVendorAmd,
};

struct Platform {
  const cper::Profile* profile = nullptr;  // never null; lives as long as the program
  bool is_64bit = true;
  CpuVendor cpu_vendor = CpuVendor::amd;
  std::uint32_t processors = 4;
};

}  // namespace wheatstone::windows
