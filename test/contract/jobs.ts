import { afterEach, describe, expect, it } from 'vitest';
import type { Duty, Jobs } from '../../src/contracts/jobs.js';

/** What stands ready to look after a duty: in one process, or in two of which one only tells the other. */
export interface JobsUnderTest {
  /** Runs the duty. */
  readonly runner: Jobs;
  /** Tells of what is due; the same, or another process. */
  readonly teller: Jobs;
  close(): Promise<void>;
}

const PATIENCE_MS = 4_000;

async function until(isSo: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!isSo() && Date.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isSo()).toBe(true);
}

/** What all jobs must keep, in real time: what is due is done, nothing runs twice at once, and nobody runs hot. */
export function proveJobs(name: string, make: (duty: Duty) => Promise<JobsUnderTest>): void {
  describe(`${name} jobs`, () => {
    let under: JobsUnderTest | undefined;
    afterEach(async () => {
      await under?.runner.stop();
      await under?.close();
    });

    async function begin(answer: (runs: number) => number | null, takesMs = 0) {
      const seen = { runs: 0, atOnce: 0, most: 0 };
      const run = async (): Promise<number | null> => {
        seen.runs += 1;
        seen.atOnce += 1;
        seen.most = Math.max(seen.most, seen.atOnce);
        await new Promise((resolve) => setTimeout(resolve, takesMs));
        seen.atOnce -= 1;
        return answer(seen.runs);
      };
      under = await make({ name: 'test', run });
      return { seen, ...under };
    }

    it('do nothing before they are started, then what is due at once', async () => {
      const { seen, runner } = await begin(() => null);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(seen.runs).toBe(0);
      runner.start();
      await until(() => seen.runs === 1);
    });

    it('come back when the duty says so, and when somebody else does', async () => {
      const { seen, runner, teller } = await begin((runs) => (runs < 3 ? Date.now() + 150 : null));
      runner.start();
      await until(() => seen.runs >= 3);
      const before = seen.runs;
      teller.wake(Date.now() + 50);
      await until(() => seen.runs > before);
    });

    it('run one at a time, and not hot, however often they are woken', async () => {
      const { seen, runner, teller } = await begin(() => 0, 20);
      runner.start();
      for (let wake = 0; wake < 200; wake += 1) teller.wake(Date.now());
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(seen.most).toBe(1);
      expect(seen.runs).toBeGreaterThan(1);
      expect(seen.runs).toBeLessThan(60);
    });

    it('try again after a failure', async () => {
      const { seen, runner } = await begin((runs) => {
        if (runs === 1) throw new Error('the disk is full');
        return null;
      });
      runner.start();
      await until(() => seen.runs > 1);
    });

    it('stop', async () => {
      const { seen, runner, teller } = await begin(() => null);
      runner.start();
      await until(() => seen.runs === 1);
      await runner.stop();
      const { runs } = seen;
      teller.wake(Date.now());
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(seen.runs).toBe(runs);
    });
  });
}
