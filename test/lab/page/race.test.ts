/** The lab's buttons that use its telephone: a race of phone and page, and a question by text. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEMO_PHONE } from '../../../src/payers/demo.js';
import { type LabHouse, openLabHouse, until } from '../house.js';

const SLOW_MS = 60_000;

let house: LabHouse;
beforeAll(async () => {
  house = await openLabHouse();
}, SLOW_MS);
afterAll(() => house?.close());

async function press(button: 'race' | 'text'): Promise<string> {
  const headers = { accept: 'application/json' };
  const answer = await fetch(`${house.url}/lab/experiments/${button}`, { method: 'POST', headers });
  const { payment } = (await answer.json()) as { payment: string };
  return payment;
}

const page = async (payment: string): Promise<string> => (await fetch(`${house.url}/lab?payment=${payment}`)).text();

interface Attempt {
  readonly channel: string;
  readonly outcome: string | null;
}

it(
  'phone and page pay in the same instant: one wins, the other is told, one authorization',
  async () => {
    for (let round = 0; round < 3; round += 1) {
      const payment = await press('race');
      await until('the other is told', async () => (await page(payment)).includes('The second card was never charged'));
      const { status, attempts } = (await house.api(`/v1/payments/${payment}`)) as {
        status: string;
        attempts: Attempt[];
      };
      expect(status).toBe('succeeded');
      const winners = attempts.filter(({ outcome }) => outcome === 'approved');
      expect(winners).toHaveLength(1);
      const shown = await page(payment);
      const isPhone = winners[0]?.channel === 'ivr';
      expect(shown).toContain(isPhone ? 'The phone: its answer was written down first.' : 'The page: its answer');
      expect(shown).toContain(isPhone ? 'The page shows that it is paid' : 'The caller hears');
      expect(shown).toContain('exactly one authorization');
      expect(shown).not.toContain('did not come to its end');
      const booked = (await house.ledger(payment)).filter(({ type }) => type === 'authorize');
      expect(booked).toHaveLength(1);
    }
    expect(house.twilio?.problems()).toEqual([]);
  },
  SLOW_MS,
);

it(
  'the returning customer is asked by text, and pays with the digits',
  async () => {
    const payment = await press('text');
    const handset = house.twilio?.handset(DEMO_PHONE);
    const offer = await handset?.receives(/Reply \d{6} to pay Petite Boutique 12\.00 EUR/);
    await handset?.reply(/\d{6}/.exec(offer?.body ?? '')?.[0] ?? '');
    await until('it is paid', async () => (await house.api(`/v1/payments/${payment}`))['status'] === 'succeeded');
    const order = house.orders.ofPayment(payment);
    expect(order?.account).toBe('demo');
    await until('the shop hears of it', () => house.orders.ofPayment(payment)?.status === 'succeeded');
  },
  SLOW_MS,
);
