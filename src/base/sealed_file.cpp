// SPDX-License-Identifier: Apache-2.0
#include "base/sealed_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/hash.h"

namespace resolute::seal {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "resolute sealed file 1\n";
constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr std::size_t kHeadBytesMax = 64 * 1024;
constexpr std::size_t kMore = crypto_secretstream_xchacha20poly1305_ABYTES;
using Header = std::array<unsigned char, crypto_secretstream_xchacha20poly1305_HEADERBYTES>;
using State = crypto_secretstream_xchacha20poly1305_state;

std::unexpected<Error> unwritable(const fs::path& path) {
    const int why = errno;
    const bool is_full = why == ENOSPC || why == EDQUOT || why == EFBIG;
    return fail(is_full ? "file.disk_full" : "file.unwritable", is_full ? ErrorKind::exhausted : ErrorKind::unavailable,
                fmt::format("cannot write {}: {}", path.string(), std::strerror(why)));
}

std::unexpected<Error> unreadable(const fs::path& path) {
    const int why = errno;
    return fail(why == ENOENT ? "file.not_found" : "file.unreadable", why == ENOENT ? ErrorKind::not_found : ErrorKind::unavailable,
                fmt::format("cannot read {}: {}", path.string(), std::strerror(why)));
}

std::unexpected<Error> refused(const fs::path& path) {
    return fail("seal.cannot_open", ErrorKind::corrupt,
                fmt::format("{} does not open with this master key, or is not whole", path.string()));
}

class File {
public:
    File(const fs::path& path, int flags) : path_(path), descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
    [[nodiscard]] int descriptor() const { return descriptor_; }

    /// Empty, and nobody else's as long as it is open; what a run that died left is taken over.
    Status take_alone() {
        if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0)
            return fail("file.busy", ErrorKind::conflict, fmt::format("{} is being written by another run; wait for its end", path_.string()));
        return ::ftruncate(descriptor_, 0) == 0 ? Status{} : Status(unwritable(path_));
    }

    Status write(const void* data, std::size_t size) {
        const char* bytes = static_cast<const char*>(data);
        while (size > 0) {
            const ssize_t written = ::write(descriptor_, bytes, size);
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return unwritable(path_);
            bytes += written;
            size -= static_cast<std::size_t>(written);
        }
        return {};
    }
    /// As many as there are, at most `size`.
    Result<std::size_t> read(void* data, std::size_t size) {
        std::size_t total = 0;
        while (total < size) {
            const ssize_t got = ::read(descriptor_, static_cast<char*>(data) + total, size - total);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return unreadable(path_);
            if (got == 0) break;
            total += static_cast<std::size_t>(got);
        }
        return total;
    }
    Status sync() { return ::fsync(descriptor_) == 0 ? Status{} : Status(unwritable(path_)); }

private:
    const fs::path& path_;
    int descriptor_;
};

Status write_piece(File& out, State& state, std::string_view plain, bool is_last) {
    std::vector<unsigned char> sealed(plain.size() + kMore);
    crypto_secretstream_xchacha20poly1305_push(&state, sealed.data(), nullptr, reinterpret_cast<const unsigned char*>(plain.data()), plain.size(),
                                               nullptr, 0, is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
    std::array<unsigned char, 4> size{};
    for (std::size_t i = 0; i < size.size(); ++i) size[i] = static_cast<unsigned char>(sealed.size() >> (8 * i));
    TRY_STATUS(out.write(size.data(), size.size()));
    return out.write(sealed.data(), sealed.size());
}

struct Piece {
    std::string plain;
    bool is_last = false;
};

Result<Piece> read_piece(File& in, State& state, const fs::path& from) {
    std::array<unsigned char, 4> sizes{};
    TRY(const std::size_t got, in.read(sizes.data(), sizes.size()));
    if (got != sizes.size()) return refused(from);
    std::size_t size = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) size |= std::size_t{sizes[i]} << (8 * i);
    if (size < kMore || size > std::max(kPieceBytes, kHeadBytesMax) + kMore) return refused(from);
    std::vector<unsigned char> sealed(size);
    TRY(const std::size_t read, in.read(sealed.data(), sealed.size()));
    Piece piece{.plain = std::string(size - kMore, '\0')};
    unsigned char tag = 0;
    if (read != size || crypto_secretstream_xchacha20poly1305_pull(&state, reinterpret_cast<unsigned char*>(piece.plain.data()), nullptr, &tag,
                                                                   sealed.data(), sealed.size(), nullptr, 0) != 0)
        return refused(from);
    piece.is_last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return piece;
}

Status begin_reading(File& in, State& state, const Key& key, const fs::path& from) {
    if (!in.is_open()) return unreadable(from);
    std::string magic(kMagic.size(), '\0');
    Header header{};
    TRY(const std::size_t first, in.read(magic.data(), magic.size()));
    if (first != magic.size() || magic != kMagic)
        return fail("seal.not_sealed", ErrorKind::invalid, fmt::format("{} is no backup that this program wrote", from.string()));
    TRY(const std::size_t second, in.read(header.data(), header.size()));
    if (second != header.size() || crypto_secretstream_xchacha20poly1305_init_pull(&state, header.data(), key.data()) != 0) return refused(from);
    return {};
}

