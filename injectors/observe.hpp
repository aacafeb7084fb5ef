// Observations from artefacts: the same field names, whatever target the artefact comes from (README). Time
// and artefact name are the caller's to fill.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/cer/answer.hpp"
#include "formats/dump/bug_check.hpp"
#include "formats/layout/bytes.hpp"
#include "formats/whea/error_source.hpp"
#include "formats/whea/event.hpp"
#include "injectors/observation.hpp"

namespace wheatstone::inject {

// Every field of header, descriptors and sections, except those whose validity bit is clear.
Observation observe_record(Bytes record, whea::ErrorSourceType source, std::uint32_t source_id);

// etw_event for Kernel-WHEA, log_entry for everything else. Variable binary data is in the bytes alone.
Observation observe_event(const whea::Event& event);

Observation observe_bug_check(const dump::BugCheck& bug_check);

// `name` is that of the file on the machine. A file that is no crash dump has only File and Length.
Observation observe_dump(std::string_view name, Bytes file);

Observation observe_boot(unsigned number, std::size_t error_sources, std::string_view profile);

// A level-1 document. One that cannot be read has no fields.
Observation observe_level1(Bytes document);

// What the client read out of an answer, and the HTTP body that it read.
Observation observe_answer(unsigned status, const cer::Answer& answer, Bytes body);

// A cabinet and where it was put. One that cannot be scanned has no Files.
Observation observe_level2(std::string_view target, unsigned status, Bytes cabinet);

}  // namespace wheatstone::inject
