#include "tests/harness/conform/small_client.hpp"

#include <fmt/format.h>

#include "formats/cab/cabinet.hpp"
#include "harness/conform/documents.hpp"

namespace wheatstone::conform::test {
namespace {

constexpr Milliseconds kTime{2'000};
constexpr FileTime kNow{128'496'925'190'000'000};

// True for a success; the answer is in `received`.
bool exchange(const Place& place, std::string_view method, std::string_view target, std::string_view body,
              Received& received) {
  const Endpoint server{place.host(), place.port};
  auto connection = Connection::open(server, kTime);
  if (!connection) return false;
  (void)connection->send(
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: small\r\nContent-Length: {}\r\n\r\n{}", method,
                  target, server.authority(), body.size(), body));
  received = connection->response();
  return received.complete() && received.message.status / 100 == 2;
}

bool report(const Place& place) {
  Received received;
  if (!exchange(place, "POST", "/stage2.htm", utf16(crash_document("APPCRASH", 1).text()), received))
    return false;
  const cer::Answer answer = cer::read_answer(received.message.body()).answer;
  if (!answer.i_data.value_or(false)) return true;
  const auto target = cer::upload_target(answer.dump_file.value_or(""));
  if (!target) return true;
  const auto cab = cab::write({{"Version.txt", {'6'}}}, kNow);
  return exchange(place, "PUT", *target, as_text(*cab), received);
}

}  // namespace

Result<std::optional<int>> run_small_client(const Place& place) {
  return report(place) ? 0 : 1;
}

}  // namespace wheatstone::conform::test
