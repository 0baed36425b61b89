import type { CodeMail } from '../../contracts/mail.js';
import type { Merchant } from '../../contracts/merchant.js';
import type { Payer, PayerSession } from '../../contracts/payer.js';
import type { Letter } from './letter.js';
import { letterOf, type Pen, supportOf } from './writing.js';

/** The letter with the link of a session of the payer's account. */
export function accountLetter(
  { merchant, session }: { merchant: Merchant; payer: Payer; session: PayerSession },
  url: string,
  pen: Pen,
): Letter {
  const { say } = pen;
  const words = `account.${session.purpose}`;
  return letterOf(pen, {
    subject: say(`${words}.subject`),
    accent: merchant.profile.accentColour,
    title: say(`${words}.title`),
    texts: [say(`${words}.text`)],
    action: { label: say(`${words}.action`), url, note: `${say('mail.link_secret')} ${say('account.next')}` },
    support: supportOf(merchant, pen),
    closing: [say('mail.operator_link'), say('mail.why_account')],
  });
}

/** The letter with a one-time code. The code stands in it, and nowhere in its subject, which a locked screen shows. */
export function codeLetter({ code, minutes }: CodeMail, pen: Pen): Letter {
  const { say } = pen;
  return letterOf(pen, {
    subject: say('code.subject'),
    accent: null,
    title: say('code.title'),
    texts: [say('code.text', { minutes: String(minutes) })],
    code: { digits: code, note: say('code.next') },
    closing: [say('code.why')],
  });
}
