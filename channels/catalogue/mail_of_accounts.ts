import type { Wording } from './wording.js';

/** What payers are told of their account: its links, and what was changed in it. */
export const mailOfAccounts = {
  'account.add_instrument.subject': { en: '{merchant}: add a card', fr: '{merchant} : ajoutez une carte' },
  'account.add_instrument.title': { en: 'Add a card to your account', fr: 'Ajoutez une carte à votre compte' },
  'account.add_instrument.text': {
    en: 'Follow this link to save a card in your account with {merchant}. Nothing is charged; your bank may ask you to confirm.',
    fr: 'Suivez ce lien pour enregistrer une carte dans votre compte chez {merchant}. Rien n’est débité ; votre banque peut vous demander de confirmer.',
  },
  'account.add_instrument.action': { en: 'Add a card', fr: 'Ajouter une carte' },
  'account.set_purchase_code.subject': {
    en: '{merchant}: choose your purchase code',
    fr: '{merchant} : choisissez votre code d’achat',
  },
  'account.set_purchase_code.title': { en: 'Choose your purchase code', fr: 'Choisissez votre code d’achat' },
  'account.set_purchase_code.text': {
    en: 'Follow this link to choose the code that confirms your purchases with {merchant}.',
    fr: 'Suivez ce lien pour choisir le code qui confirme vos achats chez {merchant}.',
  },
  'account.set_purchase_code.action': { en: 'Choose the code', fr: 'Choisir le code' },
  'account.manage.subject': { en: '{merchant}: your saved cards', fr: '{merchant} : vos cartes enregistrées' },
  'account.manage.title': { en: 'Your saved cards', fr: 'Vos cartes enregistrées' },
  'account.manage.text': {
    en: 'Follow this link to see the cards in your account with {merchant}, to remove one or to choose the usual one.',
    fr: 'Suivez ce lien pour voir les cartes de votre compte chez {merchant}, en retirer une ou choisir celle par défaut.',
  },
  'account.manage.action': { en: 'See my cards', fr: 'Voir mes cartes' },
  'account.next': {
    en: 'If you did not expect this, do nothing: without your visit nothing changes.',
    fr: 'Si vous n’attendiez pas ce courriel, ne faites rien : sans votre visite, rien ne change.',
  },

  'account.not_you': {
    en: 'If it was not you, contact {merchant} at once.',
    fr: 'Si ce n’est pas vous, contactez aussitôt {merchant}.',
  },
  'account.not_you_card': {
    en: 'If it was not you, contact {merchant} at once and ask your bank to block the card.',
    fr: 'Si ce n’est pas vous, contactez aussitôt {merchant} et demandez à votre banque de bloquer la carte.',
  },
  'account.card_saved.subject': {
    en: '{merchant}: your card was saved',
    fr: '{merchant} : votre carte est enregistrée',
  },
  'account.card_saved.title': { en: 'Your card was saved', fr: 'Votre carte est enregistrée' },
  'account.card_saved.text': {
    en: 'A card was saved in your account with {merchant}. Saving it costs nothing.',
    fr: 'Une carte a été enregistrée dans votre compte chez {merchant}. L’enregistrer ne coûte rien.',
  },
  'account.card_removed.subject': { en: '{merchant}: a card was removed', fr: '{merchant} : une carte est supprimée' },
  'account.card_removed.title': { en: 'A card was removed', fr: 'Une carte a été supprimée' },
  'account.card_removed.text': {
    en: 'A card was removed from your account with {merchant}. It can no longer be used there.',
    fr: 'Une carte a été supprimée de votre compte chez {merchant}. Elle ne peut plus y servir.',
  },
  'account.purchase_code_set.subject': {
    en: '{merchant}: your purchase code was set',
    fr: '{merchant} : votre code d’achat est choisi',
  },
  'account.purchase_code_set.title': { en: 'Your purchase code was set', fr: 'Votre code d’achat est choisi' },
  'account.purchase_code_set.text': {
    en: 'A new code confirms purchases of your account with {merchant} from now on. One from before no longer works.',
    fr: 'Un nouveau code confirme désormais les achats de votre compte chez {merchant}. Un code précédent ne fonctionne plus.',
  },
  'account.contact_changed.subject': {
    en: '{merchant}: the address of your account was changed',
    fr: '{merchant} : l’adresse de votre compte a changé',
  },
  'account.contact_changed.title': {
    en: 'The address of your account was changed',
    fr: 'L’adresse de votre compte a changé',
  },
  'account.contact_changed.text': {
    en: 'The e-mail address of your account with {merchant} was changed. Links and codes go to the new one from now on.',
    fr: 'L’adresse e-mail de votre compte chez {merchant} a été changée. Liens et codes vont désormais à la nouvelle.',
  },
} as const satisfies Readonly<Record<string, Wording>>;
