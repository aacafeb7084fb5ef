#include "formats/layout/json_plan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <vector>

#include "formats/layout/json_sink.hpp"
#include "formats/layout/walk.hpp"

namespace wheatstone::layout {
namespace {

enum class Op : std::uint8_t { dec, hex, number, word, guid, bytes, list, part };

// A field. Texts are places in one string; the zero text of a step ends where that of the next one begins.
struct Step {
  const Field* field;
  std::uint64_t mask;   // of the bits of an integer; 0: no integer
  std::uint64_t needs;  // bit of the validity word; 0: shown anyway
  std::uint32_t offset;
  std::uint32_t end;
  std::uint32_t zero;  // the whole member if all its bytes are zero
  std::uint32_t key;   // what stands before the value
  std::uint32_t word;  // in words, unless it is a choice
  std::uint16_t key_size;
  Op op;
  bool choice;  // what it is depends on another field: there is no zero text
};

struct BitStep {
  std::uint64_t mask;
  std::uint32_t zero;  // the member if the bits are clear
  std::uint32_t set;   // a flag: the member if it is set; else the key
  std::uint32_t set_size;
  const Bit* bit;
};

struct WordPlan {
  Word word;
  std::uint64_t named = 0;                 // mask of the bits that have names
  std::size_t room = 0;                    // for all members
  std::uint32_t first = 0;                 // in bits; one more stands behind the last
  std::array<std::uint8_t, 64> step_of{};  // by number of the bit
};

struct Plan {
  const Layout* layout;
  std::size_t room = 0;     // for the members of the fixed part
  std::uint32_t first = 0;  // in steps; one more stands behind the last
  bool closed = true;       // fixed fields without a choice are all there is, in its parts, too
};

// Numbers of things by their address: open addressing, a quarter full at most.
class Index {
 public:
  void add(const void* key, std::uint32_t number) {
    if (++used_ * 4 > slots_.size()) {
      std::vector<Slot> old(std::max<std::size_t>(16, slots_.size() * 2));
      old.swap(slots_);
      for (const Slot& slot : old)
        if (slot.key != nullptr) slots_[free_or(slot.key)] = slot;
    }
    slots_[free_or(key)] = {key, number};
  }
  const std::uint32_t* find(const void* key) const noexcept {
    if (slots_.empty()) return nullptr;
    const Slot& slot = slots_[free_or(key)];
    return slot.key == key ? &slot.number : nullptr;
  }

 private:
  struct Slot {
    const void* key = nullptr;
    std::uint32_t number = 0;
  };

  // The slot of the key, or the free one where it would be.
  std::size_t free_or(const void* key) const noexcept {
    const auto address = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(key));
    std::size_t slot = (address * 0x9e3779b97f4a7c15 >> 32) & (slots_.size() - 1);
    while (slots_[slot].key != nullptr && slots_[slot].key != key) slot = (slot + 1) & (slots_.size() - 1);
    return slot;
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace

struct JsonTables {
  Detail detail;
  std::string text;
  std::vector<Plan> plans;
  std::vector<Step> steps;
  std::vector<WordPlan> words;
  std::vector<BitStep> bits;
  Index plan_of;  // by address of the layout
  Index word_of;  // by address of the first bit

  // nullptr if it is not prepared.
  const Plan* find(const Layout& layout) const noexcept {
    const std::uint32_t* const found = plan_of.find(&layout);
    return found != nullptr ? &plans[*found] : nullptr;
  }
  const WordPlan* find(Word word) const noexcept {
    const std::uint32_t* const found = word_of.find(word.data());
    return found != nullptr && words[*found].word.size() == word.size() ? &words[*found] : nullptr;
  }
};

namespace {

// ---- making
// ---------------------------------------------------------------------------------------------------

class Maker {
 public:
  explicit Maker(JsonTables& tables) : t_(tables) {}

  void finish() { t_.text.append(kBlock, '\0'); }  // for put_blocks

  // Depth is that of the tables.
  std::uint32_t add(const Layout& layout) {
    if (const std::uint32_t* known = t_.plan_of.find(&layout)) return *known;
    Plan plan{&layout};
    plan.closed = layout.tail.empty();
    std::vector<Step> steps;
    for (const Field& f : layout.fields) steps.push_back(step(f, plan));
    // The zero texts come last, so that no other text comes between them.
    for (Step& step : steps) {
      step.zero = size();
      if (!step.choice) t_.text += zero_text(*step.field);
      plan.room += size() - step.zero;
    }
    steps.push_back({});
    steps.back().zero = size();
    plan.first = static_cast<std::uint32_t>(t_.steps.size());
    t_.steps.insert(t_.steps.end(), steps.begin(), steps.end());
    const auto number = static_cast<std::uint32_t>(t_.plans.size());
    t_.plans.push_back(plan);
    t_.plan_of.add(&layout, number);
    for (const Tail& tail : layout.tail) {
      if (tail.layout != nullptr) add(*tail.layout);
      for (const ChoiceRow& row : tail.choice_rows())
        for (const Layout* form : row.forms) add(*form);
    }
    return number;
  }

