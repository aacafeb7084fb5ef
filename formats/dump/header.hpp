// The headers of kernel crash dumps: DUMP_HEADER64 and DUMP_HEADER32.
//
// Windows fills a header with the repeated text "PAGE" before it writes what it knows, so a field that was
// never set reads 0x45474150. README rules 1 to 3.
#pragma once

#include <cstdint>
#include <string>

#include "formats/dump/context.hpp"
#include "formats/dump/memory_run.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::dump {

inline constexpr std::size_t kHeader64Size = 0x2000;
inline constexpr std::size_t kHeader32Size = 0x1000;
inline constexpr std::uint32_t kSignature = 0x45474150;    // "PAGE"
inline constexpr std::uint32_t kValidDump64 = 0x34365544;  // "DU64"
inline constexpr std::uint32_t kValidDump32 = 0x504d5544;  // "DUMP"

// What a field holds that was never set.
inline constexpr std::uint32_t kUnset32 = kSignature;
inline constexpr std::uint64_t kUnset64 = 0x4547415045474150;

inline constexpr std::uint32_t kMachineI386 = 0x14c;
inline constexpr std::uint32_t kMachineAmd64 = 0x8664;
inline constexpr std::uint32_t kMachineArm64 = 0xaa64;

enum class DumpType : std::uint32_t {
  full = 1,
  summary = 2,
  header = 3,
  triage = 4,
  bitmap_full = 5,
  bitmap_kernel = 6,
  automatic = 7,
  kernel = 8,  // 8 to 10: as newer debuggers write them
  kernel_user = 9,
  complete = 10,
};

inline constexpr layout::Name kDumpTypeNames[] = {
    {1, "full"},          {2, "summary"},   {3, "header"}, {4, "triage"},      {5, "bitmap-full"},
    {6, "bitmap-kernel"}, {7, "automatic"}, {8, "kernel"}, {9, "kernel-user"}, {10, "complete"}};

// What kind of dump a file is.
struct Class {
  DumpType type = DumpType::full;
  bool is_64bit = true;

  friend bool operator==(const Class&, const Class&) = default;
};

// "full-64", "triage-64", "header-32", ...; "unknown-64" for a type without a name.
std::string to_string(Class kind);

// Bits of MiniDumpFields: what a triage dump holds.
inline constexpr std::uint32_t kMiniContext = 1u << 0;
inline constexpr std::uint32_t kMiniException = 1u << 1;
inline constexpr std::uint32_t kMiniCallStack = 1u << 5;
inline constexpr std::uint32_t kMiniDebuggerData = 1u << 10;
inline constexpr std::uint32_t kMiniDataBlocks = 1u << 11;

namespace tables {
using namespace layout;

inline constexpr Name kMachineNames[] = {
    {kMachineI386, "I386"}, {kMachineAmd64, "AMD64"}, {kMachineArm64, "ARM64"}};
inline constexpr Name kVersionNames[] = {{12, "checked build"}, {15, "free build"}};
inline constexpr Name kProductNames[] = {{1, "Workstation"}, {2, "DomainController"}, {3, "Server"}};

inline constexpr Bit kMiniDumpFields[] = {
    {0, 1, "Context"},    {1, 1, "Exception"}, {2, 1, "Prcb"},          {3, 1, "Process"},
    {4, 1, "Thread"},     {5, 1, "CallStack"}, {6, 1, "DriverList"},    {7, 1, "BrokenDriver"},
    {8, 1, "MemoryInfo"}, {9, 1, "DataPage"},  {10, 1, "DebuggerData"}, {11, 1, "DataBlocks"}};

// What a buffer is if nothing says what it holds.
inline constexpr Field kMemoryBlockFields[] = {raw(0, kMemoryBlockSize, "Bytes")};
inline constexpr Field kContext64Fields[] = {raw(0, 3000, "Bytes")};
inline constexpr Field kContext32Fields[] = {raw(0, 1200, "Bytes")};
}  // namespace tables

