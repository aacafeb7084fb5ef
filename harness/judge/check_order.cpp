// Nothing happens before its cause.
#include <fmt/format.h>

#include "formats/layout/record_time.hpp"
#include "harness/judge/story.hpp"

namespace wheatstone::judge {

using inject::ObservationKind;

void check_order(Story& story) {
  // A crash that is reported has been followed by a boot: error reporting needs a running system.
  if (story.gives(ObservationKind::boot)) {
    for (const std::size_t index : story.of(ObservationKind::level1)) {
      if (const auto bugcheck = story.before(index, ObservationKind::bugcheck))
        story.contradict("order",
                         fmt::format("{} was sent after {} without a boot between them", story.name(index),
                                     story.name(*bugcheck)),
                         {*bugcheck, index});
    }
  }
  // A system that has stopped makes no records.
  for (const std::size_t index : story.of(ObservationKind::record)) {
    if (const auto bugcheck = story.before(index, ObservationKind::bugcheck))
      story.contradict("order",
                       fmt::format("{} was made after {} without a boot between them", story.name(index),
                                   story.name(*bugcheck)),
                       {*bugcheck, index});
  }
  // A dump is of the crash that the record caused.
  for (const std::size_t index : story.of(ObservationKind::dump)) {
    const auto bugcheck = story.bugcheck_of_dump(index);
    if (!bugcheck) continue;
    const auto record = story.record_of_bugcheck(*bugcheck);
    if (record && story[index].time < story[*record].time)
      story.contradict("order",
                       fmt::format("{} was written before {}", story.name(index), story.name(*record)),
                       {*record, index});
  }
  // A record is not stamped with a time that is yet to come. The stamp has whole seconds. One that is broken
  // on purpose may be: the example that defects go into has a time of its own.
  for (const std::size_t index : story.of(ObservationKind::record)) {
    if (story.is_broken(story[index].bytes)) continue;
    const auto header = layout::View<cper::Header>::make(cper::kRecordHeader, story[index].bytes);
    if (!header || ((*header)[cper::Header::kValidBits] & 2) == 0) continue;
    const auto civil = decode_record_time((*header)[cper::Header::kTimestamp], TimestampForm::binary);
    const auto stamp = civil ? from_civil(*civil) : std::nullopt;
    if (stamp && *stamp > story[index].time)
      story.contradict(
          "order",
          fmt::format("{} has the timestamp {}, which is later", story.name(index), to_iso8601(*stamp)),
          {index});
  }
}

}  // namespace wheatstone::judge
