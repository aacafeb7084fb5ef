// Records, and the events that carry them.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "formats/cper/guids.hpp"
#include "formats/whea/event.hpp"
#include "harness/judge/story.hpp"
#include "injectors/observe.hpp"

namespace wheatstone::judge {

using inject::Observation;
using inject::ObservationKind;
using inject::Value;

namespace {

// A record as every later carrier must repeat it: after a restart the system marks it as a previous error,
// and the store that kept it may have signed it (whea-flow 4.3 step 6, 4.4).
std::string lasting_part(Bytes record) {
  Buffer copy(record.begin(), record.end());
  if (auto header = layout::Editor<cper::Header>::make(cper::kRecordHeader, copy)) {
    const auto view = *layout::View<cper::Header>::make(cper::kRecordHeader, copy);
    header->set(cper::Header::kFlags, view[cper::Header::kFlags] & ~cper::kFlagPreviousError);
    header->set(cper::Header::kPersistenceInfo, 0);
  }
  return std::string(as_text(copy));
}

// The bytes that a record says it has, if they are there: what the system takes for the record.
Bytes as_it_says(Bytes record) {
  const auto header = layout::View<cper::Header>::make(cper::kRecordHeader, record);
  const std::size_t length = header ? (*header)[cper::Header::kLength] : 0;
  return length >= cper::kHeaderSize && length <= record.size() ? record.first(length) : record;
}

// The records of a story, by content and by id.
class Records {
 public:
  explicit Records(const Story& story) {
    for (const std::size_t index : story.of(ObservationKind::record)) {
      const Buffer& bytes = story[index].bytes;
      by_content_.try_emplace(lasting_part(bytes), index);
      if (story.is_broken(bytes)) by_content_.try_emplace(lasting_part(as_it_says(bytes)), index);
      if (const auto facts = facts_of(bytes)) by_id_.try_emplace(facts->record_id, index);
    }
  }

  // Holds a record that observation `carrier` carries against the one it must be, and gives that one if it is
  // the same.
  std::optional<std::size_t> check(Story& story, std::string_view code, std::size_t carrier,
                                   Bytes carried) const {
    if (!story.gives(ObservationKind::record)) return std::nullopt;
    if (const auto same = by_content_.find(lasting_part(carried)); same != by_content_.end()) {
      const Bytes whole = story[same->second].bytes;
      const Bytes original = whole.first(std::min(carried.size(), whole.size()));
      const bool restarted = story.life_of(same->second) != story.life_of(carrier);
      if (!restarted && !std::ranges::equal(original, carried))
        story.contradict(
            code,
            fmt::format("{} carries {} with {}, although the system did not restart between them",
                        story.name(carrier), story.name(same->second), difference(original, carried)),
            {same->second, carrier});
      return same->second;
    }
    const auto facts = facts_of(carried);
    if (!facts) {
      story.contradict(
          code, fmt::format("{} carries {} bytes, too few for a record", story.name(carrier), carried.size()),
          {carrier});
      return std::nullopt;
    }
    if (const auto same_id = by_id_.find(facts->record_id); same_id != by_id_.end()) {
      story.contradict(
          code,
          fmt::format("{} carries another record than {}: {}", story.name(carrier),
                      story.name(same_id->second), difference(story[same_id->second].bytes, carried)),
          {same_id->second, carrier});
    } else if (!facts->previous_error) {
      story.contradict(code,
                       fmt::format("{} carries a record with the id {:#x}, which no record has",
                                   story.name(carrier), facts->record_id),
                       {carrier});
    }
    return std::nullopt;
  }

 private:
  std::map<std::string, std::size_t> by_content_;
  std::map<std::uint64_t, std::size_t> by_id_;
};

// An event with the fields of its payload, by the template that its provider, id and build call for.
struct Decoded {
  const whea::EventTemplate* form;
  whea::Event event;

