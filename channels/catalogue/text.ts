import type { Wording } from './wording.js';

/**
 * What texts say. Each is one segment: 160 characters of the GSM 7-bit alphabet, in which é è à ù are and ç ê â î ô û œ, the
 * euro sign and typographic quotes are not, or cost double. `test/channels/sms/catalogue.test.ts` measures every one with the
 * longest values, links among them as long as the configuration allows, and with the mark of a test before it.
 */
export const text = {
  'text.test': { en: 'TEST {text}', fr: 'TEST {text}' },

  'offer.digits': {
    en: 'Reply {code} to pay {name} {amount}, card *{last4}, by {time}. To refuse: NO.',
    fr: 'Répondez {code} pour payer {amount} à {name}, carte *{last4}, avant {time}. Pour refuser : NON.',
  },
  'offer.digits_within': {
    en: 'Reply {code} to pay {name} {amount}, card *{last4}, within {minutes} minutes. To refuse: NO.',
    fr: "Répondez {code} pour payer {amount} à {name}, carte *{last4}, d'ici {minutes} minutes. Pour refuser : NON.",
  },
  'offer.link': { en: '{name}: {amount} to pay. Pay: {link}', fr: '{name} : {amount} à payer : {link}' },
  receipt: {
    en: 'Receipt: {amount} paid to {name} on {day}, card *{last4}. Reference: {reference}',
    fr: 'Quittance : {amount} payé à {name} le {day}, carte *{last4}. Référence : {reference}',
  },

  'outcome.paid': {
    en: 'Paid: {amount} to {name}, card *{last4}. Reference: {reference}',
    fr: 'Payé : {amount} à {name}, carte *{last4}. Référence : {reference}',
  },
  'outcome.reserved': {
    en: 'Reserved: {amount} for {name}, card *{last4}. Reference: {reference}',
    fr: 'Réservé : {amount} pour {name}, carte *{last4}. Référence : {reference}',
  },
  'outcome.authentication': {
    en: 'Nothing charged yet: confirm with your bank. {link}',
    fr: 'Rien débité : votre banque veut votre accord. {link}',
  },
  'outcome.declined': {
    en: 'The bank declined, nothing charged. Pay: {link}',
    fr: 'Refus de la banque, rien débité. Payer : {link}',
  },
  'outcome.refused': {
    en: 'The bank declined, nothing charged. For another way to pay, ask {name}.',
    fr: 'Refus de la banque, rien débité. Pour payer autrement, demandez à {name}.',
  },
  'outcome.undone': {
    en: 'This did not work, nothing charged. Pay: {link}',
    fr: "Cela n'a pas abouti, rien débité. Payer : {link}",
  },
  'outcome.elsewhere': {
    en: 'Already paid to {name}, {amount}. Your reply charged nothing.',
    fr: 'Déjà payé à {name}, {amount}. Votre réponse ne débite rien.',
  },
  'outcome.closed': {
    en: 'This payment to {name} is closed. Nothing charged.',
    fr: 'Ce paiement à {name} est clos. Rien débité.',
  },

  'reply.digits_please': {
    en: 'Nothing charged yet. Reply with the six digits.',
    fr: 'Rien débité. Répondez avec les six chiffres.',
  },
  'reply.digits_alone': {
    en: 'Nothing charged. To pay {name} {amount}, reply with the six digits alone. To refuse: NO.',
    fr: 'Rien débité. Pour payer {amount} à {name}, répondez les six chiffres seuls. Pour refuser : NON.',
  },
  'reply.refused': {
    en: 'OK, nothing charged. To pay later: {link}',
    fr: 'Bien, rien débité. Pour payer plus tard : {link}',
  },
  'reply.refused_one': {
    en: '{name} {amount} refused. Pay: {link}',
    fr: '{name} {amount} refusé. Payer : {link}',
  },
  'reply.too_late': {
    en: 'Too late to refuse: this payment is under way. The outcome follows. For a refund, ask {name}.',
    fr: 'Trop tard pour refuser : paiement en cours. Le résultat suit. Pour un remboursement, demandez à {name}.',
  },
  'reply.expired': {
    en: 'Code expired, nothing charged. Pay: {link}',
    fr: 'Code expiré, rien débité. Payer : {link}',
  },
  'reply.wrong': {
    en: 'These are not the digits of our text. Nothing charged. Reply with the six digits.',
    fr: 'Ce ne sont pas les chiffres de notre SMS. Rien débité. Répondez avec les six chiffres.',
  },
  'reply.dead': {
    en: 'Too many tries, nothing charged. Pay: {link}',
    fr: "Trop d'essais, rien débité. Payer : {link}",
  },
  'reply.already_paid': {
    en: 'Already paid to {name}, {amount}. Your reply charged nothing.',
    fr: 'Déjà payé à {name}, {amount}. Votre réponse ne débite rien.',
  },
  'reply.busy': {
    en: 'This payment is being paid elsewhere just now. Your reply charged nothing.',
    fr: 'Ce paiement est en cours ailleurs. Votre réponse ne débite rien.',
  },
  'reply.under_way': {
    en: 'Your payment to {name} is under way. The outcome follows.',
    fr: 'Votre paiement à {name} est en cours. Le résultat suit.',
  },
  'reply.closed': {
    en: 'This payment to {name} is closed. Nothing charged.',
    fr: 'Ce paiement à {name} est clos. Rien débité.',
  },
  'reply.card_number': {
    en: 'Never text a card number: we did not keep it, please delete it. Nothing charged.',
    fr: "N'envoyez jamais un numéro de carte par SMS : nous ne l'avons pas gardé, effacez-le. Rien débité.",
  },
  'reply.help_digits': {
    en: '{name}, {amount}. To pay: reply with the six digits of our text. To refuse: NO. No more texts: STOP.',
    fr: '{name}, {amount}. Pour payer : répondez les six chiffres de notre SMS. Refuser : NON. Plus de SMS : STOP.',
  },
  'reply.help_link': { en: '{name}, {amount}. Pay: {link}', fr: '{name}, {amount}. Payer : {link}' },
  'reply.help': {
    en: 'This number confirms payments. Nothing waits for you here. No more texts: STOP.',
    fr: 'Ce numéro confirme des paiements. Rien ne vous attend ici. Plus de SMS : STOP.',
  },
  'reply.help_stopped': {
    en: 'This number confirms payments. You get no texts from it. To get them again: START.',
    fr: 'Ce numéro confirme des paiements. Il ne vous envoie plus de SMS. Pour en recevoir : START.',
  },
  'reply.stopped': {
    en: 'No more texts from this number. To get them again: START.',
    fr: 'Vous ne recevrez plus de SMS de ce numéro. Pour en recevoir : START.',
  },
  'reply.started': {
    en: 'You get texts from this number again. To stop: STOP.',
    fr: 'Vous recevez de nouveau les SMS de ce numéro. Pour ne plus en recevoir : STOP.',
  },
} as const satisfies Readonly<Record<string, Wording>>;
