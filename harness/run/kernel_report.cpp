#include "harness/run/kernel_report.hpp"

#include <fmt/format.h>

#include <map>

#include "formats/cper/profile.hpp"
#include "formats/dump/header.hpp"
#include "formats/layout/flatten.hpp"

namespace wheatstone::run {
namespace {

// major.minor of the Windows with that build: those of the newest profile that is not newer.
std::pair<std::uint32_t, std::uint32_t> version_of(std::uint64_t build) {
  std::pair<std::uint32_t, std::uint32_t> version{6, 1};
  for (const cper::Profile& profile : cper::profiles())
    if (profile.build <= build) version = {profile.major, profile.minor};
  return version;
}

}  // namespace

cer::Report report_of_dump(const dump::Dump& dump, const std::string& file_name, const Reporter& reporter) {
  std::map<std::string, std::uint64_t, std::less<>> header;
  for (const layout::Leaf& leaf : dump::flatten(dump))
    if (leaf.valid && leaf.kind == layout::Leaf::Kind::number) header.try_emplace(leaf.path, leaf.number);
  const std::uint64_t build = header["MinorVersion"];
  const auto [major, minor] = version_of(build);
  const std::uint64_t suite = header["SuiteMask"], product = header["ProductType"];

  cer::Report report;
  report.machine.machinename = reporter.machine_name;
  report.machine.os = fmt::format("{}.{}.{}.2.0.0.{}.{}", major, minor, build, suite, product);
  report.machine.lcid = reporter.lcid;
  report.username = reporter.user_name;
  report.application = cer::ApplicationInfo{"Windows", "C:\\Windows\\System32\\WerFault.exe", std::nullopt};
  report.event.reporttype = cer::ReportType::kernel;
  report.event.eventtype = "BlueScreen";
  report.event.friendlyeventname = "Shut down unexpectedly";
  report.event.eventtime = FileTime{header["SystemTime"]};
  const dump::BugCheck bug_check = dump.bug_check();
  report.secondary_parameters.push_back({"BCCode", fmt::format("{:x}", bug_check.code)});
  for (std::size_t i = 0; i < bug_check.parameters.size(); ++i)
    report.secondary_parameters.push_back(
        {fmt::format("BCP{}", i + 1),
         fmt::format("{:0{}X}", bug_check.parameters[i], dump.dump_class().is_64bit ? 16 : 8)});
  report.secondary_parameters.push_back({"OS Version", fmt::format("{}_{}_{}", major, minor, build)});
  report.secondary_parameters.push_back({"Service Pack", "0_0"});
  report.secondary_parameters.push_back({"Product", fmt::format("{}_{}", suite, product)});
  report.files = std::vector<cer::ReportedFile>{{file_name, cer::FileType::minidump}};
  return report;
}

}  // namespace wheatstone::run
