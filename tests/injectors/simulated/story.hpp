// Runs the simulated target through a list of injections and gives everything it observed.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "formats/cper/section.hpp"
#include "formats/cper/sections/xpf_mca.hpp"
#include "injectors/simulated/simulated_target.hpp"

namespace wheatstone::inject::test {

inline constexpr std::uint64_t kMinute = 60 * FileTime::kPerSecond;

inline Platform platform(const std::string& profile, const std::string& vendor = "AuthenticAMD") {
  Platform out;
  out.profile = profile;
  out.cpu_vendor = vendor;
  out.clock = *parse_iso8601("2026-01-15T08:00:00Z");
  return out;
}

// A section of that type and size with a few bytes set.
inline InjectedSection section(const Guid& type, std::size_t size,
                               const std::vector<std::pair<std::size_t, Buffer>>& parts = {}) {
  InjectedSection out{.type = type, .body = Buffer(size, 0)};
  for (const auto& [offset, bytes] : parts)
    std::copy(bytes.begin(), bytes.end(), out.body.begin() + static_cast<std::ptrdiff_t>(offset));
  return out;
}

inline InjectedSection machine_check(std::uint64_t status, std::uint32_t bank, std::uint32_t processor) {
  using cper::XpfMca;
  InjectedSection out = section(cper::kSectionXpfMca, 2088);
  auto edit = *layout::Editor<XpfMca>::make(cper::kXpfMcaV1, out.body);
  edit.set(XpfMca::kStatus, status);
  edit.set(XpfMca::kBankNumber, bank);
  edit.set(XpfMca::kProcessorNumber, processor);
  return out;
}

// One target, booted; injections happen at the time where the last observation ended.
class Story {
 public:
  explicit Story(const Platform& platform, std::uint64_t seed = 7, std::optional<Endpoint> server = {})
      : clock_(platform.clock), random_(seed), target_(make_simulated_target()) {
    const auto booted = target_->boot(platform, {clock_, random_, std::move(server)});
    EXPECT_TRUE(booted) << booted.error().text();
  }

  Result<void> inject(const Injection& injection) {
    auto result = target_->inject(injection);
    collect(0);
    return result;
  }
  Story& then(const Injection& injection) {
    const auto injected = inject(injection);
    EXPECT_TRUE(injected) << injected.error().text();
    return *this;
  }
  Story& wait(std::uint64_t ticks) {
    collect(ticks);
    return *this;
  }

  const std::vector<Observation>& all() const { return all_; }
  FileTime now() const { return clock_.now(); }

  // The kinds in order, without the first boot: "record bugcheck dump dump boot ..."
  std::string kinds() const {
    std::string out;
    for (std::size_t i = 1; i < all_.size(); ++i)
      out += std::string(i == 1 ? "" : " ") + std::string(to_string(all_[i].kind));
    return out;
  }

  // The n-th observation of that kind, from 0; a test failure and an empty one if there is none.
  const Observation& of(ObservationKind kind, std::size_t n = 0) const {
    for (const Observation& observation : all_)
      if (observation.kind == kind && n-- == 0) return observation;
    ADD_FAILURE() << "there is no such " << to_string(kind) << " in: " << kinds();
    static const Observation none;
    return none;
  }

 private:
  void collect(std::uint64_t ticks) {
    auto more = target_->observe(clock_.now() + ticks);
    ASSERT_TRUE(more) << more.error().text();
    all_.insert(all_.end(), more->begin(), more->end());
  }

  VirtualClock clock_;
  SeededRandom random_;
  std::unique_ptr<Target> target_;
  std::vector<Observation> all_;
};

inline std::string text(const Observation& observation, std::string_view name) {
  const Value* value = observation.find(name);
  return value == nullptr ? "(absent)" : value->text;
}

}  // namespace wheatstone::inject::test
