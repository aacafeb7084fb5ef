// What fields of a message say, for those who talk over a connection.
#pragma once

#include <string_view>
#include <vector>

#include "mocks/http/message.hpp"

namespace wheatstone::http {

// The values of all fields of that name in any case, in order. They point into the message.
std::vector<std::string_view> values(const Message& message, std::string_view name);

// The sender takes or sends no more on this connection. RFC 9112 9.3
bool closes(const Message& message);

}  // namespace wheatstone::http
