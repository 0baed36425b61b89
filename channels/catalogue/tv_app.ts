import type { Wording } from './wording.js';

/** What the application on a television says by itself, around the screens it is given. `{0}` is put in on the box. */
export const TV_APP = {
  picture: { en: 'Picture to scan with your phone', fr: 'Image à scanner avec votre téléphone' },
  address: { en: 'Address', fr: 'Adresse' },
  code: { en: 'Code', fr: 'Code' },
  telephone: { en: 'Phone', fr: 'Téléphone' },
  choose: { en: 'OK: choose', fr: 'OK : choisir' },
  confirm: { en: 'OK: confirm', fr: 'OK : valider' },
  erase: { en: 'LEFT: erase', fr: 'GAUCHE : effacer' },
  back: { en: 'BACK: go back', fr: 'RETOUR : revenir' },
  leave: { en: 'BACK: leave', fr: 'RETOUR : quitter' },
  entered: { en: 'Digits typed: {0}', fr: 'Chiffres tapés : {0}' },
  minutes: { en: 'Time left: {0} min', fr: 'Temps restant : {0} min' },
  last_minute: { en: 'Less than a minute left', fr: 'Moins d’une minute restante' },
  busy: { en: 'One moment…', fr: 'Un instant…' },
  away: { en: 'No connection. Trying again…', fr: 'Pas de connexion. Nouvel essai…' },
  red: { en: 'Red', fr: 'Rouge' },
  green: { en: 'Green', fr: 'Vert' },
  yellow: { en: 'Yellow', fr: 'Jaune' },
  blue: { en: 'Blue', fr: 'Bleu' },
  nothing: { en: 'There is nothing to pay here', fr: 'Il n’y a rien à payer ici' },
  nothing_how: {
    en: 'Order something in your television’s own menu, and come back.',
    fr: 'Commandez dans le menu de votre télévision, puis revenez.',
  },
  gone: { en: 'This page is over', fr: 'Cette page est terminée' },
  gone_how: {
    en: 'Open the payment again in your television’s own menu.',
    fr: 'Rouvrez le paiement dans le menu de votre télévision.',
  },
  left: { en: 'You can leave this page', fr: 'Vous pouvez quitter cette page' },
  left_how: { en: 'Go back to your programme.', fr: 'Revenez à votre programme.' },
} as const satisfies Record<string, Wording>;
