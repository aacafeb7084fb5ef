// A server that asks for every cab, with a fixed clock and seed, and what a test sends it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "formats/cab/cabinet.hpp"
#include "mocks/cer_server/server.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone::cer_server {

using testing_support::codes;
using testing_support::RawClient;
using testing_support::Recorder;
using testing_support::TempFolder;
using testing_support::text_of;

inline constexpr FileTime kNow{128497001160460289};

inline std::string sized(std::string_view line, std::string_view body) {
  return std::string(line) + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

inline std::string post(const cer::Report& report = cer::examples::kernel_fault()) {
  return sized("POST /stage2.htm", text_of(*cer::write_report(report)));
}

inline std::string cab() {
  return text_of(*cab::write({{"Version.txt", {1}}}, kNow));
}

inline Rule asking() {
  Rule rule;
  rule.answer.i_data = true;
  return rule;
}

inline std::string issued_path(const std::string& response) {
  const std::size_t at = response.find("DumpFile=");
  return response.substr(at + 9, response.find("\r\n", at) - at - 9);
}

struct Bench {
  VirtualClock clock{kNow};
  SeededRandom random{7};
  Recorder recorder;
  std::unique_ptr<Server> server;

  explicit Bench(Options options = {}) {
    options.port = 0;
    auto started = Server::start(options, {asking()}, clock, random, &recorder);
    EXPECT_TRUE(started) << started.error().text();
    server = std::move(*started);
  }
};

}  // namespace wheatstone::cer_server
