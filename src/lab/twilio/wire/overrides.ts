/** How one address wants to be called: connection overrides in its fragment, `#rc=2&rp=all`. */
export interface Overrides {
  readonly connectMs: number;
  readonly readMs: number;
  /** All tries together. */
  readonly totalMs: number;
  readonly retries: number;
  readonly retryOn: readonly RetryOn[];
}

/** What a request may fail of: a status, no connection, no answer in time. */
export type RetryOn = '4xx' | '5xx' | 'ct' | 'rt';

const POLICIES: readonly string[] = ['4xx', '5xx', 'ct', 'rt'] satisfies RetryOn[];
const READ_MS_MAX = 15_000;

/** Those of the fragment, and Twilio's own where it says nothing or nonsense; `wrong` names the nonsense. */
export function readOverrides(address: string): Overrides & { readonly wrong: readonly string[] } {
  const at = address.indexOf('#');
  const fragment = new URLSearchParams(at === -1 ? '' : address.slice(at + 1));
  const wrong: string[] = [];

  function number(name: string, min: number, max: number, instead: number): number {
    const given = fragment.get(name);
    if (given === null) return instead;
    const value = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN;
    if (value >= min && value <= max) return value;
    wrong.push(`${name}=${given}`);
    return instead;
  }

  function policies(): RetryOn[] {
    const given = (fragment.get('rp') ?? 'ct').split(',');
    if (given.includes('all')) return POLICIES as RetryOn[];
    for (const policy of given) if (!POLICIES.includes(policy)) wrong.push(`rp=${policy}`);
    return given.filter((policy): policy is RetryOn => POLICIES.includes(policy));
  }

  return {
    connectMs: number('ct', 100, 10_000, 5_000),
    readMs: number('rt', 100, READ_MS_MAX, READ_MS_MAX),
    totalMs: number('tt', 100, READ_MS_MAX, READ_MS_MAX),
    retries: number('rc', 0, 5, 1),
    retryOn: policies(),
    wrong,
  };
}
