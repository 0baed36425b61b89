import type { CodeMail, Mail } from '../../contracts/mail.js';
import type { Payer, PayerSession } from '../../contracts/payer.js';
import type { Fact, Letter } from './letter.js';
import type { Sender } from './occasion.js';
import { cardText, momentText, type Say } from './words.js';
import { letterOf, type Pen, supportOf } from './writing.js';

/** The letter with the link of a session of the payer's account. */
export function accountLetter(
  { merchant, session }: { merchant: Sender; session: PayerSession },
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

/** The letter that tells what was changed in the payer's account. It names no address: it may go to the one before. */
export function changeLetter(
  { mail, merchant, payer }: { mail: Mail; merchant: Sender; payer: Payer },
  pen: Pen,
  speak: Say,
): Letter {
  const { language, say } = pen;
  const words = `account.${mail.kind}`;
  // One that was removed is no longer there: it goes unnamed.
  const stored = payer.instruments.find(({ id }) => id === mail.about);
  const lines: readonly (readonly [key: string, value: string | null])[] = [
    ['fact.merchant', pen.merchantName],
    ['fact.card', stored === undefined ? null : cardText(stored, language, speak)],
    ['fact.date', momentText(mail.createdAt, language)],
  ];
  const facts = lines.flatMap(([key, value]): Fact[] => (value === null ? [] : [{ label: say(key), value }]));
  return letterOf(pen, {
    subject: say(`${words}.subject`),
    accent: merchant.profile.accentColour,
    title: say(`${words}.title`),
    texts: [say(`${words}.text`), say(`account.not_you${isAboutCard(mail) ? '_card' : ''}`)],
    facts,
    support: supportOf(merchant, pen),
    closing: [say('mail.operator_account'), say(mail.to === null ? 'mail.why_account' : 'mail.why_account_before')],
  });
}

const isAboutCard = ({ kind }: Mail): boolean => kind === 'card_saved';

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
