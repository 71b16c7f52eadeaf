// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/seal.h"

namespace resolute::seal {

/// Bytes done, of all.
using Progress = std::function<void(std::uint64_t, std::uint64_t)>;
/// Fills the room; less than that only at the end.
using Source = std::function<Result<std::size_t>(char* room, std::size_t size)>;
using Sink = std::function<Status(std::string_view bytes)>;

/// A file encrypted as a stream (libsodium's secretstream, XChaCha20-Poly1305): in pieces, each of which must be whole, in its place
/// and not the last before the end. `head` is a text that stands before the content, sealed like it.
///
/// The target is written beside its name, synced, and renamed when it is whole; one that is there is not replaced
/// (`file.exists`). `file.*`.
Status seal_file(const Key& key, const std::string& head, const std::filesystem::path& from, const std::filesystem::path& to, const Progress& progress);
/// The same of a stream whose length nobody knows: a dump that another program writes. An error of the source is the answer.
Status seal_stream(const Key& key, const std::string& head, const Source& from, const std::filesystem::path& to);
/// The head. `seal.not_sealed` (no such file), `seal.cannot_open` (another key, or not one byte as it was, or cut off): then
/// nothing is at `to`.
Result<std::string> open_file(const Key& key, const std::filesystem::path& from, const std::filesystem::path& to, const Progress& progress);
/// The same into a sink. What it was given counts only where this succeeds: an error may come after the last piece.
Result<std::string> open_stream(const Key& key, const std::filesystem::path& from, const Sink& to, const Progress& progress);
/// In hex, of a file of any size.
Result<std::string> sha256_of(const std::filesystem::path& file);
/// The head alone.
Result<std::string> read_head(const Key& key, const std::filesystem::path& from);

}  // namespace resolute::seal
