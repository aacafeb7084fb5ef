#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <functional>
#include <pugixml.hpp>
#include <tuple>
#include <utility>

#include "formats/cer/finding_list.hpp"
#include "formats/cer/report.hpp"
#include "formats/cer/xml_text.hpp"

namespace wheatstone::cer {
namespace {

using enum FindingSeverity;

constexpr std::string_view kEncodingClause = "MS-CER2 2.2.1";
constexpr std::string_view kRootClause = "MS-CER2 2.2.1.3.1";
constexpr std::string_view kSignatureClause = "MS-CER2 2.2.1.3.6";
constexpr std::string_view kFilesClause = "MS-CER2 2.2.1.3.7";

// [MS-CER2] 2.2.1.2, as our README corrects the printed patterns.
enum class Type : std::uint8_t {
  string,
  maxpathstring,
  osstring,
  lcidvalue,
  reporttypevalues,
  filetypevalues,
  string32,
  parameterid,
  unsigned_long
};

// Input text in a message: as much as a person needs.
std::string shown(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  if (text.size() <= kLongest) return std::string(text);
  std::size_t end = kLongest;
  while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

// REQUIRES: well-formed UTF-8.
std::size_t count_characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// Decimal digits only; nullopt for anything else and for a value over `max`.
std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t max) noexcept {
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::uint64_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) return std::nullopt;
  return value <= max ? std::optional(value) : std::nullopt;
}

// [0-9]+(\.[0-9]+){3,9}
bool is_os_string(std::string_view text) noexcept {
  unsigned groups = 0;
  for (;;) {
    const std::size_t dot = text.find('.');
    const std::string_view group = text.substr(0, dot);
    if (group.empty() || !std::ranges::all_of(group, is_digit) || ++groups > 10) return false;
    if (dot == std::string_view::npos) return groups >= 4;
    text.remove_prefix(dot + 1);
  }
}

// One document after its markup was checked. Offsets of findings and errors are offsets in the text.
class DocumentReader {
 public:
  DocumentReader(std::string& text, FindingList& findings)
      : buffer_(text), findings_(findings), starts_with_markup_(text.starts_with('<')) {}

  // REQUIRES: called once; the parser works in place.
  Result<Report> read(XmlEncoding encoding, bool byte_order_mark, const ReportLimits& limits);

 private:
  // The attributes of one element. finish() reports what nobody asked for.
  class Element {
   public:
    Element(DocumentReader& reader, pugi::xml_node node, std::string path, std::string_view clause)
        : reader_(reader), node_(node), path_(std::move(path)), clause_(clause) {}

    // Empty if there is none, which is a finding.
    std::string required(const char* name, Type type = Type::string, std::size_t client_limit = 0);
    std::optional<std::string> optional(const char* name, Type type = Type::string,
                                        std::size_t client_limit = 0);
    void finish();

    const std::string& path() const noexcept { return path_; }
    std::uint64_t offset() const noexcept { return reader_.offset_of(node_.name()); }

   private:
    DocumentReader& reader_;
    pugi::xml_node node_;
    std::string path_;
    std::string_view clause_;
    std::vector<const char*> asked_;
  };

  Result<void> check_structure(const pugi::xml_document& document, const ReportLimits& limits);
  Result<void> check_attributes(pugi::xml_node element, const ReportLimits& limits);
  void check_declaration(const pugi::xml_document& document, XmlEncoding encoding, bool byte_order_mark);
  void check_value(std::string_view text, Type type, std::size_t client_limit, const std::string& path,
                   std::uint64_t offset);
  void check_parameter_ids(const Report& report, std::uint64_t offset);

  void read_root(pugi::xml_node root, Report& report);
  void read_machine(pugi::xml_node node, Report& report);
  void read_user(pugi::xml_node node, Report& report);
  void read_application(pugi::xml_node node, Report& report);
  void read_event(pugi::xml_node node, Report& report);
  void read_signature(pugi::xml_node node, Report& report);
  void read_parameter(pugi::xml_node node, std::string path, Report& report);
  void read_secondary_parameter(pugi::xml_node node, std::string path, Report& report);
  void read_files(pugi::xml_node node, Report& report);

