import { openScene, type Plan } from './kills.js';

/**
 * `npm run kill -- --kills 1000 [--seed 1] [--inside]` kills the real process under load so often and checks that no
 * money was lost or taken twice; `--inside` kills the sandbox with it. Exits with 1 when anything is wrong.
 */
const arguments_ = process.argv.slice(2);
const option = (name: string, otherwise: number): number => {
  const index = arguments_.indexOf(`--${name}`);
  return index < 0 ? otherwise : Number(arguments_[index + 1]);
};
/** A house is audited after so many kills, and the next ones are of a fresh one. */
const KILLS_PER_HOUSE = 100;
const HEAR_MS_MAX = 60_000;

const kills = option('kills', 100);
const firstSeed = option('seed', Date.now() % 1_000_000);
const sandbox = arguments_.includes('--inside') ? 'inside' : 'outside';
const totals = { kills: 0, payments: 0, requests: 0, events: 0, seconds: 0, restSecondsMax: 0 };
const wrong: string[] = [];

async function oneHouse(plan: Plan): Promise<void> {
  const scene = await openScene(plan);
  try {
    const { wrong: found, figures } = await scene.run();
    const heard = await scene.hearEverything(HEAR_MS_MAX);
    wrong.push(...[...found, ...heard.wrong].map((sentence) => `seed ${plan.seed}: ${sentence}`));
    totals.kills += figures.kills;
    totals.payments += figures.payments;
    totals.requests += figures.requests;
    totals.events += heard.events;
    totals.seconds += figures.seconds;
    totals.restSecondsMax = Math.max(totals.restSecondsMax, figures.restSeconds);
    console.log(`seed ${plan.seed}: ${JSON.stringify({ ...figures, events: heard.events })}`);
  } finally {
    await scene.close();
  }
}

for (let seed = firstSeed; totals.kills < kills && wrong.length === 0; seed += 1) {
  const left = Math.min(KILLS_PER_HOUSE, kills - totals.kills);
  await oneHouse({ seed, kills: left, merchants: 30, payers: 12, sandbox });
}
console.log(JSON.stringify(totals));
for (const sentence of wrong.slice(0, 20)) console.error(sentence);
process.exitCode = wrong.length > 0 ? 1 : 0;
