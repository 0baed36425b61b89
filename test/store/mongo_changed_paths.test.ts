import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedPaths } from '../../src/store/mongo/changed_paths.js';

type Fields = Record<string, unknown>;

/** What MongoDB does with `$set`, on plain JSON. */
function applied(before: Fields, changes: Fields): Fields {
  const document = structuredClone(before);
  for (const [path, value] of Object.entries(changes)) {
    const names = path.split('.');
    const last = names.pop() as string;
    const holder = names.reduce((at, name) => at[name] as Fields, document);
    holder[last] = value;
  }
  return document;
}

describe('what a commit writes', () => {
  it.each<[string, Fields, Fields, Fields]>([
    ['nothing when nothing changed', { a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }, {}],
    ['one field', { a: 1, b: 2 }, { a: 1, b: 3 }, { b: 3 }],
    [
      'a field within a part',
      { payer: { name: 'A', email: null } },
      { payer: { name: null, email: null } },
      { 'payer.name': null },
    ],
    ['a part that comes, whole', { wish: null }, { wish: { to: 'cancel', at: 1 } }, { wish: { to: 'cancel', at: 1 } }],
    ['a part that goes', { wish: { to: 'cancel' } }, { wish: null }, { wish: null }],
    ['only the new members of a list', { e: [{ id: 'a' }] }, { e: [{ id: 'a' }, { id: 'b' }] }, { 'e.1': { id: 'b' } }],
    [
      'a field of a member',
      { e: [{ id: 'a', n: 1, o: [{ id: 'x', s: 1 }] }] },
      { e: [{ id: 'a', n: 1, o: [{ id: 'x', s: 2 }] }] },
      { 'e.0.o.0.s': 2 },
    ],
    ['the first members, whole', { e: [] }, { e: [{ id: 'a' }] }, { e: [{ id: 'a' }] }],
    ['a list that lost a member, whole', { e: [{ id: 'a' }, { id: 'b' }] }, { e: [{ id: 'b' }] }, { e: [{ id: 'b' }] }],
    [
      'a list in another order, whole',
      { e: [{ id: 'a' }, { id: 'b' }] },
      { e: [{ id: 'b' }, { id: 'a' }] },
      { e: [{ id: 'b' }, { id: 'a' }] },
    ],
    ['members without a name, whole', { e: [{ n: 1 }] }, { e: [{ n: 1 }, { n: 2 }] }, { e: [{ n: 1 }, { n: 2 }] }],
    ['a list of texts, whole', { e: ['a'] }, { e: ['a', 'b'] }, { e: ['a', 'b'] }],
  ])('is %s', (_what, before, next, changes) => {
    expect(changedPaths(before, next)).toEqual(changes);
  });

  it('leaves alone what only the stored document has, at every depth', () => {
    const before = { a: 1, later: { x: 1 }, part: { n: 1, later: 2 }, list: [{ id: 'a', n: 1, later: 3 }] };
    const next = {
      a: 2,
      part: { n: 2 },
      list: [
        { id: 'a', n: 2 },
        { id: 'b', n: 3 },
      ],
    };
    expect(applied(before, changedPaths(before, next))).toEqual({
      a: 2,
      later: { x: 1 },
      part: { n: 2, later: 2 },
      list: [
        { id: 'a', n: 2, later: 3 },
        { id: 'b', n: 3 },
      ],
    });
  });

  it.each(['', 'a.b', '$set', 'x.0'])('refuses a field called %j, which would lead elsewhere', (name) => {
    expect(() => changedPaths({}, { [name]: 1 })).toThrow(/no field may be called/);
    expect(() => changedPaths({ a: {} }, { a: { [name]: 1 } })).toThrow(/no field may be called/);
  });

  it('leads from any document to any other of the same fields', () => {
    const scalar = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.boolean());
    const member = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      n: scalar,
      list: fc.array(scalar, { maxLength: 2 }),
    });
    const document = fc.record({
      n: scalar,
      part: fc.oneof(fc.constant(null), fc.record({ n: scalar, deep: fc.record({ n: scalar }) })),
      members: fc.array(member, { maxLength: 4 }),
      texts: fc.array(fc.string(), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(document, document, (before, next) => {
        expect(applied(before, changedPaths(before, next))).toEqual(next);
      }),
      { numRuns: 2_000 },
    );
  });
});
