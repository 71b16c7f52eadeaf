// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/phrases.h"
#include "base/text.h"
#include "language/signals.h"
#include "language/understand.h"

namespace resolute::language {
namespace {

using ports::ReplyMeaning;

constexpr std::size_t kRatingWordsMax = 14;  // A longer first sentence tells a story; a lone digit in it is no rating.
constexpr std::size_t kEvidenceBytesMax = 200;

constexpr std::string_view kPersists[] = {
    "still ..5 not|same|no|cant|doesnt|wont|isnt|broken|error|waiting|failing|getting|having|happening|unable|problem|issue|down|see|stuck|wrong|without|missing", "not ..2 working|fixed|resolved|solved|help|helped|helpful|happy|satisfied|answer|what|received|the|true|correct|enough|yet|clear", "didnt|doesnt|dont|hasnt|havent|isnt|wasnt|cant|cannot|wont|couldnt|never",
    "no ..1 luck|help|change|difference|improvement|solution|success|good|longer|refund|answer|response", "same ..2 problem|issue|error|thing|message|result", "again|unfortunately|however|worse|useless|unsolved|unresolved|persists|wrong", "problem|issue|error|crash* ..5 remains|persists|back|again|continues|exists|returned|came", "came|is|are back", "not", "unhelpful", "broken|fails|failed|failing|error|errors", "problem ..1 with",
    "immer noch|noch immer ..6", "nicht|kein|keine|leider|weiterhin|erneut|wieder|falsch", "hat nicht", "toujours ..4 pas|probleme|erreur|bloque|rien", "pas|plus|encore|malheureusement|rien", "sigue|siguen|todavia|aun|tampoco", "no ..4 funciona|ayudo|ayuda|sirve|resuelto|solucionado|recibido|puedo|ha|he|es|me|se", "ancora|purtroppo|sempre lo|stesso|problema", "non ..4", "nog ..2 steeds|niet|altijd", "niet|geen|helaas|weer", "ainda|continua|infelizmente|novamente", "nao ..4",
    "still", "nothing ..2 works|worked|helps|helped|changed|changes|happens|happened|fixed", "thanks|thank|danke|merci|gracias|grazie|bedankt|dank|obrigado|obrigada ..2 for|pour|por|di|per|voor|fur nothing|rien|nada|niente|nulla|niets|nichts", "nichts|nada|niente|niets ..2 funktioniert|geholfen|funciona|funzione|funziona|werkt|geht",
    "unsubscribe|cancel|refund|complaint|manager|supervisor", "waiting for", "i need|want", "please|kindly|bitte ..3 help|fix|call|check|send|refund|explain|advise", "erreur|fehler|errore|fout|erro|fallo", "igual|peor|mismo",
};
constexpr std::string_view kSatisfied[] = {
    "thanks|thank|thx|ty|cheers|appreciated|appreciate", "works|working|worked|fixed|solved|resolved|sorted|perfect|great|excellent|awesome|brilliant|helpful|helped|happy|wonderful|fantastic|good|super|amazing|satisfied|lovely", "all good|set|fine|sorted|done", "that did it", "did the trick", "no further|more help|questions|issues|problems|assistance", "not a|any problem|problems ?any anymore|more", "no longer ..3 problem|issue|needed|need|error",
    "danke|dankeschon|vielen dank", "funktioniert|geklappt|klappt|gelost|erledigt|geholfen|prima|super|perfekt|toll|zufrieden|hilfreich|bestens|passt", "merci", "fonctionne|marche|resolu|parfait|regle|aide|super|excellent|genial|satisfait", "gracias", "funciona|solucionado|resuelto|perfecto|excelente|ayudo|genial|satisfecho|contento", "grazie", "funziona|risolto|perfetto|ottimo|aiutato|soddisfatto|eccellente", "bedankt|dank|dankjewel", "werkt|opgelost|geholpen|perfect|top|prima|tevreden|uitstekend", "obrigado|obrigada|valeu", "funciona|funcionou|resolvido|perfeito|otimo|ajudou|excelente|satisfeito",
};
/// A nod, where hardly anything else is said.
constexpr std::string_view kNods[] = {"ok|okay|oke|okey|okidoki|alright|understood|noted|fine|k", "all right", "in ordnung", "alles klar", "d accord|ac", "de acuerdo", "va bene", "vale|entendido|capito|verstanden|compris|begrepen|entendi|goed"};
/// What denies a trouble word: then it is no sign that the trouble goes on.
constexpr std::string_view kHarmless[] = {
    "still works|working|good|fine|great|happy|perfect|perfectly|runs|running|solved|fixed|ok|okay", "no|not|any|without|dont|havent ..4 problem|problems|issue|issues|errors|error|further|more|anymore|complaints|questions|worries", "not anymore", "no longer", "didnt|couldnt|dont ..2 take|expect|have ..3 better|long|wait|quick|faster|fast|any|complain*|questions|happier", "cant|cannot|couldnt ..2 complain|thank|fault|happier|better|praise", "not bad", "never better", "again|once again ..3 thanks|thank", "thanks|thank ..3 again", "no ..1 problem|problems|worries|issues|trouble|complaints|questions", "keine ..2 probleme|fragen|problem|fehler", "nochmal|nochmals|wieder ..3 danke|alles|gut|da|funktioniert|geht", "funktioniert|geht|lauft|klappt ..3 wieder", "danke ..3 nochmal|wieder",
    "plus ..1 probleme|d|aucun|besoin|de", "encore merci", "merci encore", "no ..3 problemas|problema|mas|dudas", "non ..3 problemi|altro|piu", "ancora grazie", "grazie ancora", "geen ..2 problemen|probleem|vragen", "nogmaals|weer dank|bedankt|goed|prima", "werkt|doet ..3 weer", "nao ..2 problemas|mais|duvidas", "sem problemas", "not only", "good|great|works|working|fixed|back|perfect|fine again", "works|working|fine|good|solved|fixed ..3 again|now",
};

constexpr std::string_view kTurns[] = {"but", "however", "although", "though", "except", "aber", "jedoch", "mais", "pero", "ma", "maar", "mas", "porem"};
/// "ma commande", "nada mas": these turn the sentence only behind a comma.
constexpr std::string_view kTurnsAfterComma[] = {"ma", "mas", "mais"};
constexpr std::string_view kMild[] = {"ok|okay|fine|easy|enough|quick|quickly|simple|done|alright|gut|einfach|facile|bien|facil|bene|goed|makkelijk|bem|there|found|understood|clear|now"};

struct NumberWord { std::string_view word; int value; };
constexpr NumberWord kNumberWords[] = {
    {"one", 1}, {"two", 2}, {"three", 3}, {"four", 4}, {"five", 5}, {"eins", 1}, {"zwei", 2}, {"drei", 3}, {"vier", 4}, {"funf", 5}, {"fuenf", 5}, {"un", 1}, {"deux", 2}, {"trois", 3}, {"quatre", 4}, {"cinq", 5},
    {"uno", 1}, {"dos", 2}, {"tres", 3}, {"cuatro", 4}, {"cinco", 5}, {"due", 2}, {"tre", 3}, {"quattro", 4}, {"cinque", 5}, {"een", 1}, {"twee", 2}, {"drie", 3}, {"vijf", 5}, {"um", 1}, {"dois", 2}, {"quatro", 4},
};
constexpr std::string_view kRatingSigns[] = {
    "rate|rating|rated|score|scored|stars|star|give|giving|grade|points|out|vote|bewertung|bewerte|note|sterne|stern|punkte|gebe|etoiles|etoile|donne|estrellas|estrella|puntuacion|doy|valoracion|calificacion|stelle|stella|voto|punteggio|valutazione|sterren|ster|cijfer|beoordeling|geef|estrelas|nota|avaliacao|dou",
};

/// "★★★★", "⭐⭐⭐": how many; 0: none.
int count_stars(std::string_view text) {
    int stars = 0;
    for (const std::string_view star : {"\u2605", "\u2B50"}) {
        for (std::size_t at = text.find(star); at != std::string_view::npos; at = text.find(star, at + star.size())) ++stars;
    }
    return stars;
}

std::optional<int> number_of(std::string_view word, bool takes_words) {
    if (word.size() == 1 && word[0] >= '1' && word[0] <= '5') return word[0] - '0';
    if (!takes_words) return std::nullopt;
    const auto* it = std::ranges::find(kNumberWords, word, &NumberWord::word);
    if (it == std::end(kNumberWords)) return std::nullopt;
    return it->value;
}

/// "4,5" and "3 days" are no ratings; "4/5" is a four.
bool stands_alone(std::string_view text, const Words& words, std::size_t at) {
    const auto& word = words.words()[at];
    const char before = word.begin > 0 ? text[word.begin - 1] : ' ';
    const char after = word.end < text.size() ? text[word.end] : ' ';
    const char next = word.end + 1 < text.size() ? text[word.end + 1] : ' ';
    const bool is_decimal = (after == '.' || after == ',') && next >= '0' && next <= '9';
    const bool is_out_of_ten = after == '/' && next != '5';
    if (before == '.' || before == ',' || before == '/' || before == '-' || before == '$' || before == '#' || is_decimal || is_out_of_ten || after == '%') return false;
    // "step 2", "version 3", "page 4": the number of a thing.
    static constexpr std::array<std::string_view, 44> kNumbered = {"step", "steps", "version", "page", "point", "line", "item", "option", "chapter", "section", "part", "error", "code", "v", "model", "order", "article", "number", "schritt", "seite", "punkt", "kapitel", "zeile", "etape", "page", "ligne", "paso", "pagina", "punto", "linea",
                                                                    "passo", "passaggio", "passi", "stap", "regel", "punt", "ponto", "linha", "fehler", "erreur", "errore", "fout", "erro", "level"};
    if (at > 0 && std::ranges::find(kNumbered, words.folded(at - 1)) != kNumbered.end()) return false;
    static constexpr std::array<std::string_view, 36> kUnits = {"hour", "minute", "week", "month", "year", "time", "stunde", "tag", "heure", "heures", "hora", "horas", "ora", "uur", "day", "days", "hour", "hours", "week", "weeks", "times", "months", "minutes", "people", "items", "tage", "stunden", "wochen", "mal", "jours", "dias", "giorni", "dagen", "emails", "questions", "years"};
    return at + 1 >= words.words().size() || std::ranges::find(kUnits, words.folded(at + 1)) == kUnits.end();
}

std::optional<int> find_rating(std::string_view text, const Words& words, std::string* evidence, bool* is_bare) {
    *is_bare = false;
    if (const int stars = count_stars(text); stars >= 1 && stars <= 5) {
        *evidence = std::string(text::shorten(text::trim(text), kEvidenceBytesMax));
        return stars;
    }
    static const PhraseSet signs(kRatingSigns);
    std::optional<int> rating;
    *is_bare = true;
    for (std::size_t s = 0; s < words.sentences().size(); ++s) {
        const Words::Sentence& sentence = words.sentences()[s];
        const std::size_t length = sentence.last - sentence.first;
        const bool has_sign = signs.matches(words, sentence);
        const bool is_first = s == 0 && length <= kRatingWordsMax;
        if (!has_sign && !is_first) continue;
        bool has_digit = false;  // "un 5", "een 4": beside a digit the number word is an article.
        for (std::size_t i = sentence.first; i < sentence.last; ++i) has_digit = has_digit || number_of(words.folded(i), false).has_value();
        for (std::size_t i = sentence.first; i < sentence.last; ++i) {
            // A number word alone ("one of you called") rates only as the whole answer or beside a sign.
            const auto number = number_of(words.folded(i), !has_digit && (has_sign || length <= 2));
            if (!number || !stands_alone(text, words, i)) continue;
            const bool begins = i == sentence.first || i + 1 == sentence.last;
            if (!has_sign && !begins && length > 4) continue;
            // "4 out of 5" and "1 to 5": the first number is the rating; two plain ratings contradict each other.
            const bool is_scale = i >= sentence.first + 2 && rating && (words.folded(i - 1) == "of" || words.folded(i - 1) == "von" || words.folded(i - 1) == "sur" || words.folded(i - 1) == "de" ||
                                                                      words.folded(i - 1) == "su" || words.folded(i - 1) == "van" || words.folded(i - 1) == "em");
            const bool is_fraction = rating && words.words()[i].begin > 0 && text[words.words()[i].begin - 1] == '/';
            if (is_scale || is_fraction) {
                *is_bare = false;
                continue;
            }
            if (rating && *rating != *number) return std::nullopt;
            if (!rating) *evidence = std::string(Words::as_written(text, sentence));
            rating = number;
            const std::size_t end = words.words()[i].end;
            if (has_sign || (end < text.size() && text[end] == '/')) *is_bare = false;  // "3/5"
        }
    }
    return rating;
}

/// "2", a line of its own above everything else.
bool begins_with_number_alone(std::string_view text) {
    const std::string_view whole = text::trim(text);
    const std::string_view line = text::trim(whole.substr(0, whole.find('\n')));
    if (line.empty() || line[0] < '1' || line[0] > '5') return false;
    return std::ranges::all_of(line.substr(1), [](char c) { return c == '.' || c == '!' || c == ' '; });
}

struct Signs {
    bool is_bad = false;
    bool is_good = false;
    bool has_question = false;
    std::string bad;
    std::string good;
};

/// The word that turns the sentence ("but"); sentence.last: none.
std::size_t turn_of(const Words& words, const Words::Sentence& sentence) {
    for (std::size_t i = sentence.first; i < sentence.last; ++i) {
        const std::string_view word = words.folded(i);
        if (std::ranges::find(kTurns, word) == std::end(kTurns)) continue;
        const bool needs_comma = std::ranges::find(kTurnsAfterComma, word) != std::end(kTurnsAfterComma);
        // French writes "mais" without a comma; Portuguese says "mais nada" and means no turn.
        const bool is_french_but = word == "mais" && i + 2 < sentence.last && (words.folded(i + 1) == "ca" || words.folded(i + 1) == "il" || words.folded(i + 1) == "elle" || words.folded(i + 1) == "cela" || words.folded(i + 1) == "le" || words.folded(i + 1) == "la" || words.folded(i + 1) == "je");
        if (!needs_comma || words.words()[i].follows_comma || is_french_but) return i;
    }
    return sentence.last;
}

/// Behind "but" stands what counts: whatever is not good or mild there is trouble.
bool turns_bad(const Words& words, const Words::Sentence& sentence, std::size_t turn) {
    static const PhraseSet satisfied(kSatisfied), harmless(kHarmless), mild(kMild);
    Words::Sentence rest = sentence;
    rest.first = turn + 1;
    if (rest.first >= rest.last) return false;
    return !satisfied.matches(words, rest) && !harmless.matches(words, rest) && !mild.matches(words, rest);
}

Signs read_signs(std::string_view text, const Words& words) {
    static const PhraseSet persists(kPersists), satisfied(kSatisfied), harmless(kHarmless), nods(kNods);
    static constexpr std::size_t kNodWordsMax = 4;
    Signs signs;
    for (const Words::Sentence& sentence : words.sentences()) {
        const std::string written(Words::as_written(text, sentence));
        const std::size_t turn = turn_of(words, sentence);
        // "It works now, but …": what follows the but counts.
        const bool is_harmless = harmless.matches(words, sentence) && turn == sentence.last;
        const bool is_bad = (!is_harmless && persists.matches(words, sentence)) || turns_bad(words, sentence, turn);
        if ((is_bad || sentence.is_question) && signs.bad.empty()) signs.bad = written;
        signs.is_bad = signs.is_bad || is_bad;
        signs.has_question = signs.has_question || sentence.is_question;
        const bool is_nod = words.words().size() <= kNodWordsMax && nods.matches(words, sentence);
        if (!is_bad && !sentence.is_question && (is_harmless || is_nod || satisfied.matches(words, sentence))) {
            if (signs.good.empty()) signs.good = written;
            signs.is_good = true;
        }
    }
    if (!signs.is_bad && asks_only_for_a_person(words)) {
        signs.is_bad = true;
        signs.bad = Words::as_written(text, words.sentences().front());
    }
    return signs;
}

}  // namespace

ports::ReplyUnderstanding understand_reply(std::string_view text, bool survey_was_sent) {
    const Words words(text);
    ports::ReplyUnderstanding out;
    const Signs signs = read_signs(text, words);
    if (survey_was_sent) {
        bool is_bare = false;
        const auto rating = find_rating(text, words, &out.evidence, &is_bare);
        // A number that nothing calls a rating does not outweigh trouble that is told beside it.
        if (rating && (!is_bare || !signs.is_bad || begins_with_number_alone(text))) {
            out.meaning = ReplyMeaning::rated;
            out.rating = rating;
            return out;
        }
    }
    if (signs.is_bad || signs.has_question) {
        out.meaning = ReplyMeaning::persists;
        out.evidence = text::shorten(signs.bad, kEvidenceBytesMax);
    } else if (signs.is_good) {
        out.meaning = ReplyMeaning::satisfied;
        out.evidence = text::shorten(signs.good, kEvidenceBytesMax);
    } else {
        // Neither thanks nor trouble: more words than a nod are likely a new matter.
        static constexpr std::size_t kNodWordsMax = 6;
        out.meaning = words.words().size() > kNodWordsMax ? ReplyMeaning::persists : ReplyMeaning::other;
        out.evidence = text::shorten(text::trim(text), kEvidenceBytesMax);
    }
    return out;
}

}  // namespace resolute::language
