#include "harness/cli/load.hpp"

#include "formats/layout/text_buffer.hpp"
#include "harness/report/plain_text.hpp"

namespace wheatstone::cli {

run::Library load(const std::vector<std::string>& paths, Terminal& terminal) {
  run::Library library = run::load_library({paths.begin(), paths.end()});
  for (const Error& error : library.errors) terminal.err(error.text() + "\n");
  return library;
}

int complain(const Error& error, Terminal& terminal) {
  // Names of files and texts of YAML may hold anything.
  layout::TextBuffer line;
  report::append_plain_line(line, "wheatstone: " + error.text());
  terminal.err(line.view());
  switch (error.kind) {
    case ErrorKind::malformed:
    case ErrorKind::unsupported:
    case ErrorKind::invalid_argument:
      return kUsage;
    case ErrorKind::io:
    case ErrorKind::environment:
    case ErrorKind::internal:
      return kEnvironment;
  }
  return kEnvironment;
}

}  // namespace wheatstone::cli
