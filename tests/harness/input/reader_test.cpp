#include "harness/input/reader.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/harness/run/temporary_folder.hpp"

namespace wheatstone::input {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

constexpr std::uint64_t kMost = 1u << 20;

Found named(const std::filesystem::path& path) {
  return {nullptr, path.string(), std::nullopt};
}

std::string outcome(Reader& reader, const Found& found) {
  const Result<Bytes> bytes = reader.read(found);
  return bytes ? std::string(as_text(*bytes)) : bytes.error().text();
}

TEST(Reader, ReadsFilesOfAnySizeIntoTheSameMemory) {
  TemporaryFolder folder;
  Reader reader(kMost);
  for (const std::size_t size : {0u, 1u, 65535u, 65536u, 65537u, 131072u, 1048576u, 3u}) {
    const std::string content(size, static_cast<char>('a' + size % 7));
    folder.write("file", content);
    EXPECT_EQ(outcome(reader, named(folder.path() / "file")), content) << size;
  }
}

TEST(Reader, SizeIsBoundedOnBothSides) {
  TemporaryFolder folder;
  folder.write("file", "12345");
  Reader enough(5);
  EXPECT_EQ(outcome(enough, named(folder.path() / "file")), "12345");
  Reader too_few(4);
  EXPECT_EQ(outcome(too_few, named(folder.path() / "file")),
            (folder.path() / "file").string() + ": the file has more than 4 bytes");
  // A device does not say how much there is.
  EXPECT_EQ(outcome(enough, named("/dev/zero")), "/dev/zero: the file has more than 5 bytes");
}

TEST(Reader, NamesWhatCannotBeRead) {
  TemporaryFolder folder;
  Reader reader(kMost);
  EXPECT_EQ(outcome(reader, named(folder.path() / "missing")),
            (folder.path() / "missing").string() + ": cannot open the file: No such file or directory");
  EXPECT_EQ(outcome(reader, named(folder.path())),
            folder.path().string() + ": cannot read the file: Is a directory");
}

TEST(Reader, WhatBecameAPipeBelowAFolderIsNotWaitedFor) {
  TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  const auto open =
      std::make_shared<const Folder>(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY), "in/");
  Reader reader(kMost);
  EXPECT_EQ(outcome(reader, {open, "pipe", std::nullopt}), "in/pipe: cannot read the file: Invalid argument");
}

// What /proc says about the size of its files is always 0.
TEST(Reader, TheSizeAFileSaysIsNotTrusted) {
  Reader reader(kMost);
  EXPECT_THAT(outcome(reader, named("/proc/self/status")), HasSubstr("Name:"));
  // The kernel gives this one in pieces of about a page; it is whole when the stack is in it.
  EXPECT_THAT(outcome(reader, named("/proc/self/smaps")), HasSubstr("[stack]"));
  Reader few(10);
  EXPECT_EQ(outcome(few, named("/proc/self/status")), "/proc/self/status: the file has more than 10 bytes");
}

TEST(Reader, AFileThatChangesItsSizeIsReadAsItIs) {
  TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "file";
  folder.write("file", "");
  std::atomic<bool> stop = false;
  std::jthread writer([&] {
    for (std::size_t i = 0; !stop; ++i) std::filesystem::resize_file(path, i * 7919 % 300'000);
  });
  Reader reader(kMost);
  for (int i = 0; i < 500; ++i) {
    const Result<Bytes> bytes = reader.read(named(path));
    ASSERT_TRUE(bytes) << bytes.error().text();
    EXPECT_LE(bytes->size(), 300'000u);
  }
  stop = true;
}

TEST(Reader, APipeIsReadToItsEnd) {
  TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const std::string content(200'000, 'x');
  std::jthread writer([&] { std::ofstream(path, std::ios::binary) << content; });
  const std::atomic<bool> stop = false;
  Reader reader(kMost, &stop);
  EXPECT_EQ(outcome(reader, named(path)), content);
}

TEST(Reader, SizeOfAPipeIsBoundedOnBothSides) {
  TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const auto read = [&](std::uint64_t max_bytes) {
    std::jthread writer([&] { std::ofstream(path, std::ios::binary) << "12345"; });
    Reader reader(max_bytes);
    return outcome(reader, named(path));
  };
  EXPECT_EQ(read(5), "12345");
  EXPECT_EQ(read(4), path.string() + ": the file has more than 4 bytes");
}

TEST(Reader, WaitingForAPipeEndsWhenAsked) {
  TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int writer = ::open(path.c_str(), O_RDWR);  // so that there is no end of file
  std::atomic<bool> stop = false;
  Reader reader(kMost, &stop);
  std::jthread other([&] { stop = true; });
  EXPECT_EQ(outcome(reader, named(path)), path.string() + ": cannot read the file: Interrupted system call");
  ::close(writer);
}

}  // namespace
}  // namespace wheatstone::input
