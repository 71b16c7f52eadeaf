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
    {"factuur|facturen|facturatie|gefactureerd", kB, 3.0}, {"afgeschreven|afschrijving|incasso|geincasseerd", kB, 3.0},
    {"twee keer|dubbel ..4 betaald|afgeschreven|gefactureerd|afgerekend", kB, 3.0}, {"btw", kB, 3.0},
    {"rekening ..3 hoog|klopt|ontvangen", kB, 3.0}, {"abonnement|abonnementen", kB, 2.3}, {"creditcard|ideal|paypal", kB, 2.3},
    {"betaalmethode|betaalwijze|betaalgegevens", kB, 2.3}, {"opzeggen|opzegging", kB, 2.3}, {"verleng*", kB, 2.3},
    {"betaling ..4 mislukt|geweigerd|afgewezen", kB, 2.3}, {"te veel ..3 betaald|afgeschreven|gerekend", kB, 2.3},
    {"iban|rekeningnummer|automatische incasso", kB, 2.3}, {"betaling|betalingen|betalen|afrekenen", kB, 1.6},
    {"rekening", kB, 1.6}, {"kosten|toeslag", kB, 1.6}, {"bon|bonnetje|betaalbewijs", kB, 1.6},
    {"aanmaning|herinnering", kB, 1.6}, {"korting ..4 niet", kB, 1.6}, {"termijn|termijnen", kB, 1.6}, {"bedrag", kB, 1.6},
    {"prijsverhoging", kB, 1.6}, {"betaald", kB, 0.8}, {"bank", kB, 0.8},
    {"werkt|werken|doet|start|laadt|opent|reageert|verbindt|lukt ..4 niet", kT, 3.0},
    {"foutmelding|foutmeldingen|foutcode", kT, 3.0}, {"wachtwoord", kT, 3.0}, {"crasht|vastgelopen|vast", kT, 3.0}, {"loopt vast", kT, 3.0},
    {"kan|kunnen ..5 niet ..2 inloggen|openen|installeren|verbinden|downloaden", kT, 3.0},
    {"niet inloggen|verbinden|openen", kT, 3.0}, {"storing|storingen", kT, 3.0}, {"fout|fouten", kT, 2.2},
    {"installeren|installatie|instellen|configureren", kT, 2.2}, {"inloggen|inlog*", kT, 2.2},
    {"update|software|bijwerken", kT, 2.2}, {"resetten|herstarten|opstarten", kT, 2.2}, {"opnieuw opgestart", kT, 2.2},
    {"scherm ..3 zwart|blauw|wit", kT, 2.2}, {"technisch*", kT, 2.2}, {"api|server|driver|firmware", kT, 2.2},
    {"code ..4 niet|geen", kT, 2.2}, {"traag|langzaam|geblokkeerd", kT, 2.2}, {"kapot|defect", kT, 2.2},
    {"wifi|bluetooth|router|printer|netwerk|internet", kT, 1.3}, {"app|browser|telefoon|computer|laptop", kT, 1.3},
    {"probleem|problemen", kT, 1.3}, {"instellingen", kT, 1.3}, {"batterij|accu", kT, 1.3}, {"knippert", kT, 1.3},
    {"hoe ..4 activeren|verbinden|exporteren|importeren|schoonmaken", kT, 1.3}, {"repareren|reparatie", kT, 1.3},
    {"verbinding", kT, 1.3},
    {"bieden|verkopen|hebben|leveren jullie|u", kP, 2.6}, {"heeft u", kP, 2.6}, {"wat kost|kosten", kP, 2.6},
    {"hoeveel kost|kosten", kP, 2.6}, {"offerte|prijslijst|prijzen", kP, 2.6}, {"geinteresseerd|interesse", kP, 2.6},
    {"compatibel|geschikt", kP, 2.6}, {"verschil|verschillen", kP, 2.6},
    {"op voorraad|voorradig|beschikbaar|leverbaar", kP, 2.6},
    {"catalogus|monster|brochure|demo|proefperiode|proefabonnement", kP, 2.6}, {"aanraden|adviseren|aanbevelen", kP, 2.6},
    {"kopen|aanschaffen|aankoop", kP, 1.7}, {"wil|willen|zou ..4 kopen|bestellen|weten|proberen", kP, 1.7},
    {"is het mogelijk|geschikt|waterdicht", kP, 1.7}, {"is|zijn er ..4 korting|versie|model|optie|kleur", kP, 1.7},
    {"voordat ik|we ..4 koop|bestel|kopen|bestellen", kP, 1.7},
    {"specificaties|afmetingen|materiaal|ingredienten|allergenen|functies", kP, 1.7}, {"groothandel|aantallen|bulk", kP, 1.7},
    {"welke ..3 maat|model|versie|pakket", kP, 1.7}, {"bevat|ondersteunt|past", kP, 1.7}, {"hoe lang gaat", kP, 1.7},
    {"prijs", kP, 0.8}, {"product|producten", kP, 0.8}, {"pakket", kP, 0.8},
    {"terugbetal*|terugbetaald|terugbetaling", kR, 3.6}, {"geld terug", kR, 3.6}, {"geld ..4 terug", kR, 3.6},
    {"retour|retourneren|retourzending|retouren|terugsturen|teruggestuurd|terugzenden", kR, 3.6},
    {"restitutie|terugstorten|teruggestort|teruggave", kR, 3.6}, {"herroep*|bedenktijd", kR, 3.6},
    {"schadevergoeding|compensatie|vergoeding", kR, 3.6}, {"ruilen|omruilen", kR, 1.8}, {"te klein|groot", kR, 1.8},
    {"niet meer nodig|hebben", kR, 1.8}, {"bevalt niet|past niet", kR, 1.8}, {"retourlabel", kR, 1.8},
    {"bedrag terug", kR, 1.8},
    {"waar is|blijft|blijven ..4 bestelling|pakket|pakje|levering", kG, 3.0},
    {"track|volgen|trackingnummer|verzendstatus", kG, 3.0}, {"openingstijden|geopend|open", kG, 3.0},
    {"adres|telefoonnummer|mailadres|naam|gegevens ..5 wijzigen|veranderen|aanpassen|gewijzigd", kG, 3.0},
    {"wijzigen ..4 adres|gegevens", kG, 3.0}, {"verhuisd|verhuizing", kG, 3.0}, {"account ..4 verwijderen|sluiten", kG, 3.0},
    {"verwijder* ..4 account", kG, 3.0}, {"nieuwsbrief|afmelden|uitschrijven", kG, 3.0},
    {"privacy|avg|persoonsgegevens", kG, 3.0}, {"nog ..3 niet ..3 ontvangen|binnen|aangekomen|geleverd|bezorgd", kG, 3.0},
    {"levering|bezorging|bezorgd|verzending|verzonden|pakket|bestelling|leveren|geleverd", kG, 1.7},
    {"afspraak|reservering|boeking|verzetten|annuleren", kG, 1.7}, {"klacht|onbeleefd|onvriendelijk", kG, 1.7},
    {"bedanken|compliment|suggestie", kG, 1.7}, {"contact|bellen|terugbellen|spreken", kG, 1.7},
    {"bewijs|certificaat|verklaring", kG, 1.7}, {"vacature|stage|sollicit*", kG, 1.7}, {"parkeren|winkel|filiaal", kG, 1.7},
    {"ontbreekt|ontbreken|mist|verkeerde|beschadigd", kG, 1.7}, {"punten|klantenkaart|spaarpunten", kG, 1.7},
    {"verloren|vergeten|gevonden voorwerpen", kG, 1.7},
};

}  // namespace

std::span<const LexiconEntry> dutch_lexicon() { return kEntries; }

}  // namespace resolute::language
