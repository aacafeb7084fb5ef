// Ctrl-C and SIGTERM as a flag: the first asks the program to finish what it has begun, a second ends it.
#pragma once

#include <atomic>

namespace wheatstone::cli {

// Installs the handlers and returns the flag, which they set.
const std::atomic<bool>& catch_interrupts();

// Waits until the flag is set. Call catch_interrupts() first, before any thread is started.
void wait_for_interrupt();

}  // namespace wheatstone::cli
