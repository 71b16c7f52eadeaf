// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <unordered_map>

#include "base/text.h"
#include "language/signals.h"

namespace resolute::language {
namespace {

struct Vocabulary {
    std::string_view code;
    std::string_view words;  // Frequent words, folded. A word of several languages counts less for each.
};

constexpr std::array kVocabularies = {
    Vocabulary{"en", "the a an and or but is are was were be been have has had i you he she it we they my your our their this that these those of to in on at for with from by not do does did "
                     "can could would will should what when where how why who which please thanks thank hello hi dear there here if then than as so just still any some all no yes me us them would like "
                     "need want get got order item account help know don dont cant im ive received after before because about into up out over again"},
    Vocabulary{"de", "der die das und oder aber ist sind war waren sein haben hat hatte ich du er sie es wir ihr mein meine meinen meiner ihre ihren unser unsere dieser diese dieses den dem des ein eine einen "
                     "einem einer von zu zum zur im in an am auf fur mit aus bei nicht kein keine kann konnen mochte wurde wird werden was wann wo wie warum wer welche bitte danke hallo guten tag sehr geehrte "
                     "damen herren wenn dann als so noch auch nur mir mich uns ihnen habe bestellung konto rechnung bin gibt schon seit nach vor uber dass mehr gerne grusse"},
    Vocabulary{"fr", "le la les un une des et ou mais est sont etait etre avoir a ai as avons avez ont je tu il elle nous vous ils mon ma mes votre vos notre nos ce cette ces de du au aux en dans sur pour avec par "
                     "ne pas plus que qui quoi quand comment pourquoi quel quelle bonjour merci madame monsieur si alors comme tres encore aussi me moi j l d qu n c s commande compte facture peut puis suis etes "
                     "cordialement faire fait depuis apres avant chez voudrais pouvez"},
    Vocabulary{"es", "el la los las un una unos y o pero es son era ser estar esta estan he ha han hemos yo tu usted nosotros ustedes mi mis su sus nuestro este esta estos de del al en para con por sin no que quien "
                     "cuando donde como por cual hola gracias buenos dias buenas tardes estimados si entonces muy todavia tambien me nos le les se lo pedido cuenta factura puedo pueden quiero necesito quisiera "
                     "desde despues antes porque mas saludos hace favor"},
    Vocabulary{"it", "il lo la i gli le un una uno e o ma sono era essere ho ha hanno abbiamo avete io tu lei noi voi mio mia miei vostro vostra suo questo questa questi di del della dei al alla in nel nella per con da "
                     "dal non che chi quando dove come perche quale ciao grazie buongiorno salve gentile se allora molto ancora anche mi ci vi si ordine conto fattura posso potete vorrei dopo prima piu saluti "
                     "cordiali sul sulla stato fare avrei"},
    Vocabulary{"nl", "de het een en of maar is zijn was waren hebben heeft heb had ik jij je u hij zij wij we jullie mijn uw onze deze dit die dat van naar in op aan voor met uit bij niet geen kan kunnen zou wil "
                     "wordt worden wat wanneer waar hoe waarom wie welke graag bedankt hallo goedendag beste geachte als dan zo nog ook maar mij me ons bestelling rekening factuur ben er om te al sinds na over "
                     "omdat meer groeten vriendelijke alvast"},
    Vocabulary{"pt", "o a os as um uma uns e ou mas e sao era ser estar esta estou tem tenho temos eu tu voce voces nos meu minha meus seu sua nosso este esta isto de do da dos das no na nos nas em para com por sem "
                     "nao que quem quando onde como porque qual ola obrigado obrigada bom dia boa tarde prezados se entao muito ainda tambem me lhe pedido conta fatura posso podem quero preciso gostaria desde "
                     "depois antes mais atenciosamente ao pelo pela ja foi fui duas vezes ontem hoje"},
};

using Weights = std::array<double, kVocabularies.size()>;

const std::unordered_map<std::string_view, Weights>& word_weights() {
    static const auto map = [] {
        std::unordered_map<std::string_view, Weights> weights;
        for (std::size_t i = 0; i < kVocabularies.size(); ++i) {
            for (const std::string_view word : text::split(kVocabularies[i].words, ' ')) {
                if (!word.empty()) weights[word][i] = 1;
            }
        }
        for (auto& [word, of] : weights) {
            double sharing = 0;
            for (const double w : of) sharing += w;
            for (double& w : of) w /= sharing * sharing;
        }
        return weights;
    }();
    return map;
}

struct Ending { std::string_view text; std::size_t language; };
// Endings that a language shows often, for short texts without function words.
constexpr std::array kEndings = {
    Ending{"ung", 1}, Ending{"ungen", 1}, Ending{"keit", 1}, Ending{"schein", 1}, Ending{"lich", 1}, Ending{"ieren", 1}, Ending{"ment", 2}, Ending{"eur", 2}, Ending{"eux", 2}, Ending{"cion", 3}, Ending{"ciones", 3},
    Ending{"mente", 3}, Ending{"zione", 4}, Ending{"zioni", 4}, Ending{"aggio", 4}, Ending{"ing", 0}, Ending{"tion", 0}, Ending{"ijk", 5}, Ending{"heid", 5}, Ending{"cao", 6}, Ending{"coes", 6}, Ending{"agem", 6},
};

}  // namespace

LanguageGuess identify_language(const Words& words) {
    Weights scores{};
    for (std::size_t i = 0; i < words.words().size(); ++i) {
        const std::string_view word = words.folded(i);
        if (const auto it = word_weights().find(word); it != word_weights().end()) {
            for (std::size_t k = 0; k < scores.size(); ++k) scores[k] += it->second[k];
            continue;
        }
        for (const Ending& ending : kEndings) {
            if (word.size() > ending.text.size() + 3 && word.ends_with(ending.text)) scores[ending.language] += 0.3;
        }
    }
    std::size_t best = 0;
    for (std::size_t k = 1; k < scores.size(); ++k) {
        if (scores[k] > scores[best] + 1e-9) best = k;
    }
    return {std::string(kVocabularies[best].code), scores[best] > 0.5};
}

}  // namespace resolute::language
