import { createSay } from '../../channels/catalogue/index.js';
import type { Config } from '../config.js';
import type { Clock } from '../contracts/clock.js';
import type { Engine } from '../contracts/engine.js';
import { Impossible } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { Jobs } from '../contracts/jobs.js';
import type { Log } from '../contracts/log.js';
import type { Payment } from '../contracts/payment.js';
import type { FeedEvent, Store } from '../contracts/store.js';
import { createEngine } from '../engine/index.js';
import { totalsOf } from '../engine/ledger.js';
import { createLocalJobs } from '../jobs/local.js';
import type { Metrics } from '../metrics.js';
import { createMails } from '../notify/mails/index.js';
import { createWebhooks } from '../notify/webhooks.js';
import { createCardStorage } from '../payers/card_storage.js';
import { drawPaymentCode } from '../payment_codes.js';
import { createPresenter } from '../presentation/payment.js';
import type { Bank } from './bank.js';
import type { Crew } from './crew.js';
import { chooseFlows } from './flows.js';
import type { Foundation } from './foundation.js';
import { type Line, telephoneOf } from './line.js';
import { createLinks, type Links } from './links.js';
import type { Parts } from './parts.js';
import type { Post } from './post.js';
import { openConsents, openTexting } from './texting.js';

const CODE_DRAWS_MAX = 20;
const DELIVERIES_AT_ONCE = 32;
const MAILS_AT_ONCE = 8;
/** In a cluster, what many payments tell within a moment is looked for once: each look asks the database ten things. */
const GATHER_MS = 200;
const HOUSEKEEPING_EVERY_MS = 60_000;
const REWRAP_AT_ONCE = 200;
/** How long a payment that one sweeper has taken up is left alone by the others. */
const TAKEN_UP_MS = 1_000;

export type Heart = ReturnType<typeof startHeart>;

/** The engine, what wakes it, and what tells merchants. */
export function startHeart(
  config: Config,
  parts: Parts,
  foundation: Foundation,
  bank: Bank,
  post: Post,
  crew: Crew,
  line: Line | null,
) {
  const { clock, ids, log, metrics } = parts;
  const { publicUrl } = config;
  const { store, signing, vault, openPayers, demo } = foundation;
  const links = createLinks(publicUrl, signing);
  const presenter = createPresenter({ publicUrl, payLink: links.pay, telephone: telephoneOf(config), clock });
  const webhooks = createWebhooks({
    store,
    vault,
    clock,
    ids,
    log,
    metrics,
    allowLoopback: (merchant) => merchant === demo?.id,
    concurrency: DELIVERIES_AT_ONCE,
  });
  const mails = openMails(config, parts, foundation, post, links, (at) => postman.wake(at));
  const desk = parts.mails ?? mails.desk;
  const payers = openPayers((...change) => desk.accountChanged(...change));
  const consents = openConsents(parts, foundation);
  const due = (at: number): void => texter?.wake(at);
  const around = { links, payers, consents, due, engine: (): Engine => engine };
  const texting = line === null ? null : openTexting(config, parts, foundation, line, around);
  const texter =
    texting === null ? null : crew.jobs('notification', { name: 'texts', run: () => texting.texts.sweep() });
  const postman = crew.jobs('notification', { name: 'mails', run: () => mails.sweep() });
  const notifier = crew.jobs('notification', { name: 'webhooks', run: () => webhooks.sweep() });
  const sweeper = crew.jobs('timers', { name: 'sweep', run: () => engine.sweep() });
  const tell = (told: readonly FeedEvent[]): void => {
    if (config.cluster === null) webhooks.wake();
    else notifier.wake(clock.now() + GATHER_MS);
    mails.told(told);
  };
  const engine = createEngine({
    store,
    vault,
    acquirers: [bank.acquirer],
    authenticator: bank.authenticator,
    cards: createCardStorage(payers),
    ...chooseFlows(config),
    reaching: texting?.reaching ?? null,
    route: bank.route,
    presenter,
    clock,
    ids,
    log,
    limits: config.limits,
    resultUrl: links.results,
    returnUrl: links.challengeReturn,
    handover: crew.handover,
    live: crew.live,
    sealsCodes: config.cluster !== null,
    ...(config.cluster === null ? {} : { takesUp: (payment) => takesUp(store, clock, payment) }),
    drawCode: (payment) => drawCode(store, ids, clock, payment),
    committed(payment, told) {
      if (payment.dueAt !== null) sweeper.wake(payment.dueAt);
      if (told.length > 0) tell(told);
      count(metrics, payment, told);
    },
    answered: metrics.operationAnswered,
    leftAlone: tellLeftAlone(metrics, log),
  });
  const duties = [sweeper, notifier, postman, ...(texter === null ? [] : [texter])];
  return { engine, presenter, webhooks, mails, desk, payers, links, consents, texting, duties };
}

