// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/database.h"

#include <algorithm>

#include "base/log.h"
#include "storage/sqlite/migrations.h"

namespace resolute::storage::sqlite {

Database::Database(std::filesystem::path path, Mode mode, std::unique_ptr<Connection> writer)
    : path_(std::move(path)), mode_(mode), writer_(std::move(writer)) {}

Database::~Database() {
    // The writer goes last: closing the last connection carries the log over into the file, which a reader may not.
    idle_readers_.clear();
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& path, Mode mode) {
    TRY(auto connection, Connection::open(path, mode));
    TRY_STATUS(mode == Mode::owner ? migrate(*connection) : check_schema(*connection));
    if (mode == Mode::owner) return std::unique_ptr<Database>(new Database(path, mode, std::move(connection)));
    std::unique_ptr<Database> database(new Database(path, mode, nullptr));
    database->readers_made_ = 1;
    database->idle_readers_.push_back(std::move(connection));
    return database;
}

Status Database::write(const Change& change) {
    if (mode_ == Mode::read_only)
        return fail("store.read_only", ErrorKind::refused, "the data was opened for reading only");
    Request request;
    request.change = &change;
    return submit(request);
}

Status Database::alone(const Change& work) {
    if (mode_ == Mode::read_only) return fail("store.read_only", ErrorKind::refused, "the data was opened for reading only");
    Request request;
    request.change = &work;
    request.is_alone = true;
    return submit(request);
}

Status Database::copy_to(const std::filesystem::path& file) {
    TRY(const auto connection, Connection::open(path_, Mode::read_only));
    // What it writes is the copy; the database itself was opened for reading.
    TRY_STATUS(connection->execute("PRAGMA query_only = OFF"));
    return connection->run("VACUUM INTO ?", file.string());
}

Status Database::submit(Request& request) {
    std::unique_lock lock(writing_mutex_);
    INVARIANT(!is_writing_ || writer_id_ != std::this_thread::get_id(), "a change does not wait for another change");
    waiting_.push_back(&request);
    while (!request.is_done) {
        if (is_writing_)
            request.done.wait(lock);
        else
            write_waiting(lock);
    }
    return std::move(request.status);
}

/// For all that wait, this caller among them. Where more came meanwhile, the first of those goes on.
void Database::write_waiting(std::unique_lock<std::mutex>& lock) noexcept {
    is_writing_ = true;
    writer_id_ = std::this_thread::get_id();
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kChangesPerCommitMax));
    const std::vector<Request*> batch(waiting_.begin(), end);
    waiting_.erase(waiting_.begin(), end);
    lock.unlock();
    std::vector<Request*> together;
    for (Request* request : batch)
        if (!request->is_alone) together.push_back(request);
    if (!together.empty()) commit(together);
    for (Request* request : batch)
        if (request->is_alone) request->status = (*request->change)(*writer_);
    lock.lock();
    is_writing_ = false;
    // Under the lock: a request is gone as soon as its caller can see that it is done.
    for (Request* request : batch) {
        request->is_done = true;
        request->done.notify_one();
    }
    if (!waiting_.empty()) waiting_.front()->done.notify_one();
}

void Database::commit(const std::vector<Request*>& batch) {
    Status status = writer_->execute("BEGIN IMMEDIATE");
    if (status) status = batch.size() == 1 ? run_change(*batch.front()) : run_all(batch);
    // A change that stands alone needs no savepoint: what it wrote goes with the transaction.
    const bool is_taken_back = batch.size() == 1 && status && !batch.front()->status;
    if (is_taken_back) return writer_->roll_back();
    if (status) status = writer_->execute("COMMIT");
    if (status) return;
    // The whole is lost, so each of them is, whatever it had come to itself.
    writer_->roll_back();
    LOG(error, "commit failed", kv("code", status.error().code), kv("changes", static_cast<std::int64_t>(batch.size())));
    for (Request* request : batch) request->status = status;
}

Status Database::run_all(const std::vector<Request*>& batch) {
    for (Request* request : batch) {
        TRY_STATUS(writer_->run("SAVEPOINT change"));
        TRY_STATUS(run_change(*request));
        if (!request->status) TRY_STATUS(writer_->run("ROLLBACK TO change"));
        TRY_STATUS(writer_->run("RELEASE change"));
    }
    return {};
}

/// An error here is one of the transaction; the change's own goes to its caller.
Status Database::run_change(Request& request) {
    request.status = (*request.change)(*writer_);
    // On some errors (disk full, I/O) SQLite gives up the whole transaction by itself.
    if (writer_->is_in_transaction()) return {};
    if (!request.status) return request.status;
    return fail("store.failed", ErrorKind::internal, "the transaction ended within a change");
}

Result<std::unique_ptr<Connection>> Database::borrow_reader() {
    {
        std::unique_lock lock(readers_mutex_);
        reader_returned_.wait(lock, [this] { return !idle_readers_.empty() || readers_made_ < kReadersMax; });
        if (!idle_readers_.empty()) {
            auto reader = std::move(idle_readers_.back());
            idle_readers_.pop_back();
            return reader;
        }
        ++readers_made_;
    }
    auto reader = Connection::open(path_, Mode::read_only);
    if (!reader) {
        const std::lock_guard lock(readers_mutex_);
        --readers_made_;
        reader_returned_.notify_one();
    }
    return reader;
}

void Database::give_back(std::unique_ptr<Connection> reader) {
    const std::lock_guard lock(readers_mutex_);
    idle_readers_.push_back(std::move(reader));
    reader_returned_.notify_one();
}

Status Database::read(const Change& look) {
    TRY(auto reader, borrow_reader());
    Status status = reader->run("BEGIN");
    if (status) status = look(*reader);
    reader->roll_back();  // Nothing was written: this only lets go of the snapshot.
    give_back(std::move(reader));
    return status;
}

}  // namespace resolute::storage::sqlite
