#include "formats/cer/share_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "formats/cer/value_text.hpp"
#include "formats/layout/characters.hpp"

namespace wheatstone::cer {
namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxVersion = 24;

bool is_device(std::string_view name) {
  constexpr std::array<std::string_view, 4> kPlain = {"CON", "PRN", "AUX", "NUL"};
  std::string_view stem = name.substr(0, name.find('.'));
  while (stem.ends_with(' ')) stem.remove_suffix(1);
  const auto is = [&stem](std::string_view device) { return equal_but_for_case(stem, device); };
  if (std::ranges::any_of(kPlain, is)) return true;
  if (stem.size() != 4 || stem[3] < '1' || stem[3] > '9') return false;
  stem.remove_suffix(1);
  return is("COM") || is("LPT");
}

// "." and ".." end with a dot.
bool is_file_name(std::string_view name) {
  constexpr std::string_view kForbidden = "<>:\"/\\|?*";
  return !name.empty() && name.back() != '.' && name.back() != ' ' && !is_device(name) &&
         std::ranges::all_of(name, [&](char c) {
           return c >= ' ' && c < 0x7f && kForbidden.find(c) == std::string_view::npos;
         });
}

bool is_offset(std::string_view text) {
  return (text.size() == 8 || text.size() == 16) &&
         std::ranges::all_of(text, [](char c) { return layout::hex_digit(c) >= 0; });
}

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = path.find('\\');
    parts.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return parts;
    path.remove_prefix(end + 1);
  }
}

Result<std::string> kernel_subpath(const Report&) {
  return std::string(kKernelSubpath);
}

Result<std::string> crash_subpath(const Report& report) {
  struct Part {
    unsigned id;
    std::string ApplicationError::* member;
  };
  constexpr std::array<Part, 5> kParts = {{{0, &ApplicationError::app_name},
                                           {1, &ApplicationError::app_version},
                                           {3, &ApplicationError::module_name},
                                           {4, &ApplicationError::module_version},
                                           {7, &ApplicationError::offset}}};
  ApplicationError error;
  for (const Part& part : kParts) {
    const auto found = std::ranges::find(report.parameters, part.id, &Parameter::id);
    if (found == report.parameters.end())
      return fail(ErrorKind::malformed, fmt::format("the report has no parameter {}", part.id),
                  "an APPCRASH has the parameters 0 to 7", {.path = "SIGNATURE"});
    error.*part.member = found->value;
  }
  return error_subpath(error);
}

}  // namespace

Result<std::string> error_subpath(const ApplicationError& error) {
  struct Part {
    std::string_view name;
    std::string_view value;
    std::size_t most;
  };
  const std::array<Part, 4> parts = {{{"AppName", error.app_name, kMaxName},
                                      {"AppVer", error.app_version, kMaxVersion},
                                      {"ModName", error.module_name, kMaxName},
                                      {"ModVer", error.module_version, kMaxVersion}}};
  std::string path;
  for (const Part& part : parts) {
    if (part.value.empty() || part.value.size() > part.most)
      return fail(ErrorKind::malformed,
                  fmt::format("{} has {} characters, not 1 to {}", part.name, part.value.size(), part.most),
                  {}, {.path = std::string(part.name)});
    if (!is_file_name(part.value))
      return fail(ErrorKind::malformed, fmt::format("{} cannot be the name of a folder", part.name),
                  "use ASCII without <>:\"/\\|?*, a dot or blank at the end, and names of devices",
                  {.path = std::string(part.name)});
    path += part.value;
    path += '\\';
  }
  if (!is_offset(error.offset))
    return fail(ErrorKind::malformed, "Offset is not 8 or 16 hex digits", "write all digits, without 0x",
                {.path = "Offset"});
  return path + error.offset;
}

Result<std::string> error_subpath(const Report& report) {
  struct Kind {
    std::string_view event_type;
    Result<std::string> (*subpath)(const Report&);
  };
  constexpr std::array<Kind, 2> kKinds = {{{"APPCRASH", crash_subpath}, {"BlueScreen", kernel_subpath}}};
  const auto* kind = std::ranges::find(kKinds, report.event.eventtype, &Kind::event_type);
  if (kind == kKinds.end())
    return fail(ErrorKind::unsupported, "version 1 has no place for reports of this event type",
                "send APPCRASH or BlueScreen, or use version 2", {.path = "EVENTINFO/@eventtype"});
  return kind->subpath(report);
}

bool is_error_subpath(std::string_view text) {
  if (text == kKernelSubpath || text == kShutdownSubpath) return true;
  const auto parts = split(text);
  return parts.size() == 5 &&
         error_subpath(ApplicationError{std::string(parts[0]), std::string(parts[1]), std::string(parts[2]),
                                        std::string(parts[3]), std::string(parts[4])})
             .has_value();
}

bool is_share_root(std::string_view text) {
  if (text.size() > kMaxSharePath || !text.starts_with("\\\\")) return false;
  text.remove_prefix(2);
  if (text.ends_with('\\')) text.remove_suffix(1);
  const auto parts = split(text);
  return parts.size() >= 2 && std::ranges::all_of(parts, is_file_name);
}

Result<SharePaths> share_paths(std::string_view root, std::string_view error, std::string_view cab_file) {
  if (!is_error_subpath(error)) return fail(ErrorKind::invalid_argument, "this is no error subpath");
  if (!is_file_name(cab_file)) return fail(ErrorKind::invalid_argument, "the cab has no legal file name");
  const std::string_view separator = root.empty() || root.ends_with('\\') ? "" : "\\";
  const auto under = [&](std::string_view path) { return fmt::format("{}{}{}", root, separator, path); };
  SharePaths paths;
  paths.policy = under("policy.txt");
  paths.crash_log = under("crash.log");
  paths.cab = under(fmt::format("cabs\\{}\\{}", error, cab_file));
  paths.hits_log = under(fmt::format("cabs\\{}\\hits.log", error));
  paths.status = under(fmt::format("status\\{}\\status.txt", error));
  paths.counts = under(fmt::format("counts\\{}\\count.txt", error));
  for (const std::string* path :
       {&paths.policy, &paths.crash_log, &paths.cab, &paths.hits_log, &paths.status, &paths.counts}) {
    if (path->size() > kMaxSharePath)
      return fail(
          ErrorKind::unsupported,
          fmt::format("a path of {} characters on the share, {} are allowed", path->size(), kMaxSharePath),
          "discard the report, or give the share a shorter name");
  }
  return paths;
}

}  // namespace wheatstone::cer
