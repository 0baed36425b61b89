/** What the shop says, both languages side by side. */
export const LANGUAGES = ['fr', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Words = Readonly<Record<Language, string>>;

export const SAYS = {
  // The merchant's, as it stands on the payment page and in mails.
  name: { en: 'La Petite Boutique', fr: 'La Petite Boutique' },
  motto: {
    en: 'Six good things, and a payment that is never taken twice.',
    fr: 'Six bonnes choses, et un paiement qui n’est jamais pris deux fois.',
  },
  demo_label: { en: 'Demonstration', fr: 'Démonstration' },
  demo: {
    en: 'A demonstration: nothing is sold, no money moves. Pay with 4242 4242 4242 4242.',
    fr: 'Une démonstration : rien n’est vendu, aucun argent ne circule. Payez avec 4242 4242 4242 4242.',
  },
  other_language: { en: 'Français', fr: 'English' },
  cart: { en: 'Cart', fr: 'Panier' },
  add: { en: 'Add to cart', fr: 'Ajouter' },
  empty: { en: 'Your cart is empty.', fr: 'Votre panier est vide.' },
  to_shop: { en: 'Back to the shop', fr: 'Retour à la boutique' },
  product: { en: 'Article', fr: 'Article' },
  quantity: { en: 'Quantity', fr: 'Quantité' },
  price: { en: 'Price', fr: 'Prix' },
  change: { en: 'Change', fr: 'Modifier' },
  total: { en: 'Total', fr: 'Total' },
  email: { en: 'E-mail for the receipt (optional)', fr: 'E-mail pour le reçu (facultatif)' },
  email_wrong: { en: 'Check the address, or leave it empty.', fr: 'Vérifiez l’adresse, ou laissez vide.' },
  returning: {
    en: 'I am a returning customer (the demo account, with a saved card)',
    fr: 'Je suis déjà client (le compte de démonstration, avec une carte enregistrée)',
  },
  checkout: { en: 'Pay {amount}', fr: 'Payer {amount}' },
  next_page: {
    en: 'You pay on the page of our payment service. We never see your card.',
    fr: 'Vous payez sur la page de notre service de paiement. Nous ne voyons jamais votre carte.',
  },
  order: { en: 'Order {reference}', fr: 'Commande {reference}' },
  open: { en: 'Waiting for your payment', fr: 'En attente de votre paiement' },
  open_text: {
    en: 'This page changes by itself as soon as we hear of it.',
    fr: 'Cette page change d’elle-même dès que nous en avons la nouvelle.',
  },
  processing: { en: 'Your payment is being checked', fr: 'Votre paiement est en cours de vérification' },
  processing_text: {
    en: 'There is nothing to do. You will not be charged twice.',
    fr: 'Vous n’avez rien à faire. Vous ne serez pas débité deux fois.',
  },
  paid: { en: 'Paid. Thank you!', fr: 'Payé. Merci !' },
  paid_text: { en: 'Your parcel would leave now.', fr: 'Votre colis partirait maintenant.' },
  refunded: { en: 'Refunded', fr: 'Remboursé' },
  refunded_text: { en: 'All of it went back to your card.', fr: 'Le tout est reparti vers votre carte.' },
  ended: { en: 'Not paid', fr: 'Non payé' },
  ended_text: { en: 'Nothing was taken. You may try again.', fr: 'Rien n’a été débité. Vous pouvez réessayer.' },
  pay_now: { en: 'Pay now', fr: 'Payer maintenant' },
  by_telephone: {
    en: 'Or call {telephone} and key the payment code {code}: the lab has a telephone.',
    fr: 'Ou appelez le {telephone} et composez le code de paiement {code} : le labo a un téléphone.',
  },
  by_text: { en: 'Ask me by text', fr: 'Me le demander par SMS' },
  try_again: { en: 'Try again', fr: 'Réessayer' },
  refund: { en: 'Give {amount} back', fr: 'Rembourser {amount}' },
  refund_note: { en: 'You are the shopkeeper too, for once.', fr: 'Pour une fois, vous êtes aussi le commerçant.' },
  known_webhook: {
    en: 'We know it from a signed webhook, at {time}.',
    fr: 'Nous le savons par un webhook signé, à {time}.',
  },
  known_api: { en: 'We know it from the API, at {time}.', fr: 'Nous le savons par l’API, à {time}.' },
  hint_signed: {
    en: 'Your browser brought a hint, rightly signed: {status}. Nice to hear, but the webhook decides.',
    fr: 'Votre navigateur a apporté un indice, bien signé : {status}. Merci, mais c’est le webhook qui décide.',
  },
  hint_unsigned: {
    en: 'Your browser brought a hint without a right signature: {status}. Ignored.',
    fr: 'Votre navigateur a apporté un indice sans signature valable : {status}. Ignoré.',
  },
  status_succeeded: { en: 'paid', fr: 'payé' },
  status_requires_capture: { en: 'reserved', fr: 'réservé' },
  status_processing: { en: 'being checked', fr: 'en cours de vérification' },
  status_requires_review: { en: 'being looked at', fr: 'en cours d’examen' },
  status_canceled: { en: 'canceled', fr: 'annulé' },
  status_failed: { en: 'refused', fr: 'refusé' },
  status_expired: { en: 'too late', fr: 'hors délai' },
  status_requires_payment_method: { en: 'not paid yet', fr: 'pas encore payé' },
  status_requires_action: { en: 'not paid yet', fr: 'pas encore payé' },
  status_other: { en: 'something else', fr: 'autre chose' },
  refund_failed: {
    en: 'The refund did not come through. You may try again.',
    fr: 'Le remboursement n’a pas abouti. Vous pouvez réessayer.',
  },
  in_lab: { en: 'See what went over the wire', fr: 'Voir ce qui s’est dit sur le réseau' },
  trouble: { en: 'That did not work', fr: 'Cela n’a pas marché' },
  trouble_text: {
    en: 'Nothing was charged by this. Go back and try again in a moment.',
    fr: 'Rien n’a été débité par là. Revenez en arrière et réessayez dans un instant.',
  },
  not_found: { en: 'There is nothing here', fr: 'Il n’y a rien ici' },
  lab: { en: 'The lab', fr: 'Le labo' },
  made_with: { en: 'How this shop is built', fr: 'Comment cette boutique est faite' },
} as const satisfies Readonly<Record<string, Words>>;

/** What a payment's status is called at the counter. */
export function statusWord(status: string, say: Say): string {
  const key = `status_${status}`;
  return say(Object.hasOwn(SAYS, key) ? (key as keyof typeof SAYS) : 'status_other');
}

export type Say = (key: keyof typeof SAYS, values?: Readonly<Record<string, string>>) => string;

export function sayIn(language: Language): Say {
  return (key, values = {}) => SAYS[key][language].replace(/\{(\w+)\}/g, (_hole, name: string) => values[name] ?? '');
}

/** What was chosen, else the first language of the browser's list that we speak, else English. */
export function languageOf(chosen: string | null, accepted: string): Language {
  const wishes = [chosen ?? '', ...accepted.slice(0, 500).split(',')];
  const spoken = wishes.map((wish) => wish.trim().slice(0, 2).toLowerCase());
  return LANGUAGES.find((language) => language === spoken.find((one) => one === 'fr' || one === 'en')) ?? 'en';
}
