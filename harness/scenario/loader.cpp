#include "harness/scenario/loader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "formats/cper/compose.hpp"
#include "formats/cper/profile.hpp"
#include "formats/cper/section.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/hex_dump.hpp"
#include "formats/layout/utf16.hpp"
#include "harness/scenario/check.hpp"
#include "harness/scenario/injected_document.hpp"
#include "harness/scenario/keys.hpp"
#include "harness/scenario/names.hpp"
#include "harness/scenario/values.hpp"
#include "harness/scenario/yaml.hpp"
#include "mocks/wer_client/breach.hpp"

namespace wheatstone::scenario {
namespace {

using inject::ObservationKind;
using layout::Member;
using layout::Node;

// The value of a key, or an empty node.
const Node& get(const Node& map, std::string_view key) {
  static const Node nothing;
  const Node* found = map.find(key);
  return found == nullptr ? nothing : *found;
}

void set_milliseconds(const Node& map, std::string_view key, std::chrono::milliseconds& out) {
  if (const Node* node = map.find(key))
    out = std::chrono::milliseconds(parse_duration(node->text).value_or(0) / FileTime::kPerMillisecond);
}

template <class T>
void set_text(const Node& map, std::string_view key, T& out) {
  if (const Node* node = map.find(key)) out = node->text;
}

template <class T>
void set_number(const Node& map, std::string_view key, T& out) {
  if (const Node* node = map.find(key)) out = static_cast<T>(number_of(*node).value_or(0));
}

template <class T>
void set_flag(const Node& map, std::string_view key, T& out) {
  if (const Node* node = map.find(key)) out = flag_of(*node).value_or(false);
}

void set_bits(const Node& map, std::string_view key, layout::Names names, std::uint32_t& out) {
  if (const Node* node = map.find(key)) out = static_cast<std::uint32_t>(bits_of(*node, names).value_or(0));
}

std::vector<std::string> texts(const Node& list) {
  std::vector<std::string> out;
  for (const Node& item : list.items) out.push_back(item.text);
  return out;
}

// A value of an enumeration by its name or number.
template <class E>
void set_named(const Node& map, std::string_view key, layout::Names names, E& out) {
  if (const Node* node = map.find(key)) out = static_cast<E>(named_of(*node, names).value_or(0));
}

whea::ErrorSourceType source_type(const Node& node) {
  return static_cast<whea::ErrorSourceType>(named_of(node, whea::kErrorSourceTypeNames).value_or(0));
}

ObservationKind kind_of(std::string_view name) {
  return static_cast<ObservationKind>(layout::value_of(inject::kObservationKindNames, name).value_or(0));
}

// What a UTF-8 document looks like on the wire of Corporate Error Reporting.
std::optional<Buffer> wire_form(std::string_view utf8) {
  std::string text = "\xef\xbb\xbf";
  for (const char c : utf8) {
    if (c == '\r') continue;
    if (c == '\n') text += '\r';
    text += c;
  }
  return utf8_to_utf16le(text);
}

// Conversion of a tree that has passed check(): only what a value means can still be wrong.
class Converter {
 public:
  Converter(const ReadFile& read_file, const LoadLimits& limits, Errors& errors)
      : read_file_(read_file), limits_(limits), errors_(errors) {}

  std::vector<cer_server::Rule> run_rules(const Node& root) { return server(root).rules; }

  LoadedSettings run_settings(const Node& root) {
    LoadedSettings loaded;
    reporting(root, {}, loaded.reporting);
    for (const wer_client::Setting& setting : wer_client::kSettings)
      if (!setting.has_effect() && root.find(setting.name) != nullptr)
        loaded.without_effect.emplace_back(setting.name);
    if (root.find("DebugApplications") != nullptr) loaded.without_effect.emplace_back("DebugApplications");
    return loaded;
  }

