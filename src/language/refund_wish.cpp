// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "language/signals.h"

namespace resolute::language {
namespace {

/// The noun itself. It is a wish unless the sentence denies it, asks for the policy, or reports that it came.
constexpr std::string_view kNouns[] = {
    "refund|refun|refunds|refunded|refunding", "reimburs*", "chargeback|chargebacks", "charge back", "moneyback", "erstatt*|ruckerstatt*|zuruckerstatt*|kostenerstatt*|ruckzahlung*",
    "rembours*", "reembols*", "rimbors*", "terugbetal*|terugbetaald|restitutie|teruggave|terugstort*|teruggestort", "estorno|estornar|estornem", "compensation|compensate|compensated",
    "schadenersatz|entschadigung|entschadigen", "dedommag*|indemnis*", "indemniz*|indeniz*|ressarci*", "risarci*", "schadevergoeding|compensatie", "reintegro|reintegr*",
};
/// Wishes that need no noun.
constexpr std::string_view kWishes[] = {
    "money back", "my|our money ..3 back|returned", "get|want|have|need|give|gave|expect|demand|like|getting|receive ..6 money|payment|deposit|cash|funds|price|amount|sum|cost|costs|fee|fees ..3 back", "money ..4 returned|back",
    "get|want|need|give|expect|demand ..2 my|our ..3 back", "pay|paid me|us ..4 back", "get|want|expect|demand ..5 back|refunded ..3 what i|we paid", "want|need|get|demand ..4 what i|we paid", "back what i|we paid",
    "give|send|return|transfer ..2 me|us ..2 money", "return the|my|our|all ..3 money|payment|amount|fee|funds|deposit|charge|difference|balance", "credit me|us", "credit my|our account|card|bank", "credit the ..3 to|back", "return|transfer|put|send|pay ..5 to|on|onto|into my|our ?credit|debit|bank card|account|paypal",
    "credited ?back to my|our", "reverse|reversed|reversal ..5 charge|charges|payment|transaction|fee|debit", "dispute|disputing ..6 charge|payment|transaction|bank|card|paypal", "open ..2 dispute", "repay me|us|the|my",
    "return ..5 for money|cash|credit",
    "right of withdrawal", "withdraw from ..4 contract|purchase|order", "take ..2 back ..5 money",
    "charged|billed|paid|debited ..6 twice|double|duplicate|again ..9 fix|correct|reverse|remove|rectify|back|return", "double|duplicate charge|payment ..9 fix|correct|reverse|remove|rectify|back|return", "fix|correct|reverse|remove|return ..6 double|duplicate|extra|wrong charge|payment",
    "waive|remove|cancel|drop ..4 fee|charge|charges", "cancel ..8 get|have ..3 back", "money|cash instead", "full amount back", "want ..5 back ..3 to|on|in my|our card|account|bank", "difference ..2 back|refunded|returned", "store|account credit",
    "partial|full|complete refund", "back to|on|into my|our ?credit|debit|bank card|account|paypal", "back my|our money|payment|deposit",
    // German
    "geld ..5 zuruck*", "zuruck ..3 geld", "zuruckhaben|zuruckbekommen|zuruckfordern|zuruckverlangen|wiederhaben|zuruckerhalten", "zuruckzahl*|zuruckuberweis*|zuruckbuch*|zurucküberweis*|gutschreib*|ruckbuch*|zuruckgebucht", "uberweisen|zahlen sie ..6 zuruck",
    "widerruf|widerrufe|widerrufen|widerrufsrecht", "vom kauf|vertrag ..3 zuruck*", "gutschrift ..5 mein|meine|mir|meinem|konto", "betrag|kaufpreis|summe ..6 zuruck*|wieder",
    // French
    "mon|notre|l argent ..3 retour", "recuperer|rendre|rendez|restituer|restituez ..4 argent|somme|montant|acompte|caution", "rendez moi", "retractation|retracter", "recrediter|recreditez|crediter|creditez ..4 compte|carte|mon|ma",
    // Spanish
    "devolv*|devuelv*|devuelta ..5 dinero|importe|pago|cobro|cargo|pagado", "mi dinero", "devolucion|devoluciones ..5 dinero|importe|pago|cobro|cargo|pagado|precio|total", "devuelvan*|devuelvanme|devolverme", "recuperar ..3 dinero|importe", "desistimiento|desistir", "abonen|abonarme|abonar ..4 mi|cuenta|tarjeta",
    // Italian
    "indietro|restituire|restituite|restituiscano|ridatemi|rendetemi|riavere ..4 soldi|denaro|importo|pagato|miei", "soldi|denaro ..4 indietro", "recesso|recedere", "accreditare|riaccredit* ..4 mio|conto|carta",
    // Dutch
    "geld ..5 terug", "terug ..3 geld", "bedrag ..5 terug*", "stort|betaal ..6 terug", "herroepingsrecht|bedenktijd",
    // Portuguese
    "dinheiro ..3 de volta", "meu|o dinheiro ..5 volta|devolvid*", "devolv* ..5 dinheiro|valor|pagamento|quantia", "devolvam|devolva", "devolucao ..5 dinheiro|valor|pagamento|quantia", "creditar|creditem ..4 minha|conta|cartao", "livre resolucao|arrependimento",
};
/// An amount of money stands for "money" (see with_amounts_masked): these ask for it back.
constexpr std::string_view kAmountsBack[] = {
    "want|need|get|getting|demand|expect|like|require|claim|receive|have|give|pay|send|owe|owed|credit|put|transfer|wish ..5 jj* ..2 back|returned|refunded|credited|reversed|waived|undone", "give|take|send|pay|get|put|transfer|want|wire|hand|claim back ..4 jj*", "owe|owes|owing ..1 me|us ..4 jj*", "you|still owe|owes jj*", "am|are|is owed ..3 jj*", "return|undo|undoing|reverse|revoke|waive|repay|unwind ..6 jj*", "cancel|void|drop|remove ..3 charge|charges|payment|fee|debit|transaction ..3 jj*", "cancel|void|drop|remove the|this|that jj* ?charge|payment|fee|debit", "entitled ..5 jj*", "credit ..3 jj* ..3 to|on|onto|into my|our|the",
    "demand|want|get|need|expect|give|pay|have|claim|return|send ..3 0*|1*|2*|3*|4*|5*|6*|7*|8*|9* back", "return|refund|repay|give|send|pay ..2 what|everything|all i|we paid|spent",
    "jj* ..4 zuruck|wieder", "zuruck ..4 jj*", "schulden|schuldet|schuldest mir|uns ..4 jj*", "storno|stornier* ..5 jj*", "jj* ..3 stornieren|erlassen|stornierung", "recuper*|rendre|rendez|rends|restitu* ..6 jj*", "me|nous devez|doit|dois ..4 jj*", "annul* ..3 paiement|prelevement|debit|frais ..4 jj*",
    "jj* ..3 de vuelta|volta", "de vuelta|volta ..4 jj*", "devolv*|devuelv*|recuper*|reav*|restitu* ..5 jj*", "me|nos debe|deben|debes|debeis|deve|devem ..4 jj*", "devem|deve me|nos ..4 jj*", "anul*|revert*|revierta* ..3 pago|cargo|cobro|pagamento|cobranca ..4 jj*",
    "indietro|riavere|ridat*|ridarmi|rendet*|rendermi|rivoglio|rivogliamo|rivorrei ..5 jj*", "jj* ..3 indietro", "mi|ci dovete|deve|devi|devono ..4 jj*", "annull*|storn* ..4 jj*", "jj* ..4 terug|terughebben|terugkrijgen|terugvragen|terugvorderen|teruggeven", "terug ..4 jj*", "terughebben|terugkrijgen|terugvragen|terugvorderen|teruggeven|terugkrijg ..4 jj*|geld", "me|mij|ons ..2 jj* ..2 schuldig|verschuldigd",
};
/// These ask for an amount that may as well be a discount or a voucher.
constexpr std::string_view kAmountsAsked[] = {
    "send|give|transfer|wire|pay ..1 me|us ..2 jj*", "want|need|demand|claim ..1 my|our|those|these jj*", "demand|insist ..2 jj*", "uberweisen|uberweist|zahlen|geben|gib|gebt ..2 mir|uns ..3 jj*", "fordere|verlange|fordern|verlangen ..2 jj*", "donnez|versez moi|nous ..2 jj*", "exijo|reclamo|pretendo|exigo|eis ..2 jj*", "quiero|quero|voglio|wil|veux ..1 mis|meus|miei|mijn|mes jj*",
};
constexpr std::string_view kNoMoneyBack[] = {"discount*|off|quote|quotation|voucher|vouchers|coupon|coupons|cheaper|loan|gift|credit ?limit|rabatt*|gutschein*|nachlass|kredit|remise|reduction|rabais|bon|descuento|desconto|cupon|cupom|sconto|buono|korting|kortingscode|angebot|devis|presupuesto|preventivo|offerte|orcamento"};
/// More was taken than agreed; a wish only where somebody is to put it right, in the same breath or the next one.
constexpr std::string_view kOvercharges[] = {
    "overcharg*|overbill*", "charged|billed|debited|paid|took ..6 jj* ..3 too|instead|extra|more", "charged|billed|debited ..3 too much", "charged|billed|debited ..2 wrong*|incorrect* ..6 jj*", "invoice|bill says|shows|states|lists|reads jj* ..2 but|instead|although|while|though", "zu viel ..3 berechnet|abgebucht|bezahlt|gezahlt|belastet", "trop ..3 facture|preleve|paye|debite", "cobrado|cobraron|cobraram|pagado|pago ..4 de mas|mais", "addebitato|pagato ..4 piu|troppo", "teveel|veel ..3 betaald|berekend|afgeschreven",
};
constexpr std::string_view kFixes[] = {
    "please|kindly|must|can|could|want|need|would|to ..4 fix|correct|rectify|reverse|adjust|remove|sort|resolve|undo", "fix|correct|rectify|reverse|adjust this|it|that", "bitte|mussen|konnen ..6 korrigieren|beheben|berichtigen|andern", "korrigieren|beheben|berichtigen sie", "corriger|corrigez|rectifier|rectifiez|regulariser", "corrijan|corrija|corregir|corrijam|corrigir|rectifiquen|arreglen", "correggete|correggere|sistemare|rettificare", "corrigeren|herstellen|rechtzetten|corrigeer|herstel",
};
/// "I do not want a refund, I just want to know …": behind the comma nothing is wished either.
constexpr std::string_view kJustAsking[] = {"just|only|merely|simply ..3 know|ask|asking|wondering|understand|curious|question|information", "want|like|wanted|need to know|ask|understand", "nur ..4 wissen|fragen|verstehen", "juste|seulement|simplement ..3 savoir|demander|comprendre", "solo|so|apenas|soltanto ..4 saber|preguntar|sapere|chiedere|capire|perguntar", "alleen ..4 weten|vragen"};
/// The sentence denies the wish.
constexpr std::string_view kDenials[] = {
    "dont|not|didnt|never|no ..1 want|need|asking|ask|looking|look|expect|after|interested|seeking|request|requesting ..5 refund|refun|refunds|refunded|money|reimbursement|compensation|return|chargeback|credit",
    "not ..2 a refund", "no refund|refunds|reimbursement ?is needed|necessary|required|wanted", "no need ..3 refund|reimburs*|return|compensation", "rather|instead than|of ..3 refund|return|returning|refunded|money", "without ..3 refund|returning",
    "dont ..3 money back", "dont|not|never ..1 want|need|asking|ask|expect ..4 jj* back", "jj* ..1 nicht ..3 zuruck", "keine|nicht ..2 jj* zuruck", "dont|not want to return|send", "keine|kein ..2 erstattung|ruckerstattung|ruckzahlung|geld|entschadigung|gutschrift", "nicht ..3 zuruckgeben|zurucksenden|erstattet|geld", "geld|erstattung|ruckerstattung nicht ..2 zuruck|haben", "statt ..3 erstattung|ruckerstattung",
    "pas ..4 remboursement|rembourse|rembourser|retourner|argent", "no ..5 reembolso|devolucion|devolver|dinero", "non ..5 rimborso|restituire|soldi", "geen ..3 terugbetaling|geld|restitutie|retour", "niet ..5 terugbetaling|terugsturen|retourneren", "nao ..5 reembolso|devolver|dinheiro|estorno",
};
/// It came already, or was given.
constexpr std::string_view kArrived[] = {
    "thanks|thank|danke|merci|gracias|grazie|bedankt|obrigado|obrigada ..4 refund|refunding|reimbursement|compensation|erstattung|ruckerstattung|remboursement|reembolso|rimborso|terugbetaling", "refund|reimbursement ..3 has|have arrived|come", "refund has been received|credited",
    "received|got the|my|your|a|our ..2 refund|reimbursement", "refund arrived|came", "erstattung|ruckerstattung ..3 erhalten|angekommen|eingegangen", "recu ..3 remboursement", "recibido|recibi ..2 reembolso", "ricevuto ..2 rimborso", "terugbetaling ..2 ontvangen", "recebi ..2 reembolso",
};
/// Money that was granted already, and where it is: nothing new is asked for.
constexpr std::string_view kGranted[] = {
    "approved|granted|confirmed|accepted|processed|issued|initiated|authorised|authorized ..6 refund|return|reimbursement|money", "refund|return|reimbursement ..5 approved|granted|confirmed|accepted|processed|issued|initiated|authorised|authorized", "refund|reimbursement ..5 on its way", "you|we|i ..4 sent|shipped|returned|brought ..8 back", "return ..4 arrived|received|reached",
    "erstattung|ruckerstattung|gutschrift ..5 genehmigt|bestatigt|veranlasst|bewilligt", "genehmigt|bestatigt|veranlasst|bewilligt ..5 erstattung|ruckerstattung", "remboursement ..5 accepte|valide|confirme|approuve", "accepte|valide|confirme|approuve ..5 remboursement", "reembolso ..5 aprobado|confirmado|aceptado|aprovado", "rimborso ..5 approvato|confermato|accettato", "terugbetaling ..5 goedgekeurd|bevestigd",
};
constexpr std::string_view kWhen[] = {
    "when|long|soon|where|status|days|time ..9 refund|refunded|money|credited|reimbursement|back|it", "wann|lange|wo|stand ..9 erstattung|ruckerstattung|geld|gutschrift", "quand|combien|ou ..9 remboursement|rembourse|argent", "cuando|cuanto|donde ..9 reembolso|dinero", "quando|quanto|dove ..9 rimborso|soldi", "wanneer|lang|waar ..9 terugbetaling|geld", "quando|quanto|onde ..9 reembolso|dinheiro",
};
constexpr std::string_view kMissing[] = {"not|never|still|yet|havent|hasnt|didnt|only|wrong|half|partial|nicht|noch|nur|pas|encore|no|todavia|non|ancora|niet|nog|nao|ainda|waiting|when|where"};
constexpr std::string_view kMissingReally[] = {"not|never|still|havent|hasnt|didnt|wrong|half|partial|nothing|demand|want|insist|nicht|nichts|nie|pas|jamais|todavia|nunca|non|mai|niet|nooit|nao"};
/// A question about the rule, not about my money.
constexpr std::string_view kPolicies[] = {
    "refund|refunds|return|returns|reimbursement|cancellation policy|policies|rules|terms|conditions|process|period|window|deadline", "how long|many ..8 refund|refunds|return|returns", "do|does|are|is|can you|your|the|there|it|this|customers|people|a|students ..6 refund|refunds|refundable|refunded|reimburs*|return|returns|compensat*|money",
    "what happens ..6 refund|return|cancel", "how do|does|are|is ..3 refunds|returns ..1 work|handled|processed", "are|is ..5 refundable|returnable", "what ..5 refund|refunds|returns|return|reimburs*|money", "when do|are|does ..3 refunds|you", "wie lange|ist|sind|funktionier* ..6 erstattung*|ruckgabe*|ruckerstattung*|ruckzahlung*|ruckgaberecht|widerrufsrecht",
    "welche|was ..5 ruckgabe*|erstattung*|widerruf*", "bieten|gibt|erstatten sie|es|ihr ..5 erstattung*|ruckgabe*|ruckerstattung*|geld*|ruckgaberecht", "quelle|quels|quel|combien ..6 remboursement*|retour|retours|retractation", "politique ..3 remboursement|retour", "proposez|offrez vous ..4 remboursement*|retours", "delai ..4 remboursement*",
    "cual|cuanto|que|como ..5 politica|plazo|tarda|tardan|funciona|funcionan ..4 reembolso*|devolucion*|devoluciones", "politica ..2 reembolso*|devolucion*", "ofrecen|aceptan ..3 reembolso*|devoluciones", "qual|quanto|come ..5 politica|tempo|funziona|funzionano ..5 rimborsi|rimborso|reso|resi", "politica ..2 rimbors*|reso|resi", "offrite|accettate ..3 rimbors*|resi",
    "wat|hoe|hoelang ..5 retourbeleid|terugbetaling|terugbetalingen|beleid|retourneren", "retourbeleid", "bieden|accepteren jullie|u ..4 terugbetaling*|retour*", "qual|quanto|como ..5 politica|prazo|tempo|demora|funciona|funcionam ..5 reembolso*|devolucao|devolucoes", "politica de reembolso*|devolucao|devolucoes|troca", "oferecem|aceitam ..3 reembolso*|devolucoes",
    "money back guarantee",
};
/// Somebody's own case: then the policy question is a wish all the same.
constexpr std::string_view kPersonal[] = {
    "my|me|mine|our|us|i|we", "mein|meine|meinen|meiner|meinem|mir|mich|unser|unsere|uns|ich|wir", "mon|ma|mes|moi|me|notre|nos|je|j|nous", "mi|mis|me|nuestro|nuestra|quiero|quisiera|puedo|necesito", "mio|mia|miei|mi|vorrei|voglio|nostro|posso", "mijn|mij|me|ons|onze|ik|wij", "meu|minha|me|quero|queria|posso|gostaria|nosso",
};
/// In a question the first person alone is idle talk: "I wanted to know what your refund policy is."
constexpr std::string_view kIdle[] = {
    "know|ask|asking|wondering|wonder|understand|explain|wissen|fragen|savoir|connaitre|saber|sapere|weten|curious|before|bevor|falls|wenn|avant|antes|prima|voordat", "tell me", "if i|we", "in case",
};
constexpr std::string_view kReturns[] = {"return|returning|send|ship|zuruckgeben|zuruckschicken|zurucksenden|retournieren|retourner|renvoyer|devolver|restituire|retourneren|terugsturen"};
constexpr std::string_view kExchange[] = {"exchange|swap|replace|replacement|replaced|repair|repaired|different size|color|colour|umtausch|umtauschen|ersatz|austausch|reparatur|echanger|echange|remplacement|cambiar|cambio|cambiare|sostituire|sostituzione|ruilen|omruilen|trocar|troca"};
constexpr std::string_view kNotGoods[] = {"return|returning|send|sent|sending ..3 call|calls|email|emails|message|messages|home|work|hotel|login|error|null|page|form|value|information|link|screenshot|confirmation|code|reply|invoice|photo|photos|details|report|contract|document|documents"};
constexpr std::string_view kWhole[] = {
    "full|complete|entire|whole|total refund|amount|reimbursement|money|order|price|payment|sum", "fully|completely|entirely refund*|reimburs*", "refund|refunded|reimburse|reimbursed ..4 full|fully|everything|all|entire|entirely|completely|whole|100", "all ..2 my|our|the ..2 money|payments", "everything ..2 back|i paid", "100 refund",
    "vollstandig*|komplett*|gesamten|gesamte|ganze|ganzen|volle|vollen|vollem", "integral*|totalite|complet|entier|entierement", "completo|totalidad|integro|total|todo mi|el dinero", "intero|totale|completo|tutti i miei soldi", "volledig*|hele|gehele", "integral|integralmente|tudo|todo o|meu",
};

bool any(const PhraseSet& set, const Words& words, const Words::Sentence& sentence) { return set.matches(words, sentence); }
bool anywhere(const PhraseSet& set, const Words& words) {
    return std::ranges::any_of(words.sentences(), [&](const Words::Sentence& sentence) { return any(set, words, sentence); });
}

const PhraseSet& denials_of_wish() {
    static const PhraseSet denials(kDenials);
    return denials;
}

/// Each amount becomes a word "jj…" of its own length, so that phrases can name it and every place in the text stays.
std::string with_amounts_masked(std::string text) {
    for (const AmountMention& amount : find_amounts(text)) std::fill(text.begin() + static_cast<std::ptrdiff_t>(amount.begin), text.begin() + static_cast<std::ptrdiff_t>(amount.end), 'j');
    return text;
}

/// An amount is asked for, by words that would be a wish if they named the money.
bool asks_for_amount(const Words& words, const Words::Sentence& sentence) {
    static const PhraseSet back(kAmountsBack), asked(kAmountsAsked), other(kNoMoneyBack);
    return any(back, words, sentence) || (any(asked, words, sentence) && !any(other, words, sentence));
}

constexpr std::string_view kRefund = "refund";
constexpr std::string_view kTypoForms[] = {"refund", "refunds", "refunded", "refunding"};

/// One letter wrong, missing, too many, or two neighbours changed about. The first letter is right unless it changed places
/// ("Befund" and "defund" are words).
bool is_one_slip_off(std::string_view word, std::string_view right) {
    const std::size_t length = std::min(word.size(), right.size());
    std::size_t same = 0;
    while (same < length && word[same] == right[same]) ++same;
    const std::string_view w = word.substr(same);
    const std::string_view r = right.substr(same);
    if (w.size() >= 2 && w.size() == r.size() && w[0] == r[1] && w[1] == r[0] && w.substr(2) == r.substr(2)) return true;
    if (same == 0 || (w.empty() && r.empty())) return false;
    if (w.size() == r.size()) return w.substr(1) == r.substr(1);
    if (w.size() + 1 == r.size()) return w == r.substr(1);
    return w.size() == r.size() + 1 && w.substr(1) == r;
}

bool shows_wish(const Words& words, const Words::Sentence& sentence) {
    static const PhraseSet nouns(kNouns), wishes(kWishes), arrived(kArrived), missing(kMissing), policies(kPolicies), personal(kPersonal), idle(kIdle), returns(kReturns), exchange(kExchange),
        not_goods(kNotGoods), just_asking(kJustAsking);
    const PhraseSet& denials = denials_of_wish();
    const bool has_noun = any(nouns, words, sentence);
    const bool asks_amount = asks_for_amount(words, sentence);
    const bool has_wish = asks_amount || any(wishes, words, sentence);
    if (!has_noun && !has_wish) return false;
    if (any(denials, words, sentence)) {
        // "I don't want a voucher, I want a refund" and "Not a refund, but my money back" deny and wish in one breath.
        bool wishes_after_comma = false;
        Words::Sentence rest = sentence;
        for (std::size_t i = sentence.first + 1; i < sentence.last; ++i) {
            if (!words.words()[i].follows_comma) continue;
            rest.first = i;
            wishes_after_comma = wishes_after_comma || ((any(nouns, words, rest) || any(wishes, words, rest) || asks_for_amount(words, rest)) && !any(denials, words, rest) && !any(just_asking, words, rest));
        }
        if (!wishes_after_comma) return false;
    }
    if (any(arrived, words, sentence) && !any(missing, words, sentence)) return false;
    if (!asks_amount && any(policies, words, sentence)) {
        // In doubt it is a wish: the rule alone is asked only where nobody speaks of himself, or only wonders.
        if (!any(personal, words, sentence) || any(idle, words, sentence)) return has_wish && !has_noun && any(personal, words, sentence) && !any(idle, words, sentence);
    }
    if (!has_noun && !asks_amount && any(returns, words, sentence)) {
        if (any(exchange, words, sentence) || any(not_goods, words, sentence)) return false;
    }
    return true;
}

/// Too much was taken, and somebody is to put it right.
bool wants_overcharge_fixed(const Words& words, std::size_t at) {
    static const PhraseSet overcharges(kOvercharges), fixes(kFixes);
    const auto& sentences = words.sentences();
    if (!any(overcharges, words, sentences[at])) return false;
    return any(fixes, words, sentences[at]) || (at + 1 < sentences.size() && any(fixes, words, sentences[at + 1]));
}

}  // namespace

std::string mend_refund_typos(std::string_view text) {
    std::string mended(text);
    const auto is_letter = [&](std::size_t i) { return (mended[i] | 0x20) >= 'a' && (mended[i] | 0x20) <= 'z'; };
    const auto is_other = [&](std::size_t i) { return static_cast<unsigned char>(mended[i]) >= 0x80 || (mended[i] >= '0' && mended[i] <= '9'); };
    for (std::size_t at = 0; at < mended.size();) {
        std::size_t end = at;
        while (end < mended.size() && is_letter(end)) ++end;
        const std::size_t length = end - at;
        const bool is_word = length + 1 >= kRefund.size() && length <= kTypoForms[3].size() && (at == 0 || !is_other(at - 1)) && (end == mended.size() || !is_other(end));
        if (is_word) {
            const std::string word = text::to_lower(std::string_view(mended).substr(at, length));
            const bool is_right = std::ranges::find(kTypoForms, word) != std::end(kTypoForms);
            if (!is_right && std::ranges::any_of(kTypoForms, [&](std::string_view form) { return is_one_slip_off(word, form); })) {
                // The form of the same length; "refun" is known to the phrases too.
                const std::string_view form = length < kRefund.size() ? kRefund.substr(0, length) : kTypoForms[length - kRefund.size()];
                mended.replace(at, length, form.size() == length ? form : std::string_view(word));
            }
        }
        at = end + 1;
    }
    return mended;
}

std::vector<std::pair<std::size_t, std::size_t>> find_refund_denials(const Words& words, const Words::Sentence& sentence) {
    std::vector<std::pair<std::size_t, std::size_t>> clauses;
    denials_of_wish().find(words, sentence, [&](const PhraseSet::Match& match) {
        std::size_t end = match.last;
        while (end < sentence.last && !words.words()[end].follows_comma) ++end;
        clauses.emplace_back(match.first, end);
    });
    return clauses;
}

RefundWish find_refund_wish(std::string_view text) {
    static const PhraseSet whole(kWhole);
    static const PhraseSet granted(kGranted), when(kWhen), missing(kMissingReally), arrived(kArrived), policies(kPolicies), personal(kPersonal);
    const Words words(with_amounts_masked(mend_refund_typos(text)));
    RefundWish wish;
    const bool is_granted = anywhere(granted, words);
    for (std::size_t i = 0; i < words.sentences().size(); ++i) {
        const Words::Sentence& sentence = words.sentences()[i];
        const bool is_policy = any(policies, words, sentence) && !any(personal, words, sentence);
        wish.is_ruled_out = wish.is_ruled_out || is_granted || is_policy || any(denials_of_wish(), words, sentence) || any(arrived, words, sentence);
        if (!shows_wish(words, sentence) && !wants_overcharge_fixed(words, i)) continue;
        if (is_granted && (any(granted, words, sentence) || any(when, words, sentence)) && !any(missing, words, sentence)) continue;
        if (!wish.is_wanted) wish.evidence = std::string(Words::as_written(text, sentence));
        wish.is_wanted = true;
        wish.is_whole = wish.is_whole || any(whole, words, sentence);
    }
    return wish;
}

}  // namespace resolute::language
