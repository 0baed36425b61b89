import type { Clock } from '../../contracts/clock.js';
import type { Ids } from '../../contracts/ids.js';
import type { Log } from '../../contracts/log.js';
import type { Mail, MailDesk } from '../../contracts/mail.js';
import type { FeedEvent, Store } from '../../contracts/store.js';
import { coalesced } from '../coalesced.js';
import { createCarrier, type SmtpServer } from './carrier.js';
import { createDesk } from './desk.js';
import { mayCauseMail } from './outcomes.js';
import { planPass } from './planning.js';
import { createRest } from './rest.js';
import { type Claimed, createSender, type MailMetrics } from './sender.js';
import { createWriter, type WriterPorts } from './writer.js';

/** Connections for one-time codes, beside those of all other mail. */
const CONNECTIONS_FOR_CODES = 2;
/** What is still under way when the house closes has this long to end; then it is left to whoever opens next. */
const CLOSING_MS = 5_000;
/** While something waits for a place or for another process, the sweeper need not come oftener than this. */
const PATIENCE_MS = 1_000;
/** Events that follow each other closely are planned together: one write for many payments. */
const GATHER_MS = 200;

export interface MailPorts extends WriterPorts {
  readonly store: Pick<Store, 'mails' | 'feed' | 'payments' | 'merchants' | 'operators' | 'payers' | 'guards'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics?: MailMetrics | undefined;
  /** Null: mails are planned and dropped, so that none is sent days later when there is a server. */
  readonly server: SmtpServer | null;
  /** The address that mail comes from. */
  readonly from: string;
  /** A keyed hash, so that an address can be recognised where it is not kept. */
  pseudonym(text: string): string;
  /** How many mails may be on their way at once in this process. */
  readonly concurrency: number;
  /** Something is due at `at`: `sweep` should be called then. */
  due(at: number): void;
}

export interface Mails {
  readonly desk: MailDesk;
  /** Whether the mail server answered last; null while nobody knows, or there is none. */
  isAnswering(): boolean | null;
  /** These events have entered the feed: has them planned soon, if any of them can cause a mail. */
  told(events: readonly FeedEvent[]): void;
  /**
   * Plans what entered the feed and begins to send what is due, without waiting for the mail server. Answers when to call
   * again, milliseconds since the epoch; null when nothing is due, ever. @throws StoreFailure
   */
  sweep(): Promise<number | null>;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
  /** Begins nothing new; resolves when what was begun has ended. */
  close(): Promise<void>;
}

/**
 * Writes to payers and merchants what became of payments: events of the feed become mails, and mails are written and sent
 * when they are due, until the mail server takes them or three days are over. Payments neither wait for it nor know of it.
 */
export function createMails(ports: MailPorts): Mails {
  const { store, clock, log, server, concurrency } = ports;
  const from = { address: ports.from, name: ports.operator };
  const open = (connections: number) => (server === null ? null : createCarrier({ server, from, clock, connections }));
  const [carrier, codeCarrier] = [open(concurrency), open(CONNECTIONS_FOR_CODES)];
  const writer = createWriter(ports);
  const sender = createSender({ ...ports, carrier, write: writer.write });
  const rest = createRest();
  const underWay = new Set<Promise<void>>();
  let busy = 0;
  let closing = false;

  const free = (): number => (clock.now() < rest.until() ? 0 : rest.width(concurrency) - busy);

  const plan = coalesced(async () => {
    while (!closing && (await planPass(ports)));
  });

  /** Fills the free places with what is due. */
  const start = coalesced(async () => {
    while (!closing && free() > 0) {
      const due = await store.mails.due(clock.now(), free());
      if (due.length === 0) return;
      const claims = await Promise.allSettled(due.map((mail) => claimAndSend(mail)));
      const failure = claims.find((result) => result.status === 'rejected');
      if (failure) throw failure.reason;
    }
  });

  const round = coalesced(async () => {
    await plan();
    await start();
  });

  async function claimAndSend(mail: Mail): Promise<void> {
    busy += 1;
    let claimed: Claimed | null = null;
    try {
      claimed = await sender.claim(mail);
    } finally {
      if (claimed === null) busy -= 1;
    }
    if (claimed !== null) background(sendAndGoOn(claimed));
  }

  async function sendAndGoOn(claimed: Claimed): Promise<void> {
    try {
      const outcome = await sender.send(claimed);
      if (outcome === 'no_server') rest.failed(clock.now());
      else rest.answered();
    } finally {
      busy -= 1;
    }
    await start();
  }

  /** Keeps what nobody awaits in sight of `idle`; what fails there is told, and repeated after its lease. */
  function background(work: Promise<void>): void {
    const kept = work
      .catch((error: unknown) => log.error('mails interrupted', { error }))
      .finally(() => underWay.delete(kept));
    underWay.add(kept);
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return {
    desk: createDesk({ ...ports, writer, carrier: codeCarrier, planned: () => ports.due(clock.now()) }),
    isAnswering: rest.isAnswering,
    told(events) {
      if (events.some(({ type }) => mayCauseMail(type))) ports.due(clock.now() + GATHER_MS);
    },
    async sweep() {
      await round();
      if (closing) return null;
      const soon = clock.now() + PATIENCE_MS;
      if ((await store.mails.behind(1)).length > 0) return soon;
      const next = await store.mails.nextDue();
      if (next === null) return null;
      return next > clock.now() ? Math.max(next, rest.until()) : Math.max(soon, rest.until());
    },
    idle,
    async close() {
      closing = true;
      const disarm = clock.at(clock.now() + CLOSING_MS, () => carrier?.close());
      await round().catch(() => undefined);
      await idle();
      disarm();
      carrier?.close();
      codeCarrier?.close();
    },
  };
}
