/** `kill -9` at random under load: nothing acknowledged is lost, nothing is charged twice, and all comes to rest. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { openScene, type Scene } from './kills.js';

const seed = Date.now() % 1_000_000;
const KILLS = 18;
const KILLS_INSIDE = 4;
const REST_SECONDS_MAX = 15;

/** Long enough for a webhook that a killed process had claimed: its lease is thirty seconds. */
const HEAR_MS_MAX = 45_000;

describe(`kill -9 (seed ${seed})`, () => {
  let outside: Scene;
  let inside: Scene;
  beforeAll(async () => {
    prepare();
    outside = await openScene({ seed, kills: KILLS, merchants: 80, payers: 25, sandbox: 'outside' });
    inside = await openScene({ seed: seed + 1, kills: KILLS_INSIDE, merchants: 40, payers: 12, sandbox: 'inside' });
  }, 60_000);
  afterAll(async () => {
    await outside?.close();
    await inside?.close();
  });

  async function surviveAll(scene: Scene, kills: number): Promise<void> {
    const { wrong, figures } = await scene.run();
    console.log(`seed ${seed}: ${JSON.stringify(figures)}`);
    expect(wrong).toEqual([]);
    expect(figures.kills).toBe(kills);
    expect(figures.restSeconds).toBeLessThan(REST_SECONDS_MAX);
    expect(figures.payments).toBeGreaterThan(2 * kills);
  }

  it('loses nothing and charges nothing twice', { timeout: 120_000 }, () => surviveAll(outside, KILLS));

  it('loses nothing when the sandbox dies with it', { timeout: 60_000 }, () => surviveAll(inside, KILLS_INSIDE));

  it('tells every event, those from before a kill included, under one id', { timeout: 60_000 }, async () => {
    for (const scene of [outside, inside]) {
      const { wrong, events, received } = await scene.hearEverything(HEAR_MS_MAX);
      console.log(`${events} events, ${received} received`);
      expect(wrong).toEqual([]);
      expect(events).toBeGreaterThan(0);
    }
  });
});
