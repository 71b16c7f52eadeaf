// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/coverage.h"
#include "app/runtime.h"

namespace resolute::app {

struct DemoOptions {
    std::filesystem::path examples;  ///< the folder with resolute.yaml, story.yaml and inbox/
    std::filesystem::path work;      ///< made anew: state/, inbox/, sent/, knowledge/, archive/
    /// Called as virtual time goes on; for a progress line.
    std::function<void(Instant now, std::size_t mails, std::size_t mails_total)> progress;
};

/// The example company's forty days, played in virtual time: they end now.
struct DemoReport {
    Config config;               ///< what it ran with: "resolute … --config" and `serve` go on from there
    std::filesystem::path work;
    Coverage coverage;
    std::size_t mails = 0;       ///< of the inbox
    std::size_t replies = 0;     ///< written by the story's customers on top
    std::size_t acts = 0;        ///< of agents, managers and technical support
    std::vector<std::string> refused;  ///< acts that the rules refused, in words
    Instant began_at;
    Instant ended_at;
    double duration_s = 0;
    std::unique_ptr<VirtualClock> clock;
    std::unique_ptr<Runtime> runtime;  ///< quiet, and still open for questions
};

Result<DemoReport> run_demo(const DemoOptions& options);

}  // namespace resolute::app
