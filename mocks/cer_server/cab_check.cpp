#include "mocks/cer_server/cab_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "mocks/cer_server/dump_check.hpp"
#include "mocks/text.hpp"

namespace wheatstone::cer_server {
namespace {

Finding finding(FindingSeverity severity, std::string_view code, std::string message,
                std::string_view clause = {}) {
  return {severity, code, std::move(message), {}, Finding::kNoOffset, clause};
}

struct Opened {
  cab::Contents contents;
  Result<std::vector<cab::Member>> members;
};

// nullopt: there is no telling what it holds. What is wrong is among the findings.
std::optional<Opened> open(Bytes cabinet, const cab::Limits& limits, std::vector<Finding>& findings) {
  auto contents = cab::scan(cabinet, limits);
  if (!contents) {
    findings.push_back(finding(FindingSeverity::error, "cab-unreadable", contents.error().text()));
    return std::nullopt;
  }
  std::ranges::copy(contents->findings, std::back_inserter(findings));
  auto members = cab::unpack(cabinet, *contents);
  if (!members) findings.push_back(finding(FindingSeverity::error, "cab-unreadable", members.error().text()));
  if (contents->members.empty())
    findings.push_back(finding(FindingSeverity::warning, "cab-empty", "the cab holds no file"));
  return Opened{std::move(*contents), std::move(members)};
}

}  // namespace

std::vector<Finding> check_cab(Bytes cabinet, const cab::Limits& limits) {
  std::vector<Finding> findings;
  open(cabinet, limits, findings);
  return findings;
}

std::vector<Finding> check_cab(Bytes cabinet, const cer::Report& report, const cer::Answer& answer,
                               const cab::Limits& limits) {
  std::vector<Finding> findings;
  const auto add = [&findings](FindingSeverity severity, std::string_view code, std::string message,
                               std::string_view clause = {}) {
    findings.push_back(finding(severity, code, std::move(message), clause));
  };
  const auto opened = open(cabinet, limits, findings);
  if (!opened) return findings;
  const auto& [contents, members] = *opened;

  // What is left in `present` at the end was not expected. Windows file names know no case.
  std::multimap<std::string, std::string> present;
  for (const auto& member : contents.members) present.emplace(lower(member.name), member.name);
  const auto take = [&present](std::string_view name) {
    const auto found = present.find(lower(name));
    if (found == present.end()) return false;
    present.erase(found);
    return true;
  };

  bool has_memory = false;
  bool has_document = false;
  if (report.files) {
    for (const auto& file : *report.files) {
      const bool memory = file.filetype == cer::FileType::heapdump;
      const bool document = file.filetype == cer::FileType::user_document;
      const bool asked = memory     ? answer.memory_dump.value_or(false)
                         : document ? answer.f_doc.value_or(false)
                                    : true;
      const bool found = take(file.filename);
      has_memory |= found && memory;
      has_document |= found && document;
      if (asked && !found)
        add(FindingSeverity::warning, "cab-file-missing",
            fmt::format("level 1 lists \"{}\", but the cab does not hold it", printable(file.filename)),
            "[MS-CER2] 2.2.1.3.7");
      if (!asked && found)
        add(FindingSeverity::warning, "cab-file-not-asked",
            fmt::format("the cab holds \"{}\", but the answer did not ask for {}", printable(file.filename),
                        memory ? "MemoryDump" : "fDoc"),
            "[MS-CER2] 2.2.2");
    }
  }

  const auto extra = [&](std::string_view key, std::string_view name, bool found) {
    if (!found)
      add(FindingSeverity::note, "cab-extra-missing",
          fmt::format("the answer asked for {}, but the cab holds no {}", key, printable(name)),
          "[MS-CER2] 3.1.5");
  };
  if (!answer.wql.empty()) extra("WQL", "wql.txt", take("wql.txt"));
  if (!answer.reg_key.empty() || !answer.reg_tree.empty())
    extra(answer.reg_key.empty() ? "RegTree" : "RegKey", "registry.txt", take("registry.txt"));
  if (!answer.get_file_version.empty()) extra("GetFileVersion", "FileVer.txt", take("FileVer.txt"));
  for (const std::string& path : answer.get_file) extra("GetFile", base_name(path), take(base_name(path)));
  if (answer.memory_dump.value_or(false) && !has_memory)
    extra("MemoryDump", "memory.hdmp", take("memory.hdmp"));

  for (const auto& [key, name] : present)
    if (!(answer.f_doc.value_or(false) && !has_document))
      add(FindingSeverity::note, "cab-file-unexpected",
          fmt::format("neither level 1 nor the answer speaks of \"{}\"", printable(name)));

  if (members)
    for (const cab::Member& member : *members)
      std::ranges::move(check_dump(member.name, member.data, report), std::back_inserter(findings));
  return findings;
}

}  // namespace wheatstone::cer_server
