// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/effect_runner.h"
#include "ports/chat.h"
#include "ports/crm.h"
#include "ports/file_archive.h"
#include "ports/helpdesk.h"
#include "ports/knowledge_base.h"
#include "ports/mail_sender.h"
#include "ports/mail_source.h"
#include "ports/people.h"
#include "tests/sim/faults.h"
#include "tests/sim/sim_clock.h"

/// Everything outside the program, and the ledger of what truly happened there, which the program cannot see.
namespace resolute::sim {

/// One breach of an invariant, with what it was seen on.
struct Violation {
    std::string invariant;  ///< "4 no mail twice"
    std::string detail;
    CaseId case_id;         ///< whose story tells it; may be empty
};

/// A mail that was really delivered.
struct Delivered {
    EffectId key;
    CaseId case_id;
    std::string tool;
    std::string to;
    std::string message_id;
    std::string text;          ///< as the customer reads it
    std::string payload_hash;  ///< of the effect, as the runner was given it
    std::string bytes_hash;
    Instant at;                ///< true time
    Instant visible_at;        ///< from then on a look-up finds it
    int worker = 0;
};

/// One time that the program reached outside for an effect.
struct Attempt {
    EffectId key;
    CaseId case_id;
    std::string tool;
    procedure::EffectClass effect_class = procedure::EffectClass::reads;
    bool is_lookup = false;
    int attempt = 0;
    int worker = 0;
    std::string payload_hash;
    Instant at;
    bool may_have_happened = false;  ///< run: something may be done outside. Look-up: it did not say "absent"
    std::string answer;              ///< "succeeded", "crashed", …
};

/// A mail in the mailbox.
struct Incoming {
    mail::RawMail mail;
    std::string message_id;
    int conversation = -1;      ///< -1: automatic mail, which never opens a case
    bool is_automatic = false;
    Instant listed_from;        ///< true time; later than received where the provider is slow
    bool is_done = false;
    Instant done_at;
    bool was_listed = false;
};

struct TicketMade { ports::TicketRef ref; CaseId case_id; EffectId key; };

struct Ledger {
    std::vector<Delivered> delivered;
    std::vector<Attempt> attempts;
    std::vector<TicketMade> tickets;
    std::map<EffectId, std::size_t> ticket_by_key;
    std::set<EffectId> desk_keys;                      ///< comments and changes
    std::map<std::string, CaseId> chat_keys;
    std::set<EffectId> crm_keys;
    std::map<std::string, std::string> files;
    std::map<EffectId, std::vector<bool>> said_by_people;  ///< held effects: "went out" (true) or "send again"
    int repeated_posts = 0;                            ///< keyed writes that came again, as they may
};

/// What one worker is doing outside now; they nest where one stands still while others go on.
struct CallFrame {
    int worker = 0;
    const engine::EffectTicket* ticket = nullptr;
    std::size_t attempt = 0;  ///< index in the ledger
};

class World {
public:
    World(const Plan& plan, Random random);

    const Plan& plan;
    SimClock clock;
    Ledger ledger;
    Coverage coverage;
    std::vector<Violation> violations;
    bool faults_are_on = true;
    bool is_impatient = true;            ///< clients keep their deadlines; a planted bug takes it away
    bool is_frozen_by_restore = false;   ///< a backup was put back and nobody released yet: nothing may leave
    std::vector<CallFrame> calls;
    Instant backup_at;                   ///< when the backup was made that was put back …
    Instant restored_at;                 ///< … and when
    CaseId poisoned;                     ///< the case whose assessment ends the program
    std::uint64_t steps = 0;             ///< moves of the engine: commits, attempts, look-ups, claims
    std::vector<std::string> notes;      ///< what befell the machine, for the story

