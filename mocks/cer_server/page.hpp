// The live page, page.html.
#pragma once

#include <string_view>

namespace wheatstone::cer_server {

extern const std::string_view kPage;

}  // namespace wheatstone::cer_server
