import { amountText, type Money } from '../../contracts/money.js';
import type { Reply } from './reply.js';

/** Pages of the issuer's access control server: plain HTML that works without scripts, in French and English. */

export type Language = 'fr' | 'en';

const TEXTS = {
  en: {
    bank: 'Test bank',
    title: 'Confirm your payment',
    pay: (amount: string, merchant: string) => `Pay ${amount} to ${merchant}`,
    save: (merchant: string) => `Save your card with ${merchant}; nothing is taken`,
    card: (last4: string) => `with your card ending in ${last4}`,
    approve: 'Approve',
    refuse: 'Refuse',
    code: 'Or type the code sent to your phone (123456 here)',
    confirm: 'Confirm the code',
    wrong: 'That code is not right. Please try again.',
    goOn: 'Continue',
    back: 'You are being taken back to the merchant.',
    unknown: 'This confirmation does not exist or is over. Please go back to the merchant.',
    test: 'This is a test: no money moves.',
  },
  fr: {
    bank: 'Banque de test',
    title: 'Confirmez votre paiement',
    pay: (amount: string, merchant: string) => `Payer ${amount} à ${merchant}`,
    save: (merchant: string) => `Enregistrer votre carte chez ${merchant} ; rien n’est débité`,
    card: (last4: string) => `avec votre carte se terminant par ${last4}`,
    approve: 'Approuver',
    refuse: 'Refuser',
    code: 'Ou saisissez le code reçu sur votre téléphone (123456 ici)',
    confirm: 'Valider le code',
    wrong: 'Ce code n’est pas le bon. Veuillez réessayer.',
    goOn: 'Continuer',
    back: 'Vous allez retourner chez le marchand.',
    unknown: 'Cette confirmation n’existe pas ou est terminée. Veuillez retourner chez le marchand.',
    test: 'Ceci est un test : aucun argent ne circule.',
  },
} as const;

const STYLE =
  'body{font:1.1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:2rem auto;padding:0 1rem;color:#16202c;background:#fff}' +
  'button{font:inherit;min-height:2.75rem;padding:0 1.25rem;margin:.5rem .5rem .5rem 0;border:2px solid #0b4f9e;border-radius:.5rem;' +
  'background:#0b4f9e;color:#fff}button.plain{background:#fff;color:#0b4f9e}' +
  'input{font:inherit;display:block;width:100%;box-sizing:border-box;min-height:2.75rem;padding:0 .75rem;margin:.25rem 0;' +
  'border:1px solid #5a6675;border-radius:.5rem}.wrong{color:#a3001b;font-weight:600}small{color:#4a5563}';

/** French for those who ask for French, English for everybody else. Takes a language tag or an accept-language header. */
export function languageOf(wanted: string | null): Language {
  return wanted !== null && /^\s*fr\b/i.test(wanted) ? 'fr' : 'en';
}

export interface ChallengeView {
  readonly language: Language;
  readonly acsTransaction: string;
  /** Handed back with the result as it came. */
  readonly sessionData: string | null;
  readonly merchantName: string;
  readonly money: Money;
  readonly last4: string;
  readonly isCodeWrong: boolean;
  /** Where the holder's answer is posted, as browsers see it. */
  readonly answerPath: string;
  /** Once for this page. */
  readonly nonce: string;
}

/** Asks the holder: two buttons as in a bank's application, or a one-time code. */
export function challengePage(view: ChallengeView): Reply {
  const text = TEXTS[view.language];
  const hidden =
    field('acsTransID', view.acsTransaction) +
    (view.sessionData === null ? '' : field('threeDSSessionData', view.sessionData));
  const { money, merchantName, language } = view;
  const asked = money.amount === 0 ? text.save(merchantName) : text.pay(amountText(money, language), merchantName);
  const body = `<p>${escaped(asked)}<br>
${escaped(text.card(view.last4))}</p>
<form method="post" action="${escaped(view.answerPath)}">${hidden}
<button name="decision" value="approve">${text.approve}</button>
<button class="plain" name="decision" value="refuse">${text.refuse}</button></form>
<form method="post" action="${escaped(view.answerPath)}">${hidden}${view.isCodeWrong ? `<p class="wrong" role="alert">${text.wrong}</p>` : ''}
<label for="code">${text.code}</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required>
<button name="decision" value="code">${text.confirm}</button></form>`;
  return page(200, view.language, view.nonce, body, "form-action 'self'; frame-ancestors 'none'");
}

/** Sends the browser on: a form with a button, which posts itself where scripts are on. */
export function postingPage(
  to: string,
  fields: Readonly<Record<string, string>>,
  language: Language,
  nonce: string,
  framed: boolean,
): Reply {
  const text = TEXTS[language];
  const hidden = Object.entries(fields).map(([name, value]) => field(name, value));
  const body = `<p>${text.back}</p>
<form method="post" action="${escaped(to)}">${hidden.join('')}<button>${text.goOn}</button></form>
<script nonce="${nonce}">document.forms[0].submit()</script>`;
  const ancestors = framed ? '' : "; frame-ancestors 'none'";
  const policy = `script-src 'nonce-${nonce}'; form-action ${new URL(to).origin}${ancestors}`;
  return page(200, language, nonce, body, policy);
}

export function unknownPage(language: Language, nonce: string): Reply {
  return page(404, language, nonce, `<p>${TEXTS[language].unknown}</p>`, "frame-ancestors 'none'");
}

function page(status: number, language: Language, nonce: string, body: string, policy: string): Reply {
  const text = TEXTS[language];
  const html = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text.title} · ${text.bank}</title><style nonce="${nonce}">${STYLE}</style></head>
<body><main><h1>${text.title}</h1>${body}<p><small>${text.bank}. ${text.test}</small></p></main></body></html>`;
  return {
    kind: 'page',
    status,
    html,
    policy: `default-src 'none'; base-uri 'none'; style-src 'nonce-${nonce}'; ${policy}`,
  };
}

function field(name: string, value: string): string {
  return `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
