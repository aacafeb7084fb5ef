#include "mocks/wer_client/collector.hpp"

namespace wheatstone::wer_client {
namespace {

template <class Map>
std::optional<typename Map::mapped_type> look_up(const Map& map, std::string_view key) {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::optional<std::string> ScriptedCollector::wql(std::string_view query) {
  return look_up(wql_results, query);
}
std::optional<std::string> ScriptedCollector::reg_key(std::string_view key) {
  return look_up(reg_keys, key);
}
std::optional<std::string> ScriptedCollector::reg_tree(std::string_view key) {
  return look_up(reg_trees, key);
}
std::optional<std::string> ScriptedCollector::get_file_version(std::string_view path) {
  return look_up(file_versions, path);
}
std::optional<Buffer> ScriptedCollector::get_file(std::string_view path) {
  return look_up(files, path);
}
std::optional<Buffer> ScriptedCollector::memory_dump() {
  return memory;
}
std::vector<File> ScriptedCollector::f_doc() {
  return documents;
}

}  // namespace wheatstone::wer_client
