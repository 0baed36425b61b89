import type { Wording } from './wording.js';

/** Why a payment was refused, as a television says it: to everybody who sits there, and so without blaming anybody. */
export const tvDeclines = {
  'declined.other': {
    en: 'Your bank refused the payment. Nothing was charged.',
    fr: 'Votre banque a refusé le paiement. Rien n’a été débité.',
  },
  'declined.expired_card': {
    en: 'This card has expired. Nothing was charged.',
    fr: 'Cette carte a expiré. Rien n’a été débité.',
  },
  'declined.authentication_required': {
    en: 'Your bank wants you to confirm this payment on your phone. Nothing was charged.',
    fr: 'Votre banque veut que vous confirmiez ce paiement sur votre téléphone. Rien n’a été débité.',
  },
  'declined.acquirer_unavailable': {
    en: 'The bank network could not be reached. Nothing was charged.',
    fr: 'Le réseau bancaire n’a pas pu être joint. Rien n’a été débité.',
  },
  'declined.reversed': {
    en: 'The payment did not go through and was undone. Nothing is charged.',
    fr: 'Le paiement n’a pas abouti et a été annulé. Rien n’est débité.',
  },
  'declined.elsewhere': {
    en: 'The payment on the other device did not succeed. Nothing was charged.',
    fr: 'Le paiement sur l’autre appareil n’a pas abouti. Rien n’a été débité.',
  },
} as const satisfies Readonly<Record<string, Wording>>;
