/** The page over the real counter, engine, store, vault and sandbox: many at once, replayed, tampered, and nothing taken twice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalsOf, type House, openHouse } from '../../browser/house.js';
import { type Answer, createBrowser, formOf } from './page_server.js';

const NUMBER = '4242424242424242';
const CARD = { number: NUMBER, expiry: '12/34', security_code: '123' };

let house: House;
beforeAll(async () => {
  house = await openHouse();
}, 20_000);
afterAll(() => house.close());

async function visit(wanted: Record<string, unknown> = {}) {
  const order = await house.order(wanted);
  const path = new URL(order.pay).pathname;
  const browser = createBrowser(house.url);
  return { ...order, path, browser, page: await browser.ask(path) };
}

describe('one payment', () => {
  it('twenty clicks at once on two devices pay once', async () => {
    const { id, path, browser, page } = await visit();
    const other = createBrowser(house.url);
    const otherPage = await other.ask(path);
    const clicks = Array.from({ length: 10 }, () => [
      browser.submit(page, '/card', CARD),
      other.submit(otherPage, '/card', { ...CARD, number: '4111111111111111' }),
    ]);
    const answers = await Promise.all(clicks.flat());
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    const payment = await house.settled(id, 'succeeded');
    expect([payment.attempts.length, approvalsOf(payment)]).toEqual([1, 1]);
  });

  it('every form of a payment that is over changes nothing and shows what is', async () => {
    const { id, path, browser, page } = await visit();
    await browser.submit(page, '/card', CARD);
    const before = await house.settled(id, 'succeeded');
    const replays: Answer[] = [];
    for (const form of ['/card', '/cancel']) replays.push(await browser.submit(page, form, CARD));
    replays.push(await browser.extend(page, CARD));
    expect(replays.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect((await browser.ask(path)).body).toContain('You have paid');
    expect(await house.payment(id)).toEqual(before);
  });

  it('cancel and pay at once end in one of the two, never both', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, browser, page } = await visit();
      await Promise.all([browser.submit(page, '/card', CARD), browser.submit(page, '/cancel')]);
      const giveUpAt = Date.now() + 10_000;
      let payment = await house.payment(id);
      while (payment.status === 'processing' && Date.now() < giveUpAt) payment = await house.watch(payment);
      expect(['succeeded', 'canceled']).toContain(payment.status);
      const captured = payment.attempts.filter(({ status }) => status === 'captured').length;
      expect(captured).toBe(payment.status === 'succeeded' ? 1 : 0);
    }
  });

  it('tells why a card is wrong and writes its number into no other page', async () => {
    const { path, browser, page } = await visit();
    const answer = await browser.submit(page, '/card', { ...CARD, expiry: '01/20', security_code: '12' });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('This card has expired.');
    expect(answer.body).toContain('The security code has 3 digits');
    expect(formOf(answer.body, '/card').fields).toMatchObject({ number: NUMBER, security_code: '' });
    expect((await browser.ask(path)).body).not.toContain(NUMBER);
  });

  it('after five declines has failed, and says so', async () => {
    const { id, path, browser } = await visit();
    for (let attempt = 1; attempt <= 5; attempt++) {
      await browser.submit(await browser.ask(path), '/card', { ...CARD, number: '4000000000000002' });
      await house.settled(id, attempt === 5 ? 'failed' : 'requires_payment_method');
    }
    const page = await browser.ask(path);
    expect(page.body).toContain('Not paid');
    expect(page.body).not.toContain('<form');
  });
});

describe('a token', () => {
  it('that was altered anywhere leads nowhere, whatever is posted', async () => {
    const { path, browser, page, id } = await visit();
    const before = await house.payment(id);
    const token = path.slice('/pay/'.length);
    for (let at = 0; at < token.length; at++) {
      const altered = `${token.slice(0, at)}${token[at] === 'x' ? 'y' : 'x'}${token.slice(at + 1)}`;
      expect((await browser.ask(`/pay/${altered}`)).status).toBe(404);
      const body = new URLSearchParams({ ...formOf(page.body, '/card').fields, ...CARD });
      expect((await browser.ask(`/pay/${altered}/card`, { method: 'POST', body })).status).toBe(404);
    }
    expect(await house.payment(id)).toEqual(before);
  });

  it('that was revoked leads nowhere, with all its forms', async () => {
    const { path, browser, page, id } = await visit();
    await house.revoke(id);
    expect((await browser.ask(path)).status).toBe(404);
    expect((await browser.submit(page, '/card', CARD)).status).toBe(404);
  });

  it('of one payment does not open the form of another', async () => {
    const one = await visit();
    const other = await visit();
    const body = new URLSearchParams({ ...formOf(one.page.body, '/card').fields, ...CARD });
    const answer = await one.browser.ask(`${other.path}/card`, { method: 'POST', body });
    expect(answer.status).toBe(409);
    expect((await house.payment(other.id)).attempts).toEqual([]);
  });
});

describe('the way back from the issuer', () => {
  const CHECKED_AND_CHALLENGED = { ...CARD, number: '4000001000000224' };

  /** A payment whose holder has approved: the issuer's form that leads back, and all that was stored or told on the way. */
  async function approved() {
    const { id, path, browser, page } = await visit();
    const told: string[] = [];
    const keep = async (text: string) => told.push(unpacked(JSON.stringify(await house.payment(id))), unpacked(text));
    await browser.submit(page, '/card', CHECKED_AND_CHALLENGED);
    const check = await pageWith(browser, id, path, 'data-device-check');
    const method = formOf(check.body, '/acs/method');
    await keep((await createBrowser('').submit(check, '/acs/method')).body);
    await browser.submit(check, '/device-check');
    const challenge = await pageWith(browser, id, path, 'data-challenge');
    await keep(JSON.stringify(formOf(challenge.body, '/acs/challenge')));
    const issuer = createBrowser(new URL(method.action).origin);
    const asked = await createBrowser('').submit(challenge, '/acs/challenge');
    const answered = await issuer.submit(asked, '/acs/answer', { decision: 'approve' });
    await keep(answered.body);
    const back = formOf(answered.body, '/3ds/return');
    return { id, path, browser, told, back: { ...back, path: new URL(back.action).pathname } };
  }

  async function pageWith(browser: ReturnType<typeof createBrowser>, id: string, path: string, mark: string) {
    for (let looks = 0; looks < 20; looks++) {
      const page = await browser.ask(path);
      if (page.body.includes(mark)) return page;
      await house.watch(await house.payment(id));
    }
    throw new Error(`no page with ${mark}`);
  }

  /** A text and what it carries packed in base64url, to the bottom. */
  const unpacked = (text: string): string =>
    (text.match(/[\w-]{24,}/g) ?? [])
      .map((run) => Buffer.from(run, 'base64url').toString('utf8'))
      .filter((inner) => inner.startsWith('{'))
      .reduce((all, inner) => `${all}\n${unpacked(inner)}`, text);

  it('holds no page token: neither what is stored, nor what the issuer’s side is told', async () => {
    const { id, path, browser, told, back } = await approved();
    const [, mac = ''] = path.slice('/pay/'.length).split('.');
    expect(mac).toHaveLength(22);
    await house.settled(id, 'succeeded');
    const all = [...told, JSON.stringify(await house.payment(id)), JSON.stringify(back)].join('\n');
    // The way back was among it, so that looking for it was no vain look.
    expect(all).toContain(back.path);
    expect(all).not.toContain('/pay/');
    expect(all).not.toContain(mac);
    expect((await browser.ask(back.path.replace('/3ds/return/', '/pay/'))).status).toBe(404);
  });

  it('leads the device that began it to its page, any other to none, and either way causes the look', async () => {
    const { id, path, browser, back } = await approved();
    const stranger = createBrowser(house.url);
    // Without our cookie, as a browser brings it from another site.
    const posted = await stranger.ask(back.path, { method: 'POST', body: new URLSearchParams(back.fields) });
    expect([posted.status, posted.headers.get('location')]).toEqual([303, back.path]);
    await house.settled(id, 'succeeded');
    const own = await browser.ask(back.path);
    expect([own.status, own.headers.get('location')]).toEqual([303, path]);
    const other = await stranger.ask(back.path);
    expect(other.status).toBe(200);
    expect(other.body).toContain('Your bank has answered');
    expect(other.body).not.toMatch(/\/pay\/(?!assets)|ORDER|42\.50/);
    expect(approvalsOf(await house.payment(id))).toBe(1);
  });
});

describe('the directory server’s result', () => {
  it.each(['{}', '{"messageType":"RReq"}', '[', ''])('%j is none, and changes nothing', async (body) => {
    const { id } = await visit();
    const answer = await fetch(`${house.url}/3ds/results/${id}`, { method: 'POST', body });
    expect(answer.status).toBe(400);
  });
});