    std::vector<Incoming> mailbox;
    /// Called for every mail that reached its reader.
    std::function<void(const Delivered&)> on_delivered;
    /// The worker stands still for so long, and everybody else goes on.
    std::function<void(int worker, Duration)> stand_still;
    /// Looked at before anything leaves: whether the store has the intention. Set by the invariants.
    std::function<void(const Delivered&, const engine::EffectTicket&)> before_delivery;

    /// One operation under the plan's faults. `body` does it; what it returns is the true answer. It may run later, when its caller
    /// is dead: it holds what it needs by value. Like a good client it looks at its deadline once more after every pause.
    template <class R, class Body>
    R outside(std::string_view integration, const Deadline& deadline, Body body);
    Fault draw(Site site);
    void breach(std::string invariant, std::string detail, CaseId id = {});
    void note(std::string text);

    /// The program of this worker dies here: whatever it still does comes to nothing.
    void die(int worker);
    void live(int worker) { dead_.erase(worker); }
    [[nodiscard]] bool is_dead(int worker) const { return dead_.contains(worker); }
    [[nodiscard]] bool is_down(std::string_view integration) const;
    /// Time goes on, and what was late arrives at its moment.
    void advance_to(Instant true_at);
    [[nodiscard]] std::optional<Instant> next_late_thing() const;
    /// A mail comes in.
    void receive(std::string bytes, std::string message_id, int conversation, bool is_automatic, int box);
    [[nodiscard]] bool has_listed_mail() const;
    /// Listed, or not yet: it will be.
    [[nodiscard]] bool has_unread_mail() const;

