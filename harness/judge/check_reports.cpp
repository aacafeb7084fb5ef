// Error reporting: level-1 document, answer and cabinet, as the client says and as the server says.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"
#include "formats/cper/profile.hpp"
#include "harness/judge/story.hpp"
#include "injectors/observe.hpp"
#include "mocks/http/message.hpp"
#include "mocks/text.hpp"

namespace wheatstone::judge {

using inject::Observation;
using inject::ObservationKind;
using inject::Value;

namespace {

constexpr std::string_view kBlueScreen = "BlueScreen";

// ---- what the server received ----

// The body of a raw HTTP request, or nullopt if it is not complete.
std::optional<Buffer> body_of(Bytes request) {
  http::MessageReader reader(http::MessageKind::request);
  const std::size_t head = reader.put(request);
  reader.read_body(request.size());
  if (reader.state() == http::MessageReader::State::body) reader.put(request.subspan(head));
  if (reader.state() != http::MessageReader::State::done) return std::nullopt;
  const Bytes body = reader.message().body();
  return Buffer(body.begin(), body.end());
}

// Bodies of one kind of exchange, each to be claimed by the client observation that sent it.
class Received {
 public:
  Received(const Story& story, std::string_view kind) {
    for (const std::size_t index : story.of(ObservationKind::server)) {
      any_server_ = true;
      const Value* value = story[index].find("Kind");
      if (value == nullptr || value->text != kind) continue;
      const std::optional<Buffer> body = body_of(story[index].bytes);
      if (body) waiting_[std::string(as_text(*body))].push_back(index);
    }
    for (auto& [body, indexes] : waiting_) std::ranges::reverse(indexes);
  }

  bool any_server() const noexcept { return any_server_; }

  // The first exchange with that body that nobody has claimed.
  std::optional<std::size_t> claim(Bytes body) {
    const auto found = waiting_.find(std::string(as_text(body)));
    if (found == waiting_.end() || found->second.empty()) return std::nullopt;
    const std::size_t index = found->second.back();
    found->second.pop_back();
    return index;
  }

  std::vector<std::size_t> unclaimed() const {
    std::vector<std::size_t> all;
    for (const auto& [body, indexes] : waiting_) all.insert(all.end(), indexes.begin(), indexes.end());
    std::ranges::sort(all);
    return all;
  }

