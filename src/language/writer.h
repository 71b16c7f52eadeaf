// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ports/language_model.h"

/// Mails from templates and articles, in English, German or French (any other language: English). No word of the customer's mail
/// goes into them. Subjects are fixed texts with the ticket number.
namespace resolute::language {

ports::Draft write_acknowledgment(const ports::AcknowledgmentRequest& request);
/// Composed from the best article's own steps and paragraphs; not grounded where there is none that may be quoted.
ports::Draft write_resolution(const ports::ResolutionRequest& request);
ports::Draft write_follow_up(const ports::FollowUpRequest& request);
ports::Draft write_agent_answer(const ports::AgentAnswerRequest& request);

}  // namespace resolute::language
