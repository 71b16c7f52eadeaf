// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "base/seal.h"
#include "engine/store.h"

namespace resolute::engine {

/// Seals what is personal with a key of the person it is about, so that erasing the person is destroying one key. A subject is a
/// mail address in one generation: who writes again after an erasure gets a new key. The keys lie in the store, sealed with the
/// master key, which does not. Threads: any.
class Vault {
public:
    /// Seals nothing: for a store that forgets anyway, and for journals of format 1.
    explicit Vault(Store& store) : store_(store) {}
    /// `make_key` makes the keys of new subjects; only the simulator has another one than the system's.
    Vault(Store& store, const seal::Key& master, std::function<seal::Key()> make_key = seal::random_key);

    [[nodiscard]] bool is_sealing() const { return wrapping_.has_value(); }

    /// Whose data a case of this sender holds; its key is made where there is none. Empty where nothing is sealed.
    Result<std::string> subject_of(std::string_view address);
    /// The name of an address that tells nothing without the master key; subjects are this and a generation.
    [[nodiscard]] std::string blind_name(std::string_view address) const;

    /// `context` says what it is ("journal/c…/12") and must be the same when opened. An empty subject leaves the text as it is.
    Result<std::string> seal(const std::string& subject, std::string_view context, std::string_view plain);
    /// Nothing: the key was destroyed. `seal.cannot_open`, `vault.no_master_key`.
    Result<std::optional<std::string>> open(const std::string& subject, std::string_view context, std::string_view sealed);

    /// Whether the master key is the one that this store's keys are sealed with. `vault.wrong_master_key`.
    Status check();
    /// Whether a master key was ever used with this store.
    static Result<bool> has_sealed(Store& store);
    /// Forgets which keys live, so that the end of a subject's generation is seen; called with each renewal of the lease.
    void renew();
    /// The store may be another than before, one that went back in time: what it does not know must seal nothing.
    void forget_all();
    /// A destroyed key is forgotten here too.
    void forget(const std::string& subject);

private:
    Result<std::optional<seal::Key>> key_of(const std::string& subject);
    Result<seal::Key> unwrap(const SubjectRow& row) const;
    void remember(const std::string& subject, const seal::Key& key, std::uint64_t forgotten, const std::string& living_name = {});
    [[nodiscard]] std::uint64_t forgotten();

    Store& store_;
    const std::function<seal::Key()> make_key_ = seal::random_key;
    std::optional<seal::Key> wrapping_;
    std::optional<seal::Key> blinding_;
    std::mutex mutex_;
    std::uint64_t forgotten_ = 0;  ///< grows with each forget: what was read before is not remembered after it
    std::unordered_map<std::string, seal::Key> keys_;
    std::unordered_map<std::string, std::string> living_;  ///< blind name → subject
};

}  // namespace resolute::engine
