import { mailOfAccounts } from './mail_of_accounts.js';
import { mailReasons } from './mail_reasons.js';
import { mailToMerchants } from './mail_to_merchants.js';
import { declines } from './page_declines.js';
import type { Wording } from './wording.js';

/**
 * What mails say. `payer.` is told to payers, `merchant.` to merchants; then the kind of mail, then where it stands. Both
 * languages side by side, so that neither is forgotten.
 */
export const mail = {
  'mail.test': {
    en: 'TEST: no money moved.',
    fr: 'TEST : aucun argent n’a circulé.',
  },
  'mail.test_subject': { en: 'TEST: {subject}', fr: 'TEST : {subject}' },
  'mail.support': { en: 'A question? Contact {merchant}:', fr: 'Une question ? Contactez {merchant} :' },
  'mail.operator': {
    en: '{operator} holds your card details for this payment. {merchant} never sees them.',
    fr: '{operator} détient vos données de carte pour ce paiement. {merchant} ne les voit jamais.',
  },
  'mail.operator_link': {
    en: '{operator} runs the payment page and holds the card details. {merchant} never sees them.',
    fr: '{operator} exploite la page de paiement et détient les données de carte. {merchant} ne les voit jamais.',
  },
  'mail.why_payer': {
    en: 'You get this automatic mail because your address was given with this order.',
    fr: 'Vous recevez ce courriel automatique car votre adresse a été donnée avec cette commande.',
  },
  'mail.why_receipt': {
    en: 'You get this automatic mail because this receipt was asked for. Your address is not kept.',
    fr: 'Vous recevez ce courriel automatique car ce reçu a été demandé. Votre adresse n’est pas conservée.',
  },
  'mail.why_account': {
    en: 'You get this automatic mail because {merchant} keeps your address with your account.',
    fr: 'Vous recevez ce courriel automatique car {merchant} conserve votre adresse avec votre compte.',
  },
  'mail.why_account_before': {
    en: 'You get this automatic mail because {merchant} kept your address with an account until now.',
    fr: 'Vous recevez ce courriel automatique car {merchant} conservait jusqu’ici votre adresse avec un compte.',
  },
  'mail.operator_account': {
    en: '{operator} keeps the cards of this account. {merchant} never sees their details.',
    fr: '{operator} conserve les cartes de ce compte. {merchant} n’en voit jamais les données.',
  },
  'mail.why_merchant': {
    en: '{operator} sends this automatic mail to the address in your profile.',
    fr: '{operator} envoie ce courriel automatique à l’adresse de votre profil.',
  },
  'mail.link_secret': {
    en: 'This link is yours: do not forward it. We never ask for card details by mail.',
    fr: 'Ce lien est à vous : ne le transférez pas. Nous ne demandons jamais de données de carte par courriel.',
  },

  'fact.payee': { en: 'Paid to', fr: 'Payé à' },
  'fact.merchant': { en: 'Merchant', fr: 'Marchand' },
  'fact.amount': { en: 'Amount', fr: 'Montant' },
  'fact.reference': { en: 'Reference', fr: 'Référence' },
  'fact.description': { en: 'For', fr: 'Objet' },
  'fact.date': { en: 'Date', fr: 'Date' },
  'fact.card': { en: 'Card', fr: 'Carte' },
  'fact.authorization': { en: 'Authorization code', fr: 'Numéro d’autorisation' },
  'fact.statement': { en: 'On your statement', fr: 'Sur votre relevé' },
  'fact.held_until': { en: 'Reserved until', fr: 'Réservé jusqu’au' },
  'fact.refund': { en: 'Refunded now', fr: 'Remboursé' },
  'fact.refunded_of': { en: 'Refunded in all', fr: 'Remboursé au total' },
  'fact.refund_reference': { en: 'Refund reference', fr: 'Référence du remboursement' },
  'fact.reason': { en: 'Reason', fr: 'Motif' },
  'fact.open_until': { en: 'Open until', fr: 'Ouvert jusqu’au' },
  'fact.payment': { en: 'Payment', fr: 'Paiement' },
  'amount.of': { en: '{part} of {whole}', fr: '{part} sur {whole}' },

  'card.masked': { en: '{brand} ending in {last4}', fr: '{brand} se terminant par {last4}' },
  'brand.cb': { en: 'CB', fr: 'CB' },
  'brand.visa': { en: 'Visa', fr: 'Visa' },
  'brand.mastercard': { en: 'Mastercard', fr: 'Mastercard' },
  'brand.maestro': { en: 'Maestro', fr: 'Maestro' },
  'brand.amex': { en: 'American Express', fr: 'American Express' },
  'brand.diners': { en: 'Diners Club', fr: 'Diners Club' },
  'brand.discover': { en: 'Discover', fr: 'Discover' },
  'brand.jcb': { en: 'JCB', fr: 'JCB' },
  'brand.unionpay': { en: 'UnionPay', fr: 'UnionPay' },
  'brand.elo': { en: 'Elo', fr: 'Elo' },
  'brand.mir': { en: 'Mir', fr: 'Mir' },
  'brand.other': { en: 'Card', fr: 'Carte' },

  'payer.paid.subject': {
    en: '{merchant}: {amount} paid ({reference})',
    fr: '{merchant} : paiement de {amount} effectué ({reference})',
  },
  'payer.paid.title': { en: 'Thank you, {amount} paid', fr: 'Merci, paiement de {amount} effectué' },
  'payer.paid.text': {
    en: 'Your payment to {merchant} went through. Please keep this mail as your receipt; there is nothing else to do.',
    fr: 'Votre paiement à {merchant} a réussi. Ce courriel est votre reçu ; vous n’avez rien d’autre à faire.',
  },
  'payer.paid.part': {
    en: 'The rest of the reserved amount of {whole} is released.',
    fr: 'Le reste du montant réservé de {whole} est libéré.',
  },
  'payer.paid.card_saved': {
    en: 'Your card was saved in your account with {merchant}, as you asked.',
    fr: 'Votre carte a été enregistrée dans votre compte chez {merchant}, comme vous l’avez demandé.',
  },

  'payer.reserved.subject': {
    en: '{merchant}: {amount} reserved ({reference})',
    fr: '{merchant} : réservation de {amount} ({reference})',
  },
  'payer.reserved.title': { en: '{amount} reserved', fr: 'Montant réservé : {amount}' },
  'payer.reserved.text': {
    en: 'Your bank has reserved this amount for {merchant}, which takes it when your order is ready. We write again then. There is nothing to do.',
    fr: 'Votre banque a réservé ce montant pour {merchant}, qui l’encaissera quand votre commande sera prête. Nous vous écrirons alors. Vous n’avez rien à faire.',
  },

  'payer.refused.subject': {
    en: '{merchant}: payment of {amount} refused ({reference})',
    fr: '{merchant} : paiement de {amount} refusé ({reference})',
  },
  'payer.refused.title': { en: 'The payment was refused', fr: 'Le paiement a été refusé' },
  'payer.refused.next': {
    en: 'This payment has ended. To pay in another way, please contact {merchant}.',
    fr: 'Ce paiement est clos. Pour payer autrement, contactez {merchant}.',
  },

  'payer.declined.subject': {
    en: '{merchant}: your payment of {amount} is still open ({reference})',
    fr: '{merchant} : votre paiement de {amount} reste à faire ({reference})',
  },
  'payer.declined.title': { en: 'Your payment is still open', fr: 'Votre paiement reste à faire' },
  'payer.declined.retry': {
    en: 'The payment still waits for you. You may go on with the same card or another one.',
    fr: 'Le paiement vous attend toujours. Vous pouvez le reprendre avec la même carte ou une autre.',
  },
  'payer.declined.other_instrument': {
    en: 'The payment still waits for you. Please go on with another card.',
    fr: 'Le paiement vous attend toujours. Reprenez-le avec une autre carte.',
  },
  'payer.declined.action': { en: 'Go on paying', fr: 'Reprendre le paiement' },

  'payer.canceled.subject': {
    en: '{merchant}: payment of {amount} canceled ({reference})',
    fr: '{merchant} : paiement de {amount} annulé ({reference})',
  },
  'payer.canceled.title': { en: 'The payment was canceled', fr: 'Le paiement a été annulé' },
  'payer.canceled.text': {
    en: 'Nothing is charged. If your bank had reserved the amount, it is free again; some banks take a few days to show it.',
    fr: 'Rien n’est débité. Si votre banque avait réservé le montant, il est de nouveau libre ; certaines banques mettent quelques jours à l’afficher.',
  },

  'payer.expired.subject': {
    en: '{merchant}: the time to pay {amount} is over ({reference})',
    fr: '{merchant} : le délai pour payer {amount} est passé ({reference})',
  },
  'payer.expired.title': { en: 'The time to pay is over', fr: 'Le délai de paiement est passé' },
  'payer.expired.text': {
    en: 'The payment was refused and not tried again in time. Nothing was charged. If you still want to pay, ask {merchant} for a new link.',
    fr: 'Le paiement a été refusé et n’a pas été repris à temps. Rien n’a été débité. Si vous voulez encore payer, demandez un nouveau lien à {merchant}.',
  },

  'payer.refunded.subject': {
    en: '{merchant}: {amount} refunded ({reference})',
    fr: '{merchant} : remboursement de {amount} ({reference})',
  },
  'payer.refunded.title': { en: '{amount} refunded', fr: 'Remboursement de {amount}' },
  'payer.refunded.text': {
    en: '{merchant} has given this amount back to the card that paid. Banks take up to ten days to show it. There is nothing to do.',
    fr: '{merchant} a rendu ce montant à la carte qui a payé. Les banques mettent jusqu’à dix jours à l’afficher. Vous n’avez rien à faire.',
  },

  'payer.link.subject': {
    en: '{merchant}: please pay {amount} ({reference})',
    fr: '{merchant} : {amount} à payer ({reference})',
  },
  'payer.link.title': { en: '{amount} to pay', fr: '{amount} à payer' },
  'payer.link.text': {
    en: '{merchant} sends you the link to your payment.',
    fr: '{merchant} vous envoie le lien de votre paiement.',
  },
  'payer.link.action': { en: 'Pay {amount}', fr: 'Payer {amount}' },
  'payer.link_save.subject': { en: '{merchant}: save your card', fr: '{merchant} : enregistrez votre carte' },
  'payer.link_save.title': { en: 'Save your card', fr: 'Enregistrez votre carte' },
  'payer.link_save.text': {
    en: '{merchant} sends you the link to save a card in your account. Nothing is charged.',
    fr: '{merchant} vous envoie le lien pour enregistrer une carte dans votre compte. Rien n’est débité.',
  },
  'payer.link_save.action': { en: 'Save a card', fr: 'Enregistrer une carte' },

  'code.subject': { en: '{merchant}: your code', fr: '{merchant} : votre code' },
  'code.title': { en: 'Your code', fr: 'Votre code' },
  'code.text': {
    en: 'Type this code on the page that asked for it. It works once, for {minutes} minutes.',
    fr: 'Saisissez ce code sur la page qui l’a demandé. Il sert une fois, pendant {minutes} minutes.',
  },
  'code.next': {
    en: 'Nobody will ever ask you for it by phone or mail. If you did not ask for a code, do nothing.',
    fr: 'Personne ne vous le demandera jamais par téléphone ni par courriel. Si vous n’avez pas demandé de code, ne faites rien.',
  },
  'code.why': {
    en: '{operator} sends this automatic mail because somebody wants to use the cards of your account with {merchant}.',
    fr: '{operator} envoie ce courriel automatique car quelqu’un veut utiliser les cartes de votre compte chez {merchant}.',
  },

  ...mailOfAccounts,
  ...mailToMerchants,
  ...mailReasons,
  ...declines,
} as const satisfies Readonly<Record<string, Wording>>;
