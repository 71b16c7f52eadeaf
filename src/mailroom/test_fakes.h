// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "mailroom/intake.h"

/// The mailroom's surroundings for its tests: kept in memory, and each call can be made to fail.
namespace resolute::mailroom::test {

inline const Instant kNoon = *parse_instant("2026-11-22T12:00:00Z");

/// Fails one call, by its number over all fakes together: before it did anything, or after it did everything (the answer got
/// lost).
struct Faults {
    enum class When { before, after };
    int calls = 0;
    int fail_at = 0;
    When when = When::before;
    Error error{.code = "test.disk_full", .kind = ErrorKind::exhausted, .effect = EffectState::unknown};

    template <class T, class Body>
    Result<T> run(Body body) {
        const bool fails = ++calls == fail_at;
        if (fails && when == When::before) return std::unexpected(error);
        Result<T> result = body();
        if (fails) return std::unexpected(error);
        return result;
    }
};

class FakeStore final : public ports::IntakeStore {
public:
    explicit FakeStore(Faults& faults) : faults_(faults) {}

    Result<std::vector<bool>> keep(const std::vector<mail::RawMail>& mails, const std::vector<std::uint64_t>& sizes) override {
        return faults_.run<std::vector<bool>>([&] {
            std::vector<bool> is_new;
            largest_batch = std::max(largest_batch, mails.size());
            for (std::size_t i = 0; i < mails.size(); ++i) {
                const MailId id = mail::id_of(mails[i]);
                is_new.push_back(index_.emplace(id, records.size()).second);
                if (!is_new.back()) continue;
                ports::MailRecord record;
                record.id = id;
                record.position = mails[i].position;
                record.received_at = mails[i].received_at;
                record.size = sizes[i];
                record.blob = sha256_hex(mails[i].bytes);
                record.is_truncated = sizes[i] > mails[i].bytes.size();
                blobs[record.blob] = mails[i].bytes;
                records.push_back(std::move(record));
            }
            return is_new;
        });
    }
    Result<std::vector<bool>> are_kept(const std::vector<mail::SourcePosition>& positions) override {
        return faults_.run<std::vector<bool>>([&] {
            std::vector<bool> are_kept;
            for (const mail::SourcePosition& position : positions)
                are_kept.push_back(std::ranges::any_of(records, [&](const auto& record) { return record.position == position; }));
            return are_kept;
        });
    }
    Result<std::vector<ports::MailRecord>> claim_pending(Instant now, std::size_t limit, Duration hold) override {
        return faults_.run<std::vector<ports::MailRecord>>(
            [&] { return hold_oldest([&](const auto& record) { return is_free(record, now); }, limit, now + hold); });
    }
    Result<std::vector<ports::MailRecord>> claim_mails(const std::vector<MailId>& ids, Instant now, Duration hold) override {
        const auto is_wanted = [&](const auto& record) { return is_free(record, now) && std::ranges::find(ids, record.id) != ids.end(); };
        return faults_.run<std::vector<ports::MailRecord>>([&] { return hold_oldest(is_wanted, ids.size(), now + hold); });
    }
    Result<int> count_attempt(const MailId& id) override {
        return faults_.run<int>([&] { return ++at(id).attempts; });
    }
    Status conclude(const ports::MailRecord& record) override {
        return faults_.run<void>([&]() -> Status {
            ports::MailRecord& kept = at(record.id);
            if (kept.outcome != ports::MailOutcome::pending) {
                if (kept.outcome == record.outcome && kept.case_id == record.case_id) return {};
                return fail("intake.outcome_known", ErrorKind::conflict);
            }
            ++conclusions[record.id];
            const int attempts = kept.attempts;
            kept = record;
            kept.attempts = attempts;
            return {};
        });
    }
    Result<std::optional<ports::MailRecord>> find(const MailId& id) override {
        return faults_.run<std::optional<ports::MailRecord>>([&]() -> std::optional<ports::MailRecord> {
            if (!index_.contains(id)) return std::nullopt;
            return at(id);
        });
    }
    Result<std::optional<ports::MailRecord>> hold_content(const MailId& id, const std::string& key) override {
        return faults_.run<std::optional<ports::MailRecord>>([&]() -> std::optional<ports::MailRecord> {
            const auto found = std::ranges::find_if(records, [&](const auto& record) { return record.content_key == key && record.id != id; });
            if (found != records.end() && found->outcome == ports::MailOutcome::pending) return *found;
            if (index_.contains(id)) at(id).content_key = key;
            if (found == records.end()) return std::nullopt;
            return *found;
        });
    }
    Result<std::vector<ports::MailRecord>> list(const ports::MailFilter&) override {
        return faults_.run<std::vector<ports::MailRecord>>([&] { return records; });
    }
    Result<std::string> load_blob(const std::string& hash) override {
        return faults_.run<std::string>([&]() -> Result<std::string> {
            const auto found = blobs.find(hash);
            if (found == blobs.end()) return fail("store.blob_corrupt", ErrorKind::corrupt, "the bytes do not fit their hash");
            return found->second;
        });
    }
    Result<std::string> keep_blob(std::string_view) override { return fail("test.unused", ErrorKind::internal); }

