#include "formats/cer/report.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "formats/cer/xml_text.hpp"
#include "formats/layout/utf16.hpp"

namespace wheatstone::cer {
namespace {

// The examples' form of an element ("<A b="c"/>" CR LF, no indentation) is none that pugixml prints.
class Document {
 public:
  Document() { text_ += "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n"; }

  Document& open(std::string_view element) {
    element_ = element;
    fmt::format_to(std::back_inserter(text_), "<{}", element);
    return *this;
  }

  Document& text(std::string_view name, std::string_view value) {
    fmt::format_to(std::back_inserter(text_), " {}=\"", name);
    escape(name, value);
    text_ += '"';
    return *this;
  }

  Document& optional(std::string_view name, const std::optional<std::string>& value) {
    return value ? text(name, *value) : *this;
  }

  Document& number(std::string_view name, std::uint64_t value) {
    fmt::format_to(std::back_inserter(text_), " {}=\"{}\"", name, value);
    return *this;
  }

  void leaf() { text_ += "/>\r\n"; }
  void begin_children() { text_ += ">\r\n"; }
  void end(std::string_view element) { fmt::format_to(std::back_inserter(text_), "</{}>\r\n", element); }

  Result<Buffer> finish() && {
    if (error_) return std::unexpected(std::move(*error_));
    Buffer document{0xff, 0xfe};
    const auto units = utf8_to_utf16le(text_);
    if (!units) return fail(ErrorKind::internal, "the document is not well-formed UTF-8");
    document.insert(document.end(), units->begin(), units->end());
    return document;
  }

 private:
  void escape(std::string_view name, std::string_view value) {
    for (std::size_t at = 0; at < value.size();) {
      const std::size_t begin = at;
      const std::uint32_t code = next_utf8(value, at);
      if (code == kInvalidCodePoint || !is_xml_char(code)) {
        if (!error_)
          error_ = Error{
              ErrorKind::invalid_argument,
              fmt::format("the value of {} holds text that XML 1.0 cannot carry, at byte {}", name, begin),
              "leave out control characters and ill-formed UTF-8",
              {.path = fmt::format("{}/@{}", element_, name)}};
        return;
      }
      switch (code) {
        case '&':
          text_ += "&amp;";
          break;
        case '<':
          text_ += "&lt;";
          break;
        case '>':
          text_ += "&gt;";
          break;
        case '"':
          text_ += "&quot;";
          break;
        case '\t':
        case '\n':
        case '\r':
          fmt::format_to(std::back_inserter(text_), "&#{};", code);
          break;
        default:
          text_ += value.substr(begin, at - begin);
      }
    }
  }

  std::string text_;
  std::string_view element_;
  std::optional<Error> error_;
};

}  // namespace

std::optional<std::string_view> Report::parameter(std::string_view name) const noexcept {
  for (const Parameter& candidate : parameters)
    if (candidate.name == name) return candidate.value;
  for (const SecondaryParameter& candidate : secondary_parameters)
    if (candidate.name == name) return candidate.value;
  return std::nullopt;
}

Result<Buffer> write_report(const Report& report) {
  Document document;
  document.open("WERREPORT").text("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance").begin_children();
  document.open("MACHINEINFO")
      .text("machinename", report.machine.machinename)
      .text("os", report.machine.os)
      .text("lcid", report.machine.lcid)
      .optional("oem", report.machine.oem)
      .leaf();
  document.open("USERINFO").text("username", report.username).leaf();
  if (report.application) {
    document.open("APPLICATIONINFO")
        .text("appname", report.application->appname)
        .text("apppath", report.application->apppath)
        .optional("appcompany", report.application->appcompany)
        .leaf();
  }
  document.open("EVENTINFO")
      .number("reporttype", std::to_underlying(report.event.reporttype))
      .number("eventtime", report.event.eventtime.ticks)
      .text("eventtype", report.event.eventtype)
      .optional("friendlyeventname", report.event.friendlyeventname)
      .optional("eventdescription", report.event.eventdescription)
      .leaf();

  document.open("SIGNATURE").begin_children();
  for (const Parameter& parameter : report.parameters) {
    document.open("PARAMETER")
        .number("id", parameter.id)
        .optional("name", parameter.name)
        .text("value", parameter.value)
        .leaf();
  }
  for (const SecondaryParameter& parameter : report.secondary_parameters) {
    document.open("SECONDARYPARAMETER").text("name", parameter.name).text("value", parameter.value).leaf();
  }
  document.end("SIGNATURE");

  if (report.files) {
    document.open("FILES").begin_children();
    for (const ReportedFile& file : *report.files) {
      document.open("FILE")
          .number("filetype", std::to_underlying(file.filetype))
          .text("filename", file.filename)
          .leaf();
    }
    document.end("FILES");
  }
  document.end("WERREPORT");
  return std::move(document).finish();
}

}  // namespace wheatstone::cer
