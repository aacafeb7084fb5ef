// Every error source descriptor is read and shown: what is known about its member, which form it has, and
// what is wrong with it.
#include <algorithm>
#include <vector>

#include "formats/layout/broken.hpp"
#include "formats/layout/flatten.hpp"
#include "formats/layout/json.hpp"
#include "formats/whea/error_source_descriptor.hpp"
#include "tests/fuzz/chosen.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/json_syntax.hpp"

using namespace wheatstone;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  std::vector<Finding> findings;
  whea::check_source_descriptor(bytes, 0, "", findings);
  const layout::Layout* const form = layout::form_for(whea::kErrorSourceDescriptorForms, size);
  if (form == nullptr) {
    REQUIRE(size < whea::kErrorSourceDescriptor.min && !findings.empty());
    return 0;
  }
  layout::find_broken(*form, bytes, 0, findings);
  for (const Finding& finding : findings) REQUIRE(finding.offset <= size && !finding.code.empty());
  if (!test::is_chosen(bytes, test::kView)) return 0;
  static layout::TextBuffer out;  // one allocation for all inputs
  out.clear();
  layout::to_json(out, *form, bytes, layout::Detail::valid);
  REQUIRE(out.size() <= 64 * 1024 + 64 * size);
  if (!test::is_chosen(bytes, test::kSlow)) return 0;
  REQUIRE(test::is_json(out.view()));
  for (const layout::Leaf& leaf : layout::flatten(*form, bytes)) REQUIRE(!leaf.path.empty());
  return 0;
}
