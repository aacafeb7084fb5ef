#include "mocks/http/fields.hpp"

#include <gtest/gtest.h>

namespace wheatstone::http {
namespace {

Message with(std::vector<Field> fields, int minor_version = 1) {
  Message message;
  message.minor_version = static_cast<decltype(message.minor_version)>(minor_version);
  message.fields = std::move(fields);
  return message;
}

TEST(Fields, AreFoundInAnyCaseInOrder) {
  const Message message = with({{"Via", "1"}, {"Host", "x"}, {"VIA", "2"}});
  EXPECT_EQ(values(message, "via"), (std::vector<std::string_view>{"1", "2"}));
  EXPECT_TRUE(values(message, "vi").empty());
}

TEST(Fields, CloseIsAWordOfAList) {
  for (const char* value : {"close", "CLOSE", "keep-alive, Close", "x,\tclose , y"})
    EXPECT_TRUE(closes(with({{"connection", value}}))) << value;
  for (const char* value : {"", "keep-alive", "close-x", "enclose", "clos", "close x"})
    EXPECT_FALSE(closes(with({{"Connection", value}}))) << value;
  EXPECT_TRUE(closes(with({{"Connection", "x"}, {"Connection", "close"}})));
  EXPECT_FALSE(closes(with({{"X-Connection", "close"}})));
  EXPECT_FALSE(closes(with({})));
  EXPECT_TRUE(closes(with({}, 0)));
}

}  // namespace
}  // namespace wheatstone::http