    Random random;

private:
    struct Late { Instant at; std::function<void()> what; };
    std::deque<Late> late_;
    std::set<int> dead_;
    int uid_ = 0;
    [[nodiscard]] Site site_of_current() const;
    [[nodiscard]] CallFrame& current() { return calls.back(); }
    void mark_possible();
};

Error down(std::string_view integration);
Error cut(std::string_view integration);
Error busy(std::string_view integration);
/// What a dead program hears: nothing that it does reaches anybody, and it is dropped as soon as it returns.
Error died();
Error server_error(std::string_view integration);
Error too_late(std::string_view integration);

template <class R, class Body>
R World::outside(std::string_view integration, const Deadline& deadline, Body body) {
    const int worker = calls.empty() ? 0 : current().worker;
    if (is_dead(worker)) return std::unexpected(died());
    if (is_down(integration)) return std::unexpected(down(integration));
    const Fault fault = draw(site_of_current());
    const auto pause = [&] { stand_still(worker, random.between(std::chrono::seconds(5), std::chrono::minutes(30))); };
    switch (fault) {
        case Fault::none: break;
        case Fault::crash_before: die(worker); return std::unexpected(died());
        case Fault::unavailable: return std::unexpected(down(integration));
        case Fault::busy: return std::unexpected(busy(integration));
        case Fault::lost_request: return std::unexpected(cut(integration));
        case Fault::paused_before: pause(); break;
        case Fault::late:
            mark_possible();
            late_.push_back({clock.true_now() + random.between(Duration(1), plan.lateness_max), [body]() mutable { static_cast<void>(body()); }});
            return std::unexpected(cut(integration));
        case Fault::crash_after:
        case Fault::paused_after:
        case Fault::lost_reply:
        case Fault::lie: break;
    }
    if (is_impatient && deadline.has_passed()) return std::unexpected(too_late(integration));
    mark_possible();
    R result = body();
    if (fault == Fault::crash_after) {
        die(worker);
        return std::unexpected(died());
    }
    if (fault == Fault::paused_after) pause();
    if (fault == Fault::lost_reply) return std::unexpected(cut(integration));
    if (fault == Fault::lie) return std::unexpected(server_error(integration));
    return result;
}

// --- What the tools see -------------------------------------------------------------------------------------------------------

class Mailbox final : public ports::MailSource {
public:
    Mailbox(World& world, int worker, int box) : world_(world), worker_(worker), box_(box) {}
    [[nodiscard]] std::string name() const override { return "box" + std::to_string(box_); }
    Result<std::vector<mail::SourcePosition>> list(std::size_t limit) override;
    Result<mail::RawMail> fetch(const mail::SourcePosition& position) override;
    Result<mail::RawMail> fetch_head(const mail::SourcePosition& position, std::size_t bytes_max) override;
    Status done(const mail::SourcePosition& position) override;
    [[nodiscard]] bool is_immutable() const override { return true; }
    /// Looked at when a mail is marked: is it durable?
    std::function<void(const Incoming&)> before_done;

private:
    Incoming* find(const mail::SourcePosition& position);
    World& world_;
    int worker_;
    int box_;
};

class Sender final : public ports::MailSender {
public:
    explicit Sender(World& world) : world_(world) {}
    Status send(const ports::FrozenMail& mail, Deadline deadline) override;
    Result<ports::Delivery> look_up(const ports::FrozenMail& mail, Deadline deadline) override;

private:
    World& world_;
};

class Helpdesk final : public ports::Helpdesk {
public:
    explicit Helpdesk(World& world) : world_(world) {}
    Result<ports::TicketRef> create_ticket(const ports::NewTicket& ticket, Deadline deadline) override;
    Status add_comment(const ports::TicketComment& comment, Deadline deadline) override;
    Status change_ticket(const ports::TicketChange& change, Deadline deadline) override;
    Result<std::optional<ports::Ticket>> find_ticket(const TicketId& id, Deadline deadline) override;

private:
    World& world_;
};

class Chat final : public ports::Chat {
public:
    explicit Chat(World& world) : world_(world) {}
    Result<bool> post(const ports::ChatMessage& message, Deadline deadline) override;

private:
    World& world_;
};

class Crm final : public ports::Crm {
public:
    Crm(World& world, const std::vector<ports::Customer>& customers) : world_(world), customers_(customers) {}
    Result<std::optional<ports::Customer>> find_customer(std::string_view address, Deadline deadline) override;
    Status record_resolution(const ports::ResolutionRecord& record, Deadline deadline) override;
    Result<std::string> create_deal(const ports::Deal& deal, Deadline deadline) override;

private:
    World& world_;
    const std::vector<ports::Customer>& customers_;
};

class People final : public ports::People {
public:
    explicit People(World& world) : world_(world) {}
    Result<ports::Route> route(const ports::RouteRequest& request, Deadline deadline) override;
    Result<std::optional<ports::Agent>> find_agent(const AgentId& id) override;
    Result<std::vector<ports::Agent>> agents() override;

private:
    World& world_;
};

class Files final : public ports::FileArchive {
public:
    explicit Files(World& world) : world_(world) {}
    Status put(const std::string& name, const std::string& bytes, Deadline deadline) override;

private:
    World& world_;
};

class Knowledge final : public ports::KnowledgeBase {
public:
    explicit Knowledge(World& world) : world_(world) {}
    Result<std::vector<ports::SearchHit>> search(const ports::SearchQuery& query, Deadline deadline) override;
    Result<std::optional<ports::Article>> find_article(const ArticleId& id) override;
    Status add(const ports::Article&) override { return {}; }
    Result<std::size_t> size() override { return 3; }

private:
    World& world_;
};

/// The program's way outside, as one worker goes it: every attempt is in the ledger before it begins.
class WatchedRunner final : public engine::EffectRunner {
public:
    WatchedRunner(World& world, int worker, engine::EffectRunner& inner) : world_(world), worker_(worker), inner_(inner) {}
    engine::Settlement run(const engine::EffectTicket& ticket, Deadline deadline) override { return call(ticket, deadline, false); }
    engine::Settlement look_up(const engine::EffectTicket& ticket, Deadline deadline) override { return call(ticket, deadline, true); }

private:
    engine::Settlement call(const engine::EffectTicket& ticket, Deadline deadline, bool is_lookup);
    World& world_;
    int worker_;
    engine::EffectRunner& inner_;
};

}  // namespace resolute::sim
