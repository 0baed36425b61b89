import { account } from './page_account.js';
import { declines } from './page_declines.js';
import { live } from './page_live.js';
import type { Wording } from './wording.js';

/** What the payment page says, sorted by where it stands. Both languages side by side, so that neither is forgotten. */
export const page = {
  'page.title': { en: 'Pay {merchant}', fr: 'Payer {merchant}' },
  'page.test': {
    en: 'TEST: no money moves. Use test cards only.',
    fr: 'TEST : aucun argent ne circule. Cartes de test uniquement.',
  },
  'page.payee': { en: 'Payment to {merchant}', fr: 'Paiement à {merchant}' },
  'page.reference': { en: 'Reference', fr: 'Référence' },
  'page.description': { en: 'For', fr: 'Objet' },
  'page.operator': {
    en: 'This page is run by {operator}, which holds your card details. {merchant} never sees them.',
    fr: 'Cette page est celle de {operator}, qui détient vos données de carte. {merchant} ne les voit jamais.',
  },
  'page.other_language': { en: 'Français', fr: 'English' },
  'page.support': { en: 'A question? Contact {merchant}:', fr: 'Une question ? Contactez {merchant} :' },
  'page.support_site': { en: 'Help page', fr: 'Page d’aide' },
  'page.cancel': { en: 'Cancel the payment', fr: 'Annuler le paiement' },
  'page.return': { en: 'Back to {merchant}', fr: 'Retour chez {merchant}' },
  'page.returning': {
    en: 'You will be taken back to {merchant} in a few seconds.',
    fr: 'Vous allez revenir chez {merchant} dans quelques secondes.',
  },
  'page.stay': { en: 'Stay on this page', fr: 'Rester sur cette page' },
  'page.time_short': {
    en: 'This page closes in less than two minutes.',
    fr: 'Cette page se ferme dans moins de deux minutes.',
  },
  'page.more_time': { en: 'Give me more time', fr: 'Me laisser plus de temps' },
  'page.no_more_time': {
    en: 'This page cannot stay open any longer. Nothing was charged; please finish now, or ask the merchant for a new link.',
    fr: 'Cette page ne peut pas rester ouverte plus longtemps. Rien n’a été débité ; terminez maintenant, ou demandez un nouveau lien au marchand.',
  },
  'page.time_given': { en: 'You have more time now.', fr: 'Vous avez maintenant plus de temps.' },

  'form.problem': { en: 'There is a problem', fr: 'Il y a un problème' },
  'form.error': { en: 'Error:', fr: 'Erreur :' },
  'form.outdated': {
    en: 'This form was out of date, so nothing was sent. Please check it and send it again. Your browser must accept cookies from this page.',
    fr: 'Ce formulaire n’était plus à jour : rien n’a été envoyé. Vérifiez-le et renvoyez-le. Votre navigateur doit accepter les cookies de cette page.',
  },
  'form.too_many': {
    en: 'Too many tries. Nothing was charged. Please wait a while, or contact the merchant.',
    fr: 'Trop d’essais. Rien n’a été débité. Attendez un moment ou contactez le marchand.',
  },
  'form.unavailable': {
    en: 'This could not be done just now. Nothing was charged. Please try again in a moment.',
    fr: 'Cela n’a pas pu se faire à l’instant. Rien n’a été débité. Réessayez dans un moment.',
  },

  'card.enter': { en: 'Pay by card', fr: 'Payer par carte' },
  'card.number': { en: 'Card number', fr: 'Numéro de carte' },
  'card.expiry': { en: 'Expiry date', fr: 'Date d’expiration' },
  'card.expiry_hint': { en: 'Month/year, as 09/27', fr: 'Mois/année, comme 09/27' },
  'card.security_code': { en: 'Security code', fr: 'Cryptogramme' },
  'card.security_code_hint': { en: '3 digits on the back, or 4 on the front', fr: '3 chiffres au dos, ou 4 devant' },
  'card.security_code_hint_back': { en: '3 digits on the back', fr: '3 chiffres au dos' },
  'card.security_code_hint_front': { en: '4 digits on the front', fr: '4 chiffres sur la face avant' },
  'card.brand': { en: 'Pay with', fr: 'Payer avec' },
  'card.brand_hint': {
    en: 'Your card carries two brands. You may choose.',
    fr: 'Votre carte porte deux marques. Vous avez le choix.',
  },
  'card.brand.choose': {
    en: 'Choose the brand to pay with, and enter the security code again.',
    fr: 'Choisissez la marque avec laquelle payer et saisissez à nouveau le cryptogramme.',
  },
  'card.brand.unknown': {
    en: 'This card does not carry that brand. Choose one of those shown.',
    fr: 'Cette carte ne porte pas cette marque. Choisissez parmi celles affichées.',
  },
  'card.number.missing': { en: 'Enter the card number.', fr: 'Saisissez le numéro de carte.' },
  'card.number.length': {
    en: 'The card number has too few or too many digits.',
    fr: 'Le numéro de carte a trop ou trop peu de chiffres.',
  },
  'card.number.checksum': {
    en: 'There is a slip in the card number. Compare it with your card.',
    fr: 'Le numéro de carte comporte une erreur. Comparez-le avec votre carte.',
  },
  'card.number.brand': {
    en: 'We do not know this kind of card. Check the number or use another card.',
    fr: 'Nous ne connaissons pas ce type de carte. Vérifiez le numéro ou utilisez une autre carte.',
  },
  'card.expiry.missing': { en: 'Enter the expiry date.', fr: 'Saisissez la date d’expiration.' },
  'card.expiry.format': {
    en: 'Enter the expiry date as month and year, like 09/27.',
    fr: 'Saisissez la date d’expiration en mois et année, comme 09/27.',
  },
  'card.expiry.past': {
    en: 'This card has expired. Check the date or use another card.',
    fr: 'Cette carte a expiré. Vérifiez la date ou utilisez une autre carte.',
  },
  'card.expiry.far': {
    en: 'No card is good for that long. Check the expiry date.',
    fr: 'Aucune carte n’est valable aussi longtemps. Vérifiez la date d’expiration.',
  },
  'card.security_code.missing': { en: 'Enter the security code.', fr: 'Saisissez le cryptogramme.' },
  'card.security_code.length': {
    en: 'The security code has 3 digits, or 4 on American Express.',
    fr: 'Le cryptogramme a 3 chiffres, ou 4 sur une American Express.',
  },
  'card.pay': { en: 'Pay {amount}', fr: 'Payer {amount}' },
  'card.next': {
    en: 'your bank may ask you to confirm. You are never charged twice.',
    fr: 'votre banque peut demander confirmation. Jamais deux débits.',
  },
  'card.in_hand': { en: '{brand} ending in {last4}', fr: '{brand} se terminant par {last4}' },
  'card.another': { en: 'Use another card', fr: 'Utiliser une autre carte' },
  'card.security_code_again': { en: 'The security code once more', fr: 'Le cryptogramme, encore une fois' },
  'card.security_code_why': {
    en: 'We never write this code down. We were interrupted before we could use it, so we must ask for it again. Nothing has been charged.',
    fr: 'Nous n’enregistrons jamais ce code. Nous avons été interrompus avant de l’utiliser et devons vous le redemander. Rien n’a été débité.',
  },

  'card.device_check': { en: 'Your bank is checking this device', fr: 'Votre banque vérifie cet appareil' },
  'card.device_check_text': {
    en: 'This takes a few seconds and goes on by itself.',
    fr: 'Cela prend quelques secondes et continue tout seul.',
  },
  'card.device_check_frame': { en: 'Device check by your bank', fr: 'Vérification de l’appareil par votre banque' },
  'card.continue': { en: 'Continue', fr: 'Continuer' },
  'card.challenge': { en: 'Confirm with your bank', fr: 'Confirmez auprès de votre banque' },
  'card.challenge_text': {
    en: 'Your bank wants to be sure that it is you. You go on to its page and come back here afterwards.',
    fr: 'Votre banque veut s’assurer que c’est bien vous. Vous passez sur sa page, puis revenez ici.',
  },
  'card.challenge_go': { en: 'Go to my bank', fr: 'Aller chez ma banque' },
  'card.challenge_elsewhere': {
    en: 'The confirmation with your bank was begun on another device. Finish it there, or begin again here.',
    fr: 'La confirmation auprès de votre banque a commencé sur un autre appareil. Terminez-la là-bas, ou recommencez ici.',
  },
  'card.go_on_here': { en: 'Go on here with the same card', fr: 'Continuer ici avec la même carte' },
  'card.finish_there': {
    en: 'Please finish the confirmation on the device where it was begun.',
    fr: 'Terminez la confirmation sur l’appareil où elle a commencé.',
  },
  'card.begin_here': { en: 'Begin again here', fr: 'Recommencer ici' },

  'card.authenticating': { en: 'Asking your bank', fr: 'Votre banque est consultée' },
  'card.authorizing': { en: 'Your payment is being made', fr: 'Votre paiement est en cours' },
  'payment.processing': { en: 'Your payment is being processed', fr: 'Votre paiement est en cours de traitement' },
  'wait.text': {
    en: 'This usually takes a few seconds. You may close this page: nothing is lost and nothing is charged twice.',
    fr: 'Cela prend d’ordinaire quelques secondes. Vous pouvez fermer cette page : rien ne se perd et rien n’est débité deux fois.',
  },
  'wait.check': { en: 'Check now', fr: 'Vérifier maintenant' },

  'payment.choose': { en: 'How would you like to pay?', fr: 'Comment souhaitez-vous payer ?' },
  'unsupported.text': {
    en: 'This step cannot be done on this page. Please contact the merchant.',
    fr: 'Cette étape ne peut pas se faire sur cette page. Contactez le marchand.',
  },

  'outcome.paid': { en: 'Paid', fr: 'Payé' },
  'outcome.paid_text': { en: 'You have paid {amount} to {merchant}.', fr: 'Vous avez payé {amount} à {merchant}.' },
  'outcome.reserved_text': {
    en: '{amount} is reserved for {merchant}, who will collect it.',
    fr: '{amount} sont réservés pour {merchant}, qui les encaissera.',
  },
  'outcome.refused': { en: 'Not paid', fr: 'Non payé' },
  'outcome.refused_text': {
    en: 'The payment could not be made and has ended. Nothing was charged.',
    fr: 'Le paiement n’a pas pu se faire et il est clos. Rien n’a été débité.',
  },
  'outcome.canceled': { en: 'Canceled', fr: 'Annulé' },
  'outcome.canceled_text': {
    en: 'The payment was canceled. Nothing is charged.',
    fr: 'Le paiement a été annulé. Rien n’est débité.',
  },
  'outcome.expired': { en: 'Too late', fr: 'Trop tard' },
  'outcome.expired_text': {
    en: 'The time for this payment is over. Nothing was charged. Ask {merchant} for a new link.',
    fr: 'Le délai de ce paiement est passé. Rien n’a été débité. Demandez un nouveau lien à {merchant}.',
  },
  'outcome.review': { en: 'Being looked at', fr: 'En cours de vérification' },
  'outcome.review_text': {
    en: 'A person must look at this payment. {merchant} will tell you how it ends. Please do not pay again.',
    fr: 'Une personne doit examiner ce paiement. {merchant} vous dira ce qu’il en est. Ne payez pas une seconde fois.',
  },

  'returned.title': { en: 'Your bank has answered', fr: 'Votre banque a répondu' },
  'returned.text': {
    en: 'Go back to the page where you pay. It shows how your payment stands.',
    fr: 'Revenez à la page où vous payez. Elle montre où en est votre paiement.',
  },

  'link.title': { en: 'Enter your payment code', fr: 'Saisissez votre code de paiement' },
  'link.label': { en: 'Payment code', fr: 'Code de paiement' },
  'link.hint': {
    en: '10 to 12 digits, from your bill, your screen or the phone. Spaces do not matter.',
    fr: '10 à 12 chiffres, lus sur la facture, l’écran ou entendus au téléphone. Les espaces ne comptent pas.',
  },
  'link.go': { en: 'Continue', fr: 'Continuer' },
  'link.mistyped': {
    en: 'This code has a slip of the finger in it. Please compare it digit by digit.',
    fr: 'Ce code comporte une faute de frappe. Comparez-le chiffre par chiffre.',
  },
  'link.unknown': {
    en: 'No payment waits under this code. Please check it, or ask whoever gave it to you.',
    fr: 'Aucun paiement n’attend sous ce code. Vérifiez-le, ou demandez à qui vous l’a donné.',
  },
  'link.too_many': {
    en: 'Too many codes from your connection. Use the QR code or the link that you were given, or wait ten minutes.',
    fr: 'Trop de codes depuis votre connexion. Utilisez le code QR ou le lien que vous avez reçu, ou attendez dix minutes.',
  },

  'problem.not_found': { en: 'No payment here', fr: 'Aucun paiement ici' },
  'problem.not_found_text': {
    en: 'This link leads to no payment, or no longer. Check that it is complete, or ask whoever sent it to you.',
    fr: 'Ce lien ne mène à aucun paiement, ou plus maintenant. Vérifiez qu’il est complet, ou demandez à qui vous l’a envoyé.',
  },
  'problem.refused': { en: 'That did not come from this page', fr: 'Cela ne venait pas de cette page' },
  'problem.refused_text': {
    en: 'Nothing was changed and nothing was charged. Open your payment link again.',
    fr: 'Rien n’a été changé ni débité. Rouvrez votre lien de paiement.',
  },
  'problem.too_large': { en: 'Too much at once', fr: 'Trop à la fois' },
  'problem.bad_request': { en: 'Not understood', fr: 'Non compris' },
  'problem.method': { en: 'This address cannot do that', fr: 'Cette adresse ne sait pas faire cela' },
  'problem.busy': { en: 'One moment, please', fr: 'Un instant, merci' },
  'problem.busy_text': {
    en: 'We could not do this just now. Open your payment link again in a moment: it shows what is true, and nothing is charged twice.',
    fr: 'Nous n’avons pas pu le faire à l’instant. Rouvrez votre lien de paiement dans un moment : il montre ce qui est vrai, et rien n’est débité deux fois.',
  },

  ...live,
  ...declines,
  ...account,
} as const satisfies Readonly<Record<string, Wording>>;
