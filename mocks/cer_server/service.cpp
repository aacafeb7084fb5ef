#include "mocks/cer_server/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "mocks/cer_server/cab_check.hpp"
#include "mocks/text.hpp"

namespace wheatstone::cer_server {
namespace {

constexpr std::string_view kAnswerType = "text/plain; charset=windows-1252";
constexpr std::string_view kBinaryType = "application/octet-stream";
constexpr std::uint64_t kFirstBucket = 100;  // below it are Microsoft's service errors
constexpr std::uint64_t kBucketTable = 5;    // the generic table
constexpr std::uint64_t kForgetEvery = 64;   // exchanges

Finding finding(FindingSeverity severity, std::string_view code, std::string message,
                std::string_view clause = {}) {
  return {severity, code, std::move(message), {}, Finding::kNoOffset, clause};
}

std::string list(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& f : findings) {
    out += fmt::format("{} {}", to_string(f.severity), f.code);
    if (!f.path.empty()) out += fmt::format(" {}", f.path);
    if (f.offset != Finding::kNoOffset) out += fmt::format(" at byte {}", f.offset);
    out += fmt::format(": {}", f.message);
    if (!f.clause.empty()) out += fmt::format(" ({})", f.clause);
    out += "\r\n";
  }
  return out;
}

// A target as a path in one spelling; what is unusual about its own spelling is noted.
std::string path_of(std::string_view target, std::vector<Finding>& findings) {
  constexpr std::string_view kScheme = "http://";
  if (target.size() > kScheme.size() && same_ignoring_case(target.substr(0, kScheme.size()), kScheme)) {
    findings.push_back(finding(FindingSeverity::note, "target-absolute-form",
                               "the target is an absolute URI, as for a proxy", "RFC 9112 3.2.2"));
    const std::size_t slash = target.find_first_of("/\\", kScheme.size());
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  if (target.find('\\') != std::string_view::npos)
    findings.push_back(finding(FindingSeverity::warning, "target-back-slash",
                               "the target holds a back-slash, which no URI may", "RFC 9112 3.2"));
  if (target.find("%5C") != std::string_view::npos || target.find("%5c") != std::string_view::npos)
    findings.push_back(finding(FindingSeverity::note, "target-encoded-back-slash",
                               "the target holds an encoded back-slash", "RFC 9112 3.2"));
  if (!target.starts_with('/') && !target.starts_with('\\'))
    findings.push_back(finding(FindingSeverity::warning, "target-no-slash",
                               "the target does not begin with a slash", "RFC 9112 3.2.1"));
  return cer::normalize_upload_path(target);
}

}  // namespace

std::string_view to_string(Exchange::Kind kind) noexcept {
  switch (kind) {
    case Exchange::Kind::level1:
      return "level1";
    case Exchange::Kind::level2:
      return "level2";
    case Exchange::Kind::other:
      return "other";
  }
  return "other";
}

Service::Service(const Options& options, std::vector<Rule> rules, const Clock& clock, Random& random,
                 Listener* observer, Store store, Site site)
    : limits_(options.limits),
      rules_(std::move(rules)),
      clock_(clock),
      random_(random),
      observer_(observer),
      store_(std::move(store)),
      site_(std::move(site)),
      keep_reports_(options.keep_reports),
      keep_time_(options.keep_time) {
  for (const Rule& rule : rules_) times_left_.push_back(rule.times);
}

Result<std::unique_ptr<Service>> Service::open(const Options& options, std::vector<Rule> rules,
                                               const Clock& clock, Random& random, Listener* observer) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Location where{{}, 0, 0, Location::kNoOffset, fmt::format("rules[{}]", i)};
    if (const auto written = cer::write_answer(rules[i].answer); !written)
      return fail(ErrorKind::invalid_argument, "the answer cannot be sent: " + written.error().message,
                  written.error().hint, where);
    const auto& fault = rules[i].fault;
    if (fault && fault->kind == Fault::Kind::status && (fault->status < 400 || fault->status > 599))
      return fail(ErrorKind::invalid_argument, fmt::format("a fault with status {}", fault->status),
                  "choose one from 400 to 599", where);
    if (fault && fault->level == Fault::Level::level2 && info(fault->kind).only_level1)
      return fail(ErrorKind::invalid_argument,
                  fmt::format("the fault {} at level 2, which has no answer", info(fault->kind).name),
                  "it strikes at level 1 only", where);
    if (fault && fault->location.find_first_of("\r\n") != std::string::npos)
      return fail(ErrorKind::invalid_argument, "the location of a fault has more than one line", "", where);
  }
  auto store = Store::open(options.store);
  if (!store) return std::unexpected(store.error());
  std::optional<Reports> reports;
  if (!options.store.empty()) {
    auto opened = Reports::open(options.store);
    if (!opened) return std::unexpected(opened.error());
    reports.emplace(std::move(*opened));
  }
  std::unique_ptr<Service> service(new Service(options, std::move(rules), clock, random, observer,
                                               std::move(*store),
                                               Site(std::move(reports), options.limits.unpacked)));
  if (const auto forgotten = service->forget(); !forgotten) return std::unexpected(forgotten.error());
  const auto visited = service->store_.for_each([&](const StoredReport& stored) { service->recall(stored); });
  if (!visited) return std::unexpected(visited.error());
  return service;
}

