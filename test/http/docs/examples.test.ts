/** The programs that the guides show, run as they stand there against signatures as we make them. */
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { signedHeaders } from '../../../src/notify/signature.js';
import { DEMO_OPERATOR, DEMO_OPERATOR_SECRET } from '../../../src/operators/demo.js';
import { returnSignature } from '../../../src/signing.js';
import { openHouse } from '../../browser/house.js';
import { needs } from '../../support/skip.js';

const EXAMPLES = resolve(import.meta.dirname, '../../../docs/examples');
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OLD_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const NOW = 1_790_000_000;
const BODY = JSON.stringify({ id: 'evt_1', type: 'payment.succeeded', data: { reference: 'Café № 7' } });

interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secret: string;
  readonly now: number;
}

const delivery = (secrets: readonly string[] = [SECRET], at = NOW): Delivery => ({
  headers: signedHeaders('evt_1', at * 1_000, BODY, secrets),
  body: BODY,
  secret: SECRET,
  now: NOW,
});
const good = delivery();
const withHeader = (name: string, value: string): Delivery => ({
  ...good,
  headers: { ...good.headers, [name]: value },
});
const without = (name: string): Delivery => ({
  ...good,
  headers: Object.fromEntries(Object.entries(good.headers).filter(([header]) => header !== name)),
});
const signature = good.headers['webhook-signature'] ?? '';

const TAKEN: readonly (readonly [string, Delivery])[] = [
  ['fresh', good],
  ['four minutes old', delivery([SECRET], NOW - 240)],
  ['signed by two secrets, ours the second', delivery([OLD_SECRET, SECRET])],
  ['signed by two secrets, ours the first', delivery([SECRET, OLD_SECRET])],
  ['signed in a way of the future too', withHeader('webhook-signature', `v2,AAAA ${signature}`)],
];
const REFUSED: readonly (readonly [string, Delivery])[] = [
  ['an altered body', { ...good, body: BODY.replace('succeeded', 'succeedeD') }],
  ['another id', withHeader('webhook-id', 'evt_2')],
  ['another time', withHeader('webhook-timestamp', String(NOW - 1))],
  ['an old one', delivery([SECRET], NOW - 301)],
  ['one from the future', delivery([SECRET], NOW + 301)],
  ['a wrong secret', { ...good, secret: OLD_SECRET }],
  ['no signature', without('webhook-signature')],
  ['an empty signature', withHeader('webhook-signature', '')],
  ['no time', without('webhook-timestamp')],
  ['a time that is none', withHeader('webhook-timestamp', 'NaN')],
  ['no id', without('webhook-id')],
  ['half a signature', withHeader('webhook-signature', signature.slice(0, 20))],
  ['a signature of another version', withHeader('webhook-signature', signature.replace('v1,', 'v2,'))],
  ['a signature beyond ASCII', withHeader('webhook-signature', 'v1,é')],
];

/** Checks deliveries in one run of a language: the event of each that is taken, null for each that is refused. */
type Verify = (deliveries: readonly Delivery[]) => Promise<unknown[]>;

function proves(verify: Verify): void {
  it('takes what is signed by us', async () => {
    const answers = await verify(TAKEN.map(([, given]) => given));
    expect(Object.fromEntries(TAKEN.map(([name], index) => [name, answers[index]]))).toEqual(
      Object.fromEntries(TAKEN.map(([name]) => [name, JSON.parse(BODY)])),
    );
  });

  it('refuses everything else', async () => {
    const answers = await verify(REFUSED.map(([, given]) => given));
    expect(answers).toHaveLength(REFUSED.length);
    expect(REFUSED.filter((_, index) => answers[index] !== null).map(([name]) => name)).toEqual([]);
  });
}

async function imported(path: string): Promise<Record<string, unknown>> {
  return (await import(pathToFileURL(join(EXAMPLES, path)).href)) as Record<string, unknown>;
}

/** Runs a program that reads deliveries from its first argument and prints what became of them. */
async function run(command: string, args: readonly string[], deliveries: readonly Delivery[]): Promise<unknown[]> {
  const { stdout } = await promisify(execFile)(command, [...args, JSON.stringify(deliveries)]);
  return JSON.parse(stdout) as unknown[];
}

describe('webhooks in JavaScript', () => {
  proves(async (deliveries) => {
    const { verifyWebhook } = (await imported('webhooks/verify.mjs')) as {
      verifyWebhook(headers: Delivery['headers'], body: string, secret: string, now: number): unknown;
    };
    return deliveries.map(({ headers, body, secret, now }) => {
      try {
        return verifyWebhook(headers, body, secret, now);
      } catch (error) {
        // Only its own refusals count: a crash is none.
        expect((error as Error).message).toMatch(/^(?:not a signed|too old|the signature)/);
        return null;
      }
    });
  });
});

