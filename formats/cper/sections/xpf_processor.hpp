// IA32/X64 processor error section: 64 bytes, then processor informations, then register contexts.
// Source: UEFI N.2.4.2, WDK WHEA_XPF_PROCESSOR_ERROR_SECTION.
#pragma once

#include <array>

#include "formats/cper/sections/xpf_context.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Name kTransactionTypes[] = {{0, "Instruction"}, {1, "Data"}, {2, "Generic"}};
// Caches have two operations more than TLBs and buses.
inline constexpr Name kCheckOperations[] = {{0, "Generic"},  {1, "GenericRead"}, {2, "GenericWrite"},
                                            {3, "DataRead"}, {4, "DataWrite"},   {5, "InstructionFetch"},
                                            {6, "Prefetch"}, {7, "Eviction"},    {8, "Snoop"}};
inline constexpr Names kCheckOperationsOfAll = Names(kCheckOperations).first(7);
inline constexpr Name kCheckLevels[] = {{0, "L0"}, {1, "L1"}, {2, "L2"}, {3, "Generic"}};
inline constexpr Name kParticipations[] = {
    {0, "Originated"}, {1, "Responded"}, {2, "Observed"}, {3, "Generic"}};
inline constexpr Name kAddressSpaces[] = {{0, "Memory"}, {1, "Reserved"}, {2, "IO"}, {3, "Other"}};
inline constexpr Name kMsErrorTypes[] = {{0, "NoError"},  {1, "Unclassified"}, {2, "MicrocodeRomParity"},
                                         {3, "External"}, {4, "FRC"},          {5, "InternalUnclassified"}};

// Cache and TLB checks differ in the operations they name.
consteval std::array<Bit, 16> cache_check(Names operations) {
  return {{{0, 1, "TransactionTypeValid"},
           {1, 1, "OperationValid"},
           {2, 1, "LevelValid"},
           {3, 1, "ProcessorContextCorruptValid"},
           {4, 1, "UncorrectedValid"},
           {5, 1, "PreciseIPValid"},
           {6, 1, "RestartableIPValid"},
           {7, 1, "OverflowValid"},
           {16, 2, "TransactionType", kTransactionTypes},
           {18, 4, "Operation", operations},
           {22, 3, "Level", kCheckLevels},
           {25, 1, "ProcessorContextCorrupt"},
           {26, 1, "Uncorrected"},
           {27, 1, "PreciseIP"},
           {28, 1, "RestartableIP"},
           {29, 1, "Overflow"}}};
}
inline constexpr auto kCacheCheck = cache_check(kCheckOperations);
inline constexpr auto kTlbCheck = cache_check(kCheckOperationsOfAll);

inline constexpr Bit kBusCheck[] = {{0, 1, "TransactionTypeValid"},
                                    {1, 1, "OperationValid"},
                                    {2, 1, "LevelValid"},
                                    {3, 1, "ProcessorContextCorruptValid"},
                                    {4, 1, "UncorrectedValid"},
                                    {5, 1, "PreciseIPValid"},
                                    {6, 1, "RestartableIPValid"},
                                    {7, 1, "OverflowValid"},
                                    {8, 1, "ParticipationValid"},
                                    {9, 1, "TimeoutValid"},
                                    {10, 1, "AddressSpaceValid"},
                                    {16, 2, "TransactionType", kTransactionTypes},
                                    {18, 4, "Operation", kCheckOperationsOfAll},
                                    {22, 3, "Level", kCheckLevels},
                                    {25, 1, "ProcessorContextCorrupt"},
                                    {26, 1, "Uncorrected"},
                                    {27, 1, "PreciseIP"},
                                    {28, 1, "RestartableIP"},
                                    {29, 1, "Overflow"},
                                    {30, 2, "Participation", kParticipations},
                                    {32, 1, "Timeout"},
                                    {33, 2, "AddressSpace", kAddressSpaces}};

inline constexpr Bit kMsCheck[] = {{0, 1, "ErrorTypeValid"},
                                   {1, 1, "ProcessorContextCorruptValid"},
                                   {2, 1, "UncorrectedValid"},
                                   {3, 1, "PreciseIPValid"},
                                   {4, 1, "RestartableIPValid"},
                                   {5, 1, "OverflowValid"},
                                   {16, 3, "ErrorType", kMsErrorTypes},
                                   {19, 1, "ProcessorContextCorrupt"},
                                   {20, 1, "Uncorrected"},
                                   {21, 1, "PreciseIP"},
                                   {22, 1, "RestartableIP"},
                                   {23, 1, "Overflow"}};
}  // namespace tables

inline constexpr Guid kCheckCache = "a55701f5-e3ef-43de-ac72-249b573fad2c"_guid;
inline constexpr Guid kCheckTlb = "fc06b535-5e1f-4562-9f25-0a3b9adb63c3"_guid;
inline constexpr Guid kCheckBus = "1cf3f8b3-c5b1-49a2-aa59-5eef92ffa63c"_guid;
inline constexpr Guid kCheckMs = "48ab7f57-dc34-4f6c-a7d3-b0b5b0a74314"_guid;

