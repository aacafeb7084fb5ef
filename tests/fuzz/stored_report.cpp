// Stored reports: what can be read is written again to the same bytes.
#include <cstdint>

#include "mocks/wer_client/stored_report.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wheatstone;
  const Bytes bytes(data, size);
  const auto report = wer_client::read_stored(bytes);
  if (!report) {
    REQUIRE(report.error().kind == ErrorKind::malformed);
    REQUIRE(report.error().where.offset <= size);
    return 0;
  }
  const auto written = wer_client::write_stored(*report);
  REQUIRE(written);
  REQUIRE(*written == Buffer(bytes.begin(), bytes.end()));
  return 0;
}