const PYTHON = `
import json, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from verify import verify_webhook
answers = []
for given in json.loads(sys.argv[2]):
    try:
        answers.append(verify_webhook(given["headers"], given["body"].encode(), given["secret"], given["now"]))
    except ValueError as refusal:
        assert str(refusal).startswith(("not a signed", "too old", "the signature")), refusal
        answers.append(None)
print(json.dumps(answers))
`;

needs('python')('webhooks in Python', (python) => {
  proves((deliveries) => run(python, ['-c', PYTHON, join(EXAMPLES, 'webhooks')], deliveries));
});

const PHP = `
require $argv[1];
$answers = [];
foreach (json_decode($argv[2], true) as $given) {
    try {
        $answers[] = verifyWebhook($given['headers'], $given['body'], $given['secret'], $given['now']);
    } catch (RuntimeException $refusal) {
        if (!preg_match('/^(not a signed|too old|the signature)/', $refusal->getMessage())) throw $refusal;
        $answers[] = null;
    }
}
echo json_encode($answers);
`;

needs('php')('webhooks in PHP', (php) => {
  proves((deliveries) => run(php, ['-r', PHP, '--', join(EXAMPLES, 'webhooks/verify.php')], deliveries));
});

describe('a request of a television operator', () => {
  it('is signed as we check it, with a body and without, each time under another id', async () => {
    const { signedHeaders: sign } = (await imported('television/ask.mjs')) as {
      signedHeaders(secret: string, payload: string, id?: string, now?: number): Record<string, string>;
    };
    for (const payload of [BODY, '/tv/payers/home-7?operator=op_1']) {
      expect(sign(SECRET, payload, 'msg_1', NOW + 0.9)).toEqual(signedHeaders('msg_1', NOW * 1_000, payload, [SECRET]));
    }
    const [one, other] = [sign(SECRET, BODY), sign(SECRET, BODY)];
    expect(one['webhook-id']).not.toBe(other['webhook-id']);
    expect(Math.abs(Number(one['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(5);
  });

  it('opens the household of the first start', async () => {
    const house = await openHouse();
    try {
      const { askGuichet } = (await imported('television/ask.mjs')) as {
        askGuichet(of: object, method: string, path: string, body?: object): Promise<Response>;
      };
      const of = { url: house.url, operator: DEMO_OPERATOR.id, secret: DEMO_OPERATOR_SECRET };
      const contacts = { account: 'home-7', email: 'ada@example.org' };
      expect((await askGuichet(of, 'PUT', '/tv/payers/home-7', contacts)).status).toBe(200);
      expect(await (await askGuichet(of, 'GET', '/tv/payers/home-7')).json()).toMatchObject(contacts);
      expect(await (await askGuichet(of, 'GET', '/tv/payers/demo')).json()).toMatchObject({ purchase_code_set: true });
    } finally {
      await house.close();
    }
  });
});

describe('the way back', () => {
  const secret = 'rs_of_the_merchant';
  const hint = { payment: 'pay_1', reference: 'ORDER 7/é', status: 'succeeded', ts: NOW };
  const signed = returnSignature(secret, hint);
  const address = (change: Readonly<Record<string, string>> = {}): string =>
    `https://shop.example/thanks?status=mine&${new URLSearchParams({ ...hint, ts: String(NOW), signature: signed, ...change })}`;

  async function read(url: string, by = secret): Promise<unknown> {
    const { readReturn } = (await imported('returns/check.mjs')) as {
      readReturn(url: string, secret: string): unknown;
    };
    return readReturn(url, by);
  }

  it('is read when we signed it', async () => {
    const { ts: _, ...said } = hint;
    expect(await read(address())).toEqual({ ...said, at: new Date(NOW * 1_000) });
  });

  it.each([
    ['another status', address({ status: 'canceled' })],
    ['another reference', address({ reference: 'ORDER 8' })],
    ['another time', address({ ts: String(NOW + 1) })],
    ['half a signature', address({ signature: signed.slice(0, 10) })],
    ['no query', 'https://shop.example/thanks'],
  ])('is refused with %s', async (_, url) => {
    expect(await read(url)).toBeNull();
  });

  it('is refused under another secret', async () => {
    expect(await read(address(), 'another')).toBeNull();
  });
});
