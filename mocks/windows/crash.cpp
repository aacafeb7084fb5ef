#include "mocks/windows/crash.hpp"

#include <fmt/format.h>

#include <vector>

#include "formats/dump/machine.hpp"
#include "formats/dump/physical_memory.hpp"
#include "formats/dump/writer.hpp"

namespace wheatstone::windows {
namespace {

// Where KeBugCheckEx of our kernel is, behind its base.
constexpr std::uint64_t kBugCheckRoutine = 0x3f5b00;
// The stack of the processor that stopped the system, one page.
constexpr std::uint64_t kStack64 = 0xfffff80005a1e000, kStack32 = 0x8078a000;
constexpr std::uint64_t kFrame = 0xe00;  // of the page; the routine's return address and home area

dump::Machine describe(const Platform& platform, const OsVersion& os, const Stop& stop, FileTime start,
                       FileTime now) {
  dump::Machine machine;
  machine.is_64bit = platform.is_64bit;
  machine.minor_version = os.build;
  machine.processors = platform.processors;
  machine.system_time = now;
  machine.system_up_time = now.ticks - start.ticks;
  machine.suite_mask = os.suite_mask;
  if (platform.is_64bit) {
    // The calling convention of x64: KeBugCheckEx(code, P1, P2, P3) in registers, P4 on the stack.
    machine.registers.rip = kernel_base(machine) + kBugCheckRoutine;
    machine.registers.rsp = kStack64 + kFrame;
    machine.registers.rcx = stop.bug_check.code;
    machine.registers.rdx = stop.bug_check.parameters[0];
    machine.registers.r8 = stop.bug_check.parameters[1];
    machine.registers.r9 = stop.bug_check.parameters[2];
  }
  return machine;
}

// The frame of KeBugCheckEx: what a debugger shows as the parameters of the topmost call.
Buffer stack_page(bool is_64bit, const dump::BugCheck& bug_check) {
  Buffer page(dump::kPageSize, 0);
  if (is_64bit) {
    std::uint8_t* slot = page.data() + kFrame + 8;  // above the return address: four home slots, then P4
    store_le<std::uint64_t>(slot, bug_check.code);
    for (const std::uint64_t parameter : bug_check.parameters) store_le<std::uint64_t>(slot += 8, parameter);
  } else {
    std::uint8_t* slot = page.data() + kFrame + 4;
    store_le<std::uint32_t>(slot, bug_check.code);
    for (const std::uint64_t parameter : bug_check.parameters)
      store_le<std::uint32_t>(slot += 4, static_cast<std::uint32_t>(parameter));
  }
  return page;
}

}  // namespace

Result<CrashDumps> write_dumps(const Platform& platform, const OsVersion& os, const Stop& stop,
                               FileTime start, FileTime now) {
  const dump::Machine machine = describe(platform, os, stop, start, now);
  const std::uint64_t stack_va = platform.is_64bit ? kStack64 : kStack32;
  const Buffer stack = stack_page(platform.is_64bit, stop.bug_check);

  dump::PhysicalMemory memory(platform.is_64bit ? dump::Paging::four_level : dump::Paging::two_level);
  if (const auto placed = memory.write_virtual(stack_va, stack); !placed)
    return std::unexpected(placed.error());
  if (!stop.record.empty())
    if (const auto placed = memory.write_virtual(stop.record_va, stop.record); !placed)
      return std::unexpected(placed.error());

  auto full = dump::write_full_dump(machine, stop.bug_check, std::move(memory));
  if (!full) return std::unexpected(full.error());

  if (!platform.is_64bit) {
    auto header = dump::write_header_dump(machine, stop.bug_check);
    if (!header) return std::unexpected(header.error());
    return CrashDumps{std::move(*full), std::move(*header)};
  }
  std::vector<dump::DataBlock> blocks{{stack_va, stack}};
  if (!stop.record.empty()) blocks.push_back({stop.record_va, stop.record});
  auto small = dump::write_triage_dump(machine, stop.bug_check, blocks);
  if (!small) return std::unexpected(small.error());
  return CrashDumps{std::move(*full), std::move(*small)};
}

std::string small_dump_name(FileTime crash, unsigned number) {
  const CivilTime date = to_civil(crash);
  return fmt::format("Mini{:02}{:02}{:02}-{:02}.dmp", date.month, date.day, date.year % 100, number);
}

}  // namespace wheatstone::windows
