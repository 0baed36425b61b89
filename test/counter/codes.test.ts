import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../src/counter/networks.js';
import { CODE, type CounterWindow, FROM, openWindow } from './window.js';

/** Another code with a right check digit, which leads nowhere. */
const UNKNOWN = '4000000002';
const HERE = '192.0.2.7';

describe('entering a code', () => {
  it('leads to the page', async () => {
    const { counter, token } = openWindow();
    expect(await counter.enter('4821 0937 56', HERE)).toEqual({ token });
  });

  it('a slip is told at once and costs nothing', async () => {
    const { counter, counted } = openWindow();
    expect(await counter.enter('4821093757', HERE)).toEqual({ refused: 'mistyped' });
    expect(counted.size).toBe(0);
  });

  it('answers alike whether the code is unknown, not for a page, or long over', async () => {
    const unknown = { refused: 'unknown' };
    expect(await openWindow().counter.enter(UNKNOWN, HERE)).toEqual(unknown);
    expect(await openWindow({ channels: ['ivr'] }).counter.enter(CODE, HERE)).toEqual(unknown);
    const over = openWindow();
    await over.counter.cancel(over.token, FROM);
    expect(await over.counter.enter(CODE, HERE)).toEqual({ token: over.token });
    over.clock.advance(91 * 86_400_000);
    expect(await over.counter.enter(CODE, HERE)).toEqual(unknown);
  });

  it('does the same work for a code that is unknown', async () => {
    const window = openWindow();
    const loads: string[] = [];
    const { counter } = openWindow(
      {},
      {
        engine: {
          load: async (id) => {
            loads.push(id);
            return id === 'pay_1' ? window.sketched.payment : null;
          },
          reply: () => Promise.reject(new Error('not asked')),
          cancel: () => Promise.reject(new Error('not asked')),
          extend: async () => false,
          watch: async () => undefined,
          met: async () => undefined,
        },
      },
    );
    await counter.enter(CODE, HERE);
    await counter.enter(UNKNOWN, HERE);
    expect(loads).toHaveLength(2);
  });

  it('fifteen payers behind one address of their carrier all get through', async () => {
    const { counter, token } = openWindow();
    const answers: unknown[] = [];
    for (let payer = 0; payer < 15; payer++) answers.push(await counter.enter(CODE, HERE));
    expect(answers).toEqual(Array(15).fill({ token }));
  });

  it('ten wrong ones in ten minutes for one address, counted before the look', async () => {
    const { counter, clock, token } = openWindow();
    for (let index = 0; index < 10; index++) expect(await counter.enter(UNKNOWN, HERE)).toEqual({ refused: 'unknown' });
    expect(await counter.enter(CODE, HERE)).toEqual({ refused: 'too_many' });
    expect(await counter.enter(CODE, '192.0.2.8')).toEqual({ token });
    clock.advance(600_000);
    expect(await counter.enter(CODE, HERE)).toEqual({ token });
  });
});

describe('while everybody guesses', () => {
  async function storm(): Promise<CounterWindow> {
    const window = openWindow({}, { limits: { unknownCodes: { most: 5, windowMs: 600_000 } } });
    for (let index = 0; index < 5; index++) await window.counter.enter(UNKNOWN, `203.0.113.${index}`);
    return window;
  }

  it('every answer comes late, and an honest payer still gets through', async () => {
    const { counter, clock, token } = await storm();
    let answer: unknown = 'none yet';
    const entered = counter.enter(CODE, HERE).then((given) => {
      answer = given;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answer).toBe('none yet');
    clock.advance(2_000);
    await entered;
    expect(answer).toEqual({ token });
  });

  it('an address gets one that leads nowhere, and any that lead somewhere', async () => {
    const { counter, clock, token } = await storm();
    const answers: unknown[] = [];
    for (const code of [CODE, CODE, UNKNOWN, CODE]) {
      const entered = counter.enter(code, HERE);
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(2_000);
      answers.push(await entered);
    }
    expect(answers).toEqual([{ token }, { token }, { refused: 'unknown' }, { refused: 'too_many' }]);
  });
});

describe('who counts as one caller', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '20010db8000100/56'],
    ['2001:0DB8:0001:00ff::6', '20010db8000100/56'],
    ['2001:db8:1:100::6', '20010db8000101/56'],
    ['2001:db8::1', '20010db8000000/56'],
    ['fe80::1%eth0', 'fe800000000000/56'],
    ['::1', '00000000000000/56'],
    ['', ''],
  ])('%s is %s', (address, network) => expect(networkOf(address)).toBe(network));

  it('is a whole site where addresses are cheap, and has a provider', () => {
    const addresses = ['2001:db8:1:ff00::6', '192.0.2.7'];
    expect(addresses.map((address) => networkOf(address, 'site'))).toEqual(['20010db80001/48', '192.0.2.7']);
    expect(addresses.map((address) => networkOf(address, 'provider'))).toEqual(['20010db8/32', '192.0']);
  });

  it('of any text there is one name', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => typeof networkOf(text) === 'string'));
  });
});
