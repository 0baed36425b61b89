/** The one door for time: real in production, virtual in simulations. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Calls `action` once, not before `at` (milliseconds since the epoch); the answer cancels it. */
  at(at: number, action: () => void): () => void;
}

/** RFC 3339 in UTC with milliseconds, the only way times are written outside. */
export function rfc3339(at: number): string {
  return new Date(at).toISOString();
}
