// Cabinets laid out by hand, sound or broken in one place: libgcab would never write the broken ones.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"

namespace wheatstone::cab {

struct RawBlock {
  Buffer data;
  std::uint16_t unpacked = 0;
  bool checksum = true;
};

struct RawFolder {
  std::uint16_t type = 0;
  std::vector<RawBlock> blocks;
};

struct RawFile {
  std::string name;
  std::uint32_t size = 0;
  std::uint32_t offset = 0;
  std::uint16_t folder = 0;
  std::uint16_t attributes = 0;
  std::uint16_t date = 0x386b;  // 2008-03-11
};

struct RawCabinet {
  std::vector<RawFolder> folders;
  std::vector<RawFile> files;
  std::uint16_t flags = 0;
  Buffer reserve;  // what follows CFHEADER when flag 4 is set

  Buffer bytes() const;
};

inline void append(Buffer& out, std::uint64_t value, unsigned width) {
  out.resize(out.size() + width);
  store_le(&out[out.size() - width], value, width);
}

// [MS-CAB] checksum of a block without reserve: four bytes at a time, the tail from the other end.
inline std::uint32_t block_checksum(const RawBlock& block) {
  const auto words = [](Bytes bytes, std::uint32_t sum) {
    std::size_t i = 0;
    for (; i + 4 <= bytes.size(); i += 4) sum ^= load_le<std::uint32_t>(&bytes[i]);
    std::uint32_t tail = 0;
    for (; i < bytes.size(); ++i) tail = tail << 8 | bytes[i];
    return sum ^ tail;
  };
  Buffer sizes;
  append(sizes, block.data.size(), 2);
  append(sizes, block.unpacked, 2);
  return words(sizes, words(block.data, 0));
}

inline Buffer RawCabinet::bytes() const {
  Buffer files_part;
  for (const RawFile& file : files) {
    append(files_part, file.size, 4);
    append(files_part, file.offset, 4);
    append(files_part, file.folder, 2);
    append(files_part, file.date, 2);
    append(files_part, 0, 2);
    append(files_part, file.attributes, 2);
    files_part.insert(files_part.end(), file.name.begin(), file.name.end());
    files_part.push_back(0);
  }

  const std::size_t files_at = 36 + reserve.size() + 8 * folders.size();
  Buffer folders_part, data;
  for (const RawFolder& folder : folders) {
    append(folders_part, files_at + files_part.size() + data.size(), 4);
    append(folders_part, folder.blocks.size(), 2);
    append(folders_part, folder.type, 2);
    for (const RawBlock& block : folder.blocks) {
      append(data, block.checksum ? block_checksum(block) : 0, 4);
      append(data, block.data.size(), 2);
      append(data, block.unpacked, 2);
      data.insert(data.end(), block.data.begin(), block.data.end());
    }
  }

  Buffer out{'M', 'S', 'C', 'F'};
  append(out, 0, 4);
  append(out, files_at + files_part.size() + data.size(), 4);
  append(out, 0, 4);
  append(out, files_at, 4);
  append(out, 0, 4);
  append(out, 0x0103, 2);
  append(out, folders.size(), 2);
  append(out, files.size(), 2);
  append(out, flags, 2);
  append(out, 0, 4);
  for (const Buffer* part : std::initializer_list<const Buffer*>{&reserve, &folders_part, &files_part, &data})
    out.insert(out.end(), part->begin(), part->end());
  return out;
}

inline RawBlock stored_block(std::string_view text) {
  return {Buffer(text.begin(), text.end()), static_cast<std::uint16_t>(text.size()), true};
}

// One stored folder "hello world\n" with one member a.txt.
inline RawCabinet hello() {
  return {{{0, {stored_block("hello world\n")}}}, {{"a.txt", 12}}, 0, {}};
}

}  // namespace wheatstone::cab
