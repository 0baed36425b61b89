import type { Log } from '../../src/contracts/log.js';

/** A log that keeps what it was told, for tests that must not speak. */
export function silentLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (message: string): void => {
    lines.push(message);
  };
  return { lines, debug: keep, info: keep, warn: keep, error: keep };
}
