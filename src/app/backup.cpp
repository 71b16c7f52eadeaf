// SPDX-License-Identifier: Apache-2.0
#include "app/backup.h"

#include <unistd.h>

#include <fmt/format.h>

#include "base/file.h"
#include "storage/sqlite/owner_lock.h"
#include "storage/sqlite/sqlite_storage.h"

namespace resolute::app {
namespace {

namespace fs = std::filesystem;

/// Gone at the end, whatever happens: it is not sealed.
class PlainCopy {
public:
    explicit PlainCopy(fs::path path) : path_(std::move(path)) { remove(); }
    ~PlainCopy() { remove(); }
    PlainCopy(const PlainCopy&) = delete;
    PlainCopy& operator=(const PlainCopy&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    void remove() const {
        std::error_code ignored;
        for (const char* end : {"", "-wal", "-shm", "-journal"}) fs::remove(path_.string() + end, ignored);
    }
    const fs::path path_;
};

/// `resolute.db` and what stands beside it get a name that no program looks for.
Result<std::string> move_aside(const fs::path& database, Instant now) {
    const std::string aside = fmt::format("{}.before-{}", database.string(), to_unix_ms(now));
    for (const char* end : {"", "-wal", "-shm"}) {
        std::error_code error;
        if (!fs::exists(database.string() + end, error)) continue;
        fs::rename(database.string() + end, aside + end, error);
        if (error) return fail("file.unwritable", ErrorKind::unavailable, fmt::format("cannot move {}{} aside: {}", database.string(), end, error.message()));
    }
    return aside;
}

Result<json::Value> read_manifest(const std::string& head, const fs::path& file) {
    auto manifest = json::parse(head);
    if (!manifest || (*manifest)["kind"].as_string() != "resolute backup")
        return fail("seal.not_sealed", ErrorKind::invalid, fmt::format("{} is no backup that this program wrote", file.string()));
    return *std::move(manifest);
}

}  // namespace

seal::Key backup_key_of(const seal::Key& master) { return seal::derive(master, "backups"); }

Result<json::Value> make_backup(Runtime& runtime, const fs::path& file, const seal::Progress& progress) {
    std::error_code ignored;
    if (fs::exists(file, ignored)) return fail("file.exists", ErrorKind::conflict, fmt::format("{} is there already; nothing was replaced", file.string()));
    // In the data folder, where what is in it lies anyway.
    const PlainCopy copy(runtime.config().data / fmt::format("backup-{}.part", ::getpid()));
    const engine::Anchor anchor = runtime.engine().anchor();
    TRY(const std::int64_t schema, runtime.storage().maintenance().schema());
    TRY_STATUS(runtime.storage().maintenance().copy_to(copy.path()));
    TRY(std::string sha256, seal::sha256_of(copy.path()));
    json::Value manifest = json::Object{{"kind", "resolute backup"}, {"store", anchor.store_id}, {"epoch", anchor.epoch},
                                        {"writes", anchor.writes}, {"schema", schema}, {"sha256", std::move(sha256)},
                                        {"bytes", fs::file_size(copy.path(), ignored)}, {"made_at", format_instant(runtime.clock().now())}};
    TRY_STATUS(seal::seal_file(runtime.backup_key(), json::dump(manifest), copy.path(), file, progress));
    return manifest;
}

Result<json::Value> restore_backup(const Config& config, const Clock& clock, const fs::path& file, bool force, const seal::Progress& progress) {
    if (!config.postgres.empty())
        return fail("store.no_backup", ErrorKind::refused, "this configuration uses PostgreSQL: restore it with its own tools; see docs/care.md");
    TRY_STATUS(file::make_directories(config.data));
    TRY(const auto lock, storage::OwnerLock::acquire(config.data));
    TRY(const seal::Key master, seal::load_master_key(config.master_key_file(), false));
    const fs::path database = config.data / "resolute.db";
    std::error_code ignored;
    if (fs::exists(database, ignored) && !force)
        return fail("restore.data_exists", ErrorKind::refused,
                    fmt::format("{} is there; with --force it is moved aside, and the backup takes its place", database.string()));
    const PlainCopy opened(config.data / "restore.part");
    TRY(const std::string head, seal::open_file(backup_key_of(master), file, opened.path(), progress));
    TRY(json::Value manifest, read_manifest(head, file));
    TRY(const std::string sha256, seal::sha256_of(opened.path()));
    if (sha256 != manifest["sha256"].as_string())
        return fail("seal.cannot_open", ErrorKind::corrupt, fmt::format("what is in {} is not what its manifest says", file.string()));
    {
        // Frozen before it has its name: no start can come between.
        TRY(const auto store, storage::SqliteStorage::open(opened.path(), storage::sqlite::Mode::owner));
        TRY(const std::string store_id, store->engine_store().store_id());
        if (store_id != manifest["store"].as_string())
            return fail("seal.cannot_open", ErrorKind::corrupt, fmt::format("{} holds another store than its manifest says", file.string()));
        TRY_STATUS(store->engine_store().freeze("restored from a backup of " + manifest["made_at"].as_string(), "restore", clock.now()));
    }
    if (fs::exists(database, ignored)) {
        TRY(const std::string aside, move_aside(database, clock.now()));
        manifest.set("moved_aside", aside);
    }
    std::error_code error;
    fs::rename(opened.path(), database, error);
    if (error) return fail("file.unwritable", ErrorKind::unavailable, fmt::format("cannot put {} in place: {}", database.string(), error.message()));
    return manifest;
}

}  // namespace resolute::app
