#include "mocks/cer_server/stream.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace wheatstone::cer_server {

namespace asio = boost::asio;
using asio::ip::tcp;

PlainStream::PlainStream(tcp::socket socket) : socket_(std::move(socket)) {
  Error ignored;
  socket_.non_blocking(true, ignored);
}

// A connection that waits needs no memory to read into.
void PlainStream::read(MutableBytes room, std::function<void(Error, Bytes)> done) {
  socket_.async_wait(tcp::socket::wait_read, [this, room, done = std::move(done)](Error error) mutable {
    std::size_t size = 0;
    if (!error) size = socket_.read_some(asio::buffer(room.data(), room.size()), error);
    if (error == asio::error::would_block) return read(room, std::move(done));
    done(error, room.first(size));
  });
}

void PlainStream::write(Bytes bytes, std::function<void(Error)> done) {
  asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()),
                    [done = std::move(done)](Error error, std::size_t) { done(error); });
}

void PlainStream::end_of_output() {
  Error ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void PlainStream::cancel() {
  Error ignored;
  socket_.cancel(ignored);
}

void PlainStream::close() {
  Error ignored;
  socket_.close(ignored);
}

TlsStream::TlsStream(tcp::socket socket, const http::TlsServer& server)
    : wire_(std::move(socket)), channel_(http::TlsChannel::accept(server)) {}

void TlsStream::read(MutableBytes room, std::function<void(Error, Bytes)> done) {
  wire_.read(room,
             [self = shared_from_this(), room, done = std::move(done)](Error error, Bytes bytes) mutable {
               using State = http::TlsChannel::State;
               TlsStream& me = *self;
               if (error == asio::error::eof)
                 me.channel_.end_of_input();
               else if (!error)
                 me.channel_.receive(bytes);
               me.input_ = me.channel_.take_input();
               me.send_pending();
               if (!me.input_.empty()) return done({}, me.input_);
               if (error) return done(error, {});
               const State state = me.channel_.state();
               if (state == State::ended || state == State::failed) return done(asio::error::eof, {});
               me.read(room, std::move(done));
             });
}

void TlsStream::write(Bytes bytes, std::function<void(Error)> done) {
  channel_.send(bytes);
  when_sent_ = std::move(done);
  send_pending();
}

void TlsStream::end_of_output() {
  channel_.close();
  at_end_ = true;
  send_pending();
}

// One write at a time: what comes up meanwhile waits.
void TlsStream::send_pending() {
  const Buffer more = channel_.take_output();
  pending_.insert(pending_.end(), more.begin(), more.end());
  if (!sending_.empty()) return;
  if (pending_.empty()) {
    if (at_end_) wire_.end_of_output();
    // The handshake may still want its say before anything of the application goes out.
    if (when_sent_ && channel_.state() != http::TlsChannel::State::handshake)
      asio::post(wire_.executor(),
                 [self = shared_from_this(), done = std::exchange(when_sent_, nullptr)] { done({}); });
    return;
  }
  sending_ = std::exchange(pending_, {});
  wire_.write(sending_, [self = shared_from_this()](Error error) { self->sent(error); });
}

void TlsStream::sent(Error error) {
  sending_.clear();
  if (!error) return send_pending();
  if (auto done = std::exchange(when_sent_, nullptr)) done(error);
}

}  // namespace wheatstone::cer_server
