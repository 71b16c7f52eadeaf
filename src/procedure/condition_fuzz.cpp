// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "base/invariant.h"
#include "procedure/condition.h"

/// The first line is a JSON context, the rest the condition: neither may crash, hang or lose its reason.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace resolute;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t end = std::min(input.find('\n'), input.size());
    const auto context = json::parse(input.substr(0, end), 1u << 16);
    const auto condition = procedure::Condition::parse(end < input.size() ? input.substr(end + 1) : input);
    if (!condition) return 0;
    const auto evaluation = condition->evaluate(context ? *context : json::Value(json::Object{}));
    INVARIANT(evaluation.why.empty() == (evaluation.verdict != procedure::Verdict::unknown), "an unknown says why");
    for (const std::string& path : condition->fact_paths())
        ignore_error(condition->check_types({{path, "int"}}), "any type will do");
    return 0;
}
