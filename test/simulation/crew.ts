import type { Engine } from '../../src/contracts/engine.js';
import type { Handover } from '../../src/contracts/jobs.js';
import type { Boundary, Life } from './process.js';
import type { Random } from './random.js';
import type { Time } from './time.js';

/** What stands between the processes of a cluster: a queue that loses, doubles and delays, and codes sealed to the workers. */
export interface Crew {
  /** From now on what a payer types in this process is sealed to the workers that live. */
  sealWhatIsTyped(life: Life): void;
  /** Who was to open it; nobody where it was sealed to none. */
  holdersOf(token: string): readonly Life[];
  /** As the process behind this boundary reaches it. */
  handover(boundary: Boundary): Handover;
}

const SILENCE_MS = 200;

interface Worker {
  readonly engine: Engine;
  readonly life: Life;
}

export function modelCrew(time: Time, random: Random, workers: () => readonly Worker[]): Crew {
  /** To whom each code was sealed last. */
  const sealedTo = new Map<string, readonly Life[]>();

  function deliverLater(payment: string): void {
    if (random.chance(0.15)) return;
    const copies = random.chance(0.2) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delayMs = random.chance(0.1) ? random.between(1_000, 60_000) : random.between(1, 50);
      // Whoever is a worker then; one that is dead takes nothing.
      time.at(
        time.now() + delayMs,
        () =>
          void random
            .pick(workers())
            .engine.claim(payment)
            .catch(() => undefined),
      );
    }
  }

  return {
    sealWhatIsTyped(life) {
      const keep = life.codes.add.bind(life.codes);
      life.codes.add = (token) => {
        for (const before of sealedTo.get(token) ?? []) before.sealed.delete(token);
        const living = workers().flatMap((worker) => (worker.life.isAlive ? [worker.life] : []));
        for (const recipient of living) recipient.sealed.add(token);
        sealedTo.set(token, living);
        return keep(token);
      };
    },
    holdersOf: (token) => sealedTo.get(token) ?? [],
    handover: (boundary) => ({
      async offer(payment) {
        await boundary.pass();
        const isRefused = random.chance(0.2);
        // Refused or silent, and perhaps heard all the same.
        if (!isRefused || random.chance(0.3)) deliverLater(payment);
        const answersAt = time.now() + (isRefused ? SILENCE_MS : random.between(1, 5));
        await new Promise<void>((resolve) => void time.at(answersAt, resolve));
        await boundary.pass();
        return !isRefused;
      },
    }),
  };
}
