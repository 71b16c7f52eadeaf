// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resolute::knowledge {

/// The sentences of a mail that may ask something: greetings, thanks, closings, wishes, what stands below the closing, and quoted
/// lines are left out, since a question drowns among them. The subject, without "Re:" and the like, is the first sentence.
/// Where nothing is left, the whole text is one sentence. Each once, in order, at most kSentencesMax. Total: any text.
std::vector<std::string> question_sentences(std::string_view subject, std::string_view text);

}  // namespace resolute::knowledge
