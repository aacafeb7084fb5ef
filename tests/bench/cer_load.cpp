// cer_load PROGRAM [OPTION...]: how many reports a second the Corporate Error Reporting server takes, beside
// nginx on the same machine. PROGRAM is wheatstone.
//
//   --seconds N      of one round (2)
//   --rounds N       of each kind, nginx and ours in turn (5)
//   --clients N      connections (8)
//   --folder PATH    where both keep what they get, on a memory file system (/dev/shm)
//   --threads N      of wheatstone (one for each processor)
//   --only TEXT      only what has this in its name
//   --peer PATH      nginx; it answers the POST with a fixed 200 and stores the PUT with its DAV module
//   (nginx)
//
// A round is one thread with keep-alive connections that send as fast as answers come: an exchange is a
// level-1 report of 2 KB and then a cab of 160 KB, each of its own; or only the report. Each round has a new
// store. After a round of ours the store is compared with what was answered, so that a fast wrong server does
// not count.
#include <SQLiteCpp/SQLiteCpp.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "formats/cab/cabinet.hpp"
#include "formats/cer/report.hpp"
#include "formats/layout/xoshiro.hpp"
#include "mocks/cer_server/content.hpp"
#include "tests/formats/cer/examples.hpp"

extern char** environ;

namespace wheatstone::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Settings {
  std::string program;
  std::string peer = "nginx";
  std::string only = {};  // part of the name of what is measured
  fs::path folder = "/dev/shm";
  double seconds = 2;
  unsigned rounds = 5;
  unsigned clients = 8;
  unsigned threads = 0;  // of ours; 0: what it takes by itself
};

[[noreturn]] void stop(const std::string& why) {
  throw std::runtime_error(why);
}

double now() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

// ---- what is sent

// A report and a cab of which every copy is another: numbers are written over places that no checksum covers.
class Material {
 public:
  Material(cab::Compression compression, std::size_t size) {
    cer::Report report = cer::examples::kernel_fault();
    report.event.eventtime = FileTime{kMark};
    report.files = std::vector<cer::ReportedFile>{{"trace.etl", cer::FileType::other}};
    report_ = *cer::write_report(report);
    const std::string mark = fmt::format("{}", kMark);
    for (std::size_t at = 0; at + 2 * mark.size() <= report_.size() && time_at_ == 0; ++at) {
      bool here = true;
      for (std::size_t i = 0; i < mark.size() && here; ++i) here = report_[at + 2 * i] == mark[i];
      if (here) time_at_ = at;
    }
    if (time_at_ == 0) stop("the event time is not in the report");
    Buffer data(size);
    Xoshiro random(1);
    // Half of it says nothing new, as memory does.
    for (std::size_t i = 0; i < data.size(); ++i)
      data[i] = i / 256 % 2 == 0 ? static_cast<std::uint8_t>(random.below(256)) : std::uint8_t{0};
    cab_ = *cab::write({{"trace.etl", data}}, FileTime{kMark}, compression);
  }

  Bytes report(std::uint64_t number) {
    for (std::size_t i = 0; i < 12; ++i, number /= 10)
      report_[time_at_ + 2 * (17 - i)] = static_cast<std::uint8_t>('0' + number % 10);
    return report_;
  }

  Bytes cab(std::uint64_t number) {
    constexpr std::size_t kSetId = 32, kFiles = 16;
    const std::size_t date = load32(kFiles) + 10;
    store16(kSetId, number & 0xffff);
    store16(date, 0x21 + (number >> 16) % 0x7000);  // 1980-01-01 and later
    return cab_;
  }

 private:
  static constexpr std::uint64_t kMark = 128497001160460289;

  std::size_t load32(std::size_t at) const {
    return cab_[at] | std::size_t{cab_[at + 1]} << 8 | std::size_t{cab_[at + 2]} << 16;
  }
  void store16(std::size_t at, std::uint64_t value) {
    cab_[at] = static_cast<std::uint8_t>(value);
    cab_[at + 1] = static_cast<std::uint8_t>(value >> 8);
  }

