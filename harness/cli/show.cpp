#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/cper/section.hpp"
#include "formats/layout/assign.hpp"
#include "formats/layout/node.hpp"
#include "formats/layout/text_buffer.hpp"
#include "harness/cli/inputs.hpp"
#include "harness/cli/load.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/report/findings.hpp"
#include "harness/report/present.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::size_t kKeptText = 1u << 20;  // of one input, for the next in the same place

struct Options {
  InputOptions input;
  bool json = false;
  bool valid = false;
  bool yaml = false;
  bool errrec = false;
  bool errpkt = false;
  std::string kind;
  std::vector<std::string> readings;
  std::string address;
};

struct Shown {
  layout::TextBuffer text;
  report::FileKind kind = report::FileKind::unknown;
  std::optional<Error> error;  // the input has no such form

  void clear() {
    if (text.size() > kKeptText) text = layout::TextBuffer();
    text.clear();
    error.reset();
  }
};

Error no_reading(const std::string& name) {
  std::vector<std::string> names;
  for (const cper::Reading& reading : cper::section_readings())
    names.push_back(fmt::format("{}:{}", reading.section, reading.name));
  const std::string_view close = layout::nearest(name, {names.begin(), names.end()});
  return Error{ErrorKind::invalid_argument,
               fmt::format("there is no reading '{}'", name),
               fmt::format("{}there are {}", close.empty() ? "" : fmt::format("did you mean '{}'? ", close),
                           fmt::join(names, ", ")),
               {}};
}

Result<std::vector<const cper::Reading*>> find_readings(const std::vector<std::string>& names) {
  std::vector<const cper::Reading*> readings;
  for (const std::string& name : names) {
    const cper::Reading* reading = cper::find_reading(name);
    if (reading == nullptr) return std::unexpected(no_reading(name));
    const cper::Reading* other = cper::reading_of(reading->section, readings);
    if (other != nullptr && other != reading)
      return fail(ErrorKind::invalid_argument,
                  fmt::format("{0}:{1} and {0}:{2} are two readings of the same bytes", reading->section,
                              other->name, reading->name),
                  "give one of them");
    if (other == nullptr) readings.push_back(reading);
  }
  return readings;
}

report::Form form_of(const Options& options) {
  if (options.json) return report::Form::json;
  if (options.yaml) return report::Form::yaml;
  if (options.errrec) return report::Form::errrec;
  if (options.errpkt) return report::Form::errpkt;
  return report::Form::text;
}

int show(const Options& options, Terminal& terminal) {
  const auto readings = find_readings(options.readings);
  if (!readings) return complain(readings.error(), terminal);
  const auto address = options.address.empty() ? std::uint64_t{0} : layout::parse_number(options.address);
  if (!address)
    return complain(Error{ErrorKind::invalid_argument,
                          fmt::format("'{}' is no address", options.address),
                          "a number is expected: hex with 0x, or decimal",
                          {}},
                    terminal);
  const report::View view{
      .form = form_of(options),
      .detail = options.valid ? layout::Detail::valid : layout::Detail::all,
      .kind = document::find_kind(options.kind),
      .readings = *readings,
      .address = *address,
  };
  const bool single = is_single(options.input);
  const bool blank_between = view.form != report::Form::json && view.form != report::Form::yaml;
  Printer printer(terminal);
  InputWatch watch(options.input, terminal, printer);
  std::uint64_t unknown = 0;
  bool first = true;
  layout::TextBuffer line;
  const auto work = [&](const input::Input& input, Shown& shown) {
    const auto kind = report::present_to(shown.text, input.bytes, view, single ? "" : input.name);
    shown.kind = kind.value_or(report::FileKind::unknown);
    if (kind) return;
    shown.error = kind.error();
    shown.error->where.file = input.name;
  };
  const auto print = [&](const input::Handled& handled, const Shown& shown) {
    if (handled.error == nullptr) {
      if (shown.kind == report::FileKind::unknown) ++unknown;
      if (shown.error) {
        watch.tell(*shown.error);
        return;
      }
      if (blank_between && !std::exchange(first, false)) printer.print("\n");
      printer.print(shown.text.view());
    } else if (options.json && !single) {
      line.clear();
      report::failure_line(line, handled.name, *handled.error);
      printer.print(line.view());
    }
  };
  const input::Summary summary = for_each_input<Shown>(options.input, watch, work, print);
  const int code = watch.finish(summary);
  if (!single && !printer.closed() && summary.files + summary.failed != 0) {
    const std::uint64_t known = summary.files - unknown;
    terminal.err(fmt::format("{} file{} shown, {} unknown, {} unreadable\n", known, known == 1 ? "" : "s",
                             unknown, summary.failed));
  }
  return std::max(code, unknown != 0 ? kUsage : kPassed);
}

}  // namespace

Act add_show(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("show", "Show files, whatever they are, and what is wrong with them");
  const auto options = std::make_shared<Options>();
  // present_to knows text that stands for bytes, and what is just text.
  options->input.decode_text = false;
  add_input_options(*verb, options->input, "files to show");
  CLI::Option* json =
      verb->add_flag("--json", options->json, "JSON instead of text, one object a line and file");
  CLI::Option* yaml =
      verb->add_flag("--yaml", options->yaml, "what 'wheatstone make' turns into the same bytes");
  CLI::Option* errrec =
      verb->add_flag("--errrec", options->errrec, "records as !errrec of the debugger prints them");
  CLI::Option* errpkt =
      verb->add_flag("--errpkt", options->errpkt, "packets as !errpkt of the debugger prints them");
  const std::vector<CLI::Option*> forms = {json, yaml, errrec, errpkt};
  for (CLI::Option* form : forms)
    for (CLI::Option* other : forms)
      if (form != other) form->excludes(other);
  verb->add_flag("--valid", options->valid, "only fields that are valid, and flags that are set")
      ->needs(json);
  add_kind_option(*verb, options->kind);
  verb->add_option("--reading", options->readings,
                   "SECTION:NAME: read a section of records as others do; may be given again")
      ->allow_extra_args(false)
      ->take_all()
      ->excludes(errpkt);
  verb->add_option("--address", options->address, "where the record or packet lies in memory")
      ->excludes(json)
      ->excludes(yaml);
  verb->footer(
      "Knows error records (CPER), packets and all other documents of 'wheatstone schema --help', kernel "
      "crash dumps,\n"
      "cabinets, level-1 reports, answers of a CER server, and all but the last two as text: hex dumps "
      "(ours, xxd,\n"
      "hexdump -C, a debugger's db), hex digits, base64, PEM, MIME.\n"
      "--yaml, --errrec and --errpkt show documents only. Several files are a stream of YAML documents, each "
      "below\n"
      "'--- # FILE'; 'wheatstone make' takes one of them. 'wheatstone describe SECTION' tells its readings.\n"
      "Exit codes: 0 shown, 2 unknown data (its first bytes are shown), or no such form, 3 a file cannot be "
      "read.\n"
      "Examples: wheatstone show record-1.cper\n"
      "          wheatstone show --json records/ | jq -r .File\n"
      "          wheatstone show --json MEMORY.DMP | jq .Dump.Header\n"
      "          wheatstone show --yaml record.cper | wheatstone make - -o copy.cper\n"
      "          wheatstone show --reading DmarGeneric:LIBCPER record.cper");
  return [options](Terminal& terminal) {
    if (!options->address.empty() && !options->errrec && !options->errpkt)
      return complain(
          Error{ErrorKind::invalid_argument, "--address is of --errrec and --errpkt", "give one of them", {}},
          terminal);
    return show(*options, terminal);
  };
}

}  // namespace wheatstone::cli
