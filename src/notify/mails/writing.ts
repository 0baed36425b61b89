import type { Mode, Payment } from '../../contracts/payment.js';
import { isMailable } from './addresses.js';
import type { Letter, Support } from './letter.js';
import type { Sender } from './occasion.js';
import { type Language, oneLine, type Say } from './words.js';

const DEFAULT_ACCENT = '#1f4f8b';
const NAME_MAX = 60;
const REFERENCE_MAX = 64;
const DESCRIPTION_MAX = 500;
const SUBJECT_MAX = 180;

/** What every letter of one mail is written with. */
export interface Pen {
  readonly language: Language;
  readonly say: (key: string, parameters?: Readonly<Record<string, string>>) => string;
  readonly merchantName: string;
  /** Who holds the card. */
  readonly operator: string;
  readonly mode: Mode;
}

export function penOf(
  say: Say,
  given: { language: Language; merchantName: string; operator: string; mode: Mode },
): Pen {
  const { language, operator, mode } = given;
  const merchantName = oneLine(given.merchantName, NAME_MAX);
  const always = { merchant: merchantName, operator };
  return {
    language,
    say: (key, parameters) => say(language, key, { ...always, ...parameters }),
    merchantName,
    operator,
    mode,
  };
}

type Content = Pick<Letter, 'title' | 'texts' | 'closing'> &
  Partial<Pick<Letter, 'code' | 'action' | 'facts' | 'support' | 'sender'>> & {
    readonly subject: string;
    readonly accent: string | null;
  };

/** A whole letter from what is particular to it. */
export function letterOf({ language, say, merchantName, mode }: Pen, { subject, accent, ...content }: Content): Letter {
  const isTest = mode === 'test';
  return {
    language,
    subject: oneLine(isTest ? say('mail.test_subject', { subject }) : subject, SUBJECT_MAX),
    test: isTest ? say('mail.test') : null,
    sender: merchantName,
    accent: accent !== null && /^#[0-9a-f]{6}$/i.test(accent) ? accent : DEFAULT_ACCENT,
    code: null,
    action: null,
    facts: [],
    support: null,
    ...content,
  };
}

/** How the merchant helps; null when nobody said. */
export function supportOf({ profile }: Sender, { say }: Pen): Support | null {
  const { email, phone, url } = profile.support;
  if (email === null && phone === null && url === null) return null;
  return { text: say('mail.support'), email: replyAddress(email), phone, url };
}

/** The merchant's support address, if a mail program can be given it. */
export function replyAddress(email: string | null): string | null {
  return email !== null && isMailable(email) ? email : null;
}

export function referenceOf({ reference }: Payment): string {
  return oneLine(reference, REFERENCE_MAX);
}

export function descriptionOf({ description }: Payment): string | null {
  return description === null ? null : oneLine(description, DESCRIPTION_MAX) || null;
}
