// Every event, byte by byte: its fields in order as the manifests have them, and what stands where in its
// payload.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "formats/whea/event.hpp"

namespace wheatstone::whea {
namespace {

constexpr const char* kDefault = "u32 Length, binary RawData[Length]";
constexpr const char* kPcie =
    "u32 ErrorSource, guid FRUId, ansi FRUText, hex64 ValidBits, u32 PortType, hex32 Version, hex32 Command, "
    "hex32 Status, hex32 Bus, hex32 Device, hex32 Function, hex32 Segment, hex32 SecondaryBus, hex32 Slot, "
    "hex32 VendorID, hex32 DeviceID, hex32 ClassCode, hex64 DeviceSerialNumber, hex32 BridgeControl, "
    "hex32 BridgeStatus, hex32 UncorrectableErrorStatus, hex32 CorrectableErrorStatus, binary HeaderLog[16], "
    "u32 Length, binary RawData[Length]";
constexpr const char* kPcieV1 =
    "u32 ErrorSource, guid FRUId, ansi FRUText, hex64 ValidBits, u32 PortType, hex32 Version, hex32 Command, "
    "hex32 Status, hex32 Bus, hex32 Device, hex32 Function, hex32 Segment, hex32 SecondaryBus, hex32 "
    "SecondaryDevice, "
    "hex32 SecondaryFunction, hex32 VendorID, hex32 DeviceID, hex32 ClassCode, hex64 DeviceSerialNumber, "
    "hex32 BridgeControl, hex32 BridgeStatus, hex32 UncorrectableErrorStatus, hex32 CorrectableErrorStatus, "
    "binary HeaderLog[16], unicode PrimaryDeviceName, unicode SecondaryDeviceName";
constexpr const char* kMca =
    "u32 ErrorSource, u32 ApicId, u32 MCABank, hex64 MciStat, hex64 MciAddr, hex64 MciMisc, u32 ErrorType, "
    "u32 TransactionType, u32 Participation, u32 RequestType, u32 MemorIO, u32 MemHierarchyLvl, u32 Timeout, "
    "u32 OperationType, u32 Channel, u32 Length, binary RawData[Length]";
constexpr const char* kAmdNorthbridge =
    "u32 ErrorSource, u32 ApicId, u32 MCABank, hex64 MciStat, hex64 MciAddr, hex64 MciMisc, u32 ErrorType, "
    "u32 Length, binary RawData[Length]";
constexpr const char* kMemory =
    "u32 ErrorSource, guid FRUId, ansi FRUText, hex64 ValidBits, hex64 ErrorStatus, hex64 PhysicalAddress, "
    "hex64 PhysicalAddressMask, hex32 Node, hex32 Card, hex32 Module, hex32 Bank, hex32 Device, hex32 Row, "
    "hex32 Column, hex32 BitPosition, hex64 RequesterId, hex64 ResponderId, hex64 TargetId, u8 ErrorType, "
    "u32 Length, binary RawData[Length]";
constexpr const char* kMemory1803 =
    "u32 ErrorSource, guid FRUId, ansi FRUText, hex64 ValidBits, hex64 ErrorStatus, hex64 PhysicalAddress, "
    "hex64 PhysicalAddressMask, hex32 Node, hex32 Card, hex32 Module, hex32 Bank, hex32 Device, hex32 Row, "
    "hex32 Column, hex32 BitPosition, hex64 RequesterId, hex64 ResponderId, hex64 TargetId, u8 ErrorType, "
    "u32 Extended, u32 RankNumber, u32 CardHandle, u32 ModuleHandle, u32 Length, binary RawData[Length]";
constexpr const char* kPciXBus =
    "u32 ErrorSource, guid FRUId, ansi FRUText, hex64 ValidBits, u16 ErrorType, hex32 BusNumber, hex32 "
    "BusSegment, "
    "hex64 BusAddress, hex64 BusData, hex64 Command, u8 PCIXCommand, hex64 RequesterId, hex64 CompleterId, "
    "hex64 TargetId, u32 Length, binary RawData[Length]";
constexpr const char* kPciXDevice =
    "u32 ErrorSource, guid FRUId, ansi FRUText, hex64 ValidBits, u8 ErrorType, hex32 VendorId, hex32 "
    "DeviceId, "
    "hex32 ClassCode, hex32 FunctionNumber, hex32 DeviceNumber, hex32 BusNumber, hex32 SegmentNumber, u32 "
    "Length, "
    "binary RawData[Length]";
constexpr const char* kArm =
    "u32 ErrorSource, u64 MPIDR_EL1, u64 MIDR_EL1, hex32 RunningState, hex32 PSCIState, hex32 ErrorType, "
    "u32 TransactionType, u32 Participation, hex32 CacheLevel, hex32 AffinityLevel, u32 Timeout, u32 "
    "OperationType, "
    "u32 TLBOperationType, u32 AddressSpace, u32 AccessMode, u32 PrecisePC, u32 RestartablePC, "
    "hex64 VirtualFaultAddress, hex64 PhysicalFaultAddress, u32 Length, binary RawData[Length]";
constexpr const char* kBank =
    "u32 ErrorSource, hex32 Bank, hex64 MciStatus, hex64 MciAddr, hex64 MciMisc, ansi FRUText";

// Version, level, first build and fields of an event.
struct Expected {
  const EventProvider& provider;
  int id;
  int version;
  int level;
  std::uint32_t build;
  const char* fields;
};

const Expected kExpected[] = {
    {kKernelWhea, 5, 0, 4, 7600,
     "u32 ErrorSourceCount, u32 ErrorRecordFormat, u32 ErrorSourceTableLength, "
     "binary ErrorSourceTable[ErrorSourceTableLength]"},
    {kKernelWhea, 20, 0, 4, 6001, kDefault},
    {kKernelWhea, 21, 0, 4, 22621, "u32 RecordId, u32 SeqNum, u32 Length, binary RawData[Length]"},
    {kKernelWhea, 31, 0, 4, 7600,
     "hex64 PhysicalAddress, u8 Pending, u8 PlatformDirected, u8 Uncorrected, u8 Persisted"},
    {kKernelWhea, 41, 0, 4, 9200, "u32 ProcessId, unicode ProcessName"},
    {kKernelWhea, 42, 0, 4, 17763,
     "u32 Type, u32 Owner, u32 Id, u32 Flags, u32 Length, binary RawData[Length]"},
    {kWheaLogger, 1, 0, 2, 6001, kDefault},
    {kWheaLogger, 2, 0, 3, 6001, kDefault},
    {kWheaLogger, 3, 0, 4, 6001, kDefault},
    {kWheaLogger, 16, 0, 2, 6001, kPcie},
    {kWheaLogger, 16, 1, 2, 18362, kPcieV1},
    {kWheaLogger, 17, 0, 3, 6001, kPcie},
    {kWheaLogger, 17, 1, 3, 18362, kPcieV1},
    {kWheaLogger, 18, 0, 2, 6001, kMca},
    {kWheaLogger, 19, 0, 3, 6001, kMca},
    {kWheaLogger, 20, 0, 2, 6001, kAmdNorthbridge},
    {kWheaLogger, 21, 0, 3, 6001, kAmdNorthbridge},
    {kWheaLogger, 22, 0, 2, 6001, kMemory},
    {kWheaLogger, 22, 0, 2, 17134, kMemory1803},
    {kWheaLogger, 23, 0, 3, 6001, kMemory},
    {kWheaLogger, 23, 0, 3, 17134, kMemory1803},
    {kWheaLogger, 24, 0, 2, 6001, kPciXBus},
    {kWheaLogger, 25, 0, 3, 6001, kPciXBus},
    {kWheaLogger, 26, 0, 2, 6001, kPciXDevice},
    {kWheaLogger, 27, 0, 3, 6001, kPciXDevice},
    {kWheaLogger, 28, 0, 3, 15063, kArm},
    {kWheaLogger, 29, 0, 3, 15063, kArm},
    {kWheaLogger, 40, 0, 2, 7600, kPcie},
    {kWheaLogger, 41, 0, 3, 7600, kPcie},
    {kWheaLogger, 42, 0, 2, 7600, kPciXBus},
    {kWheaLogger, 43, 0, 3, 7600, kPciXBus},
    {kWheaLogger, 44, 0, 2, 7600, kPciXDevice},
    {kWheaLogger, 45, 0, 3, 7600, kPciXDevice},
    {kWheaLogger, 46, 0, 2, 7600, kMemory},
    {kWheaLogger, 46, 0, 2, 17134, kMemory1803},
    {kWheaLogger, 47, 0, 3, 7600, kMemory},
    {kWheaLogger, 47, 0, 3, 17134, kMemory1803},
    {kWheaLogger, 48, 0, 2, 18362, kBank},
    {kWheaLogger, 49, 0, 3, 18362, kBank},
};

struct NamedField {
  std::string type;
  std::string name;
  std::string length;  // of binary: a number, or the name of a field
};

std::vector<NamedField> parse(const char* fields) {
  std::vector<NamedField> found;
  std::istringstream words(fields);
  for (NamedField field; words >> field.type >> field.name;) {
    if (field.name.back() == ',') field.name.pop_back();
    const std::size_t bracket = field.name.find('[');
    field.length.clear();
    if (bracket != std::string::npos) {
      field.length = field.name.substr(bracket + 1, field.name.size() - bracket - 2);
      field.name.resize(bracket);
    }
    found.push_back(field);
  }
  return found;
}

// A payload of the notation alone: numbers that count up, lengths of 3, and what must be read.
struct Filled {
  Buffer payload;
  std::vector<EventValue> values;
};

Filled filled(const std::vector<NamedField>& fields) {
  Filled made;
  std::uint8_t next = 1;
  const auto raw = [&](std::size_t size) {
    Buffer bytes(size);
    for (std::uint8_t& byte : bytes) byte = next++;
    made.payload.insert(made.payload.end(), bytes.begin(), bytes.end());
    return bytes;
  };
  for (const NamedField& field : fields) {
    const bool is_length =
        std::ranges::any_of(fields, [&](const NamedField& each) { return each.length == field.name; });
    if (is_length) {
      made.payload.insert(made.payload.end(), {3, 0, 0, 0});
      made.values.emplace_back(std::uint64_t{3});
    } else if (field.type == "guid") {
      made.values.emplace_back(Guid::load(raw(16).data()));
    } else if (field.type == "ansi") {
      made.payload.insert(made.payload.end(), {'a', 'b', 0});
      made.values.emplace_back(std::string("ab"));
    } else if (field.type == "unicode") {
      made.payload.insert(made.payload.end(), {'c', 0, 'd', 0, 0, 0});
      made.values.emplace_back(std::u16string(u"cd"));
    } else if (field.type == "binary") {
      made.values.emplace_back(raw(field.length == "16" ? 16 : 3));
    } else {
      const std::size_t bits = std::stoul(field.type.substr(field.type.find_first_of("0123456789")));
      const Buffer own = raw(bits / 8);
      made.values.emplace_back(load_le(own.data(), static_cast<unsigned>(own.size())));
    }
  }
  return made;
}

TEST(EveryEvent, IsInTheListAndNoOther) {
  std::vector<std::string> listed, known;
  for (const Expected& each : kExpected)
    listed.push_back(fmt::format("{} {} version {} level {} since {}", each.provider.name, each.id,
                                 each.version, each.level, each.build));
  for (const EventTemplate& each : event_templates())
    known.push_back(fmt::format("{} {} version {} level {} since {}", each.provider->name, each.id,
                                each.version, each.level, each.first_build));
  std::ranges::sort(listed);
  std::ranges::sort(known);
  EXPECT_EQ(known, listed);
}

TEST(EveryEvent, HasItsFieldsWhereTheManifestHasThem) {
  for (const Expected& each : kExpected) {
    SCOPED_TRACE(fmt::format("{} {} since {}", each.provider.name, each.id, each.build));
    const EventTemplate* event =
        find_event(each.provider.id, static_cast<std::uint16_t>(each.id), each.build);
    ASSERT_NE(event, nullptr);
    const std::vector<NamedField> fields = parse(each.fields);
    ASSERT_EQ(event->fields.size(), fields.size());
    const auto type_of = [](InType type) {
      switch (type) {
        case InType::hex32:
          return "hex32";
        case InType::hex64:
          return "hex64";
        case InType::u8:
          return "u8";
        case InType::u16:
          return "u16";
        case InType::u32:
          return "u32";
        case InType::u64:
          return "u64";
        case InType::guid:
          return "guid";
        case InType::ansi:
          return "ansi";
        case InType::unicode:
          return "unicode";
        case InType::binary:
          return "binary";
      }
      return "";
    };
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const EventField& field = event->fields[i];
      EXPECT_EQ(field.name, fields[i].name);
      EXPECT_STREQ(type_of(field.type), fields[i].type.c_str()) << field.name;
      EXPECT_EQ(field.length != 0 ? fmt::format("{}", field.length) : std::string(field.length_field),
                fields[i].length)
          << field.name;
    }
    const Filled wanted = filled(fields);
    const Event read = decode_event(*event, wanted.payload);
    EXPECT_TRUE(read.findings.empty());
    EXPECT_EQ(read.values, wanted.values);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const EventValue* value = read.find(fields[i].name);
      ASSERT_NE(value, nullptr) << fields[i].name;
      EXPECT_EQ(*value, wanted.values[i]) << fields[i].name;
    }
    const auto written = encode_event(*event, wanted.values);
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_EQ(written->payload, wanted.payload);
  }
}

}  // namespace
}  // namespace wheatstone::whea
