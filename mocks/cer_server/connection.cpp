#include "mocks/cer_server/connection.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "mocks/http/fields.hpp"

namespace wheatstone::cer_server {
namespace {

using http::MessageReader;
using http::ReadFailure;

}  // namespace

Connection::Connection(Service& service, Resume resume)
    : service_(service), resume_(std::move(resume)), acceptor_(service.acceptor()) {}

Connection::~Connection() {
  service_.in_flight -= charged_;
  if (phase_ != Phase::head && phase_ != Phase::body) return;
  Received had = received();
  had.raw.insert(had.raw.end(), input_.begin(), input_.end());
  had.size += input_.size();
  const bool only_empty_lines =
      std::ranges::all_of(had.raw, [](std::uint8_t c) { return c == '\r' || c == '\n'; });
  if (only_empty_lines) return;
  service_.abandon(std::move(request_), std::move(had),
                   {FindingSeverity::warning,
                    "request-incomplete",
                    "the connection ended before the request was complete",
                    {},
                    Finding::kNoOffset,
                    {}});
}

void Connection::receive(Bytes bytes) {
  if (phase_ == Phase::closing) return;
  if (input_.empty() && body_left_ > 0) bytes = bytes.subspan(take_body(bytes));
  input_.insert(input_.end(), bytes.begin(), bytes.end());
  step();
  charge();
}

void Connection::step() {
  std::size_t used = 0;
  stepping_ = true;
  while (phase_ != Phase::closing && phase_ != Phase::answer && used < input_.size()) {
    if (!reader_) {
      reader_.emplace(http::MessageKind::request, service_.limits().head);
      phase_ = Phase::head;
    }
    const Bytes rest = Bytes(input_).subspan(used);
    const std::size_t taken = body_left_ > 0 ? take_body(rest) : reader_->put(rest);
    used += taken;
    if (reader_ && reader_->state() == MessageReader::State::head_done) head_done();
    if (reader_ && reader_->state() == MessageReader::State::done) body_done();
    if (reader_ && reader_->state() == MessageReader::State::failed) failed();
    if (reader_ && taken == 0) break;
  }
  stepping_ = false;
  input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(used));
  if (phase_ == Phase::closing) input_.clear();
}

// Bytes of an upload go straight to its file.
std::size_t Connection::take_body(Bytes input) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, input.size()));
  if (request_.file) request_.file->append(input.first(size));
  body_left_ -= size;
  streamed_ += size;
  if (body_left_ == 0) body_done();
  return size;
}

// Whoever has not proven who he is gets no further. Such a request is a leg of the handshake, whatever it
// asks for, and what it carries means nothing.
bool Connection::is_proven(const http::Message& head) {
  if (!acceptor_) return true;
  auto verdict = acceptor_->judge(head.field("Authorization"));
  std::vector<http::Field> fields;
  for (std::string& value : verdict.www_authenticate)
    fields.push_back({"WWW-Authenticate", std::move(value)});
  proof_ = std::move(fields);
  if (verdict.kind == http::Acceptor::Verdict::Kind::authenticated) {
    acceptor_.reset();
    return true;
  }
  leg_ = std::move(verdict);
  return false;
}

void Connection::head_done() {
  const http::Message& head = reader_->message();
  const auto length = reader_->content_length();
  if (!is_proven(head)) return begin_body(service_.limits().cab, false);
  request_ = service_.admit(head, length.has_value() || head.chunked);
  if (request_.of_site) {
    phase_ = Phase::answer;
    return service_.browse(head, http::closes(head), std::exchange(proof_, {}),
                           [this, resume = resume_](Buffer bytes, bool close) {
                             resume([this, bytes = std::move(bytes), close] { answered(bytes, close); });
                           });
  }
  if (request_.refusal) {
    // A body that nobody wants is not worth reading to keep the connection.
    const bool has_body = head.chunked || length.value_or(0) != 0 || request_.refusal->status == 411;
    return answer(*std::exchange(request_.refusal, std::nullopt), has_body || http::closes(head));
  }
  begin_body(request_.body_limit, true);
}

void Connection::begin_body(std::size_t limit, bool to_file) {
  const http::Message& head = reader_->message();
  reader_->read_body(limit);
  if (reader_->state() == MessageReader::State::failed) return;
  phase_ = Phase::body;
  if (!head.chunked && (!to_file || service_.open_file(request_)))
    body_left_ = reader_->content_length().value_or(0);
  if (head.minor_version >= 1 && head.field("Expect")) {
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    sent_.assign(kContinue.begin(), kContinue.end());
    output_.insert(output_.end(), sent_.begin(), sent_.end());
  }
}

