#include "harness/report/evidence.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>

#include "formats/layout/json.hpp"
#include "harness/report/file_names.hpp"

namespace wheatstone::report {
namespace fs = std::filesystem;
namespace {

using inject::Value;
using layout::JsonWriter;
using layout::TextBuffer;

constexpr std::string_view kVerdictFile = "verdict.json";
constexpr std::string_view kObservationsFile = "observations.jsonl";
constexpr std::string_view kScenarioFile = "scenario.yaml";
constexpr std::uint64_t kExactInDouble = std::uint64_t{1} << 53;

std::unexpected<Error> fail_at(const fs::path& path, std::string_view what, std::error_code code) {
  const bool refused = code == std::errc::permission_denied || code == std::errc::read_only_file_system ||
                       code == std::errc::no_space_on_device || code == std::errc::operation_not_permitted;
  Location where;
  where.file = path.string();
  return fail(refused ? ErrorKind::environment : ErrorKind::io,
              fmt::format("cannot {}: {}", what, code.message()),
              refused ? "give the evidence another folder" : "", std::move(where));
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

Result<void> write_file(const fs::path& path, Bytes bytes) {
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "wbx"));
  if (!file) return fail_at(path, "create the file", last_error());
  if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size())
    return fail_at(path, "write the file", last_error());
  if (std::fclose(file.release()) != 0) return fail_at(path, "write the file", last_error());
  return {};
}

void write_number(JsonWriter& json, const Value& value) {
  if (value.show == Value::Show::hex) {
    json.text(fmt::format("{:#x}", value.number));
  } else if (value.number > kExactInDouble) {
    json.text(fmt::format("{}", value.number));
  } else {
    json.number(value.number);
  }
}

void write_value(JsonWriter& json, const Value& value) {
  switch (value.kind) {
    case Value::Kind::text:
      json.text(value.text);
      break;
    case Value::Kind::flag:
      json.boolean(value.number != 0);
      break;
    case Value::Kind::number:
      if (value.text.empty()) {
        write_number(json, value);
      } else {
        json.begin_object();
        json.key("value");
        write_number(json, value);
        json.key("name");
        json.text(value.text);
        json.end_object();
      }
      break;
  }
}

std::vector<std::string> artefact_names(const Outcome& outcome) {
  UniqueNames names;
  for (const std::string_view ours : {kVerdictFile, kObservationsFile, kScenarioFile}) names.take(ours);
  std::vector<std::string> artefacts;
  for (const inject::Observation& observation : outcome.observations)
    artefacts.push_back(observation.artefact.empty() ? "" : names.take(observation.artefact));
  return artefacts;
}

// Makes room at `place`: nothing, an empty folder or old evidence may be there. What was there is moved to
// `old`.
Result<void> clear_place(const fs::path& place, const fs::path& old) {
  std::error_code code;
  const fs::file_status status = fs::symlink_status(place, code);
  if (status.type() == fs::file_type::not_found) return {};
  if (code) return fail_at(place, "look at the folder", code);
  const bool ours = status.type() == fs::file_type::directory &&
                    (fs::exists(place / kVerdictFile, code) || fs::is_empty(place, code));
  if (code) return fail_at(place, "look at the folder", code);
  if (!ours) {
    Location where;
    where.file = place.string();
    return fail(ErrorKind::invalid_argument,
                "something that is no evidence stands where the evidence would go",
                "move it away or give the evidence another folder", std::move(where));
  }
  fs::rename(place, old, code);
  if (code) return fail_at(place, "move the old evidence away", code);
  return {};
}

Result<void> write_folder(const fs::path& folder, const Outcome& outcome) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) return fail_at(folder, "create the folder", code);
  const std::vector<std::string> artefacts = artefact_names(outcome);
  for (std::size_t i = 0; i < artefacts.size(); ++i) {
    if (artefacts[i].empty()) continue;
    if (Result<void> written = write_file(folder / artefacts[i], outcome.observations[i].bytes); !written)
      return written;
  }
  for (const auto& [name, text] : {std::pair(kScenarioFile, outcome.source),
                                   std::pair(kObservationsFile, observations_jsonl(outcome, artefacts)),
                                   std::pair(kVerdictFile, verdict_json(outcome))}) {
    if (Result<void> written = write_file(folder / name, as_bytes(text)); !written) return written;
  }
  return {};
}

}  // namespace

