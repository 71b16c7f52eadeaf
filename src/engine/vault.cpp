// SPDX-License-Identifier: Apache-2.0
#include "engine/vault.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace resolute::engine {
namespace {

constexpr std::size_t kKeysMax = 10'000;
/// A subject that is nobody: whoever comes first seals its key, all others must be able to open it.
constexpr std::string_view kNobody = "nobody";

std::string context_of_key(std::string_view blind_name) { return "subject/" + std::string(blind_name); }

std::string_view blind_part(std::string_view subject) { return subject.substr(0, subject.rfind(':')); }

}  // namespace

Vault::Vault(Store& store, const seal::Key& master, std::function<seal::Key()> make_key)
    : store_(store), make_key_(std::move(make_key)), wrapping_(seal::derive(master, "wrap subjects")), blinding_(seal::derive(master, "blind subjects")) {}

std::string Vault::blind_name(std::string_view address) const {
    return blinding_ ? seal::blind(*blinding_, text::to_lower(address)) : std::string();
}

Result<std::string> Vault::subject_of(std::string_view address) {
    if (!wrapping_) return std::string();
    const std::string name = blind_name(address);
    {
        std::lock_guard lock(mutex_);
        if (const auto known = living_.find(name); known != living_.end()) return known->second;
    }
    const std::uint64_t before = forgotten();
    const seal::Key fresh = make_key_();
    const std::string_view bytes(reinterpret_cast<const char*>(fresh.data()), fresh.size());
    TRY(const SubjectRow kept, store_.keep_subject(name, seal::seal(*wrapping_, context_of_key(name), bytes)));
    TRY(const seal::Key key, unwrap(kept));
    remember(kept.id, key, before, name);
    return kept.id;
}

Result<std::string> Vault::seal(const std::string& subject, std::string_view context, std::string_view plain) {
    if (subject.empty()) return std::string(plain);
    TRY(const auto key, key_of(subject));
    if (!key) return fail("case.erased", ErrorKind::refused, "the person's data was erased; nothing about them is written any more");
    return seal::seal(*key, context, plain);
}

Result<std::optional<std::string>> Vault::open(const std::string& subject, std::string_view context, std::string_view sealed) {
    if (subject.empty()) return std::optional(std::string(sealed));
    TRY(const auto key, key_of(subject));
    if (!key) return std::optional<std::string>{};
    TRY(std::string plain, seal::open(*key, context, sealed));
    return std::optional(std::move(plain));
}

Result<bool> Vault::has_sealed(Store& store) {
    TRY(const auto row, store.find_subject(fmt::format("{}:1", kNobody)));
    return row.has_value();
}

Status Vault::check() {
    if (!wrapping_) return {};
    const seal::Key fresh = make_key_();
    const std::string_view bytes(reinterpret_cast<const char*>(fresh.data()), fresh.size());
    TRY(const SubjectRow kept, store_.keep_subject(std::string(kNobody), seal::seal(*wrapping_, context_of_key(kNobody), bytes)));
    if (unwrap(kept)) return {};
    return fail("vault.wrong_master_key", ErrorKind::invalid,
                "what is personal in this database is sealed with another master key; start with the key file that belongs to it");
}

void Vault::renew() {
    std::lock_guard lock(mutex_);
    living_.clear();
}

void Vault::forget_all() {
    std::lock_guard lock(mutex_);
    ++forgotten_;
    keys_.clear();
    living_.clear();
}

void Vault::forget(const std::string& subject) {
    std::lock_guard lock(mutex_);
    ++forgotten_;
    keys_.erase(subject);
    std::erase_if(living_, [&](const auto& entry) { return entry.second == subject; });
}

Result<std::optional<seal::Key>> Vault::key_of(const std::string& subject) {
    {
        std::lock_guard lock(mutex_);
        if (const auto known = keys_.find(subject); known != keys_.end()) return std::optional(known->second);
    }
    const std::uint64_t before = forgotten();
    TRY(const auto row, store_.find_subject(subject));
    if (!row) return fail("store.corrupt", ErrorKind::corrupt, fmt::format("the key {} of a case is not there", subject));
    if (row->wrapped_key.empty()) return std::optional<seal::Key>{};
    TRY(const seal::Key key, unwrap(*row));
    remember(subject, key, before);
    return std::optional(key);
}

Result<seal::Key> Vault::unwrap(const SubjectRow& row) const {
    if (!wrapping_)
        return fail("vault.no_master_key", ErrorKind::unavailable, "the journal is sealed, and this program was started without the master key");
    TRY(const std::string bytes, seal::open(*wrapping_, context_of_key(blind_part(row.id)), row.wrapped_key));
    seal::Key key{};
    if (bytes.size() != key.size()) return fail("seal.cannot_open", ErrorKind::corrupt, "a kept key has a wrong length");
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(key.data()));
    return key;
}

void Vault::remember(const std::string& subject, const seal::Key& key, std::uint64_t forgotten, const std::string& living_name) {
    std::lock_guard lock(mutex_);
    if (forgotten != forgotten_) return;  // It may be the very one that is not to be known any more.
    if (keys_.size() >= kKeysMax) keys_.clear();
    keys_[subject] = key;
    if (living_name.empty()) return;
    if (living_.size() >= kKeysMax) living_.clear();
    living_[living_name] = subject;
}

std::uint64_t Vault::forgotten() {
    std::lock_guard lock(mutex_);
    return forgotten_;
}

}  // namespace resolute::engine
