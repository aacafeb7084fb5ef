// What a user's own test would do: take bytes apart and look at the answer.
#include <cstdio>

#include "formats/layout/guid.hpp"

int main() {
  using namespace wheatstone;
  const auto guid = Guid::parse("{E8F56FFE-919C-4CC5-BA88-65ABE14913BB}");
  if (!guid) return 1;
  std::puts(guid->text().c_str());
  return guid->text() == "e8f56ffe-919c-4cc5-ba88-65abe14913bb" ? 0 : 1;
}
