#include "mocks/cer_server/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "mocks/files.hpp"
#include "mocks/text.hpp"

namespace wheatstone::cer_server {
namespace {

constexpr std::string_view kAnswerType = "text/plain; charset=windows-1252";
constexpr std::string_view kBinaryType = "application/octet-stream";
constexpr std::uint64_t kFirstBucket = 100;  // below it are Microsoft's service errors
constexpr std::uint64_t kBucketTable = 5;    // the generic table
constexpr std::uint64_t kForgetEvery = 64;   // exchanges
constexpr std::size_t kMostSignatures = 1'000'000;
constexpr std::size_t kMostBrowsers = 64;
constexpr std::string_view kNotKept = "the server could not keep this\r\n";

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

// A key of bounded size.
std::string hash(std::string_view signature) {
  return sha256(as_bytes(signature));
}

// A target as a path in one spelling; what is unusual about its own spelling is noted.
std::string path_of(std::string_view target, std::vector<Finding>& findings) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() <= scheme.size() || !same_ignoring_case(target.substr(0, scheme.size()), scheme))
      continue;
    findings.push_back(finding(FindingSeverity::note, "target-absolute-form",
                               "the target is an absolute URI, as for a proxy", "RFC 9112 3.2.2"));
    const std::size_t slash = target.find_first_of("/\\", scheme.size());
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
    break;
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

// What finish() hands on to where the store has been written.
struct Service::Finishing {
  Request request;
  Buffer sent;
  Buffer bytes;  // rendered
  bool close = false;
  Done done;
};

Service::Service(const Options& options, std::vector<Rule> rules, const Clock& clock, Random& random,
                 Listener* observer, Site site)
    : limits_(options.limits),
      rules_(std::move(rules)),
      clock_(clock),
      random_(random),
      observer_(observer),
      accounts_(options.accounts),
      profile_(options.profile),
      cab_check_(options.cab_check),
      keep_reports_(options.keep_reports),
      keep_time_(options.keep_time),
      site_(std::move(site)) {
  for (const Rule& rule : rules_) times_left_.push_back(rule.times);
}

Service::~Service() {
  stop();
}

void Service::stop() {
  browser_.stop();
  if (late_check_) late_check_->stop(limits_.drain_time);
  soon_ = [] {};
  flush();
}

void Service::begin(std::function<void()> soon) {
  soon_ = std::move(soon);
  for (auto& [report, asked] : std::exchange(unchecked_, {})) late_check_->post(report, std::move(asked));
}

void Service::flush() {
  if (writer_) writer_->flush();
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
  if (options.store.empty())
    return std::unique_ptr<Service>(new Service(options, std::move(rules), clock, random, observer,
                                                Site(std::nullopt, options.limits.unpacked)));
  auto store = Store::open(options.store);
  if (!store) return std::unexpected(store.error());
  auto reports = Reports::open(options.store);
  if (!reports) return std::unexpected(reports.error());
  std::unique_ptr<Service> service(new Service(options, std::move(rules), clock, random, observer,
                                               Site(std::move(*reports), options.limits.unpacked)));
  if (const auto forgotten = service->forget(*store); !forgotten) return std::unexpected(forgotten.error());
  const auto visited = store->for_each([&](const StoredReport& stored) { service->recall(stored); });
  if (!visited) return std::unexpected(visited.error());
  service->writer_ = std::make_unique<StoreWriter>(std::move(*store));
  service->late_check_ = std::make_unique<LateCheck>(*service->writer_, clock, service->limits_.unpacked,
                                                     observer, [raw = service.get()] { raw->soon_(); });
  return service;
}

// Rules are new in every run; numbers, buckets, quotas and issued paths go on.
void Service::recall(const StoredReport& stored) {
  last_report_ = std::max(last_report_, stored.number);
  if (stored.signature.empty() || !stored.answer) return;
  const cer::Answer answer = cer::read_answer(*stored.answer).answer;
  if (answer.bucket && *answer.bucket >= kFirstBucket && answer.bucket_table == kBucketTable) {
    if (buckets_.size() < kMostSignatures) buckets_.try_emplace(hash(stored.signature), *answer.bucket);
    last_bucket_ = std::max(last_bucket_, *answer.bucket);
  }
  if (!answer.i_data.value_or(false) || !answer.dump_file) return;
  ++count_of(hash(stored.signature));
  Upload upload{.report_number = stored.number,
                .state = stored.has_cab ? Upload::State::filled : Upload::State::open};
  if (!stored.has_cab || !stored.cab_is_checked)
    if (auto document = cer::read_report(stored.document, limits_.report))
      upload.asked =
          std::make_shared<const Asked>(std::move(document->report), answer, stored.document.size());
  if (stored.has_cab) {
    if (!stored.cab_is_checked) unchecked_.emplace_back(stored.number, upload.asked);
    upload.asked.reset();
  }
  uploads_.issue(cer::normalize_upload_path(*answer.dump_file), std::move(upload));
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
    request.of_site = Site::has(head.target);
    if (request.of_site) return request;
  }
  if (head.minor_version == 0)
    findings.push_back(finding(FindingSeverity::warning, "http-version",
                               "the request is HTTP/1.0, not HTTP/1.1", "[MS-CER2] 2.1"));
  const std::string path = path_of(head.target, findings);
  const bool sends = head.method == "POST" || head.method == "PUT";
  std::unique_lock lock(mutex_, std::defer_lock);
  Upload* upload = nullptr;
  if (path != kLevel1Path) {
    lock.lock();
    upload = uploads_.find(path);
  }

