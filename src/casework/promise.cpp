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
    {"it|this|that is|was|has ?been ?now|already refunded|reimbursed|repaid"},
    {"expect ?the ?your 0*|1*|2*|3*|4*|5*|6*|7*|8*|9* ..4 in|on|into your|the bank|card|account"},
    {"consider|count ..3 refunded|reimbursed|credited|repaid|compensated"},
    {"every|each|last cent|penny|dollar|euro ..4 back|refunded|returned|reimbursed|repaid", address},
    {"you ?will|ll get|receive|have|see ..4 money|cent|penny|dollar|dollars|euro|euros|payment|funds|everything ..2 back", address},
    {"money|amount|sum|funds|refund|payment|0*|1*|2*|3*|4*|5*|6*|7*|8*|9* ?dollars|usd|euro|euros|eur|pounds will|ll|is|are|should|has|have ?now|soon|be|been|arrive|land "
     "?again|back|now|soon|already on|in|into|to your|the ..3 account|card|bank|wallet|paypal"},
    {"check|cheque over|for|of ..4 is|was|has|will ..4 mail|post|way|sent|mailed|posted|follow|follows"},
    {"refund|reimbursement of ..4 confirmed|coming|scheduled|underway|done|gone|left|triggered"},
    {"0*|1*|2*|3*|4*|5*|6*|7*|8*|9* ?dollars|usd|euro|euros|eur|pounds is|are|will|has|have ..2 way|yours|back|refunded", address},
    {"will|shall ?gladly|happily|now|then|also refund|reimburse|repay|compensate you|your"},
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

/// The money hangs on an approval that is still to come. That something was reviewed, or is, promises all the same.
constexpr std::string_view kPendingApproval[] = {
    "once|if|when|until|unless|before|provided|after ..6 has|have|is|are|been|gets|get ..3 approved|authorised|authorized",
    "once|if|when|until|unless|before|provided ..6 approves|authorises|authorizes|agrees|decides|decided",
    "once|if|when approved|authorised|authorized",
    "if the|our review|assessment|decision is positive|favourable|favorable",
    "after ?a|the|its|their|an|our ?final|managers|manager ?s approval|authorisation|authorization",
    "as soon as ..8 approves|approved|authorises|authorizes",
    "subject to|depending|dependent ..5 approval|authorisation|authorization",
    "pending|awaiting ..3 approval|authorisation|authorization",
    "wenn|falls|sobald|vorbehaltlich|nach ..8 genehmigt|genehmigung|freigegeben|freigabe|zustimmt|zustimmung|genehmigen",
    "si|lorsque|quand|fois|reserve|des|apres ..8 approuve|approuvee|approuvera|approbation|valide|validee|accord",
    "si|cuando|vez|sujeto|tras ..8 aprobado|aprobada|apruebe|aprueba|aprobacion|autorice|autorizado",
    "se|quando|volta|appena|dopo ..5 approvato|approvata|approva|approvazione|autorizzato|autorizzata",
    "als|zodra|indien|mits|na ..8 goedgekeurd|goedkeurt|goedkeuring|akkoord",
    "se|quando|assim|apos ..5 aprovado|aprovada|aprovar|aprovacao|autorizado",
};
/// What is said to have happened hangs on nothing.
constexpr std::string_view kDone[] = {"have", "ve", "has", "had", "was", "were", "already", "just", "haben", "habe", "wurde", "wurden", "avons", "ai", "ete", "hemos",
                                      "abbiamo", "ho", "stato", "hebben", "heb", "foi", "refunded", "credited", "reimbursed", "repaid"};
constexpr std::string_view kAnyway[] = {"anyway", "regardless", "anyhow", "jedenfalls", "trotzdem", "sowieso", "irrespective"};

