#include "formats/dump/initialize_header.hpp"

#include <algorithm>

#include "formats/dump/header_builder.hpp"

namespace wheatstone::dump {

NtStatus initialize_crash_dump_header(std::uint32_t dump_type, std::uint32_t flags, MutableBytes buffer,
                                      std::uint32_t* buffer_needed, const Machine& machine,
                                      const MemoryState& memory) {
  const std::size_t needed = machine.is_64bit ? kHeader64Size : kHeader32Size;
  if (buffer_needed != nullptr) *buffer_needed = static_cast<std::uint32_t>(needed);
  if (dump_type != static_cast<std::uint32_t>(DumpType::full)) return kStatusInvalidParameter1;
  if (flags != 0) return kStatusInvalidParameter2;
  if (buffer.data() == nullptr) return kStatusInvalidParameter3;
  if (buffer.size() < needed) return kStatusInvalidParameter4;
  const Result<Buffer> header = build_header(machine, {.type = DumpType::full,
                                                       .bug_check = {},
                                                       .directory_table_base = memory.directory_table_base,
                                                       .runs = memory.runs,
                                                       .mini_dump_fields = {},
                                                       .required_dump_space = {}});
  if (!header) return kStatusUnsuccessful;
  std::ranges::copy(*header, buffer.begin());
  return kStatusSuccess;
}

}  // namespace wheatstone::dump
