// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace resolute::app {

/// What people do in a demonstration: examples/story.yaml. Times are counted from what they react to.
struct Story {
    struct Reply {
        std::string to;     ///< file name of the mail that opened the case
        std::string after;  ///< "acknowledgment", "resolution", "follow_up", "agent_reply", "closed"
        int nth = 1;
        Duration wait{};
        std::optional<int> rating;
        std::string text;
        std::string from;   ///< empty: the customer
    };
    struct Act {
        Duration wait{};
        std::string verb;   ///< "approve", "deny", "none"; empty: by the kind of task
        std::string reply;
        std::string note;
        std::string amount;
        std::vector<std::string> articles;
        bool never = false;
    };
    struct Failure {
        std::string what;  ///< "outgoing_maildir", "knowledge_folder"
        Duration at{};     ///< after the start
        Duration lasts{};
    };

    Instant start;
    std::filesystem::path mails;
    std::vector<Reply> replies;
    Act resolve;                              ///< defaults
    Act review;
    Act approve;
    Act manager_review;
    Act technical_support;
    std::map<std::string, Act> agent_cases;   ///< by the file name of the mail that opened the case
    std::map<std::string, Act> review_cases;
    std::map<std::string, Act> manager_cases;
    std::vector<Failure> failures;
};

/// `story.unreadable` with line and column.
Result<Story> read_story(const std::filesystem::path& file);

}  // namespace resolute::app