inline constexpr layout::Layout kMemoryBlock{.name = "MemoryBlock",
                                             .structure = "",
                                             .clause = "",
                                             .min = kMemoryBlockSize,
                                             .size = kMemoryBlockSize,
                                             .fields = tables::kMemoryBlockFields};
static_assert(layout::check(kMemoryBlock));
inline constexpr layout::Layout kContextBuffer64{.name = "ContextBuffer64",
                                                 .structure = "",
                                                 .clause = "",
                                                 .min = 3000,
                                                 .size = 3000,
                                                 .fields = tables::kContext64Fields};
static_assert(layout::check(kContextBuffer64));
inline constexpr layout::Layout kContextBuffer32{.name = "ContextBuffer32",
                                                 .structure = "",
                                                 .clause = "",
                                                 .min = 1200,
                                                 .size = 1200,
                                                 .fields = tables::kContext32Fields};
static_assert(layout::check(kContextBuffer32));

namespace tables {
// Only a full dump has a memory descriptor, only AMD64 has this context.
inline constexpr ChoiceRow kMemory64Rows[] = {{1, {}, "Full", {}, kForms<kMemoryDescriptor64>}};
inline constexpr ChoiceRow kMemory32Rows[] = {{1, {}, "Full", {}, kForms<kMemoryDescriptor32>}};
inline constexpr Choice kMemory64Choice{
    .selector = "DumpType", .at = {0xf98, 4, 0, 32}, .rows = kMemory64Rows};
inline constexpr Choice kMemory32Choice{
    .selector = "DumpType", .at = {0xf88, 4, 0, 32}, .rows = kMemory32Rows};
inline constexpr ChoiceRow kContextRows[] = {{kMachineAmd64, {}, "Amd64", {}, kForms<kContextAmd64>}};
inline constexpr Choice kContextChoice{
    .selector = "MachineImageType", .at = {0x30, 4, 0, 32}, .rows = kContextRows};

inline constexpr Field kHeader64Fields[] = {
    ascii(0x000, 4, "Signature"),
    ascii(0x004, 4, "ValidDump"),
    u32(0x008, "MajorVersion").names(kVersionNames),
    u32(0x00c, "MinorVersion").about("the build number of Windows"),
    u64(0x010, "DirectoryTableBase")
        .hex()
        .about("CR3 of the System process; the low 12 bits may hold a PCID"),
    u64(0x018, "PfnDataBase").hex(),
    u64(0x020, "PsLoadedModuleList").hex(),
    u64(0x028, "PsActiveProcessHead").hex(),
    u32(0x030, "MachineImageType").hex().names(kMachineNames),
    u32(0x034, "NumberProcessors"),
    u32(0x038, "BugCheckCode").hex(),
    pad(0x03c, 4, "Padding0"),
    u64(0x040, "BugCheckParameter1").hex(),
    u64(0x048, "BugCheckParameter2").hex(),
    u64(0x050, "BugCheckParameter3").hex(),
    u64(0x058, "BugCheckParameter4").hex(),
    ascii(0x060, 32, "VersionUser"),
    u64(0x080, "KdDebuggerDataBlock").hex(),
    part(0x088, "PhysicalMemoryBlock", kMemoryBlock).choose(kMemory64Choice),
    pad(0x344, 4, "Padding1"),
    part(0x348, "ContextRecord", kContextBuffer64).choose(kContextChoice),
    part(0xf00, "Exception", kExceptionRecord64),
    u32(0xf98, "DumpType").names(kDumpTypeNames),
    pad(0xf9c, 4, "Padding2"),
    u64(0xfa0, "RequiredDumpSpace").unit("bytes"),
    u64(0xfa8, "SystemTime").filetime(),
    ascii(0xfb0, 128, "Comment"),
    u64(0x1030, "SystemUpTime").unit("100 ns"),
    u32(0x1038, "MiniDumpFields").bits(kMiniDumpFields),
    u32(0x103c, "SecondaryDataState").hex(),
    u32(0x1040, "ProductType").names(kProductNames),
    u32(0x1044, "SuiteMask").hex(),
    u32(0x1048, "WriterStatus").hex(),
    pad(0x104c, 1, "Unused1"),
    u8(0x104d, "KdSecondaryVersion"),
    pad(0x104e, 2, "Unused"),
    u32(0x1050, "Attributes").hex().about("only newer builds set it"),
    u32(0x1054, "BootId").about("only newer builds set it"),
    pad(0x1058, 4008),
};

inline constexpr Field kHeader32Fields[] = {
    ascii(0x000, 4, "Signature"),
    ascii(0x004, 4, "ValidDump"),
    u32(0x008, "MajorVersion").names(kVersionNames),
    u32(0x00c, "MinorVersion").about("the build number of Windows"),
    u32(0x010, "DirectoryTableBase").hex(),
    u32(0x014, "PfnDataBase").hex(),
    u32(0x018, "PsLoadedModuleList").hex(),
    u32(0x01c, "PsActiveProcessHead").hex(),
    u32(0x020, "MachineImageType").hex().names(kMachineNames),
    u32(0x024, "NumberProcessors"),
    u32(0x028, "BugCheckCode").hex(),
    u32(0x02c, "BugCheckParameter1").hex(),
    u32(0x030, "BugCheckParameter2").hex(),
    u32(0x034, "BugCheckParameter3").hex(),
    u32(0x038, "BugCheckParameter4").hex(),
    ascii(0x03c, 32, "VersionUser"),
    u8(0x05c, "PaeEnabled"),
    u8(0x05d, "KdSecondaryVersion"),
    pad(0x05e, 2, "Spare"),
    u32(0x060, "KdDebuggerDataBlock").hex(),
    part(0x064, "PhysicalMemoryBlock", kMemoryBlock).choose(kMemory32Choice),
    part(0x320, "ContextRecord", kContextBuffer32),
    part(0x7d0, "Exception", kExceptionRecord32),
    ascii(0x820, 128, "Comment"),
    u32(0x8a0, "Attributes").hex(),
    u32(0x8a4, "BootId"),
    pad(0x8a8, 1760, "Reserved0"),
    u32(0xf88, "DumpType").names(kDumpTypeNames),
    u32(0xf8c, "MiniDumpFields").bits(kMiniDumpFields),
    u32(0xf90, "SecondaryDataState").hex(),
    u32(0xf94, "ProductType").names(kProductNames),
    u32(0xf98, "SuiteMask").hex(),
    u32(0xf9c, "WriterStatus").hex(),
    u64(0xfa0, "RequiredDumpSpace").unit("bytes"),
    pad(0xfa8, 16, "Reserved1"),
    u64(0xfb8, "SystemUpTime").unit("100 ns"),
    u64(0xfc0, "SystemTime").filetime(),
    pad(0xfc8, 56, "Reserved2"),
};
}  // namespace tables

