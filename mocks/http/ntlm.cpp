#include "mocks/http/ntlm.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

#include "formats/layout/stream.hpp"
#include "formats/layout/utf16.hpp"
#include "mocks/http/md4.hpp"

namespace wheatstone::http::ntlm {
namespace {

constexpr std::string_view kSignature("NTLMSSP\0", 8);
constexpr std::size_t kDescriptor = 8;  // length, room, offset of a field in the payload
constexpr std::size_t kMostField = 0xffff;
constexpr std::size_t kVersionSize = 8;
constexpr std::size_t kMicSize = 16;

// Where the parts of a message are. `required` bytes must be there; `fixed` is what we write before the
// version and the payload.
struct Shape {
  std::size_t flags, required, fixed;
};
constexpr Shape kNegotiate{12, 16, 32};
constexpr Shape kChallenge{20, 32, 48};
constexpr Shape kAuthenticate{60, 64, 64};

// 2.2.2.8: the proof, then a structure of at least so much.
constexpr std::size_t kProof = 16;
constexpr std::size_t kLeastBlob = 28;

std::string from_latin(Bytes bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) append_utf8(text, byte);
  return text;
}

std::optional<Buffer> to_latin(std::string_view text) {
  Buffer bytes;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t code = next_utf8(text, at);
    if (code > 0xff) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(code));
  }
  return bytes;
}

class Reader {
 public:
  Reader(Bytes bytes, const Shape& shape) : bytes_(bytes), shape_(shape), payload_(bytes.size()) {}

  std::uint32_t flags() const { return load_le<std::uint32_t>(&bytes_[shape_.flags]); }

  template <std::size_t size>
  std::array<std::uint8_t, size> array(std::size_t at) const {
    std::array<std::uint8_t, size> out{};
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at), size, out.begin());
    return out;
  }

  // The bytes that the descriptor at `at` tells of; none if the message ends before it.
  Bytes field(std::size_t at, const char* name) {
    const auto descriptor = slice(bytes_, at, kDescriptor);
    if (!descriptor) return {};
    const auto size = load_le<std::uint16_t>(descriptor->data());
    const auto offset = load_le<std::uint32_t>(descriptor->data() + 4);
    if (size == 0) return {};
    const auto value = slice(bytes_, offset, size);
    if (!value || offset < shape_.fixed) {
      add("ntlm-field-outside",
          fmt::format("{} bytes at offset {}, but the payload is {} to {}", size, offset, shape_.fixed,
                      bytes_.size()),
          name, at);
      return {};
    }
    payload_ = std::min<std::size_t>(payload_, offset);
    return *value;
  }

  Buffer data(std::size_t at, const char* name) {
    const Bytes value = field(at, name);
    return {value.begin(), value.end()};
  }

  std::string text(std::size_t at, const char* name, bool unicode) {
    const Bytes value = field(at, name);
    if (!unicode) return from_latin(value);
    if (auto exact = utf16le_to_utf8(value)) return *std::move(exact);
    add("ntlm-text", "the text is not UTF-16", name, at);
    return utf16le_to_utf8_lossy(value);
  }

  // Whether so many bytes lie between the start and the payload. Ask when all fields were read.
  bool has_header(std::size_t size) const { return payload_ >= size; }

  std::vector<Finding> take_findings() { return std::move(findings_); }

 private:
  void add(std::string_view code, std::string message, const char* name, std::size_t at) {
    findings_.push_back({FindingSeverity::error, code, std::move(message), name, at, "[MS-NLMP] 2.2.1"});
  }

  Bytes bytes_;
  const Shape& shape_;
  std::size_t payload_;
  std::vector<Finding> findings_;
};

std::optional<Version> version_of(const Reader& reader, const Shape& shape) {
  if (!reader.has_header(shape.fixed + kVersionSize)) return std::nullopt;
  return reader.array<kVersionSize>(shape.fixed);
}

Message read(Reader& reader, const Negotiate*) {
  Negotiate message;
  message.flags = reader.flags();
  message.domain = reader.text(16, "DomainName", false);
  message.workstation = reader.text(24, "Workstation", false);
  message.version = version_of(reader, kNegotiate);
  return message;
}

Message read(Reader& reader, const Challenge*) {
  Challenge message;
  message.flags = reader.flags();
  message.target_name = reader.text(12, "TargetName", (message.flags & kUnicode) != 0);
  message.server_challenge = reader.array<8>(24);
  message.target_info = reader.data(40, "TargetInfo");
  message.version = version_of(reader, kChallenge);
  return message;
}

