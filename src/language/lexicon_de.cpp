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
    {"rechnung|rechnungen|rechnungs*", kB, 3.0}, {"abgebucht|abbuchung*", kB, 3.0},
    {"doppelt ..3 abgebucht|berechnet|belastet|bezahlt|gezahlt", kB, 3.0},
    {"zweimal ..3 abgebucht|berechnet|belastet|bezahlt", kB, 3.0},
    {"mehrwertsteuer|umsatzsteuer|mwst|ust|steuernummer", kB, 3.0}, {"mahnung|mahngebuhr*|zahlungserinnerung", kB, 3.0},
    {"lastschrift*|einzugsermachtigung|sepa", kB, 3.0},
    {"zahlungsmethode*|zahlungsart*|zahlungsmittel|zahlungsweise|bankverbindung|kontoverbindung", kB, 2.4},
    {"kreditkarte*|paypal|klarna", kB, 2.4}, {"ec karte", kB, 2.4}, {"abo|abos|abonnement*", kB, 2.4},
    {"abo|abonnement|vertrag|mitgliedschaft ..5 kundigen|kundigung|beenden", kB, 2.4},
    {"kundig* ..5 abo|abonnement|vertrag|mitgliedschaft", kB, 2.4}, {"berechnet|belastet|verrechnet", kB, 2.4},
    {"zu viel ..3 berechnet|bezahlt|abgebucht|gezahlt", kB, 2.4}, {"preiserhohung|teurer", kB, 2.4},
    {"verlangerung|verlangert", kB, 2.4}, {"zahlung|zahlungen|bezahlung", kB, 1.8}, {"ratenzahlung|raten|uberweisung", kB, 1.8},
    {"gebuhr|gebuhren", kB, 1.8}, {"kosten ..3 unklar|hoch|falsch", kB, 1.8}, {"quittung|beleg|kontoauszug", kB, 1.8},
    {"falscher|falschen betrag|preis", kB, 1.8}, {"buchhaltung", kB, 1.8}, {"iban", kB, 1.8}, {"konto ..3 belastet", kB, 1.8},
    {"kundigen|kundigung", kB, 1.8}, {"bezahlt|bezahlen|gezahlt", kB, 0.9}, {"betrag", kB, 0.9},
    {"rabatt ..4 nicht|fehlt", kB, 0.9}, {"rabattcode|gutscheincode", kB, 0.9},
    {"funktioniert|funktionieren|geht|gehen|lauft|klappt ..4 nicht|nicht|mehr", kT, 3.0},
    {"fehlermeldung*|fehlercode", kT, 3.0}, {"sturzt|absturz|absturze|absturzt|abgesturzt", kT, 3.0},
    {"lasst sich ..3 nicht", kT, 3.0},
    {"kann ..5 nicht ..2 einloggen|anmelden|offnen|installieren|verbinden|zugreifen|starten", kT, 3.0},
    {"nicht ..2 einloggen|anmelden|verbinden|starten|laden", kT, 3.0}, {"passwort|kennwort|zugangsdaten", kT, 3.0},
    {"fehler", kT, 2.3}, {"storung|storungen|ausfall|ausgefallen", kT, 2.3}, {"defekt|kaputt", kT, 2.3},
    {"einrichten|einrichtung|installieren|installation|konfigurieren|konfiguration", kT, 2.3},
    {"verbindet|verbindung|verbunden ..4 nicht|keine", kT, 2.3}, {"zurucksetzen|zuruckgesetzt", kT, 2.3},
    {"anmeldung|login|einloggen|zwei faktor*", kT, 2.3}, {"update|aktualisierung", kT, 2.3},
    {"treiber|firmware|software", kT, 2.3}, {"friert|hangt|eingefroren", kT, 2.3},
    {"schnittstelle|api|server|webhook", kT, 2.3}, {"bildschirm|display ..4 schwarz|schwarz|weiss|leer", kT, 2.3},
    {"wlan|bluetooth|router|netzwerk|internet|drucker|scanner", kT, 1.4},
    {"app|browser|handy|smartphone|tablet|windows|android|iphone", kT, 1.4}, {"langsam", kT, 1.4},
    {"problem|probleme|schwierigkeiten", kT, 1.4}, {"einstellungen", kT, 1.4}, {"reagiert", kT, 1.4},
    {"blinkt|leuchtet", kT, 1.4}, {"technisch*", kT, 1.4}, {"synchron*", kT, 1.4}, {"gerat ..5 nicht|nicht", kT, 1.4},
    {"exportieren|importieren|hochladen|herunterladen", kT, 1.4},
    {"wie ..5 einstellen|verbinden|aktivieren|deaktivieren|reinigen", kT, 1.4}, {"code ..4 nicht|kein", kT, 1.4},
    {"akku", kT, 1.4}, {"reparatur|reparieren", kT, 1.4},
    {"bieten|bietet|fuhren|verkaufen|vertreiben|liefern sie|ihr|du", kP, 2.6},
    {"haben sie|ihr ..6 im|auf|in|sortiment|angebot|lager", kP, 2.6}, {"was kostet|kosten", kP, 2.6},
    {"wie ?viel kostet|kosten|teuer", kP, 2.6}, {"angebot|angebote|kostenvoranschlag|preisliste|preise", kP, 2.6},
    {"interessiere|interessieren|interesse", kP, 2.6}, {"kompatibel|geeignet", kP, 2.6}, {"unterschied", kP, 2.6},
    {"mengenrabatt|grossbestellung|staffelpreis*", kP, 2.6}, {"vorratig|lieferbar|verfugbar", kP, 2.6}, {"auf lager", kP, 2.6},
    {"empfehlen|empfehlung", kP, 2.6}, {"katalog|muster|prospekt|broschure|testversion|probemonat|demo|vorfuhrung", kP, 2.6},
    {"mochte|wurde|will|wollen|mochten ..6 kaufen|bestellen|erwerben|buchen", kP, 1.7}, {"kaufen|kauf|anschaffen", kP, 1.7},
    {"gibt es ..6 rabatt|variante|version|farbe|grosse|modell|option|moglichkeit|auch|eine|einen", kP, 1.7},
    {"unterstutzt|unterstutzen", kP, 1.7},
    {"welche|welches|welcher ..5 modell|grosse|version|paket|tarif|passt|empfehlen|besser", kP, 1.7}, {"passt|passen", kP, 1.7},
    {"massen|masse|abmessungen|gewicht|material|inhaltsstoffe|allergene", kP, 1.7}, {"technische daten", kP, 1.7},
    {"vor dem kauf|bestellung", kP, 1.7}, {"tarif|paket|pakete", kP, 1.7}, {"wiederverkaufer|handler", kP, 1.7},
    {"mehr informationen|erfahren|infos", kP, 1.7},
    {"bevor ich|wir ..6 kaufe|bestelle|kaufen|bestellen|buche|entscheide*", kP, 1.7},
    {"ist ..5 enthalten|inklusive|moglich|wasserdicht|erhaltlich", kP, 1.7}, {"garantie ..4 lange", kP, 1.7},
    {"funktioniert|funktionieren ..6 mit|auch mit", kP, 1.7}, {"preis", kP, 0.8}, {"produkt|produkte", kP, 0.8},
    {"neukunde", kP, 0.8},
    {"erstatt*|ruckerstatt*|zuruckerstatt*|kostenerstattung", kR, 3.6}, {"geld ..4 zuruck", kR, 3.6},
    {"ruckzahlung|zuruckzahlen|zuruckuberweisen|zuruckbuchen", kR, 3.6},
    {"zuruckgeben|zuruckschicken|zurucksenden|zuruckgeschickt|zurucksende*", kR, 3.6},
    {"rucksendung|rucksende*|retoure|retouren|retournieren|ruckgabe", kR, 3.6}, {"widerruf*|widerrufen", kR, 3.6},
    {"gutschrift", kR, 3.6}, {"schadenersatz|entschadigung", kR, 3.6}, {"zuruckhaben|zuruckbekommen|zuruckfordern", kR, 2.0},
    {"gefallt|passt ..3 nicht", kR, 2.0}, {"umtausch*|umtauschen", kR, 2.0},
    {"vom kauf|vertrag zurucktreten|zurucktreten", kR, 2.0}, {"rucktritt|ruckabwick*", kR, 2.0},
    {"nicht mehr haben|benotige|brauche", kR, 2.0}, {"falsch bestellt", kR, 2.0}, {"kaufpreis", kR, 2.0},
    {"wo ist|bleibt|bleiben ..4 bestellung|paket|lieferung|sendung|ware", kG, 3.0},
    {"sendungsverfolgung|sendungsnummer|lieferstatus", kG, 3.0}, {"offnungszeiten|geoffnet", kG, 3.0},
    {"adresse|anschrift|adressanderung|lieferadresse|telefonnummer|mailadresse|namen ..5 andern|geandert|korrigieren|anderung|aktualisieren|neue", kG, 3.0},
    {"andern|ander* ..5 adresse|anschrift|lieferadresse|telefonnummer|mailadresse|namen", kG, 3.0},
    {"umgezogen|umzug|adressanderung", kG, 3.0}, {"konto ..5 loschen|schliessen", kG, 3.0},
    {"newsletter|abmelden|abbestellen", kG, 3.0}, {"datenschutz|dsgvo", kG, 3.0},
    {"noch nicht ..3 angekommen|erhalten|geliefert|da|eingetroffen", kG, 3.0},
    {"lieferung|lieferzeit|lieferzeiten|geliefert|versand|versendet|paket|zustellung|liefertermin|lieferdatum|sendung", kG, 1.8},
    {"termin|termine|reservierung|buchung|verschieben|umbuchen", kG, 1.8}, {"beschwerde|beschweren|unfreundlich", kG, 1.8},
    {"feedback|lob|anregung|danke|bedanken", kG, 1.8}, {"mitarbeiter|ansprechpartner|kontakt|anrufen|ruckruf", kG, 1.8},
    {"stornier*|stornierung", kG, 1.8}, {"bewerbung|praktikum|stelle", kG, 1.8}, {"bestellung ..4 status|andern", kG, 1.8},
    {"bestatigung|bescheinigung|nachweis", kG, 1.8}, {"fehlt|fehlen|fehlend*", kG, 1.8},
    {"falschen artikel|falsche ware|falsches produkt|falsche* grosse", kG, 1.8}, {"beschadigt", kG, 1.8},
    {"parkplatz*|anfahrt|filiale", kG, 1.8}, {"verloren|fundsache|vergessen|liegen gelassen", kG, 1.8},
    {"kundenkarte|mitgliedskarte|treuepunkte|punkte", kG, 1.8},
};

}  // namespace

std::span<const LexiconEntry> german_lexicon() { return kEntries; }

}  // namespace resolute::language
