import { Problem } from '../contracts/errors.js';
import { isWaitedFor } from '../contracts/open_payment.js';
import { mayName, type SignedBy } from '../contracts/operator.js';
import type { Payment } from '../contracts/payment.js';
import type { Shown, TvDesk, TvOpening, TvPlace, TvRefusal, TvSession, TvWait } from '../contracts/television.js';
import { createGuards } from './guards.js';
import { languageIn } from './language.js';
import { NOTHING_KEYED } from './tv_entry.js';
import { createTvGlances, type Glance } from './tv_glances.js';
import { moveOf, type TvMove } from './tv_keys.js';
import { createTvPaying } from './tv_paying.js';
import type { TvPorts } from './tv_ports.js';
import { createTvSessions, isServed, type Seen, START } from './tv_sessions.js';
import { createTvWaiting, type TvWaiting } from './tv_waiting.js';

/** An id that no payment has, so that an unknown code takes as long as a known one. */
const NO_PAYMENT = 'pay_none';
const DAY_MS = 86_400_000;
/** The outcome is shown for 90 days after the payment's end, which a capture may bring about a month after its time is over. */
const KEPT_MS = 120 * DAY_MS;
/** What has not told of its box by then was opened by a process that has died. */
const TELLING_MS = 5_000;
/** Televisions that the story of one payment tells of in a day. */
const PAIRINGS_MAX = 20;
/** How long a viewer who cancels waits to be told; the screen shows the rest. */
const CANCEL_WAIT_MS = 2_000;
const RACES_MAX = 20;
/** When a box looks again that cannot be held, because too many are. */
const FULL_POLL_SECONDS = 15;

/** The counter window on television. What a box shows is read off the payment, and off where its viewer has got to. */
export function createTvDesk(ports: TvPorts): TvDesk {
  const { engine, store, signing, clock } = ports;
  const guards = createGuards(ports);
  const waiting = createTvWaiting(ports);
  const sessions = createTvSessions(ports, changed);
  const glances = createTvGlances(ports, sessions.see);
  const paying = createTvPaying(ports, guards, sessions);
  const { see, move } = sessions;

  function changed(session: string): void {
    glances.forget(session);
    waiting.changed(session);
  }

  /** The payment that a box names, if it is one that it may show. */
  async function named(by: SignedBy, opening: TvOpening): Promise<Payment | { refused: TvRefusal }> {
    const { code } = opening;
    const digits = code === null ? null : ports.readPaymentCode(code);
    // A slip of the finger tells nobody anything, so it is told at once and costs no try.
    if (code !== null && digits === null) return { refused: 'mistyped' };
    const admitted = digits === null ? null : await guards.admitsBoxCode(callersOf(by, opening));
    if (digits !== null && admitted === null) return { refused: 'too_many' };
    const id = digits === null ? opening.payment : await store.codes.find(digits);
    const payment = await engine.load(id ?? NO_PAYMENT);
    if (payment === null || !isServed(payment, by, clock.now())) return { refused: 'unknown' };
    await admitted?.wasRight();
    return payment;
  }

  /** The session of a box and a payment, made if need be. */
  async function joined(by: SignedBy, { device, account, language }: TvOpening, payment: Payment) {
    const { operator, mode } = by;
    const deviceKey = by.deviceKey?.id ?? null;
    const { generation = 0 } = operator;
    const of = { operator: operator.id, mode, device: device.id, payment: payment.id };
    const id = ports.sessionIdOf({ ...of, deviceKey, generation });
    const spoken = languageIn(language);
    for (let race = 0; race < RACES_MAX; race++) {
      const now = clock.now();
      const there = await store.tvSessions.load(id);
      if (there !== null && there.account === account && there.language === spoken) {
        return { id, isNew: false, isUntold: isUntold(there, now) };
      }
      const session: TvSession = {
        ...{ id, schema: 1, operator: operator.id, mode, device, payment: payment.id },
        ...{ account, language: spoken, place: START, createdAt: there?.createdAt ?? now, updatedAt: now },
        revision: (there?.revision ?? 0) + 1,
        step: (there?.step ?? -1) + 1,
        ...{ deviceKey, generation, toldAt: there?.toldAt ?? null },
        endsAt: Math.max(payment.expiresAt, now) + KEPT_MS,
      };
      if (!(await store.tvSessions.commit(session))) continue;
      if (there !== null) {
        changed(id);
        await paying.forgetDigits(there.place);
      }
      return { id, isNew: there === null, isUntold: there === null || isUntold(there, now) };
    }
    throw new Problem(503, 'busy', 'This box is being opened too often at once: try again.', { retryAfterSeconds: 1 });
  }

  /** Whoever switches boxes on and off all day long does not fill the merchant's feed. */
  async function tellPaired(payment: Payment, session: string): Promise<void> {
    const now = clock.now();
    if (!isWaitedFor(payment, now)) return;
    const { count } = await store.guards.raise(`tv-paired:${payment.id}`, DAY_MS, now);
    if (count <= PAIRINGS_MAX) await engine.met(payment.id, 'device_paired');
    await markTold(session);
  }

  /** Afterwards: told twice does less harm than never. */
  async function markTold(id: string): Promise<void> {
    for (let race = 0; race < RACES_MAX; race++) {
      const session = await store.tvSessions.load(id);
      if (session === null || session.toldAt != null) return;
      if (await store.tvSessions.commit({ ...session, toldAt: clock.now(), revision: session.revision + 1 })) return;
    }
  }

  /** To another screen, where an entry begins anew. */
  async function goTo(session: TvSession, place: TvPlace): Promise<void> {
    if (await move(session, place)) await paying.forgetDigits(session.place);
  }

  async function carryOut(seen: Seen, doing: TvMove): Promise<void> {
    const { session } = seen.scene;
    switch (doing.act) {
      case 'go':
        return goTo(session, placeAt(doing.to));
      case 'focus':
        return goTo(session, { ...session.place, ...NOTHING_KEYED, focus: doing.focus });
      case 'digit':
        return paying.takeDigit(seen, doing.digit, doing.seq);
      case 'erase':
        return paying.eraseDigit(seen, doing.seq);
      case 'skip':
        return paying.skipKey(seen, doing.seq);
      case 'code':
        return paying.takeCode(seen, doing.code);
      case 'pay':
        return paying.pay(seen, doing.instrument);
      case 'cancel':
        await cancel(seen.scene.payment.id);
        return goTo(session, START);
    }
  }

  async function cancel(payment: string): Promise<void> {
    try {
      await engine.cancel(payment, {
        by: 'payer',
        channel: 'tv',
        request: null,
        deadline: clock.now() + CANCEL_WAIT_MS,
      });
    } catch (error) {
      // Too late, or just being paid: the screen shows what is.
      if (!(error instanceof Problem && error.status === 409)) throw error;
    }
  }

  return {
    async open(by, opening) {
      if (!mayName(by, opening.device.id, opening.account)) return { refused: 'not_bound' };
      const payment = await named(by, opening);
      if ('refused' in payment) return payment;
      const { id, isNew, isUntold } = await joined(by, opening, payment);
      if (isUntold) await tellPaired(payment, id);
      const seen = await see(signing.televisions.sessionToken(id));
      return seen === null ? { refused: 'unknown' } : { ...seen.shown, isNew };
    },

    look: (token, wait) => lookUntil(ports, waiting, () => glances.look(token), wait),

    async press(token, press) {
      const seen = await see(token);
      if (seen === null || seen.shown.screen.version !== press.version) return seen?.shown ?? null;
      const doing = moveOf(seen.view, seen.scene.session.place, press);
      if (doing === null) return seen.shown;
      await carryOut(seen, doing);
      return (await see(token))?.shown ?? null;
    },
  };
}

