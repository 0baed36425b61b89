import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../src/contracts/payment.js';
import { isMailable } from '../../../src/notify/mails/addresses.js';
import { oneLine } from '../../../src/notify/mails/words.js';
import { lune, occasionFor, STATES, taken, writer } from './samples.js';
import { newOrder, openWorld, type World } from './world.js';

/** What people try, in every field that reaches a header, an address or a body. */
const TRICKS: readonly string[] = [
  'x\r\nBcc: victim@example.org',
  'x\nBcc: victim@example.org\n\nBody of their own',
  'x\r\n\r\n<h1>Body of their own</h1>',
  'x\u2028Bcc: victim@example.org',
  'x\u0085Bcc: victim@example.org',
  'x\u0000y\u0007z\u001b[31m',
  '=?utf-8?B?DQpCY2M6IHZpY3RpbUBleGFtcGxlLm9yZw==?=',
  '=?utf-8?Q?=0D=0ABcc:_victim@example.org?=',
  '"Lune" <victim@example.org>, victim@example.org',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '"><a href="javascript:alert(1)">click</a><!--',
  '{merchant}{operator} $& $1 %s',
  '\u202egpj.exe\u202c \u2066left\u2069 zero\u200bwidth \ufeff',
  'half \ud83d a character, and e\u0301',
  'long '.repeat(4_000),
  '.\r\n.\r\nMAIL FROM:<evil@example.org>',
];

const HEADERS =
  /^(?:From|To|Reply-To|Message-ID|Subject|Date|MIME-Version|Auto-Submitted|X-Auto-Response-Suppress|X-Guichet-Payment|Content-Type): /;

/** The header block, unfolded. */
function headersOf(raw: string): string[] {
  const [block = ''] = raw.split('\r\n\r\n');
  return block.replace(/\r\n[ \t]/g, ' ').split('\r\n');
}

async function sendTricky(world: World, trick: string): Promise<Payment> {
  const order = newOrder({ status: 'succeeded', attempts: [taken({ authorizationCode: trick.slice(0, 40) })] });
  const tricky: Payment = {
    ...order,
    reference: `R ${trick}`,
    description: trick,
    terms: { ...order.terms, merchantName: `M ${trick}`, statementDescriptor: trick.slice(0, 22) },
    payer: { account: null, email: 'camille@example.org', phone: trick, name: trick, language: trick },
  };
  await world.happen(tricky, ['payment.succeeded']);
  await world.settle();
  return tricky;
}

describe('header injection', () => {
  it.each(TRICKS.map((trick) => [JSON.stringify(trick.slice(0, 60)), trick]))(
    '%s reaches no header',
    async (_, trick) => {
      const world = await openWorld({ ports: { operator: `O ${trick}` } });
      await sendTricky(world, trick);
      const received = await world.received();
      expect(received.map(({ to }) => to.join()).sort()).toEqual(['camille@example.org', 'ventes@lune.example']);
      for (const { raw, html, from, subject } of received) {
        const headers = headersOf(raw);
        for (const header of headers) expect(header).toMatch(HEADERS);
        expect(headers.length).toBeLessThanOrEqual(11);
        expect(from).toBe('pay@operator.example');
        expect([...subject].length).toBeLessThanOrEqual(180);
        expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(raw.split('\r\n').every((line) => line.length <= 998)).toBe(true);
        expect(html).not.toMatch(/<script|<img|<a href="javascript|<!--/);
        expect(html?.match(/<h1/g)).toHaveLength(1);
        expect(raw.length).toBeLessThan(40_000);
      }
    },
  );

  it.each(TRICKS)('%j is no address, so nothing goes there', async (trick) => {
    expect(isMailable(`a${trick}@example.org`)).toBe(false);
    const world = await openWorld({
      merchant: { ...lune, profile: { ...lune.profile, notificationEmail: `shop${trick}@example.org` } },
    });
    const order = newOrder({ status: 'succeeded', attempts: [taken()] });
    await world.happen({ ...order, payer: { ...order.payer, email: `a@example.org${trick}` } }, ['payment.succeeded']);
    await world.settle();
    expect((await world.mailsOf(order.id)).map(({ lastError }) => lastError)).toEqual([
      'address_unusable',
      'address_unusable',
    ]);
    expect(await world.received()).toEqual([]);
  });

  it('a support address that is none is not replied to', () => {
    for (const trick of TRICKS) {
      const support = { email: `a@b.example${trick}`, phone: trick, url: `javascript:${trick}` };
      const merchant = { ...lune, profile: { ...lune.profile, support, accentColour: trick } };
      const { replyTo, html } = writer.write(occasionFor('paid', { merchant }));
      expect(replyTo).toBeNull();
      expect(html).not.toMatch(/href="(?!https:|mailto:|tel:)|<script|<img/);
    }
  });
});

describe('addresses', () => {
  it.each([
    'a@example.org',
    'a.b+c@sub.example.org',
    'x@localhost',
    "o'brien@example.org",
    'élise@exämple.org',
    'a@1.2',
  ])('may be written to: %s', (address) => expect(isMailable(address)).toBe(true));

  it.each([
    '',
    '@',
    'a@',
    '@b',
    'a b@c.d',
    'a@b@c.d',
    'a@b..c',
    'a@-b.c',
    `${'a'.repeat(65)}@b.c`,
    `a@${'b'.repeat(253)}`,
    '<a@b.c>',
    'a@b.c,d@e.f',
  ])('may not: %j', (address) => expect(isMailable(address)).toBe(false));
});

describe('one line', () => {
  it('keeps what people write, and cuts between characters', () => {
    expect(oneLine('Éléonore & Fils, 東京 👩‍👧 42,50\u00a0€', 60)).toBe('Éléonore & Fils, 東京 👩‍👧 42,50\u00a0€');
    expect(oneLine('ab😀cd', 4)).toBe('ab😀…');
    expect(oneLine(' a \r\n b ', 9)).toBe('a b');
    expect(oneLine('\ud83d', 9)).toBe('');
  });
});

it('never holds more of a card than its brand and last four digits, and no link but where it belongs', () => {
  for (const kind of Object.keys(STATES) as (keyof typeof STATES)[]) {
    for (const audience of ['payer', 'merchant'] as const) {
      const { text, html, subject } = writer.write(occasionFor(kind, { audience }));
      const whole = `${subject}${text}${html}`;
      expect(whole).not.toMatch(/\d{13,19}(?!\d*[a-z])|tok_|fingerprint|424242/);
      const hasLink = audience === 'payer' && (kind === 'declined' || kind === 'link');
      expect(whole.includes('/pay/')).toBe(hasLink);
    }
  }
});
