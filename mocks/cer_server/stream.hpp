// The bytes of a TCP connection, as they are or encrypted.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>

#include "formats/layout/bytes.hpp"

namespace wheatstone::cer_server {

// Handlers run on the io_context of the socket, never within the call. One read and one write at a time.
class Stream {
 public:
  using Error = boost::system::error_code;

  virtual ~Stream() = default;

  // Waits for bytes and hands over what is there. `room` must outlive the call; it may be used by others
  // until there is something to read.
  virtual void read(MutableBytes room, std::function<void(Error, Bytes)> done) = 0;

  // Sends all of `bytes`, which must stay.
  virtual void write(Bytes bytes, std::function<void(Error)> done) = 0;

  // Says that no more will be sent.
  virtual void end_of_output() = 0;

  // What is pending ends with an error.
  virtual void cancel() = 0;
  virtual void close() = 0;
  virtual bool is_open() const = 0;
};

class PlainStream final : public Stream {
 public:
  explicit PlainStream(boost::asio::ip::tcp::socket socket);

  void read(MutableBytes room, std::function<void(Error, Bytes)> done) override;
  void write(Bytes bytes, std::function<void(Error)> done) override;
  void end_of_output() override;
  void cancel() override;
  void close() override;
  bool is_open() const override { return socket_.is_open(); }

 private:
  boost::asio::ip::tcp::socket socket_;
};

}  // namespace wheatstone::cer_server
