#include "harness/run/kernel_report.hpp"

#include <map>

#include "formats/cper/profile.hpp"
#include "formats/dump/header.hpp"
#include "formats/layout/flatten.hpp"
#include "mocks/windows/kernel_report.hpp"
#include "mocks/windows/os_version.hpp"

namespace wheatstone::run {
namespace {

// major.minor of the Windows with that build: those of the newest profile that is not newer.
std::pair<std::uint32_t, std::uint32_t> version_of(std::uint64_t build) {
  std::pair<std::uint32_t, std::uint32_t> version{6, 1};
  for (const cper::Profile& profile : cper::windows_profiles())
    if (profile.build <= build) version = {profile.major, profile.minor};
  return version;
}

}  // namespace

cer::Report report_of_dump(const dump::Dump& dump, const std::string& file_name) {
  std::map<std::string, std::uint64_t, std::less<>> header;
  for (const layout::Leaf& leaf : dump::flatten(dump))
    if (leaf.valid && leaf.kind == layout::Leaf::Kind::number) header.try_emplace(leaf.path, leaf.number);
  const auto word = [&header](const char* name) { return static_cast<std::uint32_t>(header[name]); };
  const auto [major, minor] = version_of(word("MinorVersion"));
  const windows::OsVersion os{.major = major,
                              .minor = minor,
                              .build = word("MinorVersion"),
                              .suite_mask = word("SuiteMask"),
                              .product = word("ProductType")};
  const windows::Reporter reporter{"localhost", "SYSTEM", "1033", std::nullopt};
  cer::Report report = windows::blue_screen_report(dump, os, reporter, FileTime{header["SystemTime"]});
  report.files = std::vector<cer::ReportedFile>{{file_name, cer::FileType::minidump}};
  return report;
}

}  // namespace wheatstone::run
