#include "mocks/wer_client/queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "mocks/files.hpp"

namespace wheatstone::wer_client {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "wheatstone queued report 1\r\n";
constexpr std::string_view kExtension = ".report";

std::unexpected<Error> malformed(std::size_t offset, std::string message) {
  return fail(ErrorKind::malformed, std::move(message), "remove the file: it is no report of this queue",
              Location{{}, 0, 0, offset, {}});
}

// Takes a decimal number without sign or leading zero, and the character behind it, off the front.
bool take_number(std::string_view& line, char behind, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  const std::size_t size = static_cast<std::size_t>(end - line.data());
  if (error != std::errc{} || (line[0] == '0' && size > 1)) return false;
  if (size == line.size() || line[size] != behind) return false;
  line.remove_prefix(size + 1);
  return true;
}

bool take(std::string_view& line, std::string_view prefix) {
  if (!line.starts_with(prefix)) return false;
  line.remove_prefix(prefix.size());
  return true;
}

std::optional<std::uint64_t> entry_number(const fs::path& path) {
  const std::string name = path.filename().string();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || fmt::format("{:06}{}", number, kExtension) != name) return std::nullopt;
  return number;
}

}  // namespace

Result<Buffer> write_queued(const QueuedReport& report) {
  std::string head = fmt::format("{}level1 {}\r\n", kMagic, report.document.size());
  for (const File& file : report.files) {
    if (file.name.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      return fail(ErrorKind::invalid_argument, "a file name with a line end or NUL");
    head += fmt::format("file {} {} {} {}\r\n", static_cast<unsigned>(file.type), file.anonymous ? 1 : 0,
                        file.data.size(), file.name);
  }
  head += "\r\n";
  Buffer out(head.begin(), head.end());
  out.insert(out.end(), report.document.begin(), report.document.end());
  for (const File& file : report.files) out.insert(out.end(), file.data.begin(), file.data.end());
  return out;
}

Result<QueuedReport> read_queued(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  if (!text.starts_with(kMagic)) return malformed(0, "this is no queued report");
  std::size_t at = kMagic.size();
  const auto next_line = [&]() -> std::optional<std::string_view> {
    const std::size_t end = text.find("\r\n", at);
    if (end == std::string_view::npos) return std::nullopt;
    // Keeps the CR, so that the last number of a line has something behind it.
    const std::string_view line = text.substr(at, end + 1 - at);
    at = end + 2;
    return line;
  };

  std::uint64_t document_size = 0;
  std::size_t line_at = at;
  auto line = next_line();
  if (!line || !take(*line, "level1 ") || !take_number(*line, '\r', document_size) || !line->empty())
    return malformed(line_at, "expected \"level1 SIZE\"");

  QueuedReport report;
  std::vector<std::uint64_t> sizes;
  for (;;) {
    line_at = at;
    line = next_line();
    if (!line) return malformed(line_at, "the list of files does not end");
    if (*line == "\r") break;
    std::uint64_t type = 0, anonymous = 0, size = 0;
    if (!take(*line, "file ") || !take_number(*line, ' ', type) || !take_number(*line, ' ', anonymous) ||
        !take_number(*line, ' ', size) || type < 1 || type > 5 || anonymous > 1 ||
        line->find_first_of(std::string_view("\r\n\0", 3)) != line->size() - 1)
      return malformed(line_at, "expected \"file TYPE ANONYMOUS SIZE NAME\"");
    File file;
    file.name = line->substr(0, line->size() - 1);
    file.type = static_cast<cer::FileType>(type);
    file.anonymous = anonymous == 1;
    report.files.push_back(std::move(file));
    sizes.push_back(size);
  }

  const auto take_bytes = [&](std::uint64_t size, Buffer& out) {
    const auto part = slice(bytes, at, size);
    if (!part) return false;
    out.assign(part->begin(), part->end());
    at += part->size();
    return true;
  };
  if (!take_bytes(document_size, report.document)) return malformed(at, "the level-1 document is cut short");
  for (std::size_t i = 0; i < sizes.size(); ++i)
    if (!take_bytes(sizes[i], report.files[i].data)) return malformed(at, "a file is cut short");
  if (at != bytes.size()) return malformed(at, "more bytes than the list says");
  return report;
}

std::vector<fs::path> Queue::entries() const {
  std::map<std::uint64_t, fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error))
    if (const auto number = entry_number(entry->path())) found.emplace(*number, entry->path());
  std::vector<fs::path> paths;
  for (auto& [number, path] : found) paths.push_back(std::move(path));
  return paths;
}

Result<void> Queue::add(const QueuedReport& report) {
  const auto bytes = write_queued(report);
  if (!bytes) return std::unexpected(bytes.error());
  if (const auto made = make_folder(folder_); !made) return made;
  const auto present = entries();
  if (present.size() >= most_)
    return fail(ErrorKind::environment, fmt::format("the queue holds {} reports already", present.size()),
                "send what is queued, or raise MaxQueueCount");
  const std::uint64_t number = present.empty() ? 1 : *entry_number(present.back()) + 1;
  return write_whole(folder_ / fmt::format("{:06}{}", number, kExtension), {*bytes});
}

Result<QueuedReport> Queue::read(const fs::path& entry) {
  const auto bytes = read_whole(entry);
  if (!bytes) return std::unexpected(bytes.error());
  auto report = read_queued(*bytes);
  if (!report) report.error().where.file = entry.string();
  return report;
}

Result<void> Queue::remove(const fs::path& entry) {
  std::error_code error;
  fs::remove(entry, error);
  if (error) return std::unexpected(file_error(entry, "cannot remove the file: " + error.message()));
  return {};
}

}  // namespace wheatstone::wer_client
