#include "mocks/cer_server/content.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <new>
#include <system_error>
#include <vector>

#include "formats/layout/characters.hpp"
#include "mocks/files.hpp"

namespace wheatstone::cer_server {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashSize = 32;
constexpr std::string_view kIncoming = "incoming";

bool is_name(std::string_view text) {
  return text.size() == 2 * kHashSize &&
         std::ranges::all_of(text, [](char c) { return layout::hex_digit(c) >= 0; });
}

std::optional<std::uint64_t> report_of(const std::string& name) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || std::to_string(number) != name) return std::nullopt;
  return number;
}

}  // namespace

std::string sha256(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  // It fails only when there is no memory.
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc();
  std::string name;
  for (const std::uint8_t byte : Bytes(hash).first(kHashSize)) {
    name += kDigits[byte >> 4];
    name += kDigits[byte & 15];
  }
  return name;
}

IncomingFile::~IncomingFile() {
  close();
  if (made_ && !kept_) ::unlink(path_.c_str());
}

void IncomingFile::close() noexcept {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

void IncomingFile::append(Bytes bytes) noexcept {
  size_ += bytes.size();
  if (bytes.empty() || failure_ != 0) return;
  if (file_ < 0) {
    file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    made_ = file_ >= 0;
  }
  while (!bytes.empty()) {
    const ssize_t written = file_ < 0 ? -1 : ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && made_ && errno == EINTR) continue;
    if (written < 0) {
      failure_ = errno;
      return;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

Result<void> IncomingFile::finish() {
  close();
  if (failure_ == 0) return {};
  return std::unexpected(
      file_error(path_, "cannot write the file: " + std::generic_category().message(failure_)));
}

Result<void> Content::prepare() const {
  return make_folder(folder_ / kIncoming);
}

fs::path Content::incoming(std::uint64_t report) const {
  return folder_ / kIncoming / std::to_string(report);
}

fs::path Content::path(const std::string& name) const {
  return folder_ / name.substr(0, 2) / name;
}

Result<void> Content::settle(std::uint64_t report, const std::string& name) const {
  const fs::path from = incoming(report), to = path(name);
  if (::rename(from.c_str(), to.c_str()) == 0) return {};
  if (errno == ENOENT) {
    if (const auto made = make_folder(to.parent_path()); !made) return made;
    if (::rename(from.c_str(), to.c_str()) == 0) return {};
  }
  return std::unexpected(
      file_error(from, "cannot give it its final name: " + std::generic_category().message(errno)));
}

Result<void> Content::tidy(const std::function<std::optional<std::string>(std::uint64_t)>& name_of,
                           const std::function<bool(const std::string&)>& is_used) const {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error))
    if (entry->is_regular_file()) files.push_back(entry->path());
  if (error) return std::unexpected(file_error(folder_, "cannot tidy the folder: " + error.message()));
  for (const fs::path& file : files) {
    const std::string name = file.filename().string();
    Result<void> done;
    if (file.parent_path().filename() == kIncoming) {
      const auto report = report_of(name);
      if (!report) continue;
      const auto lasting = name_of(*report);
      if (!lasting)
        done = remove(file);
      else if (!lasting->empty())
        done = settle(*report, *lasting);
    } else if (is_name(name) && !is_used(name)) {
      done = remove(file);
    }
    if (!done) return done;
  }
  return {};
}

Result<void> Content::remove(const fs::path& file) const {
  std::error_code error;
  fs::remove(file, error);
  if (error) return std::unexpected(file_error(file, "cannot remove the file: " + error.message()));
  return {};
}

}  // namespace wheatstone::cer_server
