// A server that breaks rules on purpose: a proxy in front of our own that spoils what passes through.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "mocks/cer_server/server.hpp"

namespace wheatstone::conform::test {

// One rule that is broken.
struct Fault {
  std::string_view name;
  std::string (*spoil_request)(std::string bytes);   // on its way to our server; null = left alone
  std::string (*spoil_response)(std::string bytes);  // on its way to the client; null = left alone
  std::vector<std::string> cases;                    // that must fail, and no others
};

// Every fault there is.
const std::vector<Fault>& faults();

// Our server with a rule that asks for a cab for every report.
class GoodServer {
 public:
  explicit GoodServer(cer_server::Options options = {});
  std::uint16_t port() const { return server_->port(); }
  std::string fingerprint() const { return server_->fingerprint(); }

 private:
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<cer_server::Server> server_;
};

// GoodServer with these faults.
class WrongServer {
 public:
  explicit WrongServer(std::vector<Fault> faults);
  ~WrongServer();
  std::uint16_t port() const noexcept { return port_; }

 private:
  void accept();
  void serve(int client);

  GoodServer good_;
  std::vector<Fault> faults_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
  std::vector<std::thread> sessions_;
};

}  // namespace wheatstone::conform::test