 private:
  std::uint32_t size() const { return static_cast<std::uint32_t>(t_.text.size()); }

  // What `write` puts into a text buffer.
  template <class Write>
  std::string text_of(const Write& write) const {
    TextBuffer out;
    write(out);
    return std::string(out.view());
  }

  // The sink says it, as a structure that has this field alone.
  std::string zero_text(Field f) const {
    f.offset = 0;
    f.valid_bit = -1;
    Layout alone;
    alone.size = f.size;
    alone.fields = std::span(&f, 1);
    const Buffer zeros(f.size, 0);
    return text_of([&](TextBuffer& out) {
      JsonSink sink(out, t_.detail);
      walk(alone, zeros, sink);
    });
  }

  // Adds the room for the field, apart from its zero text, to that of the plan.
  Step step(const Field& f, Plan& plan) {
    Step made{};
    made.field = &f;
    made.offset = f.offset;
    made.end = f.end();
    made.choice = f.meaning == Meaning::choice;
    plan.closed = plan.closed && !made.choice;
    if (t_.detail == Detail::valid && f.valid_bit >= 0) made.needs = std::uint64_t{1} << f.valid_bit;
    std::string key = f.name.empty() ? "" : fmt_key(f.name);
    switch (f.kind) {
      case Kind::uint:
        made.mask = ~std::uint64_t{0} >> (64 - 8 * f.size);
        if (f.meaning == Meaning::word || f.meaning == Meaning::choice) {
          made.op = Op::word;
          if (!key.empty()) key += "{\"raw\":\"0x";
          plan.room += kNumberRoom + words(f, made);
        } else if (f.meaning == Meaning::plain && f.show == Show::hex) {
          made.op = Op::hex;
          key += "\"0x";
        } else {
          const bool plain = f.meaning == Meaning::plain && f.show == Show::dec && f.size <= 4;
          made.op = plain ? Op::dec : Op::number;
        }
        break;
      case Kind::guid:
        made.op = Op::guid;
        break;
      case Kind::bytes:
      case Kind::ascii:
      case Kind::utf16:
      case Kind::pad:
        made.op = Op::bytes;
        break;
      case Kind::list:
      case Kind::part:
        made.op = f.kind == Kind::list && f.layout == nullptr && !made.choice ? Op::list : Op::part;
        key += made.op == Op::list ? "[" : "";
        plan.room += parts(f, plan);
        break;
    }
    plan.room += key.size() + (f.kind == Kind::part ? kNumberRoom : value_room(f));
    made.key = add_text(key);
    made.key_size = static_cast<std::uint16_t>(key.size());
    return made;
  }

  // Returns the room that the bits need at most.
  std::size_t words(const Field& f, Step& step) {
    if (!step.choice) {
      step.word = add(f.word_bits);
      return t_.words[step.word].room;
    }
    std::size_t room = 0;
    const auto one = [&](Word word) { room = std::max(room, t_.words[add(word)].room); };
    each_row(*f.choices, [&](const ChoiceRow& row) { one(row.word); });
    one(f.choices->otherwise);
    return room;
  }

  // Returns the room that a part needs at most.
  std::size_t parts(const Field& f, Plan& plan) {
    std::size_t room = 0;
    const auto one = [&](const Layout& inner) {
      const Plan& made = t_.plans[add(inner)];
      plan.closed = plan.closed && made.closed && inner.size == f.size;
      room = std::max(room, made.room);
    };
    if (f.layout != nullptr) one(*f.layout);
    if (f.choices != nullptr)
      each_row(*f.choices, [&](const ChoiceRow& row) {
        for (const Layout* form : row.forms) one(*form);
      });
    return room;
  }

