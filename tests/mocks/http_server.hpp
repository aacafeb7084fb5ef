// An HTTP server on loopback that can speak TLS and ask who sends.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "mocks/http/authentication.hpp"
#include "mocks/http/message.hpp"
#include "mocks/http/tls.hpp"
#include "mocks/random.hpp"

namespace wheatstone::testing_support {

// One connection at a time; the connection ends when the client ends it.
class HttpServer {
 public:
  struct Options {
    std::optional<http::TlsServer> tls = {};
    std::optional<http::Accounts> accounts = {};                   // absent: nobody is asked
    std::function<std::string(const http::Message&)> answer = {};  // a whole response; null: 200
    bool closes_after_refusal = false;                             // after each 401 without a token
    bool closes = false;                                           // after the first answer
    bool cuts = false;                                             // the same, but without a close of TLS
  };

  struct Seen {
    unsigned connection = 0;  // from 1
    unsigned status = 0;
    http::Message request;
    std::string user;
  };

  explicit HttpServer(Options options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::vector<Seen> seen() const;

 private:
  void serve();
  void talk(int socket, unsigned connection);

  Options options_;
  SeededRandom random_{3};
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
  int client_ = -1;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace wheatstone::testing_support
