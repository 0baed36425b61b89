/** What the guides claim, held against the house: their commands are run, their words are words of the product. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { MAIL_KINDS } from '../../../src/contracts/mail.js';
import { SESSION_PURPOSES } from '../../../src/contracts/payer.js';
import { docFiles } from '../../../src/http/docs/files.js';
import { PROBLEMS } from '../../../src/http/problems.js';
import * as shapes from '../../../src/http/shapes.js';
import { TEST_CARDS, TEST_TOKENS } from '../../../src/lab/acquirer/cards.js';
import { EVENT_FAMILIES, EVENT_TYPES } from '../../../src/notify/event_types.js';
import { REFUND_REASONS } from '../../../src/notify/mails/payment_facts.js';
import { DEMO_OPERATOR, DEMO_OPERATOR_SECRET } from '../../../src/operators/demo.js';
import { DEMO_PHONE } from '../../../src/payers/demo.js';
import { DECLINE_MESSAGES } from '../../../src/presentation/declines.js';
import { SETTINGS } from '../../../src/settings.js';
import { type House, openHouse } from '../../browser/house.js';
import { startWorld } from '../world.js';
import { blocksOf, readCurl, readGuides, spansOf } from './reading.js';

const guides = readGuides();

let house: House | undefined;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house?.close());

describe('the commands of the guides', () => {
  it.each(guides.map((guide) => [guide.name, guide] as const))('%s: every one is taken', async (_, guide) => {
    const url = house?.url ?? '';
    const paths = await pathsOf(url);
    const named = new Map<string, string>();
    for (const text of blocksOf(guide, 'sh').filter((block) => block.startsWith('curl'))) {
      const filled = text
        .replaceAll('http://127.0.0.1:3000', url)
        .replaceAll(/\$([A-Z]+)/g, (_whole, name: string) => named.get(name) ?? `no ${name} yet`);
      const { method, url: address, headers, body } = readCurl(filled);
      expect({ text, path: patternOf(paths, address.pathname) }).not.toMatchObject({ path: null });
      const answer = await fetch(address, { method, headers, ...(body !== null && { body }) });
      const said = (await answer.json()) as Record<string, unknown>;
      expect({ text, status: answer.status, said }).toMatchObject({ status: expect.toSatisfy(isSuccess) });
      if (said['object'] === 'payment') named.set('PAYMENT', String(said['id']));
      if (said['object'] === 'webhook_endpoint') named.set('ENDPOINT', String(said['id']));
    }
  });

  it('the example without a browser ends as the guide says', async () => {
    const guide = guides.find(({ name }) => name === 'testing');
    const [text = ''] = guide === undefined ? [] : blocksOf(guide, 'sh');
    const { headers, body } = readCurl(text);
    const again = { ...(JSON.parse(body ?? '') as object), reference: 'TEST-AGAIN' };
    const answer = await fetch(`${house?.url}/v1/payments`, { method: 'POST', headers, body: JSON.stringify(again) });
    const payment = (await answer.json()) as z.output<typeof shapes.payment>;
    expect(payment.status).toBe('failed');
    expect(payment.attempts[0]?.decline?.code).toBe('insufficient_funds');
  });

  it('their JSON has the shapes of the API', () => {
    const parsed = guides.flatMap((guide) => blocksOf(guide, 'json').map((text) => JSON.parse(text) as object));
    expect(parsed.length).toBeGreaterThan(1);
    for (const value of parsed) {
      const shape = 'object' in value && value.object === 'event' ? shapes.event : shapes.problem;
      expect(shape.safeParse(value).error).toBeUndefined();
    }
  });
});

async function pathsOf(url: string): Promise<string[]> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: object };
  return Object.keys(document.paths);
}

const regexOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
const patternOf = (paths: readonly string[], path: string): string | null =>
  paths.find((known) => regexOf(known).test(path)) ?? null;
const isSuccess = (status: number): boolean => status >= 200 && status < 300;

describe('the words of the guides', () => {
  it('in code are words of the product', async () => {
    const { routes, call } = await startWorld();
    const words = new Set([
      ...wordsIn((await call('GET', '/openapi.json')).body),
      ...Object.keys(PROBLEMS),
      ...Object.keys(EVENT_TYPES),
      ...EVENT_FAMILIES.map((family) => `${family}.*`),
      ...Object.keys(DECLINE_MESSAGES),
      ...SETTINGS.map(({ name }) => name),
      ...[...TEST_CARDS, ...TEST_TOKENS].map(({ number }) => number),
      ...routes.map(({ method, path }) => `${method} ${path}`),
      ...MAIL_KINDS,
      ...REFUND_REASONS,
      ...SESSION_PURPOSES,
      ...ELSEWHERE,
    ]);
    const unknown = guides.flatMap((guide) =>
      spansOf(guide)
        .map((span) => (/^[\d ]+$/.test(span) ? span.replaceAll(' ', '') : span))
        .filter((span) => !words.has(span) && !isPathOf(words, span))
        .map((span) => `${guide.name}: ${span}`),
    );
    expect(unknown).toEqual([]);
  });
});

/** Words that stand in no schema, by where they come from. */
const ELSEWHERE = [
  ...['POST', 'Idempotency-Key', 'Idempotent-Replayed: true', 'Retry-After', 'application/problem+json', 'https'],
  ...['Accept-Language', 'Message-ID', 'webhook-id', 'webhook-timestamp', 'webhook-signature', 'whsec_'],
  // The way back, and what examples are made of
  ...['ts', 'signature', 'payment.reference.status.ts', 'order-1042', 'customer-7', '4250', '"final": false'],
  ...['sk_test_demo', 'http://127.0.0.1:3000', 'curl', DEMO_PHONE],
  // What television operators sign, and with what
  ...['GET', 'DELETE', 'device_key_id', 'id.timestamp.body', '"erase": true', '/tv/payers/home-7?operator=op_demo'],
  ...[DEMO_OPERATOR.id, DEMO_OPERATOR_SECRET, 'demo', 'update', 'rotate-secret', 'disable', 'enable'],
  ...['devices', 'revoke-devices', '--now', '--since', '--key'],
  'npm run operator -- create --name "…" --merchant mer_…',
  // How a television's screen is asked for, what its page needs, and how a telephone reaches it
  ...['?wait=25', '&version=', '/tv/app?session=…', 'XMLHttpRequest', 'RED=420', 'Hisense:RED=420'],
  'npm start -- --lan',
  // What payers text
  ...['NO', 'STOP'],
  // Pages, folders and commands
  ...[
    '/shop',
    '/lab',
    '/lab/mailbox',
    '/link',
    '/openapi.json',
    '/readyz',
    '/metrics',
    './data',
    'card@2',
    'guichet_payments_left_alone',
    'NODE_ENV=production',
    '_FILE',
  ],
  ...['npm run keys', 'npm run merchant -- update', 'npm run twilio -- setup'],
  'npm run merchant -- create --name "…" --email … --return-origin https://…',
  // Agreed, and in no schema before the release that has them
  ...['reach', 'to'],
];

