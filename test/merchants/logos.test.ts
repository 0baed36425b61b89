import { describe, expect, it } from 'vitest';
import type { Merchant } from '../../src/contracts/merchant.js';
import type { Picture } from '../../src/contracts/picture.js';
import { createLogos, type LogoPorts } from '../../src/merchants/logos.js';
import { virtualClock } from '../clock.js';
import { sampleMerchant } from '../contract/samples.js';

const DAY = 86_400_000;
const MINUTE = 60_000;
const picture = (name: string): Picture => ({ name, type: 'image/png', bytes: Buffer.from(name), width: 1, height: 1 });
type Answer = Awaited<ReturnType<LogoPorts['fetchPicture']>>;

function world() {
  const clock = virtualClock(DAY);
  const asked: string[] = [];
  const warned: unknown[] = [];
  const waiting: ((answer: Answer) => void)[] = [];
  const nothing = (): void => undefined;
  const logos = createLogos({
    clock,
    log: { debug: nothing, info: nothing, error: nothing, warn: (_, fields) => warned.push(fields) },
    fetchPicture: (url) => {
      asked.push(url);
      return new Promise((resolve) => waiting.push(resolve));
    },
  });
  return {
    ...{ clock, asked, warned, logos },
    async answer(answer: Answer) {
      waiting.shift()?.(answer);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const merchant = (id: string, logo: string | null): Merchant =>
  sampleMerchant({ id, profile: { ...sampleMerchant().profile, logo } });
const LUNE = merchant('mer_lune', 'https://lune.example.com/logo.png');

describe("a merchant's logo", () => {
  it('is not there at first, and from the next page on it is, without being asked for again before tomorrow', async () => {
    const { logos, asked, answer, clock } = world();
    expect([logos.faceOf(LUNE), logos.faceOf(LUNE)]).toEqual([null, null]);
    await answer({ picture: picture('a.png') });
    expect(logos.faceOf(LUNE)).toMatchObject({ name: 'a.png' });
    expect(logos.named('a.png')?.bytes).toEqual(Buffer.from('a.png'));
    clock.advance(DAY - 1);
    expect([logos.faceOf(LUNE)?.name, asked.length]).toEqual(['a.png', 1]);
    clock.advance(1);
    expect([logos.faceOf(LUNE)?.name, asked.length]).toEqual(['a.png', 2]);
    await answer({ picture: picture('b.png') });
    expect(logos.faceOf(LUNE)?.name).toBe('b.png');
  });

  it('that cannot be had is asked for less and less often, told in the log, and the old one stays', async () => {
    const { logos, asked, answer, clock, warned } = world();
    logos.faceOf(LUNE);
    await answer({ picture: picture('a.png') });
    clock.advance(DAY);
    for (const pause of [10 * MINUTE, 20 * MINUTE, 40 * MINUTE]) {
      logos.faceOf(LUNE);
      await answer({ error: 'http_404' });
      const before = asked.length;
      clock.advance(pause - 1);
      expect([logos.faceOf(LUNE)?.name, asked.length]).toEqual(['a.png', before]);
      clock.advance(1);
    }
    expect(warned[0]).toEqual({ merchant: 'mer_lune', reason: 'http_404' });
  });

  it('is another one at another address, and none without', async () => {
    const { logos, asked, answer } = world();
    logos.faceOf(LUNE);
    await answer({ picture: picture('a.png') });
    expect(logos.faceOf(merchant('mer_lune', 'https://lune.example.com/new.png'))).toBeNull();
    expect(asked).toHaveLength(2);
    expect(logos.faceOf(merchant('mer_lune', null))).toBeNull();
    expect(logos.named('a.png')).toBeNull();
  });

  it('waits when many are fetched, and a thousand are kept', async () => {
    const { logos, asked, answer } = world();
    const crowd = Array.from({ length: 6 }, (_, index) =>
      merchant(`mer_${index}`, `https://s${index}.example.com/l.png`),
    );
    for (const one of crowd) logos.faceOf(one);
    expect(asked).toHaveLength(4);
    await answer({ picture: picture('0.png') });
    for (const one of crowd) logos.faceOf(one);
    expect(asked).toHaveLength(5);
    for (let index = 10; index < 1_010; index++) logos.faceOf(merchant(`mer_${index}`, 'https://x.example.com/l.png'));
    expect(logos.named('0.png')).toBeNull();
  });
});
