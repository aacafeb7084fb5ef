// The first byte chooses a template, the rest is its payload: what is read without a finding is written back
// byte for byte. The same bytes as a record become events that read back as they were written, bug checks of
// every era and explanations of its machine check banks.
#include <algorithm>

#include "formats/whea/bug_check.hpp"
#include "formats/whea/event.hpp"
#include "formats/whea/mca_explain.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"

using namespace wheatstone;

namespace {

void payload(const whea::EventTemplate& descriptor, Bytes bytes) {
  const whea::Event event = whea::decode_event(descriptor, bytes);
  REQUIRE(event.values.size() <= descriptor.fields.size());
  REQUIRE(std::ranges::equal(event.payload, bytes));
  for (std::size_t i = 0; i < event.values.size(); ++i)
    whea::value_text(descriptor.fields[i], event.values[i]);
  if (event.values.size() < descriptor.fields.size()) {
    REQUIRE(!event.findings.empty());
    return;
  }
  const auto written = whea::encode_event(descriptor, event.values);
  REQUIRE(written);
  REQUIRE(written->payload.size() <= bytes.size());
  REQUIRE(std::ranges::equal(written->payload, bytes.first(written->payload.size())));
  REQUIRE(event.findings.empty() == (written->payload.size() == bytes.size()));
}

void reads_back(const whea::Event& event) {
  const whea::Event again = whea::decode_event(*event.descriptor, event.payload);
  REQUIRE(again.findings.empty());
  REQUIRE(again.values == event.values);
}

void explain_banks(const cper::Record& record) {
  const auto family = whea::cpu_family(record);
  for (const cper::Section& section : record.sections()) {
    if (section.type == nullptr || section.type->guid != cper::kSectionXpfMca || !section.in_budget) continue;
    const Bytes body = record.body(section);
    const std::size_t banks = whea::mca_bank_count(body);
    REQUIRE(banks <= 65);
    REQUIRE(!whea::mca_registers(body, banks, family));
    for (std::size_t i = 0; i < banks; ++i) {
      const auto lines = whea::describe(whea::explain(*whea::mca_registers(body, i, family)));
      REQUIRE(lines.size() >= 4 && lines.size() <= 11);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes bytes(data + 1, size - 1);
  const auto templates = whea::event_templates();
  payload(templates[data[0] % templates.size()], bytes);

  if (!test::is_chosen(bytes, test::kSlow)) return 0;
  const cper::Record record = cper::Record::decode(bytes);
  reads_back(whea::kernel_whea_event(record));
  for (const std::uint32_t build : {6000u, 6001u, 17134u, 26100u})
    reads_back(whea::logger_event(record, build));
  for (const std::uint32_t build : {6001u, 26100u})
    for (const auto source : {whea::ErrorSourceType::mce, whea::ErrorSourceType::ipf_mca})
      if (const auto bug_check = whea::bug_check_for(source, record, 1, {.build = build}))
        REQUIRE(whea::describe(*bug_check).size() == 6);
  explain_banks(record);
  return 0;
}
