// MD4, which NTLM makes its keys with. OpenSSL 3 has it only where a provider of old algorithms is installed.
// Source: RFC 1320. Broken long ago: for nothing else.
#pragma once

#include <array>
#include <cstdint>

#include "formats/layout/bytes.hpp"

namespace wheatstone::http {

std::array<std::uint8_t, 16> md4(Bytes message);

}  // namespace wheatstone::http
