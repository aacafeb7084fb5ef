// Level 2: the PUT of the cab. All need a server that asks for one.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/conform/server_cases.hpp"

namespace wheatstone::conform {
namespace {

using enum Level;

constexpr Milliseconds kShort{100};

// A check of the target that a client makes of the DumpFile for a report.
template <class Check>
Verdict on_target(Peer& peer, const Check& check) {
  const Peer::Issued issued = peer.issue();
  if (!issued.verdict.passed()) return issued.verdict;
  const auto target = cer::upload_target(issued.dump_file);
  if (!target) return not_applicable(target.error().message);
  return check(*target);
}

Verdict takes_put(const Peer& peer, std::string_view target) {
  return takes_cab(peer.ask(peer.put(target, small_cab())));
}

// The cab under another spelling of its path.
template <class Spell>
Verdict takes_spelling(Peer& peer, const Spell& spell) {
  return on_target(peer, [&](const std::string& target) { return takes_put(peer, spell(target)); });
}

std::string with_separator(std::string_view target, std::string_view separator) {
  std::string out;
  for (const char c : target) c == '/' ? out += separator : out += c;
  return out;
}

// The last letter or digit in percent-encoding.
std::string with_encoded_letter(std::string target) {
  const auto is_plain = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); };
  const auto found = std::find_if(target.rbegin(), target.rend(), is_plain);
  if (found == target.rend()) return target;
  const auto at = static_cast<std::size_t>(target.rend() - found) - 1;
  return target.replace(at, 1, fmt::format("%{:02X}", static_cast<unsigned>(target[at])));
}

Verdict chunked_put(Peer& peer) {
  return on_target(peer, [&](const std::string& target) {
    const std::string cab = small_cab();
    return takes_cab(
        peer.ask(peer.head(fmt::format("PUT {} HTTP/1.1", target), "Transfer-Encoding: chunked\r\n") +
                 chunked({std::string_view(cab).substr(0, 7), std::string_view(cab).substr(7)})));
  });
}

Verdict put_with_expectation(Peer& peer) {
  return on_target(peer, [&](const std::string& target) {
    auto connection = peer.connect();
    if (!connection) return failed("no connection");
    const std::string cab = small_cab();
    (void)connection->send(
        peer.head(fmt::format("PUT {} HTTP/1.1", target),
                  fmt::format("Expect: 100-continue\r\nContent-Length: {}\r\n", cab.size())));
    if (!connection->answers_within(peer.time())) return failed("neither 100 nor a final status came");
    (void)connection->send(cab);
    return takes_cab(connection->response());
  });
}

Verdict put_on_the_same_connection(Peer& peer) {
  auto connection = peer.connect();
  if (!connection) return failed("no connection");
  (void)connection->send(peer.post(peer.body()));
  const Received received = connection->response();
  if (Verdict verdict = takes(received); !verdict.passed()) return verdict;
  const cer::Answer answer = cer::read_answer(received.message.body()).answer;
  const auto target = cer::upload_target(answer.dump_file.value_or(""));
  if (!answer.i_data.value_or(false) || !target)
    return not_applicable("the answer does not ask for a cab (no iData=1 with a DumpFile)");
  (void)connection->send(peer.put(*target, small_cab()));
  const Received second = connection->response();
  if (second.end == Received::End::closed) return not_applicable("the server closes after each request");
  return takes_cab(second);
}

Verdict uploads_in_another_order(Peer& peer) {
  return on_target(peer, [&peer](const std::string& first) {
    return on_target(peer, [&](const std::string& second) {
      if (first == second) return not_applicable("both reports got the same DumpFile");
      if (Verdict verdict = takes_put(peer, second); !verdict.passed()) return verdict;
      return takes_put(peer, first);
    });
  });
}

// After a PUT that came to nothing the path still waits for its cab.
Verdict then_takes_the_cab(const Peer& peer, std::string_view target) {
  Verdict verdict = takes_put(peer, target);
  if (!verdict.passed()) verdict.reason = "the cab after it: " + verdict.reason;
  return verdict;
}

Verdict empty_put(Peer& peer) {
  return on_target(peer, [&](const std::string& target) {
    if (Verdict verdict = refuses(peer.ask(peer.put(target, ""))); !verdict.passed()) return verdict;
    return then_takes_the_cab(peer, target);
  });
}