  std::uint32_t add(Word word) {
    if (const std::uint32_t* known = t_.word_of.find(word.data()))
      if (t_.words[*known].word.size() == word.size()) return *known;
    WordPlan plan{.word = word};
    plan.first = static_cast<std::uint32_t>(t_.bits.size());
    std::vector<BitStep> steps;
    for (const Bit& bit : word) {
      BitStep step{.mask = bit.mask() << bit.low, .zero = 0, .set = 0, .set_size = 0, .bit = &bit};
      const std::string set = bit.width == 1 ? member(bit, step.mask) : fmt_key(bit.name);
      step.set = add_text(set);
      step.set_size = static_cast<std::uint32_t>(set.size());
      plan.named |= step.mask;
      for (unsigned i = bit.low; i < bit.low + bit.width; ++i)
        plan.step_of[i] = static_cast<std::uint8_t>(steps.size());
      plan.room += set.size() + (bit.width == 1 ? 0 : bit.names.empty() ? kNumberRoom : kNamedRoom);
      steps.push_back(step);
    }
    for (BitStep& step : steps) {
      step.zero = size();
      t_.text += member(*step.bit, 0);
    }
    plan.room += size() - (steps.empty() ? size() : steps.front().zero);
    steps.push_back({.mask = 0, .zero = size(), .set = 0, .set_size = 0, .bit = nullptr});
    t_.bits.insert(t_.bits.end(), steps.begin(), steps.end());
    const auto number = static_cast<std::uint32_t>(t_.words.size());
    t_.words.push_back(plan);
    if (t_.word_of.find(word.data()) == nullptr) t_.word_of.add(word.data(), number);
    return number;
  }

  // What the sink says of one range of bits.
  std::string member(const Bit& bit, std::uint64_t value) const {
    return text_of([&](TextBuffer& out) { JsonSink(out, t_.detail).word(Field{}, value, Word(&bit, 1)); });
  }

  static std::string fmt_key(std::string_view name) {
    char text[kKeyRoom + kBlock];
    return std::string(text, put_key(text, name));
  }

  std::uint32_t add_text(std::string_view text) {
    const std::uint32_t at = size();
    t_.text += text;
    return at;
  }

  JsonTables& t_;
};

// ---- writing
// --------------------------------------------------------------------------------------------------

class Writer {
 public:
  Writer(const JsonTables& tables, TextBuffer& out) : t_(tables), text_(tables.text.data()), out_(out) {}

  // The members of a structure, each with a comma behind it.
  void members(const Layout& layout, Bytes bytes) {
    if (const Plan* plan = t_.find(layout)) {
      members(*plan, bytes);
    } else {
      TailSink sink(*this);
      walk(layout, bytes, sink);
    }
  }

  void members(const Plan& plan, Bytes bytes) {
    out_.commit(fields(out_.room(plan.room), plan, bytes));
    const Layout& layout = *plan.layout;
    if (bytes.size() >= layout.size) {
      if (bytes.size() == layout.size && layout.tail.empty()) return;
      TailSink sink(*this);
      walk_tail(layout, bytes, sink);
      return;
    }
    std::size_t covered = 0;
    for (const Field& f : layout.fields) {
      if (f.end() > bytes.size()) break;
      covered = f.end();
    }
    if (covered < bytes.size()) JsonSink(out_, t_.detail).unread(kUnreadNames[0], bytes.subspan(covered));
  }

 private:
  // The variable part is that of the generic walk; its structures have plans again.
  class TailSink : public JsonSink {
   public:
    explicit TailSink(Writer& writer) : JsonSink(writer.out_, writer.t_.detail), writer_(writer) {}
    void structure(const Layout& layout, Bytes bytes) { writer_.members(layout, bytes); }

   private:
    Writer& writer_;
  };

  // REQUIRES: room of the plan at `at`.
  char* fields(char* at, const Plan& plan, Bytes bytes) {
    const std::uint8_t* const data = bytes.data();
    const std::size_t size = bytes.size();
    const std::uint64_t invalid = ~try_load(bytes, plan.layout->valid).value_or(~std::uint64_t{0});
    const char* const text = text_;
    const Step* step = &t_.steps[plan.first];
    const Step* const last = step + plan.layout->fields.size();
    const char* run = text + step->zero;  // zero texts from here on are not written yet
    for (; step != last && step->end <= size; ++step) {
      if ((step->needs & invalid) == 0) {
        std::uint64_t value = 0;
        if (step->mask != 0) {
          value = size - step->offset >= 8 ? load_le<std::uint64_t>(data + step->offset) & step->mask
                                           : load_le(data + step->offset, step->end - step->offset);
          if (value == 0 && !step->choice) continue;
        } else if (!step->choice && all_zero({data + step->offset, data + step->end})) {
          continue;
        }
        at = put_blocks(at, run, static_cast<std::size_t>(text + step->zero - run));
        at = put_blocks(at, text + step->key, step->key_size);
        switch (step->op) {
          case Op::dec:
            at = put(put_dec(at, value), ',');
            break;
          case Op::hex:
            at = put(put_hex(at, value, (step->end - step->offset) * 2), "\",");
            break;
          case Op::word:
            at = word(at, plan, *step, value, bytes);
            break;
          default:
            at = other(at, plan, *step, value, bytes);
            break;
        }
      } else {
        at = put_blocks(at, run, static_cast<std::size_t>(text + step->zero - run));
      }
      run = text + step[1].zero;
    }
    return put_blocks(at, run, static_cast<std::size_t>(text + step->zero - run));
  }

