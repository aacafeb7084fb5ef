// A tree of values against the tables of keys: everything that can be wrong with a scenario before anybody
// looks at what it means.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "formats/layout/node.hpp"
#include "formats/layout/result.hpp"
#include "harness/scenario/keys.hpp"

namespace wheatstone::scenario {

// Errors of one file, in the order of the text; there is an end to reporting them.
class Errors {
 public:
  static constexpr std::size_t kMax = 50;

  explicit Errors(std::string file) : file_(std::move(file)) {}

  // `path` is the place in the tree: "steps[0].inject.severity". Beyond kMax errors nothing is kept.
  void add(layout::Mark mark, std::string path, std::string message, std::string hint = {});

  // An error of somebody else: gets the file name, the path before its own, and the position if it has none.
  void add(Error error, layout::Mark mark, std::string path);

  bool empty() const noexcept { return errors_.empty(); }
  bool full() const noexcept { return errors_.size() >= kMax; }

  // In the order of the text.
  std::vector<Error> take();

 private:
  std::string file_;
  std::vector<Error> errors_;
};

// Adds one error for each unknown, missing, conflicting or incomplete key and for each value that is not of
// its type. Each names the key, what was found, what was expected, and the nearest valid spelling if one is
// near. No errors means: every value that the tables describe can be read by the functions of values.hpp.
void check(const layout::Node& node, const Table& table, Errors& errors);

}  // namespace wheatstone::scenario