Verdict put_without_length(Peer& peer) {
  return on_target(peer, [&](const std::string& target) {
    const Received received = peer.ask(peer.head(fmt::format("PUT {} HTTP/1.1", target)));
    if (Verdict verdict = refuses(received); !verdict.passed()) return verdict;
    return then_takes_the_cab(peer, target);
  });
}

Verdict put_cut_short(Peer& peer) {
  return on_target(peer, [&](const std::string& target) {
    auto connection = peer.connect();
    if (!connection) return failed("no connection");
    const std::string bytes = peer.put(target, small_cab());
    (void)connection->send(std::string_view(bytes).substr(0, bytes.size() - 9));
    connection->finish_sending();
    const Received received = connection->response();
    if (received.complete() && received.message.status / 100 == 2)
      return failed("half a cab was answered with 2xx");
    return then_takes_the_cab(peer, target);
  });
}

Verdict put_twice(Peer& peer) {
  return on_target(peer, [&](const std::string& target) {
    if (Verdict verdict = takes_put(peer, target); !verdict.passed()) return verdict;
    return refuses(peer.ask(peer.put(target, small_cab())));
  });
}

Verdict put_twice_spelt_differently(Peer& peer) {
  return on_target(peer, [&](const std::string& target) {
    if (Verdict verdict = takes_put(peer, target); !verdict.passed()) return verdict;
    return refuses(peer.ask(peer.put(with_separator(target, "%5C"), small_cab())));
  });
}

Verdict part_of_a_cab(Peer& peer) {
  return on_target(peer, [&](const std::string& target) {
    const std::string cab = small_cab();
    const Received received = peer.ask(peer.put(
        target, cab, fmt::format("Content-Range: bytes 0-{}/{}\r\n", cab.size() - 1, 2 * cab.size())));
    return has_status(received, {400});
  });
}

Verdict not_given_back(Peer& peer) {
  return on_target(peer, [&](const std::string& target) {
    if (Verdict verdict = takes_put(peer, target); !verdict.passed()) return verdict;
    return refuses(peer.ask(peer.head(fmt::format("GET {} HTTP/1.1", target))));
  });
}

Verdict other_method(Peer& peer, std::string_view method) {
  return on_target(peer, [&](const std::string& target) {
    return refuses(peer.ask(peer.request(fmt::format("{} {} HTTP/1.1", method, target), small_cab())));
  });
}

// The issued path with something behind it is another path.
Verdict never_issued(Peer& peer, std::string_view tail) {
  return on_target(peer, [&](const std::string& target) {
    return refuses(peer.ask(peer.put(target + std::string(tail), small_cab())));
  });
}

Verdict refused_before_the_body(Peer& peer) {
  auto connection = peer.connect();
  if (!connection) return failed("no connection");
  (void)connection->send(
      peer.head("PUT /no/such/path.cab HTTP/1.1", "Expect: 100-continue\r\nContent-Length: 1000000\r\n"));
  const Received received = connection->response();
  if (!received.interim.empty()) return failed("the server asked for a body that it then refused");
  return refuses(received);
}

Verdict stalled_put(Peer& peer) {
  return on_target(peer, [&](const std::string& target) {
    auto stalled = peer.connect();
    if (!stalled) return failed("no connection");
    const std::string bytes = peer.put(target, small_cab());
    (void)stalled->send(std::string_view(bytes).substr(0, bytes.size() - 9));
    if (stalled->answers_within(kShort)) return failed("an answer came before the cab was complete");
    return takes(peer.ask(peer.post(peer.body())));
  });
}

