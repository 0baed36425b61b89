import { onTestFinished } from 'vitest';
import { createSay } from '../../../channels/catalogue/index.js';
import type { Log } from '../../../src/contracts/log.js';
import type { Mail } from '../../../src/contracts/mail.js';
import type { Merchant } from '../../../src/contracts/merchant.js';
import type { Payment } from '../../../src/contracts/payment.js';
import type { Store } from '../../../src/contracts/store.js';
import { totalsOf } from '../../../src/engine/ledger.js';
import { createLetters, type ReadLetter } from '../../../src/lab/mailbox/letters.js';
import { MIGRATIONS } from '../../../src/lab/mailbox/schema.js';
import { type Behaviour, openSmtp } from '../../../src/lab/mailbox/server.js';
import { createMails, type MailPorts, type Mails } from '../../../src/notify/mails/index.js';
import { openDatabase } from '../../../src/store/sqlite/database.js';
import { type VirtualClock, virtualClock } from '../../clock.js';
import { SAMPLE_TIME, sampleId } from '../../contract/samples.js';
import { orderedIds, seededIds } from '../../ids.js';
import { emptyStore } from '../../support/empty_store.js';
import { lune, orderOf, PAY_LINK } from './samples.js';

/** Everything that mails need, with a real store and a real mail server, under a clock that stands still. */
export interface World {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly mails: Mails;
  /** What was logged, as text. */
  readonly logged: string[];
  readonly counted: string[];
  /** How the mail server behaves from now on. */
  behaviour: (to: string) => Promise<Behaviour>;
  isAway: boolean;
  /** What the mail server has kept, oldest first. */
  received(): Promise<ReadLetter[]>;
  /** Another process on the same store, with the same mail server. */
  another(ports?: Partial<MailPorts>): Mails;
  /** The payment as `change` makes it, told by events of these types, each about the same object. */
  happen(payment: Payment, types: readonly string[], about?: string | null): Promise<Payment>;
  /** Does all that is due now, and waits for it. */
  settle(mails?: Mails): Promise<void>;
  /** Goes on until nothing is due before `until`. */
  goOn(until: number, mails?: Mails): Promise<void>;
  mailsOf(payment: string): Promise<Mail[]>;
}

export async function openWorld(given: { merchant?: Merchant; ports?: Partial<MailPorts> } = {}): Promise<World> {
  const clock = virtualClock(SAMPLE_TIME);
  const store = await emptyStore();
  const database = openDatabase({ path: ':memory:', migrations: MIGRATIONS });
  const letters = createLetters(database);
  const logged: string[] = [];
  const counted: string[] = [];
  const opened: Mails[] = [];
  const smtp = await openSmtp({
    port: 0,
    behave: (to) => world.behaviour(to),
    isAway: () => world.isAway,
    keep: async (mail) => void (await letters.add({ at: clock.now(), ...mail })),
  });
  onTestFinished(async () => {
    for (const mails of opened) await mails.close();
    await smtp.close();
    database.close();
    await store.close();
  });
  await store.merchants.commit(given.merchant ?? lune);
  const write = (message: string, fields?: unknown): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  let seed = 1;

  function another(ports: Partial<MailPorts> = {}): Mails {
    const mails = createMails({
      ...{ store, clock, log, ids: orderedIds(seededIds(seed++, clock)), say: createSay('mail') },
      metrics: {
        mailTried: (result) => void counted.push(result),
        mailCapped: (kind) => void counted.push(`capped ${kind}`),
      },
      server: { host: '127.0.0.1', port: smtp.port, secure: false, requireTls: false, login: null },
      from: 'pay@operator.example',
      operator: 'Caisse Centrale',
      payLink: () => PAY_LINK,
      accountLink: (payer, session) => `https://pay.example.org/account/${payer.id}.${session.id}`,
      sums: totalsOf,
      pseudonym: (text) => Buffer.from(text).toString('hex').slice(-40),
      concurrency: 8,
      due: () => undefined,
      ...given.ports,
      ...ports,
    });
    opened.push(mails);
    return mails;
  }

  const world: World = {
    clock,
    store,
    mails: another(),
    logged,
    counted,
    behaviour: async () => 'take',
    isAway: false,
    another,
    async received() {
      const all = letters.list({ after: 0, limit: 100_000 });
      const read = await Promise.all(all.map(({ id }) => letters.read(id)));
      return read.filter((letter) => letter !== null);
    },
    async happen(payment, types, about = null) {
      const known = await store.payments.load(payment.id);
      const revision = (known?.revision ?? 0) + 1;
      const next = { ...payment, revision, updatedAt: clock.now() };
      const events = types.map((type, index) => ({
        ...{ id: sampleId('evt'), type, at: clock.now(), sequence: revision * 10 + index },
        object: type.startsWith('payment.') ? payment.id : (about ?? payment.id),
      }));
      const { merchant, mode, id } = payment;
      const feed = { merchant, mode, payment: id, events, data: '{}' };
      await store.payments.commit({ payment: next, feed, claims: [], releases: [], codeFreeAt: null });
      return next;
    },
    async settle(mails = world.mails) {
      await mails.sweep();
      await mails.idle();
    },
    async goOn(until, mails = world.mails) {
      for (;;) {
        await world.settle(mails);
        const next = await mails.sweep();
        await mails.idle();
        if (next === null || next > until) return;
        clock.advanceTo(Math.max(next, clock.now() + 1));
      }
    },
    mailsOf: (payment) => store.mails.ofPayment(payment),
  };
  return world;
}

let orders = 0;

/** An order of its own. */
export function newOrder(change: Partial<Payment> = {}): Payment {
  orders += 1;
  const id = sampleId('pay');
  return orderOf({ id, reference: `ORDER-${orders}`, openReference: null, dueAt: null, revision: 0, ...change });
}
