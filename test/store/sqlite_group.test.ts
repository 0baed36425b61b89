import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/sqlite/database.js';
import { createGroup, type Group } from '../../src/store/sqlite/group.js';
import { type FaultyDatabase, faultyDatabase } from './faults.js';

let database: FaultyDatabase;
let group: Group;

beforeEach(() => {
  const migrations = ['CREATE TABLE numbers (number INTEGER PRIMARY KEY) STRICT'];
  database = faultyDatabase(openDatabase({ path: ':memory:', migrations }));
  group = createGroup(database, { membersMax: 4, waitingMax: 10 });
});
afterEach(() => {
  group.close();
  database.close();
});

const insert = (number: number) => () => database.prepare('INSERT INTO numbers VALUES (?)').run(number).changes;
const stored = () =>
  database
    .prepare('SELECT number FROM numbers ORDER BY number')
    .all()
    .map((row) => (row as { number: number }).number);
const transactions = () => database.ran.filter((sql) => sql === 'COMMIT').length;

it('answers each member what its work answered, in their order', async () => {
  const order: number[] = [];
  const answers = [1, 2, 3].map((number) => group.run(() => order.push(number) * 10));
  expect(order).toEqual([]);
  expect(await Promise.all(answers)).toEqual([10, 20, 30]);
  expect(order).toEqual([1, 2, 3]);
  expect(transactions()).toBe(1);
});

it('does not hold up the reader: more than the bound wait for the next turn', async () => {
  await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => group.run(insert(number))));
  expect(transactions()).toBe(3);
  expect(stored()).toHaveLength(9);
});

it('takes writes that come of writes in the next transaction', async () => {
  const first = group.run(insert(1)).then(() => group.run(insert(2)));
  await first;
  expect(transactions()).toBe(2);
});

it('undoes alone what throws, whatever it throws', async () => {
  const thrown = new Error('of our own');
  const results = await Promise.allSettled([
    group.run(insert(1)),
    group.run(() => {
      insert(2)();
      throw thrown;
    }),
    group.run(() => insert(3)() + insert(1)()),
    group.run(insert(4)),
  ]);
  expect(results[1]).toEqual({ status: 'rejected', reason: thrown });
  expect(results[2]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } });
  expect(stored()).toEqual([1, 4]);
});

it('refuses at once what exceeds the number of those who may wait', async () => {
  const members = Array.from({ length: 12 }, (_, number) => group.run(insert(number)));
  const results = await Promise.allSettled(members);
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(2);
  expect(results[11]).toMatchObject({ reason: { name: 'StoreFailure' } });
  expect(stored()).toHaveLength(10);
});

it('writes at once when told to, and at its end, and nothing afterwards', async () => {
  const first = group.run(insert(1));
  group.flush();
  expect(stored()).toEqual([1]);
  const second = group.run(insert(2));
  group.close();
  expect(stored()).toEqual([1, 2]);
  await expect(Promise.all([first, second])).resolves.toEqual([1, 1]);
  await expect(group.run(insert(3))).rejects.toMatchObject({ name: 'StoreFailure' });
});

it('tells everybody that nobody knows when the transaction cannot even begin, and recovers', async () => {
  database.arm(1, 'error');
  const results = await Promise.allSettled([group.run(insert(1)), group.run(insert(2))]);
  for (const result of results) expect(result).toMatchObject({ reason: { name: 'StoreFailure' } });
  expect(stored()).toEqual([]);
  expect(await group.run(insert(3))).toBe(1);
});
