// SPDX-License-Identifier: Apache-2.0
#include "app/backup.h"

#include <unistd.h>

#include <atomic>

#include <fmt/format.h>

#include "app/open_storage.h"
#include "base/file.h"
#include "storage/postgres/dump.h"
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

constexpr const char* kSqlite = "sqlite";
constexpr const char* kPostgres = "postgresql";

Result<json::Value> read_manifest(const std::string& head, const fs::path& file, std::string_view database) {
    auto manifest = json::parse(head);
    if (!manifest || (*manifest)["kind"].as_string() != "resolute backup")
        return fail("seal.not_sealed", ErrorKind::invalid, fmt::format("{} is no backup that this program wrote", file.string()));
    // Before there were two kinds, nothing said which.
    if (const std::string kind = (*manifest)["database"].as_string_or(kSqlite); kind != database)
        return fail("restore.other_database", ErrorKind::invalid,
                    fmt::format("{} is a backup of {}, and this configuration uses {}", file.string(), kind, database));
    return *std::move(manifest);
}

std::string why_frozen(const json::Value& manifest) { return "restored from a backup of " + manifest["made_at"].as_string(); }

/// In one pass: the database undoes what it was given where the file turns out not to be whole.
Result<json::Value> restore_postgres(const Config& config, const Clock& clock, const fs::path& file, bool force, const seal::Progress& progress) {
    TRY(const seal::Key master, seal::load_master_key(config.master_key_file(), false));
    const seal::Key key = backup_key_of(master);
    TRY(const std::string head, seal::read_head(key, file));
    TRY(json::Value manifest, read_manifest(head, file, kPostgres));
    TRY(const auto settings, postgres_settings(config));
    const auto feed = [&](const seal::Sink& sink) -> Status {
        TRY(const std::string same_head, seal::open_stream(key, file, sink, progress));
        if (same_head != head) return fail("seal.cannot_open", ErrorKind::corrupt, fmt::format("{} changed while it was read", file.string()));
        return {};
    };
    TRY(const std::string aside, storage::postgres::restore_dump(settings, {.schema = manifest["schema"].as_int(), .why = why_frozen(manifest),
                                                                            .now = clock.now(), .force = force}, feed));
    if (!aside.empty()) manifest.set("moved_aside", "schema " + aside);
    return manifest;
}

}  // namespace

seal::Key backup_key_of(const seal::Key& master) { return seal::derive(master, "backups"); }

Result<json::Value> make_backup(Runtime& runtime, const fs::path& file, const seal::Progress& progress) {
    if (!runtime.config().postgres.empty()) return back_up_postgres(runtime.config(), runtime.clock(), file);
    TRY_STATUS(file::refuse_existing(file));
    // In the data folder, where what is in it lies anyway.
    static std::atomic<int> count{0};  // The running program may be asked twice at once.
    const PlainCopy copy(runtime.config().data / fmt::format("backup-{}-{}.part", ::getpid(), ++count));
    const engine::Anchor anchor = runtime.engine().anchor();
    TRY(const std::int64_t schema, runtime.storage().maintenance().schema());
    TRY_STATUS(runtime.storage().maintenance().copy_to(copy.path()));
    TRY(std::string sha256, seal::sha256_of(copy.path()));
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(copy.path(), error);
    if (error) return fail("file.unreadable", ErrorKind::unavailable, fmt::format("cannot read {}: {}", copy.path().string(), error.message()));
    json::Value manifest = json::Object{{"kind", "resolute backup"}, {"database", kSqlite}, {"store", anchor.store_id}, {"epoch", anchor.epoch},
                                        {"writes", anchor.writes}, {"schema", schema}, {"sha256", std::move(sha256)},
                                        {"bytes", bytes}, {"made_at", format_instant(runtime.clock().now())}};
    TRY_STATUS(seal::seal_file(runtime.backup_key(), json::dump(manifest), copy.path(), file, progress));
    return manifest;
}

Result<json::Value> back_up_postgres(const Config& config, const Clock& clock, const fs::path& file) {
    TRY_STATUS(file::refuse_existing(file));
    TRY(const seal::Key master, seal::load_master_key(config.master_key_file(), false));
    TRY(const auto settings, postgres_settings(config));
    // Before the dump begins, so that it holds at least what is said here.
    TRY(const auto origin, storage::postgres::find_origin(settings));
    json::Value manifest = json::Object{{"kind", "resolute backup"}, {"database", kPostgres}, {"store", origin.store_id}, {"epoch", origin.epoch},
                                        {"writes", origin.writes}, {"schema", origin.schema}, {"made_at", format_instant(clock.now())}};
    TRY(const seal::Source dump, storage::postgres::begin_dump(settings, origin));
    TRY_STATUS(seal::seal_stream(backup_key_of(master), json::dump(manifest), dump, file));
    std::error_code ignored;
    manifest.set("bytes", fs::file_size(file, ignored));
    return manifest;
}

Result<json::Value> restore_backup(const Config& config, const Clock& clock, const fs::path& file, bool force, const seal::Progress& progress) {
    TRY_STATUS(file::make_directories(config.data));
    TRY(const auto lock, storage::OwnerLock::acquire(config.data));
    if (!config.postgres.empty()) return restore_postgres(config, clock, file, force, progress);
    TRY(const seal::Key master, seal::load_master_key(config.master_key_file(), false));
    const fs::path database = config.data / "resolute.db";
    std::error_code ignored;
    if (fs::exists(database, ignored) && !force)
        return fail("restore.data_exists", ErrorKind::refused,
                    fmt::format("{} is there; with --force it is moved aside, and the backup takes its place", database.string()));
    const PlainCopy opened(config.data / "restore.part");
    TRY(const std::string head, seal::open_file(backup_key_of(master), file, opened.path(), progress));
    TRY(json::Value manifest, read_manifest(head, file, kSqlite));
    TRY(const std::string sha256, seal::sha256_of(opened.path()));
    if (sha256 != manifest["sha256"].as_string())
        return fail("seal.cannot_open", ErrorKind::corrupt, fmt::format("what is in {} is not what its manifest says", file.string()));
    {
        // Frozen before it has its name: no start can come between.
        TRY(const auto store, storage::SqliteStorage::open(opened.path(), storage::sqlite::Mode::owner));
        TRY(const std::string store_id, store->engine_store().store_id());
        if (store_id != manifest["store"].as_string())
            return fail("seal.cannot_open", ErrorKind::corrupt, fmt::format("{} holds another store than its manifest says", file.string()));
        TRY_STATUS(store->engine_store().freeze(why_frozen(manifest), "restore", clock.now()));
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
