import { describe, expect, it } from 'vitest';
import type { Live } from '../../src/contracts/live.js';
import type { Operator } from '../../src/contracts/operator.js';
import type { Store } from '../../src/contracts/store.js';
import type { Screen, TvPlace } from '../../src/contracts/television.js';
import { createTvGlances } from '../../src/counter/tv_glances.js';
import type { TvPorts } from '../../src/counter/tv_ports.js';
import { screenOf } from '../../src/counter/tv_screen.js';
import type { Seen } from '../../src/counter/tv_sessions.js';
import { viewOf } from '../../src/counter/tv_view.js';
import { createWatchers } from '../../src/engine/watchers.js';
import { virtualClock } from '../clock.js';
import { START } from '../engine/sketch.js';
import { HOUR_MS, sceneOf, televised } from './tv_scenes.js';

const SECOND_MS = 1_000;

/** One box whose screen is read as often as it must be. */
function openBox({ place = {}, live = null }: { place?: Partial<TvPlace>; live?: Live | null } = {}) {
  const clock = virtualClock(START);
  const sketched = televised();
  const operator = {
    current: { id: 'op_1', status: 'enabled', merchants: [sketched.payment.merchant] } as unknown as Operator,
  };
  const watchers = createWatchers(
    { payments: { load: async () => null } } as unknown as Pick<Store, 'payments'>,
    clock,
    live,
  );
  const reads = { count: 0, during: (): void => undefined };
  const see = async (token: string): Promise<Seen> => {
    reads.count += 1;
    reads.during();
    const scene = sceneOf(sketched, { place, now: clock.now() });
    const view = viewOf(scene);
    return { scene, view, shown: { session: token, screen: screenOf(view, scene, (_, key) => key), pollInterval: 5 } };
  };
  const ports = {
    ...{ engine: watchers, clock, live },
    store: { operators: { load: async () => operator.current } },
    signing: { televisions: { readSessionToken: (token: string) => (token === 'token' ? 'tvs_1' : null) } },
  };
  const glances = createTvGlances(ports as unknown as TvPorts, see);
  const look = async (): Promise<Screen | undefined> => (await glances.look('token'))?.shown.screen;
  return { clock, sketched, operator, watchers, reads, glances, look };
}

describe('a box that looks again', () => {
  it('is answered from what it saw, while the time that is left goes on', async () => {
    const { clock, reads, look } = openBox();
    const first = await look();
    clock.advance(20 * SECOND_MS);
    const again = await look();
    expect(reads.count).toBe(1);
    expect(first?.expires_in).toBe(HOUR_MS / SECOND_MS);
    expect(again).toEqual({ ...first, expires_in: HOUR_MS / SECOND_MS - 20 });
  });

  it('reads once its payment has changed, or its session was moved', async () => {
    const { sketched, watchers, reads, glances, look } = openBox();
    await look();
    watchers.tell(sketched.payment);
    await look();
    expect(reads.count).toBe(2);
    glances.forget('tvs_1');
    await look();
    expect(reads.count).toBe(3);
    glances.forget('tvs_2');
    watchers.tell({ ...sketched.payment, id: 'pay_of_another' });
    await look();
    expect(reads.count).toBe(3);
  });

  it('does not keep what was read while something was heard', async () => {
    const { sketched, watchers, reads, look } = openBox();
    reads.during = () => watchers.tell(sketched.payment);
    await look();
    reads.during = () => undefined;
    await look();
    expect(reads.count).toBe(2);
  });

  it('is shown nothing old once its operator may show nothing any more', async () => {
    const { operator, reads, look } = openBox();
    await look();
    operator.current = { ...operator.current, status: 'disabled' };
    await look();
    operator.current = { ...operator.current, status: 'enabled', merchants: [] };
    await look();
    expect(reads.count).toBe(3);
  });

  const cut: Live = { tell: () => undefined, listen: () => undefined, isUp: () => false };
  it.each([
    ['in half a minute', null, 30],
    ['sooner where word of others may be lost', { ...cut, isUp: () => true }, 5],
    ['and at once where none comes', cut, 1.5],
  ])('reads anyway: %s', async (_, live, seconds) => {
    const { clock, reads, look } = openBox({ live });
    await look();
    clock.advance(seconds * SECOND_MS - 1);
    await look();
    expect(reads.count).toBe(1);
    clock.advance(1);
    await look();
    expect(reads.count).toBe(2);
  });

  it('reads when the payment ends, whether or not that was heard', async () => {
    const { clock, reads, look } = openBox();
    clock.advance(HOUR_MS - SECOND_MS);
    await look();
    clock.advance(SECOND_MS);
    await look();
    expect(reads.count).toBe(2);
  });

  it.each(['purchase_code', 'checking', 'choose_card'] as const)(
    'reads each time at %s, which goes by itself',
    async (screen) => {
      const { reads, look } = openBox({ place: { screen, provenAt: START } });
      await look();
      await look();
      expect(reads.count).toBe(2);
    },
  );
});

describe('what is kept', () => {
  it('is bounded, and of many boxes the longest kept goes first', async () => {
    const { clock, watchers } = openBox();
    let reads = 0;
    const sketched = televised();
    const see = async (token: string): Promise<Seen> => {
      reads += 1;
      const scene = sceneOf(sketched, { now: clock.now() });
      const view = viewOf(scene);
      const session = { ...scene.session, id: token };
      const screen = {} as Screen;
      return { scene: { ...scene, session }, view, shown: { session: token, screen, pollInterval: 5 } };
    };
    const operator = { status: 'enabled', merchants: [sketched.payment.merchant] };
    const ports = {
      ...{ engine: watchers, clock, live: null, store: { operators: { load: async () => operator } } },
      signing: { televisions: { readSessionToken: (token: string) => token } },
    };
    const glances = createTvGlances(ports as unknown as TvPorts, see);
    for (let box = 0; box <= 20_000; box++) await glances.look(`tvs_${box}`);
    reads = 0;
    await glances.look('tvs_20000');
    await glances.look('tvs_1');
    expect(reads).toBe(0);
    await glances.look('tvs_0');
    expect(reads).toBe(1);
  });
});