  Scenario run(const Node& root, const Source& source) {
    Scenario scenario;
    scenario.id = source.id;
    scenario.file = source.file;
    set_text(root, "title", scenario.title);
    set_text(root, "description", scenario.description);
    set_number(root, "seed", scenario.seed);
    platform(get(root, "platform"), scenario.platform);
    if (const Node* node = root.find("server")) {
      scenario.server = server(*node);
      if (scenario.platform.reporting.corporate_wer_server.empty())
        errors_.add(node->mark, "server", "the machine does not report to this server",
                    "name one in platform.reporting.CorporateWERServer");
    }
    std::size_t index = 0;
    for (const Node& node : get(root, "steps").items)
      scenario.steps.push_back(step(node, scenario.platform, fmt::format("steps[{}]", index++)));
    index = 0;
    for (const Node& node : get(root, "expect").items)
      scenario.expectations.push_back(expectation(node, fmt::format("expect[{}]", index++)));
    if (!scenario.server && looked_at_[static_cast<std::size_t>(ObservationKind::server)])
      errors_.add(get(root, "expect").mark, "expect",
                  "a 'server' observation is expected, but there is no server", "add the key 'server'");
    needs(get(root, "needs"), scenario.needs);
    return scenario;
  }

 private:
  // ---- content from outside

  std::optional<Buffer> read(const Node& node, const std::string& path) {
    if (++files_ > limits_.files) {
      errors_.add(node.mark, path, fmt::format("more than {} references to files", limits_.files));
      return std::nullopt;
    }
    Result<Buffer> content = read_file_(node.text);
    if (!content) {
      Error error = std::move(content.error());
      error.where = {};
      errors_.add(std::move(error), node.mark, path);
      return std::nullopt;
    }
    if (!take(content->size(), node, path)) return std::nullopt;
    return std::move(*content);
  }

  // Counts what is kept; false, and an error, if it is too much.
  bool take(std::size_t bytes, const Node& node, const std::string& path) {
    if (bytes > limits_.file_bytes - file_bytes_) {
      errors_.add(node.mark, path,
                  fmt::format("files and documents have more than {} bytes together", limits_.file_bytes));
      return false;
    }
    file_bytes_ += bytes;
    return true;
  }

  std::optional<Buffer> read_dump(const Node& node, const std::string& path) {
    const auto text = read(node, path);
    if (!text) return std::nullopt;
    Result<Buffer> bytes = layout::parse_hex_dump(as_text(*text), std::size_t{16} << 20);
    if (bytes) return std::move(*bytes);
    Error& error = bytes.error();
    error.message =
        fmt::format("{}:{}:{}: {}", node.text, error.where.line, error.where.column, error.message);
    error.where = {};
    errors_.add(std::move(error), node.mark, path);
    return std::nullopt;
  }

  // Whichever of text, hex, file and hex_file is there; nothing is an empty content.
  Buffer content(const Node& map, const std::string& path) {
    if (const Node* node = map.find("text")) {
      const Bytes bytes = as_bytes(node->text);
      return {bytes.begin(), bytes.end()};
    }
    if (const Node* node = map.find("hex")) return layout::parse_hex_bytes(node->text).value_or(Buffer{});
    if (const Node* node = map.find("file")) return read(*node, path + ".file").value_or(Buffer{});
    if (const Node* node = map.find("hex_file"))
      return read_dump(*node, path + ".hex_file").value_or(Buffer{});
    return {};
  }

  // ---- platform and server

  void platform(const Node& map, inject::Platform& out) {
    set_text(map, "system", out.system);
    set_text(map, "profile", out.profile);
    if (const Node* node = map.find("profile"); node != nullptr && out.system == "windows")
      known_profile(*node);
    set_text(map, "cpu_vendor", out.cpu_vendor);
    set_number(map, "processors", out.processors);
    set_flag(map, "is_64bit", out.is_64bit);
    set_text(map, "machine_name", out.machine_name);
    set_text(map, "user_name", out.user_name);
    set_text(map, "application_company", out.application_company);
    if (const Node* node = map.find("lcid")) out.lcid = fmt::format("{}", number_of(*node).value_or(0));
    set_text(map, "os", out.os);
    out.clock = kDefaultClock;
    if (const Node* node = map.find("clock")) out.clock = parse_iso8601(node->text).value_or(kDefaultClock);
    if (const Node* node = map.find("sources"))
      for (const Node& item : node->items) out.sources.push_back(error_source(item));
    reporting(get(map, "reporting"), "platform.reporting.", out.reporting);
  }

