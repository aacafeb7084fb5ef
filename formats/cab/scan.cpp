#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "formats/cab/cabinet.hpp"
#include "formats/layout/utf16.hpp"

namespace wheatstone::cab {
namespace {

using enum FindingSeverity;

constexpr std::string_view kHeaderClause = "MS-CAB CFHEADER";
constexpr std::string_view kFolderClause = "MS-CAB CFFOLDER";
constexpr std::string_view kFileClause = "MS-CAB CFFILE";
constexpr std::string_view kDataClause = "MS-CAB CFDATA";

constexpr std::uint64_t kHeaderSize = 36;
constexpr std::uint64_t kFolderSize = 8;
constexpr std::uint64_t kFileSize = 16;
constexpr std::uint64_t kDataSize = 8;
constexpr unsigned kNameLimit = 255;
constexpr unsigned kBlockLimit = 32768;
constexpr unsigned kInputLimit = kBlockLimit + 6144;  // what the decompressors of libmspack take in one block

enum Flags : std::uint16_t { kPrevious = 1, kNext = 2, kReserve = 4 };
enum Method : unsigned { kStored = 0, kMszip = 1, kQuantum = 2, kLzx = 3 };
constexpr std::uint16_t kNameIsUtf8 = 0x80;

std::uint32_t xor_words(Bytes bytes, std::uint32_t sum) noexcept {
  // Words that do not wait for each other.
  std::array<std::uint64_t, 4> lanes{};
  for (; bytes.size() >= 32; bytes = bytes.subspan(32))
    for (std::size_t i = 0; i < 4; ++i) lanes[i] ^= load_le<std::uint64_t>(bytes.data() + 8 * i);
  const std::uint64_t lane = lanes[0] ^ lanes[1] ^ lanes[2] ^ lanes[3];
  sum ^= static_cast<std::uint32_t>(lane ^ lane >> 32);
  while (bytes.size() >= 4) {
    sum ^= load_le<std::uint32_t>(bytes.data());
    bytes = bytes.subspan(4);
  }
  std::uint32_t tail = 0;  // the last one to three bytes count from the other end
  for (const std::uint8_t byte : bytes) tail = (tail << 8) | byte;
  return sum ^ tail;
}

struct Folder {
  unsigned method = kStored;
  std::uint64_t unpacked = 0;
};

class Scanner {
 public:
  Scanner(Bytes cabinet, const Limits& limits) : cabinet_(cabinet), limits_(limits) {}

  Result<Contents> run() {
    if (auto done = read_header(); !done) return std::unexpected(std::move(done.error()));
    for (unsigned i = 0; i < folder_count_; ++i)
      if (auto done = read_folder(i); !done) return std::unexpected(std::move(done.error()));
    if (auto done = read_files(); !done) return std::unexpected(std::move(done.error()));
    if (auto done = check_ranges(); !done) return std::unexpected(std::move(done.error()));
    if (auto done = check_members(); !done) return std::unexpected(std::move(done.error()));
    check_names();
    return std::move(contents_);
  }

 private:
  Result<void> read_header();
  Result<void> read_folder(unsigned index);
  Result<void> read_block(const std::string& path, std::uint64_t& at, Folder& folder, bool last,
                          std::uint64_t& unchecked);
  Result<void> read_files();
  Result<void> check_ranges();
  Result<void> check_members();
  void check_names();

  static std::unexpected<Error> malformed(std::string message, std::string path, std::uint64_t offset) {
    return fail(ErrorKind::malformed, std::move(message), {}, {.offset = offset, .path = std::move(path)});
  }
  static std::unexpected<Error> unsupported(std::string message, std::string path, std::uint64_t offset) {
    return fail(ErrorKind::unsupported, std::move(message), {}, {.offset = offset, .path = std::move(path)});
  }
  void add(FindingSeverity severity, std::string_view code, std::string message, std::string path,
           std::uint64_t offset, std::string_view clause) {
    contents_.findings.push_back({severity, code, std::move(message), std::move(path), offset, clause});
  }

