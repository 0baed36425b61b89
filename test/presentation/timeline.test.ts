import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/notify/event_types.js';
import { presentTimeline } from '../../src/presentation/timeline.js';
import { sentenceFor } from '../../src/presentation/timeline_words.js';
import { START, sketch } from '../engine/sketch.js';

interface Told {
  readonly data: {
    readonly type: string;
    readonly channel: string | null;
    readonly text: string;
    readonly reason: string | null;
  }[];
  readonly next: { readonly type: string; readonly at: string | null } | null;
}

const told = (payment: Parameters<typeof presentTimeline>[0], language: 'en' | 'fr' = 'en'): Told =>
  presentTimeline(payment, language) as unknown as Told;

describe('the timeline', () => {
  it('tells a decline with its reason and channel, then what comes next', () => {
    const sketched = sketch();
    sketched.giveCard();
    sketched.authenticate();
    sketched.answer('authorize', { outcome: 'declined', code: 'insufficient_funds', advice: 'other_instrument' });
    const { data, next } = told(sketched.payment);
    const decline = data.find(({ type }) => type === 'attempt.declined');
    expect(decline).toMatchObject({ channel: 'web', reason: 'insufficient_funds' });
    expect(decline?.text).toContain('(there is not enough money available on this card)');
    expect(next).toEqual({
      type: 'pay',
      at: new Date(sketched.payment.expiresAt).toISOString(),
      text: expect.any(String),
    });
  });

  it('tells of a call, and of what it came to', () => {
    const sketched = sketch();
    sketched.tell({ type: 'called', reach: null });
    expect(told(sketched.payment).data.at(-1)).toMatchObject({
      type: 'channel.call_started',
      channel: 'ivr',
      text: 'A telephone call about the payment began.',
    });
    expect(told(sketched.payment, 'fr').data.at(-1)?.text).toContain('Un appel téléphonique');
  });

  it('tells that an outcome is in doubt, once, and what it came to', () => {
    const sketched = sketch();
    sketched.giveCard();
    sketched.authenticate();
    sketched.answer('authorize', 'unknown');
    sketched.answer('authorize', 'unknown');
    sketched.wait();
    sketched.answer('authorize', 'approved');
    const { data } = told(sketched.payment);
    const reasons = data.filter(({ type }) => type.startsWith('attempt.')).map(({ type, reason }) => [type, reason]);
    expect(reasons).toEqual([
      ['attempt.processing', null],
      ['attempt.processing', 'outcome_unknown'],
      ['attempt.authorized', null],
    ]);
    expect(data.find(({ reason }) => reason === 'outcome_unknown')?.text).toContain('nothing is charged twice');
  });

  it('tells a hold until when it lasts, and an end with nothing to come', () => {
    const sketched = sketch({ capture: 'manual' });
    sketched.giveCard();
    sketched.authenticate();
    sketched.answer('authorize', 'approved');
    expect(told(sketched.payment).next).toMatchObject({ type: 'capture' });
    sketched.tell({ type: 'cancel', command: { by: 'merchant', request: null, deadline: START } });
    sketched.answer('void', 'approved');
    const { data, next } = told(sketched.payment, 'fr');
    expect(data.at(-1)?.text).toBe('Le paiement a été annulé par le commerçant.');
    expect(next).toBeNull();
  });

  it('has a sentence for every event of the catalogue in both languages', () => {
    const words = { amount: 'A', card: 'C', channel: 'H', why: 'W' };
    const types = Object.keys(EVENT_TYPES).filter((type) => !type.startsWith('channel.'));
    for (const language of ['en', 'fr'] as const) {
      expect(types.filter((type) => sentenceFor(type, language, words) === type)).toEqual([]);
    }
  });
});
