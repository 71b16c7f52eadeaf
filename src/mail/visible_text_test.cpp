// SPDX-License-Identifier: Apache-2.0
#include "mail/visible_text.h"

#include <gtest/gtest.h>

namespace resolute::mail {
namespace {

TEST(VisibleText, SignatureBelowDashesGoes) {
    EXPECT_EQ(visible_text("It leaks.\n\n-- \nAnn\nShop\n"), "It leaks.");
    EXPECT_EQ(visible_text("Options:\n--\nred\n" + std::string(30 * 2, 'x') + "\n" +
                           [] {
                               std::string lines;
                               for (int i = 0; i < 25; ++i) lines += "line\n";
                               return lines;
                           }())
                  .substr(0, 11),
              "Options:\n--");
}

TEST(VisibleText, ClosingGoesOnlyAtTheEndAndOnlyWhenSure) {
    EXPECT_EQ(visible_text("It leaks.\n\nKind regards,\nAnn Lee"), "It leaks.");
    EXPECT_EQ(visible_text("It leaks.\nThanks, Ann"), "It leaks.");
    EXPECT_EQ(visible_text("It leaks.\nThanks in advance!\n\nBest\nAnn\n+1 555 0100"), "It leaks.");
    EXPECT_EQ(visible_text("Es tropft.\nMit freundlichen Grüßen\nJörg"), "Es tropft.");
    EXPECT_EQ(visible_text("Thanks!"), "Thanks!");
    EXPECT_EQ(visible_text("Thanks!\nAnn"), "Thanks!\nAnn");
    EXPECT_EQ(visible_text("It leaks.\nThanks\nP.S. my order is 12"), "It leaks.\nThanks\nP.S. my order is 12");
    EXPECT_EQ(visible_text("It leaks.\nThanks\nmy order number is 1234"), "It leaks.\nThanks\nmy order number is 1234");
    EXPECT_EQ(visible_text("Which is best\nBest\nWorst?"), "Which is best\nBest\nWorst?");
}

TEST(VisibleText, AttributionNeedsTheDetailsOfAMail) {
    EXPECT_EQ(visible_text("On Monday you wrote:\nWe refund you.\nYou did not."),
              "On Monday you wrote:\nWe refund you.\nYou did not.");
    EXPECT_EQ(visible_text("No.\n\nOn Mon, 2 Nov 2026, Shop <h@s.example> wrote:\nWe refund you."), "No.");
    EXPECT_EQ(visible_text("No.\n\nShop Support <h@s.example> wrote:\n> x"), "No.");
    EXPECT_EQ(visible_text("Nein.\nShop <h@s.example> schrieb am Mo., 2. Nov. 2026, 10:00:\n\n> x"), "Nein.");
}

TEST(VisibleText, OnesOwnLineRightAboveAnAttributionStays) {
    EXPECT_EQ(visible_text("On Monday it broke.\nOn 2 Nov 2026, Shop <h@s.example> wrote:\n> x"), "On Monday it broke.");
    EXPECT_EQ(visible_text("Am Montag kam nichts.\nAm 2.11.2026 um 10:00 schrieb Shop\n<h@s.example>:\n> x"),
              "Am Montag kam nichts.");
}

TEST(VisibleText, AWrappedAttributionIsOne) {
    EXPECT_EQ(visible_text("No.\n\nOn Dec 16, 2026, at 12:47 PM, Corey Smith\n<reply@shop.example>\nwrote:\n\n> x"), "No.");
    EXPECT_EQ(visible_text("No.\nOn 2 Nov 2026 10:00, Shop Support\nHelp Desk <h@s.example> wrote:\n> x"), "No.");
    EXPECT_EQ(visible_text("Am Montag kam nichts.\nShop <h@s.example> schrieb am 2.11.2026, 10:00:\n> x"),
              "Am Montag kam nichts.");
    EXPECT_EQ(visible_text("No.\n2012/11/2 Shop <h@s.example>\n\n> x"), "No.");
    EXPECT_EQ(visible_text("No.\nShop Support wrote:\n> x"), "No.");
    EXPECT_EQ(visible_text("The paper wrote:\nIt is red."), "The paper wrote:\nIt is red.");
}

TEST(VisibleText, AForwardWithoutOwnWordsSpeaksByTheForwardedText) {
    const std::string forwarded =
        "\n---------- Forwarded message ---------\nFrom: Bank <b@bank.example>\nDate: Mon, 2 Nov 2026\nSubject: Fee\nTo: "
        "<a@b.example>\n\nYou pay 5 euros.\n";
    EXPECT_EQ(visible_text(forwarded), "You pay 5 euros.");
    EXPECT_EQ(visible_text("What is this?\n" + forwarded), "What is this?");
    EXPECT_EQ(visible_text("From: Bank <b@bank.example>\nSent: Monday\nTo: Ann\nSubject: Fee\n\nYou pay.", "FW: Fee"),
              "You pay.");
    EXPECT_EQ(visible_text("From: Bank <b@bank.example>\nSent: Monday\nTo: Ann\nSubject: Fee\n\nYou pay.", "RE: Fee"), "");
}

TEST(VisibleText, AnAnswerBelowAMarkedQuotationStays) {
    EXPECT_EQ(visible_text("----- Original Message -----\nFrom: Shop <h@s.example>\nSent: Monday\nTo: Ann\nSubject: x\n\n> Is it "
                           "red?\n\nYes, red."),
              "Yes, red.");
}

TEST(VisibleText, ATravelPlanIsNoCopiedHeader) {
    EXPECT_EQ(visible_text("Please change:\nFrom: Berlin\nTo: Paris\nDate: 3 November"),
              "Please change:\nFrom: Berlin\nTo: Paris\nDate: 3 November");
}

TEST(VisibleText, WhatCompaniesAddGoes) {
    EXPECT_EQ(visible_text("CAUTION: This email originated from outside of the organization.\n\nIt leaks."), "It leaks.");
    EXPECT_EQ(visible_text("It leaks.\n\nThis e-mail is confidential and intended only for the person to whom it is "
                           "addressed.\n\nPlease think before printing."),
              "It leaks.");
    EXPECT_EQ(
        visible_text("It leaks.\n\n_______________________________________________\nusers mailing list\nusers@lists.example"),
        "It leaks.");
    EXPECT_EQ(visible_text("This message is about my confidential data which you sent to the wrong recipient."),
              "This message is about my confidential data which you sent to the wrong recipient.");
}

TEST(VisibleText, ClosingsAreComposed) {
    EXPECT_EQ(visible_text("It leaks.\n\nThanks & best regards\n\nJohn Smith\nTel: +1 555 0100"), "It leaks.");
    EXPECT_EQ(visible_text("Es tropft.\n\nViele Grüße aus Berlin\nJörg"), "Es tropft.");
    EXPECT_EQ(
        visible_text("Es tropft.\n\nMit freundlichen Grüßen\n\ni. A. Sabine Groß\n____________\nGroß GmbH\nTel: +49 341 1234"),
        "Es tropft.");
    EXPECT_EQ(visible_text("Rien reçu.\n\nJe vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations "
                           "distinguées.\n\nHélène Dubois"),
              "Rien reçu.");
    EXPECT_EQ(visible_text("It leaks.\n\nThanks in advance for your help\n\nBest Regards / Mit freundlichen Grüßen / "
                           "Cordialement\n\nMax Muster"),
              "It leaks.");
    EXPECT_EQ(visible_text("It leaks.\n\n[image: logo.png]"), "It leaks.");
    EXPECT_EQ(visible_text("Nein.\n\nAm Mo., 2. Nov. 2026, 10:15 hat Shop <h@s.example> geschrieben:\n\n> x"), "Nein.");
    EXPECT_EQ(visible_text("I paid.\n\nThanks & credit cards\nwork"), "I paid.\n\nThanks & credit cards\nwork");
}

TEST(VisibleText, NotesSetsTheSenderAboveTheLabels) {
    EXPECT_EQ(
        visible_text(
            "Yes.\n\n\"Shop\" <h@s.example> on 11/02/2026 04:51:22 PM\nTo:\tAnn Lee/HOU@ECT\ncc:\t\nSubject:\tRe: order\n\nold"),
        "Yes.");
    EXPECT_EQ(visible_text("Yes.\n\nShop Support@ECT\n11/02/2026 04:51 PM\nTo: Ann Lee\nSubject: order\n\nold"), "Yes.");
    EXPECT_EQ(visible_text("Send it\nTo: Ann Lee\nSubject: order"), "Send it\nTo: Ann Lee\nSubject: order");
}

TEST(VisibleText, ASentenceBelowAClosingKeepsIt) {
    const std::string text = "It leaks.\n\nThanks\n\nCan you call me at 555-0100";
    EXPECT_EQ(visible_text(text), text);
    EXPECT_EQ(visible_text("It leaks.\n\n-Ann Lee"), "It leaks.");
    EXPECT_EQ(visible_text("I need:\n- Paper\n- Ink"), "I need:\n- Paper\n- Ink");
}

TEST(VisibleText, TheFrameOfASignedTextGoes) {
    EXPECT_EQ(visible_text("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nIt leaks.\n- -- dashes\n-----BEGIN PGP "
                           "SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"),
              "It leaks.\n-- dashes");
}

TEST(VisibleText, AnswersBetweenMarkedLinesStay) {
    EXPECT_EQ(visible_text("On 2 Nov 2026 at 10:00, Shop wrote:\n> Did it help?\nNo.\n> Is it red?\nYes."), "No.\nYes.");
}

TEST(VisibleText, SeparatorsAndCopiedHeadersEndTheText) {
    EXPECT_EQ(visible_text("No.\n\n-----Original Message-----\nFrom: a\n"), "No.");
    EXPECT_EQ(visible_text("Nein.\n-----Ursprüngliche Nachricht-----\nVon: a\n"), "Nein.");
    EXPECT_EQ(visible_text("No.\n*From:* Shop <h@s.example>\n*Sent:* Monday\n*To:* Ann\n*Subject:* x\n\nold"), "No.");
    EXPECT_EQ(visible_text("Non.\n\nDe : Shop\nEnvoyé : lundi\nÀ : Ann\nObjet : x\n\nvieux"), "Non.");
    EXPECT_EQ(visible_text("No.\nVan: Shop\nVerzonden: maandag\nAan: Ann\nOnderwerp: x\noud"), "No.");
    EXPECT_EQ(visible_text("From: the kitchen came smoke.\nIt was the toaster."),
              "From: the kitchen came smoke.\nIt was the toaster.");
}

TEST(VisibleText, BoilerplateOfTelephonesGoes) {
    EXPECT_EQ(visible_text("It leaks.\nSent from my iPhone"), "It leaks.");
    EXPECT_EQ(visible_text("Es tropft.\nVon meinem iPhone gesendet"), "Es tropft.");
    EXPECT_EQ(visible_text("It leaks.\nGet Outlook for Android<https://aka.ms/x>"), "It leaks.");
    EXPECT_EQ(visible_text("Sent from my iPhone app the order never goes through to you."),
              "Sent from my iPhone app the order never goes through to you.");
}

TEST(VisibleText, OnlyQuotationLeavesNothing) {
    EXPECT_EQ(visible_text("> a\n> b\n"), "");
    EXPECT_EQ(visible_text(""), "");
    EXPECT_EQ(visible_text("On 2 Nov 2026, Shop <h@s.example> wrote:\n> a\n"), "");
}

TEST(VisibleText, ALineThatOnlyLooksQuotedByAnMboxStays) {
    EXPECT_EQ(visible_text("It failed.\n>From here on nothing worked.\nBye"), "It failed.\nFrom here on nothing worked.\nBye");
}

}  // namespace
}  // namespace resolute::mail
