// Misbehaviour of the server, on purpose and by name: what a client has to live with.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/cer/answer.hpp"

namespace wheatstone::cer_server {

struct Fault {
  enum class Kind : std::uint8_t {
    // Another response instead of the one that was due.
    status,
    unauthorized,
    redirect,
    close,
    garbage,
    // The response that was due, sent in another way.
    truncate,
    short_length,
    long_length,
    delay,
    trickle,
    // An answer that is written in another way; at level 1 only.
    spaced_keys,
    duplicate_keys,
    lower_case_keys,
    unknown_keys,
    line_feeds,
    no_last_line_end,
    huge_answer,
    // An answer that sends the cab elsewhere; at level 1 only.
    path_traversal,
    other_host,
  };
  enum class Level : std::uint8_t { level1, level2 };

  Kind kind = Kind::status;
  unsigned status = 503;  // 400 to 599; for Kind::status
  Level level = Level::level1;
  std::uint64_t after = 0;  // bytes of the response that are sent; for Kind::close
  std::chrono::milliseconds wait{
      1000};                  // before the response, or each of its bytes; Kind::delay, Kind::trickle
  std::string location = {};  // for Kind::redirect; empty: kElsewhere

  friend bool operator==(const Fault&, const Fault&) = default;
};

// An address that no machine has ([RFC5737] 3): whoever goes there was led astray.
inline constexpr std::string_view kElsewhere = "http://192.0.2.1/stage2.htm";

struct FaultInfo {
  Fault::Kind kind;
  std::string_view name;
  bool own_response = false;  // it is sent instead of the one that was due
  bool keeps_cab = false;     // at level 2; else the path stays open
  bool only_level1 = false;
  std::string_view what;  // for people

  // At level 1: whether a path for the cab is issued.
  constexpr bool issues_path() const noexcept { return keeps_cab && !own_response; }
};

// In the order of Fault::Kind.
inline constexpr FaultInfo kFaults[] = {
    {Fault::Kind::status, "status", true, false, false, "an HTTP status and no answer"},
    {Fault::Kind::unauthorized, "unauthorized", true, false, false,
     "401 that asks for Negotiate or NTLM, every time"},
    {Fault::Kind::redirect, "redirect", true, false, false, "302 to another server"},
    {Fault::Kind::close, "close", false, false, false,
     "the connection ends after so many bytes of the response"},
    {Fault::Kind::garbage, "garbage", true, true, false, "200 with 64 random bytes"},
    {Fault::Kind::truncate, "truncate", false, true, false,
     "half of the announced response, then the connection ends"},
    {Fault::Kind::short_length, "short_length", false, true, false, "Content-Length is one byte too small"},
    {Fault::Kind::long_length, "long_length", false, true, false,
     "Content-Length is one byte too large; the connection stays open"},
    {Fault::Kind::delay, "delay", false, true, false, "the right response, late"},
    {Fault::Kind::trickle, "trickle", false, true, false,
     "the right response, byte by byte with a pause before each"},
    {Fault::Kind::spaced_keys, "spaced_keys", false, true, true, "blanks around '='"},
    {Fault::Kind::duplicate_keys, "duplicate_keys", false, true, true,
     "every key a second time, with the value 0"},
    {Fault::Kind::lower_case_keys, "lower_case_keys", false, true, true, "keys in lower case"},
    {Fault::Kind::unknown_keys, "unknown_keys", false, true, true,
     "keys that [MS-CER2] does not know, before the others"},
    {Fault::Kind::line_feeds, "line_feeds", false, true, true, "lines that end with LF alone"},
    {Fault::Kind::no_last_line_end, "no_last_line_end", false, true, true, "no line end after the last line"},
    {Fault::Kind::huge_answer, "huge_answer", false, true, true, "8 MiB of another key before the others"},
    {Fault::Kind::path_traversal, "path_traversal", false, false, true,
     "a DumpFile that climbs out of its folder"},
    {Fault::Kind::other_host, "other_host", false, false, true, "a DumpFile on another server"},
};

constexpr const FaultInfo& info(Fault::Kind kind) noexcept {
  return kFaults[static_cast<std::size_t>(kind)];
}

// How bytes leave: after a pause, and in pieces with the pause before each (0: all at once).
struct Pace {
  std::chrono::milliseconds wait{0};
  std::size_t piece = 0;
};

Pace pace_of(const Fault& fault) noexcept;

// The answer as a fault of that kind writes it. REQUIRES: the kind is of level 1 only.
std::string distort(Fault::Kind kind, const cer::Answer& answer, std::string_view text);

}  // namespace wheatstone::cer_server
