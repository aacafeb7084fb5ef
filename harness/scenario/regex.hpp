// Regular expressions of matchers: compiled when a scenario is loaded, bounded when they run.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "formats/layout/result.hpp"

namespace wheatstone::scenario {

// An expression in ECMAScript syntax. It works on bytes: letters of its classes are ASCII, other UTF-8
// matches itself. Copies share the compiled form; safe to use from several threads.
class Regex {
 public:
  static constexpr std::size_t kMaxPattern = 1024;

  // Fails (malformed) if the pattern is no expression or longer than kMaxPattern.
  static Result<Regex> compile(std::string_view pattern);

  const std::string& pattern() const noexcept;

  // Whether the expression matches the whole of `text`. Fails (unsupported) if deciding it would take more
  // steps than the bound of the regex engine: no pattern can hang a run.
  Result<bool> matches(std::string_view text) const;

 private:
  struct Compiled;
  explicit Regex(std::shared_ptr<const Compiled> compiled) noexcept;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace wheatstone::scenario
