// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>

#include "language/signals.h"

namespace resolute::language {
namespace {

using ports::Level;

constexpr std::string_view kPerson[] = {
    "speak|talk|chat|connect|connected|transfer|transferred ..4 human|person|someone|somebody|representative|rep|agent|manager|supervisor|advisor|operator|people|employee", "real|live|actual human|person|agent|people", "human ?being|agent|please|support|representative", "not a bot|robot|machine", "no bots|robots|chatbot|chatbots", "stop ..3 bot|automated",
    "call|phone|ring me|us back|please|today|on|at|now|asap|tomorrow", "please call|phone|ring me|us", "give me ..2 call", "have|ask|get ..2 someone|somebody|manager|agent|colleague call|contact|phone|ring", "want|need|like ..2 supervisor|manager|human|callback", "escalate ..5 manager|supervisor|someone|this",
    "mit einem|einer ..3 menschen|mitarbeiter|mitarbeiterin|person|berater|vorgesetzten|ansprechpartner", "echten|echter menschen|mensch|mitarbeiter|person", "rufen|ruf ..4 an|zuruck", "ruckruf", "kein bot|roboter", "personlich ..3 sprechen", "parler ..4 humain|conseiller|quelqu|personne|responsable|conseillere|agent", "rappelez|rappeler|appelez ..2 moi|nous", "etre rappele*", "vrai conseiller|humain", "un humain",
    "hablar con ..4 persona|humano|alguien|agente|encargado|responsable|supervisor", "llamenme|llameme|llamarme", "persona real", "parlare con ..4 persona|umano|operatore|qualcuno|responsabile", "chiamatemi|richiamatemi|richiamarmi", "operatore umano", "spreken met|iemand|medewerker ..3", "met een ..3 medewerker|mens|persoon|iemand", "bel|bellen|terugbellen ..3 mij|me|terug", "echt|echte mens|persoon|medewerker",
    "falar com ..4 pessoa|humano|alguem|atendente|gerente|responsavel|supervisor", "liguem ..2 para mim|me", "me liguem", "pessoa real", "atendente humano",
};
/// What only a person can do, though nobody says "a person": look into an account, go on where steps did not help, press and jobs.
constexpr std::string_view kPersonsWork[] = {
    "look|check|looks|looking|checks ..3 into ..3 my|our|this ?account|case|file|matter|payment", "look into my|our|this|it", "check ..3 my|our account|case|file|payments personally|manually", "please check my|our account|case|file|payments", "investigate", "tried|done|did|followed ..3 everything|all ..3 already|nothing|twice|times|steps|still", "tried everything",
    "nothing ..3 helps|helped", "no more|another ..3 list|steps|instructions|links|articles|tips", "second|third|fourth|fifth|2nd|3rd|4th|5th time ..4 write|writing|contact|contacting|asking|ask|mail|email|complain", "written|wrote|contacted|called|asked ..4 twice|three|four|several|many ?times ?already", "both ..4 booked|posted|cleared|charges|debits|payments|confirmed ..6 booked|posted|cleared|through|gone|confirmed|settled", "both are booked|posted|cleared|settled", "you|your|colleague|agent ..2 promised ..12 not|never|still", "still not been|got credited|paid|resolved|refunded", "despite|in spite of ..3 reminders|letters|calls|mails|emails|promises",
    "interview|interviews|journalist|reporter|podcast", "press inquiry|enquiry|request|office|kit", "job application|opening|offer", "apply ..3 job|position|internship|role", "internship|vacancy|vacancies", "sponsor|sponsoring|sponsorship", "guest post|speaker|lecture", "become ..3 partner|reseller|supplier|distributor", "partnership", "who can i|we talk|speak to",
    "alles versucht|probiert|ausprobiert", "schon|bereits ..2 dreimal|zweimal|mehrfach|mehrmals ..3 geschrieben|kontaktiert|angerufen", "zum dritten|zweiten|vierten mal", "mein|unser|meinem|unserem konto ..2 prufen|uberprufen", "interviewanfrage|presseanfrage|bewerbung|praktikum|initiativbewerbung",
    "tout essaye", "deja ..3 ecrit|appele|contacte", "troisieme|deuxieme fois", "qu une personne", "candidature|stage|journaliste", "he probado todo", "tercera|segunda vez", "periodista", "provato tutto|di tutto", "terza|seconda volta", "giornalista", "alles geprobeerd", "derde|tweede keer", "tentei tudo", "terceira|segunda vez", "jornalista",
};
constexpr std::string_view kAngry[] = {
    "unacceptable|ridiculous|outrageous|disgusting|disgusted|disgrace|disgraceful|furious|appalling|appalled|atrocious|pathetic|shameful|infuriating|livid|incompetent|incompetence|horrendous|abysmal|joke", "angry|outraged|livid", "fed up", "very|extremely|so|really|deeply|beyond angry|disappointed|frustrated|upset|unhappy|annoyed",
    "worst ..3 service|company|experience|support|ever", "terrible|horrible|awful service|experience|company|support|customer", "scam|scammers|scammed|fraud|fraudulent|thieves|theft|stealing|stole|ripoff|crooks|liars|lied|lying", "rip off", "lawyer|attorney|solicitor|sue|suing|court|ombudsman", "legal action", "trading standards", "never ..3 again", "sick ?and ?tired|of", "waste of time|money", "better business bureau", "third|fourth|fifth|tenth|10th|3rd|4th|5th time", "how dare", "shame on", "what the hell", "wtf|bullshit|crap|damn|fuck*|shit*",
    "last chance|warning", "had enough", "negative|bad|1|one star review|reviews", "unverschamt*|frechheit|unmoglich|inakzeptabel|skandal|katastrophe|wutend|sauer|verargert|betrug|betruger|abzocke|anwalt|rechtsanwalt|anzeige|verbraucherzentrale|zumutung|lacherlich|enttauscht|saftladen|unfassbar", "nie wieder", "inadmissible|inacceptable|scandaleux|honteux|furieux|furieuse|arnaque|escroquerie|avocat|decu|decue|incompetents", "ras le bol", "plus jamais",
    "inaceptable|verguenza|indignante|estafa|ladrones|abogado|harto|harta|furioso|pesimo|lamentable|denunciar|denuncia", "inaccettabile|vergogna|vergognoso|truffa|ladri|avvocato|furioso|arrabbiato|arrabbiata|stufo|schifo|pessimo|denuncia", "onacceptabel|schandalig|belachelijk|oplichters|oplichting|advocaat|woedend|boos|waardeloos|schande|nooit meer", "inaceitavel|vergonha|absurdo|golpe|ladroes|advogado|furioso|pessimo|revoltado|procon|palhacada|indignado",
};
constexpr std::string_view kSevere[] = {
    "data loss|breach|leak", "lost all|everything", "lost ..3 all|data|files|photos", "hacked|compromised|stolen|ransomware|malware", "identity theft", "fire|smoke|smoking|burning|burned|burnt|explod*|sparks|shock|injur*|hospital|dangerous|unsafe|hazard|flood*", "gas leak", "carbon monoxide", "allergic reaction", "production ..2 down", "completely|totally|entirely down|broken|dead|unusable|locked", "system|site|server|service|website|platform|everything|store|shop|network ..2 is|are|went ..1 down|offline", "outage|emergency|critical|severe|catastroph*",
    "all|none ?of our|the|my users|customers|employees|staff|orders|machines|computers|devices ..4 cant|cannot|down|affected|unable|work|can", "nobody ..1 can|able", "no one ..1 can|able", "cant|cannot|unable ..3 work|operate|trade|serve|ship|run", "legal action|lawsuit", "datenverlust|totalausfall|brand|rauch|verletzt|gefahrlich|gehackt|notfall|stromschlag|gasgeruch|produktionsausfall|stillstand", "alles|system|seite|server|anlage steht|ausgefallen|tot|down", "incendie|fumee|blesse|dangereux|pirate|urgence|hors service", "incendio|humo|herido|peligroso|hackeado|emergencia|caido", "fumo|ferito|pericoloso|hackerato|emergenza", "brand|rook|gewond|gevaarlijk|gehackt|noodgeval|plat", "incendio|fumaca|ferido|perigoso|hackeado|emergencia|fora do ar",
};
constexpr std::string_view kMedium[] = {
    "cant|cannot|unable|wont|doesnt|failed|fails|error|errors|crash*|broken|defective|damaged|stopped", "not able", "not working", "charged|billed|debited ..4 twice|wrong*|incorrect*|double", "overcharg*|unauthori*", "wrong|missing item|order|product", "never|not|still|hasnt|havent ..3 arrived|received|delivered", "locked out", "blocked|frozen|down|failure|defect", "funktioniert ..3 nicht", "geht ..3 nicht", "defekt|kaputt|fehler|fehlermeldung|storung|gesperrt|doppelt|beschadigt", "erreur|panne|bloque|casse|endommage|double", "marche pas", "fonctionne pas", "deux fois", "error|fallo|averia|roto|bloqueado|funciona|danado|duplicado", "dos veces",
    "errore|guasto|rotto|bloccato|funziona|danneggiato", "due volte", "fout|foutmelding|kapot|storing|geblokkeerd|beschadigd|dubbel", "werkt niet", "twee keer", "erro|falha|quebrado|bloqueado|funciona|danificado", "duas vezes",
};
constexpr std::string_view kUrgent[] = {
    "urgent|urgently|asap|immediately|emergency|critical", "right away", "straight away", "time sensitive", "as soon as possible", "right now", "at once", "need|needed|must|have|by|before|due|deadline|leaving|meeting|wedding|event|expires|starts|arrives|fly|flight ..5 today|tonight|tomorrow|hours|morning|noon", "within ..3 hours|hour|minutes", "deadline", "cant wait", "high|top|highest priority", "losing money|customers|sales|business|revenue", "dringend|eilig|sofort|umgehend|unverzuglich|schnellstmoglich|eilt|notfall", "so schnell wie moglich", "bis ..2 heute|morgen", "urgence|urgent|urgente|immediatement|rapidement possible", "plus vite possible", "des que possible", "urgente|urgentemente|inmediatamente|emergencia", "cuanto antes", "lo antes possible|posible", "urgenza|urgente|immediatamente|subito", "prima possibile", "dringend|spoed|onmiddellijk|meteen|direct", "zo snel mogelijk", "urgente|urgencia|imediatamente", "quanto antes", "rapido possivel",
};
constexpr std::string_view kSoon[] = {
    "soon|quickly|promptly|waiting|weeks|still", "this week|weekend", "next monday|tuesday|wednesday|thursday|friday|week", "need ..6 by|before", "days ago", "bald|warte|wochen", "immer noch", "diese woche", "schon seit", "bientot|rapidement|attends|semaines|toujours", "pronto|rapido|semanas|esperando", "presto|settimane|aspettando|ancora", "snel|weken|wachten|nog steeds", "breve|semanas|esperando|rapido",
};
constexpr std::string_view kImpact[] = {
    "our|my|the|whole|entire ..2 office|team|company|business|staff|department|warehouse|factory|store|shop|restaurant|clinic|school|hotel ..6 down|cant|cannot|stopped|unable|affected|waiting|blocked|stuck|offline|closed|idle", "whole|entire|all ..2 office|team|company|business|staff|department|site|warehouse|users|employees|customers", "production ..3 down|stopped|halted|affected|blocked|system|line|server|environment", "losing|lost|loss ?of money|sales|revenue|business|customers|orders", "cannot|cant|unable ..2 do|run|operate|process|serve|ship|invoice|take ..3 business|orders|payments|customers|payroll", "our customers|clients|patients|guests|students ..4 cant|cannot|unable|complaining|affected|waiting|see|get", "business critical|impact|interruption", "sla|payroll|go live|all users|every user|everyone ..3 affected|cant|locked", "clients are",
    "ganze|gesamte|unsere ..2 firma|betrieb|buro|abteilung|produktion|team|belegschaft", "produktion ..3 steht|stillstand|ausfall", "umsatz ..3 verlieren|verlust|ausfall", "alle ..2 mitarbeiter|kunden|nutzer", "toute l|notre ..2 entreprise|equipe|production|bureau", "tous nos|les clients|utilisateurs|employes", "toda la|nuestra empresa|oficina|produccion|plantilla", "todos ..2 clientes|usuarios|empleados", "tutta l|la azienda|ufficio|produzione", "tutti i|gli clienti|utenti|dipendenti", "hele|gehele bedrijf|kantoor|team|productie", "al onze|alle klanten|medewerkers|gebruikers", "toda a|nossa empresa|equipe|producao", "todos os ..2 clientes|usuarios|funcionarios",
};
constexpr std::string_view kBuying[] = {
    "want|like|wish|plan|planning|ready|looking|hoping|intend|going|considering|thinking|interested ..3 buy|buying|purchase|purchasing|order|ordering|upgrade|upgrading|subscribe|subscribing|sign|book|booking|hire|rent|switch|switching", "quote|quotation|quotes|estimate", "how much is|are|does|do|would|for", "what ..4 price|cost|rate", "pricing|bulk|wholesale|volume", "price list", "interested in", "before i|we buy|order|purchase|sign|subscribe", "upgrade to", "minimum order", "in stock", "place ..3 order for", "demo|free trial", "where can i|we buy|get|order", "do you sell|offer|stock|carry",
    "mochte|mochten|wurde|wurden|will|wollen ..6 kaufen|bestellen|erwerben|upgraden|buchen", "angebot|kostenvoranschlag|preisliste|mengenrabatt", "was|wieviel ..2 kostet|kosten", "interessiere|interessieren|interesse", "devis", "combien coute|coutent", "voudrais|souhaite|souhaitons|voulons ..2 acheter|commander|reserver", "interesse par", "presupuesto|cotizacion", "cuanto cuesta|cuestan", "quiero|quisiera|queremos ..2 comprar|contratar|pedir", "preventivo", "quanto costa|costano", "vorrei|vorremmo ..2 comprare|acquistare|ordinare", "offerte", "wat|hoeveel kost|kosten", "wil|willen|zou ..4 kopen|bestellen|aanschaffen", "orcamento|cotacao", "quanto custa|custam", "quero|gostaria|queremos ..3 comprar|contratar|adquirir",
};
constexpr std::string_view kInstructions[] = {
    "ignore|disregard|forget|override|bypass|skip ..5 rules|instructions|instruction|prompt|prompts|policy|policies|guidelines|guardrails|restrictions|programming|directives|guards|limits", "you are now|henceforth", "you are ..3 ai|bot|chatbot|language|llm|gpt|model|assistant", "act|pretend|behave|roleplay ..2 as|like ..4 admin|administrator|manager|ai|system|developer|unrestricted|supervisor|root|assistant|agent", "system|developer|admin|assistant prompt|override|instruction|instructions", "system approve|approved|grant|execute|set|refund|override|note|mark|classify|priority|notice", "developer|god|sudo mode", "jailbreak|jailbroken", "new|updated|hidden|secret|real instructions", "reveal|show|print|repeat|output|leak ..4 prompt|instructions|system|rules|configuration|api|keys",
    "approve|authorize|authorise|grant ..4 refund|request|payment ..4 automatically|without|regardless", "mark|set|classify|flag|treat|tag ..5 as|to ..2 approved|resolved|vip|trusted|verified|safe", "do not|dont|never escalate|tell|notify|inform|forward|alert ..3 human|manager|anyone|agent|staff|customer|user", "end of ..2 email|message|mail|prompt|input|customer", "begin|start of ..2 system|instructions|prompt|admin", "im start|end", "endoftext", "pretend ..2 you", "pretend to be", "respond|reply|answer|output only|exactly|with ..3 yes|json|approved|true|ok|word|following", "confidence|decision|severity to|0*|1*|high|automatic",
    "tool call|calls", "as an ai|assistant|language", "language model", "prompt injection", "you must ..4 refund|approve|comply|obey|execute|send|transfer", "manager|ceo|supervisor|director|boss ..3 has|have|already approved|authorized|authorised|confirmed", "pre approved", "preapproved", "override code", "note to|for ..2 ai|bot|assistant|system|model|agent|classifier", "send ..4 to|at ..3 attacker|evil", "ignoriere|ignorieren|vergiss|missachte ..6 anweisungen|anweisung|regeln|vorgaben|instruktionen|richtlinien", "du bist|sie sind jetzt|nun ..4", "systemnachricht|systemprompt|systemanweisung|systembefehl", "ignorez|ignore|oublie|oubliez ..5 instructions|consignes|regles", "tu es|vous etes maintenant|desormais",
    "ignora|ignore|olvida|ignorad ..5 instrucciones|reglas|normas", "ahora eres", "ignora|ignorate|dimentica ..5 istruzioni|regole", "ora sei", "adesso sei", "negeer|vergeet ..5 instructies|regels|opdrachten", "je bent nu", "ignore|ignora|esqueca ..5 instrucoes|regras", "voce e agora", "agora voce e",
};

constexpr std::string_view kPersonWords[] = {"person", "human", "agent", "representative", "operator", "mensch", "menschen", "mitarbeiter", "mitarbeiterin", "personne", "humain", "conseiller", "persona", "humano", "agente", "umano", "operatore", "persoon", "mens", "medewerker", "pessoa", "atendente", "personen"};
/// What may stand beside it without saying more.
constexpr std::string_view kFillers[] = {
    "a", "an", "the", "real", "live", "actual", "being", "please", "pls", "plz", "now", "i", "we", "want", "need", "would", "d", "like", "to", "with", "speak", "talk", "thanks", "thank", "you", "yes", "ok", "ein", "eine", "einen", "einem", "einer", "bitte", "danke", "ja", "mit", "ich", "mochte", "will", "brauche", "sprechen", "echter", "echten", "un", "une", "svp", "stp", "s", "il", "vous", "te", "plait", "merci", "oui", "je", "veux", "voudrais", "avec", "parler",
    "una", "por", "favor", "gracias", "si", "quiero", "con", "hablar", "per", "favore", "cortesia", "grazie", "vorrei", "voglio", "parlare", "een", "echt", "echte", "alstublieft", "aub", "graag", "bedankt", "ik", "wil", "met", "spreken", "uma", "obrigado", "obrigada", "sim", "quero", "com", "falar",
};
constexpr std::string_view kGreetings[] = {"hi", "hello", "hey", "dear", "good", "hallo", "guten", "liebes", "sehr", "bonjour", "salut", "hola", "buenos", "buenas", "ciao", "buongiorno", "salve", "dag", "goedendag", "beste", "ola", "bom", "boa", "moin", "servus"};

bool any(const PhraseSet& set, const Words& words) {
    return std::ranges::any_of(words.sentences(), [&](const Words::Sentence& sentence) { return set.matches(words, sentence); });
}

/// Most letters are capitals, in a text long enough that it is no abbreviation.
bool is_shouting(std::string_view text) {
    std::size_t upper = 0;
    std::size_t lower = 0;
    for (const char c : text) {
        upper += c >= 'A' && c <= 'Z' ? 1U : 0U;
        lower += c >= 'a' && c <= 'z' ? 1U : 0U;
    }
    return upper > 40 && upper > 2 * lower;
}

}  // namespace

Tone find_tone(std::string_view text, const Words& words) {
    static const PhraseSet person(kPerson), work(kPersonsWork), angry(kAngry), severe(kSevere), medium(kMedium), urgent(kUrgent), soon(kSoon), impact(kImpact), buying(kBuying);
    Tone tone;
    tone.has_business_impact = any(impact, words);
    const bool is_severe = any(severe, words);
    tone.severity = is_severe ? Level::high : any(medium, words) ? Level::medium : Level::low;
    if (tone.has_business_impact && tone.severity == Level::medium) tone.severity = Level::high;
    tone.urgency = any(urgent, words) ? Level::high : any(soon, words) ? Level::medium : Level::low;
    tone.wants_a_person = any(person, words) || any(work, words);
    tone.is_angry = any(angry, words) || is_shouting(text) || text.find("!!!") != std::string_view::npos;
    tone.wants_to_buy = any(buying, words);
    return tone;
}

bool asks_only_for_a_person(const Words& words) {
    static constexpr std::size_t kGreetingWordsMax = 4;
    static constexpr std::size_t kWordsMax = 8;
    const auto is_one_of = [](std::span<const std::string_view> list, std::string_view word) { return std::ranges::find(list, word) != list.end(); };
    for (const Words::Sentence& sentence : words.sentences()) {
        if (sentence.paragraph > 1) break;  // The older mails stand behind the newest reply.
        const bool is_greeting = is_one_of(kGreetings, words.folded(sentence.first));
        const std::size_t length = sentence.last - sentence.first;
        std::size_t persons = 0;
        std::size_t others = 0;
        for (std::size_t i = sentence.first; i < sentence.last; ++i) {
            const std::string_view word = words.folded(i);
            if (is_one_of(kPersonWords, word)) ++persons;
            else if (!is_one_of(kFillers, word) && !is_one_of(kGreetings, word)) ++others;
        }
        if (persons == 1 && others == 0 && length <= kWordsMax) return true;
        if (!is_greeting || length > kGreetingWordsMax) break;
    }
    return false;
}

bool has_instructions(const Words& words) {
    static const PhraseSet instructions(kInstructions);
    return any(instructions, words);
}

}  // namespace resolute::language
