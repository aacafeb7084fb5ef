// What a browser sees of the server: a live page at "/", and below "/api/" the store as JSON.
//
//   /api/buckets                  {"Buckets": [...]}, most hits first
//   /api/history?bucket=ID        {"Hits": [{"Time", "Hits"}]} by the hour; without an id of all buckets
//   /api/reports?bucket=ID&event_type=GLOB&machine=GLOB&finding=GLOB&before=N&limit=N
//                                 {"Reports": [...]}, the latest first
//   /api/reports/N                one report with document, answer, exchanges and findings
//   /api/reports/N/cab            what its cab holds: files, the dump, the error record in the dump
//   /api/reports/N/level1.xml, report.cab, exchange-K.http     the bytes as they came
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/cab/cabinet.hpp"
#include "mocks/cer_server/reply.hpp"
#include "mocks/cer_server/reports.hpp"

namespace wheatstone::cer_server {

class Site {
 public:
  // Without `reports` (the server keeps nothing) the page says so. `unpacked` bounds what is read of a cab.
  Site(std::optional<Reports> reports, const cab::Limits& unpacked)
      : reports_(std::move(reports)), unpacked_(unpacked) {}

  // Whether a target is a part of the site.
  static bool has(std::string_view target) noexcept;

  // The reply to a GET. `host` is the Host field: a page of
  // another site that makes a browser come here by a name of its own is refused, so only addresses and
  // "localhost" are served.
  Reply get(std::string_view target, std::string_view host) const;

 private:
  Reply api(std::string_view path, std::string_view query) const;
  Reply buckets() const;
  Reply history(std::string_view query) const;
  Reply list(std::string_view query) const;
  Reply report(std::uint64_t number, std::string_view part) const;
  Reply cab(const KeptReport& report) const;

  std::optional<Reports> reports_;
  cab::Limits unpacked_;
};

}  // namespace wheatstone::cer_server