/// Who gives: a sentence of ours. Who is given: "you get". Who does neither: "when you pay".
constexpr std::string_view kGivers[] = {"we", "i", "wir", "ich", "nous", "je", "j", "wij", "ik", "hemos", "vamos", "abbiamo", "nosotros", "noi", "eu", "nos", "our", "my"};
constexpr std::string_view kReceivers[] = {"you", "sie", "du", "vous", "usted", "lei", "u", "je", "voce"};
constexpr std::string_view kReceiving[] = {"get", "gets", "receive", "have", "see", "find", "getting", "receiving", "erhalten", "bekommen", "bekommst", "erhaltst", "recevrez",
                                           "obtiendra", "recibira", "ricevera", "ontvangt", "krijgt", "recebera", "serez"};
constexpr std::string_view kClauseOpeners[] = {"when", "if", "that", "as", "because", "which", "what", "once", "and", "where", "after", "before", "while", "until", "than"};
constexpr std::string_view kClauseBreaks[] = {"and", "then", "so", "but", "therefore", "und", "dann", "aber", "et", "donc", "mais", "y", "pero", "e", "ma", "en", "maar", "mas"};

/// Words of money that goes back. Beside an amount and one of us they promise it.
constexpr std::string_view kReturnWords[] = {
    "refund|refunds|refunded|refunding|back|credit|credits|credited|crediting|reimburs*|return|returned|returning|repay|repaid|cheque|card|account|compensat*|compensation|paypal",
    "send|sending|sent|give|giving|gave|pay|paying|transfer|transferring|transferred|wire|wired ?you ?back ?the 0*|1*|2*|3*|4*|5*|6*|7*|8*|9*",
    "a|the|your|by check over|for|of|is|was|in",
    "erstatt*|ruckerstatt*|zuruck*|gutschr*|gutgeschr*|ruckzahl*|vergut*|konto|karte|kreditkarte|scheck|entschadig*|kompens*|uberweis*|uberwies*",
    "rembours*|recredit*|credit*|restitu*|compte|carte|cheque|virement|indemnis*|dedommag*",
    "reembols*|devolv*|devuelt*|devoluc*|abonar*|abonad*|reintegr*|cuenta|tarjeta|compens*",
    "rimbors*|accredit*|indietro|conto|carta|assegno|risarc*",
    "terug*|vergoed*|gecrediteerd|crediteren|rekening|kaart",
    "estorn*|conta|cartao|devoluc*",
};
/// What one does with a wish, a bill or a payment without giving money: "We have received your request for a refund of $900."
constexpr std::string_view kHandling[] = {
    "received|receive|charge|charged|charges|charging|bill|billed|debit|debited|invoice|invoiced|request*|ask*|want*|claim|claimed|check|checking|checked|review*|look|looking|"
    "looked|decide|decides|understand*|see|seen|find|found|notice*|noticed|deduct*|withhold*|accept|accepts|accepting|whether|wish*|about|regarding|cost|costs|examine*|investigat*|"
    "forwarded|passed|escalated|read|sell|deliver*",
    "erhalten|belast*|abgebucht|berechn*|abbuchen|pruf*|gepruft|anfrage|antrag|wunsch*|gebeten|fragen|frage|berechnet|verstehen|bezuglich|wegen|ob|weiter*",
    "recu|debit*|factur*|demand*|examin*|verifi*|prelev*|cobr*|recibido|solicit*|pedido|ricevuto|addebit*|richiest*|ontvangen|afgeschreven|verzoek|recebemos|pedimos",
};

constexpr std::string_view kNegations[] = {
    "not", "cannot", "never", "no", "unable", "neither", "nor", "cant", "wont", "dont", "doesnt", "didnt", "couldnt", "arent", "isnt", "hasnt", "havent", "wasnt", "shouldnt",
    "wouldnt", "nicht", "kein", "keine", "keinen", "keinerlei", "nie", "ne", "pas", "aucun", "jamais", "aucune", "tampoco", "nunca", "non", "nessun", "mai", "niet", "geen",
    "nooit", "nao", "nenhum", "may", "might", "could", "would", "konnten"};
