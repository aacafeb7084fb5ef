// Reads the store of a Corporate Error Reporting server, also while the server uses it: buckets, reports, and
// every exchange with its verdict.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/json.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/time.hpp"

namespace wheatstone::cer_server {

// All reports with one signature(): what Windows Error Reporting calls a bucket. `number` and `table` are
// what the server answered last; the rules decide them, so two buckets may have the same.
struct Bucket {
  std::uint64_t id = 0;  // of this store
  std::string event_type;
  std::string signature;  // signature_text()
  std::optional<std::uint64_t> number;
  std::optional<std::uint64_t> table;
  std::uint64_t hits = 0;
  std::uint64_t cabs = 0;
  FileTime first_seen;
  FileTime last_seen;
};

struct ReportRow {
  std::uint64_t number = 0;
  FileTime received;
  std::uint64_t bucket_id = 0;  // 0: the document could not be read
  std::string event_type;
  std::string machine;
  std::optional<std::uint64_t> bucket;
  unsigned status = 0;  // that level 1 was answered with; 0 = the connection ended without one
  std::uint64_t errors = 0, warnings = 0, notes = 0;  // findings of all its exchanges
  std::optional<std::uint64_t> cab_size;
};

struct KeptFinding {
  std::string severity, code, message, path, clause;
  std::optional<std::uint64_t> offset;
};

struct KeptExchange {
  FileTime time;
  std::string kind;
  unsigned status = 0;
  Buffer request;                  // level 1: all of it; else the head
  std::uint64_t request_size = 0;  // with the body
  Buffer response;
  std::vector<KeptFinding> findings;
};

struct KeptReport {
  ReportRow row;
  Buffer document;               // as it came
  std::optional<Buffer> answer;  // absent after a refusal or a fault
  std::string cab_sha256;        // empty: no cab, or one that was not checked yet
  std::vector<KeptExchange> exchanges;
};

// Reports that came within an hour.
struct Hits {
  FileTime hour;  // its beginning
  std::uint64_t hits = 0;
};

// Which reports. Texts are globs ('*', '?') in any ASCII case; an absent part takes all.
struct ReportFilter {
  std::optional<std::uint64_t> bucket_id = {};
  std::optional<std::string> event_type = {};
  std::optional<std::string> machine = {};
  std::optional<std::string> finding = {};  // code
  std::optional<FileTime> since = {};
  std::uint64_t before = 0;  // only numbers below it: to page on; 0 = no limit
  std::uint64_t limit = 100;
};

class Reports {
 public:
  // Fails with `io` if there is no store, `unsupported` if a later version of this program made it.
  static Result<Reports> open(const std::filesystem::path& folder);

  ~Reports();
  Reports(Reports&&) noexcept;
  Reports& operator=(Reports&&) = delete;

  // Most hits first.
  Result<std::vector<Bucket>> buckets() const;

  // By the hour, the latest 1,000 hours that have any, in order; of one bucket or of all reports.
  Result<std::vector<Hits>> history(std::optional<std::uint64_t> bucket_id) const;

  // The latest first.
  Result<std::vector<ReportRow>> reports(const ReportFilter& filter) const;

  // nullopt: no such report.
  Result<std::optional<KeptReport>> report(std::uint64_t number) const;

  // The cab of a report. Fails with `io`, also if the file does not hold what was received.
  Result<Buffer> cab(const KeptReport& report) const;

 private:
  struct Impl;
  explicit Reports(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Writes a report as files to `folder`, which is made: level1.xml, answer.txt, report.cab, and for every
// exchange exchange-1.http (request and response, raw) and exchange-1.json. Fails with `io`.
Result<void> export_report(const Reports& reports, const KeptReport& report,
                           const std::filesystem::path& folder);

void to_json(layout::JsonWriter& json, const Bucket& bucket);
void to_json(layout::JsonWriter& json, const ReportRow& report);
void to_json(layout::JsonWriter& json, const Hits& hits);
void to_json(layout::JsonWriter& json, const KeptExchange& exchange);
// With the document, the answer and the exchanges.
void to_json(layout::JsonWriter& json, const KeptReport& report);

}  // namespace wheatstone::cer_server
