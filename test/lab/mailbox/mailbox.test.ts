import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import type { Log } from '../../../src/contracts/log.js';
import { createLetters } from '../../../src/lab/mailbox/letters.js';
import { type Mailbox, openMailbox } from '../../../src/lab/mailbox/mailbox.js';
import { GOOD_MOOD } from '../../../src/lab/mailbox/moods.js';
import { mailboxRouter } from '../../../src/lab/mailbox/routes.js';
import { MIGRATIONS } from '../../../src/lab/mailbox/schema.js';
import { createCarrier } from '../../../src/notify/mails/carrier.js';
import type { Message } from '../../../src/notify/mails/message.js';
import { openDatabase } from '../../../src/store/sqlite/database.js';
import { SAMPLE_TIME } from '../../contract/samples.js';

const clock = systemClock();
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'guichet-mailbox-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

async function open(dataFolder: string): Promise<Mailbox> {
  const mailbox = await openMailbox({ dataFolder, clock, log });
  onTestFinished(() => mailbox.close());
  return mailbox;
}

function carrierTo({ port }: Mailbox) {
  const server = { host: '127.0.0.1', port, secure: false, requireTls: false, login: null };
  const from = { address: 'pay@operator.example', name: 'Caisse' };
  const carrier = createCarrier({ server, from, clock, connections: 2 });
  onTestFinished(() => carrier.close());
  return (message: Message, withinMs = 5_000) => carrier.post(message, clock.now() + withinMs);
}

const mail = (change: Partial<Message> = {}): Message => ({
  ...{ messageId: 'eml_1', at: SAMPLE_TIME, to: 'camille@example.org', replyTo: null, subject: 'Été: 42,50\u00a0€' },
  ...{ text: 'Merci\n', html: '<p>Merci <script>alert(1)</script></p>', mode: 'test', payment: 'pay_1' },
  ...change,
});

