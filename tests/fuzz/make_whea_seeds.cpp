// make_whea_seeds FOLDER: writes the seeds of packet, event, log_entry and source_descriptor into FOLDER
// (tests/data/fuzz).
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "formats/mutate/generate.hpp"
#include "formats/whea/error_source_descriptor.hpp"
#include "formats/whea/event.hpp"
#include "formats/whea/log_entry.hpp"
#include "formats/whea/packet.hpp"
#include "tests/formats/whea/examples.hpp"

using namespace wheatstone;

namespace {

std::filesystem::path folder;

void seed(const std::string& target, const std::string& name, Bytes bytes) {
  std::filesystem::create_directories(folder / target);
  std::ofstream file(folder / target / name, std::ios::binary);
  file.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) std::fprintf(stderr, "cannot write %s/%s\n", target.c_str(), name.c_str());
}

void packets() {
  const Buffer mca = whea::mca_body({.status = 0xbea0000000000108}), pshed = {1, 2, 3};
  const Buffer v2 = whea::encode_packet_v2({}, mca, pshed).value();
  seed("packet", "v2_mca", v2);
  seed("packet", "v2_empty", whea::encode_packet_v2({}, {}, {}).value());
  seed("packet", "v2_nmi",
       whea::encode_packet_v2({.data_format = whea::DataFormat::nmi_port}, Buffer(12)).value());
  Buffer swapped = v2;  // the parts change places
  store_le<std::uint32_t>(&swapped[64], 83);
  store_le<std::uint32_t>(&swapped[72], 80);
  seed("packet", "v2_swapped", swapped);
  Buffer lying = v2;
  store_le<std::uint32_t>(&lying[68], 0xffffffff);
  seed("packet", "v2_lying", lying);

  Buffer v1(whea::kPacketHeaderV1 + 256, 0);
  store_le<std::uint32_t>(v1.data(), whea::kPacketSignatureV1);
  auto edit = *layout::Editor<whea::PacketV1>::make(whea::kPacketV1, v1);
  edit.set(whea::PacketV1::kSize, static_cast<std::uint32_t>(v1.size()));
  edit.set(whea::PacketV1::kRawDataLength, 0x392);
  edit.set(whea::PacketV1::kVersion, whea::kPacketVersionV1);
  edit.set(whea::PacketV1::kRawDataFormat, 3);
  edit.set(whea::PacketV1::kRawDataOffset, static_cast<std::uint32_t>(whea::kPacketHeaderV1));
  seed("packet", "v1_mca", v1);
}

// `payload` behind the byte that chooses `descriptor`.
void event_seed(const std::string& name, const whea::EventTemplate& descriptor, Bytes payload) {
  Buffer bytes = {static_cast<std::uint8_t>(&descriptor - whea::event_templates().data())};
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  seed("event", name, bytes);
}

void events() {
  const Buffer machine_check = whea::machine_check_record({.status = 0xbea0000000000108});
  const Buffer northbridge =
      whea::machine_check_record({.status = 0xfa00000000070f0f, .bank = 4, .cpu_version = 0x00100f43});
  const Buffer pcie = whea::record_with(cper::kSectionPciExpress, Buffer(208, 0xff), {}, "slot");
  const Buffer memory = whea::record_with(cper::kSectionMemory, Buffer(77, 0xff), {}, "DIMM 1");
  const std::pair<std::string, Bytes> kRecords[] = {
      {"machine_check", machine_check}, {"northbridge", northbridge}, {"pcie", pcie}, {"memory", memory}};
  for (const auto& [name, bytes] : kRecords) {
    const cper::Record record = cper::Record::decode(bytes);
    for (const std::uint32_t build : {10240u, 22621u}) {
      const whea::Event event = whea::logger_event(record, build);
      event_seed(name + "_" + std::to_string(build), *event.descriptor, event.payload);
    }
    event_seed(name + "_record", *whea::kernel_whea_event(record).descriptor, bytes);
  }
  const whea::EventTemplate& process = *whea::find_event(whea::kKernelWhea.id, 41, ~0u);
  event_seed("process", process,
             whea::encode_event(process, {std::uint64_t{4}, std::u16string(u"a.exe")}).value().payload);
}

// An entry of each id whose payload has a layout.
void log_entries() {
  for (const layout::ChoiceRow& row : whea::tables::kLogPayloadRows) {
    Xoshiro random(row.value);
    const Buffer payload = mutate::generate_structure(*row.forms.back(), random);
    const auto entry = whea::encode_log_entry({.id = static_cast<std::uint32_t>(row.value)}, payload);
    seed("log_entry", std::string(row.name), entry.value());
  }
}

// A descriptor of each type of source in both forms.
void source_descriptors() {
  for (const layout::Layout* form : whea::kErrorSourceDescriptorForms)
    for (const layout::Name& type : whea::kErrorSourceTypeNames) {
      Xoshiro random(type.value);
      Buffer descriptor = mutate::generate_structure(*form, random);
      descriptor.resize(form->size);
      auto edit =
          *layout::Editor<whea::ErrorSourceDescriptor>::make(whea::kErrorSourceDescriptor, descriptor);
      edit.set(whea::ErrorSourceDescriptor::kLength, form->size);
      edit.set(whea::ErrorSourceDescriptor::kType, static_cast<std::uint32_t>(type.value));
      seed("source_descriptor", std::string(type.text) + '_' + std::to_string(form->size), descriptor);
    }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_whea_seeds FOLDER\n");
    return 2;
  }
  folder = argv[1];
  packets();
  events();
  log_entries();
  source_descriptors();
  return 0;
}
