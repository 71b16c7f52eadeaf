// SPDX-License-Identifier: Apache-2.0
#include "language/embedded_language.h"

#include "language/assess.h"
#include "language/understand.h"
#include "language/writer.h"

namespace resolute::language {

Result<ports::Understanding> EmbeddedLanguage::understand(std::string_view subject, std::string_view text, Deadline /*deadline*/) {
    return language::understand(subject, text);
}

Result<ports::ReplyUnderstanding> EmbeddedLanguage::understand_reply(std::string_view text, bool survey_was_sent, Deadline /*deadline*/) {
    return language::understand_reply(text, survey_was_sent);
}

Result<ports::Assessment> EmbeddedLanguage::assess(const ports::AssessmentRequest& request, Deadline /*deadline*/) {
    return language::assess(request);
}

Result<ports::Draft> EmbeddedLanguage::write_acknowledgment(const ports::AcknowledgmentRequest& request, Deadline /*deadline*/) {
    return language::write_acknowledgment(request);
}

Result<ports::Draft> EmbeddedLanguage::write_resolution(const ports::ResolutionRequest& request, Deadline /*deadline*/) {
    return language::write_resolution(request);
}

Result<ports::Draft> EmbeddedLanguage::write_follow_up(const ports::FollowUpRequest& request, Deadline /*deadline*/) {
    return language::write_follow_up(request);
}

Result<ports::Draft> EmbeddedLanguage::write_agent_answer(const ports::AgentAnswerRequest& request, Deadline /*deadline*/) {
    return language::write_agent_answer(request);
}

}  // namespace resolute::language
