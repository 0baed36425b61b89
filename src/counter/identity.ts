import type { From, SavedCard, Taken } from '../contracts/channel.js';
import { CODE_TRIES_MAX, isCardExpired, type Payer } from '../contracts/payer.js';
import type { Mode } from '../contracts/payment.js';
import type { CounterGuards } from './guards.js';
import type { IdentityPorts, PageDevice } from './ports.js';

/**
 * Whether a device belongs to whom the account belongs to: it gives back a code that was sent to the contact which the
 * account keeps. The link alone shows nothing, and nobody with only the link learns where the code went.
 */
export interface Identity {
  stageOf(payer: Payer, scope: string, device: string | null): Stage;
  sendCode(payer: Payer, scope: string, from: From, mail: CodeMailWords): Promise<Taken>;
  takeCode(payer: Payer, scope: string, typed: string, from: From): Promise<Taken>;
}

/** Nothing sent; a code is awaited; the device is known. */
export type Stage = 'offered' | 'code_sent' | 'open';

export interface CodeMailWords {
  readonly language: string | null;
  readonly merchantName: string;
  readonly mode: Mode;
}

const CODE_DIGITS = 6;
const CODE_MINUTES = 10;
const CODE_MS = CODE_MINUTES * 60_000;
/** For how long a device is known. */
const KNOWN_MS = 30 * 60_000;
/** How long a payer waits for the mail server to take the code. */
const MAIL_WAIT_MS = 8_000;

const TAKEN: Taken = { taken: true };
const STALE: Taken = { taken: false, because: 'stale' };
const TOO_MANY: Taken = { taken: false, because: 'too_many', message: 'saved.too_many' };

export function createIdentity(ports: IdentityPorts, guards: CounterGuards): Identity {
  const { signing, mails, ids, clock } = ports;
  const { identifications } = ports.payers;

  return {
    stageOf(payer, scope, device) {
      const now = clock.now();
      const one = payer.identifications.find((known) => known.scope === scope && known.device === device);
      if (one === undefined || device === null) return 'offered';
      if (one.knownUntil !== null && now < one.knownUntil) return 'open';
      const isAwaited = one.code !== null && now < one.code.expiresAt && one.code.errors < CODE_TRIES_MAX;
      return isAwaited ? 'code_sent' : 'offered';
    },

    async sendCode(payer, scope, from, words) {
      if (payer.email === null || payer.erasedAt !== null) return STALE;
      const sending = { payer: payer.id, email: payer.email, scope };
      const admitted = await guards.admitsSending(sending, from.address);
      if (admitted === 'paused') return { taken: false, because: 'too_many', message: 'saved.paused' };
      if (admitted === 'no') return TOO_MANY;
      const at: PageDevice = { scope, device: from.device };
      const code = ids.digits(CODE_DIGITS);
      const hash = signing.codeHash(code, { payer: payer.id, ...at });
      const now = clock.now();
      const expected = { hash, expiresAt: now + CODE_MS, to: payer.email };
      if (!(await identifications.expect(payer.id, at, expected))) return STALE;
      const mail = { to: payer.email, code, minutes: CODE_MINUTES, ...words, deadline: now + MAIL_WAIT_MS };
      if (await mails.code(mail)) return TAKEN;
      await identifications.withdraw(payer.id, at, hash);
      await guards.sendingFailed(sending);
      return { taken: false, because: 'unavailable', message: 'saved.unavailable' };
    },

    async takeCode(payer, scope, typed, from) {
      const code = typed.replace(/[\s.-]/g, '');
      // A slip that cannot be a code is told at once and costs no try.
      if (!/^\d{6}$/.test(code)) return wrong('saved.code_form');
      const at: PageDevice = { scope, device: from.device };
      if (!(await guards.admitsCodeTry(payer.id))) return TOO_MANY;
      const hash = await identifications.countTry(payer.id, at);
      if (hash === null) return { taken: false, because: 'too_many', message: 'saved.code_over' };
      if (!signing.isCodeHash(hash, code, { payer: payer.id, ...at })) return wrong('saved.code_wrong');
      return (await identifications.know(payer.id, at, hash, clock.now() + KNOWN_MS)) ? TAKEN : STALE;
    },
  };
}

const wrong = (message: string): Taken => ({
  taken: false,
  because: 'invalid',
  problems: [{ field: 'code', message }],
});

/** The cards of an account, the default first, then the newest. */
export function savedCardsOf({ instruments, defaultInstrument }: Payer, now: number): SavedCard[] {
  const isDefault = (id: string): boolean => id === defaultInstrument;
  const newestFirst = [...instruments].reverse();
  return [...newestFirst.filter(({ id }) => isDefault(id)), ...newestFirst.filter(({ id }) => !isDefault(id))].map(
    ({ id, face }) => ({
      id,
      brand: face.brand,
      last4: face.last4,
      expMonth: face.expMonth,
      expYear: face.expYear,
      isDefault: isDefault(id),
      isExpired: isCardExpired(face, now),
    }),
  );
}
