// Compares a level-2 cab with what level 1 announced and what the answer asked for, and the dump in it with
// the signature.
#pragma once

#include <vector>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/answer.hpp"
#include "formats/cer/report.hpp"

namespace wheatstone::cer_server {

// Codes, in the README's table: cab-unreadable, cab-empty, cab-file-missing, cab-file-not-asked,
// cab-extra-missing, cab-file-unexpected; those of cab::scan, and those of check_dump. Unpacks the cab in
// memory.
std::vector<Finding> check_cab(Bytes cabinet, const cer::Report& report, const cer::Answer& answer,
                               const cab::Limits& limits);

// Without the comparison.
std::vector<Finding> check_cab(Bytes cabinet, const cab::Limits& limits);

}  // namespace wheatstone::cer_server
