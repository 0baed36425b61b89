import type { Guards } from '../contracts/store.js';

/** As long as the provider waits for an answer; what comes again after that finds it done, or does it after all. */
const UNDER_WAY_MS = 15_000;
/** For how long a message is known: its signature has no end, so whoever has seen one could send it again. */
const KNOWN_MS = 366 * 86_400_000;

/**
 * Does what a message asks for once: a double changes nothing and gets no answer, be it in the same instant or months later.
 * What failed or was cut off is done when the message comes again.
 */
export function createOnce(guards: Pick<Guards, 'raise' | 'read' | 'clear'>, clock: { now(): number }) {
  return async <Answer>(message: string, work: () => Promise<Answer>): Promise<Answer | null> => {
    const [underWay, done] = [`text-began:${message}`, `text-done:${message}`];
    if ((await guards.raise(underWay, UNDER_WAY_MS, clock.now())).count > 1) return null;
    if ((await guards.read(done, clock.now())) > 0) return null;
    try {
      const answer = await work();
      await guards.raise(done, KNOWN_MS, clock.now());
      return answer;
    } catch (error) {
      // Should this fail too, it ends by itself.
      await guards.clear(underWay).catch(() => undefined);
      throw error;
    }
  };
}
