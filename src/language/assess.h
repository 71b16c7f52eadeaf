// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ports/language_model.h"

namespace resolute::language {

/// The embedded model's own cuts, conservative: nine of ten wrong answers are near misses, with the right topic and a high score.
inline constexpr double kCutAutomatic = 0.72;
inline constexpr double kCutOffer = 0.50;

/// May the first hit be sent as the answer? A small logistic over score, coverage, margin and what was understood.
ports::Assessment assess(const ports::AssessmentRequest& request);

}  // namespace resolute::language
