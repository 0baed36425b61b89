import type { Clock } from '../../contracts/clock.js';

/** What Twilio's debugger would list: something that an application did wrong. */
export interface Problem {
  readonly at: number;
  /** Twilio's own number for it; 0 where none is known. */
  readonly code: number;
  readonly text: string;
  readonly url: string;
}

export interface Problems {
  note(code: number, text: string, url: string): void;
  list(): readonly Problem[];
  clear(): void;
}

const KEPT_MAX = 500;

export function createProblems(clock: Clock): Problems {
  let kept: Problem[] = [];
  return {
    note(code, text, url) {
      kept.push({ at: clock.now(), code, text, url });
      if (kept.length > KEPT_MAX) kept.shift();
    },
    list: () => [...kept],
    clear() {
      kept = [];
    },
  };
}
