#include "tests/harness/conform/wrong_client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/cab/cabinet.hpp"
#include "harness/conform/documents.hpp"
#include "mocks/text.hpp"

namespace wheatstone::conform::test {
namespace {

constexpr Milliseconds kTime{2'000};
constexpr FileTime kNow{128'496'925'190'000'000};

// One run of a client.
class Attempt {
 public:
  Attempt(const SmallClient& client, const Place& place)
      : client_(client), server_{place.host(), place.port} {}

  // True for a success.
  bool run();

 private:
  Received exchange(std::string_view method, std::string_view target, std::string_view body);
  bool is_success(const Received& received) const {
    return client_.believes_statuses || (received.complete() && received.message.status / 100 == 2);
  }
  std::string document() const;
  std::string target_of(const std::string& dump_file);
  std::string cab(const cer::Answer& answer) const;

  const SmallClient& client_;
  Endpoint server_;
};

Received Attempt::exchange(std::string_view method, std::string_view target, std::string_view body) {
  for (int redirects = 0;; ++redirects) {
    std::string bytes =
        fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: small\r\nContent-Length: {}\r\n\r\n{}", method,
                    target, server_.authority(), body.size(), body);
    if (client_.change_request) bytes = client_.change_request(std::move(bytes));
    auto connection = Connection::open(server_, kTime);
    if (!connection) return {};
    (void)connection->send(bytes);
    Received received = connection->response();
    const auto location = received.message.field("Location");
    if (!client_.follows_redirects || !location || redirects == 1) return received;
    const auto next = parse_url(location->substr(0, location->find('/', 7)));
    if (!next) return received;
    server_ = *next;
  }
}

std::string Attempt::document() const {
  std::string text = crash_document("APPCRASH", 1).text();
  if (client_.change_document) text = client_.change_document(std::move(text));
  return client_.utf8 ? text : utf16(text);
}

// Empty: nowhere to go.
std::string Attempt::target_of(const std::string& dump_file) {
  if (client_.raw_target) return dump_file;
  const std::size_t slash = dump_file.find('/', 7);
  if (client_.follows_urls && dump_file.starts_with("http://") && slash != std::string::npos) {
    const auto other = parse_url(dump_file.substr(0, slash));
    if (other) server_ = *other;
    return dump_file.substr(slash);
  }
  return cer::upload_target(dump_file).value_or("");
}

std::string Attempt::cab(const cer::Answer& answer) const {
  std::vector<cab::Member> members = {{"Version.txt", {'6'}}};
  if (client_.gives_files)
    for (const std::string& path : answer.get_file) members.push_back({std::string(base_name(path)), {'x'}});
  return std::string(as_text(*cab::write(members, kNow)));
}

bool Attempt::run() {
  Received received;
  for (unsigned i = 0; i < client_.tries && (i == 0 || !is_success(received)); ++i)
    received = exchange("POST", "/stage2.htm", document());
  if (!is_success(received)) return false;
  const cer::Answer answer = cer::read_answer(received.message.body()).answer;
  if (!answer.i_data.value_or(false) && !client_.always_uploads) return true;
  const std::string target = target_of(answer.dump_file.value_or(""));
  if (target.empty() || client_.never_uploads) return true;
  return is_success(exchange("PUT", target, cab(answer)));
}

std::string replaced_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

using Text = std::string;

}  // namespace

Result<std::optional<int>> SmallClient::operator()(const Place& place) const {
  return Attempt(*this, place).run() || hopes ? 0 : 1;
}

const std::vector<BadHabit>& bad_habits() {
  static const std::vector<BadHabit> all = {
      {"old",
       {.change_request = [](Text t) { return replaced_all(t, "HTTP/1.1\r\nHost", "HTTP/1.0\r\nHost"); }},
       {"CER2-C-002"}},
      {"other-host",
       {.change_request = [](Text t) { return replaced_all(t, "Host: 127", "Host: 128"); }},
       {"CER2-C-003"}},
      {"nameless",
       {.change_request = [](Text t) { return replaced_all(t, "User-Agent: small\r\n", ""); }},
       {"CER2-C-008"}},
      {"credentials",
       {.change_request =
            [](Text t) { return replaced_all(t, "User-Agent", "Authorization: x\r\nUser-Agent"); }},
       {"CER2-C-010", "CER2-C-093"}},
      {"utf-8", {.utf8 = true}, {"CER2-C-012", "CER2-C-013", "CER2-C-015"}},
      {"no-declaration",
       {.change_document = [](Text t) { return t.substr(t.find('\n') + 1); }},
       {"CER2-C-014"}},
      {"no-user",
       {.change_document =
            [](Text t) { return replaced_all(t, "<USERINFO username=\"Username\"/>\r\n", ""); }},
       {"CER2-C-018"}},
      {"no-time",
       {.change_document = [](Text t) { return without_attribute(t, "eventtime"); }},
       {"CER2-C-021", "CER2-C-037"}},
      {"zero-time",
       {.change_document = [](Text t) { return replaced_all(t, "\"128496925196486378\"", "\"0\""); }},
       {"CER2-C-037"}},
      {"type-5",
       {.change_document = [](Text t) { return replaced_all(t, "type=\"2\"", "type=\"5\""); }},
       {"CER2-C-028"}},
      {"always-uploads", {.always_uploads = true}, {"CER2-C-051", "CER2-C-052", "CER2-C-054"}},
      {"never-uploads", {.never_uploads = true}, {"CER2-C-050"}},
      {"raw-target",
       {.raw_target = true},
       {"CER2-C-001", "CER2-C-004", "CER2-C-067", "CER2-C-068", "CER2-C-069", "CER2-C-071", "CER2-C-072",
        "CER2-C-073", "CER2-C-075", "CER2-C-076", "CER2-C-077", "CER2-C-080"}},
      {"follows-urls", {.follows_urls = true}, {"CER2-C-077"}},
      {"follows-redirects", {.follows_redirects = true}, {"CER2-C-094", "CER2-C-095"}},
      {"believes",
       {.believes_statuses = true},
       {"CER2-C-090", "CER2-C-091", "CER2-C-093", "CER2-C-094", "CER2-C-096", "CER2-C-097", "CER2-C-098",
        "CER2-C-107", "CER2-C-108", "CER2-C-109"}},
      {"hopes",
       {.hopes = true},
       {"CER2-C-090", "CER2-C-091", "CER2-C-096", "CER2-C-097", "CER2-C-098", "CER2-C-107", "CER2-C-108",
        "CER2-C-109"}},
      {"gives-files", {.gives_files = true}, {"CER2-C-085"}},
      {"insists", {.tries = 9}, {"CER2-C-092"}},
  };
  return all;
}

}  // namespace wheatstone::conform::test
