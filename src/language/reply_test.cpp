// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "language/understand.h"

namespace resolute::language {
namespace {

using ports::ReplyMeaning;

TEST(UnderstandReply, ReadsRatingsAfterASurvey) {
    const std::pair<const char*, int> table[] = {
        {"5", 5}, {"4 - thanks", 4}, {"I'd give it a 3", 3}, {"rating: 2", 2}, {"★★★★", 4}, {"⭐⭐", 2}, {"five", 5}, {"Five stars!", 5}, {"4/5", 4}, {"4 out of 5", 4}, {"5!", 5}, {"1. Terrible.", 1}, {"My rating is 1", 1}, {"I rate you 5 of 5", 5}, {"3\n\nBest regards\nAnn", 3}, {"Score 2, it took 4 days", 2}, {"Note: 4", 4},
        {"fünf", 5}, {"Ich gebe 4 Sterne", 4}, {"Bewertung: drei", 3}, {"4 von 5", 4}, {"cinq étoiles", 5}, {"Je donne 3", 3}, {"cuatro", 4}, {"Doy un 5", 5}, {"voto 4", 4}, {"quattro stelle", 4}, {"vijf", 5}, {"Ik geef een 4", 4}, {"nota 5", 5}, {"2 - still not working", 2},
    };
    for (const auto& [text, rating] : table) {
        const auto reply = understand_reply(text, true);
        EXPECT_EQ(reply.meaning, ReplyMeaning::rated) << text;
        EXPECT_EQ(reply.rating, rating) << text;
    }
    for (const auto& [text, rating] : table) EXPECT_FALSE(understand_reply(text, false).rating) << text;
    for (const char* text : {"It took 3 days and is still broken", "I called 4 times", "4,5", "Order #5 is missing", "It costs $4", "Why did one of you call?"}) EXPECT_FALSE(understand_reply(text, true).rating) << text;
}

TEST(UnderstandReply, HearsThatTheProblemPersists) {
    for (const char* text : {
             "Still not working.", "It did not help.", "That didn't solve it", "The same error again.", "No luck.", "It works now, but the other printer shows an error.", "Thanks, but it still fails.", "Thank you. How do I change the address?", "I have another question: what about the invoice?", "The problem is back.", "Unfortunately not.", "I tried all of this and nothing changed, no success.", "I need a person.", "Not helpful at all", "I am still waiting for my package",
             "And when does it arrive?", "The link does not open", "Das hat nicht geholfen.", "Es funktioniert immer noch nicht.", "Leider nein", "Ça ne marche toujours pas.", "Sigue sin funcionar, no me ayudó.", "Non funziona ancora.", "Het werkt nog steeds niet.", "Ainda não funciona.", "Please send me the report that you mentioned in the second paragraph of your letter", "My cousin bought the same lamp in the other town last year",
         }) {
        EXPECT_EQ(understand_reply(text, false).meaning, ReplyMeaning::persists) << text;
    }
}

TEST(UnderstandReply, HearsThanks) {
    for (const char* text : {
             "Thanks, that solved it!", "Thank you very much.", "Perfect, works now.", "Great, all good.", "That did the trick, cheers", "It is fixed, no further questions.", "No problem anymore, thanks", "Thanks again!", "Works fine again.", "Danke, das hat geholfen.", "Vielen Dank!", "Funktioniert wieder, danke", "Merci beaucoup !", "Parfait, merci.", "Gracias, ya funciona.", "Grazie mille, risolto.", "Bedankt, het is opgelost.", "Obrigado, funcionou.", "Super, danke!", "I couldn't be happier, thanks",
         }) {
        EXPECT_EQ(understand_reply(text, false).meaning, ReplyMeaning::satisfied) << text;
    }
    EXPECT_EQ(understand_reply("ok", false).meaning, ReplyMeaning::other);
    EXPECT_EQ(understand_reply("", true).meaning, ReplyMeaning::other);
}

}  // namespace
}  // namespace resolute::language
