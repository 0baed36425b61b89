/** A card that its payer wants kept goes to the account once it is approved, and nowhere else. */
import { describe, expect, it } from 'vitest';
import type { SaveAnswer } from '../../src/engine/saving.js';
import { PAYMENT, type Sketch, START, sketch, type Wanted } from './sketch.js';

const WORDS = 'Save this card with Shop.';
const payer = { ...PAYMENT.payer, account: 'cust-7' };

function wanting(wanted: Wanted = {}): Sketch {
  const story = sketch({ payer, ...wanted });
  story.giveCard({ save: WORDS });
  return story;
}

function paying(wanted: Wanted = {}): Sketch {
  const story = wanting(wanted);
  story.authenticate();
  return story;
}

const WITHOUT_REVERSAL = { reverse: undefined } as unknown as NonNullable<Wanted['acquirer']>;

const saveCalls = (story: Sketch) => story.calls.filter(({ kind }) => kind === 'save');

/** What the account answers to the newest asking. */
function accountSays(story: Sketch, answer: SaveAnswer, call = story.attempt().save?.tries ?? 0): boolean {
  return story.tell({ type: 'saved', attempt: story.attempt().id, call, answer });
}

describe('a card that is to be kept', () => {
  it('is handed over once it is approved, with the words and their time', () => {
    const story = paying();
    expect(story.attempt().save).toMatchObject({ state: 'wanted', consent: { words: WORDS, at: START } });
    expect(saveCalls(story)).toEqual([]);
    story.answer('authorize', 'purchased');
    expect(story.payment.status).toBe('succeeded');
    expect(story.attempt()).toMatchObject({ card: 'tok_1', save: { state: 'due', tries: 1 } });
    expect(saveCalls(story)).toHaveLength(1);
    accountSays(story, 'kept');
    expect(story.attempt()).toMatchObject({ card: null, save: { state: 'kept', nextAt: null } });
    expect(story.released).toEqual([]);
    expect(story.payment.status).toBe('succeeded');
  });

  it('is dropped and leaves the vault when it is declined', () => {
    const story = paying();
    story.answer('authorize', 'declined');
    expect(story.attempt().card).toBeNull();
    expect(story.released).toEqual(['tok_1']);
    expect(saveCalls(story)).toEqual([]);
  });

  it('leaves the vault when the account takes no card any more', () => {
    const story = paying();
    story.answer('authorize', 'purchased');
    accountSays(story, 'refused');
    expect(story.attempt()).toMatchObject({ card: null, save: { state: 'dropped', nextAt: null } });
    expect(story.released).toEqual(['tok_1']);
    expect(story.payment.status).toBe('succeeded');
  });

  it('is offered again after a crash, or when the account does not answer, until somebody says what became of it', () => {
    const story = paying();
    story.answer('authorize', 'purchased');
    // The process died with the call: its lease ends.
    story.wait();
    expect(story.attempt().save).toMatchObject({ state: 'due', tries: 2 });
    expect(saveCalls(story)).toHaveLength(2);
    // The answer to the call before is no longer awaited.
    expect(accountSays(story, 'refused', 1)).toBe(false);
    accountSays(story, 'unavailable');
    expect(story.attempt().card).toBe('tok_1');
    story.wait();
    expect(story.attempt().save?.tries).toBe(3);
    accountSays(story, 'kept');
    expect(accountSays(story, 'refused', 3)).toBe(false);
    expect(story.released).toEqual([]);
  });

  it('is not kept when its money came too late and goes back', () => {
    const story = paying();
    story.tell({ type: 'cancel', command: { by: 'payer', request: null, deadline: START } });
    story.answer('authorize', 'purchased');
    expect(story.attempt().late).toBe('returned');
    expect(saveCalls(story)).toEqual([]);
    expect(story.attempt()).toMatchObject({ card: null, save: { state: 'dropped' } });
    expect(story.released).toEqual(['tok_1']);
  });

  it('is not kept when the payer leaves it for another', () => {
    const story = wanting();
    story.tell({ type: 'cancel', command: { by: 'payer', request: null, deadline: START } });
    expect(story.payment.status).toBe('canceled');
    expect(story.attempt().card).toBeNull();
    expect(story.released).toEqual(['tok_1']);
    expect(saveCalls(story)).toEqual([]);
  });

  it('is not kept where the payment names no account, whatever was ticked', () => {
    const story = sketch();
    story.giveCard({ save: WORDS });
    expect(story.attempt().save).toBeNull();
  });
});

