#include "harness/scenario/regex.hpp"

#include <fmt/format.h>

#include <boost/regex.hpp>
#include <exception>
#include <utility>

namespace wheatstone::scenario {

struct Regex::Compiled {
  std::string pattern;
  boost::regex expression;
};

Regex::Regex(std::shared_ptr<const Compiled> compiled) noexcept : compiled_(std::move(compiled)) {}

Result<Regex> Regex::compile(std::string_view pattern) {
  if (pattern.size() > kMaxPattern)
    return fail(ErrorKind::malformed, fmt::format("a regular expression of {} bytes", pattern.size()),
                fmt::format("at most {} are taken", kMaxPattern));
  try {
    auto compiled = std::make_shared<Compiled>();
    compiled->pattern = pattern;
    compiled->expression.assign(compiled->pattern, boost::regex::ECMAScript);
    return Regex(std::move(compiled));
  } catch (const boost::regex_error& error) {
    std::string reason = error.what();
    reason = reason.substr(0, reason.find("  The error occurred"));
    return fail(ErrorKind::malformed, fmt::format("not a regular expression: {}", reason),
                fmt::format("see character {} of it", error.position() + 1));
  } catch (const std::exception& error) {
    return fail(ErrorKind::unsupported,
                fmt::format("the regular expression is too complex: {}", error.what()));
  }
}

const std::string& Regex::pattern() const noexcept {
  return compiled_->pattern;
}

Result<bool> Regex::matches(std::string_view text) const {
  try {
    return boost::regex_match(text.begin(), text.end(), compiled_->expression);
  } catch (const std::exception& error) {
    return fail(ErrorKind::unsupported,
                fmt::format("the regular expression '{}' takes too long on this text", compiled_->pattern),
                "make it simpler: no repeats inside repeats");
  }
}

}  // namespace wheatstone::scenario
