// Rules of the protocol that the client breaks on purpose and by name: what a server has to live with.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/cab/cabinet.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::wer_client {

struct Breach {
  // One change to the document, at the first element of that name.
  struct Edit {
    enum class Kind : std::uint8_t {
      none,
      drop_element,
      repeat_element,
      drop_attribute,
      repeat_attribute,
      set_attribute,  // which is added if it is not there
    };

    Kind kind = Kind::none;
    std::string_view element = {};
    std::string_view attribute = {};
    std::string_view value = {};
  };

  // What the client does in another order, or at another time, than it should.
  enum class Habit : std::uint8_t {
    none,
    uploads_unasked,
    never_uploads,
    uploads_twice,
    uploads_elsewhere,
    sends_raw_target,
    follows_urls,
    follows_redirects,
    believes_any_answer,
    claims_success,
    insists,
    ignores_settings,
    gives_files,
    sends_memory,
    sends_documents,
    closes_in_request,
    is_slow,
  };

  enum class Request : std::uint8_t { report, upload };

  std::string_view name;
  std::string_view clause;
  std::string_view what;  // that the client does, for people

  // How. The first three are about the document, in this order; `bytes` is about a whole request and
  // `members` and `cab` are about level 2.
  Edit edit = {};
  std::string (*document)(std::string xml) = nullptr;       // UTF-8, without byte order mark
  std::string (*encode)(const std::string& xml) = nullptr;  // instead of UTF-16LE with byte order mark
  std::string (*bytes)(std::string request) = nullptr;
  std::vector<cab::Member> (*members)(std::vector<cab::Member> members) = nullptr;
  Buffer (*cab)(Buffer cab) = nullptr;
  Habit habit = Habit::none;
  Request request = Request::report;  // that `bytes`, closes_in_request and is_slow are about

  // What our own server makes of it: the status of the last answer (0: none), and the codes of all findings,
  // in their order, joined with blanks. Empty if a server cannot see it.
  unsigned status = 200;
  std::string_view findings = {};
};

// In the order of the README.
std::span<const Breach> breaches() noexcept;

std::vector<std::string_view> breach_names();

// Fails (invalid_argument) with the nearest name there is.
Result<const Breach*> find_breach(std::string_view name);

// The document as the breach writes it; unchanged if it is not about documents. Fails (invalid_argument) if
// the report does not have what the breach is about, or is no UTF-16LE.
Result<Buffer> broken_document(const Breach& breach, Bytes document);

}  // namespace wheatstone::wer_client
