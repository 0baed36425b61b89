import type { Language } from './declines.js';

/** What a sentence may name; every value is ready to be read. */
export interface Words {
  readonly amount: string;
  readonly card: string;
  readonly channel: string;
  /** Why, as a clause with its colon, or nothing. */
  readonly why: string;
}

type Sentence = (words: Words) => string;
type Sentences = Readonly<Record<string, Sentence>>;

const EN: Sentences = {
  'payment.created': ({ amount }) => `The payment of ${amount} was created.`,
  'payment.requires_payment_method': () => 'The payer may choose how to pay.',
  'payment.requires_action': () => 'Something is asked of the payer.',
  'payment.processing': () => 'An answer is awaited; nothing is asked of the payer.',
  'payment.requires_capture': ({ amount }) => `${amount} is held and waits to be captured.`,
  'payment.partially_captured': () => 'A part was captured; more can still be.',
  'payment.succeeded': () => 'The payment succeeded.',
  'payment.canceled': ({ why, channel }) => `The payment was canceled${why}${channel === '' ? '' : ` ${channel}`}.`,
  'payment.failed': () => 'The payment failed; nothing was taken.',
  'payment.expired': () => 'The payment expired; nothing was taken.',
  'payment.requires_review': ({ why }) => `A person must look at this payment${why}.`,
  'attempt.requires_action': ({ channel }) => `An attempt ${channel} asks something of the payer.`,
  'attempt.processing': ({ card, channel }) => `An attempt with ${card} began ${channel}.`,
  'attempt.authorized': ({ card }) => `The bank approved ${card}; the amount is held.`,
  'attempt.captured': ({ card }) => `The bank approved ${card}; the amount was taken.`,
  'attempt.declined': ({ card, why }) => `The attempt with ${card} was declined${why}.`,
  'attempt.voided': () => 'What was held was released.',
  'attempt.reversed': () => 'The attempt was undone at the acquirer; nothing was taken.',
  'attempt.canceled': () => 'The attempt was left; nothing was sent.',
  'capture.pending': ({ amount }) => `A capture of ${amount} was asked for.`,
  'capture.succeeded': ({ amount }) => `${amount} was captured.`,
  'capture.failed': ({ amount }) => `The capture of ${amount} was refused.`,
  'capture.canceled': ({ amount }) => `The capture of ${amount} was given up.`,
  'capture.requires_review': ({ amount }) => `A person must look at the capture of ${amount}.`,
  'refund.pending': ({ amount }) => `A refund of ${amount} was asked for.`,
  'refund.succeeded': ({ amount }) => `${amount} was refunded.`,
  'refund.failed': ({ amount }) => `The refund of ${amount} was refused.`,
  'refund.canceled': ({ amount }) => `The refund of ${amount} was given up.`,
  'refund.requires_review': ({ amount }) => `A person must look at the refund of ${amount}.`,
  'channel.email_requested': () => 'The link was sent to the payer by e-mail.',
  'channel.call_started': () => 'A telephone call about the payment began.',
  'channel.link_texted': () => 'The link was sent by text message, as the caller wished.',
  'channel.receipt_texted': () => 'The receipt was sent by text message, as the caller wished.',
  'channel.call_requested': () => 'The payer is to be called.',
  'channel.call_sent': () => 'The payer is being called.',
  'channel.call_delivered': () => 'The payer took the call.',
  'channel.call_failed': ({ why }) => `The call came to nothing${why}.`,
  'channel.call_refused': () => 'The payer did not want to hear the call.',
  'channel.sms_requested': () => 'The payer is to be sent a text message.',
  'channel.sms_sent': () => 'A text message is on its way to the payer.',
  'channel.sms_delivered': () => 'The text message reached the telephone.',
  'channel.sms_failed': ({ why }) => `The text message did not reach the payer${why}.`,
  'channel.sms_refused': () => 'The payer answered NO to the text message; the payment stays open.',
  'channel.sms_opted_out': () => 'The payer wants no more text messages.',
  'channel.sms_opted_in': () => 'The payer wants text messages again.',
  'channel.device_paired': () => 'A television shows the payment.',
  'channel.page_opened': () => 'The page was opened on a device, while a television shows the payment.',
  outcome_unknown: () =>
    'The answer of the bank did not arrive. It is asked what it did; nothing is charged twice and nothing is lost.',
  outcome_pending: () => 'The bank has not decided yet. It is asked again.',
  'storing.payment.created': () => 'A link to store a card was made.',
  'storing.payment.succeeded': () => 'The card was verified.',
  'storing.attempt.authorized': ({ card }) => `The bank approved ${card}; nothing was taken.`,
  'next.pay': () => 'If nobody has paid by then, the payment expires.',
  'next.check': () => 'The acquirer is asked again.',
  'next.capture': () => 'What is not captured by then is released.',
  'next.review': () => 'The merchant decides: keep or return.',
};

