#include "mocks/cer_server/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "mocks/cer_server/connection.hpp"
#include "mocks/cer_server/service.hpp"
#include "mocks/cer_server/stream.hpp"

namespace wheatstone::cer_server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Phase = Connection::Phase;
using Time = std::chrono::steady_clock::time_point;

constexpr std::size_t kReadSize = 256u << 10;
constexpr std::chrono::milliseconds kAcceptRetry{100};  // after EMFILE and the like

class Session;

// One thread with its connections.
struct Loop {
  asio::io_context io{1};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work{io.get_executor()};
  Buffer room = Buffer(kReadSize);  // for the bytes that are read
  std::map<Session*, std::shared_ptr<Session>> sessions;
  std::atomic<bool> flushing = false;  // a flush of the service is on its way
  std::thread thread;

  static thread_local Loop* current;

  void run() {
    current = this;
    for (;;) {
      try {
        io.run();
        return;
      } catch (const std::exception&) {
        continue;  // out of memory, most likely: the session at fault is gone, the others go on
      }
    }
  }
};

thread_local Loop* Loop::current = nullptr;

// A connection with its stream and deadline. Its loop owns it until it is closed.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Stream> stream, Service& service, Loop& loop)
      : loop_(loop),
        stream_(std::move(stream)),
        deadline_(loop.io),
        pause_(loop.io),
        limits_(service.limits()),
        connection_(service, [&loop, self = self_](std::function<void()> work) {
          resume(loop, self, std::move(work));
        }) {}

  void start() {
    *self_ = weak_from_this();
    arm();
    read();
  }

  // Its last handlers end afterwards.
  void close() {
    const auto self = shared_from_this();
    deadline_.cancel();
    pause_.cancel();
    stream_->close();
    loop_.sessions.erase(this);
  }

  std::function<void()> on_end;

  ~Session() {
    if (on_end) on_end();
  }

 private:
  // A deadline moves with every request, the timer only when it has run out. While the client waits for us
  // there is no deadline.
  void arm() {
    const Phase phase = connection_.phase();
    if (phase == Phase::answer) return disarm();
    due_ = Time::clock::now() + (phase == Phase::closing ? limits_.drain_time
                                 : phase == Phase::body  ? limits_.body_time
                                                         : limits_.head_time);
    if (!timing_ || due_ < deadline_.expiry()) wait_until(due_);
  }

  void disarm() { due_ = Time::max(); }

  void wait_until(Time time) {
    timing_ = true;
    deadline_.expires_at(time);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (error) return;
      self->timing_ = false;
      if (self->due_ == Time::max()) return;
      if (Time::clock::now() >= self->due_) return self->expired();
      self->wait_until(self->due_);
    });
  }

  void expired() {
    if (draining_) return close();
    expired_ = true;
    stream_->cancel();  // a pending read or write ends and finds expired_ set
  }

  void read() {
    stream_->read(loop_.room, [self = shared_from_this()](error_code error, Bytes bytes) {
      self->on_read(error, bytes);
    });
  }

  void on_read(error_code error, Bytes bytes) {
    if (!stream_->is_open()) return;
    if (draining_) return error ? close() : read();
    if (expired_) {
      expired_ = false;
      drive([this] { connection_.time_out(); });
    } else if (error) {
      if (const std::string why = stream_->failure(); !why.empty()) connection_.broken(why);
      close();
    } else {
      drive([this, bytes] { connection_.receive(bytes); });
    }
  }

  // Calls the connection and does what it wants next.
  template <class Call>
  void drive(const Call& call) {
    driven = this;
    call();
    driven = nullptr;
    renew_deadline();
    if (!writing_) flush();
  }

  using Self = std::shared_ptr<std::weak_ptr<Session>>;

  // The rest of a request whose answer took its time. From any thread; the session may be gone by then.
  static void resume(Loop& loop, const Self& self, std::function<void()> work) {
    if (driven != nullptr && driven->self_ == self) return work();
    auto go_on = [self, work = std::move(work)] {
      if (const auto session = self->lock(); session && session->stream_->is_open()) session->drive(work);
    };
    if (Loop::current == &loop && driven == nullptr) return go_on();
    asio::post(loop.io, std::move(go_on));
  }

  void flush() {
    output_ = connection_.take_output();
    pace_ = connection_.take_pace();
    sent_ = 0;
    if (output_.empty()) return proceed();
    writing_ = true;
    send();
  }

  // Sends what is left of the output, in pieces with pauses if that was asked for.
  void send() {
    if (sent_ == output_.size()) {
      writing_ = false;
      if (pace_.wait.count() != 0) arm();
      return flush();
    }
    if (pace_.wait.count() == 0) return write(output_.size());
    disarm();  // the slow one is the server
    pause_.expires_after(pace_.wait);
    pause_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->write(self->pace_.piece == 0 ? self->output_.size() : self->pace_.piece);
    });
  }

  void write(std::size_t most) {
    const Bytes piece = Bytes(output_).subspan(sent_).first(std::min(most, output_.size() - sent_));
    stream_->write(piece, [self = shared_from_this(), size = piece.size()](error_code failed) {
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
    if (connection_.phase() == Phase::answer) return;  // resume() goes on
    if (connection_.phase() == Phase::closing) {
      // Closing at once would reset the connection and could destroy the answer on its way.
      draining_ = true;
      stream_->end_of_output();
    }
    read();
  }

  static thread_local Session* driven;  // whose connection this thread is calling

  const Self self_ = std::make_shared<std::weak_ptr<Session>>();  // set by start(), then never again
  Loop& loop_;
  std::shared_ptr<Stream> stream_;
  asio::steady_timer deadline_;
  Time due_ = Time::max();
  bool timing_ = false;
  asio::steady_timer pause_;
  const Limits& limits_;
  Connection connection_;
  Buffer output_;
  std::size_t sent_ = 0;  // of the output
  Pace pace_;
  std::pair<Phase, std::uint64_t> armed_for_{Phase::idle, 0};
  bool writing_ = false;
  bool expired_ = false;
  bool draining_ = false;
};

thread_local Session* Session::driven = nullptr;

}  // namespace

