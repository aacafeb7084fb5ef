#include "formats/layout/text_buffer.hpp"

#include <algorithm>

namespace wheatstone::layout {

// The last character stays: writers look back at it.
void TextBuffer::make_room(std::size_t more) {
  if (drain_ && size_ > 1) {
    drain_(view().substr(0, size_ - 1));
    data_[0] = data_[size_ - 1];
    size_ = 1;
    if (capacity_ - size_ >= more + kSlack) return;
  }
  const std::size_t capacity = std::max(size_ + more + kSlack, capacity_ * 2);
  auto data = std::make_unique_for_overwrite<char[]>(capacity);
  if (size_ != 0) std::memcpy(data.get(), data_.get(), size_);
  data_ = std::move(data);
  capacity_ = capacity;
}

void TextBuffer::append(std::string_view text) {
  commit(put(room(text.size()), text));
}

void append_hex(TextBuffer& out, Bytes bytes) {
  constexpr std::size_t kAtOnce = 1024;  // so that a buffer with a drain need not grow
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), kAtOnce))) {
    const Bytes now = bytes.first(std::min(bytes.size(), kAtOnce));
    out.commit(put_hex(out.room(now.size() * 2), now));
  }
}

char* put_hex(char* to, Bytes bytes) noexcept {
  std::size_t i = 0;
  for (; bytes.size() - i >= 4; i += 4) {
    const std::uint8_t* p = bytes.data() + i;
    to = put_hex8(to, static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 |
                          static_cast<std::uint32_t>(p[2]) << 8 | p[3]);
  }
  for (; i < bytes.size(); ++i) to = put_hex(to, bytes[i], 2);
  return to;
}

std::string hex_text(Bytes bytes) {
  TextBuffer out(bytes.size() * 2);
  out.commit(put_hex(out.room(bytes.size() * 2), bytes));
  return std::string(out.view());
}

}  // namespace wheatstone::layout
