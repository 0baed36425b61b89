import type { Acquirer, InquiryOutcome, Route } from '../contracts/acquirer.js';
import type { AuthenticationAnswer, Authenticator } from '../contracts/authentication.js';
import type { Clock } from '../contracts/clock.js';
import type { CardStorage, Delivered, Engine, NewPayment, Presenter } from '../contracts/engine.js';
import { DuplicateKey, Impossible, Problem, StoreFailure } from '../contracts/errors.js';
import type { Flow } from '../contracts/flow.js';
import type { Ids } from '../contracts/ids.js';
import type { Handover } from '../contracts/jobs.js';
import type { Live } from '../contracts/live.js';
import type { Log } from '../contracts/log.js';
import type { OperationType, Payment, Refund } from '../contracts/payment.js';
import type { Reach } from '../contracts/reach.js';
import type { Reaching } from '../contracts/reaching.js';
import type { FeedEvent, Store } from '../contracts/store.js';
import type { Vault } from '../contracts/vault.js';
import { emptyPayment } from './commands.js';
import { createCommitting } from './committing.js';
import { decide } from './decide.js';
import { findOperation } from './draft.js';
import type { Decision } from './finish.js';
import { createHandingOver, waitsForAnother } from './handing_over.js';
import type { Incoming } from './incoming.js';
import { type Lacking, lackFor } from './left_alone.js';
import { createPerformer } from './perform.js';
import { createSweep } from './sweep.js';
import { createWatchers } from './watchers.js';
import { flowsOf, LIMITS, type Limits, type World } from './world.js';

export interface EnginePorts {
  readonly store: Store;
  readonly vault: Pick<Vault, 'openCard' | 'dropSecurityCode' | 'holdsAlone' | 'isHeldElsewhere'>;
  readonly acquirers: readonly Acquirer[];
  readonly authenticator: Authenticator;
  /** Where cards go that their payers want kept. */
  readonly cards: CardStorage;
  /** Flows that new attempts begin with: of each instrument the newest. */
  /** How payers are texted and called; without it no way but e-mail leads to them. */
  readonly reaching?: Reaching | null;
  readonly flows: readonly Flow[];
  /** Flows that only carry on what was begun with them elsewhere. */
  readonly carriedOn?: readonly Flow[];
  readonly route: Route;
  readonly presenter: Presenter;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly limits?: Partial<Limits>;
  /** Where workers are told of what waits for them; without it this process sends what it has decided. */
  readonly handover?: Handover | null;
  /** True where security codes lie in the store, sealed to workers. */
  readonly sealsCodes?: boolean;
  /** Word of other processes; without it they are found by reading. */
  readonly live?: Live | null;
  /** Where the directory server sends the result message of a payment's authentication. */
  resultUrl(payment: string): string;
  /** Where the issuer sends the browser back from the device check and the challenge of an authentication. */
  returnUrl(payment: Payment, authentication: string): string;
  /** A payment code that nobody else has, already claimed for this payment. */
  drawCode(payment: string): Promise<string>;
  /** True for the one process that takes up what a sweep found, where several sweep. */
  takesUp?(payment: string): Promise<boolean>;
  /** Told after each sweep how many due payments were left to processes of another release, by what they need. */
  leftAlone?(lacking: Lacking): void;
  /** Called after each commit with the payment as it is now and what was told: re-arms the sweeper, wakes the notifier, counts. */
  committed(payment: Payment, told: readonly FeedEvent[]): void;
  /** Called with each answer to a call that moves money, for what counts and measures. */
  answered?(call: { acquirer: string; type: OperationType; outcome: InquiryOutcome['outcome'] }): void;
}

/** Lost races before a command gives up: each means that somebody else made progress. */
const RACES_MAX = 50;

