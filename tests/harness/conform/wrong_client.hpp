// A small client of its own, which does everything right until it is told to break a rule.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/conform/client_cases.hpp"

namespace wheatstone::conform::test {

struct SmallClient {
  std::string (*change_document)(std::string text) = nullptr;  // the XML, before it is encoded
  std::string (*change_request)(std::string bytes) = nullptr;  // each, on its way
  bool utf8 = false;                                           // sends the document as UTF-8
  bool always_uploads = false;                                 // whatever iData says
  bool never_uploads = false;                                  // whatever iData says
  bool raw_target = false;                                     // sends DumpFile as it is
  bool follows_urls = false;                                   // uploads to the host in DumpFile
  bool follows_redirects = false;                              // to any host
  bool believes_statuses = false;                              // takes any response for a success
  bool hopes = false;                                          // ends with 0, whatever happened
  bool gives_files = false;                                    // puts into the cab whatever GetFile names
  unsigned tries = 1;                                          // of the report, while it is refused

  // RunClient
  Result<std::optional<int>> operator()(const Place& place) const;
};

// A client that breaks a rule, and the cases that must fail then, and no others.
struct BadHabit {
  std::string_view name;
  SmallClient client;
  std::vector<std::string> cases;
};

const std::vector<BadHabit>& bad_habits();

}  // namespace wheatstone::conform::test
