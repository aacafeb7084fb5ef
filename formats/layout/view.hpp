// Typed access to the bytes of a structure: one load for a field that is proven to be there, one comparison
// more for a field that a shorter form may lack. Handles are made from the tables at compile time; a wrong
// name or width stops the build.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>

#include "formats/layout/bytes.hpp"
#include "formats/layout/field.hpp"

namespace wheatstone::layout {

// A field within the shortest form of the structure that Tag stands for.
template <class Tag, class T>
struct Handle {
  std::uint32_t offset;
};

// A field that a short form may lack.
template <class Tag, class T>
struct LateHandle {
  std::uint32_t offset;
};

template <class T>
consteval std::uint32_t handle_offset(const Layout& layout, std::string_view name) {
  const Field& f = find(layout.fields, name);
  if constexpr (std::same_as<T, Guid>) {
    if (f.kind != Kind::guid) throw "the field is not a GUID";
  } else {
    if (f.kind != Kind::uint || f.size != sizeof(T)) throw "the field has another width";
  }
  return f.offset;
}

template <class Tag, class T>
consteval Handle<Tag, T> handle(const Layout& layout, std::string_view name) {
  const std::uint32_t offset = handle_offset<T>(layout, name);
  if (offset + sizeof(T) > layout.min) throw "the field may be absent: use late_handle";
  return {offset};
}

template <class Tag, class T>
consteval LateHandle<Tag, T> late_handle(const Layout& layout, std::string_view name) {
  return {handle_offset<T>(layout, name)};
}

// Borrowed bytes that are known to hold at least the shortest form.
template <class Tag>
class View {
 public:
  // nullopt if `bytes` are too short to be this structure.
  static constexpr std::optional<View> make(const Layout& layout, Bytes bytes) noexcept {
    if (bytes.size() < layout.min) return std::nullopt;
    return View(bytes);
  }

  template <class T>
  constexpr T operator[](Handle<Tag, T> at) const noexcept {
    return load<T>(at.offset);
  }

  template <class T>
  constexpr std::optional<T> operator[](LateHandle<Tag, T> at) const noexcept {
    if (bytes_.size() < at.offset + sizeof(T)) return std::nullopt;
    return load<T>(at.offset);
  }

  constexpr Bytes bytes() const noexcept { return bytes_; }

 private:
  constexpr explicit View(Bytes bytes) noexcept : bytes_(bytes) {}

  template <class T>
  constexpr T load(std::uint32_t offset) const noexcept {
    if constexpr (std::same_as<T, Guid>) {
      return Guid::load(bytes_.data() + offset);
    } else {
      return load_le<T>(bytes_.data() + offset);
    }
  }

  Bytes bytes_;
};

// Stores through handles. The same rule: a late field that is not there is not stored (false).
template <class Tag>
class Editor {
 public:
  static constexpr std::optional<Editor> make(const Layout& layout, MutableBytes bytes) noexcept {
    if (bytes.size() < layout.min) return std::nullopt;
    return Editor(bytes);
  }

  template <class T>
  constexpr void set(Handle<Tag, T> at, std::type_identity_t<T> value) noexcept {
    store(at.offset, value);
  }

  template <class T>
  constexpr bool set(LateHandle<Tag, T> at, std::type_identity_t<T> value) noexcept {
    if (bytes_.size() < at.offset + sizeof(T)) return false;
    store(at.offset, value);
    return true;
  }

 private:
  constexpr explicit Editor(MutableBytes bytes) noexcept : bytes_(bytes) {}

  template <class T>
  constexpr void store(std::uint32_t offset, const T& value) noexcept {
    if constexpr (std::same_as<T, Guid>) {
      for (std::size_t i = 0; i < Guid::kSize; ++i) bytes_[offset + i] = value.bytes[i];
    } else {
      store_le<T>(bytes_.data() + offset, value);
    }
  }

  MutableBytes bytes_;
};

}  // namespace wheatstone::layout
