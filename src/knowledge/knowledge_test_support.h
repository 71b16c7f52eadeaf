// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "ports/article_store.h"

namespace resolute::knowledge {

/// What the tests need of a store; the conformance suite of storage/ tests the real ones.
class FakeArticleStore final : public ports::ArticleStore {
public:
    Status upsert_article(const ports::Article& article) override {
        std::erase_if(articles_, [&](const ports::Article& own) { return own.id == article.id; });
        articles_.push_back(article);
        return {};
    }
    Result<std::vector<ports::Article>> articles() override { return articles_; }
    Status add_question(const ArticleId& id, const std::string& question) override {
        for (ports::Article& article : articles_) {
            if (article.id != id) continue;
            article.questions.push_back(question);
            return {};
        }
        ports::Article questions_only;
        questions_only.id = id;
        questions_only.questions = {question};
        articles_.push_back(questions_only);
        return {};
    }

private:
    std::vector<ports::Article> articles_;
};

inline ports::Article article(const std::string& id, const std::string& title, const std::string& text,
                              const std::string& language = "en") {
    ports::Article made;
    made.id = ArticleId(id);
    made.title = title;
    made.text = text;
    made.language = language;
    return made;
}

/// A small shop's help centre.
inline std::vector<ports::Article> small_help_centre() {
    return {
        article("returns", "Return an item",
                "You may return unused items within 30 days of delivery. Print the return label in your account, "
                "put the item into its box and bring the parcel to any post office."),
        article("refund-times", "When a refund reaches your account",
                "Refunds are paid to the original card within five working days after the "
                "returned item arrived in our warehouse."),
        article("invoice", "Download an invoice",
                "Open **Billing**, choose the order and select *Download PDF*. Invoices are kept for ten years."),
        article("vat", "Add a VAT number to invoices",
                "Enter the VAT number under Company; it is printed on all later invoices."),
        article("password", "Reset your password",
                "Select *Forgot password* on the sign-in page. A link is mailed to you; it is valid for an hour."),
        article("two-factor", "Set up two-factor authentication", "Scan the code with an authenticator app under Security."),
        article("shipping", "Shipping times and costs",
                "Standard shipping takes three to five days and costs $5. Express arrives the next day."),
        article("tracking", "Track an order",
                "The shipping confirmation has a tracking link. Parcels show up there after a few hours."),
        article("address", "Change the delivery address",
                "The delivery address can be changed until the order has left the warehouse."),
        article("cancel", "Cancel an order",
                "Orders can be cancelled until they are packed. Open the order and select *Cancel*."),
        article("damaged", "A delivery arrived damaged",
                "Send us a photo of the damage and the box. We replace broken items at once."),
        article("warranty", "Warranty", "Lamps have a warranty of two years against defects in material."),
        article("dimmer", "The lamp flickers with a dimmer",
                "Use a dimmer for LED lamps. Old dimmers need a load of at least 40 watts."),
        article("rueckgabe", "Artikel zurückgeben",
                "Ungebrauchte Artikel können Sie innerhalb von 30 Tagen zurückgeben. Für die Rückgabe drucken Sie "
                "das Etikett in Ihrem Konto aus.",
                "de"),
        article("passwort", "Passwort zurücksetzen",
                "Wählen Sie auf der Anmeldeseite *Passwort vergessen*. Der Link gilt eine Stunde.", "de"),
    };
}

}  // namespace resolute::knowledge