  // The record inside; nullptr if the template has none or it could not be read.
  const Buffer* record() const {
    const whea::EventValue* value = event.find("RawData");
    return value == nullptr ? nullptr : std::get_if<Buffer>(value);
  }
};

const Guid* provider_of(const Observation& event) {
  for (const whea::EventProvider* provider : {&whea::kKernelWhea, &whea::kWheaLogger}) {
    const Value* id = event.find("Provider");
    const Value* name = event.find("ProviderName");
    if (id != nullptr ? id->text == provider->id.text() : name != nullptr && name->text == provider->name)
      return &provider->id;
  }
  return nullptr;
}

std::optional<Decoded> decode(const Story& story, std::size_t index) {
  const Observation& event = story[index];
  const Guid* provider = provider_of(event);
  const std::uint64_t id = event.number("EventId");
  if (provider == nullptr || id > 0xffff) return std::nullopt;
  const whea::EventTemplate* form =
      whea::find_event(*provider, static_cast<std::uint16_t>(id), story.build());
  if (form == nullptr) return std::nullopt;
  return Decoded{form, whea::decode_event(*form, event.bytes)};
}

// Fields against payload; then, if the template carries one, the record that is inside.
const Buffer* check_payload(Story& story, std::size_t index, const Decoded& decoded, std::string_view code) {
  for (const Finding& finding : decoded.event.findings)
    story.contradict("event-fields", fmt::format("{}: {}", story.name(index), finding.message), {index});
  const std::string lies = disagreement(story[index], inject::observe_event(decoded.event));
  if (!lies.empty()) story.contradict("event-fields", story.name(index) + ": " + lies, {index});
  const Buffer* record = decoded.record();
  if (record != nullptr && decoded.event.number("Length") != record->size())
    story.contradict(code,
                     fmt::format("{} has Length {} and a record of {} bytes", story.name(index),
                                 decoded.event.number("Length"), record->size()),
                     {index});
  return record;
}

// ---- WHEA-Logger ----

enum class Kind { error, warning, information, any };

// whea-flow 3.3. The levels of 28 and 29 are both Warning.
Kind kind_of(std::uint64_t id) {
  if (id == 1 || id == 29) return Kind::error;
  if (id == 2 || id == 28) return Kind::warning;
  if (id == 3) return Kind::information;
  if ((id >= 16 && id <= 27) || (id >= 38 && id <= 49)) return id % 2 == 0 ? Kind::error : Kind::warning;
  return Kind::any;
}

std::string_view text_of(Kind kind) {
  switch (kind) {
    case Kind::error:
      return "an error";
    case Kind::warning:
      return "a warning";
    case Kind::information:
      return "information";
    case Kind::any:
      break;
  }
  return "an entry";
}

Kind kind_of(cper::Severity severity) {
  switch (severity) {
    case cper::Severity::fatal:
    case cper::Severity::recoverable:
      return Kind::error;
    case cper::Severity::corrected:
      return Kind::warning;
    case cper::Severity::informational:
      return Kind::information;
  }
  return Kind::any;
}

// Which field of which section a value of a log entry repeats (whea-flow 3.4).
struct LoggedValue {
  std::string_view name;
  std::string_view path;  // below the section
};
constexpr LoggedValue kLoggedMca[] = {
    {"ApicId", "ApicId"},    {"MCABank", "BankNumber"}, {"Bank", "BankNumber"}, {"MciStat", "Status"},
    {"MciStatus", "Status"}, {"MciAddr", "Address"},    {"MciMisc", "Misc"}};
// Vista SP1 and Server 2008 have the machine check in the error packet.
constexpr LoggedValue kLoggedException[] = {{"MCABank", "RawData.u.BankNumber"},
                                            {"MciStat", "RawData.u.Status"},
                                            {"MciAddr", "RawData.u.Address"},
                                            {"MciMisc", "RawData.u.Misc"}};
constexpr LoggedValue kLoggedPcie[] = {{"PortType", "PortType"},
                                       {"Command", "Command"},
                                       {"Status", "Status"},
                                       {"Bus", "DeviceId.PrimaryBusNumber"},
                                       {"Device", "DeviceId.DeviceNumber"},
                                       {"Function", "DeviceId.FunctionNumber"},
                                       {"Segment", "DeviceId.Segment"},
                                       {"SecondaryBus", "DeviceId.SecondaryBusNumber"},
                                       {"VendorID", "DeviceId.VendorID"},
                                       {"DeviceID", "DeviceId.DeviceID"},
                                       {"ClassCode", "DeviceId.ClassCode"},
                                       {"DeviceSerialNumber", "DeviceSerialNumber"},
                                       {"BridgeControl", "BridgeControl"},
                                       {"BridgeStatus", "BridgeSecondaryStatus"},
                                       {"UncorrectableErrorStatus", "AerInfo.UncorrectableErrorStatus"},
                                       {"CorrectableErrorStatus", "AerInfo.CorrectableErrorStatus"}};
constexpr LoggedValue kLoggedMemory[] = {{"ErrorStatus", "ErrorStatus"},
                                         {"PhysicalAddress", "PhysicalAddress"},
                                         {"PhysicalAddressMask", "PhysicalAddressMask"},
                                         {"Node", "Node"},
                                         {"Card", "Card"},
                                         {"Module", "Module"},
                                         {"Bank", "Bank"},
                                         {"Device", "Device"},
                                         {"Row", "Row"},
                                         {"Column", "Column"},
                                         {"BitPosition", "BitPosition"},
                                         {"RequesterId", "RequesterId"},
                                         {"ResponderId", "ResponderId"},
                                         {"TargetId", "TargetId"},
                                         {"ErrorType", "ErrorType"},
                                         {"RankNumber", "RankNumber"},
                                         {"CardHandle", "CardHandle"},
                                         {"ModuleHandle", "ModuleHandle"}};

struct LoggedSection {
  std::string_view section;  // as cper::flatten names it
  std::span<const LoggedValue> values;
};
constexpr LoggedSection kLoggedInPacket{"ErrorPacket", kLoggedException};

std::optional<LoggedSection> logged_section(std::uint64_t id) {
  switch (id) {
    case 16:
    case 17:
    case 40:
    case 41:
      return LoggedSection{"PciExpress", kLoggedPcie};
    case 18:
    case 19:
    case 20:
    case 21:
    case 48:
    case 49:
      return LoggedSection{"XpfMca", kLoggedMca};
    case 22:
    case 23:
    case 46:
    case 47:
      return LoggedSection{"Memory", kLoggedMemory};
    default:
      return std::nullopt;
  }
}

// What an entry says differently from the n-th section of its type; nullopt if there is no such section.
std::optional<std::string> section_difference(const Observation& entry, const LoggedSection& logged,
                                              const std::map<std::string_view, const layout::Leaf*>& leaves,
                                              std::size_t n) {
  const std::string prefix =
      n == 0 ? fmt::format("{}.", logged.section) : fmt::format("{}[{}].", logged.section, n);
  const auto first = leaves.lower_bound(prefix);
  if (first == leaves.end() || !first->first.starts_with(prefix)) return std::nullopt;
  std::string out;
  for (const LoggedValue& logged_value : logged.values) {
    const Value* value = entry.find(logged_value.name);
    const std::string path = prefix + std::string(logged_value.path);
    const auto leaf = leaves.find(path);
    if (value == nullptr || value->kind != Value::Kind::number || leaf == leaves.end() ||
        !leaf->second->valid)
      continue;
    if (value->number != leaf->second->number)
      out += fmt::format("{}{} is {:#x} and {} is {:#x}", out.empty() ? "" : ", ", logged_value.name,
                         value->number, path, leaf->second->number);
  }
  return out;
}

void check_values(Story& story, std::size_t index, Bytes record, const std::vector<std::size_t>& involved) {
  auto logged = logged_section(story[index].number("EventId"));
  if (!logged) return;
  const std::vector<layout::Leaf> leaves = cper::flatten(cper::Record::decode(record));
  std::map<std::string_view, const layout::Leaf*> by_path;
  for (const layout::Leaf& leaf : leaves) by_path.try_emplace(leaf.path, &leaf);
  if (logged->section == "XpfMca" && !section_difference(story[index], *logged, by_path, 0) &&
      by_path.contains("ErrorPacket.RawData.u.Status"))
    logged = kLoggedInPacket;
  std::optional<std::string> first;
  for (std::size_t n = 0;; ++n) {
    std::optional<std::string> difference = section_difference(story[index], *logged, by_path, n);
    if (!difference) break;
    if (difference->empty()) return;  // an entry is about one of the sections, not about each
    if (!first) first = std::move(difference);
  }
  story.contradict("log-fields",
                   first ? fmt::format("{} does not say what its record says: {}", story.name(index), *first)
                         : fmt::format("{} is about a {} section, but its record has none", story.name(index),
                                       logged->section),
                   involved);
}

void check_kind(Story& story, std::size_t index, const RecordFacts& facts,
                const std::vector<std::size_t>& involved) {
  const std::uint64_t id = story[index].number("EventId");
  const Kind kind = kind_of(id);
  if (kind == Kind::any) return;
  const bool default_template = id <= 3;
  const Kind wanted = kind_of(facts.severity);
  const bool matches = wanted == Kind::any || kind == wanted ||
                       (!default_template && facts.severity == cper::Severity::informational);
  if (!matches)
    story.contradict("log-severity",
                     fmt::format("{} is event {}, {}, but its record is {}", story.name(index), id,
                                 text_of(kind), cper::to_string(facts.severity)),
                     involved);
  const Value* level = story[index].find("Level");
  const std::uint64_t expected = kind == Kind::information ? 4 : kind == Kind::error && id != 29 ? 2 : 3;
  if (level != nullptr && level->number != expected)
    story.contradict("log-severity",
                     fmt::format("{} is event {} with level {} instead of {}", story.name(index), id,
                                 level->number, expected),
                     {index});
}

void check_source(Story& story, std::size_t index, const RecordFacts& facts,
                  const std::vector<std::size_t>& involved) {
  const Value* source = story[index].find("ErrorSource");
  if (source == nullptr || source->kind != Value::Kind::number) return;
  const std::uint64_t expected = whea::logger_error_source(facts.notify_type);
  if (source->number == expected) return;
  const std::string_view name = layout::name_of(std::span(cper::kNotifyNames), facts.notify_type);
  story.contradict(
      "log-source",
      fmt::format("{} has ErrorSource {} instead of {}, which the notify type {} of its record asks for",
                  story.name(index), source->number, expected,
                  name.empty() ? facts.notify_type.text() : std::string(name)),
      involved);
}

}  // namespace

void check_records(Story& story) {
  for (const std::size_t index : story.of(ObservationKind::record)) {
    const Observation& claimed = story[index];
    const auto source = static_cast<whea::ErrorSourceType>(claimed.number("SourceType"));
    const auto source_id = static_cast<std::uint32_t>(claimed.number("SourceId"));
    const std::string lies = disagreement(claimed, inject::observe_record(claimed.bytes, source, source_id));
    if (!lies.empty()) story.contradict("record-fields", story.name(index) + ": " + lies, {index});
    if (story.is_broken(claimed.bytes)) continue;
    const auto header = cper::Record::decode(claimed.bytes).header();
    if (!header || (*header)[cper::Header::kLength] != story[index].bytes.size())
      story.contradict("record-fields",
                       fmt::format("{} has {} bytes, but its Length is {}", story.name(index),
                                   story[index].bytes.size(), header ? (*header)[cper::Header::kLength] : 0),
                       {index});
  }
}

void check_events(Story& story) {
  const Records records(story);
  for (const std::size_t index : story.of(ObservationKind::etw_event)) {
    const std::optional<Decoded> decoded = decode(story, index);
    if (!decoded) continue;
    const Buffer* record = check_payload(story, index, *decoded, "event-record");
    if (record != nullptr && decoded->form->id == 20) records.check(story, "event-record", index, *record);
  }
}

void check_entries(Story& story) {
  const Records records(story);
  for (const std::size_t index : story.of(ObservationKind::log_entry)) {
    const std::optional<Decoded> decoded = decode(story, index);
    if (!decoded || decoded->form->provider != &whea::kWheaLogger) continue;
    const Buffer* carried = check_payload(story, index, *decoded, "log-record");
    std::vector<std::size_t> involved = {index};
    Bytes record;
    if (carried != nullptr) {
      record = *carried;
      const auto same = records.check(story, "log-record", index, record);
      // The system read all of it, whatever Length it says.
      if (same && story.is_broken(story[*same].bytes)) record = story[*same].bytes;
    } else {
      // Templates without RawData (16/17 since 1903, 48, 49) are about the last record before them.
      const auto all = story.of(ObservationKind::record);
      const auto next = std::ranges::lower_bound(all, index);
      if (next == all.begin()) continue;
      involved.push_back(*std::prev(next));
      record = story[involved.back()].bytes;
    }
    const auto facts = facts_of(record);
    if (!facts) continue;
    check_kind(story, index, *facts, involved);
    check_source(story, index, *facts, involved);
    check_values(story, index, record, involved);
  }
}

}  // namespace wheatstone::judge
