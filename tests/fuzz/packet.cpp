// Every packet is read; its parts lie inside it, and a packet of our own form is written back byte for byte.
#include <algorithm>
#include <functional>

#include "formats/layout/flatten.hpp"
#include "formats/layout/json.hpp"
#include "formats/whea/packet.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/json_syntax.hpp"

using namespace wheatstone;
using whea::PacketV2;

namespace {

bool inside(Bytes part, Bytes whole) {
  const std::less_equal<> before;
  return part.empty() || (before(whole.data(), part.data()) &&
                          before(part.data() + part.size(), whole.data() + whole.size()));
}

void write_back(const whea::Packet& packet) {
  const auto header = *packet.v2();
  // What follows a packet is not the writer's.
  std::uint32_t severity = header[PacketV2::kErrorSeverity];
  if (packet.log_data().empty()) severity &= ~whea::kPacketLogDataFollows;
  auto written = whea::encode_packet_v2(
      {.flags = header[PacketV2::kFlags],
       .error_type = static_cast<whea::ErrorType>(header[PacketV2::kErrorType]),
       .severity = static_cast<cper::Severity>(severity),
       .source_id = header[PacketV2::kErrorSourceId],
       .source_type = static_cast<whea::ErrorSourceType>(header[PacketV2::kErrorSourceType]),
       .notify_type = header[PacketV2::kNotifyType],
       .context = header[PacketV2::kContext],
       .data_format = static_cast<whea::DataFormat>(header[PacketV2::kDataFormat])},
      packet.data(), packet.pshed_data());
  REQUIRE(written);
  written->insert(written->end(), packet.log_data().begin(), packet.log_data().end());
  const whea::Packet again = whea::Packet::decode(*written);
  REQUIRE(again.findings().empty());
  REQUIRE(std::ranges::equal(again.data(), packet.data()));
  REQUIRE(std::ranges::equal(again.pshed_data(), packet.pshed_data()));

  // The writer's form: parts in order behind the header, nothing reserved, nothing behind.
  const std::size_t data = packet.data().size(), pshed = packet.pshed_data().size();
  const bool canonical =
      packet.findings().empty() && severity == header[PacketV2::kErrorSeverity] &&
      load_le<std::uint32_t>(packet.bytes().data() + 60) == 0 &&
      header[PacketV2::kDataOffset] == (data != 0 ? whea::kPacketHeaderV2 : 0) &&
      header[PacketV2::kPshedDataOffset] == (pshed != 0 ? whea::kPacketHeaderV2 + data : 0) &&
      header[PacketV2::kLength] == whea::kPacketHeaderV2 + data + pshed;
  if (canonical) REQUIRE(std::ranges::equal(*written, packet.bytes()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  const whea::Packet packet = whea::Packet::decode(bytes);
  REQUIRE(inside(packet.data(), bytes) && inside(packet.pshed_data(), bytes));
  REQUIRE((packet.layout() == nullptr) == (packet.version() == whea::PacketVersion::unknown));
  if (packet.layout() == nullptr) {
    REQUIRE(!packet.findings().empty() && packet.data().empty() && packet.pshed_data().empty());
    return 0;
  }
  if (!test::is_chosen(bytes, test::kView)) return 0;
  static layout::TextBuffer out;  // one allocation for all inputs
  out.clear();
  layout::to_json(out, *packet.layout(), bytes, layout::Detail::valid);
  REQUIRE(out.size() <= 64 * 1024 + 64 * size);
  if (!test::is_chosen(bytes, test::kSlow)) return 0;
  REQUIRE(test::is_json(out.view()));
  REQUIRE(!layout::flatten(*packet.layout(), bytes.first(packet.layout()->size)).empty());
  if (const layout::Layout* body = packet.data_layout()) {
    REQUIRE(packet.data().size() >= body->min);
    REQUIRE(!layout::flatten(*body, packet.data()).empty());
  }
  if (packet.version() == whea::PacketVersion::v2) write_back(packet);
  return 0;
}