  void known_profile(const Node& node) {
    std::vector<std::string_view> names;
    for (const cper::Profile& profile : cper::windows_profiles()) names.push_back(profile.name);
    if (std::ranges::find(names, node.text) != names.end()) return;
    const std::string_view close = layout::nearest(node.text, names);
    errors_.add(node.mark, "platform.profile", fmt::format("there is no profile {}", shown(node)),
                close.empty() ? fmt::format("profiles are {}", fmt::join(names, ", "))
                              : fmt::format("did you mean '{}'?", close));
  }

  static inject::ErrorSource error_source(const Node& node) {
    if (node.is_scalar()) return {.type = source_type(node)};
    inject::ErrorSource source;
    source.type = source_type(get(node, "type"));
    set_number(node, "id", source.id);
    set_number(node, "records_to_preallocate", source.records_to_preallocate);
    set_number(node, "max_sections_per_record", source.max_sections_per_record);
    return source;
  }

  void reporting(const Node& map, const std::string& path, inject::ErrorReporting& out) {
    for (const wer_client::Setting& setting : wer_client::kSettings) {
      if (setting.flag != nullptr) set_flag(map, setting.name, out.*setting.flag);
      if (setting.number != nullptr) set_number(map, setting.name, out.*setting.number);
      if (setting.text != nullptr) set_text(map, setting.name, out.*setting.text);
    }
    const Node& consent = get(map, "Consent");
    set_number(consent, "DefaultConsent", out.default_consent);
    set_flag(consent, "DefaultOverrideBehavior", out.default_override_behavior);
    for (const Member& member : consent.members)
      if (member.key != "DefaultConsent" && member.key != "DefaultOverrideBehavior")
        out.event_consent.emplace_back(member.key,
                                       static_cast<wer_client::Consent>(number_of(member.value).value_or(0)));
    for (const Member& member : get(map, "ExcludedApplications").members)
      if (flag_of(member.value).value_or(false)) out.excluded_applications.push_back(member.key);
    set_text(map, "corporate_wer_server", out.corporate_wer_server);
    set_number(map, "corporate_wer_port_number", out.corporate_wer_port_number);
    set_number(map, "default_consent", out.default_consent);
    set_flag(map, "dont_send_additional_data", out.dont_send_additional_data);
    set_flag(map, "bypass_data_throttling", out.bypass_data_throttling);
    set_milliseconds(map, "exchange_time", out.exchange_time);
    set_text(map, "user", out.user);
    set_text(map, "password", out.password);
    if (const Node* node = map.find("breach"))
      out.breach = wer_client::find_breach(node->text).value_or(nullptr);
    std::size_t index = 0;
    for (const Node& node : get(map, "offers").items)
      out.offers.push_back({get(node, "key").text, get(node, "item").text,
                            content(node, fmt::format("{}offers[{}]", path, index++))});
  }

  Server server(const Node& map) {
    Server out;
    out.mark = map.mark;
    std::size_t index = 0;
    for (const Node& node : get(map, "rules").items) {
      const Node& match = get(node, "match");
      const Node& fault = get(node, "fault");
      cer_server::Rule rule;
      set_text(match, "event_type", rule.event_type);
      for (const Member& member : get(match, "parameters").members)
        rule.parameters.emplace_back(member.key, member.value.text);
      rule.answer = answer(get(node, "answer"));
      if (const auto written = cer::write_answer(rule.answer); !written)
        errors_.add(written.error(), get(node, "answer").mark, fmt::format("server.rules[{}].answer", index));
      set_number(node, "cab_quota", rule.cab_quota);
      set_number(node, "times", rule.times);
      if (fault.is_map()) rule.fault = server_fault(fault, fmt::format("server.rules[{}].fault", index));
      out.rules.push_back(std::move(rule));
      ++index;
    }
    if (const Node* node = map.find("tls")) {
      cer_server::Tls& tls = out.tls.emplace();
      if (node->find("fault")) set_named(*node, "fault", kTlsFaultNames, tls.fault.emplace());
      set_number(*node, "times", tls.times);
    }
    if (const Node* node = map.find("accounts"))
      for (const Member& member : node->members)
        (out.accounts ? *out.accounts : out.accounts.emplace()).passwords[member.key] = member.value.text;
    set_named(map, "profile", kReaderProfileNames, out.profile);
    return out;
  }

