#include "harness/conform/documents.hpp"

#include <fmt/format.h>

#include <utility>

#include "formats/layout/utf16.hpp"

namespace wheatstone::conform {
namespace {

constexpr std::string_view kDeclaration = R"(<?xml version="1.0" encoding="UTF-16"?>)";
constexpr std::string_view kMachine =
    R"(<MACHINEINFO machinename="client-machine.corp.cliendomain.com" os="6.1.6561.2.0.0.256.1" lcid="1033"/>)";
constexpr std::string_view kUser = R"(<USERINFO username="Username"/>)";

// The parameters of example 4.1; {} is the offset.
constexpr std::string_view kCrashSignature =
    "<SIGNATURE>\r\n"
    R"(<PARAMETER id="0" name="Application Name" value="GPFMe.exe"/>)"
    "\r\n"
    R"(<PARAMETER id="1" name="Application Version" value="6.0.4082.0"/>)"
    "\r\n"
    R"(<PARAMETER id="2" name="Application Timestamp" value="40ce670d"/>)"
    "\r\n"
    R"(<PARAMETER id="3" name="Fault Module Name" value="GPFMe.exe"/>)"
    "\r\n"
    R"(<PARAMETER id="4" name="Fault Module Version" value="6.0.4082.0"/>)"
    "\r\n"
    R"(<PARAMETER id="5" name="Fault Module Timestamp" value="40ce670d"/>)"
    "\r\n"
    R"(<PARAMETER id="6" name="Exception Code" value="c0000005"/>)"
    "\r\n"
    R"(<PARAMETER id="7" name="Exception Offset" value="{:08x}"/>)"
    "\r\n"
    "</SIGNATURE>";

constexpr std::string_view kKernelSignature =
    "<SIGNATURE>\r\n"
    R"(<SECONDARYPARAMETER name="BCCode" value="f4"/>)"
    "\r\n"
    R"(<SECONDARYPARAMETER name="BCP1" value="00000003"/>)"
    "\r\n"
    R"(<SECONDARYPARAMETER name="BCP2" value="8C387020"/>)"
    "\r\n"
    R"(<SECONDARYPARAMETER name="BCP3" value="8C387184"/>)"
    "\r\n"
    R"(<SECONDARYPARAMETER name="BCP4" value="81BD1A30"/>)"
    "\r\n"
    R"(<SECONDARYPARAMETER name="OS Version" value="6_1_6561"/>)"
    "\r\n"
    R"(<SECONDARYPARAMETER name="Service Pack" value="0_0"/>)"
    "\r\n"
    R"(<SECONDARYPARAMETER name="Product" value="256_1"/>)"
    "\r\n"
    "</SIGNATURE>";

constexpr std::string_view kGenericSignature =
    "<SIGNATURE>\r\n"
    R"(<PARAMETER id="0" name="Problem Signature 01" value="1000"/>)"
    "\r\n"
    R"(<PARAMETER id="1" name="Problem Signature 02" value="2000"/>)"
    "\r\n"
    R"(<PARAMETER id="2" name="Problem Signature 03" value="3000"/>)"
    "\r\n"
    "</SIGNATURE>";

constexpr std::string_view kOneFile =
    "<FILES>\r\n"
    R"(<FILE filetype="5" filename="Version.txt"/>)"
    "\r\n"
    "</FILES>";

}  // namespace

std::string Document::text(std::string_view end_of_line) const {
  std::string out;
  const auto add = [&](std::string_view part) {
    if (!part.empty()) (out += part) += end_of_line;
  };
  add(declaration);
  add(R"(<WERREPORT xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">)");
  for (const std::string* part : {&machine, &user, &application, &event, &signature, &files}) add(*part);
  add("</WERREPORT>");
  return out;
}

Document crash_document(std::string_view event_type, std::uint64_t number) {
  return {
      .declaration = std::string(kDeclaration),
      .machine = std::string(kMachine),
      .user = std::string(kUser),
      .application =
          R"(<APPLICATIONINFO appname="WER GPF Test Utility" apppath="E:\tools\GPFMe.exe" appcompany="Test Corporation"/>)",
      .event = fmt::format(
          R"(<EVENTINFO reporttype="2" eventtime="128496925196486378" eventtype="{}" friendlyeventname="Stopped working"/>)",
          event_type),
      .signature = fmt::format(kCrashSignature, number),
      .files = std::string(kOneFile),
  };
}

std::string replaced(std::string part, std::string_view from, std::string_view to) {
  const std::size_t at = part.find(from);
  if (at != std::string::npos) part.replace(at, from.size(), to);
  return part;
}

std::string without_attribute(std::string part, std::string_view name) {
  const std::size_t begin = part.find(fmt::format(" {}=\"", name));
  if (begin == std::string::npos) return part;
  const std::size_t end = part.find('"', part.find('"', begin) + 1);
  part.erase(begin, end + 1 - begin);
  return part;
}

std::string utf16(std::string_view text, Utf16 order, Mark mark) {
  const std::string marked = (mark == Mark::with ? "\xef\xbb\xbf" : "") + std::string(text);
  Buffer bytes = utf8_to_utf16le(marked).value_or(Buffer{});
  if (order == Utf16::be)
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) std::swap(bytes[i], bytes[i + 1]);
  return std::string(as_text(bytes));
}

std::string example_crash() {
  return crash_document("APPCRASH", 0x31de).text();
}

std::string example_kernel() {
  Document document = crash_document("BlueScreen", 0);
  document.application =
      R"(<APPLICATIONINFO appname="Windows" apppath="C:\Windows\System32\WerFault.exe" appcompany="Test Corporation"/>)";
  document.event =
      R"(<EVENTINFO reporttype="4" eventtime="128496996179046077" eventtype="BlueScreen" friendlyeventname="Shut down unexpectedly"/>)";
  document.signature = kKernelSignature;
  document.files =
      "<FILES>\r\n"
      R"(<FILE filetype="2" filename="Mini031108-01.dmp"/>)"
      "\r\n"
      R"(<FILE filetype="5" filename="sysdata.xml"/>)"
      "\r\n"
      R"(<FILE filetype="5" filename="Version.txt"/>)"
      "\r\n"
      "</FILES>";
  return document.text();
}

std::string example_generic() {
  Document document = crash_document("MikeTest", 0);
  document.application =
      R"(<APPLICATIONINFO appname="Test" apppath="E:\tools\wersample.exe" appcompany="Test Corporation"/>)";
  document.event =
      R"(<EVENTINFO reporttype="1" eventtime="128497001160460289" eventtype="MikeTest" friendlyeventname="MikeTest"/>)";
  document.signature = kGenericSignature;
  document.files.clear();
  return document.text();
}

}  // namespace wheatstone::conform
