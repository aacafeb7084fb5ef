#include "mocks/cer_server/fault.hpp"

#include <algorithm>

#include "mocks/text.hpp"

namespace wheatstone::cer_server {
namespace {

using Kind = Fault::Kind;

constexpr std::size_t kHugeAnswer = 8u << 20;

// Each line of the text, without its end, through `change`.
template <class Change>
std::string by_line(std::string_view text, Change change) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\r\n"), text.size());
    out += change(text.substr(0, end));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return out;
}

std::string with_dump_file(cer::Answer answer, std::string_view path) {
  answer.i_data = true;
  answer.dump_file = path;
  return cer::write_answer(answer).value_or(std::string());
}

}  // namespace

Pace pace_of(const Fault& fault) noexcept {
  if (fault.kind == Kind::delay) return {fault.wait, 0};
  if (fault.kind == Kind::trickle) return {fault.wait, 1};
  return {};
}

std::string distort(Kind kind, const cer::Answer& answer, std::string_view text) {
  const auto key_of = [](std::string_view line) { return line.substr(0, line.find('=')); };
  const auto value_of = [](std::string_view line) { return line.substr(line.find('=') + 1); };
  switch (kind) {
    case Kind::spaced_keys:
      return by_line(text, [&](std::string_view line) {
        return std::string(key_of(line)) + " = " + std::string(value_of(line)) + "\r\n";
      });
    case Kind::duplicate_keys:
      return std::string(text) +
             by_line(text, [&](std::string_view line) { return std::string(key_of(line)) + "=0\r\n"; });
    case Kind::lower_case_keys:
      return by_line(text, [&](std::string_view line) {
        return lower(key_of(line)) + "=" + std::string(value_of(line)) + "\r\n";
      });
    case Kind::unknown_keys:
      return "DumpServer=192.0.2.1\r\nTracking=YES\r\nUrlLaunch=http://192.0.2.1/\r\n" + std::string(text);
    case Kind::line_feeds:
      return by_line(text, [](std::string_view line) { return std::string(line) + "\n"; });
    case Kind::no_last_line_end:
      return std::string(text.substr(0, text.ends_with("\r\n") ? text.size() - 2 : text.size()));
    case Kind::huge_answer:
      return "Padding=" + std::string(kHugeAnswer, 'x') + "\r\n" + std::string(text);
    case Kind::path_traversal:
      return with_dump_file(answer, "\\..\\..\\..\\Windows\\System32\\config\\1.cab");
    case Kind::other_host:
      return with_dump_file(answer, "http://192.0.2.1/1.cab");
    default:
      return std::string(text);
  }
}

}  // namespace wheatstone::cer_server