std::string observations_jsonl(const Outcome& outcome, const std::vector<std::string>& artefacts) {
  TextBuffer text;
  for (std::size_t i = 0; i < outcome.observations.size(); ++i) {
    const inject::Observation& observation = outcome.observations[i];
    JsonWriter json(text);
    json.begin_object();
    json.key("number");
    json.number(std::uint64_t{i + 1});
    json.key("kind");
    json.text(inject::to_string(observation.kind));
    json.key("time");
    json.text(to_iso8601(observation.time));
    json.key("fields");
    json.begin_object();
    for (const inject::ObservedField& field : observation.fields) {
      json.key(field.name);
      write_value(json, field.value);
    }
    json.end_object();
    if (!artefacts[i].empty()) {
      json.key("artefact");
      json.text(artefacts[i]);
    } else if (!observation.bytes.empty()) {
      json.key("bytes");
      json.hex_bytes(observation.bytes);
    }
    json.end_object();
    text.append("\n");
  }
  return std::string(text.view());
}

std::string verdict_json(const Outcome& outcome) {
  TextBuffer text;
  JsonWriter json(text);
  const auto member = [&json](std::string_view key, std::string_view value) {
    json.key(key);
    json.text(value);
  };
  const auto place = [&json](const Location& where) {
    if (where.line == 0) return;
    json.key("line");
    json.number(std::uint64_t{where.line});
    json.key("column");
    json.number(std::uint64_t{where.column});
  };
  json.begin_object();
  member("scenario", outcome.id);
  member("title", outcome.title);
  member("target", outcome.target);
  member("seed", fmt::format("{}", outcome.seed));
  member("status", judge::to_string(outcome.verdict.status));
  member("reason", outcome.verdict.reason);
  place(outcome.verdict.where);
  json.key("observations");
  json.number(std::uint64_t{outcome.observations.size()});
  json.key("failures");
  json.begin_array();
  for (const judge::Failure& failure : outcome.verdict.failures) {
    json.begin_object();
    member("code", failure.code);
    member("message", failure.message);
    place(failure.where);
    json.key("observations");
    json.begin_array();
    for (const std::size_t index : failure.observations) json.number(std::uint64_t{index + 1});
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  text.append("\n");
  return std::string(text.view());
}

Result<fs::path> write_evidence(const fs::path& out, const Outcome& outcome) {
  try {
    const fs::path place = out / safe_path(outcome.id);
    const std::string leaf = place.filename().string();
    const fs::path fresh = place.parent_path() / ("." + leaf + ".new");
    const fs::path old = place.parent_path() / ("." + leaf + ".old");
    const auto sweep = [](const fs::path& path) {
      std::error_code ignored;
      fs::remove_all(path, ignored);
    };
    sweep(fresh);
    sweep(old);
    Result<void> done = write_folder(fresh, outcome);
    if (done) done = clear_place(place, old);
    if (done) {
      std::error_code code;
      fs::rename(fresh, place, code);
      if (code) done = fail_at(place, "put the evidence into its place", code);
    }
    sweep(fresh);
    sweep(old);
    if (!done) return std::unexpected(std::move(done.error()));
    return place;
  } catch (const fs::filesystem_error& error) {
    return fail_at(error.path1(), "keep the evidence", error.code());
  }
}

Result<void> prepare_evidence(const fs::path& out) {
  std::error_code code;
  fs::create_directories(out, code);
  if (code) return fail_at(out, "create the folder", code);
  const fs::path probe = out / ".probe";
  fs::remove(probe, code);
  if (Result<void> written = write_file(probe, {}); !written) return written;
  fs::remove(probe, code);
  return {};
}

}  // namespace wheatstone::report