constexpr auto kCases = std::to_array<ServerCase>({
    {{"CER2-S-170", must, "MS-CER2 4.1", "a PUT of the cab to the DumpFile is answered with 2xx"},
     [](Peer& peer) {
       return on_target(peer, [&](const std::string& target) { return takes_put(peer, target); });
     }},
    {{"CER2-S-171", must, "RFC 9112 7.1", "a chunked cab is taken"}, chunked_put},
    {{"CER2-S-172", must, "RFC 9110 10.1.1", "a PUT with Expect: 100-continue gets 100 or a final status"},
     put_with_expectation},
    {{"CER2-S-173", must, "RFC 9112 9.3", "the cab may follow on the connection of its report"},
     put_on_the_same_connection},
    {{"CER2-S-174", must, "MS-CER2 3.2.1", "cabs may come in another order than their reports"},
     uploads_in_another_order},
    {{"CER2-S-175", gap, "MS-CER2 4.1", "a path with back-slashes, as the examples print it, is understood"},
     [](Peer& peer) {
       return takes_spelling(peer, [](const std::string& target) { return with_separator(target, "\\"); });
     }},
    {{"CER2-S-176", gap, "MS-CER2 4.1", "back-slashes may be percent-encoded, in either case"},
     [](Peer& peer) {
       if (Verdict verdict = takes_spelling(
               peer, [](const std::string& target) { return "/" + with_separator(target.substr(1), "%5C"); });
           !verdict.passed())
         return verdict;
       return takes_spelling(
           peer, [](const std::string& target) { return "/" + with_separator(target.substr(1), "%5c"); });
     }},
    {{"CER2-S-177", should, "RFC 9110 4.2.3", "a letter of the upload path may be percent-encoded"},
     [](Peer& peer) { return takes_spelling(peer, with_encoded_letter); }},
    {{"CER2-S-178", must, "RFC 9112 3.2.2", "the absolute form of the upload path is understood"},
     [](Peer& peer) {
       return takes_spelling(peer, [&](const std::string& target) { return peer.url() + target; });
     }},
    {{"CER2-S-179", gap, "MS-CER2 3.1.5", "the file need not be a cabinet: its format is the client's"},
     [](Peer& peer) {
       return on_target(peer, [&](const std::string& target) {
         return takes_cab(peer.ask(peer.put(target, "PK\x03\x04 another format")));
       });
     }},
    {{"CER2-S-180", gap, "MS-CER2 3.1.5", "a cab of 4 MiB is taken"},
     [](Peer& peer) {
       return on_target(peer, [&](const std::string& target) {
         return takes_cab(peer.ask(peer.put(target, std::string(4u << 20, 'x'))));
       });
     }},
    {{"CER2-S-181", gap, "MS-CER2 2.2.3", "an empty PUT is refused, and the path stays open"}, empty_put},
    {{"CER2-S-182", gap, "RFC 9110 15.5.12", "a PUT without any length is refused, and the path stays open"},
     put_without_length},
    {{"CER2-S-183", must, "RFC 9112 8", "a cab that was cut short is not taken, and the path stays open"},
     put_cut_short},
    {{"CER2-S-184", gap, "MS-CER2 2.2.3", "a second PUT to the same path is refused"}, put_twice},
    {{"CER2-S-185", gap, "MS-CER2 2.2.3", "another spelling of the path makes it no other path"},
     put_twice_spelt_differently},
    {{"CER2-S-186", should, "RFC 9110 14.5", "a part of a cab (Content-Range) is answered with 400"},
     part_of_a_cab},
    {{"CER2-S-187", gap, "MS-CER2 5.1", "a PUT to a path that was never issued is refused"},
     [](Peer& peer) { return refuses(peer.ask(peer.put("/no/such/path.cab", small_cab()))); }},
    {{"CER2-S-188", gap, "MS-CER2 5.1", "a path below an issued path was never issued"},
     [](Peer& peer) { return never_issued(peer, "/more.cab"); }},
    {{"CER2-S-189", gap, "MS-CER2 5.1", "'..' leads nowhere, plain or percent-encoded"},
     [](Peer& peer) {
       if (Verdict verdict = never_issued(peer, "/../../../outside"); !verdict.passed()) return verdict;
       return never_issued(peer, "/%2e%2e/%2e%2e/outside");
     }},
    {{"CER2-S-190", gap, "RFC 9110 10.1.1", "a PUT that is refused gets no 100 first"},
     refused_before_the_body},
    {{"CER2-S-191", gap, "MS-CER2 5.1", "a cab is not given back to who asks for it"}, not_given_back},
    {{"CER2-S-192", gap, "MS-CER2 2.2.3", "a POST to the upload path is refused"},
     [](Peer& peer) { return other_method(peer, "POST"); }},
    {{"CER2-S-193", gap, "MS-CER2 5.1", "a DELETE of the upload path is refused"},
     [](Peer& peer) { return other_method(peer, "DELETE"); }},
    {{"CER2-S-194", gap, "RFC 9112 9.5", "an upload that stalls blocks nobody"}, stalled_put},
});

}  // namespace

std::span<const ServerCase> upload_cases() {
  return kCases;
}

}  // namespace wheatstone::conform
