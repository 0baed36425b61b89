/** Calls that we place: no amount before a key, and a machine hears only who called and from where. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callAddresses } from '../../../channels/ivr/index.js';
import { SHARED_NUMBER } from './caller.js';
import { openTelephoneHouse, type TelephoneHouse } from './house.js';

let house: TelephoneHouse;
beforeAll(async () => {
  house = await openTelephoneHouse();
});
afterAll(() => house?.close());
beforeEach(() => {
  house.reports.length = 0;
});

async function placed(wanted: Record<string, unknown> = {}, fields: Record<string, string> = {}) {
  const { id } = await house.order(wanted);
  const call = house.call({
    from: SHARED_NUMBER,
    to: '+33687654321',
    fields: { Direction: 'outbound-api', AnsweredBy: 'human', ...fields },
  });
  const { url, statusUrl } = callAddresses(house.url, id, 'rch_1');
  return { id, call, url, statusUrl };
}

describe('somebody who is called', () => {
  it('hears who calls and nothing else before the key, then pays', async () => {
    const { id, call, url } = await placed({ payer: { language: 'en' }, description: 'A present' });
    expect(await call.go(url)).toBe(
      'A payment call from Maison Lune. To hear it, press 1, or hang up and call the number on your bill.',
    );
    expect(await call.press('1')).toContain('The amount is forty-two euros fifty.');
    await call.press('1');
    await call.keyCard();
    expect(await call.listen()).toContain('You have paid');
    const payment = await house.settled(id, 'succeeded');
    expect(payment.events.find(({ type }) => type === 'channel.call_started')?.about).toBe('rch_1');
    expect(house.reports).toEqual([{ payment: id, reach: 'rch_1', report: 'answered' }]);
  });

  it('chooses the language where nobody knows it', async () => {
    const { call, url } = await placed();
    expect(await call.go(url)).toMatch(
      /^Un appel de Maison Lune.*appuyez sur 1.*A payment call from Maison Lune.*press 2/,
    );
    expect(await call.press('2')).toContain('The amount is');
    const french = await placed();
    await french.call.go(french.url);
    expect(await french.call.press('1')).toContain('Le montant est de');
  });

  it('silence and wrong keys end politely, still without an amount', async () => {
    const { call, url } = await placed({ payer: { language: 'en' } });
    const heard = [await call.go(url), await call.silence(), await call.press('7'), await call.silence()].join(' ');
    expect(heard).toContain('We cannot go on this time.');
    expect(heard).not.toContain('euros');
  });

  it.each(['machine_start', 'machine_end_beep', 'fax'])('%s hears name and number only', async (AnsweredBy) => {
    const { id, call, url } = await placed({ payer: { language: 'fr' } }, { AnsweredBy });
    const heard = await call.go(url);
    expect(heard).toBe('Un appel de Maison Lune pour un paiement. Rappelez le 01 99 88 77 66.');
    expect(call.hasEnded()).toBe(true);
    expect(house.reports).toEqual([{ payment: id, reach: 'rch_1', report: 'answered_by_machine' }]);
  });

  it.each([
    ['+32470123456', 'fr', 'Un appel de Maison Lune pour un paiement. Rappelez le plus 33 1 99 88 77 66.'],
    ['+447700900123', 'en', 'A payment call from Maison Lune. Please call plus 33 1 99 88 77 66.'],
    ['+33687654321', 'en', 'A payment call from Maison Lune. Please call 01 99 88 77 66.'],
  ])('a machine at %s is told the number as it is dialled there', async (To, language, expected) => {
    const { call, url } = await placed({ payer: { language } }, { AnsweredBy: 'machine_start', To });
    expect(await call.go(url)).toBe(expected);
  });

  it('hears no word of money that was not charged where nobody has looked', async () => {
    const { call, url } = await placed({ payer: { language: 'en' } });
    await call.go(url);
    await call.press('7');
    await call.press('7');
    expect(await call.press('7')).toBe('We cannot go on this time. Please call again whenever it suits you. Goodbye.');
  });

  it('hears that nothing is left to do, once it was paid', async () => {
    const { id, call, url } = await placed({ payer: { language: 'en' } });
    await fetch(`${house.url}/v1/payments/${id}/cancel`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await call.go(url)).toBe('A payment call from Maison Lune. Nothing is left to be done. Goodbye.');
  });
});

describe('what becomes of a call', () => {
  it.each([
    ['completed', 'completed'],
    ['busy', 'busy'],
    ['no-answer', 'no_answer'],
    ['failed', 'failed'],
    ['canceled', 'canceled'],
  ])('%s is reported', async (CallStatus, report) => {
    const { id, call, statusUrl } = await placed();
    expect((await call.post(statusUrl, { CallStatus })).text).toContain('<Response/>');
    expect(house.reports).toEqual([{ payment: id, reach: 'rch_1', report }]);
  });

  it('is not believed without a signature, and says nothing of calls that payers began', async () => {
    const { call, statusUrl } = await placed();
    expect((await call.post(statusUrl, { CallStatus: 'completed' }, { signature: null })).status).toBe(403);
    expect((await call.post(`${house.url}/ivr/status`, { CallStatus: 'completed' })).status).toBe(200);
    expect((await call.post(statusUrl, { CallStatus: 'ringing' })).status).toBe(200);
    expect(house.reports).toEqual([]);
  });
});