function isUntold({ toldAt, createdAt }: TvSession, now: number): boolean {
  return toldAt == null && Math.abs(now - createdAt) > TELLING_MS;
}

/** Where a box's guesses are counted: its operator and itself always, its network where it speaks for itself. */
function callersOf({ operator, mode, deviceKey }: SignedBy, { device, address }: TvOpening) {
  const own = JSON.stringify([operator.id, mode, device.id]);
  return { operator: operator.id, device: own, address: deviceKey === null ? null : address };
}

/** An entry has the focus itself. */
function placeAt(screen: TvPlace['screen']): TvPlace {
  return { ...START, screen, focus: screen === 'purchase_code' ? -1 : 0 };
}

/** Looks until the screen is another, the time is over, or nobody waits any more. Nothing big is kept for who waits. */
async function lookUntil(
  { engine, clock }: Pick<TvPorts, 'engine' | 'clock'>,
  waiting: TvWaiting,
  look: () => Promise<Glance | null>,
  { version, ms, over }: TvWait,
): Promise<Shown | null> {
  let now = await look();
  if (now === null || ms === 0) return now?.shown ?? null;
  if (!waiting.hasRoom(now.session)) return { ...now.shown, pollInterval: FULL_POLL_SECONDS };
  const deadline = clock.now() + ms;
  const known = version ?? now.shown.screen.version;
  const isSame = (): boolean => now?.shown.screen.version === known;
  while (now !== null && isSame() && !over.aborted && clock.now() < deadline) {
    // Listens before it looks, so that nothing is missed in between.
    const change = waiting.next(engine, now, deadline, over);
    now = await look();
    if (isSame()) await change.come;
    change.stop();
    if (isSame()) now = await look();
  }
  return now?.shown ?? null;
}
