#include "mocks/cer_server/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <set>
#include <thread>

#include "mocks/cer_server/connection.hpp"
#include "mocks/cer_server/service.hpp"

namespace wheatstone::cer_server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Phase = Connection::Phase;

constexpr std::size_t kReadSize = 64u << 10;
constexpr std::chrono::milliseconds kAcceptRetry{100};  // after EMFILE and the like

// A connection with its socket and deadline. Lives as long as one of its handlers is pending.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Service& service)
      : socket_(std::move(socket)),
        deadline_(socket_.get_executor()),
        pause_(socket_.get_executor()),
        limits_(service.limits()),
        connection_(service) {}

  void start() {
    arm();
    read();
  }

  void close() {
    error_code ignored;
    deadline_.cancel();
    pause_.cancel();
    socket_.close(ignored);
  }

  std::function<void()> on_end;

  ~Session() {
    if (on_end) on_end();
  }

 private:
  void arm() {
    const Phase phase = connection_.phase();
    deadline_.expires_after(phase == Phase::closing ? limits_.drain_time
                            : phase == Phase::body  ? limits_.body_time
                                                    : limits_.head_time);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->expired();
    });
  }

  void expired() {
    if (draining_) return close();
    expired_ = true;
    error_code ignored;
    socket_.cancel(ignored);  // a pending read or write ends and finds expired_ set
  }

  void read() {
    if (input_.empty()) input_.resize(kReadSize);
    socket_.async_read_some(
        asio::buffer(input_),
        [self = shared_from_this()](error_code error, std::size_t n) { self->on_read(error, n); });
  }

  void on_read(error_code error, std::size_t size) {
    if (!socket_.is_open()) return;
    if (draining_) return error ? close() : read();
    if (expired_) {
      expired_ = false;
      connection_.time_out();
    } else if (error) {
      return close();
    } else {
      connection_.receive(Bytes(input_).first(size));
    }
    renew_deadline();
    output_ = connection_.take_output();
    pace_ = connection_.take_pace();
    sent_ = 0;
    send();
  }

  // Sends what is left of the output, in pieces with pauses if that was asked for.
  void send() {
    if (sent_ == output_.size()) {
      if (pace_.wait.count() != 0) arm();
      return proceed();
    }
    if (pace_.wait.count() == 0) return write(output_.size());
    deadline_.cancel();  // the slow one is the server
    pause_.expires_after(pace_.wait);
    pause_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->write(self->pace_.piece == 0 ? self->output_.size() : self->pace_.piece);
    });
  }

  void write(std::size_t most) {
    const Bytes piece = Bytes(output_).subspan(sent_).first(std::min(most, output_.size() - sent_));
    asio::async_write(socket_, asio::buffer(piece.data(), piece.size()),
                      [self = shared_from_this()](error_code failed, std::size_t size) {
                        if (failed || self->expired_) return self->close();
                        self->sent_ += size;
                        self->send();
                      });
  }

  void renew_deadline() {
    const std::pair now(connection_.phase(), connection_.requests());
    if (now == armed_for_) return;
    armed_for_ = now;
    arm();
  }

  void proceed() {
    if (connection_.phase() == Phase::closing) {
      // Closing at once would reset the connection and could destroy the answer on its way.
      draining_ = true;
      error_code ignored;
      socket_.shutdown(tcp::socket::shutdown_send, ignored);
    }
    read();
  }

  tcp::socket socket_;
  asio::steady_timer deadline_;
  asio::steady_timer pause_;
  const Limits& limits_;
  Connection connection_;
  Buffer input_;
  Buffer output_;
  std::size_t sent_ = 0;  // of the output
  Pace pace_;
  std::pair<Phase, std::uint64_t> armed_for_{Phase::idle, 0};
  bool expired_ = false;
  bool draining_ = false;
};

}  // namespace

struct Server::Impl {
  std::unique_ptr<Service> service;
  std::set<Session*> sessions;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  asio::steady_timer accept_again{io};
  bool stopping = false;
  bool accepting = false;
  std::uint16_t port = 0;
  std::thread thread;

  Result<void> listen(const Options& options);
  void accept();
  void admit(tcp::socket socket);
  void end();
};

Result<void> Server::Impl::listen(const Options& options) {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error)
    return fail(ErrorKind::invalid_argument, fmt::format("\"{}\" is not an IP address", options.address),
                "name one of this machine's addresses, for example 127.0.0.1");
  if (!address.is_loopback() && !options.unprotected)
    return fail(
        ErrorKind::invalid_argument,
        fmt::format("other machines reach {}, and there is neither encryption nor authentication: whoever "
                    "comes can send reports and read all of them",
                    options.address),
        "listen on 127.0.0.1, or say that it may be unprotected");
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error == asio::error::address_in_use)
    return fail(ErrorKind::environment,
                fmt::format("{} port {} is in use by another program", options.address, options.port),
                "stop that program, or choose another port (0 takes any free one)");
  if (error)
    return fail(
        ErrorKind::environment,
        fmt::format("cannot listen on {} port {}: {}", options.address, options.port, error.message()),
        "choose an address of this machine and a port that you may use");
  port = acceptor.local_endpoint(error).port();
  return {};
}

void Server::Impl::accept() {
  if (stopping || accepting || sessions.size() >= service->limits().connections) return;
  accepting = true;
  acceptor.async_accept([this](error_code error, tcp::socket socket) {
    accepting = false;
    if (stopping) return;
    if (!error) {
      admit(std::move(socket));
      return accept();
    }
    accept_again.expires_after(kAcceptRetry);
    accept_again.async_wait([this](error_code cancelled) {
      if (!cancelled) accept();
    });
  });
}

void Server::Impl::admit(tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto session = std::make_shared<Session>(std::move(socket), *service);
  sessions.insert(session.get());
  session->on_end = [this, raw = session.get()] {
    sessions.erase(raw);
    accept();  // there may be room now
  };
  session->start();
}

void Server::Impl::end() {
  stopping = true;
  error_code ignored;
  acceptor.close(ignored);
  accept_again.cancel();
  for (Session* session : sessions) session->close();
}

Result<std::unique_ptr<Server>> Server::start(const Options& options, std::vector<Rule> rules,
                                              const Clock& clock, Random& random, Listener* observer) {
  if (options.limits.connections == 0)
    return fail(ErrorKind::invalid_argument, "a server for no connection at all", "allow at least one",
                Location{{}, 0, 0, Location::kNoOffset, "limits.connections"});
  try {
    auto impl = std::make_unique<Impl>();
    auto service = Service::open(options, std::move(rules), clock, random, observer);
    if (!service) return std::unexpected(service.error());
    impl->service = std::move(*service);
    if (const auto listening = impl->listen(options); !listening) return std::unexpected(listening.error());
    impl->accept();
    impl->thread = std::thread([io = &impl->io] {
      for (;;) {
        try {
          io->run();
          return;
        } catch (const std::exception&) {
          continue;  // out of memory, most likely: the session at fault is gone, the others go on
        }
      }
    });
    return std::unique_ptr<Server>(new Server(std::move(impl)));
  } catch (const std::exception& error) {
    return fail(ErrorKind::environment, fmt::format("the server cannot start: {}", error.what()),
                "free memory, threads or file descriptors");
  }
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  stop();
}

std::uint16_t Server::port() const noexcept {
  return impl_->port;
}

void Server::stop() {
  if (!impl_->thread.joinable()) return;
  asio::post(impl_->io, [impl = impl_.get()] { impl->end(); });
  impl_->thread.join();
}

}  // namespace wheatstone::cer_server
