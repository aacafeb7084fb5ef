// Records and packets as the Windows debugger prints them: what people know from !errrec and !errpkt.
// Source: Microsoft's pages of both commands, and their output in public logs; the facts say which lines are
// verified (see README).
#pragma once

#include <cstdint>
#include <string>

#include "formats/cper/record.hpp"
#include "formats/whea/packet.hpp"

namespace wheatstone::whea {

// !errrec. `address` is where the record lies in memory; pointers count from it. Sections that the debugger
// cannot decode but we can are shown by our names.
std::string errrec_text(const cper::Record& record, std::uint64_t address = 0);

// !errpkt. `address` is where the packet lies in memory.
std::string errpkt_text(const Packet& packet, std::uint64_t address = 0);

}  // namespace wheatstone::whea
