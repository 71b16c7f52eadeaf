// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "ports/mail_sender.h"

namespace resolute::connectors {

/// Writes mail into a Maildir instead of sending it: for the demo, tests, and where another program takes mail from there.
/// The file's name follows from the effect's key alone, so one effect is there once, however often it is tried.
///
/// Failure: before the rename into new/ nothing has happened (`not_sent`); the rename is the moment of sending. Where the
/// folder vanished after start it is not made again: somebody took it away, and mail must not go where nobody looks.
/// Threads: any.
class MaildirSender final : public ports::MailSender {
public:
    /// Makes tmp/, new/ and cur/ where they are missing. `mail.outgoing_unwritable`.
    static Result<MaildirSender> open(std::filesystem::path path);

    /// `mail.outgoing_unwritable` (unavailable), `mail.disk_full` (exhausted); both not_sent, no part file left behind.
    Status send(const ports::FrozenMail& mail, Deadline deadline) override;
    Result<ports::Delivery> look_up(const ports::FrozenMail& mail, Deadline deadline) override;

private:
    explicit MaildirSender(std::filesystem::path path) : path_(std::move(path)) {}

    [[nodiscard]] Result<bool> is_there(const std::string& name) const;

    std::filesystem::path path_;
};

}  // namespace resolute::connectors