inline constexpr layout::Layout kHeader64{.name = "DumpHeader64",
                                          .structure = "DUMP_HEADER64",
                                          .clause = "Windows SDK, README rule 2",
                                          .min = kHeader64Size,
                                          .size = kHeader64Size,
                                          .fields = tables::kHeader64Fields};
static_assert(layout::check(kHeader64));

inline constexpr layout::Layout kHeader32{.name = "DumpHeader32",
                                          .structure = "DUMP_HEADER32",
                                          .clause = "Windows SDK, README rule 3",
                                          .min = kHeader32Size,
                                          .size = kHeader32Size,
                                          .fields = tables::kHeader32Fields};
static_assert(layout::check(kHeader32));

// Typed access. Both headers have the same fields in different places and, for addresses, widths; code that
// serves both is a template over Header64 or Header32.
struct Header64 {
  using Word = std::uint64_t;  // of an address and of a bug check parameter
  using MemoryDescriptor = MemoryDescriptor64;
  using Exception = Exception64;
  static constexpr const layout::Layout& kLayout = kHeader64;
  static constexpr const layout::Layout& kMemoryDescriptor = kMemoryDescriptor64;
  static constexpr const layout::Layout& kMemoryRun = kMemoryRun64;
  static constexpr const layout::Layout& kException = kExceptionRecord64;
  static constexpr std::uint32_t kMaxRuns = kMaxRuns64;
  static constexpr std::uint32_t kValid = kValidDump64;
  static constexpr bool kIs64bit = true;
};

