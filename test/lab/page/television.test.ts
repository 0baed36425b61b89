/** The lab's television plays an operator's middleware: it signs, opens a session over real HTTP, and shows what went over the wire. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LabHouse, openLabHouse } from '../house.js';

let house: LabHouse;
beforeAll(async () => {
  house = await openLabHouse();
});
afterAll(() => house?.close());

async function order(reference: string): Promise<string> {
  return String((await house.api('/v1/payments', { amount: 1_200, currency: 'EUR', reference }))['id']);
}

async function turnOn(payment: string, language = ''): Promise<unknown> {
  const body = new URLSearchParams({ payment, language });
  const answer = await fetch(`${house.url}/lab/television`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body,
  });
  expect(answer.status).toBe(202);
  return answer.json();
}

const shown = async (): Promise<string> => (await fetch(`${house.url}/lab/television`)).text();
const sessionIn = (page: string): string => /data-session="([^"]*)"/.exec(page)?.[1] ?? '';

it('is off until a payment is shown, and then a frame of the real application', async () => {
  expect(await shown()).toContain('The television is off.');
  expect(sessionIn(await shown())).toBe('');
  expect(await turnOn(await order('TV-1'))).toEqual({ isOn: true });
  const page = await shown();
  const session = sessionIn(page);
  expect(session.length).toBeGreaterThan(20);
  expect(page).toContain(`<iframe title="Television" src="/tv/app?session=${session}"`);
  const answer = (await (await fetch(`${house.url}/tv/sessions/${session}`)).json()) as { screen: { id: string } };
  expect(answer.screen.id).toBe('start');
});

it('shows how the session was opened, with its signature and without its secret', async () => {
  const payment = await order('TV-2');
  await turnOn(payment, 'en');
  const page = await shown();
  expect(page).toContain('The operator’s signature was accepted.');
  expect(page).toContain('POST /tv/sessions');
  expect(page).toMatch(/webhook-signature: v1,[\w+/=]{40,}/);
  expect(page).toContain('&quot;operator&quot;:&quot;op_demo&quot;');
  expect(page).toContain('&quot;account&quot;:&quot;demo&quot;');
  expect(page).not.toContain('whsec_');
  const session = sessionIn(page);
  expect(page.split(session)).toHaveLength(3);
  expect(page).toContain('&quot;session&quot;: &quot;***&quot;');
});

it('opens again the same session for the same payment, and another for another', async () => {
  const [one, other] = [await order('TV-3'), await order('TV-4')];
  await turnOn(one);
  const first = sessionIn(await shown());
  await turnOn(one);
  expect(sessionIn(await shown())).toBe(first);
  await turnOn(other);
  expect(sessionIn(await shown())).not.toBe(first);
});

it('says so when nothing can be shown', async () => {
  expect(await turnOn('pay_nobody_knows_it')).toEqual({ isOn: false });
  const page = await shown();
  expect(page).toContain('Nothing is shown: it answered 404.');
  expect(page).toContain('The television is off.');
});

it('leads to the page that a telephone would open', async () => {
  await turnOn(await order('TV-5'), 'en');
  const session = sessionIn(await shown());
  const read = async () =>
    (await (await fetch(`${house.url}/tv/sessions/${session}`)).json()) as { screen: { version: number } };
  const { version } = (await read()).screen;
  await fetch(`${house.url}/tv/sessions/${session}/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key: 'BLUE', version }),
  });
  const link = /id="scanned" href="([^"]+)"/.exec(await shown())?.[1] ?? '';
  expect(link.startsWith(`${house.url}/pay/`)).toBe(true);
  expect((await fetch(link)).status).toBe(200);
});