  Buffer report_, cab_;
  std::size_t time_at_ = 0;
};

// ---- servers

class Process {
 public:
  explicit Process(const std::vector<std::string>& command, int* out = nullptr) {
    int ends[2] = {-1, -1};
    if (out != nullptr && ::pipe(ends) != 0) stop("no pipe");
    std::vector<char*> arguments;
    for (const std::string& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    if (out != nullptr) {
      ::posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
      ::posix_spawn_file_actions_addclose(&actions, ends[0]);
    }
    const int error = ::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) stop(fmt::format("cannot run {}: {}", command[0], std::strerror(error)));
    if (out != nullptr) {
      ::close(ends[1]);
      *out = ends[0];
    }
  }
  ~Process() { end(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void end() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
};

// Calls `visit` with the folder in /proc and the part of `stat` behind the name, of a process and of those
// whose parent it is.
template <class Visit>
void for_each_process(pid_t of, Visit visit) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream in(entry.path() / "stat");
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const std::size_t behind = text.rfind(')');
    char state = 0;
    int parent = 0;
    if (behind == std::string::npos || std::sscanf(text.c_str() + behind + 1, " %c %d", &state, &parent) != 2)
      continue;
    if (std::stoi(name) == of || parent == of) visit(entry.path(), text.substr(behind + 1));
  }
}

// Processor time, in microseconds, of a process and of those whose parent it is.
double processor_time(pid_t of) {
  double ticks = 0;
  for_each_process(of, [&ticks](const fs::path&, const std::string& stat) {
    unsigned long user = 0, system = 0;
    if (std::sscanf(stat.c_str(), " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) ==
        2)
      ticks += static_cast<double>(user + system);
  });
  return ticks * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

// Memory in use, in MB, of a process and of those whose parent it is.
double memory(pid_t of) {
  double pages = 0;
  for_each_process(of, [&pages](const fs::path& folder, const std::string&) {
    std::ifstream in(folder / "statm");
    double all = 0, resident = 0;
    in >> all >> resident;
    pages += resident;
  });
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

// Busy time of all processors, in microseconds.
double machine_time() {
  std::ifstream in("/proc/stat");
  std::string cpu;
  double user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0;
  in >> cpu >> user >> nice >> system >> idle >> wait >> irq >> softirq;
  return (user + nice + system + irq + softirq) * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double own_time() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

struct Server {
  std::optional<Process> process;
  std::uint16_t port = 0;
  bool is_ours = false;
  fs::path store;
};

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0) stop("no port");
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket);
    return -1;
  }
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

void start_peer(const Settings& settings, const fs::path& folder, Server& server) {
  server.port = free_port();
  for (const char* name : {"put", "body", "temp"}) fs::create_directories(folder / name);
  std::ofstream(folder / "nginx.conf") << fmt::format(
      "{2}worker_processes 2;\ndaemon off;\npid {0}/pid;\nerror_log {0}/error.log crit;\n"
      "events {{ worker_connections 4096; }}\n"
      "http {{\n access_log off;\n keepalive_requests 100000000;\n client_body_temp_path {0}/body;\n"
      " client_max_body_size 64m;\n proxy_temp_path {0}/temp; fastcgi_temp_path {0}/temp; "
      "uwsgi_temp_path {0}/temp; scgi_temp_path {0}/temp;\n"
      " server {{\n  listen 127.0.0.1:{1} reuseport;\n  root {0};\n"
      "  location = /stage2.htm {{ return 200 \"Bucket=500\\r\\nBucketTable=5\\r\\niData=1\\r\\n"
      "DumpFile=/put/1-00112233445566778899aabbccddeeff.cab\\r\\n\"; }}\n"
      "  location /put/ {{ dav_methods PUT; }}\n }}\n}}\n",
      folder.string(), server.port, ::geteuid() == 0 ? "user root;\n" : "");
  server.process.emplace(std::vector<std::string>{settings.peer, "-p", folder.string(), "-c",
                                                  (folder / "nginx.conf").string(), "-e",
                                                  (folder / "error.log").string()});
}

void start_ours(const Settings& settings, const fs::path& folder, Server& server) {
  int out = -1;
  server.store = folder / "store";
  server.is_ours = true;
  std::vector<std::string> command = {settings.program,     "serve", "--port", "0", "--quiet", "--store",
                                      server.store.string()};
  if (settings.threads != 0) command.insert(command.end(), {"--threads", std::to_string(settings.threads)});
  server.process.emplace(command, &out);
  std::string line;
  char c = 0;
  while (::read(out, &c, 1) == 1 && c != '\n') line += c;
  ::close(out);
  const std::size_t colon = line.rfind(':');
  if (colon == std::string::npos) stop("the server did not start: " + line);
  server.port = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)));
}

