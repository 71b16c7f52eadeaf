// SPDX-License-Identifier: Apache-2.0
#include "language/understand.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/phrases.h"
#include "base/text.h"
#include "language/lexicon.h"
#include "language/signals.h"

namespace resolute::language {
namespace {

using ports::Category;
using Scores = std::array<double, kCategories.size()>;

constexpr std::size_t kTextBytesMax = 64 * 1024;  // A longer mail is read up to here; what matters stands at the top.
constexpr std::size_t kSummaryBytesMax = 140;
constexpr std::size_t kEvidenceMax = 8;
constexpr int kRequestsMax = 9;

// How much a phrase counts by where it stands.
constexpr double kSubjectFactor = 1.2;
constexpr double kAskFactor = 1.3;        // In a question or a request: there stands what is wanted.
constexpr double kAfterClosing = 0.15;    // Behind "Kind regards": names and titles.
constexpr double kRepeatFactor = 0.25;    // The second time a phrase says little more.
constexpr double kWishBonus = 2.5;        // A wish for money back that the rules saw.
constexpr double kOrderBonus = 0.4;
constexpr double kGeneralPrior = 0.9;     // Where nothing else speaks, it is general.
constexpr double kSharpness = 0.75;       // Of the softmax; fitted by hand on the tuned cases.

/// One language's phrases, found together.
struct Lexicon {
    std::vector<LexiconEntry> entries;
    PhraseSet set;

    explicit Lexicon(std::vector<LexiconEntry> all) : entries(std::move(all)), set(phrases_of(entries)) {}

