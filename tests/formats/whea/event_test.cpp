#include "formats/whea/event.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/formats/whea/records.hpp"

namespace wheatstone::whea {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const EventTemplate& event_of(const EventProvider& provider, std::uint16_t id, std::uint32_t build = ~0u) {
  return *find_event(provider.id, id, build);
}

std::vector<std::string_view> names(const EventTemplate& event) {
  std::vector<std::string_view> found;
  for (const EventField& field : event.fields) found.push_back(field.name);
  return found;
}

TEST(EventTemplates, HaveTheDescriptorsOfTheManifest) {
  const EventTemplate& record = event_of(kKernelWhea, 20);
  EXPECT_EQ(record.provider->name, "Microsoft-Windows-Kernel-WHEA");
  EXPECT_EQ(record.provider->id.text(), "7b563579-53c8-44e7-8236-0f87b9fe6594");
  EXPECT_EQ(record.channel, 0x10);
  EXPECT_EQ(record.level, 4);
  EXPECT_EQ(record.keywords, 0x4000000000000800u);
  const EventTemplate& entry = event_of(kKernelWhea, 42);
  EXPECT_EQ(entry.channel, 0x11);
  EXPECT_EQ(entry.keywords, 0x2000000000000400u);
  const EventTemplate& unknown = event_of(kWheaLogger, 1);
  EXPECT_EQ(unknown.provider->id.text(), "c26c4f3c-3f66-4e99-8f8a-39405cfed220");
  EXPECT_EQ(unknown.channel_name, "System");
  EXPECT_EQ(unknown.keywords, 0x8000000000000002u);
  EXPECT_EQ(event_of(kWheaLogger, 18).keywords, 0x8000000000000000u);
  EXPECT_EQ(event_of(kWheaLogger, 18).level, 2);
  EXPECT_EQ(event_of(kWheaLogger, 19).level, 3);
}

TEST(EventTemplates, ChangeWithTheBuild) {
  EXPECT_EQ(event_of(kWheaLogger, 17, 18361).version, 0);
  EXPECT_EQ(event_of(kWheaLogger, 17, 18362).version, 1);
  EXPECT_EQ(names(event_of(kWheaLogger, 17, 17763)).back(), "RawData");
  EXPECT_EQ(names(event_of(kWheaLogger, 17, 19041)).back(), "SecondaryDeviceName");
  EXPECT_EQ(event_of(kWheaLogger, 47, 17133).fields.size(), 21u);
  EXPECT_EQ(event_of(kWheaLogger, 47, 17134).fields.size(), 25u);
  EXPECT_EQ(find_event(kWheaLogger.id, 47, 7599), nullptr);
  EXPECT_EQ(find_event(kWheaLogger.id, 48, 18361), nullptr);
  EXPECT_EQ(find_event(kWheaLogger.id, 4, ~0u), nullptr);
  EXPECT_EQ(find_event(kKernelWhea.id, 18, ~0u), nullptr);
}

TEST(EventTemplates, HaveTheFieldsOfTheManifestInOrder) {
  EXPECT_THAT(names(event_of(kWheaLogger, 18)),
              ElementsAre("ErrorSource", "ApicId", "MCABank", "MciStat", "MciAddr", "MciMisc", "ErrorType",
                          "TransactionType", "Participation", "RequestType", "MemorIO", "MemHierarchyLvl",
                          "Timeout", "OperationType", "Channel", "Length", "RawData"));
  EXPECT_THAT(names(event_of(kWheaLogger, 20)),
              ElementsAre("ErrorSource", "ApicId", "MCABank", "MciStat", "MciAddr", "MciMisc", "ErrorType",
                          "Length", "RawData"));
  EXPECT_THAT(names(event_of(kWheaLogger, 48)),
              ElementsAre("ErrorSource", "Bank", "MciStatus", "MciAddr", "MciMisc", "FRUText"));
  EXPECT_THAT(names(event_of(kKernelWhea, 31)),
              ElementsAre("PhysicalAddress", "Pending", "PlatformDirected", "Uncorrected", "Persisted"));
}

Event encoded(const EventTemplate& event, std::vector<EventValue> values) {
  auto done = encode_event(event, std::move(values));
  EXPECT_TRUE(done) << (done ? "" : done.error().text());
  return done ? *done : Event();
}

TEST(Event, WritesTheseBytes) {
  EXPECT_THAT(encoded(event_of(kKernelWhea, 31), {0x1122334455667000u, std::uint64_t{1}, std::uint64_t{0},
                                                  std::uint64_t{1}, std::uint64_t{0}})
                  .payload,
              ElementsAre(0x00, 0x70, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 1, 0, 1, 0));
  EXPECT_THAT(encoded(event_of(kKernelWhea, 41), {std::uint64_t{4}, std::u16string(u"a\u00e9")}).payload,
              ElementsAre(4, 0, 0, 0, 'a', 0, 0xe9, 0, 0, 0));
  EXPECT_THAT(
      encoded(event_of(kKernelWhea, 42), {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{0x8000001b},
                                          std::uint64_t{4}, std::uint64_t{2}, Buffer{0xaa, 0xbb}})
          .payload,
      ElementsAre(1, 0, 0, 0, 2, 0, 0, 0, 0x1b, 0, 0, 0x80, 4, 0, 0, 0, 2, 0, 0, 0, 0xaa, 0xbb));
  EXPECT_THAT(encoded(event_of(kWheaLogger, 49), {std::uint64_t{3}, std::uint64_t{5}, std::uint64_t{6},
                                                  std::uint64_t{7}, std::uint64_t{8}, std::string("DIMM")})
                  .payload,
              ElementsAre(3, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0,
                          0, 0, 0, 0, 'D', 'I', 'M', 'M', 0));
}

// Each template, filled with values that use every width, comes back as it was.
TEST(Event, ReadsWhatItWrote) {
  for (const EventTemplate& event : event_templates()) {
    SCOPED_TRACE(testing::Message() << event.provider->name << " " << event.id << " of "
                                    << event.first_build);
    std::vector<EventValue> values;
    for (const EventField& field : event.fields) {
      switch (field.type) {
        case InType::guid:
          values.emplace_back(kWheaLogger.id);
          break;
        case InType::ansi:
          values.emplace_back(std::string("\xe9 text"));
          break;
        case InType::unicode:
          values.emplace_back(std::u16string(u"\xd800 lone"));
          break;
        case InType::binary:
          values.emplace_back(Buffer(field.length != 0 ? field.length : 5, 0xcc));
          break;
        default:
          values.emplace_back(field.name.ends_with("Length") ? std::uint64_t{5} : std::uint64_t{0xab});
      }
    }
    const Event written = encoded(event, values);
    const Event read = decode_event(event, written.payload);
    EXPECT_THAT(read.findings, IsEmpty());
    EXPECT_EQ(read.values, values);
    EXPECT_EQ(read.payload, written.payload);

    // One byte less is not all there, one more is noticed.
    const Event cut = decode_event(event, Bytes(written.payload).first(written.payload.size() - 1));
    ASSERT_EQ(cut.findings.size(), 1u);
    EXPECT_EQ(cut.findings[0].severity, FindingSeverity::error);
    EXPECT_EQ(cut.values.size(), values.size() - 1);
    Buffer longer = written.payload;
    longer.push_back(0);
    const Event more = decode_event(event, longer);
    EXPECT_THAT(codes(more.findings), ElementsAre("event-bytes-behind"));
    EXPECT_EQ(more.values, values);
  }
}

TEST(Event, ReportsALengthThatLies) {
  const EventTemplate& event = event_of(kKernelWhea, 20);
  Buffer payload = {3, 0, 0, 0, 'a', 'b', 'c'};
  EXPECT_THAT(decode_event(event, payload).findings, IsEmpty());
  payload[0] = 4;
  const Event read = decode_event(event, payload);
  EXPECT_THAT(codes(read.findings), ElementsAre("event-length-beyond-payload"));
  EXPECT_EQ(read.findings[0].path, "RawData");
  EXPECT_EQ(read.findings[0].offset, 4u);
  EXPECT_EQ(read.number("Length"), 4u);
  EXPECT_EQ(read.find("RawData"), nullptr);
  EXPECT_EQ(read.payload, payload);
  payload[3] = 0xff;
  EXPECT_THAT(codes(decode_event(event, payload).findings), ElementsAre("event-length-beyond-payload"));
  payload[0] = 2, payload[3] = 0;
  EXPECT_THAT(codes(decode_event(event, payload).findings), ElementsAre("event-bytes-behind"));
}

TEST(Event, ReportsTextWithoutAnEnd) {
  const EventTemplate& event = event_of(kKernelWhea, 41);
  const Buffer payload = {4, 0, 0, 0, 'a', 0, 0, 0};
  EXPECT_THAT(decode_event(event, payload).findings, IsEmpty());
  for (std::size_t size = 4; size < payload.size(); ++size)
    EXPECT_THAT(codes(decode_event(event, Bytes(payload).first(size)).findings),
                ElementsAre("event-text-unterminated"));
  EXPECT_THAT(codes(decode_event(event, Bytes(payload).first(3)).findings), ElementsAre("event-truncated"));
}

TEST(Event, RefusesValuesThatDoNotFit) {
  const auto error = [](const EventTemplate& event, std::vector<EventValue> values) {
    const auto done = encode_event(event, std::move(values));
    EXPECT_FALSE(done);
    return done ? std::string() : done.error().text();
  };
  const EventTemplate& raw = event_of(kKernelWhea, 20);
  EXPECT_THAT(error(raw, {std::uint64_t{3}}), HasSubstr("2 fields, but 1 values"));
  EXPECT_THAT(error(raw, {std::uint64_t{3}, Buffer{1, 2}}), HasSubstr("has 2 bytes, but its length says 3"));
  EXPECT_THAT(error(raw, {std::uint64_t{0x100000000}, Buffer{}}), HasSubstr("does not fit 4 bytes"));
  EXPECT_THAT(error(raw, {std::string("3"), Buffer{}}),
              HasSubstr("Kernel-WHEA/20.Length: the field needs a number"));
  EXPECT_THAT(error(raw, {std::uint64_t{0}, std::string()}), HasSubstr("needs bytes"));
  const EventTemplate& process = event_of(kKernelWhea, 41);
  EXPECT_THAT(error(process, {std::uint64_t{1}, std::string("a")}), HasSubstr("needs UTF-16 text"));
  EXPECT_THAT(error(process, {std::uint64_t{1}, std::u16string(1, u'\0')}), HasSubstr("holds a NUL"));
  const EventTemplate& offline = event_of(kKernelWhea, 31);
  const std::uint64_t zero = 0;
  EXPECT_TRUE(encode_event(offline, {zero, std::uint64_t{255}, zero, zero, zero}));
  EXPECT_THAT(error(offline, {zero, std::uint64_t{256}, zero, zero, zero}),
              HasSubstr("does not fit 1 bytes"));
  const EventTemplate& bank = event_of(kWheaLogger, 48);
  EXPECT_THAT(error(bank, {zero, zero, zero, zero, zero, std::string(1, '\0')}), HasSubstr("holds a NUL"));
  EXPECT_THAT(error(bank, {zero, zero, zero, zero, zero, zero}), HasSubstr("needs ansi text"));
  std::vector<EventValue> pcie(event_of(kWheaLogger, 16, 7600).fields.size(), EventValue(zero));
  EXPECT_THAT(error(event_of(kWheaLogger, 16, 7600), pcie), HasSubstr("FRUId: the field needs a GUID"));
}

TEST(Event, ShowsValues) {
  const EventTemplate& event = event_of(kWheaLogger, 18);
  const auto text = [&](std::string_view name, EventValue value) {
    const auto field = std::ranges::find(event.fields, name, &EventField::name);
    EXPECT_NE(field, event.fields.end());
    return value_text(*field, value);
  };
  EXPECT_EQ(text("ErrorSource", std::uint64_t{3}), "Machine Check Exception (3)");
  EXPECT_EQ(text("ErrorSource", std::uint64_t{9}), "9");
  EXPECT_EQ(text("MciStat", std::uint64_t{0x108}), "0x0000000000000108");
  EXPECT_EQ(text("ErrorType", std::uint64_t{12}), "Internal Parity Error (12)");
  EXPECT_EQ(text("Timeout", std::uint64_t{256}), "N/A (256)");
  EXPECT_EQ(text("ApicId", std::uint64_t{0xffffffff}), "N/A (4294967295)");
  EXPECT_EQ(text("RawData", Buffer{0x0a, 0xff}), "0aff");
  EXPECT_EQ(value_text({"t", InType::hex32}, std::uint64_t{0x1f}), "0x0000001f");
  EXPECT_EQ(value_text({"t", InType::ansi}, std::string("a\n\xe9")), "a..");
  EXPECT_EQ(value_text({"t", InType::unicode}, std::u16string(u"\u00e9\xd800")), "\u00e9\ufffd");
  EXPECT_EQ(value_text({"t", InType::guid}, kWheaLogger.id), kWheaLogger.id.text());
  EXPECT_EQ(to_string(InType::u8), "UInt8");
  EXPECT_EQ(to_string(InType::binary), "Binary");
}

}  // namespace
}  // namespace wheatstone::whea