namespace tables {
inline constexpr GuidName kCheckNames[] = {
    {kCheckCache, "CacheCheck"}, {kCheckTlb, "TlbCheck"}, {kCheckBus, "BusCheck"}, {kCheckMs, "MsCheck"}};

inline constexpr ChoiceRow kCheckRows[] = {{0, kCheckCache, "CacheCheck", kCacheCheck},
                                           {0, kCheckTlb, "TlbCheck", kTlbCheck},
                                           {0, kCheckBus, "BusCheck", kBusCheck},
                                           {0, kCheckMs, "MsCheck", kMsCheck}};
inline constexpr Choice kCheckChoice{.selector = "CheckInfoId", .at = {0, 16, 0, 64}, .rows = kCheckRows};

inline constexpr Bit kProcInfoValid[] = {{0, 1, "CheckInfo"},
                                         {1, 1, "TargetId"},
                                         {2, 1, "RequesterId"},
                                         {3, 1, "ResponderId"},
                                         {4, 1, "InstructionPointer"}};

inline constexpr Field kProcInfoFields[] = {
    guid(0, "CheckInfoId").names(kCheckNames),
    u64(16, "ValidBits").bits(kProcInfoValid),
    u64(24, "CheckInfo").valid(0).choose(kCheckChoice),
    u64(32, "TargetId").valid(1).hex(),
    u64(40, "RequesterId").valid(2).hex(),
    u64(48, "ResponderId").valid(3).hex(),
    u64(56, "InstructionPointer").valid(4).hex().address(),
};
}  // namespace tables

inline constexpr layout::Layout kXpfProcInfo{.name = "XpfProcInfo",
                                             .structure = "WHEA_XPF_PROCINFO",
                                             .clause = "UEFI N.2.4.2.1",
                                             .min = 64,
                                             .size = 64,
                                             .fields = tables::kProcInfoFields,
                                             .valid = layout::ref(tables::kProcInfoFields, "ValidBits")};
static_assert(layout::check(kXpfProcInfo));

namespace tables {
inline constexpr Bit kXpfProcessorValid[] = {
    {0, 1, "LocalAPICId"}, {1, 1, "CpuId"}, {2, 6, "ProcInfoCount"}, {8, 6, "ContextInfoCount"}};
inline constexpr Field kXpfProcessorFields[] = {
    u64(0, "ValidBits").bits(kXpfProcessorValid),
    u64(8, "LocalAPICId").valid(0).hex(),
    list(16, "CpuId", 12, 4)
        .valid(1)
        .hex()
        .about("CPUID leaf 1 EAX, EBX, ECX, EDX; the rest is zero on Windows"),
};
inline constexpr Tail kXpfProcessorTail[] = {
    many("ProcInfo", kXpfProcInfo, ref(kXpfProcessorFields, "ValidBits.ProcInfoCount")),
    many("ContextInfo", kXpfContextInfo, ref(kXpfProcessorFields, "ValidBits.ContextInfoCount")),
};
}  // namespace tables

inline constexpr layout::Layout kXpfProcessor{.name = "XpfProcessor",
                                              .structure = "WHEA_XPF_PROCESSOR_ERROR_SECTION",
                                              .clause = "UEFI N.2.4.2",
                                              .min = 64,
                                              .size = 64,
                                              .fields = tables::kXpfProcessorFields,
                                              .tail = tables::kXpfProcessorTail,
                                              .valid = layout::ref(tables::kXpfProcessorFields, "ValidBits")};
static_assert(layout::check(kXpfProcessor));

namespace tables {
inline constexpr Tail kXpfMisplacedTail[] = {
    kXpfProcessorTail[0],
    run("EmptyProcInfo", kXpfProcInfo.size)
        .as(kXpfProcInfo)
        .about("a slot that ProcInfoCount does not count"),
    kXpfProcessorTail[1],
};
}  // namespace tables

// As real Windows 11 records have it: the register contexts start 64 bytes later than the counts say, behind
// one more slot for a processor information, which is empty.
inline constexpr layout::Layout kXpfProcessorMisplaced{
    .name = "XpfProcessorMisplaced",
    .structure = "WHEA_XPF_PROCESSOR_ERROR_SECTION",
    .clause = "observed on Windows 11 (22621)",
    .min = 64,
    .size = 64,
    .fields = tables::kXpfProcessorFields,
    .tail = tables::kXpfMisplacedTail,
    .valid = layout::ref(tables::kXpfProcessorFields, "ValidBits")};
static_assert(layout::check(kXpfProcessorMisplaced));

// Misplaced: where the first context should be there is only zero, and 64 bytes later is a header whose
// registers are all there.
inline const layout::Layout* xpf_processor_form(Bytes body) noexcept {
  if (body.size() < kXpfProcessor.min) return nullptr;
  const std::uint32_t counts = load_le<std::uint32_t>(body.data());
  const std::size_t at = kXpfProcessor.size + kXpfProcInfo.size * (counts >> 2 & 0x3f);
  const std::size_t late = at + kXpfProcInfo.size;
  if ((counts >> 8 & 0x3f) == 0 || body.size() < late + kXpfContextInfo.size) return &kXpfProcessor;
  const auto is_zero = [&](std::size_t from) {
    return load_le<std::uint64_t>(&body[from]) == 0 && load_le<std::uint64_t>(&body[from + 8]) == 0;
  };
  if (!is_zero(at) || is_zero(late)) return &kXpfProcessor;
  const std::size_t registers = load_le<std::uint16_t>(&body[late + 2]);
  return registers <= body.size() - late - kXpfContextInfo.size ? &kXpfProcessorMisplaced : &kXpfProcessor;
}

}  // namespace wheatstone::cper
