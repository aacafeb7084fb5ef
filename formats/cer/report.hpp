// The level-1 document of Corporate Error Reporting V2: WERREPORT, as a client POSTs it to /stage2.htm.
// Source: [MS-CER2] 2.2.1; examples in section 4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/cer/profile.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"

namespace wheatstone::cer {

// [MS-CER2] 2.2.1.3.3
struct MachineInfo {
  std::string machinename;
  std::string os;    // "6.1.6561.2.0.0.256.1": major.minor.build.platform.spMajor.spMinor.suiteMask.product
  std::string lcid;  // decimal
  std::optional<std::string> oem;

  friend bool operator==(const MachineInfo&, const MachineInfo&) = default;
};

// [MS-CER2] 2.2.1.3.4
struct ApplicationInfo {
  std::string appname;
  std::string apppath;
  std::optional<std::string> appcompany;

  friend bool operator==(const ApplicationInfo&, const ApplicationInfo&) = default;
};

// Values of EVENTINFO/@reporttype (werapi WER_REPORT_TYPE).
enum class ReportType : std::uint8_t {
  non_critical = 0,
  critical = 1,
  application_crash = 2,
  application_hang = 3,
  kernel = 4
};

// Values of FILE/@filetype (werapi WER_FILE_TYPE). Newer Windows has 6 to 10 too: they are read with a
// finding and written as they are.
enum class FileType : std::uint8_t {
  microdump = 1,
  minidump = 2,
  heapdump = 3,
  user_document = 4,
  other = 5
};

// [MS-CER2] 2.2.1.3.5
struct EventInfo {
  ReportType reporttype = ReportType::non_critical;
  std::string eventtype;
  std::optional<std::string> friendlyeventname;
  std::optional<std::string> eventdescription;
  FileTime eventtime;

  friend bool operator==(const EventInfo&, const EventInfo&) = default;
};

// [MS-CER2] 2.2.1.3.6: PARAMETER (id 0..9, at most ten) and SECONDARYPARAMETER.
struct Parameter {
  unsigned id = 0;
  std::optional<std::string> name;
  std::string value;

  friend bool operator==(const Parameter&, const Parameter&) = default;
};
struct SecondaryParameter {
  std::string name;
  std::string value;

  friend bool operator==(const SecondaryParameter&, const SecondaryParameter&) = default;
};

// [MS-CER2] 2.2.1.3.7.1
struct ReportedFile {
  std::string filename;
  FileType filetype = FileType::other;

  friend bool operator==(const ReportedFile&, const ReportedFile&) = default;
};

struct Report {
  MachineInfo machine;
  std::string username;
  std::optional<ApplicationInfo> application;
  EventInfo event;
  std::vector<Parameter> parameters;
  std::vector<SecondaryParameter> secondary_parameters;
  std::optional<std::vector<ReportedFile>> files;  // nullopt = no FILES element

  // Value of the PARAMETER or SECONDARYPARAMETER of that name, or nullopt.
  std::optional<std::string_view> parameter(std::string_view name) const noexcept;

  friend bool operator==(const Report&, const Report&) = default;
};

// The document as the examples of [MS-CER2] section 4 print it: UTF-16LE with byte order mark, CRLF, one
// element a line, the examples' order of elements and attributes. Fails (invalid_argument) on text that
// XML 1.0 cannot carry. The rules for values are not enforced, so that a test can send a wrong report;
// read_report names what is wrong with one.
Result<Buffer> write_report(const Report& report);

struct ReportLimits {
  std::size_t bytes = 1u << 20;
  unsigned depth = 8;
  unsigned attributes = 32;  // an element
  unsigned elements = 4096;
};

// What a reader made of a document: `report` holds everything that could be read, `findings` what is wrong
// with it. A second value for one thing is a finding and the first counts.
struct ReadReport {
  Report report;
  std::vector<Finding> findings;  // in order of their offset, a byte offset in the input; at most 257

  bool has_errors() const noexcept;  // a finding of severity error: the server answers 400
};

// Reads UTF-16 LE or BE, with or without byte order mark, and UTF-8 (with a finding). Fails (malformed) only
// if the input is no XML document at all, holds a DTD, or exceeds a limit. The codes of the findings are
// listed in our README; `profile` decides how grave some of them are.
Result<ReadReport> read_report(Bytes document, const ReportLimits& limits = {},
                               Profile profile = Profile::spec);

}  // namespace wheatstone::cer
