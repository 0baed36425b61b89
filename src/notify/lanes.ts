const TROUBLED_MAX = 10_000;

/** Who may send now: a bound over all, and one per endpoint, so that one slow receiver does not hold up the others. */
export interface Lanes {
  /** How many sends may begin now, over all endpoints. */
  free(): number;
  /** Endpoints that may begin none. */
  full(): string[];
  /** Takes a place, if there is one. */
  enter(endpoint: string): boolean;
  /** Gives the place back; an endpoint whose last try failed has a single place until one succeeds. Null: nothing was learned. */
  leave(endpoint: string, succeeded: boolean | null): void;
}

export function createLanes(bounds: { readonly total: number; readonly perEndpoint: number }): Lanes {
  const busy = new Map<string, number>();
  const troubled = new Set<string>();
  let total = 0;

  const widthOf = (endpoint: string) => (troubled.has(endpoint) ? 1 : bounds.perEndpoint);

  return {
    free: () => bounds.total - total,
    full: () => [...busy].filter(([endpoint, count]) => count >= widthOf(endpoint)).map(([endpoint]) => endpoint),
    enter(endpoint) {
      const count = busy.get(endpoint) ?? 0;
      if (total >= bounds.total || count >= widthOf(endpoint)) return false;
      busy.set(endpoint, count + 1);
      total += 1;
      return true;
    },
    leave(endpoint, succeeded) {
      const count = busy.get(endpoint) ?? 0;
      if (count > 1) busy.set(endpoint, count - 1);
      else busy.delete(endpoint);
      total -= 1;
      if (succeeded === true) troubled.delete(endpoint);
      else if (succeeded === false && troubled.size < TROUBLED_MAX) troubled.add(endpoint);
    },
  };
}
