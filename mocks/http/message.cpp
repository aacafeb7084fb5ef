#include "mocks/http/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <variant>

#include "mocks/text.hpp"

namespace wheatstone::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

// RFC 9110 5.6.2
bool is_token_character(std::uint8_t c) noexcept {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         kMarks.find(static_cast<char>(c)) != std::string_view::npos;
}

// One byte past the empty line that ends a head, or nullopt. Bare line feeds count too: they are refused
// later, but must not keep us waiting. `from` is where the last search stopped.
std::optional<std::size_t> find_end_of_head(Bytes input, std::size_t from) noexcept {
  for (std::size_t i = from; i < input.size(); ++i) {
    if (input[i] != '\n') continue;
    if (i + 1 < input.size() && input[i + 1] == '\n') return i + 2;
    if (i + 2 < input.size() && input[i + 1] == '\r' && input[i + 2] == '\n') return i + 3;
  }
  return std::nullopt;
}

// Bytes that a body may take on the wire: room for chunk headers, but not for 16 KiB of them per byte.
constexpr std::size_t kFramingRoom = 64u << 10;

}  // namespace

std::optional<std::string_view> Message::field(std::string_view name) const noexcept {
  for (const Field& field : fields)
    if (same_ignoring_case(field.name, name)) return field.value;
  return std::nullopt;
}

std::size_t Message::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(
      fields, [name](const Field& field) { return same_ignoring_case(field.name, name); }));
}

namespace {

// Beast's parser, fed by hand. It gets a whole head at once, because what it makes of a broken one depends
// on how it was split.
template <bool is_request>
class Parser final : public beast::http::basic_parser<is_request> {
 public:
  Message message;
  std::size_t max_body = 0;
  bool head_done = false;

  Parser() {
    this->header_limit(0xffffffff);  // MessageReader counts the bytes itself
    this->body_limit(boost::none);
  }

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       error_code&) override {
    message.method = view(method);
    message.target = view(target);
    message.minor_version = static_cast<unsigned>(version % 10);
  }
  void on_response_impl(int status, beast::string_view, int version, error_code&) override {
    message.status = static_cast<unsigned>(status);
    message.minor_version = static_cast<unsigned>(version % 10);
  }
  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                     error_code&) override {
    if (!head_done) message.fields.push_back({std::string(view(name)), std::string(view(value))});
  }
  void on_header_impl(error_code&) override { head_done = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, error_code& error) override {
    taken_ += body.size();
    if (taken_ > max_body) error = beast::http::error::body_limit;
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, error_code& error) override {
    if (body.size() > max_body - std::min(max_body, message.unchunked.size()))
      error = beast::http::error::body_limit;
    else
      message.unchunked.insert(message.unchunked.end(), body.begin(), body.end());
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  std::size_t taken_ = 0;
};

}  // namespace

struct MessageReader::Impl {
  std::variant<Parser<true>, Parser<false>> parser;
  MessageKind kind;
  std::size_t head_limit;
  State state = State::head;
  ReadFailure failure = ReadFailure::none;
  std::string reason;
  std::size_t scanned = 0;
  std::size_t body_limit = 0;

  Impl(MessageKind kind_, std::size_t head_limit_) : kind(kind_), head_limit(head_limit_) {
    if (kind == MessageKind::response) parser.emplace<Parser<false>>();
  }

  Message& message() {
    return std::visit([](auto& p) -> Message& { return p.message; }, parser);
  }

  void fail(ReadFailure why, std::string text) {
    state = State::failed;
    failure = why;
    reason = std::move(text);
  }

  void keep(Bytes bytes) {
    Buffer& raw = message().raw;
    raw.insert(raw.end(), bytes.begin(), bytes.end());
  }

  std::size_t put_head(Bytes input);
  std::size_t put_body(Bytes input);
  void check_head(Bytes head);
};

std::size_t MessageReader::Impl::put_head(Bytes input) {
  if (input.empty()) return 0;
  // RFC 9112 2.2: empty lines in front of a request line are ignored.
  if (kind == MessageKind::request && input[0] == '\r' && message().raw.size() < head_limit) {
    if (input.size() < 2) return 0;
    if (input[1] == '\n') {
      keep(input.first(2));
      return 2;
    }
  }
  if (!is_token_character(input[0])) {
    keep(input.first(std::min(input.size(), head_limit)));
    fail(ReadFailure::syntax,
         input[0] == 0x16 ? "this looks like TLS, but the port speaks plain HTTP" : "not an HTTP message");
    return 0;
  }
  const std::size_t room = head_limit - std::min(head_limit, message().raw.size());
  const auto end = find_end_of_head(input.first(std::min(input.size(), room)), scanned);
  if (!end) {
    scanned = std::min(input.size(), room) - std::min<std::size_t>({input.size(), room, 2});
    if (input.size() >= room) {
      keep(input.first(room));
      fail(ReadFailure::head_too_large, "the head is longer than " + std::to_string(head_limit) + " bytes");
    }
    return 0;
  }
  const Bytes head = input.first(*end);
  keep(head);
  error_code error;
  const std::size_t consumed = std::visit(
      [&](auto& p) {
        p.eager(true);
        return p.put(boost::asio::const_buffer(head.data(), head.size()), error);
      },
      parser);
  message().head_size = message().raw.size();
  const bool head_done = std::visit([](auto& p) { return p.is_header_done(); }, parser);
  if (error && error != beast::http::error::need_more) {
    fail(ReadFailure::syntax, error.message());
  } else if (!head_done || consumed != head.size()) {
    fail(ReadFailure::syntax, "the head does not end where its empty line is");
  } else {
    state = State::head_done;
    check_head(head);
  }
  return *end;
}

