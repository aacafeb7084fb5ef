#include "mocks/cer_server/late_check.hpp"

#include <fstream>
#include <optional>
#include <utility>

#include "mocks/cer_server/cab_check.hpp"
#include "mocks/files.hpp"

namespace wheatstone::cer_server {
namespace {

constexpr std::size_t kMostCabs = 32'768;
constexpr std::size_t kMostBytes = 64u << 20;  // of their documents

// The bytes of a file, in `room`; nullopt if they do not fit, or it cannot be read. Cheaper than to map a
// file.
std::optional<Bytes> read_up_to(const std::filesystem::path& path, MutableBytes room) {
  std::ifstream in(path, std::ios::binary);
  in.rdbuf()->pubsetbuf(nullptr, 0);
  in.read(reinterpret_cast<char*>(room.data()), static_cast<std::streamsize>(room.size()));
  const auto size = static_cast<std::size_t>(in.gcount());
  if (!in.eof() || size == room.size()) return std::nullopt;
  return room.first(size);
}

}  // namespace

std::vector<Finding> verdict_of(Bytes cab, const Asked* asked, const cab::Limits& limits) {
  if (asked != nullptr) return check_cab(cab, asked->report, asked->answer, limits);
  auto findings = check_cab(cab, limits);
  findings.push_back({FindingSeverity::note,
                      "cab-not-compared",
                      "too many reports came since level 1 for the server to remember its files",
                      {},
                      Finding::kNoOffset,
                      {}});
  return findings;
}

LateCheck::LateCheck(StoreWriter& writer, const Clock& clock, const cab::Limits& limits, Listener* listener,
                     std::function<void()> soon)
    : writer_(writer), clock_(clock), limits_(limits), listener_(listener), soon_(std::move(soon)) {}

bool LateCheck::has_room(const Asked* asked) const {
  return worker_.waiting() < kMostCabs && bytes_ + (asked ? asked->bytes : 0) <= kMostBytes;
}

void LateCheck::post(std::uint64_t report_number, std::shared_ptr<const Asked> asked) {
  const std::size_t bytes = asked ? asked->bytes : 0;
  bytes_ += bytes;
  worker_.post([this, report_number, asked = std::move(asked), bytes] {
    check(report_number, asked.get());
    bytes_ -= bytes;
  });
}

// A cab that cannot be read has gone with its report; or the next start tries again.
void LateCheck::check(std::uint64_t report_number, const Asked* asked) {
  const std::filesystem::path file = writer_.content().incoming(report_number);
  LateVerdict verdict{.report_number = report_number, .time = clock_.now(), .cab_sha256 = {}, .findings = {}};
  const auto judge = [&](Bytes cab) {
    verdict.findings = verdict_of(cab, asked, limits_);
    verdict.cab_sha256 = sha256(cab);
  };
  if (const auto small = read_up_to(file, room_)) {
    judge(*small);
  } else {
    const auto cab = MappedFile::open(file);
    if (!cab) return;
    judge(cab->bytes());
  }
  writer_.put(std::move(verdict), [this](Store::Item& item, const Result<void>& result) {
    auto& told = std::get<LateVerdict>(item);
    if (!result)
      told.findings.push_back(
          {FindingSeverity::error, "store-failed", result.error().text(), {}, Finding::kNoOffset, {}});
    if (listener_) listener_->on_late_verdict(told);
  });
  soon_();
}

}  // namespace wheatstone::cer_server
