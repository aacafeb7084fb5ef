// The bytes of a TCP connection, as they are or encrypted.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>

#include "formats/layout/bytes.hpp"
#include "mocks/http/tls.hpp"

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

  // Why the other side could not be talked to, for people; empty if nothing is known.
  virtual std::string failure() const { return {}; }
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

  boost::asio::any_io_executor executor() { return socket_.get_executor(); }

 private:
  boost::asio::ip::tcp::socket socket_;
};

// Shows the certificate of `server` and speaks TLS. Handlers of the wire keep it alive.
class TlsStream final : public Stream, public std::enable_shared_from_this<TlsStream> {
 public:
  TlsStream(boost::asio::ip::tcp::socket socket, const http::TlsServer& server);

  void read(MutableBytes room, std::function<void(Error, Bytes)> done) override;
  void write(Bytes bytes, std::function<void(Error)> done) override;
  void end_of_output() override;
  void cancel() override { wire_.cancel(); }
  void close() override { wire_.close(); }
  bool is_open() const override { return wire_.is_open(); }
  std::string failure() const override { return channel_.reason(); }

 private:
  void send_pending();
  void sent(Error error);

  PlainStream wire_;
  http::TlsChannel channel_;
  Buffer input_;    // of the application, as handed over last
  Buffer pending_;  // for the wire
  Buffer sending_;
  std::function<void(Error)> when_sent_;  // of the application's write
  bool at_end_ = false;                   // nothing follows what is pending
};

}  // namespace wheatstone::cer_server