// Rules are new in every run; numbers, buckets, quotas and issued paths go on.
void Service::recall(const StoredReport& stored) {
  last_report_ = std::max(last_report_, stored.number);
  if (stored.signature.empty() || !stored.answer) return;
  const cer::Answer answer = cer::read_answer(*stored.answer).answer;
  if (answer.bucket && *answer.bucket >= kFirstBucket && answer.bucket_table == kBucketTable) {
    buckets_.try_emplace(stored.signature, *answer.bucket);
    last_bucket_ = std::max(last_bucket_, *answer.bucket);
  }
  if (!answer.i_data.value_or(false) || !answer.dump_file) return;
  ++asked_[stored.signature];
  Upload& upload = uploads_[cer::normalize_upload_path(*answer.dump_file)];
  upload = {.report_number = stored.number,
            .state = stored.has_cab ? Upload::State::filled : Upload::State::open};
  if (stored.has_cab) return;
  if (auto document = cer::read_report(stored.document, limits_.report))
    upload.asked =
        std::make_shared<const std::pair<cer::Report, cer::Answer>>(std::move(document->report), answer);
}

Request Service::admit(const http::Message& head, bool has_length) {
  Request request;
  Exchange& exchange = request.exchange;
  auto& findings = exchange.verdict.findings;
  const auto refuse = [&request, &findings](unsigned status, std::string_view code, std::string message,
                                            std::string_view allow = {}) {
    findings.push_back(finding(FindingSeverity::error, code, std::move(message)));
    request.refusal = Reply{.status = status, .body = list(findings)};
    if (!allow.empty()) request.refusal->fields.push_back({"Allow", std::string(allow)});
  };

  request.head_only = head.method == "HEAD";
  if (head.method == "GET" || head.method == "HEAD") {
    request.refusal = site_.get(head.target, head.field("Host").value_or(""));
    request.of_site = request.refusal.has_value();
    if (request.of_site) return request;
  }
  if (head.minor_version == 0)
    findings.push_back(finding(FindingSeverity::warning, "http-version",
                               "the request is HTTP/1.0, not HTTP/1.1", "[MS-CER2] 2.1"));
  const std::string path = path_of(head.target, findings);
  const auto upload = uploads_.find(path);
  const bool sends = head.method == "POST" || head.method == "PUT";

  if (path == kLevel1Path) {
    exchange.kind = head.method == "POST" ? Exchange::Kind::level1 : Exchange::Kind::other;
    request.body_limit = limits_.report.bytes;
    if (head.method != "POST") refuse(405, "method", fmt::format("{} takes POST only", kLevel1Path), "POST");
  } else if (head.method == "PUT") {
    exchange.kind = Exchange::Kind::level2;
    request.body_limit = limits_.cab;
    if (upload == uploads_.end())
      refuse(403, "upload-not-issued", fmt::format("no answer named the path {}", printable(head.target)));
    else if (exchange.report_number = upload->second.report_number;
             upload->second.state == Upload::State::filled)
      refuse(409, "upload-repeated", "this path has its cab already");
    else if (upload->second.state == Upload::State::receiving)
      refuse(409, "upload-concurrent", "this path is being uploaded by another request");
  } else if (upload != uploads_.end()) {
    refuse(405, "method", "an upload path takes PUT only", "PUT");
  } else {
    refuse(404, "path-unknown", fmt::format("there is nothing at {}", printable(head.target)));
  }
  if (request.refusal) return request;

  if (sends && !has_length) {
    refuse(411, "length-missing", "the request has neither Content-Length nor chunked coding");
  } else if (const auto expect = head.field("Expect");
             expect && !same_ignoring_case(*expect, "100-continue")) {
    refuse(417, "expectation", fmt::format("unknown expectation {}", printable(*expect)));
  } else if (exchange.kind == Exchange::Kind::level2 && head.field("Content-Range")) {
    refuse(400, "upload-part", "a part of a cab cannot be put together with others");  // RFC 9110 14.5
  } else if (exchange.kind == Exchange::Kind::level2) {
    upload->second.state = Upload::State::receiving;
    request.upload_path = path;
  }
  return request;
}

