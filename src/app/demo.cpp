// SPDX-License-Identifier: Apache-2.0
#include "app/demo.h"

#include <algorithm>
#include <fstream>
#include <queue>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "app/story.h"
#include "base/file.h"
#include "base/text.h"
#include "mail/parsed_email.h"

namespace resolute::app {
namespace {

namespace fs = std::filesystem;
using casework::TaskDecision;
using procedure::TaskKind;

constexpr Duration kPlayed = std::chrono::hours(24 * 40);

/// Something that will happen at a moment of virtual time.
struct Scheduled {
    Instant at;
    std::uint64_t order = 0;  ///< of two at once the one scheduled first
    std::function<Status()> act;
    bool operator>(const Scheduled& other) const { return std::tie(at, order) > std::tie(other.at, other.order); }
};

std::string rfc5322_date(Instant at) { return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000", fmt::gmtime(std::chrono::system_clock::to_time_t(at))); }

std::string domain_of(std::string_view address) { return std::string(address.substr(address.rfind('@') + 1)); }

/// Plays the story against the running program: puts mails into the inbox, answers, decides, and breaks things.
class Player {
public:
    Player(const DemoOptions& options, Story story, DemoReport& report) : options_(options), story_(std::move(story)), report_(report) {}

    Status prepare();
    Status play();

private:
    void schedule(Instant at, std::function<Status()> act) { queue_.push({at, next_order_++, std::move(act)}); }
    Status schedule_arrivals();
    void schedule_failures();
    void see(const casework::CaseState& state, const std::vector<casework::CaseEvent>& events);
    void see_mail_out(const casework::CaseState& state, const std::string& kind);
    void see_task(const casework::CaseState& state, const casework::Task& task);
    Status put_into_inbox(const std::string& name, const std::string& bytes);
    Status reply(const Story::Reply& reply, const std::string& customer, const std::string& subject, const std::string& in_reply_to, bool is_trusted);
    Status decide(const CaseId& id, const TaskId& task, TaskDecision decision, const std::string& fallback_reply);
    const Story::Act& act_for(const casework::Task& task, const std::string& mail) const;

    const DemoOptions& options_;
    const Story story_;
    DemoReport& report_;
    std::priority_queue<Scheduled, std::vector<Scheduled>, std::greater<>> queue_;
    std::uint64_t next_order_ = 0;
    std::map<CaseId, std::string> mail_of_;                       ///< the file that opened the case
    std::map<std::pair<CaseId, std::string>, int> mails_out_;     ///< by kind, for "nth"
    std::size_t arrived_ = 0;
};

Status Player::prepare() {
    std::error_code error;
    fs::remove_all(options_.work, error);
    for (const char* folder : {"inbox", "sent"}) TRY_STATUS(file::make_directories(options_.work / folder));
    fs::copy(options_.examples / "knowledge", options_.work / "knowledge", fs::copy_options::recursive, error);
    if (error) return fail("demo.cannot_prepare", ErrorKind::unavailable, fmt::format("cannot copy the articles: {}", error.message()));
    TRY(Config config, read_config(options_.examples / "resolute.yaml"));
    config.data = options_.work / "state";
    config.intake = {options_.work / "inbox"};
    config.outgoing = options_.work / "sent";
    config.knowledge = {options_.work / "knowledge"};
    config.archive = options_.work / "archive";
    report_.config = config;
    report_.began_at = SystemClock{}.now() - kPlayed;
    report_.clock = std::make_unique<VirtualClock>(report_.began_at);
    TRY(report_.runtime, Runtime::open(config, *report_.clock));
    report_.runtime->engine().observe([this](const auto& state, const auto& events) { see(state, events); });
    TRY_STATUS(schedule_arrivals());
    schedule_failures();
    return {};
}

/// Each mail arrives as long after the start as its Date header stands after the story's.
Status Player::schedule_arrivals() {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(story_.mails, error))
        if (entry.path().extension() == ".eml") files.push_back(entry.path());
    if (error) return fail("demo.cannot_prepare", ErrorKind::unavailable, fmt::format("cannot read {}: {}", story_.mails.string(), error.message()));
    std::sort(files.begin(), files.end());
    Duration offset = std::chrono::minutes(1);
    for (const fs::path& path : files) {
        TRY(const std::string bytes, file::read(path));
        const auto date = mail::parse(bytes).date;
        // A mail without a date, or with an absurd one, arrives right after its neighbour.
        if (date && *date >= story_.start && *date - story_.start < kPlayed) offset = std::max(offset, *date - story_.start);
        offset += std::chrono::seconds(1);
        schedule(report_.began_at + offset, [this, name = path.filename().string(), bytes] {
            ++arrived_;
            return put_into_inbox(name, bytes);
        });
    }
    report_.mails = files.size();
    return {};
}

/// Real failures: what the program needs is taken away, and given back.
void Player::schedule_failures() {
    for (const Story::Failure& failure : story_.failures) {
        const fs::path place = options_.work / (failure.what == "knowledge_folder" ? "knowledge" : "sent");
        const fs::path away = place.string() + ".away";
        schedule(report_.began_at + failure.at, [place, away]() -> Status {
            std::error_code error;
            fs::rename(place, away, error);
            std::ofstream(place) << "A plain file stands where the folder was.\n";
            return {};
        });
        schedule(report_.began_at + failure.at + failure.lasts, [place, away]() -> Status {
            std::error_code error;
            fs::remove(place, error);
            fs::rename(away, place, error);
            return {};
        });
    }
}

Status Player::put_into_inbox(const std::string& name, const std::string& bytes) {
    const fs::path target = options_.work / "inbox" / name;
    TRY_STATUS(file::write_durably(target, bytes));
    // The mailbox says when the mail came: in virtual time.
    std::error_code error;
    fs::last_write_time(target, std::chrono::file_clock::from_sys(report_.clock->now()), error);
    return {};
}

void Player::see(const casework::CaseState& state, const std::vector<casework::CaseEvent>& events) {
    report_.coverage.see(events);
    for (const casework::CaseEvent& event : events) {
        if (const auto* opened = std::get_if<casework::CaseOpened>(&event.body)) {
            const auto record = report_.runtime->storage().intake().find(opened->mail_id);
            if (record && *record) mail_of_[state.id] = (*record)->position.uid;
        }
        if (const auto* task = std::get_if<casework::TaskOpened>(&event.body)) see_task(state, task->task);
        if (std::get_if<casework::CaseClosed>(&event.body) != nullptr) see_mail_out(state, "closed");
        if (const auto* done = std::get_if<casework::EffectSucceeded>(&event.body); done != nullptr && done->outcome == "sent") {
            const std::string& tool = state.mails.empty() ? std::string() : state.mails.back().tool;
            if (tool == "mail.send_acknowledgment") see_mail_out(state, "acknowledgment");
            if (tool == "mail.send_resolution") see_mail_out(state, "resolution");
            if (tool == "mail.send_follow_up") see_mail_out(state, "follow_up");
            if (tool == "mail.send_reply") see_mail_out(state, "agent_reply");
        }
    }
}

void Player::see_mail_out(const casework::CaseState& state, const std::string& kind) {
    const auto mail = mail_of_.find(state.id);
    if (mail == mail_of_.end()) return;
    const int nth = ++mails_out_[{state.id, kind}];
    const auto last_out = std::find_if(state.mails.rbegin(), state.mails.rend(), [](const auto& m) { return !m.is_inbound; });
    const std::string in_reply_to = last_out == state.mails.rend() ? std::string() : last_out->message_id;
    for (const Story::Reply& candidate : story_.replies) {
        if (candidate.to != mail->second || candidate.after != kind || candidate.nth != nth) continue;
        schedule(report_.clock->now() + candidate.wait,
                 [this, &candidate, customer = state.sender, subject = state.subject, in_reply_to,
                  is_trusted = state.trust == casework::Trust::verified] { return reply(candidate, customer, subject, in_reply_to, is_trusted); });
    }
}

Status Player::reply(const Story::Reply& reply, const std::string& customer, const std::string& subject, const std::string& in_reply_to,
                     bool is_trusted) {
    const std::string from = reply.from.empty() ? customer : reply.from;
    const std::string number = fmt::format("{:03}", ++report_.replies);
    std::string text;
    if (reply.rating) text += fmt::format("{}\n\n", *reply.rating);
    text += reply.text;
    const std::string safe_subject = subject.substr(0, subject.find_first_of("\r\n"));
    std::string bytes = fmt::format("From: <{}>\nTo: <{}>\nSubject: Re: {}\nDate: {}\nMessage-ID: <story-{}@{}>\n", from,
                                    report_.config.voice.support_address, text::is_utf8(safe_subject) ? safe_subject : std::string("your mail"),
                                    rfc5322_date(report_.clock->now()), number, domain_of(from));
    if (!in_reply_to.empty()) bytes += fmt::format("In-Reply-To: <{}>\nReferences: <{}>\n", in_reply_to, in_reply_to);
    if (is_trusted)
        bytes += fmt::format("Authentication-Results: {}; dmarc=pass header.from={}\n", report_.config.authserv_id, domain_of(from));
    bytes += "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + text;
    return put_into_inbox(fmt::format("reply-{}.eml", number), bytes);
}

const Story::Act& Player::act_for(const casework::Task& task, const std::string& mail) const {
    const auto pick = [&](const std::map<std::string, Story::Act>& cases, const Story::Act& fallback) -> const Story::Act& {
        const auto found = cases.find(mail);
        return found == cases.end() ? fallback : found->second;
    };
    switch (task.kind) {
        case TaskKind::resolve: return pick(story_.agent_cases, story_.resolve);
        case TaskKind::review: return pick(story_.review_cases, story_.review);
        case TaskKind::approve: return pick(story_.manager_cases, story_.approve);
        case TaskKind::manager_review:
        case TaskKind::manager_escalation: return story_.manager_review;
        case TaskKind::technical_support:
        case TaskKind::held_effect:
        case TaskKind::undelivered: break;
    }
    return story_.technical_support;
}

void Player::see_task(const casework::CaseState& state, const casework::Task& task) {
    const auto mail = mail_of_.find(state.id);
    const Story::Act& act = act_for(task, mail == mail_of_.end() ? std::string() : mail->second);
    if (act.never || act.verb == "none") return;
    TaskDecision decision{.task = task.id};
    decision.note = act.note;
    decision.articles = act.articles;
    if (task.kind == TaskKind::approve || task.kind == TaskKind::review)
        decision.verb = act.verb == "deny" ? TaskDecision::Verb::deny : TaskDecision::Verb::approve;
    if (task.kind == TaskKind::resolve) decision.reply = act.reply;
    if (task.kind == TaskKind::approve && !act.amount.empty()) {
        const auto amount = parse_money(act.amount, task.amount ? task.amount->currency : "USD");
        if (amount) decision.amount = *amount;
    }
    schedule(report_.clock->now() + act.wait,
             [this, id = state.id, task_id = task.id, decision] { return decide(id, task_id, decision, story_.resolve.reply); });
}

Status Player::decide(const CaseId& id, const TaskId& task_id, TaskDecision decision, const std::string& fallback_reply) {
    TRY(const auto state, report_.runtime->engine().find_state(id));
    const casework::Task* task = state ? casework::find_task(*state, task_id) : nullptr;
    if (task == nullptr || task->state != casework::TaskState::open) return {};
    decision.by = task->assignee;
    ++report_.acts;
    auto decided = report_.runtime->decide_task(decision);
    if (!decided && decided.error().code == "task.cannot_reply") {
        // Nobody to write to: the person finds another way and says so.
        decision.reply.clear();
        decision.note = "reached by telephone";
        decided = report_.runtime->decide_task(decision);
    }
    if (!decided && decided.error().kind == ErrorKind::refused && decision.verb == TaskDecision::Verb::resolve) {
        // The rules refused the text; the person writes another one.
        report_.refused.push_back(fmt::format("{}: {}", mail_of_[id], describe(decided.error())));
        decision.reply = fallback_reply;
        decided = report_.runtime->decide_task(decision);
    }
    if (!decided) report_.refused.push_back(fmt::format("{}: {}", mail_of_[id], describe(decided.error())));
    return {};
}

Status Player::play() {
    Runtime& runtime = *report_.runtime;
    VirtualClock& clock = *report_.clock;
    const Instant end = report_.began_at + kPlayed;
    while (true) {
        TRY_STATUS(runtime.run_until_idle());
        if (options_.progress) options_.progress(clock.now(), arrived_, report_.mails);
        TRY(const auto wake, runtime.engine().next_wake());
        std::optional<Instant> next = wake;
        if (!queue_.empty() && (!next || queue_.top().at < *next)) next = queue_.top().at;
        if (!next || *next > end) break;
        clock.advance_to(*next);
        while (!queue_.empty() && queue_.top().at <= clock.now()) {
            const Scheduled due = queue_.top();
            queue_.pop();
            TRY_STATUS(due.act());
        }
    }
    clock.advance_to(end);
    report_.ended_at = clock.now();
    runtime.engine().observe({});
    return {};
}

}  // namespace

Result<DemoReport> run_demo(const DemoOptions& options) {
    TRY(Story story, read_story(options.examples / "story.yaml"));
    DemoReport report;
    report.work = options.work;
    const double began = monotonic_seconds();
    Player player(options, std::move(story), report);
    TRY_STATUS(player.prepare());
    TRY_STATUS(player.play());
    report.duration_s = monotonic_seconds() - began;
    return report;
}

}  // namespace resolute::app