  static cer::Answer answer(const Node& map) {
    cer::Answer out;
    set_text(map, "Response", out.response);
    set_number(map, "Bucket", out.bucket);
    set_number(map, "BucketTable", out.bucket_table);
    set_flag(map, "iData", out.i_data);
    set_flag(map, "MemoryDump", out.memory_dump);
    set_flag(map, "fDoc", out.f_doc);
    out.reg_key = texts(get(map, "RegKey"));
    out.reg_tree = texts(get(map, "RegTree"));
    out.wql = texts(get(map, "WQL"));
    out.get_file = texts(get(map, "GetFile"));
    out.get_file_version = texts(get(map, "GetFileVersion"));
    set_text(map, "DumpFile", out.dump_file);
    return out;
  }

  cer_server::Fault server_fault(const Node& map, const std::string& path) {
    using Fault = cer_server::Fault;
    Fault fault;
    set_named(map, "kind", kFaultNames, fault.kind);
    set_named(map, "level", kFaultLevelNames, fault.level);
    const auto only_for = [&](std::string_view key, std::initializer_list<Fault::Kind> kinds) {
      const Node* value = map.find(key);
      if (value != nullptr && std::ranges::find(kinds, fault.kind) == kinds.end())
        errors_.add(value->mark, fmt::format("{}.{}", path, key),
                    fmt::format("'{}' has no meaning for the kind '{}'", key, get(map, "kind").text));
    };
    only_for("status", {Fault::Kind::status});
    only_for("after", {Fault::Kind::close});
    only_for("wait", {Fault::Kind::delay, Fault::Kind::trickle});
    only_for("location", {Fault::Kind::redirect});
    if (fault.level == Fault::Level::level2 && cer_server::info(fault.kind).only_level1)
      errors_.add(
          get(map, "level").mark, path + ".level",
          fmt::format("'{}' is about the answer, which there is at level1 only", get(map, "kind").text));
    set_number(map, "status", fault.status);
    set_number(map, "after", fault.after);
    set_text(map, "location", fault.location);
    set_milliseconds(map, "wait", fault.wait);
    return fault;
  }

  // ---- steps

  Step step(const Node& node, const inject::Platform& platform, const std::string& path) {
    Step out;
    const Member& what = node.members.front();
    out.mark = what.mark;
    const std::string inner = path + "." + what.key;
    if (what.key == "wait") {
      out.what = Wait{parse_duration(what.value.text).value_or(0)};
    } else if (what.key == "inject" && is_document(what.value)) {
      out.what = document(what.value, inner);
    } else if (what.key == "inject") {
      out.what = inject::Injection(error(what.value, inner));
    } else if (what.key == "replay") {
      inject::InjectedRecord record;
      record.record = content(what.value, inner);
      if (const Node* source = what.value.find("source")) record.source = source_type(*source);
      out.what = inject::Injection(std::move(record));
    } else if (what.key == "bugcheck") {
      inject::InjectedBugCheck bugcheck;
      set_number(what.value, "code", bugcheck.code);
      std::size_t index = 0;
      for (const Node& item : get(what.value, "parameters").items)
        bugcheck.parameters[index++] = number_of(item).value_or(0);
      out.what = inject::Injection(bugcheck);
    } else {
      out.what = inject::Injection(report(what.value, platform, inner));
    }
    return out;
  }

  static bool is_document(const Node& map) {
    return map.find("defect") != nullptr || map.find("record") != nullptr || map.find("packet") != nullptr;
  }

