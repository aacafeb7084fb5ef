#include "mocks/cer_server/stream.hpp"

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

}  // namespace wheatstone::cer_server
