#include "formats/dump/header_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "formats/dump/kernel_data.hpp"

namespace wheatstone::dump {
namespace {

using layout::Editor;

void fill_unset(MutableBytes bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(kUnset32 >> (8 * (i % 4)));
}

MutableBytes zeroed(MutableBytes bytes, const layout::Field& field) {
  const MutableBytes own = bytes.subspan(field.offset, field.size);
  std::ranges::fill(own, std::uint8_t{0});
  return own;
}

void store_context(MutableBytes bytes, const Registers& r) {
  auto context = *Editor<Context>::make(kContextAmd64, bytes);
  context.set(Context::kContextFlags, kContextFlagsAll);
  // Readers refuse a header whose two copies differ.
  context.set(Context::kMxCsr, r.mxcsr);
  context.set(Context::kFltSaveMxCsr, r.mxcsr);
  context.set(Context::at<std::uint32_t>("FltSave.MxCsrMask"), 0xffff);
  context.set(Context::at<std::uint16_t>("FltSave.ControlWord"), 0x27f);
  context.set(Context::at<std::uint16_t>("SegCs"), r.cs);
  context.set(Context::at<std::uint16_t>("SegDs"), r.ds);
  context.set(Context::at<std::uint16_t>("SegEs"), r.es);
  context.set(Context::at<std::uint16_t>("SegFs"), r.fs);
  context.set(Context::at<std::uint16_t>("SegGs"), r.gs);
  context.set(Context::at<std::uint16_t>("SegSs"), r.ss);
  context.set(Context::at<std::uint32_t>("EFlags"), r.eflags);
  context.set(Context::at<std::uint64_t>("Rax"), r.rax);
  context.set(Context::at<std::uint64_t>("Rcx"), r.rcx);
  context.set(Context::at<std::uint64_t>("Rdx"), r.rdx);
  context.set(Context::at<std::uint64_t>("Rbx"), r.rbx);
  context.set(Context::at<std::uint64_t>("Rsp"), r.rsp);
  context.set(Context::at<std::uint64_t>("Rbp"), r.rbp);
  context.set(Context::at<std::uint64_t>("Rsi"), r.rsi);
  context.set(Context::at<std::uint64_t>("Rdi"), r.rdi);
  context.set(Context::at<std::uint64_t>("R8"), r.r8);
  context.set(Context::at<std::uint64_t>("R9"), r.r9);
  context.set(Context::at<std::uint64_t>("R10"), r.r10);
  context.set(Context::at<std::uint64_t>("R11"), r.r11);
  context.set(Context::at<std::uint64_t>("R12"), r.r12);
  context.set(Context::at<std::uint64_t>("R13"), r.r13);
  context.set(Context::at<std::uint64_t>("R14"), r.r14);
  context.set(Context::at<std::uint64_t>("R15"), r.r15);
  context.set(Context::at<std::uint64_t>("Rip"), r.rip);
}

Result<void> check_runs(std::span<const MemoryRun> runs, std::uint32_t room, std::uint64_t limit) {
  if (runs.size() > room)
    return fail(ErrorKind::invalid_argument,
                fmt::format("the memory has {} runs, a header has room for {}", runs.size(), room),
                "leave fewer holes between the pages");
  std::uint64_t next = 0;
  for (const MemoryRun& run : runs) {
    if (run.page_count == 0 || run.base_page < next || run.base_page >= limit ||
        run.page_count > limit - run.base_page)
      return fail(ErrorKind::invalid_argument,
                  fmt::format("the run of {} pages at page 0x{:x} is empty, out of order or out of reach",
                              run.page_count, run.base_page));
    next = run.base_page + run.page_count;
  }
  return {};
}

template <class H>
Result<Buffer> build(const Machine& machine, const HeaderContent& content) {
  using At = HeaderAt<H>;
  using Word = typename H::Word;

  // Everything that must fit a machine word, before anything is cut.
  constexpr std::uint64_t kHighest = static_cast<Word>(~Word{0});
  const BugCheck bug_check = content.bug_check.value_or(BugCheck{});
  const std::pair<const char*, std::uint64_t> words[] = {
      {"bug check parameter 1", bug_check.parameters[0]},
      {"bug check parameter 2", bug_check.parameters[1]},
      {"bug check parameter 3", bug_check.parameters[2]},
      {"bug check parameter 4", bug_check.parameters[3]},
      {"the directory table base", content.directory_table_base.value_or(0)},
      {"the kernel base", kernel_base(machine)},
      {"the PFN database", machine.pfn_data_base},
      {"the exception address", machine.exception ? machine.exception->address : 0},
  };
  for (const auto& [what, value] : words)
    if (value > kHighest)
      return fail(ErrorKind::invalid_argument,
                  fmt::format("{} is 0x{:x}: a 32-bit dump cannot hold it", what, value));
  if (kernel_data(machine) > kHighest - kKernelDataSize)
    return fail(ErrorKind::invalid_argument,
                fmt::format("the kernel's variables do not fit behind 0x{:x}", kernel_data(machine)));
  if (machine.comment.size() >= At::kCommentField.size)
    return fail(ErrorKind::invalid_argument,
                fmt::format("the comment has {} characters, a header has room for {}", machine.comment.size(),
                            At::kCommentField.size - 1));
  const std::uint64_t pfn_limit = H::kIs64bit ? kPfnLimit : std::uint64_t{1} << 20;
  if (auto checked = check_runs(content.runs, H::kMaxRuns, pfn_limit); !checked)
    return std::unexpected(checked.error());

  Buffer bytes(H::kLayout.size);
  fill_unset(bytes);
  auto header = *Editor<H>::make(H::kLayout, bytes);
  store_le<std::uint32_t>(bytes.data() + 4, H::kValid);
  const auto set_word = [&](layout::Handle<H, Word> at, std::uint64_t value) {
    header.set(at, static_cast<Word>(value));
  };
  header.set(At::kMajorVersion, machine.major_version);
  header.set(At::kMinorVersion, machine.minor_version);
  if (content.directory_table_base) set_word(At::kDirectoryTableBase, *content.directory_table_base);
  if (machine.pfn_data_base != 0) set_word(At::kPfnDataBase, machine.pfn_data_base);
  if (content.bug_check) {
    header.set(At::kBugCheckCode, bug_check.code);
    for (unsigned i = 0; i < 4; ++i) set_word(At::kBugCheckParameters[i], bug_check.parameters[i]);
  }
  set_word(At::kPsLoadedModuleList, kernel_data(machine) + kPsLoadedModuleListAt);
  set_word(At::kPsActiveProcessHead, kernel_data(machine) + kPsActiveProcessHeadAt);
  set_word(At::kKdDebuggerDataBlock, kernel_data(machine));
  header.set(At::kMachineImageType, machine_image_type(machine));
  header.set(At::kNumberProcessors, machine.processors);
  header.set(At::kDumpType, static_cast<std::uint32_t>(content.type));
  if (content.required_dump_space) header.set(At::kRequiredDumpSpace, *content.required_dump_space);
  header.set(At::kSystemTime, machine.system_time.ticks);
  header.set(At::kSystemUpTime, machine.system_up_time);
  if (content.mini_dump_fields) header.set(At::kMiniDumpFields, *content.mini_dump_fields);
  header.set(At::kProductType, machine.product_type);
  header.set(At::kSuiteMask, machine.suite_mask);
  header.set(At::kWriterStatus, 0);
  header.set(At::kKdSecondaryVersion, 0);
  if (machine.attributes) header.set(At::kAttributes, *machine.attributes);
  if (machine.boot_id) header.set(At::kBootId, *machine.boot_id);
  std::ranges::copy(machine.comment, zeroed(bytes, At::kCommentField).begin());
  if constexpr (H::kIs64bit) {
    store_context(zeroed(bytes, At::kContextField), machine.registers);
  } else {
    header.set(At::template at<std::uint8_t>("PaeEnabled"), 0);
  }
  if (machine.exception && content.bug_check) {
    auto record = *Editor<typename H::Exception>::make(H::kException, zeroed(bytes, At::kExceptionField));
    record.set(H::Exception::kCode, machine.exception->code);
    record.set(H::Exception::kFlags, machine.exception->flags);
    record.set(H::Exception::kAddress, static_cast<Word>(machine.exception->address));
  }
  if (content.type == DumpType::full) {
    const MutableBytes block =
        MutableBytes(bytes).subspan(At::kMemoryBlockField.offset, At::kMemoryBlockField.size);
    const std::size_t used = H::kMemoryDescriptor.size + content.runs.size() * H::kMemoryRun.size;
    std::ranges::fill(block.first(used), std::uint8_t{0});
    std::uint64_t pages = 0;
    std::uint8_t* run_at = block.data() + H::kMemoryDescriptor.size;
    for (const MemoryRun& run : content.runs) {
      pages += run.page_count;
      store_le<Word>(run_at, static_cast<Word>(run.base_page));
      store_le<Word>(run_at + sizeof(Word), static_cast<Word>(run.page_count));
      run_at += H::kMemoryRun.size;
    }
    auto descriptor = *Editor<typename H::MemoryDescriptor>::make(H::kMemoryDescriptor, block);
    descriptor.set(H::MemoryDescriptor::kNumberOfRuns, static_cast<std::uint32_t>(content.runs.size()));
    descriptor.set(H::MemoryDescriptor::kNumberOfPages, static_cast<Word>(pages));
    header.set(At::kRequiredDumpSpace, H::kLayout.size + pages * kPageSize);
  }
  return bytes;
}

}  // namespace

Result<Buffer> build_header(const Machine& machine, const HeaderContent& content) {
  return machine.is_64bit ? build<Header64>(machine, content) : build<Header32>(machine, content);
}

}  // namespace wheatstone::dump
