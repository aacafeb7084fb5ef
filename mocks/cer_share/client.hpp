// A client of Corporate Error Reporting version 1: reads what the share wants, copies a cab to it, counts.
// Source: [MS-CER] 3.1; where it is silent, the rules in README.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/cer/share_settings.hpp"
#include "formats/cer/share_tracking.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/finding.hpp"
#include "mocks/cer_share/folder.hpp"
#include "mocks/clock.hpp"
#include "mocks/random.hpp"
#include "mocks/wer_client/client.hpp"

namespace wheatstone::cer_share {

// Where a share is on this machine.
struct Share {
  std::string root;  // "\\server\share", in any case, with or without '\' at the end
  std::filesystem::path folder;
};

struct Config {
  // DWFileTreeRoot. Empty, or no path of a share: nothing is reported. [MS-CER] 3.1.3
  std::string file_tree_root;
  // Every share that may be used. A root that is not listed is never touched, whoever names it.
  std::vector<Share> shares;
  // Defaults of the settings; Windows lets a group policy replace them.
  cer::ShareSettings defaults = cer::default_settings();
  // Windows XP and Server 2003 send no cab at all if the process memory that was asked for cannot be had.
  bool stop_without_memory_dump = false;
  // Local time of the logs minus UTC.
  int utc_offset_minutes = 0;
  // For the lock of an error.
  Patience patience = {};
};

enum class SubmitResult : std::uint8_t {
  disabled,   // no share is configured: nothing was touched
  discarded,  // the report has no error subpath, or a path that is too long: nothing was written
  failed,     // see Outcome::detail; the report is not counted
  counted,    // without a cab; Outcome::findings say why
  copied,     // counted, and its cab is on the share
};

std::string_view to_string(SubmitResult result) noexcept;

struct Outcome {
  SubmitResult result = SubmitResult::failed;
  std::string root;                        // the share, after all redirections
  std::string error;                       // error subpath
  std::optional<std::string> cab_file;     // name of the cab on the share
  std::optional<Buffer> cab;               // as packed, copied or not
  cer::ShareSettings settings;             // what held for this error, URLLaunch and Response too
  std::optional<cer::ShareCounts> counts;  // as this report left them
  std::vector<Finding> findings;           // about the files on the share, and why there is no cab
  std::string detail;                      // why, for people; empty when there is nothing to say
};

class Client {
 public:
  // `collector` may be null: then nothing but the files of the report goes into a cab. All references must
  // outlive the client. `random` gives the names of cabs.
  Client(Config config, const Clock& clock, Random& random, wer_client::Collector* collector);

  // Reports an error of an application or of the kernel, as its event type says.
  Outcome submit(const wer_client::Submission& submission);

  // Reports to this error subpath; of the report only machine and user count. For cer::kShutdownSubpath.
  Outcome submit(const wer_client::Submission& submission, std::string_view error);

  // Reports an error as the first does, with a cab that is packed already and copied as it is; nullopt: there
  // is none.
  Outcome submit_packed(const cer::Report& report, std::optional<Buffer> cab);

 private:
  Config config_;
  const Clock& clock_;
  Random& random_;
  wer_client::Collector* collector_;
};

}  // namespace wheatstone::cer_share