// ---- the client

struct Told {
  std::uint64_t reports = 0;
  std::uint64_t cabs = 0;
  std::vector<double> times;  // of exchanges, in milliseconds
};

class Client {
 public:
  Client(const Server& server, Material& material, bool with_cab, unsigned connections)
      : server_(server), material_(material), with_cab_(with_cab), poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (unsigned i = 0; i < connections; ++i) {
      Peer& peer = peers_.emplace_back();
      for (double end = now() + 10; (peer.socket = connect_to(server.port)) < 0;) {
        if (now() > end) stop("nobody listens");
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
      ::fcntl(peer.socket, F_SETFL, O_NONBLOCK);
    }
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      epoll_event event{};
      event.events = EPOLLIN | EPOLLOUT | EPOLLET;
      event.data.u64 = i;
      ::epoll_ctl(poll_, EPOLL_CTL_ADD, peers_[i].socket, &event);
    }
  }
  ~Client() {
    for (const Peer& peer : peers_) ::close(peer.socket);
    ::close(poll_);
  }

  Told run(double seconds) {
    const double end = now() + seconds;
    for (Peer& peer : peers_) send_report(peer);
    std::vector<epoll_event> events(peers_.size());
    while (now() < end) {
      const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 100);
      for (int i = 0; i < count; ++i) move(peers_[events[static_cast<std::size_t>(i)].data.u64]);
    }
    return told_;
  }

 private:
  struct Peer {
    int socket = -1;
    Buffer out;
    std::size_t sent = 0;
    std::string in;
    bool uploads = false;
    double since = 0;
  };

  void send_report(Peer& peer) {
    const Bytes body = material_.report(number_);
    peer.since = now();
    peer.uploads = false;
    send(peer,
         fmt::format("POST /stage2.htm HTTP/1.1\r\nHost: localhost\r\nUser-Agent: MSDW\r\n"
                     "Content-Length: {}\r\n\r\n",
                     body.size()),
         body);
  }

  void send_cab(Peer& peer, std::string_view path) {
    const Bytes body = material_.cab(number_);
    peer.uploads = true;
    const std::string target = server_.is_ours ? std::string(path) : fmt::format("/put/{}.cab", number_);
    send(peer,
         fmt::format("PUT {} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: MSDW\r\n"
                     "Content-Length: {}\r\n\r\n",
                     target, body.size()),
         body);
  }

  void send(Peer& peer, const std::string& head, Bytes body) {
    ++number_;
    peer.out.assign(head.begin(), head.end());
    peer.out.insert(peer.out.end(), body.begin(), body.end());
    peer.sent = 0;
    write(peer);
  }

  void write(Peer& peer) {
    while (peer.sent < peer.out.size()) {
      const ssize_t size =
          ::send(peer.socket, peer.out.data() + peer.sent, peer.out.size() - peer.sent, MSG_NOSIGNAL);
      if (size < 0 && errno == EAGAIN) return;
      if (size < 0) stop("the server closed a connection");
      peer.sent += static_cast<std::size_t>(size);
    }
  }

  void move(Peer& peer) {
    write(peer);
    char room[4096];
    for (;;) {
      const ssize_t size = ::recv(peer.socket, room, sizeof room, 0);
      if (size < 0 && errno == EAGAIN) return;
      if (size <= 0) stop("the server closed a connection");
      peer.in.append(room, static_cast<std::size_t>(size));
      if (!is_complete(peer.in)) continue;
      const std::string answer = std::exchange(peer.in, {});
      const unsigned status = static_cast<unsigned>(std::atoi(answer.c_str() + 9));
      if (status / 100 != 2) stop("an answer: " + answer);
      if (!peer.uploads) {
        ++told_.reports;
        if (with_cab_) {
          const std::size_t at = answer.find("DumpFile=");
          if (at == std::string::npos) stop("an answer without DumpFile: " + answer);
          send_cab(peer, std::string_view(answer).substr(at + 9, answer.find("\r\n", at) - at - 9));
          continue;
        }
      } else {
        ++told_.cabs;
      }
      told_.times.push_back(1e3 * (now() - peer.since));
      send_report(peer);
    }
  }

  static bool is_complete(const std::string& in) {
    const std::size_t end = in.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::size_t length = in.find("Content-Length: ");
    const std::size_t body = length < end ? static_cast<std::size_t>(std::atoi(in.c_str() + length + 16)) : 0;
    return in.size() >= end + 4 + body;
  }

  const Server& server_;
  Material& material_;
  bool with_cab_;
  int poll_;
  std::vector<Peer> peers_;
  std::uint64_t number_ = 1;
  Told told_;
};

