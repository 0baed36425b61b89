import { readFileSync } from 'node:fs';
import { type Client, createClient } from './client.js';
import { figuresOf } from './load.js';
import { rssMbOf } from './machine.js';
import { startHouse } from './measured.js';
import type { Options } from './options.js';
import { row } from './table.js';
import { handInCard, newOrder, readEvents } from './units.js';
import { showProblems, showUse, sleepUntil, whileMeasured } from './use.js';
import { type Look, openViewer, type Viewer, WAIT_SECONDS, type Way } from './viewers.js';

/**
 * `npm run bench -- --televisions`: one process holds so many televisions, each with a payment, a household and a connection
 * of its own, that wait for their screens to change; meanwhile a hundred of their payments are paid on telephones' pages.
 */

const CONNECTIONS = 64;
const PAID = 100;
/** After the last has begun to wait, until anything is measured. */
const SETTLE_MS = 4_000;
/** After the end, until a television whose payment was paid has heard of it. */
const HEARING_MS = 15_000;
/** Open files of the house and of the load beside a connection for each television. */
const OTHER_FILES = 500;

/** All begin within the time between two looks, so that they are spread over it. */
const WAYS: readonly { readonly way: Way; readonly title: string; readonly rampMs: number }[] = [
  { way: 'held', title: `long poll, wait=${WAIT_SECONDS}`, rampMs: WAIT_SECONDS * 1_000 },
  { way: 'looking', title: 'a look every 5 s', rampMs: 5_000 },
];

/** What came of the looks while they were measured. */
interface Seen {
  readonly looks: Look[];
  readonly lateMs: number[];
  /** From a payment's outcome until its television had the answer that says so. */
  readonly toldMs: number[];
  readonly problems: string[];
}

export async function measureTelevisions({ televisionsAtOnce, seconds, profileTo }: Options): Promise<void> {
  console.log(`televisions: ${televisionsAtOnce} at once on one process, ${PAID} of them paid meanwhile`);
  checkOpenFiles(televisionsAtOnce + OTHER_FILES);
  const house = await startHouse({ acquirer: 'sandbox', profileTo });
  const client = createClient(house.port, CONNECTIONS);
  const viewers: Viewer[] = [];
  try {
    const fresh = rssMbOf(house.pid);
    await openAll(client, house.port, televisionsAtOnce, viewers);
    const memory = `${fresh.toFixed(0)} fresh, ${rssMbOf(house.pid).toFixed(0)} once all were open`;
    const paying = Math.min(PAID, Math.floor(televisionsAtOnce / WAYS.length));
    for (const [index, { way, title, rampMs }] of WAYS.entries()) {
      const begun = performance.now();
      const from = begun + rampMs + SETTLE_MS;
      const until = from + seconds * 1_000;
      // What it costs to wait is measured first, by itself, and then how soon a television is told.
      const payFrom = (from + until) / 2;
      const seen: Seen = { looks: [], lateMs: [], toldMs: [], problems: [] };
      const paid = new Set(viewers.slice(index * paying, (index + 1) * paying));
      const watching = viewers.map((viewer, number) => {
        const isOver = (at: number) =>
          at >= until && (viewer.toldAt !== null || !paid.has(viewer) || at >= until + HEARING_MS);
        return keepLooking(viewer, { way, seen, from, until, isOver }, begun + (number * rampMs) / viewers.length);
      });
      await sleepUntil(from);
      const used = await whileMeasured(house.pid, payFrom);
      await payAll(client, [...paid], seen, until);
      await Promise.all(watching);
      await hearAll(client, paid, seen);
      showLooks(title, seen, until - from);
      showUse(used, {
        unit: 'look',
        count: seen.looks.filter(({ begun }) => begun < payFrom).length,
        memory,
        lateMs: seen.lateMs,
      });
      if (seen.problems.length > 0) process.exitCode = 1;
    }
  } finally {
    client.close();
    for (const viewer of viewers) viewer.close();
    await house.close();
  }
}

