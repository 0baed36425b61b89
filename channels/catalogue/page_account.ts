import type { Wording } from './wording.js';

/** Saved cards, the payer's own account, and the receipt by mail. */
export const account = {
  'saved.offer': { en: 'Pay with a saved card', fr: 'Payer avec une carte enregistrée' },
  'saved.offer_hint': {
    en: 'We first send a code to the e-mail address that {merchant} has on your account.',
    fr: 'Nous envoyons d’abord un code à l’adresse e-mail que {merchant} connaît pour votre compte.',
  },
  'saved.or': { en: 'Or enter a card', fr: 'Ou saisissez une carte' },
  'saved.code_title': { en: 'Enter the code from your e-mail', fr: 'Saisissez le code reçu par e-mail' },
  'saved.code_text': {
    en: 'If your account can be reached, a code is on its way to the e-mail address that it keeps. It works for ten minutes, on this device only.',
    fr: 'Si votre compte est joignable, un code est en route vers l’adresse e-mail qu’il connaît. Il est valable dix minutes, sur cet appareil seulement.',
  },
  'saved.code': { en: 'Code', fr: 'Code' },
  'saved.code_hint': { en: '6 digits', fr: '6 chiffres' },
  'saved.code_go': { en: 'Continue', fr: 'Continuer' },
  'saved.code_again': { en: 'Send another code', fr: 'Envoyer un autre code' },
  'saved.code_form': { en: 'The code has 6 digits.', fr: 'Le code a 6 chiffres.' },
  'saved.code_wrong': {
    en: 'That is not the code. Compare it with the newest e-mail.',
    fr: 'Ce n’est pas le bon code. Comparez-le avec l’e-mail le plus récent.',
  },
  'saved.code_over': {
    en: 'This code no longer works. Ask for another one.',
    fr: 'Ce code n’est plus valable. Demandez-en un autre.',
  },
  'saved.paused': {
    en: 'A code was sent a moment ago, perhaps for another page. A code works on its own page only: ask for one here in half a minute.',
    fr: 'Un code vient d’être envoyé, peut-être pour une autre page. Un code ne vaut que pour sa page : demandez-en un ici dans une demi-minute.',
  },
  'saved.too_many': {
    en: 'Too many codes for now. Please try again later; entering a card still works.',
    fr: 'Trop de codes pour l’instant. Réessayez plus tard ; saisir une carte reste possible.',
  },
  'saved.unavailable': {
    en: 'The code could not be sent just now. Please try again in a moment; entering a card still works.',
    fr: 'Le code n’a pas pu être envoyé à l’instant. Réessayez dans un moment ; saisir une carte reste possible.',
  },
  'saved.code_next': { en: 'you choose one of your saved cards.', fr: 'vous choisissez une de vos cartes.' },
  'saved.choose': { en: 'Choose a saved card', fr: 'Choisissez une carte enregistrée' },
  'saved.choose_one': { en: 'Choose one of the cards shown.', fr: 'Choisissez une des cartes affichées.' },
  'saved.card': {
    en: '{brand} ending in {last4}, good until {expiry}',
    fr: '{brand} se terminant par {last4}, valable jusqu’à {expiry}',
  },
  'saved.other_card': { en: 'Enter another card', fr: 'Saisir une autre carte' },
  'saved.consent': {
    en: 'Save this card with {merchant} for my next payments. I can remove it at any time.',
    fr: 'Enregistrer cette carte chez {merchant} pour mes prochains paiements. Je peux la retirer à tout moment.',
  },
  'saved.consent_missing': {
    en: 'Tick the box to have the card saved. Nothing happens without your agreement.',
    fr: 'Cochez la case pour faire enregistrer la carte. Rien ne se fait sans votre accord.',
  },

  'save.page.title': { en: 'Save a card with {merchant}', fr: 'Enregistrer une carte chez {merchant}' },
  'save.page.nothing_taken': { en: 'Nothing is taken now', fr: 'Rien n’est débité maintenant' },
  'save.page.cancel': { en: 'Do not save a card', fr: 'Ne pas enregistrer de carte' },
  'save.card.enter': { en: 'Save a card', fr: 'Enregistrer une carte' },
  'save.card.pay': { en: 'Save the card', fr: 'Enregistrer la carte' },
  'save.card.next': {
    en: 'Your bank checks the card and may ask you to confirm. No money moves.',
    fr: 'Votre banque vérifie la carte et peut vous demander de confirmer. Aucun argent ne circule.',
  },
  'save.card.brand': { en: 'Save as', fr: 'Enregistrer comme' },
  'save.card.authorizing': { en: 'Your card is being checked', fr: 'Votre carte est en cours de vérification' },
  'save.payment.processing': { en: 'Your card is being checked', fr: 'Votre carte est en cours de vérification' },
  'save.decline.title': { en: 'The card was not accepted', fr: 'La carte n’a pas été acceptée' },
  'save.outcome.paid': { en: 'Your card is saved', fr: 'Votre carte est enregistrée' },
  'save.outcome.paid_text': {
    en: 'You can use it for your next payments to {merchant}. Nothing was taken.',
    fr: 'Vous pourrez l’utiliser pour vos prochains paiements à {merchant}. Rien n’a été débité.',
  },
  'save.outcome.refused': { en: 'Card not saved', fr: 'Carte non enregistrée' },
  'save.outcome.refused_text': {
    en: 'The card could not be saved. Nothing was taken. Ask {merchant} for a new link to try again.',
    fr: 'La carte n’a pas pu être enregistrée. Rien n’a été débité. Demandez un nouveau lien à {merchant} pour réessayer.',
  },
  'save.outcome.canceled_text': {
    en: 'No card was saved, and nothing was taken.',
    fr: 'Aucune carte n’a été enregistrée et rien n’a été débité.',
  },
  'save.outcome.expired_text': {
    en: 'The time for this link is over. No card was saved. Ask {merchant} for a new link.',
    fr: 'Le délai de ce lien est passé. Aucune carte n’a été enregistrée. Demandez un nouveau lien à {merchant}.',
  },

  'account.manage': { en: 'Your saved cards with {merchant}', fr: 'Vos cartes enregistrées chez {merchant}' },
  'account.identify': { en: 'First, show that it is you', fr: 'D’abord, montrez que c’est bien vous' },
  'account.identify_text': {
    en: 'We send a code to the e-mail address that {merchant} has on your account, and nowhere else.',
    fr: 'Nous envoyons un code à l’adresse e-mail que {merchant} connaît pour votre compte, et nulle part ailleurs.',
  },
  'account.send': { en: 'Send me a code', fr: 'M’envoyer un code' },
  'account.unreachable': { en: 'We cannot send you a code', fr: 'Nous ne pouvons pas vous envoyer de code' },
  'account.unreachable_text': {
    en: 'Your account has no e-mail address. Ask {merchant} to add yours, then open this link again.',
    fr: 'Votre compte n’a pas d’adresse e-mail. Demandez à {merchant} d’ajouter la vôtre, puis rouvrez ce lien.',
  },
  'account.none': { en: 'No card is saved.', fr: 'Aucune carte n’est enregistrée.' },
  'account.default': { en: 'Used first', fr: 'Utilisée en premier' },
  'account.expired': { en: 'Expired', fr: 'Expirée' },
  'account.make_default': { en: 'Use first', fr: 'Utiliser en premier' },
  'account.remove': { en: 'Remove', fr: 'Retirer' },
  'account.remove_title': { en: 'Remove this card?', fr: 'Retirer cette carte ?' },
  'account.remove_text': {
    en: 'We then forget its number. {merchant} can no longer charge it; payments already made stay as they are.',
    fr: 'Nous oublions alors son numéro. {merchant} ne pourra plus la débiter ; les paiements déjà faits restent tels quels.',
  },
  'account.remove_go': { en: 'Remove the card', fr: 'Retirer la carte' },
  'account.keep': { en: 'Keep it', fr: 'La garder' },
  'account.purchase_code': { en: 'Purchase code', fr: 'Code d’achat' },
  'account.purchase_code_set': { en: 'A purchase code is set.', fr: 'Un code d’achat est défini.' },
  'account.purchase_code_none': { en: 'No purchase code is set.', fr: 'Aucun code d’achat n’est défini.' },
  'account.said.removed': { en: 'The card was removed.', fr: 'La carte a été retirée.' },
  'account.said.default': { en: 'This card is now used first.', fr: 'Cette carte est désormais utilisée en premier.' },

  'purchase_code.title': { en: 'Choose your purchase code', fr: 'Choisissez votre code d’achat' },
  'purchase_code.text': {
    en: 'With it you pay {merchant} by telephone or on television with a saved card.',
    fr: 'Il sert à payer {merchant} par téléphone ou à la télévision avec une carte enregistrée.',
  },
  'purchase_code.label': { en: 'Purchase code', fr: 'Code d’achat' },
  'purchase_code.hint': {
    en: '4 to 8 digits. Not the code of your bank card.',
    fr: '4 à 8 chiffres. Pas le code de votre carte bancaire.',
  },
  'purchase_code.again': { en: 'Purchase code, once more', fr: 'Code d’achat, encore une fois' },
  'purchase_code.go': { en: 'Set the purchase code', fr: 'Définir le code d’achat' },
  'purchase_code.missing': { en: 'Enter a purchase code.', fr: 'Saisissez un code d’achat.' },
  'purchase_code.form': { en: 'A purchase code has 4 to 8 digits.', fr: 'Un code d’achat a 4 à 8 chiffres.' },
  'purchase_code.trivial': {
    en: 'This code is among the first that anybody would try. Please choose another one.',
    fr: 'Ce code est parmi les premiers que chacun essaierait. Choisissez-en un autre.',
  },
  'purchase_code.unsettled': {
    en: 'The e-mail address of this account was changed less than a day ago. To keep your cards safe, a purchase code can be chosen once a day has passed.',
    fr: 'L’adresse e-mail de ce compte a changé il y a moins d’un jour. Pour protéger vos cartes, un code d’achat peut être choisi une fois ce jour passé.',
  },
  'purchase_code.different': {
    en: 'The two codes differ. Enter the same one twice.',
    fr: 'Les deux codes diffèrent. Saisissez deux fois le même.',
  },
  'purchase_code.set': { en: 'Your purchase code is set', fr: 'Votre code d’achat est défini' },
  'purchase_code.set_text': {
    en: 'Keep it to yourself: nobody will ever ask you for it by mail.',
    fr: 'Gardez-le pour vous : personne ne vous le demandera jamais par e-mail.',
  },
  'purchase_code.change': { en: 'Change the purchase code', fr: 'Changer le code d’achat' },

  'receipt.title': { en: 'Would you like a receipt?', fr: 'Souhaitez-vous un reçu ?' },
  'receipt.another': { en: 'To another address?', fr: 'À une autre adresse ?' },
  'receipt.label': { en: 'E-mail address', fr: 'Adresse e-mail' },
  'receipt.hint': { en: 'Used for this receipt only.', fr: 'Utilisée pour ce reçu seulement.' },
  'receipt.go': { en: 'Mail me the receipt', fr: 'M’envoyer le reçu' },
  'receipt.asked': { en: 'The receipt is on its way.', fr: 'Le reçu est en route.' },
  'receipt.missing': { en: 'Enter an e-mail address.', fr: 'Saisissez une adresse e-mail.' },
  'receipt.form': {
    en: 'This does not look like an e-mail address, such as name@example.org.',
    fr: 'Cela ne ressemble pas à une adresse e-mail, comme nom@example.org.',
  },
  'receipt.too_many': {
    en: 'The receipt was sent to three addresses already. Ask the merchant for another copy.',
    fr: 'Le reçu a déjà été envoyé à trois adresses. Demandez une autre copie au marchand.',
  },

  'problem.account': { en: 'Nothing to see here any more', fr: 'Plus rien à voir ici' },
  'problem.account_text': {
    en: 'This link has ended or is not complete. Ask whoever sent it to you for a new one.',
    fr: 'Ce lien n’est plus valable ou n’est pas complet. Demandez-en un nouveau à qui vous l’a envoyé.',
  },
} as const satisfies Readonly<Record<string, Wording>>;