/** A field of a field, such as `payer.email`. */
function isPathOf(words: ReadonlySet<string>, span: string): boolean {
  const [first = '', ...others] = span.split('.');
  return ['payer', 'links', 'entry', 'handover'].includes(first) && others.every((part) => words.has(part));
}

/** Names of fields and values of choices, anywhere in a document. */
function wordsIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(wordsIn);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => {
    if (name === 'properties') return [...Object.keys(value as object), ...wordsIn(Object.values(value as object))];
    if (name === 'parameters') return [...(value as { name: string }[]).map((one) => one.name), ...wordsIn(value)];
    if (name === 'enum') return (value as unknown[]).map(String);
    if (name === 'const') return [String(value)];
    return wordsIn(value);
  });
}

describe('the pictures of the guides', () => {
  const pictures = guides.flatMap(({ source }) =>
    [...source.matchAll(/!\[([^\]]*)\]\(\.\.\/images\/([^)]+)\)/g)].map(([, alt = '', name = '']) => ({ alt, name })),
  );

  it('have a scene each, and every scene has its picture', async () => {
    const scenes = new URL('../../../scripts/images/scenes.mjs', import.meta.url).href;
    const { SCENES } = (await import(scenes)) as { SCENES: object };
    const taken = readdirSync(new URL('../../../docs/images/', import.meta.url));
    expect(taken.sort()).toEqual(
      Object.keys(SCENES)
        .map((name) => `${name}.png`)
        .sort(),
    );
    expect(pictures.filter(({ name }) => !taken.includes(name))).toEqual([]);
  });

  it('are small and described', () => {
    const files = docFiles();
    expect(pictures.length).toBeGreaterThan(5);
    for (const { alt, name } of pictures) {
      const picture = files.picture(name);
      expect([name, picture !== null]).toEqual([name, true]);
      expect([name, (picture?.body.length ?? 0) < 150_000]).toEqual([name, true]);
      expect(alt.length).toBeGreaterThan(15);
    }
  });
});
