#include "harness/judge/consistency.hpp"

#include "harness/judge/story.hpp"

namespace wheatstone::judge {
namespace {

constexpr Rule kRules[] = {
    {"record-fields", "the fields of a record are what its bytes say, and its Length is their number"},
    {"event-fields", "the fields of an event are what its payload says, and the payload is whole"},
    {"event-record", "Kernel-WHEA event 20 carries a record of the story, whole, and its Length"},
    {"log-record", "a WHEA-Logger entry carries a record of the story, whole, and its Length"},
    {"log-severity", "the id and level of a WHEA-Logger entry fit the severity of its record"},
    {"log-source", "ErrorSource of a WHEA-Logger entry fits the notify type of its record"},
    {"log-fields", "the values of a WHEA-Logger entry are those of a section of its record"},
    {"fatal-stops", "a fatal record that is no previous error is followed by a bug check"},
    {"bugcheck-record", "bug check 0x124 is about a record that was there before"},
    {"bugcheck-code",
     "an NMI section gives bug check 0x80 with parameter 1 0x4f4454, unless the hypervisor sent it"},
    {"bugcheck-source",
     "parameter 1 of 0x124 is the type of the record's error source and fits its notify type"},
    {"bugcheck-address", "parameter 2 of 0x124 is a kernel address"},
    {"bugcheck-status",
     "parameters 3 and 4 of 0x124 are MCi_STATUS of the first machine check section, or 0"},
    {"dump-fields", "the fields of a dump are what its header says"},
    {"dump-bugcheck", "the header of a dump holds the bug check that was made"},
    {"dump-record", "parameter 2 of 0x124 leads to the record in the dump"},
    {"level1-fields", "the fields of a level-1 report are what its document says"},
    {"level1-valid", "a level-1 document has no errors"},
    {"level1-bugcheck", "a BlueScreen report is of type kernel and names a bug check that was made"},
    {"level1-os", "the system that a report names is the one that runs"},
    {"level1-received", "the server received the level-1 document that the client sent"},
    {"answer-fields", "the fields of an answer are what its text says"},
    {"answer-sent", "the client read the answer that the server sent"},
    {"level2-fields", "the fields of a level-2 upload are what its cabinet says"},
    {"level2-received", "the server received the cabinet that the client sent"},
    {"level2-members",
     "a cabinet holds the files that the report lists, and more only if the server asked for it"},
    {"level2-dump", "a dump in a cabinet is of a bug check that was made, with the record in it"},
    {"order", "nothing happens before its cause"},
};

}  // namespace

std::span<const Rule> consistency_rules() noexcept {
  return kRules;
}

std::vector<Failure> check_consistency(std::span<const inject::Observation> observations,
                                       std::span<const inject::ObservationKind> given,
                                       const inject::Platform& platform, std::span<const Bytes> broken) {
  Story story(observations, given, platform, broken);
  check_records(story);
  check_events(story);
  check_entries(story);
  check_crashes(story);
  check_reports(story);
  check_order(story);
  return story.take_contradictions();
}

}  // namespace wheatstone::judge
