#include "harness/conform/desk.hpp"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "mocks/http/fields.hpp"

namespace wheatstone::conform {
namespace {

using http::MessageReader;

constexpr std::size_t kMostBody = 64u << 20;
constexpr std::size_t kMostGuests = 64;
constexpr std::size_t kMostRequests = 64;  // of one visit
constexpr Milliseconds kTurn{20};          // how long we look for news before we look at the client
constexpr Milliseconds kSend{5'000};       // for an answer to be taken
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kBadRequest =
    "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
constexpr std::string_view kNotFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

}  // namespace

Result<Desk> Desk::open(std::uint16_t port, Milliseconds wait,
                        const std::optional<http::Identity>& identity) {
  std::optional<http::TlsServer> tls;
  if (identity) {
    auto made = http::TlsServer::make(*identity);
    if (!made) return std::unexpected(made.error());
    tls = std::move(*made);
  }
  auto listener = Listener::open(port);
  if (!listener) return std::unexpected(listener.error());
  auto decoy = Listener::open(0);
  if (!decoy) return std::unexpected(decoy.error());
  return Desk(std::move(*listener), std::move(*decoy), std::move(tls), wait);
}

Desk::Desk(Listener listener, Listener decoy, std::optional<http::TlsServer> tls, Milliseconds wait)
    : listener_(std::move(listener)),
      decoy_(std::move(decoy)),
      tls_(std::move(tls)),
      wait_(wait),
      place_{listener_.port(), decoy_.port(), tls_ ? tls_->fingerprint() : std::string()} {}

void Desk::begin(const Script& script) {
  script_ = script;
  visit_ = {.place = place_};
  const std::size_t body = script.answer.find("\r\n\r\n");
  if (body != std::string::npos)
    visit_.answer = cer::read_answer(as_bytes(std::string_view(script.answer).substr(body + 4))).answer;
}

Visit Desk::end() {
  return std::exchange(visit_, {});
}

Visit Desk::serve(const Script& script) {
  begin(script);
  one_report_ = true;
  if (auto held = std::exchange(held_, std::nullopt)) receive(*held->first, std::move(held->second));
  while (!holds_report() && turn(wait_)) {
  }
  return end();
}

Result<Visit> Desk::serve(const Script& script, const RunClient& run) {
  begin(script);
  one_report_ = false;
  Result<std::optional<int>> ended = std::nullopt;
  std::atomic<bool> done = false;
  std::thread client([&] {
    ended = run(place_);
    done = true;
  });
  while (!done) turn(kTurn);
  client.join();
  while (turn(Milliseconds(0))) {
  }
  guests_.clear();
  if (!ended) return std::unexpected(ended.error());
  visit_.has_command = true;
  visit_.exit_code = *ended;
  return end();
}

// Waits for one event and handles all that are there. False if none came.
bool Desk::turn(Milliseconds wait) {
  std::vector<pollfd> entries = {{listener_.socket(), POLLIN, 0}, {decoy_.socket(), POLLIN, 0}};
  for (const auto& guest : guests_) entries.push_back({guest->connection.socket(), POLLIN, 0});
  if (::poll(entries.data(), entries.size(), static_cast<int>(wait.count())) <= 0) return false;
  for (std::size_t i = 2; i < entries.size(); ++i)
    if (entries[i].revents != 0) read(*guests_[i - 2]);
  std::erase_if(guests_, [](const auto& guest) { return guest->gone; });
  if (entries[0].revents != 0) welcome();
  if (entries[1].revents != 0 && decoy_.accept(Milliseconds(0), kSend)) visit_.went_elsewhere = true;
  return true;
}

void Desk::welcome() {
  auto connection = listener_.accept(Milliseconds(0), kSend);
  if (connection && tls_) connection->accept_tls(*tls_);
  if (connection && guests_.size() < kMostGuests)
    guests_.push_back(std::make_unique<Guest>(std::move(*connection)));
}

void Desk::read(Guest& guest) {
  const bool open = guest.connection.read_available(guest.input);
  if (guest.refused) guest.input.clear();
  step(guest);
  if (open) return;
  const bool in_the_middle = !guest.refused && (!guest.reader.message().raw.empty() || !guest.input.empty());
  if (in_the_middle) {
    guest.reader.end_of_input();
    receive(guest, {.message = guest.reader.take_message(), .problem = guest.reader.reason()});
  }
  // What it holds of a report for the next visit cannot be answered any more.
  guest.gone = !(held_ && held_->first == &guest);
}

void Desk::step(Guest& guest) {
  using State = MessageReader::State;
  while (!guest.refused && !(held_ && held_->first == &guest)) {
    const std::size_t taken = guest.reader.put(guest.input);
    guest.input.erase(guest.input.begin(), guest.input.begin() + static_cast<std::ptrdiff_t>(taken));
    if (guest.reader.state() == State::head_done) {
      if (guest.reader.message().field("Expect")) (void)guest.connection.send(kContinue);
      guest.reader.read_body(kMostBody);
    }
    if (guest.reader.state() == State::done) {
      Seen seen{.message = guest.reader.take_message()};
      guest.reader = MessageReader(http::MessageKind::request);
      receive(guest, std::move(seen));
    } else if (guest.reader.state() == State::failed) {
      receive(guest, {.message = guest.reader.take_message(), .problem = guest.reader.reason()});
      guest.refused = true;
    } else if (taken == 0) {
      return;
    }
  }
}

void Desk::receive(Guest& guest, Seen seen) {
  if (one_report_ && seen.is_report() && visit_.report() != nullptr) {
    held_.emplace(&guest, std::move(seen));
    return;
  }
  if (seen.is_report() && !seen.document) seen.document = cer::read_report(seen.message.body());
  reply(guest, seen);
  if (visit_.requests.size() < kMostRequests) visit_.requests.push_back(std::move(seen));
}

void Desk::reply(Guest& guest, const Seen& seen) {
  const std::string_view bytes = !seen.problem.empty() ? kBadRequest
                                 : seen.is_report()    ? std::string_view(script_.answer)
                                 : seen.is_upload()    ? std::string_view(script_.upload_answer)
                                                       : kNotFound;
  (void)guest.connection.send(bytes);
  if (!script_.closes && seen.problem.empty() && !http::closes(seen.message)) return;
  guest.connection.finish_sending();
  guest.refused = true;
}

}  // namespace wheatstone::conform
