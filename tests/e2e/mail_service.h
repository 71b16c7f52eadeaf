// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "tests/e2e/company.h"

/// What holds for the whole program whatever mailbox it reads and sends from.
namespace resolute::e2e {

/// A printer that is offline: the company's knowledge base answers it.
MailIn printer_mail(const std::string& name);
/// As a mail server hands it out.
std::string with_crlf(std::string_view text);

/// The customer answers our mail `answered` of the case that printer_mail("first") opened, and the answer joins that case.
void expect_reply_joins(const Company& company, const std::function<void(const MailIn&)>& deliver, const std::string& answered, const Process& server);

/// A service that the company reads from and sends through, and its faults.
struct MailService {
    std::string name;
    std::function<void(const MailIn&)> deliver;
    std::function<json::Array()> sent;  ///< [{"effect"}]: what truly went out
    std::function<bool(std::uint64_t seed)> begin_faults;
};
/// Feeds it RESOLUTE_MAILS mails and kills the program RESOLUTE_KILLS times meanwhile, by RESOLUTE_SEED: each mail has its outcome, none
/// goes out twice, and what went out the journals know, or have in doubt.
void live_through_deaths(const Company& company, const MailService& service);

}  // namespace resolute::e2e
