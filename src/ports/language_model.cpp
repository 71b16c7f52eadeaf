// SPDX-License-Identifier: Apache-2.0
#include "ports/language_model.h"

#include "base/invariant.h"

namespace resolute::ports {

std::string_view to_string(Category category) {
    switch (category) {
    case Category::billing: return "billing";
    case Category::technical: return "technical";
    case Category::product_inquiry: return "product_inquiry";
    case Category::refund_request: return "refund_request";
    case Category::general_support: return "general_support";
    }
    INVARIANT(false, "every category is named above");
}

std::optional<Category> parse_category(std::string_view text) {
    for (const Category category : {Category::billing, Category::technical, Category::product_inquiry, Category::refund_request, Category::general_support}) {
        if (to_string(category) == text) return category;
    }
    return std::nullopt;
}

std::string_view to_string(Level level) {
    switch (level) {
    case Level::low: return "low";
    case Level::medium: return "medium";
    case Level::high: return "high";
    }
    INVARIANT(false, "every level is named above");
}

std::string_view to_string(Decision decision) {
    switch (decision) {
    case Decision::automatic: return "automatic";
    case Decision::offer: return "offer";
    case Decision::human: return "human";
    }
    INVARIANT(false, "every decision is named above");
}

std::string_view to_string(ReplyMeaning meaning) {
    switch (meaning) {
    case ReplyMeaning::persists: return "persists";
    case ReplyMeaning::satisfied: return "satisfied";
    case ReplyMeaning::rated: return "rated";
    case ReplyMeaning::other: return "other";
    }
    INVARIANT(false, "every meaning is named above");
}

}  // namespace resolute::ports
