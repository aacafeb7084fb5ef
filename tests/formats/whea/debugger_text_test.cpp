// Records and packets as the debugger prints them.
#include "formats/whea/debugger_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/cper/compose.hpp"
#include "tests/support/records.hpp"

namespace wheatstone::whea {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Errrec, PrintsARealRecord) {
  const Buffer bytes = test::load_record("multiple2");
  EXPECT_EQ(errrec_text(cper::Record::decode(bytes), 0xffffe00112345028),
            R"(===============================================================================
Common Platform Error Record @ ffffe00112345028
-------------------------------------------------------------------------------
Revision      : 2.16
Record Id     : 01db328d5c4a7c4a
Severity      : Corrected (2)
Length        : 936
Creator       : Microsoft
Notify Type   : {919448b2-3739-4b7f-a8f1-e0062805c2a3}
Timestamp     : 11/9/2024 9:55:33 (UTC)
Flags         : 0x00000000

===============================================================================
Section 0     : Processor Generic
-------------------------------------------------------------------------------
Descriptor    @ ffffe001123450a8
Section       @ ffffe00112345180
Offset        : 344
Length        : 192
Flags         : 0x00000001 Primary
Severity      : Corrected

Proc. Type    : x86/x64
Instr. Set    : x64
Error Type    : BUS error
Operation     : Generic
Flags         : 0x00
Level         : 3
CPU Version   : 0x0000000000a20f10
Processor ID  : 0x0000000000000000

===============================================================================
Section 1     : x86/x64 Processor Specific
-------------------------------------------------------------------------------
Descriptor    @ ffffe001123450f0
Section       @ ffffe00112345240
Offset        : 536
Length        : 128
Flags         : 0x00000000
Severity      : Corrected

Local APIC Id : 0x0000000000000000
CPU Id        : 10 0f a2 00 00 08 10 00 - 0b 32 f8 7e ff fb 8b 17
                00 00 00 00 00 00 00 00 - 00 00 00 00 00 00 00 00
                00 00 00 00 00 00 00 00 - 00 00 00 00 00 00 00 00

Proc. Info 0  @ ffffe00112345280

===============================================================================
Section 2     : x86/x64 MCA
-------------------------------------------------------------------------------
Descriptor    @ ffffe00112345138
Section       @ ffffe001123452c0
Offset        : 664
Length        : 272
Flags         : 0x00000000
Severity      : Corrected

Error         : BUSLG_SRC_ERR_IO_NOTIMEOUT_ERR (Proc 0 Bank 27)
  Status      : 0x982000000002080b
  Misc.       : 0xd01a0ffe00000000
)");
}

TEST(Errrec, SaysWhatCannotBeRead) {
  EXPECT_THAT(errrec_text(cper::Record::decode({})), HasSubstr("0 bytes are no error record"));
  const Buffer driver = test::load_record("unsupportedsection1");
  const std::string text = errrec_text(cper::Record::decode(driver));
  EXPECT_THAT(text, HasSubstr("Section 0     : {00000000-0000-0000-0000-000000000000}"));
  EXPECT_THAT(text, EndsWith("\n*** Unknown section format ***\n"));
  EXPECT_THAT(text, HasSubstr("Platform Id   : {83c1603c-1552-48a7-87d1-14d9467d7765}"));
  const std::string empty = errrec_text(cper::Record::decode(test::load_record("multiple1")));
  EXPECT_THAT(empty, HasSubstr("Section 0     : Memory"));
  EXPECT_THAT(empty, HasSubstr("No valid data fields are present.\n"));
}

TEST(Errrec, PrintsPciExpressRegisters) {
  const std::string text = errrec_text(cper::Record::decode(test::load_record("pcie")));
  EXPECT_THAT(text, HasSubstr("Section 0     : PCI Express\n"));
  EXPECT_THAT(text, HasSubstr("Port Type     : Upstream Switch Port\n"));
  EXPECT_THAT(text, HasSubstr("Command/Status: 0xc27c/0xf854\n"));
  EXPECT_THAT(text, HasSubstr("  Header Log                    : "));
}

TEST(Errpkt, PrintsTheDocumentedPacket) {
  Buffer bytes(536, 0);
  store_le<std::uint32_t>(bytes.data(), kPacketSignatureV1);
  auto edit = *layout::Editor<PacketV1>::make(kPacketV1, bytes);
  edit.set(PacketV1::kSize, 0x218u);
  edit.set(PacketV1::kRawDataLength, 0x392u);
  edit.set(PacketV1::kErrorSeverity, 1u);
  edit.set(PacketV1::kVersion, 2u);
  edit.set(PacketV1::kRawDataFormat, 2u);
  edit.set(PacketV1::kRawDataOffset, 280u);
  bytes[280] = 2;
  bytes[296] = 3;
  bytes[304] = 5;
  store_le<std::uint64_t>(&bytes[312], 0xb200000000000175);
  EXPECT_EQ(errpkt_text(Packet::decode(bytes), 0x1000),
            R"(   WHEA Error Packet Info Section (@ 0000000000001000)
   Flags            : 0x00000000
   Size             : 0x218
   RawDataLength    : 0x392
   Context          : 0x0000000000000000
   ErrorType        : 0x0 - Processor
   ErrorSeverity    : 0x1 - Fatal
   ErrorSourceId    : 0x0
   ErrorSourceType  : 0x0 - MCE
   Version          : 00000002
   Cpu              : 0000000000000000
   RawDataFormat    : 0x2 - Intel64MCA

   Raw Data         : Located @ 0000000000001118

DCACHEL1_EVICT_ERR
Processor Number : 3
Bank Number      : 5
   Status  : b200000000000175
   Address : 0000000000000000 (I)
   Misc    : 0000000000000000 (I)
)");
}

TEST(Errpkt, ShowsTheNewerPacketAndWhatIsNone) {
  const Buffer packet = *encode_packet_v2({}, Buffer(264, 0));
  EXPECT_THAT(errpkt_text(Packet::decode(packet)), HasSubstr("DataFormat       : 0x1 - XPFMCA"));
  EXPECT_THAT(errpkt_text(Packet::decode(Buffer{1, 2})), HasSubstr("2 bytes are no error packet"));
}

}  // namespace
}  // namespace wheatstone::whea
