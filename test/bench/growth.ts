import type { Payment } from '../../src/contracts/payment.js';
import type { PaymentCommit, Store } from '../../src/contracts/store.js';
import { createIds } from '../../src/ids.js';

/** The merchant of the first start. */
export const MERCHANT = 'mer_demo';

/** How the store carries many payments: fills it with copies of real ones, and times what it is asked. */

const DAY_MS = 86_400_000;
/** Copies are spread over so many days before today, as a shop's payments are. */
const DAYS = 90;
const AT_ONCE = 256;
/** Of so many payments one is open: its expiry lies ahead, in the index of what is due. */
const OPEN_ONE_IN = 20;

/** Microseconds of each, as the median of many. */
export type Timings = Readonly<Record<string, number>>;

const where = { merchant: MERCHANT, mode: 'test' } as const;

/** Adds copies of the newest paid and the newest open payment until `count` are stored; answers how many were added. */
export async function fill(store: Store, count: number): Promise<number> {
  const paid = await templateOf(store, 'succeeded');
  const open = await templateOf(store, 'requires_payment_method');
  const stored = await countOf(store, count);
  const missing = Math.max(0, count - stored);
  const now = Date.now();
  for (let begun = 0; begun < missing; begun += AT_ONCE) {
    const members = Math.min(AT_ONCE, missing - begun);
    await Promise.all(
      Array.from({ length: members }, (_, member) => {
        const index = begun + member;
        const at = now - Math.floor(((missing - index) * DAYS * DAY_MS) / missing);
        return store.payments.commit(copyOf(index % OPEN_ONE_IN === 0 ? open : paid, at, `COPY-${stored + index}`));
      }),
    );
  }
  return missing;
}

interface Template {
  readonly payment: Payment;
  /** The commit as JSON text: every id in it stands for a fresh one. */
  readonly text: string;
}

async function templateOf(store: Store, status: Payment['status']): Promise<Template> {
  const { data } = await store.payments.list({ ...where, status, limit: 1 });
  const [payment] = data;
  if (payment === undefined) throw new Error(`no payment that is ${status} to copy`);
  const entries = await store.feed.ofPayment(payment.id);
  const objects = Object.fromEntries(entries.map(({ event, data: object }) => [event.object, JSON.parse(object)]));
  const feed = {
    ...where,
    payment: payment.id,
    events: entries.map(({ event }) => event),
    data: JSON.stringify(objects),
  };
  return { payment, text: JSON.stringify({ payment: { ...payment, code: null }, feed }) };
}

function copyOf(
  { payment: { reference, createdAt }, text }: Template,
  at: number,
  newReference: string,
): PaymentCommit {
  const ids = createIds({ clock: { now: () => at } });
  const fresh = new Map<string, string>();
  const renamed = text.replaceAll(/\b(pay|att|opn|evt)_\w{26}/g, (id, prefix: 'pay' | 'att' | 'opn' | 'evt') => {
    const known = fresh.get(id) ?? ids.next(prefix);
    fresh.set(id, known);
    return known;
  });
  const { payment, feed } = JSON.parse(renamed.replaceAll(reference, newReference)) as PaymentCommit;
  const moved = { ...payment, revision: 1, createdAt: at, updatedAt: at + payment.updatedAt - createdAt };
  return { payment: moved, feed, claims: [], releases: [], codeFreeAt: null };
}

/** How many there are, counted up to `most`. */
async function countOf(store: Store, most: number): Promise<number> {
  let count = 0;
  let after: string | undefined;
  do {
    const page: { data: Payment[]; next: string | null } = await store.payments.list({
      ...where,
      limit: 1_000,
      ...(after === undefined ? {} : { after }),
    });
    count += page.data.length;
    after = page.next ?? undefined;
  } while (after !== undefined && count < most);
  return count;
}

const ROUNDS = 300;

/** Times what the house asks its store all day, each on payments spread over the whole of it. */
export async function timeStore(store: Store): Promise<Timings> {
  const sample = await spreadOver(store);
  const pick = (round: number): Payment => sample[(round * 7_919) % sample.length] as Payment;
  const head = await store.feed.head(MERCHANT, 'test');
  const questions: Readonly<Record<string, (round: number) => Promise<unknown>>> = {
    'read by id': (round) => store.payments.load(pick(round).id),
    'holder of a reference': (round) => store.payments.holderOf(MERCHANT, 'test', pick(round).reference),
    'what is due': () => store.payments.due(Date.now(), 100),
    'when is something due': () => store.payments.nextDue(),
    'list of 20, newest': () => store.payments.list({ ...where, limit: 20 }),
    'list of 20, open': () => store.payments.list({ ...where, status: 'requires_payment_method', limit: 20 }),
    'list of 20, far back': (round) => store.payments.list({ ...where, limit: 20, after: pick(round).id }),
    'list by reference': (round) => store.payments.list({ ...where, reference: pick(round).reference, limit: 20 }),
    'feed, 50 events': (round) => store.feed.after(MERCHANT, 'test', (round * 7_919) % head, 50),
  };
  const timings: Record<string, number> = {};
  for (const [name, ask] of Object.entries(questions)) timings[name] = await timeOf(ask);
  return timings;
}

/** Some payments of every day there is. */
async function spreadOver(store: Store): Promise<Payment[]> {
  const now = Date.now();
  const pages = await Promise.all(
    Array.from({ length: DAYS }, (_, day) =>
      store.payments.list({ ...where, createdBefore: now - day * DAY_MS, limit: 10 }),
    ),
  );
  return pages.flatMap(({ data }) => data);
}

async function timeOf(ask: (round: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    await ask(round);
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  return (times[ROUNDS / 2] ?? Number.NaN) * 1_000;
}