Message read(Reader& reader, const Authenticate*) {
  Authenticate message;
  message.flags = reader.flags();
  const bool unicode = (message.flags & kUnicode) != 0;
  message.lm_response = reader.data(12, "LmChallengeResponse");
  message.nt_response = reader.data(20, "NtChallengeResponse");
  message.domain = reader.text(28, "DomainName", unicode);
  message.user = reader.text(36, "UserName", unicode);
  message.workstation = reader.text(44, "Workstation", unicode);
  message.session_key = reader.data(52, "EncryptedRandomSessionKey");
  message.version = version_of(reader, kAuthenticate);
  constexpr std::size_t kMicAt = kAuthenticate.fixed + kVersionSize;
  if (reader.has_header(kMicAt + kMicSize)) message.mic = reader.array<kMicSize>(kMicAt);
  return message;
}

template <class T>
Result<ReadMessage> read_as(Bytes bytes, const Shape& shape) {
  if (bytes.size() < shape.required)
    return fail(
        ErrorKind::malformed,
        fmt::format("the NTLM message has {} bytes instead of {} at least", bytes.size(), shape.required), {},
        {{}, 0, 0, bytes.size(), {}});
  Reader reader(bytes, shape);
  Message message = read(reader, static_cast<const T*>(nullptr));
  return ReadMessage{std::move(message), reader.take_findings()};
}

class Writer {
 public:
  Writer(std::uint32_t type, const Shape& shape, std::uint32_t flags, std::size_t header) : bytes_(header) {
    std::ranges::copy(as_bytes(kSignature), bytes_.begin());
    store_le<std::uint32_t>(&bytes_[8], type);
    store_le<std::uint32_t>(&bytes_[shape.flags], flags);
  }

