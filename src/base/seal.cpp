// SPDX-License-Identifier: Apache-2.0
#include "base/seal.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/invariant.h"
#include "base/text.h"

namespace resolute::seal {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(std::tuple_size_v<Key> == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

void prepare() {
    static const bool is_ready = sodium_init() >= 0;  // Once, whichever thread comes first.
    INVARIANT(is_ready, "libsodium finds the system's source of randomness");
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// Keyed BLAKE2b. `use` (at most 16 characters) keeps the uses of one key apart: the same text gives another result in each.
template <std::size_t N>
std::array<std::uint8_t, N> keyed_hash(const std::uint8_t* key, std::string_view use, std::string_view text) {
    std::array<unsigned char, crypto_generichash_blake2b_PERSONALBYTES> personal{};
    INVARIANT(use.size() <= personal.size(), "a use's name fits BLAKE2b's personalisation");
    std::memcpy(personal.data(), use.data(), use.size());
    std::array<std::uint8_t, N> hash;
    crypto_generichash_blake2b_salt_personal(hash.data(), N, bytes_of(text), text.size(), key, std::tuple_size_v<Key>, nullptr,
                                             personal.data());
    return hash;
}

/// One for the cipher, one for the nonce.
class KeyPair {
public:
    explicit KeyPair(const Key& key) : both_(keyed_hash<64>(key.data(), "resolute seal", {})) {}
    ~KeyPair() { sodium_memzero(both_.data(), both_.size()); }
    KeyPair(const KeyPair&) = delete;
    KeyPair& operator=(const KeyPair&) = delete;
    [[nodiscard]] const std::uint8_t* cipher() const { return both_.data(); }
    [[nodiscard]] const std::uint8_t* nonce() const { return both_.data() + std::tuple_size_v<Key>; }

private:
    std::array<std::uint8_t, 64> both_;
};

/// The context is preceded by its length, so that context and text never run together.
void write_nonce(const KeyPair& keys, std::string_view context, std::string_view plain, unsigned char* nonce) {
    crypto_generichash_blake2b_state state;
    crypto_generichash_blake2b_init(&state, keys.nonce(), std::tuple_size_v<Key>, kNonceBytes);
    std::array<unsigned char, 8> length{};
    for (std::size_t i = 0; i < length.size(); ++i)
        length[i] = static_cast<unsigned char>(std::uint64_t{context.size()} >> (8 * i));
    crypto_generichash_blake2b_update(&state, length.data(), length.size());
    crypto_generichash_blake2b_update(&state, bytes_of(context), context.size());
    crypto_generichash_blake2b_update(&state, bytes_of(plain), plain.size());
    crypto_generichash_blake2b_final(&state, nonce, kNonceBytes);
    sodium_memzero(&state, sizeof state);
}

std::unexpected<Error> write_error(const std::filesystem::path& path) {
    const int cause = errno;
    const bool is_full = cause == ENOSPC || cause == EDQUOT;
    return fail(is_full ? "file.disk_full" : "file.unwritable", is_full ? ErrorKind::exhausted : ErrorKind::unavailable,
                fmt::format("cannot write {}: {}", path.string(), std::strerror(cause)));
}

/// Written aside, then linked to its name: the link succeeds for one program only, and the name never holds half a key.
Status create_master_key(const std::filesystem::path& path) {
    if (path.has_parent_path()) TRY_STATUS(file::make_directories(path.parent_path()));
    Key key = random_key();
    Key name = random_key();
    const std::filesystem::path part = path.string() + "." + hex(name).substr(0, 16) + ".part";
    std::string text = hex(key) + "\n";
    Status written = file::write_durably(part, text);  // Makes it with the mode 0600.
    sodium_memzero(text.data(), text.size());
    forget(key);
    if (!written) return written;
    const bool is_linked = ::link(part.c_str(), path.c_str()) == 0 || errno == EEXIST;
    Status linked = is_linked ? Status{} : write_error(path);
    ::unlink(part.c_str());
    if (!linked) return linked;
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_durable = descriptor >= 0 && ::fsync(descriptor) == 0;
    Status kept = is_durable ? Status{} : write_error(path);
    if (descriptor >= 0) ::close(descriptor);
    return kept;
}

}  // namespace

Key random_key() {
    prepare();
    Key key;
    randombytes_buf(key.data(), key.size());
    return key;
}

void forget(Key& key) {
    sodium_memzero(key.data(), key.size());
}

Key derive(const Key& key, std::string_view purpose) {
    prepare();
    return keyed_hash<std::tuple_size_v<Key>>(key.data(), "resolute derive", purpose);
}

std::string seal(const Key& key, std::string_view context, std::string_view plain) {
    prepare();
    const KeyPair keys(key);
    std::string sealed(kNonceBytes + plain.size() + kTagBytes, '\0');
    auto* const out = reinterpret_cast<unsigned char*>(sealed.data());
    write_nonce(keys, context, plain, out);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + kNonceBytes, nullptr, bytes_of(plain), plain.size(), bytes_of(context),
                                               context.size(), nullptr, out, keys.cipher());
    return sealed;
}

Result<std::string> open(const Key& key, std::string_view context, std::string_view sealed) {
    prepare();
    const auto refuse = [&] {
        return fail("seal.cannot_open", ErrorKind::corrupt,
                    fmt::format("what is sealed as \"{}\" does not open with its key", context));
    };
    if (sealed.size() < kNonceBytes + kTagBytes) return refuse();
    const KeyPair keys(key);
    std::string plain(sealed.size() - kNonceBytes - kTagBytes, '\0');
    const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
        reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr, bytes_of(sealed) + kNonceBytes,
        sealed.size() - kNonceBytes, bytes_of(context), context.size(), bytes_of(sealed), keys.cipher());
    if (opened != 0) return refuse();
    return plain;
}

std::string blind(const Key& key, std::string_view text) {
    prepare();
    const auto hash = keyed_hash<16>(key.data(), "resolute blind", text);
    return hex(std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
}

bool is_equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Result<Key> load_master_key(const std::filesystem::path& path, bool may_create) {
    prepare();
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0 && errno == ENOENT) {
        if (!may_create)
            return fail(
                "seal.key_missing", ErrorKind::not_found,
                fmt::format("{} is not there: without this key nothing that is sealed can be read. Put it back from its copy; for a new shared "
                            "database make one, the same for all of its programs: (umask 077; openssl rand -hex 32 > {})",
                            path.string(), path.string()));
        TRY_STATUS(create_master_key(path));
        if (::stat(path.c_str(), &info) != 0) return write_error(path);
    }
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fail("seal.key_exposed", ErrorKind::refused,
                    fmt::format("others than its owner may read or write {}: chmod 600 it, and think about who could have",
                                path.string()));
    TRY(std::string text, file::read(path, 4096));
    Key key{};
    std::size_t length = 0;
    const std::string_view digits = text::trim(text);
    const bool is_key = digits.size() == 2 * key.size() &&
                        sodium_hex2bin(key.data(), key.size(), digits.data(), digits.size(), nullptr, &length, nullptr) == 0 &&
                        length == key.size();
    sodium_memzero(text.data(), text.size());
    if (!is_key)
        return fail("seal.key_malformed", ErrorKind::corrupt, fmt::format("{} does not hold 64 hex digits", path.string()));
    return key;
}

}  // namespace resolute::seal
