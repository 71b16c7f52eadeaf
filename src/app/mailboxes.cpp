// SPDX-License-Identifier: Apache-2.0
#include "app/mailboxes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "connectors/gmail/gmail_sender.h"
#include "connectors/gmail/gmail_source.h"
#include "connectors/graph/graph_sender.h"
#include "connectors/graph/graph_source.h"
#include "connectors/maildir/maildir_sender.h"
#include "connectors/smtp/smtp_sender.h"
#include "mailroom/put_away.h"

namespace resolute::app {
namespace {

constexpr std::uint64_t kSecretBytesMax = 16u << 10;
constexpr Duration kTurnWithin = std::chrono::seconds(20);
constexpr Duration kTokenWithin = std::chrono::seconds(30);

std::vector<ports::MailSource*> pointers(const std::vector<std::unique_ptr<ports::MailSource>>& owned) {
    std::vector<ports::MailSource*> all;
    for (const auto& source : owned) all.push_back(source.get());
    return all;
}

}  // namespace

MailSignIn::MailSignIn(const MailAccess& access, std::shared_ptr<connectors::AccessTokens> tokens)
    : user_(access.user), password_file_(access.password_file), tokens_(std::move(tokens)) {}

Result<transport::MailLogin> MailSignIn::login(Deadline deadline) {
    transport::MailLogin login{.user = user_, .password = {}, .bearer = {}};
    if (tokens_) {
        TRY(login.bearer, tokens_->token(deadline));
    } else if (!password_file_.empty()) {
        TRY(const std::string password, file::read(password_file_, kSecretBytesMax));
        login.password = text::trim(password);
        if (login.password.empty()) return fail("mail.login", ErrorKind::invalid, fmt::format("{} is empty", password_file_.string()));
    }
    return login;
}

void MailSignIn::was_refused() {
    if (tokens_) tokens_->forget();
}

Result<std::unique_ptr<Mailboxes>> Mailboxes::open(const Config& config, const Clock& clock) {
    std::unique_ptr<Mailboxes> all = of_intake(config, clock);
    TRY_STATUS(all->open_sender(config, clock));
    return all;
}

std::unique_ptr<Mailboxes> Mailboxes::of_intake(const Config& config, const Clock& clock) {
    std::unique_ptr<Mailboxes> all(new Mailboxes());
    all->local_ = make_local(config);
    all->remote_ = all->make_remote(config, clock);
    return all;
}

std::vector<std::unique_ptr<ports::MailSource>> Mailboxes::make_local(const Config& config) {
    std::vector<std::unique_ptr<ports::MailSource>> sources;
    for (const std::filesystem::path& path : config.intake)
        sources.push_back(std::make_unique<connectors::MaildirSource>("maildir:" + path.filename().string(), path));
    return sources;
}

std::vector<std::unique_ptr<ports::MailSource>> Mailboxes::make_remote(const Config& config, const Clock& clock) {
    std::vector<std::unique_ptr<ports::MailSource>> sources;
    for (const ImapIntake& mailbox : config.imap) {
        transport::MailServer server = mailbox.access.server;
        server.stop = &closing_;
        const std::shared_ptr<MailSignIn> reader = sign_in(mailbox.access, clock);
        for (const std::string& folder : mailbox.folders)
            sources.push_back(std::make_unique<connectors::ImapSource>(connectors::ImapSource::Options{
                .account = mailbox.account(),
                .server = server,
                .login = [reader] { return reader->login(Deadline::in(kTokenWithin)); },
                .login_was_refused = [reader] { reader->was_refused(); },
                .folder = folder,
                .since = mailbox.since,
                .done = mailbox.done,
                .quarantined = mailbox.quarantined}));
    }
    for (const GmailIntake& mailbox : config.gmail)
        sources.push_back(std::make_unique<connectors::GmailSource>(
            connectors::GmailSource::Options{.account = mailbox.account(), .labels = mailbox.labels, .poll_every = mailbox.poll_every},
            gmail(mailbox.access, connectors::GmailQuota::For::reading, clock), clock));
    for (const GraphIntake& mailbox : config.graph)
        sources.push_back(std::make_unique<connectors::GraphSource>(
            connectors::GraphSource::Options{.account = mailbox.account(), .folders = mailbox.folders, .poll_every = mailbox.poll_every},
            graph(mailbox.access, false, clock), clock));
    return sources;
}

std::vector<std::unique_ptr<ports::MailSource>> Mailboxes::second_look(const Config& config, const Clock& clock) {
    const std::lock_guard lock(mutex_);
    std::vector<std::unique_ptr<ports::MailSource>> sources = make_local(config);
    for (auto& source : make_remote(config, clock)) sources.push_back(std::move(source));
    return sources;
}

std::vector<std::string> Mailboxes::names() const {
    std::vector<std::string> all;
    for (const auto* group : {&local_, &remote_})
        for (const auto& source : *group) all.push_back(source->name());
    return all;
}

std::set<std::string> Mailboxes::accounts() const {
    std::set<std::string> all;
    for (const auto* group : {&local_, &remote_})
        for (const auto& source : *group) {
            const std::string account = source->place().account;
            all.insert(account.empty() ? source->name() : account);
        }
    return all;
}

bool Mailboxes::puts_away(const ports::MailRecord& mail) const {
    const ports::PutAway how = mailroom::put_away_as(mail.outcome);
    return std::ranges::any_of(remote_, [&](const auto& source) {
        const mail::SourcePosition place = source->place();
        return place.account == mail.position.account && place.folder == mail.position.folder && source->puts_away(how);
    });
}

std::shared_ptr<MailSignIn> Mailboxes::sign_in(const MailAccess& access, const Clock& clock) {
    std::shared_ptr<connectors::AccessTokens> shared;
    if (access.oauth) shared = tokens(*access.oauth, clock);
    return std::make_shared<MailSignIn>(access, std::move(shared));
}

std::shared_ptr<connectors::AccessTokens> Mailboxes::tokens(const connectors::OAuthClient& client, const Clock& clock) {
    std::string key = client.refresh_token_file.string();
    if (key.empty()) key = client.token_url + "\n" + client.client_id + client.service_account_file.string() + "\n" + client.subject + "\n" + client.scope;
    auto& shared = tokens_[key];
    if (!shared) shared = std::make_shared<connectors::AccessTokens>(client, transport::HttpClient({.ca_file = client.ca_file}), clock);
    return shared;
}

connectors::GmailClient Mailboxes::gmail(const GmailAccess& access, connectors::GmailQuota::For what, const Clock& clock) {
    auto& quota = quotas_[text::to_lower(access.user)];
    if (!quota) quota = std::make_shared<connectors::GmailQuota>(access.units_a_minute);
    const auto shared = tokens(access.oauth, clock);
    return {{.base_url = access.base_url,
             .user = access.user,
             .token = [shared](Deadline deadline) { return shared->token(Deadline::in(std::min(deadline.remaining(), kTokenWithin))); },
             .token_was_refused = [shared] { shared->forget(); },
             .quota = quota,
             .what = what,
             .ca_file = access.ca_file,
             .stop = &closing_,
             // A mail on its way out is waited for: broken off, its fate would be unknown.
             .stop_ends_requests = what == connectors::GmailQuota::For::reading},
            clock};
}

connectors::GraphClient Mailboxes::graph(const GraphAccess& access, bool sends, const Clock& clock) {
    auto& gate = gates_[text::to_lower(access.user)];
    if (!gate) gate = std::make_shared<connectors::GraphGate>(clock);
    const auto shared = tokens(access.oauth, clock);
    return {{.base_url = access.base_url,
             .user = access.user,
             .token = [shared](Deadline deadline) { return shared->token(Deadline::in(std::min(deadline.remaining(), kTokenWithin))); },
             .token_was_refused = [shared] { shared->forget(); },
             .gate = gate,
             .sends = sends,
             .ca_file = access.ca_file,
             // A mail on its way out is waited for: broken off, its fate would be unknown.
             .stop = sends ? nullptr : &closing_},
            clock};
}

std::string Mailboxes::trouble() const {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const auto& [key, shared] : tokens_)
        if (const std::string trouble = shared->state().trouble; !trouble.empty()) all += (all.empty() ? "" : "; ") + trouble;
    return all;
}