  // Apart, so that the loop above keeps its registers.
  [[gnu::noinline]] char* other(char* at, const Plan& plan, const Step& step, std::uint64_t value,
                                Bytes bytes) {
    const Field& f = *step.field;
    const Bytes own = bytes.subspan(f.offset, f.size);
    switch (step.op) {
      case Op::number:
        return put(put_number(at, f, value), ',');
      case Op::guid:
        return put(put_guid(at, f, Guid::load(own.data())), ',');
      case Op::bytes:
        return put(put_bytes(at, f, own), ',');
      case Op::list:
        return list(at, step, own);
      default:
        return part(at, plan, step, own, bytes);
    }
  }

  [[gnu::noinline]] char* word(char* at, const Plan& plan, const Step& step, std::uint64_t value,
                               Bytes bytes) {
    const bool unnamed = step.key_size == 0;
    if (!unnamed) at = put(put_hex(at, value, (step.end - step.offset) * 2), "\",");
    if (!step.choice) {
      at = bits(at, t_.words[step.word], value);
    } else {
      const Choice& choice = *step.field->choices;
      const ChoiceRow* row = select(choice, bytes);
      const Word word = row != nullptr ? row->word : choice.otherwise;
      if (const WordPlan* known = t_.find(word)) {
        at = bits(at, *known, value);
      } else {
        out_.commit(at);
        JsonSink(out_, t_.detail).word({}, value, word);
        at = out_.room(plan.room);
      }
    }
    return unnamed ? at : put_close(at, '}');
  }

  char* bits(char* at, const WordPlan& plan, std::uint64_t value) const noexcept {
    const char* const text = text_;
    const BitStep* const steps = &t_.bits[plan.first];
    const char* run = text + steps->zero;
    for (std::uint64_t rest = value & plan.named; rest != 0;) {
      const BitStep* step = steps + plan.step_of[static_cast<std::size_t>(std::countr_zero(rest))];
      rest &= ~step->mask;
      at = put_blocks(at, run, static_cast<std::size_t>(text + step->zero - run));
      at = put_blocks(at, text + step->set, step->set_size);
      if (step->bit->width != 1) at = put(put_bits(at, *step->bit, step->bit->get(value)), ',');
      run = text + step[1].zero;
    }
    return put_blocks(at, run, static_cast<std::size_t>(text + steps[plan.word.size()].zero - run));
  }

  // The zero text of the list holds that of all its items, at equal distances.
  char* list(char* at, const Step& step, Bytes own) const noexcept {
    const Field& f = *step.field;
    const char* const zeros = text_ + step.zero + step.key_size;
    const std::size_t count = own.size() / f.element;
    const std::size_t item = ((&step)[1].zero - step.zero - step.key_size - 1) / count;  // "],": one more
    std::size_t run = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t value = load_le(&own[i * f.element], f.element);
      if (value == 0) continue;
      at = put_blocks(at, zeros + run * item, (i - run) * item);
      at = put(put_plain(at, f.element, f.show, value), ',');
      run = i + 1;
    }
    at = put_blocks(at, zeros + run * item, (count - run) * item);
    at[-1] = ']';
    return put(at, ',');
  }

  char* part(char* at, const Plan& plan, const Step& step, Bytes own, Bytes bytes) {
    const Field& f = *step.field;
    const Layout* layout = part_layout(f, step.choice ? select(*f.choices, bytes) : nullptr);
    if (layout == nullptr) return put(put_list(at, f, own), ',');
    at = put(at, '{');
    const Plan* const inner = t_.find(*layout);
    if (inner != nullptr && inner->closed && layout->size == own.size())
      return put_close(fields(at, *inner, own), '}');
    out_.commit(at);
    members(*layout, own);
    return put_close(out_.room(plan.room), '}');
  }

  const JsonTables& t_;
  const char* text_;
  TextBuffer& out_;
};

}  // namespace

JsonPlans::JsonPlans(std::span<const Layout* const> roots, Detail detail) {
  auto tables = std::make_unique<JsonTables>();
  tables->detail = detail;
  Maker maker(*tables);
  for (const Layout* root : roots) maker.add(*root);
  maker.finish();
  tables_ = std::move(tables);
}

JsonPlans::~JsonPlans() = default;

void JsonPlans::to_json(TextBuffer& out, const Layout& layout, Bytes bytes) const {
  const Plan* plan = tables_->find(layout);
  if (plan == nullptr) return layout::to_json(out, layout, bytes, tables_->detail);
  out.append('{');
  Writer(*tables_, out).members(*plan, bytes);
  out.commit(put_close(out.room(2), '}') - 1);
}

}  // namespace wheatstone::layout
