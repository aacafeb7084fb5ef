#include "mocks/cer_server/reply.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wheatstone::cer_server {
namespace {

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 302:
      return "Found";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 417:
      return "Expectation Failed";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Scripted";
  }
}

// What the head announces, and what is sent of the body. May ask for the end of the connection.
struct Framing {
  std::size_t announced = 0;
  std::size_t sent = 0;
};

Framing framing_of(const Reply& reply, bool& close) {
  const std::size_t size = reply.body.size();
  if (!reply.fault) return {size, size};
  switch (reply.fault->kind) {
    case Fault::Kind::truncate:
      close = true;
      return {std::max(size, size / 2 + 1), size / 2};
    case Fault::Kind::short_length:
      close = true;  // what is left over would be the beginning of the next response
      return {size == 0 ? 0 : size - 1, size};
    case Fault::Kind::long_length:
      return {size + 1, size};
    default:
      return {size, size};
  }
}

}  // namespace

Buffer render(const Reply& reply, FileTime now, bool head_only, bool& close) {
  const Framing framing = framing_of(reply, close);
  std::string out = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\nServer: wheatstone\r\n", reply.status,
                                reason_phrase(reply.status), http::imf_fixdate(now));
  for (const http::Field& field : reply.fields) out += fmt::format("{}: {}\r\n", field.name, field.value);
  if (reply.status == 503) out += "Retry-After: 1\r\n";
  out += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", reply.content_type, framing.announced);
  if (close) out += "Connection: close\r\n";
  out += "\r\n";
  if (!head_only) out += std::string_view(reply.body).substr(0, framing.sent);
  return {out.begin(), out.end()};
}

}  // namespace wheatstone::cer_server
