#include "harness/input/for_each.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "harness/input/reader.hpp"
#include "harness/input/walker.hpp"

namespace wheatstone::input::detail {
namespace {

using Work = std::function<void(const Input&, std::size_t place)>;
using HandBack = std::function<bool(const Handled&, std::size_t place)>;

// Inputs that a thread takes at a time: enough that threads seldom meet, few enough that all have work.
constexpr std::size_t kRun = 16;
constexpr std::size_t kRunsPerJob = 4;
// A thread tells about results when its run is complete, when they stand for this many bytes, or when it
// may have to wait for the next input.
constexpr std::uint64_t kTellAfter = 256u << 10;

struct Item {
  Found found;
  std::uint64_t size = 0;
  std::optional<Error> error;
};

// What one thread needs to turn what was found into input: memory that is used again and again.
class Handler {
 public:
  Handler(const Options& options, const Work& work)
      : options_(options), work_(work), reader_(options.max_bytes, options.stop) {}

  void handle(Item& item, std::size_t place) {
    item.size = 0;
    item.error = std::move(item.found.error);
    if (item.error) return;
    try {
      if (Result<void> done = read_and_work(item, place); !done) item.error = std::move(done.error());
    } catch (const std::exception& error) {
      item.error = Error{ErrorKind::internal, error.what(), {}, {}};
    }
    if (item.error && item.error->where.file.empty()) item.found.full_name(item.error->where.file);
  }

 private:
  Result<void> read_and_work(Item& item, std::size_t place) {
    Result<Bytes> bytes = reader_.read(item.found);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    item.size = bytes->size();
    item.found.full_name(name_);
    if (options_.decode_text) {
      auto decoded = layout::decode_text(as_text(*bytes), static_cast<std::size_t>(options_.max_bytes));
      if (!decoded) return std::unexpected(std::move(decoded.error()));
      if (*decoded) {
        work_(Input{name_, (*decoded)->bytes, (*decoded)->form}, place);
        return {};
      }
    }
    work_(Input{name_, *bytes, std::nullopt}, place);
    return {};
  }

  const Options& options_;
  const Work& work_;
  Reader reader_;
  std::string name_;
};

// Counts what is handed back and gives it its name.
class Desk {
 public:
  explicit Desk(const HandBack& hand_back) : hand_back_(hand_back) {}

  // False: the caller has enough.
  bool hand_back(const Item& item, std::size_t place) {
    item.found.full_name(name_);
    if (item.error) {
      ++summary_.failed;
    } else {
      ++summary_.files;
      summary_.bytes += item.size;
    }
    return hand_back_(Handled{name_, item.size, item.error ? &*item.error : nullptr}, place);
  }

  Summary& summary() { return summary_; }

 private:
  const HandBack& hand_back_;
  std::string name_;
  Summary summary_;
};

bool is_set(const std::atomic<bool>* flag) {
  return flag != nullptr && flag->load(std::memory_order_relaxed);
}

Summary run_alone(std::span<const std::string> words, const Options& options, const Work& work,
                  const HandBack& hand_back) {
  Walker walker(words);
  Handler handler(options, work);
  Desk desk(hand_back);
  Item item;
  while (walker.next(item.found)) {
    if (!is_set(options.stop)) handler.handle(item, 0);
    if (is_set(options.stop) || !desk.hand_back(item, 0)) {
      desk.summary().stopped = true;
      break;
    }
  }
  return desk.summary();
}

// Consecutive inputs in the hands of one thread.
struct Run {
  std::array<Item, kRun> items;
  std::size_t count = 0;
  std::size_t told = 0;  // are ready to be handed back
  std::size_t handed_back = 0;
};

// Runs lie in a ring: run number n is at n % size. Threads claim them in order and fill them in any; the
// caller hands back from the front.
class Pool {
 public:
  Pool(std::span<const std::string> words, const Options& options, const Work& work,
       const HandBack& hand_back)
      : walker_(words), options_(options), work_(work), desk_(hand_back), ring_(options.jobs * kRunsPerJob) {}

  Summary run() {
    {
      std::vector<std::jthread> threads;
      const Abandon at_the_end(*this);  // before the threads are waited for, however this is left
      for (std::size_t i = 0; i < options_.jobs; ++i) threads.emplace_back([this] { fill_runs(); });
      hand_back_all();
    }
    return desk_.summary();
  }

