/** Stored cards appear only after a code that went to the account's own address, on the device and the page that asked. */
import { describe, expect, it } from 'vitest';
import {
  type AccountWindow,
  ADDRESS,
  DAY_MS,
  fromNetwork,
  HOUR_MS,
  MINUTE_MS,
  OF,
  openAccount,
  wrongOf,
} from './accounts.js';
import { FROM, OTHER } from './window.js';

const seen = async ({ counter, token }: AccountWindow, device = FROM.device) =>
  (await counter.visit(token, device))?.account;
const send = ({ counter, token }: AccountWindow, from = FROM) => counter.sendCode(token, from);
const give = ({ counter, token }: AccountWindow, code: string, from = FROM) => counter.takeCode(token, code, from);

async function known(): Promise<AccountWindow> {
  const window = await openAccount({ cards: ['4242424242424242', '4111111111111111'] });
  await send(window);
  expect(await give(window, window.code())).toEqual({ taken: true });
  return window;
}

/** No card is shown; a typed one would be kept at the merchant. */
const NOTHING = { cards: [], takesNew: true, household: null };

describe('the way to a saved card', () => {
  it('goes by a code to the address that the account keeps, never to the order’s', async () => {
    const window = await openAccount();
    expect(await seen(window)).toEqual({ saved: 'offered', ...NOTHING });
    expect(await send(window)).toEqual({ taken: true });
    expect(window.mailed.map(({ to }) => to)).toEqual([ADDRESS]);
    expect(window.mailed[0]).toMatchObject({ language: 'fr', merchantName: 'Maison Lune', mode: 'test', minutes: 10 });
    expect(window.code()).toMatch(/^\d{6}$/);
    expect(await seen(window)).toEqual({ saved: 'code_sent', ...NOTHING });
    expect(await give(window, ` ${window.code().slice(0, 3)} ${window.code().slice(3)} `)).toEqual({ taken: true });
    expect(await seen(window)).toMatchObject({ saved: 'open', cards: [{ last4: '4242', isDefault: true }] });
  });

  it('writes in the language of the page', async () => {
    const window = await openAccount();
    await send(window, { ...FROM, language: 'en' });
    expect(window.mailed[0]?.language).toBe('en');
  });

  it('says nothing of the address, and keeps the code nowhere but hashed', async () => {
    const window = await openAccount();
    await send(window);
    expect(JSON.stringify(await window.counter.visit(window.token, FROM.device))).not.toContain('ada');
    expect(JSON.stringify(await window.payer())).not.toContain(window.code());
  });

  it('is not offered where the account has no card, no address, or is not there', async () => {
    expect(await seen(await openAccount({ cards: [] }))).toEqual({ saved: 'none', ...NOTHING });
    expect(await seen(await openAccount({ email: null }))).toEqual({ saved: 'none', ...NOTHING });
    const nobodys = { account: 'new', email: null, phone: null, name: null, language: null };
    expect(await seen(await openAccount({ payer: nobodys }))).toEqual({ saved: 'none', ...NOTHING });
    expect(await seen(await openAccount({ payer: { ...nobodys, account: null } }))).toBeNull();
    const silent = await openAccount({ email: null });
    expect(await send(silent)).toMatchObject({ because: 'stale' });
    expect(silent.mailed).toEqual([]);
  });

  it('is none in the other mode', async () => {
    const window = await openAccount({ mode: 'live' });
    expect(await seen(window)).toEqual({ saved: 'none', ...NOTHING });
    expect(await send(window)).toMatchObject({ because: 'stale' });
  });

  it('leads this device there, and no other', async () => {
    const window = await known();
    expect((await seen(window))?.saved).toBe('open');
    expect(await seen(window, OTHER.device)).toEqual({ saved: 'offered', ...NOTHING });
    expect((await window.counter.visit(window.token, null))?.account).toEqual({ saved: 'offered', ...NOTHING });
    const [card] = (await window.payer()).instruments;
    const taken = await window.counter.takeSaved(window.token, window.prompt(), card?.id ?? '', OTHER);
    expect(taken).toMatchObject({ because: 'stale' });
    expect(window.sketched.payment.attempts).toEqual([]);
  });

  it('leads to this payment, and to no other of the same account', async () => {
    const window = await known();
    const [identification] = (await window.payer()).identifications;
    expect(identification).toMatchObject({ scope: 'pay_1', device: FROM.device, code: null });
    const elsewhere = await openAccount({ id: 'pay_2' });
    await elsewhere.payers.identifications.expect(
      (await elsewhere.payer()).id,
      { scope: 'pay_1', device: FROM.device },
      {
        hash: 'h',
        expiresAt: elsewhere.clock.now() + HOUR_MS,
        to: (await elsewhere.payer()).email ?? '',
      },
    );
    const page = { ...elsewhere, token: 'token.pay_2.1' };
    expect(await seen(page)).toEqual({ saved: 'offered', ...NOTHING });
  });

  it('needs the code of this device: one that went to another is wrong here', async () => {
    const window = await openAccount();
    await send(window);
    const first = window.code();
    window.later(MINUTE_MS);
    await send(window, OTHER);
    expect(await give(window, window.code())).toMatchObject({ because: 'invalid' });
    expect(await give(window, first)).toEqual({ taken: true });
  });

  it('is open for half an hour', async () => {
    const window = await known();
    window.later(30 * MINUTE_MS - 1);
    expect((await seen(window))?.saved).toBe('open');
    window.later(1);
    expect((await seen(window))?.saved).toBe('offered');
  });

  it('says kindly that the mail server does not answer, and takes that code no more', async () => {
    const window = await openAccount();
    window.mail.works = false;
    expect(await send(window)).toEqual({ taken: false, because: 'unavailable', message: 'saved.unavailable' });
    expect((await seen(window))?.saved).toBe('offered');
    expect(await give(window, window.code())).toMatchObject({ because: 'too_many', message: 'saved.code_over' });
  });

  it('counts no code that did not leave: an outage of the mail server locks nobody out', async () => {
    const window = await openAccount();
    window.mail.works = false;
    for (let tries = 0; tries < 12; tries++) expect(await send(window)).toMatchObject({ because: 'unavailable' });
    window.mail.works = true;
    expect(await send(window)).toEqual({ taken: true });
    expect(await give(window, window.code())).toEqual({ taken: true });
  });

  it('leads nowhere once the account is erased, not even with the right code', async () => {
    const window = await openAccount();
    await send(window);
    await window.payers.erase(OF, null);
    expect(await seen(window)).toBeNull();
    expect(await give(window, window.code())).toMatchObject({ because: 'stale' });
    expect(JSON.stringify(await window.payer())).not.toMatch(/ada|hash/);
  });
});