    std::vector<ports::MailRecord> records;
    std::map<MailId, Instant> held_until;
    std::map<std::string, std::string> blobs;
    std::map<MailId, int> conclusions;
    std::size_t largest_batch = 0;

private:
    ports::MailRecord& at(const MailId& id) { return records.at(index_.at(id)); }
    bool is_free(const ports::MailRecord& record, Instant now) const {
        const auto held = held_until.find(record.id);
        return record.outcome == ports::MailOutcome::pending && (held == held_until.end() || held->second <= now);
    }
    std::vector<ports::MailRecord> hold_oldest(const auto& is_wanted, std::size_t limit, Instant until) {
        std::vector<ports::MailRecord> found;
        std::ranges::copy_if(records, std::back_inserter(found), is_wanted);
        std::ranges::stable_sort(found, {}, &ports::MailRecord::received_at);
        if (found.size() > limit) found.resize(limit);
        for (const auto& record : found) held_until[record.id] = until;
        return found;
    }

    Faults& faults_;
    std::map<MailId, std::size_t> index_;
};

class FakeSource final : public ports::MailSource {
public:
    FakeSource(Faults& faults, FakeStore& store, std::string name = "box")
        : faults_(faults), store_(store), name_(std::move(name)) {}

    void add(std::string bytes, Instant received_at = kNoon) {
        const std::string uid = "u" + std::to_string(mails.size());
        mails.push_back(
            {.position = {.account = name_, .folder = "new", .uid = uid}, .received_at = received_at, .bytes = std::move(bytes)});
    }

    [[nodiscard]] std::string name() const override { return name_; }
    Result<std::vector<mail::SourcePosition>> list(std::size_t limit) override {
        return faults_.run<std::vector<mail::SourcePosition>>([&]() -> Result<std::vector<mail::SourcePosition>> {
            if (list_error) return std::unexpected(*list_error);
            std::vector<mail::SourcePosition> open;
            for (const auto& mail : mails)
                if (!done_uids.contains(mail.position.uid) && open.size() < limit) open.push_back(mail.position);
            return open;
        });
    }
    Result<mail::RawMail> fetch(const mail::SourcePosition& position) override {
        return faults_.run<mail::RawMail>([&]() -> Result<mail::RawMail> {
            ++fetches;
            if (const auto found = fetch_errors.find(position.uid); found != fetch_errors.end())
                return std::unexpected(found->second);
            return find(position);
        });
    }
    Result<mail::RawMail> fetch_head(const mail::SourcePosition& position, std::size_t bytes_max) override {
        return faults_.run<mail::RawMail>([&] {
            mail::RawMail mail = find(position);
            mail.bytes = mail.bytes.substr(0, bytes_max);
            return mail;
        });
    }
    Status done(const mail::SourcePosition& position) override {
        return faults_.run<void>([&]() -> Status {
            // Law 5: nothing is marked at the source before its bytes are durable here.
            const bool is_kept =
                std::ranges::any_of(store_.records, [&](const auto& record) { return record.position == position; });
            if (!is_kept) done_too_early = true;
            done_uids.insert(position.uid);
            return {};
        });
    }

    [[nodiscard]] bool is_immutable() const override { return are_immutable; }

    bool are_immutable = false;
    std::size_t fetches = 0;
    std::vector<mail::RawMail> mails;
    std::set<std::string> done_uids;
    std::map<std::string, Error> fetch_errors;
    std::optional<Error> list_error;
    bool done_too_early = false;

private:
    mail::RawMail find(const mail::SourcePosition& position) const {
        return *std::ranges::find(mails, position.uid, [](const auto& mail) { return mail.position.uid; });
    }

    Faults& faults_;
    FakeStore& store_;
    std::string name_;
};

/// The cases that there are, for threading.
class FakeCases final : public ports::CaseQueries {
public:
    explicit FakeCases(Faults& faults) : faults_(faults) {}

    void add(const std::string& id, const std::string& from, std::vector<std::string> message_ids) {
        customers[CaseId(id)] = from;
        for (std::string& message_id : message_ids) by_message_id[std::move(message_id)] = CaseId(id);
    }

