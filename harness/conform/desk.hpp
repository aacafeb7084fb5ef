// The server that grades clients: serves one script at a time and keeps what came.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "harness/conform/client_cases.hpp"

namespace wheatstone::conform {

class Desk {
 public:
  // With an identity clients must speak TLS. Fails with `environment` if the port cannot be had, and as
  // http::TlsServer::make() does.
  static Result<Desk> open(std::uint16_t port, Milliseconds wait,
                           const std::optional<http::Identity>& identity);

  const Place& place() const noexcept { return place_; }

  // A client that comes by itself: from its report until the next report comes, which is kept for the next
  // call, or until nothing came for the time to wait. No request in it: nobody came.
  Visit serve(const Script& script);

  // A client that `run` starts: until it has ended.
  Result<Visit> serve(const Script& script, const RunClient& run);

 private:
  // A connection, and what was read of its next request.
  struct Guest {
    explicit Guest(Connection peer) : connection(std::move(peer)), reader(http::MessageKind::request) {}

    Connection connection;
    http::MessageReader reader;
    Buffer input{};
    bool refused = false;  // nothing more is read
    bool gone = false;
  };

  Desk(Listener listener, Listener decoy, std::optional<http::TlsServer> tls, Milliseconds wait);

  void begin(const Script& script);
  Visit end();
  bool turn(Milliseconds wait);
  void welcome();
  void read(Guest& guest);
  void step(Guest& guest);
  void receive(Guest& guest, Seen seen);
  void reply(Guest& guest, const Seen& seen);
  bool holds_report() const noexcept { return held_.has_value(); }

  Listener listener_;
  Listener decoy_;
  std::optional<http::TlsServer> tls_;
  Milliseconds wait_;
  Place place_;
  std::vector<std::unique_ptr<Guest>> guests_;
  Script script_;
  Visit visit_;
  bool one_report_ = false;  // a second report belongs to the next visit
  std::optional<std::pair<Guest*, Seen>> held_;
};

}  // namespace wheatstone::conform
