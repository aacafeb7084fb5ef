// Tables, status blocks and stores that tests, witnesses and seeds share.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "formats/acpi/build.hpp"
#include "formats/acpi/einj.hpp"
#include "formats/acpi/erst.hpp"
#include "formats/acpi/hest.hpp"
#include "formats/layout/node.hpp"
#include "formats/layout/to_node.hpp"

namespace wheatstone::acpi::examples {

inline layout::Node map(std::initializer_list<std::pair<std::string, layout::Node>> members) {
  layout::Node node;
  node.kind = layout::Node::Kind::map;
  for (const auto& [key, value] : members) node.members.push_back({key, {1, 1}, value});
  return node;
}

inline layout::Node list(std::vector<layout::Node> items) {
  layout::Node node;
  node.kind = layout::Node::Kind::list;
  node.items = std::move(items);
  return node;
}

inline layout::Node text(std::string value) {
  return layout::scalar(std::move(value));
}

inline layout::Node bank(unsigned number) {
  const unsigned msr = 0x400 + 4 * number;
  return map({{"BankNumber", text(std::to_string(number))},
              {"ClearStatusOnInitialization", text("1")},
              {"StatusDataFormat", text("Intel64MCA")},
              {"ControlRegisterMSRAddress", text(std::to_string(msr))},
              {"ControlInitData", text("0xfffffffffffffff1")},
              {"StatusRegisterMSRAddress", text(std::to_string(msr + 1))},
              {"AddressRegisterMSRAddress", text(std::to_string(msr + 2))},
              {"MiscRegisterMSRAddress", text(std::to_string(msr + 3))}});
}

inline layout::Node banks(unsigned count) {
  std::vector<layout::Node> items;
  for (unsigned i = 0; i < count; ++i) items.push_back(bank(i));
  return list(std::move(items));
}

inline layout::Node notification(const std::string& type) {
  return map({{"Type", text(type)},
              {"ConfigurationWriteEnable", text("0x3e")},
              {"PollInterval", text("60000")},
              {"Vector", text("2")},
              {"SwitchToPollingThresholdValue", text("11")},
              {"SwitchToPollingThresholdWindow", text("12")},
              {"ErrorThresholdValue", text("13")},
              {"ErrorThresholdWindow", text("14")}});
}

inline layout::Node address(const std::string& value) {
  return map({{"AddressSpaceID", text("SystemMemory")},
              {"RegisterBitWidth", text("64")},
              {"AccessSize", text("Qword")},
              {"Address", text(value)}});
}

// The fields of a source of that kind, no two values the same.
inline layout::Node source_fields(const std::string& kind, unsigned id, unsigned bank_count = 2) {
  layout::Node fields = map({{"SourceId", text(std::to_string(id))},
                             {"NumberOfRecordsToPreallocate", text("0x21")},
                             {"MaxSectionsPerRecord", text("0x22")}});
  const auto add = [&fields](const std::string& key, layout::Node value) {
    fields.members.push_back({key, {1, 1}, std::move(value)});
  };
  const bool generic = kind == "Generic" || kind == "GenericV2";
  if (kind != "Nmi") add("Enabled", text("1"));
  if (kind == "Nmi" || generic) add("MaxRawDataLength", text("0x1000"));
  if (kind == "MachineCheck") {
    add("Flags", text("FIRMWARE_FIRST"));
    add("GlobalCapabilityInitData", text("0x1112131415161718"));
    add("GlobalControlInitData", text("0x2122232425262728"));
  }
  if (kind == "CorrectedMachineCheck" || kind == "DeferredMachineCheck") {
    add("Flags", text("GHES_ASSIST"));
    add("NotificationStructure", notification("CMCI"));
  }
  if (kind.ends_with("MachineCheck")) add("HardwareBanks", banks(bank_count));
  if (kind.starts_with("Aer")) {
    add("Flags", text("GLOBAL"));
    add("Bus", text("0x000102a3"));
    add("Device", text("0x1c"));
    add("Function", text("5"));
    add("DeviceControl", text("0x0f0e"));
    add("UncorrectableErrorMask", text("0x31323334"));
    add("UncorrectableErrorSeverity", text("0x41424344"));
    add("CorrectableErrorMask", text("0x51525354"));
    add("AdvancedErrorCapabilitiesAndControl", text("0x61626364"));
  }
  if (kind == "AerRootPort") add("RootErrorCommand", text("0x71727374"));
  if (kind == "AerBridge") {
    add("SecondaryUncorrectableErrorMask", text("0x81828384"));
    add("SecondaryUncorrectableErrorSeverity", text("0x91929394"));
    add("SecondaryAdvancedCapabilitiesAndControl", text("0xa1a2a3a4"));
  }
  if (generic) {
    add("RelatedSourceId", text("0xffff"));
    add("ErrorStatusAddress", address("0x8000000"));
    add("NotificationStructure", notification(kind == "Generic" ? "Polled" : "NMI"));
    add("ErrorStatusBlockLength", text("0x2000"));
  }
  if (kind == "GenericV2") {
    add("ReadAckRegister", address("0x8000800"));
    add("ReadAckPreserve", text("0xfffffffffffffffe"));
    add("ReadAckWrite", text("1"));
  }
  return fields;
}

inline Buffer source(const std::string& kind, unsigned id, unsigned bank_count = 2) {
  return compose_source(kind, source_fields(kind, id, bank_count)).value();
}

// One source of every kind, with ids from 0 on.
inline Buffer full_hest() {
  std::vector<Buffer> sources;
  for (const layout::ChoiceRow& row : kSourceChoice.rows)
    sources.push_back(source(std::string(row.name), static_cast<unsigned>(sources.size())));
  return make_hest({}, sources).value();
}

// An instruction that reads or writes a quadword in memory.
inline NewInstruction step(unsigned action, unsigned instruction, std::uint64_t at, std::uint64_t value = 0,
                           std::uint64_t mask = ~std::uint64_t{0}) {
  return {.action = static_cast<std::uint8_t>(action),
          .instruction = static_cast<std::uint8_t>(instruction),
          .where = {.address = at},
          .value = value,
          .mask = mask};
}

// Every action of EINJ against registers from 0x800f000 on, as the host of a virtual machine can serve them.
inline std::vector<NewInstruction> einj_actions() {
  constexpr std::uint64_t kRegisters = 0x800f000;
  return {step(0, 3, kRegisters, 1),           step(1, 0, kRegisters + 0x20),
          step(2, 2, kRegisters + 8),          step(3, 0, kRegisters + 0x28),
          step(4, 3, kRegisters + 0x30, 1),    step(5, 3, kRegisters + 0x10, 1),
          step(6, 1, kRegisters + 0x10, 1, 1), step(7, 0, kRegisters + 0x18, 0, 0xff),
          step(8, 2, kRegisters + 0x100),      step(9, 0, kRegisters + 0x40)};
}

// Every action of ERST, and every instruction.
inline std::vector<NewInstruction> erst_actions() {
  std::vector<NewInstruction> actions;
  for (const layout::Name& action : tables::kErstActions)
    actions.push_back(
        step(static_cast<unsigned>(action.value), 3, 0xfed00000 + 8 * action.value, action.value));
  for (const layout::Name& instruction : tables::kErstInstructions)
    actions.push_back(step(5, static_cast<unsigned>(instruction.value), 0xfed00100, instruction.value));
  actions.back().flags = 1;
  return actions;
}

}  // namespace wheatstone::acpi::examples
