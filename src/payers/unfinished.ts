import type { Clock } from '../contracts/clock.js';
import type { Log } from '../contracts/log.js';
import type { MailDesk } from '../contracts/mail.js';
import type { AccountNews, Payer, Unfinished } from '../contracts/payer.js';
import type { Payers } from '../contracts/store.js';
import type { CardKeeper } from './card_keeper.js';

/**
 * What a change of the account causes outside its document: vault records are destroyed, and the account's own contact is
 * told. It is written down in the commit of the change and done right after it; what a crash or a failure leaves is taken
 * up by the sweep. All of it may be done twice.
 */
export interface Finishing {
  /** Does what a commit left to be done. It never fails: the change is made, and what remains comes up again. */
  finish(payer: Payer): Promise<void>;
  /** Takes up what is due. */
  sweep(): Promise<void>;
}

export interface FinishingPorts {
  readonly store: { readonly payers: Pick<Payers, 'due'> };
  readonly cards: Pick<CardKeeper, 'destroy'>;
  readonly tell: MailDesk['accountChanged'];
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Compare-and-swap that leaves `updatedAt`: nothing of it is to be seen outside. */
  replace(id: string, decide: (payer: Payer) => Payer | null): Promise<Payer>;
}

/** Longer than whoever made the change needs for the rest of it; also the pause between two tries. */
const AGAIN_AFTER_MS = 60_000;
/** Older news help nobody. */
const NEWS_MS = 86_400_000;
const AT_ONCE = 100;

const NOTHING: Omit<Unfinished, 'dueAt'> = { destroy: [], tell: [] };

/** The payer with vault records that are to be destroyed once it is committed. */
export function andDestroy(payer: Payer, records: readonly string[], now: number): Payer {
  if (records.length === 0) return payer;
  const { destroy, tell } = payer.unfinished ?? NOTHING;
  const all = [...new Set([...destroy, ...records])];
  return { ...payer, unfinished: { destroy: all, tell, dueAt: now + AGAIN_AFTER_MS } };
}

/** The payer with a change that its contact is to be told of once it is committed, as the next revision. */
export function andTell(
  payer: Payer,
  { what, about = null, to = null }: Pick<AccountNews, 'what'> & Partial<AccountNews>,
  now: number,
): Payer {
  const { destroy, tell } = payer.unfinished ?? NOTHING;
  const news: AccountNews = { what, about, to, revision: payer.revision + 1, at: now };
  return { ...payer, unfinished: { destroy, tell: [...tell, news], dueAt: now + AGAIN_AFTER_MS } };
}

export function createFinishing({ store, cards, tell, clock, log, replace }: FinishingPorts): Finishing {
  async function tried(payer: Payer, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      log.warn('what follows from a change of an account is not done yet', { payer: payer.id, error });
      return false;
    }
  }

  async function finish(payer: Payer): Promise<void> {
    const { destroy, tell: news } = payer.unfinished ?? NOTHING;
    const destroyed = new Set<string>();
    const told = new Set<string>();
    for (const record of destroy) if (await tried(payer, () => cards.destroy(record))) destroyed.add(record);
    for (const one of news) {
      const { what, about, to, revision, at } = one;
      const isOld = clock.now() - at > NEWS_MS;
      const isTold = isOld || (await tried(payer, () => tell({ ...payer, revision }, what, about, to)));
      if (isTold) told.add(nameOf(one));
    }
    await tried(payer, async () => {
      await replace(payer.id, (stored) => {
        if (stored.unfinished == null) return null;
        const left = stored.unfinished.destroy.filter((record) => !destroyed.has(record));
        const untold = stored.unfinished.tell.filter((one) => !told.has(nameOf(one)));
        const isDone = left.length + untold.length === 0;
        const dueAt = clock.now() + AGAIN_AFTER_MS;
        return { ...stored, unfinished: isDone ? null : { destroy: left, tell: untold, dueAt } };
      });
    });
  }

  return {
    async finish(payer) {
      if (payer.unfinished != null) await finish(payer);
    },
    async sweep() {
      for (const payer of await store.payers.due(clock.now(), AT_ONCE)) await finish(payer);
    },
  };
}

/** One commit tells one address once. */
function nameOf({ what, about, to, revision }: AccountNews): string {
  return JSON.stringify([revision, what, about, to]);
}
