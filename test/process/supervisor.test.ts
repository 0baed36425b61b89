/** `npm start` in development: the server may be killed, the world outside goes on. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../../scripts/prepare.mjs';
import { type GuichetProcess, guichetProcess } from '../support/guichet.js';
import { ledgerOf } from './audit.js';
import { type Caller, get, pause, post } from './requests.js';

let guichet: GuichetProcess | undefined;
const wrong: string[] = [];
beforeAll(() => prepare(), 60_000);
afterEach(async () => {
  await guichet?.close();
  expect(wrong).toEqual([]);
});

async function start(settings: Record<string, string> = {}): Promise<GuichetProcess> {
  guichet = await guichetProcess({ entry: 'start', settings: { LOG_LEVEL: 'warn', ...settings } });
  await guichet.start();
  return guichet;
}

const callerOf = ({ url }: GuichetProcess): Caller => {
  return { url, key: 'sk_test_demo', wrong: (sentence) => wrong.push(sentence) };
};

function bankOf({ dataDir }: GuichetProcess): { url: string; credential: string } {
  const { port, credential } = JSON.parse(readFileSync(join(dataDir, 'sandbox.json'), 'utf8'));
  return { url: `http://127.0.0.1:${port}`, credential };
}

/** The server under the supervisor, which is its only child. */
function serverOf(supervisor: GuichetProcess): number {
  const pid = supervisor.pid();
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const giveUpAt = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error(`it did not happen: ${what}`);
    await pause(30);
  }
}

const isGone = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    () => false,
    () => true,
  );

