import type { Wording } from './wording.js';

/** Why a payment was declined or waits for a person, in the few words a merchant needs. */
export const mailReasons = {
  'why.other': { en: 'The bank did not say why', fr: 'La banque n’en dit pas la raison' },
  'why.insufficient_funds': { en: 'Not enough money on the card', fr: 'Solde ou plafond insuffisant' },
  'why.expired_card': { en: 'The card has expired', fr: 'Carte expirée' },
  'why.incorrect_security_code': { en: 'Wrong security code', fr: 'Cryptogramme erroné' },
  'why.invalid_card_number': { en: 'Unknown card number', fr: 'Numéro de carte inconnu' },
  'why.authentication_failed': { en: 'The holder did not confirm', fr: 'Le porteur n’a pas confirmé' },
  'why.authentication_rejected': {
    en: 'The bank refused to authenticate',
    fr: 'La banque a refusé l’authentification',
  },
  'why.authentication_required': { en: 'The holder must confirm', fr: 'Le porteur doit confirmer' },
  'why.authentication_unavailable': {
    en: 'The bank could not be asked to authenticate',
    fr: 'La banque n’a pas pu authentifier le porteur',
  },
  'why.card_unavailable': {
    en: 'The card details were gone',
    fr: 'Les données de la carte n’étaient plus disponibles',
  },
  'why.acquirer_unavailable': { en: 'The acquirer did not answer', fr: 'L’acquéreur n’a pas répondu' },
  'why.reversed': { en: 'Undone before it was approved', fr: 'Annulé avant d’être accepté' },
  'why.late_money': { en: 'Money arrived after the end', fr: 'De l’argent est arrivé après la fin' },
  'why.quarantine': { en: 'Something contradicts itself', fr: 'Quelque chose se contredit' },
  'refund_reason.requested_by_customer': { en: 'At your request', fr: 'À votre demande' },
  'refund_reason.duplicate': { en: 'Paid twice', fr: 'Payé deux fois' },
  'refund_reason.fraudulent': { en: 'Not paid by you', fr: 'Paiement que vous n’avez pas fait' },
  'refund_reason.order_canceled': { en: 'Order canceled', fr: 'Commande annulée' },
  'refund_reason.returned': { en: 'Goods returned', fr: 'Articles retournés' },
  'refund_reason.out_of_stock': { en: 'Not available', fr: 'Article indisponible' },
} as const satisfies Readonly<Record<string, Wording>>;
