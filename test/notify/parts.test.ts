import { describe, expect, it } from 'vitest';
import { coalesced } from '../../src/notify/coalesced.js';
import { EVENT_FAMILIES, EVENT_TYPES, isEventPattern, TEST_EVENT_TYPE, wants } from '../../src/notify/event_types.js';
import { createLanes } from '../../src/notify/lanes.js';
import { pauseAfter, retryAfterMs } from '../../src/notify/schedule.js';
import { countingIds, HOUR, SECOND, START } from './world.js';

describe('the catalogue of events', () => {
  it.each(Object.entries(EVENT_TYPES))('%s has one sentence and a family', (type, meaning) => {
    expect(meaning).toMatch(/^[A-Z][^.]*\.$/);
    expect(EVENT_FAMILIES).toContain(type.split('.')[0]);
    expect(isEventPattern(type)).toBe(true);
  });

  it('holds no event that is not in the feed', () => expect(isEventPattern(TEST_EVENT_TYPE)).toBe(false));

  it.each<[readonly string[], string, boolean]>([
    [[], 'payment.succeeded', true],
    [['payment.succeeded'], 'payment.succeeded', true],
    [['payment.succeeded'], 'payment.failed', false],
    [['payment.*'], 'payment.failed', true],
    [['payment.*'], 'payments.failed', false],
    [['refund.*', 'payment.failed'], 'payment.failed', true],
  ])('%j wants %s: %s', (patterns, type, expected) => expect(wants(patterns, type)).toBe(expected));
});

describe('the pause after a failed try', () => {
  const fixed = (digits: string) => ({ ...countingIds(), digits: () => digits });

  it.each([
    [1, 5 * SECOND],
    [2, 30 * SECOND],
    [3, 120 * SECOND],
    [6, HOUR],
    [9, 8 * HOUR],
    [30, 8 * HOUR],
  ])('number %i is %i ms, a fifth more or less', (tries, base) => {
    expect(pauseAfter(tries, null, fixed('000'))).toBe(base * 0.8);
    expect(pauseAfter(tries, null, fixed('999'))).toBe(base * 1.2);
  });

  it.each<[string | undefined, number | null]>([
    [undefined, null],
    ['', null],
    ['7', 7 * SECOND],
    ['007', 7 * SECOND],
    ['1e3', null],
    ['9'.repeat(400), null],
    ['Tue, 01 Jan 2030 00:01:00 GMT', 60 * SECOND],
    ['Mon, 31 Dec 2029 00:00:00 GMT', 0],
    ['tomorrow', null],
  ])('reads Retry-After %j as %j', (header, expected) => expect(retryAfterMs(header, START)).toBe(expected));
});

describe('lanes', () => {
  it('narrow to one place for an endpoint in trouble, and widen again', () => {
    const lanes = createLanes({ total: 5, perEndpoint: 2 });
    expect([lanes.enter('a'), lanes.enter('a'), lanes.enter('a')]).toEqual([true, true, false]);
    expect(lanes.full()).toEqual(['a']);
    lanes.leave('a', false);
    expect(lanes.full()).toEqual(['a']);
    lanes.leave('a', null);
    expect([lanes.enter('a'), lanes.enter('a')]).toEqual([true, false]);
    lanes.leave('a', true);
    expect([lanes.enter('a'), lanes.enter('a'), lanes.enter('b'), lanes.enter('b')]).toEqual([true, true, true, true]);
    expect([lanes.free(), lanes.enter('c'), lanes.free(), lanes.enter('d')]).toEqual([1, true, 0, false]);
  });
});

describe('coalesced work', () => {
  it('never runs twice at once; every call is followed by a run that began after it', async () => {
    let running = 0;
    let runs = 0;
    const gates: (() => void)[] = [];
    const work = coalesced(async () => {
      running += 1;
      runs += 1;
      expect(running).toBe(1);
      await new Promise<void>((resolve) => gates.push(resolve));
      running -= 1;
    });
    const first = work();
    const later = [work(), work(), work()];
    expect(runs).toBe(1);
    gates[0]?.();
    await first;
    await Promise.resolve();
    expect(runs).toBe(2);
    gates[1]?.();
    await Promise.all(later);
    expect(runs).toBe(2);
  });

  it('goes on after a failure', async () => {
    let runs = 0;
    const work = coalesced(async () => {
      runs += 1;
      if (runs === 1) throw new Error('once');
    });
    const [first, second] = [work(), work()];
    await expect(first).rejects.toThrow('once');
    await second;
    await work();
    expect(runs).toBe(3);
  });
});
