import { describe, expect, test } from 'vitest';
import type { Log } from '../../src/contracts/log.js';
import { createLocalJobs } from '../../src/jobs/local.js';
import { virtualTime } from '../simulation/time.js';

/** What is due is done when it is due, after a wake-up earlier, after a failure again, and never in a hot loop. */

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

function working(answers: (now: number) => number | null) {
  const time = virtualTime(1_000);
  const runs: number[] = [];
  const run = async (): Promise<number | null> => {
    runs.push(time.now());
    return answers(time.now());
  };
  const jobs = createLocalJobs(time, silent, { name: 'test', run }, () => 5_000);
  return { time, runs, jobs };
}

describe('local jobs', () => {
  test('begin at once, and come back when something is due', async () => {
    const { time, runs, jobs } = working((now) => (now < 3_000 ? 3_000 : null));
    jobs.start();
    await time.runUntil(4_000);
    expect(runs).toEqual([1_000, 3_000]);
  });

  test('do nothing before they are started', async () => {
    const { time, runs, jobs } = working(() => null);
    jobs.wake(1_500);
    await time.runUntil(20_000);
    expect(runs).toEqual([]);
  });

  test('are woken earlier, and not by what is later', async () => {
    const { time, runs, jobs } = working(() => null);
    jobs.start();
    await time.runUntil(1_100);
    jobs.wake(1_500);
    jobs.wake(4_000);
    await time.runUntil(5_000);
    expect(runs).toEqual([1_000, 1_500]);
  });

  test('look anyway, in case nobody told them', async () => {
    const { time, runs, jobs } = working(() => null);
    jobs.start();
    await time.runUntil(12_000);
    expect(runs).toEqual([1_000, 6_000, 11_000]);
  });

  test('do not run hot over what makes no progress', async () => {
    const { time, runs, jobs } = working(() => 0);
    jobs.start();
    await time.runUntil(2_000);
    expect(runs.length).toBeLessThanOrEqual(51);
  });

  test('try again after a failure', async () => {
    const time = virtualTime(1_000);
    let runs = 0;
    const run = async (): Promise<null> => {
      runs += 1;
      if (runs === 1) throw new Error('the disk is full');
      return null;
    };
    const jobs = createLocalJobs(time, silent, { name: 'test', run }, () => 60_000);
    jobs.start();
    await time.runUntil(3_000);
    expect(runs).toBe(2);
  });

  test('stop', async () => {
    const { time, runs, jobs } = working((now) => now + 100);
    jobs.start();
    await time.runUntil(1_250);
    await jobs.stop();
    await time.runUntil(9_000);
    expect(runs).toEqual([1_000, 1_100, 1_200]);
  });
});
