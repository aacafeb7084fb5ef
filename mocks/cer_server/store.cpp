#include "mocks/cer_server/store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <set>

#include "mocks/cer_server/content.hpp"
#include "mocks/cer_server/database.hpp"
#include "mocks/cer_server/rule.hpp"

namespace wheatstone::cer_server {
namespace {

namespace fs = std::filesystem;

std::int64_t number(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

std::int64_t first_exchange(std::uint64_t report) {
  return number(report << kExchangeBits);
}

// SQLite takes a null pointer for NULL, so an empty text needs one that is none.
void bind_blob(SQLite::Statement& to, int at, Bytes value) {
  static constexpr std::uint8_t kNothing = 0;
  to.bindNoCopy(at, value.empty() ? &kNothing : value.data(), static_cast<int>(value.size()));
}

// Of a request whose body is kept elsewhere as it came, the head.
Bytes kept_part(const Exchange& exchange) {
  const Bytes request = exchange.request;
  const std::size_t head = as_text(request).find("\r\n\r\n") + 4;  // 3 if there is no end
  if (exchange.kind == Exchange::Kind::level1)
    return head >= 4 && std::ranges::equal(request.subspan(head), exchange.document) ? request.first(head)
                                                                                     : request;
  return request.first(head >= 4 ? head : std::min<std::size_t>(request.size(), 16u << 10));
}

// Whoever uses a store sees to it that one thread at a time does.
const int kOpenFlags = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX;

// A lock that ends with the process.
struct Lock {
  int file = -1;

  Lock() = default;
  Lock(Lock&& other) noexcept : file(std::exchange(other.file, -1)) {}
  Lock& operator=(Lock&&) = delete;
  ~Lock() {
    if (file >= 0) ::close(file);
  }

  Result<void> take(const fs::path& folder) {
    file = ::open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) return std::unexpected(file_error(folder / ".lock", "cannot open the store's lock file"));
    if (::flock(file, LOCK_EX | LOCK_NB) != 0)
      return fail(ErrorKind::environment, "another server uses this store", "stop it or name another folder",
                  Location{folder.string(), 0, 0, Location::kNoOffset, {}});
    return {};
  }
};

Result<void> prepare(SQLite::Database& database, const fs::path& folder) {
  // A page that changes often is copied from the log to the database once for each checkpoint.
  database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; "
      "PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000");
  const Result<int> version = check_version(database, folder);
  if (!version) return std::unexpected(version.error());
  if (*version == kDatabaseVersion) return {};
  SQLite::Transaction transaction(database);
  database.exec(kTables);
  database.exec(fmt::format("PRAGMA user_version = {}", kDatabaseVersion));
  transaction.commit();
  return {};
}

}  // namespace

