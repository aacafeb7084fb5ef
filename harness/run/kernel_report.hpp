// The level-1 report that Windows makes of a crash dump it finds at the next start.
#pragma once

#include <string>

#include "formats/cer/report.hpp"
#include "formats/dump/reader.hpp"

namespace wheatstone::run {

// Event type BlueScreen with BCCode, BCP1 to BCP4, OS Version, Service Pack and Product, as the example of
// [MS-CER2] 4.3. What the dump does not know (its header never had it) is 0. `file_name` is listed as a
// minidump.
cer::Report report_of_dump(const dump::Dump& dump, const std::string& file_name);

}  // namespace wheatstone::run
