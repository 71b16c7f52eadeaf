// SPDX-License-Identifier: Apache-2.0
#include "app/mailboxes.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "connectors/maildir/maildir_sender.h"
#include "connectors/smtp/smtp_sender.h"

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
    for (const std::filesystem::path& path : config.intake)
        all->local_.push_back(std::make_unique<connectors::MaildirSource>("maildir:" + path.filename().string(), path));
    for (const ImapIntake& mailbox : config.imap) {
        transport::MailServer server = mailbox.access.server;
        server.stop = &all->closing_;
        MailSignIn* sign_in = all->sign_in(mailbox.access, clock);
        for (const std::string& folder : mailbox.folders)
            all->remote_.push_back(std::make_unique<connectors::ImapSource>(connectors::ImapSource::Options{
                .account = mailbox.account(),
                .server = server,
                .login = [sign_in] { return sign_in->login(Deadline::in(kTokenWithin)); },
                .login_was_refused = [sign_in] { sign_in->was_refused(); },
                .folder = folder}));
    }
    return all;
}

MailSignIn* Mailboxes::sign_in(const MailAccess& access, const Clock& clock) {
    std::shared_ptr<connectors::AccessTokens> tokens;
    if (const auto& client = access.oauth) {
        auto& shared = tokens_[client->refresh_token_file.empty() ? client->token_url + "\n" + client->client_id + "\n" + client->scope
                                                                  : client->refresh_token_file.string()];
        if (!shared) shared = std::make_shared<connectors::AccessTokens>(*client, transport::HttpClient(), clock);
        tokens = shared;
    }
    return sign_ins_.emplace_back(std::make_unique<MailSignIn>(access, std::move(tokens))).get();
}

Status Mailboxes::open_sender(const Config& config, const Clock& clock) {
    if (!config.smtp) {
        TRY(auto maildir, connectors::MaildirSender::open(config.outgoing));
        sender_ = std::make_unique<connectors::MaildirSender>(std::move(maildir));
        return {};
    }
    connectors::SmtpSenderOptions options{.server = config.smtp->access.server, .mails_a_minute_max = config.smtp->mails_a_minute};
    MailSignIn* submitter = sign_in(config.smtp->access, clock);
    options.turn_wait_max = kTurnWithin;
    options.stop = &closing_;
    options.login = [submitter](Deadline deadline) { return submitter->login(deadline); };
    options.login_was_refused = [submitter] { submitter->was_refused(); };
    if (config.smtp->sent_mailbox) {
        MailSignIn* reader = sign_in(*config.smtp->sent_mailbox, clock);
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
