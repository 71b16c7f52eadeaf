// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "language/understand.h"

namespace resolute::language {
namespace {

using ports::ReplyMeaning;

TEST(UnderstandReply, ReadsRatingsAfterASurvey) {
    const std::pair<const char*, int> table[] = {
        {"5", 5}, {"4 - thanks", 4}, {"I'd give it a 3", 3}, {"rating: 2", 2}, {"★★★★", 4}, {"⭐⭐", 2}, {"five", 5}, {"Five stars!", 5}, {"4/5", 4}, {"4 out of 5", 4}, {"5!", 5}, {"1. Terrible.", 1}, {"My rating is 1", 1}, {"I rate you 5 of 5", 5}, {"3\n\nBest regards\nAnn", 3}, {"Score 2, it took 4 days", 2}, {"Note: 4", 4},
        {"fünf", 5}, {"Ich gebe 4 Sterne", 4}, {"Bewertung: drei", 3}, {"4 von 5", 4}, {"cinq étoiles", 5}, {"Je donne 3", 3}, {"cuatro", 4}, {"Doy un 5", 5}, {"voto 4", 4}, {"quattro stelle", 4}, {"vijf", 5}, {"Ik geef een 4", 4}, {"nota 5", 5}, {"2\nit still fails", 2}, {"Rating 2 - still not working", 2}, {"2 stars, nothing works", 2}, {"3/5, still slow", 3}, {"5 - still works", 5},
    };
    for (const auto& [text, rating] : table) {
        const auto reply = understand_reply(text, true);
        EXPECT_EQ(reply.meaning, ReplyMeaning::rated) << text;
        EXPECT_EQ(reply.rating, rating) << text;
    }
    for (const auto& [text, rating] : table) EXPECT_FALSE(understand_reply(text, false).rating) << text;
    for (const char* text : {"It took 3 days and is still broken", "I called 4 times", "4,5", "Order #5 is missing", "It costs $4", "Why did one of you call?", "2 - still not working", "Not really, it fails at step 2", "step 2", "Version 3", "page 4 is empty", "Still leaking, 1 hour later nothing works", "Schritt 3 fehlt"}) EXPECT_FALSE(understand_reply(text, true).rating) << text;
}

TEST(UnderstandReply, HearsThatTheProblemPersists) {
    for (const char* text : {
             "Still not working.", "It did not help.", "That didn't solve it", "The same error again.", "No luck.", "It works now, but the other printer shows an error.", "Thanks, but it still fails.", "Thank you. How do I change the address?", "I have another question: what about the invoice?", "The problem is back.", "Unfortunately not.", "I tried all of this and nothing changed, no success.", "I need a person.", "Not helpful at all", "I am still waiting for my package",
             "Thanks but it still leaks", "Still leaking, 1 hour later nothing works", "thanks for nothing", "Danke für nichts", "Merci pour rien", "Not really, it fails at step 2", "still", "Still leaking", "nothing works", "Thank you, but the pump leaks", "Danke, aber das Gerät tropft", "Merci mais ça fuit", "Gracias, pero gotea", "Grazie, ma perde", "Bedankt, maar het lekt",
             "person", "Person, please.", "a person please", "human", "Mensch", "ein Mensch bitte", "personne", "une personne svp", "And when does it arrive?", "The link does not open", "Das hat nicht geholfen.", "Es funktioniert immer noch nicht.", "Leider nein", "Ça ne marche toujours pas.", "Sigue sin funcionar, no me ayudó.", "Non funziona ancora.", "Het werkt nog steeds niet.", "Ainda não funciona.", "Please send me the report that you mentioned in the second paragraph of your letter", "My cousin bought the same lamp in the other town last year",
         }) {
        EXPECT_EQ(understand_reply(text, false).meaning, ReplyMeaning::persists) << text;
    }
}

TEST(UnderstandReply, TakesTroubleOverABareNumber) {
    for (const char* text : {"2 - still not working", "Not really, it fails at step 2", "Still leaking, 1 hour later nothing works", "Thanks but it still leaks"}) EXPECT_EQ(understand_reply(text, true).meaning, ReplyMeaning::persists) << text;
}

TEST(UnderstandReply, HearsThanks) {
    for (const char* text : {
             "Thanks, that solved it!", "Thank you very much.", "Perfect, works now.", "Great, all good.", "That did the trick, cheers", "It is fixed, no further questions.", "No problem anymore, thanks", "Thanks again!", "Works fine again.", "Danke, das hat geholfen.", "Vielen Dank!", "Funktioniert wieder, danke", "Merci beaucoup !", "Parfait, merci.", "Gracias, ya funciona.", "Grazie mille, risolto.", "Bedankt, het is opgelost.", "Obrigado, funcionou.", "Super, danke!", "I couldn't be happier, thanks",
         }) {
        EXPECT_EQ(understand_reply(text, false).meaning, ReplyMeaning::satisfied) << text;
    }
    for (const char* text : {"ok", "Ok.", "Okay, thanks", "It still works", "Still good, thanks", "It took a while, but it works", "Slow but thanks!", "Merci pour ma commande", "Gracias, no tengo mas dudas"}) {
        EXPECT_EQ(understand_reply(text, false).meaning, ReplyMeaning::satisfied) << text;
    }
    EXPECT_EQ(understand_reply("", true).meaning, ReplyMeaning::other);
}

}  // namespace
}  // namespace resolute::language
