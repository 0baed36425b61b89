import { type Client, createClient } from './client.js';
import { countFsyncs } from './fsyncs.js';
import { runHouse } from './house.js';
import { closedLoop, type Figures, openLoop, type Unit } from './load.js';
import { describeMachine } from './machine.js';
import { coldStarts, houseOptions, type Measured, startHouse } from './measured.js';
import { type Options, type Part, readOptions, USAGE } from './options.js';
import { pageUnits } from './pages.js';
import { page, stored } from './units.js';

/** `npm run bench`: how fast a whole house takes payments, every one durable and read once. See docs/performance.md. */

interface Scenario {
  readonly title: string;
  readonly acquirer: 'dummy' | 'sandbox';
  /** Units by name; the first is measured in every way, others at 32 callers only. */
  readonly unit: (client: Client) => Unit;
  readonly also?: { readonly name: string; readonly unit: (client: Client) => Unit };
  readonly callers: readonly number[];
  /** Payments per second of the open loop. */
  readonly rates: readonly number[];
}

const SCENARIOS: Readonly<Record<'a' | 'b' | 'c', Scenario>> = {
  a: {
    title: '(a) POST /v1/payments with pay_with, dummy acquirer in the process; then GET',
    acquirer: 'dummy',
    unit: (client) => stored(client, { withKey: false }),
    also: { name: '32 callers, Idempotency-Key', unit: (client) => stored(client, { withKey: true }) },
    callers: [1, 8, 32, 128],
    rates: [200, 500, 800],
  },
  b: {
    title: '(b) the same through the sandbox over HTTP (its server and ledger are in the process)',
    acquirer: 'sandbox',
    unit: (client) => stored(client, { withKey: false }),
    callers: [1, 8, 32, 128],
    rates: [50, 100, 200],
  },
  c: {
    title: "(c) a payer's whole way: order, page, card form, 3-D Secure without challenge, wait, outcome",
    acquirer: 'sandbox',
    unit: page,
    callers: [1, 8, 32, 128],
    rates: [10, 25, 50],
  },
};

const CONNECTIONS_MAX = 1_000;
const WARM_CALLERS = 32;
const GROWTH_CALLERS = 32;

async function main(): Promise<void> {
  const house = houseOptions();
  if (house !== null) return runHouse(house);
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    console.log(USAGE);
    return;
  }
  console.log(`${describeMachine()}; ${options.seconds} s each, load on the same cores\n`);
  const parts: Readonly<Record<Part, () => Promise<void>>> = {
    start: showStarts,
    a: () => measure(SCENARIOS.a, options),
    b: () => measure(SCENARIOS.b, options),
    c: () => measure(SCENARIOS.c, options),
    pages: () => showPages(options),
    growth: () => showGrowth(options),
  };
  for (const part of options.parts) await parts[part]();
}

async function showStarts(): Promise<void> {
  const { first, again } = await coldStarts(3);
  console.log(
    `cold start to the first 200: ${first.toFixed(0)} ms in a new folder, ${again.toFixed(0)} ms afterwards\n`,
  );
}

const HEADINGS = ['', 'per s', 'p50 ms', 'p99 ms', 'CPU ms', 'commits', 'transactions', 'RSS MB', 'failed'];

async function measure({ title, acquirer, unit, also, callers, rates }: Scenario, options: Options): Promise<void> {
  console.log(title);
  const house = await startHouse(acquirer, options.profileTo);
  const client = createClient(house.port, CONNECTIONS_MAX);
  const { seconds, warmSeconds, isQuick } = options;
  const work = unit(client);
  try {
    await closedLoop(WARM_CALLERS, warmSeconds, work);
    row(HEADINGS);
    for (const number of options.callers ?? (isQuick ? [1, 32] : callers)) {
      await observe(`${number} callers`, house, () => closedLoop(number, seconds, work));
    }
    if (options.callers !== null) return;
    for (const rate of isQuick ? rates.slice(0, 1) : rates) {
      await observe(`${rate} per second, open`, house, () => openLoop(rate, seconds, work));
    }
    if (also !== undefined) await observe(also.name, house, () => closedLoop(32, seconds, also.unit(client)));
    for (const number of [1, 32]) await showFsyncs(house, number, isQuick ? 1 : 3, work);
  } finally {
    client.close();
    await house.close();
  }
  console.log('');
}

