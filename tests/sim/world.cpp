// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/world.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "json/json.h"

namespace resolute::sim {
namespace {

using engine::Settlement;

constexpr std::size_t kNotesMax = 2'000;

std::string_view name_of(Settlement::Kind kind) {
    switch (kind) {
        case Settlement::Kind::succeeded: return "succeeded";
        case Settlement::Kind::refused: return "refused";
        case Settlement::Kind::failed: return "failed";
        case Settlement::Kind::unclear: return "unclear";
        case Settlement::Kind::absent: return "absent";
    }
    return "";
}

}  // namespace

Error down(std::string_view integration) {
    return {.code = "sim.down", .kind = ErrorKind::unavailable, .effect = EffectState::not_sent, .detail = fmt::format("{} is down", integration)};
}
Error cut(std::string_view integration) {
    return {.code = "sim.cut", .kind = ErrorKind::timed_out, .effect = EffectState::unknown, .detail = fmt::format("{} did not answer", integration)};
}
Error busy(std::string_view integration) {
    return {.code = "sim.busy", .kind = ErrorKind::rate_limited, .effect = EffectState::not_sent, .retry_after = std::chrono::seconds(20),
            .detail = fmt::format("{} has too much to do", integration)};
}
Error server_error(std::string_view integration) {
    return {.code = "sim.server_error", .kind = ErrorKind::unavailable, .effect = EffectState::unknown,
            .detail = fmt::format("{} answered 500", integration)};
}
Error too_late(std::string_view integration) {
    return {.code = "sim.deadline", .kind = ErrorKind::timed_out, .effect = EffectState::not_sent,
            .detail = fmt::format("the time for {} was over before anything was sent", integration)};
}

Error died() { return {.code = "sim.died", .kind = ErrorKind::unavailable, .effect = EffectState::unknown, .detail = "the program died here"}; }

void World::die(int worker) {
    dead_.insert(worker);
    note(fmt::format("worker {} dies", worker));
}

World::World(const Plan& p, Random r) : plan(p), clock(*parse_instant("2026-11-23T09:00:00Z")), random(r) {}

Site World::site_of_current() const {
    if (calls.empty()) return Site::reads;
    if (ledger.attempts[calls.back().attempt].is_lookup) return Site::look_up;
    switch (calls.back().ticket->effect.effect_class) {
        case procedure::EffectClass::reads: return Site::reads;
        case procedure::EffectClass::computes: return Site::computes;
        case procedure::EffectClass::idempotent: return Site::idempotent;
        case procedure::EffectClass::guarded:
        case procedure::EffectClass::mails: return Site::mails;
        case procedure::EffectClass::waits: break;
    }
    return Site::reads;
}

Fault World::draw(Site site) {
    Fault struck = Fault::none;
    if (faults_are_on) {
        const auto& rates = plan.rates[static_cast<std::size_t>(site)];
        double left = static_cast<double>(random.next() >> 11) * 0x1.0p-53;
        for (std::size_t f = 1; f < kFaults; ++f) {
            if (left < rates[f]) {
                struck = static_cast<Fault>(f);
                break;
            }
            left -= rates[f];
        }
        const bool stands_still = struck == Fault::paused_before || struck == Fault::paused_after;
        if (stands_still && calls.size() > 3) struck = Fault::none;  // Deep enough.
    }
    coverage.strike(site, struck);
    if (struck != Fault::none) note(fmt::format("{}: {}", to_string(site), to_string(struck)));
    return struck;
}

void World::breach(std::string invariant, std::string detail, CaseId id) {
    if (violations.size() < 20) violations.push_back({std::move(invariant), std::move(detail), std::move(id)});
}

void World::note(std::string text) {
    if (notes.size() >= kNotesMax) return;
    std::string who = calls.empty() ? std::string() : fmt::format(" [worker {} in {} of {}]", calls.back().worker,
                                                                  calls.back().ticket->effect.tool, calls.back().ticket->effect.case_id.value());
    notes.push_back(fmt::format("{} {}{}", format_instant(clock.true_now()), text, who));
}

bool World::is_down(std::string_view integration) const {
    if (!faults_are_on) return false;
    const Duration now = clock.monotonic();
    return std::ranges::any_of(plan.outages, [&](const Plan::Outage& o) { return o.integration == integration && o.begin <= now && now < o.end; });
}

void World::mark_possible() {
    if (!calls.empty()) ledger.attempts[calls.back().attempt].may_have_happened = true;
}

void World::advance_to(Instant true_at) {
    while (true) {
        const auto next = std::ranges::min_element(late_, {}, &Late::at);
        if (next == late_.end() || next->at > true_at) break;
        const Late late = std::move(*next);
        late_.erase(next);
        clock.advance_to(late.at);
        late.what();
    }
    clock.advance_to(true_at);
}

std::optional<Instant> World::next_late_thing() const {
    std::optional<Instant> next;
    for (const Late& late : late_)
        if (!next || late.at < *next) next = late.at;
    return next;
}

void World::receive(std::string bytes, std::string message_id, int conversation, bool is_automatic, int box) {
    const auto add = [&](int to_box, Duration hidden_for) {
        Incoming incoming;
        incoming.mail.position = {.account = fmt::format("box{}", to_box), .folder = "new", .uid = fmt::format("{:06}", ++uid_)};
        incoming.mail.received_at = clock.now();
        incoming.mail.bytes = bytes;
        incoming.message_id = message_id;
        incoming.conversation = conversation;
        incoming.is_automatic = is_automatic;
        incoming.listed_from = clock.true_now() + hidden_for;
        mailbox.push_back(std::move(incoming));
    };
    const auto hidden = [&] {
        return random.chance(plan.hidden) ? random.between(std::chrono::minutes(1), std::chrono::hours(3)) : Duration(0);
    };
    add(box, hidden());
    if (faults_are_on && random.chance(plan.redelivered)) add(random.below(2), random.between(Duration(0), std::chrono::hours(1)));
}

bool World::has_listed_mail() const {
    return std::ranges::any_of(mailbox, [&](const Incoming& mail) { return !mail.is_done && mail.listed_from <= clock.true_now(); });
}

bool World::has_unread_mail() const {
    return std::ranges::any_of(mailbox, [](const Incoming& mail) { return !mail.is_done; });
}

// --- Mailbox --------------------------------------------------------------------------------------------------------------------

Incoming* Mailbox::find(const mail::SourcePosition& position) {
    const auto found = std::ranges::find_if(world_.mailbox, [&](const Incoming& mail) { return mail.mail.position == position; });
    return found == world_.mailbox.end() ? nullptr : &*found;
}

Result<std::vector<mail::SourcePosition>> Mailbox::list(std::size_t limit) {
    if (world_.is_dead(worker_)) return std::unexpected(died());
    if (world_.is_down("mailbox")) return std::unexpected(down("mailbox"));
    const Fault fault = world_.draw(Site::intake_read);
    if (fault == Fault::crash_before || fault == Fault::crash_after) {
        world_.die(worker_);
        return std::unexpected(died());
    }
    if (fault == Fault::unavailable || fault == Fault::busy) return std::unexpected(down("mailbox"));
    std::vector<mail::SourcePosition> positions;
    for (Incoming& mail : world_.mailbox) {
        if (mail.is_done || mail.listed_from > world_.clock.true_now() || mail.mail.position.account != name()) continue;
        if (positions.size() == limit) break;
        mail.was_listed = true;
        positions.push_back(mail.mail.position);
    }
    if (world_.faults_are_on && world_.random.chance(world_.plan.shuffled)) world_.random.shuffle(positions);
    return positions;
}

Result<mail::RawMail> Mailbox::fetch(const mail::SourcePosition& position) {
    const Incoming* mail = find(position);
    if (mail == nullptr) return fail("mail.vanished", ErrorKind::not_found);
    return mail->mail;
}

Result<mail::RawMail> Mailbox::fetch_head(const mail::SourcePosition& position, std::size_t bytes_max) {
    TRY(mail::RawMail mail, fetch(position));
    mail.bytes.resize(std::min(mail.bytes.size(), bytes_max));
    return mail;
}

Status Mailbox::done(const mail::SourcePosition& position) {
    if (world_.is_dead(worker_)) return std::unexpected(died());
    const Fault fault = world_.draw(Site::intake_read);
    if (fault == Fault::crash_before) {
        world_.die(worker_);
        return std::unexpected(died());
    }
    if (fault == Fault::unavailable || fault == Fault::busy) return std::unexpected(down("mailbox"));
    if (Incoming* mail = find(position)) {
        if (before_done) before_done(*mail);
        mail->is_done = true;
        mail->done_at = world_.clock.true_now();
    }
    if (fault == Fault::crash_after) world_.die(worker_);
    return {};
}

// --- Mail going out -------------------------------------------------------------------------------------------------------------

Status Sender::send(const ports::FrozenMail& mail, Deadline deadline) {
    const engine::EffectTicket& ticket = *world_.calls.back().ticket;
    Delivered delivered{.key = mail.key, .case_id = ticket.effect.case_id, .tool = ticket.effect.tool, .to = mail.to,
                        .message_id = mail.message_id, .text = {}, .payload_hash = ticket.effect.payload_hash,
                        .bytes_hash = sha256_hex(mail.bytes), .at = {}, .visible_at = {}, .worker = world_.calls.back().worker};
    if (const auto payload = json::parse(ticket.effect.payload)) delivered.text = (*payload)["text"].as_string();
    engine::EffectTicket copy{.effect = ticket.effect, .attempt = ticket.attempt, .crashes = ticket.crashes};
    copy.effect.payload.clear();
    return world_.outside<Status>("mail", deadline, [world = &world_, delivered, copy]() mutable -> Status {
        delivered.at = world->clock.true_now();
        delivered.visible_at = delivered.at + world->plan.sent_folder_lag;
        if (world->before_delivery) world->before_delivery(delivered, copy);
        world->ledger.delivered.push_back(delivered);
        if (delivered.tool == "mail.send_follow_up") world->coverage.note("follow-up sent");
        if (world->on_delivered) world->on_delivered(delivered);
        return {};
    });
}

Result<ports::Delivery> Sender::look_up(const ports::FrozenMail& mail, Deadline deadline) {
    return world_.outside<Result<ports::Delivery>>("mail", deadline, [world = &world_, key = mail.key]() -> Result<ports::Delivery> {
        const bool is_there = std::ranges::any_of(world->ledger.delivered, [&](const Delivered& delivered) {
            return delivered.key == key && delivered.visible_at <= world->clock.true_now();
        });
        world->coverage.note(is_there ? "looked up: sent" : "looked up: absent");
        return is_there ? ports::Delivery::sent : ports::Delivery::absent;
    });
}

// --- Writes by key --------------------------------------------------------------------------------------------------------------

Result<ports::TicketRef> Helpdesk::create_ticket(const ports::NewTicket& ticket, Deadline deadline) {
    return world_.outside<Result<ports::TicketRef>>(
        "helpdesk", deadline, [world = &world_, key = ticket.key, id = ticket.case_id]() -> Result<ports::TicketRef> {
            Ledger& ledger = world->ledger;
            const auto [known, is_new] = ledger.ticket_by_key.try_emplace(key, ledger.tickets.size());
            if (!is_new) {
                ++ledger.repeated_posts;
                return ledger.tickets[known->second].ref;
            }
            const std::string number = fmt::format("T-{}", 1001 + ledger.tickets.size());
            ledger.tickets.push_back({{TicketId(number), number}, id, key});
            return ledger.tickets.back().ref;
        });
}

Status Helpdesk::add_comment(const ports::TicketComment& comment, Deadline deadline) {
    return world_.outside<Status>("helpdesk", deadline, [world = &world_, key = comment.key]() -> Status {
        if (!world->ledger.desk_keys.insert(key).second) ++world->ledger.repeated_posts;
        return {};
    });
}

Status Helpdesk::change_ticket(const ports::TicketChange& change, Deadline deadline) {
    return world_.outside<Status>("helpdesk", deadline, [world = &world_, key = change.key]() -> Status {
        if (!world->ledger.desk_keys.insert(key).second) ++world->ledger.repeated_posts;
        return {};
    });
}

Result<std::optional<ports::Ticket>> Helpdesk::find_ticket(const TicketId&, Deadline) { return std::nullopt; }

Result<bool> Chat::post(const ports::ChatMessage& message, Deadline deadline) {
    return world_.outside<Result<bool>>("chat", deadline, [world = &world_, key = message.key, id = message.case_id]() -> Result<bool> {
        return world->ledger.chat_keys.emplace(key, id).second;
    });
}

Result<std::optional<ports::Customer>> Crm::find_customer(std::string_view address, Deadline deadline) {
    using Found = Result<std::optional<ports::Customer>>;
    return world_.outside<Found>("crm", deadline, [customers = &customers_, address = std::string(address)]() -> Found {
        for (const ports::Customer& customer : *customers)
            if (std::ranges::find(customer.emails, address) != customer.emails.end()) return customer;
        return std::nullopt;
    });
}

Status Crm::record_resolution(const ports::ResolutionRecord& record, Deadline deadline) {
    return world_.outside<Status>("crm", deadline, [world = &world_, key = record.key]() -> Status {
        if (!world->ledger.crm_keys.insert(key).second) ++world->ledger.repeated_posts;
        return {};
    });
}

Result<std::string> Crm::create_deal(const ports::Deal& deal, Deadline deadline) {
    return world_.outside<Result<std::string>>("crm", deadline, [world = &world_, key = deal.key]() -> Result<std::string> {
        if (!world->ledger.crm_keys.insert(key).second) ++world->ledger.repeated_posts;
        return "D-" + key.value().substr(0, 6);
    });
}

namespace {

const std::vector<ports::Agent>& staff() {
    static const std::vector<ports::Agent> kStaff{{AgentId("bob"), "Bob", "bob@acme.example", {"billing"}, true, 20, false},
                                                  {AgentId("eve"), "Eve", "eve@acme.example", {"technical", "vip"}, true, 20, false},
                                                  {AgentId("carol"), "Carol", "carol@acme.example", {}, true, 20, true},
                                                  {AgentId("tom"), "Tom", "tom@acme.example", {"technical_support"}, true, 20, false}};
    return kStaff;
}

}  // namespace

Result<ports::Route> People::route(const ports::RouteRequest& request, Deadline deadline) {
    return world_.outside<Result<ports::Route>>("people", deadline, [role = request.role, is_vip = request.is_vip]() -> Result<ports::Route> {
        const std::size_t index = role == "manager" ? 2 : role == "technical_support" ? 3 : is_vip ? 1 : 0;
        return ports::Route{staff()[index], "it is their turn"};
    });
}

Result<std::vector<ports::Agent>> People::agents() { return staff(); }

Result<std::optional<ports::Agent>> People::find_agent(const AgentId& id) {
    const auto found = std::ranges::find(staff(), id, &ports::Agent::id);
    if (found == staff().end()) return std::nullopt;
    return *found;
}

Status Files::put(const std::string& name, const std::string& bytes, Deadline deadline) {
    return world_.outside<Status>("files", deadline, [world = &world_, name, hash = sha256_hex(bytes)]() -> Status {
        const auto [known, is_new] = world->ledger.files.emplace(name, hash);
        if (!is_new && known->second != hash) return fail("files.conflict", ErrorKind::conflict, name);
        return {};
    });
}

Result<std::vector<ports::SearchHit>> Knowledge::search(const ports::SearchQuery& query, Deadline deadline) {
    using Hits = Result<std::vector<ports::SearchHit>>;
    return world_.outside<Hits>("knowledge", deadline, [text = query.text]() -> Hits {
        if (text.find("#no-article") != std::string::npos) return std::vector<ports::SearchHit>{};
        ports::SearchHit hit;
        hit.article = {.id = ArticleId("invoices"), .title = "Invoices", .text = "Open your orders and choose Invoice.",
                       .url = "https://help.acme.example/invoices", .category = "billing", .language = "en"};
        hit.score = hit.coverage = hit.margin = 0.9;
        return std::vector{hit};
    });
}

Result<std::optional<ports::Article>> Knowledge::find_article(const ArticleId&) { return std::nullopt; }

// --- The way outside --------------------------------------------------------------------------------------------------------------

Settlement WatchedRunner::call(const engine::EffectTicket& ticket, Deadline deadline, bool is_lookup) {
    if (world_.is_dead(worker_)) return Settlement::from(died());
    ++world_.steps;
    const casework::Effect& effect = ticket.effect;
    const std::size_t index = world_.ledger.attempts.size();
    world_.ledger.attempts.push_back({.key = effect.id, .case_id = effect.case_id, .tool = effect.tool, .effect_class = effect.effect_class,
                                      .is_lookup = is_lookup, .attempt = ticket.attempt, .worker = worker_,
                                      .payload_hash = sha256_hex(effect.payload), .at = world_.clock.true_now(),
                                      .may_have_happened = false, .answer = "crashed"});
    struct Frame {
        World& world;
        Frame(World& w, CallFrame frame) : world(w) { world.calls.push_back(frame); }
        ~Frame() { world.calls.pop_back(); }
    } frame(world_, {worker_, &ticket, index});
    if (world_.plan.poison && world_.faults_are_on && world_.clock.monotonic() >= *world_.plan.poison && effect.tool == "issue.assess") {
        if (world_.poisoned.is_empty()) world_.poisoned = effect.case_id;
        if (effect.case_id == world_.poisoned) {
            world_.note("a poisoned call ends the program");
            world_.die(worker_);
            return Settlement::from(died());
        }
    }
    Settlement settlement = is_lookup ? inner_.look_up(ticket, deadline) : inner_.run(ticket, deadline);
    if (world_.is_dead(worker_)) return settlement;  // Nobody hears it.
    Attempt& attempt = world_.ledger.attempts[index];
    attempt.answer = name_of(settlement.kind);
    if (is_lookup) attempt.may_have_happened = settlement.kind != Settlement::Kind::absent;
    if (!is_lookup && settlement.kind == Settlement::Kind::unclear) attempt.may_have_happened = true;
    if (settlement.kind == Settlement::Kind::unclear) world_.coverage.note("unclear");
    return settlement;
}

}  // namespace resolute::sim
