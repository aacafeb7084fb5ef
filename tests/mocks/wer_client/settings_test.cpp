#include "mocks/wer_client/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mocks/wer_client/client.hpp"
#include "tests/formats/cer/examples.hpp"
#include "tests/mocks/support.hpp"

namespace wheatstone::wer_client {
namespace {

using testing::HasSubstr;
using testing_support::ScriptedServer;
using testing_support::TempFolder;
using testing_support::tree;

constexpr char kAsks[] = "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\niData=1\r\nDumpFile=/put/1.cab\r\n";
constexpr char kTaken[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

TEST(Settings, EachValueSetsOneThingOrSaysThatItHasNoEffect) {
  for (const Setting& setting : kSettings) {
    const int targets = (setting.flag != nullptr) + (setting.number != nullptr) + (setting.text != nullptr);
    EXPECT_LE(targets, 1) << setting.name;
    EXPECT_EQ(setting.has_effect(), !setting.what.starts_with("No effect here")) << setting.name;
    if (setting.flag != nullptr) {
      EXPECT_EQ(setting.kind, Setting::Kind::flag) << setting.name;
    }
    if (setting.number != nullptr) {
      EXPECT_EQ(setting.kind, Setting::Kind::number) << setting.name;
      const unsigned usual = Settings{}.*setting.number;
      EXPECT_TRUE(setting.low <= usual && usual <= setting.high) << setting.name;
      EXPECT_THAT(setting.what, HasSubstr("Default " + std::to_string(usual))) << setting.name;
    }
    if (setting.text != nullptr) {
      EXPECT_EQ(setting.kind, Setting::Kind::text) << setting.name;
    }
  }
}

TEST(Settings, ConsentForAnEventTypeBeatsTheDefaultUnlessToldOtherwise) {
  Settings settings{.default_consent = Consent::all_data,
                    .event_consent = {{"APPCRASH", Consent::parameters}}};
  EXPECT_EQ(consent_for(settings, "appcrash"), Consent::parameters);
  EXPECT_EQ(consent_for(settings, "BlueScreen"), Consent::all_data);
  settings.default_override_behavior = true;
  EXPECT_EQ(consent_for(settings, "APPCRASH"), Consent::all_data);
}

TEST(Settings, ApplicationsAreExcludedByFileName) {
  const Settings settings{.excluded_applications = {"GPFMe.exe"}};
  EXPECT_TRUE(is_excluded(settings, "E:\\tools\\gpfme.EXE"));
  EXPECT_FALSE(is_excluded(settings, "E:\\GPFMe.exe\\other.exe"));
}

// What becomes of a crash report with these settings, and how many requests it takes.
std::pair<SubmitResult, std::size_t> outcome_of(const std::function<void(Config&)>& change) {
  const ScriptedServer server({kAsks, kTaken});
  Config config;
  config.corporate_wer_server = "server";
  config.default_consent = Consent::all_data;
  config.connect_to = Endpoint{"127.0.0.1", server.port()};
  change(config);
  const VirtualClock clock(FileTime{128'496'925'190'000'000});
  const Outcome outcome =
      Client(config, clock, nullptr).submit({cer::examples::application_fault(), {{.name = "Version.txt"}}});
  return {outcome.result, outcome.exchanges.size()};
}

TEST(Settings, DecideWhatIsSent) {
  using enum SubmitResult;
  using Row = std::pair<SubmitResult, std::size_t>;
  EXPECT_EQ(outcome_of([](Config&) {}), Row(uploaded_cab, 2));
  EXPECT_EQ(outcome_of([](Config& c) { c.event_consent = {{"APPCRASH", Consent::parameters}}; }),
            Row(uploaded, 1));
  EXPECT_EQ(outcome_of([](Config& c) { c.event_consent = {{"APPCRASH", Consent::always_ask}}; }),
            Row(cancelled, 0));
  EXPECT_EQ(outcome_of([](Config& c) { c.event_consent = {{"BlueScreen", Consent::always_ask}}; }),
            Row(uploaded_cab, 2));
  EXPECT_EQ(outcome_of([](Config& c) { c.excluded_applications = {"GPFMe.exe"}; }), Row(disabled, 0));
  EXPECT_EQ(outcome_of([](Config& c) { c.corporate_wer_server = " "; }), Row(disabled, 0));
  EXPECT_EQ(outcome_of([](Config& c) { c.corporate_wer_port_number = 65'536; }), Row(disabled, 0));
}

}  // namespace
}  // namespace wheatstone::wer_client
