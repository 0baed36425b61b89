/** `npm run demo`, as a newcomer runs it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { prepare, ROOT } from '../../scripts/prepare.mjs';

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
