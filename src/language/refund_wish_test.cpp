// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "language/understand.h"

namespace resolute::language {
namespace {

TEST(RefundWish, IsSeenHoweverItIsPut) {
    const char* wishes[] = {
        "I want a refund.", "I want the full purchase price back.", "I want to return the shoes and get my money back.", "Ich will den Kaufpreis zurück.", "You approved my refund a month ago and still nothing came.", "Quiero la devolución del dinero.", "I want to be compensated for the trouble.", "Please refund my order.", "Can I get a refund?", "Could you refund me the shipping?", "I'd like my money back.", "Give me my money back!", "Get my $900 back.", "I want back what I paid.", "Please reimburse me for the taxi.", "I will open a chargeback.", "I am disputing the charge with my bank.", "Credit me for the two lost days.", "Please credit my account.",
        "How do I get a refund?", "Where is my refund?", "When will I get my money back?", "I was charged twice, please return the money.", "You billed me twice. Reverse the second payment.", "I was charged twice, please fix it.", "I demand compensation.", "Return the $50 to my card.", "Please return my deposit.", "Pay me back.",
        "I cancelled the trip and expect my deposit back.", "I have not received my refund yet.", "You promised a refund three weeks ago.", "I want a full refund.", "refund!!!", "Refund pls", "Kindly process the refund of $49.", "I don't want a voucher, I want a refund.", "I don't want a replacement, I want my money back.", "According to your refund policy you must refund me.", "Is my order refundable? I want it refunded.",
        "Please waive the late fee.", "I want the difference refunded.", "What about my refund?", "Have you refunded my order?", "I would like to be reimbursed.", "Take it back and give me my money.", "Put the money back on my card.", "I'd prefer a refund to a replacement.", "Still no refund?", "My refund has not arrived.",
        "Ich möchte mein Geld zurück.", "Bitte erstatten Sie mir den Betrag.", "Ich fordere eine Rückerstattung.", "Wann bekomme ich meine Erstattung?", "Ich widerrufe den Kauf.", "Ich will die 50 Euro wiederhaben.", "Bitte schreiben Sie den Betrag meinem Konto gut, ich will das Geld zurück.",
        "Je veux être remboursé.", "Merci de me rembourser.", "Je souhaite un remboursement.", "Rendez-moi mon argent.", "Quiero un reembolso.", "Quiero que me devuelvan mi dinero.", "Exijo la devolución del importe.", "Vorrei un rimborso.", "Voglio indietro i miei soldi.",
        "Ik wil mijn geld terug.", "Graag een terugbetaling.", "Quero o meu dinheiro de volta.", "Quero um reembolso.", "Por favor façam o estorno.",
    };
    for (const char* text : wishes) EXPECT_TRUE(understand("", text).wants_refund) << text;
    EXPECT_GE(std::size(wishes), 65U);
}

TEST(RefundWish, IsNotSeenInDenialsPoliciesAndOtherMatters) {
    const char* others[] = {
        
        "I want to return this jacket.", "How can I return my shoes?", "I'd like to send it back.", "Ich möchte die Hose zurückgeben.", "Wie kann ich den Artikel zurücksenden?", "Je voudrais retourner cet article.", "Necesito devolver el producto.", "Vorrei restituire le scarpe.", "Ik wil het product retourneren.", "Gostaria de devolver o produto.", "You sent the wrong item, how do I send it back?", "How long may I return things?", "My refund was approved on Monday. When will it arrive?", "Where do I get a return label?", "My return was confirmed last week, how long does the refund take to reach my card?", "Wo finde ich den Retourenschein?", "¿Cómo hago una devolución?",
        "I don't want a refund, just a working printer.", "I do not need a refund.", "No refund needed.", "What is your refund policy?", "How long do refunds take?", "Do you offer refunds?", "What is your return policy?", "Thanks for the refund.", "I received my refund, thank you.", "Where is my order?", "Please return my call.", "How do I reset my password?", "The function returns null.", "I would like a replacement instead of a refund.",
        "I want to exchange the shirt and return it for a size L.", "Can you resend the invoice?", "My card was declined.", "Are gift cards refundable?", "I'm not asking for a refund.", "Before I buy: do you have a money back guarantee?", "I wanted to know what your refund policy is before I order.", "Is there a return window for sale items?", "How much is the pro plan?", "I was charged 12 dollars, what is it for?", "The app crashes.",
        "When will I return to the login page after payment?", "Please call me back.", "The screen went black and never came back.", "What are your terms for returns?", "I can't log back in.", "Is the item back in stock?",
        "Ich möchte keine Erstattung, nur ein neues Gerät.", "Wie lange dauern Erstattungen?", "Wo bleibt mein Paket?", "Danke für die Erstattung.", "Wie ist Ihre Rückgabefrist?", "Je ne veux pas de remboursement.", "Quelle est votre politique de remboursement ?", "Où est mon colis ?", "No quiero un reembolso.", "¿Cuál es la política de devoluciones?", "¿Dónde está mi pedido?", "Non voglio un rimborso.", "Dov'è il mio ordine?", "Ik wil geen terugbetaling.", "Wat is het retourbeleid?", "Não quero reembolso.", "Onde está o meu pedido?",
    };
    for (const char* text : others) EXPECT_FALSE(understand("", text).wants_refund) << text;
    EXPECT_GE(std::size(others), 45U);
}

TEST(RefundWish, IsSeenWhereAnAmountStandsForTheMoney) {
    for (const char* text : {
             "I want $900 back, I return the kettle.", "The kettle leaks from the base. You owe me $900.", "I want $900 back", "Give back the $900", "I'd like my $900 returned to my card", "Send me my $900", "I am entitled to get back the 900 USD I paid", "Please undo the payment of $900", "please waive the $900", "I was overcharged by $900, please fix it", "I was overcharged by $20. Please correct this.", "please return 499.999 USD", "I demand 900 back", "take back the kettle and return what I paid", "Can you return the $900?",
             "My invoice says $49 but the price is $39. Please correct it.", "Ich möchte 900 Euro zurück", "Sie schulden mir 900 €", "Je voudrais récupérer mes 900 €", "Vous me devez 900 €", "Quiero mis 900 euros de vuelta", "Me deben 900 €", "Rivoglio i miei 900 €", "Voglio 900 euro indietro", "Ik wil 900 euro terug", "Quero 900 euros de volta", "refnud 900 dollars", "I want a refudn", "Refun please", "refunnd the order", "I was not refundedd, refund me", "I do not want a voucher, I want $900 back.",
         }) {
        const auto result = understand("", text);
        EXPECT_TRUE(result.wants_refund) << text;
        EXPECT_FALSE(result.refund_evidence.empty()) << text;
    }
    for (const char* text : {
             "How do I return an item?", "When will my approved refund arrive?", "I paid $900, where is my order?", "What does the P400 cost, $900?", "My invoice says $49 but the price is $39, why?", "Can I get a discount of $20?", "Give me $20 off", "Send me a quote for $500", "I do not want a refund, I just want to know why I paid $900.", "I do not want a refund, I just want to know how refunds work.", "I don't want my $900 back, just a working printer.", "How much do I owe you, $900?",
             "Der Befund kostet 900 Euro.", "Vous devez livrer la commande de 900 €.", "My refund of $30 was approved. When will it arrive?", "Thanks for the refund of $30.",
         }) {
        EXPECT_FALSE(understand("", text).wants_refund) << text;
    }
    EXPECT_NE(understand("", "I do not want a refund, I just want to know when the lamp ships.").category, ports::Category::refund_request);
    EXPECT_EQ(understand("", "Hello. I want my $900 refnud.").refund_evidence, "I want my $900 refnud.");
}

TEST(RefundWish, IsSeenInAnyCategoryWithItsSentence) {
    const auto result = understand("Error 500", "The app shows error 500 and crashes, nothing works. I restarted the phone twice. If it is not fixed I want my money back.");
    EXPECT_TRUE(result.wants_refund);
    EXPECT_EQ(result.refund_evidence, "If it is not fixed I want my money back.");
}

TEST(RefundWish, TellsTheWholeFromAPart) {
    for (const char* text : {"I want a full refund.", "Refund everything.", "I want all my money back.", "Refund the whole order.", "Bitte erstatten Sie den gesamten Betrag.", "Je veux un remboursement intégral."}) {
        EXPECT_TRUE(understand("", text).is_whole_refund) << text;
    }
    for (const char* text : {"Please refund the shipping.", "I want $20 back.", "Bitte erstatten Sie die Versandkosten."}) EXPECT_FALSE(understand("", text).is_whole_refund) << text;
}

}  // namespace
}  // namespace resolute::language
