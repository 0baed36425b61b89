/** Payment codes guessed at full speed, over every channel that takes them: how many are looked up, and who still gets through. */
import { describe, expect, it } from 'vitest';
import type { CallDesk, Caller } from '../../src/contracts/calls.js';
import type { Counter } from '../../src/contracts/channel.js';
import type { Operator } from '../../src/contracts/operator.js';
import type { TvDesk } from '../../src/contracts/television.js';
import type { CallPorts } from '../../src/counter/call_ports.js';
import { createCallDesk } from '../../src/counter/calls.js';
import { LIMITS, type SharedLimit, STORM_PARTS } from '../../src/counter/limits.js';
import { createTvDesk } from '../../src/counter/tv.js';
import type { TvPorts } from '../../src/counter/tv_ports.js';
import { checkDigitOf, readPaymentCode } from '../../src/payment_codes.js';
import { openSqliteStore } from '../../src/store/sqlite/index.js';
import { type VirtualClock, virtualClock } from '../clock.js';
import { START, sketch } from '../engine/sketch.js';
import { seededRandom } from '../simulation/random.js';
import { CODE, openWindow } from './window.js';

const LIVE_CODES = 10_000;
const CODES = 9e8;
const HOUR_MS = 3_600_000;
/** A given payment may be found within an hour with this probability. */
const ACCEPTED = 2 ** -20;

const { unknownCodes, storm } = LIMITS;
const { codesOfPages, codesOfTelephones, codesOfWithheld } = storm;
const shared = ({ all, ofPart }: SharedLimit): number => all.most + STORM_PARTS * ofPart.most;
/** From everybody together in any hour, which may see two windows of each counter. */
const BOUND = 2 * (unknownCodes.most + shared(codesOfPages) + shared(codesOfTelephones) + codesOfWithheld.most);

const ADDRESSES = 80;
/** Networks of one /48, which anybody may have for nothing. */
const NETWORKS = 65_536;
const NETWORKS_A_ROUND = 40;
const NUMBERS = 40;
const OPERATORS = 3;
const BOXES = 20;
const ROUND_MS = 20_000;

const operatorNamed = (id: string): Operator => ({
  ...{ id, revision: 1, schema: 1, status: 'enabled', name: id, merchants: ['mer_1'], secrets: [], demo: false },
  ...{ createdAt: START, updatedAt: START },
});

/** The three desks over one store's counters and ten thousand living codes, one of which is the honest payer's. */
function openWorld() {
  const clock: VirtualClock = virtualClock(START);
  const { guards } = openSqliteStore({ path: ':memory:' });
  const random = seededRandom(20);
  const { payment } = sketch({ channels: ['web', 'ivr', 'tv'], expiresAt: START + 30 * 24 * HOUR_MS });
  const coded = (): string => {
    const body = String(random.between(10 ** 8, 10 ** 9 - 1));
    return body + checkDigitOf(body);
  };
  const live = new Map<string, string>([[CODE, payment.id]]);
  while (live.size < LIVE_CODES) live.set(coded(), 'pay_of_another');
  /** When a code that leads nowhere was looked up. */
  const missed: number[] = [];
  const found = { count: 0 };
  const codes = {
    async find(code: string) {
      const leads = live.get(code) ?? null;
      if (leads === null) missed.push(clock.now());
      else if (code !== CODE) found.count += 1;
      return leads;
    },
  };
  const load = async (id: string) => (id === payment.id ? payment : null);
  const nobody = { load: async () => null };
  const signing = { pseudonymOf: (text: string) => `<${text}>` };
  const { counter } = openWindow(
    { channels: ['web', 'ivr', 'tv'], expiresAt: START + 30 * 24 * HOUR_MS },
    { clock, store: { guards, codes, merchants: nobody, operators: nobody, tvSessions: nobody } },
  );
  const desks = { engine: { load }, store: { guards, codes }, signing, readPaymentCode, clock };
  const calls = createCallDesk(desks as unknown as CallPorts);
  const televisions = createTvDesk({
    ...desks,
    engine: { load, onChange: () => undefined },
    live: null,
  } as unknown as TvPorts);
  return { clock, coded, missed, found, counter, calls, televisions };
}

const callFrom = (number: string | null, call: string): Caller => {
  return { call, number, language: 'en', serial: 1, isNew: true };
};

const enterAtBox = (desk: TvDesk, operator: string, device: string, code: string) =>
  desk.open(
    { operator: operatorNamed(operator), mode: 'test', deviceKey: null },
    { device: { id: device, model: null }, payment: null, code, account: null, language: null, address: '203.0.113.1' },
  );