const FR: Sentences = {
  'payment.created': ({ amount }) => `Le paiement de ${amount} a été créé.`,
  'payment.requires_payment_method': () => 'Le payeur peut choisir comment payer.',
  'payment.requires_action': () => 'Le payeur doit agir.',
  'payment.processing': () => 'Une réponse est attendue ; le payeur n’a rien à faire.',
  'payment.requires_capture': ({ amount }) => `${amount} sont réservés, en attente d’encaissement.`,
  'payment.partially_captured': () => 'Une partie a été encaissée ; le reste peut encore l’être.',
  'payment.succeeded': () => 'Le paiement a réussi.',
  'payment.canceled': ({ why, channel }) => `Le paiement a été annulé${why}${channel === '' ? '' : ` ${channel}`}.`,
  'payment.failed': () => 'Le paiement a échoué ; rien n’a été débité.',
  'payment.expired': () => 'Le paiement a expiré ; rien n’a été débité.',
  'payment.requires_review': ({ why }) => `Quelqu’un doit examiner ce paiement${why}.`,
  'attempt.requires_action': ({ channel }) => `Une tentative ${channel} demande une action du payeur.`,
  'attempt.processing': ({ card, channel }) => `Une tentative avec ${card} a commencé ${channel}.`,
  'attempt.authorized': ({ card }) => `La banque a accepté ${card} ; le montant est réservé.`,
  'attempt.captured': ({ card }) => `La banque a accepté ${card} ; le montant a été encaissé.`,
  'attempt.declined': ({ card, why }) => `La tentative avec ${card} a été refusée${why}.`,
  'attempt.voided': () => 'La réservation a été levée.',
  'attempt.reversed': () => 'La tentative a été annulée chez l’acquéreur ; rien n’a été débité.',
  'attempt.canceled': () => 'La tentative a été abandonnée ; rien n’a été envoyé.',
  'capture.pending': ({ amount }) => `Un encaissement de ${amount} a été demandé.`,
  'capture.succeeded': ({ amount }) => `${amount} ont été encaissés.`,
  'capture.failed': ({ amount }) => `L’encaissement de ${amount} a été refusé.`,
  'capture.canceled': ({ amount }) => `L’encaissement de ${amount} a été abandonné.`,
  'capture.requires_review': ({ amount }) => `Quelqu’un doit examiner l’encaissement de ${amount}.`,
  'refund.pending': ({ amount }) => `Un remboursement de ${amount} a été demandé.`,
  'refund.succeeded': ({ amount }) => `${amount} ont été remboursés.`,
  'refund.failed': ({ amount }) => `Le remboursement de ${amount} a été refusé.`,
  'refund.canceled': ({ amount }) => `Le remboursement de ${amount} a été abandonné.`,
  'refund.requires_review': ({ amount }) => `Quelqu’un doit examiner le remboursement de ${amount}.`,
  'channel.email_requested': () => 'Le lien a été envoyé au payeur par e-mail.',
  'channel.call_started': () => 'Un appel téléphonique à propos du paiement a commencé.',
  'channel.link_texted': () => 'Le lien a été envoyé par SMS, à la demande de l’appelant.',
  'channel.receipt_texted': () => 'Le reçu a été envoyé par SMS, à la demande de l’appelant.',
  'channel.call_requested': () => 'Le payeur va être appelé.',
  'channel.call_sent': () => 'Le payeur est en train d’être appelé.',
  'channel.call_delivered': () => 'Le payeur a pris l’appel.',
  'channel.call_failed': ({ why }) => `L’appel n’a pas abouti${why}.`,
  'channel.call_refused': () => 'Le payeur n’a pas voulu entendre l’appel.',
  'channel.sms_requested': () => 'Un SMS va être envoyé au payeur.',
  'channel.sms_sent': () => 'Un SMS est en route vers le payeur.',
  'channel.sms_delivered': () => 'Le SMS est arrivé sur le téléphone.',
  'channel.sms_failed': ({ why }) => `Le SMS n’est pas arrivé${why}.`,
  'channel.sms_refused': () => 'Le payeur a répondu NON au SMS ; le paiement reste ouvert.',
  'channel.sms_opted_out': () => 'Le payeur ne veut plus de SMS.',
  'channel.sms_opted_in': () => 'Le payeur veut de nouveau des SMS.',
  'channel.device_paired': () => 'Un téléviseur affiche le paiement.',
  'channel.page_opened': () => 'La page a été ouverte sur un appareil, pendant qu’un téléviseur affiche le paiement.',
  outcome_unknown: () =>
    'La réponse de la banque n’est pas arrivée. On lui demande ce qu’elle a fait ; rien n’est débité deux fois et rien ne se perd.',
  outcome_pending: () => 'La banque n’a pas encore décidé. Elle sera interrogée à nouveau.',
  'storing.payment.created': () => 'Un lien pour enregistrer une carte a été créé.',
  'storing.payment.succeeded': () => 'La carte a été vérifiée.',
  'storing.attempt.authorized': ({ card }) => `La banque a accepté ${card} ; rien n’a été débité.`,
  'next.pay': () => 'Si personne n’a payé d’ici là, le paiement expire.',
  'next.check': () => 'L’acquéreur sera interrogé à nouveau.',
  'next.capture': () => 'Ce qui n’est pas encaissé d’ici là sera libéré.',
  'next.review': () => 'Le commerçant décide : garder ou rendre.',
};

