import type { Wording } from './wording.js';

/** Why a payment was refused, in words that help the payer and accuse nobody; and what they may do about it. */
export const declines = {
  'decline.title': { en: 'The payment was refused', fr: 'Le paiement a été refusé' },
  'decline.other': {
    en: 'Your bank refused the payment without saying why. Nothing was charged.',
    fr: 'Votre banque a refusé le paiement sans dire pourquoi. Rien n’a été débité.',
  },
  'decline.insufficient_funds': {
    en: 'There is not enough money available on this card. Nothing was charged.',
    fr: 'Le solde ou le plafond de cette carte ne suffit pas. Rien n’a été débité.',
  },
  'decline.expired_card': {
    en: 'This card has expired, or its expiry date was mistyped. Nothing was charged.',
    fr: 'Cette carte a expiré, ou sa date est mal saisie. Rien n’a été débité.',
  },
  'decline.incorrect_security_code': {
    en: 'The security code is not the one of this card. Nothing was charged.',
    fr: 'Le cryptogramme n’est pas celui de cette carte. Rien n’a été débité.',
  },
  'decline.invalid_card_number': {
    en: 'No bank knows this card number. Nothing was charged.',
    fr: 'Aucune banque ne connaît ce numéro de carte. Rien n’a été débité.',
  },
  'decline.authentication_failed': {
    en: 'The confirmation with your bank did not succeed. Nothing was charged.',
    fr: 'La confirmation auprès de votre banque n’a pas abouti. Rien n’a été débité.',
  },
  'decline.authentication_required': {
    en: 'Your bank wants you to confirm this payment yourself. Nothing was charged.',
    fr: 'Votre banque veut que vous confirmiez vous-même ce paiement. Rien n’a été débité.',
  },
  'decline.authentication_unavailable': {
    en: 'Your bank could not be reached to confirm the payment. Nothing was charged.',
    fr: 'Votre banque n’a pas pu être jointe pour confirmer le paiement. Rien n’a été débité.',
  },
  'decline.card_unavailable': {
    en: 'We no longer have the details of this card. Nothing was charged. Please enter them again.',
    fr: 'Nous n’avons plus les données de cette carte. Rien n’a été débité. Saisissez-les à nouveau.',
  },
  'decline.acquirer_unavailable': {
    en: 'The bank network could not be reached. Nothing was charged.',
    fr: 'Le réseau bancaire n’a pas pu être joint. Rien n’a été débité.',
  },
  'decline.reversed': {
    en: 'The payment did not go through and was undone. Nothing is charged.',
    fr: 'Le paiement n’a pas abouti et a été annulé. Rien n’est débité.',
  },

  'advice.retry': {
    en: 'You may try again, with this card or another.',
    fr: 'Vous pouvez réessayer, avec cette carte ou une autre.',
  },
  'advice.other_instrument': { en: 'Please use another card.', fr: 'Utilisez une autre carte.' },
  'advice.other_channel': {
    en: 'Enter your card here: your bank will ask you to confirm.',
    fr: 'Saisissez votre carte ici : votre banque vous demandera de confirmer.',
  },
  'advice.other': { en: 'Please contact your bank.', fr: 'Contactez votre banque.' },
} as const satisfies Readonly<Record<string, Wording>>;
