// Records made to measure, for tests and seeds.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "formats/cper/compose.hpp"
#include "formats/cper/record.hpp"
#include "formats/cper/sections/processor_generic.hpp"
#include "formats/cper/sections/xpf_mca.hpp"

namespace wheatstone::whea {

// A machine check as the kernel fills it.
struct MachineCheck {
  std::uint64_t status = 0;
  std::uint64_t misc = 0;
  std::uint64_t address = 0;
  std::uint32_t vendor = cper::kCpuVendorAmd;
  std::uint32_t bank = 0;
  std::uint32_t apic_id = 0;
  std::uint32_t cpu_version = 0x00a20f10;  // family 19h
  std::uint32_t mca_length = 264;
  std::uint32_t xpf_length = 128;
};

inline Buffer generic_body(std::uint32_t cpu_version, std::uint64_t valid = 0x17f) {
  Buffer body(192, 0);
  auto edit = *layout::Editor<cper::ProcessorGeneric>::make(cper::kProcessorGeneric, body);
  edit.set(cper::ProcessorGeneric::kValidBits, valid);
  edit.set(cper::ProcessorGeneric::kCpuVersion, cpu_version);
  return body;
}

inline Buffer mca_body(const MachineCheck& check) {
  Buffer body(check.mca_length, 0);
  auto edit = *layout::Editor<cper::XpfMca>::make(cper::kXpfMcaV1, body);
  edit.set(cper::XpfMca::kVersionNumber, 1u);
  edit.set(cper::XpfMca::kCpuVendor, check.vendor);
  edit.set(cper::XpfMca::kBankNumber, check.bank);
  edit.set(cper::XpfMca::kStatus, check.status);
  edit.set(cper::XpfMca::kAddress, check.address);
  edit.set(cper::XpfMca::kMisc, check.misc);
  edit.set(cper::XpfMca::kApicId, check.apic_id);
  return body;
}

// Processor generic, processor and MCA section, as Windows 10 lays them out.
inline Buffer machine_check_record(const MachineCheck& check, const cper::NewRecord& header = {}) {
  const Buffer generic = generic_body(check.cpu_version);
  const Buffer xpf(check.xpf_length, 0);
  const Buffer mca = mca_body(check);
  const cper::NewSection sections[] = {{cper::kSectionProcessorGeneric, generic},
                                       {cper::kSectionXpfProcessor, xpf},
                                       {cper::kSectionXpfMca, mca}};
  return *cper::encode(header, sections);
}

// A record with one section.
inline Buffer record_with(const Guid& type, Bytes body, const cper::NewRecord& header = {},
                          std::optional<std::string_view> fru_text = {}) {
  const cper::NewSection sections[] = {{.type = type, .body = body, .fru_text = fru_text}};
  return *cper::encode(header, sections);
}

}  // namespace wheatstone::whea
