// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ports/language_model.h"

namespace resolute::language {

/// Understanding and writing without any model file: rules and templates, deterministic, well under two milliseconds a mail.
/// Holds no state. Threads: any. Never fails and never waits, so deadlines do not matter.
class EmbeddedLanguage final : public ports::LanguageModel {
public:
    Result<ports::Understanding> understand(std::string_view subject, std::string_view text, Deadline deadline) override;
    Result<ports::ReplyUnderstanding> understand_reply(std::string_view text, bool survey_was_sent, Deadline deadline) override;
    Result<ports::Assessment> assess(const ports::AssessmentRequest& request, Deadline deadline) override;
    Result<ports::Draft> write_acknowledgment(const ports::AcknowledgmentRequest& request, Deadline deadline) override;
    Result<ports::Draft> write_resolution(const ports::ResolutionRequest& request, Deadline deadline) override;
    Result<ports::Draft> write_follow_up(const ports::FollowUpRequest& request, Deadline deadline) override;
    Result<ports::Draft> write_agent_answer(const ports::AgentAnswerRequest& request, Deadline deadline) override;
};

}  // namespace resolute::language