describe('a payment of 0, which stores a card and takes nothing', () => {
  const nothing: Wanted = { amount: 0 };
  const authorize = (story: Sketch) => story.operation('authorize');

  it('verifies the card with its holder authenticated, and has succeeded', () => {
    const story = wanting(nothing);
    expect(story.attempt().operations).toEqual([]);
    story.authenticate();
    expect(authorize(story)).toMatchObject({ amount: 0, variant: null });
    story.answer('authorize', 'approved');
    expect(story.payment.status).toBe('succeeded');
    accountSays(story, 'kept');
    expect(story.attempt().save?.state).toBe('kept');
    expect(story.attempt().operations).toHaveLength(1);
  });

  it('is not verified without the holder', () => {
    const story = wanting(nothing);
    story.authenticate('N');
    expect(story.payment.status).toBe('requires_payment_method');
    expect(story.attempt().operations).toEqual([]);
    expect(story.released).toEqual(['tok_1']);
  });

  it('asks for another card after a decline, and ends when the tries are used up', () => {
    const story = paying(nothing);
    for (const left of [2, 1, 0]) {
      story.answer('authorize', 'declined');
      expect(story.payment.status).toBe(left > 0 ? 'requires_payment_method' : 'failed');
      if (left === 0) break;
      story.giveCard({ token: `tok_${left}`, save: WORDS });
      story.authenticate();
    }
    expect(saveCalls(story)).toEqual([]);
  });

  it('that nobody knows the outcome of is reversed when it stays unknown, and stores nothing', () => {
    const story = paying(nothing);
    story.answer('authorize', 'unknown');
    expect(story.payment.status).toBe('processing');
    for (let step = 0; step < 20 && story.payment.status === 'processing'; step += 1) {
      const reversal = story.attempt().operations.find(({ type }) => type === 'reverse');
      if (reversal !== undefined && reversal.asking !== null) story.answer('reverse', 'approved');
      else if (authorize(story).asking !== null) story.answer('authorize', 'unknown');
      else story.wait();
    }
    expect(story.payment.status).toBe('requires_payment_method');
    expect(story.attempt().status).toBe('reversed');
    expect(saveCalls(story)).toEqual([]);
    expect(story.released).toEqual(['tok_1']);
  });

  it('approved after its expiry is reversed, and stores nothing', () => {
    const story = paying(nothing);
    story.now = story.payment.expiresAt;
    story.tell({ type: 'time', timer: 'expiry:0' });
    expect(story.payment.status).toBe('processing');
    story.answer('authorize', 'approved');
    story.answer('reverse', 'approved');
    expect(story.payment.status).toBe('expired');
    expect(saveCalls(story)).toEqual([]);
    expect(story.attempt().save?.state).toBe('dropped');
  });

  it('approved too late at an acquirer without reversals is left alone: it holds nothing', () => {
    const story = paying({ ...nothing, acquirer: WITHOUT_REVERSAL });
    story.tell({ type: 'cancel', command: { by: 'payer', request: null, deadline: START } });
    story.answer('authorize', 'approved');
    expect(story.payment).toMatchObject({ status: 'canceled', review: null });
    expect(story.attempt()).toMatchObject({ late: 'returned', card: null, save: { state: 'dropped' } });
  });

  it.each(['cancel', 'expiry'])('ends by %s and has nothing to give back', (how) => {
    const story = sketch({ payer, ...nothing });
    if (how === 'cancel') {
      story.tell({ type: 'cancel', command: { by: 'payer', request: null, deadline: START } });
    } else {
      story.now = story.payment.expiresAt;
      story.tell({ type: 'time', timer: 'expiry:0' });
    }
    expect(story.payment.status).toBe(how === 'cancel' ? 'canceled' : 'expired');
    expect(story.payment.attempts).toEqual([]);
    expect(story.payment.openReference).toBeNull();
  });
});
