// The four level-1 documents of [MS-CER2] section 4: as data, and as the text that must come out.
#pragma once

#include <string>

#include "formats/cer/report.hpp"

namespace wheatstone::cer::examples {

inline Report common() {
  Report report;
  report.machine = {"client-machine.corp.cliendomain.com", "6.1.6561.2.0.0.256.1", "1033", std::nullopt};
  report.username = "Username";
  return report;
}

// 4.1 and 4.2 send the same document.
inline Report application_fault() {
  Report report = common();
  report.application = {"WER GPF Test Utility", "E:\\tools\\GPFMe.exe", "Test Corporation"};
  report.event = {ReportType::application_crash, "APPCRASH", "Stopped working", std::nullopt,
                  FileTime{128496925196486378}};
  report.parameters = {{0, "Application Name", "GPFMe.exe"},      {1, "Application Version", "6.0.4082.0"},
                       {2, "Application Timestamp", "40ce670d"},  {3, "Fault Module Name", "GPFMe.exe"},
                       {4, "Fault Module Version", "6.0.4082.0"}, {5, "Fault Module Timestamp", "40ce670d"},
                       {6, "Exception Code", "c0000005"},         {7, "Exception Offset", "000031de"}};
  report.files = {{"Version.txt", FileType::other}};
  return report;
}

inline constexpr char kApplicationFault[] =
    "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n"
    "<WERREPORT xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r\n"
    "<MACHINEINFO machinename=\"client-machine.corp.cliendomain.com\" os=\"6.1.6561.2.0.0.256.1\" "
    "lcid=\"1033\"/>\r\n"
    "<USERINFO username=\"Username\"/>\r\n"
    "<APPLICATIONINFO appname=\"WER GPF Test Utility\" apppath=\"E:\\tools\\GPFMe.exe\" "
    "appcompany=\"Test Corporation\"/>\r\n"
    "<EVENTINFO reporttype=\"2\" eventtime=\"128496925196486378\" eventtype=\"APPCRASH\" "
    "friendlyeventname=\"Stopped working\"/>\r\n"
    "<SIGNATURE>\r\n"
    "<PARAMETER id=\"0\" name=\"Application Name\" value=\"GPFMe.exe\"/>\r\n"
    "<PARAMETER id=\"1\" name=\"Application Version\" value=\"6.0.4082.0\"/>\r\n"
    "<PARAMETER id=\"2\" name=\"Application Timestamp\" value=\"40ce670d\"/>\r\n"
    "<PARAMETER id=\"3\" name=\"Fault Module Name\" value=\"GPFMe.exe\"/>\r\n"
    "<PARAMETER id=\"4\" name=\"Fault Module Version\" value=\"6.0.4082.0\"/>\r\n"
    "<PARAMETER id=\"5\" name=\"Fault Module Timestamp\" value=\"40ce670d\"/>\r\n"
    "<PARAMETER id=\"6\" name=\"Exception Code\" value=\"c0000005\"/>\r\n"
    "<PARAMETER id=\"7\" name=\"Exception Offset\" value=\"000031de\"/>\r\n"
    "</SIGNATURE>\r\n"
    "<FILES>\r\n"
    "<FILE filetype=\"5\" filename=\"Version.txt\"/>\r\n"
    "</FILES>\r\n"
    "</WERREPORT>\r\n";

// 4.3
inline Report kernel_fault() {
  Report report = common();
  report.application = {"Windows", "C:\\Windows\\System32\\WerFault.exe", "Test Corporation"};
  report.event = {ReportType::kernel, "BlueScreen", "Shut down unexpectedly", std::nullopt,
                  FileTime{128496996179046077}};
  report.secondary_parameters = {{"BCCode", "f4"},        {"BCP1", "00000003"}, {"BCP2", "8C387020"},
                                 {"BCP3", "8C387184"},    {"BCP4", "81BD1A30"}, {"OS Version", "6_1_6561"},
                                 {"Service Pack", "0_0"}, {"Product", "256_1"}};
  report.files = {{"Mini031108-01.dmp", FileType::minidump},
                  {"sysdata.xml", FileType::other},
                  {"Version.txt", FileType::other}};
  return report;
}

inline constexpr char kKernelFault[] =
    "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n"
    "<WERREPORT xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r\n"
    "<MACHINEINFO machinename=\"client-machine.corp.cliendomain.com\" os=\"6.1.6561.2.0.0.256.1\" "
    "lcid=\"1033\"/>\r\n"
    "<USERINFO username=\"Username\"/>\r\n"
    "<APPLICATIONINFO appname=\"Windows\" apppath=\"C:\\Windows\\System32\\WerFault.exe\" "
    "appcompany=\"Test Corporation\"/>\r\n"
    "<EVENTINFO reporttype=\"4\" eventtime=\"128496996179046077\" eventtype=\"BlueScreen\" "
    "friendlyeventname=\"Shut down unexpectedly\"/>\r\n"
    "<SIGNATURE>\r\n"
    "<SECONDARYPARAMETER name=\"BCCode\" value=\"f4\"/>\r\n"
    "<SECONDARYPARAMETER name=\"BCP1\" value=\"00000003\"/>\r\n"
    "<SECONDARYPARAMETER name=\"BCP2\" value=\"8C387020\"/>\r\n"
    "<SECONDARYPARAMETER name=\"BCP3\" value=\"8C387184\"/>\r\n"
    "<SECONDARYPARAMETER name=\"BCP4\" value=\"81BD1A30\"/>\r\n"
    "<SECONDARYPARAMETER name=\"OS Version\" value=\"6_1_6561\"/>\r\n"
    "<SECONDARYPARAMETER name=\"Service Pack\" value=\"0_0\"/>\r\n"
    "<SECONDARYPARAMETER name=\"Product\" value=\"256_1\"/>\r\n"
    "</SIGNATURE>\r\n"
    "<FILES>\r\n"
    "<FILE filetype=\"2\" filename=\"Mini031108-01.dmp\"/>\r\n"
    "<FILE filetype=\"5\" filename=\"sysdata.xml\"/>\r\n"
    "<FILE filetype=\"5\" filename=\"Version.txt\"/>\r\n"
    "</FILES>\r\n"
    "</WERREPORT>\r\n";

// 4.4
inline Report generic() {
  Report report = common();
  report.application = {"Test", "E:\\tools\\wersample.exe", "Test Corporation"};
  report.event = {ReportType::critical, "MikeTest", "MikeTest", std::nullopt, FileTime{128497001160460289}};
  report.parameters = {{0, "Problem Signature 01", "1000"},
                       {1, "Problem Signature 02", "2000"},
                       {2, "Problem Signature 03", "3000"}};
  return report;
}

inline constexpr char kGeneric[] =
    "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n"
    "<WERREPORT xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r\n"
    "<MACHINEINFO machinename=\"client-machine.corp.cliendomain.com\" os=\"6.1.6561.2.0.0.256.1\" "
    "lcid=\"1033\"/>\r\n"
    "<USERINFO username=\"Username\"/>\r\n"
    "<APPLICATIONINFO appname=\"Test\" apppath=\"E:\\tools\\wersample.exe\" appcompany=\"Test "
    "Corporation\"/>\r\n"
    "<EVENTINFO reporttype=\"1\" eventtime=\"128497001160460289\" eventtype=\"MikeTest\" "
    "friendlyeventname=\"MikeTest\"/>\r\n"
    "<SIGNATURE>\r\n"
    "<PARAMETER id=\"0\" name=\"Problem Signature 01\" value=\"1000\"/>\r\n"
    "<PARAMETER id=\"1\" name=\"Problem Signature 02\" value=\"2000\"/>\r\n"
    "<PARAMETER id=\"2\" name=\"Problem Signature 03\" value=\"3000\"/>\r\n"
    "</SIGNATURE>\r\n"
    "</WERREPORT>\r\n";

}  // namespace wheatstone::cer::examples
