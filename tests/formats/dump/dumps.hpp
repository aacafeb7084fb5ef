// Small dumps that the tests of this folder, the witnesses and the seeds share.
#pragma once

#include <vector>

#include "formats/dump/writer.hpp"

namespace wheatstone::dump::examples {

inline constexpr std::uint64_t kRecordVa = 0xffffe00112345f80;  // 0x80 bytes before the end of a page
inline constexpr BugCheck kBugCheck{0x124, {0, kRecordVa, 0xbea00000, 0x00000108}};
inline constexpr BugCheck kBugCheck32{0x124, {0, 0x85123f80, 0xb2000040, 0x00000800}};
inline constexpr Guid kTag = "12345678-9abc-def0-1122-334455667788"_guid;

inline Machine machine() {
  Machine m;
  m.minor_version = 26100;
  m.processors = 8;
  m.system_time = {133'814'304'000'000'000};
  m.system_up_time = 600 * FileTime::kPerSecond;
  m.comment = "Wheatstone";
  m.build_lab = "26100.1.amd64fre.ge_release";
  m.attributes = 0xd;
  m.boot_id = 7;
  m.registers.rip = 0xfffff80000212340;
  m.registers.rsp = 0xfffff80001234500;
  m.registers.rax = 0x1111;
  m.exception = Exception{0x80000003, 1, 0xfffff80000212340};
  return m;
}

inline Machine machine32() {
  Machine m;
  m.is_64bit = false;
  m.minor_version = 7601;
  m.processors = 2;
  m.system_time = {129'000'000'000'000'000};
  m.system_up_time = 1234;
  m.product_type = 3;
  return m;
}

// Stands for the error record: 300 bytes that differ.
inline Buffer record() {
  Buffer bytes(300);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + 1);
  return bytes;
}

// The record, mapped; it crosses a page. Throws if that fails, which ends the test.
inline PhysicalMemory memory(Paging paging = Paging::four_level) {
  PhysicalMemory made(paging);
  const std::uint64_t va = paging == Paging::four_level ? kRecordVa : kBugCheck32.parameters[1];
  made.write_virtual(va, record()).value();
  return made;
}

inline Buffer full() {
  return write_full_dump(machine(), kBugCheck, memory()).value();
}
inline Buffer full32() {
  return write_full_dump(machine32(), kBugCheck32, memory(Paging::two_level)).value();
}
inline Buffer triage(std::span<const SecondaryBlob> secondary = {}) {
  const Buffer bytes = record();
  const DataBlock blocks[] = {{kRecordVa, bytes}};
  return write_triage_dump(machine(), kBugCheck, blocks, secondary).value();
}

// Pages at every second page frame number: as many runs as pages. `pages` counts the top page table.
inline PhysicalMemory scattered(std::uint64_t pages) {
  PhysicalMemory made;
  for (std::uint64_t i = 1; i < pages; ++i)
    made.write_physical((0x10000 + 2 * i) * kPageSize, Buffer{static_cast<std::uint8_t>(i)}).value();
  return made;
}

}  // namespace wheatstone::dump::examples
