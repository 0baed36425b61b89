import { measureCalls } from './calls.js';
import { type Client, createClient } from './client.js';
import { measureCluster } from './cluster.js';
import { countFsyncs } from './fsyncs.js';
import { runHouse } from './house.js';
import { closedLoop, type Figures, openLoop, type Unit } from './load.js';
import { describeMachine } from './machine.js';
import { coldStarts, houseOptions, type Measured, startHouse } from './measured.js';
import { type Options, type Part, readOptions, USAGE } from './options.js';
import { pageUnits } from './pages.js';
import { SCENARIOS, type Scenario } from './scenarios.js';
import { row } from './table.js';
import { measureTelevisions } from './televisions.js';
import { stored } from './units.js';

/** `npm run bench`: how fast a whole house takes payments, every one durable and read once. See docs/performance.md. */

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
  if (options.isCalls) return measureCalls(options);
  if (options.isTelevisions) return measureTelevisions(options);
  if (options.isCluster) return measureCluster(options);
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
  const house = await startHouse({ acquirer, profileTo: options.profileTo });
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
  const house = await startHouse({ acquirer: 'sandbox' });
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
  const house = await startHouse({ acquirer: 'dummy', profileTo });
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

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
