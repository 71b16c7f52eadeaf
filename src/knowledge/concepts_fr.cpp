// SPDX-License-Identifier: Apache-2.0
#include "knowledge/concepts.h"

namespace resolute::knowledge {
namespace {

constexpr Concept kConcepts[] = {
    {"parcel", "colis|paquet|livraison|commande|envoi|marchandise"},
    {"ship", "livraison|livrer|expédier|expédition|envoyer|transporteur|envoi|expédié|poste"},
    {"order", "commande|commander|achat|acheté|commandé"},
    {"track", "suivre|suivi|où est|où en est|numéro de suivi|statut|état|acheminement"},
    {"not-arrived", "pas arrivé|pas reçu|toujours pas|jamais reçu|retard|perdu|rien reçu|attends|en attente|sans nouvelles"},
    {"arrive", "arriver|arrivé|recevoir|reçu|parvenir|arrivée|là vers"},
    {"delivery-time", "combien de temps|délai|quand|jours|durée"},
    {"address", "adresse|rue|numéro|code postal|déménagement|déménagé"},
    {"damaged", "abîmé|cassé|endommagé|brisé|fissuré|rayé|déchiré|casse"},
    {"wrong-item", "erreur|mauvais|autre article|pas le bon|mauvaise"},
    {"return", "retour|retourner|renvoyer|rendre|renvoi"},
    {"label", "étiquette|bordereau|bon de retour"},
    {"exchange", "échange|échanger|remplacer|remplacement|autre taille"},
    {"refund", "remboursement|rembourser|remboursé|rendre l argent|rendu"},
    {"period", "délai|jusqu à quand|avant|limite|combien de temps"},
    {"warranty", "garantie|garanti|défaut"},
    {"invoice", "facture|reçu|justificatif|note|ticket de caisse|preuve de paiement|facturation"},
    {"bookkeeping", "comptable|comptabilité|impôts|comité|entreprise|frais"},
    {"download", "télécharger|pdf|copie|imprimer|retrouver|trouver|obtenir"},
    {"company-name", "entreprise|société|association|nom de la société|raison sociale"},
    {"price", "prix|tarif|coût|coûte|combien|montant|frais|supplément|somme"},
    {"deposit", "acompte|arrhes|avance|à l avance|verser"},
    {"balance", "solde|reste|restant"},
    {"discount", "réduction|remise|rabais|moins cher|promotion"},
    {"payment-failed", "refusé|échoué|rejeté|échec|impayé|refusée"},
    {"payment", "paiement|payer|payé|règlement|régler|verser"},
    {"card", "carte|carte bancaire|cb"},
    {"upgrade", "passer à|formule supérieure|augmenter|supérieur"},
    {"plan", "abonnement|formule|forfait|contrat|offre"},
    {"cancel", "annuler|annulation|résilier|résiliation|mettre fin|arrêter|ne pourrons|empêchement|ne pas venir|renoncer"},
    {"book", "réserver|réservation|retenir|louer|place|séjour"},
    {"pause", "suspendre|pause|interrompre"},
    {"login", "connexion|connecter|identifier|accéder|accès|entrer|espace|identifiants|me connecter"},
    {"password", "mot de passe|identifiants|code d accès|mdp"},
    {"forgotten", "oublié|perdu|souviens|oubli|rappelle"},
    {"reset", "réinitialiser|réinitialisation|nouveau mot de passe|changer mon mot"},
    {"locked", "bloqué|verrouillé|tentatives|essais|refusés|refusé"},
    {"email", "e mail|mail|courriel|message|courrier|courriers indésirables"},
    {"not-receive-mail", "ne reçois|aucun message|pas reçu|indésirables|aucun mail"},
    {"account", "compte|espace|profil|espace client"},
    {"delete", "supprimer|effacer|suppression|effacement"},
    {"profile-change", "changer|modifier|modification|mettre à jour|corriger|ajouter|mettre"},
    {"not-working", "ne fonctionne pas|ne marche pas|panne|en panne|fonctionne plus|marche plus|impossible|ne répond|hors service"},
    {"error", "erreur|message d erreur|défaut"},
    {"slow", "lent|lente|rame|ramer|lenteur|long"},
    {"connect", "connexion|connecter|réseau|relier|appairer"},
    {"network", "wifi|wi fi|réseau|internet|routeur|box|connexion|débit"},
    {"code", "code|clé|mot clé"},
    {"screen", "écran|affichage|moniteur|image"},
    {"print", "imprimante|imprimer|impression"},
    {"pet", "chien|chat|animal|animaux|labrador|chiot|petit chien"},
    {"documents", "papiers|carnet|documents|certificat"},
    {"leave", "départ|partir|quitter|rester|dernier jour"},
    {"time", "heure|heures|quand|quelle heure|horaire|horaires|tard|soir|nuit|dès"},
    {"open", "ouvrir|ouverture|ouvrent|ouvert|à partir de quelle|à partir"},
    {"season", "été|saison|vacances|août|juillet|prochaine"},
    {"lodging", "mobil home|emplacement|logement|tente|place|chambre|hébergement"},
    {"stock", "disponible|disponibilité|en stock|rupture"},
    {"compare", "différence|comparer|lequel|choisir"},
    {"contact", "téléphone|appeler|joindre|contacter|numéro"},
    {"battery", "batterie|charger|recharge|chargeur"},
    {"assemble", "monter|montage|assembler"},
    {"setup", "installer|installation|configurer|mise en service"},
};

}  // namespace

std::span<const Concept> french_concepts() {
    return kConcepts;
}

}  // namespace resolute::knowledge