export function createEngine(ports: EnginePorts): Engine {
  const { store, clock, ids, log } = ports;
  const limits: Limits = { ...LIMITS, ...ports.limits };
  const acquirers = new Map(ports.acquirers.map((acquirer) => [acquirer.name, acquirer]));
  const flows = flowsOf(ports.flows, ports.carriedOn);
  const lackOf = (payment: Payment): string | null => lackFor(payment, { flows, acquirers });
  const performer = createPerformer({ ...ports, acquirers, leaseMarginMs: limits.leaseMarginMs });
  const { handover = null } = ports;
  const commit = createCommitting(ports);
  const watchers = createWatchers(store, clock, ports.live ?? null);
  const underWay = new Set<Promise<unknown>>();

  const { route, presenter, sealsCodes = false } = ports;
  const fixed = { ids, flows, acquirers, route, presenter, limits, sends: handover === null, sealsCodes };
  const worldWith = (code: string | null, referenceTaken: boolean): World => {
    return { ...fixed, now: clock.now(), code, referenceTaken };
  };

  /** The only way a payment changes. A lost race is decided again on the newer truth. */
  async function deliver(known: Payment, incoming: Incoming): Promise<Changed> {
    let payment = known;
    let code: string | null = null;
    let isReferenceTaken = false;
    for (let race = 0; race < RACES_MAX; race++) {
      const decision = decide(payment, incoming, worldWith(code, isReferenceTaken));
      if (decision === null) return { payment, applied: false, handedOver: false, finished: Promise.resolve(payment) };
      if (decision.needsCode) {
        code = await ports.drawCode(payment.id);
        continue;
      }
      const committed = await commit(decision).catch((error: unknown) => {
        const takesBack =
          payment.openReference === null && decision.payment.openReference !== null && payment.revision > 0;
        if (!(error instanceof DuplicateKey && error.index === 'reference' && takesBack)) throw error;
        isReferenceTaken = true;
        return false;
      });
      if (committed) {
        const { payment: made, handsOver } = decision;
        return { payment: made, applied: true, handedOver: handsOver, finished: follow(decision) };
      }
      if (incoming.type === 'create') throw new DuplicateKey('id');
      payment = await mustLoad(payment.id);
      if (incoming.type === 'resolve' && isReferenceTaken) {
        throw new Problem(
          409,
          'reference_in_use',
          'Another payment has taken the reference meanwhile: the money can only be returned.',
        );
      }
    }
    throw new Problem(503, 'busy', 'This payment is changing too fast: try again.', { retryAfterSeconds: 1 });
  }

  /** After the commit, and never before: tell, and make the calls. Resolves with the newest payment when all they led to is done. */
  function follow({ payment, calls, commit, spent, handsOver }: Decision): Promise<Payment> {
    ports.committed(payment, commit.feed?.events ?? []);
    watchers.tell(payment);
    for (const token of spent) ports.vault.dropSecurityCode(token);
    if (calls.length === 0 && !handsOver) return Promise.resolve(payment);
    const begun = calls.map((call) => performCall(payment, call));
    if (handsOver) begun.push(handOver(payment));
    const finished = Promise.all(begun).then(newest);
    underWay.add(finished);
    return finished.finally(() => underWay.delete(finished));
  }

  async function performCall(payment: Payment, call: Decision['calls'][number]): Promise<Payment> {
    try {
      const answer = await performer.perform(payment, call);
      if (answer.type === 'outcome') tellAnswer(ports, payment, answer);
      const { finished } = await deliver(payment, answer);
      return await finished;
    } catch (error) {
      // The lease of the call ends by itself: the sweeper climbs the ladder from there.
      await troubled(payment.id, error);
      return payment;
    }
  }

  /** Sends what waits of a payment, if nobody else has taken it up. */
  async function claim(id: string): Promise<Payment | null> {
    const payment = await store.payments.load(id);
    if (payment === null || (await waitsForAnother(payment, ports.vault, clock.now()))) return payment;
    const changed = await deliver(payment, { type: 'claim' });
    return changed.finished;
  }

  /** A bug touches one payment: it is set aside for a person, and shows. What the store refused is tried again by the sweeper. */
  async function troubled(id: string, error: unknown): Promise<void> {
    log.error('a payment could not go on', { payment: id, error });
    if (error instanceof StoreFailure || error instanceof Problem) return;
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    await setAside(id, detail).catch((failure: unknown) =>
      log.error('not quarantined', { payment: id, error: failure }),
    );
  }

  async function setAside(id: string, detail: string): Promise<void> {
    const payment = await mustLoad(id);
    if (payment.review?.reason === 'quarantine') return;
    await deliver(payment, { type: 'quarantine', detail });
  }

  async function mustLoad(id: string): Promise<Payment> {
    const payment = await store.payments.load(id);
    if (payment === null) throw new Impossible(`payment ${id} is not in the store`);
    return payment;
  }

  /** Runs a command and waits for what it leads to, at most until `deadline`; then the payment as it stands. */
  async function command(id: string, incoming: Incoming, deadline: number): Promise<Payment> {
    return settled(await deliver(await mustLoad(id), incoming), deadline);
  }

  async function settled({ payment, finished, handedOver }: Changed, deadline: number): Promise<Payment> {
    let stop = (): void => undefined;
    const late = new Promise<null>((resolve) => {
      stop = clock.at(deadline, () => resolve(null));
    });
    const done = await Promise.race([finished, late]);
    stop();
    if (handedOver) return (await watchers.quiet(payment.id, deadline)) ?? payment;
    return done ?? (await store.payments.load(payment.id)) ?? payment;
  }

  async function reply(id: string, incoming: Incoming): Promise<Delivered> {
    const { payment, applied } = await deliver(await mustLoad(id), incoming);
    return { payment, applied };
  }

  /** Something that came by itself, perhaps about no payment of ours. */
  async function heard(id: string, incoming: Incoming): Promise<boolean> {
    const payment = await store.payments.load(id);
    return payment !== null && (await deliver(payment, incoming)).applied;
  }

  const handOver = createHandingOver({ handover, vault: ports.vault, claim, troubled });
  const { strikesMax } = limits;
  const sweep = createSweep({ ...ports, strikesMax, mustLoad, lackOf, deliver, setAside, troubled });

  return {
    async create(wanted: NewPayment) {
      const changed = await deliver(emptyPayment(wanted, worldWith(null, false)), { type: 'create', wanted });
      return wanted.payWith === null ? changed.payment : settled(changed, wanted.deadline);
    },
    load: (id) => store.payments.load(id),
    goesOnHere: (payment) => lackOf(payment) === null,
    reply: (id, given) => reply(id, { type: 'reply', reply: given }),
    cancel: (id, given) => command(id, { type: 'cancel', command: given }, given.deadline),
    capture: (id, given) => command(id, { type: 'capture', command: given }, given.deadline),
    async refund(id, given) {
      const changed = await deliver(await mustLoad(id), { type: 'refund', command: given });
      const made = changed.payment.refunds.at(-1)?.id;
      return withRefund(await settled(changed, given.deadline), made);
    },
    reach: async (id, given) => withNewestReach(await reply(id, { type: 'reach', command: given })),
    resolve: (id, given) => command(id, { type: 'resolve', command: given }, given.deadline),
    extend: async (id) => (await reply(id, { type: 'extend' })).applied,
    revokeLinks: async (id) => (await reply(id, { type: 'revoke_links' })).payment,
    ...hearing(heard),
    claim: (id) => claim(id).then(() => undefined),
    sweep,
    watch: watchers.watch,
    listen: watchers.listen,
    onChange: watchers.onChange,
    async idle() {
      while (underWay.size > 0) await Promise.allSettled([...underWay]);
    },
  };
}