/// "We will not hesitate to refund you" promises; so does "we will no later than Friday".
constexpr std::string_view kNoNegations[] = {"only", "nur", "later", "hesitate", "fail", "delay", "problem", "problems", "doubt", "worries", "matter", "alleen", "manquerons", "just", "seu", "sua", "cartao"};
/// What may stand between a negation and the phrase that it denies: "no refund has been issued", "no le devolveremos".
constexpr std::string_view kDenied[] = {"refund", "refunds", "money", "amount", "payment", "reimbursement", "compensation", "credit", "charge", "fee", "le", "les", "te", "os", "lo", "la",
                                        "se", "lhe", "ti", "vi", "erstattung", "geld", "betrag"};
/// In German and Dutch the "not" stands behind: "Wir erstatten Ihnen den Betrag nicht."
constexpr std::string_view kLateNegations[] = {"nicht", "niet", "kein", "keine", "keinen", "geen"};
/// A new clause, whose "not" is its own.
constexpr std::string_view kClauses[] = {"weil", "da", "denn", "obwohl", "und", "aber", "sondern", "dass", "wenn", "es", "wir", "omdat", "want", "maar", "en", "dat", "als", "wij", "we", "het"};
/// A question begins so, or it is a statement with a question mark: "We'll refund you $900, okay?"
constexpr std::string_view kAskers[] = {"would", "did", "do", "does", "shall", "should", "can", "could", "will", "have", "has", "had", "is", "are", "was", "were", "may", "might", "what",
                                        "when", "why", "how", "which", "who", "where", "whose", "mochten", "mochtest", "haben", "hat", "ist", "sind", "wurde", "konnen", "konnten", "soll",
                                        "sollen", "wann", "warum", "wie", "was", "wo", "werden", "wird", "erhalten", "bekommen", "voulez", "avez", "souhaitez", "quand", "comment", "pourquoi",
                                        "est", "quiere", "desea", "cuando", "como", "ha", "vuole", "desidera", "quando", "wilt", "heeft", "wanneer", "hoe", "deseja", "quer"};
constexpr std::string_view kNounSigns[] = {"your", "the", "a", "an", "any", "this", "that", "of", "for", "about", "each", "every", "full", "partial", "no", "our", "on"};
/// What "refund" only qualifies: "your refund request", "your credit card".
constexpr std::string_view kQualified[] = {"request", "requests", "claim", "claims", "application", "case", "policy", "policies", "inquiry", "query", "question", "form",
                                           "option", "options", "card", "cards", "rules", "terms", "process", "status", "note", "limit", "score", "department"};
constexpr std::string_view kApprovals[] = {"approve", "approved", "grant", "granted", "accepted", "authorised", "authorized"};
constexpr std::size_t kNegationReach = 3;  // How many words behind its subject a negation may stand.

bool is_one_of(std::string_view word, std::span<const std::string_view> list) { return std::ranges::find(list, word) != list.end(); }

const PhraseSet& rule_set() {
    static const PhraseSet set = [] {
        std::array<std::string_view, std::size(kRules)> phrases;
        std::ranges::transform(kRules, phrases.begin(), &Rule::phrase);
        return PhraseSet(phrases);
    }();
    return set;
}

bool is_negation(const Words& words, const Words::Sentence& sentence, std::size_t at) {
    if (!is_one_of(words.folded(at), kNegations)) return false;
    const std::string_view next = at + 1 < sentence.last ? words.folded(at + 1) : std::string_view();
    const bool is_no_longer_than = next == "longer" && at + 2 < sentence.last && words.folded(at + 2) == "than";
    return !is_one_of(next, kNoNegations) && !is_no_longer_than;
}

bool is_subject(std::string_view word) { return is_one_of(word, kGivers) || is_one_of(word, kReceivers); }