Reply Service::handle(Request& request, Bytes body) {
  return request.exchange.kind == Exchange::Kind::level1 ? level1(request, body) : level2(request, body);
}

Reply Service::level1(Request& request, Bytes document) {
  Exchange& exchange = request.exchange;
  auto& findings = exchange.verdict.findings;
  exchange.report_number = ++last_report_;
  exchange.document.assign(document.begin(), document.end());

  auto read = cer::read_report(document, limits_.report);
  if (!read) {
    findings.push_back({FindingSeverity::error, "document-unreadable", read.error().message,
                        read.error().where.path, read.error().where.offset, "[MS-CER2] 2.2.1"});
    return {.status = 400, .body = list(findings)};
  }
  std::ranges::move(read->findings, std::back_inserter(findings));
  exchange.report = std::move(read->report);
  const cer::Report& report = *exchange.report;
  if (std::ranges::any_of(findings, [](const Finding& f) { return f.severity == FindingSeverity::error; }))
    return {.status = 400, .body = list(findings)};

  const std::string key = signature(report);
  const Rule* rule = nullptr;
  for (std::size_t i = 0; i < rules_.size() && rule == nullptr; ++i) {
    if ((rules_[i].times != 0 && times_left_[i] == 0) || !matches(rules_[i], report)) continue;
    rule = &rules_[i];
    if (rule->times != 0) --times_left_[i];
  }

  const auto fault = rule ? rule->fault : std::nullopt;
  const bool struck = fault && fault->level == Fault::Level::level1;
  if (struck && info(fault->kind).own_response) return instead(*fault);

  cer::Answer answer = rule ? rule->answer : default_answer(key);
  if (answer.i_data.value_or(false)) {
    if (rule->cab_quota && asked_[key] >= *rule->cab_quota) {
      cer::Answer modest;
      modest.response = answer.response;
      modest.bucket = answer.bucket;
      modest.bucket_table = answer.bucket_table;
      modest.i_data = false;
      answer = modest;
    } else {
      if (!answer.dump_file) answer.dump_file = new_path(exchange.report_number);
      if (!answer.dump_file) {
        findings.push_back(finding(FindingSeverity::error, "no-path",
                                   "the random source repeats itself: no unused path could be drawn"));
        return {.status = 500, .body = list(findings)};
      }
      if (!struck || info(fault->kind).issues_path()) {
        ++asked_[key];
        issue(exchange.report_number, report, answer, struck ? std::nullopt : fault);
      }
    }
  }
  const auto text = cer::write_answer(answer);
  if (!text) {
    findings.push_back(finding(FindingSeverity::error, "answer-unwritable", text.error().text()));
    return {.status = 500, .body = list(findings)};
  }
  Reply reply{.body = struck ? distort(fault->kind, answer, *text) : *text,
              .content_type = kAnswerType,
              .fault = struck ? fault : std::nullopt};
  if (!struck || info(fault->kind).issues_path()) exchange.answer = std::move(answer);
  return reply;
}