struct Server::Impl {
  std::unique_ptr<Service> service;
  std::vector<std::unique_ptr<Loop>> loops;  // connections are dealt out in turn; the first one accepts
  std::size_t next = 0;
  std::atomic<std::size_t> open = 0;  // connections
  std::optional<tcp::acceptor> acceptor;
  std::optional<asio::steady_timer> accept_again;
  bool stopping = false;
  bool accepting = false;
  std::uint16_t port = 0;
  std::optional<http::TlsServer> tls, faulty_tls;
  unsigned faulty_left = 0;  // connections; with faulty_tls

  void flush_soon();
  Result<void> prepare_tls(const Options& options);
  std::shared_ptr<Stream> stream_of(tcp::socket socket);
  Result<void> listen(const Options& options);
  void accept();
  void admit(const std::shared_ptr<Stream>& stream, Loop& loop);
  void stop();
};

Result<void> Server::Impl::listen(const Options& options) {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error)
    return fail(ErrorKind::invalid_argument, fmt::format("\"{}\" is not an IP address", options.address),
                "name one of this machine's addresses, for example 127.0.0.1");
  const bool asks_who = options.accounts && !options.accounts->passwords.empty();
  if (!address.is_loopback() && !options.unprotected && !(options.tls && asks_who))
    return fail(
        ErrorKind::invalid_argument,
        fmt::format("other machines reach {}, and there is {}: whoever comes can send reports and read "
                    "all of them",
                    options.address,
                    options.tls ? "no account with a password"
                    : asks_who  ? "no encryption"
                                : "neither encryption nor authentication"),
        "listen on 127.0.0.1, use TLS and accounts, or say that it may be unprotected");
  const tcp::endpoint endpoint(address, options.port);
  acceptor.emplace(loops.front()->io);
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (error == asio::error::address_in_use)
    return fail(ErrorKind::environment,
                fmt::format("{} port {} is in use by another program", options.address, options.port),
                "stop that program, or choose another port (0 takes any free one)");
  if (error)
    return fail(
        ErrorKind::environment,
        fmt::format("cannot listen on {} port {}: {}", options.address, options.port, error.message()),
        "choose an address of this machine and a port that you may use");
  port = acceptor->local_endpoint(error).port();
  return {};
}

// Once the connections that are ready have been served: they share the commit.
void Server::Impl::flush_soon() {
  Loop& loop = Loop::current != nullptr ? *Loop::current : *loops.front();
  if (loop.flushing.exchange(true)) return;
  asio::post(loop.io, [this, &loop] {
    loop.flushing = false;
    service->flush();
  });
}

