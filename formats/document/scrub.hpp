// Documents without what tells whose machine they come from: serial numbers, PPINs, FRU ids and texts,
// platform and partition ids, process names; on request addresses and what registers held. Fields are those
// whose layout says so (layout::Privacy). What takes their place is a pseudonym: the same for the same value
// and key, of the same length and kind, so that the document stays as valid as it was and two documents of
// one machine can still be told to be of one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "formats/document/document.hpp"
#include "formats/layout/bytes.hpp"

namespace wheatstone::document {

// Fills `out` (at most 256 bytes) with what a keyed pseudorandom function gives for `input`: a HMAC. Who has
// the key can check a guess of a value; keep it, or throw it away.
using Pseudonyms = std::function<void(Bytes input, MutableBytes out)>;

struct ScrubOptions {
  // Physical and virtual addresses, page numbers, general registers, too. An address keeps its place inside
  // its page of 4 KiB and its magnitude.
  bool addresses = false;
  // Bytes that no layout explains become zero: bodies of unknown sections, raw data, gaps, what lies behind.
  bool unexplained = false;
};

struct Scrubbed {
  Buffer bytes;                             // of the length of the document
  std::vector<std::string> replaced;        // paths of the fields that got a pseudonym
  std::uint64_t unexplained = 0;            // bytes that no layout explains and that are not zero
  std::vector<std::string> unexplained_in;  // where they are, at most kMostUnexplained places
};
inline constexpr std::size_t kMostUnexplained = 100;

// Linear in the document. Zero, all ones and empty texts stand for nothing and stay.
// REQUIRES: the document has less than 4 GiB.
Scrubbed scrub(const Document& document, const Pseudonyms& pseudonyms, const ScrubOptions& options = {});

}  // namespace wheatstone::document
