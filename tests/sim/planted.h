// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/effect_runner.h"
#include "engine/store.h"
#include "ports/intake_store.h"

namespace resolute::sim {

class World;

/// A fault of ours, put in on purpose: the simulator must find it (bugs/README of tests/sim). Nothing of it is in src.
struct Planted {
    std::string name;
    std::string invariant;  ///< which one is expected to see it: its number, "4"
    std::function<std::unique_ptr<engine::Store>(World&, engine::Store& real)> store = {};
    std::function<std::unique_ptr<ports::IntakeStore>(World&, ports::IntakeStore& real)> intake = {};
    std::function<std::unique_ptr<engine::EffectRunner>(World&, engine::EffectRunner& real)> runner = {};
    std::function<void(World&)> world = {};  ///< changes how the outside, or what we use of it, behaves
    std::string patch = {};                  ///< a place in a patched copy of a source file (planted.cmake)
};

}  // namespace resolute::sim
