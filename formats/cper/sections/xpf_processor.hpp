// IA32/X64 processor error section: 64 bytes, then processor informations, then register contexts.
// Source: UEFI N.2.4.2, WDK WHEA_XPF_PROCESSOR_ERROR_SECTION. A context array that starts 64 bytes late, as
// real Windows 11 records have it, stays readable as unread bytes (see README).
#pragma once

#include "formats/layout/field.hpp"
#include "formats/layout/view.hpp"

namespace wheatstone::cper {

namespace tables {
using namespace layout;

inline constexpr Name kTransactionTypes[] = {{0, "Instruction"}, {1, "Data"}, {2, "Generic"}};
inline constexpr Name kCheckOperations[] = {{0, "Generic"},  {1, "GenericRead"}, {2, "GenericWrite"},
                                            {3, "DataRead"}, {4, "DataWrite"},   {5, "InstructionFetch"},
                                            {6, "Prefetch"}, {7, "Eviction"},    {8, "Snoop"}};
inline constexpr Name kParticipations[] = {
    {0, "Originated"}, {1, "Responded"}, {2, "Observed"}, {3, "Generic"}};
inline constexpr Name kAddressSpaces[] = {{0, "Memory"}, {1, "Reserved"}, {2, "IO"}, {3, "Other"}};
inline constexpr Name kMsErrorTypes[] = {{0, "NoError"},  {1, "Unclassified"}, {2, "MicrocodeRomParity"},
                                         {3, "External"}, {4, "FRC"},          {5, "InternalUnclassified"}};

// Cache and TLB checks share one word.
inline constexpr Bit kCacheCheck[] = {{0, 1, "TransactionTypeValid"},
                                      {1, 1, "OperationValid"},
                                      {2, 1, "LevelValid"},
                                      {3, 1, "ProcessorContextCorruptValid"},
                                      {4, 1, "UncorrectedValid"},
                                      {5, 1, "PreciseIPValid"},
                                      {6, 1, "RestartableIPValid"},
                                      {7, 1, "OverflowValid"},
                                      {16, 2, "TransactionType", kTransactionTypes},
                                      {18, 4, "Operation", kCheckOperations},
                                      {22, 3, "Level"},
                                      {25, 1, "ProcessorContextCorrupt"},
                                      {26, 1, "Uncorrected"},
                                      {27, 1, "PreciseIP"},
                                      {28, 1, "RestartableIP"},
                                      {29, 1, "Overflow"}};

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
                                    {18, 4, "Operation", kCheckOperations},
                                    {22, 3, "Level"},
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
                                           {0, kCheckTlb, "TlbCheck", kCacheCheck},
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
    u64(56, "InstructionPointer").valid(4).hex(),
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
inline constexpr Name kContextTypes[] = {{0, "Unclassified"}, {1, "MSR"},         {2, "GPR32"},
                                         {3, "GPR64"},        {4, "FXSAVE"},      {5, "Debug32"},
                                         {6, "Debug64"},      {7, "MemoryMapped"}};
inline constexpr Field kContextFields[] = {
    u16(0, "RegisterContextType").names(kContextTypes),
    u16(2, "RegisterDataSize").unit("bytes"),
    u32(4, "MSRAddress").hex(),
    u64(8, "MmRegisterAddress").hex(),
};
inline constexpr Tail kContextTail[] = {rest("RegisterData")};
}  // namespace tables

// RegisterDataSize rules, never the type.
inline constexpr layout::Layout kXpfContextInfo{
    .name = "XpfContextInfo",
    .structure = "WHEA_XPF_CONTEXT_INFO",
    .clause = "UEFI N.2.4.2.2",
    .min = 16,
    .size = 16,
    .fields = tables::kContextFields,
    .tail = tables::kContextTail,
    .self = layout::ref(tables::kContextFields, "RegisterDataSize"),
    .self_add = 16};
static_assert(layout::check(kXpfContextInfo));

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

}  // namespace wheatstone::cper
