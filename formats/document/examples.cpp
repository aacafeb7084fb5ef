#include "formats/document/examples.hpp"

#include "formats/document/example_tree.hpp"
#include "formats/document/make.hpp"

namespace wheatstone::document {
namespace {

using layout::Node;

constexpr std::string_view kTime = "2026-01-15T08:00:00Z";

Node section(std::string_view type, bool primary, Node body) {
  Node descriptor = fields({{"SectionSeverity", "Fatal"}, {"FRUText", "CPU 0"}});
  if (primary) descriptor = with(std::move(descriptor), "Flags", layout::scalar("Primary"));
  return with(with(fields({{"Type", type}}), "Descriptor", std::move(descriptor)), "Body", std::move(body));
}

Node machine_check() {
  return fields({{"SectionLength", "292"},
                 {"VersionNumber", "3"},
                 {"CpuVendor", "2"},
                 {"Timestamp", kTime},
                 {"ProcessorNumber", "12"},
                 {"BankNumber", "5"},
                 {"Status", "0xbea0000000000108"},
                 {"Address", "0x1f807b7ef8000"},
                 {"Misc", "0xd0130fff00000000"},
                 {"ApicId", "12"}});
}

Node memory() {
  return fields({{"ErrorStatus", "0x400"},
                 {"PhysicalAddress", "0x1f807b7ef8000"},
                 {"PhysicalAddressMask", "0xfffffffffffff000"},
                 {"Node", "0"},
                 {"Card", "1"},
                 {"Module", "2"},
                 {"Bank", "3"},
                 {"Row", "1234"},
                 {"Column", "56"},
                 {"ErrorType", "MultiBitECC"},
                 {"RankNumber", "1"},
                 {"CardHandle", "0x1100"},
                 {"ModuleHandle", "0x1200"}});
}

Node pcie() {
  Node pcie = fields({{"PortType", "4"},
                      {"Version.MajorVersion", "1"},
                      {"Version.MinorVersion", "1"},
                      {"Command", "6"},
                      {"Status", "0x10"}});
  pcie = with(std::move(pcie), "DeviceId",
              fields({{"VendorID", "0x8086"},
                      {"DeviceID", "0xd13a"},
                      {"ClassCode", "0x060400"},
                      {"DeviceNumber", "5"}}));
  pcie = with(std::move(pcie), "ExpressCapability",
              fields({{"CapabilityId", "0x10"}, {"Capabilities", "0x42"}}));
  return with(std::move(pcie), "AerInfo",
              fields({{"CapabilityHeader", "0x00010001"}, {"UncorrectableErrorStatus", "0x4000"}}));
}

Node record() {
  Node processor = fields({{"ProcessorType", "XPF"},
                           {"InstructionSet", "X64"},
                           {"ErrorType", "1"},
                           {"Operation", "Generic"},
                           {"Flags", "0"},
                           {"Level", "0"},
                           {"CPUVersion", "0xa20f10"},
                           {"ProcessorId", "12"}});
  Node xpf = fields({{"LocalAPICId", "12"}});
  xpf = with(std::move(xpf), "CpuId", list({layout::scalar("0xa20f10"), layout::scalar("0x810000")}));
  xpf = with(std::move(xpf), "ProcInfo",
             list({fields({{"CheckInfoId", "CacheCheck"}, {"CheckInfo", "0x9f"}})}));
  xpf = with(std::move(xpf), "ContextInfo",
             list({fields({{"RegisterContextType", "MSR"},
                           {"RegisterDataSize", "8"},
                           {"MSRAddress", "0x179"},
                           {"RegisterData", "0700000000000000"}})}));
  Node header = fields({{"Severity", "Fatal"},
                        {"Timestamp", kTime},
                        {"CreatorId", "Microsoft"},
                        {"NotifyType", "MCE"},
                        {"RecordId", "0x1dc864f5c3a0001"}});
  Node tree = with(fields({{"profile", "win11-21H2"}}), "Header", std::move(header));
  return with(std::move(tree), "Sections",
              list({section("ProcessorGeneric", true, std::move(processor)),
                    section("XpfProcessor", false, std::move(xpf)), section("XpfMca", false, machine_check()),
                    section("Memory", false, memory()), section("PciExpress", false, pcie())}));
}

Node packet() {
  Node body = fields({{"Length", "0"},
                      {"ErrorType", "Processor"},
                      {"ErrorSeverity", "Fatal"},
                      {"ErrorSourceId", "1"},
                      {"ErrorSourceType", "MCE"},
                      {"NotifyType", "MCE"},
                      {"DataFormat", "XPFMCA"},
                      {"DataLength", "292"}});
  Node data = machine_check();
  std::erase_if(data.members, [](const layout::Member& member) { return member.key == "SectionLength"; });
  body = with(std::move(body), "Data", std::move(data));
  body = with(std::move(body), "PshedData", layout::scalar("0102030405060708"));
  return with(fields({{"Type", "ErrorPacketV2"}}), "Body", std::move(body));
}

std::string_view type_or(std::string_view form, std::string_view otherwise) {
  return form.empty() ? otherwise : form;
}

}  // namespace

Buffer example(Kind kind, std::string_view form) {
  Node content;
  switch (kind) {
    case Kind::record:
      content = record();
      break;
    case Kind::packet:
      content = packet();
      break;
    case Kind::erst_store:
      content = example_store(record());
      break;
    case Kind::acpi_table:
      content = example_table(type_or(form, "Hest"));
      break;
    case Kind::log_entry:
      content = example_log_entry();
      break;
    case Kind::source_descriptor:
      content = example_descriptor(type_or(form, "ErrorSourceDescriptor"));
      break;
    case Kind::status_block:
      content = example_status_block(memory(), pcie());
      break;
  }
  auto made = make(with(map(), info(kind).key, std::move(content)));
  return made ? std::move(made->bytes) : Buffer();
}

}  // namespace wheatstone::document
