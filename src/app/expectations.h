// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/runtime.h"
#include "app/summary.h"

namespace resolute::app {

/// A folder of mails with what should become of each: examples/ordinary-day (resolute.yaml, inbox/, expected.yaml).
struct Expectation {
    std::string mail;                     ///< file name
    std::string outcome;                  ///< "new_case", "ignored", …
    std::vector<std::string> categories;  ///< acceptable ones; empty: any
    std::string answer;                   ///< "automatic", "human", "either"; empty where no case is expected
    std::vector<std::string> articles;    ///< acceptable ones
};
Result<std::vector<Expectation>> read_expectations(const std::filesystem::path& file);

struct DayReport {
    RunSummary summary;
    std::size_t expected = 0;            ///< mails with an expectation
    std::size_t right_outcome = 0;
    std::size_t with_category = 0;
    std::size_t right_category = 0;
    std::size_t answered = 0;            ///< automatically
    std::size_t answered_right = 0;      ///< … from an acceptable article, where that was expected
    std::size_t by_alternative = 0;      ///< … of these: the acceptable one was the second of two that were given
    std::size_t missed = 0;              ///< could have been answered, went to a person
    std::vector<std::string> surprises;  ///< wrong answers, wrong outcomes, answers where a person was expected: in words
};

/// Works the folder's mails off in a data folder of its own (made anew) and compares.
Result<DayReport> play_day(const std::filesystem::path& folder, const std::filesystem::path& work);

}  // namespace resolute::app