describe('a saved card', () => {
  it('pays, with its holder to be authenticated', async () => {
    const window = await known();
    const card = (await seen(window))?.cards[1];
    expect(await window.counter.takeSaved(window.token, window.prompt(), card?.id ?? '', FROM)).toEqual({
      taken: true,
    });
    const stored = (await window.payer()).instruments.find(({ id }) => id === card?.id);
    expect(window.sketched.attempt()).toMatchObject({
      stored: true,
      card: stored?.token,
      initiator: 'holder',
      save: null,
      authentication: { state: 'asking' },
    });
    window.sketched.authenticate();
    window.sketched.answer('authorize', 'purchased');
    expect(window.sketched.payment.status).toBe('succeeded');
    expect(window.sketched.released).toEqual([]);
  });

  it('that was renewed pays with its new record', async () => {
    const window = await known();
    const before = (await window.payer()).instruments.find(({ face }) => face.last4 === '4242');
    const renewed = await window.card('4242424242424242', 2038);
    expect([renewed.id, renewed.token]).toEqual([before?.id, before?.token]);
    await window.counter.takeSaved(window.token, window.prompt(), renewed.id, FROM);
    expect(window.sketched.attempt()).toMatchObject({ card: renewed.record, face: { expYear: 2038 } });
  });

  it('is one of the account, by its id', async () => {
    const window = await known();
    for (const other of ['', 'ins_0', (await window.payer()).instruments[0]?.token ?? '']) {
      expect(await window.counter.takeSaved(window.token, window.prompt(), other, FROM)).toMatchObject({
        problems: [{ field: 'saved' }],
      });
    }
  });

  it('that has expired is not offered for paying', async () => {
    const window = await openAccount();
    window.later(Date.UTC(2035, 0, 1, 12) - window.clock.now());
    expect(await seen(window)).toEqual({ saved: 'none', ...NOTHING });
  });
});