  inject::Injection document(const Node& map, const std::string& path) {
    // Making one takes time and memory, also if it is too large to be taken: after a few the rest is not
    // tried.
    if (wrong_documents_ >= kMostWrongDocuments) return {};
    std::optional<Buffer> file;
    for (const char* key : {"hex", "file", "hex_file"})
      if (map.find(key) != nullptr) file = content(map, path);
    if (!errors_.empty() && file && file->empty()) return {};  // it could not be read
    auto made = injected_document(map, file ? &*file : nullptr);
    if (!made) {
      ++wrong_documents_;
      errors_.add(std::move(made.error()), map.mark, path);
      return {};
    }
    const auto* record = std::get_if<inject::InjectedRecord>(&*made);
    const auto* packet = std::get_if<inject::InjectedPacket>(&*made);
    take(record != nullptr ? record->record.size() : packet->packet.size(), map, path);
    return std::move(*made);
  }

  inject::InjectedError error(const Node& map, const std::string& path) {
    inject::InjectedError out;
    out.source = source_type(get(map, "source"));
    set_named(map, "severity", cper::kSeverityNames, out.severity);
    set_bits(map, "flags", kPacketFlagNames, out.packet_flags);
    std::size_t index = 0;
    for (const Node& node : get(map, "sections").items)
      out.sections.push_back(section(node, fmt::format("{}.sections[{}]", path, index++)));
    return out;
  }