describe('a server that is killed', () => {
  it('is back on its port, and what was being paid is paid once', { timeout: 40_000 }, async () => {
    const supervisor = await start();
    const caller = callerOf(supervisor);
    const bank = bankOf(supervisor);
    await fetch(`${bank.url}/faults`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bank.credential}` },
      body: JSON.stringify({ operation: 'authorize', fault: 'slow' }),
    });
    const wanted = { amount: 990, currency: 'EUR', reference: 'KILLED', pay_with: 'tok_sandbox_approve' };
    const asking = post(caller, '/v1/payments', wanted, 'killed');
    await until('booked', async () => (await ledgerOf(bank)).length === 1);
    const before = serverOf(supervisor);
    process.kill(before, 'SIGKILL');
    const { body } = await asking;
    const payment = `/v1/payments/${body['id']}`;
    await until('paid', async () => (await get(caller, payment)).body['status'] === 'succeeded');
    expect(serverOf(supervisor)).not.toBe(before);
    expect(bankOf(supervisor)).toEqual(bank);
    expect((await ledgerOf(bank)).map(({ type, status }) => [type, status])).toEqual([['authorize', 'approved']]);
  });

  it('by the button of the lab leaves one authorization', { timeout: 40_000 }, async () => {
    const supervisor = await start();
    const caller = callerOf(supervisor);
    const before = serverOf(supervisor);
    const headers = { accept: 'application/json' };
    const pressed = await fetch(`${supervisor.url}/lab/experiments/plug`, { method: 'POST', headers });
    const { payment } = (await pressed.json()) as { payment: string };
    await until('the plug is pulled', () => isGone(supervisor.url));
    let hasDoubted = false;
    await until('paid', async () => {
      const { body } = await get(caller, `/v1/payments/${payment}`);
      hasDoubted ||= JSON.stringify(body).includes('"outcome":"unknown"');
      return body['status'] === 'succeeded';
    });
    expect(hasDoubted).toBe(true);
    expect(serverOf(supervisor)).not.toBe(before);
    const ledger = await ledgerOf(bankOf(supervisor));
    expect(ledger.map(({ type, status }) => [type, status])).toEqual([['authorize', 'approved']]);
    const page = await (await fetch(`${supervisor.url}/lab?payment=${payment}`)).text();
    expect(page).toContain('exactly one authorization');
    expect(page.match(/<li class="done">/g)).toHaveLength(6);
    await until('the shop knows', async () =>
      (await (await fetch(`${supervisor.url}/lab?payment=${payment}`)).text()).includes('payment.succeeded'),
    );
  });

  it('loses an answer and leaves one authorization', { timeout: 30_000 }, async () => {
    const supervisor = await start();
    const caller = callerOf(supervisor);
    const headers = { accept: 'application/json' };
    const pressed = await fetch(`${supervisor.url}/lab/experiments/answer`, { method: 'POST', headers });
    const { payment } = (await pressed.json()) as { payment: string };
    await until('paid', async () => (await get(caller, `/v1/payments/${payment}`)).body['status'] === 'succeeded');
    expect(await ledgerOf(bankOf(supervisor))).toHaveLength(1);
    const page = await (await fetch(`${supervisor.url}/lab?payment=${payment}`)).text();
    expect(page.match(/<li class="done">/g)).toHaveLength(5);
    expect(page).not.toMatch(/4242 ?4242 ?4242 ?4242"/);
  });
});

describe('in production', () => {
  it('there is no supervisor, no shop and no lab', { timeout: 30_000 }, async () => {
    const key = (): string => `k1:${randomBytes(32).toString('base64')}`;
    const keys = { VAULT_KEYS: key(), SIGNING_KEYS: key() };
    const mail = { SMTP_URL: 'smtps://mail.example.org', MAIL_FROM: 'pay@example.org' };
    const site = { NODE_ENV: 'production', PUBLIC_URL: 'https://pay.example.org' };
    const alone = await start({ ...site, ...mail, ...keys });
    expect(serverOf(alone)).toBe(0);
    for (const path of ['/shop', '/lab']) expect((await fetch(alone.url + path)).status).toBe(404);
    expect(await alone.end('SIGTERM')).toBe(0);
  });
});

describe('a supervisor', () => {
  it('that is killed takes the server with it, and leaves the port free', { timeout: 30_000 }, async () => {
    const supervisor = await start();
    const server = serverOf(supervisor);
    await supervisor.end('SIGKILL');
    await until('the server is gone', () => isGone(supervisor.url));
    await until('the process is gone', () => !isAlive(server));
    await supervisor.start();
    expect((await fetch(`${supervisor.url}/readyz`)).status).toBe(200);
  });

  it('ends cleanly when it is asked to', { timeout: 30_000 }, async () => {
    const supervisor = await start();
    const server = serverOf(supervisor);
    expect(await supervisor.end('SIGTERM')).toBe(0);
    expect(isAlive(server)).toBe(false);
    expect(await isGone(bankOf(supervisor).url)).toBe(true);
  });

  it('keeps the port that the system has chosen', { timeout: 30_000 }, async () => {
    guichet = await guichetProcess({ entry: 'start', port: 0 });
    await guichet.start();
    process.kill(serverOf(guichet), 'SIGKILL');
    await until('back', () => (guichet?.output().match(/listens on/g) ?? []).length === 2);
    const [first, second] = guichet.output().match(/listens on (\S+)/g) ?? [];
    expect(second).toBe(first);
  });

  it('says of bad settings what the server says, and ends with its code', { timeout: 30_000 }, async () => {
    const settings = { OPERATOR_NAME: 'x'.repeat(61), LOG_LEVEL: 'loud' };
    const said = [];
    for (const entry of ['main', 'start'] as const) {
      guichet = await guichetProcess({ entry, settings });
      said.push(await runToEnd(guichet));
      await guichet.close();
    }
    expect(said[1]).toEqual(said[0]);
    expect(said[0]?.code).toBe(1);
    expect(said[0]?.output).toContain('2 settings are not right');
  });

  it('says that the port is taken, and ends', { timeout: 30_000 }, async () => {
    const first = await start();
    const second = await guichetProcess({ entry: 'start', port: first.port });
    const { code, output } = await runToEnd(second);
    expect(output).toContain('something listens there already');
    expect(code).toBe(1);
    await second.close();
  });
});

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function runToEnd(refusing: GuichetProcess): Promise<{ code: number | null; output: string }> {
  refusing.launch();
  const ended = refusing.end();
  return { code: await ended, output: refusing.output() };
}
