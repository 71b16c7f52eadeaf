// SPDX-License-Identifier: Apache-2.0
#include "language/templates.h"

namespace resolute::language {
namespace {

constexpr Templates kEnglish{
    .language = "en", .hello_named = "Hello {},", .hello_named_formal = "Dear {},", .hello = "Hello,", .closing = "Kind regards",
    .acknowledgment_subject = "We have received your message",
    .acknowledgment_thanks = "Thanks for writing to us. We have received your message and are looking into it.",
    .acknowledgment_thanks_formal = "Thank you for your message, which we have received.",
    .acknowledgment_ticket = "Your ticket number is {}.",
    .acknowledgment_time = "You can expect our answer within {}.",
    .acknowledgment_next = "What happens next: we read your request, look for the answer, and write to you at this address. If a colleague needs to take over, we pass everything on, so you need not explain it twice.",
    .acknowledgment_reply = "To add something, simply reply to this e-mail.",
    .resolution_subject = "Our answer to your request",
    .resolution_opening = "Here is our answer to your request (ticket {}).",
    .resolution_opening_repeat = "We are sorry that your request (ticket {}) is not settled yet. With what you wrote since, this is the best that we have on it.",
    .resolution_second = "About the other part of your request:",
    .resolution_alternative = "If that is not what you meant, this may be it:",
    .resolution_granted = "The refund of {} for order {} has been approved.",
    .resolution_granted_plain = "The refund of {} has been approved.",
    .resolution_source = "Source:",
    .resolution_person = "If you would rather have a person look at this, reply to this e-mail with the word \"person\", and a colleague will take over.",
    .resolution_reply = "If this does not solve it, simply reply to this e-mail.",
    .follow_up_subject = "Did our answer help?",
    .follow_up_question = "Two days ago we answered your request (ticket {}). How satisfied are you with our help?",
    .follow_up_scale = "Please reply with a number from 1 (not at all) to 5 (very satisfied).",
    .follow_up_problem = "If the problem is still there, reply and tell us what happens, and we will look at it again.",
    .agent_subject = "Answer to your request",
    .agent_opening = "Here is our answer to your request (ticket {}).",
    .hour = "hour", .hours = "hours", .minute = "minute", .minutes = "minutes", .day = "day", .days = "days",
};

constexpr Templates kGerman{
    .language = "de", .hello_named = "Hallo {},", .hello_named_formal = "Guten Tag {},", .hello = "Guten Tag,", .closing = "Mit freundlichen Grüßen",
    .acknowledgment_subject = "Wir haben Ihre Nachricht erhalten",
    .acknowledgment_thanks = "Danke, dass Sie uns geschrieben haben. Ihre Nachricht ist angekommen, wir kümmern uns darum.",
    .acknowledgment_thanks_formal = "Vielen Dank für Ihre Nachricht, die wir erhalten haben.",
    .acknowledgment_ticket = "Ihre Ticketnummer ist {}.",
    .acknowledgment_time = "Sie können innerhalb von {} mit unserer Antwort rechnen.",
    .acknowledgment_next = "So geht es weiter: Wir lesen Ihr Anliegen, suchen die Antwort und schreiben Ihnen an diese Adresse. Muss eine Kollegin oder ein Kollege übernehmen, geben wir alles weiter, damit Sie nichts doppelt erklären müssen.",
    .acknowledgment_reply = "Wenn Sie etwas ergänzen möchten, antworten Sie einfach auf diese E-Mail.",
    .resolution_subject = "Unsere Antwort auf Ihr Anliegen",
    .resolution_opening = "Hier ist unsere Antwort auf Ihr Anliegen (Ticket {}).",
    .resolution_opening_repeat = "Es tut uns leid, dass Ihr Anliegen (Ticket {}) noch offen ist. Nach dem, was Sie seither geschrieben haben, ist dies das Beste, was wir dazu haben.",
    .resolution_second = "Zum anderen Teil Ihres Anliegens:",
    .resolution_alternative = "Falls Sie etwas anderes meinten, hilft vielleicht dies:",
    .resolution_granted = "Die Erstattung von {} für die Bestellung {} wurde genehmigt.",
    .resolution_granted_plain = "Die Erstattung von {} wurde genehmigt.",
    .resolution_source = "Quelle:",
    .resolution_person = "Wenn sich lieber ein Mensch darum kümmern soll, antworten Sie auf diese E-Mail mit dem Wort \"Mensch\", dann übernimmt jemand aus unserem Team.",
    .resolution_reply = "Falls das nicht hilft, antworten Sie einfach auf diese E-Mail.",
    .follow_up_subject = "Hat unsere Antwort geholfen?",
    .follow_up_question = "Vor zwei Tagen haben wir Ihr Anliegen (Ticket {}) beantwortet. Wie zufrieden sind Sie mit unserer Hilfe?",
    .follow_up_scale = "Bitte antworten Sie mit einer Zahl von 1 (gar nicht) bis 5 (sehr zufrieden).",
    .follow_up_problem = "Besteht das Problem noch, antworten Sie und schreiben Sie uns, was geschieht; wir sehen es uns dann erneut an.",
    .agent_subject = "Antwort auf Ihr Anliegen",
    .agent_opening = "Hier ist unsere Antwort auf Ihr Anliegen (Ticket {}).",
    .hour = "Stunde", .hours = "Stunden", .minute = "Minute", .minutes = "Minuten", .day = "Tag", .days = "Tagen",
};

constexpr Templates kFrench{
    .language = "fr", .hello_named = "Bonjour {},", .hello_named_formal = "Bonjour {},", .hello = "Bonjour,", .closing = "Cordialement",
    .acknowledgment_subject = "Nous avons bien reçu votre message",
    .acknowledgment_thanks = "Merci de nous avoir écrit. Votre message est bien arrivé et nous nous en occupons.",
    .acknowledgment_thanks_formal = "Nous vous remercions de votre message, que nous avons bien reçu.",
    .acknowledgment_ticket = "Votre numéro de ticket est {}.",
    .acknowledgment_time = "Vous pouvez compter sur notre réponse dans un délai de {}.",
    .acknowledgment_next = "La suite : nous lisons votre demande, cherchons la réponse et vous écrivons à cette adresse. Si un collègue doit prendre le relais, nous lui transmettons tout, afin que vous n'ayez rien à répéter.",
    .acknowledgment_reply = "Pour ajouter une précision, répondez simplement à cet e-mail.",
    .resolution_subject = "Notre réponse à votre demande",
    .resolution_opening = "Voici notre réponse à votre demande (ticket {}).",
    .resolution_opening_repeat = "Nous regrettons que votre demande (ticket {}) ne soit pas encore réglée. D'après ce que vous avez écrit depuis, voici ce que nous avons de mieux à ce sujet.",
    .resolution_second = "Pour l'autre partie de votre demande :",
    .resolution_alternative = "Si vous vouliez dire autre chose, ceci peut vous aider :",
    .resolution_granted = "Le remboursement de {} pour la commande {} a été approuvé.",
    .resolution_granted_plain = "Le remboursement de {} a été approuvé.",
    .resolution_source = "Source :",
    .resolution_person = "Si vous préférez qu'une personne s'en occupe, répondez à cet e-mail avec le mot « personne », et un collègue prendra le relais.",
    .resolution_reply = "Si cela ne suffit pas, répondez simplement à cet e-mail.",
    .follow_up_subject = "Notre réponse vous a-t-elle aidé ?",
    .follow_up_question = "Il y a deux jours, nous avons répondu à votre demande (ticket {}). Êtes-vous satisfait de notre aide ?",
    .follow_up_scale = "Merci de répondre par un chiffre de 1 (pas du tout) à 5 (très satisfait).",
    .follow_up_problem = "Si le problème persiste, répondez en décrivant ce qui se passe et nous l'examinerons de nouveau.",
    .agent_subject = "Réponse à votre demande",
    .agent_opening = "Voici notre réponse à votre demande (ticket {}).",
    .hour = "heure", .hours = "heures", .minute = "minute", .minutes = "minutes", .day = "jour", .days = "jours",
};

}  // namespace

const Templates& templates_for(std::string_view language) {
    if (language.starts_with("de")) return kGerman;
    if (language.starts_with("fr")) return kFrench;
    return kEnglish;
}

}  // namespace resolute::language
