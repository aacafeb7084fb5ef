// Every answer is read; what was read is written, and read back as the same answer.
#include <algorithm>

#include "formats/cer/answer.hpp"
#include "tests/fuzz/require.hpp"

using namespace wheatstone;

namespace {

void check_upload_path(std::string_view dump_file) {
  const auto target = cer::upload_target(dump_file);
  if (!target) return;
  REQUIRE(target->starts_with('/') && !target->starts_with("//"));
  REQUIRE(std::ranges::all_of(*target, [](char c) { return c > ' ' && c < 0x7f && c != '\\'; }));
  REQUIRE(cer::normalize_upload_path(*target) == cer::normalize_upload_path(dump_file));
  REQUIRE(cer::upload_target(*target) == *target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_upload_path(as_text({data, size}));

  const cer::ReadAnswer read = cer::read_answer({data, size});
  REQUIRE(read.findings.size() <= 257);
  for (const Finding& finding : read.findings)
    REQUIRE(finding.offset == Finding::kNoOffset || finding.offset <= size);
  if (read.answer.dump_file) check_upload_path(*read.answer.dump_file);

  const auto written = cer::write_answer(read.answer);
  REQUIRE(written);
  const cer::ReadAnswer again = cer::read_answer(as_bytes(*written), written->size());
  REQUIRE(again.answer == read.answer);
  REQUIRE(std::ranges::none_of(again.findings,
                               [](const Finding& f) { return f.severity == FindingSeverity::error; }));
  REQUIRE(cer::write_answer(again.answer) == *written);
  return 0;
}
