// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

/// Encryption of what is kept. One key for each person whose data is kept: destroying the key destroys the data, wherever copies
/// of it lie. The library that does the work (libsodium) is named in seal.cpp and sealed_file.cpp alone.
namespace resolute::seal {

using Key = std::array<std::uint8_t, 32>;

/// From the system's source of randomness.
Key random_key();
/// Overwrites a key that is not needed any more; the compiler does not leave it out.
void forget(Key& key);
/// A key of its own for each use, so that no two uses ever meet in one key.
Key derive(const Key& key, std::string_view purpose);

/// nonce ‖ ciphertext ‖ tag, 40 bytes longer than `plain`. Deterministic: the nonce is a keyed BLAKE2b of context and text (the
/// idea of RFC 5297), so equal input gives equal output, and no nonce serves two texts. Somebody without the key sees the length,
/// and whether two are equal, no more. `context` says what and where it is ("journal/c1/7"); another one does not open it.
std::string seal(const Key& key, std::string_view context, std::string_view plain);
/// `seal.cannot_open` (ErrorKind::corrupt): another key, another context, or not one byte as it was.
Result<std::string> open(const Key& key, std::string_view context, std::string_view sealed);

/// A name for `text`, 32 hex characters, that tells nothing about it without the key: not even a list of guesses can be tried.
std::string blind(const Key& key, std::string_view text);
/// In a time that tells nothing about where they differ.
bool is_equal(std::string_view a, std::string_view b);

/// The key that the others are kept under: a file of mode 0600 with 64 hex digits. Where it is missing and `may_create`, it is
/// made, durably, and by one of several programs that start at once. `seal.key_missing`, `seal.key_exposed` (others may read it),
/// `seal.key_malformed`, and those of base/file.h.
Result<Key> load_master_key(const std::filesystem::path& path, bool may_create);

}  // namespace resolute::seal
