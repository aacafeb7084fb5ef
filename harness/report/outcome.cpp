#include "harness/report/outcome.hpp"

namespace wheatstone::report {

std::string theme_of(const std::string& id) {
  const std::size_t slash = id.rfind('/');
  return slash == std::string::npos ? "scenarios" : id.substr(0, slash);
}

std::string name_of(const std::string& id) {
  const std::size_t slash = id.rfind('/');
  return slash == std::string::npos ? id : id.substr(slash + 1);
}

}  // namespace wheatstone::report
