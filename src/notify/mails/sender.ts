import type { Clock } from '../../contracts/clock.js';
import type { Ids } from '../../contracts/ids.js';
import type { Log } from '../../contracts/log.js';
import { MAIL_KINDS, type Mail, type MailKind } from '../../contracts/mail.js';
import type { Store } from '../../contracts/store.js';
import { pauseAfter } from '../schedule.js';
import { isWithinCap } from './caps.js';
import type { Carrier, Posted } from './carrier.js';
import type { Message } from './message.js';
import { type Finding, type OccasionPorts, occasionOf } from './occasion.js';

/** How long one try may take, and for how long a mail is ours: as much again for the commits around it. */
export const POST_MS = 45_000;
const LEASE_MS = 2 * POST_MS;
/** What another release has planned is left to it for so long, again and again. */
const LEFT_MS = 30_000;
/** So often in a row an address or a mail is refused for good before we believe it. */
const REFUSALS_MAX = 3;
/** Far more than three days of pauses hold: ends a mail that kills its process at each try. */
const TRIES_MAX = 60;

export interface MailMetrics {
  /** A mail was taken up, with this end: `failed` comes again, `parked` and `dropped` do not. */
  mailTried(result: 'sent' | 'failed' | 'parked' | 'dropped'): void;
  /** A mail was dropped because its address was written to often enough. */
  mailCapped(kind: MailKind): void;
}

export interface SenderPorts extends OccasionPorts {
  readonly store: Pick<Store, 'mails' | 'payments' | 'merchants' | 'operators' | 'payers' | 'guards'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics?: MailMetrics | undefined;
  /** Null where there is no mail server: then nothing is sent, and nothing waits. */
  readonly carrier: Carrier | null;
  /** A keyed hash, so that an address can be counted where it is not kept. */
  pseudonym(text: string): string;
  /** Writes a mail from what it is about. */
  readonly write: (occasion: Extract<Finding, { occasion: unknown }>['occasion']) => Message;
}

export interface Claimed {
  readonly mail: Mail;
  readonly message: Message;
}

export interface Sender {
  /** Takes a due mail for this process, until its lease ends; null when another one was first, or nothing is left to send. */
  claim(mail: Mail): Promise<Claimed | null>;
  /** Sends what was claimed and stores what became of it. */
  send(claimed: Claimed): Promise<Posted['outcome']>;
}

/**
 * One mail, one try. The claim pushes `dueAt` to the end of a lease before anything is sent, so that a crash or a lost write
 * means: sent again later, under the same Message-ID, which mail programs show once.
 */
export function createSender(ports: SenderPorts): Sender {
  const { store, clock, log, metrics, carrier } = ports;

  async function claim(mail: Mail): Promise<Claimed | null> {
    const now = clock.now();
    if (!KINDS.has(mail.kind)) {
      await store.mails.commit({ ...mail, revision: mail.revision + 1, dueAt: now + LEFT_MS });
      return null;
    }
    const finding: Finding = carrier === null ? { drop: 'no_mail_server' } : await occasionOf(mail, now, ports);
    if ('drop' in finding) {
      await settle(mail, { status: 'dropped', dueAt: null, to: null, lastError: finding.drop });
      return null;
    }
    if (mail.tries >= TRIES_MAX) {
      await settle(mail, { ...PARKED, lastError: 'too_many_tries' });
      return null;
    }
    if (!(await isWithinCap(finding.occasion, now, ports))) {
      metrics?.mailCapped(mail.kind);
      await settle(mail, { status: 'dropped', dueAt: null, to: null, lastError: 'too_many_mails' });
      return null;
    }
    const message = written(finding.occasion);
    const claimed = { ...mail, revision: mail.revision + 1, tries: mail.tries + 1, dueAt: now + LEASE_MS };
    if (!(await store.mails.commit(claimed))) return null;
    if (message !== null) return { mail: claimed, message };
    await settle(claimed, outcomeOf(claimed, { outcome: 'refused', reason: 'not_written' }, ports));
    return null;
  }

  /** Null when it cannot be written, which is a bug of ours: it must not stand in the way of the others. */
  function written(occasion: Parameters<typeof ports.write>[0]): Message | null {
    try {
      return ports.write(occasion);
    } catch (error) {
      log.error('a mail could not be written', { mail: occasion.mail.id, error });
      return null;
    }
  }

  async function send({ mail, message }: Claimed): Promise<Posted['outcome']> {
    const leaseEnds = mail.dueAt ?? 0;
    // A process that was frozen must not send beside the one that took over.
    if (carrier === null || clock.now() + POST_MS > leaseEnds) return 'later';
    const posted = await carrier.post(message, clock.now() + POST_MS);
    await settle(mail, outcomeOf(mail, posted, ports));
    return posted.outcome;
  }

  /** Not written when somebody changed the mail meanwhile (an erasure, another process after our lease): theirs counts. */
  async function settle(mail: Mail, change: Partial<Mail>): Promise<void> {
    const next = { ...mail, ...change, revision: mail.revision + 1 };
    if (!(await store.mails.commit(next))) return;
    const { id, kind, audience, status, tries, lastError, payment } = next;
    metrics?.mailTried(status === 'waiting' ? 'failed' : status);
    const fields = { mail: id, kind, audience, status, tries, reason: lastError };
    if (status !== 'sent') log.info('mail not sent', payment === null ? fields : { ...fields, payment });
  }

  return { claim, send };
}

const KINDS: ReadonlySet<string> = new Set(MAIL_KINDS);

const PARKED = { status: 'parked', dueAt: null, to: null } as const;

/** How a try changes its mail: sent, due again after a pause, or parked. An address of its own is kept for as long as it is needed. */
function outcomeOf(mail: Mail, posted: Posted, { clock, ids }: Pick<SenderPorts, 'clock' | 'ids'>): Partial<Mail> {
  const now = clock.now();
  if (posted.outcome === 'taken') {
    return { status: 'sent', dueAt: null, to: null, lastError: null, refusals: 0, sentAt: now };
  }
  const refusals = posted.outcome === 'refused' ? mail.refusals + 1 : 0;
  const last = { lastError: posted.reason, refusals };
  const dueAt = now + pauseAfter(mail.tries, null, ids);
  return refusals >= REFUSALS_MAX || dueAt > mail.giveUpAt ? { ...last, ...PARKED } : { ...last, dueAt };
}