/// Half a file never has the name.
Status take_name(File& file, const fs::path& part, const fs::path& to) {
    TRY_STATUS(file.sync());
    if (::link(part.c_str(), to.c_str()) != 0) {
        if (errno == EEXIST) return fail("file.exists", ErrorKind::conflict, fmt::format("{} is there already; nothing was replaced", to.string()));
        return unwritable(to);
    }
    const fs::path parent = to.has_parent_path() ? to.parent_path() : fs::path(".");
    const File folder(parent, O_RDONLY | O_DIRECTORY);
    if (!folder.is_open() || ::fsync(folder.descriptor()) != 0) return unwritable(to);
    return {};
}

Status write_sealed(const Key& key, const std::string& head, const Source& from, const fs::path& part, const fs::path& to) {
    File out(part, O_WRONLY | O_CREAT);
    if (!out.is_open()) return unwritable(part);
    TRY_STATUS(out.take_alone());
    State state;
    Header header{};
    crypto_secretstream_xchacha20poly1305_init_push(&state, header.data(), key.data());
    TRY_STATUS(out.write(kMagic.data(), kMagic.size()));
    TRY_STATUS(out.write(header.data(), header.size()));
    TRY_STATUS(write_piece(out, state, head, false));
    std::string piece(kPieceBytes, '\0');
    while (true) {
        TRY(const std::size_t got, from(piece.data(), piece.size()));
        const bool is_last = got < piece.size();
        TRY_STATUS(write_piece(out, state, std::string_view(piece).substr(0, got), is_last));
        if (is_last) return take_name(out, part, to);
    }
}

}  // namespace

Status seal_stream(const Key& key, const std::string& head, const Source& from, const fs::path& to) {
    if (head.size() > kHeadBytesMax) return fail("seal.head_too_long", ErrorKind::internal, "what stands before the content is too long");
    const fs::path part = to.string() + ".part";
    Status status = write_sealed(key, head, from, part, to);
    ::unlink(part.c_str());
    return status;
}

Status seal_file(const Key& key, const std::string& head, const fs::path& from, const fs::path& to, const Progress& progress) {
    File in(from, O_RDONLY);
    if (!in.is_open()) return unreadable(from);
    std::error_code ignored;
    const std::uint64_t all = fs::file_size(from, ignored);
    std::uint64_t done = 0;
    const Source source = [&](char* room, std::size_t size) -> Result<std::size_t> {
        TRY(const std::size_t got, in.read(room, size));
        done += got;
        if (progress) progress(done, all);
        return got;
    };
    return seal_stream(key, head, source, to);
}

Result<std::string> open_stream(const Key& key, const fs::path& from, const Sink& to, const Progress& progress) {
    File in(from, O_RDONLY);
    State state;
    TRY_STATUS(begin_reading(in, state, key, from));
    TRY(Piece head, read_piece(in, state, from));
    std::error_code ignored;
    const std::uint64_t all = fs::file_size(from, ignored);
    for (std::uint64_t done = 0;;) {
        TRY(const Piece piece, read_piece(in, state, from));
        TRY_STATUS(to(piece.plain));
        done += piece.plain.size();
        if (progress) progress(done, all);
        if (!piece.is_last) continue;
        char more = 0;
        TRY(const std::size_t behind, in.read(&more, 1));
        if (behind != 0) return refused(from);
        return std::move(head.plain);
    }
}

Result<std::string> open_file(const Key& key, const fs::path& from, const fs::path& to, const Progress& progress) {
    const fs::path part = to.string() + ".part";
    const auto open = [&]() -> Result<std::string> {
        std::optional<File> out;  // Made with the first piece: a file that does not open leaves nothing.
        const Sink sink = [&](std::string_view bytes) -> Status {
            if (!out) out.emplace(part, O_WRONLY | O_CREAT | O_TRUNC);
            if (!out->is_open()) return unwritable(part);
            return out->write(bytes.data(), bytes.size());
        };
        TRY(std::string head, open_stream(key, from, sink, progress));
        TRY_STATUS(take_name(*out, part, to));
        return head;
    };
    Result<std::string> head = open();
    ::unlink(part.c_str());
    return head;
}

Result<std::string> sha256_of(const fs::path& file) {
    File in(file, O_RDONLY);
    if (!in.is_open()) return unreadable(file);
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    std::string piece(kPieceBytes, '\0');
    while (true) {
        TRY(const std::size_t got, in.read(piece.data(), piece.size()));
        crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(piece.data()), got);
        if (got < piece.size()) break;
    }
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256_final(&state, hash.data());
    return hex(std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
}

Result<std::string> read_head(const Key& key, const fs::path& from) {
    File in(from, O_RDONLY);
    State state;
    TRY_STATUS(begin_reading(in, state, key, from));
    TRY(Piece head, read_piece(in, state, from));
    return std::move(head.plain);
}

}  // namespace resolute::seal
