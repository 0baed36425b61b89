import { spokenDeclines } from './speech_declines.js';
import type { Wording } from './wording.js';

/**
 * What is said on the telephone. Function first, key last; one thing at a time; nothing takes 20 seconds. Amounts and names
 * come as words, codes as digits.
 */
export const speech = {
  'greet.line': {
    en: 'Take your time. This is the payment line of {name}.',
    fr: 'Prenez votre temps. Vous êtes sur la ligne de paiement de {name}.',
  },
  'greet.language': { en: 'For English, press {key}.', fr: 'Pour le français, appuyez sur {key}.' },

  'key.silence': { en: 'Nothing was keyed.', fr: 'Aucune touche n’a été reçue.' },
  'key.wrong': { en: 'That key is not one of the choices.', fr: 'Cette touche ne fait pas partie des choix.' },

  'code.ask': {
    en: 'Please key in your payment code, then hash. To start again, press star.',
    fr: 'Composez votre code de paiement, puis dièse. Pour recommencer, appuyez sur étoile.',
  },
  'code.where': {
    en: 'The code has ten digits. It is on your bill or message, under payment code.',
    fr: 'Le code a dix chiffres. Il est sur votre facture ou votre message, à la ligne code de paiement.',
  },
  'code.restart': { en: 'Let us start again.', fr: 'Recommençons.' },
  'code.mistyped': {
    en: 'There is a slip in that code. Compare it digit by digit.',
    fr: 'Ce code comporte une erreur. Comparez-le chiffre par chiffre.',
  },
  'code.unknown': { en: 'No payment waits under that code.', fr: 'Aucun paiement n’attend sous ce code.' },

  'payment.is': { en: '{merchant}. The amount is {amount}.', fr: '{merchant}. Le montant est de {amount}.' },
  'payment.test': { en: 'This is a test. No money moves.', fr: 'C’est un test, sans argent.' },
  'payment.elsewhere': {
    en: 'This payment has been begun on another device.',
    fr: 'Ce paiement a commencé sur un autre appareil.',
  },
  'payment.here': { en: 'You may go on here instead.', fr: 'Vous pouvez continuer ici à la place.' },
  'payment.nowhere': {
    en: 'This payment cannot be made by telephone. Please contact {merchant}.',
    fr: 'Ce paiement ne peut pas se faire par téléphone. Contactez {merchant}.',
  },

  'menu.card': {
    en: 'To pay by keying in a card, press {key}.',
    fr: 'Pour payer par carte, appuyez sur {key}.',
  },
  'menu.link': {
    en: 'To receive a link to a payment page, press {key}.',
    fr: 'Pour un lien de paiement, appuyez sur {key}.',
  },
  'menu.saved': {
    en: 'To pay with a saved card and your purchase code, press {key}.',
    fr: 'Pour payer avec une carte enregistrée et votre code d’achat, appuyez sur {key}.',
  },
  'menu.another_code': { en: 'For another code, press star.', fr: 'Pour un autre code, appuyez sur étoile.' },
  'menu.agent': { en: 'To speak to somebody, press {key}.', fr: 'Pour parler à quelqu’un, appuyez sur {key}.' },
  'menu.repeat': { en: 'To hear this again, press {key}.', fr: 'Pour réécouter, appuyez sur {key}.' },

  'card.how': {
    en: 'Have your card at hand. To leave at any moment, press star.',
    fr: 'Munissez-vous de votre carte. Pour quitter à tout moment, appuyez sur étoile.',
  },
  'card.number': { en: 'Key in the card number, then hash.', fr: 'Composez le numéro de la carte, puis dièse.' },
  'card.number_silence': {
    en: 'Nothing was keyed. Key in the long number on the front of your card, then hash.',
    fr: 'Rien n’a été composé. Composez le grand numéro au recto de votre carte, puis dièse.',
  },
  'card.number_wrong': {
    en: 'There is a slip in the number. Compare it with your card and key it in once more, then hash.',
    fr: 'Le numéro comporte une erreur. Comparez-le avec votre carte et composez-le à nouveau, puis dièse.',
  },
  'card.type_wrong': {
    en: 'This kind of card is not taken. Key in the number of another card, then hash.',
    fr: 'Ce type de carte n’est pas accepté. Composez le numéro d’une autre carte, puis dièse.',
  },
  'card.expiry': {
    en: 'Key in the expiry date: two digits for the month, two for the year.',
    fr: 'Composez la date d’expiration : deux chiffres pour le mois, deux pour l’année.',
  },
  'card.expiry_silence': {
    en: 'Nothing was keyed. Four digits: zero, nine, two, seven is September 2027.',
    fr: 'Rien n’a été composé. Quatre chiffres : zéro, neuf, deux, sept pour septembre 2027.',
  },
  'card.expiry_wrong': {
    en: 'That date is not good. Four digits, month then year, as on your card.',
    fr: 'Cette date ne convient pas. Quatre chiffres, le mois puis l’année, comme sur votre carte.',
  },
  'card.security_code': {
    en: 'Key in the security code: the last digits on the back, or the four on the front.',
    fr: 'Composez le cryptogramme : les derniers chiffres au dos, ou les quatre au recto.',
  },
  'card.security_code_silence': {
    en: 'Nothing was keyed. The security code is beside the signature on the back of most cards.',
    fr: 'Rien n’a été composé. Le cryptogramme est au dos de la plupart des cartes, à côté de la signature.',
  },
  'card.security_code_wrong': {
    en: 'That is not a security code of this card. Please key it in once more.',
    fr: 'Ce n’est pas le cryptogramme de cette carte. Composez-le à nouveau.',
  },
  'card.taking': { en: 'Thank you. One moment.', fr: 'Merci. Un instant.' },
  'card.left': {
    en: 'You have left the card entry. Nothing was charged.',
    fr: 'Vous avez quitté la saisie de la carte. Rien n’a été débité.',
  },
  'card.failed': {
    en: 'The card could not be taken. Nothing was charged.',
    fr: 'La carte n’a pas pu être prise. Rien n’a été débité.',
  },
  'card.number_refused': {
    en: 'No card has that number. Please begin once more.',
    fr: 'Aucune carte ne porte ce numéro. Recommencez, s’il vous plaît.',
  },
  'card.expiry_refused': {
    en: 'That expiry date is not good. Please begin once more.',
    fr: 'Cette date d’expiration ne convient pas. Recommencez, s’il vous plaît.',
  },
  'card.security_code_refused': {
    en: 'That security code does not fit the card. Please begin once more.',
    fr: 'Ce cryptogramme ne va pas avec la carte. Recommencez, s’il vous plaît.',
  },
  'card.needs_page': {
    en: 'With this card, your bank must confirm the payment on a page. Nothing was charged.',
    fr: 'Avec cette carte, votre banque doit confirmer le paiement sur une page. Rien n’a été débité.',
  },
  'card.too_many': {
    en: 'Too many cards were tried for this payment. Nothing was charged.',
    fr: 'Trop de cartes ont été essayées pour ce paiement. Rien n’a été débité.',
  },

  'saved.ask': {
    en: 'Key in your purchase code, then hash. It is not the code of your bank card.',
    fr: 'Composez votre code d’achat, puis dièse. Ce n’est pas le code de votre carte bancaire.',
  },
  'saved.refused': {
    en: 'That did not work. Nothing was charged.',
    fr: 'Cela n’a pas fonctionné. Rien n’a été débité.',
  },
  'saved.too_many': {
    en: 'Too many codes were tried. Nothing was charged.',
    fr: 'Trop de codes ont été essayés. Rien n’a été débité.',
  },

  'wait.begun': {
    en: 'Thank you. Your payment is being made. One moment.',
    fr: 'Merci. Votre paiement est en cours. Un instant.',
  },
  'wait.look': { en: 'One moment.', fr: 'Un instant.' },
  'wait.elsewhere': {
    en: 'This payment is just being made on another device. One moment.',
    fr: 'Ce paiement est en train de se faire sur un autre appareil. Un instant.',
  },
  'wait.still': {
    en: 'One moment more. Nothing is charged twice.',
    fr: 'Encore un instant. Rien n’est débité deux fois.',
  },
  'wait.long': {
    en: 'Your bank takes longer than usual. You may hang up: nothing is lost and nothing is charged twice. {merchant} will tell you how it ends.',
    fr: 'Votre banque met plus de temps que d’habitude. Vous pouvez raccrocher : rien ne se perd et rien n’est débité deux fois. {merchant} vous dira ce qu’il en est.',
  },

  'outcome.paid': {
    en: 'Done. You have paid {amount} to {merchant}.',
    fr: 'C’est fait. Vous avez payé {amount} à {merchant}.',
  },
  'outcome.reserved': {
    en: 'Done. {amount} is reserved for {merchant}, who will collect it.',
    fr: 'C’est fait. {amount} sont réservés pour {merchant}, qui les encaissera.',
  },
  'outcome.reference': { en: 'The reference is {reference}.', fr: 'La référence est {reference}.' },
  'outcome.reference_end': { en: 'The reference ends in {reference}.', fr: 'La référence se termine par {reference}.' },
  'outcome.once_more': { en: 'Once more: {reference}.', fr: 'Je répète : {reference}.' },
  'outcome.already_paid': {
    en: 'This payment has been paid already. Nothing more is due, and nothing was charged in this call.',
    fr: 'Ce paiement est déjà réglé. Plus rien n’est dû, et rien n’a été débité pendant cet appel.',
  },
  'outcome.refused': {
    en: 'This payment could not be made and has ended. Nothing was charged.',
    fr: 'Ce paiement n’a pas pu se faire et il est clos. Rien n’a été débité.',
  },
  'outcome.canceled': {
    en: 'This payment was canceled. Nothing is charged.',
    fr: 'Ce paiement a été annulé. Rien n’est débité.',
  },
  'outcome.expired': {
    en: 'The time for this payment is over. Nothing was charged. Please ask {merchant} for another.',
    fr: 'Le délai de ce paiement est passé. Rien n’a été débité. Demandez-en un autre à {merchant}.',
  },
  'outcome.review': {
    en: 'A person must look at this payment. {merchant} will tell you how it ends. Please do not pay again.',
    fr: 'Une personne doit examiner ce paiement. {merchant} vous dira ce qu’il en est. Ne payez pas une seconde fois.',
  },

  'receipt.offer': {
    en: 'For the receipt by text message, press {key}. Otherwise you may hang up.',
    fr: 'Pour le reçu par SMS, appuyez sur {key}. Sinon, vous pouvez raccrocher.',
  },
  'receipt.sent': {
    en: 'The receipt goes to the number of your order, which ends in {ending}.',
    fr: 'Le reçu part vers le numéro de votre commande, qui se termine par {ending}.',
  },
  'receipt.page': {
    en: 'No mobile number stands with this order. You find the outcome on a page.',
    fr: 'Aucun numéro de mobile ne figure dans cette commande. Le résultat se trouve sur une page.',
  },
  'receipt.none': {
    en: 'No mobile number stands with this order. Please ask {merchant} for the receipt.',
    fr: 'Aucun numéro de mobile ne figure dans cette commande. Demandez le reçu à {merchant}.',
  },
  'link.sent': {
    en: 'A link goes to the number of your order. Open it to pay.',
    fr: 'Un lien part vers le numéro de votre commande. Ouvrez-le pour payer.',
  },
  'link.page': { en: 'You may pay on a page. Please take a note.', fr: 'Vous pouvez payer sur une page. Prenez note.' },
  'link.address': { en: 'Go to {address}.', fr: 'Allez sur {address}.' },
  'link.code': { en: 'The code there is {code}.', fr: 'Le code à saisir est {code}.' },
  'link.once_more': { en: 'Once more.', fr: 'Je répète.' },

  'reached.human': {
    en: 'A payment call from {merchant}. To hear it, press {key}, or hang up and call the number on your bill.',
    fr: 'Un appel de {merchant} pour un paiement. Pour l’écouter, appuyez sur {key}, ou raccrochez et appelez le numéro de votre facture.',
  },
  'reached.machine': {
    en: 'A payment call from {merchant}. Please call {number}.',
    fr: 'Un appel de {merchant} pour un paiement. Rappelez le {number}.',
  },
  'reached.over': {
    en: 'A payment call from {merchant}. Nothing is left to be done. Goodbye.',
    fr: 'Un appel de {merchant} pour un paiement. Il n’y a plus rien à faire. Au revoir.',
  },

  'agent.one_moment': {
    en: 'One moment. You are being put through.',
    fr: 'Un instant. Nous vous mettons en relation.',
  },

  'end.goodbye': { en: 'Goodbye.', fr: 'Au revoir.' },
  // Only where it was looked at.
  'end.uncharged': { en: 'Nothing was charged.', fr: 'Rien n’a été débité.' },
  'end.strikes': {
    en: 'We cannot go on this time. Please call again whenever it suits you. Goodbye.',
    fr: 'Nous ne pouvons pas continuer cette fois. Rappelez quand vous le souhaitez. Au revoir.',
  },
  'end.too_many': {
    en: 'Too many codes were tried from this telephone. Please call again in ten minutes. Goodbye.',
    fr: 'Trop de codes ont été essayés depuis ce téléphone. Rappelez dans dix minutes. Au revoir.',
  },
  'end.too_many_withheld': {
    en: 'Too many codes were tried from telephones that hide their number. Please call again with yours shown, or in ten minutes. Goodbye.',
    fr: 'Trop de codes ont été essayés depuis des téléphones qui masquent leur numéro. Rappelez en affichant le vôtre, ou dans dix minutes. Au revoir.',
  },
  'end.trouble': {
    en: 'Something does not work just now. Nothing is lost and nothing is charged twice. Please call again in a moment.',
    fr: 'Quelque chose ne fonctionne pas à l’instant. Rien ne se perd et rien n’est débité deux fois. Rappelez dans un moment.',
  },
  ...spokenDeclines,
} as const satisfies Readonly<Record<string, Wording>>;
