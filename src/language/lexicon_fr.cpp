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
    {"facture|factures|facturation|facture*", kB, 3.0}, {"debite|debitee|preleve|prelevee|prelevement*", kB, 3.0},
    {"deux fois", kB, 3.0}, {"double|doublon prelevement|facturation|paiement", kB, 3.0}, {"tva", kB, 3.0},
    {"abonnement", kB, 2.3}, {"carte bancaire|bleue|credit", kB, 2.3}, {"moyen|mode de paiement", kB, 2.3},
    {"resilier|resiliation", kB, 2.3}, {"renouvel*", kB, 2.3}, {"iban|rib|virement", kB, 2.3},
    {"trop percu|surfactur*", kB, 2.3}, {"paiement|paiements ..3 refuse|echoue|rejete", kB, 2.3},
    {"paiement|paiements|payer|regler|reglement", kB, 1.6}, {"frais", kB, 1.6}, {"recu|justificatif", kB, 1.6},
    {"montant|tarif ..3 errone|incorrect|augment*", kB, 1.6}, {"echeance|mensualite|mensualites", kB, 1.6},
    {"compte ..3 debite", kB, 1.6}, {"code promo ..4 pas", kB, 1.6}, {"paye", kB, 0.8}, {"banque", kB, 0.8},
   
    {"ne ..2 fonctionne|marche|demarre|repond|charge|connecte|allume|synchronise|ouvre|parviens|arrive|peux ..6 pas|plus|connecter|installer|acceder|ouvrir", kT, 3.0},
    {"fonctionne|marche ..2 pas|plus", kT, 3.0}, {"message d erreur", kT, 3.0}, {"erreur|erreurs", kT, 3.0},
    {"mot de passe", kT, 3.0}, {"plante|bug|bugs|bogue|beugue", kT, 3.0}, {"en panne|panne", kT, 3.0},
    {"me connecter", kT, 3.0}, {"configurer|installer|installation|configuration|parametrer", kT, 2.2},
    {"mise a jour|logiciel", kT, 2.2}, {"reinitialis*", kT, 2.2}, {"identifiant|identifiants|connexion", kT, 2.2},
    {"deconnecte|bloque|bloquee|lent|lente|fige", kT, 2.2}, {"ecran ..2 noir|bleu|blanc", kT, 2.2}, {"technique", kT, 2.2},
    {"defectueux|defectueuse|defaut", kT, 2.2}, {"api|serveur|pilote", kT, 2.2}, {"code ..4 pas", kT, 2.2},
    {"wifi|bluetooth|routeur|imprimante|reseau|internet", kT, 1.3},
    {"application|appli|navigateur|telephone|ordinateur|ecran", kT, 1.3}, {"probleme|problemes", kT, 1.3},
    {"parametres", kT, 1.3}, {"depannage|reparer|reparation", kT, 1.3}, {"batterie", kT, 1.3}, {"clignote", kT, 1.3},
    {"comment ..4 activer|desactiver|connecter|exporter|importer|nettoyer", kT, 1.3},
    {"proposez|vendez|offrez|fournissez|livrez vous", kP, 2.6}, {"avez vous", kP, 2.6}, {"combien coute|coutent", kP, 2.6},
    {"quel|quels est|sont ..4 prix|tarif|tarifs|delai", kP, 2.6}, {"devis|tarifs", kP, 2.6},
    {"interesse|interessee|interesses", kP, 2.6}, {"compatible|compatibles", kP, 2.6}, {"difference", kP, 2.6},
    {"en stock|disponible|disponibles|disponibilite", kP, 2.6},
    {"catalogue|echantillon|echantillons|brochure|essai|demonstration", kP, 2.6},
    {"recommandez|conseillez|conseiller", kP, 2.6}, {"acheter|achat|commander ..3 voudrais", kP, 1.7},
    {"voudrais|souhaite|souhaiterais|aimerais ..3 acheter|commander|savoir|connaitre|essayer", kP, 1.7},
    {"est il|elle|ce|possible ..3 possible|compatible|adapte|inclus", kP, 1.7}, {"y a t il", kP, 1.7},
    {"avant d acheter|achat|commander", kP, 1.7}, {"convient|adapte", kP, 1.7},
    {"quelle|quelles|quel taille|modele|version|est", kP, 1.7},
    {"caracteristiques|dimensions|fonctionnalites|composition|allergenes", kP, 1.7},
    {"quantite|gros|remise|reduction", kP, 1.7}, {"prend en charge", kP, 1.7}, {"garantie ..3 combien|duree", kP, 1.7},
    {"prix", kP, 0.8}, {"produit|produits", kP, 0.8}, {"offre|offres", kP, 0.8},
    {"rembours*", kR, 3.6}, {"recuperer ..3 argent|mon argent", kR, 3.6},
    {"retourner|renvoyer|retour ..3 article|produit|commande|colis|chaussures|marchandise|les|la|le", kR, 3.6},
    {"retour|retours|retourner|renvoyer", kR, 3.6}, {"retractation|me retracter", kR, 3.6}, {"dedommage*|indemnis*", kR, 3.6},
    {"avoir ..2 argent", kR, 3.6}, {"argent", kR, 1.8}, {"echanger|echange", kR, 1.8}, {"rendre", kR, 1.8},
    {"grand|petite|grande", kR, 1.8}, {"ne convient pas", kR, 1.8}, {"trop petit", kR, 1.8}, {"etiquette de retour", kR, 1.8}, {"ne me plait", kR, 1.8},
    {"ou est|en ..3 commande|colis|livraison", kG, 3.0}, {"suivi|numero de suivi", kG, 3.0},
    {"horaires|ouvert|ouverts|ouverture", kG, 3.0},
    {"changer|modifier|mettre ..4 adresse|coordonnees|telephone|nom|email|mail", kG, 3.0},
    {"nouvelle adresse|demenage|demenagement", kG, 3.0}, {"supprimer|fermer|cloturer ..3 compte", kG, 3.0},
    {"newsletter|desabonner|desinscrire", kG, 3.0}, {"rgpd|donnees personnelles", kG, 3.0},
    {"pas ..3 recu|livre|arrive|arrivee", kG, 3.0}, {"livraison|livrer|livre|colis|expedition|expedie|transporteur", kG, 1.7},
    {"rendez vous|reservation|reserver|reporter|annuler", kG, 1.7}, {"reclamation|plainte|desagreable|impoli", kG, 1.7},
    {"remercier|feliciter|avis|suggestion", kG, 1.7}, {"merci pour", kG, 1.7}, {"contacter|joindre|rappeler|rappel|conseiller", kG, 1.7},
    {"attestation|certificat", kG, 1.7}, {"candidature|stage|emploi", kG, 1.7}, {"parking|adresse|magasin", kG, 1.7},
    {"manque|manquant|manquante|endommage|abime|casse", kG, 1.7}, {"mauvais article", kG, 1.7}, {"mauvaise taille", kG, 1.7},
    {"carte de fidelite|points", kG, 1.7}, {"oublie|perdu|objet trouve", kG, 1.7},
};

}  // namespace

std::span<const LexiconEntry> french_lexicon() { return kEntries; }

}  // namespace resolute::language