 private:
  bool any_server_ = false;
  std::map<std::string, std::vector<std::size_t>> waiting_;
};

void report_unclaimed(Story& story, std::string_view code, ObservationKind kind, const Received& received) {
  if (!story.gives(kind)) return;
  for (const std::size_t index : received.unclaimed())
    story.contradict(code,
                     fmt::format("{} holds a {} body that the client did not send", story.name(index),
                                 inject::to_string(kind)),
                     {index});
}

// ---- level 1 ----

using BugCheck = std::array<std::uint64_t, 5>;

BugCheck bugcheck_at(const Observation& observation) {
  return {observation.number("Code"), observation.number("P1"), observation.number("P2"),
          observation.number("P3"), observation.number("P4")};
}

std::optional<std::uint64_t> parse_hex(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void check_bluescreen(Story& story, std::size_t index, const cer::Report& report) {
  if (report.event.reporttype != cer::ReportType::kernel)
    story.contradict("level1-bugcheck",
                     fmt::format("{} is a BlueScreen report of type {}", story.name(index),
                                 static_cast<unsigned>(report.event.reporttype)),
                     {index});
  BugCheck named{};
  static constexpr std::string_view kNames[] = {"BCCode", "BCP1", "BCP2", "BCP3", "BCP4"};
  for (std::size_t i = 0; i < named.size(); ++i) {
    const auto text = report.parameter(kNames[i]);
    const auto value = text ? parse_hex(*text) : std::nullopt;
    if (!value) {
      story.contradict(
          "level1-bugcheck",
          fmt::format("{} has {} {}", story.name(index), text ? "no hex number in" : "no", kNames[i]),
          {index});
      return;
    }
    named[i] = *value;
  }
  if (report.event.eventtime > story[index].time)
    story.contradict("order",
                     fmt::format("{} reports a stop of {}, which is later", story.name(index),
                                 to_iso8601(report.event.eventtime)),
                     {index});
  if (!story.gives(ObservationKind::bugcheck)) return;
  std::optional<std::size_t> last;
  for (const std::size_t bugcheck : story.of(ObservationKind::bugcheck)) {
    if (bugcheck > index) break;
    if (bugcheck_at(story[bugcheck]) == named) return;
    last = bugcheck;
  }
  story.contradict(
      "level1-bugcheck",
      last ? fmt::format("{} names bug check {:#x} ({:#x}, {:#x}, {:#x}, {:#x}), but {} was {:#x} "
                         "({:#x}, {:#x}, {:#x}, {:#x})",
                         story.name(index), named[0], named[1], named[2], named[3], named[4],
                         story.name(*last), story[*last].number("Code"), story[*last].number("P1"),
                         story[*last].number("P2"), story[*last].number("P3"), story[*last].number("P4"))
           : fmt::format("{} names bug check {:#x}, but there was none before it", story.name(index),
                         named[0]),
      last ? std::vector{*last, index} : std::vector{index});
}

// MACHINEINFO/@os is major.minor.build.platform.spMajor.spMinor.suiteMask.product; OS Version repeats its
// first three groups with '_' (cer.md 3.3).
void check_os(Story& story, std::size_t index, const cer::Report& report) {
  const std::string& os = report.machine.os;
  if (story.platform().os) {
    if (os != *story.platform().os)
      story.contradict(
          "level1-os",
          fmt::format("{} names the system {} instead of {}", story.name(index), os, *story.platform().os),
          {index});
  } else if (const cper::Profile* profile = cper::find_profile(story.platform().profile)) {
    const std::string expected = fmt::format("{}.{}.{}.", profile->major, profile->minor, profile->build);
    if (!os.starts_with(expected))
      story.contradict("level1-os",
                       fmt::format("{} names the system {}, but {} is {}*", story.name(index), os,
                                   story.platform().profile, expected),
                       {index});
  }
  if (const auto version = report.parameter("OS Version")) {
    std::string dotted(*version);
    std::ranges::replace(dotted, '_', '.');
    if (!os.starts_with(dotted + "."))
      story.contradict(
          "level1-os",
          fmt::format("{} names the system {} and the OS Version {}", story.name(index), os, *version),
          {index});
  }
}

// ---- level 2 ----

// Windows file names know no case.
std::string cab_name(std::string_view path) {
  return lower(base_name(path));
}

bool asks_for_more(const cer::Answer& answer) {
  return answer.memory_dump.value_or(false) || answer.f_doc.value_or(false) || !answer.reg_key.empty() ||
         !answer.reg_tree.empty() || !answer.wql.empty() || !answer.get_file.empty() ||
         !answer.get_file_version.empty();
}

void check_members(Story& story, std::size_t index, const std::vector<cab::Member>& members,
                   std::size_t level1, const cer::Report& report, const cer::Answer& answer) {
  std::multiset<std::string> names;
  for (const cab::Member& member : members) names.insert(cab_name(member.name));
  const bool sends_all = wer_client::consent_for(story.platform().reporting, report.event.eventtype) ==
                         wer_client::Consent::all_data;
  std::string missing;
  if (report.files) {
    for (const cer::ReportedFile& file : *report.files) {
      const bool asked = file.filetype != cer::FileType::user_document || answer.f_doc.value_or(false);
      if (const auto found = names.find(cab_name(file.filename)); found != names.end()) {
        names.erase(found);
      } else if (asked && sends_all) {
        missing += (missing.empty() ? "" : ", ") + file.filename;
      }
    }
  }
  if (!missing.empty())
    story.contradict(
        "level2-members",
        fmt::format("{} lacks {}, which {} lists", story.name(index), missing, story.name(level1)),
        {level1, index});
  if (!names.empty() && !asks_for_more(answer))
    story.contradict("level2-members",
                     fmt::format("{} holds {}, which {} does not list and the server did not ask for",
                                 story.name(index), *names.begin(), story.name(level1)),
                     {level1, index});
}

// ---- the dialogue ----

// Client observations in order, each with what came before it.
class Dialogue {
 public:
  explicit Dialogue(Story& story) : story_(story), documents_(story, "level1"), cabinets_(story, "level2") {}

  void check() {
    for (std::size_t i = 0; i < story_.size(); ++i) {
      switch (story_[i].kind) {
        case ObservationKind::level1:
          on_document(i);
          break;
        case ObservationKind::answer:
          on_answer(i);
          break;
        case ObservationKind::level2:
          on_cabinet(i);
          break;
        default:
          break;
      }
    }
    report_unclaimed(story_, "level1-received", ObservationKind::level1, documents_);
    report_unclaimed(story_, "level2-received", ObservationKind::level2, cabinets_);
  }

 private:
  void on_document(std::size_t index) {
    level1_ = index;
    exchange_.reset();
    report_.reset();
    answer_.reset();
    if (documents_.any_server()) {
      exchange_ = documents_.claim(story_[index].bytes);
      if (!exchange_)
        story_.contradict(
            "level1-received",
            fmt::format("{} holds a document that the server did not receive", story_.name(index)), {index});
    }
    Result<cer::ReadReport> read = cer::read_report(story_[index].bytes);
    if (!read) {
      story_.contradict("level1-valid", fmt::format("{}: {}", story_.name(index), read.error().text()),
                        {index});
      return;
    }
    for (const Finding& finding : read->findings)
      if (finding.severity == FindingSeverity::error)
        story_.contradict("level1-valid", fmt::format("{}: {}", story_.name(index), finding.message),
                          {index});
    report_ = std::move(read->report);
    const std::string lies = disagreement(story_[index], inject::observe_level1(story_[index].bytes));
    if (!lies.empty()) story_.contradict("level1-fields", story_.name(index) + ": " + lies, {index});
    if (report_->event.eventtype == kBlueScreen) check_bluescreen(story_, index, *report_);
    check_os(story_, index, *report_);
  }

  void on_answer(std::size_t index) {
    answer_ = cer::read_answer(story_[index].bytes).answer;
    const std::string lies = disagreement(
        story_[index], inject::observe_answer(static_cast<unsigned>(story_[index].number("StatusCode")),
                                              *answer_, story_[index].bytes));
    if (!lies.empty()) story_.contradict("answer-fields", story_.name(index) + ": " + lies, {index});
    if (!level1_) {
      if (story_.gives(ObservationKind::level1))
        story_.contradict("order", fmt::format("{} comes before any level-1 report", story_.name(index)),
                          {index});
      return;
    }
    if (!exchange_) return;
    const Observation& exchange = story_[*exchange_];
    const Value* sent = exchange.find("Answer");
    if (sent != nullptr && sent->text != as_text(story_[index].bytes))
      story_.contradict(
          "answer-sent",
          fmt::format("{} is not what the server sent in {}", story_.name(index), story_.name(*exchange_)),
          {index, *exchange_});
    const Value* status = story_[index].find("StatusCode");
    if (status != nullptr && status->number != exchange.number("StatusCode"))
      story_.contradict("answer-sent",
                        fmt::format("{} has status {}, but the server sent {}", story_.name(index),
                                    status->number, exchange.number("StatusCode")),
                        {index, *exchange_});
  }

  void on_cabinet(std::size_t index) {
    if (cabinets_.any_server() && !cabinets_.claim(story_[index].bytes))
      story_.contradict("level2-received",
                        fmt::format("{} is a cabinet that the server did not receive", story_.name(index)),
                        {index});
    const bool asked = answer_ && answer_->i_data.value_or(false);
    if (!asked && story_.gives(ObservationKind::answer))
      story_.contradict(
          "order", fmt::format("{} comes without an answer that asks for it", story_.name(index)), {index});
    const Result<std::vector<cab::Member>> members = cab::read(story_[index].bytes);
    if (!members) {
      story_.contradict("level2-fields", fmt::format("{}: {}", story_.name(index), members.error().text()),
                        {index});
    } else {
      if (report_ && answer_) check_members(story_, index, *members, *level1_, *report_, *answer_);
      for (const cab::Member& member : *members) check_uploaded_dump(story_, index, member.name, member.data);
    }
    const std::string lies = disagreement(
        story_[index], inject::observe_level2(text_of(index, "Target"),
                                              static_cast<unsigned>(story_[index].number("StatusCode")),
                                              story_[index].bytes));
    if (!lies.empty()) story_.contradict("level2-fields", story_.name(index) + ": " + lies, {index});
  }

  std::string_view text_of(std::size_t index, std::string_view field) const {
    const Value* value = story_[index].find(field);
    return value == nullptr ? std::string_view{} : std::string_view(value->text);
  }

  Story& story_;
  Received documents_;
  Received cabinets_;
  std::optional<std::size_t> level1_;    // the last report
  std::optional<std::size_t> exchange_;  // where the server received it
  std::optional<cer::Report> report_;    // what it says
  std::optional<cer::Answer> answer_;    // to it
};

}  // namespace

void check_reports(Story& story) {
  // Of a client that breaks rules on purpose only what the scenario expects is asked.
  if (story.platform().reporting.breach != nullptr) return;
  Dialogue(story).check();
}

}  // namespace wheatstone::judge
