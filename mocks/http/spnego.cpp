#include "mocks/http/spnego.hpp"

#include <fmt/format.h>

#include <initializer_list>

#include "formats/layout/stream.hpp"

namespace wheatstone::http::spnego {
namespace {

// X.690 8.1.2, as far as they occur here.
constexpr std::uint8_t kOctets = 0x04;
constexpr std::uint8_t kIdentifier = 0x06;
constexpr std::uint8_t kEnumerated = 0x0a;
constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kApplication = 0x60;
constexpr std::uint8_t context(std::uint8_t number) {
  return static_cast<std::uint8_t>(0xa0 + number);
}

constexpr std::uint8_t kSpnego[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x02};  // 1.3.6.1.5.5.2

struct Element {
  std::uint8_t tag;
  Bytes content;
};

// Elements one after another. `base` is where the bytes stand in the whole, for errors.
class Elements {
 public:
  Elements(Bytes whole, Bytes bytes) : whole_(whole), reader_(bytes), start_(bytes.data()) {}

  bool at_end() const { return reader_.left() == 0; }

  Result<Element> next() {
    ByteReader ahead = reader_;
    const auto tag = ahead.read(1);
    auto size = ahead.read(1);
    if (size && *size >= 0x80) {
      const auto octets = static_cast<unsigned>(*size & 0x7f);
      size = octets >= 1 && octets <= 4 ? length(ahead.take(octets)) : std::nullopt;
    }
    const auto content = size ? ahead.take(*size) : std::nullopt;
    if (!tag || !content) return refuse("an element of the token is cut or has no definite length");
    reader_ = ahead;
    return Element{static_cast<std::uint8_t>(*tag), *content};
  }

  Result<Bytes> next(std::uint8_t tag) {
    if (at_end() || reader_.rest().front() != tag)
      return refuse(fmt::format("the token has no element 0x{:02x} here", tag));
    const auto element = next();
    if (!element) return std::unexpected(element.error());
    return element->content;
  }

  std::unexpected<Error> refuse(std::string message) const {
    const auto at = static_cast<std::size_t>(start_ - whole_.data()) + reader_.offset();
    return fail(ErrorKind::malformed, std::move(message), {}, {{}, 0, 0, at, {}});
  }

 private:
  static std::optional<std::uint64_t> length(std::optional<Bytes> octets) {
    if (!octets) return std::nullopt;
    std::uint64_t size = 0;
    for (const std::uint8_t octet : *octets) size = size << 8 | octet;
    return size;
  }

