import { expect, it } from 'vitest';
import { conformityOf } from '../../src/store/mongo/conformity.js';
import {
  flag,
  integer,
  integerOrNull,
  listOf,
  mode,
  part,
  partOrNull,
  shape,
  text,
  textOrNull,
} from '../../src/store/mongo/shapes.js';

const conformity = conformityOf(
  shape({
    _id: text,
    mode,
    name: textOrNull,
    amount: integer,
    dueAt: integerOrNull,
    isOpen: flag,
    bytes: { type: Buffer },
    terms: part({ words: text, at: integerOrNull }),
    wish: partOrNull({ to: text }),
    tags: listOf(text),
    attempts: listOf({ id: text, operations: listOf({ id: text, amount: integer }) }),
    ways: { type: [shape({ to: text })], default: undefined },
  }),
);
const whole = {
  _id: 'x',
  mode: 'test',
  name: null,
  amount: 1,
  dueAt: 5,
  isOpen: false,
  bytes: new Uint8Array(0),
  terms: { words: '', at: null },
  wish: null,
  tags: [],
  attempts: [{ id: 'a', operations: [{ id: 'o', amount: 2 }] }],
};

it('takes what conforms, with or without fields of a newer release', () => {
  conformity.whole(whole);
  conformity.whole({ ...whole, ways: [{ to: 'a' }] });
  conformity.whole({ ...whole, name: 'n', dueAt: null, wish: { to: 'cancel', later: 1 }, later: {} });
  conformity.changes({ amount: 2, 'attempts.0.operations.0.amount': 3, 'attempts.1': { id: 'b', operations: [] } });
  conformity.changes({ later: 1, 'attempts.0.later': 2, 'later.deep': 3 });
  conformity.additions({ attempts: { id: 'b', operations: [] }, tags: 't' });
});

it.each<[string, Record<string, unknown>]>([
  ['_id', { _id: null }],
  ['mode', { mode: 'nonsense' }],
  ['name', { name: 5 }],
  ['amount', { amount: '1' }],
  ['amount', { amount: 1.5 }],
  ['amount', { amount: 2 ** 53 }],
  ['dueAt', { dueAt: Number.NaN }],
  ['isOpen', { isOpen: 'true' }],
  ['bytes', { bytes: 'text' }],
  ['terms', { terms: null }],
  ['terms', { terms: [] }],
  ['terms.words', { terms: { at: 1 } }],
  ['wish.to', { wish: {} }],
  ['tags', { tags: 't' }],
  ['tags', { tags: undefined }],
  ['ways', { ways: 'w' }],
  ['ways.0.to', { ways: [{}] }],
  ['tags.1', { tags: ['a', 1] }],
  ['attempts', { attempts: null }],
  ['attempts.0', { attempts: [null] }],
  ['attempts.0.operations', { attempts: [{ id: 'a' }] }],
  ['attempts.0.operations.0.amount', { attempts: [{ id: 'a', operations: [{ id: 'o', amount: '2' }] }] }],
])('refuses what stands wrongly at %s: %j', (path, wrong) => {
  const refusal = { name: 'Impossible', message: `the schema refuses what stands at ${path}` };
  const refused = (work: () => void) => {
    expect(work).toThrow(expect.objectContaining(refusal));
  };
  refused(() => conformity.whole({ ...whole, ...wrong }));
  refused(() => conformity.changes(wrong));
});

it('refuses a wrong value at a path, and a wrong addition', () => {
  expect(() => conformity.changes({ 'attempts.3.operations.7.amount': null })).toThrow(
    'attempts.3.operations.7.amount',
  );
  expect(() => conformity.changes({ 'terms.words': null })).toThrow('terms.words');
  expect(() => conformity.additions({ attempts: { id: 5, operations: [] } })).toThrow('attempts.id');
});

it('refuses a whole document that lacks what is required', () => {
  for (const name of ['_id', 'mode', 'amount', 'isOpen', 'terms', 'tags', 'attempts']) {
    expect(() => conformity.whole({ ...whole, [name]: undefined })).toThrow(name);
  }
});
