// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace resolute::language {

/// Every fixed text of a mail in one language. `{}` stands for what the comment names.
struct Templates {
    std::string_view language;
    std::string_view hello_named;         // name
    std::string_view hello_named_formal;  // name
    std::string_view hello;
    std::string_view closing;
    std::string_view acknowledgment_subject;
    std::string_view acknowledgment_thanks;
    std::string_view acknowledgment_thanks_formal;
    std::string_view acknowledgment_ticket;  // ticket
    std::string_view acknowledgment_time;    // response target
    std::string_view acknowledgment_next;
    std::string_view acknowledgment_reply;
    std::string_view resolution_subject;
    std::string_view resolution_opening;         // ticket
    std::string_view resolution_opening_repeat;  // ticket
    std::string_view resolution_second;
    std::string_view resolution_alternative;
    std::string_view resolution_granted;        // amount, order
    std::string_view resolution_granted_plain;  // amount
    std::string_view resolution_source;
    std::string_view resolution_person;
    std::string_view resolution_reply;
    std::string_view follow_up_subject;
    std::string_view follow_up_question;  // ticket
    std::string_view follow_up_scale;
    std::string_view follow_up_problem;
    std::string_view agent_subject;
    std::string_view agent_opening;  // ticket
    std::string_view hour, hours, minute, minutes, day, days;
};

const Templates& templates_for(std::string_view language);

}  // namespace resolute::language
