#include <fmt/format.h>

#include "formats/document/example_tree.hpp"

namespace wheatstone::document {
namespace {

using layout::Node;

Node bank(unsigned number, std::string_view control, std::string_view status, std::string_view address,
          std::string_view misc, std::string_view data) {
  const unsigned msr = 0x400 + 4 * number;
  Node node = fields({{"BankNumber", "0"}, {"StatusDataFormat", "AMD64MCA"}, {data, "0xffffffffffffffff"}});
  node.members.front().value = layout::scalar(fmt::format("{}", number));
  for (const auto& [name, register_number] :
       {std::pair{control, msr}, {status, msr + 1}, {address, msr + 2}, {misc, msr + 3}})
    node = with(std::move(node), name, layout::scalar(fmt::format("{:#x}", register_number)));
  return node;
}

// ---- tables

Node header() {
  return fields({{"Revision", "1"},
                 {"OEMID", "WHEAST"},
                 {"OEMTableID", "WHEABNCH"},
                 {"OEMRevision", "1"},
                 {"CreatorID", "WHST"},
                 {"CreatorRevision", "1"}});
}

Node hest_bank(unsigned number) {
  return bank(number, "ControlRegisterMSRAddress", "StatusRegisterMSRAddress", "AddressRegisterMSRAddress",
              "MiscRegisterMSRAddress", "ControlInitData");
}

Node address(std::string_view where) {
  return fields({{"AddressSpaceID", "SystemMemory"},
                 {"RegisterBitWidth", "64"},
                 {"AccessSize", "Qword"},
                 {"Address", where}});
}

Node source(std::string_view type, std::string_view id) {
  return fields({{"Type", type},
                 {"SourceId", id},
                 {"NumberOfRecordsToPreallocate", "4"},
                 {"MaxSectionsPerRecord", "4"}});
}

Node hest() {
  const Node notification = fields({{"Type", "SCI"}, {"Length", "28"}});
  const Node polled = fields({{"Type", "Polled"}, {"Length", "28"}, {"PollInterval", "1000"}});
  Node generic = with(source("GenericV2", "5"), "RelatedSourceId", layout::scalar("0xffff"));
  for (const auto& [key, value] : {Pair{"Enabled", "1"},
                                   {"MaxRawDataLength", "4096"},
                                   {"ErrorStatusBlockLength", "4096"},
                                   {"ReadAckPreserve", "0xfffffffffffffffe"},
                                   {"ReadAckWrite", "1"}})
    generic = with(std::move(generic), key, layout::scalar(std::string(value)));
  generic = with(with(with(std::move(generic), "ErrorStatusAddress", address("0x7f000000")),
                      "ReadAckRegister", address("0x7f000008")),
                 "NotificationStructure", notification);
  return with(with(map(), "Header", header()), "ErrorSources",
              list({with(with(source("MachineCheck", "0"), "Enabled", layout::scalar("1")), "HardwareBanks",
                         list({hest_bank(0), hest_bank(1)})),
                    with(with(source("CorrectedMachineCheck", "1"), "NotificationStructure", polled),
                         "HardwareBanks", list({hest_bank(2)})),
                    source("Nmi", "2"),
                    with(with(source("AerRootPort", "3"), "Flags", layout::scalar("GLOBAL")),
                         "UncorrectableErrorMask", layout::scalar("0x100000")),
                    std::move(generic)}));
}

Node instruction(std::string_view action, std::string_view what, std::string_view where,
                 std::string_view value) {
  return with(
      fields({{"Action", action}, {"Instruction", what}, {"Value", value}, {"Mask", "0xffffffffffffffff"}}),
      "RegisterRegion", address(where));
}

}  // namespace

Node example_table(std::string_view type) {
  Node body = with(map(), "Header", header());
  if (type == "Hest") body = hest();
  if (type == "Bert") {
    body = with(std::move(body), "BootErrorRegionLength", layout::scalar("4096"));
    body = with(std::move(body), "BootErrorRegion", layout::scalar("0x7f001000"));
  }
  if (type == "Erst") {
    body = with(std::move(body), "SerializationHeaderSize", layout::scalar("48"));
    body = with(std::move(body), "InstructionEntries",
                list({instruction("BEGIN_WRITE_OPERATION", "WRITE_REGISTER_VALUE", "0xfeb00000", "0"),
                      instruction("SET_RECORD_OFFSET", "WRITE_REGISTER", "0xfeb00008", "0"),
                      instruction("EXECUTE_OPERATION", "WRITE_REGISTER_VALUE", "0xfeb00000", "0x9c"),
                      instruction("GET_COMMAND_STATUS", "READ_REGISTER", "0xfeb00000", "0"),
                      instruction("END_OPERATION", "WRITE_REGISTER_VALUE", "0xfeb00000", "3")}));
  }
  if (type == "Einj") {
    body = with(std::move(body), "InjectionHeaderSize", layout::scalar("48"));
    body = with(std::move(body), "InjectionEntries",
                list({instruction("BEGIN_INJECTION_OPERATION", "WRITE_REGISTER_VALUE", "0x7f002000", "1"),
                      instruction("GET_TRIGGER_ERROR_ACTION_TABLE", "READ_REGISTER", "0x7f002020", "0"),
                      instruction("SET_ERROR_TYPE", "WRITE_REGISTER", "0x7f002008", "0"),
                      instruction("EXECUTE_OPERATION", "WRITE_REGISTER_VALUE", "0x7f002010", "1"),
                      instruction("GET_COMMAND_STATUS", "READ_REGISTER", "0x7f002018", "0")}));
  }
  return with(fields({{"Type", type}}), "Body", std::move(body));
}

// ---- records of firmware and of the store

Node example_store(const Node& record) {
  const auto stored = [&record](std::string_view id, bool deleted) {
    Node copy = record;
    for (layout::Member& member : copy.members)
      if (member.key == "Header")
        for (layout::Member& field : member.value.members)
          if (field.key == "RecordId") field.value = layout::scalar(std::string(id));
    Node item = with(map(), "Record", std::move(copy));
    if (deleted) item = with(std::move(item), "Deleted", layout::scalar("true"));
    return item;
  };
  return with(fields({{"RecordSize", "8192"}, {"Slots", "6"}}), "Records",
              list({stored("0x1dc864f5c3a0001", false), stored("0x1dc864f5c3a0002", true),
                    stored("0x1dc864f5c3a0003", false)}));
}

Node example_status_block(const Node& memory, const Node& pcie) {
  const auto entry = [](std::string_view type, const Node& data) {
    return with(fields({{"SectionType", type},
                        {"ErrorSeverity", "Recoverable"},
                        {"Revision.MajorRevision", "3"},
                        {"FRUText", "DIMM A1"},
                        {"Timestamp", "2026-01-15T08:00:00Z"}}),
                "Data", data);
  };
  Node body = fields({{"ErrorSeverity", "Recoverable"}, {"RawData", "0102030405060708"}});
  body = with(std::move(body), "BlockStatus",
              fields({{"UncorrectableErrorValid", "1"}, {"MultipleUncorrectableErrors", "1"}}));
  body = with(std::move(body), "Entries", list({entry("Memory", memory), entry("PciExpress", pcie)}));
  return with(map(), "Body", std::move(body));
}

// ---- error sources

Node example_descriptor(std::string_view type) {
  const auto windows_bank = [](unsigned number) {
    return bank(number, "ControlMsr", "StatusMsr", "AddressMsr", "MiscMsr", "ControlData");
  };
  Node member = fields({{"Type", "0"}, {"Enabled", "1"}, {"MCG_Capability", "0x1000006"}});
  member = with(std::move(member), "Banks", list({windows_bank(0), windows_bank(1), windows_bank(2)}));
  Node body = fields({{"Type", "MCE"},
                      {"State", "Started"},
                      {"MaxRawDataLength", "1192"},
                      {"NumRecordsToPreallocate", "4"},
                      {"MaxSectionsPerRecord", "4"},
                      {"ErrorSourceId", "1"},
                      {"PlatformErrorSourceId", "1"}});
  return with(fields({{"Type", type}}), "Body", with(std::move(body), "Info", std::move(member)));
}

Node example_log_entry() {
  Node payload = with(map(), "Descriptor", *example_descriptor("ErrorSourceDescriptor").find("Body"));
  Node& descriptor = payload.members.front().value;
  descriptor =
      with(with(std::move(descriptor), "Length", layout::scalar("972")), "Version", layout::scalar("10"));
  payload = with(std::move(payload), "IsRemove", layout::scalar("0"));
  return with(
      map(), "Body",
      with(fields({{"Type", "Informational"}, {"Id", "AddRemoveErrorSource"}, {"Flags", "LogInternalEtw"}}),
           "Payload", std::move(payload)));
}

}  // namespace wheatstone::document
