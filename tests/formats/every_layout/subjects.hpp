// The layouts with their descriptions, and bytes for them: what all tests of this folder begin with.
#pragma once

#include <string>
#include <vector>

#include "tests/formats/every_layout/description.hpp"
#include "tests/formats/every_layout/every_layout.hpp"

namespace wheatstone::test {

const Descriptions& descriptions();

struct Subject {
  std::string key;
  const layout::Layout& table;
  const Described& described;
};

// Those that are described; registry_test.cpp says that all are.
std::vector<Subject> subjects();

// Bytes of which no two fields that follow each other are equal; letters where there is text.
Buffer pattern(const Described& described, std::size_t size);

// As above, and nothing behind the fixed fields: counts and lengths are 0.
Buffer without_variable_part(const Described& described);

// An element of an array as the case makes it (nullptr: as the array says), with nothing behind its fixed
// fields.
Buffer element(const DescribedTail& tail, const When* when);

// The bytes read as the description says.
void expect_same(const Subject& subject, Bytes bytes, const std::string& what);

}  // namespace wheatstone::test
