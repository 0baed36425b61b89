/** What a payer or merchant may read about a decline, by our code. One sentence each; it never says more than the code does. */
interface Wording {
  readonly en: string;
  readonly fr: string;
}

export type Language = keyof Wording;

const GENERAL: Wording = {
  en: 'The payment was declined.',
  fr: 'Le paiement a été refusé.',
};

export const DECLINE_MESSAGES: Readonly<Record<string, Wording>> = {
  do_not_honor: {
    en: 'The bank declined the payment without saying why.',
    fr: 'La banque a refusé le paiement sans en donner la raison.',
  },
  insufficient_funds: {
    en: 'There is not enough money available on this card.',
    fr: 'Le solde disponible sur cette carte ne suffit pas.',
  },
  expired_card: { en: 'This card has expired.', fr: 'Cette carte est expirée.' },
  incorrect_security_code: {
    en: 'The security code is not right.',
    fr: 'Le cryptogramme visuel est incorrect.',
  },
  invalid_card_number: {
    en: 'The bank does not know this card number.',
    fr: 'La banque ne connaît pas ce numéro de carte.',
  },
  lost_card: { en: 'This card cannot be used.', fr: 'Cette carte ne peut pas être utilisée.' },
  stolen_card: { en: 'This card cannot be used.', fr: 'Cette carte ne peut pas être utilisée.' },
  authentication_required: {
    en: 'The bank asks the holder to confirm this payment.',
    fr: 'La banque demande au porteur de confirmer ce paiement.',
  },
  authentication_failed: {
    en: 'The bank could not confirm that the holder agrees.',
    fr: 'La banque n’a pas pu confirmer l’accord du porteur.',
  },
  authentication_rejected: {
    en: 'The bank refused to confirm this payment.',
    fr: 'La banque a refusé de confirmer ce paiement.',
  },
  authentication_unavailable: {
    en: 'The bank could not be reached to confirm this payment.',
    fr: 'La banque n’a pas pu être jointe pour confirmer ce paiement.',
  },
  reversed: {
    en: 'The payment was undone before it was approved; nothing was taken.',
    fr: 'Le paiement a été annulé avant d’être accepté ; rien n’a été débité.',
  },
  original_not_found: {
    en: 'The acquirer does not know the payment this follows.',
    fr: 'L’acquéreur ne connaît pas le paiement d’origine.',
  },
  original_not_approved: {
    en: 'The payment this follows was not approved.',
    fr: 'Le paiement d’origine n’a pas été accepté.',
  },
  authorization_expired: {
    en: 'The amount is no longer held.',
    fr: 'Le montant n’est plus réservé.',
  },
  amount_too_large: {
    en: 'The amount is above what is allowed.',
    fr: 'Le montant dépasse ce qui est autorisé.',
  },
  capture_refused: { en: 'The capture was refused.', fr: 'L’encaissement a été refusé.' },
  refund_refused: { en: 'The refund was refused.', fr: 'Le remboursement a été refusé.' },
  void_refused: { en: 'The release was refused.', fr: 'La levée de la réservation a été refusée.' },
  card_unavailable: {
    en: 'The card details are no longer here: please enter them again.',
    fr: 'Les données de la carte ne sont plus disponibles : veuillez les saisir à nouveau.',
  },
  acquirer_unavailable: {
    en: 'The payment could not be sent; nothing was taken.',
    fr: 'Le paiement n’a pas pu être transmis ; rien n’a été débité.',
  },
  not_supported: {
    en: 'This way of paying is not supported.',
    fr: 'Ce moyen de paiement n’est pas pris en charge.',
  },
};

/** French for any kind of French (`fr`, `fr-CA`), English for everybody else. */
export function languageOf(tag: string | null): Language {
  return tag !== null && /^fr\b/i.test(tag) ? 'fr' : 'en';
}

export function declineMessage(code: string, language: Language): string {
  return (DECLINE_MESSAGES[code] ?? GENERAL)[language];
}
