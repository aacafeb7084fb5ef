// What Windows makes of one machine check: the MCA section in the form of its build, and the processor
// sections that it derives from it. Bodies only; record_builder.hpp puts them into a record.
#pragma once

#include "formats/layout/bytes.hpp"
#include "formats/layout/time.hpp"
#include "mocks/windows/platform.hpp"

namespace wheatstone::windows {

// The section in the length and version of the platform's profile; extra banks that the form has no room for
// are dropped. Fields that the error left 0 are filled: Timestamp, CpuVendor, and ApicId with the processor's
// number. A body shorter than the shortest form is no MCA section and is returned unchanged.
Buffer relay_mca(const Platform& platform, Bytes mca, FileTime now);

// REQUIRES (all of the following): mca has at least the 264 bytes of the shortest form.
// Processor generic section, 192 bytes.
Buffer processor_generic(const Platform& platform, Bytes mca);
// IA32/X64 processor section, 128 bytes: CPUID leaf 1 and one processor information with its check word.
Buffer xpf_processor(const Platform& platform, Bytes mca);
// MCA_EXCEPTION, 256 bytes: the same machine check as Vista SP1 keeps it.
Buffer mca_exception(Bytes mca);
// Recovery info section, 39 bytes: nothing was attempted.
Buffer recovery_info();

}  // namespace wheatstone::windows