  Bytes cabinet_;
  const Limits& limits_;
  Contents contents_;
  unsigned folder_count_ = 0;
  unsigned file_count_ = 0;
  std::uint64_t folder_reserve_ = 0;
  std::uint64_t folders_at_ = 0;
  std::uint64_t files_at_ = 0;
  std::uint64_t unpacked_ = 0;
  std::vector<Folder> folders_;
  std::vector<CheckedRange> used_;             // disjoint in a sound cabinet
  std::vector<std::uint64_t> member_headers_;  // offset of each CFFILE
  std::vector<bool> utf8_names_;
};

Result<void> Scanner::read_header() {
  const auto header = slice(cabinet_, 0, kHeaderSize);
  if (!header) return malformed("the cabinet is shorter than its header (36 bytes)", "CFHEADER", 0);
  const std::uint8_t* p = header->data();
  if (as_text(header->first(4)) != "MSCF")
    return malformed("the cabinet does not begin with MSCF", "CFHEADER.signature", 0);
  if (const auto size = load_le<std::uint32_t>(p + 8); size != cabinet_.size())
    return malformed(fmt::format("cbCabinet is {}, the cabinet has {} bytes", size, cabinet_.size()),
                     "CFHEADER.cbCabinet", 8);
  if (p[25] != 1)
    return unsupported(fmt::format("version {}.{}, not 1.3", p[25], p[24]), "CFHEADER.versionMajor", 25);
  if (p[24] != 3)
    add(warning, "version", fmt::format("version 1.{}, not 1.3", p[24]), "CFHEADER.versionMinor", 24,
        kHeaderClause);
  for (const unsigned reserved : {4u, 12u, 20u})
    if (load_le<std::uint32_t>(p + reserved) != 0)
      add(note, "reserved-field", "a reserved field is not 0", "CFHEADER", reserved, kHeaderClause);

  folder_count_ = load_le<std::uint16_t>(p + 26);
  if (folder_count_ == 0) return malformed("the cabinet has no folder", "CFHEADER.cFolders", 26);
  if (folder_count_ > limits_.folders)
    return unsupported(fmt::format("{} folders, more than {}", folder_count_, limits_.folders),
                       "CFHEADER.cFolders", 26);
  file_count_ = load_le<std::uint16_t>(p + 28);
  if (file_count_ == 0) return malformed("the cabinet has no member", "CFHEADER.cFiles", 28);
  if (file_count_ > limits_.members)
    return unsupported(fmt::format("{} members, more than {}", file_count_, limits_.members),
                       "CFHEADER.cFiles", 28);

  const auto flags = load_le<std::uint16_t>(p + 30);
  if (flags & (kPrevious | kNext)) return unsupported("the cabinet is one of a set", "CFHEADER.flags", 30);
  if (flags & ~(kPrevious | kNext | kReserve))
    add(note, "unknown-flag", fmt::format("flags 0x{:04x} have bits without a meaning", flags),
        "CFHEADER.flags", 30, kHeaderClause);

  folders_at_ = kHeaderSize;
  if (flags & kReserve) {
    const auto sizes = slice(cabinet_, kHeaderSize, 4);
    if (!sizes)
      return malformed("the reserve sizes reach beyond the cabinet", "CFHEADER.cbCFHeader", kHeaderSize);
    const auto header_reserve = load_le<std::uint16_t>(sizes->data());
    if (header_reserve > 60000)
      return malformed(fmt::format("cbCFHeader is {}, more than 60000", header_reserve),
                       "CFHEADER.cbCFHeader", kHeaderSize);
    folder_reserve_ = (*sizes)[2];
    if ((*sizes)[3] != 0)
      return unsupported("CFDATA blocks have a reserve, whose part in the checksum readers disagree on",
                         "CFHEADER.cbCFData", kHeaderSize + 3);
    folders_at_ += 4u + header_reserve;
    if (folders_at_ > cabinet_.size())
      return malformed(fmt::format("cbCFHeader is {}, beyond the cabinet", header_reserve),
                       "CFHEADER.cbCFHeader", kHeaderSize);
  }

  const auto table =
      CheckedRange::make(folders_at_, folder_count_ * (kFolderSize + folder_reserve_), cabinet_.size());
  if (!table) return malformed("the folders reach beyond the cabinet", "CFFOLDER[0]", folders_at_);
  files_at_ = load_le<std::uint32_t>(p + 16);
  if (files_at_ < table->end())
    return malformed(fmt::format("coffFiles is {}, inside the headers before it", files_at_),
                     "CFHEADER.coffFiles", 16);
  if (files_at_ > table->end())
    return unsupported(
        fmt::format("the members begin at {}, not behind the folders at {}", files_at_, table->end()),
        "CFHEADER.coffFiles", 16);
  return {};
}

Result<void> Scanner::read_folder(unsigned index) {
  const std::string path = fmt::format("CFFOLDER[{}]", index);
  const std::uint64_t at = folders_at_ + index * (kFolderSize + folder_reserve_);
  const auto bytes = slice(cabinet_, at, kFolderSize);
  if (!bytes) return malformed("the folder reaches beyond the cabinet", path, at);

  Folder& folder = folders_.emplace_back();
  const std::uint64_t data_at = load_le<std::uint32_t>(bytes->data());
  const unsigned blocks = load_le<std::uint16_t>(bytes->data() + 4);
  const unsigned type = load_le<std::uint16_t>(bytes->data() + 6);
  folder.method = type & 0x0f;
  if (folder.method == kQuantum || folder.method > kLzx)
    return unsupported(fmt::format("compression 0x{:04x} is neither none, MSZIP nor LZX", type),
                       path + ".typeCompress", at + 6);
  if (const unsigned window = (type >> 8) & 0x1f; folder.method == kLzx && (window < 15 || window > 21))
    return malformed(fmt::format("the LZX window is {} bits, not 15 to 21", window), path + ".typeCompress",
                     at + 6);

  if (data_at > cabinet_.size())
    return malformed(fmt::format("the blocks begin at {}, beyond the cabinet", data_at),
                     path + ".coffCabStart", at);

  std::uint64_t end = data_at, unchecked = 0;
  for (unsigned i = 0; i < blocks; ++i) {
    const std::string block = fmt::format("{}.CFDATA[{}]", path, i);
    if (auto done = read_block(block, end, folder, i + 1 == blocks, unchecked); !done) return done;
  }
  if (unchecked != 0)
    add(warning, "checksum-absent", fmt::format("{} of {} blocks have no checksum", unchecked, blocks), path,
        data_at, kDataClause);
  if (blocks != 0) used_.push_back(*CheckedRange::make(data_at, end - data_at, cabinet_.size()));
  return {};
}

// Moves `at` behind the block.
Result<void> Scanner::read_block(const std::string& path, std::uint64_t& at, Folder& folder, bool last,
                                 std::uint64_t& unchecked) {
  const auto header = slice(cabinet_, at, kDataSize);
  if (!header) return malformed("the block header reaches beyond the cabinet", path, at);
  const auto checksum = load_le<std::uint32_t>(header->data());
  const unsigned packed = load_le<std::uint16_t>(header->data() + 4);
  const unsigned unpacked = load_le<std::uint16_t>(header->data() + 6);
  if (unpacked == 0) return unsupported("the block continues in another cabinet", path + ".cbUncomp", at + 6);
  if (unpacked > kBlockLimit)
    return malformed(fmt::format("cbUncomp is {}, more than {}", unpacked, kBlockLimit), path + ".cbUncomp",
                     at + 6);
  if (packed > kInputLimit)
    return malformed(fmt::format("cbData is {}, more than {}", packed, kInputLimit), path + ".cbData",
                     at + 4);
  if (folder.method == kStored && packed != unpacked)
    return malformed(fmt::format("a stored block has {} bytes for {}", packed, unpacked), path + ".cbData",
                     at + 4);
  const auto data = slice(cabinet_, at + kDataSize, packed);
  if (!data)
    return malformed(fmt::format("cbData is {}, beyond the cabinet", packed), path + ".cbData", at + 4);
  if (folder.method == kMszip && !as_text(*data).starts_with("CK"))
    return malformed("an MSZIP block does not begin with CK", path, at + kDataSize);
  if (folder.method != kStored && !last && unpacked != kBlockLimit)
    return malformed(
        fmt::format("cbUncomp is {}; only the last compressed block may have fewer than 32768", unpacked),
        path + ".cbUncomp", at + 6);
  if (checksum == 0)
    ++unchecked;
  else if (const auto sum = xor_words(header->subspan(4), xor_words(*data, 0)); sum != checksum)
    return malformed(fmt::format("the checksum is 0x{:08x}, the data gives 0x{:08x}", checksum, sum),
                     path + ".csum", at);

  folder.unpacked += unpacked;
  unpacked_ += unpacked;
  if (unpacked_ > limits_.unpacked)
    return unsupported(fmt::format("the cabinet unpacks to more than {} bytes", limits_.unpacked), path, at);
  at += kDataSize + packed;
  return {};
}

Result<void> Scanner::read_files() {
  std::uint64_t at = files_at_;
  for (unsigned i = 0; i < file_count_; ++i) {
    const std::string path = fmt::format("CFFILE[{}]", i);
    const auto bytes = slice(cabinet_, at, kFileSize);
    if (!bytes) return malformed("the member reaches beyond the cabinet", path, at);
    const std::uint8_t* p = bytes->data();

    const std::string_view rest = as_text(cabinet_.subspan(static_cast<std::size_t>(at + kFileSize)));
    const std::size_t length = rest.substr(0, kNameLimit + 1).find('\0');
    if (length == std::string_view::npos)
      return malformed("the name has no NUL within 256 bytes", path + ".szName", at + kFileSize);
    if (length == 0) return malformed("the name is empty", path + ".szName", at + kFileSize);

    MemberInfo& member = contents_.members.emplace_back();
    member.name = rest.substr(0, length);
    member.size = load_le<std::uint32_t>(p);
    member.offset = load_le<std::uint32_t>(p + 4);
    member.folder = load_le<std::uint16_t>(p + 8);
    if (member.folder >= 0xfffd)
      return unsupported("the member continues from or in another cabinet", path + ".iFolder", at + 8);
    if (member.folder >= folder_count_)
      return malformed(fmt::format("iFolder is {}, the cabinet has {}", member.folder, folder_count_),
                       path + ".iFolder", at + 8);
    const std::uint64_t unpacked = folders_[member.folder].unpacked;
    if (!CheckedRange::make(member.offset, member.size, unpacked))
      return malformed(
          fmt::format("{} bytes at {} reach beyond the folder's {}", member.size, member.offset, unpacked),
          path + ".cbFile", at);

    const auto date = load_le<std::uint16_t>(p + 10);
    if (const unsigned month = (date >> 5) & 15, day = date & 31; month < 1 || month > 12 || day < 1)
      add(note, "date", fmt::format("DOS date 0x{:04x} is no day", date), path + ".date", at + 10,
          kFileClause);
    utf8_names_.push_back(load_le<std::uint16_t>(p + 14) & kNameIsUtf8);
    member_headers_.push_back(at);
    at += kFileSize + length + 1;
  }
  used_.push_back(*CheckedRange::make(0, at, cabinet_.size()));
  return {};
}

Result<void> Scanner::check_ranges() {
  std::ranges::sort(used_, {}, [](const CheckedRange& range) { return range.offset(); });
  std::uint64_t end = 0;
  for (const CheckedRange& range : used_) {
    if (range.offset() < end)
      return malformed("folders share bytes with each other or with the headers", "CFDATA", range.offset());
    if (range.offset() > end)
      add(note, "unused-bytes", fmt::format("{} bytes belong to nothing", range.offset() - end), {}, end,
          kFolderClause);
    end = range.end();
  }
  if (end < cabinet_.size())
    add(note, "unused-bytes", fmt::format("{} bytes belong to nothing", cabinet_.size() - end), {}, end,
        kFolderClause);
  return {};
}

// Members of a folder must not overlap: a short cabinet could promise the same bytes over and over.
Result<void> Scanner::check_members() {
  std::vector<std::uint64_t> latest(folder_count_, 0);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < contents_.members.size(); ++i) {
    const MemberInfo& member = contents_.members[i];
    if (member.size == 0) continue;
    order.push_back(i);
    if (member.offset < latest[member.folder])
      add(note, "member-order", "the members of a folder are not in the order of their offsets",
          fmt::format("CFFILE[{}].uoffFolderStart", i), member_headers_[i] + 4, kFileClause);
    latest[member.folder] = std::max(latest[member.folder], member.offset);
  }
  std::ranges::sort(order, {}, [&](std::size_t i) {
    return std::pair(contents_.members[i].folder, contents_.members[i].offset);
  });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const MemberInfo& before = contents_.members[order[i - 1]];
    const MemberInfo& member = contents_.members[order[i]];
    if (before.folder == member.folder && member.offset < before.offset + before.size)
      return malformed("two members share bytes of their folder",
                       fmt::format("CFFILE[{}].uoffFolderStart", order[i]), member_headers_[order[i]] + 4);
  }
  return {};
}