 private:
  struct Abandon {
    explicit Abandon(Pool& of) : pool(of) {}
    Abandon(const Abandon&) = delete;
    Abandon& operator=(const Abandon&) = delete;
    ~Abandon() {
      const std::lock_guard lock(pool.mutex_);
      pool.abandoned_ = pool.ended_ = true;
      pool.room_.notify_all();
    }
    Pool& pool;
  };

  Run& at(std::uint64_t number) { return ring_[number % ring_.size()]; }

  // ---- threads that work ----

  void fill_runs() {
    Handler handler(options_, work_);
    while (const std::optional<std::uint64_t> number = claim()) {
      Run& run = at(*number);
      const std::size_t first_place = *number % ring_.size() * kRun;
      std::size_t done = 0;
      std::size_t told = 0;
      std::uint64_t untold = 0;
      while (done < run.count && !is_set(options_.stop)) {
        // What lies in no folder may be a pipe, and keep this thread waiting.
        if (done > told && (untold >= kTellAfter || !run.items[done].found.folder)) {
          told = done;
          if (!tell(*number, done, std::exchange(untold, 0))) break;
        }
        handler.handle(run.items[done], first_place + done);
        untold += run.items[done++].size;
      }
      if (!tell(*number, done, untold)) break;
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    ready_.notify_one();
  }

  // The next run, with the names of its inputs. nullopt: there is no more to do.
  std::optional<std::uint64_t> claim() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return ended_ || claimed_ - front_ < ring_.size(); });
    if (ended_ || is_set(options_.stop)) return std::nullopt;
    Run& run = at(claimed_);
    run.count = run.told = run.handed_back = 0;
    while (run.count < kRun && walker_.next(run.items[run.count].found)) ++run.count;
    if (run.count < kRun) all_found_ = true;
    if (run.count == 0) return std::nullopt;
    return claimed_++;
  }

  // False: stop. Waits while too much is ahead of what is handed back, unless nothing else is waited for.
  bool tell(std::uint64_t number, std::size_t done, std::uint64_t bytes) {
    std::unique_lock lock(mutex_);
    Run& run = at(number);
    run.told = done;
    ahead_ += bytes;
    if (number == front_) ready_.notify_one();
    if (done == run.count) return true;
    room_.wait(lock, [&] {
      return abandoned_ || ahead_ <= kMostAhead || (number == front_ && run.handed_back == run.told);
    });
    return !abandoned_ && !is_set(options_.stop);
  }

  // ---- the caller's thread ----

  void hand_back_all() {
    std::unique_lock lock(mutex_);
    while (true) {
      ready_.wait(lock, [this] {
        return front_ < claimed_ ? at(front_).handed_back < at(front_).told || is_set(options_.stop) : ended_;
      });
      if (front_ == claimed_) {
        desk_.summary().stopped = !all_found_;
        return;
      }
      Run& run = at(front_);
      const std::size_t from = run.handed_back;
      const std::size_t to = run.told;
      lock.unlock();
      std::uint64_t bytes = 0;
      bool go_on = true;
      for (std::size_t i = from; go_on && i < to; ++i) {
        go_on = !is_set(options_.stop) && desk_.hand_back(run.items[i], front_ % ring_.size() * kRun + i);
        bytes += run.items[i].size;
      }
      lock.lock();
      ahead_ -= bytes;
      run.handed_back = to;
      if (to == run.count) ++front_;
      if (!go_on || is_set(options_.stop)) {
        desk_.summary().stopped = true;
        return;
      }
      room_.notify_all();
    }
  }

  Walker walker_;
  const Options& options_;
  const Work& work_;
  Desk desk_;

  std::mutex mutex_;
  std::condition_variable ready_;  // something can be handed back, or nothing will be
  std::condition_variable room_;   // a run can be claimed, or a thread may go on in its own
  std::vector<Run> ring_;
  std::uint64_t front_ = 0;    // number of the run that is handed back
  std::uint64_t claimed_ = 0;  // runs that were given to a thread
  std::uint64_t ahead_ = 0;    // bytes that are told and not handed back
  bool all_found_ = false;     // the walk is over
  bool ended_ = false;         // nothing more is claimed
  bool abandoned_ = false;     // nothing more is handed back
};

}  // namespace

std::size_t places(const Options& options) {
  return options.jobs <= 1 ? 1 : options.jobs * kRunsPerJob * kRun;
}

Summary run(std::span<const std::string> words, const Options& options, const Work& work,
            const HandBack& hand_back) {
  if (options.jobs <= 1) return run_alone(words, options, work, hand_back);
  return Pool(words, options, work, hand_back).run();
}

}  // namespace wheatstone::input::detail
