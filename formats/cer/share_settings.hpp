// What administrators of Corporate Error Reporting version 1 ask of clients: policy.txt for all errors,
// status.txt for one. Source: [MS-CER] 2.2.4 and 2.2.5. Text is UTF-8 here and windows-1252 in the files.
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

enum class ShareFile : std::uint8_t { policy, status };

// nullopt or an empty list: the file does not say.
struct ShareSettings {
  // In both files.
  std::optional<bool> tracking;                     // Tracking: write hits.log and crash.log
  std::optional<std::uint64_t> crashes_per_bucket;  // Crashes per bucket: most cabs of one error
  std::optional<std::string> url_launch;            // URLLaunch: a URI; may be empty in status.txt
  std::optional<bool> no_second_level_collection;   // NoSecondLevelCollection: no extra data at all
  std::optional<bool> no_file_collection;           // NoFileCollection: neither fDoc nor GetFile
  std::optional<bool> no_external_url;              // NoExternalURL: no URI of status.txt

  // In policy.txt alone.
  std::optional<std::string> file_tree_root;  // FileTreeRoot: start again at this share

  // In status.txt alone; as in the answer of version 2.
  std::optional<std::string> response;  // Response: "1" or a URI
  std::optional<std::uint64_t> bucket;
  std::optional<bool> i_data;  // iData: a cab is wanted
  std::optional<bool> memory_dump;
  std::optional<bool> f_doc;
  std::vector<std::string> reg_key;
  std::vector<std::string> get_file;
  std::vector<std::string> get_file_version;
  std::vector<std::string> wql;

  friend bool operator==(const ShareSettings&, const ShareSettings&) = default;
};

// "Key=Value" CRLF, in the order of the example in [MS-CER] 4.1. Fails (invalid_argument, with the key as
// path) for a key that does not belong into the file and for a value that a reader would not honour.
Result<std::string> write_settings(const ShareSettings& settings, ShareFile file);

struct ReadSettings {
  ShareSettings settings;         // the entries that are honoured
  std::vector<Finding> findings;  // path = "line N: KEY"; at most 257; the codes are listed in our README
};

// A badly formed entry is not honoured ([MS-CER] 3.1.7). Of two entries with one key the first that is
// honoured counts. Never fails.
ReadSettings read_settings(Bytes file, ShareFile which, std::size_t max_bytes = 1u << 20);

// The specification contradicts itself about a status.txt without iData: 2.2.5 wants a cab, and so does the
// example 4.2; step 4 of 3.1.7 does not.
enum class AbsentIData : std::uint8_t { cab, no_cab };

// What holds where no file says otherwise. Windows XP and Server 2003 let the group policy replace these.
ShareSettings default_settings(AbsentIData absent = AbsentIData::cab);

// What holds for one error: status.txt before policy.txt before the defaults, and after that what the three
// No... keys take away.
ShareSettings effective_settings(const ShareSettings& policy, const ShareSettings& status,
                                 const ShareSettings& defaults);

}  // namespace wheatstone::cer
