// A level-1 document that reads without errors is written and read back as the same report.
#include <algorithm>

#include "formats/cer/report.hpp"
#include "tests/fuzz/require.hpp"

using namespace wheatstone;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = cer::read_report({data, size});
  if (!read) {
    REQUIRE(read.error().kind == ErrorKind::malformed);
    REQUIRE(read.error().where.offset == Location::kNoOffset || read.error().where.offset <= size);
    return 0;
  }
  REQUIRE(read->findings.size() <= 257);
  REQUIRE(std::ranges::is_sorted(read->findings, {}, &Finding::offset));
  for (const Finding& finding : read->findings)
    REQUIRE(finding.offset == Finding::kNoOffset || finding.offset <= size);
  if (read->has_errors()) return 0;

  const auto written = cer::write_report(read->report);
  REQUIRE(written);
  const auto again = cer::read_report(*written, {.bytes = written->size()});
  REQUIRE(again);
  REQUIRE(!again->has_errors());
  REQUIRE(again->report == read->report);
  REQUIRE(cer::write_report(again->report) == *written);
  return 0;
}
