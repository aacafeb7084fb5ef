// A reader of error records that is not ours, as a user's fuzz target: it fails, as if it had a mistake
// there, once it meets a record of two sections or more that is all right and has a section of memory or PCI
// Express.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr std::size_t kHeader = 128, kDescriptor = 72;
constexpr unsigned char kMemory[] = {0x14, 0x11, 0xbc, 0xa5, 0x64, 0x6f, 0xde, 0x4e,
                                     0xb8, 0x63, 0x3e, 0x83, 0xed, 0x7c, 0x83, 0xb1};
constexpr unsigned char kPciExpress[] = {0x54, 0xe9, 0x95, 0xd9, 0xc1, 0xbb, 0x0f, 0x43,
                                         0xad, 0x91, 0xb4, 0x4d, 0xcb, 0x3c, 0x6f, 0x35};

std::uint32_t load32(const std::uint8_t* p) {
  std::uint32_t value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kHeader || std::memcmp(data, "CPER", 4) != 0 || load32(data + 6) != 0xffffffff) return 0;
  const std::size_t count = data[10] | data[11] << 8;
  if (count < 2 || size < kHeader + count * kDescriptor) return 0;
  bool met = false;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* const descriptor = data + kHeader + i * kDescriptor;
    const std::uint64_t offset = load32(descriptor), length = load32(descriptor + 4);
    if (offset < kHeader + count * kDescriptor || offset + length > size) return 0;
    if (std::memcmp(descriptor + 16, kMemory, 16) == 0 || std::memcmp(descriptor + 16, kPciExpress, 16) == 0)
      met = true;
  }
  if (!met) return 0;
  std::fputs("met a whole record\n", stderr);
  std::abort();
}