Result<void> Server::Impl::prepare_tls(const Options& options) {
  if (!options.tls) return {};
  auto identity = options.tls->identity ? Result<http::Identity>(*options.tls->identity)
                                        : http::make_identity({options.address, "localhost"});
  if (!identity) return std::unexpected(identity.error());
  auto right = http::TlsServer::make(*identity);
  if (!right) return std::unexpected(right.error());
  tls.emplace(std::move(*right));
  if (!options.tls->fault) return {};
  auto faulty = http::TlsServer::make(*identity, options.tls->fault);
  if (!faulty) return std::unexpected(faulty.error());
  faulty_tls.emplace(std::move(*faulty));
  faulty_left = options.tls->times == 0 ? ~0u : options.tls->times;
  return {};
}

std::shared_ptr<Stream> Server::Impl::stream_of(tcp::socket socket) {
  if (!tls) return std::make_shared<PlainStream>(std::move(socket));
  if (!faulty_tls || faulty_left == 0) return std::make_shared<TlsStream>(std::move(socket), *tls);
  if (faulty_left != ~0u) --faulty_left;
  return std::make_shared<TlsStream>(std::move(socket), *faulty_tls);
}

// On the first loop.
void Server::Impl::accept() {
  if (stopping || accepting || open >= service->limits().connections) return;
  accepting = true;
  Loop& loop = *loops[next++ % loops.size()];
  acceptor->async_accept(loop.io, [this, &loop](error_code error, tcp::socket socket) {
    accepting = false;
    if (stopping) return;
    if (!error) {
      ++open;
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      asio::post(loop.io, [this, &loop, stream = stream_of(std::move(socket))] { admit(stream, loop); });
      return accept();
    }
    accept_again->expires_after(kAcceptRetry);
    accept_again->async_wait([this](error_code cancelled) {
      if (!cancelled) accept();
    });
  });
}

void Server::Impl::admit(const std::shared_ptr<Stream>& stream, Loop& loop) {
  const auto session = std::make_shared<Session>(stream, *service, loop);
  loop.sessions.emplace(session.get(), session);
  session->on_end = [this] {
    --open;
    asio::post(loops.front()->io, [this] { accept(); });  // there may be room now
  };
  if (!loop.work) return session->close();  // the server is stopping
  session->start();
}

void Server::Impl::stop() {
  asio::post(loops.front()->io, [this] {
    stopping = true;
    error_code ignored;
    acceptor->close(ignored);
    accept_again->cancel();
  });
  for (const auto& loop : loops)
    asio::post(loop->io, [&loop] {
      loop->work.reset();
      while (!loop->sessions.empty()) loop->sessions.begin()->second->close();
    });
  for (const auto& loop : loops)
    if (loop->thread.joinable()) loop->thread.join();
  // A connection that was accepted meanwhile waits for a loop that has ended.
  for (const auto& loop : loops) {
    loop->io.restart();
    loop->io.poll();
  }
  service->stop();
}

Result<std::unique_ptr<Server>> Server::start(const Options& options, std::vector<Rule> rules,
                                              const Clock& clock, Random& random, Listener* observer) {
  if (options.limits.connections == 0)
    return fail(ErrorKind::invalid_argument, "a server for no connection at all", "allow at least one",
                Location{{}, 0, 0, Location::kNoOffset, "limits.connections"});
  try {
    auto impl = std::make_unique<Impl>();
    for (unsigned i = 0; i < std::max(options.threads, 1u); ++i)
      impl->loops.push_back(std::make_unique<Loop>());
    impl->accept_again.emplace(impl->loops.front()->io);
    auto service = Service::open(options, std::move(rules), clock, random, observer);
    if (!service) return std::unexpected(service.error());
    impl->service = std::move(*service);
    if (const auto ready = impl->prepare_tls(options); !ready) return std::unexpected(ready.error());
    if (const auto listening = impl->listen(options); !listening) return std::unexpected(listening.error());
    impl->service->begin([raw = impl.get()] { raw->flush_soon(); });
    impl->accept();
    std::unique_ptr<Server> server(new Server(std::move(impl)));
    for (const auto& loop : server->impl_->loops)
      loop->thread = std::thread([raw = loop.get()] { raw->run(); });
    return server;
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

std::string Server::fingerprint() const {
  return impl_->tls ? impl_->tls->fingerprint() : std::string();
}

void Server::stop() {
  if (impl_->loops.front()->thread.joinable()) impl_->stop();
}

}  // namespace wheatstone::cer_server
