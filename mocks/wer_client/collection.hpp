// What goes into a cab: the files of the report, then what was asked for. Version 1 and version 2 of
// Corporate Error Reporting ask for the same things.
#pragma once

#include <string_view>
#include <vector>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/answer.hpp"
#include "formats/layout/finding.hpp"
#include "mocks/wer_client/collector.hpp"

namespace wheatstone::wer_client {

struct Collection {
  std::vector<cab::Member> members;  // names are unique, in any case of letters
  std::vector<Finding> findings;     // "not-collected": path = the key, clause = as given to collect()
};

// The rules are those of README.md. `answer` says what is asked for; `collector` may be null, then only files
// are taken. Without `everything` only files marked anonymous are taken.
Collection collect(const cer::Answer& answer, const std::vector<File>& files, Collector* collector,
                   bool everything, std::string_view clause);

}  // namespace wheatstone::wer_client
