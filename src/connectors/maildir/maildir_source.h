// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "ports/mail_source.h"

namespace resolute::connectors {

/// Reads a Maildir (new/ and cur/), or a plain folder of *.eml files where there is no new/. Nothing in it is ever changed,
/// moved or deleted: what was taken in is remembered by the IntakeStore, and in memory so that one run lists it once.
/// Threads: one.
class MaildirSource final : public ports::MailSource {
public:
    /// `name` is the account in every position, "maildir:inbox".
    MaildirSource(std::string name, std::filesystem::path path);

    [[nodiscard]] std::string name() const override { return name_; }
    /// `mail.source_unreadable` where the folder itself cannot be read. Order: the time at the front of a Maildir's unique
    /// name, else the file's; then the name.
    Result<std::vector<mail::SourcePosition>> list(std::size_t limit) override;
    /// `mail.vanished`, `mail.file_unreadable` (the file is named; others are not concerned), `mail.too_large`.
    Result<mail::RawMail> fetch(const mail::SourcePosition& position) override;
    Result<mail::RawMail> fetch_head(const mail::SourcePosition& position, std::size_t bytes_max) override;
    Status done(const mail::SourcePosition& position) override;
    /// Of a Maildir; a file of a plain folder may be written anew under its name.
    [[nodiscard]] bool is_immutable() const override;

private:
    struct Found;

    [[nodiscard]] Status add_folder(const std::string& folder, std::vector<Found>& found) const;
    [[nodiscard]] std::filesystem::path find_file(const mail::SourcePosition& position) const;
    [[nodiscard]] Result<mail::RawMail> read_file(const mail::SourcePosition& position, std::size_t bytes_max, bool is_head) const;

    std::string name_;
    std::filesystem::path path_;
    std::set<std::string> done_;  ///< uids
};

}  // namespace resolute::connectors
