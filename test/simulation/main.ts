import { playSeed, START, type Verdict } from './run.js';
import { sqliteStores } from './stores.js';

/**
 * `npm run simulate -- --seeds 20000 [--from 1]` plays seeds; `-- --seed 123` replays one; `--cluster` has one process hand
 * over to the other, and `--mongodb` keeps the payments in MongoDB. Exits with 1 at the first finding, printing the seed.
 */
const arguments_ = process.argv.slice(2);
const option = (name: string): number | undefined => {
  const index = arguments_.indexOf(`--${name}`);
  return index < 0 ? undefined : Number(arguments_[index + 1]);
};
const shape = arguments_.includes('--cluster') ? 'cluster' : 'embedded';
const ways = arguments_.filter((word) => word === '--cluster' || word === '--mongodb');
const only = option('seed');
const first = only ?? option('from') ?? 1;
const count = only === undefined ? (option('seeds') ?? 20_000) : 1;
// Loaded only where it is played on: the driver takes longer than many seeds.
const stores = arguments_.includes('--mongodb')
  ? await (await import('./mongo_stores.js')).mongoStores()
  : sqliteStores();
const SEEDS_PER_LINE = 1_000;
/**
 * Each seed lives before the ones already in its store, so that nothing they left behind comes due in it, and at a time of its
 * own, whatever was played before.
 */
const SEED_MS = 2 * 3_600_000;

const totals = { payments: 0, commits: 0, kills: 0 };
const ends = new Map<string, number>();
let store = await stores.open();
const begun = process.hrtime.bigint();

function find(seed: number, wrong: readonly string[]): never {
  console.error(
    `seed ${seed}:\n  ${wrong.slice(0, 8).join('\n  ')}\nreplay it with: npm run simulate -- ${ways.map((way) => `${way} `).join('')}--seed ${seed}`,
  );
  process.exit(1);
}

function note(counts: Verdict['counts'], statuses: readonly string[]): void {
  totals.payments += counts.payments;
  totals.commits += counts.commits;
  totals.kills += counts.kills;
  for (const status of statuses) ends.set(status, (ends.get(status) ?? 0) + 1);
}

let playing = first;
const thrown = (error: unknown): never =>
  find(playing, [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
process.on('uncaughtException', thrown);
process.on('unhandledRejection', thrown);

for (let seed = first - (first % stores.seedsPerStore); seed < first + count; seed++) {
  playing = seed;
  const { wrong, counts, statuses } = await playSeed(
    seed,
    store,
    START - (seed % stores.seedsPerStore) * SEED_MS,
    shape,
  );
  if (seed >= first) note(counts, statuses);
  if (wrong.length > 0) find(seed, wrong);
  if (seed % stores.seedsPerStore === stores.seedsPerStore - 1) {
    await store.close();
    store = await stores.open();
  }
  if (seed >= first && (seed - first) % SEEDS_PER_LINE === SEEDS_PER_LINE - 1) console.log(`${seed - first + 1} seeds`);
}
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
console.log(
  `${count} seeds, ${totals.payments} payments, ${totals.commits} commits, ${totals.kills} kills, ${seconds.toFixed(1)} s`,
);
console.log([...ends].map(([status, number]) => `${status} ${number}`).join(', '));
await store.close();
await stores.close();
