#include "formats/document/structures.hpp"

#include "formats/acpi/einj.hpp"
#include "formats/acpi/hest.hpp"
#include "formats/acpi/status_block.hpp"
#include "formats/cper/sections/error_packet.hpp"
#include "formats/layout/reach.hpp"
#include "formats/whea/sources/device_driver.hpp"
#include "formats/whea/sources/notification.hpp"

namespace wheatstone::document {
namespace {

// What no document holds: structures in the memory of firmware, drivers and tools, and other readings.
constexpr const layout::Layout* kOfNoDocument[] = {&acpi::kTriggerTable,
                                                   &acpi::kSetErrorTypeWithAddress,
                                                   &acpi::kSetErrorTypeWithAddressItanium,
                                                   &acpi::kVendorErrorTypeExtension,
                                                   &acpi::kNotificationWindows,
                                                   &acpi::kStatusBlockAcpica,
                                                   &cper::kPacketLogData,
                                                   &whea::kDriverConfigV1,
                                                   &whea::kDriverConfig,
                                                   &whea::kNotificationWdk};

void add(Kind kind, std::vector<const layout::Layout*>& found) {
  for (const layout::Layout* form : info(kind).forms) layout::reach(*form, found);
  if (kind != Kind::record && kind != Kind::erst_store) return;
  layout::reach(cper::kRecordHeader, found);
  layout::reach(cper::kSectionDescriptor, found);
  for (const cper::SectionType& type : cper::section_types())
    for (const layout::Layout* form : type.forms) layout::reach(*form, found);
}

void add_readings(std::vector<const layout::Layout*>& found) {
  for (const cper::Reading& reading : cper::section_readings())
    for (const layout::Layout* form : reading.forms) layout::reach(*form, found);
}

}  // namespace

std::vector<const layout::Layout*> structures(Kind kind) {
  std::vector<const layout::Layout*> found;
  add(kind, found);
  return found;
}

std::vector<const layout::Layout*> structures() {
  std::vector<const layout::Layout*> found;
  for (const KindInfo& kind : kinds()) add(kind.kind, found);
  add_readings(found);
  for (const layout::Layout* other : kOfNoDocument) layout::reach(*other, found);
  return found;
}

}  // namespace wheatstone::document
