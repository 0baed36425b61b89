import type { Wording } from './wording.js';

/** What stays in sight or is said while the page is open: what happens next, and what the script has to tell. */
export const live = {
  'page.next': { en: 'Next:', fr: 'Ensuite :' },
  'next.device_check': {
    en: 'your bank decides whether you must confirm.',
    fr: 'votre banque décide si vous devez confirmer.',
  },
  'next.challenge': {
    en: 'you confirm with your bank, then come back here.',
    fr: 'vous confirmez auprès de votre banque, puis revenez ici.',
  },
  'next.wait': { en: 'the result appears here by itself.', fr: 'le résultat s’affiche ici tout seul.' },
  'next.paid': { en: 'nothing, all is done.', fr: 'plus rien, tout est fait.' },
  'next.refused': {
    en: 'ask {merchant} for another way to pay.',
    fr: 'demandez à {merchant} un autre moyen de payer.',
  },
  'next.canceled': {
    en: 'order again whenever you like.',
    fr: 'vous pouvez commander à nouveau quand vous voulez.',
  },
  'next.expired': { en: 'ask {merchant} for a new link.', fr: 'demandez un nouveau lien à {merchant}.' },
  'next.review': { en: '{merchant} tells you how it ends.', fr: '{merchant} vous dira ce qu’il en est.' },

  'television.asked': {
    en: 'Did you start this on your television?',
    fr: 'Avez-vous commencé ce paiement sur votre téléviseur ?',
  },
  'television.compare': {
    en: 'A television of {operator} shows it. Pay only if your screen has this payment code:',
    fr: 'Un téléviseur de {operator} l’affiche. Ne payez que si votre écran montre ce code de paiement :',
  },
  'television.operator': {
    en: 'A television of {operator} shows it. Pay only if it is yours.',
    fr: 'Un téléviseur de {operator} l’affiche. Ne payez que si c’est le vôtre.',
  },
  'television.no': { en: 'No, cancel this payment', fr: 'Non, annuler ce paiement' },

  'elsewhere.title': { en: 'Being paid elsewhere', fr: 'Paiement en cours ailleurs' },
  'elsewhere.text': {
    en: 'This payment is being made {where}. You need do nothing here, and nothing is charged twice. If it comes to nothing, you can pay here after all.',
    fr: 'Ce paiement se fait {where}. Vous n’avez rien à faire ici et rien n’est débité deux fois. S’il n’aboutit pas, vous pourrez payer ici.',
  },
  'elsewhere.typed': {
    en: 'What you have typed stays here until then.',
    fr: 'Ce que vous avez saisi est gardé ici en attendant.',
  },
  'elsewhere.paid': {
    en: '{amount} to {merchant} was paid {where}. Nothing was charged here.',
    fr: '{amount} à {merchant} : payé {where}. Rien n’a été débité ici.',
  },
  'elsewhere.reserved': {
    en: '{amount} for {merchant} was reserved {where}. Nothing was charged here.',
    fr: '{amount} pour {merchant} : réservé {where}. Rien n’a été débité ici.',
  },
  'where.web': { en: 'on another device', fr: 'sur un autre appareil' },
  'where.ivr': { en: 'by telephone', fr: 'par téléphone' },
  'where.sms': { en: 'by text message', fr: 'par SMS' },
  'where.tv': { en: 'on a television', fr: 'sur un téléviseur' },
  'where.api': { en: 'by the merchant', fr: 'par le commerçant' },

  'live.away': {
    en: 'We are reconnecting. Nothing is lost and nothing is charged twice.',
    fr: 'Nous rétablissons la connexion. Rien ne se perd et rien n’est débité deux fois.',
  },
  'card.brand_seen': { en: 'Card recognised: {brand}', fr: 'Carte reconnue : {brand}' },
} as const satisfies Readonly<Record<string, Wording>>;
