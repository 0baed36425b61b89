import type { Clock } from '../../contracts/clock.js';
import type { Ids } from '../../contracts/ids.js';
import type { Mail } from '../../contracts/mail.js';
import type { Payment } from '../../contracts/payment.js';
import type { MailCursor, Store, ToldEvent } from '../../contracts/store.js';
import { GIVE_UP_AFTER_MS } from '../schedule.js';
import { causedBy, mayCauseMail } from './outcomes.js';
import { newMail } from './record.js';

/** How many feeds, and how many events of each, one pass reads. */
const FEEDS_PER_PASS = 100;
const EVENTS_PER_BATCH = 500;

export interface PlanningPorts {
  readonly store: Pick<Store, 'mails' | 'feed' | 'payments' | 'merchants'>;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Turns one batch of events per feed that is not planned to its end into mails. Mails and cursor are one write: no crash
 * can lose one between them or plan it twice, and of two processes at it one finds the cursor moved.
 * @returns whether anything moved, so that another pass is worth while.
 */
export async function planPass(ports: PlanningPorts): Promise<boolean> {
  const { store, clock } = ports;
  let moved = false;
  for (const cursor of await store.mails.behind(FEEDS_PER_PASS)) {
    const { merchant, mode, position } = cursor;
    const told = await store.feed.told(merchant, mode, position, EVENTS_PER_BATCH);
    const last = told.at(-1);
    // The newest events may not be visible yet, though the feed is known to be longer.
    if (last === undefined) continue;
    // What lay here for days, because nobody planned, is news to nobody.
    const oldest = clock.now() - GIVE_UP_AFTER_MS;
    const causes = told.filter(({ event }) => mayCauseMail(event.type) && event.at > oldest);
    const mails = causes.length === 0 ? [] : await mailsOf(causes, cursor, ports);
    if (await store.mails.enqueue(cursor, last.position, mails)) moved = true;
  }
  return moved;
}

async function mailsOf(causes: readonly ToldEvent[], { merchant: id, mode }: MailCursor, ports: PlanningPorts) {
  const { store, ids } = ports;
  const merchant = await store.merchants.load(id);
  const payments = new Map<string, Payment | null>();
  const mails: Mail[] = [];
  for (const { event, payment: of } of causes) {
    if (!payments.has(of)) payments.set(of, await store.payments.load(of));
    const payment = payments.get(of) ?? null;
    if (payment === null) continue;
    for (const { kind, audience, about, delayMs } of causedBy(event, payment, merchant)) {
      const given = { merchant: id, mode, key: `${event.id}.${audience}`, kind, audience, payment: of, about };
      mails.push(newMail(given, { at: event.at + delayMs, dueAt: event.at + delayMs }, ids));
    }
  }
  return mails;
}