    static std::vector<std::string_view> phrases_of(const std::vector<LexiconEntry>& all) {
        std::vector<std::string_view> phrases;
        for (const LexiconEntry& entry : all) phrases.push_back(entry.phrase);
        return phrases;
    }
};

std::vector<LexiconEntry> join(std::initializer_list<std::span<const LexiconEntry>> parts) {
    std::vector<LexiconEntry> all;
    for (const auto part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

const Lexicon& lexicon_of(std::string_view language) {
    static const std::map<std::string, Lexicon, std::less<>> lexicons = [] {
        std::map<std::string, Lexicon, std::less<>> map;
        map.emplace("en", Lexicon(join({english_money_lexicon(), english_trouble_lexicon(), english_other_lexicon()})));
        map.emplace("de", Lexicon(join({german_lexicon()})));
        map.emplace("fr", Lexicon(join({french_lexicon()})));
        map.emplace("es", Lexicon(join({spanish_lexicon()})));
        map.emplace("it", Lexicon(join({italian_lexicon()})));
        map.emplace("nl", Lexicon(join({dutch_lexicon()})));
        map.emplace("pt", Lexicon(join({portuguese_lexicon()})));
        return map;
    }();
    const auto it = lexicons.find(language);
    return it != lexicons.end() ? it->second : lexicons.find("en")->second;
}

constexpr std::string_view kClosings[] = {
    "regards|sincerely|cheers", "kind|best|warm|many|with regards|wishes|thanks", "thanks|thank you|u ?in ?advance", "yours sincerely|faithfully|truly", "sent from my", "mit freundlichen", "freundliche|viele|beste|liebe grusse|grussen",
    "cordialement", "bien a vous", "saludos", "atentamente", "cordiali saluti", "distinti saluti", "groeten", "vriendelijke groet", "atenciosamente", "cumprimentos", "vg|mfg|lg",
};
constexpr std::string_view kAsks[] = {
    "please|kindly", "can|could|would|will you", "i|we want|need|d|would|wish|require|request|am|are ..1 like|want|need|looking|asking|requesting", "i|we want|need|wish|require|request", "help me|us", "let me know", "bitte", "konnen|konnten|wurden sie|wir|ich", "ich|wir mochte|mochten|will|brauche|brauchen|benotige",
    "pouvez|pourriez vous", "je|nous voudrais|souhaite|veux|souhaitons|voulons|aimerais", "s il|vous plait", "por favor", "puede|pueden|podria|podrian", "quiero|quisiera|necesito|queremos", "per favore|cortesia", "potete|potreste|puo", "vorrei|vorremmo|voglio", "alstublieft|graag", "kunt|kunnen|zou u|jullie", "ik|we wil|willen", "poderia|poderiam|podem", "gostaria|preciso",
};
constexpr std::string_view kGenericAsks[] = {
    "please|kindly|can|could you ?please help|assist|advise|respond|reply|answer|confirm ?me|us ?with ?this ?soon|asap|urgently", "help me|us ?out ?please", "let me know", "look|looking forward", "get back to", "bitte um|hilfe|ruckmeldung|antwort", "konnen sie mir ?bitte helfen", "pouvez vous m aider", "puede|pueden ayudarme", "potete aiutarmi", "kunt u mij ?hiermee helpen", "podem me ajudar|ajudar",
};
constexpr std::string_view kAlso[] = {"also|additionally|furthermore|secondly|moreover|besides", "another|second|one more question|thing|issue|request|problem", "ausserdem|zusatzlich|zudem|ferner", "weitere frage", "aussi|egalement", "autre question", "tambien|ademas", "otra pregunta|cosa", "anche|inoltre", "ook|daarnaast|bovendien", "tambem|alem"};

/// The reading of a whole mail, sentence by sentence.
struct Reading {
    Scores scores{};
    std::vector<Scores> by_sentence;
    std::map<std::size_t, double> by_phrase;           // What each phrase added.
    std::map<std::size_t, std::string> written;        // The words that first matched it.
    std::size_t asks = 0;
};

/// Where the mail's own closing line stands: what follows is a signature.
std::size_t closing_sentence(const Words& words) {
    static const PhraseSet closings(kClosings);
    const auto& sentences = words.sentences();
    for (std::size_t i = 1; i < sentences.size(); ++i) {
        if (sentences[i].last - sentences[i].first <= 5 && i + 5 > sentences.size() / 2 && closings.matches(words, sentences[i])) return i;
    }
    return sentences.size();
}

bool is_ask(const Words& words, const Words::Sentence& sentence) {
    static const PhraseSet asks(kAsks);
    return sentence.is_question || asks.matches(words, sentence);
}

void read(const Lexicon& lexicon, std::string_view text, const Words& words, std::size_t subject_end, Reading* reading) {
    const std::size_t closing = closing_sentence(words);
    const auto& sentences = words.sentences();
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        const Words::Sentence& sentence = sentences[i];
        double factor = i > closing ? kAfterClosing : 1;
        if (sentence.end <= subject_end) factor *= kSubjectFactor;
        if (i <= closing && is_ask(words, sentence)) factor *= kAskFactor;
        Scores own{};
        const auto denials = find_refund_denials(words, sentence);
        lexicon.set.find(words, sentence, [&](const PhraseSet::Match& match) {
            const LexiconEntry& entry = lexicon.entries[match.phrase];
            // "I do not want a refund" is no word for one.
            const bool is_denied = entry.category == Category::refund_request && std::ranges::any_of(denials, [&](const auto& clause) { return match.first >= clause.first && match.first < clause.second; });
            if (is_denied) return;
            const bool is_repeat = reading->by_phrase.contains(match.phrase);
            const double value = entry.weight * factor * (is_repeat ? kRepeatFactor : 1);
            own[static_cast<std::size_t>(entry.category)] += value;
            reading->by_phrase[match.phrase] += value;
            if (!is_repeat) {
                const auto& all = words.words();
                reading->written[match.phrase] = text::to_lower(text.substr(all[match.first].begin, all[match.last - 1].end - all[match.first].begin));
            }
        });
        for (std::size_t k = 0; k < own.size(); ++k) reading->scores[k] += own[k];
        reading->by_sentence.push_back(own);
    }
}

std::size_t best_of(const Scores& scores) { return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin()); }

/// How many separate things are asked; neighbouring asks about one matter count once.
int count_requests(const Words& words, const Reading& reading) {
    static const PhraseSet generic(kGenericAsks), also(kAlso);
    int count = 0;
    std::size_t last_topic = kCategories.size();
    for (std::size_t i = 0; i < words.sentences().size(); ++i) {
        const Words::Sentence& sentence = words.sentences()[i];
        if (!is_ask(words, sentence)) continue;
        const bool has_topic = *std::ranges::max_element(reading.by_sentence[i]) >= 1.5;
        const bool is_extra = also.matches(words, sentence);
        if (!has_topic || (generic.matches(words, sentence) && sentence.last - sentence.first < 9)) continue;
        const std::size_t topic = best_of(reading.by_sentence[i]);
        if (topic == last_topic && !is_extra) continue;
        last_topic = topic;
        ++count;
    }
    return std::clamp(count, 1, kRequestsMax);
}

std::string summary_of(std::string_view text, const Words& words, const Reading& reading) {
    double best = -1;
    std::string summary;
    for (std::size_t i = 0; i < words.sentences().size(); ++i) {
        double sum = 0;
        for (const double score : reading.by_sentence[i]) sum += std::max(score, 0.0);
        // Long sentences gather hits by length alone.
        const double length = static_cast<double>(words.sentences()[i].last - words.sentences()[i].first);
        const double telling = sum / std::sqrt(length + 6);
        if (telling <= best) continue;
        best = telling;
        summary = std::string(Words::as_written(text, words.sentences()[i]));
    }
    std::ranges::replace(summary, '\n', ' ');
    std::erase(summary, '\r');
    return text::shorten(summary, kSummaryBytesMax);
}

std::vector<std::string> evidence_of(const Lexicon& lexicon, const Reading& reading, Category category) {
    std::vector<std::pair<double, std::string>> found;
    for (const auto& [phrase, value] : reading.by_phrase) {
        if (lexicon.entries[phrase].category == category && value > 0) found.emplace_back(value, reading.written.at(phrase));
    }
    std::ranges::stable_sort(found, [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> evidence;
    for (auto& [value, written] : found) {
        if (std::ranges::find(evidence, written) == evidence.end()) evidence.push_back(std::move(written));
        if (evidence.size() == kEvidenceMax) break;
    }
    return evidence;
}

void decide_category(const Lexicon& lexicon, const Reading& reading, Scores scores, ports::Understanding* out) {
    scores[static_cast<std::size_t>(Category::general_support)] += kGeneralPrior;
    if (out->wants_refund) scores[static_cast<std::size_t>(Category::refund_request)] += kWishBonus;
    if (!out->orders.empty()) scores[static_cast<std::size_t>(Category::general_support)] += kOrderBonus;
    // Many hits of a long mail must not make it surer than a short, clear one: scores grow with their square root above 4.
    for (double& score : scores) score = score > 4 ? 4 + 2 * std::sqrt(score - 4) : score;
    const std::size_t best = best_of(scores);
    double sum = 0;
    for (const double score : scores) sum += std::exp(kSharpness * (score - scores[best]));
    out->category = kCategories[best];
    out->confidence = 1 / sum;
    out->evidence = evidence_of(lexicon, reading, out->category);
}

void add_subject_amounts(std::string_view subject, std::vector<AmountMention>* amounts) {
    for (AmountMention& mention : find_amounts(subject)) {
        const bool is_known = std::ranges::any_of(*amounts, [&](const AmountMention& a) { return a.money == mention.money && a.readings == mention.readings; });
        if (is_known) continue;
        mention.begin = mention.end = 0;
        amounts->push_back(std::move(mention));
    }
}

}  // namespace

ports::Understanding understand(std::string_view subject, std::string_view text) {
    text = text.substr(0, kTextBytesMax);
    const std::string whole = std::string(subject.substr(0, 1000)) + "\n\n" + std::string(text);
    const Words words(mend_refund_typos(whole));
    ports::Understanding out;
    const LanguageGuess guess = identify_language(words);
    out.language = guess.code;
    out.amounts = find_amounts(text);
    add_subject_amounts(subject, &out.amounts);
    out.orders = find_orders(whole, find_amounts(whole));
    RefundWish wish = find_refund_wish(whole);
    out.wants_refund = wish.is_wanted;
    out.is_whole_refund = wish.is_whole;
    out.refund_evidence = std::move(wish.evidence);
    const Tone tone = find_tone(whole, words);
    out.severity = tone.severity;
    out.urgency = tone.urgency;
    out.has_business_impact = tone.has_business_impact;
    out.wants_a_person = tone.wants_a_person || asks_only_for_a_person(Words(text));
    out.is_angry = tone.is_angry;
    out.is_sensitive = is_sensitive(words);
    const Lexicon& lexicon = lexicon_of(guess.code);
    Reading reading;
    read(lexicon, whole, words, subject.size(), &reading);
    decide_category(lexicon, reading, reading.scores, &out);
    out.wants_to_buy = tone.wants_to_buy && (out.category == Category::product_inquiry || reading.scores[static_cast<std::size_t>(Category::product_inquiry)] > 2);
    out.requests = count_requests(words, reading);
    out.summary = summary_of(whole, words, reading);
    if (!out.wants_refund && !wish.is_ruled_out && out.category == Category::refund_request && !out.amounts.empty()) {
        // A request about money back that names a sum: the guard stands on it in doubt.
        out.wants_refund = true;
        out.refund_evidence = out.summary;
    }
    out.is_unsure = out.confidence < kUnsureBelow || out.evidence.empty() || !guess.is_known;
    if (has_instructions(words)) {
        out.is_unsure = true;
        out.confidence = std::min(out.confidence, kUnsureBelow / 2);
        out.evidence.insert(out.evidence.begin(), std::string(kInstructionEvidence));
    }
    return out;
}

}  // namespace resolute::language
