// Every input that the words of a command line mean, worked on by several threads and handed back in order.
//
//     struct Shown {                       // what becomes of one input
//       layout::TextBuffer text;
//       void clear() { text.clear(); }
//     };
//     const Summary summary = for_each_input<Shown>(words, options,
//         [](const Input& input, Shown& shown) { show(input.bytes, shown.text); },   // on any thread
//         [&](const Handled& handled, Shown& shown) { return print(shown.text); });  // here, in order
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"
#include "formats/layout/text_bytes.hpp"

namespace wheatstone::input {

struct Options {
  std::size_t jobs = 1;                              // threads that work; 1: the caller's own
  std::uint64_t max_bytes = std::uint64_t{1} << 30;  // of one input
  // Inputs that are text which stands for bytes (layout/text_bytes.hpp) are given as those bytes, and are an
  // error if that text is broken.
  bool decode_text = true;
  const std::atomic<bool>* stop = nullptr;  // once set, nothing more is begun or handed back
};

// Valid during the call.
struct Input {
  std::string_view name;  // as the user would write it; "-" is standard input
  Bytes bytes;
  std::optional<layout::TextForm> form;  // the text that was decoded
};

// An input on its way back. Valid during the call.
struct Handled {
  std::string_view name;
  std::uint64_t size = 0;        // bytes read
  const Error* error = nullptr;  // it could not be read, and was not worked on
};

struct Summary {
  std::uint64_t files = 0;   // worked on and handed back
  std::uint64_t bytes = 0;   // of those, as read
  std::uint64_t failed = 0;  // handed back with an error
  bool stopped = false;      // not all inputs were handed back
};

namespace detail {

// The places where results wait. A result is built and handed back in the same place.
std::size_t places(const Options& options);

Summary run(std::span<const std::string> words, const Options& options,
            const std::function<void(const Input&, std::size_t place)>& work,
            const std::function<bool(const Handled&, std::size_t place)>& hand_back);

}  // namespace detail

// Finds the inputs (walker.hpp), calls work(input, output) for each on any of the threads, then
// hand_back(handled, output) for each in the order of the walk, on the calling thread; false from it ends
// everything. An output is used again: clear() is called on it after it was handed back, and it should keep
// its memory, but not an unusual lot of it.
//
// Memory is bounded whatever the number of inputs: work runs ahead of what is handed back by at most
// `detail::places` inputs or kMostAhead bytes of them, whichever comes first. What work throws becomes an
// error (internal) of that input.
template <class Output, class Work, class HandBack>
Summary for_each_input(std::span<const std::string> words, const Options& options, const Work& work,
                       const HandBack& hand_back) {
  std::vector<Output> outputs(detail::places(options));
  return detail::run(
      words, options, [&](const Input& input, std::size_t place) { work(input, outputs[place]); },
      [&](const Handled& handled, std::size_t place) {
        const bool go_on = hand_back(handled, outputs[place]);
        outputs[place].clear();
        return go_on;
      });
}

inline constexpr std::uint64_t kMostAhead = std::uint64_t{32} << 20;

}  // namespace wheatstone::input