void Connection::body_done() {
  if (leg_) return leg_done();
  const bool close = http::closes(reader_->message());
  answer(service_.handle(request_, reader_->message().body()), close);
}

void Connection::leg_done() {
  bool close = http::closes(reader_->message());
  const auto verdict = std::exchange(leg_, std::nullopt);
  if (verdict->finding) {
    request_.exchange.verdict.findings.push_back(*verdict->finding);
    return answer({.status = 401, .body = "who are you?\r\n"}, close);
  }
  const Buffer bytes =
      service_.render_leg({.status = 401, .body = "who are you?\r\n", .fields = std::exchange(proof_, {})},
                          reader_->message().method == "HEAD", close);
  sent_.clear();
  streamed_ = 0;
  answered(bytes, close);
}

// In the middle of a request the end of the connection gives its claim back and tells the rest. Between
// requests many clients end TLS without a word.
void Connection::broken(std::string why) {
  Finding finding{FindingSeverity::warning, "tls-failed", std::move(why), {}, Finding::kNoOffset, {}};
  if (phase_ == Phase::head || phase_ == Phase::body)
    request_.exchange.verdict.findings.push_back(std::move(finding));
  else if (phase_ == Phase::idle && requests_ == 0)
    service_.abandon({}, {}, std::move(finding));
}

void Connection::failed() {
  switch (reader_->failure()) {
    case ReadFailure::transfer_coding:
      return refuse(501, "transfer-coding", reader_->reason());
    case ReadFailure::head_too_large: {
      // RFC 9112 3: a request line that does not end is the target's fault.
      const Buffer& raw = reader_->message().raw;
      const bool in_request_line = std::ranges::find(raw, '\n') == raw.end();
      return refuse(in_request_line ? 414 : 431, "head-too-large", reader_->reason());
    }
    case ReadFailure::body_too_large:
      return refuse(413, "body-too-large", reader_->reason());
    case ReadFailure::none:
    case ReadFailure::cut_short:
    case ReadFailure::syntax:
      return refuse(400, "http-syntax", reader_->reason());
  }
}

void Connection::time_out() {
  if (phase_ == Phase::head || phase_ == Phase::body)
    refuse(408, "request-slow", "the request was not complete in time");
  phase_ = Phase::closing;
}

void Connection::refuse(unsigned status, std::string_view code, std::string message) {
  std::string body = fmt::format("error {}: {}\r\n", code, message);
  request_.exchange.verdict.findings.push_back(
      {FindingSeverity::error, code, std::move(message), {}, Finding::kNoOffset, {}});
  answer({.status = status, .body = std::move(body)}, true);
}

Received Connection::received() {
  Received had;
  if (reader_) had.raw = reader_->take_message().raw;
  had.size = had.raw.size() + std::exchange(streamed_, 0);
  had.sent = std::exchange(sent_, {});
  return had;
}

void Connection::answer(Reply reply, bool close) {
  if (reply.fault) pace_ = pace_of(*reply.fault);
  reply.fields.insert(reply.fields.begin(), proof_.begin(), proof_.end());
  proof_.clear();
  phase_ = Phase::answer;
  body_left_ = 0;
  Received had = received();
  reader_.reset();
  service_.in_flight += had.raw.size() - charged_;
  charged_ = had.raw.size();
  service_.finish(std::exchange(request_, {}), std::move(reply), std::move(had), close,
                  [this, resume = resume_](Buffer bytes, bool at_end) {
                    resume([this, bytes = std::move(bytes), at_end] { answered(bytes, at_end); });
                  });
}

void Connection::answered(Bytes bytes, bool close) {
  output_.insert(output_.end(), bytes.begin(), bytes.end());
  reader_.reset();
  request_ = {};
  ++requests_;
  phase_ = close ? Phase::closing : Phase::idle;
  if (stepping_) return;
  step();
  charge();
}

void Connection::charge() {
  if (phase_ == Phase::answer) return;  // what it costs stays charged
  const std::size_t held =
      reader_ ? reader_->message().raw.size() + reader_->message().unchunked.size() + input_.size() : 0;
  service_.in_flight += held - charged_;
  charged_ = held;
  if (service_.in_flight > service_.limits().in_flight && reader_)
    refuse(503, "server-full", "too many bytes of unfinished requests are in memory; try again later");
}

}  // namespace wheatstone::cer_server
