// SPDX-License-Identifier: Apache-2.0
#include "app/erasure.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>

#include <fmt/format.h>

#include "app/erasure_log.h"
#include "base/log.h"
#include "engine/rows.h"

namespace resolute::app {
namespace {

constexpr Duration kRunningWithin = std::chrono::minutes(2);
constexpr Duration kLookEvery = std::chrono::milliseconds(5);
constexpr int kSweepsMax = 20;

/// What is waited for tells nobody: another worker's lease, a call outside.
void wait(Duration duration) {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, duration, [] { return false; });
}

std::string blind_part(const std::string& subject) { return subject.substr(0, subject.rfind(':')); }

/// Each has a generation that can be ended, also where nothing was ever sealed: so it is known for ever that they were erased.
Result<std::vector<std::string>> subjects_with_keys(Runtime& runtime, const Person& person) {
    std::vector<std::string> ids;
    for (const Person::Identity& identity : person.identities) {
        TRY(auto subjects, runtime.storage().maintenance().subjects(identity.blind_name));
        if (subjects.empty() && !identity.address.empty()) {
            TRY_STATUS(runtime.vault().subject_of(identity.address));
            TRY(subjects, runtime.storage().maintenance().subjects(identity.blind_name));
        }
        for (const storage::Subject& subject : subjects)
            if (subject.has_key) ids.push_back(subject.id);
    }
    return ids;
}

/// From here on whoever writes from one of the addresses begins anew, under a new key.
Status end_generations(Runtime& runtime, const std::vector<std::string>& subjects, bool destroy) {
    for (const std::string& id : subjects) {
        TRY_STATUS(runtime.storage().engine_store().end_subject(id, destroy));
        runtime.vault().forget(id);
    }
    return {};
}

/// Cases of these generations, or sealed with nothing; the others were opened since.
Result<std::pair<std::vector<CaseId>, std::vector<CaseId>>> divide(Runtime& runtime, const std::vector<CaseId>& cases,
                                                                   const std::vector<std::string>& living_since) {
    std::vector<CaseId> theirs;
    std::vector<CaseId> spared;
    for (const CaseId& id : cases) {
        TRY(const auto head, runtime.storage().engine_store().load(id));
        const bool is_new = head && std::ranges::find(living_since, head->data_subject) != living_since.end();
        (is_new ? spared : theirs).push_back(id);
    }
    return std::pair(std::move(theirs), std::move(spared));
}

Status erase_one(Runtime& runtime, const CaseId& id, const std::string& by) {
    TRY_STATUS(runtime.engine().erase(id, by));
    const Deadline deadline = Deadline::in(kRunningWithin);
    while (runtime.engine().is_running(id)) {
        if (deadline.has_passed())
            return fail("care.still_running", ErrorKind::unavailable,
                        fmt::format("an operation of case {} has not come back yet; nothing was emptied, do it again", id.value()));
        wait(kLookEvery);
    }
    return {};
}

/// Until a look finds none that is not erased: mails may come meanwhile. Who opened a case since is spared.
Status erase_cases(Runtime& runtime, Person& person, std::vector<CaseId>& spared, const std::vector<std::string>& ended, const std::string& by) {
    std::set<CaseId> done;
    for (int sweep = 0; sweep < kSweepsMax; ++sweep) {
        TRY(person.cases, runtime.storage().maintenance().cases_of(person.addresses, person.blind_names()));
        std::vector<std::string> living_since;
        for (const Person::Identity& identity : person.identities) {
            TRY(const auto subjects, runtime.storage().maintenance().subjects(identity.blind_name));
            for (const storage::Subject& subject : subjects)
                if (std::ranges::find(ended, subject.id) == ended.end() && subject.has_key) living_since.push_back(subject.id);
        }
        TRY(auto divided, divide(runtime, person.cases, living_since));
        person.cases = std::move(divided.first);
        spared = std::move(divided.second);
        bool is_new = false;
        for (const CaseId& id : person.cases) {
            if (!done.insert(id).second) continue;
            TRY_STATUS(erase_one(runtime, id, by));
            is_new = true;
        }
        if (!is_new) return {};
    }
    return fail("care.still_running", ErrorKind::unavailable, "cases of this person are opened faster than they are erased; do it again");
}

std::vector<std::filesystem::path> archived(const Runtime& runtime, const std::vector<CaseId>& cases) {
    std::vector<std::filesystem::path> found;
    std::error_code error;
    if (runtime.config().archive.empty()) return found;
    for (std::filesystem::directory_iterator entry(runtime.config().archive, error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const CaseId id(name.substr(0, name.find('-')));
        if (std::ranges::find(cases, id) != cases.end()) found.push_back(entry->path());
    }
    return found;
}

Result<std::size_t> drop_archived(const Runtime& runtime, const std::vector<CaseId>& cases) {
    std::size_t count = 0;
    for (const std::filesystem::path& path : archived(runtime, cases)) {
        std::error_code error;
        if (!std::filesystem::remove(path, error) && error)
            return fail("file.unwritable", ErrorKind::unavailable, fmt::format("cannot delete {}: {}", path.string(), error.message()));
        ++count;
    }
    return count;
}

json::Value to_json(const OutOfReach& left) {
    return json::Object{{"outgoing_mails", json::from_strings(left.outgoing)},
                        {"intake_mails", json::from_strings(left.intake)},
                        {"imports", json::from_strings(left.imports)}};
}

storage::ScrubOrder order_for(const Person& person, const std::vector<CaseId>& spared) {
    return {.cases = person.cases,
            .addresses = person.addresses,
            .customers = person.customer_ids(),
            .spared = spared,
            .pseudonym = person.identities.empty() ? std::string() : person.identities.front().blind_name};
}

/// Other workers look which keys live, and what they hold in hand, with each renewal of their lease; what they had begun ends before
/// it does. A clean end, or a fence, is the last word of a worker.
Status wait_for_others(Runtime& runtime) {
    const std::uint64_t ours = runtime.engine().lease().epoch;
    TRY(const auto workers, runtime.storage().engine_store().workers());
    const bool has_others = std::ranges::any_of(workers, [&](const engine::Worker& worker) { return !worker.is_fenced && worker.epoch != ours; });
    if (has_others) wait(runtime.config().lease);
    return {};
}

/// After the log knows of it: nothing in here may be left undone.
Result<storage::Scrubbed> carry_out(Runtime& runtime, Person& person, const std::vector<std::string>& subjects, const std::string& by, bool waits) {
    TRY_STATUS(end_generations(runtime, subjects, false));
    if (waits) TRY_STATUS(wait_for_others(runtime));
    std::vector<CaseId> spared;
    TRY_STATUS(erase_cases(runtime, person, spared, subjects, by));
    if (waits) TRY_STATUS(wait_for_others(runtime));
    TRY(const storage::Scrubbed scrubbed, runtime.storage().maintenance().scrub(order_for(person, spared)));
    TRY_STATUS(end_generations(runtime, subjects, true));
    return scrubbed;
}

}  // namespace

Result<OutOfReach> find_out_of_reach(Runtime& runtime, const Person& person) {
    OutOfReach left;
    std::error_code error;
    std::set<std::string> effects;
    for (const CaseId& id : person.cases) {
        TRY(const auto story, engine::read_journal(runtime.storage().engine_store(), runtime.vault(), id));
        for (const casework::CaseEvent& event : story)
            if (const auto* planned = std::get_if<casework::EffectPlanned>(&event.body); planned != nullptr && !planned->message_id.empty())
                effects.insert(planned->effect.value());
    }
    for (const char* folder : {"new", "cur"})
        for (std::filesystem::directory_iterator entry(runtime.config().outgoing / folder, error), end; !error && entry != end; entry.increment(error))
            if (effects.contains(entry->path().filename().string().substr(0, entry->path().filename().string().find('.'))))
                left.outgoing.push_back(entry->path().string());
    TRY(const auto mails, runtime.storage().maintenance().mails_of(person.cases, person.addresses));
    for (const MailId& id : mails) {
        TRY(const auto record, runtime.storage().intake().find(id));
        if (record && !record->position.uid.empty()) left.intake.push_back(record->position.account + "/" + record->position.uid);
    }
    if (!person.customers.empty() && !runtime.config().customers.empty()) left.imports.push_back(runtime.config().customers.string());
    std::ranges::sort(left.outgoing);
    return left;
}

Result<json::Value> plan_erasure(Runtime& runtime, const Person& person) {
    json::Array cases;
    for (const CaseId& id : person.cases) {
        TRY(const auto summary, runtime.cases().find_case(id));
        if (summary && !summary->from.empty())
            cases.push_back(json::Object{{"id", id.value()}, {"ticket", summary->ticket}, {"status", summary->status}, {"subject", summary->subject}});
    }
    TRY(const auto mails, runtime.storage().maintenance().mails_of(person.cases, person.addresses));
    TRY(const auto tickets, runtime.storage().maintenance().tickets_of(person.cases));
    TRY(const OutOfReach left, find_out_of_reach(runtime, person));
    TRY(const auto holds, runtime.storage().maintenance().holds());
    const auto names = person.blind_names();
    const bool is_held = std::ranges::any_of(holds, [&](const storage::Hold& hold) { return !hold.released_at && std::ranges::find(names, hold.blind_name) != names.end(); });
    json::Array ids;
    for (const CustomerId& id : person.customer_ids()) ids.push_back(id.value());
    return json::Value(json::Object{{"addresses", json::from_strings(person.addresses)},
                                    {"crm", std::move(ids)},
                                    {"cases", std::move(cases)},
                                    {"mails", mails.size()},
                                    {"tickets", tickets.size()},
                                    {"archived_files", archived(runtime, person.cases).size()},
                                    {"is_held", is_held},
                                    {"out_of_reach", to_json(left)}});
}

Result<json::Value> erase_person(Runtime& runtime, Person person, const ErasureOptions& options) {
    TRY_STATUS(refuse_held(runtime, person.blind_names()));
    TRY(const OutOfReach left, find_out_of_reach(runtime, person));
    TRY(const auto subjects, subjects_with_keys(runtime, person));
    if (!subjects.empty())
        TRY_STATUS(append_erasure(runtime.config().erasure_log_file(), {.at = runtime.clock().now(), .by = options.by, .subjects = subjects}));
    TRY(const storage::Scrubbed scrubbed, carry_out(runtime, person, subjects, options.by, true));
    TRY(const std::size_t files, drop_archived(runtime, person.cases));
    if (options.compacts) TRY_STATUS(runtime.storage().maintenance().compact());
    LOG(warning, "a person was erased", kv("by", options.by), kv("cases", static_cast<std::int64_t>(person.cases.size())));
    return json::Value(json::Object{{"cases", person.cases.size()},
                                    {"keys", subjects.size()},
                                    {"mails", scrubbed.mails},
                                    {"blobs", scrubbed.blobs},
                                    {"tickets", scrubbed.tickets},
                                    {"comments", scrubbed.comments},
                                    {"crm_records", scrubbed.customers},
                                    {"notifications", scrubbed.notifications},
                                    {"journal_rows_blanked", scrubbed.journal_rows},
                                    {"archived_files", files},
                                    {"compacted", options.compacts},
                                    {"out_of_reach", to_json(left)}});
}

Status erase_case(Runtime& runtime, const CaseId& id, const std::string& by) {
    engine::Store& store = runtime.storage().engine_store();
    TRY(const auto head, store.load(id));
    if (!head) return fail("case.not_found", ErrorKind::not_found, fmt::format("there is no case {}", id.value()));
    TRY_STATUS(erase_one(runtime, id, by));
    const std::string& subject = head->data_subject;
    bool is_last = !subject.empty();
    if (is_last) {
        TRY(const auto all, runtime.storage().maintenance().cases_of({}, {blind_part(subject)}));
        for (const CaseId& other : all) {
            TRY(const auto its, store.load(other));
            if (!its || its->data_subject != subject) continue;
            TRY(const auto state, runtime.engine().find_state(other));
            is_last = is_last && state && state->is_erased;
        }
    }
    // Its key must live on for the person's other cases: then what it sealed of this one goes.
    TRY_STATUS(runtime.storage().maintenance().scrub({.cases = {id}, .addresses = {}, .customers = {}, .spared = {},
                                                      .pseudonym = blind_part(subject), .blanks_journals = !is_last}));
    if (is_last) TRY_STATUS(end_generations(runtime, {subject}, true));
    TRY_STATUS(drop_archived(runtime, {id}));
    return {};
}

Result<std::size_t> repeat_erasures(Runtime& runtime) {
    TRY(const auto entries, read_erasure_log(runtime.config().erasure_log_file()));
    std::size_t count = 0;
    for (const ErasureEntry& entry : entries) {
        std::vector<std::string> undone;
        std::vector<std::string> names;
        for (const std::string& id : entry.subjects) {
            TRY(const auto row, runtime.storage().engine_store().find_subject(id));
            if (!row || row->wrapped_key.empty()) continue;
            undone.push_back(id);
            names.push_back(blind_part(id));
        }
        if (undone.empty()) continue;
        TRY(Person person, find_person_by_blind_names(runtime, names));
        LOG(warning, "an erasure is done again: this database did not know of it", kv("at", format_instant(entry.at)));
        TRY_STATUS(carry_out(runtime, person, undone, entry.by, false));
        TRY_STATUS(drop_archived(runtime, person.cases));
        ++count;
    }
    if (count > 0) TRY_STATUS(runtime.storage().maintenance().compact());
    return count;
}

}  // namespace resolute::app
