import type { Clock } from '../contracts/clock.js';
import type { Ids } from '../contracts/ids.js';
import type { Duty } from '../contracts/jobs.js';
import type { Log } from '../contracts/log.js';
import type { WorkerKeys } from '../contracts/store.js';
import { type KeyPair, newKeyPair, openCode, recipientsOf, sealCode } from './code_seal.js';

/** How long a worker that has gone silent is still sealed to, and how often one that lives says so. */
const LIVES_MS = 15_000;
const RENEWED_EVERY_MS = 4_000;
/** How long a pair is announced, and how long it opens what was sealed to it before. */
const REPLACED_EVERY_MS = 3_600_000;
const OPENS_FOR_MS = 16 * 60_000;
const ID_BITS = 80;

/** How security codes reach the processes that send. */
export interface CodeSeal {
  /** Null while no worker lives. @throws StoreFailure */
  seal(token: string, code: string): Promise<Buffer | null>;
  /** Null when it was sealed to nobody in this process. */
  open(token: string, sealed: Buffer): string | null;
  /** True while a worker lives to whom it was sealed. @throws StoreFailure */
  hasLivingHolder(sealed: Buffer): Promise<boolean>;
}

export interface CodeKeyPorts {
  readonly workers: WorkerKeys;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'token'>;
  readonly log: Log;
}

/** Of a process that does not send: seals, and opens nothing. */
export function createCodeSealer({ workers, clock }: Pick<CodeKeyPorts, 'workers' | 'clock'>): CodeSeal {
  return {
    async seal(token, code) {
      const living = await workers.live(clock.now());
      return living.length === 0 ? null : sealCode(token, code, living);
    },
    open: () => null,
    hasLivingHolder: (sealed) => isAnyAlive(recipientsOf(sealed), { workers, clock }),
  };
}

async function isAnyAlive(
  holders: readonly string[],
  { workers, clock }: Pick<CodeKeyPorts, 'workers' | 'clock'>,
): Promise<boolean> {
  return (await workers.live(clock.now())).some(({ id }) => holders.includes(id));
}

export interface CodeKeys extends CodeSeal {
  /** Announces this process's key again, in time, and a new one every hour. */
  readonly duty: Duty;
  /** Nothing more is to be sealed to this process. */
  withdraw(): Promise<void>;
}

/** Of a process that sends: seals, and opens what was sealed to a pair that its memory holds. */
export function createCodeKeys(ports: CodeKeyPorts): CodeKeys {
  const { workers, clock, ids, log } = ports;
  /** The newest first: that one is announced. */
  let pairs: { readonly pair: KeyPair; readonly madeAt: number }[] = [];

  function current(now: number): KeyPair {
    const [newest] = pairs;
    if (newest !== undefined && now < newest.madeAt + REPLACED_EVERY_MS) return newest.pair;
    const pair = newKeyPair(ids.token(ID_BITS));
    pairs = [{ pair, madeAt: now }, ...pairs];
    return pair;
  }

  async function announce(): Promise<number> {
    const now = clock.now();
    const { id, publicKey } = current(now);
    await workers.announce({ id, publicKey, endsAt: now + LIVES_MS });
    pairs = pairs.filter(({ madeAt }) => now < madeAt + REPLACED_EVERY_MS + OPENS_FOR_MS);
    return now + RENEWED_EVERY_MS;
  }

  return {
    ...createCodeSealer(ports),
    open(token, sealed) {
      try {
        return openCode(
          token,
          sealed,
          pairs.map(({ pair }) => pair),
        );
      } catch (error) {
        // Lost for the payment as if nobody had it: the payer is asked again.
        log.error('a sealed security code could not be opened', { error });
        return null;
      }
    },
    hasLivingHolder(sealed) {
      // What this process should open and cannot is nobody's.
      const others = recipientsOf(sealed).filter((holder) => pairs.every(({ pair }) => pair.id !== holder));
      return isAnyAlive(others, ports);
    },
    duty: { name: 'worker keys', run: announce },
    async withdraw() {
      for (const { pair } of pairs) await workers.withdraw(pair.id);
    },
  };
}
