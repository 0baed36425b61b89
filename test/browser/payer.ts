import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Devices, SLOW_MS, useBrowser } from './browser.js';
import { approvalsOf, type House, openHouse } from './house.js';

export { SLOW_MS } from './browser.js';
export const APPROVED = '4242 4242 4242 4242';
export const CHALLENGED = '4000 0000 0000 3220';
export const CHECKED_AND_CHALLENGED = '4000 0010 0000 0224';
export const REFUSED = '4000 0000 0000 0002';

/** A house beside the browser. */
export interface Street extends Devices {
  readonly house: House;
  /** The payment has succeeded, after so many attempts, and money was taken once: by our books and by the bank's. */
  paidOnce(id: string, attempts?: number): Promise<void>;
}

export function useStreet(executablePath: string, parts: Parameters<typeof openHouse>[0] = {}): Street {
  const devices = useBrowser(executablePath);
  let house: House | undefined;

  beforeAll(async () => {
    house = await openHouse(parts);
  }, SLOW_MS);
  afterAll(() => house?.close());

  function standing(): House {
    if (house === undefined) throw new Error('the house is not open yet');
    return house;
  }

  return {
    ...devices,
    get house() {
      return standing();
    },
    async paidOnce(id, attempts = 1) {
      const payment = await standing().settled(id, 'succeeded');
      expect(payment.attempts).toHaveLength(attempts);
      expect(approvalsOf(payment)).toBe(1);
      const taken = (await standing().ledger(id)).filter(({ captured, refunded }) => captured > refunded);
      expect(taken.map(({ captured, refunded }) => captured - refunded)).toEqual([payment.amount]);
    },
  };
}

export async function fill(page: Page, number: string): Promise<void> {
  await page.getByLabel('Card number').fill(number);
  await page.getByLabel('Expiry date').fill('12/34');
  await page.getByLabel('Security code').fill('123');
}

export const pay = (page: Page): Promise<void> => page.getByRole('button', { name: 'Pay €42.50' }).click();
export const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
export const paid = (page: Page): Promise<void> => heading(page, 'Paid').waitFor();
export const approve = (page: Page): Promise<void> => page.getByRole('button', { name: 'Approve' }).click();

/** Without scripts nothing goes on by itself: the payer presses what is there. */
export async function clickThrough(page: Page): Promise<void> {
  for (;;) {
    const next = page
      .getByRole('button', { name: /^(?:Continue|Go to my bank)$/ })
      .or(page.getByRole('link', { name: 'Check now' }));
    await next
      .or(page.getByRole('button', { name: 'Approve' }))
      .first()
      .waitFor();
    if ((await page.getByRole('button', { name: 'Approve' }).count()) > 0) return;
    await next.first().click();
  }
}

export async function clickBack(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Continue' }).click();
  await waitFor(page, false, 'Paid');
}

/** Waits for a page; without scripts by pressing what leads on. */
export async function waitFor(page: Page, scripts: boolean, title: string): Promise<void> {
  const wanted = heading(page, title);
  const goOn = page
    .getByRole('link', { name: 'Check now' })
    .or(page.getByRole('button', { name: 'Continue', exact: true }));
  for (;;) {
    await (scripts ? wanted : wanted.or(goOn).first()).waitFor();
    if ((await wanted.count()) > 0) return;
    await goOn.first().click();
  }
}
