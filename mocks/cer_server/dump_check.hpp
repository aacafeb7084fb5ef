// Compares a crash dump that came in a level-2 cab with the signature of its report.
#pragma once

#include <string_view>
#include <vector>

#include "formats/cer/report.hpp"
#include "formats/dump/reader.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::cer_server {

// What a file of that name is found to be wrong with. Looks at kernel dumps only; of a BlueScreen report also
// at a file that is said to be a minidump and is no dump at all. Codes, in the README's table:
// dump-unreadable, dump-damaged, dump-bugcheck-differs, dump-parameter-differs, dump-os-differs,
// dump-record-missing, dump-record-damaged, signature-value. Work is linear in the file.
std::vector<Finding> check_dump(std::string_view name, Bytes file, const cer::Report& report);

// The error record behind parameter 2 of bug check 0x124, at most 1 MiB. Fails as Dump::read_virtual, and
// (malformed) if no error record is there.
// REQUIRES: that bug check.
Result<Buffer> record_in(const dump::Dump& dump);

}  // namespace wheatstone::cer_server