// The response that a fault sends in place of the one that was due.
Reply Service::instead(const Fault& fault) {
  switch (fault.kind) {
    case Fault::Kind::unauthorized:
      return {.status = 401,
              .body = "scripted fault\r\n",
              .fields = {{"WWW-Authenticate", "Negotiate"}, {"WWW-Authenticate", "NTLM"}},
              .fault = fault};
    case Fault::Kind::redirect:
      return {.status = 302,
              .body = "scripted fault\r\n",
              .fields = {{"Location", fault.location.empty() ? std::string(kElsewhere) : fault.location}},
              .fault = fault};
    case Fault::Kind::garbage: {
      std::array<std::uint8_t, 64> garbage;
      random_.fill(garbage);
      return {.body = std::string(as_text(garbage)), .content_type = kBinaryType, .fault = fault};
    }
    default:
      return {.status = fault.status, .body = "scripted fault\r\n", .fault = fault};
  }
}

Reply Service::level2(Request& request, Bytes cab) {
  Exchange& exchange = request.exchange;
  auto& findings = exchange.verdict.findings;
  Upload& upload = uploads_[request.upload_path];
  if (cab.empty()) {
    findings.push_back(finding(FindingSeverity::error, "upload-empty", "the body is empty"));
    return {.status = 400, .body = list(findings)};
  }
  if (upload.asked)
    std::ranges::move(check_cab(cab, upload.asked->first, upload.asked->second, limits_.unpacked),
                      std::back_inserter(findings));
  const auto fault = std::exchange(upload.fault, std::nullopt);
  if (!fault || info(fault->kind).keeps_cab) exchange.cab.assign(cab.begin(), cab.end());
  if (fault && info(fault->kind).own_response) return instead(*fault);
  return {.fault = fault};
}

cer::Answer Service::default_answer(const std::string& key) {
  const auto [bucket, is_new] = buckets_.try_emplace(key, last_bucket_ + 1);
  if (is_new) ++last_bucket_;
  cer::Answer answer;
  answer.bucket = bucket->second;
  answer.bucket_table = kBucketTable;
  return answer;
}

// Forward slashes and ASCII, so that no client has to encode anything. A seeded source gives an earlier run's
// paths again: those are passed over.
std::optional<std::string> Service::new_path(std::uint64_t report_number) {
  for (std::size_t tries = 0; tries <= uploads_.size(); ++tries) {
    std::array<std::uint8_t, 16> secret;
    random_.fill(secret);
    std::string path = fmt::format("/put/{}-", report_number);
    for (const std::uint8_t byte : secret) path += fmt::format("{:02x}", byte);
    path += ".cab";
    if (!uploads_.contains(cer::normalize_upload_path(path))) return path;
  }
  return std::nullopt;
}

void Service::issue(std::uint64_t report_number, const cer::Report& report, const cer::Answer& answer,
                    const std::optional<Fault>& fault) {
  uploads_[cer::normalize_upload_path(*answer.dump_file)] = {
      .report_number = report_number,
      .fault = fault,
      .asked = std::make_shared<const std::pair<cer::Report, cer::Answer>>(report, answer)};
}

