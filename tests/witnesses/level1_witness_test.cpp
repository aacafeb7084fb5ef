// Level-1 documents of ours, read by xmllint.
#include <gtest/gtest.h>

#include "formats/cer/report.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/witnesses/witness.hpp"

namespace wheatstone::witness {
namespace {

const Program kXmllint{"xmllint", "libxml2-utils"};

class Level1 : public testing::Test {
 protected:
  void store(const cer::Report& report) {
    const auto document = cer::write_report(report);
    ASSERT_TRUE(document) << document.error().text();
    write_file(path_, *document);
  }

  // What xmllint makes of an XPath expression; it ends its answer with a line feed.
  std::string value(const std::string& expression) const {
    const Said said = ask(kXmllint, {"--xpath", expression, path_});
    EXPECT_EQ(said.status, 0) << said.output;
    return said.output.substr(0, said.output.size() - 1);
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "level1.xml";
};

TEST_F(Level1, SatisfiesXmllint) {
  for (const cer::Report& report :
       {cer::examples::application_fault(), cer::examples::kernel_fault(), cer::examples::generic()}) {
    store(report);
    const Said said = ask(kXmllint, {"--noout", path_});
    EXPECT_EQ(said.status, 0);
    EXPECT_EQ(said.output, "");
  }
}

TEST_F(Level1, SaysTheSameToXmllint) {
  store(cer::examples::kernel_fault());
  EXPECT_EQ(value("string(/WERREPORT/MACHINEINFO/@os)"), "6.1.6561.2.0.0.256.1");
  EXPECT_EQ(value("string(//SECONDARYPARAMETER[@name='BCCode']/@value)"), "f4");
  EXPECT_EQ(value("count(/WERREPORT/FILES/FILE)"), "3");
}

TEST_F(Level1, CarriesEveryCharacterToXmllint) {
  cer::Report report = cer::examples::generic();
  report.username = "<a> & \"b\" 'c'\t\r\n ]]> caf\xc3\xa9 \xf0\x9f\x98\x80";
  store(report);
  EXPECT_EQ(value("string(/WERREPORT/USERINFO/@username)"), report.username);
}

TEST_F(Level1, WitnessLooks) {
  write_file(path_, as_bytes("<WERREPORT><A></WERREPORT>"));
  EXPECT_NE(ask(kXmllint, {"--noout", path_}).status, 0);
}

}  // namespace
}  // namespace wheatstone::witness
