#include "harness/scenario/keys.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "formats/cper/section.hpp"
#include "formats/cper/severity.hpp"
#include "formats/whea/error_source.hpp"
#include "harness/scenario/injected_document.hpp"
#include "harness/scenario/names.hpp"
#include "injectors/observation.hpp"
#include "mocks/wer_client/breach.hpp"
#include "mocks/wer_client/settings.hpp"

namespace wheatstone::scenario {
namespace {

using Kind = Type::Kind;

constexpr std::uint64_t kMax32 = 0xffff'ffff;

constexpr Type text(std::uint64_t low = 0, std::uint64_t high = 4096) {
  return {Kind::text, low, high};
}
constexpr Type number(std::uint64_t low = 0, std::uint64_t high = ~std::uint64_t{0}) {
  return {Kind::number, low, high};
}
constexpr Type of(Kind kind) {
  return {kind};
}
constexpr Type choice(layout::Names names) {
  return {.kind = Kind::choice, .names = names};
}
constexpr Type named(layout::Names names) {
  return {.kind = Kind::named, .names = names};
}
constexpr Type bits(layout::Names names) {
  return {.kind = Kind::bits, .high = kMax32, .names = names};
}
constexpr Type map(const Table& table) {
  return {.kind = Kind::map, .table = &table};
}
constexpr Type list(const Type& item, std::uint64_t low = 0, std::uint64_t high = 10'000) {
  return {.kind = Kind::list, .low = low, .high = high, .item = &item};
}
constexpr Type either(std::span<const Type> alternatives) {
  return {.kind = Kind::either, .alternatives = alternatives};
}

template <std::size_t N, std::size_t M>
constexpr std::array<Key, N + M> joined(const std::array<Key, N>& first, const std::array<Key, M>& second) {
  std::array<Key, N + M> all;
  std::ranges::copy(first, all.begin());
  std::ranges::copy(second, all.begin() + N);
  return all;
}

constexpr Type kText = text();
constexpr Type kItem = text(1);
constexpr Type kName = text(1, 260);
constexpr Type kNumber = number();
constexpr Type kLiteral = of(Kind::literal);

// ---- content of a file, for every table that takes one; the group says "at most one of them"

constexpr Key kTextKey = {
    .name = "text", .type = text(0, 1u << 20), .group = 1, .doc = "The content, as UTF-8 text."};
constexpr Key kHexKey = {.name = "hex",
                         .type = of(Kind::bytes),
                         .group = 1,
                         .doc = "The content, as hex digits; white space between bytes."};
constexpr Key kFileKey = {
    .name = "file", .type = of(Kind::path), .group = 1, .doc = "A file with the content, byte for byte."};
constexpr Key kHexFileKey = {
    .name = "hex_file",
    .type = of(Kind::path),
    .group = 1,
    .doc =
        "A hex dump with the content: lines `offset: bytes`, where a line `*` stands for "
        "zero bytes up to the next offset and `#` begins a comment."};

// ---- platform

constexpr layout::Name kVendors[] = {
    {0, "AuthenticAMD"}, {1, "GenuineIntel"}, {2, "CentaurHauls"}, {3, "HygonGenuine"}};

constexpr Key kSourceKeys[] = {
    {.name = "type",
     .type = choice(whea::kErrorSourceTypeNames),
     .required = true,
     .doc = "WHEA_ERROR_SOURCE_TYPE."},
    {.name = "id", .type = number(0, kMax32), .doc = "ErrorSourceId. Without it the next free one."},
    {.name = "records_to_preallocate",
     .type = number(0, 4096),
     .doc = "NumberRecordsToPreallocate: how many errors the source can hold at once. Default 1."},
    {.name = "max_sections_per_record",
     .type = number(1, 64),
     .doc = "MaxSectionsPerRecord: sections beyond it do not fit. Default 8."}};
constexpr Table kSource = {
    .name = "source",
    .doc =
        "One error source of the machine. A source with defaults is written as its type alone: "
        "`sources: [MCE, CMC]`.",
    .keys = kSourceKeys};
constexpr Type kSourceForms[] = {choice(whea::kErrorSourceTypeNames), map(kSource)};
constexpr Type kSourceForm = either(kSourceForms);

constexpr layout::Name kOfferNames[] = {{0, "WQL"},     {1, "RegKey"},         {2, "RegTree"},
                                        {3, "GetFile"}, {4, "GetFileVersion"}, {5, "MemoryDump"},
                                        {6, "fDoc"}};
constexpr Key kOfferKeys[] = {
    {.name = "key",
     .type = choice(kOfferNames),
     .required = true,
     .doc = "The key of the server's answer that asks for it."},
    {.name = "item",
     .type = kText,
     .doc = "What exactly is asked for: the query, registry key or file name, as the server writes it."},
    kTextKey,
    kHexKey,
    kFileKey};
constexpr Table kOffer = {
    .name = "offer",
    .doc =
        "Something the machine hands out when the server asks for it. What is not offered is "
        "denied, and the report goes on without it ([MS-CER2] 3.1.5).",
    .keys = kOfferKeys,
    .required_groups = 1};
constexpr Type kOfferForm = map(kOffer);

constexpr Key kConsentKeys[] = {
    {.name = "DefaultConsent",
     .type = number(1, 4),
     .doc =
         "1 ask (nobody answers: nothing is sent), 2 parameters, 3 and safe data, 4 everything. Default 4; "
         "that of Windows is 1."},
    {.name = "DefaultOverrideBehavior",
     .type = of(Kind::flag),
     .doc = "1: the default consent beats those for event types. Default 0."}};
constexpr Type kEventConsent = number(1, 4);
constexpr Table kConsent = {.name = "Consent",
                            .doc = "What may be sent.",
                            .keys = kConsentKeys,
                            .other = &kEventConsent,
                            .other_name = "<event type>",
                            .other_doc = "Consent for reports of that type, in any ASCII case."};

constexpr Type kFlag = of(Kind::flag);
constexpr Table kExcludedApplications = {
    .name = "ExcludedApplications",
    .doc = "Programs that are not reported.",
    .other = &kFlag,
    .other_name = "<file name>",
    .other_doc = "1: the program with that file name is not reported, in any ASCII case."};
constexpr Table kDebugApplications = {.name = "DebugApplications",
                                      .doc = "No effect here: there is no debugger.",
                                      .other = &kFlag,
                                      .other_name = "<file name>",
                                      .other_doc = "1: Windows offers to debug the program."};

// A key and its older spelling are one group: they exclude each other.
constexpr std::string_view kSpeltTwice[] = {"CorporateWERServer", "CorporateWERPortNumber",
                                            "DontSendAdditionalData", "BypassDataThrottling", "Consent"};

constexpr std::uint8_t group_of_spellings(std::string_view name) {
  const auto found = std::ranges::find(kSpeltTwice, name);
  return found == std::end(kSpeltTwice) ? 0 : static_cast<std::uint8_t>(found - kSpeltTwice + 1);
}

constexpr Key older(std::string_view name, const Type& type, std::string_view now, std::string_view doc) {
  return {.name = name, .type = type, .group = group_of_spellings(now), .doc = doc};
}

constexpr Type type_of(const wer_client::Setting& setting) {
  switch (setting.kind) {
    case wer_client::Setting::Kind::number:
      return number(setting.low, setting.high);
    case wer_client::Setting::Kind::text:
      return text(setting.low, setting.high);
    default:
      return of(Kind::flag);
  }
}

constexpr auto kRegistryKeys = [] {
  std::array<Key, std::size(wer_client::kSettings)> keys{};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const wer_client::Setting& setting = wer_client::kSettings[i];
    keys[i] = {.name = setting.name,
               .type = type_of(setting),
               .group = group_of_spellings(setting.name),
               .doc = setting.what};
  }
  return keys;
}();

constexpr std::array kOwnReportingKeys = {
    Key{.name = "Consent",
        .type = map(kConsent),
        .group = group_of_spellings("Consent"),
        .doc = "What may be sent. Default: everything."},
    Key{.name = "ExcludedApplications",
        .type = map(kExcludedApplications),
        .doc = "Programs that are not reported. Default none."},
    Key{.name = "DebugApplications",
        .type = map(kDebugApplications),
        .doc = "No effect here: there is no debugger."},
    Key{.name = "exchange_time",
        .type = of(Kind::duration),
        .doc = "Real time that the client waits for one response. Default 30s."},
    Key{.name = "offers",
        .type = list(kOfferForm),
        .doc = "What the machine gives when the server asks for it."},
    Key{.name = "user",
        .type = text(1, 256),
        .doc = "Who sends, if the server asks and CorporateWERUseAuthentication is set."},
    Key{.name = "password", .type = text(0, 256), .doc = "What proves it."},
    Key{.name = "breach",
        .type = {.kind = Kind::listed, .listed = wer_client::breach_names},
        .doc = "A rule of the protocol that the client breaks; `wheatstone submit --breaches` lists them."},
    older("corporate_wer_server", text(0, 255), "CorporateWERServer",
          "Older spelling of CorporateWERServer."),
    older("corporate_wer_port_number", number(1, 65535), "CorporateWERPortNumber",
          "Older spelling of CorporateWERPortNumber."),
    older("dont_send_additional_data", of(Kind::flag), "DontSendAdditionalData",
          "Older spelling of DontSendAdditionalData."),
    older("bypass_data_throttling", of(Kind::flag), "BypassDataThrottling",
          "Older spelling of BypassDataThrottling."),
    older("default_consent", number(1, 4), "Consent", "Older spelling of DefaultConsent in Consent.")};
constexpr auto kReportingKeys = joined(kRegistryKeys, kOwnReportingKeys);
constexpr Table kReporting = {
    .name = "reporting",
    .doc =
        "The client half of Corporate Error Reporting. Keys that begin with a capital letter are values of "
        "the registry key \"Windows Error Reporting\"; the bench leads every connection to the scenario's "
        "`server`, whatever the name.",
    .keys = kReportingKeys};

constexpr Key kPlatformKeys[] = {
    {.name = "system", .type = kName, .doc = "The operating system. Default `windows`."},
    {.name = "profile",
     .type = kName,
     .doc =
         "Which Windows: decides revisions, section lengths and notification types. Default `win11-24H2`."},
    {.name = "cpu_vendor",
     .type = choice(kVendors),
     .doc = "Vendor string of CPUID leaf 0. Default `AuthenticAMD`."},
    {.name = "processors", .type = number(1, 2048), .doc = "Logical processors. Default 4."},
    {.name = "is_64bit", .type = of(Kind::flag), .doc = "Whether the kernel has 64 bits. Default true."},
    {.name = "machine_name", .type = text(1, 255), .doc = "Name of the machine in reports."},
    {.name = "user_name", .type = text(0, 255), .doc = "Name of the user in reports."},
    {.name = "application_company",
     .type = kText,
     .doc = "APPLICATIONINFO/@appcompany of reports about kernel crashes. Without it that of the target."},
    {.name = "lcid", .type = number(1, kMax32), .doc = "Locale of the machine in reports. Default 1033."},
    {.name = "os",
     .type = text(1, 64),
     .doc =
         "MACHINEINFO/@os of reports, for example `6.1.6561.2.0.0.256.1`. Without it that of the profile."},
    {.name = "clock",
     .type = of(Kind::time),
     .doc = "When the machine is booted. Default 2026-01-01T00:00:00Z."},
    {.name = "sources",
     .type = list(kSourceForm, 0, 256),
     .doc = "The error sources. Default `[MCE, CMC, NMI, BOOT]`, which every x64 Windows has."},
    {.name = "reporting",
     .type = map(kReporting),
     .doc = "How the machine reports crashes. Default: not at all."}};
constexpr Table kPlatform = {
    .name = "platform", .doc = "The machine that the errors happen to.", .keys = kPlatformKeys};

// ---- server

constexpr Key kAnswerKeys[] = {
    {.name = "Response", .type = kText, .doc = "Empty, `1`, or the URI of a page for the user."},
    {.name = "Bucket", .type = kNumber, .doc = "Number of the bucket; real servers count from 100."},
    {.name = "BucketTable", .type = kNumber, .doc = "Number of the bucket table."},
    {.name = "iData",
     .type = of(Kind::flag),
     .doc = "A cabinet is wanted. Without `DumpFile` the server issues a path."},
    {.name = "MemoryDump", .type = of(Kind::flag), .doc = "Process memory is wanted."},
    {.name = "fDoc", .type = of(Kind::flag), .doc = "The open documents are wanted."},
    {.name = "RegKey", .type = list(kItem, 0, 256), .doc = "Registry keys whose values are wanted."},
    {.name = "RegTree",
     .type = list(kItem, 0, 256),
     .doc = "Registry keys that are wanted with all below them."},
    {.name = "WQL", .type = list(kItem, 0, 256), .doc = "WMI queries to run."},
    {.name = "GetFile",
     .type = list(kItem, 0, 256),
     .doc = "Files that are wanted; `%VARIABLES%` are allowed."},
    {.name = "GetFileVersion", .type = list(kItem, 0, 256), .doc = "Files whose version is wanted."},
    {.name = "DumpFile", .type = kItem, .doc = "Path for the cabinet, back-slashes allowed."}};
constexpr Table kAnswer = {
    .name = "answer",
    .doc =
        "The server's answer to a report; keys as [MS-CER2] 2.2.2 names them. What is absent is "
        "not sent.",
    .keys = kAnswerKeys};

constexpr Type kPatternText = text(0, 1024);
constexpr Table kParameters = {
    .name = "parameters",
    .doc = "Parameters of the report's signature by name, with glob patterns.",
    .other = &kPatternText,
    .other_name = "<parameter>",
    .other_doc =
        "Pattern for the value: `*` is any text, `?` one character. The parameter must "
        "be there."};
constexpr Key kMatchKeys[] = {
    {.name = "event_type", .type = kPatternText, .doc = "Glob pattern for EVENTINFO/@eventtype."},
    {.name = "parameters", .type = map(kParameters), .doc = "Patterns for (secondary) parameters."}};
constexpr Table kMatch = {
    .name = "match",
    .doc = "Which reports a rule answers: all that is given must match, in any ASCII case.",
    .keys = kMatchKeys};

constexpr Key kFaultKeys[] = {
    {.name = "kind",
     .type = choice(kFaultNames),
     .required = true,
     .doc =
         "`status`: an HTTP status and no answer. `unauthorized`: 401 that asks for Negotiate or NTLM. "
         "`redirect`: 302 to another server. `close`: the connection ends, after `after` bytes. `garbage`: "
         "200 with random bytes. `truncate`: half of the promised response, then the connection ends. "
         "`short_length`, `long_length`: Content-Length is one byte off. `delay`: the right response after "
         "`wait`. `trickle`: byte by byte, `wait` before each. Only at level 1: `spaced_keys`, "
         "`duplicate_keys`, `lower_case_keys`, `unknown_keys`, `line_feeds`, `no_last_line_end`, "
         "`huge_answer`: an answer written in another way; `path_traversal`, `other_host`: a DumpFile that "
         "no client should follow."},
    {.name = "status", .type = number(400, 599), .doc = "The HTTP status for `status`. Default 503."},
    {.name = "level",
     .type = choice(kFaultLevelNames),
     .doc = "At the report or at its cabinet. Default `level1`."},
    {.name = "after", .type = kNumber, .doc = "Bytes of the response that `close` still sends. Default 0."},
    {.name = "wait", .type = of(Kind::duration), .doc = "Real time, for `delay` and `trickle`. Default 1s."},
    {.name = "location",
     .type = text(1, 1024),
     .doc = "Where `redirect` sends. Default an address that no "
            "machine has."}};
constexpr Table kFault = {
    .name = "fault", .doc = "A misbehaviour of the server, on purpose.", .keys = kFaultKeys};

constexpr Key kRuleKeys[] = {
    {.name = "match", .type = map(kMatch), .doc = "Which reports. Without it every report."},
    {.name = "answer", .type = map(kAnswer), .doc = "The answer. Without it an empty one."},
    {.name = "cab_quota",
     .type = number(0, kMax32),
     .doc = "At most so many cabinets are asked for per event; the answers after them do not ask. Default: "
            "no limit."},
    {.name = "fault", .type = map(kFault), .doc = "What goes wrong."},
    {.name = "times",
     .type = number(1, kMax32),
     .doc = "The rule answers so many reports, then the next one that matches. Default: no limit."}};
constexpr Table kRule = {
    .name = "rule", .doc = "The first rule that matches a report answers it.", .keys = kRuleKeys};
constexpr Type kRuleForm = map(kRule);

constexpr std::array kRulesKeys = {
    Key{.name = "rules",
        .type = list(kRuleForm, 0, 1000),
        .required = true,
        .doc = "Rules, tried in order. A report that none matches gets an empty answer."}};
constexpr Table kRules = {
    .name = "rules", .doc = "What a server answers, in a file of its own.", .keys = kRulesKeys};

constexpr Key kTlsKeys[] = {
    {.name = "fault",
     .type = choice(kTlsFaultNames),
     .doc =
         "What the server does wrong: a certificate that is `expired`, `not_yet_valid`, `untrusted` or for "
         "the "
         "`wrong_host`; `old_version` of TLS; a handshake of garbage, that closes, ends with an alert, or is "
         "silent."},
    {.name = "times",
     .type = number(1, kMax32),
     .doc = "With so many of the first connections. Default: with every one."}};
constexpr Table kTls = {.name = "tls",
                        .doc =
                            "HTTPS with a self-made certificate, which the machine trusts. Needs "
                            "`CorporateWERUseSSL` on the machine's side.",
                        .keys = kTlsKeys};

constexpr Type kPassword = text(1, 256);
constexpr Table kAccounts = {
    .name = "accounts",
    .doc = "Who may send: the server asks every connection, with Negotiate and NTLM.",
    .other = &kPassword,
    .other_name = "<user>",
    .other_doc = "The password."};

constexpr std::array kOwnServerKeys = {
    Key{.name = "tls", .type = map(kTls), .doc = "HTTPS, perhaps broken. Default: plain HTTP."},
    Key{.name = "accounts", .type = map(kAccounts), .doc = "Who may send. Default: everybody."},
    Key{.name = "profile",
        .type = choice(kReaderProfileNames),
        .doc =
            "How level-1 documents are judged: `spec`, or `windows`, where what later Windows versions send "
            "is a note. Default `spec`."}};
constexpr auto kServerKeys = joined(kRulesKeys, kOwnServerKeys);
constexpr Table kServer = {
    .name = "server",
    .doc =
        "A Corporate Error Reporting server for this run. Without this key nobody listens, and a machine "
        "that reports finds no server.",
    .keys = kServerKeys};

// ---- steps

constexpr Type kFields = of(Kind::fields);

constexpr Key kSectionKeys[] = {
    {.name = "guid",
     .type = of(Kind::guid),
     .group = 2,
     .doc = "Section type, for a body that is given as bytes: needs `hex`, `file` or `hex_file`."},
    {.name = "hex", .type = of(Kind::bytes), .group = 1, .with = "guid", .doc = "The body, as hex digits."},
    {.name = "file",
     .type = of(Kind::path),
     .group = 1,
     .with = "guid",
     .doc = "A file with the body, byte for byte."},
    {.name = "hex_file",
     .type = of(Kind::path),
     .group = 1,
     .with = "guid",
     .doc = "A hex dump with the body."},
    {.name = "severity",
     .type = choice(cper::kSeverityNames),
     .doc = "SectionSeverity. Default: that of the error."},
    {.name = "fru_id", .type = of(Kind::guid), .doc = "FRUId of the descriptor."},
    {.name = "fru_text", .type = text(0, 20), .doc = "FRUText of the descriptor: at most 20 bytes of ASCII."},
    {.name = "flags", .type = bits(kSectionFlagNames), .doc = "Flags of the descriptor."}};
std::vector<std::string_view> section_names() {
  std::vector<std::string_view> names;
  for (const cper::SectionType& type : cper::section_types()) names.push_back(type.name);
  return names;
}

constexpr Table kSection = {
    .name = "section",
    .doc =
        "One section of an error: either a known section by its name with its fields, or `guid` with bytes.",
    .keys = kSectionKeys,
    .required_groups = 2,
    .other = &kFields,
    .other_name = "<section>",
    .other_doc =
        "The section's fields by their specification names, for example `XpfMca: {BankNumber: 5}`. Setting a "
        "field sets its validity bit.",
    .other_group = 2,
    .other_names = section_names};
constexpr Type kSectionForm = map(kSection);

constexpr Key kInjectKeys[] = {
    {.name = "source",
     .type = choice(whea::kErrorSourceTypeNames),
     .required = true,
     .doc = "The error source that reports it."},
    {.name = "severity", .type = choice(cper::kSeverityNames), .required = true, .doc = "How bad it is."},
    {.name = "flags", .type = bits(kPacketFlagNames), .doc = "Flags of the error packet. Default none."},
    {.name = "sections", .type = list(kSectionForm, 0, 64), .doc = "What the hardware says about it."}};
constexpr Table kInject = {
    .name = "inject", .doc = "A hardware error, described by its meaning.", .keys = kInjectKeys};

constexpr Key kPatchKeys[] = {
    {.name = "offset", .type = number(0, kLargestDocument), .required = true, .doc = "Of the first byte."},
    {.name = "hex", .type = of(Kind::bytes), .required = true, .doc = "The bytes, as hex digits."}};
constexpr Table kPatch = {.name = "patch", .doc = "Bytes that go over what was made.", .keys = kPatchKeys};
constexpr Type kPatchForm = map(kPatch);

// A document of the reference formats, in the form that document::make takes.
constexpr Key kRecordKey = {.name = "record",
                            .type = kFields,
                            .group = 1,
                            .doc =
                                "An error record: `profile`, `Header`, and `Sections` with `Type`, "
                                "`Descriptor`, and `Body` or `Bytes`."};
constexpr Key kPacketKey = {
    .name = "packet",
    .type = kFields,
    .group = 1,
    .doc = "An error packet: `Type` (`ErrorPacketV1` or `ErrorPacketV2`) and `Body`."};
constexpr Key kLengthKey = {.name = "length",
                            .type = number(0, kLargestDocument),
                            .doc = "Cuts the bytes that were made, or adds zeros behind them."};
constexpr Key kPatchKey = {
    .name = "patch", .type = list(kPatchForm, 0, 1000), .doc = "What names cannot say, last of all."};
constexpr Key kRecordSourceKey = {
    .name = "source",
    .type = choice(whea::kErrorSourceTypeNames),
    .doc =
        "The error source that reports a record; a packet says its own. Default: the one that the record's "
        "NotifyType belongs to (before a defect goes in), else `BOOT`."};

constexpr Key kDocumentKeys[] = {kRecordKey, kPacketKey, kLengthKey, kPatchKey, kRecordSourceKey};
constexpr std::string_view kDocumentMarks[] = {"record", "packet"};
constexpr Table kDocument = {.name = "document",
                             .doc =
                                 "An error record or packet by its fields, put in as it is. What `wheatstone "
                                 "show --yaml` prints fits here. "
                                 "`wheatstone describe NAME` lists the fields of a structure.",
                             .keys = kDocumentKeys,
                             .required_groups = 1,
                             .told_by = kDocumentMarks};

constexpr Key kDefectKeys[] = {
    {.name = "defect",
     .type = of(Kind::defect),
     .required = true,
     .doc = "Its name. `wheatstone defects` lists all of them, with the clause that each breaks."},
    {.name = "value",
     .type = number(),
     .doc = "In place of the number that the catalogue has for this defect."},
    kRecordKey,
    kPacketKey,
    kLengthKey,
    kPatchKey,
    kHexKey,
    kFileKey,
    kHexFileKey,
    kRecordSourceKey};
constexpr std::string_view kDefectMarks[] = {"defect"};
constexpr Table kDefect = {.name = "defect",
                           .doc =
                               "An error record or packet that is broken on purpose, put in as it is. What "
                               "gets the defect is `record`, "
                               "`packet` or the content of a file; without them an example of the right "
                               "kind. What the system refuses "
                               "leaves no trace.",
                           .keys = kDefectKeys,
                           .told_by = kDefectMarks};
constexpr Type kInjectForms[] = {map(kInject), map(kDefect), map(kDocument)};

constexpr Key kReplayKeys[] = {
    kHexKey,
    kFileKey,
    kHexFileKey,
    {.name = "source",
     .type = choice(whea::kErrorSourceTypeNames),
     .doc = "The error source that reports it. Default `BOOT`: a record left over from before the start."}};
constexpr Table kReplay = {
    .name = "replay", .doc = "An error record, put in as it is.", .keys = kReplayKeys, .required_groups = 1};

constexpr Key kBugcheckKeys[] = {
    {.name = "code", .type = number(0, kMax32), .required = true, .doc = "Bug check code, for example 0xf4."},
    {.name = "parameters", .type = list(kNumber, 0, 4), .doc = "Up to four parameters; the rest are 0."}};
constexpr Table kBugcheck = {.name = "bugcheck",
                             .doc = "The system stops for a reason that is not in a record.",
                             .keys = kBugcheckKeys};

constexpr Key kMachineKeys[] = {
    {.name = "machinename", .type = kText, .doc = "Default: the platform's `machine_name`."},
    {.name = "os", .type = text(1, 64), .doc = "Default: the platform's `os`, else that of its profile."},
    {.name = "lcid", .type = number(1, kMax32), .doc = "Default: the platform's `lcid`."},
    {.name = "oem", .type = text(0, 32), .doc = "Default: none."}};
constexpr Table kMachine = {
    .name = "machine", .doc = "MACHINEINFO, where it differs from the platform.", .keys = kMachineKeys};
constexpr Key kApplicationKeys[] = {
    {.name = "appname", .type = kText, .required = true, .doc = "Name of the program."},
    {.name = "apppath", .type = kText, .required = true, .doc = "Path of the program."},
    {.name = "appcompany", .type = kText, .doc = "Its maker."}};
constexpr Table kApplication = {.name = "application", .doc = "APPLICATIONINFO.", .keys = kApplicationKeys};
constexpr Key kParameterKeys[] = {
    {.name = "name", .type = kText, .doc = "Name; may be left out."},
    {.name = "value", .type = kText, .required = true, .doc = "Value; may be empty."}};
constexpr Table kParameter = {.name = "parameter",
                              .doc = "PARAMETER; the first has id 0, the next 1 and so on.",
                              .keys = kParameterKeys};
constexpr Type kParameterForm = map(kParameter);
constexpr Key kSecondaryKeys[] = {
    {.name = "name", .type = kText, .required = true, .doc = "Name."},
    {.name = "value", .type = kText, .required = true, .doc = "Value; may be empty."}};
constexpr Table kSecondary = {
    .name = "secondary_parameter", .doc = "SECONDARYPARAMETER.", .keys = kSecondaryKeys};
constexpr Type kSecondaryForm = map(kSecondary);
constexpr Key kReportFileKeys[] = {
    {.name = "filename",
     .type = kName,
     .required = true,
     .doc = "Name in the report and in the cabinet, without folders."},
    {.name = "filetype", .type = named(kFileTypeNames), .doc = "Default `Other`."},
    kTextKey,
    kHexKey,
    kFileKey};
constexpr Table kReportFile = {.name = "report_file",
                               .doc = "A file of the report. Without content it is empty.",
                               .keys = kReportFileKeys};
constexpr Type kReportFileForm = map(kReportFile);

constexpr Key kReportKeys[] = {
    {.name = "reporttype",
     .type = named(kReportTypeNames),
     .required = true,
     .doc = "EVENTINFO/@reporttype."},
    {.name = "eventtype",
     .type = text(1, 64),
     .required = true,
     .doc = "EVENTINFO/@eventtype, for example `APPCRASH`."},
    {.name = "friendlyeventname", .type = kText, .doc = "EVENTINFO/@friendlyeventname."},
    {.name = "eventdescription", .type = kText, .doc = "EVENTINFO/@eventdescription."},
    {.name = "eventtime",
     .type = of(Kind::time),
     .required = true,
     .doc = "EVENTINFO/@eventtime, up to seven digits of fraction: FILETIME is exact to 100 ns."},
    {.name = "machine", .type = map(kMachine), .doc = "MACHINEINFO. Default: the platform."},
    {.name = "username", .type = kText, .doc = "USERINFO/@username. Default: the platform's `user_name`."},
    {.name = "application", .type = map(kApplication), .doc = "APPLICATIONINFO. Default: none."},
    {.name = "parameters", .type = list(kParameterForm, 0, 10), .doc = "The signature, at most ten."},
    {.name = "secondary_parameters",
     .type = list(kSecondaryForm, 0, 1000),
     .doc = "More pairs of name and value."},
    {.name = "files",
     .type = list(kReportFileForm, 0, 64),
     .doc = "Without this key the report has no FILES element."}};
constexpr Table kReport = {.name = "report",
                           .doc = "A program on the machine submits a report to Windows Error Reporting.",
                           .keys = kReportKeys};

constexpr Key kStepKeys[] = {
    {.name = "inject",
     .type = either(kInjectForms),
     .group = 1,
     .doc = "A hardware error: by its meaning, as an error record or packet by its fields, or by a named "
            "defect."},
    {.name = "replay", .type = map(kReplay), .group = 1, .doc = "An error record from a file."},
    {.name = "bugcheck",
     .type = map(kBugcheck),
     .group = 1,
     .doc = "A bug check that is not about a record."},
    {.name = "report", .type = map(kReport), .group = 1, .doc = "A report that a program submits."},
    {.name = "wait",
     .type = of(Kind::duration),
     .group = 1,
     .doc = "Time passes; in a simulation it costs nothing."}};
constexpr Table kStep = {.name = "step",
                         .doc = "One thing that happens. Steps are done in order.",
                         .keys = kStepKeys,
                         .required_groups = 1};
constexpr Type kStepForm = map(kStep);

// ---- expectations

constexpr Type kPair = list(kNumber, 2, 2);
constexpr Type kLiterals = list(kLiteral, 1, 1000);
constexpr Key kMatcherKeys[] = {
    {.name = "mask",
     .type = kNumber,
     .group = 1,
     .with = "value",
     .doc = "The field and this mask give `value`."},
    {.name = "value", .type = kNumber, .with = "mask", .doc = "See `mask`."},
    {.name = "range",
     .type = kPair,
     .group = 1,
     .doc = "`[low, high]`: a number from low to high, both included."},
    {.name = "regex",
     .type = of(Kind::regex),
     .group = 1,
     .doc = "An ECMAScript expression for the whole text of the field; a number counts as its name, or as it "
            "is shown."},
    {.name = "one_of", .type = kLiterals, .group = 1, .doc = "Equal to one of these."},
    {.name = "absent",
     .type = of(Kind::flag),
     .group = 1,
     .doc = "`true`: the observation has no such field."}};
constexpr Table kMatcher = {
    .name = "matcher",
    .doc =
        "What a field must be. A plain value means: equal to it, as a number, as the name of a "
        "number, or as text.",
    .keys = kMatcherKeys,
    .required_groups = 1};
constexpr Type kMatcherForms[] = {kLiteral, map(kMatcher)};
constexpr Type kMatcherForm = either(kMatcherForms);

constexpr Key kPatternKeys[] = {
    {.name = "bytes_file",
     .type = of(Kind::path),
     .doc =
         "A file that holds exactly the bytes of the observation. For `level1` a file named `*.xml` is UTF-8 "
         "and "
         "stands for its UTF-16LE form with byte order mark and CR LF; every other file is taken as it is."}};
constexpr Table kPattern = {
    .name = "pattern",
    .doc = "Which observations are meant: fields and what they must be. `{}` means any.",
    .keys = kPatternKeys,
    .other = &kMatcherForm,
    .other_name = "<field>",
    .other_doc =
        "A field of the observation by its specification name, for example "
        "`XpfMca.Status`, and what it must be."};

constexpr Type kPatternForm = map(kPattern);
constexpr Key kind(std::string_view name, std::string_view doc) {
  return {.name = name, .type = kPatternForm, .group = 1, .doc = doc};
}
constexpr std::array kKindKeys = {kind("record", "A WHEA error record."),
                                  kind("etw_event", "An ETW event."),
                                  kind("log_entry", "An entry of the System event log."),
                                  kind("bugcheck", "The system stopped."),
                                  kind("dump", "A crash dump file."),
                                  kind("boot", "The system started."),
                                  kind("level1", "A report as the client sent it."),
                                  kind("answer", "The server's answer as the client read it."),
                                  kind("level2", "A cabinet as the client sent it."),
                                  kind("submit", "How the client ended."),
                                  kind("server", "What the server received and thinks of it."),
                                  kind("console", "A line that the system printed.")};
constexpr Table kOnePattern = {.name = "observation",
                               .doc = "One kind of observation and its pattern.",
                               .keys = kKindKeys,
                               .required_groups = 1};
constexpr Type kOnePatternForm = map(kOnePattern);

constexpr Type kCountForms[] = {of(Kind::count), kPair};
constexpr std::array kExpectOwnKeys = {
    Key{.name = "never", .type = kOnePatternForm, .group = 1, .doc = "No such observation is made."},
    Key{.name = "order",
        .type = list(kOnePatternForm, 2, 64),
        .group = 1,
        .doc = "Observations that match, each after the one before it."},
    Key{.name = "count",
        .type = either(kCountForms),
        .doc = "How often: `2`, `\">=2\"`, `\"<=2\"` or `[1, 3]`. Default at least once."},
    Key{.name = "within",
        .type = of(Kind::duration),
        .doc = "Only observations that come so soon after the last injection count."}};
constexpr std::array kExpectKeys = joined(kKindKeys, kExpectOwnKeys);
constexpr Table kExpect = {
    .name = "expectation",
    .doc =
        "What must be true at the end: one kind of observation with its pattern, or `never`, or "
        "`order`.",
    .keys = kExpectKeys,
    .required_groups = 1};
constexpr Type kExpectForm = map(kExpect);

// ---- the file

constexpr Type kNeed = choice(inject::kObservationKindNames);
constexpr Key kRootKeys[] = {
    {.name = "title", .type = text(1, 200), .required = true, .doc = "What the scenario shows, in one line."},
    {.name = "description", .type = text(0, 10'000), .doc = "Why it is interesting, what to look at."},
    {.name = "needs",
     .type = list(kNeed, 0, 16),
     .doc = "Kinds of observations the target must be able to give, besides those that `expect` looks at; a "
            "target that "
            "cannot makes the scenario skipped."},
    {.name = "seed", .type = kNumber, .doc = "Start of every random choice. Default 1."},
    {.name = "platform", .type = map(kPlatform), .doc = "The machine. Default: all defaults."},
    {.name = "server",
     .type = map(kServer),
     .doc = "The server that crashes are reported to. Default: none."},
    {.name = "steps", .type = list(kStepForm, 1, 1000), .required = true, .doc = "What happens."},
    {.name = "expect",
     .type = list(kExpectForm, 0, 1000),
     .doc = "What must follow. Whether the layers agree with each other is always judged as well."}};
constexpr Table kRoot = {.name = "scenario", .doc = "The file.", .keys = kRootKeys};

void collect(const Table& table, std::vector<const Table*>& found);

void collect(const Type& type, std::vector<const Table*>& found) {
  if (type.item != nullptr) collect(*type.item, found);
  if (type.table != nullptr) collect(*type.table, found);
  for (const Type& alternative : type.alternatives) collect(alternative, found);
}

void collect(const Table& table, std::vector<const Table*>& found) {
  if (std::ranges::find(found, &table) != found.end()) return;
  found.push_back(&table);
  for (const Key& key : table.keys) collect(key.type, found);
  if (table.other != nullptr) collect(*table.other, found);
}

}  // namespace

std::size_t Table::find(std::string_view key) const noexcept {
  return static_cast<std::size_t>(std::ranges::find(keys, key, &Key::name) - keys.begin());
}

const Table& root_table() noexcept {
  return kRoot;
}

const Table& reporting_table() noexcept {
  return kReporting;
}

const Table& rules_table() noexcept {
  return kRules;
}

std::vector<const Table*> all_tables() {
  std::vector<const Table*> found;
  collect(kRoot, found);
  return found;
}

}  // namespace wheatstone::scenario
