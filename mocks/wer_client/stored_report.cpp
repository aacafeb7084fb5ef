#include "mocks/wer_client/stored_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace wheatstone::wer_client {
namespace {

constexpr std::string_view kMagic = "wheatstone stored report 2\r\n";
constexpr std::uint64_t kMostType = 255;  // later versions of Windows have more than [MS-CER2]
constexpr std::string_view kLineBreakers("\r\n\0", 3);

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::unexpected<Error> malformed(std::size_t offset, std::string message) {
  return fail(ErrorKind::malformed, std::move(message), "remove the file: it is no report of this store",
              Location{{}, 0, 0, offset, {}});
}

// Takes a decimal number of at most `most`, without sign or leading zero, off the front.
bool take_number(std::string_view& line, std::uint64_t most, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  const auto size = static_cast<std::size_t>(end - line.data());
  if (error != std::errc{} || (line[0] == '0' && size > 1) || number > most) return false;
  line.remove_prefix(size);
  return true;
}

bool take(std::string_view& line, std::string_view prefix) {
  if (!line.starts_with(prefix)) return false;
  line.remove_prefix(prefix.size());
  return true;
}

bool read_time(std::string_view text, FileTime& time) {
  const auto parsed = parse_iso8601(text);
  if (!parsed || to_iso8601(*parsed) != text) return false;
  time = *parsed;
  return true;
}

class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes), text_(as_text(bytes)) {}

  Result<StoredReport> run();

 private:
  std::unexpected<Error> unexpected_line(std::string_view form) const {
    return malformed(line_at_, fmt::format("expected \"{}\"", form));
  }

  // The next line if it begins with `key` and a blank: what follows.
  std::optional<std::string_view> value_of(std::string_view key);
  std::optional<std::string_view> line();
  bool number(std::string_view key, std::uint64_t most, std::uint64_t& out);
  bool time(std::string_view key, FileTime& out);
  Result<void> state(StoredReport& report);
  Result<void> file(std::string_view text, StoredReport& report);
  bool take_bytes(std::uint64_t size, Buffer& out);

  Bytes bytes_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_at_ = 0;
  std::vector<std::uint64_t> sizes_;
};

std::optional<std::string_view> Reader::line() {
  line_at_ = at_;
  const std::size_t end = text_.find("\r\n", at_);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text_.substr(at_, end - at_);
  at_ = end + 2;
  return line;
}

std::optional<std::string_view> Reader::value_of(std::string_view key) {
  auto text = line();
  if (!text || !take(*text, key) || !take(*text, " ")) return std::nullopt;
  return text;
}

bool Reader::number(std::string_view key, std::uint64_t most, std::uint64_t& out) {
  auto text = value_of(key);
  return text && take_number(*text, most, out) && text->empty();
}

bool Reader::time(std::string_view key, FileTime& out) {
  const auto text = value_of(key);
  return text && read_time(*text, out);
}

Result<void> Reader::state(StoredReport& report) {
  const auto result = value_of("result");
  const auto parsed = result ? parse_submit_result(*result) : std::nullopt;
  if (!parsed) return unexpected_line("result NAME");
  report.result = *parsed;
  if (!time("created", report.created)) return unexpected_line("created TIME");
  std::uint64_t attempts = 0;
  if (!number("attempts", std::numeric_limits<unsigned>::max(), attempts))
    return unexpected_line("attempts COUNT");
  report.attempts = static_cast<unsigned>(attempts);
  if (!time("tried", report.tried)) return unexpected_line("tried TIME");
  if (!time("next", report.next)) return unexpected_line("next TIME");
  if (!number("bucket", std::numeric_limits<std::uint64_t>::max(), report.bucket))
    return unexpected_line("bucket NUMBER");
  const auto detail = value_of("detail");
  if (!detail || std::ranges::any_of(*detail, is_control)) return unexpected_line("detail TEXT");
  report.detail = *detail;
  return {};
}

Result<void> Reader::file(std::string_view text, StoredReport& report) {
  std::uint64_t type = 0, anonymous = 0, size = 0;
  if (!take(text, "file ") || !take_number(text, kMostType, type) || !take(text, " ") ||
      !take_number(text, 1, anonymous) || !take(text, " ") ||
      !take_number(text, std::numeric_limits<std::uint64_t>::max(), size) || !take(text, " ") || type == 0 ||
      text.find_first_of(kLineBreakers) != std::string_view::npos)
    return unexpected_line("file TYPE ANONYMOUS SIZE NAME");
  report.files.push_back({std::string(text), static_cast<cer::FileType>(type), {}, anonymous == 1});
  sizes_.push_back(size);
  return {};
}

bool Reader::take_bytes(std::uint64_t size, Buffer& out) {
  const auto part = slice(bytes_, at_, size);
  if (!part) return false;
  out.assign(part->begin(), part->end());
  at_ += part->size();
  return true;
}

Result<StoredReport> Reader::run() {
  if (!text_.starts_with(kMagic)) return malformed(0, "this is no stored report");
  at_ = kMagic.size();
  StoredReport report;
  if (const auto read = state(report); !read) return std::unexpected(read.error());
  std::uint64_t document_size = 0;
  if (!number("level1", std::numeric_limits<std::uint64_t>::max(), document_size))
    return unexpected_line("level1 SIZE");
  for (;;) {
    const auto text = line();
    if (!text) return malformed(line_at_, "the list of files does not end");
    if (text->empty()) break;
    if (const auto read = file(*text, report); !read) return std::unexpected(read.error());
  }
  if (!take_bytes(document_size, report.document)) return malformed(at_, "the level-1 document is cut short");
  for (std::size_t i = 0; i < sizes_.size(); ++i)
    if (!take_bytes(sizes_[i], report.files[i].data)) return malformed(at_, "a file is cut short");
  if (at_ != bytes_.size()) return malformed(at_, "more bytes than the list says");
  return report;
}

}  // namespace

Result<Buffer> write_stored(const StoredReport& report) {
  for (const FileTime time : {report.created, report.tried, report.next})
    if (!parse_iso8601(to_iso8601(time)))
      return fail(ErrorKind::invalid_argument, "a time after the year 9999");
  std::string detail = report.detail;
  std::ranges::replace_if(detail, is_control, '?');
  std::string head = fmt::format(
      "{}result {}\r\ncreated {}\r\nattempts {}\r\ntried {}\r\nnext {}\r\nbucket {}\r\ndetail {}\r\n"
      "level1 {}\r\n",
      kMagic, to_string(report.result), to_iso8601(report.created), report.attempts, to_iso8601(report.tried),
      to_iso8601(report.next), report.bucket, detail, report.document.size());
  for (const File& file : report.files) {
    if (file.name.find_first_of(kLineBreakers) != std::string::npos)
      return fail(ErrorKind::invalid_argument, "a file name with a line end or NUL");
    if (file.type == cer::FileType{}) return fail(ErrorKind::invalid_argument, "a file without a type");
    head += fmt::format("file {} {} {} {}\r\n", static_cast<unsigned>(file.type), file.anonymous ? 1 : 0,
                        file.data.size(), file.name);
  }
  head += "\r\n";
  Buffer out(head.begin(), head.end());
  out.insert(out.end(), report.document.begin(), report.document.end());
  for (const File& file : report.files) out.insert(out.end(), file.data.begin(), file.data.end());
  return out;
}

Result<StoredReport> read_stored(Bytes bytes) {
  return Reader(bytes).run();
}

}  // namespace wheatstone::wer_client
