// SPDX-License-Identifier: Apache-2.0
#include "language/lexicon.h"

namespace resolute::language {
namespace {

constexpr auto kB = ports::Category::billing;
constexpr auto kT = ports::Category::technical;
constexpr auto kP = ports::Category::product_inquiry;
constexpr auto kR = ports::Category::refund_request;
constexpr auto kG = ports::Category::general_support;

constexpr LexiconEntry kEntries[] = {
    {"fattura|fatture|fatturazione|fatturato", kB, 3.0}, {"addebit*", kB, 3.0}, {"due volte", kB, 3.0},
    {"iva|partita iva", kB, 3.0}, {"bolletta|bollette", kB, 3.0}, {"abbonamento|abbonamenti", kB, 2.3},
    {"carta di credito", kB, 2.3}, {"metodo|metodi|modalita di pagamento", kB, 2.3}, {"disdire|disdetta", kB, 2.3},
    {"rinnov*", kB, 2.3}, {"pagamento ..4 rifiutato|fallito|respinto", kB, 2.3}, {"bonifico|iban", kB, 2.3},
    {"in piu", kB, 2.3}, {"pagamento|pagamenti|pagare|saldare", kB, 1.6}, {"ricevuta|scontrino", kB, 1.6},
    {"importo|tariffa|canone|rata|rate", kB, 1.6}, {"carta", kB, 1.6}, {"commissione|commissioni", kB, 1.6},
    {"sconto ..4 non", kB, 1.6}, {"banca", kB, 1.6}, {"pagato", kB, 0.8},
   
    {"non ..2 funziona|funzionano|accende|carica|connette|apre|risponde|parte|sincronizza|stampa|riesco|riusciamo|posso ..4 accedere|entrare|installare|collegare|aprire|connettermi|scaricare", kT, 3.0},
    {"non ..2 funziona|funzionano|accende|carica|connette|apre|risponde|parte|sincronizza|stampa", kT, 3.0},
    {"errore|errori", kT, 3.0}, {"password", kT, 3.0}, {"si blocca|chiude|spegne|disconnette|arresta", kT, 3.0},
    {"messaggio di errore", kT, 3.0}, {"guasto|guasta|malfunzionamento", kT, 3.0},
    {"installare|installazione|configurare|configurazione", kT, 2.2}, {"accesso|accedere|login", kT, 2.2},
    {"aggiornamento|aggiornare|software", kT, 2.2}, {"reimpostare|ripristinare|riavviare|riavviato", kT, 2.2},
    {"schermo|schermata ..2 nero|nera|blu|bianca", kT, 2.2}, {"tecnico|tecnica|assistenza tecnica", kT, 2.2},
    {"api|server|driver", kT, 2.2}, {"codice ..4 non", kT, 2.2}, {"lento|lenta|bloccato|bloccata", kT, 2.2},
    {"ha smesso di funzionare", kT, 2.2}, {"difettoso|difettosa|rotto|rotta", kT, 2.2},
    {"wifi|bluetooth|router|stampante|rete|internet", kT, 1.3},
    {"applicazione|app|browser|telefono|cellulare|computer", kT, 1.3}, {"problema|problemi", kT, 1.3},
    {"impostazioni", kT, 1.3}, {"batteria", kT, 1.3}, {"lampeggia", kT, 1.3},
    {"come ..4 attivare|disattivare|collegare|esportare|importare|pulire", kT, 1.3}, {"riparare|riparazione", kT, 1.3},
    {"offrite|vendete|avete|fornite|producete", kP, 2.6}, {"quanto costa|costano|viene|costerebbe", kP, 2.6},
    {"qual|quali e|sono ..4 prezzo|prezzi|costo", kP, 2.6}, {"preventivo|listino|prezzi", kP, 2.6},
    {"interessato|interessata|interessati|interessa", kP, 2.6}, {"compatibile|compatibili", kP, 2.6},
    {"differenza|differenze", kP, 2.6}, {"disponibile|disponibili|disponibilita|in magazzino", kP, 2.6},
    {"catalogo|campione|campioni|brochure|demo|prova gratuita", kP, 2.6},
    {"consigliate|consigliereste|consiglia|consigliarmi", kP, 2.6}, {"comprare|acquistare|acquisto", kP, 1.7},
    {"vorrei|vorremmo|desidero ..4 comprare|acquistare|sapere|ordinare|provare|informazioni", kP, 1.7},
    {"e possibile|adatto|adatta", kP, 1.7}, {"c e|ci sono ..4 sconto|sconti|versione|modello|opzione", kP, 1.7},
    {"prima di comprare|acquistare|ordinare", kP, 1.7},
    {"caratteristiche|dimensioni|misure|materiali|ingredienti|allergeni|funzioni|funzionalita", kP, 1.7},
    {"all ingrosso|quantita", kP, 1.7}, {"quale ..3 taglia|modello|misura|versione|piano", kP, 1.7},
    {"include|comprende|supporta", kP, 1.7}, {"quanto dura", kP, 1.7}, {"prezzo", kP, 0.8}, {"prodotto|prodotti", kP, 0.8},
    {"offerta", kP, 0.8},
    {"rimbors*", kR, 3.6}, {"reso|resi|restituire|restituzione|rendere|rimandare", kR, 3.6},
    {"i miei soldi|indietro ..2 soldi", kR, 3.6}, {"soldi|denaro ..3 indietro", kR, 3.6},
    {"diritto di recesso|recesso|recedere", kR, 3.6}, {"risarciment*|indennizzo", kR, 3.6}, {"indietro", kR, 3.6},
    {"cambiare|cambio taglia|sostituire", kR, 1.8}, {"troppo piccolo|grande|piccola|piccole", kR, 1.8},
    {"non mi piace|serve|va bene", kR, 1.8}, {"etichetta di reso", kR, 1.8},
    {"dov e|dove ..4 ordine|pacco|spedizione", kG, 3.0}, {"tracciamento|tracking|tracciare", kG, 3.0},
    {"orari|orario|aperti|aperto|apertura", kG, 3.0},
    {"cambiare|modificare|aggiornare ..4 indirizzo|telefono|mail|nome|dati|email", kG, 3.0},
    {"nuovo indirizzo|trasferito|trasloco|traslocato", kG, 3.0}, {"eliminare|cancellare|chiudere ..4 account|profilo", kG, 3.0},
    {"newsletter|disiscrivermi", kG, 3.0}, {"privacy|dati personali", kG, 3.0},
    {"non ..3 arrivato|ricevuto|arrivata|consegnato|ricevuta", kG, 3.0},
    {"consegna|spedizione|spedito|pacco|corriere|ordine", kG, 1.7},
    {"appuntamento|prenotazione|prenotare|spostare|rimandare|annullare", kG, 1.7},
    {"reclamo|lamentela|maleducato|scortese", kG, 1.7}, {"ringraziare|complimenti|suggerimento", kG, 1.7},
    {"contattare|chiamare|richiamare|parlare con", kG, 1.7}, {"certificato|attestato", kG, 1.7},
    {"lavoro|tirocinio|curriculum|candidatura", kG, 1.7}, {"parcheggio|negozio|dove siete", kG, 1.7},
    {"manca|mancano|sbagliato|sbagliata|danneggiato|danneggiata", kG, 1.7}, {"punti|tessera|carta fedelta", kG, 1.7},
    {"perso|smarrito|dimenticato", kG, 1.7},
};

}  // namespace

std::span<const LexiconEntry> italian_lexicon() { return kEntries; }

}  // namespace resolute::language