  void unknown_element(pugi::xml_node node, std::string_view parent, std::string_view clause) {
    findings_.add(warning, "unknown-element",
                  fmt::format("element {} has no meaning here", shown(node.name())), std::string(parent),
                  offset_of(node.name()), clause);
  }

  // Where a name or a value that the parser hands out stands in the text.
  std::uint64_t offset_of(const char* p) const noexcept {
    const char* begin = buffer_.data();
    const bool inside = !std::less<>{}(p, begin) && std::less<>{}(p, begin + buffer_.size());
    return inside ? static_cast<std::uint64_t>(p - begin) : Finding::kNoOffset;
  }

  std::string& buffer_;
  FindingList& findings_;
  bool starts_with_markup_;
};

std::string DocumentReader::Element::required(const char* name, Type type, std::size_t client_limit) {
  auto value = optional(name, type, client_limit);
  if (value) return std::move(*value);
  reader_.findings_.add(error, "missing-attribute", fmt::format("the required attribute {} is missing", name),
                        fmt::format("{}/@{}", path_, name), offset(), clause_);
  return {};
}

std::optional<std::string> DocumentReader::Element::optional(const char* name, Type type,
                                                             std::size_t client_limit) {
  asked_.push_back(name);
  const pugi::xml_attribute attribute = node_.attribute(name);
  if (!attribute) return std::nullopt;
  std::string value = attribute.value();
  reader_.check_value(value, type, client_limit, fmt::format("{}/@{}", path_, name),
                      reader_.offset_of(attribute.name()));
  return value;
}

void DocumentReader::Element::finish() {
  for (const pugi::xml_attribute attribute : node_.attributes()) {
    if (std::ranges::any_of(asked_,
                            [&](const char* name) { return std::strcmp(name, attribute.name()) == 0; }))
      continue;
    reader_.findings_.add(warning, "unknown-attribute",
                          fmt::format("attribute {} has no meaning here", shown(attribute.name())),
                          fmt::format("{}/@{}", path_, shown(attribute.name())),
                          reader_.offset_of(attribute.name()), clause_);
  }
  for (const pugi::xml_node child : node_.children())
    if (child.type() == pugi::node_element) reader_.unknown_element(child, path_, clause_);
}

void DocumentReader::check_value(std::string_view text, Type type, std::size_t client_limit,
                                 const std::string& path, std::uint64_t offset) {
  const auto add = [&](FindingSeverity severity, std::string_view code, std::string message,
                       std::string_view clause) {
    findings_.add(severity, code, std::move(message), path, offset, clause);
  };
  const std::size_t length = count_characters(text);
  switch (type) {
    case Type::string:
      break;
    case Type::maxpathstring:
      if (length > 260)
        add(error, "path-too-long", fmt::format("{} characters, more than MAX_PATH (260)", length),
            "MS-CER2 2.2.1.2.1");
      else if (length > 256)
        add(warning, "path-length", fmt::format("{} characters, the printed pattern allows 256", length),
            "MS-CER2 2.2.1.2.1");
      if (text.find_first_of("\r\n") != std::string_view::npos)
        add(warning, "line-break", "a path holds a line break", "MS-CER2 2.2.1.2.1");
      break;
    case Type::osstring:
      if (!is_os_string(text))
        add(error, "os-format",
            fmt::format("\"{}\" is not 4 to 10 numbers with dots between them", shown(text)),
            "MS-CER2 2.2.1.2.2");
      break;
    case Type::lcidvalue:
      if (length == 0 || length > 10 || !std::ranges::all_of(text, is_digit))
        add(error, "lcid-format",
            fmt::format("\"{}\" is not a decimal number of 1 to 10 digits", shown(text)),
            "MS-CER2 2.2.1.2.3");
      else if (parse_number(text, 0xffffffff).value_or(0) == 0)
        add(warning, "lcid-range", fmt::format("\"{}\" is no locale identifier (1 to 4294967295)", text),
            "MS-CER2 2.2.1.2.3");
      else if (length != 4)
        add(warning, "lcid-length", fmt::format("{} digits, the printed pattern wants 4", length),
            "MS-CER2 2.2.1.2.3");
      break;
    case Type::reporttypevalues:
      if (length != 1 || !parse_number(text, 4))
        add(error, "reporttype-value", fmt::format("\"{}\" is not one of 0 to 4", shown(text)),
            "MS-CER2 2.2.1.2.4");
      break;
    case Type::filetypevalues:
      if (const auto value = parse_number(text, 10); !value || *value == 0 || text.front() == '0')
        add(error, "filetype-value", fmt::format("\"{}\" is not one of 1 to 5", shown(text)),
            "MS-CER2 2.2.1.2.5");
      else if (*value > 5)
        add(warning, "filetype-new", fmt::format("{} is a file type of later Windows versions only", *value),
            "MS-CER2 2.2.1.2.5");
      break;
    case Type::string32:
      if (length > 32)
        add(error, "oem-length", fmt::format("{} characters, more than 32", length), "MS-CER2 2.2.1.2.6");
      break;
    case Type::parameterid:
      if (length != 1 || !parse_number(text, 9))
        add(error, "parameter-id", fmt::format("\"{}\" is not one digit", shown(text)), "MS-CER2 2.2.1.2.7");
      break;
    case Type::unsigned_long:
      if (!parse_number(text, ~std::uint64_t{0}))
        add(error, "eventtime-value", fmt::format("\"{}\" is no unsigned 64-bit number", shown(text)),
            "MS-CER2 2.2.1.3.5");
      break;
  }
  if (client_limit != 0 && length > client_limit)
    add(note, "client-limit",
        fmt::format("{} characters, the Windows Error Reporting API sends at most {}", length, client_limit),
        {});
}

Result<void> DocumentReader::check_attributes(pugi::xml_node element, const ReportLimits& limits) {
  std::vector<std::string_view> seen;
  for (const pugi::xml_attribute attribute : element.attributes()) {
    const std::string_view name = attribute.name();
    const std::uint64_t offset = offset_of(attribute.name());
    if (seen.size() == limits.attributes)
      return fail(ErrorKind::malformed,
                  fmt::format("an element has more than {} attributes", limits.attributes), {},
                  {.offset = offset});
    if (std::ranges::find(seen, name) != seen.end())
      findings_.add(error, "duplicate-attribute",
                    fmt::format("attribute {} occurs again, the first counts", shown(name)),
                    fmt::format("{}/@{}", shown(element.name()), shown(name)), offset, kEncodingClause);
    seen.push_back(name);
  }
  return {};
}

// Limits, and what makes a well-formed document. Without recursion: the depth is the sender's choice.
Result<void> DocumentReader::check_structure(const pugi::xml_document& document, const ReportLimits& limits) {
  unsigned elements = 0, roots = 0, depth = 1;
  for (pugi::xml_node node = document.first_child(); node;) {
    if (node.type() == pugi::node_element) {
      const std::uint64_t offset = offset_of(node.name());
      if (++elements > limits.elements)
        return fail(ErrorKind::malformed,
                    fmt::format("the document has more than {} elements", limits.elements), {},
                    {.offset = offset});
      if (depth > limits.depth)
        return fail(ErrorKind::malformed, fmt::format("elements are nested more than {} deep", limits.depth),
                    {}, {.offset = offset});
      if (depth == 1 && ++roots == 2)
        findings_.add(error, "second-root", "the document has a second root element, the first counts", {},
                      offset, kRootClause);
      if (auto checked = check_attributes(node, limits); !checked) return checked;
    } else if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) {
      const std::uint64_t offset = offset_of(node.value());
      if (depth == 1)
        findings_.add(error, "text-outside-root", "there is text outside the root element", {}, offset,
                      kRootClause);
      else
        findings_.add(warning, "unexpected-text", "there is text where only elements belong",
                      shown(node.parent().name()), offset, kRootClause);
    }

    if (pugi::xml_node child = node.first_child()) {
      node = child;
      ++depth;
      continue;
    }
    while (node && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    if (node) node = node.next_sibling();
  }
  if (roots == 0)
    return fail(ErrorKind::malformed, "the document has no root element", "send a WERREPORT element",
                {.offset = 0});
  return {};
}

void DocumentReader::check_declaration(const pugi::xml_document& document, XmlEncoding encoding,
                                       bool byte_order_mark) {
  if (encoding == XmlEncoding::utf8)
    findings_.add(warning, "utf8-document", "the document is UTF-8, not UTF-16", {}, 0, kEncodingClause);
  else if (!byte_order_mark)
    findings_.add(note, "no-byte-order-mark", "the UTF-16 document has no byte order mark", {}, 0,
                  kEncodingClause);

  const pugi::xml_node declaration = document.first_child();
  if (declaration.type() != pugi::node_declaration) {
    findings_.add(note, "no-declaration", "the document does not begin with an XML declaration", {}, 0,
                  kEncodingClause);
    return;
  }
  const std::uint64_t offset = offset_of(declaration.name());
  if (!starts_with_markup_)
    findings_.add(warning, "late-declaration", "the XML declaration is not at the start of the document", {},
                  offset, kEncodingClause);
  if (const std::string_view version = declaration.attribute("version").value(); version != "1.0")
    findings_.add(warning, "xml-version", fmt::format("XML version \"{}\", not 1.0", shown(version)), {},
                  offset, kEncodingClause);
  const pugi::xml_attribute declared = declaration.attribute("encoding");
  if (!declared) return;
  std::string name = declared.value();
  std::ranges::transform(name, name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
  const bool agrees = encoding == XmlEncoding::utf8
                          ? name == "UTF-8"
                          : name == "UTF-16" || (encoding == XmlEncoding::utf16_le && name == "UTF-16LE") ||
                                (encoding == XmlEncoding::utf16_be && name == "UTF-16BE");
  if (!agrees)
    findings_.add(
        warning, "encoding-mismatch",
        fmt::format("the declared encoding \"{}\" is not the encoding of the document", shown(name)), {},
        offset_of(declared.name()), kEncodingClause);
}

void DocumentReader::read_machine(pugi::xml_node node, Report& report) {
  Element element(*this, node, "MACHINEINFO", "MS-CER2 2.2.1.3.3");
  report.machine.machinename = element.required("machinename", Type::maxpathstring);
  report.machine.os = element.required("os", Type::osstring);
  report.machine.lcid = element.required("lcid", Type::lcidvalue);
  report.machine.oem = element.optional("oem", Type::string32);
  element.finish();
}

void DocumentReader::read_user(pugi::xml_node node, Report& report) {
  Element element(*this, node, "USERINFO", "MS-CER2 2.2.1.3.2");
  report.username = element.required("username");
  element.finish();
}

void DocumentReader::read_application(pugi::xml_node node, Report& report) {
  Element element(*this, node, "APPLICATIONINFO", "MS-CER2 2.2.1.3.4");
  ApplicationInfo& application = report.application.emplace();
  application.appname = element.required("appname", Type::maxpathstring, 128);
  application.apppath = element.required("apppath", Type::maxpathstring);
  application.appcompany = element.optional("appcompany", Type::maxpathstring);
  element.finish();
}

void DocumentReader::read_event(pugi::xml_node node, Report& report) {
  Element element(*this, node, "EVENTINFO", "MS-CER2 2.2.1.3.5");
  if (const auto value = parse_number(element.required("reporttype", Type::reporttypevalues), 4))
    report.event.reporttype = static_cast<ReportType>(*value);
  report.event.eventtype = element.required("eventtype", Type::string, 64);
  report.event.friendlyeventname = element.optional("friendlyeventname", Type::string, 128);
  report.event.eventdescription = element.optional("eventdescription", Type::string, 512);
  if (const auto value = parse_number(element.required("eventtime", Type::unsigned_long), ~std::uint64_t{0}))
    report.event.eventtime = FileTime{*value};
  element.finish();
}

void DocumentReader::read_parameter(pugi::xml_node node, std::string path, Report& report) {
  Element element(*this, node, std::move(path), "MS-CER2 2.2.1.3.6.1");
  Parameter parameter;
  const auto id = parse_number(element.required("id", Type::parameterid), 0xffffffff);
  parameter.id = static_cast<unsigned>(id.value_or(0));
  parameter.name = element.optional("name", Type::string, 128);
  parameter.value = element.required("value", Type::string, 255);
  element.finish();
  if (id) report.parameters.push_back(std::move(parameter));
}

void DocumentReader::read_secondary_parameter(pugi::xml_node node, std::string path, Report& report) {
  Element element(*this, node, std::move(path), "MS-CER2 2.2.1.3.6.2");
  SecondaryParameter parameter;
  parameter.name = element.required("name");
  parameter.value = element.required("value");
  element.finish();
  report.secondary_parameters.push_back(std::move(parameter));
}

void DocumentReader::check_parameter_ids(const Report& report, std::uint64_t offset) {
  if (report.parameters.size() > 10)
    findings_.add(error, "too-many-parameters",
                  fmt::format("{} PARAMETER elements, more than 10", report.parameters.size()), "SIGNATURE",
                  offset, kSignatureClause);
  std::array<bool, 10> seen{};
  for (const Parameter& parameter : report.parameters) {
    if (parameter.id >= seen.size()) continue;
    if (std::exchange(seen[parameter.id], true))
      findings_.add(error, "duplicate-parameter-id",
                    fmt::format("two PARAMETER elements have id {}", parameter.id), "SIGNATURE", offset,
                    "MS-CER2 2.2.1.3.6.1");
  }
  const auto gap = std::ranges::find(seen, false);
  if (const auto beyond = std::find(gap, seen.end(), true); beyond != seen.end())
    findings_.add(
        warning, "parameter-id-gap",
        fmt::format("there is a PARAMETER {} but none with id {}", beyond - seen.begin(), gap - seen.begin()),
        "SIGNATURE", offset, "MS-CER2 2.2.1.3.6.1");
}

void DocumentReader::read_signature(pugi::xml_node node, Report& report) {
  std::size_t primary = 0, secondary = 0;
  bool misplaced = false;
  for (const pugi::xml_node child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    const std::string_view name = child.name();
    if (name == "PARAMETER") {
      misplaced |= secondary != 0;
      read_parameter(child, fmt::format("SIGNATURE/PARAMETER[{}]", primary++), report);
    } else if (name == "SECONDARYPARAMETER") {
      read_secondary_parameter(child, fmt::format("SIGNATURE/SECONDARYPARAMETER[{}]", secondary++), report);
    } else {
      unknown_element(child, "SIGNATURE", kSignatureClause);
    }
  }
  const std::uint64_t offset = offset_of(node.name());
  if (misplaced)
    findings_.add(warning, "element-order", "a PARAMETER follows a SECONDARYPARAMETER", "SIGNATURE", offset,
                  kSignatureClause);
  check_parameter_ids(report, offset);
}

void DocumentReader::read_files(pugi::xml_node node, Report& report) {
  std::vector<ReportedFile>& files = report.files.emplace();
  std::size_t index = 0;
  for (const pugi::xml_node child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    if (std::strcmp(child.name(), "FILE") != 0) {
      unknown_element(child, "FILES", kFilesClause);
      continue;
    }
    Element element(*this, child, fmt::format("FILES/FILE[{}]", index++), "MS-CER2 2.2.1.3.7.1");
    ReportedFile file;
    file.filename = element.required("filename", Type::maxpathstring);
    if (const auto value = parse_number(element.required("filetype", Type::filetypevalues), 10))
      file.filetype = static_cast<FileType>(*value);
    element.finish();
    files.push_back(std::move(file));
  }
}

void DocumentReader::read_root(pugi::xml_node root, Report& report) {
  if (std::strcmp(root.name(), "WERREPORT") != 0) {
    findings_.add(error, "wrong-root",
                  fmt::format("the root element is {}, not WERREPORT", shown(root.name())), {},
                  offset_of(root.name()), kRootClause);
    return;
  }
  for (const pugi::xml_attribute attribute : root.attributes()) {
    if (std::strcmp(attribute.name(), "xmlns:xsi") != 0)
      findings_.add(warning, "unknown-attribute",
                    fmt::format("attribute {} has no meaning here", shown(attribute.name())),
                    fmt::format("@{}", shown(attribute.name())), offset_of(attribute.name()), kRootClause);
  }

  struct Child {
    const char* name;
    void (DocumentReader::*read)(pugi::xml_node, Report&);
    FindingSeverity missing;  // note: optional
    std::string_view clause;
  };
  // In the order of the examples.
  static constexpr std::array<Child, 6> kChildren = {{
      {"MACHINEINFO", &DocumentReader::read_machine, error, "MS-CER2 2.2.1.3.3"},
      {"USERINFO", &DocumentReader::read_user, error, "MS-CER2 2.2.1.3.2"},
      {"APPLICATIONINFO", &DocumentReader::read_application, note, "MS-CER2 2.2.1.3.4"},
      {"EVENTINFO", &DocumentReader::read_event, error, "MS-CER2 2.2.1.3.5"},
      {"SIGNATURE", &DocumentReader::read_signature, warning, kSignatureClause},
      {"FILES", &DocumentReader::read_files, note, kFilesClause},
  }};

  std::array<bool, kChildren.size()> seen{};
  std::size_t latest = 0;
  for (const pugi::xml_node node : root.children()) {
    if (node.type() != pugi::node_element) continue;
    const auto child = std::ranges::find(kChildren, std::string_view(node.name()), &Child::name);
    if (child == kChildren.end()) {
      unknown_element(node, {}, kRootClause);
      continue;
    }
    const auto index = static_cast<std::size_t>(child - kChildren.begin());
    if (std::exchange(seen[index], true)) {
      findings_.add(error, "repeated-element", fmt::format("{} occurs again, the first counts", child->name),
                    child->name, offset_of(node.name()), child->clause);
      continue;
    }
    if (index < latest)
      findings_.add(warning, "element-order",
                    fmt::format("{} is not where the examples have it", child->name), child->name,
                    offset_of(node.name()), kRootClause);
    latest = std::max(latest, index);
    (this->*child->read)(node, report);
  }
  for (std::size_t i = 0; i < kChildren.size(); ++i) {
    if (!seen[i] && kChildren[i].missing != note)
      findings_.add(kChildren[i].missing, "missing-element", fmt::format("there is no {}", kChildren[i].name),
                    kChildren[i].name, offset_of(root.name()), kChildren[i].clause);
  }
}

Result<Report> DocumentReader::read(XmlEncoding encoding, bool byte_order_mark, const ReportLimits& limits) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer_inplace(
      buffer_.data(), buffer_.size(), pugi::parse_default | pugi::parse_declaration | pugi::parse_fragment,
      pugi::encoding_utf8);
  if (!parsed) {
    if (parsed.status == pugi::status_out_of_memory)
      return fail(ErrorKind::environment, "no memory for the document");
    return fail(ErrorKind::malformed,
                fmt::format("the document is not well-formed XML: {}", parsed.description()),
                "send a well-formed level-1 document", {.offset = static_cast<std::uint64_t>(parsed.offset)});
  }
  if (auto checked = check_structure(document, limits); !checked) return std::unexpected(checked.error());
  check_declaration(document, encoding, byte_order_mark);

  Report report;
  read_root(document.document_element(), report);
  return report;
}

// Text offsets become offsets in the document, and findings come in the order of the document.
std::vector<Finding> placed(std::vector<Finding> findings, SourceOffsets offsets) {
  std::ranges::sort(findings, {}, [](const Finding& f) { return std::tie(f.offset, f.code, f.path); });
  for (Finding& finding : findings)
    if (finding.offset != Finding::kNoOffset) finding.offset = offsets.at(finding.offset);
  return findings;
}

}  // namespace

bool ReadReport::has_errors() const noexcept {
  return std::ranges::any_of(findings, [](const Finding& finding) { return finding.severity == error; });
}

Result<ReadReport> read_report(Bytes document, const ReportLimits& limits, Profile profile) {
  if (document.size() > limits.bytes)
    return fail(ErrorKind::malformed,
                fmt::format("the document has {} bytes, more than {}", document.size(), limits.bytes));
  FindingList findings(profile);
  XmlText text = decode_xml(document, findings);
  SourceOffsets offsets(document, text);
  const auto located = [&](Error failure) {
    if (failure.where.offset != Location::kNoOffset) failure.where.offset = offsets.at(failure.where.offset);
    return std::unexpected(std::move(failure));
  };

  if (auto checked = check_markup(text.utf8, findings); !checked) return located(std::move(checked.error()));
  auto report = DocumentReader(text.utf8, findings).read(text.encoding, text.byte_order_mark, limits);
  if (!report) return located(std::move(report.error()));
  return ReadReport{std::move(*report), placed(std::move(findings).take(), std::move(offsets))};
}

}  // namespace wheatstone::cer
