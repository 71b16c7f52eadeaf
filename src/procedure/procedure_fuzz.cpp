// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "base/invariant.h"
#include "procedure/procedure.h"
#include "procedure/test_catalogue.h"

/// Any bytes are read to a procedure or to findings, never to neither.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace resolute;
    static const procedure::ToolCatalogue catalogue = procedure::test_catalogue();
    const auto result = procedure::read({reinterpret_cast<const char*>(data), size}, catalogue);
    INVARIANT(result.procedure || !result.findings.empty(), "what is refused says why");
    if (result.procedure) {
        INVARIANT(!procedure::render_text(*result.procedure).empty(), "a procedure has a picture");
        INVARIANT(!procedure::render_mermaid(*result.procedure).empty(), "a procedure has a picture");
    }
    return 0;
}
