import { type Payer, recordOf } from '../contracts/payer.js';
import type { Attempt, KeptRequest, Mode, Payment } from '../contracts/payment.js';
import type { Reach } from '../contracts/reach.js';
import type { Mails, Payments, Texts } from '../contracts/store.js';
import { eraseMails } from './erase_mails.js';
import { eraseTexts } from './erase_texts.js';
import { andDestroy } from './unfinished.js';

/** Members of public shapes that name a person, or may. Where a kept answer has one, it is blanked. */
const PERSONAL = new Set(['email', 'phone', 'name', 'description', 'to_masked']);

const PAGE = 100;
const RACES_MAX = 50;

/** The tombstone: the account and its keys stay, so that a repeated request is still recognised; the person is gone. */
export function withoutPerson(payer: Payer, now: number): Payer {
  // Nobody is left to be told anything, and what was to be told may hold an address.
  const silent = payer.unfinished == null ? payer : { ...payer, unfinished: { ...payer.unfinished, tell: [] } };
  return {
    ...andDestroy(silent, payer.instruments.map(recordOf), now),
    email: null,
    phone: null,
    name: null,
    language: null,
    smsConsent: null,
    instruments: [],
    defaultInstrument: null,
    purchaseCode: null,
    sessions: [],
    identifications: [],
    erasedAt: payer.erasedAt ?? now,
    requests: payer.requests.map(withoutPersonalAnswer),
  };
}

/**
 * Blanks the person in every payment of the account. What was paid, when and with which masked card stays: it is the
 * merchant's bookkeeping. Each payment is one compare-and-swap beside the engine; nothing that it decides by is touched:
 * a browser whose authentication is being asked for is left until erasing comes again.
 */
export async function erasePayments(
  {
    payments,
    mails,
    texts,
  }: {
    payments: Pick<Payments, 'list' | 'load' | 'commit'>;
    mails: Pick<Mails, 'ofPayment' | 'load' | 'commit'>;
    texts: Pick<Texts, 'ofPayment' | 'load' | 'commit'>;
  },
  owner: { readonly merchant: string; readonly mode: Mode; readonly account: string },
): Promise<number> {
  const { merchant, mode, account } = owner;
  let erased = 0;
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Payments['list']>> = await payments.list({
      merchant,
      mode,
      account,
      limit: PAGE,
      ...(after !== null && { after }),
    });
    for (const payment of page.data) {
      await eraseMails(mails, payment.id);
      await eraseTexts(texts, payment.id);
      if (!namesPerson(payment)) continue;
      await erasePayment(payments, payment);
      erased += 1;
    }
    after = page.next;
  } while (after !== null);
  return erased;
}

async function erasePayment(payments: Pick<Payments, 'load' | 'commit'>, known: Payment): Promise<void> {
  let payment: Payment | null = known;
  for (let race = 0; race < RACES_MAX && payment !== null && namesPerson(payment); race += 1) {
    const next = { ...blanked(payment), revision: payment.revision + 1 };
    if (await payments.commit({ payment: next, feed: null, claims: [], releases: [], codeFreeAt: null })) return;
    payment = await payments.load(known.id);
  }
}

function blanked(payment: Payment): Payment {
  const { account, language } = payment.payer;
  return {
    ...payment,
    description: null,
    payer: { account, email: null, phone: null, name: null, language },
    reaches: payment.reaches.map(withoutAddresses),
    attempts: payment.attempts.map((attempt) =>
      attempt.device !== null && hasSpareBrowser(attempt)
        ? { ...attempt, device: { ...attempt.device, browser: null } }
        : attempt,
    ),
    requests: payment.requests.map(withoutPersonalAnswer),
  };
}

function withoutAddresses(reach: Reach): Reach {
  const { fallback } = reach;
  if (fallback === undefined) return { ...reach, to: null };
  return { ...reach, to: null, fallback: fallback.map((way) => ({ ...way, to: null })) };
}

/** Whether an attempt keeps data of a browser that it no longer needs: only asking for an authentication takes them. */
function hasSpareBrowser({ flow, device, authentication }: Attempt): boolean {
  if (device === null || device.browser === null) return false;
  return flow === null || (authentication !== null && !ASKS_WITH_BROWSER.has(authentication.state));
}

const ASKS_WITH_BROWSER: ReadonlySet<string> = new Set(['asking', 'device_check']);

function namesPerson({ description, payer, reaches, attempts, requests }: Payment): boolean {
  return (
    description !== null ||
    payer.email !== null ||
    payer.phone !== null ||
    payer.name !== null ||
    reaches.some(({ to, fallback = [] }) => to !== null || fallback.some((way) => way.to !== null)) ||
    attempts.some(hasSpareBrowser) ||
    requests.some(({ answer }) => answer !== null && hasPersonal(answer.body))
  );
}

function withoutPersonalAnswer(request: KeptRequest): KeptRequest {
  const { answer } = request;
  return answer === null ? request : { ...request, answer: { ...answer, body: withoutPersonal(answer.body) } };
}

/** The same answer with the person's members null; metadata is the merchant's own and stays. */
function withoutPersonal(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(withoutPersonal);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (name === 'metadata') return [name, value];
      return [name, PERSONAL.has(name) ? null : withoutPersonal(value)];
    }),
  );
}

function hasPersonal(body: unknown): boolean {
  if (Array.isArray(body)) return body.some(hasPersonal);
  if (typeof body !== 'object' || body === null) return false;
  return Object.entries(body).some(
    ([name, value]) => name !== 'metadata' && (PERSONAL.has(name) ? value !== null : hasPersonal(value)),
  );
}
