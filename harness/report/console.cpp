#include "harness/report/console.hpp"

#include <fmt/format.h>

#include <string_view>

namespace wheatstone::report {
namespace {

using judge::Status;

std::string_view colour_of(Status status) {
  switch (status) {
    case Status::passed:
      return "\x1b[32m";
    case Status::failed:
    case Status::error:
      return "\x1b[31m";
    case Status::skipped:
      return "\x1b[33m";
  }
  return "";
}

std::string painted(std::string_view text, Status status, bool colour) {
  return colour ? fmt::format("{}{}\x1b[0m", colour_of(status), text) : std::string(text);
}

std::string safe(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c != '\n' && (byte < 0x20 || byte == 0x7f)) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += indent;
  }
  return out;
}

std::string place_text(const Location& where) {
  return where.file.empty() ? "" : fmt::format("{}:{}:{}: ", where.file, where.line, where.column);
}

}  // namespace

void Totals::add(const Outcome& outcome) noexcept {
  took += outcome.took;
  switch (outcome.verdict.status) {
    case Status::passed:
      ++passed;
      break;
    case Status::failed:
      ++failed;
      break;
    case Status::skipped:
      ++skipped;
      break;
    case Status::error:
      ++error;
      break;
  }
}

std::string failure_text(const judge::Failure& failure) {
  const std::string place =
      failure.where.file.empty() ? fmt::format("[{}] ", failure.code) : place_text(failure.where);
  return place + indented(failure.message, "    ");
}

std::string reason_text(const judge::Verdict& verdict) {
  return place_text(verdict.where) + indented(verdict.reason, "    ");
}

std::string console_text(const Outcome& outcome, bool colour) {
  const judge::Verdict& verdict = outcome.verdict;
  std::string out = fmt::format(
      "{} {}", painted(fmt::format("{:<7}", judge::to_string(verdict.status)), verdict.status, colour),
      safe(outcome.id));
  if (!verdict.reason.empty()) out += ": " + safe(reason_text(verdict));
  out += "\n";
  for (const judge::Failure& failure : verdict.failures)
    out += "  " + safe(indented(failure_text(failure), "  ")) + "\n";
  if (verdict.status == Status::failed && !outcome.evidence.empty())
    out += "  evidence: " + safe(outcome.evidence) + "\n";
  return out;
}

std::string summary_text(const Totals& totals, bool colour) {
  std::string out = fmt::format("{} scenario{}: ", totals.all(), totals.all() == 1 ? "" : "s");
  std::string parts;
  const auto part = [&](std::size_t count, Status status) {
    if (count == 0) return;
    if (!parts.empty()) parts += ", ";
    parts += painted(fmt::format("{} {}", count, judge::to_string(status)), status, colour);
  };
  part(totals.passed, Status::passed);
  part(totals.failed, Status::failed);
  part(totals.error, Status::error);
  part(totals.skipped, Status::skipped);
  return out + (parts.empty() ? "nothing ran" : parts) + "\n";
}

std::string progress_text(std::size_t done, std::size_t all, const std::string& id, std::size_t columns) {
  return safe(fmt::format("[{}/{}] {}", done, all, id)).substr(0, columns);
}

}  // namespace wheatstone::report