std::vector<std::string> Mailboxes::warnings() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> all;
    for (const auto& [key, shared] : tokens_)
        if (std::string warning = shared->state().warning; !warning.empty()) all.push_back(std::move(warning));
    return all;
}

Status Mailboxes::open_sender(const Config& config, const Clock& clock) {
    if (config.gmail_outgoing) {
        sender_ = std::make_unique<connectors::GmailSender>(gmail(*config.gmail_outgoing, connectors::GmailQuota::For::sending, clock), clock);
        return {};
    }
    if (config.graph_outgoing) {
        sender_ = std::make_unique<connectors::GraphSender>(graph(*config.graph_outgoing, true, clock));
        return {};
    }
    if (!config.smtp) {
        TRY(auto maildir, connectors::MaildirSender::open(config.outgoing));
        sender_ = std::make_unique<connectors::MaildirSender>(std::move(maildir));
        return {};
    }
    connectors::SmtpSenderOptions options{.server = config.smtp->access.server, .mails_a_minute_max = config.smtp->mails_a_minute};
    const std::shared_ptr<MailSignIn> submitter = sign_in(config.smtp->access, clock);
    options.turn_wait_max = kTurnWithin;
    options.stop = &closing_;
    options.login = [submitter](Deadline deadline) { return submitter->login(deadline); };
    options.login_was_refused = [submitter] { submitter->was_refused(); };
    if (config.smtp->sent_mailbox) {
        const std::shared_ptr<MailSignIn> reader = sign_in(*config.smtp->sent_mailbox, clock);
        sent_ = std::make_unique<connectors::SentFolder>(connectors::SentFolder::Options{
            .server = config.smtp->sent_mailbox->server,
            .login = [reader] { return reader->login(Deadline::in(kTokenWithin)); },
            .login_was_refused = [reader] { reader->was_refused(); },
            .folder = config.smtp->sent_folder});
        options.look_in_sent = [folder = sent_.get()](const ports::FrozenMail& mail, Deadline deadline) { return folder->find(mail, deadline); };
    }
    sender_ = std::make_unique<connectors::SmtpSender>(std::move(options), clock);
    return {};
}

std::vector<ports::MailSource*> Mailboxes::local() const { return pointers(local_); }
std::vector<ports::MailSource*> Mailboxes::remote() const { return pointers(remote_); }

}  // namespace resolute::app
