#include "mocks/cer_server/content.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>

#include "formats/layout/characters.hpp"
#include "mocks/files.hpp"

namespace wheatstone::cer_server {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashSize = 32;

bool is_name(std::string_view text) {
  return text.size() == 2 * kHashSize &&
         std::ranges::all_of(text, [](char c) { return layout::hex_digit(c) >= 0; });
}

}  // namespace

std::string sha256(Bytes bytes) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  // It fails only when there is no memory.
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc();
  std::string name;
  for (const std::uint8_t byte : Bytes(hash).first(kHashSize)) name += fmt::format("{:02x}", byte);
  return name;
}

fs::path Content::path(const std::string& name) const {
  return folder_ / name.substr(0, 2) / name;
}

Result<std::string> Content::put(Bytes bytes) const {
  std::string name = sha256(bytes);
  const fs::path place = path(name);
  std::error_code error;
  if (fs::file_size(place, error) == bytes.size() && !error) return name;
  if (const auto made = make_folder(place.parent_path()); !made) return std::unexpected(made.error());
  if (const auto written = write_whole(place, {bytes}); !written) return std::unexpected(written.error());
  return name;
}

Result<void> Content::keep_only(const std::set<std::string>& known) const {
  std::error_code error;
  if (!fs::exists(folder_, error)) return {};
  std::vector<fs::path> unknown;
  for (fs::recursive_directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::string_view final_name = name;
    if (final_name.ends_with(kUnfinished)) final_name.remove_suffix(kUnfinished.size());
    if (is_name(final_name) && (final_name != name || !known.contains(name)))
      unknown.push_back(entry->path());
  }
  for (const fs::path& file : unknown)
    if (!error) fs::remove(file, error);
  if (error) return std::unexpected(file_error(folder_, "cannot tidy the folder: " + error.message()));
  return {};
}

Result<void> Content::remove(const std::string& name) const {
  std::error_code error;
  fs::remove(path(name), error);
  if (error) return std::unexpected(file_error(path(name), "cannot remove the file: " + error.message()));
  return {};
}

}  // namespace wheatstone::cer_server
