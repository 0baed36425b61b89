/** A television that waits for its next screen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Screen } from '../../../src/contracts/television.js';
import { openTelevisionHouse, type TelevisionHouse } from './house.js';

let house: TelevisionHouse;
beforeAll(async () => {
  house = await openTelevisionHouse();
});
afterAll(() => house.close());

describe('waiting', () => {
  const wait = async (
    session: string,
    query: string,
  ): Promise<{ screen: Screen; pollSeconds: number; tookMs: number }> => {
    const begun = Date.now();
    const answer = await fetch(`${house.url}/tv/sessions/${session}?${query}`);
    const { screen, poll_interval } = (await answer.json()) as { screen: Screen; poll_interval: number };
    return { screen, pollSeconds: poll_interval, tookMs: Date.now() - begun };
  };

  it('ends as soon as the screen is another one, whoever changed it', async () => {
    const { id } = await house.order();
    const box = await house.open(id);
    const { version } = box.screen;
    const pressed = wait(box.session, `wait=20&version=${version}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await house.post(box.session, { version, key: 'BLUE' });
    const { screen, tookMs } = await pressed;
    expect(screen.id).toBe('handover');
    expect(tookMs).toBeLessThan(15_000);
    const canceled = wait(box.session, `wait=20&version=${screen.version}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await fetch(`${house.url}/v1/payments/${id}/cancel`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_demo' },
    });
    const ended = await canceled;
    expect(ended.screen.id).toBe('canceled');
    expect(ended.tookMs).toBeLessThan(15_000);
  });

  it('answers at once where the box shows an earlier screen, and after its time where nothing happens', async () => {
    const { id } = await house.order();
    const box = await house.open(id);
    expect((await wait(box.session, 'wait=20&version=1')).tookMs).toBeLessThan(10_000);
    const quiet = await wait(box.session, 'wait=1');
    expect(quiet.screen.version).toBe(box.screen.version);
    expect(quiet.tookMs).toBeGreaterThanOrEqual(1_000);
  });

  it('is at most 25 seconds', async () => {
    const { id } = await house.order();
    const { session } = await house.open(id);
    for (const query of ['wait=26', 'wait=-1', 'wait=soon', 'version=x']) {
      expect((await fetch(`${house.url}/tv/sessions/${session}?${query}`)).status).toBe(400);
    }
  });

  it('of a fifth box on one session is not worth while', async () => {
    const { id } = await house.order();
    const { session } = await house.open(id);
    const four = Array.from({ length: 4 }, () => wait(session, 'wait=3'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const fifth = await wait(session, 'wait=20');
    expect(fifth.tookMs).toBeLessThan(10_000);
    expect(fifth.pollSeconds).toBe(15);
    for (const { tookMs } of await Promise.all(four)) expect(tookMs).toBeGreaterThanOrEqual(3_000);
  });

  it('ends when the house closes', async () => {
    const other = await openTelevisionHouse();
    const { id } = await other.order();
    const { session } = await other.open(id);
    const begun = Date.now();
    const waiting = fetch(`${other.url}/tv/sessions/${session}?wait=25`).then((answer) => answer.status);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await other.close();
    expect(await waiting).toBe(200);
    expect(Date.now() - begun).toBeLessThan(20_000);
  });
});
