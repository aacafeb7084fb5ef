#include "mocks/wer_client/breach.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "formats/layout/node.hpp"
#include "formats/layout/utf16.hpp"

namespace wheatstone::wer_client {
namespace {

using Edit = Breach::Edit;
using Habit = Breach::Habit;
using Text = std::string;
using Members = std::vector<cab::Member>;

constexpr auto kUpload = Breach::Request::upload;
constexpr std::string_view kMark = "\xef\xbb\xbf";
constexpr std::size_t kMegabyte = std::size_t{1} << 20;  // a server need not take a report of that size

// ---- documents

// The range of the first tag of an element: from '<' to behind '>'.
std::optional<std::pair<std::size_t, std::size_t>> tag(const Text& xml, std::string_view element) {
  const Text open = fmt::format("<{}", element);
  for (std::size_t at = 0; (at = xml.find(open, at)) != Text::npos; at += open.size()) {
    const std::size_t behind = at + open.size();
    if (behind < xml.size() && (xml[behind] == ' ' || xml[behind] == '/' || xml[behind] == '>'))
      return std::pair(at, xml.find('>', at) + 1);
  }
  return std::nullopt;
}

// The range of an element with everything in it and its line end.
std::optional<std::pair<std::size_t, std::size_t>> whole(const Text& xml, std::string_view element) {
  auto range = tag(xml, element);
  if (!range) return std::nullopt;
  if (xml[range->second - 2] != '/') {
    const Text close = fmt::format("</{}>", element);
    range->second = xml.find(close, range->second) + close.size();
  }
  if (xml.compare(range->second, 2, "\r\n") == 0) range->second += 2;
  return range;
}

Text edited(Text xml, const Edit& edit) {
  if (edit.kind == Edit::Kind::drop_element || edit.kind == Edit::Kind::repeat_element) {
    const auto range = whole(xml, edit.element);
    if (!range) return xml;
    const Text element = xml.substr(range->first, range->second - range->first);
    if (edit.kind == Edit::Kind::drop_element) return xml.erase(range->first, element.size());
    return xml.insert(range->second, element);
  }
  const auto range = tag(xml, edit.element);
  if (!range) return xml;
  const std::size_t begin = xml.find(fmt::format(" {}=\"", edit.attribute), range->first);
  const bool present = begin < range->second;
  const std::size_t end = present ? xml.find('"', xml.find('"', begin) + 1) + 1 : Text::npos;
  switch (edit.kind) {
    case Edit::Kind::drop_attribute:
      return present ? xml.erase(begin, end - begin) : xml;
    case Edit::Kind::repeat_attribute:
      return present ? xml.insert(end, Text(xml, begin, end - begin)) : xml;
    default: {
      const Text text = fmt::format(" {}=\"{}\"", edit.attribute, edit.value);
      if (present) return xml.replace(begin, end - begin, text);
      return xml.insert(range->first + 1 + edit.element.size(), text);
    }
  }
}

constexpr Edit drop(std::string_view element) {
  return {Edit::Kind::drop_element, element, {}, {}};
}
constexpr Edit repeat(std::string_view element) {
  return {Edit::Kind::repeat_element, element, {}, {}};
}
constexpr Edit drop(std::string_view element, std::string_view attribute) {
  return {Edit::Kind::drop_attribute, element, attribute, {}};
}
constexpr Edit repeat(std::string_view element, std::string_view attribute) {
  return {Edit::Kind::repeat_attribute, element, attribute, {}};
}
constexpr Edit set(std::string_view element, std::string_view attribute, std::string_view value) {
  return {Edit::Kind::set_attribute, element, attribute, value};
}

Text replaced(Text text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  return at == Text::npos ? text : text.replace(at, from.size(), to);
}

Text replaced_all(Text text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != Text::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

Text utf16(std::string_view utf8) {
  return Text(as_text(utf8_to_utf16le(utf8).value_or(Buffer{})));
}

Text in_other_order(Text xml) {
  const auto machine = whole(xml, "MACHINEINFO");
  if (!machine) return xml;
  const Text element = xml.substr(machine->first, machine->second - machine->first);
  xml.erase(machine->first, element.size());
  const auto user = whole(xml, "USERINFO");
  return user ? xml.insert(user->second, element) : xml;
}

Text with_eleven_parameters(Text xml) {
  const auto signature = tag(xml, "SIGNATURE");
  if (!signature) return xml;
  while (whole(xml, "PARAMETER")) xml = edited(std::move(xml), drop("PARAMETER"));
  Text parameters;
  for (unsigned id = 0; id <= 10; ++id)
    parameters += fmt::format("<PARAMETER id=\"{}\" value=\"x\"/>\r\n", id);
  return xml.insert(signature->second + 2, parameters);
}

// ---- requests

std::size_t head_size(const Text& request) {
  return request.find("\r\n\r\n") + 4;
}

Text with_field(Text request, std::string_view field) {
  return request.insert(request.find("\r\n") + 2, fmt::format("{}\r\n", field));
}

Text without_field(Text request, std::string_view name) {
  const std::size_t begin = request.find(fmt::format("\r\n{}:", name));
  if (begin > head_size(request)) return request;
  return request.erase(begin, request.find("\r\n", begin + 2) - begin);
}

Text with_length(Text request, std::size_t length) {
  return with_field(without_field(std::move(request), "Content-Length"),
                    fmt::format("Content-Length: {}", length));
}

Text with_method(Text request, std::string_view method) {
  return request.replace(0, request.find(' '), method);
}

Text with_target(Text request, std::string_view target) {
  const std::size_t begin = request.find(' ') + 1;
  return request.replace(begin, request.find(' ', begin) - begin, target);
}

Text in_chunks(Text request) {
  const Text body = request.substr(head_size(request));
  request = with_field(request.substr(0, head_size(request)), "Transfer-Encoding: chunked");
  return request + fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", body.size(), body);
}

Text without_body(Text request) {
  request.resize(head_size(request));
  return with_length(std::move(request), 0);
}

std::size_t body_size(const Text& request) {
  return request.size() - head_size(request);
}

// ---- cabinets

Members named(Members members, std::string_view name) {
  if (!members.empty()) members.front().name = name;
  return members;
}

Buffer half(Buffer bytes) {
  bytes.resize(bytes.size() / 2);
  return bytes;
}

const Breach kBreaches[] = {
    // ---- the encoding of the document
    {.name = "utf8",
     .clause = "[MS-CER2] 2.2.1",
     .what = "UTF-8 under a declaration that says UTF-16",
     .encode = [](const Text& xml) { return xml; },
     .findings = "utf8-document encoding-mismatch"},
    {.name = "utf8_declared",
     .clause = "[MS-CER2] 2.2.1",
     .what = "UTF-8, and the declaration says so",
     .encode = [](const Text& xml) { return replaced(xml, "UTF-16", "UTF-8"); },
     .findings = "utf8-document"},
    {.name = "big_endian",
     .clause = "[MS-CER2] 2.2.1",
     .what = "UTF-16 with the high byte first",
     .encode =
         [](const Text& xml) {
           Text bytes = utf16(Text(kMark) + xml);
           for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) std::swap(bytes[i], bytes[i + 1]);
           return bytes;
         }},
    {.name = "no_byte_order_mark",
     .clause = "[MS-CER2] 2.2.1",
     .what = "UTF-16 without a byte order mark",
     .encode = [](const Text& xml) { return utf16(xml); },
     .findings = "no-byte-order-mark"},
    {.name = "odd_bytes",
     .clause = "[MS-CER2] 2.2.1",
     .what = "half a UTF-16 unit at the end of the document",
     .encode = [](const Text& xml) { return utf16(Text(kMark) + xml) + "x"; },
     .status = 400,
     .findings = "text-outside-root illegal-character"},
    {.name = "half_surrogate",
     .clause = "XML 1.0 2.2",
     .what = "half a surrogate pair in a value",
     .encode =
         [](const Text& xml) {
           const std::size_t at =
               2 * xml.find("machinename=\"") + 2 + 2 * std::string_view("machinename=\"").size();
           return utf16(Text(kMark) + xml).replace(at, 2, "\x01\xd8");
         },
     .status = 400,
     .findings = "illegal-character"},

    // ---- the XML of the document
    {.name = "wrong_declaration",
     .clause = "XML 1.0 4.3.3",
     .what = "UTF-16 under a declaration that says UTF-8",
     .document = [](Text xml) { return replaced(std::move(xml), "UTF-16", "UTF-8"); },
     .findings = "encoding-mismatch"},
    {.name = "no_declaration",
     .clause = "[MS-CER2] 4",
     .what = "no XML declaration",
     .document = [](Text xml) { return xml.erase(0, xml.find('\n') + 1); },
     .findings = "no-declaration"},
    {.name = "xml_1_1",
     .clause = "[MS-CER2] 4",
     .what = "a declaration that says version 1.1",
     .document = [](Text xml) { return replaced(std::move(xml), "version=\"1.0\"", "version=\"1.1\""); },
     .findings = "xml-version"},
    {.name = "dtd",
     .clause = "[MS-CER2] 2.2.1",
     .what = "a document type with an entity",
     .document =
         [](Text xml) {
           return replaced(std::move(xml), "?>\r\n",
                           "?>\r\n<!DOCTYPE WERREPORT [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\r\n");
         },
     .status = 400,
     .findings = "document-unreadable"},
    {.name = "cut_document",
     .clause = "XML 1.0 2.1",
     .what = "the first half of the document",
     .document = [](Text xml) { return xml.erase(xml.size() / 2); },
     .status = 400,
     .findings = "document-unreadable"},
    {.name = "bare_ampersand",
     .clause = "XML 1.0 4.1",
     .what = "an & that begins no reference",
     .edit = set("USERINFO", "username", "a & b"),
     .status = 400,
     .findings = "bad-reference"},
    {.name = "bare_less_than",
     .clause = "XML 1.0 3.1",
     .what = "a < in a value",
     .edit = set("USERINFO", "username", "a < b"),
     .status = 400,
     .findings = "bare-less-than"},
    {.name = "two_roots",
     .clause = "XML 1.0 2.1",
     .what = "the root element twice",
     .edit = repeat("WERREPORT"),
     .status = 400,
     .findings = "second-root"},
    {.name = "other_root",
     .clause = "[MS-CER2] 2.2.1.3.1",
     .what = "a root that is not WERREPORT",
     .document = [](Text xml) { return replaced_all(std::move(xml), "WERREPORT", "REPORT"); },
     .status = 400,
     .findings = "wrong-root"},
    {.name = "no_schema_instance",
     .clause = "[MS-CER2] 4",
     .what = "WERREPORT without xmlns:xsi",
     .edit = drop("WERREPORT", "xmlns:xsi")},
    {.name = "text_between_elements",
     .clause = "[MS-CER2] 2.2.1.3.1",
     .what = "text between two elements",
     .document = [](Text xml) { return replaced(std::move(xml), "<USERINFO", "text<USERINFO"); },
     .findings = "unexpected-text"},
    {.name = "huge_document",
     .clause = "[MS-CER2] 2.2.1",
     .what = "a million blanks behind the last element",
     .document = [](Text xml) { return xml.append(kMegabyte, ' '); },
     .status = 413,
     .findings = "body-too-large"},

    // ---- its elements
    {.name = "no_machineinfo",
     .clause = "[MS-CER2] 2.2.1.3.3",
     .what = "no MACHINEINFO",
     .edit = drop("MACHINEINFO"),
     .status = 400,
     .findings = "missing-element"},
    {.name = "no_userinfo",
     .clause = "[MS-CER2] 2.2.1.3.2",
     .what = "no USERINFO",
     .edit = drop("USERINFO"),
     .status = 400,
     .findings = "missing-element"},
    {.name = "no_eventinfo",
     .clause = "[MS-CER2] 2.2.1.3.5",
     .what = "no EVENTINFO",
     .edit = drop("EVENTINFO"),
     .status = 400,
     .findings = "missing-element"},
    {.name = "no_signature",
     .clause = "[MS-CER2] 2.2.1.3.6",
     .what = "no SIGNATURE",
     .edit = drop("SIGNATURE"),
     .findings = "missing-element"},
    {.name = "two_machineinfo",
     .clause = "[MS-CER2] 2.2.1.3.3",
     .what = "MACHINEINFO twice",
     .edit = repeat("MACHINEINFO"),
     .status = 400,
     .findings = "repeated-element"},
    {.name = "two_userinfo",
     .clause = "[MS-CER2] 2.2.1.3.2",
     .what = "USERINFO twice",
     .edit = repeat("USERINFO"),
     .status = 400,
     .findings = "repeated-element"},
    {.name = "two_applicationinfo",
     .clause = "[MS-CER2] 2.2.1.3.4",
     .what = "APPLICATIONINFO twice",
     .edit = repeat("APPLICATIONINFO"),
     .status = 400,
     .findings = "repeated-element"},
    {.name = "two_eventinfo",
     .clause = "[MS-CER2] 2.2.1.3.5",
     .what = "EVENTINFO twice",
     .edit = repeat("EVENTINFO"),
     .status = 400,
     .findings = "repeated-element"},
    {.name = "two_signatures",
     .clause = "[MS-CER2] 2.2.1.3.6",
     .what = "SIGNATURE twice",
     .edit = repeat("SIGNATURE"),
     .status = 400,
     .findings = "repeated-element"},
    {.name = "two_files",
     .clause = "[MS-CER2] 2.2.1.3.7",
     .what = "FILES twice",
     .edit = repeat("FILES"),
     .status = 400,
     .findings = "repeated-element"},
    {.name = "other_order",
     .clause = "[MS-CER2] 4",
     .what = "MACHINEINFO behind USERINFO",
     .document = in_other_order,
     .findings = "element-order"},
    {.name = "unknown_element",
     .clause = "[MS-CER2] 2.2.1.3.1",
     .what = "an element that nobody knows",
     .document =
         [](Text xml) {
           return replaced(std::move(xml), "<USERINFO", "<WEATHER sky=\"blue\"/>\r\n<USERINFO");
         },
     .findings = "unknown-element"},

    // ---- its attributes
    {.name = "no_machinename",
     .clause = "[MS-CER2] 2.2.1.3.3",
     .what = "MACHINEINFO without machinename",
     .edit = drop("MACHINEINFO", "machinename"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_os",
     .clause = "[MS-CER2] 2.2.1.3.3",
     .what = "MACHINEINFO without os",
     .edit = drop("MACHINEINFO", "os"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_lcid",
     .clause = "[MS-CER2] 2.2.1.3.3",
     .what = "MACHINEINFO without lcid",
     .edit = drop("MACHINEINFO", "lcid"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_username",
     .clause = "[MS-CER2] 2.2.1.3.2",
     .what = "USERINFO without username",
     .edit = drop("USERINFO", "username"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_appname",
     .clause = "[MS-CER2] 2.2.1.3.4",
     .what = "APPLICATIONINFO without appname",
     .edit = drop("APPLICATIONINFO", "appname"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_apppath",
     .clause = "[MS-CER2] 2.2.1.3.4",
     .what = "APPLICATIONINFO without apppath",
     .edit = drop("APPLICATIONINFO", "apppath"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_reporttype",
     .clause = "[MS-CER2] 2.2.1.3.5",
     .what = "EVENTINFO without reporttype",
     .edit = drop("EVENTINFO", "reporttype"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_eventtype",
     .clause = "[MS-CER2] 2.2.1.3.5",
     .what = "EVENTINFO without eventtype",
     .edit = drop("EVENTINFO", "eventtype"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_eventtime",
     .clause = "[MS-CER2] 2.2.1.3.5",
     .what = "EVENTINFO without eventtime",
     .edit = drop("EVENTINFO", "eventtime"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_parameter_id",
     .clause = "[MS-CER2] 2.2.1.3.6.1",
     .what = "a PARAMETER without id",
     .edit = drop("PARAMETER", "id"),
     .status = 400,
     .findings = "parameter-id-gap missing-attribute"},
    {.name = "no_parameter_value",
     .clause = "[MS-CER2] 2.2.1.3.6.1",
     .what = "a PARAMETER without value",
     .edit = drop("PARAMETER", "value"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_secondary_name",
     .clause = "[MS-CER2] 2.2.1.3.6.2",
     .what = "a SECONDARYPARAMETER without name",
     .edit = drop("SECONDARYPARAMETER", "name"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_secondary_value",
     .clause = "[MS-CER2] 2.2.1.3.6.2",
     .what = "a SECONDARYPARAMETER without value",
     .edit = drop("SECONDARYPARAMETER", "value"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_filename",
     .clause = "[MS-CER2] 2.2.1.3.7.1",
     .what = "a FILE without filename",
     .edit = drop("FILE", "filename"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "no_filetype",
     .clause = "[MS-CER2] 2.2.1.3.7.1",
     .what = "a FILE without filetype",
     .edit = drop("FILE", "filetype"),
     .status = 400,
     .findings = "missing-attribute"},
    {.name = "repeated_attribute",
     .clause = "XML 1.0 3.1",
     .what = "os twice in MACHINEINFO",
     .edit = repeat("MACHINEINFO", "os"),
     .status = 400,
     .findings = "duplicate-attribute"},
    {.name = "unknown_attribute",
     .clause = "[MS-CER2] 2.2.1.3.2",
     .what = "an attribute that nobody knows",
     .edit = set("USERINFO", "mood", "good"),
     .findings = "unknown-attribute"},

    // ---- its values
    {.name = "long_machinename",
     .clause = "[MS-CER2] 2.2.1.2.1",
     .what = "a machinename of 261 characters",
     .document =
         [](Text xml) { return edited(std::move(xml), set("MACHINEINFO", "machinename", Text(261, 'm'))); },
     .status = 400,
     .findings = "path-too-long"},
    {.name = "long_path",
     .clause = "[MS-CER2] 2.2.1.2.1",
     .what = "an apppath of 257 characters",
     .document =
         [](Text xml) { return edited(std::move(xml), set("APPLICATIONINFO", "apppath", Text(257, 'p'))); },
     .findings = "path-length"},
    {.name = "line_break",
     .clause = "[MS-CER2] 2.2.1.2.1",
     .what = "a machinename with a line break",
     .edit = set("MACHINEINFO", "machinename", "a&#10;b"),
     .findings = "line-break"},
    {.name = "wrong_os",
     .clause = "[MS-CER2] 2.2.1.2.2",
     .what = "an os of words",
     .edit = set("MACHINEINFO", "os", "Windows"),
     .status = 400,
     .findings = "os-format"},
    {.name = "wrong_lcid",
     .clause = "[MS-CER2] 2.2.1.2.3",
     .what = "an lcid in hex",
     .edit = set("MACHINEINFO", "lcid", "0x409"),
     .status = 400,
     .findings = "lcid-format"},
    {.name = "reporttype_5",
     .clause = "[MS-CER2] 2.2.1.2.4",
     .what = "reporttype 5, which werapi calls invalid",
     .edit = set("EVENTINFO", "reporttype", "5"),
     .status = 400,
     .findings = "reporttype-value"},
    {.name = "filetype_0",
     .clause = "[MS-CER2] 2.2.1.2.5",
     .what = "filetype 0",
     .edit = set("FILE", "filetype", "0"),
     .status = 400,
     .findings = "filetype-value"},
    {.name = "filetype_9",
     .clause = "[MS-CER2] 2.2.1.2.5",
     .what = "filetype 9, which later versions of Windows have",
     .edit = set("FILE", "filetype", "9"),
     .findings = "filetype-new"},
    {.name = "long_oem",
     .clause = "[MS-CER2] 2.2.1.2.6",
     .what = "an oem of 33 characters",
     .edit = set("MACHINEINFO", "oem", "ooooooooooooooooooooooooooooooooo"),
     .status = 400,
     .findings = "oem-length"},
    {.name = "parameter_id_10",
     .clause = "[MS-CER2] 2.2.1.2.7",
     .what = "a PARAMETER with the id 10",
     .edit = set("PARAMETER", "id", "10"),
     .status = 400,
     .findings = "parameter-id-gap parameter-id"},
    {.name = "repeated_parameter_id",
     .clause = "[MS-CER2] 2.2.1.3.6.1",
     .what = "two PARAMETERs with the id 1",
     .edit = set("PARAMETER", "id", "1"),
     .status = 400,
     .findings = "duplicate-parameter-id parameter-id-gap"},
    {.name = "parameter_id_gap",
     .clause = "[MS-CER2] 2.2.1.3.6.1",
     .what = "PARAMETERs that count from 1",
     .edit = drop("PARAMETER"),
     .findings = "parameter-id-gap"},
    {.name = "eleven_parameters",
     .clause = "[MS-CER2] 2.2.1.3.6",
     .what = "eleven PARAMETERs",
     .document = with_eleven_parameters,
     .status = 400,
     .findings = "too-many-parameters parameter-id"},
    {.name = "eventtime_text",
     .clause = "[MS-CER2] 2.2.1.3.5",
     .what = "an eventtime in words",
     .edit = set("EVENTINFO", "eventtime", "noon"),
     .status = 400,
     .findings = "eventtime-value"},
    {.name = "eventtime_zero",
     .clause = "[MS-CER2] 2.2.1.3.5",
     .what = "an eventtime of 1601",
     .edit = set("EVENTINFO", "eventtime", "0")},
    {.name = "path_in_filename",
     .clause = "[MS-CER2] 2.2.1.3.7.1",
     .what = "a filename with a folder",
     .edit = set("FILE", "filename", "C:\\Windows\\Version.txt"),
     .findings = "cab-file-missing cab-file-unexpected"},
    {.name = "long_value",
     .clause = "[MS-CER2] 2.2.1.3.6.1",
     .what = "a parameter longer than werapi can send",
     .document = [](Text xml) { return edited(std::move(xml), set("PARAMETER", "value", Text(300, 'v'))); },
     .findings = "client-limit"},

    // ---- requests
    {.name = "get",
     .clause = "[MS-CER2] 4.1",
     .what = "GET in place of POST",
     .bytes =
         [](Text request) {
           request.resize(head_size(request));
           return with_method(without_field(std::move(request), "Content-Length"), "GET");
         },
     .status = 405,
     .findings = "method"},
    {.name = "lower_case_method",
     .clause = "RFC 9110 9.1",
     .what = "post in place of POST",
     .bytes = [](Text request) { return with_method(std::move(request), "post"); },
     .status = 405,
     .findings = "method"},
    {.name = "other_path",
     .clause = "[MS-CER2] 4.1",
     .what = "a report to /stage1.htm",
     .bytes = [](Text request) { return with_target(std::move(request), "/stage1.htm"); },
     .status = 404,
     .findings = "path-unknown"},
    {.name = "absolute_target",
     .clause = "RFC 9112 3.2.1",
     .what = "a target with scheme and host",
     .bytes = [](Text request) { return with_target(std::move(request), "http://localhost/stage2.htm"); },
     .findings = "target-absolute-form"},
    {.name = "back_slash_target",
     .clause = "RFC 9112 3.2.1",
     .what = "a target that begins with a back-slash",
     .bytes = [](Text request) { return with_target(std::move(request), "\\stage2.htm"); },
     .findings = "target-back-slash"},
    {.name = "http_1_0",
     .clause = "[MS-CER2] 2.1",
     .what = "HTTP/1.0",
     .bytes = [](Text request) { return replaced(std::move(request), "HTTP/1.1", "HTTP/1.0"); },
     .findings = "http-version"},
    {.name = "no_host",
     .clause = "RFC 9112 3.2",
     .what = "no Host",
     .bytes = [](Text request) { return without_field(std::move(request), "Host"); },
     .status = 400,
     .findings = "http-syntax"},
    {.name = "two_hosts",
     .clause = "RFC 9112 3.2",
     .what = "two Hosts",
     .bytes = [](Text request) { return with_field(std::move(request), "Host: localhost"); },
     .status = 400,
     .findings = "http-syntax"},
    {.name = "other_host",
     .clause = "RFC 9110 7.2",
     .what = "the Host of somebody else",
     .bytes =
         [](Text request) {
           return with_field(without_field(std::move(request), "Host"), "Host: 192.0.2.1");
         }},
    {.name = "no_user_agent",
     .clause = "RFC 9110 10.1.5",
     .what = "no User-Agent",
     .bytes = [](Text request) { return without_field(std::move(request), "User-Agent"); }},
    {.name = "credentials",
     .clause = "[MS-CER2] 5.1",
     .what = "credentials that nobody asked for",
     .bytes = [](Text request) { return with_field(std::move(request), "Authorization: Basic eDp5"); }},
    {.name = "says_gzip",
     .clause = "RFC 9110 8.4",
     .what = "a body that is not compressed, said to be gzip",
     .bytes = [](Text request) { return with_field(std::move(request), "Content-Encoding: gzip"); }},
    {.name = "folded_field",
     .clause = "RFC 9112 5.2",
     .what = "a field over two lines",
     .bytes = [](Text request) { return with_field(std::move(request), "X-Folded: a\r\n b"); },
     .status = 400,
     .findings = "http-syntax"},
    {.name = "blank_before_colon",
     .clause = "RFC 9112 5.1",
     .what = "a blank between the name of a field and its colon",
     .bytes = [](Text request) { return replaced(std::move(request), "User-Agent:", "User-Agent :"); },
     .status = 400,
     .findings = "http-syntax"},
    {.name = "no_length",
     .clause = "RFC 9112 6.3",
     .what = "neither Content-Length nor chunks",
     .bytes = [](Text request) { return without_field(std::move(request), "Content-Length"); },
     .status = 411,
     .findings = "length-missing"},
    {.name = "short_length",
     .clause = "RFC 9112 6.3",
     .what = "a Content-Length that is 2 too small",
     .bytes =
         [](Text request) {
           const std::size_t size = body_size(request);
           return with_length(std::move(request), size - 2);
         },
     .findings = "http-syntax"},
    {.name = "long_length",
     .clause = "RFC 9112 6.3",
     .what = "a Content-Length that is 2 too large",
     .bytes =
         [](Text request) {
           const std::size_t size = body_size(request);
           return with_length(std::move(request), size + 2);
         },
     .status = 408,
     .findings = "request-slow"},
    {.name = "two_lengths",
     .clause = "RFC 9112 6.3",
     .what = "two Content-Lengths that differ",
     .bytes = [](Text request) { return with_field(std::move(request), "Content-Length: 10"); },
     .status = 400,
     .findings = "http-syntax"},
    {.name = "length_and_chunks",
     .clause = "RFC 9112 6.3",
     .what = "Content-Length and chunks, as smugglers send them",
     .bytes = [](Text request) { return in_chunks(std::move(request)); },
     .status = 400,
     .findings = "http-syntax"},
    {.name = "chunks",
     .clause = "RFC 9112 7.1",
     .what = "chunks, which is legal and which simple servers cannot read",
     .bytes = [](Text request) { return in_chunks(without_field(std::move(request), "Content-Length")); }},
    {.name = "unknown_coding",
     .clause = "RFC 9112 6.1",
     .what = "a transfer coding that nobody knows",
     .bytes =
         [](Text request) {
           return with_field(without_field(std::move(request), "Content-Length"), "Transfer-Encoding: knots");
         },
     .status = 501,
     .findings = "transfer-coding"},
    {.name = "unknown_expectation",
     .clause = "RFC 9110 10.1.1",
     .what = "an expectation that nobody knows",
     .bytes = [](Text request) { return with_field(std::move(request), "Expect: rain"); },
     .status = 417,
     .findings = "expectation"},
    {.name = "expects_without_body",
     .clause = "RFC 9110 10.1.1",
     .what = "Expect: 100-continue and no body",
     .bytes =
         [](Text request) { return with_field(without_body(std::move(request)), "Expect: 100-continue"); },
     .status = 400,
     .findings = "document-unreadable"},
    {.name = "closes_in_report",
     .clause = "RFC 9112 8",
     .what = "the connection ends in the middle of the report",
     .habit = Habit::closes_in_request,
     .status = 0,
     .findings = "request-incomplete"},
    {.name = "slow_report",
     .clause = "RFC 9110 15.5.9",
     .what = "a report whose body comes byte by byte",
     .habit = Habit::is_slow,
     .status = 408,
     .findings = "request-slow"},

    // ---- what follows the answer
    {.name = "uploads_unasked",
     .clause = "[MS-CER2] 3.1.5",
     .what = "a cab although iData is not 1",
     .habit = Habit::uploads_unasked,
     .status = 403,
     .findings = "upload-not-issued"},
    {.name = "never_uploads",
     .clause = "[MS-CER2] 3.1.5",
     .what = "no cab although iData is 1",
     .habit = Habit::never_uploads},
    {.name = "uploads_twice",
     .clause = "[MS-CER2] 2.2.3",
     .what = "the cab a second time",
     .habit = Habit::uploads_twice,
     .status = 409,
     .findings = "upload-repeated"},
    {.name = "uploads_elsewhere",
     .clause = "[MS-CER2] 2.2.3",
     .what = "the cab to a path of its own choice",
     .habit = Habit::uploads_elsewhere,
     .status = 403,
     .findings = "upload-not-issued"},
    {.name = "raw_target",
     .clause = "RFC 9112 3.2.1",
     .what = "DumpFile as it stands, back-slashes and all",
     .habit = Habit::sends_raw_target,
     .findings = "target-back-slash"},
    {.name = "encoded_back_slashes",
     .clause = "RFC 9112 3.2.1",
     .what = "%5C for every slash of the path",
     .bytes =
         [](Text request) {
           const std::size_t begin = request.find(' ') + 1;
           const Text target = request.substr(begin, request.find(' ', begin) - begin);
           return with_target(std::move(request), "/" + replaced_all(target.substr(1), "/", "%5C"));
         },
     .request = kUpload,
     .findings = "target-encoded-back-slash"},
    {.name = "posts_cab",
     .clause = "[MS-CER2] 2.2.3",
     .what = "the cab with POST in place of PUT",
     .bytes = [](Text request) { return with_method(std::move(request), "POST"); },
     .request = kUpload,
     .status = 405,
     .findings = "method"},
    {.name = "part_of_cab",
     .clause = "RFC 9110 14.5",
     .what = "the cab as a part, with Content-Range",
     .bytes =
         [](Text request) {
           const std::size_t size = body_size(request);
           return with_field(std::move(request),
                             fmt::format("Content-Range: bytes 0-{}/{}", size - 1, size + 1));
         },
     .request = kUpload,
     .status = 400,
     .findings = "upload-part"},
    {.name = "cab_without_length",
     .clause = "RFC 9112 6.3",
     .what = "the cab with neither Content-Length nor chunks",
     .bytes = [](Text request) { return without_field(std::move(request), "Content-Length"); },
     .request = kUpload,
     .status = 411,
     .findings = "length-missing"},
    {.name = "closes_in_cab",
     .clause = "RFC 9112 8",
     .what = "the connection ends in the middle of the cab",
     .habit = Habit::closes_in_request,
     .request = kUpload,
     .status = 0,
     .findings = "request-incomplete"},
    {.name = "slow_cab",
     .clause = "RFC 9110 15.5.9",
     .what = "a cab that comes byte by byte",
     .habit = Habit::is_slow,
     .request = kUpload,
     .status = 408,
     .findings = "request-slow"},
    {.name = "follows_urls",
     .clause = "[MS-CER2] 5.1",
     .what = "a DumpFile that is a URL is followed, to any host",
     .habit = Habit::follows_urls},
    {.name = "follows_redirects",
     .clause = "[MS-CER2] 5.1",
     .what = "redirects are followed, to any host",
     .habit = Habit::follows_redirects},
    {.name = "believes_any_answer",
     .clause = "[MS-CER2] 3.1.5",
     .what = "any status is a success, and so is none",
     .habit = Habit::believes_any_answer},
    {.name = "claims_success",
     .clause = "[MS-CER2] 3.1.5",
     .what = "failures are told as successes",
     .habit = Habit::claims_success},
    {.name = "insists",
     .clause = "RFC 9110 10.2.3",
     .what = "a report that is refused comes again at once, nine times",
     .habit = Habit::insists},
    {.name = "ignores_settings",
     .clause = "[MS-CER2] 3.1.5",
     .what = "consent, DontSendAdditionalData and throttling count for nothing",
     .habit = Habit::ignores_settings},

    // ---- the cab
    {.name = "empty_cab",
     .clause = "[MS-CER2] 3.1.5",
     .what = "a PUT without a body",
     .cab =
         [](Buffer cab) {
           cab.clear();
           return cab;
         },
     .status = 400,
     .findings = "upload-empty"},
    {.name = "no_cab",
     .clause = "[MS-CER2] 6, note 2",
     .what = "a text in place of the cab",
     .cab =
         [](Buffer cab) {
           const Bytes text = as_bytes("this is no cabinet");
           cab.assign(text.begin(), text.end());
           return cab;
         },
     .findings = "cab-unreadable"},
    {.name = "cut_cab",
     .clause = "[MS-CER2] 3.1.5",
     .what = "the first half of the cab",
     .cab = half,
     .findings = "cab-unreadable"},
    {.name = "broken_cab",
     .clause = "[MS-CAB] 2.1",
     .what = "a cab whose last byte is another, so that its checksum is wrong",
     .cab =
         [](Buffer cab) {
           cab.back() ^= 0xff;
           return cab;
         },
     .findings = "cab-unreadable"},
    {.name = "climbing_name",
     .clause = "[MS-CER2] 5.1",
     .what = "a file in the cab that climbs out of its folder",
     .members = [](Members members) { return named(std::move(members), "..\\..\\Version.txt"); },
     .findings = "name-parent cab-file-missing cab-file-unexpected"},
    {.name = "absolute_name",
     .clause = "[MS-CER2] 5.1",
     .what = "a file in the cab with a folder of the system",
     .members = [](Members members) { return named(std::move(members), "C:\\Windows\\win.ini"); },
     .findings = "name-drive cab-file-missing cab-file-unexpected"},
    {.name = "missing_file",
     .clause = "[MS-CER2] 2.2.1.3.7",
     .what = "a cab without a file that the report lists",
     .members =
         [](Members members) {
           if (!members.empty()) members.erase(members.begin());
           return members;
         },
     .findings = "cab-file-missing"},
    {.name = "unexpected_file",
     .clause = "[MS-CER2] 5.1",
     .what = "a file in the cab that nobody spoke of",
     .members =
         [](Members members) {
           members.push_back({"surprise.txt", {'x'}});
           return members;
         },
     .findings = "cab-file-unexpected"},
    {.name = "unasked_memory",
     .clause = "[MS-CER2] 2.2.2",
     .what = "heap dumps without MemoryDump=1",
     .habit = Habit::sends_memory,
     .findings = "cab-file-not-asked"},
    {.name = "unasked_documents",
     .clause = "[MS-CER2] 2.2.2",
     .what = "documents without fDoc=1",
     .habit = Habit::sends_documents,
     .findings = "cab-file-not-asked"},
    {.name = "gives_files",
     .clause = "[MS-CER2] 5.1",
     .what = "something for every file that GetFile names, allowed or not",
     .habit = Habit::gives_files},
};

}  // namespace

std::span<const Breach> breaches() noexcept {
  return kBreaches;
}

std::vector<std::string_view> breach_names() {
  std::vector<std::string_view> names;
  for (const Breach& breach : kBreaches) names.push_back(breach.name);
  return names;
}

Result<const Breach*> find_breach(std::string_view name) {
  for (const Breach& breach : kBreaches)
    if (breach.name == name) return &breach;
  const std::string_view close = layout::nearest(name, breach_names());
  return fail(ErrorKind::invalid_argument, fmt::format("there is no breach '{}'", name),
              close.empty() ? "see the list of them" : fmt::format("did you mean '{}'?", close));
}

Result<Buffer> broken_document(const Breach& breach, Bytes document) {
  if (breach.edit.kind == Edit::Kind::none && breach.document == nullptr && breach.encode == nullptr)
    return Buffer(document.begin(), document.end());
  const auto text = utf16le_to_utf8(document);
  if (!text || !text->starts_with(kMark))
    return fail(ErrorKind::invalid_argument, "the document is no UTF-16LE with a byte order mark");
  Text xml = text->substr(kMark.size());
  const Text right = xml;
  if (breach.edit.kind != Edit::Kind::none) xml = edited(std::move(xml), breach.edit);
  if (breach.document != nullptr) xml = breach.document(std::move(xml));
  if (breach.encode == nullptr && xml == right)
    return fail(ErrorKind::invalid_argument,
                fmt::format("the report has nothing that the breach {} is about", breach.name));
  const Text bytes = breach.encode != nullptr ? breach.encode(xml) : utf16(Text(kMark) + xml);
  return Buffer(bytes.begin(), bytes.end());
}

}  // namespace wheatstone::wer_client
