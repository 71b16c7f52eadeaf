// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "ports/language_model.h"

namespace resolute::language {

/// The embedded model's own cuts. Nine of ten wrong answers are near misses, with the right topic and a high score.
inline constexpr double kCutAutomatic = 0.72;
inline constexpr double kCutOffer = 0.50;

/// What the judgement stands on, each about 0 to 1; fitted on the companies of tests/corpus/answers.
inline constexpr std::size_t kFeatureCount = 13;
using Features = std::array<double, kFeatureCount>;
Features features_of(const ports::AssessmentRequest& request);

/// May the first hit be sent as the answer? A small logistic over the features.
ports::Assessment assess(const ports::AssessmentRequest& request);

}  // namespace resolute::language
