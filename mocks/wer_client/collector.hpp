// What the WER client gathers when the server asks for more: WMI, registry, files, memory, documents.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/cer/report.hpp"
#include "formats/layout/bytes.hpp"

namespace wheatstone::wer_client {

// A file that goes into the cab.
struct File {
  std::string name = {};  // base name
  cer::FileType type = cer::FileType::other;
  Buffer data = {};
  bool anonymous = false;  // holds nothing personal (WER_FILE_ANONYMOUS_DATA): consent level 3 sends it

  friend bool operator==(const File&, const File&) = default;
};

// nullopt means "cannot or will not": the report goes on without it. [MS-CER2] 3.1.5
class Collector {
 public:
  virtual ~Collector() = default;

  virtual std::optional<std::string> wql(std::string_view query) = 0;              // UTF-8 text
  virtual std::optional<std::string> reg_key(std::string_view key) = 0;            // UTF-8 text
  virtual std::optional<std::string> reg_tree(std::string_view key) = 0;           // UTF-8 text
  virtual std::optional<std::string> get_file_version(std::string_view path) = 0;  // UTF-8 text
  virtual std::optional<Buffer> get_file(std::string_view path) = 0;  // path may hold %VARIABLES%
  virtual std::optional<Buffer> memory_dump() = 0;
  virtual std::vector<File> f_doc() = 0;  // the documents open in the program
};

// Answers from given data and refuses everything else.
class ScriptedCollector : public Collector {
 public:
  using Texts = std::map<std::string, std::string, std::less<>>;

  Texts wql_results;
  Texts reg_keys;
  Texts reg_trees;
  Texts file_versions;
  std::map<std::string, Buffer, std::less<>> files;
  std::optional<Buffer> memory;
  std::vector<File> documents;

  std::optional<std::string> wql(std::string_view query) override;
  std::optional<std::string> reg_key(std::string_view key) override;
  std::optional<std::string> reg_tree(std::string_view key) override;
  std::optional<std::string> get_file_version(std::string_view path) override;
  std::optional<Buffer> get_file(std::string_view path) override;
  std::optional<Buffer> memory_dump() override;
  std::vector<File> f_doc() override;
};

}  // namespace wheatstone::wer_client
