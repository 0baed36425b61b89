/** What a fault can be put on: a call or a message that is created over REST, any other REST request, or a webhook. */
export const FAULT_POINTS = ['message', 'call', 'rest', 'webhook', 'status'] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

export const FAULTS = {
  /** REST, and webhooks: it is done, and the answer never arrives. */
  lost_answer: ['message', 'call', 'rest', 'webhook'],
  /** The connection is cut before anything is done. */
  lost_request: ['message', 'call', 'rest', 'webhook'],
  /** It is done, and answered after `ms`. */
  slow: ['message', 'call', 'rest'],
  /** 503, and nothing is done. */
  down: ['message', 'call', 'rest'],
  /** 429 with 20429, and nothing is done. */
  rate_limited: ['message', 'call', 'rest'],
  /** 400 with `code`, and nothing is done. */
  refused: ['message', 'call'],
  /** It is taken and sent, and ends so, with `code`. */
  undelivered: ['message'],
  failed: ['message', 'call'],
  /** It arrives, and nobody is told. */
  no_callback: ['message', 'call'],
  /** The news comes in the wrong order, the last one first. */
  callbacks_reversed: ['message', 'call'],
  /** Everything is said twice. */
  doubled: ['message', 'call', 'webhook', 'status'],
} as const satisfies Readonly<Record<string, readonly FaultPoint[]>>;
export type FaultName = keyof typeof FAULTS;

export interface Fault {
  readonly on: FaultPoint;
  readonly fault: FaultName;
  /** Twilio's error, where one is given: 30003 and the like. */
  readonly code?: number;
  readonly ms?: number;
  /** How often it still happens; once unless said. */
  readonly count?: number;
  /** Only to this number, or webhook path; any unless said. */
  readonly to?: string;
}

export interface Faults {
  /** @throws RangeError for a fault that cannot happen there */
  program(fault: Fault): void;
  /** The fault that happens now, used up by it; null for none. The oldest that fits comes first. */
  take(on: FaultPoint, to: string): Fault | null;
  list(): readonly Fault[];
  clear(): void;
}

/** Programmed faults live in memory: a restart heals. */
export function createFaults(): Faults {
  let programmed: Fault[] = [];
  return {
    program(fault) {
      const points: readonly FaultPoint[] = Object.hasOwn(FAULTS, fault.fault) ? FAULTS[fault.fault] : [];
      if (!points.includes(fault.on)) throw new RangeError(`${fault.fault} does not happen to a ${fault.on}`);
      programmed.push(fault);
    },
    take(on, to) {
      const index = programmed.findIndex((fault) => fault.on === on && (fault.to === undefined || fault.to === to));
      const found = programmed[index];
      if (found === undefined) return null;
      const left = (found.count ?? 1) - 1;
      if (left > 0) programmed[index] = { ...found, count: left };
      else programmed.splice(index, 1);
      return found;
    },
    list: () => [...programmed],
    clear() {
      programmed = [];
    },
  };
}