  Bytes whole_;
  ByteReader reader_;
  const std::uint8_t* start_;
};

Buffer copy(Bytes bytes) {
  return {bytes.begin(), bytes.end()};
}

// What is inside a field, which holds exactly this element.
Result<Bytes> only(Bytes whole, Bytes field, std::uint8_t tag) {
  Elements elements(whole, field);
  auto content = elements.next(tag);
  if (content && !elements.at_end()) return elements.refuse("the token has one element too many");
  return content;
}

Result<Token> read_init(Bytes whole, Bytes fields) {
  Init init;
  for (Elements elements(whole, fields); !elements.at_end();) {
    const auto field = elements.next();
    if (!field) return std::unexpected(field.error());
    if (field->tag == context(0)) {
      const auto list = only(whole, field->content, kSequence);
      if (!list) return std::unexpected(list.error());
      init.mechanisms.clear();
      for (Elements mechanisms(whole, *list); !mechanisms.at_end();) {
        const auto mechanism = mechanisms.next(kIdentifier);
        if (!mechanism) return std::unexpected(mechanism.error());
        init.mechanisms.push_back(copy(*mechanism));
      }
    } else if (field->tag == context(2)) {
      const auto token = only(whole, field->content, kOctets);
      if (!token) return std::unexpected(token.error());
      init.token = copy(*token);
    }
  }
  return init;
}

Result<Token> read_response(Bytes whole, Bytes fields) {
  Response response;
  for (Elements elements(whole, fields); !elements.at_end();) {
    const auto field = elements.next();
    if (!field) return std::unexpected(field.error());
    if (field->tag == context(0)) {
      const auto state = only(whole, field->content, kEnumerated);
      if (!state) return std::unexpected(state.error());
      if (state->size() != 1 || state->front() > static_cast<std::uint8_t>(State::request_mic))
        return elements.refuse("the state of the negotiation is none of the four");
      response.state = static_cast<State>(state->front());
    } else if (field->tag == context(1)) {
      const auto mechanism = only(whole, field->content, kIdentifier);
      if (!mechanism) return std::unexpected(mechanism.error());
      response.mechanism = copy(*mechanism);
    } else if (field->tag == context(2)) {
      const auto token = only(whole, field->content, kOctets);
      if (!token) return std::unexpected(token.error());
      response.token = copy(*token);
    }
  }
  return response;
}

Buffer element(std::uint8_t tag, std::initializer_list<Bytes> parts) {
  std::size_t size = 0;
  for (const Bytes part : parts) size += part.size();
  Buffer bytes = {tag};
  unsigned octets = 0;
  for (std::size_t left = size; size >= 0x80 && left != 0; left >>= 8) ++octets;
  if (octets != 0) bytes.push_back(static_cast<std::uint8_t>(0x80 + octets));
  if (octets == 0) bytes.push_back(static_cast<std::uint8_t>(size));
  for (unsigned i = octets; i != 0; --i) bytes.push_back(static_cast<std::uint8_t>(size >> (8 * (i - 1))));
  for (const Bytes part : parts) bytes.insert(bytes.end(), part.begin(), part.end());
  return bytes;
}

Buffer field(std::uint8_t number, std::uint8_t tag, const std::optional<Buffer>& content) {
  return content ? element(context(number), {element(tag, {*content})}) : Buffer{};
}

Buffer write(const Init& init) {
  Buffer list;
  for (const Buffer& mechanism : init.mechanisms) {
    const Buffer identifier = element(kIdentifier, {mechanism});
    list.insert(list.end(), identifier.begin(), identifier.end());
  }
  const Buffer fields = element(kSequence, {field(0, kSequence, list), field(2, kOctets, init.token)});
  return element(kApplication, {element(kIdentifier, {kSpnego}), element(context(0), {fields})});
}

Buffer write(const Response& response) {
  std::optional<Buffer> state;
  if (response.state) state = Buffer{static_cast<std::uint8_t>(*response.state)};
  const Buffer fields =
      element(kSequence, {field(0, kEnumerated, state), field(1, kIdentifier, response.mechanism),
                          field(2, kOctets, response.token)});
  return element(context(1), {fields});
}

}  // namespace

Result<Token> read_token(Bytes bytes) {
  Elements outer(bytes, bytes);
  const auto first = outer.next();
  if (!first) return std::unexpected(first.error());
  if (!outer.at_end()) return outer.refuse("something follows the token");
  if (first->tag == context(1)) {
    const auto fields = only(bytes, first->content, kSequence);
    if (!fields) return std::unexpected(fields.error());
    return read_response(bytes, *fields);
  }
  if (first->tag != kApplication)
    return fail(ErrorKind::malformed, "this is neither a NegTokenInit nor a NegTokenResp", {},
                {{}, 0, 0, 0, {}});
  Elements inner(bytes, first->content);
  const auto identifier = inner.next(kIdentifier);
  if (!identifier) return std::unexpected(identifier.error());
  if (!std::ranges::equal(*identifier, kSpnego))
    return inner.refuse("the token is of another mechanism than SPNEGO");
  const auto choice = inner.next(context(0));
  if (!choice) return std::unexpected(choice.error());
  if (!inner.at_end()) return inner.refuse("the token has one element too many");
  const auto fields = only(bytes, *choice, kSequence);
  if (!fields) return std::unexpected(fields.error());
  return read_init(bytes, *fields);
}

Buffer write_token(const Token& token) {
  return std::visit([](const auto& t) { return write(t); }, token);
}

}  // namespace wheatstone::http::spnego