describe('the mailbox', () => {
  it('keeps what it takes through the end of its house', async () => {
    const path = folder();
    const first = await openMailbox({ dataFolder: path, clock, log });
    expect(await carrierTo(first)(mail())).toEqual({ outcome: 'taken' });
    await first.close();
    const second = await open(path);
    const [letter] = second.letters.list({ limit: 9 });
    expect(letter).toMatchObject({
      to: ['camille@example.org'],
      from: 'pay@operator.example',
      subject: 'Été: 42,50\u00a0€',
      messageId: '<eml_1@operator.example>',
      payment: 'pay_1',
    });
    expect(await second.letters.read(letter?.id ?? 0)).toMatchObject({
      text: expect.stringMatching(/^Merci\s*$/),
      html: expect.stringContaining('Merci'),
    });
  });

  it('is one for all houses of a data folder', async () => {
    const path = folder();
    const [one, other] = [await open(path), await open(path)];
    await carrierTo(one)(mail());
    await carrierTo(other)(mail({ to: 'other@example.org', payment: null }));
    expect(one.letters.list({ limit: 9 })).toEqual(other.letters.list({ limit: 9 }));
    expect(one.letters.list({ limit: 9, to: 'OTHER@example.org' })).toHaveLength(1);
    expect(one.letters.list({ limit: 9, payment: 'pay_1' })).toHaveLength(1);
    const [newest] = one.letters.list({ limit: 1 });
    expect(one.letters.list({ limit: 9, after: (newest?.id ?? 0) - 1 })).toEqual([newest]);
  });

  it('misbehaves when it is told to: refuses one address, thinks for long, is gone', async () => {
    const mailbox = await open(folder());
    const post = carrierTo(mailbox);
    mailbox.behave({ ...GOOD_MOOD, refuse: 'Camille@example.org' });
    expect(await post(mail())).toEqual({ outcome: 'refused', reason: 'smtp_550' });
    expect(await post(mail({ to: 'other@example.org' }))).toEqual({ outcome: 'taken' });
    mailbox.behave({ ...GOOD_MOOD, slowMs: 2_000 });
    expect(await post(mail(), 150)).toEqual({ outcome: 'later', reason: 'too_slow' });
    mailbox.behave({ ...GOOD_MOOD, away: true });
    const another = carrierTo(mailbox);
    expect(await another(mail())).toMatchObject({ outcome: 'no_server' });
    mailbox.behave(GOOD_MOOD);
    expect(await another(mail())).toEqual({ outcome: 'taken' });
  });

  it('is gone for those too who have called before, whichever house was told', async () => {
    const path = folder();
    const [one, other] = [await open(path), await open(path)];
    const [here, there] = [carrierTo(one), carrierTo(other)];
    for (const post of [here, there]) expect(await post(mail())).toEqual({ outcome: 'taken' });
    one.behave({ ...GOOD_MOOD, away: true });
    for (const post of [here, there]) expect(await post(mail(), 2_000)).not.toEqual({ outcome: 'taken' });
    expect(one.letters.list({ limit: 9 })).toHaveLength(2);
    other.behave(GOOD_MOOD);
    for (const post of [here, there]) expect(await post(mail())).toEqual({ outcome: 'taken' });
  });

  it('cuts off at once whoever is connected when it goes', async () => {
    const mailbox = await open(folder());
    const socket = connect(mailbox.port, '127.0.0.1');
    await once(socket, 'data');
    mailbox.behave({ ...GOOD_MOOD, away: true });
    await once(socket, 'close');
  });

  it('keeps its mood through the end of its house', async () => {
    const path = folder();
    const first = await openMailbox({ dataFolder: path, clock, log });
    first.behave({ refuse: 'a@example.org', slowMs: 90_000, away: true });
    await first.close();
    expect((await open(path)).mood()).toEqual({ refuse: 'a@example.org', slowMs: 60_000, away: true });
  });

  it('takes nothing that is too large, and keeps only the newest', async () => {
    const mailbox = await open(folder());
    expect(await carrierTo(mailbox)(mail({ text: 'x'.repeat(2 ** 21) }))).toMatchObject({ outcome: 'refused' });
    const database = openDatabase({ path: ':memory:', migrations: MIGRATIONS });
    const letters = createLetters(database);
    const raw = Buffer.from('Subject: x\r\n\r\ny');
    for (let count = 0; count < 2_005; count += 1) await letters.add({ at: SAMPLE_TIME, to: ['a@b.c'], raw });
    const kept = letters.list({ limit: 9_999 });
    expect(kept).toHaveLength(2_000);
    expect(kept[0]?.id).toBe(2_005);
    database.close();
  });
});