/** Measures one way of loading and prints its line; everything is per payment that succeeded. */
async function observe(name: string, house: Measured, load: () => Promise<Figures>): Promise<void> {
  const before = await house.ask('sample', null);
  const { done, failed, perSecond, p50Ms, p99Ms } = await load();
  const after = await house.ask('sample', null);
  const each = (total: number): string => (done === 0 ? '-' : (total / done).toFixed(2));
  if (failed > 0) process.exitCode = 1;
  row([
    name,
    perSecond.toFixed(0),
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    each(after.cpuMs - before.cpuMs),
    after.commitsPerPayment.toFixed(2),
    each(after.transactions - before.transactions),
    after.rssMb.toFixed(0),
    String(failed),
  ]);
}

/** How long each page takes that a payer may see, alone and among others. */
async function showPages({ seconds, warmSeconds, isQuick, callers }: Options): Promise<void> {
  console.log('pages: each asked for by itself');
  const house = await startHouse('sandbox', null);
  const client = createClient(house.port, CONNECTIONS_MAX);
  try {
    const units = await pageUnits(client);
    row(HEADINGS);
    for (const number of callers ?? [1, 8]) {
      for (const { name, unit } of units) {
        await closedLoop(number, warmSeconds / 4, unit);
        await observe(`${name}, ${number}`, house, () => closedLoop(number, isQuick ? 1 : seconds / 2, unit));
      }
    }
  } finally {
    client.close();
    await house.close();
  }
  console.log('');
}

async function showFsyncs(house: Measured, callers: number, seconds: number, unit: Unit): Promise<void> {
  let done = 0;
  const fsyncs = await countFsyncs(house.pid, async () => {
    ({ done } = await closedLoop(callers, seconds, unit));
  });
  const each = fsyncs === null ? 'not counted: no strace here' : `${(fsyncs / done).toFixed(2)} each`;
  console.log(`  fsyncs at ${callers} callers, under strace: ${each}`);
}

/** The same figures with few and with many payments stored, and what the store takes for each question. */
async function showGrowth(options: Options): Promise<void> {
  const { seconds, warmSeconds, isQuick, profileTo } = options;
  console.log('growth: (a) at 32 callers, and the store asked directly');
  const house = await startHouse('dummy', profileTo);
  const client = createClient(house.port, CONNECTIONS_MAX);
  const work = stored(client, { withKey: false });
  try {
    await work(0);
    await openOne(client);
    const timings: Readonly<Record<string, number>>[] = [];
    const counts = isQuick ? [1_000, 10_000] : [1_000, 100_000];
    row(HEADINGS);
    for (const count of counts) {
      await house.ask('fill', count);
      timings.push(await house.ask('timeStore', null));
      await closedLoop(GROWTH_CALLERS, warmSeconds, work);
      await observe(`${count} stored`, house, () => closedLoop(GROWTH_CALLERS, seconds, work));
    }
    console.log('  µs, median');
    for (const name of Object.keys(timings[0] ?? {})) {
      row([name, ...timings.map((timing) => (timing[name] ?? Number.NaN).toFixed(0))]);
    }
  } finally {
    client.close();
    await house.close();
  }
  console.log('');
}

/** A payment that waits for its payer, to be copied. */
async function openOne(client: Client): Promise<void> {
  const body = JSON.stringify({ amount: 4_250, currency: 'EUR', reference: 'OPEN-1', channels: ['web'] });
  const headers = { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' };
  await client.send({ method: 'POST', path: '/v1/payments', headers, body });
}

const FIRST_COLUMN = 30;
const COLUMN = 13;

function row([first = '', ...others]: readonly string[]): void {
  console.log(`  ${first.padEnd(FIRST_COLUMN)}${others.map((cell) => cell.padStart(COLUMN)).join('')}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
