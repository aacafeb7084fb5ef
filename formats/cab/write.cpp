#include <fmt/format.h>
#include <libgcab.h>

#include <algorithm>
#include <memory>
#include <set>

#include "formats/cab/cabinet.hpp"
#include "formats/layout/utf16.hpp"

namespace wheatstone::cab {
namespace {

struct Unref {
  void operator()(gpointer object) const noexcept { g_object_unref(object); }
  void operator()(GBytes* bytes) const noexcept { g_bytes_unref(bytes); }
  void operator()(GDateTime* time) const noexcept { g_date_time_unref(time); }
  void operator()(GError* error) const noexcept { g_error_free(error); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

// Receives the GError of one call.
class ErrorSlot {
 public:
  ~ErrorSlot() { g_clear_error(&error_); }
  GError** operator&() noexcept { return &error_; }
  std::unexpected<Error> failure() const {
    return fail(ErrorKind::internal,
                fmt::format("libgcab: {}", error_ ? error_->message : "unknown failure"));
  }

 private:
  GError* error_ = nullptr;
};

std::string folded(std::string_view name) {
  std::string text(name);
  std::ranges::transform(text, text.begin(), [](char c) { return static_cast<char>(g_ascii_tolower(c)); });
  return text;
}

Result<void> check_members(const std::vector<Member>& members) {
  const auto refuse = [](std::size_t index, std::string what, std::string hint) {
    return fail(ErrorKind::invalid_argument, std::move(what), std::move(hint),
                {.path = fmt::format("members[{}].name", index)});
  };
  if (members.empty())
    return fail(ErrorKind::invalid_argument, "a cabinet needs at least one member", "add a member");
  if (members.size() > 0xffff)
    return fail(ErrorKind::invalid_argument, fmt::format("{} members, a cabinet holds 65535", members.size()),
                "write several cabinets");

  constexpr std::uint64_t kFolderLimit = std::uint64_t{65535} * 32768;
  std::uint64_t size = 0;
  std::set<std::string> names;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::string& name = members[i].name;
    if (name.empty()) return refuse(i, "the name is empty", "name the member");
    if (name.size() > 255) return refuse(i, "the name has more than 255 bytes", "shorten it");
    if (find_invalid_utf8(name) || name.find('\0') != std::string::npos)
      return refuse(i, "the name is not UTF-8 text without NUL", "encode it as UTF-8");
    if (name.find('/') != std::string::npos)
      return refuse(i, "the name holds '/'", "cabinets separate folders with '\\'");
    if (!names.insert(folded(name)).second)
      return refuse(i, fmt::format("the name {} occurs twice", name), "names must differ in more than case");
    size += members[i].data.size();
    if (size > kFolderLimit)
      return fail(ErrorKind::invalid_argument, "the members have more than 2147450880 bytes together",
                  "write several cabinets");
  }
  return {};
}

Result<Owned<GDateTime>> dos_time(FileTime time) {
  const CivilTime civil = to_civil(time);
  if (civil.year < 1980 || civil.year > 2107)
    return fail(ErrorKind::invalid_argument, fmt::format("the time {} is no DOS date", to_iso8601(time)),
                "use a time in the years 1980 to 2107");
  return Owned<GDateTime>(g_date_time_new_utc(civil.year, static_cast<gint>(civil.month),
                                              static_cast<gint>(civil.day), static_cast<gint>(civil.hour),
                                              static_cast<gint>(civil.minute), civil.second));
}

}  // namespace

Result<Buffer> write(const std::vector<Member>& members, FileTime time, Compression compression) {
  if (auto checked = check_members(members); !checked) return std::unexpected(checked.error());
  const auto date = dos_time(time);
  if (!date) return std::unexpected(date.error());

  ErrorSlot error;
  const Owned<GCabCabinet> cabinet(gcab_cabinet_new());
  const Owned<GCabFolder> folder(
      gcab_folder_new(compression == Compression::mszip ? GCAB_COMPRESSION_MSZIP : GCAB_COMPRESSION_NONE));
  for (const Member& member : members) {
    const Owned<GBytes> bytes(g_bytes_new_static(member.data.data(), member.data.size()));
    const Owned<GCabFile> file(gcab_file_new_with_bytes(member.name.c_str(), bytes.get()));
    gcab_file_set_date_time(file.get(), date->get());
    if (!gcab_folder_add_file(folder.get(), file.get(), FALSE, nullptr, &error)) return error.failure();
  }
  if (!gcab_cabinet_add_folder(cabinet.get(), folder.get(), &error)) return error.failure();

  const Owned<GOutputStream> stream(g_memory_output_stream_new_resizable());
  if (!gcab_cabinet_write_simple(cabinet.get(), stream.get(), nullptr, nullptr, nullptr, &error))
    return error.failure();
  auto* memory = G_MEMORY_OUTPUT_STREAM(stream.get());
  const auto* begin = static_cast<const std::uint8_t*>(g_memory_output_stream_get_data(memory));
  return Buffer(begin, begin + g_memory_output_stream_get_data_size(memory));
}

}  // namespace wheatstone::cab