describe('guessing', () => {
  it('counts a try before it compares, and a code is dead after five', async () => {
    const window = await openAccount();
    await send(window);
    const right = window.code();
    for (let error = 1; error <= 5; error += 1) {
      expect(await give(window, wrongOf(right))).toMatchObject({ problems: [{ message: 'saved.code_wrong' }] });
      expect((await window.payer()).identifications[0]?.code?.errors ?? 5).toBe(error);
    }
    expect(await give(window, right)).toMatchObject({ because: 'too_many', message: 'saved.code_over' });
    expect((await seen(window))?.saved).toBe('offered');
  });

  it('costs nothing for what cannot be a code', async () => {
    const window = await openAccount();
    await send(window);
    for (const typed of ['', '12345', '1234567', 'abcdef']) {
      expect(await give(window, typed)).toMatchObject({ problems: [{ message: 'saved.code_form' }] });
    }
    expect((await window.payer()).identifications[0]?.code?.errors).toBe(0);
  });

  it('lets a code be used once, however many posts come at once', async () => {
    const window = await openAccount();
    await send(window);
    const answers = await Promise.all(Array.from({ length: 4 }, () => give(window, window.code())));
    expect(answers.filter(({ taken }) => taken)).toHaveLength(1);
    expect(await give(window, window.code())).toMatchObject({ taken: false });
  });

  it('of many at once from many networks stops at twenty tries a day, with any number of codes', async () => {
    const window = await openAccount();
    let compared = 0;
    for (let hour = 0; hour < 23; hour += 1) {
      for (let device = 0; device < 6; device += 1) {
        const from = { ...fromNetwork(FROM, device), device: `device-${device}` };
        await send(window, from);
        const tries = Array.from({ length: 10 }, (_, network) =>
          give(window, wrongOf(window.code()), fromNetwork(from, network)),
        );
        const answers = await Promise.all(tries);
        compared += answers.filter((answer) => !answer.taken && answer.because === 'invalid').length;
        window.later(MINUTE_MS);
      }
      window.later(50 * MINUTE_MS);
    }
    expect(compared).toBeGreaterThan(5);
    expect(compared).toBeLessThanOrEqual(20);
    expect(window.mailed.length).toBeLessThanOrEqual(10);
  });

  it('of one payment sends three at most, and uses up nothing of what others have', async () => {
    const window = await openAccount();
    let sent = 0;
    for (let minute = 0; minute < 30; minute += 1) {
      sent += (await send(window, fromNetwork(OTHER, minute))).taken ? 1 : 0;
      window.later(MINUTE_MS);
    }
    expect(sent).toBe(3);
    expect(await send(window)).toMatchObject({ because: 'too_many', message: 'saved.too_many' });
    const own = await window.session('manage');
    for (let left = 0; left < 2; left += 1) {
      expect(await window.desk.sendCode(own, FROM)).toEqual({ taken: true });
      window.later(MINUTE_MS);
    }
  });

  it('sends at most five codes an hour and ten a day, with half a minute between two', async () => {
    const window = await openAccount();
    // One link is good for three, so that there are several, and new ones in time.
    const links: string[] = [];
    const send = async ({ desk, session }: AccountWindow, from = FROM) => {
      if (links.length < 4) links.push(await session('manage'));
      links.unshift(links.pop() ?? '');
      return desk.sendCode(links[0] ?? '', from);
    };
    expect(await send(window)).toEqual({ taken: true });
    expect(await send(window, OTHER)).toMatchObject({ because: 'too_many', message: 'saved.paused' });
    let sent = 1;
    for (let minute = 1; minute < 60; minute += 1) {
      window.later(MINUTE_MS);
      sent += (await send(window, fromNetwork(OTHER, minute))).taken ? 1 : 0;
    }
    expect(sent).toBe(5);
    for (let hour = 1; hour < 23; hour += 1) {
      window.later(HOUR_MS);
      if (hour % 6 === 0) links.length = 0;
      sent += (await send(window, fromNetwork(OTHER, hour))).taken ? 1 : 0;
    }
    expect(sent).toBe(10);
    window.later(DAY_MS);
    links.length = 0;
    expect(await send(window)).toEqual({ taken: true });
  });

  it('fails closed: without a store that counts, nothing is sent and nothing compared', async () => {
    const window = await openAccount();
    await send(window);
    window.store.fails = true;
    window.later(MINUTE_MS);
    await expect(send(window)).rejects.toThrow('no store');
    await expect(give(window, window.code())).rejects.toThrow('no store');
    expect(window.mailed).toHaveLength(1);
    window.store.fails = false;
    expect((await seen(window))?.saved).toBe('code_sent');
  });
});
