#include "mocks/cer_server/site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>

#include "formats/layout/characters.hpp"
#include "formats/layout/text_buffer.hpp"
#include "mocks/cer_server/cab_contents.hpp"
#include "mocks/cer_server/page.hpp"
#include "mocks/text.hpp"

namespace wheatstone::cer_server {
namespace {

constexpr std::string_view kApi = "/api/";
constexpr std::uint64_t kMostRows = 1000;  // of one answer

// Nothing but what the page holds itself runs in it, and it talks to this server only.
const std::vector<http::Field>& common_fields() {
  static const std::vector<http::Field> fields = {
      {"Cache-Control", "no-store"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}};
  return fields;
}

Reply page(std::string text) {
  return {.body = std::move(text), .content_type = "text/html; charset=utf-8", .fields = common_fields()};
}

Reply json(std::string text, unsigned status = 200) {
  return {.status = status,
          .body = std::move(text),
          .content_type = "application/json",
          .fields = common_fields()};
}

Reply file(Bytes bytes, std::string_view name) {
  Reply reply{.body = std::string(as_text(bytes)),
              .content_type = "application/octet-stream",
              .fields = common_fields()};
  reply.fields.push_back({"Content-Disposition", fmt::format("attachment; filename=\"{}\"", name)});
  return reply;
}

Reply problem(unsigned status, std::string_view message) {
  layout::TextBuffer out;
  layout::JsonWriter writer(out);
  writer.begin_object();
  writer.key("Error");
  writer.text(message);
  writer.end_object();
  return json(std::string(out.view()), status);
}

// "127.0.0.1", "[::1]:1273", "localhost:80": what no other site can be called.
bool is_address(std::string_view host) {
  std::string_view name = host.substr(
      0, host.rfind(':') == std::string_view::npos || host.ends_with(']') ? host.size() : host.rfind(':'));
  if (same_ignoring_case(name, "localhost")) return true;
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  boost::system::error_code error;
  boost::asio::ip::make_address(std::string(name), error);
  return !error;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int high = text[at] == '%' && text.size() - at > 2 ? layout::hex_digit(text[at + 1]) : -1;
    const int low = high >= 0 ? layout::hex_digit(text[at + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      at += 2;
    } else {
      out += text[at] == '+' ? ' ' : text[at];
    }
  }
  return out;
}

// The value of a key of a query; nullopt if it is absent or empty.
std::optional<std::string> parameter(std::string_view query, std::string_view key) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != key) continue;
    if (std::string value = decoded(pair.substr(equals + 1)); !value.empty()) return value;
  }
  return std::nullopt;
}

// {"name": [each of the rows]}
template <class Row, class Write>
Reply rows(std::string_view name, const Result<std::vector<Row>>& all, Write write) {
  if (!all) return problem(500, all.error().text());
  layout::TextBuffer out;
  layout::JsonWriter writer(out);
  writer.begin_object();
  writer.key(name);
  writer.begin_array();
  for (const Row& row : *all) write(writer, row);
  writer.end_array();
  writer.end_object();
  return json(std::string(out.view()));
}

}  // namespace

bool Site::has(std::string_view target) noexcept {
  const std::string_view path = target.substr(0, target.find('?'));
  return path == "/" || path.starts_with(kApi);
}

Reply Site::get(std::string_view target, std::string_view host) const {
  const std::size_t question = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, question);
  if (!is_address(host))
    return problem(403,
                   "the page is served by address or as localhost only, so that no other site can read it");
  if (path == "/") return page(std::string(kPage));
  if (!reports_) return problem(404, "this server keeps nothing: start it with --store");
  return api(path.substr(kApi.size()), target.substr(std::min(question + 1, target.size())));
}

Reply Site::api(std::string_view path, std::string_view query) const {
  constexpr std::string_view kReports = "reports/";
  if (path == "buckets") return buckets();
  if (path == "history") return history(query);
  if (path == "reports") return list(query);
  if (path.starts_with(kReports)) {
    path.remove_prefix(kReports.size());
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (const auto wanted = number(path.substr(0, slash)))
      return report(*wanted, path.substr(std::min(slash + 1, path.size())));
  }
  return problem(404, "there is nothing here");
}

Reply Site::buckets() const {
  return rows("Buckets", reports_->buckets(),
              [](layout::JsonWriter& writer, const Bucket& bucket) { to_json(writer, bucket); });
}

Reply Site::history(std::string_view query) const {
  const auto bucket = parameter(query, "bucket");
  return rows("Hits", reports_->history(bucket ? number(*bucket) : std::nullopt),
              [](layout::JsonWriter& writer, const Hits& hits) { to_json(writer, hits); });
}

Reply Site::list(std::string_view query) const {
  ReportFilter filter{.event_type = parameter(query, "event_type"),
                      .machine = parameter(query, "machine"),
                      .finding = parameter(query, "finding")};
  if (const auto bucket = parameter(query, "bucket")) filter.bucket_id = number(*bucket).value_or(0);
  if (const auto before = parameter(query, "before")) filter.before = number(*before).value_or(0);
  if (const auto limit = parameter(query, "limit"))
    filter.limit = std::min(number(*limit).value_or(filter.limit), kMostRows);
  return rows("Reports", reports_->reports(filter),
              [](layout::JsonWriter& writer, const ReportRow& row) { to_json(writer, row); });
}

Reply Site::report(std::uint64_t wanted, std::string_view part) const {
  constexpr std::string_view kExchange = "exchange-", kHttp = ".http";
  const auto found = reports_->report(wanted);
  if (!found) return problem(500, found.error().text());
  if (!*found) return problem(404, fmt::format("there is no report {}", wanted));
  const KeptReport& kept = **found;
  if (part.empty()) {
    layout::TextBuffer out;
    layout::JsonWriter writer(out);
    to_json(writer, kept);
    return json(std::string(out.view()));
  }
  if (part == "level1.xml") return file(kept.document, fmt::format("{}-level1.xml", wanted));
  if (part == "cab") return cab(kept);
  if (part == "report.cab") {
    const auto bytes = reports_->cab(kept);
    return bytes ? file(*bytes, fmt::format("{}.cab", wanted)) : problem(404, bytes.error().message);
  }
  if (part.starts_with(kExchange) && part.ends_with(kHttp) && part.size() > kExchange.size() + kHttp.size()) {
    part = part.substr(kExchange.size(), part.size() - kExchange.size() - kHttp.size());
    if (const auto index = number(part); index && *index >= 1 && *index <= kept.exchanges.size()) {
      const KeptExchange& exchange = kept.exchanges[static_cast<std::size_t>(*index - 1)];
      Buffer both = exchange.request;
      both.insert(both.end(), exchange.response.begin(), exchange.response.end());
      return file(both, fmt::format("{}-exchange-{}.http", wanted, *index));
    }
  }
  return problem(404, "the report has no such part");
}

Reply Site::cab(const KeptReport& kept) const {
  const auto bytes = reports_->cab(kept);
  if (!bytes) return problem(404, bytes.error().message);
  layout::TextBuffer out;
  cab_to_json(out, *bytes, unpacked_);
  return json(std::string(out.view()));
}

}  // namespace wheatstone::cer_server
