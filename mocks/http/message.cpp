#include "mocks/http/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>

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

// RFC 9110 7.2: uri-host and perhaps a port, or nothing. Only the characters are looked at.
bool is_host(std::string_view text) noexcept {
  constexpr std::string_view kMarks = "-._~!$&'()*+,;=%:[]";  // RFC 3986 3.2.2
  return std::ranges::all_of(text, [kMarks](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
  });
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

// Chunk headers and ends may take this much, and eight bytes more for each byte of the body: room for chunks
// of one byte, but not for an extension of 16 KiB on each.
constexpr std::size_t kFramingRoom = 64u << 10;
constexpr std::size_t kFramingPerByte = 8;

// Beast's parser, for heads only. It gets a whole head at once, because what it makes of a broken one depends
// on how it was split; and bodies are read here, because Beast 1.81 asserts when an empty chunked body comes
// in small pieces.
template <bool is_request>
class HeadParser final : public beast::http::basic_parser<is_request> {
 public:
  explicit HeadParser(Message& message) : message_(message) {
    this->header_limit(0xffffffff);  // MessageReader counts the bytes itself
    this->body_limit(boost::none);
  }

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       error_code&) override {
    message_.method = view(method);
    message_.target = view(target);
    message_.minor_version = static_cast<unsigned>(version % 10);
  }
  void on_response_impl(int status, beast::string_view, int version, error_code&) override {
    message_.status = static_cast<unsigned>(status);
    message_.minor_version = static_cast<unsigned>(version % 10);
  }
  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                     error_code&) override {
    message_.fields.push_back({std::string(view(name)), std::string(view(value))});
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  Message& message_;
};

// RFC 9112 7.1: hexadecimal digits, then perhaps white space and extensions. `line` has no CRLF.
std::optional<std::uint64_t> chunk_size(std::string_view line) noexcept {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view rest(end, static_cast<std::size_t>(line.data() + line.size() - end));
  const std::size_t mark = rest.find_first_not_of(" \t");
  if (mark != std::string_view::npos && rest[mark] != ';') return std::nullopt;
  if (std::ranges::any_of(rest, [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; }))
    return std::nullopt;
  return size;
}

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

struct MessageReader::Impl {
  enum class Part : std::uint8_t { whole, chunk_header, chunk_data, chunk_end, trailer };

  MessageKind kind;
  std::size_t head_limit;
  Message message{};
  State state = State::head;
  ReadFailure failure = ReadFailure::none;
  std::string reason{};
  std::optional<std::uint64_t> content_length{};
  bool to_end = false;      // a response whose body ends with the connection
  std::size_t scanned = 0;  // how much of what was not consumed holds no line end
  std::size_t body_limit = 0;
  Part part = Part::whole;
  std::uint64_t left = 0;  // of the body, or of the chunk
  std::size_t trailer_size = 0;

  void fail(ReadFailure why, std::string text) {
    state = State::failed;
    failure = why;
    reason = std::move(text);
  }
  void fail_too_large() {
    fail(ReadFailure::body_too_large, fmt::format("the body is longer than {} bytes", body_limit));
  }
  void keep(Bytes bytes) {
    message.raw.insert(message.raw.end(), bytes.begin(), bytes.end());
    if (state == State::head) message.head_size = message.raw.size();
  }

  std::size_t put_head(Bytes input);
  void parse_head(Bytes head);
  void check_head(Bytes head);
  std::size_t put_body(Bytes input);
  std::size_t put_line(Bytes input);
  void end_line(std::string_view line);
};

std::size_t MessageReader::Impl::put_head(Bytes input) {
  if (input.empty()) return 0;
  // RFC 9112 2.2: empty lines in front of a request line are ignored.
  if (kind == MessageKind::request && input[0] == '\r' && message.raw.size() < head_limit) {
    if (input.size() < 2) return 0;
    if (input[1] == '\n') {
      keep(input.first(2));
      return 2;
    }
  }
  if (!is_token_character(input[0])) {
    keep(input.first(1));
    fail(ReadFailure::syntax,
         input[0] == 0x16 ? "this looks like TLS, but the port speaks plain HTTP" : "not an HTTP message");
    return 1;
  }
  const Bytes within =
      input.first(std::min(input.size(), head_limit - std::min(head_limit, message.raw.size())));
  const auto end = find_end_of_head(within, scanned);
  if (!end) {
    scanned = within.size() - std::min<std::size_t>(within.size(), 2);
    if (message.raw.size() + within.size() < head_limit) return 0;
    keep(within);
    fail(ReadFailure::head_too_large, fmt::format("the head is longer than {} bytes", head_limit));
    return within.size();
  }
  keep(input.first(*end));
  scanned = 0;
  state = State::head_done;
  parse_head(input.first(*end));
  if (state == State::head_done) check_head(input.first(*end));
  return *end;
}

void MessageReader::Impl::parse_head(Bytes head) {
  const auto parse = [&](auto&& parser) {
    error_code error;
    const std::size_t consumed = parser.put(boost::asio::const_buffer(head.data(), head.size()), error);
    if (error && error != beast::http::error::need_more) return fail(ReadFailure::syntax, error.message());
    if (!parser.is_header_done() || consumed != head.size())
      return fail(ReadFailure::syntax, "the head does not end where its empty line is");
    if (const auto length = parser.content_length()) content_length = *length;
  };
  if (kind == MessageKind::request)
    parse(HeadParser<true>(message));
  else
    parse(HeadParser<false>(message));
}

