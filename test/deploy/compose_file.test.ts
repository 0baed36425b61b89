/** What must hold for docker-compose.yml, its images, its secrets and nginx.conf, without starting anything. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { page } from '../../channels/catalogue/page.js';
import { readConfig } from '../../src/config.js';
import { BODY_BYTES_MAX } from '../../src/http/body.js';
import { PROBLEMS } from '../../src/http/problems.js';
import { LIMITS } from '../../src/limits.js';
import { CHECKOUT, composeFile, dockerfile, healthcheckOf } from './compose_file.js';

const file = composeFile();
const services = Object.entries(file.services);
const ours = services.filter(([, { build }]) => build !== undefined);
const always = services.filter(([, { profiles }]) => profiles === undefined);
const read = (path: string): string => readFileSync(join(CHECKOUT, path), 'utf8');

describe.each(services)('%s', (name, service) => {
  it('is of one version and is watched', () => {
    expect(service.image).toMatch(/^[\w/-]+:v?\d+\.\d+\.\d+(?:-[\w.]+)?$/);
    expect(healthcheckOf(service)?.test[0]).toMatch(/^CMD(?:-SHELL)?$/);
    expect(service.restart).toBe('unless-stopped');
  });

  it('is nobody in particular, on a file system that cannot be changed', () => {
    // Images that are made so say it themselves.
    const image = service.build === undefined ? undefined : dockerfile().image.user;
    const user = service.user ?? image ?? (service.image.includes('unprivileged') ? 'nginx' : 'root');
    expect(user).not.toMatch(/^(?:root|0)\b/);
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
  });

  it('lets nobody in from elsewhere but through nginx', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    if (service.ports !== undefined)
      expect([name, service.profiles?.[0]]).toContain(name === 'nginx' ? name : 'development');
    if (name === 'mongo' || name === 'redis') expect(service.networks).toEqual(['inside']);
  });

  it('has no secret but by file', () => {
    for (const secret of service.secrets ?? []) expect(Object.keys(file.secrets)).toContain(secret);
    for (const [setting, value] of Object.entries(service.environment ?? {})) {
      if (setting === 'SANDBOX_URL') expect(value).toContain('for-development-only');
      else expect(value).not.toMatch(/:[^/@]+@/);
    }
  });
});

it('starts, by default, what a cluster needs, with the lab only in development', () => {
  const names = ['nginx', 'web-1', 'web-2', 'worker-1', 'worker-2', 'mongo', 'redis'];
  expect(always.map(([name]) => name)).toEqual(names);
  expect(file.networks['inside']?.internal).toBe(true);
});

it('is built on the Node that the tests run on, and is of this release', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  for (const [, { image }] of ours) expect(image).toBe(`guichet:${version}`);
  const { bases } = dockerfile();
  expect(bases).toEqual([expect.stringMatching(/^node:\d+\.\d+\.\d+-bookworm-slim$/)]);
  expect(bases[0]).toContain(`node:${read('.nvmrc').trim()}.`);
});

it('waits longer than a process takes to end what is under way', () => {
  for (const [, { stop_grace_period: grace = '10s' }] of ours) {
    expect(Number.parseInt(grace, 10) * 1_000).toBeGreaterThan(LIMITS.shutdownMs + 5_000);
  }
});

describe('secrets.sh', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-secrets-'));
  const make = () => spawnSync('sh', [join(folder, 'deploy/secrets.sh')], { encoding: 'utf8', cwd: tmpdir() });
  const secret = (name: string): string => readFileSync(join(folder, 'secrets', name), 'utf8');
  beforeAll(() => {
    mkdirSync(join(folder, 'deploy'));
    cpSync(join(CHECKOUT, 'deploy/secrets.sh'), join(folder, 'deploy/secrets.sh'));
    expect(make()).toMatchObject({ status: 0, stderr: '' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('makes what the file names and services use, behind a folder that is closed to others', () => {
    const made = readdirSync(join(folder, 'secrets')).sort();
    expect(Object.entries(file.secrets).map(([name, { file: path }]) => [name, path])).toEqual(
      Object.keys(file.secrets).map((name) => [name, `./secrets/${name}`]),
    );
    expect(made).toEqual(Object.keys(file.secrets).sort());
    expect(made).toEqual([...new Set(services.flatMap(([, { secrets = [] }]) => secrets))].sort());
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
    for (const name of made) expect(statSync(join(folder, 'secrets', name)).mode & 0o777).toBe(0o444);
    expect(new Set(made.map(secret)).size).toBe(made.length);
  });

  it('leaves what is there, and makes anew what was taken away', () => {
    const before = Object.keys(file.secrets).map(secret);
    expect(make()).toMatchObject({ status: 0, stdout: '' });
    expect(Object.keys(file.secrets).map(secret)).toEqual(before);
    rmSync(join(folder, 'secrets/redis_url'));
    expect(make()).toMatchObject({ status: 0, stdout: 'made secrets/redis_url\n' });
    expect(before).not.toContain(secret('redis_url'));
  });

  it.each([
    ['development', {}],
    [
      'production',
      {
        NODE_ENV: 'production',
        PUBLIC_URL: 'https://pay.example.org',
        SANDBOX_URL: 'http://sandbox:a-password-of-its-own@acquirer.example.org',
        SMTP_URL: 'smtps://mail.example.org',
        MAIL_FROM: 'pay@example.org',
        TRUSTED_PROXIES: '2',
      },
    ],
  ])('gives settings that our processes take in %s', (_, variables) => {
    const { image } = dockerfile();
    for (const [name, { profiles, environment = {} }] of Object.entries(composeFile(variables).services)) {
      if (!ours.some(([one]) => one === name) || (profiles !== undefined && 'NODE_ENV' in variables)) continue;
      const byFile = Object.entries(environment).map(([setting, value]) => [
        setting,
        value.replace('/run/secrets', join(folder, 'secrets')),
      ]);
      const { cluster } = readConfig({ ...image.environment, ...Object.fromEntries(byFile) });
      if (name === 'lab') expect(cluster).toBeNull();
      else expect(cluster).toEqual({ mongodbUrl: secret('mongodb_url').trim(), redisUrl: secret('redis_url').trim() });
    }
  });

  it('does not let production start on what development has', () => {
    const variables = { NODE_ENV: 'production', PUBLIC_URL: 'https://pay.example.org' };
    const { environment = {} } = composeFile(variables).services['web-1'] ?? {};
    const byFile = Object.entries(environment).map(([setting, value]) => [
      setting,
      value.replace('/run/secrets', join(folder, 'secrets')),
    ]);
    const start = () => readConfig({ ...dockerfile().image.environment, ...Object.fromEntries(byFile) });
    expect(start).toThrow(
      /^3 settings.*SANDBOX_URL: has the password of development.*SMTP_URL: is development's mail catcher.*MAIL_FROM: an address of nobody/s,
    );
  });
});

describe('nginx.conf', () => {
  const conf = read('deploy/nginx.conf');

  it('passes on to every web process', () => {
    const webs = services.filter(([, { environment }]) => environment?.['ROLE'] === 'web').map(([name]) => name);
    expect([...conf.matchAll(/^ +server ([\w-]+):3000 resolve /gm)].map(([, name]) => name)).toEqual(webs);
  });

  it('says what the page and the calls would say', () => {
    for (const wording of [page['problem.busy'], page['problem.busy_text'], page['wait.check']]) {
      expect(conf).toContain(`fr '${wording.fr}';`);
      expect(conf).toContain(`default '${wording.en}';`);
    }
    const problems = [...conf.matchAll(/return (\d+) '(\{.*\})';/g)];
    expect(problems.length).toBe(2);
    for (const [, status, text = ''] of problems) {
      const { code, title, ...problem } = JSON.parse(text) as { code: string; title: string; status: number };
      expect([title, problem.status]).toEqual([PROBLEMS[code]?.title, Number(status)]);
      expect(PROBLEMS[code]?.status).toBe(problem.status);
    }
  });

  it('takes every body that our own processes take', () => {
    const [, kilobytes] = /client_max_body_size (\d+)k;/.exec(conf) ?? [];
    expect(Number(kilobytes) * 1_024).toBeGreaterThan(BODY_BYTES_MAX);
  });
});