  if (path == kLevel1Path) {
    exchange.kind = head.method == "POST" ? Exchange::Kind::level1 : Exchange::Kind::other;
    request.body_limit = limits_.report.bytes;
    if (head.method != "POST") refuse(405, "method", fmt::format("{} takes POST only", kLevel1Path), "POST");
  } else if (head.method == "PUT") {
    exchange.kind = Exchange::Kind::level2;
    request.body_limit = limits_.cab;
    if (upload == nullptr)
      refuse(403, "upload-not-issued", fmt::format("no answer named the path {}", printable(head.target)));
    else if (exchange.report_number = upload->report_number; upload->state == Upload::State::filled)
      refuse(409, "upload-repeated", "this path has its cab already");
    else if (upload->state == Upload::State::receiving)
      refuse(409, "upload-concurrent", "this path is being uploaded by another request");
  } else if (upload != nullptr) {
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
    upload->state = Upload::State::receiving;
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
  exchange.document.assign(document.begin(), document.end());

  auto read = cer::read_report(document, limits_.report, profile_);
  const std::string key = read ? hash(signature(read->report)) : std::string();
  std::unique_lock lock(mutex_);
  exchange.report_number = ++last_report_;
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

  const Rule* rule = nullptr;
  for (std::size_t i = 0; i < rules_.size() && rule == nullptr; ++i) {
    if ((rules_[i].times != 0 && times_left_[i] == 0) || !matches(rules_[i], report)) continue;
    rule = &rules_[i];
    if (rule->times != 0) --times_left_[i];
  }

  const auto fault = rule ? rule->fault : std::nullopt;
  const bool struck = fault && fault->level == Fault::Level::level1;
  if (struck && info(fault->kind).own_response) return instead(*fault);
  const bool issues = !struck || info(fault->kind).issues_path();

  cer::Answer answer = rule ? rule->answer : default_answer(key);
  bool wants_cab = answer.i_data.value_or(false);
  if (wants_cab) {
    unsigned& asked = count_of(key);
    if (rule->cab_quota && asked >= *rule->cab_quota) {
      wants_cab = false;
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
      if (issues) ++asked;
    }
  }
  lock.unlock();

  const auto text = cer::write_answer(answer);
  if (!text) {
    findings.push_back(finding(FindingSeverity::error, "answer-unwritable", text.error().text()));
    return {.status = 500, .body = list(findings)};
  }
  if (wants_cab && issues) {
    const std::string path = cer::normalize_upload_path(*answer.dump_file);
    Upload upload{.report_number = exchange.report_number,
                  .fault = struck ? std::nullopt : fault,
                  .asked = std::make_shared<const Asked>(report, answer, document.size())};
    lock.lock();
    uploads_.issue(path, std::move(upload));
    lock.unlock();
  }
  Reply reply{.body = struck ? distort(fault->kind, answer, *text) : *text,
              .content_type = kAnswerType,
              .fault = struck ? fault : std::nullopt};
  if (issues) exchange.answer = std::move(answer);
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

bool Service::open_file(Request& request) const {
  if (writer_ && request.exchange.kind == Exchange::Kind::level2)
    request.file =
        std::make_shared<IncomingFile>(writer_->content().incoming(request.exchange.report_number));
  return request.file != nullptr;
}

Reply Service::level2(Request& request, Bytes body) {
  Exchange& exchange = request.exchange;
  auto& findings = exchange.verdict.findings;
  const auto refuse = [&findings](unsigned status, std::string_view code, std::string message) -> Reply {
    findings.push_back(finding(FindingSeverity::error, code, std::move(message)));
    return {.status = status, .body = list(findings)};
  };
  if (body.empty() && !request.file) return refuse(400, "upload-empty", "the body is empty");
  // A chunked body is whole by now; it takes the way of the others.
  if (!request.file && open_file(request)) request.file->append(body);

  std::shared_ptr<const Asked> asked;
  std::optional<Fault> fault;
  {
    const std::lock_guard lock(mutex_);
    if (Upload* upload = uploads_.find(request.upload_path)) {
      asked = upload->asked;
      fault = std::exchange(upload->fault, std::nullopt);
    }
  }
  exchange.has_cab = !fault || info(fault->kind).keeps_cab;
  exchange.cab_size = request.file ? request.file->size() : body.size();
  if (!request.file) {
    check(exchange, body, asked.get());
    if (exchange.has_cab) exchange.cab.assign(body.begin(), body.end());
  } else {
    const auto failed = [&](const Error& error) {
      exchange.has_cab = false;
      return refuse(500, "store-failed", error.text());
    };
    if (const auto written = request.file->finish(); !written) return failed(written.error());
    request.check_later =
        exchange.has_cab && cab_check_ == CabCheck::after_answer && late_check_->has_room(asked.get());
    if (request.check_later) {
      request.asked = std::move(asked);
    } else {
      const auto cab = MappedFile::open(request.file->path());
      if (!cab) return failed(cab.error());
      check(exchange, cab->bytes(), asked.get());
      exchange.cab_sha256 = sha256(cab->bytes());
    }
  }
  if (fault && info(fault->kind).own_response) return instead(*fault);
  return {.fault = fault};
}

void Service::check(Exchange& exchange, Bytes cab, const Asked* asked) const {
  std::ranges::move(verdict_of(cab, asked, limits_.unpacked), std::back_inserter(exchange.verdict.findings));
}

cer::Answer Service::default_answer(const std::string& key) {
  cer::Answer answer;
  if (const auto known = buckets_.find(key); known != buckets_.end()) {
    answer.bucket = known->second;
  } else {
    answer.bucket = ++last_bucket_;
    if (buckets_.size() < kMostSignatures) buckets_.emplace(key, last_bucket_);
  }
  answer.bucket_table = kBucketTable;
  return answer;
}

// How many cabs were asked for.
unsigned& Service::count_of(const std::string& key) {
  if (asked_.size() >= kMostSignatures) asked_.clear();
  return asked_[key];
}

// Forward slashes and ASCII, so that no client has to encode anything. A seeded source gives an earlier run's
// paths again: those are passed over.
std::optional<std::string> Service::new_path(std::uint64_t report_number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (std::size_t tries = 0; tries <= uploads_.size(); ++tries) {
    std::array<std::uint8_t, 16> secret;
    random_.fill(secret);
    std::string path = fmt::format("/put/{}-", report_number);
    for (const std::uint8_t byte : secret) {
      path += kDigits[byte >> 4];
      path += kDigits[byte & 15];
    }
    path += ".cab";
    if (uploads_.find(cer::normalize_upload_path(path)) == nullptr) return path;
  }
  return std::nullopt;
}

Result<void> Service::forget(Store& store) {
  if (!keep_reports_ && !keep_time_) return {};
  Retention retention{.since = {}, .reports = keep_reports_};
  if (const std::uint64_t now = clock_.now().ticks; keep_time_ && now > *keep_time_)
    retention.since = FileTime{now - *keep_time_};
  const auto gone = store.prune(retention);
  if (!gone) return std::unexpected(gone.error());
  const std::lock_guard lock(mutex_);
  uploads_.erase_reports([&gone](std::uint64_t report) { return std::ranges::binary_search(*gone, report); });
  return {};
}

void Service::finish(Request request, Reply reply, Received received, bool close, Done done) {
  auto work = std::make_shared<Finishing>();
  Exchange& exchange = request.exchange;
  exchange.request = std::move(received.raw);
  exchange.request_size = received.size;
  exchange.verdict.status = reply.status;
  work->close = close;
  work->done = std::move(done);

  exchange.time = clock_.now();
  work->bytes = render(reply, exchange.time, request.head_only, work->close);
  if (reply.fault && reply.fault->kind == Fault::Kind::close) {
    work->bytes.resize(std::min<std::size_t>(work->bytes.size(), reply.fault->after));
    if (work->bytes.empty()) exchange.verdict.status = 0;
    work->close = true;
  }
  exchange.response = received.sent;
  exchange.response.insert(exchange.response.end(), work->bytes.begin(), work->bytes.end());
  work->sent = std::move(received.sent);

  Entry entry{.exchange = std::move(exchange), .answer = {}};
  if (entry.exchange.answer) entry.answer = std::move(reply.body);
  work->request = std::move(request);
  if (!writer_) {
    {
      const std::lock_guard lock(telling_);
      kept(*work, entry.exchange, {});
    }
    return work->done(std::move(work->bytes), work->close);
  }
  writer_->put(
      std::move(entry),
      [this, work](Store::Item& item, const Result<void>& result) {
        kept(*work, std::get<Entry>(item).exchange, result);
      },
      [work] { work->done(std::move(work->bytes), work->close); });
  soon_();
}

// One thread at a time.
void Service::kept(Finishing& work, Exchange& exchange, const Result<void>& result) {
  exchange.sequence = ++last_sequence_;
  if (!result) {
    exchange.verdict.findings.push_back(
        finding(FindingSeverity::error, "store-failed", result.error().text()));
    if (exchange.answer && exchange.answer->dump_file) {
      const std::lock_guard lock(mutex_);
      uploads_.erase(cer::normalize_upload_path(*exchange.answer->dump_file));
    }
    exchange.answer.reset();
    exchange.has_cab = false;
    exchange.verdict.status = 500;
    work.bytes = render({.status = 500, .body = std::string(kNotKept)}, exchange.time, work.request.head_only,
                        work.close);
    exchange.response = work.sent;
    exchange.response.insert(exchange.response.end(), work.bytes.begin(), work.bytes.end());
  }
  if (work.request.file && exchange.has_cab) work.request.file->keep();
  work.request.file.reset();  // before another request may claim the path
  if (!work.request.upload_path.empty()) {
    const std::lock_guard lock(mutex_);
    uploads_.release(work.request.upload_path, exchange.report_number,
                     exchange.has_cab ? Upload::State::filled : Upload::State::open);
  }
  if (observer_) observer_->on_exchange(exchange);
  if (writer_ && exchange.sequence % kForgetEvery == 0 && (keep_reports_ || keep_time_))
    writer_->run([this](Store& store) { [[maybe_unused]] const Result<void> next_time = forget(store); });
  if (exchange.has_cab && work.request.check_later)
    late_check_->post(exchange.report_number, std::move(work.request.asked));
}

std::optional<http::Acceptor> Service::acceptor() {
  if (!accounts_) return std::nullopt;
  return http::Acceptor(*accounts_, random_);
}

Buffer Service::render_leg(const Reply& reply, bool head_only, bool& close) const {
  return render(reply, clock_.now(), head_only, close);
}

void Service::browse(const http::Message& head, bool close, std::vector<http::Field> fields, Done done) {
  if (browser_.waiting() >= kMostBrowsers) {
    Buffer bytes = render({.status = 503, .body = "too many look at the site; try again later\r\n"},
                          clock_.now(), head.method == "HEAD", close);
    return done(std::move(bytes), close);
  }
  browser_.post([this, target = head.target, host = std::string(head.field("Host").value_or("")),
                 head_only = head.method == "HEAD", close, fields = std::move(fields),
                 done = std::move(done)]() mutable {
    Reply reply = site_.get(target, host);
    reply.fields.insert(reply.fields.begin(), fields.begin(), fields.end());
    Buffer bytes = render(reply, clock_.now(), head_only, close);
    done(std::move(bytes), close);
  });
}

void Service::abandon(Request request, Received received, Finding why) {
  Exchange& exchange = request.exchange;
  exchange.request = std::move(received.raw);
  exchange.request_size = received.size;
  exchange.response = std::move(received.sent);
  exchange.report_number = request.upload_path.empty() ? 0 : exchange.report_number;
  exchange.verdict.findings.push_back(std::move(why));
  exchange.time = clock_.now();
  request.file.reset();
  if (!request.upload_path.empty()) {
    const std::lock_guard lock(mutex_);
    uploads_.release(request.upload_path, exchange.report_number, Upload::State::open);
  }
  if (!writer_) {
    const std::lock_guard lock(telling_);
    exchange.sequence = ++last_sequence_;
    if (observer_) observer_->on_exchange(exchange);
    return;
  }
  // Of what did not come to a report there is nothing to keep. A failure to keep the trace of a request that
  // came to nothing changes nothing for anybody.
  if (exchange.kind != Exchange::Kind::level2) exchange.report_number = 0;
  writer_->put(Entry{.exchange = std::move(exchange), .answer = {}}, [this](Store::Item& item,
                                                                            const Result<void>& result) {
    Exchange& told = std::get<Entry>(item).exchange;
    told.sequence = ++last_sequence_;
    if (!result)
      told.verdict.findings.push_back(finding(FindingSeverity::error, "store-failed", result.error().text()));
    if (observer_) observer_->on_exchange(told);
  });
  soon_();
}

}  // namespace wheatstone::cer_server