// What Beast lets through.
void MessageReader::Impl::check_head(Bytes head) {
  const Message& m = message;
  const std::string_view text = as_text(head);
  if (text.find("\n ") != std::string_view::npos || text.find("\n\t") != std::string_view::npos)
    return fail(ReadFailure::syntax, "a field is folded over two lines");
  if (kind == MessageKind::request && m.minor_version >= 1 && m.count("Host") != 1)
    return fail(ReadFailure::syntax, m.count("Host") == 0 ? "no Host field" : "more than one Host field");
  if (kind == MessageKind::request && !is_host(m.field("Host").value_or("")))
    return fail(ReadFailure::syntax, "the Host field names no host");
  const auto length = m.field("Content-Length");
  if (length && (m.count("Content-Length") > 1 || length->find(',') != std::string_view::npos))
    return fail(ReadFailure::syntax, "more than one Content-Length");
  if (const auto coding = m.field("Transfer-Encoding")) {
    if (m.minor_version == 0) return fail(ReadFailure::syntax, "Transfer-Encoding in HTTP/1.0");
    // Beast has refused a second field behind one that says chunked.
    if (!same_ignoring_case(*coding, "chunked"))
      return fail(ReadFailure::transfer_coding, "the only transfer coding understood is exactly \"chunked\"");
    if (length) return fail(ReadFailure::syntax, "both Content-Length and Transfer-Encoding");
    message.chunked = true;
  }
  // RFC 9112 6.3
  const bool bodiless = m.status / 100 == 1 || m.status == 204 || m.status == 304;
  if (kind == MessageKind::response && bodiless) {
    message.chunked = false;
    content_length.reset();
  } else {
    to_end = kind == MessageKind::response && !message.chunked && !content_length;
  }
}

std::size_t MessageReader::Impl::put_body(Bytes input) {
  if (part == Part::chunk_header || part == Part::chunk_end || part == Part::trailer) return put_line(input);
  const std::size_t size =
      to_end ? input.size() : static_cast<std::size_t>(std::min<std::uint64_t>(left, input.size()));
  if (to_end && size > body_limit - (message.raw.size() - message.head_size)) {
    fail_too_large();
    return 0;
  }
  keep(input.first(size));
  if (to_end) return size;
  left -= size;
  if (part == Part::chunk_data) {
    message.unchunked.insert(message.unchunked.end(), input.begin(),
                             input.begin() + static_cast<std::ptrdiff_t>(size));
    if (left == 0) part = Part::chunk_end;
  } else if (left == 0) {
    state = State::done;
  }
  return size;
}

std::size_t MessageReader::Impl::put_line(Bytes input) {
  const std::size_t most = head_limit - std::min(head_limit, trailer_size);
  const Bytes within = input.first(std::min(input.size(), most));
  const auto found = std::find(within.begin() + static_cast<std::ptrdiff_t>(scanned), within.end(), '\n');
  if (found == within.end()) {
    scanned = within.size();
    if (within.size() == most) fail(ReadFailure::head_too_large, "a chunk header or the trailer is too long");
    return 0;
  }
  scanned = 0;
  const std::size_t size = static_cast<std::size_t>(found - within.begin()) + 1;
  keep(input.first(size));
  if (size < 2 || input[size - 2] != '\r')
    fail(ReadFailure::syntax, "a line of the chunked body does not end with CR LF");
  else
    end_line(as_text(input.first(size - 2)));
  return size;
}

void MessageReader::Impl::end_line(std::string_view line) {
  if (part == Part::chunk_end) {
    if (!line.empty()) return fail(ReadFailure::syntax, "a chunk is longer than its header says");
    part = Part::chunk_header;
  } else if (part == Part::chunk_header) {
    const auto size = chunk_size(line);
    if (!size) return fail(ReadFailure::syntax, "bad chunk header");
    if (*size > body_limit - message.unchunked.size()) return fail_too_large();
    left = *size;
    part = left == 0 ? Part::trailer : Part::chunk_data;
  } else if (line.empty()) {
    state = State::done;
  } else {
    trailer_size += line.size() + 2;
  }
  const std::size_t framing = message.raw.size() - message.head_size - message.unchunked.size();
  if (framing > kFramingRoom + kFramingPerByte * message.unchunked.size())
    fail(ReadFailure::body_too_large, "the chunks cost more than they carry");
}

MessageReader::MessageReader(MessageKind kind, std::size_t head_limit)
    : impl_(new Impl{.kind = kind, .head_limit = head_limit}) {}
MessageReader::~MessageReader() = default;
MessageReader::MessageReader(MessageReader&&) noexcept = default;
MessageReader& MessageReader::operator=(MessageReader&&) noexcept = default;

std::size_t MessageReader::put(Bytes input) {
  std::size_t consumed = 0;
  while (consumed < input.size() && (impl_->state == State::head || impl_->state == State::body)) {
    const Bytes rest = input.subspan(consumed);
    const std::size_t taken = impl_->state == State::head ? impl_->put_head(rest) : impl_->put_body(rest);
    if (taken == 0) break;
    consumed += taken;
  }
  return consumed;
}

void MessageReader::end_of_input() {
  if (impl_->state == State::body && impl_->to_end)
    impl_->state = State::done;
  else if (impl_->state != State::done && impl_->state != State::failed)
    impl_->fail(ReadFailure::cut_short, "the connection was closed in the middle of the message");
}

void MessageReader::read_body(std::size_t limit) {
  if (impl_->state != State::head_done) return;
  impl_->body_limit = limit;
  impl_->left = impl_->content_length.value_or(0);
  if (impl_->left > limit) return impl_->fail_too_large();
  impl_->state = State::body;
  if (impl_->message.chunked)
    impl_->part = Impl::Part::chunk_header;
  else if (impl_->left == 0 && !impl_->to_end)
    impl_->state = State::done;
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
  return impl_->content_length;
}
const Message& MessageReader::message() const noexcept {
  return impl_->message;
}
Message MessageReader::take_message() noexcept {
  return std::move(impl_->message);
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