  inject::InjectedSection section(const Node& map, const std::string& path) {
    inject::InjectedSection out;
    for (const Member& member : map.members) {
      const cper::SectionType* type = cper::find_section(member.key);
      if (type == nullptr) continue;
      out.type = type->guid;
      Result<Buffer> body = cper::compose_section(*type, member.value);
      if (body)
        out.body = std::move(*body);
      else
        errors_.add(std::move(body.error()), member.mark, path + "." + member.key);
    }
    if (const Node* guid = map.find("guid")) {
      out.type = Guid::parse(guid->text).value_or(Guid{});
      out.body = content(map, path);
      if (map.find("hex") == nullptr && map.find("file") == nullptr && map.find("hex_file") == nullptr)
        errors_.add(guid->mark, path, "a section by its GUID needs one of hex, file, hex_file");
    }
    if (map.find("severity") != nullptr)
      set_named(map, "severity", cper::kSeverityNames, out.severity.emplace());
    if (const Node* node = map.find("fru_id")) out.fru_id = Guid::parse(node->text);
    if (const Node* node = map.find("fru_text")) {
      out.fru_text = node->text;
      if (std::ranges::any_of(node->text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        errors_.add(node->mark, path + ".fru_text", "FRUText is ASCII");
    }
    set_bits(map, "flags", kSectionFlagNames, out.flags);
    return out;
  }

  inject::InjectedReport report(const Node& map, const inject::Platform& platform, const std::string& path) {
    inject::InjectedReport out;
    cer::Report& report = out.report;
    report.machine.machinename = platform.machine_name;
    report.machine.os = platform.os.value_or(std::string());
    report.machine.lcid = platform.lcid;
    const Node& machine = get(map, "machine");
    set_text(machine, "machinename", report.machine.machinename);
    set_text(machine, "os", report.machine.os);
    if (const Node* node = machine.find("lcid"))
      report.machine.lcid = fmt::format("{}", number_of(*node).value_or(0));
    set_text(machine, "oem", report.machine.oem);
    report.username = platform.user_name;
    set_text(map, "username", report.username);
    if (const Node* node = map.find("application")) {
      report.application.emplace();
      set_text(*node, "appname", report.application->appname);
      set_text(*node, "apppath", report.application->apppath);
      set_text(*node, "appcompany", report.application->appcompany);
    }
    set_named(map, "reporttype", kReportTypeNames, report.event.reporttype);
    set_text(map, "eventtype", report.event.eventtype);
    set_text(map, "friendlyeventname", report.event.friendlyeventname);
    set_text(map, "eventdescription", report.event.eventdescription);
    report.event.eventtime = parse_iso8601(get(map, "eventtime").text).value_or(FileTime{});
    unsigned id = 0;
    for (const Node& node : get(map, "parameters").items) {
      cer::Parameter parameter;
      parameter.id = id++;
      set_text(node, "name", parameter.name);
      set_text(node, "value", parameter.value);
      report.parameters.push_back(std::move(parameter));
    }
    for (const Node& node : get(map, "secondary_parameters").items)
      report.secondary_parameters.push_back({get(node, "name").text, get(node, "value").text});
    if (const Node* files = map.find("files")) {
      report.files.emplace();
      std::size_t index = 0;
      for (const Node& node : files->items) {
        inject::InjectedReport::File file;
        file.name = get(node, "filename").text;
        set_named(node, "filetype", kFileTypeNames, file.type);
        file.content = content(node, fmt::format("{}.files[{}]", path, index++));
        report.files->push_back({file.name, file.type});
        out.files.push_back(std::move(file));
      }
    }
    if (const auto written = cer::write_report(report); !written)
      errors_.add(written.error(), map.mark, path);
    return out;
  }

  // ---- expectations

  Expectation expectation(const Node& node, const std::string& path) {
    Expectation out;
    out.mark = node.mark;
    for (const Member& member : node.members) {
      if (member.key == "count" || member.key == "within") continue;
      const std::string inner = path + "." + member.key;
      if (member.key == "never") {
        out.what = Never{one_pattern(member.value, inner)};
        only_for_occurs(node, path);
      } else if (member.key == "order") {
        Order order;
        std::size_t index = 0;
        for (const Node& item : member.value.items)
          order.patterns.push_back(one_pattern(item, fmt::format("{}[{}]", inner, index++)));
        out.what = std::move(order);
        only_for_occurs(node, path);
      } else {
        Occurs occurs;
        occurs.pattern = pattern(member, inner);
        if (const Node* count = node.find("count")) occurs.count = this->count(*count, path + ".count");
        if (const Node* within = node.find("within")) occurs.within = parse_duration(within->text);
        out.what = std::move(occurs);
      }
    }
    return out;
  }

  void only_for_occurs(const Node& node, const std::string& path) {
    for (const Member& member : node.members)
      if (member.key == "count" || member.key == "within")
        errors_.add(member.mark, path + "." + member.key,
                    fmt::format("'{}' has no meaning beside 'never' and 'order'", member.key));
  }

  CountRange count(const Node& node, const std::string& path) {
    CountRange range;
    if (node.is_list()) {
      range = {number_of(node.items[0]).value_or(0), number_of(node.items[1]).value_or(0)};
    } else {
      range = count_of(node).value_or(CountRange{});
    }
    if (range.low > range.high)
      errors_.add(node.mark, path, fmt::format("a count from {} to {}", range.low, range.high),
                  "the lower end is first");
    if (range.high == 0) errors_.add(node.mark, path, "a count of 0", "write 'never: {...}'");
    return range;
  }

  Pattern one_pattern(const Node& node, const std::string& path) {
    const Member& member = node.members.front();
    return pattern(member, path + "." + member.key);
  }

  Pattern pattern(const Member& member, const std::string& path) {
    Pattern out;
    out.mark = member.mark;
    out.kind = kind_of(member.key);
    looked_at_[static_cast<std::size_t>(out.kind)] = true;
    for (const Member& field : member.value.members) {
      if (field.key == "bytes_file") {
        out.bytes = expected_bytes(out.kind, field.value, path + ".bytes_file");
      } else {
        out.fields.push_back({field.key, matcher(field.value, path + "." + field.key), field.mark});
      }
    }
    return out;
  }

  std::optional<Buffer> expected_bytes(ObservationKind kind, const Node& node, const std::string& path) {
    auto bytes = read(node, path);
    if (!bytes || kind != ObservationKind::level1 || !node.text.ends_with(".xml")) return bytes;
    auto wire = wire_form(as_text(*bytes));
    if (!wire) errors_.add(node.mark, path, fmt::format("{} is not UTF-8", shown(node)));
    return wire;
  }

  Matcher matcher(const Node& node, const std::string& path) {
    if (!node.is_map()) return Exact{literal_of(node)};
    if (node.find("mask") != nullptr) {
      const Masked masked{number_of(get(node, "mask")).value_or(0),
                          number_of(get(node, "value")).value_or(0)};
      if ((masked.value & ~masked.mask) != 0)
        errors_.add(get(node, "value").mark, path + ".value",
                    fmt::format("0x{:x} has bits that the mask 0x{:x} takes away", masked.value, masked.mask),
                    "no number would match");
      return masked;
    }
    if (const Node* range = node.find("range")) {
      const InRange in{number_of(range->items[0]).value_or(0), number_of(range->items[1]).value_or(0)};
      if (in.low > in.high)
        errors_.add(range->mark, path + ".range", fmt::format("a range from {} to {}", in.low, in.high),
                    "the lower end is first");
      return in;
    }
    if (const Node* regex = node.find("regex")) {
      if (auto compiled = Regex::compile(regex->text)) return Matches{std::move(*compiled)};
    }
    if (const Node* one_of = node.find("one_of")) {
      OneOf out;
      for (const Node& item : one_of->items) out.values.push_back(literal_of(item));
      return out;
    }
    if (const Node* absent = node.find("absent"); absent != nullptr && !flag_of(*absent).value_or(true))
      errors_.add(absent->mark, path + ".absent", "'absent' can only be true",
                  "a field that must be there with any text: {regex: '.*'}");
    return Absent{};
  }

  // ---- the rest

  void needs(const Node& list, std::vector<ObservationKind>& out) {
    std::array<bool, std::size(inject::kObservationKindNames)> needed = looked_at_;
    for (const Node& node : list.items) needed[static_cast<std::size_t>(kind_of(node.text))] = true;
    needed[static_cast<std::size_t>(ObservationKind::server)] = false;
    for (std::size_t kind = 0; kind < needed.size(); ++kind)
      if (needed[kind]) out.push_back(static_cast<ObservationKind>(kind));
  }

  static constexpr std::size_t kMostWrongDocuments = 10;
  static constexpr FileTime kDefaultClock{134'116'992'000'000'000};  // 2026-01-01T00:00:00Z

  const ReadFile& read_file_;
  const LoadLimits& limits_;
  Errors& errors_;
  std::size_t files_ = 0;
  std::size_t file_bytes_ = 0;
  std::size_t wrong_documents_ = 0;
  std::array<bool, std::size(inject::kObservationKindNames)> looked_at_{};
};

// The map that `text` is, if it is one of `table`.
std::optional<Node> checked(std::string_view text, const Table& table, Errors& errors) {
  Result<Node> root = parse_yaml(text);
  if (!root) {
    errors.add(root.error(), {1, 1}, {});
    return std::nullopt;
  }
  check(*root, table, errors);
  if (!errors.empty()) return std::nullopt;
  return std::move(*root);
}

}  // namespace

Loaded load_scenario(std::string_view text, const Source& source, const ReadFile& read_file,
                     const LoadLimits& limits) {
  Errors errors(source.file);
  const auto root = checked(text, root_table(), errors);
  if (!root) return std::unexpected(errors.take());
  Scenario scenario = Converter(read_file, limits, errors).run(*root, source);
  if (!errors.empty()) return std::unexpected(errors.take());
  scenario.source = text;
  return scenario;
}

std::expected<std::vector<cer_server::Rule>, std::vector<Error>> load_rules(std::string_view text,
                                                                            const std::string& file) {
  Errors errors(file);
  const auto root = checked(text, rules_table(), errors);
  if (!root) return std::unexpected(errors.take());
  const LoadLimits limits;
  const ReadFile no_files;  // rules refer to none
  std::vector<cer_server::Rule> rules = Converter(no_files, limits, errors).run_rules(*root);
  if (!errors.empty()) return std::unexpected(errors.take());
  return rules;
}

std::expected<LoadedSettings, std::vector<Error>> load_settings(std::string_view text,
                                                                const std::string& file,
                                                                const ReadFile& read_file) {
  Errors errors(file);
  const auto root = checked(text, reporting_table(), errors);
  if (!root) return std::unexpected(errors.take());
  const LoadLimits limits;
  LoadedSettings loaded = Converter(read_file, limits, errors).run_settings(*root);
  if (!errors.empty()) return std::unexpected(errors.take());
  return loaded;
}

}  // namespace wheatstone::scenario
