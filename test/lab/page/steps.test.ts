import { describe, expect, it } from 'vitest';
import { type Evidence, stepsOf, verdictOf } from '../../../src/lab/page/steps.js';

const AT = Date.parse('2030-01-01T00:00:00.000Z');
const OPERATION = 'opn_1';

function evidence(change: Partial<Evidence> = {}): Evidence {
  const line = {
    operation: OPERATION,
    type: 'authorize',
    status: 'approved',
    amount: 1_200,
    currency: 'EUR',
    net: 1_200,
  };
  const inquiry = { at: AT + 3_000, method: 'GET', path: `/operations/${OPERATION}`, request: null, answer: {} };
  const told = (seconds: number, type: string, reason: string | null) => {
    return { at: new Date(AT + seconds * 1_000).toISOString(), type, reason, text: '' };
  };
  return {
    journal: (['plug_wanted', 'plug_pulled', 'back_again'] as const).map((what, index) => {
      return { at: AT + index * 1_000, payment: 'pay_1', what };
    }),
    payment: {
      ...{ id: 'pay_1', reference: 'SHOP-1', status: 'succeeded', amount: 1_200, currency: 'EUR', created_at: '' },
      ...{ attempts: [], links: { pay: null }, next_actions: [] },
    },
    story: {
      data: [told(2.9, 'attempt.processing', 'outcome_unknown'), told(5, 'attempt.captured', null)],
      next: null,
    },
    ledger: [{ ...line, card: null, reference: 'sbx_1', created_at: AT + 500 }],
    exchanges: [
      { ...inquiry, status: 503 },
      { ...inquiry, at: AT + 4_000, status: 200 },
    ],
    ...change,
  };
}

const shown = (one: Evidence) => stepsOf(one).map(({ key, isDone }) => `${key} ${isDone ? 'done' : 'to come'}`);

describe('the steps of an experiment', () => {
  it('are read off the journal, the story, the exchanges and the ledger', () => {
    expect(stepsOf(evidence()).map(({ key, at }) => [key, at === null ? null : at - AT])).toEqual([
      ['asked', 500],
      ['pulled', 1_000],
      ['back', 2_000],
      ['unknown', 2_900],
      ['inquired', 4_000],
      ['approved', 5_000],
    ]);
    expect(stepsOf(evidence())[4]?.text).toContain('1 of our questions');
  });

  it('are to come until there is proof of them', () => {
    const begun = evidence({ story: { data: [], next: null }, exchanges: [] });
    const pulled = { ...begun, journal: begun.journal.slice(0, 2) };
    expect(shown(pulled)).toEqual([
      'asked done',
      'pulled done',
      'back to come',
      'unknown to come',
      'inquired to come',
      'approved to come',
    ]);
  });

  it('have no gap where the sandbox has forgotten its exchanges', () => {
    const [inquired] = stepsOf(evidence({ exchanges: [] })).filter(({ key }) => key === 'inquired');
    expect(inquired).toMatchObject({ at: null, isDone: true });
    expect(inquired?.text).toContain('forgotten');
  });

  it.each([
    ['ivr', 'page_told', 'The phone: its answer', 'The page shows that it is paid'],
    ['web', 'phone_told', 'The page: its answer', 'paid already'],
  ] as const)('of a race that %s has won', (channel, told, won, other) => {
    const journal = (['race_wanted', 'raced', told] as const).map((what, index) => {
      return { at: AT + index * 3_000, payment: 'pay_1', what };
    });
    const attempt = { id: 'att_1', status: 'captured', outcome: 'approved', channel, next_check_at: null, card: null };
    const payment = { ...evidence().payment, attempts: [{ ...attempt, operations: [] }] };
    const raced = evidence({ journal, payment });
    expect(stepsOf(raced).map(({ key, at }) => [key, (at ?? 0) - AT])).toEqual([
      ['met', 0],
      ['raced', 3_000],
      ['won', 5_000],
      ['told', 6_000],
    ]);
    expect(stepsOf(raced)[2]?.text).toContain(won);
    expect(stepsOf(raced)[3]?.text).toContain(other);
    expect(verdictOf(raced)?.text).toContain('exactly one authorization');
    const begun = evidence({ journal: journal.slice(0, 1), story: null });
    expect(shown(begun)).toEqual(['met done', 'raced to come', 'won to come', 'told to come']);
  });

  it('are none where nothing was done', () => {
    expect(stepsOf(evidence({ journal: [] }))).toEqual([]);
  });
});

describe('the verdict', () => {
  it('counts what stands in the ledger', () => {
    const { ledger } = evidence();
    expect(verdictOf(evidence())).toMatchObject({ isRight: true });
    const twice = verdictOf(evidence({ ledger: [...ledger, ...ledger] }));
    expect(twice).toEqual({ isRight: false, text: expect.stringContaining('2 authorizations') });
  });

  it('waits for the end', () => {
    const { payment } = evidence();
    expect(verdictOf(evidence({ payment: { ...payment, status: 'processing' } }))).toBeNull();
  });
});