// ---- those who take their time

// Connections that send nothing, or a byte a second of a head, of a report, of a cab.
class Crowd {
 public:
  Crowd(const Server& server, Material& material, unsigned count) {
    const std::string report = "POST /stage2.htm HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\n";
    for (unsigned i = 0; i < count; ++i) {
      const int socket = connect_to(server.port);
      if (socket < 0) stop(fmt::format("connection {} was refused", i));
      sockets_.push_back(socket);
      if (i % 4 == 0) continue;
      std::string text = i % 4 == 1 ? "P" : report;
      if (i % 4 == 3) {
        const std::string target =
            server.is_ours ? issued(server, material) : fmt::format("/put/slow{}.cab", i);
        text = fmt::format("PUT {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 161000\r\n\r\n", target);
      }
      if (::send(socket, text.data(), text.size(), MSG_NOSIGNAL) < 0) stop("a slow connection broke");
    }
    dripping_ = std::thread([this] {
      while (!done_) {
        for (std::size_t i = 0; i < sockets_.size(); ++i)
          if (i % 4 != 0) [[maybe_unused]]
            const ssize_t sent = ::send(sockets_[i], "O", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        for (int i = 0; i < 20 && !done_; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
    });
  }
  ~Crowd() {
    done_ = true;
    dripping_.join();
    for (const int socket : sockets_) ::close(socket);
  }

 private:
  static std::string issued(const Server& server, Material& material) {
    const int socket = connect_to(server.port);
    const Bytes body = material.report(900'000'000);
    const std::string head = fmt::format(
        "POST /stage2.htm HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.size());
    std::string answer, request = head + std::string(as_text(body));
    if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) stop("no path for a slow cab");
    char room[4096];
    for (ssize_t size = 0; (size = ::recv(socket, room, sizeof room, 0)) > 0;)
      answer.append(room, static_cast<std::size_t>(size));
    ::close(socket);
    const std::size_t at = answer.find("DumpFile=");
    if (at == std::string::npos) stop("no path for a slow cab: " + answer);
    return answer.substr(at + 9, answer.find("\r\n", at) - at - 9);
  }

  std::vector<int> sockets_;
  std::atomic<bool> done_ = false;
  std::thread dripping_;
};

// ---- rounds

struct Result {
  double rate = 0;         // exchanges a second
  double judged_rate = 0;  // until every verdict is in the store
  double server_cost = 0;  // microseconds of processor an exchange
  double client_cost = 0;
  double p50 = 0, p99 = 0;
  double memory = 0;   // MB that the server has at the end
  double foreign = 0;  // part of the machine's time that others took
};

// Waits until every cab is checked, and compares the store with what clients were told.
void verify(const Server& server, const Told& told, unsigned in_work) {
  SQLite::Database database((server.store / "cer.db").string(), SQLite::OPEN_READWRITE, 2000);
  for (const double end = now() + 300;;) {
    if (now() > end) stop("the cabs were not checked within five minutes");
    SQLite::Statement unchecked(database, "SELECT count(*) FROM cab WHERE sha256 IS NULL");
    unchecked.executeStep();
    if (unchecked.getColumn(0).getInt() == 0) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const auto count = [&database](const char* query) {
    return static_cast<std::uint64_t>(database.execAndGet(query).getInt64());
  };
  const std::uint64_t reports = count("SELECT count(*) FROM report"),
                      cabs = count("SELECT count(*) FROM cab");
  if (reports < told.reports || reports > told.reports + in_work || cabs < told.cabs ||
      cabs > told.cabs + in_work)
    stop(fmt::format("the store has {} reports and {} cabs, {} and {} were answered", reports, cabs,
                     told.reports, told.cabs));
  if (const auto findings = count("SELECT count(*) FROM finding WHERE severity = 'error'"); findings != 0)
    stop(fmt::format("{} errors were found in what was sent", findings));
}

void verify_content(const Server& server) {
  SQLite::Database database((server.store / "cer.db").string(), SQLite::OPEN_READWRITE, 2000);
  SQLite::Statement sample(database, "SELECT sha256 FROM cab ORDER BY random() LIMIT 50");
  while (sample.executeStep()) {
    const std::string name = sample.getColumn(0).getString();
    std::ifstream in(server.store / "files" / name.substr(0, 2) / name, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    if (cer_server::sha256(as_bytes(bytes)) != name) stop("a cab in the store is not what was sent");
  }
}

double quantile(std::vector<double>& values, double part) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, at);
  return *at;
}

struct Kind {
  const char* name;
  Material& material;
  bool with_cab;
  unsigned crowd = 0;  // slow connections besides
};

Result round(const Settings& settings, bool ours, const Kind& kind) {
  const fs::path folder = settings.folder / fmt::format("cer_load.{}", ::getpid());
  fs::remove_all(folder);
  fs::create_directories(folder);
  Result result;
  {
    Server server;
    ours ? start_ours(settings, folder, server) : start_peer(settings, folder, server);
    Client client(server, kind.material, kind.with_cab, settings.clients);
    std::optional<Crowd> crowd;
    if (kind.crowd != 0) crowd.emplace(server, kind.material, kind.crowd);
    const double begin = now(), machine = machine_time(), own = own_time();
    const double before = processor_time(server.process->pid());
    Told told = client.run(settings.seconds);
    const double seconds = now() - begin, own_used = own_time() - own;
    const double used = processor_time(server.process->pid()) - before;
    const double exchanges = static_cast<double>(told.times.size());
    result.foreign = std::max(0.0, machine_time() - machine - used - own_used) / (seconds * 1e6 * 2);
    result.rate = result.judged_rate = exchanges / seconds;
    result.client_cost = own_used / exchanges;
    result.memory = memory(server.process->pid());
    if (ours) {
      verify(server, told, settings.clients + kind.crowd);
      result.judged_rate = exchanges / (now() - begin);
      verify_content(server);
    }
    result.server_cost = (processor_time(server.process->pid()) - before) / exchanges;
    result.p50 = quantile(told.times, 0.5);
    result.p99 = quantile(told.times, 0.99);
  }
  fs::remove_all(folder);
  return result;
}

double median(std::vector<double> values) {
  return quantile(values, 0.5);
}

void compare(const Settings& settings, const Kind& kind) {
  if (std::string_view(kind.name).find(settings.only) == std::string_view::npos) return;
  std::vector<Result> peer, ours;
  for (unsigned i = 0; i < settings.rounds; ++i) {
    peer.push_back(round(settings, false, kind));
    ours.push_back(round(settings, true, kind));
  }
  const auto of = [](const std::vector<Result>& results, double Result::* value) {
    std::vector<double> values;
    for (const Result& result : results) values.push_back(result.*value);
    return median(values);
  };
  const double base = of(peer, &Result::rate);
  const auto print = [&](const char* who, const std::vector<Result>& results) {
    fmt::print(
        "| {:<24} | {:<5} | {:>7.0f} | {:>5.2f} | {:>5.2f} | {:>6.0f} | {:>6.0f} | {:>5.2f} | {:>5.2f} | "
        "{:>5.0f} | {:>4.0f}% |\n",
        kind.name, who, of(results, &Result::rate), of(results, &Result::rate) / base,
        of(results, &Result::judged_rate) / base, of(results, &Result::server_cost),
        of(results, &Result::client_cost), of(results, &Result::p50), of(results, &Result::p99),
        of(results, &Result::memory), 100 * of(results, &Result::foreign));
  };
  print("nginx", peer);
  print("ours", ours);
  std::fflush(stdout);
}

Settings settings_of(int count, char** arguments) {
  Settings settings;
  for (int i = 1; i < count; ++i) {
    const std::string name = arguments[i];
    if (!name.starts_with("--")) {
      settings.program = name;
      continue;
    }
    if (i + 1 == count) stop(name + " wants a value");
    const std::string value = arguments[++i];
    if (name == "--seconds")
      settings.seconds = std::stod(value);
    else if (name == "--rounds")
      settings.rounds = static_cast<unsigned>(std::stoul(value));
    else if (name == "--clients")
      settings.clients = static_cast<unsigned>(std::stoul(value));
    else if (name == "--folder")
      settings.folder = value;
    else if (name == "--peer")
      settings.peer = value;
    else if (name == "--threads")
      settings.threads = static_cast<unsigned>(std::stoul(value));
    else if (name == "--only")
      settings.only = value;
    else
      stop("unknown option " + name);
  }
  if (settings.program.empty() || settings.rounds == 0 || settings.clients == 0)
    stop(
        "usage: cer_load PROGRAM [--seconds N] [--rounds N] [--clients N] [--folder PATH] [--peer PATH] "
        "[--only TEXT]");
  return settings;
}

int run(int count, char** arguments) {
  const Settings settings = settings_of(count, arguments);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);  // the servers inherit it
  constexpr std::size_t kCab = 161'000;
  Material stored(cab::Compression::none, kCab), packed(cab::Compression::mszip, 2 * kCab);
  fmt::print("cabs of {} and {} bytes, {} clients, {} rounds of {} s each\n\n", stored.cab(1).size(),
             packed.cab(1).size(), settings.clients, settings.rounds, settings.seconds);
  fmt::print(
      "| exchange | who | a second | of nginx | with verdicts | server us | client us | p50 ms | p99 ms | MB "
      "| others |\n");
  fmt::print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  compare(settings, {"report, stored cab", stored, true});
  compare(settings, {"report, MSZIP cab", packed, true});
  compare(settings, {"report only", stored, false});
  compare(settings, {"stored cab, 2,000 slow", stored, true, 2000});
  return 0;
}

}  // namespace
}  // namespace wheatstone::bench

int main(int count, char** arguments) {
  try {
    return wheatstone::bench::run(count, arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "cer_load: {}\n", error.what());
    return 2;
  }
}