    Result<std::optional<casework::CaseSummary>> find_case(const CaseId& id) override {
        return faults_.run<std::optional<casework::CaseSummary>>([&]() -> std::optional<casework::CaseSummary> {
            if (!customers.contains(id)) return std::nullopt;
            casework::CaseSummary summary;
            summary.id = id;
            summary.from = customers.at(id);
            if (const auto found = parties.find(id); found != parties.end()) summary.parties = found->second;
            if (const auto found = merged.find(id); found != merged.end()) summary.merged_into = found->second;
            for (const auto& [ticket, its] : tickets)
                if (its == id) summary.ticket = ticket;
            return summary;
        });
    }
    Result<std::optional<CaseId>> find_case_by_message_id(std::string_view message_id) override {
        return faults_.run<std::optional<CaseId>>([&]() -> std::optional<CaseId> {
            const auto found = by_message_id.find(std::string(message_id));
            if (found == by_message_id.end()) return std::nullopt;
            return found->second;
        });
    }
    Result<std::vector<casework::CaseSummary>> list_cases(const ports::CaseFilter&) override { return unused(); }
    Result<std::optional<CaseId>> resolve_case(std::string_view name) override {
        const auto found = tickets.find(std::string(name));
        return found == tickets.end() ? std::nullopt : std::optional(found->second);
    }
    Result<std::vector<ports::OpenTask>> list_tasks(bool) override { return unused(); }
    Result<std::optional<ports::OpenTask>> find_task(const TaskId&) override { return unused(); }
    Result<std::map<std::string, int>> open_tasks_by_assignee() override { return unused(); }
    Result<std::vector<ports::LedgerRow>> claims(const std::string&, const std::string&, Instant, const CaseId&) override {
        return unused();
    }
    Result<std::vector<ports::EffectCount>> count_effects() override { return unused(); }
    Result<std::vector<CaseId>> all_case_ids() override { return unused(); }

    std::map<CaseId, std::string> customers;
    std::map<CaseId, std::vector<std::string>> parties;
    std::map<CaseId, CaseId> merged;
    std::map<std::string, CaseId> tickets;
    std::map<std::string, CaseId> by_message_id;

private:
    static std::unexpected<Error> unused() { return fail("test.unused", ErrorKind::internal); }
    Faults& faults_;
};

/// Takes signals as the engine does: each input once; a second one under the same input would be a fault of the mailroom.
class FakeInbox final : public CaseInbox {
public:
    FakeInbox(Faults& faults, FakeCases& cases) : faults_(faults), cases_(cases) {}

    Status receive(const CaseId& id, const casework::Signal& signal, const InputId& input) override {
        return faults_.run<void>([&]() -> Status {
            if (refuse) {
                if (auto refused = refuse(id, signal)) return std::unexpected(*refused);
            }
            if (inputs.contains(input)) {
                ++repeated;
                return {};
            }
            inputs.emplace(input, id);
            signals.emplace_back(id, signal);
            if (const auto* opened = std::get_if<casework::CaseOpened>(&signal))
                cases_.add(id.value(), opened->sender, {opened->message_id});
            if (const auto* arrived = std::get_if<casework::MailArrived>(&signal))
                cases_.by_message_id[arrived->mail.message_id] = id;
            return {};
        });
    }
    Result<std::optional<CaseId>> find_input(const InputId& input) override {
        return faults_.run<std::optional<CaseId>>([&]() -> std::optional<CaseId> {
            const auto found = inputs.find(input);
            if (found == inputs.end()) return std::nullopt;
            return found->second;
        });
    }

    std::map<InputId, CaseId> inputs;
    std::vector<std::pair<CaseId, casework::Signal>> signals;
    std::function<std::optional<Error>(const CaseId&, const casework::Signal&)> refuse;
    int repeated = 0;

private:
    Faults& faults_;
    FakeCases& cases_;
};

/// A whole mailroom with its surroundings; `restart` is a new program over the same stores.
struct World {
    Faults faults;
    FakeStore store{faults};
    FakeCases cases{faults};
    FakeInbox inbox{faults, cases};
    FakeSource source{faults, store};
    IntakeOptions options{.authserv_id = "mx.us.example", .rules = {.own_addresses = {"support@us.example"}}, .vip_hint = {}};
    Parser parse = mail::parse;
    std::vector<ports::MailSource*> sources{&source};
    std::optional<Intake> program;
    Instant now = kNoon;

    Intake& intake() {
        if (!program) program.emplace(sources, store, cases, inbox, parse, options);
        return *program;
    }
    /// What the program before held of the mails is another's only when its hold is over.
    void restart() {
        program.reset();
        now += std::chrono::minutes(1);
    }
    IntakeRound run() { return intake().run_once(now); }
};

struct Letter {
    std::string from = "Ann <ann@shop.example>";
    std::string subject = "My order";
    std::string message_id = "<1@shop.example>";
    std::string text = "Where is my order?";
    std::vector<std::string> more;  ///< header lines
};

inline std::string raw(const Letter& letter) {
    std::string bytes;
    for (const std::string& line : letter.more) bytes += line + "\r\n";
    if (!letter.from.empty()) bytes += "From: " + letter.from + "\r\n";
    bytes += "To: support@us.example\r\nSubject: " + letter.subject + "\r\n";
    if (!letter.message_id.empty()) bytes += "Message-ID: " + letter.message_id + "\r\n";
    return bytes + "\r\n" + letter.text + "\r\n";
}

}  // namespace resolute::mailroom::test
