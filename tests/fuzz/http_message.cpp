// HTTP messages: whatever the bytes, the reader makes the same of them however they are split, keeps every
// byte it consumed, and never holds a body over its limit. The first byte says how to split and which kind to
// read.
#include <algorithm>
#include <cstdint>

#include "mocks/http/message.hpp"
#include "tests/fuzz/require.hpp"

namespace wheatstone::http {
namespace {

constexpr std::size_t kHeadLimit = 512;
constexpr std::size_t kBodyLimit = 64;

struct Outcome {
  MessageReader reader;
  std::size_t used;
};

Outcome read(Bytes bytes, std::size_t step, MessageKind kind) {
  MessageReader reader(kind, kHeadLimit);
  std::size_t used = 0;
  for (std::size_t known = 0; known < bytes.size();) {
    known += std::min(step, bytes.size() - known);
    for (;;) {
      const std::size_t taken = reader.put(bytes.subspan(used, known - used));
      REQUIRE(taken <= known - used);
      used += taken;
      if (reader.state() == MessageReader::State::head_done)
        reader.read_body(kBodyLimit);
      else if (taken == 0)
        break;
    }
  }
  reader.end_of_input();
  return {std::move(reader), used};
}

}  // namespace
}  // namespace wheatstone::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wheatstone;
  using namespace wheatstone::http;
  if (size == 0) return 0;
  const auto kind = data[0] & 0x80 ? MessageKind::response : MessageKind::request;
  const std::size_t step = 1 + (data[0] & 0x7f);
  const Bytes bytes(data + 1, size - 1);
  const Outcome whole = read(bytes, std::max<std::size_t>(bytes.size(), 1), kind);
  const Outcome split = read(bytes, step, kind);
  REQUIRE(whole.reader.state() == split.reader.state());
  REQUIRE(whole.reader.failure() == split.reader.failure());
  REQUIRE(whole.reader.message().body().size() <= kBodyLimit);
  if (whole.reader.state() != MessageReader::State::done) return 0;
  const Message& a = whole.reader.message();
  const Message& b = split.reader.message();
  REQUIRE(whole.used == split.used);
  REQUIRE(std::ranges::equal(a.raw, bytes.first(whole.used)));
  REQUIRE(a.raw == b.raw);
  REQUIRE(std::ranges::equal(a.body(), b.body()));
  REQUIRE(a.target == b.target && a.status == b.status && a.fields.size() == b.fields.size());
  return 0;
}