// Names are data. What would be dangerous as a path is said; nothing here ever uses one.
void Scanner::check_names() {
  const auto is_separator = [](char c) { return c == '\\' || c == '/'; };
  std::set<std::string> seen;
  for (std::size_t i = 0; i < contents_.members.size(); ++i) {
    const std::string& name = contents_.members[i].name;
    const auto warn = [&](std::string_view code, std::string message) {
      add(warning, code, std::move(message), fmt::format("CFFILE[{}].szName", i),
          member_headers_[i] + kFileSize, kFileClause);
    };
    std::string folded = name;
    std::ranges::transform(folded, folded.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c == '/' ? '\\' : c;
    });
    if (!seen.insert(folded).second) warn("name-duplicate", "another member has this name");
    if (is_separator(name.front())) warn("name-absolute", "the name is an absolute path");
    if (name.find(':') != std::string::npos) warn("name-drive", "the name holds ':', a drive or a stream");
    if (("\\" + folded + "\\").find("\\..\\") != std::string::npos)
      warn("name-parent", "the name holds a \"..\" segment");
    if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
      warn("name-control", "the name holds a control character");
    if (utf8_names_[i] && find_invalid_utf8(name))
      warn("name-encoding", "the name is marked as UTF-8 and is not");
  }
}

}  // namespace

Result<Contents> scan(Bytes cabinet, const Limits& limits) {
  return Scanner(cabinet, limits).run();
}

}  // namespace wheatstone::cab
