// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "procedure/procedure.h"

namespace resolute::procedure {

/// What reading gathers on its way; it goes on after an error, so that a person sees all of them at once.
class Findings {
public:
    void error(std::string_view code, Location where, std::string message) {
        items_.push_back({Finding::Severity::error, "procedure." + std::string(code), where, std::move(message)});
        ++errors_;
    }
    void warning(std::string_view code, Location where, std::string message) {
        items_.push_back({Finding::Severity::warning, "procedure." + std::string(code), where, std::move(message)});
    }
    void add(ConditionProblem problem) {
        items_.push_back({Finding::Severity::error, std::move(problem.code), problem.where, std::move(problem.message)});
        ++errors_;
    }
    [[nodiscard]] int errors() const { return errors_; }
    /// In order of place.
    std::vector<Finding> take();

private:
    std::vector<Finding> items_;
    int errors_ = 0;
};

/// "; did you mean `x`?", or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace resolute::procedure
