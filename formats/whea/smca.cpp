#include "formats/whea/smca.hpp"

#include <algorithm>
#include <array>

#include "formats/layout/field.hpp"
#include "formats/whea/word.hpp"

namespace wheatstone::whea {
namespace {

constexpr layout::Bit kIpid[] = {
    {0, 32, "InstanceId"}, {32, 12, "HardwareID"}, {44, 4, "InstanceIdHi"}, {48, 16, "McaType"}};
static_assert(layout::check(kIpid, 64));

constexpr SmcaBankType kTypes[] = {
    {0x001, 0x00, "SMU", "System Management Unit"},
    {0x001, 0x01, "SMU_V2", "System Management Unit"},
    {0x001, 0x02, "MP5", "Microprocessor 5"},
    {0x001, 0x03, "MPDMA", "DMA microprocessor"},
    {0x005, 0x00, "PB", "Parameter Block"},
    {0x012, 0x00, "MPRAS", ""},
    {0x018, 0x00, "NBIO", "Northbridge I/O"},
    {0x02e, 0x00, "CS", "Coherent Station"},
    {0x02e, 0x01, "PIE", "Power, Interrupts, Etc."},
    {0x02e, 0x02, "CS_V2", "Coherent Station"},
    {0x02e, 0x04, "MA_LLC", "Memory Attached Last Level Cache"},
    {0x046, 0x00, "PCIE", "PCI Express"},
    {0x046, 0x01, "PCIE_V2", "PCI Express"},
    {0x050, 0x00, "XGMI_PCS", "External Global Memory Interconnect, coding sublayer"},
    {0x05c, 0x00, "SSBDCI", ""},
    {0x06c, 0x00, "NBIF", "Northbridge Interface"},
    {0x080, 0x00, "SHUB", "System Hub"},
    {0x096, 0x00, "UMC", "Unified Memory Controller"},
    {0x096, 0x01, "UMC_V2", "Unified Memory Controller"},
    {0x0a8, 0x00, "SATA", "Serial ATA"},
    {0x0aa, 0x00, "USB", "Universal Serial Bus"},
    {0x0b0, 0x00, "LS", "Load Store"},
    {0x0b0, 0x01, "IF", "Instruction Fetch"},
    {0x0b0, 0x02, "L2_CACHE", "L2 Cache"},
    {0x0b0, 0x03, "DE", "Decode"},
    {0x0b0, 0x05, "EX", "Execution"},
    {0x0b0, 0x06, "FP", "Floating Point"},
    {0x0b0, 0x07, "L3_CACHE", "L3 Cache"},
    {0x0b0, 0x10, "LS_V2", "Load Store"},
    {0x0be, 0x00, "MPDACC", ""},
    {0x0f9, 0x00, "MPM", ""},
    {0x0fd, 0x00, "MPASP", ""},
    {0x0fd, 0x01, "MPASP_V2", ""},
    {0x0ff, 0x00, "PSP", "Platform Security Processor"},
    {0x0ff, 0x01, "PSP_V2", "Platform Security Processor"},
    {0x0ff, 0x02, "MPART", ""},
    {0x157, 0x00, "DACC_FE", ""},
    {0x164, 0x00, "DACC_BE", ""},
    {0x170, 0x00, "USR_DP", "Ultra Short Reach, data plane"},
    {0x180, 0x00, "USR_CP", "Ultra Short Reach, control plane"},
    {0x1e0, 0x00, "EDDR5CMN", ""},
    {0x1e1, 0x00, "PCIE_PL", ""},
    {0x241, 0x00, "GMI_PCS", "Global Memory Interconnect, coding sublayer"},
    {0x259, 0x00, "XGMI_PHY", "External Global Memory Interconnect, physical layer"},
    {0x267, 0x00, "WAFL_PHY", "WAFL, physical layer"},
    {0x269, 0x00, "GMI_PHY", "Global Memory Interconnect, physical layer"},
};

constexpr std::uint32_t key(std::uint32_t hardware_id, std::uint32_t mca_type) noexcept {
  return hardware_id << 16 | mca_type;
}

consteval bool sorted() {
  for (std::size_t i = 1; i < std::size(kTypes); ++i)
    if (key(kTypes[i - 1].hardware_id, kTypes[i - 1].mca_type) >=
        key(kTypes[i].hardware_id, kTypes[i].mca_type))
      return false;
  return true;
}
static_assert(sorted());

}  // namespace

std::span<const SmcaBankType> smca_bank_types() noexcept {
  return kTypes;
}

const SmcaBankType* find_smca_bank_type(std::uint16_t hardware_id, std::uint16_t mca_type) noexcept {
  const auto at =
      std::ranges::lower_bound(kTypes, key(hardware_id, mca_type), {},
                               [](const SmcaBankType& type) { return key(type.hardware_id, type.mca_type); });
  const bool found = at != std::end(kTypes) && at->hardware_id == hardware_id && at->mca_type == mca_type;
  return found ? at : nullptr;
}

std::optional<SmcaBank> smca_bank(std::uint64_t ipid) noexcept {
  if (ipid == 0) return std::nullopt;
  const auto hardware_id = static_cast<std::uint16_t>(bit(kIpid, "HardwareID").get(ipid));
  const auto mca_type = static_cast<std::uint16_t>(bit(kIpid, "McaType").get(ipid));
  return SmcaBank{.hardware_id = hardware_id,
                  .mca_type = mca_type,
                  .instance = bit(kIpid, "InstanceIdHi").get(ipid) << 32 | bit(kIpid, "InstanceId").get(ipid),
                  .type = find_smca_bank_type(hardware_id, mca_type)};
}

std::uint8_t smca_extended_code(std::uint64_t status) noexcept {
  constexpr layout::Bit kErrorCodeExt{16, 6, "ErrorCodeExt"};
  return static_cast<std::uint8_t>(kErrorCodeExt.get(status));
}

}  // namespace wheatstone::whea