struct Header32 {
  using Word = std::uint32_t;
  using MemoryDescriptor = MemoryDescriptor32;
  using Exception = Exception32;
  static constexpr const layout::Layout& kLayout = kHeader32;
  static constexpr const layout::Layout& kMemoryDescriptor = kMemoryDescriptor32;
  static constexpr const layout::Layout& kMemoryRun = kMemoryRun32;
  static constexpr const layout::Layout& kException = kExceptionRecord32;
  static constexpr std::uint32_t kMaxRuns = kMaxRuns32;
  static constexpr std::uint32_t kValid = kValidDump32;
  static constexpr bool kIs64bit = false;
};

// Handles to the fields that both headers have. H is Header64 or Header32.
template <class H>
struct HeaderAt {
  template <class T>
  static consteval layout::Handle<H, T> at(std::string_view name) {
    return layout::handle<H, T>(H::kLayout, name);
  }
  static consteval const layout::Field& field(std::string_view name) {
    return layout::find(H::kLayout.fields, name);
  }
  using U32 = std::uint32_t;
  using U64 = std::uint64_t;
  using Word = typename H::Word;

  static constexpr auto kMajorVersion = at<U32>("MajorVersion");
  static constexpr auto kMinorVersion = at<U32>("MinorVersion");
  static constexpr auto kDirectoryTableBase = at<Word>("DirectoryTableBase");
  static constexpr auto kPfnDataBase = at<Word>("PfnDataBase");
  static constexpr auto kPsLoadedModuleList = at<Word>("PsLoadedModuleList");
  static constexpr auto kPsActiveProcessHead = at<Word>("PsActiveProcessHead");
  static constexpr auto kMachineImageType = at<U32>("MachineImageType");
  static constexpr auto kNumberProcessors = at<U32>("NumberProcessors");
  static constexpr auto kBugCheckCode = at<U32>("BugCheckCode");
  static constexpr layout::Handle<H, Word> kBugCheckParameters[4] = {
      at<Word>("BugCheckParameter1"), at<Word>("BugCheckParameter2"), at<Word>("BugCheckParameter3"),
      at<Word>("BugCheckParameter4")};
  static constexpr auto kKdDebuggerDataBlock = at<Word>("KdDebuggerDataBlock");
  static constexpr auto kDumpType = at<U32>("DumpType");
  static constexpr auto kRequiredDumpSpace = at<U64>("RequiredDumpSpace");
  static constexpr auto kSystemTime = at<U64>("SystemTime");
  static constexpr auto kSystemUpTime = at<U64>("SystemUpTime");
  static constexpr auto kMiniDumpFields = at<U32>("MiniDumpFields");
  static constexpr auto kSecondaryDataState = at<U32>("SecondaryDataState");
  static constexpr auto kProductType = at<U32>("ProductType");
  static constexpr auto kSuiteMask = at<U32>("SuiteMask");
  static constexpr auto kWriterStatus = at<U32>("WriterStatus");
  static constexpr auto kKdSecondaryVersion = at<std::uint8_t>("KdSecondaryVersion");
  static constexpr auto kAttributes = at<U32>("Attributes");
  static constexpr auto kBootId = at<U32>("BootId");
  static constexpr const layout::Field& kMemoryBlockField = field("PhysicalMemoryBlock");
  static constexpr const layout::Field& kContextField = field("ContextRecord");
  static constexpr const layout::Field& kExceptionField = field("Exception");
  static constexpr const layout::Field& kCommentField = field("Comment");
};

}  // namespace wheatstone::dump
