#include "harness/judge/verdict.hpp"

namespace wheatstone::judge {

std::string_view to_string(Status status) noexcept {
  switch (status) {
    case Status::passed:
      return "passed";
    case Status::failed:
      return "failed";
    case Status::skipped:
      return "skipped";
    case Status::error:
      return "error";
  }
  return "error";
}

}  // namespace wheatstone::judge
