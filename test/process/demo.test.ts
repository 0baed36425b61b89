/** `npm run demo`, and what the first start makes for a newcomer. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { prepare, ROOT } from '../../scripts/prepare.mjs';
import { signedHeaders } from '../../src/notify/signature.js';
import { DEMO_OPERATOR, DEMO_OPERATOR_SECRET } from '../../src/operators/demo.js';
import { guichetProcess } from '../support/guichet.js';

beforeAll(() => prepare(), 60_000);

it('takes a payment, tells its story, and ends well', { timeout: 20_000 }, async () => {
  const demo = spawn(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'src/lab/demo.ts'], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written: Buffer[] = [];
  demo.stdout.on('data', (chunk: Buffer) => written.push(chunk));
  demo.stderr.on('data', (chunk: Buffer) => written.push(chunk));
  const code = await new Promise((resolve) => demo.on('close', resolve));
  const text = Buffer.concat(written).toString('utf8');
  expect(code, text).toBe(0);
  const story = [
    'requires_payment_method',
    'The bank asks',
    'succeeded',
    'The payment succeeded.',
    'payment.requires_action',
    'payment.succeeded',
  ];
  let from = 0;
  for (const part of story) {
    expect(text.slice(from)).toContain(part);
    from = text.indexOf(part, from) + 1;
  }
});

it('has a merchant and a television operator from the first start, and says what opens them', {
  timeout: 60_000,
}, async () => {
  const guichet = await guichetProcess({});
  let messages = 0;
  const readHousehold = (headers: Readonly<Record<string, string>> = {}): Promise<Response> => {
    messages += 1;
    const path = `/tv/payers/demo?operator=${DEMO_OPERATOR.id}`;
    const signed = signedHeaders(`msg_${messages}`, Date.now(), path, [DEMO_OPERATOR_SECRET]);
    return fetch(guichet.url + path, { headers: { ...signed, ...headers } });
  };
  try {
    await guichet.start();
    expect(guichet.output()).toContain('sk_test_demo');
    expect(guichet.output()).toContain(`${DEMO_OPERATOR.id}, ${DEMO_OPERATOR_SECRET}`);
    const household = await (await readHousehold()).json();
    expect(household).toMatchObject({
      operator: 'op_demo',
      mode: 'test',
      account: 'demo',
      phone: '+33612345678',
      instruments: [{ card: { last4: '4242' } }],
      purchase_code_set: true,
    });
    // What everybody knows opens nothing for strangers.
    expect((await readHousehold({ 'x-forwarded-for': '203.0.113.7' })).status).toBe(401);
    await guichet.end('SIGTERM');
    await guichet.start();
    expect(await (await readHousehold()).json()).toEqual(household);
  } finally {
    await guichet.close();
  }
});
