// Any text is decoded or left alone within its bounds; what was decoded means the same in every form we can
// write, and the forms do not claim each other's text.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "formats/layout/base64.hpp"
#include "formats/layout/hex_dump.hpp"
#include "formats/layout/hex_text.hpp"
#include "formats/layout/text_buffer.hpp"
#include "formats/layout/text_bytes.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"

using namespace wheatstone;
using layout::TextForm;

namespace {

constexpr std::size_t kMost = 1u << 16;

// The dump of a program, 16 bytes a line.
std::string dump(Bytes bytes, std::string_view after_offset, std::string_view mark) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 16) {
    const Bytes line = bytes.subspan(at, std::min<std::size_t>(16, bytes.size() - at));
    std::string digits, characters;
    for (const std::uint8_t byte : line) {
      digits += fmt::format("{:02x} ", byte);
      characters += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
    }
    out += fmt::format("{:08x}{}{:<48} {}{}{}\n", at, after_offset, digits, mark, characters, mark);
  }
  return out;
}

bool is(const Result<Buffer>& read, const Buffer& bytes) {
  return read && *read == bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  for (const auto parse : {layout::parse_xxd, layout::parse_hexdump, layout::parse_debugger_dump,
                           layout::parse_hex_digits, layout::parse_hex_dump, layout::decode_base64}) {
    const Result<Buffer> bytes = parse(text, kMost);
    REQUIRE(bytes ? bytes->size() <= kMost : !bytes.error().message.empty());
    if (bytes && !bytes->empty()) REQUIRE(!parse(text, bytes->size() - 1));
  }
  const auto decoded = layout::decode_text(text, kMost);
  if (!decoded || !*decoded || !test::is_chosen({data, size}, test::kSlow)) return 0;
  const Buffer& bytes = (*decoded)->bytes;
  REQUIRE(!bytes.empty() && bytes.size() <= kMost);
  REQUIRE(is(layout::parse_hex_dump(layout::write_hex_dump(bytes), kMost), bytes));
  REQUIRE(is(layout::parse_hex_digits(layout::hex_text(bytes), kMost), bytes));
  REQUIRE(is(layout::parse_xxd(dump(bytes, ": ", ""), kMost), bytes));
  REQUIRE(is(layout::parse_hexdump(dump(bytes, "  ", "|"), kMost), bytes));
  REQUIRE(is(layout::parse_debugger_dump(dump(bytes, "  ", ""), kMost), bytes));
  const auto again = layout::decode_text(dump(bytes, "  ", "|"), kMost);
  REQUIRE(again && *again && (*again)->form == TextForm::hexdump && (*again)->bytes == bytes);
  return 0;
}
