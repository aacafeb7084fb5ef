// What tests/data/layouts says about the layouts, and what bytes must read as by that alone. Nothing here
// looks at the tables of formats/: the two are compared by what they make of the same bytes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/flatten.hpp"

namespace wheatstone::test {

// Value and name; a value is a number, or a GUID as text.
using ValueNames = std::vector<std::pair<std::string, std::string>>;

struct DescribedBits {
  unsigned low = 0;
  unsigned width = 1;
  std::string name;
  ValueNames names{};
};
using DescribedWord = std::vector<DescribedBits>;

// Bits of the structure: offset and bytes, and the bits of them; no bytes: no such thing.
struct Where {
  std::size_t offset = 0;
  std::size_t bytes = 0;
  unsigned low = 0;
  unsigned width = 0;
};

// What a field or a variable part is where `where` holds `value`; without bytes: in all other cases.
struct When {
  Where where;
  std::string value;
  DescribedWord word{};
  std::vector<std::string> forms{};  // by ascending size
};

struct DescribedField {
  std::size_t offset = 0;
  std::size_t size = 0;
  std::string name;  // empty: a word whose bits stand in the structure
  std::string kind;  // "": an integer; guid, bytes, text, wide, reserved, filetime, timestamp, list, part
  std::size_t element = 0;  // list
  std::string part{};
  int valid = -1;
  ValueNames names{};
  DescribedWord word{};
  std::vector<When> when{};
};

struct DescribedTail {
  std::string kind;  // many, run, located, rest
  std::string name;
  std::string of{};
  Where count{};
  Where at{};
  Where length{};
  std::size_t fixed = 0;
  bool clipped = false;
  std::vector<When> when{};
};

struct Described {
  std::string key;
  std::size_t size = 0;
  std::size_t min = 0;
  Where valid{};
  Where self{};
  std::size_t self_add = 0;
  std::vector<DescribedField> fields{};
  std::vector<DescribedTail> tails{};
};

class Descriptions {
 public:
  // Reads tests/data/layouts; throws std::runtime_error with file and line for what is not well-formed.
  Descriptions();

  const std::map<std::string, Described>& all() const { return all_; }
  const Described& at(const std::string& key) const { return all_.at(key); }

  // What flatten() must give for these bytes.
  std::vector<layout::Leaf> leaves(const Described& described, Bytes bytes) const;
  // Size of the element at the front of the bytes; 0 if it is not all there.
  std::size_t element_size(const Described& described, Bytes bytes) const;
  // What an element of an array is; nullptr if the bytes select nothing.
  const Described* element_of(const DescribedTail& tail, Bytes bytes) const;

 private:
  struct Walk;

  std::map<std::string, Described> all_;
};

// Value at `where`, of at most 64 bits.
std::uint64_t load_at(Bytes bytes, const Where& where);
void store_at(MutableBytes bytes, const Where& where, std::uint64_t value);
// Stores the value of a case: a number, or a GUID.
void store_case(MutableBytes bytes, const When& when);
std::uint64_t number_of(std::string_view text);

}  // namespace wheatstone::test