  void array(std::size_t at, Bytes value) {
    std::ranges::copy(value, bytes_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void data(std::size_t at, const char* name, Bytes value) {
    if (value.size() > kMostField) return refuse(name, "is longer than 65535 bytes");
    store_le<std::uint16_t>(&bytes_[at], static_cast<std::uint16_t>(value.size()));
    store_le<std::uint16_t>(&bytes_[at + 2], static_cast<std::uint16_t>(value.size()));
    store_le<std::uint32_t>(&bytes_[at + 4], static_cast<std::uint32_t>(bytes_.size()));
    bytes_.insert(bytes_.end(), value.begin(), value.end());
  }

  void text(std::size_t at, const char* name, std::string_view value, bool unicode) {
    const auto bytes = unicode ? utf8_to_utf16le(value) : to_latin(value);
    if (!bytes) return refuse(name, "cannot be written in the character set of the message");
    data(at, name, *bytes);
  }

  Result<Buffer> take() {
    if (error_) return std::unexpected(*std::move(error_));
    return std::move(bytes_);
  }

 private:
  void refuse(const char* name, const char* why) {
    if (!error_)
      error_ = Error{ErrorKind::invalid_argument,
                     fmt::format("{} {}", name, why),
                     {},
                     {{}, 0, 0, Location::kNoOffset, name}};
  }

  Buffer bytes_;
  std::optional<Error> error_;
};

Result<Buffer> write(const Negotiate& message) {
  Writer writer(1, kNegotiate, message.flags, kNegotiate.fixed + (message.version ? kVersionSize : 0));
  if (message.version) writer.array(kNegotiate.fixed, *message.version);
  writer.text(16, "DomainName", message.domain, false);
  writer.text(24, "Workstation", message.workstation, false);
  return writer.take();
}

Result<Buffer> write(const Challenge& message) {
  Writer writer(2, kChallenge, message.flags, kChallenge.fixed + (message.version ? kVersionSize : 0));
  if (message.version) writer.array(kChallenge.fixed, *message.version);
  writer.array(24, message.server_challenge);
  writer.text(12, "TargetName", message.target_name, (message.flags & kUnicode) != 0);
  writer.data(40, "TargetInfo", message.target_info);
  return writer.take();
}

Result<Buffer> write(const Authenticate& message) {
  const bool has_version = message.version || message.mic;
  const bool unicode = (message.flags & kUnicode) != 0;
  Writer writer(3, kAuthenticate, message.flags,
                kAuthenticate.fixed + (has_version ? kVersionSize : 0) + (message.mic ? kMicSize : 0));
  if (message.version) writer.array(kAuthenticate.fixed, *message.version);
  if (message.mic) writer.array(kAuthenticate.fixed + kVersionSize, *message.mic);
  writer.text(28, "DomainName", message.domain, unicode);
  writer.text(36, "UserName", message.user, unicode);
  writer.text(44, "Workstation", message.workstation, unicode);
  writer.data(12, "LmChallengeResponse", message.lm_response);
  writer.data(20, "NtChallengeResponse", message.nt_response);
  writer.data(52, "EncryptedRandomSessionKey", message.session_key);
  return writer.take();
}

void append(Buffer& out, Bytes bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

Digest hmac_md5(Bytes key, Bytes message) {
  Digest digest{};
  unsigned size = 0;
  HMAC(EVP_md5(), key.data(), static_cast<int>(key.size()), message.data(), message.size(), digest.data(),
       &size);
  return digest;
}

// NTProofStr
Digest proof(const Digest& key, const Nonce& server_challenge, Bytes blob) {
  Buffer message(server_challenge.begin(), server_challenge.end());
  append(message, blob);
  return hmac_md5(key, message);
}

}  // namespace

Result<ReadMessage> read_message(Bytes bytes) {
  const auto head = slice(bytes, 0, 12);
  if (!head || as_text(head->first(8)) != kSignature)
    return fail(ErrorKind::malformed, "this is no NTLM message: it does not begin with NTLMSSP", {},
                {{}, 0, 0, 0, {}});
  switch (const auto type = load_le<std::uint32_t>(&(*head)[8])) {
    case 1:
      return read_as<Negotiate>(bytes, kNegotiate);
    case 2:
      return read_as<Challenge>(bytes, kChallenge);
    case 3:
      return read_as<Authenticate>(bytes, kAuthenticate);
    default:
      return fail(ErrorKind::malformed, fmt::format("NTLM has no message of type {}", type), {},
                  {{}, 0, 0, 8, "MessageType"});
  }
}

Result<Buffer> write_message(const Message& message) {
  return std::visit([](const auto& m) { return write(m); }, message);
}

Result<std::vector<AvPair>> read_av_pairs(Bytes bytes) {
  std::vector<AvPair> pairs;
  ByteReader reader(bytes);
  for (;;) {
    const std::size_t at = reader.offset();
    const auto id = reader.read(2);
    const auto size = reader.read(2);
    const auto value = size ? reader.take(*size) : std::nullopt;
    if (!id || !value)
      return fail(ErrorKind::malformed, "the target information is cut: there is no MsvAvEOL", {},
                  {{}, 0, 0, at, {}});
    if (*id == 0) return pairs;
    pairs.push_back({static_cast<std::uint16_t>(*id), {value->begin(), value->end()}});
  }
}

Buffer write_av_pairs(const std::vector<AvPair>& pairs) {
  Buffer bytes;
  const auto put = [&bytes](std::size_t value) {
    bytes.push_back(static_cast<std::uint8_t>(value));
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
  };
  for (const AvPair& pair : pairs) {
    put(pair.id);
    put(pair.value.size());
    append(bytes, pair.value);
  }
  put(0);
  put(0);
  return bytes;
}

Result<Digest> response_key(std::string_view user, std::string_view domain, std::string_view password) {
  std::string name(user);
  for (char& c : name)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  const auto wide_password = utf8_to_utf16le(password);
  const auto wide_name = utf8_to_utf16le(name.append(domain));
  if (!wide_password || !wide_name)
    return fail(ErrorKind::invalid_argument, "the name, domain or password is not UTF-8");
  return hmac_md5(md4(*wide_password), *wide_name);
}

Responses respond(const Digest& key, const Nonce& server_challenge, Bytes target_info,
                  const Nonce& client_challenge, FileTime time) {
  Buffer blob(kLeastBlob);
  blob[0] = blob[1] = 1;  // RespType, HiRespType
  store_le<std::uint64_t>(&blob[8], time.ticks);
  std::ranges::copy(client_challenge, blob.begin() + 16);
  append(blob, target_info);
  blob.resize(blob.size() + 4);
  Responses responses;
  const Digest nt = proof(key, server_challenge, blob);
  responses.nt.assign(nt.begin(), nt.end());
  append(responses.nt, blob);
  const Digest lm = proof(key, server_challenge, client_challenge);
  responses.lm.assign(lm.begin(), lm.end());
  append(responses.lm, client_challenge);
  return responses;
}

bool is_version_2(Bytes nt_response) noexcept {
  return nt_response.size() >= kProof + kLeastBlob && nt_response[kProof] == 1 &&
         nt_response[kProof + 1] == 1;
}

bool proves(const Digest& key, const Nonce& server_challenge, Bytes nt_response) {
  if (!is_version_2(nt_response)) return false;
  const Digest expected = proof(key, server_challenge, nt_response.subspan(kProof));
  return CRYPTO_memcmp(expected.data(), nt_response.data(), kProof) == 0;
}

}  // namespace wheatstone::http::ntlm
