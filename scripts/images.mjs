/**
 * `npm run docs:images`: starts Guichet on a free port with an empty data folder, makes a payment with the demo key, and
 * photographs its page for the README, in both languages. Needs Chromium.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { prepare, ROOT } from './prepare.mjs';

const CHROMIUM = process.env.CHROMIUM_PATH || '/usr/bin/chromium';
const IMAGES = join(ROOT, 'docs/images');
const PHONE = { width: 390, height: 844 };
const START_TRIES = 150;

prepare();
const { chromium } = await import('playwright-core');
const dataDir = mkdtempSync(join(tmpdir(), 'guichet-images-'));
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const server = spawn(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'src/main.ts'], {
  env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'error' },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
try {
  await ready();
  mkdirSync(IMAGES, { recursive: true });
  for (const language of ['fr', 'en']) {
    const context = await browser.newContext({ viewport: PHONE, deviceScaleFactor: 2, locale: language });
    const page = await context.newPage();
    await page.goto(await paymentPage(language));
    await page.screenshot({ path: join(IMAGES, `page-${language}.png`) });
    await context.close();
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
  if (server.exitCode === null) await new Promise((resolve) => server.once('exit', resolve));
  rmSync(dataDir, { recursive: true, force: true });
}

async function ready() {
  for (let attempt = 0; attempt < START_TRIES; attempt += 1) {
    const answer = await fetch(`${origin}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error('Guichet did not start');
}

/** A fresh payment of the demo merchant; answers the address of its page. */
async function paymentPage(language) {
  const body = { amount: 4250, currency: 'EUR', reference: `IMAGE-${language}`, payer: { language } };
  const answer = await fetch(`${origin}/v1/payments`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_demo', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const payment = await answer.json();
  if (!answer.ok) throw new Error(`the payment was refused: ${JSON.stringify(payment)}`);
  return payment.links.pay;
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port: free } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return free;
}
