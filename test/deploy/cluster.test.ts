/** The cluster of docker-compose.yml, by its own commands and health checks: payments through nginx, whoever dies. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { page as wordings } from '../../channels/catalogue/page.js';
import { prepare } from '../../scripts/prepare.mjs';
import { systemClock } from '../../src/clock.js';
import { type Mailbox, openMailbox } from '../../src/lab/mailbox/mailbox.js';
import { createBrowser } from '../channels/web/page_server.js';
import { type Bank, ledgerOf } from '../process/audit.js';
import { passChallenge } from '../process/payers.js';
import { type Answer, type Caller, get, pause, post } from '../process/requests.js';
import { silentLog } from '../support/silent_log.js';
import { needs } from '../support/skip.js';
import { composeFile } from './compose_file.js';
import { type Composed, composed, type Programs } from './composed.js';

const START_MS_MAX = 240_000;
const TEST_MS_MAX = 120_000;
const PATIENCE_MS = 40_000;
const CHALLENGED = { number: '4000 0000 0000 3220', expiry: '12/34', security_code: '123' };
const wrong: string[] = [];

const needsAll = (tests: (programs: Programs) => void): void =>
  needs('mongodItself')('docker-compose.yml', (mongod) =>
    needs('mongosh')('with mongosh', (mongosh) =>
      needs('nginx')('with nginx', (nginx) =>
        needs('redis')('with Redis', (redisServer) => tests({ mongod, mongosh, nginx, redisServer })),
      ),
    ),
  );

needsAll((programs) => {
  let cluster: Composed;
  let mailbox: Mailbox;
  let caller: Caller;
  let bank: Bank;
  const folder = mkdtempSync(join(tmpdir(), 'guichet-composed-mail-'));

  beforeAll(async () => {
    prepare();
    mailbox = await openMailbox({ dataFolder: folder, clock: systemClock(), log: silentLog() });
    cluster = await composed(programs, mailbox.port);
    await Promise.all(Object.keys(cluster.containers).map(cluster.up));
    const { SANDBOX_URL = '' } = cluster.containers['web-1']?.settings ?? {};
    bank = { url: new URL(SANDBOX_URL).origin, credential: new URL(SANDBOX_URL).password };
    const key = await merchant();
    caller = { url: cluster.url, key, wrong: (sentence) => wrong.push(sentence) };
  }, START_MS_MAX);
  afterAll(async () => {
    await cluster?.close();
    await mailbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As the file says: in a container of ours, with its settings. */
  async function merchant(): Promise<string> {
    const { settings: env } = cluster.containers['web-1'] ?? {};
    const program = join(cluster.app, 'dist/src/merchants/command.js');
    const args = [
      'create',
      '--name',
      'Librairie',
      '--email',
      'shop@example.org',
      '--return-origin',
      'https://shop.example',
    ];
    const run = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    for await (const chunk of run.stdout) said += chunk;
    const [key] = /sk_test_\S+/.exec(said) ?? [];
    if (key === undefined) throw new Error(`no key: ${said}`);
    return key;
  }

  const order = (reference: string, more: object = {}): Promise<Answer> =>
    post(caller, '/v1/payments', { amount: 4_250, currency: 'EUR', reference, ...more }, reference);

  const authorized = () => ({ authorization: `Bearer ${caller.key}`, 'content-type': 'application/json' });

  it('asks for passwords', async () => {
    const { host, pathname } = new URL(cluster.secret('mongodb_url'));
    const stranger = await mongoose.createConnection(`mongodb://${host}${pathname}?directConnection=true`).asPromise();
    await expect(stranger.listCollections()).rejects.toThrow(/requires authentication/);
    await stranger.close();
    const guichet = await mongoose.createConnection(cluster.secret('mongodb_url')).asPromise();
    expect((await guichet.listCollections()).length).toBeGreaterThan(0);
    await expect(guichet.getClient().db('admin').command({ usersInfo: 1 })).rejects.toThrow(/not authorized/);
    await guichet.close();
    const redis = new Redis(cluster.ports['redis'] ?? 0, { lazyConnect: true, maxRetriesPerRequest: 0 });
    redis.on('error', () => undefined);
    await expect(redis.get('anything')).rejects.toThrow(/NOAUTH/);
    redis.disconnect();
  });

  it('pays through nginx, with a challenge, and tells the page, the merchant and the payer', {
    timeout: TEST_MS_MAX,
  }, async () => {
    const { body } = await order('CHALLENGED', { payer: { email: 'payer@example.org', language: 'en' } });
    const { pathname } = new URL((body['links'] as { pay: string }).pay);
    const payer = createBrowser(cluster.url);
    const first = await payer.ask(pathname);
    await payer.submit(first, '/card', CHALLENGED);
    let shown = await payer.ask(pathname);
    while (!shown.body.includes('data-challenge')) {
      await pause(50);
      shown = await payer.ask(pathname);
      if (shown.body.includes('/device-check"')) await payer.submit(shown, '/device-check');
    }
    // Told through nginx while the stream is open, not when a buffer is full.
    const version = Number((await get(caller, `/v1/payments/${body['id']}`)).body['version']);
    const events = await fetch(`${cluster.url}${pathname}/events?version=${version}`);
    const told = events.text();
    await passChallenge(shown);
    expect(await told).toContain('event: changed');
    const isPaid = async () => (await payer.ask(pathname)).body.includes('class="outcome paid"');
    await expect.poll(isPaid, { timeout: PATIENCE_MS }).toBe(true);
    expect((await get(caller, `/v1/payments/${body['id']}`)).body['status']).toBe('succeeded');
    await expect
      .poll(() => mailbox.letters.recipients().map(({ address }) => address), { timeout: PATIENCE_MS })
      .toEqual(expect.arrayContaining(['payer@example.org', 'shop@example.org']));
  });

  it('shows its documentation', async () => {
    const shown = await fetch(`${cluster.url}/docs`);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('refuses what is too large, hides what is for operators, and believes no address that a caller claims', async () => {
    for (const size of [100_000, 200_000]) {
      const large = await fetch(`${cluster.url}/v1/payments`, {
        method: 'POST',
        headers: authorized(),
        body: 'a'.repeat(size),
      });
      expect([large.status, await large.json()]).toEqual([413, expect.objectContaining({ code: 'body_too_large' })]);
    }
    for (const path of ['/metrics', '/readyz', '/healthz']) expect((await fetch(cluster.url + path)).status).toBe(404);
    const forged = async (n: number): Promise<number> => {
      const claims = { authorization: 'Bearer sk_test_wrong', 'x-forwarded-for': `192.0.2.${n}` };
      return (await fetch(`${cluster.url}/v1/payments`, { headers: claims })).status;
    };
    const statuses = new Set<number>();
    for (let n = 0; n < 100; n += 1) statuses.add(await forged(n));
    expect([...statuses].sort()).toEqual([401, 429]);
  });

  it('goes on when a web process dies, and repeats no call by itself', { timeout: TEST_MS_MAX }, async () => {
    const web = cluster.containers['web-1'];
    // What is sent to it now is under way until it dies.
    web?.signal('SIGSTOP');
    const references = Array.from({ length: 12 }, (_, index) => `KILLED-${index}`);
    let answered = 0;
    const asked = references.map(async (reference) => {
      const body = JSON.stringify({ amount: 4_250, currency: 'EUR', reference, pay_with: 'tok_sandbox_approve' });
      const headers = { ...authorized(), 'idempotency-key': reference };
      const answer = await fetch(`${cluster.url}/v1/payments`, { method: 'POST', headers, body });
      answered += 1;
      return answer;
    });
    // Of two, at least one goes to each.
    while (answered < 4) await pause(20);
    const reads = Array.from({ length: 4 }, () =>
      fetch(`${cluster.url}/v1/payments?limit=1`, { headers: authorized() }),
    );
    await Promise.race(reads);
    await web?.end('SIGKILL');
    // What only reads is asked of the other one.
    for (const read of await Promise.all(reads)) expect(read.status).toBe(200);
    const answers = await Promise.all(asked);
    const broken = answers.filter(({ status }) => status === 503);
    expect(broken.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 201).length).toBe(answers.length - broken.length);
    for (const answer of broken) {
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(await answer.json()).toMatchObject({ code: 'busy' });
    }
    const again = await Promise.all(references.map((one) => order(one, { pay_with: 'tok_sandbox_approve' })));
    expect(again.map(({ body }) => body['status'])).toEqual(references.map(() => 'succeeded'));
    const authorizations = (await ledgerOf(bank)).filter(({ type }) => type === 'authorize');
    expect(authorizations.length).toBe(1 + references.length);
    web?.start();
    await web?.untilHealthy();
  });

  it('ends within its grace, and says kindly that nobody is there', { timeout: TEST_MS_MAX }, async () => {
    const { services } = composeFile();
    // The signals that their images name.
    const end = async (name: string): Promise<void> => {
      const ended = await cluster.containers[name]?.end(name === 'nginx' ? 'SIGQUIT' : 'SIGTERM');
      expect([name, ended?.code]).toEqual([name, 0]);
      expect(ended?.ms).toBeLessThan(1_000 * Number.parseInt(services[name]?.stop_grace_period ?? '10s', 10));
    };
    await Promise.all(['web-1', 'web-2'].map(end));
    for (const language of ['en', 'fr'] as const) {
      const headers = { 'accept-language': language };
      const answer = await fetch(`${cluster.url}/pay/some-token/card`, { method: 'POST', headers, body: 'number=1' });
      expect(answer.status).toBe(503);
      const text = await answer.text();
      expect(text).toContain(`<html lang="${language}">`);
      expect(text).toContain(wordings['problem.busy_text'][language]);
      expect(text).toContain('<a href="/pay/some-token">');
    }
    await Promise.all(['worker-1', 'worker-2', 'lab', 'nginx'].map(end));
    await Promise.all(['mongo', 'redis'].map(end));
    expect(wrong).toEqual([]);
  });
});
