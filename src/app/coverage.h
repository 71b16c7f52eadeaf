// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "casework/casework.h"

namespace resolute::app {

/// How often each branch of each step, and each exit condition, was taken.
class Coverage {
public:
    void see(const std::vector<casework::CaseEvent>& events);

    struct Row {
        int step = 0;         ///< 0: an exit condition
        std::string title;
        std::string branch;   ///< as in the document
        std::int64_t count = 0;
        bool is_main = true;  ///< one of the steps before the follow-up, or an exit condition
    };
    [[nodiscard]] std::vector<Row> rows(const procedure::Procedure& procedure) const;
    /// Steps held for technical support, because nothing in the procedure says what to do on their failure.
    [[nodiscard]] std::int64_t held() const { return held_; }

private:
    std::map<std::pair<int, int>, std::int64_t> branches_;
    std::map<std::string, std::int64_t> exits_;
    std::int64_t held_ = 0;
};

}  // namespace resolute::app
