#include "mocks/windows/kernel_report.hpp"

#include <fmt/format.h>

#include "formats/layout/utf16.hpp"

namespace wheatstone::windows {
namespace {

// UTF-16 with a byte order mark, as the text files that Windows puts into reports.
Buffer utf16_file(const std::string& text) {
  return utf8_to_utf16le("\ufeff" + text).value_or(Buffer{});
}

Buffer version_txt(const Platform& platform, const OsVersion& os) {
  return utf16_file(
      fmt::format("Windows NT Version {}.{} Build: {}\r\n"
                  "Service Pack: {}.{}\r\nPlatform: {}\r\nSuite: {}\r\nProduct: {}\r\n"
                  "Architecture: {}\r\n",
                  os.major, os.minor, os.build, os.service_pack_major, os.service_pack_minor, os.platform,
                  os.suite_mask, os.product, platform.is_64bit ? "X64" : "X86"));
}

const char* vendor_name(CpuVendor vendor) {
  switch (vendor) {
    case CpuVendor::intel:
      return "GenuineIntel";
    case CpuVendor::amd:
      return "AuthenticAMD";
    default:
      return "Other";
  }
}

Buffer sysdata_xml(const Platform& platform, const OsVersion& os) {
  return utf16_file(fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<SYSTEMINFO>\r\n"
      "<SYSTEM osver=\"{}\" architecture=\"{}\"/>\r\n<CPU vendor=\"{}\" "
      "processors=\"{}\"/>\r\n</SYSTEMINFO>\r\n",
      os.text(), platform.is_64bit ? "x64" : "x86", vendor_name(platform.cpu_vendor), platform.processors));
}

}  // namespace

cer::Report blue_screen_report(const dump::Dump& dump, const OsVersion& os, const Reporter& reporter,
                               FileTime crash_time) {
  const int digits = dump.dump_class().is_64bit ? 16 : 8;
  const dump::BugCheck bug_check = dump.bug_check();

  cer::Report report;
  report.machine = {reporter.machine_name, os.text(), reporter.lcid, std::nullopt};
  report.username = reporter.user_name;
  report.application = {"Windows", "C:\\Windows\\System32\\WerFault.exe", reporter.company};
  report.event = {.reporttype = cer::ReportType::kernel,
                  .eventtype = "BlueScreen",
                  .friendlyeventname = "Shut down unexpectedly",
                  .eventdescription = std::nullopt,
                  .eventtime = crash_time};
  auto& parameters = report.secondary_parameters;
  parameters.push_back({"BCCode", fmt::format("{:x}", bug_check.code)});
  for (std::size_t i = 0; i < bug_check.parameters.size(); ++i)
    parameters.push_back(
        {fmt::format("BCP{}", i + 1), fmt::format("{:0{}X}", bug_check.parameters[i], digits)});
  parameters.push_back({"OS Version", os.os_version()});
  parameters.push_back({"Service Pack", os.service_pack()});
  parameters.push_back({"Product", os.product_text()});
  return report;
}

Result<wer_client::Submission> kernel_report(const Platform& platform, const OsVersion& os,
                                             const Reporter& reporter, const CrashLeftovers& leftovers) {
  const auto dump = dump::Dump::open(leftovers.small_dump);
  if (!dump) return std::unexpected(dump.error());

  wer_client::Submission out;
  out.report = blue_screen_report(*dump, os, reporter, leftovers.crash_time);
  out.files.push_back({leftovers.small_dump_name, cer::FileType::minidump, leftovers.small_dump, false});
  out.files.push_back({"sysdata.xml", cer::FileType::other, sysdata_xml(platform, os), false});
  out.files.push_back({"Version.txt", cer::FileType::other, version_txt(platform, os), false});
  return out;
}

}  // namespace wheatstone::windows
