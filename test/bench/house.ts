import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { createDummyAcquirer } from '../../src/acquirers/dummy.js';
import { systemClock } from '../../src/clock.js';
import { listeningOn, readConfig } from '../../src/config.js';
import { CHANNELS } from '../../src/contracts/payment.js';
import { type Guichet, openGuichet } from '../../src/house/index.js';
import { createIds } from '../../src/ids.js';
import { createLog } from '../../src/log.js';
import { createMetrics } from '../../src/metrics.js';
import { fill, MERCHANT, type Timings, timeStore } from './growth.js';

/** The process that is measured: a whole house as `npm start` runs it, with an ear for the bench. */

export interface HouseOptions {
  readonly folder: string;
  readonly port: number;
  /** `dummy`: approves in the process. `sandbox`: the house's own sandbox, over HTTP. */
  readonly acquirer: 'dummy' | 'sandbox';
  /** As in the environment, beside folder and port: of a process of a cluster. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What the bench asks of it, and the answer to each. */
export interface Questions {
  sample: { readonly asked: null; readonly answer: Sample };
  /** Fills the store up to so many payments. */
  fill: { readonly asked: number; readonly answer: number };
  timeStore: { readonly asked: null; readonly answer: Timings };
  close: { readonly asked: null; readonly answer: null };
}
export type Question = keyof Questions;

export interface Sample {
  /** Of this process since it began, user and system. */
  readonly cpuMs: number;
  readonly rssMb: number;
  /** SQLite transactions committed to the house's database so far, modulo 2^32; 0 in a cluster. */
  readonly transactions: number;
  /** Mean number of commits of the newest payments. */
  readonly commitsPerPayment: number;
}

const NEWEST = 100;

/** Runs until it is asked to close, or whoever started it is gone. */
export async function runHouse({ folder, port, acquirer, settings }: HouseOptions): Promise<void> {
  const clock = systemClock();
  const ids = createIds({ clock });
  const config = listeningOn(readConfig({ ...settings, DATA_DIR: folder, PORT: '0' }), port);
  const log = createLog({ level: 'info', format: 'json', clock });
  const replacement = acquirer === 'dummy' ? { acquirer: createDummyAcquirer() } : {};
  const guichet = await openGuichet(config, { clock, ids, log, metrics: createMetrics(), ...replacement });
  await prepareMerchant(guichet);
  const transactions = config.cluster === null ? transactionsOf(join(folder, 'guichet.sqlite')) : () => 0;

  const answers: { [Q in Question]: (asked: Questions[Q]['asked']) => Promise<Questions[Q]['answer']> } = {
    sample: async () => sampleOf(guichet, transactions),
    fill: (count) => fill(guichet.store, count),
    timeStore: () => timeStore(guichet.store),
    async close() {
      await guichet.close();
      return null;
    },
  };
  process.on('disconnect', () => process.exit(1));
  process.on('message', (asked: { id: number; question: Question; with: never }) => {
    answers[asked.question](asked.with).then(
      (answer) => process.send?.({ id: asked.id, answer }, () => asked.question === 'close' && process.disconnect()),
      (error: unknown) => process.send?.({ id: asked.id, error: String(error) }),
    );
  });
  process.send?.({ id: 0, answer: null });
}

/** Payments are measured, not mails: the demo merchant is told of none, and accepts every channel. */
async function prepareMerchant({ store: { merchants } }: Guichet): Promise<void> {
  const merchant = await merchants.load(MERCHANT);
  if (merchant === null) throw new Error('there is no demo merchant');
  const profile = { ...merchant.profile, notificationEmail: null, channels: CHANNELS };
  await merchants.commit({ ...merchant, revision: merchant.revision + 1, profile });
}

async function sampleOf({ store }: Guichet, transactions: () => number): Promise<Sample> {
  // What was committed is in the feed before its cost is told: no work is left out of the figures.
  await store.feed.head(MERCHANT, 'test');
  const { user, system } = process.cpuUsage();
  const { data } = await store.payments.list({ merchant: MERCHANT, mode: 'test', limit: NEWEST });
  const commits = data.reduce((total, { revision }) => total + revision, 0);
  return {
    cpuMs: (user + system) / 1_000,
    rssMb: process.memoryUsage.rss() / 2 ** 20,
    transactions: transactions(),
    commitsPerPayment: commits / data.length,
  };
}

/** Where the header of SQLite's wal-index counts the transactions: https://www.sqlite.org/walformat.html, section 2.1. */
const CHANGE_COUNTER_AT = 8;

/** Reads how many transactions were committed since the file was opened first, from outside and for nothing. */
function transactionsOf(path: string): () => number {
  const counter = Buffer.alloc(4);
  return () => {
    const file = openSync(`${path}-shm`, 'r');
    readSync(file, counter, 0, counter.length, CHANGE_COUNTER_AT);
    closeSync(file);
    return counter.readUInt32LE();
  };
}
