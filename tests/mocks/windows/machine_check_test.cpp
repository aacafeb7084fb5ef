#include "mocks/windows/machine_check.hpp"

#include <gtest/gtest.h>

#include "formats/cper/record.hpp"
#include "formats/cper/sections/processor_generic.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::windows {
namespace {

using cper::XpfMca;

constexpr FileTime kNow{133'000'000'000'000'000};

Platform platform(const char* profile, CpuVendor vendor = CpuVendor::amd) {
  return {.profile = cper::find_profile(profile), .cpu_vendor = vendor, .processors = 16};
}

Buffer mca(std::size_t length, std::uint64_t status) {
  Buffer bytes(length, 0);
  layout::Editor<XpfMca>::make(cper::kXpfMcaV1, bytes)->set(XpfMca::kStatus, status);
  return bytes;
}

layout::View<XpfMca> view(Bytes bytes) {
  return *layout::View<XpfMca>::make(cper::kXpfMcaV1, bytes);
}

TEST(MachineCheck, EveryProfileGetsItsForm) {
  for (const cper::Profile& profile : cper::windows_profiles()) {
    const Platform machine{.profile = &profile};
    for (const std::size_t given : {264u, 272u, 292u, 1192u, 2088u}) {
      const Buffer out = relay_mca(machine, mca(given, 0xbea0000000000108), kNow);
      EXPECT_EQ(out.size(), profile.mca_length) << profile.name << " from " << given;
      EXPECT_EQ(view(out)[XpfMca::kVersionNumber], profile.mca_version);
      EXPECT_EQ(view(out)[XpfMca::kStatus], 0xbea0000000000108u);
    }
  }
}

TEST(MachineCheck, FillsOnlyWhatIsMissing) {
  Buffer given = mca(264, 1);
  auto edit = *layout::Editor<XpfMca>::make(cper::kXpfMcaV1, given);
  edit.set(XpfMca::kProcessorNumber, 5);
  const Buffer filled = relay_mca(platform("win10-2004", CpuVendor::intel), given, kNow);
  EXPECT_EQ(view(filled)[XpfMca::kTimestamp], kNow.ticks);
  EXPECT_EQ(view(filled)[XpfMca::kCpuVendor], cper::kCpuVendorIntel);
  EXPECT_EQ(view(filled)[XpfMca::kApicId], 5u);

  edit.set(XpfMca::kTimestamp, 7);
  edit.set(XpfMca::kCpuVendor, cper::kCpuVendorAmd);
  edit.set(XpfMca::kApicId, 9);
  const Buffer kept = relay_mca(platform("win10-2004", CpuVendor::intel), given, kNow);
  EXPECT_EQ(view(kept)[XpfMca::kTimestamp], 7u);
  EXPECT_EQ(view(kept)[XpfMca::kCpuVendor], cper::kCpuVendorAmd);
  EXPECT_EQ(view(kept)[XpfMca::kApicId], 9u);
}

TEST(MachineCheck, ShortBodyIsNoMachineCheck) {
  EXPECT_EQ(relay_mca(platform("win11-24H2"), Buffer(263, 3), kNow), Buffer(263, 3));
  EXPECT_EQ(relay_mca(platform("win11-24H2"), {}, kNow), Buffer{});
}

// 64 extra banks have their arrays at other places than 32 (README rule 3).
TEST(MachineCheck, ExtraBanksMoveToTheirPlacesInTheForm) {
  Buffer given = mca(2088, 1);
  store_le<std::uint32_t>(given.data() + 292, 40);
  for (std::uint32_t i = 0; i < 64; ++i) {
    store_le<std::uint32_t>(given.data() + 296 + 4 * i, 100 + i);
    store_le<std::uint64_t>(given.data() + 552 + 8 * i, 200 + i);
    store_le<std::uint64_t>(given.data() + 1064 + 8 * i, 300 + i);
    store_le<std::uint64_t>(given.data() + 1576 + 8 * i, 400 + i);
  }
  const Buffer out = relay_mca(platform("win11-24H2"), given, kNow);
  ASSERT_EQ(out.size(), 1192u);
  EXPECT_EQ(load_le<std::uint32_t>(out.data() + 292), 32u);
  for (std::uint32_t i = 0; i < 32; ++i) {
    EXPECT_EQ(load_le<std::uint32_t>(out.data() + 296 + 4 * i), 100 + i);
    EXPECT_EQ(load_le<std::uint64_t>(out.data() + 424 + 8 * i), 200 + i);
    EXPECT_EQ(load_le<std::uint64_t>(out.data() + 680 + 8 * i), 300 + i);
    EXPECT_EQ(load_le<std::uint64_t>(out.data() + 936 + 8 * i), 400 + i);
  }
}

// A real record shows what Windows derived from its machine check.
TEST(MachineCheck, DerivesTheSectionsOfARealRecord) {
  const Buffer bytes = test::load_record("multiple2");
  const cper::Record record = cper::Record::decode(bytes);
  ASSERT_EQ(record.sections().size(), 3u);
  const auto body = [&](std::size_t i) {
    const Bytes b = record.body(record.sections()[i]);
    return Buffer(b.begin(), b.end());
  };
  const Platform machine = platform("win10-2004");
  EXPECT_EQ(relay_mca(machine, body(2), kNow), body(2));
  EXPECT_EQ(processor_generic(machine, body(2)), body(0));
  EXPECT_EQ(xpf_processor(machine, body(2)), body(1));
}

TEST(MachineCheck, RecoveryInfoOfARealRecord) {
  const Buffer bytes = test::load_record("multiple1");
  const cper::Record record = cper::Record::decode(bytes);
  const cper::Section* section = record.find(cper::kSectionRecoveryInfo);
  ASSERT_NE(section, nullptr);
  const Bytes body = record.body(*section);
  EXPECT_EQ(recovery_info(), Buffer(body.begin(), body.end()));
}

// A memory controller error has no check word: the processor information stays empty.
TEST(MachineCheck, CodeWithoutCheckInfoLeavesProcInfoEmpty) {
  const Buffer out = xpf_processor(platform("win10-2004", CpuVendor::intel), mca(272, 0x8c00004000010092));
  EXPECT_EQ(Buffer(out.begin() + 64, out.end()), Buffer(64, 0));
}

TEST(MachineCheck, ProcessorOf32BitsHasItsInstructionSet) {
  Platform machine = platform("win7-sp1");
  machine.is_64bit = false;
  EXPECT_EQ(processor_generic(machine, mca(264, 0x108))[9], 0);
  machine.is_64bit = true;
  EXPECT_EQ(processor_generic(machine, mca(264, 0x108))[9], 2);
}

}  // namespace
}  // namespace wheatstone::windows
