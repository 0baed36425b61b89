import type { Wording } from './wording.js';

/** Why a payment was refused, as it is said on the telephone: short, and with what it did not do. */
export const spokenDeclines = {
  'declined.other': {
    en: 'Your bank refused the payment. Nothing was charged.',
    fr: 'Votre banque a refusé le paiement. Rien n’a été débité.',
  },
  'declined.insufficient_funds': {
    en: 'There is not enough money available on this card. Nothing was charged.',
    fr: 'Le solde ou le plafond de cette carte ne suffit pas. Rien n’a été débité.',
  },
  'declined.expired_card': {
    en: 'This card has expired, or its expiry date was mistyped. Nothing was charged.',
    fr: 'Cette carte a expiré, ou sa date est mal saisie. Rien n’a été débité.',
  },
  'declined.incorrect_security_code': {
    en: 'The security code is not the one of this card. Nothing was charged.',
    fr: 'Le cryptogramme n’est pas celui de cette carte. Rien n’a été débité.',
  },
  'declined.authentication_required': {
    en: 'Your bank wants you to confirm this payment on a page of its own. Nothing was charged.',
    fr: 'Votre banque veut que vous confirmiez ce paiement sur une page à elle. Rien n’a été débité.',
  },
  'declined.acquirer_unavailable': {
    en: 'The bank network could not be reached. Nothing was charged.',
    fr: 'Le réseau bancaire n’a pas pu être joint. Rien n’a été débité.',
  },
  'declined.reversed': {
    en: 'The payment did not go through and was undone. Nothing is charged.',
    fr: 'Le paiement n’a pas abouti et a été annulé. Rien n’est débité.',
  },
} as const satisfies Readonly<Record<string, Wording>>;