/** Node has raised its soft limit to the hard one, which is for whoever runs it. @throws Error where it is too low */
function checkOpenFiles(needed: number): void {
  if (process.platform !== 'linux') return;
  const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
  if (limit < needed) throw new Error(`needs ${needed} open files, and may have ${limit}: see ulimit -n`);
}

/** Orders and opens ahead, so that nothing but waiting is measured. */
async function openAll(client: Client, port: number, count: number, viewers: Viewer[]): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (next < count) {
        const index = next++;
        const order = await newOrder(client, ['web', 'tv']);
        const payment = /"id":"(pay_\w+)"/.exec(order)?.[1] ?? '';
        const page = /"pay":"https?:\/\/[^/]+(\/pay\/[^"]+)"/.exec(order)?.[1] ?? '';
        viewers[index] = await openViewer(client, port, index, { payment, page });
      }
    }),
  );
}

interface Watching {
  readonly way: Way;
  readonly seen: Seen;
  /** When measuring begins and ends. */
  readonly from: number;
  readonly until: number;
  /** Whether this television need not look again. */
  isOver(at: number): boolean;
}

/** Look after look. */
async function keepLooking(viewer: Viewer, watching: Watching, first: number): Promise<void> {
  const { way, seen, from, until, isOver } = watching;
  for (let at = first; !isOver(at); ) {
    await sleepUntil(at);
    const late = performance.now() - at;
    try {
      const look = await viewer.look(way);
      if (look.begun >= from && look.begun < until) {
        seen.looks.push(look);
        seen.lateMs.push(late);
      }
    } catch (error) {
      seen.problems.push(String(error));
    }
    at = way === 'held' ? performance.now() : Math.max(at + viewer.pollSeconds * 1_000, performance.now());
  }
}

/** A telephone for each, evenly over the time. */
async function payAll(client: Client, viewers: readonly Viewer[], seen: Seen, until: number): Promise<void> {
  const begun = performance.now();
  const everyMs = (until - begun) / viewers.length;
  await Promise.all(
    viewers.map(async ({ page }, index) => {
      await sleepUntil(begun + index * everyMs);
      if ((await handInCard(client, page)) === null) seen.problems.push('a card was not taken');
    }),
  );
}

/** The payment's own event says when it was paid, by the clock of the same machine. */
async function hearAll(client: Client, viewers: Iterable<Viewer>, seen: Seen): Promise<void> {
  for (const { payment, toldAt } of viewers) {
    const paidAt = (await readEvents(client, payment)).find(({ type }) => type === 'payment.succeeded')?.at;
    if (paidAt === undefined) seen.problems.push('a payment was not paid');
    else if (toldAt === null) seen.problems.push('a television was not told that it is paid');
    else seen.toldMs.push(toldAt - paidAt);
  }
}

function showLooks(title: string, { looks, toldMs, problems }: Seen, elapsedMs: number): void {
  row([title, 'answers', 'per s', 'p50 ms', 'p99 ms', 'worst ms']);
  const show = (name: string, ms: number[]): void => {
    const { done, perSecond, p50Ms, p99Ms, worstMs } = figuresOf(ms, 0, elapsedMs);
    row([name, String(done), perSecond.toFixed(1), p50Ms.toFixed(1), p99Ms.toFixed(1), worstMs.toFixed(1)]);
  };
  const heldMs = WAIT_SECONDS * 1_000;
  const wasHeld = ({ ms, isNews }: Look): boolean => !isNews && ms >= heldMs;
  const held = looks.filter(wasHeld);
  const quick = looks.filter((look) => !look.isNews && !wasHeld(look));
  if (held.length > 0)
    show(
      'after the wait was over',
      held.map(({ ms }) => ms - heldMs),
    );
  if (quick.length > 0)
    show(
      'the same screen, at once',
      quick.map(({ ms }) => ms),
    );
  show('from paid to told', toldMs);
  showProblems(problems);
}
