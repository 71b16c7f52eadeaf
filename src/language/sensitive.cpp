// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "language/signals.h"

namespace resolute::language {
namespace {

/// Law, and threats of it.
constexpr std::string_view kLaw[] = {
    "lawyer|lawyers|attorney|attorneys|solicitor|solicitors|barrister|lawsuit|subpoena|ombudsman|sue|suing|litigation|prosecut*", "legal action|department|claim|steps|counsel|proceedings|notice|dispute|representative|team", "small claims", "court order",
    "take ..3 court", "in|to|before court", "consumer protection|rights|affairs", "trading standards", "police report", "press charges", "file|filed|filing ..3 complaint ..4 with|against", "report ..3 you ..3 police|authorities|authority|regulator", "breach of contract", "hold you ..3 liable|responsible|accountable", "liability claim",
    "eu261|ec261", "data breach|leak", "identity theft", "discriminat*|harass*|racist|racism|sexist|molest*", "inappropriate remarks|comments|touching|behaviour|behavior", "death of|certificate", "has|have|had died|deceased|passed", "passed away", "bereave*",
    "anwalt|anwaltlich*|anwaltin|anwalte|rechtsanwalt*|rechtsanwaltin|klage|klagen|gericht|strafanzeige|verbraucherzentrale|schlichtungsstelle|mahnbescheid|rechtsabteilung|schadenersatz|schadensersatz", "rechtliche|juristische schritte", "diskriminier*|belastig*|rassis*", "verstorben|todesfall",
    "avocat|avocate|tribunal|huissier|justice|plainte|mediateur|discrimin*|harcelement|decede|decedee", "poursuites ?judiciaires", "mise en demeure",
    "abogado|abogada|tribunal|demanda|juzgado|denuncia|discriminacion|acoso|fallecido|fallecida", "acciones legales", "avvocato|avvocata|tribunale|querela|discriminazione|molestie|deceduto|deceduta", "vie legali", "advocaat|rechtbank|rechtszaak|discriminatie|intimidatie|overleden", "juridische stappen",
    "advogado|advogada|tribunal|procon|discriminacao|assedio|falecido|falecida", "processo judicial", "medidas legais",
};
/// The rights of those whose data are kept. To close an account, data and all, is a plain errand.
constexpr std::string_view kPrivacy[] = {
    "gdpr|ccpa|hipaa|dsgvo|rgpd|avg|lgpd|dpa", "data protection|processing ?officer|agreement|authority|request|law|act", "subject access request", "right ..2 access|erasure|forgotten", "privacy violation|breach|complaint", "copy ..5 personal data", "my personal data ..5 leaked|sold|shared|stolen|published",
    "datenschutzbeauftragt*|auftragsverarbeitung*|datenleck|datenpanne|datenschutzverletzung", "auskunft ..8 daten", "delegue ..3 donnees", "cnil", "proteccion de datos", "protezione dei dati", "gegevensbescherming|datalek", "protecao de dados",
};
/// Somebody is hurt, or may be.
constexpr std::string_view kSafety[] = {
    "fire|flames|smoke|smoking|smokes|burning|burnt|burned|scorched|scorch|exploded|explosion|explodes|sparks|sparking|electrocuted|melted|melting", "electric|electrical shock|shocks", "smell|smells|smelled|smelling ..5 gas|burn*|smoke|plastic", "gas leak|smell", "smell|odour|odor of gas", "carbon monoxide",
    "injured|injury|injuries|injure|bleeding|ambulance|hospitalized|hospitalised|paramedic*", "hurt my|his|her|our|their|himself|herself|myself|badly|when|while", "got|was|were|been hurt|burned|burnt|injured|electrocuted", "allergic|anaphylactic reaction|shock", "severe|bad rash|reaction|allergy", "in|to|at|from ?the|an|a ?animal hospital", "en|au|del|al|dans|ao|no|nel|in|all ?el|l|o|hospital hopital|hospital|ospedale", "trouble|difficulty breathing", "breathing machine|device", "safety hazard|risk|incident|issue|concern|recall", "very|extremely|really|life|highly dangerous|threatening", "medical emergency",
    "suicide|suicidal", "kill myself", "poisoned|poisoning", "food poisoning", "at|to ?the vet|clinic|hospital ..4 because|after|since", "second|third|2nd|3rd degree burn|burns",
    "brannte|feuer|wohnungsbrand|rauch|raucht|verbrannt|verbrannte|verschmort|stromschlag|funken|gasgeruch|verletzt|verletzung|verletzungen|krankenhaus|knochenbruch|notarzt|gefahrlich|explodiert|lebensgefahr", "riecht ..4 verbrannt|gas|verschmort|rauch", "allergische reaktion", "incendie|fumee|brule|brulure|blesse|blessee|blessure|electrocute|dangereux|etincelles|explosion|intoxication", "odeur ..2 gaz|brule", "points de suture",
    "incendio|humo|quemado|quemadura|herido|herida|lesion|chispas|peligroso|explosion", "descarga electrica", "olor a gas|quemado", "incendio|fumo|bruciato|ustione|ferito|ferita|scintille|pericoloso|esplosione", "scossa elettrica", "odore di gas|bruciato", "rook|rookontwikkeling|verbrand|brandwond|gewond|letsel|ziekenhuis|vonken|gevaarlijk|ontploft|gaslucht|brandlucht", "incendio|fumaca|queimado|queimadura|ferido|ferida|faiscas|perigoso|explosao", "choque eletrico", "cheiro a|de gas|queimado",
};
/// Everyday talk with the same words.
constexpr std::string_view kHarmless[] = {
    "fire wall|walls|tv|stick|tablet|alarm|pit|place|extinguisher|door", "camp|open|gas fire", "burning question|questions|hours", "smoke|fire detector|detectors|alarm|alarms|test|grey|gray", "non|no|not|free smoking|smoke", "burned|burnt|burning ..2 cd|dvd|calories", "court ..2 tennis|badminton|squash|booking",
    "tennis|squash|badminton|basketball|food|padel court", "legal name|entity|form|address|notice", "our|the|company legal name|form", "statut legal",
};

bool any(const PhraseSet& set, const Words& words, const Words::Sentence& sentence) { return set.matches(words, sentence); }

}  // namespace

bool is_sensitive(const Words& words) {
    static const PhraseSet law(kLaw), privacy(kPrivacy), safety(kSafety), harmless(kHarmless);
    return std::ranges::any_of(words.sentences(), [&](const Words::Sentence& sentence) {
        return (any(law, words, sentence) || any(privacy, words, sentence) || any(safety, words, sentence)) && !any(harmless, words, sentence);
    });
}

}  // namespace resolute::language