/// A negation denies what it stands in: between the subject and the verb, or before a noun. "It did not work we will refund" does not.
bool is_negated(const Words& words, const Words::Sentence& sentence, const PhraseSet::Match& match) {
    for (std::size_t i = match.first; i < match.last; ++i) {
        const bool is_aside = i > match.first && words.words()[i].follows_comma;
        if (!is_aside && is_negation(words, sentence, i)) return true;
    }
    if (!is_subject(words.folded(match.first))) {
        std::size_t before = match.first;
        while (before > sentence.first && !words.words()[before].follows_comma) {
            --before;
            if (is_negation(words, sentence, before)) return true;
            if (!is_one_of(words.folded(before), kDenied)) break;
        }
    }
    for (std::size_t i = match.last; i < sentence.last && !words.words()[i].follows_comma; ++i) {
        if (is_one_of(words.folded(i), kClauses)) break;
        if (is_one_of(words.folded(i), kLateNegations) && is_negation(words, sentence, i)) return true;
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

/// "We will check whether we can refund you."
bool is_open_question(const Words& words, const Words::Sentence& sentence, std::size_t first) {
    if (first == sentence.first) return false;
    const std::string_view before = words.folded(first - 1);
    if (before == "whether" || before == "ob") return true;
    static constexpr std::string_view kFinding[] = {"check", "see", "know", "decide", "decides", "clarify", "ask"};
    return before == "if" && first >= sentence.first + 2 && is_one_of(words.folded(first - 2), kFinding);
}

/// The question asks; it does not state. `first` is where what it might promise begins.
bool is_asked(const Words& words, const Words::Sentence& sentence, std::size_t first) {
    if (!sentence.is_question || !is_one_of(words.folded(sentence.first), kAskers)) return false;
    if (first == sentence.first || !is_subject(words.folded(first))) return true;
    return !words.words()[first].follows_comma && is_one_of(words.folded(first - 1), kAskers);
}

/// The match is a promise for a time after an approval.
bool is_pending(const Words& words, const Words::Sentence& sentence, const PhraseSet::Match& match) {
    static const PhraseSet pending(kPendingApproval);
    for (std::size_t i = sentence.first; i < sentence.last; ++i) {
        if (is_one_of(words.folded(i), kAnyway)) return false;
    }
    bool is_done = false;
    for (std::size_t i = match.first; i < match.last && i < match.first + 3; ++i) is_done = is_done || is_one_of(words.folded(i), kDone);
    bool is_found = false;
    pending.find(words, sentence, [&](const PhraseSet::Match& condition) {
        const bool is_inside = condition.first > match.first && condition.first < match.last;
        is_found = is_found || is_inside || !is_done;
    });
    return is_found;
}

/// The Romance "-emos", "-amos", "-iamo" stand for "we".
bool is_giver(std::string_view word) {
    if (is_one_of(word, kGivers)) return true;
    return word.size() >= 7 && (word.ends_with("remos") || word.ends_with("amos") || word.ends_with("iamo") || word.ends_with("remo"));
}

enum class Role { none, gives, receives, neutral };
Role role_of(const Words& words, const Words::Sentence& sentence, std::size_t at) {
    const std::string_view word = words.folded(at);
    if (is_one_of(word, kReceivers)) {
        for (std::size_t i = at + 1; i < sentence.last && i <= at + kNegationReach; ++i) {
            if (is_one_of(words.folded(i), kReceiving)) return Role::receives;
        }
        if (at > sentence.first && is_one_of(words.folded(at - 1), kReceiving)) return Role::receives;
        if (word == "je" && at + 1 < sentence.last && words.folded(at + 1) == "vous") return Role::gives;
        const bool begins_clause = at == sentence.first || words.words()[at].follows_comma || is_one_of(words.folded(at - 1), kClauseOpeners);
        return begins_clause ? Role::neutral : Role::none;
    }
    return is_giver(word) ? Role::gives : Role::none;
}

/// "We will get back to you", "your credit card": words of money used for something else.
bool is_idiom(const Words& words, const Words::Sentence& sentence, std::size_t at) {
    static constexpr std::string_view kAnswering[] = {"get", "come", "hear", "write", "call", "report", "look", "go", "getting", "coming", "reply"};
    static constexpr std::string_view kTowards[] = {"to", "from", "with", "at", "on", "in", "within", "about", "soon"};
    const std::string_view word = words.folded(at);
    const std::string_view next = at + 1 < sentence.last ? words.folded(at + 1) : std::string_view();
    if (word == "credit" && is_one_of(next, kQualified)) return true;
    return word == "back" && at > sentence.first && is_one_of(words.folded(at - 1), kAnswering) && is_one_of(next, kTowards);
}

/// The nearest subject before a word of return, or the first one behind it where none stands before.
std::optional<std::size_t> governor_of(const Words& words, const Words::Sentence& sentence, std::size_t at) {
    for (std::size_t i = at; i-- > sentence.first;) {
        if (role_of(words, sentence, i) != Role::none) return i;
    }
    for (std::size_t i = at + 1; i < sentence.last; ++i) {
        if (role_of(words, sentence, i) != Role::none) return i;
    }
    return std::nullopt;
}

/// The wish, the bill or the payment is what the subject deals with, up to the word of return.
bool is_handled(const Words& words, const Words::Sentence& sentence, std::size_t subject, std::size_t at) {
    static const PhraseSet handling(kHandling);
    static constexpr std::string_view kTakenAtTheEnd[] = {"belastet", "abgebucht", "berechnet", "afgeschreven"};
    if (subject > at) return false;
    for (std::size_t i = at; i < sentence.last && !is_one_of(words.folded(i), kClauseBreaks); ++i) {
        if (is_one_of(words.folded(i), kTakenAtTheEnd)) return true;
    }
    const bool receives = role_of(words, sentence, subject) == Role::receives;
    bool is_found = false;
    handling.find(words, sentence, [&](const PhraseSet::Match& match) {
        if (match.first <= subject || match.first >= at) return;
        if (receives && is_one_of(words.folded(match.first), kReceiving)) return;
        for (std::size_t i = match.last; i <= at; ++i) {
            if (words.words()[i].follows_comma || is_one_of(words.folded(i), kClauseBreaks)) return;
        }
        is_found = true;
    });
    return is_found;
}

/// Fails closed: an amount, a word of money that goes back and one of us who gives, or the reader who gets, make a promise.
bool gives_an_amount(const Words& words, const Words::Sentence& sentence) {
    static const PhraseSet returning(kReturnWords);
    bool is_found = false;
    returning.find(words, sentence, [&](const PhraseSet::Match& match) {
        if (is_found || is_idiom(words, sentence, match.first)) return;
        const auto subject = governor_of(words, sentence, match.first);
        if (!subject || role_of(words, sentence, *subject) == Role::neutral || is_handled(words, sentence, *subject, match.first)) return;
        if (is_negated(words, sentence, match)) return;
        const PhraseSet::Match reach{.phrase = 0, .first = *subject, .last = std::min(*subject + 1 + kNegationReach, sentence.last)};
        if (is_negated(words, sentence, reach) || is_open_question(words, sentence, *subject) || is_asked(words, sentence, *subject)) return;
        is_found = !is_pending(words, sentence, reach);
    });
    return is_found;
}

bool is_promise(const Words& words, const Words::Sentence& sentence, bool has_amount) {
    static const PhraseSet address(kAddress);
    bool is_found = false;
    rule_set().find(words, sentence, [&](const PhraseSet::Match& match) {
        if (is_found) return;
        const Needs needs = kRules[match.phrase].needs;
        if (needs == Needs::address && !has_amount && !address.matches(words, sentence)) return;
        if (needs == Needs::verb && is_noun_where_a_verb_is_needed(words, match)) return;
        if (is_only_a_qualifier(words, sentence, match) || is_negated(words, sentence, match)) return;
        if (is_open_question(words, sentence, match.first) || is_asked(words, sentence, match.first)) return;
        is_found = !is_pending(words, sentence, match);
    });
    return is_found || (has_amount && gives_an_amount(words, sentence));
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
