// A level-1 document that reads without errors is written and read back as the same report; every profile
// reads the same report from it, and no other errors.
#include <algorithm>

#include "formats/cer/report.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"

using namespace wheatstone;

namespace {

void check_profiles(Bytes document, const cer::ReadReport& in_spec) {
  const auto windows = cer::read_report(document, {}, cer::Profile::windows);
  REQUIRE(windows);
  REQUIRE(windows->report == in_spec.report);
  REQUIRE(windows->has_errors() == in_spec.has_errors());
  REQUIRE(std::ranges::equal(windows->findings, in_spec.findings, {}, &Finding::code, &Finding::code));
}

}  // namespace

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
  if (test::is_chosen({data, size}, test::kView)) check_profiles({data, size}, *read);
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
