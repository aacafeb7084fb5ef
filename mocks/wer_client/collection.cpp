#include "mocks/wer_client/collection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "formats/layout/utf16.hpp"
#include "mocks/text.hpp"

namespace wheatstone::wer_client {
namespace {

class Gatherer {
 public:
  Gatherer(const cer::Answer& answer, Collector* collector, std::string_view clause)
      : answer_(answer), collector_(collector), clause_(clause) {}

  void take_files(const std::vector<File>& files, bool everything) {
    for (const File& file : files) {
      if (file.type == cer::FileType::heapdump && !answer_.memory_dump.value_or(false)) continue;
      if (file.type == cer::FileType::user_document && !answer_.f_doc.value_or(false)) continue;
      if (!everything && !file.anonymous) continue;
      has_memory_ |= file.type == cer::FileType::heapdump;
      add(file.name, file.data);
    }
  }

  void take_extras() {
    gather("WQL", answer_.wql, &Collector::wql);
    flush("wql.txt");
    gather("RegKey", answer_.reg_key, &Collector::reg_key);
    gather("RegTree", answer_.reg_tree, &Collector::reg_tree);
    flush("registry.txt");
    gather("GetFileVersion", answer_.get_file_version, &Collector::get_file_version);
    flush("FileVer.txt");
    for (const std::string& path : answer_.get_file)
      add_found("GetFile", path, path, collector_ ? collector_->get_file(path) : std::nullopt);
    if (answer_.memory_dump.value_or(false) && !has_memory_)
      add_found("MemoryDump", "of the process", "memory.hdmp",
                collector_ ? collector_->memory_dump() : std::nullopt);
    if (answer_.f_doc.value_or(false) && collector_)
      for (File& file : collector_->f_doc()) add(file.name, std::move(file.data));
  }

  Collection finish() && { return std::move(collection_); }

 private:
  // Windows file names know no case; a name that is there already gets a number.
  void add(std::string_view name, Buffer data) {
    std::string free(base_name(name));
    if (free.empty()) free = "file";
    const std::size_t dot = std::min(free.rfind('.'), free.size());
    const std::string stem = free.substr(0, dot);
    const std::string extension = free.substr(dot);
    for (unsigned i = 1; !names_.insert(lower(free)).second; ++i)
      free = fmt::format("{}_{}{}", stem, i, extension);
    collection_.members.push_back({std::move(free), std::move(data)});
  }

  void add_found(std::string_view key, std::string_view what, std::string_view name,
                 std::optional<Buffer> found) {
    if (found)
      add(name, std::move(*found));
    else
      missing(key, what);
  }

  // One text file for all items of a kind: "[item]" on a line, then what was found.
  void gather(std::string_view key, const std::vector<std::string>& items,
              std::optional<std::string> (Collector::*get)(std::string_view)) {
    for (const std::string& item : items) {
      const std::optional<std::string> found = collector_ ? (collector_->*get)(item) : std::nullopt;
      if (found && !find_invalid_utf8(*found))
        text_ += fmt::format("[{}]\r\n{}\r\n", item, *found);
      else
        missing(key, item);
    }
  }

  void flush(std::string_view name) {
    if (text_.empty()) return;
    if (auto utf16 = utf8_to_utf16le("\xef\xbb\xbf" + std::exchange(text_, {}))) add(name, std::move(*utf16));
  }

  void missing(std::string_view key, std::string_view what) {
    collection_.findings.push_back({FindingSeverity::note, "not-collected",
                                    fmt::format("{} {} could not be had", key, what), std::string(key),
                                    Finding::kNoOffset, clause_});
  }

  const cer::Answer& answer_;
  Collector* collector_;
  std::string_view clause_;
  bool has_memory_ = false;
  std::string text_;
  std::set<std::string> names_;
  Collection collection_;
};

}  // namespace

Collection collect(const cer::Answer& answer, const std::vector<File>& files, Collector* collector,
                   bool everything, std::string_view clause) {
  Gatherer gatherer(answer, collector, clause);
  gatherer.take_files(files, everything);
  if (everything) gatherer.take_extras();
  return std::move(gatherer).finish();
}

}  // namespace wheatstone::wer_client
