#include "harness/conform/command.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <boost/asio/io_context.hpp>
#include <boost/process.hpp>
#include <system_error>
#include <utility>

namespace wheatstone::conform {
namespace {

namespace process = boost::process;

std::string filled(std::string word, const Place& place) {
  for (const auto& [mark, value] : {std::pair<std::string_view, std::string>{"{url}", place.url()},
                                    {"{host}", place.host()},
                                    {"{port}", std::to_string(place.port)},
                                    {"{fingerprint}", place.fingerprint}})
    for (std::size_t at = 0; (at = word.find(mark, at)) != std::string::npos; at += value.size())
      word.replace(at, mark.size(), value);
  return word;
}

Error not_started(const std::string& program, std::string_view why) {
  return {ErrorKind::environment, fmt::format("cannot start {}: {}", program, why), "is it installed?", {}};
}

Result<std::optional<int>> run(const std::vector<std::string>& words, Milliseconds time) {
  const std::string& name = words.front();
  const boost::filesystem::path program =
      name.find('/') == std::string::npos ? process::search_path(name) : boost::filesystem::path(name);
  if (program.empty()) return std::unexpected(not_started(name, "there is no such program"));
  boost::asio::io_context io;
  std::error_code error;
  std::optional<int> code;
  process::child child(program, process::args(std::vector(words.begin() + 1, words.end())),
                       process::std_in<process::null, process::std_out> process::null, io,
                       process::on_exit([&code](int exit, const std::error_code&) { code = exit; }), error);
  if (error) return std::unexpected(not_started(name, error.message()));
  io.run_for(time);
  // As shells tell it: 128 and the number of the signal.
  if (code && WIFSIGNALED(child.native_exit_code())) return 128 + WTERMSIG(child.native_exit_code());
  if (code) return code;
  child.terminate(error);
  child.wait(error);
  return std::nullopt;
}

}  // namespace

Result<std::vector<std::string>> split_words(std::string_view command) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      in_word = false;
      continue;
    }
    if (!std::exchange(in_word, true)) words.emplace_back();
    if (quote == 0 && (c == '\'' || c == '"'))
      quote = c;
    else if (c == quote)
      quote = 0;
    else if (c == '\\' && quote != '\'' && i + 1 < command.size())
      words.back() += command[++i];
    else
      words.back() += c;
  }
  if (quote != 0)
    return fail(ErrorKind::invalid_argument, fmt::format("the command has a {} that does not end", quote));
  if (words.empty()) return fail(ErrorKind::invalid_argument, "the command is empty");
  return words;
}

RunClient run_command(std::vector<std::string> words, Milliseconds time) {
  return [words = std::move(words), time](const Place& place) -> Result<std::optional<int>> {
    std::vector<std::string> filled_words;
    for (const std::string& word : words) filled_words.push_back(filled(word, place));
    try {
      return run(filled_words, time);
    } catch (const std::exception& error) {
      return std::unexpected(not_started(filled_words.front(), error.what()));
    }
  };
}

}  // namespace wheatstone::conform
