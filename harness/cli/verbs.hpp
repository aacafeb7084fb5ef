// The verbs of the program: one file each, and as little in it as can be.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace wheatstone::cli {

class Terminal;

// What a verb does once the command line is read; returns the exit code.
using Act = std::function<int(Terminal&)>;

// Each adds its sub-command, with its options and help, and returns what it does.
Act add_run(CLI::App& app);
Act add_check(CLI::App& app);
Act add_list(CLI::App& app);
Act add_show(CLI::App& app);
Act add_describe(CLI::App& app);
Act add_diff(CLI::App& app);
Act add_defects(CLI::App& app);
Act add_lint(CLI::App& app);
Act add_make(CLI::App& app);
Act add_serve(CLI::App& app);
Act add_reports(CLI::App& app);
Act add_submit(CLI::App& app);
Act add_schema(CLI::App& app);
Act add_scrub(CLI::App& app);
Act add_conform(CLI::App& app);

}  // namespace wheatstone::cli
