// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/procedures.h"

#include "base/invariant.h"
#include "testkit/script.h"
#include "tools/tool.h"

namespace resolute::sim {

const procedure::ToolCatalogue& sim_catalogue() {
    static const procedure::ToolCatalogue kCatalogue = tools::catalogue();
    return kCatalogue;
}

const procedure::Procedure& first_procedure() { return testkit::shipped_procedure(); }

const procedure::Procedure& changed_procedure() {
    static const procedure::Procedure kChanged = [] {
        std::string document = testkit::shipped_document();
        const std::string from = "follow_up_after: 48h";
        const std::size_t at = document.find(from);
        INVARIANT(at != std::string::npos, "the shipped procedure says when it follows up");
        document.replace(at, from.size(), "follow_up_after: 24h");
        auto read = procedure::read(document, sim_catalogue());
        INVARIANT(read.procedure.has_value(), "the changed procedure has no errors");
        return *std::move(read.procedure);
    }();
    return kChanged;
}

const procedure::Procedure& procedure_of(const std::string& content_hash) {
    return content_hash == changed_procedure().content_hash ? changed_procedure() : first_procedure();
}

}  // namespace resolute::sim
