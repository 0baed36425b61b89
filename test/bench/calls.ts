import { createCaller, type Exchange, KINDS, LINE } from './callers.js';
import { type Client, createClient } from './client.js';
import { figuresOf } from './load.js';
import { rssMbOf } from './machine.js';
import { startHouse } from './measured.js';
import type { Options } from './options.js';
import { row } from './table.js';
import { newOrder } from './units.js';
import { showProblems, showUse, sleepUntil, type Use, whileMeasured } from './use.js';

/**
 * `npm run bench -- --calls`: one process holds so many telephone calls at once. Each has a signed webhook every two seconds
 * and goes all the way: greeting, language, code, menu, card through the connector, the wait for the bank, the outcome.
 */

const BEAT_MS = 2_000;
/** A call that nothing delays: its webhooks, the connector and the last state without a beat of their own. */
const BEATS_MIN = 7;
/** All calls begin within this time, so that at any moment they are at different steps. */
const RAMP_MS = BEATS_MIN * BEAT_MS;
/** After the last has begun, until anything is measured. */
const SETTLE_MS = 4_000;
/** Kept open, as by the proxy in front: all are opened by the orders. */
const CONNECTIONS = 256;

const SETTINGS = {
  TWILIO_ACCOUNT_SID: LINE.account,
  TWILIO_AUTH_TOKEN: LINE.token,
  TWILIO_VOICE_FROM: LINE.number,
  TWILIO_MESSAGING_FROM: LINE.number,
  PAY_CONNECTOR_USERNAME: LINE.connector.username,
  PAY_CONNECTOR_PASSWORD: LINE.connector.password,
};

/** What came of the calls while they were measured. */
interface Heard {
  readonly exchanges: Exchange[];
  /** How late after its beat each webhook was sent: what the load itself could not keep up with. */
  readonly lateMs: number[];
  readonly problems: string[];
  ended: number;
}

export async function measureCalls({ callsAtOnce, seconds, profileTo }: Options): Promise<void> {
  console.log(`calls: ${callsAtOnce} at once in one process, a signed webhook of each every ${BEAT_MS / 1_000} s`);
  const house = await startHouse({ acquirer: 'sandbox', settings: SETTINGS, profileTo });
  const client = createClient(house.port, CONNECTIONS);
  try {
    const fresh = rssMbOf(house.pid);
    const lastsMs = RAMP_MS + SETTLE_MS + seconds * 1_000;
    const codes = await orderAll(client, callsAtOnce * (Math.ceil(lastsMs / RAMP_MS) + 1));
    const ordered = rssMbOf(house.pid);
    const begun = performance.now();
    const [from, until] = [begun + RAMP_MS + SETTLE_MS, begun + lastsMs];
    const heard: Heard = { exchanges: [], lateMs: [], problems: [], ended: 0 };
    const url = `http://127.0.0.1:${house.port}`;
    const callers = Promise.all(
      Array.from({ length: callsAtOnce }, (_, caller) =>
        keepCalling({ client, url, codes, heard, from, until }, begun + (caller * RAMP_MS) / callsAtOnce),
      ),
    );
    await sleepUntil(from);
    const used = await whileMeasured(house.pid, until);
    await callers;
    showSteps(heard, used.elapsedMs);
    showCalls(heard, used, [fresh, ordered]);
    if (heard.problems.length > 0) process.exitCode = 1;
  } finally {
    client.close();
    await house.close();
  }
}

/** Orders ahead, so that nothing but calls is measured; answers the payment codes. */
async function orderAll(client: Client, count: number): Promise<string[]> {
  const codes: string[] = [];
  let left = count;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (left > 0) {
        left -= 1;
        const code = /"payment_code":"(\d+)"/.exec(await newOrder(client, ['web', 'ivr']))?.[1];
        if (code === undefined) throw new Error('an order without a payment code');
        codes.push(code);
      }
    }),
  );
  return codes;
}

interface Calling {
  readonly client: Client;
  readonly url: string;
  readonly codes: string[];
  readonly heard: Heard;
  /** When measuring begins and ends. */
  readonly from: number;
  readonly until: number;
}

let calls = 0;

/** One line of the exchange: call after call, a webhook at every beat, until nothing is measured any more. */
async function keepCalling({ client, url, codes, heard, from, until }: Calling, firstBeat: number): Promise<void> {
  const answered = (exchange: Exchange): void => {
    if (exchange.begun >= from) heard.exchanges.push(exchange);
  };
  const call = () => {
    calls += 1;
    return createCaller({ client, url, answered }, calls, codes.pop() ?? '');
  };
  let caller = call();
  for (let beat = firstBeat; beat < until; ) {
    await sleepUntil(beat);
    if (beat >= from) heard.lateMs.push(performance.now() - beat);
    try {
      if (await caller.goOn()) {
        if (beat >= from) heard.ended += 1;
        caller = call();
      }
    } catch (error) {
      heard.problems.push(String(error));
      caller = call();
    }
    // Who was kept waiting longer than a beat goes on with the next one: a call has one webhook at a time.
    beat += BEAT_MS * Math.max(1, Math.ceil((performance.now() - beat) / BEAT_MS));
  }
}

function showSteps({ exchanges, problems }: Heard, elapsedMs: number): void {
  row(['', 'webhooks', 'per s', 'p50 ms', 'p99 ms', 'worst ms']);
  const show = (name: string, of: readonly Exchange[]): void => {
    const { done, perSecond, p50Ms, p99Ms, worstMs } = figuresOf(
      of.map(({ ms }) => ms),
      0,
      elapsedMs,
    );
    row([name, String(done), perSecond.toFixed(1), p50Ms.toFixed(1), p99Ms.toFixed(1), worstMs.toFixed(1)]);
  };
  const heldOnPurpose = exchanges.filter(({ kind }) => kind === 'held');
  show(
    'answered at once',
    exchanges.filter(({ kind }) => kind !== 'held'),
  );
  for (const kind of KINDS)
    if (kind !== 'held')
      show(
        `  ${kind}`,
        exchanges.filter((one) => one.kind === kind),
      );
  show('wait, held up to 1.5 s', heldOnPurpose);
  showProblems(problems);
}

function showCalls({ exchanges, lateMs, ended }: Heard, use: Use, [fresh, ordered]: readonly [number, number]): void {
  console.log(`  ${ended} calls paid and ended in ${(use.elapsedMs / 1_000).toFixed(0)} s`);
  const memory = `${fresh.toFixed(0)} fresh, ${ordered.toFixed(0)} after the orders`;
  showUse(use, { unit: 'webhook', count: exchanges.length, memory, lateMs });
}
