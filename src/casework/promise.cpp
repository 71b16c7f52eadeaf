// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "base/amounts.h"
#include "base/phrases.h"
#include "casework/casework.h"

namespace resolute::casework {
namespace {

/// When a phrase counts.
enum class Needs {
    nothing,  // It is a promise wherever it stands.
    address,  // "We refund purchases" is a policy; with "you", "your" or an amount it is a promise.
    verb,     // The last word must be a verb: "we will refund", not "we will check your refund".
};
struct Rule {
    std::string_view phrase;
    Needs needs = Needs::nothing;
};

using enum Needs;
constexpr Rule kRules[] = {
    // English
    {"we|i will|ll|shall|can|have|ve|are|re|am|m|had|d ..3 refund|refunded|refunding|reimburse|reimbursed|reimbursing|repay|repaid|compensate|compensated", verb},
    {"we|i will|ll|shall|can|have|ve|are|re|am|m ..3 credit|credited|crediting ?back you|your|the|this|it|back|0*|1*|2*|3*|4*|5*|6*|7*|8*|9*"},
    {"we|i ?just|also|already|gladly|fully refunded|reimbursed|repaid|credited"},
    {"we|i ?just|also|already|gladly|happily|fully|then refund|reimburse|credit|repay|compensate", address},
    {"we|i will|ll|shall|can|have|ve|are|re|am|m ..3 issue|issued|issuing|process|processed|processing|send|sent|sending|give|given|giving|grant|granted|granting|"
     "arrange|arranged|arranging|initiate|initiated|initiating|approve|approved|approving|offer|offered|offering|make|made|provide|provided|complete|completed|"
     "submit|submitted|authorise|authorised|authorize|authorized|start|started ..4 refund|reimbursement|compensation|credit", verb},
    {"we|i ?just|also|already issued|processed|sent|granted|arranged|initiated|approved|completed|authorised|authorized ..4 refund|reimbursement|compensation|credit", verb},
    {"we|i issue|process|send|grant|arrange|initiate|give|offer you|your ..3 refund|reimbursement|compensation|credit", verb},
    {"happy|glad|pleased|delighted to ..3 refund|reimburse|compensate|credit", address},
    {"let me ..2 refund|reimburse|credit you|your|this|the|it"},
    {"your refund|reimbursement|chargeback|credit ..9 is|was|be|been|being|are|were ..2 approved|issued|processed|initiated|sent|completed|paid|granted|released|"
     "authorised|authorized|credited|on|underway|accepted"},
    {"refund|reimbursement|compensation of ..8 is|was|be|been|being ..2 approved|issued|processed|initiated|sent|completed|paid|granted|credited|on|yours"},
    {"a|the|this|that|full|partial refund|reimbursement has|was|is ..2 approved|issued|processed|initiated|sent|completed|paid|granted|authorised|authorized|on|underway"},
    {"a|the refund|reimbursement will be ..2 issued|processed|sent|paid|granted|initiated|credited", address},
    {"refund ?request ?of ?for ..5 has been|was|is approved|granted|accepted"},
    {"refund approved|granted|issued|confirmed"},
    {"you will|ll|shall|should|are|re|can ..2 receive|get|have|see|find|receiving|getting|expect ..7 refund|reimbursement|refunded|compensation|cashback", verb},
    {"you will|ll|shall|should|are|re ..2 receive|get|have|see|receiving|getting ..5 money|funds"},
    {"you will|ll|shall|are|re ..2 receive|get|receiving|getting ..5 back", address},
    {"you will|ll|shall|have|ve|are|were ..2 be|been|being|fully ?fully refunded|reimbursed|credited|compensated|repaid"},
    {"you are|were|re refunded|reimbursed|credited|compensated"},
    {"you are|re entitled|eligible ..4 refund|reimbursement|compensation"},
    {"your money|payment|purchase|order|deposit|fee|charge|charges|item|ticket|subscription|account|card ..6 be|been|being ..1 refunded|reimbursed|credited|repaid|reversed"},
    {"money|amount|payment|charge|charges|fee|sum|total|difference|price|funds|deposit|balance ..6 be|been|being|is|was ..1 refunded|reimbursed|credited|repaid|reversed|"
     "returned|transferred", address},
    {"0*|1*|2*|3*|4*|5*|6*|7*|8*|9* ..6 be|been|being|was ..1 refunded|reimbursed|credited|repaid|reversed|returned", address},
    {"has|have been ..1 refunded|reimbursed|credited|repaid"},
    {"we|i will|ll|have|ve|are|re|am|shall|can ..3 return|returned|returning|transfer|transferred|send|sent|sending|pay|paid|paying|wire|wired|give|giving|reverse|reversed|"
     "reversing ..5 money|amount|payment|funds|charge|charges|deposit|fee|difference"},
    {"we|i will|ll|are|re|shall|can ..2 pay|give|send|return you ..5 back", address},
    {"expect|receive|see your|the refund|money|reimbursement", address},
    {"get|have your money back within|in|by|soon"},
    // German
    {"wir|ich werden|werde|haben|habe|konnen|kann ..8 erstatten|erstattet|ruckerstatten|ruckerstattet|zuruckerstatten|zuruckerstattet|gutschreiben|gutgeschrieben|"
     "zuruckzahlen|zuruckgezahlt|zuruckuberwiesen|zuruckuberweisen|zuruckgebucht"},
    {"werden|haben wir ..9 erstatten|erstattet|ruckerstattet|zuruckerstattet|gutschreiben|gutgeschrieben|zuruckzahlen|zuruckgezahlt|zuruckuberwiesen|zuruckuberweisen"},
    {"wir|ich erstatten|erstatte", address},
    {"erstatten|erstatte|uberweisen|zahlen|vergueten|verguten wir|ich", address},
    {"wir|ich schreiben|schreibe|zahlen|zahle|uberweisen|uberweise|buchen|buche ..8 gut|zuruck", address},
    {"schreiben|zahlen|uberweisen|buchen wir ..8 gut|zuruck", address},
    {"wir|ich ..6 erstattung|ruckerstattung|gutschrift|ruckzahlung ..6 veranlasst|genehmigt|angewiesen|ausgelost|veranlassen|freigegeben|gebucht"},
    {"sie|du|ihr erhalten|erhaltst|bekommen|bekommst|erhaltet ..8 zuruck|erstattung|ruckerstattung|erstattet|gutgeschrieben|gutschrift|ruckzahlung|kaufpreiserstattung"},
    {"erhalten|erhaltst|bekommen|bekommst sie|du ..8 zuruck|erstattung|ruckerstattung|erstattet|gutgeschrieben|gutschrift|ruckzahlung"},
    {"ihr|ihren|dein|deinen|ihre geld|kaufpreis|zahlung|betrag ..8 zuruck|erstattet|zuruckerstattet|gutgeschrieben|uberwiesen"},
    {"ihre|deine erstattung|ruckerstattung|gutschrift|ruckzahlung ..9 veranlasst|genehmigt|bearbeitet|angewiesen|ausgezahlt|unterwegs|uberwiesen|erfolgt|gebucht|"
     "freigegeben|bestatigt|bewilligt"},
    {"wird|wurde|werden|wurden ihnen|dir ..8 erstattet|gutgeschrieben|uberwiesen|zuruckgezahlt|zuruckerstattet|ruckerstattet|zuruckuberwiesen"},
    {"betrag|kaufpreis|geld|summe|gebuhr|zahlung|euro|eur ..3 wird|wurde|werden|wurden ..7 erstattet|gutgeschrieben|zuruckgezahlt|zuruckerstattet|ruckerstattet|zuruckuberwiesen",
     address},
    // French
    {"nous|je ..2 remboursons|rembourserons|rembourserai|recrediterons|crediterons|recreditons", address},
    {"nous|je vous rembours*|credit*|recredit*"},
    {"nous|j|je avons|ai|allons|vais ..3 rembours*|credite*|recredite*"},
    {"nous|j|je avons|ai|allons|vais ..3 emis|effectue|procede|valide|accorde|approuve|effectuer|emettre|proceder|accorder ..4 remboursement|avoir"},
    {"vous serez|etes|avez ..2 rembourse*|credite*|recredite*"},
    {"vous recevrez|obtiendrez|allez ..7 remboursement|rembourse*|argent"},
    {"votre remboursement|avoir ..6 ete|est|sera|a ..3 approuve*|effectue*|emis*|traite*|valide*|accepte*|accorde*|envoye*|route|cours"},
    {"montant|somme|argent|commande|paiement|euros ..5 sera|ete|seront|est ..3 rembourse*|recredite*|credite*|restitue*|reverse*", address},
    // Spanish
    {"le|te|les|os reembolsa*|devolve*|abona*|reintegra*|devolvi*"},
    {"reembolsaremos|devolveremos|abonaremos|reintegraremos|reembolsare|devolvere"},
    {"hemos|he ..3 reembolsad*|devuelto|abonad*|reintegrad*"},
    {"hemos|he ..3 emitid*|tramitad*|procesad*|aprobad*|realizad* ..4 reembolso|devolucion|abono"},
    {"vamos|voy a ..2 reembols*|devolv*|abon*|reintegr*"},
    {"recibira|recibiras|recibiran|tendra|obtendra|obtendras ..6 reembolso|devolucion|dinero|reintegro"},
    {"su|tu reembolso|devolucion|reintegro ..8 aprobad*|emitid*|procesad*|realizad*|tramitad*|enviad*|camino|aceptad*"},
    {"sera|seras|fue|sido ..2 reembolsad*|devuelt*|reintegrad*|abonad*", address},
    // Italian
    {"le|ti|vi ..1 rimborsiamo|rimborseremo|rimborsero|rimborso|accreditiamo|accrediteremo|restituiamo|restituiremo|accredito|accreditero"},
    {"rimborseremo|restituiremo|accrediteremo"},
    {"abbiamo|ho ..4 rimborsat*|accreditat*|restituit*"},
    {"abbiamo|ho ..3 emess*|effettuat*|dispost*|approvat*|elaborat* ..4 rimborso|accredito"},
    {"provvederemo|provvediamo|procederemo|procediamo ..4 rimbors*|accredit*"},
    {"ricevera|riceverai|riceverete|avra|otterra ..6 rimborso|denaro|soldi|indietro"},
    {"suo|tuo|vostro rimborso ..8 approvat*|emess*|elaborat*|effettuat*|dispost*|accettat*|arrivo|inviat*"},
    {"sara|stato|verra|verrai|sarai|stata ..2 rimborsat*|accreditat*|restituit*", address},
    // Dutch
    {"wij|we|ik ..9 terugbetalen|terugstorten|terugbetaald|teruggestort|vergoeden|crediteren|gecrediteerd|vergoed"},
    {"wij|we|ik betalen|betaal|storten|stort|boeken|boek ..9 terug", address},
    {"betalen|storten|boeken wij|we ..9 terug", address},
    {"u|je ontvangt|krijgt ..8 terug|terugbetaling|restitutie|vergoeding|teruggestort|terugbetaald|teruggave"},
    {"ontvangt|krijgt u|je ..8 terug|terugbetaling|restitutie|vergoeding|teruggestort|terugbetaald"},
    {"uw|je|jouw terugbetaling|restitutie|vergoeding ..8 goedgekeurd|verwerkt|uitgevoerd|onderweg|toegekend|verstuurd|overgemaakt"},
    {"wordt|is|werd|worden|zijn ..7 terugbetaald|teruggestort|vergoed", address},
    // Portuguese
    {"reembolsaremos|devolveremos|creditaremos|estornaremos|restituiremos"},
    {"vamos|vou|iremos ..3 reembolsar|devolver|estornar|creditar|restituir", address},
    {"nos|ja reembolsamos|estornamos|devolvemos|creditamos"},
    {"reembolsamos|estornamos|creditamos", address},
    {"foi|sera|sido|foram ..2 reembolsad*|estornad*|creditad*|devolvid*|restituid*", address},
    {"recebera|receberas|tera ..6 reembolso|dinheiro|estorno|devolucao"},
    {"seu|sua|teu reembolso|estorno|devolucao ..8 aprovad*|emitid*|processad*|efetuad*|realizad*|enviad*|caminho|concluid*"},
};

/// Who is spoken to.
constexpr std::string_view kAddress[] = {
    "you|your|yours|ihnen|ihr|ihre|ihren|ihrem|ihrer|dir|dich|dein|deine|deinen|euch|vous|votre|vos|usted|su|sus|tu|te|le|ti|tuo|suo|sua|lei|vi|u|uw|je|jou|jouw|voce|lhe|seu|teu"};

/// The money hangs on a decision that is still to come.
constexpr std::string_view kPendingApproval[] = {
    "once|after|if|when|until|unless|before|pending|whether|provided ..8 approv*|review*|authori*|assess*|decid*|decision|manager",
    "as soon as ..8 approv*|review*|authori*|decid*",
    "subject to|depending|dependent ..5 approv*|review*|authori*|assess*|decision",
    "pending|awaiting ..3 approv*|review*|authori*",
    "whether ..6 refund*|reimburs*",
    "wenn|falls|sobald|ob|nachdem|vorbehaltlich|nach ..8 genehmig*|freigegeb*|freigab*|gepruft|prufung|zustimm*|geschaftsfuhr*|vorgesetzt*|entscheid*|entschieden",
    "si|apres|lorsque|quand|fois|reserve|des ..8 approuv*|approbation|valid*|accord*|examin*|decision",
    "si|cuando|vez|tras|despues|sujeto ..8 aprob*|aprueb*|autoriz*|revis*|decision",
    "se|dopo|quando|volta|appena ..5 approva*|autorizz*|esamin*|verific*",
    "als|zodra|nadat|indien|na|mits|of ..8 goedgekeurd|goedkeur*|beoorde*|akkoord|beslis*",
    "se|apos|depois|quando|assim ..5 aprovad*|aprovac*|autoriz*|analis*",
};

constexpr std::string_view kNegations[] = {
    "not", "cannot", "never", "no", "unable", "neither", "nor", "without", "cant", "wont", "dont", "doesnt", "didnt", "couldnt", "arent", "isnt", "hasnt",
    "havent", "wasnt", "shouldnt", "nicht", "kein", "keine", "keinen", "keinerlei", "nie", "leider", "ohne", "pas", "aucun", "jamais", "aucune", "tampoco",
    "nunca", "non", "nessun", "mai", "niet", "geen", "nooit", "nao", "nenhum", "sin", "senza", "zonder", "sem", "may", "might", "could", "would", "konnten",
    "wurden wir"};
/// In German and Dutch the "not" stands behind: "Wir erstatten Ihnen den Betrag nicht."
constexpr std::string_view kLateNegations[] = {"nicht", "niet", "kein", "keine", "keinen", "geen"};
constexpr std::string_view kNounSigns[] = {"your", "the", "a", "an", "any", "this", "that", "of", "for", "about", "each", "every", "full", "partial", "no", "our", "on"};
/// What "refund" only qualifies: "your refund request", "your credit card".
constexpr std::string_view kQualified[] = {"request", "requests", "claim", "claims", "application", "case", "policy", "policies", "inquiry", "query", "question", "form",
                                           "option", "options", "card", "cards", "rules", "terms", "process", "status", "note", "limit", "score", "department"};
constexpr std::string_view kApprovals[] = {"approve", "approved", "grant", "granted", "accepted", "authorised", "authorized"};
constexpr std::size_t kWordsBeforeMax = 4;  // How far before a phrase its negation may stand.

bool is_one_of(std::string_view word, std::span<const std::string_view> list) { return std::ranges::find(list, word) != list.end(); }

const PhraseSet& rule_set() {
    static const PhraseSet set = [] {
        std::array<std::string_view, std::size(kRules)> phrases;
        std::ranges::transform(kRules, phrases.begin(), &Rule::phrase);
        return PhraseSet(phrases);
    }();
    return set;
}

bool is_negated(const Words& words, const Words::Sentence& sentence, const PhraseSet::Match& match) {
    std::size_t first = match.first;
    for (std::size_t i = 0; i < kWordsBeforeMax && first > sentence.first && !words.words()[first].follows_comma; ++i) --first;
    for (std::size_t i = first; i < match.last; ++i) {
        const bool is_only = i + 1 < sentence.last && (words.folded(i + 1) == "only" || words.folded(i + 1) == "nur");
        // Spanish and Portuguese "no" and the Portuguese contraction "no" (in the) differ only by what follows; "no later" is no "no".
        const bool is_later = i + 1 < sentence.last && (words.folded(i + 1) == "later" || words.folded(i + 1) == "longer");
        if (is_one_of(words.folded(i), kNegations) && !is_only && !is_later) return true;
    }
    for (std::size_t i = match.last; i < sentence.last && !words.words()[i].follows_comma; ++i) {
        if (is_one_of(words.folded(i), kLateNegations)) return true;
    }
    return false;
}

bool is_noun_where_a_verb_is_needed(const Words& words, const PhraseSet::Match& match) {
    const std::string_view last = words.folded(match.last - 1);
    const bool is_ambiguous = last == "refund" || last == "credit";
    if (!is_ambiguous) return false;
    for (std::size_t i = match.first; i + 1 < match.last; ++i) {
        // "issue … a refund" has its verb; "check your refund" has none that gives.
        static constexpr std::string_view kGiving[] = {"issue", "process", "send", "give", "grant", "arrange", "initiat", "approv", "offer", "make", "made", "provid",
                                                       "complet", "submit", "authori", "start", "sent", "giv", "receiv", "get", "see", "have", "find", "expect", "is"};
        for (const std::string_view verb : kGiving) {
            if (i > match.first + 1 && words.folded(i).starts_with(verb)) return false;
            if (i == match.first + 1 && words.folded(i).starts_with(verb) && words.folded(i) != "have") return false;
        }
    }
    return is_one_of(words.folded(match.last - 2), kNounSigns);
}

bool is_only_a_qualifier(const Words& words, const Words::Sentence& sentence, const PhraseSet::Match& match) {
    if (match.last >= sentence.last || !is_one_of(words.folded(match.last), kQualified)) return false;
    for (std::size_t i = match.first; i < sentence.last; ++i) {
        if (is_one_of(words.folded(i), kApprovals)) return false;
    }
    return true;
}

bool is_promise(const Words& words, const Words::Sentence& sentence, bool has_amount) {
    static const PhraseSet address(kAddress);
    static const PhraseSet pending(kPendingApproval);
    if (sentence.is_question) return false;
    bool is_found = false;
    rule_set().find(words, sentence, [&](const PhraseSet::Match& match) {
        if (is_found) return;
        const Needs needs = kRules[match.phrase].needs;
        if (needs == Needs::address && !has_amount && !address.matches(words, sentence)) return;
        if (needs == Needs::verb && is_noun_where_a_verb_is_needed(words, match)) return;
        if (is_only_a_qualifier(words, sentence, match) || is_negated(words, sentence, match)) return;
        is_found = true;
    });
    return is_found && !pending.matches(words, sentence);
}

std::optional<Money> largest_of(std::string_view text) {
    std::optional<Money> largest;
    for (const AmountMention& mention : find_amounts(text)) {
        const Money& money = mention.money ? *mention.money : mention.readings.back();
        if (!largest || money.minor > largest->minor) largest = money;
    }
    return largest;
}

}  // namespace

std::vector<MoneyPromise> find_money_promises(std::string_view text) {
    std::vector<MoneyPromise> promises;
    const Words words(text);
    for (const Words::Sentence& sentence : words.sentences()) {
        const std::string_view written = Words::as_written(text, sentence);
        const std::optional<Money> amount = largest_of(written);
        if (is_promise(words, sentence, amount.has_value())) promises.push_back({std::string(written), amount});
    }
    return promises;
}

}  // namespace resolute::casework
