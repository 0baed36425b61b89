import type { Payment } from '../../contracts/payment.js';
import type { PaymentCommit, Payments } from '../../contracts/store.js';
import type { CodesOfPayments } from './codes.js';
import type { Value } from './database.js';
import { documentOf } from './documents.js';
import type { FeedWriter } from './feed.js';
import { createPaymentLists } from './payment_lists.js';
import type { Requests } from './requests.js';
import type { Session } from './session.js';
import type { VaultOfPayments } from './vault.js';
import type { Walls } from './walls.js';

export interface PaymentPorts {
  readonly session: Session;
  readonly walls: Walls;
  readonly requests: Requests;
  readonly feed: FeedWriter;
  readonly codes: CodesOfPayments;
  readonly vault: VaultOfPayments;
}

/** What a payment is found by and may change; an update touches the indexes of those only that did. */
const CHANGING = ['status', 'open_reference', 'channel', 'instrument', 'due_at'] as const;
type Changing = Readonly<Record<(typeof CHANGING)[number], Value>>;
type StoredRow = Changing & { readonly seq: number; readonly revision: number };

/** Payments: everything that one commit says is in the same transaction, or none of it. */
export function createPayments({ session, walls, requests, feed, codes, vault }: PaymentPorts): Payments {
  const { database, read, write } = session;
  const load = database.prepare('SELECT body FROM payments WHERE id = ?');
  const stand = database.prepare(`SELECT seq, revision, ${CHANGING.join(', ')} FROM payments WHERE id = ?`);
  const insert = database.prepare(
    `INSERT INTO payments (id, wall, created_at, reference, account, ${CHANGING.join(', ')}, revision, body)
     VALUES (?, ?, ?, ?, ?, ${CHANGING.map(() => '?').join(', ')}, ?, ?)`,
  );
  const insertRefund = database.prepare('INSERT INTO refunds (id, payment) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const paymentOfRefund = database.prepare('SELECT payment FROM refunds WHERE id = ?');
  const holder = database.prepare('SELECT id FROM payments WHERE wall = ? AND open_reference = ?');
  const due = database.prepare('SELECT id FROM payments WHERE due_at <= ? ORDER BY due_at LIMIT ?');
  const earliest = database.prepare('SELECT min(due_at) AS at FROM payments WHERE due_at IS NOT NULL');
  const raise = database.prepare('UPDATE payments SET strikes = strikes + 1 WHERE id = ? RETURNING strikes');

  function update(stored: StoredRow, changing: Changing, revision: number, body: string): void {
    const changed = CHANGING.filter((name) => stored[name] !== changing[name]);
    const settings = changed.map((name) => `, ${name} = ?`).join('');
    const statement = database.prepare(
      `UPDATE payments SET revision = ?, strikes = 0, body = ?${settings} WHERE seq = ?`,
    );
    statement.run(revision, body, ...changed.map((name) => changing[name]), stored.seq);
  }

  /** New refunds are at the end: the first that is known ends the search. */
  function keepRefunds(payment: string, refunds: readonly string[]): void {
    for (let index = refunds.length - 1; index >= 0; index--) {
      if (insertRefund.run(refunds[index] as string, payment).changes === 0) return;
    }
  }

  async function commit({ payment, feed: batch, claims, releases, codeFreeAt }: PaymentCommit): Promise<boolean> {
    // Taken as it is now: the caller may go on changing its objects while the write waits for its turn.
    const { id, revision, reference, createdAt, code } = payment;
    const { account } = payment.payer;
    const wall = walls.enter(payment.merchant, payment.mode);
    const body = JSON.stringify(payment);
    const changing = changingOf(payment);
    const kept = payment.requests.map(({ key }) => ({ key }));
    const refunds = payment.refunds.map((refund) => refund.id);
    const tell = batch === null ? null : feed.change(batch);
    return write(() => {
      const stored = stand.get(id) as StoredRow | undefined;
      if ((stored?.revision ?? 0) !== revision - 1) return false;
      requests.keep('payment', wall, id, kept);
      if (stored !== undefined) update(stored, changing, revision, body);
      else
        insert.run(id, wall, createdAt, reference, account, ...CHANGING.map((name) => changing[name]), revision, body);
      keepRefunds(id, refunds);
      for (const token of claims) vault.claim(token);
      for (const token of releases) vault.release(token);
      if (code !== null && codeFreeAt !== null) codes.free(code, id, codeFreeAt);
      tell?.();
      return true;
    });
  }

  return {
    load: (id) => read(() => documentOf<Payment>(load.get(id))),
    commit,
    due: (now, limit) => read(() => due.all(now, limit).map((row) => (row as { id: string }).id)),
    nextDue: () => read(() => (earliest.get() as { at: number | null }).at),
    strike: (id) => write(() => (raise.get(id) as { strikes: number } | undefined)?.strikes ?? 0),
    list: createPaymentLists(session, walls),
    holderOf: (merchant, mode, reference) =>
      read(() => {
        const wall = walls.find(merchant, mode);
        if (wall === null) return null;
        return (holder.get(wall, reference) as { id: string } | undefined)?.id ?? null;
      }),
    byRequest: (merchant, mode, key) => requests.holder('payment', merchant, mode, key),
    byRefund: (refund) => read(() => (paymentOfRefund.get(refund) as { payment: string } | undefined)?.payment ?? null),
  };
}

function changingOf(payment: Payment): Changing {
  return {
    status: payment.status,
    open_reference: payment.openReference,
    channel: payment.channel,
    instrument: payment.attempts.at(-1)?.instrument ?? null,
    due_at: payment.dueAt,
  };
}
