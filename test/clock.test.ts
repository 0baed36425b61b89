import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../src/clock.js';
import { virtualClock } from './clock.js';

const START = Date.UTC(2030, 0, 1);
const DAY_MS = 86_400_000;

describe('systemClock', () => {
  const clock = systemClock();
  const action = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers({ now: START });
    action.mockReset();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells the time', () => {
    expect(clock.now()).toBe(START);
  });

  it('acts once, at its time and not before', () => {
    clock.at(START + 1_000, action);
    vi.advanceTimersByTime(999);
    expect(action).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(action).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(DAY_MS);
    expect(action).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['the past', START - DAY_MS],
    ['now', START],
    ['the beginning of time', Number.NEGATIVE_INFINITY],
  ])('acts soon for %s, but not inside the call', (_, at) => {
    clock.at(at, action);
    expect(action).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(action).toHaveBeenCalledTimes(1);
  });

  it('waits longer than a timer of Node can', () => {
    clock.at(START + 90 * DAY_MS, action);
    vi.advanceTimersByTime(90 * DAY_MS - 1);
    expect(action).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(action).toHaveBeenCalledTimes(1);
  });

  it('never acts for a time that does not come', () => {
    const cancel = clock.at(Number.POSITIVE_INFINITY, action);
    vi.advanceTimersByTime(60 * DAY_MS);
    expect(action).not.toHaveBeenCalled();
    cancel();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits again when the timer rings before the time', () => {
    clock.at(START + 1_000, action);
    vi.advanceTimersByTime(500);
    vi.setSystemTime(START);
    vi.advanceTimersByTime(500);
    expect(action).not.toHaveBeenCalled();
    vi.advanceTimersByTime(500);
    expect(action).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['at once', 0],
    ['between two parts of a long wait', 40 * DAY_MS],
  ])('can be cancelled %s', (_, after) => {
    const cancel = clock.at(START + 90 * DAY_MS, action);
    vi.advanceTimersByTime(after);
    cancel();
    vi.advanceTimersByTime(100 * DAY_MS);
    expect(action).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes no time that is none', () => {
    expect(() => clock.at(Number.NaN, action)).toThrow(RangeError);
  });
});

describe('virtualClock', () => {
  it('performs what is planned in order of time, then of planning, each at its own time', () => {
    const clock = virtualClock(START);
    const seen: [string, number][] = [];
    const see = (name: string) => () => seen.push([name, clock.now() - START]);
    clock.at(START + 20, see('c'));
    clock.at(START + 10, see('a'));
    clock.at(START + 10, see('b'));
    clock.at(START - 5, see('past'));
    clock.at(START + 15, () => clock.at(START + 18, see('planned on the way')));
    clock.at(START + 31, see('later'));
    expect(seen).toEqual([]);
    clock.runDue();
    expect(seen).toEqual([['past', 0]]);
    clock.advance(30);
    expect(seen.slice(1)).toEqual([
      ['a', 10],
      ['b', 10],
      ['planned on the way', 18],
      ['c', 20],
    ]);
    expect(clock.now()).toBe(START + 30);
    expect(clock.nextAt()).toBe(START + 31);
  });

  it('forgets what is cancelled and does not go back', () => {
    const clock = virtualClock(START);
    clock.at(START + 1, () => expect.unreachable())();
    clock.advanceTo(START + 2);
    expect(clock.nextAt()).toBeNull();
    expect(() => clock.advanceTo(START)).toThrow(RangeError);
    expect(() => clock.at(Number.NaN, () => undefined)).toThrow(RangeError);
  });
});
