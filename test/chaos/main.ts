import { parseArgs } from 'node:util';
import { seededRandom } from '../simulation/random.js';
import { findMongod, findRedis } from '../support/servers.mjs';
import { FAULT_NAMES, type FaultName, type Lengths } from './faults.js';
import { type Harm, type Hearing, openScene, type Round, type Scene } from './scene.js';
import { createTable } from './table.js';

/**
 * `npm run chaos [-- --rounds 10] [--only redis,primary-killed] [--seed 1]`: a real cluster under load, with its processes, its
 * Redis and the primary of its database killed, frozen, emptied and cut off, so many rounds of each. Prints a line per
 * round and a table; exits with 1 when anything was lost, doubled or stuck, or told untruly.
 */
const USAGE = `npm run chaos [-- --rounds 10] [--only ${FAULT_NAMES[0]},redis] [--seed 1]; the faults: ${FAULT_NAMES.join(', ')}`;

const LENGTHS: Lengths = {
  around: [1_000, 3_000],
  away: [500, 8_000],
  frozen: [2_000, 15_000],
  redisFrozen: [60_000, 60_000],
  deposed: [500, 8_000],
  flushes: 20,
};
const END_MS_MAX = 120_000;
const SHOWN_MAX = 20;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

interface Options {
  readonly rounds: number;
  readonly seed: number;
  readonly faults: readonly FaultName[];
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string' },
      only: { type: 'string' },
      seed: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const rounds = Number(values.rounds ?? 10);
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const only = values.only?.split(',') ?? [''];
  const faults = FAULT_NAMES.filter((name) => only.some((beginning) => name.startsWith(beginning)));
  const isGood = Number.isInteger(rounds) && rounds > 0 && Number.isInteger(seed) && faults.length > 0;
  return isGood && !values.help ? { rounds, seed, faults } : null;
}

function shuffled<T>(seed: number, all: readonly T[]): T[] {
  const random = seededRandom(seed);
  const left = [...all];
  return all.map(() => left.splice(random.between(0, left.length - 1), 1)[0] as T);
}

/** A lap is one round of each fault, in an order of its own, on a fresh cluster. */
async function lap(scene: Scene, seed: number, faults: readonly FaultName[], told: Told): Promise<void> {
  for (const [index, fault] of shuffled(seed, faults).entries()) {
    const round = await scene.round(seed + index, [fault]);
    const isHarmless = told(seed + index, fault, round, await scene.hear());
    if (isHarmless) continue;
    console.error(scene.lastWords());
    return;
  }
}

type Told = (seed: number, fault: FaultName, round: Round, hearing: Hearing) => boolean;

async function main(): Promise<void> {
  const options = readOptions();
  const [mongod, redisServer] = [findMongod(), findRedis()];
  if (options === null || mongod === null || redisServer === null) {
    console.error(options === null ? USAGE : 'no mongod or no redis-server: node test/support/servers.mjs says more');
    process.exitCode = 2;
    return;
  }
  const table = createTable();
  const found: string[] = [];
  const told: Told = (seed, fault, round, hearing) => {
    const harm: Harm[] = [...round.harm, ...hearing.harm];
    console.log(JSON.stringify(table.add({ seed, fault, round, hearing, harm })));
    const sentences = harm.map(({ kind, sentence }) => `seed ${seed}, ${fault}, ${kind}: ${sentence}`);
    for (const sentence of sentences.slice(0, SHOWN_MAX)) console.error(sentence);
    found.push(...sentences);
    return harm.length === 0;
  };
  for (let count = 0; count < options.rounds && found.length === 0; count += 1) {
    const scene = await openScene({
      ...{ mongod, redisServer, lengths: LENGTHS, endMsMax: END_MS_MAX },
      ...{ merchants: 3, payers: 2 },
    });
    const stop = (): void => void scene.close().finally(() => process.exit(130));
    for (const signal of SIGNALS) process.once(signal, stop);
    try {
      await lap(scene, options.seed + 100 * count, options.faults, told);
    } finally {
      for (const signal of SIGNALS) process.off(signal, stop);
      await scene.close();
    }
  }
  console.log(table.text());
  process.exitCode = found.length > 0 ? 1 : 0;
}

await main();
