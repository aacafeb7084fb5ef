// A record as a tree of named values, and back: what YAML says about a record.
//
//     profile: win11-24H2                      # optional: what that system writes where nothing is said
//     readings: [DmarGeneric:LIBCPER]         # optional: competing readings, as section_readings() names
//     them Header: {Severity: Fatal, NotifyType: MCE, Timestamp: 2026-01-15T08:00:00Z} Sections:
//       - Type: XpfMca                         # a name or a GUID
//         Descriptor: {Flags: [Primary], SectionSeverity: Fatal}
//         Body: {ProcessorNumber: 12, Status: 0xbea0000000000108}
//       - Type: 00000000-0000-0000-0000-000000000000
//         Bytes: "0123"
#pragma once

#include "formats/cper/record.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/layout/node.hpp"
#include "formats/layout/result.hpp"

namespace wheatstone::cper {

// Says everything about a record whose bodies follow its descriptors in order; of others, what makes a record
// of the same sections. `readings` are those that the record was decoded with. Linear in the record.
layout::Node to_node(const Record& record, Readings readings = {});

// The record of such a tree: bodies back to back unless a descriptor gives a SectionOffset behind them,
// offsets, lengths and the count filled. Without a profile, what is not said is zero. Errors (malformed)
// carry line and column of the node.
Result<Buffer> compose_record(const layout::Node& record);

}  // namespace wheatstone::cper
