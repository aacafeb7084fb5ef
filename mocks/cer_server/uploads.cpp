#include "mocks/cer_server/uploads.hpp"

#include <utility>

namespace wheatstone::cer_server {

void Uploads::issue(const std::string& path, Upload upload) {
  Upload& place = uploads_[path];
  drop_asked(place);
  place = std::move(upload);
  issued_.emplace_back(path, place.report_number);
  if (place.asked) {
    asked_bytes_ += place.asked->bytes;
    asked_.emplace_back(path, place.report_number);
  }
  forget();
}

Upload* Uploads::find(const std::string& path) {
  const auto found = uploads_.find(path);
  return found == uploads_.end() ? nullptr : &found->second;
}

Upload* Uploads::find(const Issue& issue) {
  Upload* upload = find(issue.first);
  return upload != nullptr && upload->report_number == issue.second ? upload : nullptr;
}

void Uploads::release(const std::string& path, std::uint64_t report_number, Upload::State state) {
  Upload* upload = find(Issue{path, report_number});
  if (upload == nullptr) return;
  upload->state = state;
  if (state == Upload::State::filled) drop_asked(*upload);
}

void Uploads::erase(const std::string& path) {
  if (Upload* upload = find(path)) drop_asked(*upload);
  uploads_.erase(path);
}

void Uploads::drop_asked(Upload& upload) {
  if (upload.asked) asked_bytes_ -= upload.asked->bytes;
  upload.asked.reset();
}

// The queues hold what is gone, too: they are worked off together with what is there.
void Uploads::forget() {
  while (asked_bytes_ > limits_.asked || asked_.size() > limits_.paths) {
    if (Upload* upload = find(asked_.front())) drop_asked(*upload);
    asked_.pop_front();
  }
  while (issued_.size() > limits_.paths) {
    if (Upload* upload = find(issued_.front())) {
      drop_asked(*upload);
      uploads_.erase(issued_.front().first);
    }
    issued_.pop_front();
  }
}

}  // namespace wheatstone::cer_server