// Unless the path was issued to a later report in the meantime.
void Service::release(const Request& request, Upload::State state) {
  const auto upload = uploads_.find(request.upload_path);
  if (upload != uploads_.end() && upload->second.report_number == request.exchange.report_number)
    upload->second.state = state;
}

void Service::complete(Exchange& exchange) {
  exchange.sequence = ++last_sequence_;
  exchange.time = clock_.now();
}

Result<void> Service::forget() {
  if (!keep_reports_ && !keep_time_) return {};
  Retention retention{.since = {}, .reports = keep_reports_};
  if (const std::uint64_t now = clock_.now().ticks; keep_time_ && now > *keep_time_)
    retention.since = FileTime{now - *keep_time_};
  const auto gone = store_.prune(retention);
  if (!gone) return std::unexpected(gone.error());
  std::erase_if(uploads_, [&](const auto& upload) {
    return std::ranges::binary_search(*gone, upload.second.report_number);
  });
  return {};
}

Buffer Service::finish(Request request, const Reply& reply, Buffer raw_request, Buffer sent, bool& close) {
  if (request.of_site) return render(reply, clock_.now(), request.head_only, close);
  Exchange& exchange = request.exchange;
  complete(exchange);
  exchange.request = std::move(raw_request);
  exchange.verdict.status = reply.status;
  Buffer bytes = render(reply, exchange.time, request.head_only, close);
  if (reply.fault && reply.fault->kind == Fault::Kind::close) {
    bytes.resize(std::min<std::size_t>(bytes.size(), reply.fault->after));
    if (bytes.empty()) exchange.verdict.status = 0;
    close = true;
  }
  exchange.response = sent;
  exchange.response.insert(exchange.response.end(), bytes.begin(), bytes.end());

  std::optional<std::string> answer;
  if (exchange.answer) answer = reply.body;
  if (const auto kept = store_.add(exchange, answer); !kept) {
    exchange.verdict.findings.push_back(finding(FindingSeverity::error, "store-failed", kept.error().text()));
    if (exchange.answer && exchange.answer->dump_file)
      uploads_.erase(cer::normalize_upload_path(*exchange.answer->dump_file));
    exchange.answer.reset();
    exchange.cab.clear();
    exchange.verdict.status = 500;
    bytes = render({.status = 500, .body = "the server could not keep this\r\n"}, exchange.time,
                   request.head_only, close);
    exchange.response = std::move(sent);
    exchange.response.insert(exchange.response.end(), bytes.begin(), bytes.end());
  }
  if (!request.upload_path.empty())
    release(request, exchange.cab.empty() ? Upload::State::open : Upload::State::filled);
  if (exchange.sequence % kForgetEvery == 0)
    if (const auto forgotten = forget(); !forgotten)
      exchange.verdict.findings.push_back(
          finding(FindingSeverity::error, "store-failed", forgotten.error().text()));
  if (observer_) observer_->on_exchange(exchange);
  return bytes;
}

void Service::abandon(Request request, Buffer raw_request, Buffer sent, Finding why) {
  Exchange& exchange = request.exchange;
  complete(exchange);
  exchange.request = std::move(raw_request);
  exchange.response = std::move(sent);
  exchange.report_number = request.upload_path.empty() ? 0 : exchange.report_number;
  exchange.verdict.findings.push_back(std::move(why));
  // A failure to keep the trace of a request that came to nothing changes nothing for anybody.
  if (exchange.kind == Exchange::Kind::level2)
    if (const auto kept = store_.add(exchange, std::nullopt); !kept)
      exchange.verdict.findings.push_back(
          finding(FindingSeverity::error, "store-failed", kept.error().text()));
  if (!request.upload_path.empty()) release(request, Upload::State::open);
  if (observer_) observer_->on_exchange(exchange);
}

}  // namespace wheatstone::cer_server
