// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "language/signals.h"

namespace resolute::language {
namespace {

/// The noun itself. It is a wish unless the sentence denies it, asks for the policy, or reports that it came.
constexpr std::string_view kNouns[] = {
    "refund|refunds|refunded|refunding", "reimburs*", "chargeback|chargebacks", "charge back", "moneyback", "erstatt*|ruckerstatt*|zuruckerstatt*|kostenerstatt*|ruckzahlung*",
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
/// The sentence denies the wish.
constexpr std::string_view kDenials[] = {
    "dont|not|didnt|never|no ..1 want|need|asking|ask|looking|look|expect|after|interested|seeking|request|requesting ..5 refund|refunds|refunded|money|reimbursement|compensation|return|chargeback|credit",
    "not ..2 a refund", "no refund|refunds|reimbursement ?is needed|necessary|required|wanted", "no need ..3 refund|reimburs*|return|compensation", "rather|instead than|of ..3 refund|return|returning|refunded|money", "without ..3 refund|returning",
    "dont ..3 money back", "dont|not want to return|send", "keine|kein ..2 erstattung|ruckerstattung|ruckzahlung|geld|entschadigung|gutschrift", "nicht ..3 zuruckgeben|zurucksenden|erstattet|geld", "geld|erstattung|ruckerstattung nicht ..2 zuruck|haben", "statt ..3 erstattung|ruckerstattung",
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

bool shows_wish(const Words& words, const Words::Sentence& sentence) {
    static const PhraseSet nouns(kNouns), wishes(kWishes), denials(kDenials), arrived(kArrived), missing(kMissing), policies(kPolicies), personal(kPersonal), idle(kIdle), returns(kReturns), exchange(kExchange),
        not_goods(kNotGoods);
    const bool has_noun = any(nouns, words, sentence);
    const bool has_wish = any(wishes, words, sentence);
    if (!has_noun && !has_wish) return false;
    if (any(denials, words, sentence)) {
        // "I don't want a voucher, I want a refund" and "Not a refund, but my money back" deny and wish in one breath.
        bool wishes_after_comma = false;
        Words::Sentence rest = sentence;
        for (std::size_t i = sentence.first + 1; i < sentence.last; ++i) {
            if (!words.words()[i].follows_comma) continue;
            rest.first = i;
            wishes_after_comma = wishes_after_comma || ((any(nouns, words, rest) || any(wishes, words, rest)) && !any(denials, words, rest));
        }
        if (!wishes_after_comma) return false;
    }
    if (any(arrived, words, sentence) && !any(missing, words, sentence)) return false;
    if (any(policies, words, sentence)) {
        // In doubt it is a wish: the rule alone is asked only where nobody speaks of himself, or only wonders.
        if (!any(personal, words, sentence) || any(idle, words, sentence)) return has_wish && !has_noun && any(personal, words, sentence) && !any(idle, words, sentence);
    }
    if (!has_noun && any(returns, words, sentence)) {
        if (any(exchange, words, sentence) || any(not_goods, words, sentence)) return false;
    }
    return true;
}

}  // namespace

RefundWish find_refund_wish(std::string_view text, const Words& words) {
    static const PhraseSet whole(kWhole);
    static const PhraseSet granted(kGranted), when(kWhen), missing(kMissingReally);
    RefundWish wish;
    const bool is_granted = std::ranges::any_of(words.sentences(), [&](const Words::Sentence& sentence) { return any(granted, words, sentence); });
    for (const Words::Sentence& sentence : words.sentences()) {
        if (!shows_wish(words, sentence)) continue;
        if (is_granted && (any(granted, words, sentence) || any(when, words, sentence)) && !any(missing, words, sentence)) continue;
        if (!wish.is_wanted) wish.evidence = std::string(Words::as_written(text, sentence));
        wish.is_wanted = true;
        wish.is_whole = wish.is_whole || any(whole, words, sentence);
    }
    return wish;
}

}  // namespace resolute::language