/** What comes by itself: results, notifications, and what is told of texts, calls and televisions. */
function hearing(
  heard: (id: string, incoming: Incoming) => Promise<boolean>,
): Pick<Engine, 'authenticated' | 'notified' | 'reached' | 'consented' | 'texted' | 'called' | 'met'> {
  return {
    called: (id, reach) => heard(id, { type: 'called', reach }).then(() => undefined),
    met: (id, how) => heard(id, { type: 'met', how }).then(() => undefined),
    authenticated: (authentication, id, answer) => heard(id, resultMessage(authentication, answer)),
    notified: (id, operation) => heard(id, { type: 'notified', operation }),
    reached: (id, of, report) => heard(id, { type: 'reached', of, report }),
    consented: (id, given) => heard(id, { type: 'consented', given }),
    texted: (id, what) => heard(id, { type: 'texted', what }),
  };
}

/** An RReq: it answers no call of ours. */
function resultMessage(authentication: string, answer: AuthenticationAnswer): Incoming {
  return { type: 'authenticated', authentication, call: null, answer };
}

function withRefund(payment: Payment, id: string | undefined): { payment: Payment; refund: Refund } {
  const refund = payment.refunds.find((candidate) => candidate.id === id);
  if (refund === undefined) throw new Impossible(`the refund of ${payment.id} is not in it`);
  return { payment, refund };
}

function withNewestReach({ payment }: Delivered): { payment: Payment; reach: Reach } {
  const reach = payment.reaches.at(-1);
  if (reach === undefined) throw new Impossible(`the reach of ${payment.id} is not in it`);
  return { payment, reach };
}

function tellAnswer(
  { answered }: EnginePorts,
  payment: Payment,
  { operation: id, outcome: { outcome } }: Extract<Incoming, { type: 'outcome' }>,
): void {
  const found = findOperation(payment, id);
  if (found !== undefined) answered?.({ acquirer: found.attempt.acquirer, type: found.operation.type, outcome });
}

interface Changed {
  readonly payment: Payment;
  readonly applied: boolean;
  /** True when it goes on in a worker. */
  readonly handedOver: boolean;
  /** Resolves with the newest payment when everything this change led to is done. */
  readonly finished: Promise<Payment>;
}

function newest(payments: readonly Payment[]): Payment {
  return payments.reduce((best, payment) => (payment.revision > best.revision ? payment : best));
}
