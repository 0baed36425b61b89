import { tvDeclines } from './tv_declines.js';
import type { Wording } from './wording.js';

/**
 * What televisions show and read aloud, sorted by screen. Read from three metres off: a title of a few words, and a text of
 * one or two sentences. The purchase code is never called anything else, least of all what a bank calls its own.
 */
export const tv = {
  'screen.test': { en: 'TEST: {title}', fr: 'TEST : {title}' },
  'screen.speech': { en: '{title}. {text} {options}', fr: '{title}. {text} {options}' },
  'screen.speech_option': { en: '{label}.', fr: '{label}.' },

  'option.card': { en: 'Pay with your saved card', fr: 'Payer avec votre carte enregistrée' },
  'option.again': { en: 'Try your saved card again', fr: 'Réessayer avec votre carte enregistrée' },
  'option.another_card': {
    en: 'Pay with another saved card',
    fr: 'Payer avec une autre carte enregistrée',
  },
  'option.phone': { en: 'Continue on your phone', fr: 'Continuer sur votre téléphone' },
  'option.cancel': { en: 'Cancel', fr: 'Annuler' },
  'option.forgotten': { en: 'Code forgotten', fr: 'Code oublié' },
  'option.this_card': { en: '{brand} ending in {last4}', fr: '{brand} se terminant par {last4}' },
  'option.go_on': { en: 'No, continue paying', fr: 'Non, continuer le paiement' },
  'option.do_cancel': { en: 'Yes, cancel the payment', fr: 'Oui, annuler le paiement' },

  'start.title': { en: 'Pay {merchant}', fr: 'Payer {merchant}' },
  'start.text': {
    en: '{amount} to {merchant}. How do you want to pay?',
    fr: '{amount} à {merchant}. Comment souhaitez-vous payer ?',
  },
  'declined.title': { en: 'The payment was refused', fr: 'Le paiement a été refusé' },
  'declined.text': {
    en: '{why} {amount} to {merchant}: how do you want to pay?',
    fr: '{why} {amount} à {merchant} : comment souhaitez-vous payer ?',
  },
  'nowhere.text': {
    en: '{amount} to {merchant} cannot be paid on this television. Please ask {merchant} for another way.',
    fr: '{amount} à {merchant} : ce paiement ne peut pas se faire sur ce téléviseur. Demandez un autre moyen à {merchant}.',
  },

  'purchase_code.title': { en: 'Your purchase code', fr: 'Votre code d’achat' },
  'purchase_code.text': {
    en: 'Enter the purchase code to pay {amount} to {merchant}. Not the code of your bank card.',
    fr: 'Saisissez le code d’achat pour payer {amount} à {merchant}. Pas le code de votre carte.',
  },
  'purchase_code.noticed': { en: '{notice} {text}', fr: '{notice} {text}' },
  'notice.wrong': {
    en: 'This is not the purchase code. Nothing was charged.',
    fr: 'Ce n’est pas le code d’achat. Rien n’a été débité.',
  },
  'notice.form': {
    en: 'A purchase code has four to eight digits.',
    fr: 'Un code d’achat a quatre à huit chiffres.',
  },
  'notice.unavailable': {
    en: 'Purchase codes cannot be checked at the moment. Nothing was charged.',
    fr: 'Les codes d’achat ne peuvent pas être vérifiés en ce moment. Rien n’a été débité.',
  },
  'code_missing.title': { en: 'No purchase code yet', fr: 'Pas encore de code d’achat' },
  'code_missing.text': {
    en: 'To pay here, create a purchase code on your phone. OK: continue on your phone.',
    fr: 'Pour payer ici, créez un code d’achat sur votre téléphone. OK : continuer sur votre téléphone.',
  },
  'locked.title': { en: 'Too many wrong codes', fr: 'Trop de codes erronés' },
  'locked.text': {
    en: 'Too many wrong codes. Nothing was charged. OK: continue on your phone.',
    fr: 'Trop de codes erronés. Rien n’a été débité. OK : continuer sur votre téléphone.',
  },
  'too_many.title': { en: 'No more codes on this television', fr: 'Plus de code sur ce téléviseur' },
  'too_many.text': {
    en: 'No more codes are taken here for now, not even the right one. Nothing was charged. OK: continue on your phone.',
    fr: 'Plus aucun code n’est accepté ici pour le moment, même juste. Rien n’a été débité. OK : continuer sur votre téléphone.',
  },

  'choose_card.title': { en: 'Choose a card', fr: 'Choisissez une carte' },
  'choose_card.text': {
    en: 'OK pays {amount} to {merchant} with this card.',
    fr: 'OK paie {amount} à {merchant} avec cette carte.',
  },

  'handover.title': { en: 'Continue on your phone', fr: 'Continuez sur votre téléphone' },
  'handover.text': {
    en: '{amount} to {merchant}. Scan the picture, or go to {address} and enter the code.',
    fr: '{amount} à {merchant}. Scannez l’image, ou allez sur {address} et saisissez le code.',
  },
  'handover.text_call': {
    en: '{amount} to {merchant}. Scan the picture, go to {address}, or call {telephone}. The code is the same.',
    fr: '{amount} à {merchant}. Scannez l’image, allez sur {address} ou appelez le {telephone}. Le code est le même.',
  },
  'handover.text_only_call': {
    en: '{amount} to {merchant}. Call {telephone} and key in the code.',
    fr: '{amount} à {merchant}. Appelez le {telephone} et composez le code.',
  },
  'handover.text_link': {
    en: '{amount} to {merchant}. Scan the picture with your phone.',
    fr: '{amount} à {merchant}. Scannez l’image avec votre téléphone.',
  },
  'handover.speech_code': { en: 'The code is {code}.', fr: 'Le code est {code}.' },
  'opened.title': { en: 'Open on a telephone', fr: 'Ouvert sur un téléphone' },
  'opened.text': {
    en: 'The payment is open on a telephone: {amount} to {merchant}. Go on there.',
    fr: 'Le paiement est ouvert sur un téléphone : {amount} à {merchant}. Continuez là-bas.',
  },
  'elsewhere.title': { en: 'Being paid on another device', fr: 'Paiement en cours sur un autre appareil' },
  'elsewhere.text': {
    en: '{amount} to {merchant}. Confirm it on the device where you began.',
    fr: '{amount} à {merchant}. Confirmez-le sur l’appareil où vous avez commencé.',
  },

  'wait.title': { en: 'One moment', fr: 'Un instant' },
  'wait.checking': { en: 'Your code is being checked.', fr: 'Votre code est en cours de vérification.' },
  'wait.paying': {
    en: 'Your payment of {amount} to {merchant} is being made. Nothing is charged twice.',
    fr: 'Votre paiement de {amount} à {merchant} est en cours. Rien n’est débité deux fois.',
  },
  'wait.elsewhere': {
    en: 'The payment of {amount} to {merchant} is being made on another device.',
    fr: 'Le paiement de {amount} à {merchant} se fait sur un autre appareil.',
  },
  'wait.ending': {
    en: 'The time for this payment is over. Nothing was charged.',
    fr: 'Le délai de ce paiement est passé. Rien n’a été débité.',
  },

  'confirm_cancel.title': { en: 'Cancel this payment?', fr: 'Annuler ce paiement ?' },
  'confirm_cancel.text': {
    en: '{amount} to {merchant}. If you cancel, nothing is charged.',
    fr: '{amount} à {merchant}. Si vous annulez, rien n’est débité.',
  },

  'paid.title': { en: 'Paid', fr: 'Payé' },
  'paid.text': {
    en: '{amount} paid to {merchant}. Reference {reference}. Press BACK to return.',
    fr: '{amount} payés à {merchant}. Référence {reference}. Pour revenir : touche RETOUR.',
  },
  'paid.text_card': {
    en: '{amount} paid to {merchant} with {card}. Reference {reference}. Press BACK to return.',
    fr: '{amount} payés à {merchant} avec {card}. Référence {reference}. Pour revenir : touche RETOUR.',
  },
  'reserved.title': { en: 'Done', fr: 'C’est fait' },
  'reserved.text': {
    en: '{amount} reserved for {merchant}, who will collect it. Reference {reference}. Press BACK to return.',
    fr: '{amount} réservés pour {merchant}, qui les encaissera. Référence {reference}. Pour revenir : touche RETOUR.',
  },
  'canceled.title': { en: 'Payment canceled', fr: 'Paiement annulé' },
  'canceled.text': {
    en: 'Nothing is charged. Press BACK to return.',
    fr: 'Rien n’est débité. Pour revenir : touche RETOUR.',
  },
  'expired.title': { en: 'Time is up', fr: 'Le délai est passé' },
  'expired.text': {
    en: 'Nothing was charged. To pay, ask {merchant} for a new payment. Press BACK to return.',
    fr: 'Rien n’a été débité. Pour payer, demandez un nouveau paiement à {merchant}. Pour revenir : touche RETOUR.',
  },
  'failed.title': { en: 'Payment not made', fr: 'Paiement non effectué' },
  'failed.text': {
    en: 'The payment has ended and nothing was charged. Press BACK to return.',
    fr: 'Le paiement est clos et rien n’a été débité. Pour revenir : touche RETOUR.',
  },
  'review.title': { en: 'Please do not pay again', fr: 'Ne payez pas une seconde fois' },
  'review.text': {
    en: 'A person must look at this payment. {merchant} will tell you how it ends. Press BACK to return.',
    fr: 'Une personne doit examiner ce paiement. {merchant} vous dira ce qu’il en est. Pour revenir : touche RETOUR.',
  },
  ...tvDeclines,
} as const satisfies Readonly<Record<string, Wording>>;