describe('its pages', () => {
  async function site() {
    const mailbox = await open(folder());
    const app = express();
    app.set('query parser', false);
    app.use(
      mailboxRouter(mailbox, (request, _response, next) => next(request.headers['x-stranger'] ? 'router' : undefined)),
    );
    const server = createServer(app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { mailbox, origin, url: `${origin}/lab/mailbox`, post: carrierTo(mailbox) };
  }

  it('show a mail without running or loading anything of it', async () => {
    const { url, post } = await site();
    expect(await (await fetch(url)).text()).toContain('No mail yet');
    await post(mail({ subject: '<b>bold</b>' }));
    const list = await (await fetch(url)).text();
    expect(list).toContain('&lt;b&gt;bold&lt;/b&gt;');
    const page = await fetch(`${url}/1`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await page.text();
    expect(text).toContain('<iframe title="The mail as a mail program shows it" sandbox="allow-popups');
    expect(text).toContain('X-Guichet-Payment: pay_1');
    expect(text).not.toContain('<script>');
    const framed = await fetch(`${url}/1/html`);
    expect(framed.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox allow-popups/);
    expect(framed.headers.get('content-security-policy')).not.toMatch(
      /script-src|img-src|allow-scripts|allow-same-origin/,
    );
  });

  it('lead to the lab and the shop, and to what one address has got, the newest first', async () => {
    const { url, post } = await site();
    for (const to of ['a@example.org', 'b@example.org', 'A@example.org']) await post(mail({ to, subject: `To ${to}` }));
    const all = await (await fetch(url)).text();
    expect(all).toMatch(/href="\/lab".*href="\/shop"/);
    expect(all).toMatch(/rel="icon" href="data:,"/);
    expect([...all.matchAll(/<a href="\/lab\/mailbox\/(\d)"/g)].map(([, id]) => id)).toEqual(['3', '2', '1']);
    expect(all).toContain('<option value="a@example.org">a@example.org (2)</option>');
    expect(all).toContain('href="/lab?payment=pay_1"');
    const mine = await (await fetch(`${url}?to=a%40example.org`)).text();
    expect([...mine.matchAll(/<a href="\/lab\/mailbox\/(\d)"/g)].map(([, id]) => id)).toEqual(['3', '1']);
    expect(mine).toContain('<option value="a@example.org" selected>');
    const nobody = await (await fetch(`${url}?to=${encodeURIComponent('<b>@x.y')}`)).text();
    expect(nobody).toContain('Nothing for this address');
    expect(nobody).not.toContain('<b>@');
  });

  it('answer what was received as JSON', async () => {
    const { url, post } = await site();
    await post(mail());
    await post(mail({ messageId: 'eml_2', to: 'other@example.org', payment: null }));
    const ask = async (query: string) => {
      const { data } = (await (await fetch(`${url}/messages.json${query}`)).json()) as {
        data: Record<string, unknown>[];
      };
      return data;
    };
    expect(await ask('')).toHaveLength(2);
    expect(await ask('?about=pay_1')).toEqual([
      {
        id: 1,
        at: expect.stringMatching(/^20\d\d-.*Z$/),
        from: 'pay@operator.example',
        to: ['camille@example.org'],
        subject: 'Été: 42,50\u00a0€',
        message_id: '<eml_1@operator.example>',
        payment: 'pay_1',
        text: expect.stringMatching(/^Merci\s*$/),
        html: expect.stringContaining('<p>Merci'),
        raw: expect.stringContaining('Subject: '),
      },
    ]);
    expect(await ask('?to=other%40example.org')).toMatchObject([{ id: 2 }]);
    expect(await ask('?after=1')).toMatchObject([{ id: 2 }]);
    expect(await ask('?after=2')).toEqual([]);
  });

  it('change the mood from here, and from no page of anybody else', async () => {
    const { mailbox, origin, url } = await site();
    const body = new URLSearchParams({ refuse: 'a@example.org', slow: '3', away: 'yes' });
    const send = (headers: Record<string, string>) =>
      fetch(`${url}/mood`, { method: 'POST', body, headers, redirect: 'manual' });
    expect((await send({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await send({ origin: 'null', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(mailbox.mood()).toEqual(GOOD_MOOD);
    expect((await send({ origin })).status).toBe(303);
    mailbox.behave(GOOD_MOOD);
    // What a browser says of a page of ours, which tells nobody where it is.
    expect((await send({ origin: 'null', 'sec-fetch-site': 'same-origin' })).status).toBe(303);
    expect(mailbox.mood()).toEqual({ refuse: 'a@example.org', slowMs: 3_000, away: true });
  });

  it.each(['', '/1', '/1/html', '/messages.json', '/style.css'])(
    'are not there for strangers, nor what was never received: %s',
    async (path) => {
      const { url, post } = await site();
      await post(mail());
      expect((await fetch(`${url}${path}`)).status).toBe(200);
      expect((await fetch(`${url}${path}`, { headers: { 'x-stranger': 'yes' } })).status).toBe(404);
      expect((await fetch(`${url}/99`)).status).toBe(404);
      expect((await fetch(`${url}/x/html`)).status).toBe(404);
    },
  );
});
