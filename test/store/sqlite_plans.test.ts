import { expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/store/sqlite/database.js';
import { createSqliteStore } from '../../src/store/sqlite/index.js';
import { MIGRATIONS } from '../../src/store/sqlite/schema.js';
import { SAMPLE_TIME, sampleCommit, samplePaidPayment } from '../contract/samples.js';

/** Every statement the store has ever compiled must find its rows by an index, however many there are. */

/** What may be walked from end to end, because what is walked is what is wanted. */
const WALKS = [
  /^SCAN merchants$/, // The list of all merchants.
  /^SCAN operators$/, // The list of all operators.
  /^SCAN walls USING (?:COVERING )?INDEX walls_behind$/, // Only walls whose followers lie behind are in it.
  /^SCAN walls USING (?:COVERING )?INDEX walls_unmailed$/, // Only walls whose mails are not planned yet are in it.
  /^SCAN json_each VIRTUAL TABLE/, // The endpoints that must wait.
];

interface Recorded {
  readonly database: Database;
  readonly texts: Set<string>;
}

function recording(): Recorded {
  const real = openDatabase({ path: ':memory:', migrations: MIGRATIONS });
  const texts = new Set<string>();
  const database: Database = {
    ...real,
    prepare(sql) {
      texts.add(sql);
      return real.prepare(sql);
    },
    get inTransaction() {
      return real.inTransaction;
    },
  };
  return { database, texts };
}

function planOf({ database }: Recorded, sql: string): string[] {
  return database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...placeholdersOf(sql))
    .map((row) => (row as { detail: string }).detail);
}

/** As many nulls as the statement binds values; a plan does not depend on them. */
function placeholdersOf(sql: string): null[] {
  const numbered = new Set(sql.match(/\?\d/g));
  return Array.from({ length: numbered.size || (sql.match(/\?/g) ?? []).length }, () => null);
}

/** Lets the store compile everything it can, and answers the statements that read or write rows. */
async function everyStatement(recorded: Recorded): Promise<string[]> {
  const store = createSqliteStore(recorded.database);
  const payment = samplePaidPayment({ status: 'processing', dueAt: 1 });
  await store.payments.commit(sampleCommit(payment));
  await store.payments.commit(sampleCommit(samplePaidPayment({ ...payment, revision: 2 })));
  const filters = {
    status: 'failed',
    reference: 'a',
    channel: 'tv',
    instrument: 'card',
    account: 'cust-7',
    createdFrom: SAMPLE_TIME,
    createdBefore: SAMPLE_TIME + 9,
    after: payment.id,
  } as const;
  const names = Object.keys(filters) as (keyof typeof filters)[];
  for (let mask = 0; mask < 2 ** names.length; mask++) {
    const chosen = names.filter((_, bit) => mask & (1 << bit)).map((name) => [name, filters[name]] as const);
    await store.payments.list({ ...Object.fromEntries(chosen), merchant: 'mer_sample', mode: 'test', limit: 5 });
  }
  return [...recorded.texts].filter((sql) => /^(?:SELECT|INSERT|UPDATE|DELETE)/.test(sql));
}

it('finds every row by an index', async () => {
  const recorded = recording();
  const statements = await everyStatement(recorded);
  expect(statements.length).toBeGreaterThan(256);
  for (const sql of statements) {
    const walks = planOf(recorded, sql).filter(
      (step) => /^SCAN\b/.test(step) && !WALKS.some((walk) => walk.test(step)),
    );
    expect({ sql, walks }).toEqual({ sql, walks: [] });
  }
});

it('lists payments in the order of an index, without sorting', async () => {
  const recorded = recording();
  const lists = (await everyStatement(recorded)).filter((sql) => sql.includes('ORDER BY created_at DESC'));
  expect(lists).toHaveLength(256);
  for (const sql of lists) {
    const plan = planOf(recorded, sql);
    expect({ sql, plan: plan.join() }).toEqual({ sql, plan: expect.stringMatching(/^SEARCH payments USING INDEX/) });
  }
});

it.each([
  ['status = ?', 'payments_by_status'],
  ['reference = ?', 'payments_by_reference'],
  ['account = ?', 'payments_by_account'],
  ['open_reference = ?', 'payments_open'],
  ['due_at <= ?', 'payments_due'],
])('has an index for %s', async (condition, index) => {
  const recorded = recording();
  const statements = (await everyStatement(recorded)).filter(
    (sql) => sql.startsWith('SELECT') && sql.includes(condition),
  );
  const plans = statements.filter((sql) => sql.includes('FROM payments')).map((sql) => planOf(recorded, sql).join());
  expect(plans.length).toBeGreaterThan(0);
  expect(plans.some((plan) => plan.includes(index))).toBe(true);
});

it('passes over payments that a filter leaves out without reading them', async () => {
  const recorded = recording();
  const lists = (await everyStatement(recorded)).filter((sql) => /(?:channel|instrument) = /.test(sql));
  // Of one reference or one account there are few.
  const few = /(?:reference|account) = /;
  for (const sql of lists.filter((text) => text.includes('ORDER BY') && !few.test(text))) {
    const steps = recorded.database.prepare(`EXPLAIN ${sql}`).all(...placeholdersOf(sql)) as { opcode: string }[];
    // The row itself is sought only once all conditions hold.
    expect(steps.map(({ opcode }) => opcode)).toContain('DeferredSeek');
  }
});