/** Everybody guesses at once, and none waits for an answer. */
function guessEverywhere(world: ReturnType<typeof openWorld>, round: number): void {
  const { counter, calls, televisions, coded } = world;
  const guesses: Promise<unknown>[] = [];
  for (let one = 0; one < ADDRESSES; one++) guesses.push(counter.enter(coded(), `198.51.100.${one}`));
  for (let one = 0; one < NETWORKS_A_ROUND; one++) {
    const network = (round * NETWORKS_A_ROUND + one) % NETWORKS;
    guesses.push(counter.enter(coded(), `2001:db8:77:${network.toString(16)}::1`));
  }
  for (let one = 0; one < NUMBERS; one++)
    guesses.push(calls.enter(coded(), callFrom(`+336000000${one}`, `CA${round}`), null));
  for (let one = 0; one < NUMBERS; one++) guesses.push(calls.enter(coded(), callFrom(null, `CA${round}-${one}`), null));
  for (let operator = 0; operator < OPERATORS; operator++)
    for (let box = 0; box < BOXES; box++)
      guesses.push(enterAtBox(televisions, `op_${operator}`, `box-${round % 7}-${box}`, coded()));
  // A bug would make itself known here, not at the end of the run.
  for (const guess of guesses) guess.catch((error: unknown) => Promise.reject(error));
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 60; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** An honest payer with the code in hand, from an address and a number that nobody has used. */
async function honest(
  world: { counter: Counter; calls: CallDesk; clock: VirtualClock },
  name: number,
): Promise<string[]> {
  const given: string[] = [];
  const asked = [
    world.counter.enter(CODE, `192.0.2.${name}`).then((answer) => given.push(Object.keys(answer)[0] ?? '')),
    world.calls
      .enter(CODE, callFrom(`+3370000000${name}`, `honest-${name}`), null)
      .then((answer) => given.push(Object.keys(answer)[0] ?? '')),
  ];
  await settled();
  world.clock.advance(storm.delayMs);
  await Promise.all(asked);
  return given.sort();
}

describe('guessing', () => {
  it('the bound is what a given payment may be found with', () => {
    expect(BOUND / CODES).toBeLessThanOrEqual(ACCEPTED);
    expect(BOUND).toBeLessThanOrEqual(858);
  });

  it('at full speed over all channels stays within the bound in every hour, and the honest get through', async () => {
    const world = openWorld();
    const { clock, missed } = world;
    let tried = 0;
    for (let round = 0; clock.now() < START + 2 * HOUR_MS; round++) {
      guessEverywhere(world, round);
      tried += ADDRESSES + NETWORKS_A_ROUND + 2 * NUMBERS + OPERATORS * BOXES;
      await settled();
      if (round % 40 === 20) expect(await honest(world, round / 20)).toEqual(['payment', 'token']);
      clock.advance(ROUND_MS);
    }
    await settled();
    const most = Math.max(...missed.map((from) => missed.filter((at) => at >= from && at < from + HOUR_MS).length));
    expect(tried).toBeGreaterThan(50_000);
    expect(most).toBeGreaterThan(unknownCodes.most + ADDRESSES);
    expect(most).toBeLessThanOrEqual(BOUND);
    // What ten thousand codes give away to all of it, two hours long.
    expect(world.found.count).toBeLessThan(3);
  }, 60_000);

  it('without more than one address and one number behind it stays within the bound itself', async () => {
    const world = openWorld();
    const { clock, missed, counter, calls, televisions, coded } = world;
    for (let round = 0; clock.now() < START + 2 * HOUR_MS; round++) {
      void counter.enter(coded(), '198.51.100.1');
      void calls.enter(coded(), callFrom(null, `CA${round}`), null);
      for (let box = 0; box < 200; box++) void enterAtBox(televisions, `op_${box % 9}`, `box-${box}-${round}`, coded());
      await settled();
      clock.advance(ROUND_MS);
    }
    const most = Math.max(...missed.map((from) => missed.filter((at) => at >= from && at < from + HOUR_MS).length));
    expect(most).toBeLessThanOrEqual(BOUND);
  }, 60_000);

  it('from a thousand addresses and numbers stays within it too, and leaves room for other networks and areas', async () => {
    const world = openWorld();
    const { clock, missed, counter, calls, coded } = world;
    for (let round = 0; clock.now() < START + 2 * HOUR_MS; round++) {
      for (let one = 0; one < 40; one++) {
        const name = (round * 40 + one) % 1_000;
        void counter.enter(coded(), `198.51.${name >> 8}.${name % 256}`);
        void counter.enter(coded(), `2001:db8:${name.toString(16)}::1`);
        void calls.enter(coded(), callFrom(`+33600000${name}`, `CA${round}`), null);
        void calls.enter(coded(), callFrom(null, `CA${round}-${one}`), null);
      }
      await settled();
      if (round % 40 === 39) expect(await honest(world, Math.floor(round / 20))).toEqual(['payment', 'token']);
      clock.advance(ROUND_MS);
    }
    await settled();
    const most = Math.max(...missed.map((from) => missed.filter((at) => at >= from && at < from + HOUR_MS).length));
    expect(most).toBeGreaterThan(unknownCodes.most + codesOfPages.all.most + codesOfTelephones.all.most);
    expect(most).toBeLessThanOrEqual(BOUND);
  }, 60_000);

  it('while it lasts a television is told to name the payment or go on with a telephone', async () => {
    const world = openWorld();
    const { clock, televisions } = world;
    for (let round = 0; round < 8; round++) {
      guessEverywhere(world, round);
      await settled();
      clock.advance(ROUND_MS);
    }
    const asked = enterAtBox(televisions, 'op_honest', 'box-of-the-honest', CODE);
    await settled();
    clock.advance(storm.delayMs);
    expect(await asked).toEqual({ refused: 'too_many' });
  });
});
