#include "harness/cli/interrupt.hpp"

#include <csignal>

namespace wheatstone::cli {
namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

extern "C" void on_signal(int signal) {
  interrupted = true;
  std::signal(signal, SIG_DFL);
}

}  // namespace

const std::atomic<bool>& catch_interrupts() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  return interrupted;
}

void wait_for_interrupt() {
  // Blocked outside of sigsuspend, so that no signal falls between the test and the wait.
  sigset_t both, before;
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &both, &before);
  while (!interrupted) sigsuspend(&before);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace wheatstone::cli
