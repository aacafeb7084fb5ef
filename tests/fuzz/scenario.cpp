// A scenario loads, or gives errors that all point into the text; the same each time; and nothing but the
// given function is asked for a file, with names that stay below its folder.
#include <algorithm>
#include <string>
#include <string_view>

#include "harness/scenario/loader.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/fuzz/yaml_errors.hpp"

using namespace wheatstone;

namespace {

Result<Buffer> give(std::string_view path) {
  REQUIRE(!path.empty() && path.front() != '/' && path.find('\\') == path.npos);
  REQUIRE(("/" + std::string(path) + "/").find("/../") == std::string::npos);
  if (path.size() % 3 == 0) return fail(ErrorKind::io, "there is no such file");
  const Bytes content = as_bytes(path.size() % 3 == 1 ? "0000: 4350\n*\n0040: 45\n" : "\xff text");
  return Buffer(content.begin(), content.end());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  const auto first = scenario::load_scenario(text, {"fuzz", "fuzz.yaml"}, give);
  const auto second = scenario::load_scenario(text, {"fuzz", "fuzz.yaml"}, give);
  REQUIRE(first.has_value() == second.has_value());
  if (first) {
    REQUIRE(!first->title.empty() && !first->steps.empty());
    REQUIRE(std::ranges::is_sorted(first->needs));
    REQUIRE(first->title == second->title && first->needs == second->needs);
    REQUIRE(first->steps.size() == second->steps.size());
    REQUIRE(first->expectations.size() == second->expectations.size());
    return 0;
  }
  test::require_places(text, "fuzz.yaml", first.error());
  REQUIRE(std::ranges::equal(first.error(), second.error(), {}, &Error::text, &Error::text));
  return 0;
}
