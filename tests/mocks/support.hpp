// What the tests of the mocks share: temporary folders, raw sockets, a recorder of exchanges.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "mocks/cer_server/exchange.hpp"

namespace wheatstone::testing_support {

// A folder of its own for each test, removed at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Relative paths of all files and folders under `folder`, sorted.
std::vector<std::string> tree(const std::filesystem::path& folder);

std::string read_text(const std::filesystem::path& file);

// A blocking TCP client on loopback. Every wait ends after 20 s, and then the test fails.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes);
  void shutdown_send();
  void close();
  void reset();                                  // closes with RST
  bool was_reset() const { return was_reset_; }  // the server closed with RST

  std::string read_some();  // what comes next; empty at the end of the connection
  std::string read_all();   // up to the end of the connection
  std::string read_until(std::string_view end);
  std::string read_response();  // head and the body that Content-Length announces

 private:
  bool receive();

  int socket_ = -1;
  std::string buffer_;
  bool was_reset_ = false;
};

// A server on loopback that reads one request a connection and answers with bytes.
class ScriptedServer {
 public:
  // `answers`: one for each connection, in order; after the last one it closes connections at once.
  explicit ScriptedServer(std::vector<std::string> answers);
  ~ScriptedServer();
  std::uint16_t port() const { return port_; }

  // If set before the first connection: how many bytes of a request are read before the answer goes out.
  std::size_t read_at_most = ~std::size_t{0};

  // After the answer, keep the connection open until the client closes it.
  bool keep_open = false;

 private:
  void serve(std::vector<std::string> answers);
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

// A port on loopback that nobody listens on (a moment ago).
std::uint16_t closed_port();

class Recorder : public cer_server::Listener {
 public:
  void on_exchange(const cer_server::Exchange& exchange) override;

  // The exchanges, once there are `count` of them.
  std::vector<cer_server::Exchange> wait_for(std::size_t count);

  void on_late_verdict(const cer_server::LateVerdict& verdict) override;
  std::vector<cer_server::LateVerdict> wait_for_late(std::size_t count);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<cer_server::Exchange> exchanges_;
  std::vector<cer_server::LateVerdict> late_;
};

// "code code ..." of findings.
std::string codes(const std::vector<Finding>& findings);

inline std::string text_of(Bytes bytes) {
  return std::string(as_text(bytes));
}

}  // namespace wheatstone::testing_support