const SENTENCES: Readonly<Record<Language, Sentences>> = { en: EN, fr: FR };

/** Which sentence tells an event: doubt about an outcome has one of its own, and so has what stores a card instead of paying. */
export function sentenceOf({ type, note }: { type: string; note: string | null }, isStoring: boolean): string {
  if (note?.startsWith('outcome_')) return note;
  const special = `storing.${type}`;
  return isStoring && Object.hasOwn(EN, special) ? special : type;
}

/** The sentence for an event type (or `next.…`); the type itself where a later release wrote one that we do not know. */
export function sentenceFor(type: string, language: Language, words: Words): string {
  const sentence = SENTENCES[language][type];
  return sentence === undefined ? type : sentence(words);
}

const CHANNEL_WORDS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  web: { en: 'on the page', fr: 'sur la page' },
  ivr: { en: 'by telephone', fr: 'par téléphone' },
  sms: { en: 'by text message', fr: 'par SMS' },
  tv: { en: 'on television', fr: 'sur le téléviseur' },
  api: { en: 'by the merchant’s server', fr: 'par le serveur du commerçant' },
};

export function channelWords(channel: string | null, language: Language): string {
  return (channel === null ? undefined : CHANNEL_WORDS[channel]?.[language]) ?? '';
}

/** Why a payment ended or waits, by the stable word of the journal. */
const REASONS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  payer: { en: ' by the payer', fr: ' par le payeur' },
  merchant: { en: ' by the merchant', fr: ' par le commerçant' },
  system: { en: ' because its time was over', fr: ' car son délai était passé' },
  opted_out: { en: ': its number wants none', fr: ' : son numéro n’en veut pas' },
  landline: { en: ': its number is a landline', fr: ' : son numéro est un fixe' },
  unreachable: { en: ': the number cannot be reached', fr: ' : le numéro est injoignable' },
  switched_off: { en: ': the telephone is off', fr: ' : le téléphone est éteint' },
  too_late: { en: ': it did not arrive in time', fr: ' : il n’est pas arrivé à temps' },
  premium_number: { en: ': its number costs more than a call', fr: ' : son numéro est surtaxé' },
  interrupted: { en: ': it could not be handled here', fr: ' : il n’a pas pu être traité ici' },
  hours_unknown: {
    en: ': nobody knows whether it is night at its number',
    fr: ' : on ignore s’il fait nuit chez ce numéro',
  },
  busy: { en: ': the line was busy', fr: ' : la ligne était occupée' },
  no_answer: { en: ': nobody answered', fr: ' : personne n’a répondu' },
  machine: { en: ': a machine answered', fr: ' : un répondeur a répondu' },
  not_heard: {
    en: ': whoever answered hung up before anything was said',
    fr: ' : on a décroché, puis raccroché avant d’avoir rien entendu',
  },
  no_report: { en: ': nothing was heard of it', fr: ' : on n’en a plus rien su' },
  late_money: { en: ': money arrived after the end', fr: ' : de l’argent est arrivé après la fin' },
};

export function reasonWords(note: string | null, language: Language): string {
  return (note === null ? undefined : REASONS[note]?.[language]) ?? '';
}

/** `the card ending in 4242`, as it stands in a sentence. */
export function cardWords(last4: string | null, language: Language): string {
  if (last4 === null) return language === 'fr' ? 'une carte' : 'a card';
  return language === 'fr' ? `la carte se terminant par ${last4}` : `the card ending in ${last4}`;
}
