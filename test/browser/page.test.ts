/** A payer in a real Chromium, with scripts and without: the whole way through page, bank and back to the shop. */
import { expect, it } from 'vitest';
import { needs } from '../support/skip.js';
import {
  APPROVED,
  approve,
  CHECKED_AND_CHALLENGED,
  clickBack,
  clickThrough,
  fill,
  paid,
  pay,
  REFUSED,
  SLOW_MS,
  useStreet,
  waitFor,
} from './payer.js';

needs('chromium')('a payer in a browser', (executablePath) => {
  const street = useStreet(executablePath);

  it('pays, and is taken back to the shop with a signed hint', { timeout: SLOW_MS }, async () => {
    const { id, pay: link } = await street.house.order();
    const page = await street.open();
    await page.goto(link);
    await fill(page, APPROVED);
    await pay(page);
    await paid(page);
    await page.waitForURL('**/back?cart=7&payment=*');
    expect(street.house.returns.at(-1)).toMatch(
      new RegExp(
        `^/back\\?cart=7&payment=${id}&reference=ORDER-[\\w-]+&status=succeeded&ts=\\d+&signature=[\\w-]{43}$`,
      ),
    );
    await street.paidOnce(id);
  });

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with scripts' : 'without scripts';

    it(`${how}: passes the device check and the challenge`, { timeout: SLOW_MS }, async () => {
      const { id, pay: link } = await street.house.order();
      const page = await street.open({ javaScriptEnabled });
      await page.goto(link);
      await fill(page, CHECKED_AND_CHALLENGED);
      await pay(page);
      if (!javaScriptEnabled) await clickThrough(page);
      await approve(page);
      if (!javaScriptEnabled) await clickBack(page);
      await paid(page);
      await street.paidOnce(id);
      const [attempt] = (await street.house.payment(id)).attempts;
      expect(attempt?.authentication).toMatchObject({
        deviceCheck: javaScriptEnabled ? 'Y' : 'N',
        proof: { result: 'Y' },
      });
      expect(attempt?.device?.browser?.javascriptEnabled).toBe(javaScriptEnabled);
    });

    it(`${how}: goes on with the same card on another device`, { timeout: 2 * SLOW_MS }, async () => {
      const { id, pay: link } = await street.house.order({ return_url: null });
      const first = await street.open({ javaScriptEnabled });
      await first.goto(link);
      await fill(first, CHECKED_AND_CHALLENGED);
      await pay(first);
      if (!javaScriptEnabled) await clickThrough(first);
      await first.getByRole('button', { name: 'Approve' }).waitFor();
      const second = await street.open({ javaScriptEnabled });
      await second.goto(link);
      await second.getByText('begun on another device').waitFor();
      await second.getByRole('button', { name: 'Go on here with the same card' }).click();
      if (!javaScriptEnabled) await clickThrough(second);
      await approve(second);
      if (!javaScriptEnabled) await clickBack(second);
      await paid(second);
      await street.paidOnce(id, 2);
      const [left, own] = (await street.house.payment(id)).attempts;
      expect([left?.status, own?.status, own?.device?.id === left?.device?.id]).toEqual([
        'canceled',
        'captured',
        false,
      ]);
      expect(own?.authentication?.deviceCheck).toBe(javaScriptEnabled ? 'Y' : 'N');
    });

    it(`${how}: is refused, tries another card, and has paid once`, { timeout: SLOW_MS }, async () => {
      const { id, pay: link } = await street.house.order();
      const page = await street.open({ javaScriptEnabled });
      await page.goto(link);
      await fill(page, REFUSED);
      await pay(page);
      await waitFor(page, javaScriptEnabled, 'Pay by card');
      await page.getByRole('alert').getByText('without saying why').waitFor();
      await fill(page, APPROVED);
      await pay(page);
      await waitFor(page, javaScriptEnabled, 'Paid');
      await street.paidOnce(id, 2);
    });

    it(`${how}: mends a slip, and nothing typed is lost but the code`, { timeout: SLOW_MS }, async () => {
      const { id, pay: link } = await street.house.order();
      const page = await street.open({ javaScriptEnabled });
      await page.goto(link);
      await fill(page, '4242 4242 4242 4243');
      await pay(page);
      await page.getByRole('link', { name: 'There is a slip in the card number.' }).click();
      expect(await page.getByLabel('Card number').inputValue()).toBe('4242 4242 4242 4243');
      expect(await page.getByLabel('Expiry date').inputValue()).toBe('12/34');
      // With scripts the form has not left the page, so the code is still there.
      expect(await page.getByLabel('Security code').inputValue()).toBe(javaScriptEnabled ? '123' : '');
      await fill(page, APPROVED);
      await pay(page);
      await waitFor(page, javaScriptEnabled, 'Paid');
      await street.paidOnce(id);
    });

    it(`${how}: chooses the brand of a co-badged card`, { timeout: SLOW_MS }, async () => {
      const { id, pay: link } = await street.house.order();
      const page = await street.open({ javaScriptEnabled });
      await page.goto(link);
      await fill(page, '4970 1000 0000 0006');
      if (!javaScriptEnabled) {
        await pay(page);
        await page.getByRole('alert').getByText('Choose the brand').waitFor();
        await page.getByLabel('Security code').fill('123');
      }
      expect(await page.getByLabel('CB').isChecked()).toBe(true);
      await page.getByLabel('Visa').check();
      await pay(page);
      await waitFor(page, javaScriptEnabled, 'Paid');
      expect((await street.house.settled(id, 'succeeded')).attempts[0]?.face?.brand).toBe('visa');
    });
  }
});