// What Beast lets through.
void MessageReader::Impl::check_head(Bytes head) {
  const Message& m = message();
  const std::string_view text = as_text(head);
  if (text.find("\n ") != std::string_view::npos || text.find("\n\t") != std::string_view::npos)
    return fail(ReadFailure::syntax, "a field is folded over two lines");
  if (kind == MessageKind::request && m.minor_version >= 1 && m.count("Host") != 1)
    return fail(ReadFailure::syntax, m.count("Host") == 0 ? "no Host field" : "more than one Host field");
  const auto length = m.field("Content-Length");
  if (length && (m.count("Content-Length") > 1 || length->find(',') != std::string_view::npos))
    return fail(ReadFailure::syntax, "more than one Content-Length");
  const auto coding = m.field("Transfer-Encoding");
  if (!coding) return;
  if (m.minor_version == 0) return fail(ReadFailure::syntax, "Transfer-Encoding in HTTP/1.0");
  if (m.count("Transfer-Encoding") > 1 || !same_ignoring_case(*coding, "chunked"))
    return fail(ReadFailure::transfer_coding, "the only transfer coding understood is exactly \"chunked\"");
  if (length) return fail(ReadFailure::syntax, "both Content-Length and Transfer-Encoding");
  message().chunked = true;
}

std::size_t MessageReader::Impl::put_body(Bytes input) {
  std::size_t consumed = 0;
  while (state == State::body && consumed < input.size()) {
    const Bytes rest = input.subspan(consumed);
    error_code error;
    const std::size_t taken = std::visit(
        [&](auto& p) { return p.put(boost::asio::const_buffer(rest.data(), rest.size()), error); }, parser);
    keep(rest.first(taken));
    consumed += taken;
    const std::size_t on_wire = message().raw.size() - message().head_size;
    if (error == beast::http::error::body_limit || (on_wire > kFramingRoom && on_wire / 2 > body_limit)) {
      fail(ReadFailure::body_too_large, "the body is longer than " + std::to_string(body_limit) + " bytes");
    } else if (error && error != beast::http::error::need_more) {
      fail(ReadFailure::syntax, error.message());
    } else if (std::visit([](auto& p) { return p.is_done(); }, parser)) {
      state = State::done;
    } else if (taken == 0) {
      if (rest.size() > head_limit)
        fail(ReadFailure::head_too_large, "a chunk header or the trailer is too long");
      break;
    }
  }
  return consumed;
}

MessageReader::MessageReader(MessageKind kind, std::size_t head_limit)
    : impl_(std::make_unique<Impl>(kind, head_limit)) {}
MessageReader::~MessageReader() = default;
MessageReader::MessageReader(MessageReader&&) noexcept = default;
MessageReader& MessageReader::operator=(MessageReader&&) noexcept = default;

std::size_t MessageReader::put(Bytes input) {
  if (impl_->state == State::body) return impl_->put_body(input);
  std::size_t consumed = 0;
  while (impl_->state == State::head) {
    const std::size_t taken = impl_->put_head(input.subspan(consumed));
    if (taken == 0) break;
    consumed += taken;
  }
  return consumed;
}

void MessageReader::end_of_input() {
  if (impl_->state == State::done || impl_->state == State::failed) return;
  error_code error = beast::http::error::partial_message;
  if (impl_->state == State::body) std::visit([&](auto& p) { p.put_eof(error); }, impl_->parser);
  if (error)
    impl_->fail(ReadFailure::cut_short, "the connection was closed in the middle of the message");
  else
    impl_->state = State::done;
}

void MessageReader::read_body(std::size_t limit) {
  if (impl_->state != State::head_done) return;
  impl_->body_limit = limit;
  std::visit([limit](auto& p) { p.max_body = limit; }, impl_->parser);
  if (content_length().value_or(0) > limit)
    return impl_->fail(ReadFailure::body_too_large,
                       "the body is longer than " + std::to_string(limit) + " bytes");
  const bool done = std::visit([](auto& p) { return p.is_done(); }, impl_->parser);
  impl_->state = done ? State::done : State::body;
}

MessageReader::State MessageReader::state() const noexcept {
  return impl_->state;
}
ReadFailure MessageReader::failure() const noexcept {
  return impl_->failure;
}
const std::string& MessageReader::reason() const noexcept {
  return impl_->reason;
}

std::optional<std::uint64_t> MessageReader::content_length() const noexcept {
  const auto length = std::visit([](const auto& p) { return p.content_length(); }, impl_->parser);
  if (!length) return std::nullopt;
  return *length;
}

const Message& MessageReader::message() const noexcept {
  return impl_->message();
}
Message MessageReader::take_message() noexcept {
  return std::move(impl_->message());
}

std::string imf_fixdate(FileTime time) {
  // 1601-01-01 was a Monday.
  static constexpr std::array kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const CivilTime civil = to_civil(time);
  const std::uint64_t day = time.ticks / FileTime::kPerSecond / 86'400;
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[day % 7], civil.day,
                     kMonths[civil.month - 1], civil.year, civil.hour, civil.minute, civil.second);
}

}  // namespace wheatstone::http
