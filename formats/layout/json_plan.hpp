// JSON of layouts that are written again and again: what does not depend on the bytes is made text
// beforehand.
//
//     static const JsonPlans plans(layouts, Detail::all);   // once
//     plans.to_json(out, kMemory, bytes);                   // as often as needed, from any thread
//
// A plan is the list of a layout's fields with ready-made keys. What the fields say when they are zero stands
// in one piece, in order: a run of zero fields, or of clear flags in a word, is one copy. Most of a record is
// zero.
#pragma once

#include <memory>
#include <span>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"
#include "formats/layout/json.hpp"
#include "formats/layout/text_buffer.hpp"

namespace wheatstone::layout {

struct JsonTables;

class JsonPlans {
 public:
  // Prepares `roots` and all layouts that they reach; they must outlive the plans.
  JsonPlans(std::span<const Layout* const> roots, Detail detail);
  ~JsonPlans();
  JsonPlans(const JsonPlans&) = delete;
  JsonPlans& operator=(const JsonPlans&) = delete;

  // Appends what layout::to_json() appends, byte for byte. A layout that is not prepared is left to that.
  void to_json(TextBuffer& out, const Layout& layout, Bytes bytes) const;

 private:
  std::unique_ptr<const JsonTables> tables_;
};

}  // namespace wheatstone::layout
