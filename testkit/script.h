// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "casework/casework.h"
#include "engine/effect_runner.h"

/// What the world answers to each tool of the shipped procedure, from a few facts about the case.
namespace resolute::testkit {

struct Script {
    bool is_known = true;
    bool is_vip = false;
    bool wants_refund = false;
    std::optional<Money> refund;  ///< with wants_refund; nothing: could not be determined
    bool is_covered = false;
    std::string category = "billing";
    std::string priority = "medium";
    bool is_sensitive = false;
    std::string decision = "automatic";  ///< of issue.assess
    std::string resolution_text = "Open your orders and choose \"Invoice\".";
    std::string meaning = "satisfied";  ///< of reply.understand
    std::optional<int> rating;
    bool has_articles = true;
    bool is_readable = true;
};

/// The settlement of one call when all goes well.
engine::Settlement answer(const Script& script, const casework::Effect& effect);

/// A draft as the writing tools make it.
json::Value draft(std::string_view subject, std::string_view text);

/// The procedure that ships, read once with the real catalogue.
const procedure::Procedure& shipped_procedure();
std::string shipped_document();

/// A first mail of a verified customer.
casework::CaseOpened opening(const CaseId& id, casework::Trust trust = casework::Trust::verified);
/// Without a text: that it still does not work, in words that no other number has.
casework::MailArrived reply_mail(int number, std::string text = {});

}  // namespace resolute::testkit
