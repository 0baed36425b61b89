import type { Clock } from '../contracts/clock.js';
import type { Engine } from '../contracts/engine.js';
import { callableAt, textableAt, whyNever } from '../contracts/numbers.js';
import type { Payment } from '../contracts/payment.js';
import type { Reach, ReachBegun, ReachChannel, ReachReport } from '../contracts/reach.js';
import { addressCounter, REACH_WINDOW_MS, REACHES_PER_ADDRESS_MAX } from '../contracts/reach_limits.js';
import type { Reaching } from '../contracts/reaching.js';
import type { Guards } from '../contracts/store.js';
import type { Telephone } from '../contracts/telephone.js';

/** Where the provider asks what a call is to say, and tells what becomes of it. */
export type CallAddressesOf = (payment: Payment, reach: Reach) => { readonly url: string; readonly statusUrl: string };

export interface ReachingPorts {
  readonly telephone: Telephone;
  readonly store: { readonly guards: Pick<Guards, 'raise'> };
  readonly clock: Clock;
  /** Plans the text of a reach. */
  offer(payment: Payment, reach: Reach): Promise<ReachBegun>;
  /** Null where nobody answers calls. */
  readonly callAddresses: CallAddressesOf | null;
  /** A keyed hash that stands for a number in counters. */
  pseudonym(text: string): string;
}

const CALL_WITHIN_MS = 10_000;
/** What is left of the lease under which the engine has it begun, for clocks of ours that differ. */
const LEASE_MARGIN_MS = 5_000;
/** Clocks of ours and theirs differ, and theirs shows seconds. */
const SLACK_MS = 60_000;
const RINGS_SECONDS = 30;
const LASTS_SECONDS = 900;
/** A call of which nobody has told anything by then came to nothing. */
const REPORT_WITHIN_MS = (RINGS_SECONDS + LASTS_SECONDS) * 1_000 + 60_000;

/** Texts and calls to payers. The first way was counted when it was asked for; those after it are counted here. */
export function createReaching(ports: ReachingPorts): Reaching {
  const { clock, telephone, callAddresses } = ports;
  const channels: readonly ReachChannel[] = callAddresses === null ? ['email', 'sms'] : ['email', 'sms', 'ivr'];

  async function isWithinLimit({ mode }: Payment, to: string): Promise<boolean> {
    const key = addressCounter(mode, ports.pseudonym(to.toLowerCase()));
    return (await ports.store.guards.raise(key, REACH_WINDOW_MS, clock.now())).count <= REACHES_PER_ADDRESS_MAX;
  }

  /**
   * Whether a try before this one has placed the call: its process may have ended before it could say so. The provider knows
   * no wish, so any call of ours to this number since then is taken for it: rather a call too few than one too many.
   * @throws Error when the provider does not say: then nobody is called, and it is asked again
   */
  async function wasPlaced({ tries = 1, firstTriedAt, createdAt }: Reach, to: string): Promise<boolean> {
    if (tries <= 1) return false;
    return (await telephone.callsTo(to, (firstTriedAt ?? createdAt) - SLACK_MS)).length > 0;
  }

  async function call(payment: Payment, reach: Reach, to: string): Promise<ReachBegun> {
    if (callAddresses === null) return { begun: 'impossible', why: 'not_available' };
    const never = whyNever('ivr', to);
    if (never !== null) return { begun: 'impossible', why: never };
    const now = clock.now();
    const at = callableAt(to, now);
    if (at === null) return { begun: 'impossible', why: 'hours_unknown' };
    if (at > now) return { begun: 'later', at };
    if (await wasPlaced(reach, to)) return { begun: 'placed', reportBy: clock.now() + REPORT_WITHIN_MS };
    const deadline = clock.now() + CALL_WITHIN_MS;
    // A process that was frozen, whenever that was, must not call beside the one that took over.
    if (deadline + LEASE_MARGIN_MS > (reach.dueAt ?? 0)) throw new Error('too late to call under this lease');
    const placed = await telephone.placeCall({
      to,
      ...callAddresses(payment, reach),
      ringSeconds: RINGS_SECONDS,
      lastsSeconds: LASTS_SECONDS,
      deadline,
    });
    switch (placed.outcome) {
      case 'taken':
      // It may be ringing: nobody is called twice because an answer was lost.
      case 'unknown':
        return { begun: 'placed', reportBy: clock.now() + REPORT_WITHIN_MS };
      case 'refused':
        return { begun: 'impossible', why: placed.why };
      case 'not_sent':
        // The engine asks again after a pause, a few times.
        throw new Error(`no call was placed: ${placed.reason}`);
    }
  }

  async function text(payment: Payment, reach: Reach, to: string): Promise<ReachBegun> {
    const now = clock.now();
    const at = payment.mode === 'test' ? now : textableAt(to, now);
    return at > now ? { begun: 'later', at } : ports.offer(payment, reach);
  }

  return {
    channels,
    async begin(payment, reach) {
      const { channel, to, step = 0, tries = 1 } = reach;
      if (to === null) return { begun: 'impossible', why: 'erased' };
      const isCounted = step > 0 && tries === 1;
      if (isCounted && !(await isWithinLimit(payment, to))) return { begun: 'impossible', why: 'too_many' };
      return channel === 'sms' ? text(payment, reach, to) : call(payment, reach, to);
    },
  };
}

/**
 * What becomes of a call, as the telephone channel tells it. A machine has heard no more than a name and a number. Who hangs
 * up before anything was said has heard nothing: a call that only ended reached nobody, and changes nothing where one did.
 */
const CALL_REPORTS = {
  answered: { status: 'delivered' },
  completed: { status: 'failed', why: 'not_heard' },
  answered_by_machine: { status: 'failed', why: 'machine' },
  busy: { status: 'failed', why: 'busy' },
  no_answer: { status: 'failed', why: 'no_answer' },
  failed: { status: 'failed', why: 'unreachable' },
  canceled: { status: 'failed', why: 'canceled' },
} as const satisfies Record<string, ReachReport>;

/** Tells a reach what becomes of its call, as long as a call is its way. Told twice it is the same. */
export function createCallReports(engine: Pick<Engine, 'load' | 'reached'>) {
  return {
    async reachReported(payment: string, reach: string, report: keyof typeof CALL_REPORTS): Promise<void> {
      const known = (await engine.load(payment))?.reaches.find(({ id }) => id === reach);
      if (known?.channel !== 'ivr') return;
      await engine.reached(payment, { reach, step: known.step ?? 0 }, CALL_REPORTS[report]);
    },
  };
}