/** Writes to payers and merchants, through whatever mail server there is. */
function openMails(
  { operator }: Config,
  { clock, ids, log, metrics }: Parts,
  { store, signing }: Foundation,
  { server, from }: Post,
  links: Links,
  due: (at: number) => void,
) {
  return createMails({
    ...{ store, clock, ids, log, metrics, server, from, due },
    payLink: links.pay,
    accountLink: links.account,
    say: createSay('mail'),
    operator: operator.name,
    sums: totalsOf,
    pseudonym: signing.pseudonymOf,
    concurrency: MAILS_AT_ONCE,
  });
}

/** True for the one process that has a payment in hand for the next moment: what several tried at once was tried once. */
function takesUp({ guards }: Store, clock: Clock, payment: string): Promise<boolean> {
  const now = clock.now();
  return guards.useOnce(`sweep:${payment}`, now + TAKEN_UP_MS, now);
}

async function drawCode(store: Store, ids: Ids, clock: Clock, payment: string): Promise<string> {
  for (let draw = 0; draw < CODE_DRAWS_MAX; draw++) {
    const code = drawPaymentCode(ids);
    if (await store.codes.claim(code, payment, clock.now())) return code;
  }
  throw new Impossible(`${CODE_DRAWS_MAX} payment codes in a row were taken`);
}

/** One line when payments of another release wait here for a process that knows them, and one when they do no more. */
function tellLeftAlone(metrics: Metrics, log: Log): (lacking: ReadonlyMap<string, number>) => void {
  let told = '';
  return (lacking) => {
    metrics.leftAlone(lacking);
    const needed = [...lacking.keys()].sort().join(', ');
    if (needed === told) return;
    told = needed;
    if (needed === '') log.info('no payment waits here for another release any more');
    else log.warn('payments wait for a process that knows what they need', { needed });
  };
}

function count(metrics: Metrics, { status, channel, mode, review }: Payment, told: readonly FeedEvent[]): void {
  if (!told.some(({ type }) => type.startsWith('payment.'))) return;
  metrics.paymentChanged({ status, channel, mode });
  if (review?.reason === 'quarantine') metrics.quarantined();
}

/** What dies, expires, was left undone and is rewrapped in the background. */
export function createHousekeeper(
  { clock, log }: Pick<Parts, 'clock' | 'log'>,
  { store, vault }: Pick<Foundation, 'store' | 'vault'>,
  { payers }: Pick<Heart, 'payers'>,
): Jobs {
  return createLocalJobs(clock, log, {
    name: 'housekeeping',
    async run() {
      const now = clock.now();
      await Promise.all([
        vault.sweep(now),
        store.guards.sweep(now),
        store.workers.sweep(now),
        store.tvSessions.sweep(now),
        store.codes.sweep(now),
        payers.sweep(),
        vault.rewrap(REWRAP_AT_ONCE),
      ]);
      return now + HOUSEKEEPING_EVERY_MS;
    },
  });
}
