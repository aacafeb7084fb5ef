// The server's answer to a level-1 document: a text of Key=Value lines. Source: [MS-CER2] 2.2.2, read as the
// working grammar of our README says (the printed ABNF rejects its own examples).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::cer {

// Every key is optional. Text is UTF-8 here and windows-1252 on the wire.
struct Answer {
  std::optional<std::string> response;  // Response: empty, "1" or a URI
  std::optional<std::uint64_t> bucket;
  std::optional<std::uint64_t> bucket_table;
  std::optional<bool> i_data;       // iData: a level-2 cab is wanted
  std::optional<bool> memory_dump;  // MemoryDump
  std::optional<bool> f_doc;        // fDoc
  std::vector<std::string> reg_key;
  std::vector<std::string> reg_tree;
  std::vector<std::string> wql;
  std::vector<std::string> get_file;
  std::vector<std::string> get_file_version;
  std::optional<std::string> dump_file;  // DumpFile: url-path of the PUT

  friend bool operator==(const Answer&, const Answer&) = default;
};

// "Key=Value" CRLF, no spaces, each key once, in the order of the specification's examples. Fails
// (invalid_argument) for what a reader could not give back: a value that holds CR, LF or NUL or begins or
// ends with a blank, a list item that is empty or holds ';', a bucket number of 0, text without a
// windows-1252 form.
Result<std::string> write_answer(const Answer& answer);

struct ReadAnswer {
  Answer answer;
  std::vector<Finding> findings;  // offset = byte offset of the line; at most 257
};

// Accepts CRLF, LF and CR, white space around '=', keys in the wrong case, duplicates (the first counts) and
// unknown keys (ignored), each with a finding. Never fails: garbage is an answer without keys and with
// findings. At most `max_bytes` are read, up to the last whole line; the rest is a finding. The codes of the
// findings are listed in our README.
ReadAnswer read_answer(Bytes body, std::size_t max_bytes = 1u << 20);

// The target of the PUT for a DumpFile value: '\' becomes '/', a leading '/' is added, everything that RFC
// 3986 forbids in a path is percent-encoded (what is encoded already stays so once). Fails (malformed) for an
// empty value, "..", an absolute URL, a path with a host or a drive, CR, LF or NUL, plain or percent-encoded.
Result<std::string> upload_target(std::string_view dump_file);

// One form for every spelling of an upload path: '\', "%5C" and '/' are the same, percent-encoding is undone
// once, a leading '/' is added. For comparing only: the result may hold "..", controls and ill-formed UTF-8.
std::string normalize_upload_path(std::string_view target);

}  // namespace wheatstone::cer