struct Store::Impl {
  fs::path folder;
  Lock lock;
  Content content;
  SQLite::Database database;
  SQLite::Statement begin{database, "BEGIN IMMEDIATE"}, commit{database, "COMMIT"},
      rollback{database, "ROLLBACK"};
  SQLite::Statement put_signature{database,
                                  "INSERT INTO signature (key, event_type, bucket, bucket_table, hits, "
                                  "first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5) "
                                  "ON CONFLICT (key) DO UPDATE SET hits = hits + 1, last_seen = ?5, "
                                  "bucket = coalesce(?3, bucket), bucket_table = coalesce(?4, bucket_table) "
                                  "RETURNING id"};
  SQLite::Statement put_report{database, "INSERT INTO report VALUES (?, ?, ?, ?, ?)"};
  SQLite::Statement put_cab{database, "INSERT INTO cab VALUES (?, ?, ?, ?, ?)"};
  SQLite::Statement count_cab{database,
                              "UPDATE signature SET cabs = cabs + 1 WHERE id = (SELECT signature FROM report "
                              "WHERE number = ?)"};
  SQLite::Statement put_exchange{database, "INSERT INTO exchange VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  SQLite::Statement put_finding{database, "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
  SQLite::Statement last_exchange{database, "SELECT max(id) FROM exchange WHERE id BETWEEN ? AND ?"};
  SQLite::Statement count_findings{database, "SELECT count(*) FROM finding WHERE exchange = ?"};
  SQLite::Statement name_cab{database, "UPDATE cab SET sha256 = ?2 WHERE report = ?1 RETURNING exchange"};

  void add(const Entry& entry);
  void add(const LateVerdict& verdict);
  void add_report(const Exchange& exchange);
  std::int64_t next_exchange(std::uint64_t report);
  void add_exchange(const Entry& entry, std::int64_t id);
  void add_cab(const Exchange& exchange, std::int64_t id);
  void add_findings(const std::vector<Finding>& findings, std::int64_t exchange, std::int64_t position);
  void settle(std::uint64_t report, const std::string& name);
  static void run(SQLite::Statement& statement);
  void reset();
};

void Store::Impl::run(SQLite::Statement& statement) {
  statement.exec();
  statement.reset();
  statement.clearBindings();
}

// A statement that failed stays as it was.
void Store::Impl::reset() {
  for (SQLite::Statement* statement :
       {&begin, &commit, &rollback, &put_signature, &put_report, &put_cab, &count_cab, &put_exchange,
        &put_finding, &last_exchange, &count_findings, &name_cab}) {
    statement->tryReset();
    statement->clearBindings();
  }
}

void Store::Impl::add_report(const Exchange& exchange) {
  if (exchange.report) {
    const std::string key = signature(*exchange.report);
    put_signature.bindNoCopy(1, key);
    put_signature.bindNoCopy(2, exchange.report->event.eventtype);
    if (exchange.answer && exchange.answer->bucket) put_signature.bind(3, number(*exchange.answer->bucket));
    if (exchange.answer && exchange.answer->bucket_table)
      put_signature.bind(4, number(*exchange.answer->bucket_table));
    put_signature.bind(5, number(exchange.time.ticks));
    put_signature.executeStep();
    put_report.bind(2, put_signature.getColumn(0).getInt64());
    put_report.bindNoCopy(4, exchange.report->machine.machinename);
    put_signature.reset();
    put_signature.clearBindings();
  }
  put_report.bind(1, number(exchange.report_number));
  put_report.bind(3, number(exchange.time.ticks));
  put_report.bind(5, exchange.verdict.status);
  run(put_report);
}

std::int64_t Store::Impl::next_exchange(std::uint64_t report) {
  const std::int64_t first = first_exchange(report);
  last_exchange.bind(1, first);
  last_exchange.bind(2, first_exchange(report + 1) - 1);
  last_exchange.executeStep();
  const std::int64_t next = last_exchange.isColumnNull(0) ? first : last_exchange.getColumn(0).getInt64() + 1;
  last_exchange.reset();
  return next;
}

void Store::Impl::add_exchange(const Entry& entry, std::int64_t id) {
  const Exchange& exchange = entry.exchange;
  put_exchange.bind(1, id);
  put_exchange.bind(2, number(exchange.time.ticks));
  put_exchange.bind(3, std::string(to_string(exchange.kind)));
  put_exchange.bind(4, exchange.verdict.status);
  bind_blob(put_exchange, 5, kept_part(exchange));
  put_exchange.bind(6, number(exchange.request_size));
  bind_blob(put_exchange, 7, exchange.response);
  if (exchange.kind == Exchange::Kind::level1) bind_blob(put_exchange, 8, exchange.document);
  if (entry.answer) bind_blob(put_exchange, 9, as_bytes(*entry.answer));
  run(put_exchange);
}

void Store::Impl::add_cab(const Exchange& exchange, std::int64_t id) {
  put_cab.bind(1, number(exchange.report_number));
  put_cab.bind(2, id);
  if (!exchange.cab_sha256.empty()) put_cab.bindNoCopy(3, exchange.cab_sha256);
  put_cab.bind(4, number(exchange.cab_size));
  put_cab.bind(5, number(exchange.time.ticks));
  run(put_cab);
  count_cab.bind(1, number(exchange.report_number));
  run(count_cab);
}

void Store::Impl::add_findings(const std::vector<Finding>& findings, std::int64_t exchange,
                               std::int64_t position) {
  for (const Finding& finding : findings) {
    put_finding.bind(1, exchange);
    put_finding.bind(2, position++);
    put_finding.bind(3, std::string(to_string(finding.severity)));
    put_finding.bind(4, std::string(finding.code));
    put_finding.bindNoCopy(5, finding.message);
    if (!finding.path.empty()) put_finding.bindNoCopy(6, finding.path);
    if (finding.offset != Finding::kNoOffset) put_finding.bind(7, number(finding.offset));
    if (!finding.clause.empty()) put_finding.bind(8, std::string(finding.clause));
    run(put_finding);
  }
}

void Store::Impl::add(const Entry& entry) {
  const Exchange& exchange = entry.exchange;
  if (exchange.report_number == 0) return;
  const bool is_first = exchange.kind == Exchange::Kind::level1;
  if (is_first) add_report(exchange);
  const std::int64_t id =
      is_first ? first_exchange(exchange.report_number) : next_exchange(exchange.report_number);
  add_exchange(entry, id);
  if (exchange.has_cab) add_cab(exchange, id);
  add_findings(exchange.verdict.findings, id, 0);
}

// The report may be gone by now.
void Store::Impl::add(const LateVerdict& verdict) {
  name_cab.bind(1, number(verdict.report_number));
  name_cab.bindNoCopy(2, verdict.cab_sha256);
  const bool is_there = name_cab.executeStep();
  const std::int64_t exchange = is_there ? name_cab.getColumn(0).getInt64() : 0;
  name_cab.reset();
  name_cab.clearBindings();
  if (!is_there || verdict.findings.empty()) return;
  count_findings.bind(1, exchange);
  count_findings.executeStep();
  const std::int64_t position = count_findings.getColumn(0).getInt64();
  count_findings.reset();
  add_findings(verdict.findings, exchange, position);
}

// A file that keeps its first name gets the other at the next start, and is found until then.
void Store::Impl::settle(std::uint64_t report, const std::string& name) {
  [[maybe_unused]] const Result<void> later_otherwise = content.settle(report, name);
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;
Store::Store(Store&& other) noexcept = default;

Result<Store> Store::open(const fs::path& folder) {
  if (const auto made = make_folder(folder); !made) return std::unexpected(made.error());
  Lock lock;
  if (const auto taken = lock.take(folder); !taken) return std::unexpected(taken.error());
  auto opened = guarded(folder, [&]() -> Result<std::unique_ptr<Impl>> {
    SQLite::Database database((folder / kDatabaseName).string(), kOpenFlags, kBusyMilliseconds);
    if (const auto ready = prepare(database, folder); !ready) return std::unexpected(ready.error());
    return std::unique_ptr<Impl>(
        new Impl{folder, std::move(lock), Content(folder / kContentFolder), std::move(database)});
  });
  if (!opened) return std::unexpected(opened.error());
  if (!*opened) return std::unexpected(opened->error());
  std::unique_ptr<Impl> impl = std::move(**opened);
  if (const auto ready = impl->content.prepare(); !ready) return std::unexpected(ready.error());
  const auto tidied = guarded(folder, [&] {
    SQLite::Statement name(impl->database, "SELECT coalesce(sha256, '') FROM cab WHERE report = ?");
    SQLite::Statement use(impl->database, "SELECT 1 FROM cab WHERE sha256 = ? LIMIT 1");
    return impl->content.tidy(
        [&name](std::uint64_t report) -> std::optional<std::string> {
          name.reset();
          name.bind(1, number(report));
          if (!name.executeStep()) return std::nullopt;
          return name.getColumn(0).getString();
        },
        [&use](const std::string& content) {
          use.reset();
          use.bind(1, content);
          return use.executeStep();
        });
  });
  if (!tidied) return std::unexpected(tidied.error());
  if (!*tidied) return std::unexpected(tidied->error());
  return Store(std::move(impl));
}

Result<void> Store::for_each(const std::function<void(const StoredReport&)>& visit) const {
  return guarded(impl_->folder, [&] {
    SQLite::Statement query(impl_->database,
                            "SELECT number, coalesce(key, ''), answer, cab.report IS NOT NULL, document, "
                            "sha256 IS NOT NULL "
                            "FROM report JOIN exchange ON exchange.id = number << ?1 "
                            "LEFT JOIN signature ON signature.id = report.signature "
                            "LEFT JOIN cab ON cab.report = report.number ORDER BY number");
    query.bind(1, kExchangeBits);
    while (query.executeStep()) {
      const auto blob = [&query](int at) {
        const SQLite::Column column = query.getColumn(at);
        const auto* data = static_cast<const std::uint8_t*>(column.getBlob());
        return data == nullptr ? Buffer{} : Buffer(data, data + column.getBytes());
      };
      StoredReport report{.number = static_cast<std::uint64_t>(query.getColumn(0).getInt64()),
                          .signature = query.getColumn(1).getString(),
                          .has_cab = query.getColumn(3).getInt() != 0,
                          .cab_is_checked = query.getColumn(5).getInt() != 0};
      if (!query.isColumnNull(2)) report.answer = blob(2);
      report.document = blob(4);
      visit(report);
    }
  });
}

Result<void> Store::add(std::span<const Item* const> items) {
  const auto kept = guarded(impl_->folder, [&] {
    impl_->reset();
    Impl::run(impl_->begin);
    try {
      for (const Item* item : items) std::visit([this](const auto& one) { impl_->add(one); }, *item);
      Impl::run(impl_->commit);
    } catch (...) {
      impl_->reset();
      impl_->rollback.tryExecuteStep();
      throw;
    }
  });
  if (!kept) return kept;
  for (const Item* item : items) {
    if (const auto* entry = std::get_if<Entry>(item)) {
      if (entry->exchange.has_cab && !entry->exchange.cab_sha256.empty())
        impl_->settle(entry->exchange.report_number, entry->exchange.cab_sha256);
    } else {
      const auto& verdict = std::get<LateVerdict>(*item);
      impl_->settle(verdict.report_number, verdict.cab_sha256);
    }
  }
  return {};
}

const Content& Store::content() const noexcept {
  return impl_->content;
}

Result<std::vector<std::uint64_t>> Store::prune(const Retention& retention) {
  std::vector<std::uint64_t> gone;
  std::set<std::string> cabs;
  std::vector<std::uint64_t> unchecked;
  const auto done = guarded(impl_->folder, [&] {
    SQLite::Database& database = impl_->database;
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement query(
        database,
        "SELECT number, sha256, cab.report IS NOT NULL FROM report LEFT JOIN cab ON cab.report = number "
        "WHERE (report.received < ?1 OR number IN "
        "(SELECT number FROM report ORDER BY number DESC LIMIT -1 OFFSET ?2)) "
        "AND number < (SELECT max(number) FROM report) ORDER BY number");
    query.bind(1, retention.since ? number(retention.since->ticks) : std::int64_t{0});
    query.bind(2, retention.reports ? number(*retention.reports) : std::numeric_limits<std::int64_t>::max());
    while (query.executeStep()) {
      gone.push_back(static_cast<std::uint64_t>(query.getColumn(0).getInt64()));
      if (!query.isColumnNull(1))
        cabs.insert(query.getColumn(1).getString());
      else if (query.getColumn(2).getInt() != 0)
        unchecked.push_back(gone.back());
    }
    for (const char* sql :
         {"DELETE FROM finding WHERE exchange BETWEEN ?2 AND ?3", "DELETE FROM cab WHERE report = ?1",
          "DELETE FROM exchange WHERE id BETWEEN ?2 AND ?3", "DELETE FROM report WHERE number = ?1"}) {
      SQLite::Statement remove(database, sql);
      const int parameters = remove.getBindParameterCount();
      for (const std::uint64_t report : gone) {
        if (parameters == 1) remove.bind(1, number(report));
        if (parameters == 3) remove.bind(2, first_exchange(report));
        if (parameters == 3) remove.bind(3, first_exchange(report + 1) - 1);
        Impl::run(remove);
      }
    }
    SQLite::Statement used(database, "SELECT count(*) FROM cab WHERE sha256 = ?");
    std::erase_if(cabs, [&](const std::string& name) {
      used.reset();
      used.bind(1, name);
      return used.executeStep() && used.getColumn(0).getInt() != 0;
    });
    query.reset();
    used.reset();
    transaction.commit();
  });
  if (!done) return std::unexpected(done.error());
  // A file that stays, because this process is killed now, has no row and goes at the next start.
  const Content& content = impl_->content;
  for (const std::string& name : cabs)
    if (auto removed = content.remove(content.path(name)); !removed) return std::unexpected(removed.error());
  for (const std::uint64_t report : unchecked)
    if (auto removed = content.remove(content.incoming(report)); !removed)
      return std::unexpected(removed.error());
  return gone;
}

}  // namespace wheatstone::cer_server
