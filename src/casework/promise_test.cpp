// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "casework/casework.h"

namespace resolute::casework {
namespace {

TEST(MoneyPromises, AreSeenInSevenLanguages) {
    for (const char* text : {
             "We will refund you $129.00.", "We have refunded your order.", "We've refunded the full amount.", "I have issued a refund of $50.", "We refunded it yesterday.",
             "We are refunding your payment today.", "We'll reimburse you for the shipping.", "Your refund of $900 has been approved.", "Your refund has been issued.",
             "Your refund is being processed.", "Your refund request has been approved.", "You will receive your money back within 5 days.", "You will get $40 back.",
             "You will be refunded in full.", "You'll receive a full refund.", "We are crediting your account with $20.", "We will credit $20 to your card.",
             "The amount of $49 will be refunded to your card.", "$49.00 has been credited to your account.", "We have processed your refund.", "We can refund you the difference.",
             "I am happy to refund your order.", "We will gladly refund you.", "A refund of €480 has been initiated.", "The refund is on its way.", "We'll send you the money back.",
             "You are entitled to a full refund.", "If you send the shirt back, we will refund you.", "Expect your refund within 5-10 business days.",
             "We're going ahead and giving you a $50 credit.", "We have reversed the charge.", "Your order has been refunded.", "We refund you the purchase price.",
             "You can expect a refund next week.", "We will return your money.", "We will not only apologise but we will refund you.", "We cannot send a new one, but we will refund you.",
             "Refund approved.", "You will receive your refund no later than Friday.", "Let me refund you right away.",
             "Wir erstatten Ihnen den Betrag.", "Wir haben Ihnen 480 € erstattet.", "Sie erhalten Ihr Geld zurück.", "Ihr Geld erhalten Sie zurück.", "Ihre Erstattung wurde veranlasst.",
             "Wir werden Ihnen den Kaufpreis zurückzahlen.", "Der Betrag wird Ihnen gutgeschrieben.", "Wir überweisen Ihnen 50 Euro zurück.", "Die Gutschrift haben wir veranlasst, Sie erhalten 20 € zurück.",
             "Du bekommst dein Geld zurück.", "Selbstverständlich erstatten wir Ihnen die Kosten.",
             "Nous vous remboursons 50 €.", "Nous avons remboursé votre commande.", "Vous serez remboursé sous 5 jours.", "Votre remboursement a été approuvé.", "Vous recevrez un remboursement intégral.",
             "Nous allons vous rembourser.", "Le montant sera recrédité sur votre compte.",
             "Le reembolsaremos el importe.", "Hemos reembolsado su pedido.", "Recibirá su reembolso en 5 días.", "Su reembolso ha sido aprobado.", "Te devolvemos el dinero.",
             "Le rimborseremo 50 €.", "Abbiamo rimborsato il suo ordine.", "Riceverà il rimborso entro 5 giorni.", "Il suo rimborso è stato approvato.", "Provvederemo al rimborso.",
             "Wij betalen u het bedrag terug.", "We hebben uw bestelling terugbetaald.", "U ontvangt uw geld terug.", "Uw terugbetaling is goedgekeurd.", "Je krijgt 50 euro terug.",
             "Reembolsaremos o valor.", "Vamos reembolsar o seu pedido.", "Você receberá o reembolso em 5 dias.", "Seu reembolso foi aprovado.", "O valor será estornado no seu cartão.",
         }) {
        EXPECT_EQ(find_money_promises(text).size(), 1U) << text;
    }
}

TEST(MoneyPromises, AreNotSeenInPoliciesQuestionsAndRefusals) {
    for (const char* text : {
             "Refunds are issued to the original payment method.", "Orders can be returned within 30 days.", "A refund takes five to ten business days.", "Refunds are not possible after 30 days.",
             "We cannot refund this order.", "We do not refund shipping costs.", "We are unable to refund you.", "We won't refund digital goods.", "You will not receive a refund.",
             "Would you like a refund?", "Did you receive your refund?", "Shall we refund you?", "We have received your refund request.", "We will process your refund request.",
             "Once a manager has approved it, we will refund you.", "We will refund you after approval.", "If the review is positive we refund the order.", "We will check your refund.",
             "We will review whether a refund is possible.", "We will look into your refund.", "Please see our refund policy.", "Customers receive a refund within 14 days.", "Unused items may be returned for a refund.",
             "To request a refund, open your orders.", "Your request is with a colleague who decides about the refund.", "We have updated your credit card.", "Items returned within 30 days will be refunded.",
             "We refund purchases within 14 days.", "Please tell us your order number.", "You will receive a confirmation by e-mail.", "You will hear back from us.", "We have received your message.",
             "A colleague will answer you within 1 hour.", "Our refund department is closed on Sundays.", "The refund is subject to approval.", "We might refund you.", "Gift cards are non-refundable.",
             "You can request a refund in your account.", "Thank you for your payment.", "We will send you an e-mail.", "Your subscription will be renewed.", "We no longer refund fees.",
             "Wir können den Betrag leider nicht erstatten.", "Wir erstatten Ihnen den Betrag nicht.", "Erstattungen erfolgen auf das ursprüngliche Zahlungsmittel.", "Eine Erstattung ist nicht möglich.",
             "Möchten Sie eine Erstattung?", "Sobald die Erstattung genehmigt ist, erstatten wir Ihnen den Betrag.", "Sie können die Ware innerhalb von 30 Tagen zurückgeben.", "Sie erhalten eine Bestätigung.",
             "Wir haben Ihre Anfrage erhalten.", "Nous ne pouvons pas vous rembourser.", "Les remboursements sont effectués sous 14 jours.", "Nous avons bien reçu votre demande.",
             "Si votre demande est approuvée, vous serez remboursé.", "Voulez-vous être remboursé ?", "No podemos reembolsar el pedido.", "Los reembolsos tardan 5 días.", "Hemos recibido su mensaje.",
             "Non possiamo rimborsare l'ordine.", "I rimborsi richiedono 5 giorni.", "Wij kunnen u het bedrag niet terugbetalen.", "Terugbetalingen duren 5 dagen.",
             "Não podemos reembolsar.", "Os reembolsos demoram 5 dias.", "", "   \n",
         }) {
        const auto promises = find_money_promises(text);
        EXPECT_TRUE(promises.empty()) << text;
    }
}

TEST(MoneyPromises, AreSeenThroughOtherClausesQuestionMarksAndIdioms) {
    for (const char* text : {
             "If the kettle did not work we will refund $900 to you.", "You get every cent back.", "After reviewing your case, we will refund you $900 today.",
             "Since it did not work we will refund you $900.", "No problem at all we will refund your 900 dollars tomorrow", "We'll refund you $900, okay?",
             "I have put $900 back on your card.", "Consider it refunded.", "The money will be on your account tomorrow.",
             "We have credited 900 USD to your card once our manager approved it.", "A check over $900 is in the mail.", "The $100 will be on your card in 5 days.",
             "We will not hesitate to refund you.", "We put $50 on your PayPal account.", "I am moving $75 to your account now.", "You get $30 back.", "You receive $30 on your card.",
             "We could not repair it so you will get $200 back.", "We received your return and $900 will be on your card tomorrow.", "We checked it and refund $900.",
             "Your refund of $900 has been approved, okay?", "We will, no problem, refund you.", "Our team will put $40 back on your card.", "My manager will refund you $900.",
             "A cheque for $40 was posted today.", "$900 is on its way to you.", "We are returning $900 to your card.", "When the review was done, we refunded you $900.",
             "We have decided to give you $900 back.", "We will refund you $900 anyway, even if it is not approved.", "The $900 goes back to your card, we promise.", "We are sending $900 to you.", "It is refunded.", "Expect $900 in your bank tomorrow.",
             "Wir buchen 900 € auf Ihre Karte.", "Weil es nicht ging erstatten wir Ihnen 900 €.", "Wir erstatten Ihnen 900 € weil es nicht ging.", "Leider ging es nicht wir erstatten Ihnen 900 €.",
             "Nach der Prüfung erstatten wir Ihnen 900 €.", "Nous mettons 900 € sur votre carte.", "Après examen de votre dossier, nous vous remboursons 900 €.", "Hemos puesto 900 € en su tarjeta.",
             "No se preocupe, le devolveremos 900 €.", "Abbiamo messo 900 € sulla sua carta.", "We zetten 900 euro op uw rekening.", "Wij boeken 900 euro naar uw rekening.", "Vamos colocar 900 € no seu cartão.",
         }) {
        EXPECT_EQ(find_money_promises(text).size(), 1U) << text;
    }
}

TEST(MoneyPromises, AreNotSeenWhereMoneyIsOnlySpokenOf) {
    for (const char* text : {
             "Refunds go back to the original payment method within 5 business days after approval.", "The device costs $99.", "Shipping is free over $50.", "Orders can be returned within 30 days.",
             "Invoices over $500 are paid by bank transfer.", "Your plan renews at $29.", "You can credit the amount of $29 to your team.", "We cannot refund $900.", "We will not refund $900.",
             "We will not put $900 back on your card.", "No refund of $900 has been issued.", "We have received your request for a refund of $900.", "We are checking the charge of $900 on your card.",
             "We will review your refund of $900.", "We charge $29 to your card each month.", "We have received your payment of $900 by card.", "We understand that you want $900 back.",
             "We will get back to you about the $900.", "Once a manager has approved it, we will refund you $900.", "As soon as a manager approves, we will refund you $900.",
             "If it is approved, you will receive $900 back.", "We will check whether we can refund you $900.", "Should we refund you $900?", "Have you received the refund of $900?",
             "The freight for a return costs $45.", "A restocking fee of $10 applies to returns.", "Standard shipping is free within the United States for orders over $150.",
             "Refunds of more than $500 need the approval of a manager.", "Your bank may need more time before the amount appears on a statement.", "Gift cards are sold from $10 to $500.",
             "You can pay $29 by credit card.", "We offer $5 off when you pay by credit card.", "To pay $29 a month, open your account.", "A test amount of $0.00 is used for this.",
             "The amount of $29 was charged to your card.", "You paid $900 with your card.", "We no longer refund fees of $5.", "We regret that we cannot refund the $900.", "You asked us to refund you $900.", "We have sent you the invoice for $900.",
             "Wir haben Ihre Zahlung von 900 € erhalten.", "Wir erstatten Ihnen die 900 € nicht.", "Wir haben Ihre Karte mit 29 € belastet.", "Das Gerät kostet 99 €.",
             "Nous ne vous remboursons pas 900 €.", "La livraison coûte 9 €.", "No le devolveremos 900 €.", "El envío cuesta 9 €.", "Wij kunnen u de 900 euro niet terugbetalen.",
         }) {
        const auto promises = find_money_promises(text);
        EXPECT_TRUE(promises.empty()) << text;
    }
}

TEST(MoneyPromises, NameTheLargestAmountAndTheSentence) {
    const auto promises = find_money_promises("Hello Ann,\n\nthank you. We will refund you $20 for shipping and $1,499.00 for the desk. Refunds take 5 days.");
    ASSERT_EQ(promises.size(), 1U);
    EXPECT_EQ(promises[0].sentence, "We will refund you $20 for shipping and $1,499.00 for the desk.");
    EXPECT_EQ(promises[0].amount, (Money{149900, "USD"}));
    const auto ambiguous = find_money_promises("Wir erstatten Ihnen 1.234 €.");
    ASSERT_EQ(ambiguous.size(), 1U);
    EXPECT_EQ(ambiguous[0].amount, (Money{123400, "EUR"}));
    const auto without = find_money_promises("You will be refunded.");
    ASSERT_EQ(without.size(), 1U);
    EXPECT_FALSE(without[0].amount);
}

TEST(MoneyPromises, AreEachFound) {
    EXPECT_EQ(find_money_promises("- We will refund you $20.\n- Your refund of €5 has been issued.\n- Have a nice day.").size(), 2U);
}

}  // namespace
}  // namespace resolute::casework
