// What Windows Error Reporting sends after a stop: the BlueScreen report of [MS-CER2] 4.3.
#pragma once

#include <optional>
#include <string>

#include "formats/cer/report.hpp"
#include "formats/dump/reader.hpp"
#include "formats/layout/result.hpp"
#include "mocks/wer_client/client.hpp"
#include "mocks/windows/machine.hpp"

namespace wheatstone::windows {

// Who reports.
struct Reporter {
  std::string machine_name;
  std::string user_name;
  std::string lcid;
  std::optional<std::string> company;  // APPLICATIONINFO/@appcompany
};

// The level-1 document alone, without FILES: BCCode, BCP1 to BCP4, OS Version, Service Pack and Product.
cer::Report blue_screen_report(const dump::Dump& dump, const OsVersion& os, const Reporter& reporter,
                               FileTime crash_time);

// Bug check and width of its parameters come from the header of the small dump. With the dump go sysdata.xml
// and Version.txt, in a form of our own (README). Fails (malformed) if the small dump is none.
Result<wer_client::Submission> kernel_report(const Platform& platform, const OsVersion& os,
                                             const Reporter& reporter, const CrashLeftovers& leftovers);

}  // namespace wheatstone::windows
