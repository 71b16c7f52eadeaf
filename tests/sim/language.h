// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ports/language_model.h"
#include "tests/sim/world.h"

namespace resolute::sim {

/// A language model that reads the marks our customers leave in their mails ("#category=billing", "#refund", "#angry"), quickly;
/// and that sometimes changes its mind, or writes of money that nobody granted. Amounts it reads as the real one does.
class Language final : public ports::LanguageModel {
public:
    explicit Language(World& world) : world_(world) {}
    Result<ports::Understanding> understand(std::string_view subject, std::string_view text, Deadline deadline) override;
    Result<ports::ReplyUnderstanding> understand_reply(std::string_view text, bool survey_was_sent, Deadline deadline) override;
    Result<ports::Assessment> assess(const ports::AssessmentRequest& request, Deadline deadline) override;
    Result<ports::Draft> write_acknowledgment(const ports::AcknowledgmentRequest& request, Deadline deadline) override;
    Result<ports::Draft> write_resolution(const ports::ResolutionRequest& request, Deadline deadline) override;
    Result<ports::Draft> write_follow_up(const ports::FollowUpRequest& request, Deadline deadline) override;
    Result<ports::Draft> write_agent_answer(const ports::AgentAnswerRequest& request, Deadline deadline) override;

private:
    World& world_;
};

}  // namespace resolute::sim
