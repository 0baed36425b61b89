import type { Wording } from './wording.js';

/** What merchants are told, by the kind of mail. Short: they read many. */
export const mailToMerchants = {
  'merchant.paid.subject': {
    en: '{merchant}: {amount} paid ({reference})',
    fr: '{merchant} : paiement de {amount} reçu ({reference})',
  },
  'merchant.paid.title': { en: '{amount} paid', fr: 'Paiement de {amount} reçu' },
  'merchant.paid.text': {
    en: 'The money was taken. There is nothing to do.',
    fr: 'La somme est encaissée. Rien à faire.',
  },
  'merchant.reserved.subject': {
    en: '{merchant}: {amount} reserved ({reference})',
    fr: '{merchant} : réservation de {amount} ({reference})',
  },
  'merchant.reserved.title': { en: '{amount} reserved', fr: 'Montant réservé : {amount}' },
  'merchant.reserved.text': {
    en: 'The amount is held for you. Capture it before the date below, or it is released.',
    fr: 'Le montant est réservé pour vous. Encaissez-le avant la date ci-dessous, sinon il est libéré.',
  },
  'merchant.refused.subject': {
    en: '{merchant}: payment of {amount} refused ({reference})',
    fr: '{merchant} : paiement de {amount} refusé ({reference})',
  },
  'merchant.refused.title': { en: 'A payment was refused', fr: 'Un paiement a été refusé' },
  'merchant.refused.text': {
    en: 'The payment has ended. Nothing was taken. A new try needs a new payment.',
    fr: 'Le paiement est clos. Rien n’a été débité. Un nouvel essai demande un nouveau paiement.',
  },
  'merchant.declined.subject': {
    en: '{merchant}: payment of {amount} declined, still open ({reference})',
    fr: '{merchant} : paiement de {amount} refusé, encore ouvert ({reference})',
  },
  'merchant.declined.title': { en: 'A payment was declined and is still open', fr: 'Un paiement refusé reste ouvert' },
  'merchant.declined.text': {
    en: 'Nobody has tried again for ten minutes. The payer may still pay until the date below; if we have their address, they were sent the link to go on.',
    fr: 'Personne n’a réessayé depuis dix minutes. Le payeur peut encore payer jusqu’à la date ci-dessous ; si nous avons son adresse, il a reçu le lien pour reprendre.',
  },
  'merchant.canceled.subject': {
    en: '{merchant}: payment of {amount} canceled ({reference})',
    fr: '{merchant} : paiement de {amount} annulé ({reference})',
  },
  'merchant.canceled.title': { en: 'A payment was canceled', fr: 'Un paiement a été annulé' },
  'merchant.canceled.text': {
    en: 'Nothing of it is held or taken.',
    fr: 'Rien n’en est réservé ni débité.',
  },
  'merchant.expired.subject': {
    en: '{merchant}: payment of {amount} expired ({reference})',
    fr: '{merchant} : paiement de {amount} expiré ({reference})',
  },
  'merchant.expired.title': { en: 'A payment expired', fr: 'Un paiement a expiré' },
  'merchant.expired.text': {
    en: 'It was declined and not tried again in time. Nothing was taken.',
    fr: 'Il a été refusé et n’a pas été repris à temps. Rien n’a été débité.',
  },
  'merchant.refunded.subject': {
    en: '{merchant}: {amount} refunded ({reference})',
    fr: '{merchant} : remboursement de {amount} ({reference})',
  },
  'merchant.refunded.title': { en: '{amount} refunded', fr: 'Remboursement de {amount}' },
  'merchant.refunded.text': {
    en: 'The amount went back to the card that paid.',
    fr: 'Le montant est rendu à la carte qui a payé.',
  },
  'merchant.refund_failed.subject': {
    en: '{merchant}: refund of {amount} did not come through ({reference})',
    fr: '{merchant} : remboursement de {amount} non abouti ({reference})',
  },
  'merchant.refund_failed.title': { en: 'A refund did not come through', fr: 'Un remboursement n’a pas abouti' },
  'merchant.refund_failed.text': {
    en: 'The payer did not get all of this amount back. Look at the refund, then try again or pay them back in another way.',
    fr: 'Le payeur n’a pas récupéré tout ce montant. Examinez le remboursement, puis réessayez ou remboursez-le autrement.',
  },
  'merchant.review.subject': {
    en: '{merchant}: please decide about {amount} ({reference})',
    fr: '{merchant} : votre décision pour {amount} ({reference})',
  },
  'merchant.review.title': { en: 'A payment needs a person', fr: 'Un paiement attend une décision' },
  'merchant.review.text': {
    en: 'Nothing happens to this payment until you decide. Look at its timeline, then resolve it: keep the money or return it.',
    fr: 'Ce paiement est suspendu à votre décision. Consultez son historique, puis tranchez : garder la somme ou la rendre.',
  },
} as const satisfies Readonly<Record<string, Wording>>;
