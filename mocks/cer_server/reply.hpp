// A response of the server, and its bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout/bytes.hpp"
#include "formats/layout/time.hpp"
#include "mocks/cer_server/fault.hpp"
#include "mocks/http/message.hpp"

namespace wheatstone::cer_server {

struct Reply {
  unsigned status = 200;
  std::string body = {};
  std::string_view content_type = "text/plain; charset=utf-8";
  std::vector<http::Field> fields = {};  // more of the head
  std::optional<Fault> fault = {};       // in status, fields and body already, as far as they go
};

// `head_only`: the answer to HEAD. Sets `close` if the connection must end after it, and says so if it must.
Buffer render(const Reply& reply, FileTime now, bool head_only, bool& close);

}  // namespace wheatstone::cer_server
