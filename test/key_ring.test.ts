import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIds } from '../src/ids.js';
import { developmentKeys, freshKey, type KeyFamily, readKeys } from '../src/key_ring.js';
import { virtualClock } from './clock.js';

const ids = createIds({ clock: virtualClock(0) });
const A = freshKey('vault', ids);
const B = freshKey('vault', ids);
const bytesOf = (key: string): string => key.split(':')[1] ?? '';

describe('readKeys', () => {
  it('reads one key or several, in order, however their base64 is written', () => {
    const url = Buffer.from(bytesOf(B), 'base64').toString('base64url');
    const read = readKeys(` ${A}, new-2030_01:${url}`);
    if (!('keys' in read)) return expect.unreachable();
    expect(read.keys.map(({ id }) => id)).toEqual([A.split(':')[0], 'new-2030_01']);
    expect(read.keys.map(({ bytes }) => Buffer.from(bytes).toString('base64'))).toEqual([bytesOf(A), bytesOf(B)]);
  });

  it.each([
    ['', 'key 1 is not id:base64 of 32 bytes'],
    [`${A},`, 'key 2 is not id:base64 of 32 bytes'],
    [bytesOf(A), 'key 1 is not id:base64 of 32 bytes'],
    [`${A},b:c2hvcnQ=`, 'key 2 is not id:base64 of 32 bytes'],
    [`${A},b:${bytesOf(B)}A`, 'key 2 is not id:base64 of 32 bytes'],
    [`${A},b c:${bytesOf(B)}`, 'key 2 is not id:base64 of 32 bytes'],
    [`${A},${'b'.repeat(33)}:${bytesOf(B)}`, 'key 2 is not id:base64 of 32 bytes'],
    [`${A},${B},${A.split(':')[0]}:${bytesOf(freshKey('vault', ids))}`, 'key 3 has the id of key 1'],
    [`${A},b:${bytesOf(A)}`, 'key 2 is key 1 under another id'],
    [`z:${Buffer.alloc(32, 7).toString('base64')}`, 'key 1 is not random'],
    ['a'.repeat(5_000), 'too long to be a list of keys'],
  ])('%j: %s', (text, problem) => {
    const read = readKeys(text);
    expect(read).toEqual({ problem });
    for (const key of [A, B]) expect(JSON.stringify(read)).not.toContain(bytesOf(key).slice(0, 8));
  });
});

describe('developmentKeys', () => {
  let folder: string;
  let files: Record<KeyFamily, string>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'guichet-keys-'));
    files = { vault: join(folder, 'data/vault.keys'), signing: join(folder, 'data/signing.keys') };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes keys on the first start, for their owner only, and reads them ever after', () => {
    const made = developmentKeys(files, ids);
    expect(made.vault).toHaveLength(1);
    expect(made.vault[0]?.bytes).not.toEqual(made.signing[0]?.bytes);
    expect(developmentKeys(files, ids)).toEqual(made);
    expect(readdirSync(join(folder, 'data')).sort()).toEqual(['signing.keys', 'vault.keys']);
    for (const file of Object.values(files)) expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
  });

  it('agrees with a process that starts at the same time', () => {
    // The other one runs as a whole where this one has found nothing and is about to write.
    let other: ReturnType<typeof developmentKeys> | null = null;
    const interrupted = {
      ...ids,
      token(bits: number): string {
        if (bits === 64) other ??= developmentKeys(files, ids);
        return ids.token(bits);
      },
    };
    expect(developmentKeys(files, interrupted)).toEqual(other);
    expect(readdirSync(join(folder, 'data')).sort()).toEqual(['signing.keys', 'vault.keys']);
  });

  it('never overwrites a file that holds no keys, and does not print what it holds', () => {
    developmentKeys(files, ids);
    writeFileSync(files.vault, 'v1:tornkeytornkey');
    expect(() => developmentKeys(files, ids)).toThrow(/vault\.keys: key 1 is not/);
    expect(() => developmentKeys(files, ids)).not.toThrow(/tornkey/);
    expect(readFileSync(files.vault, 'utf8')).toBe('v1:tornkeytornkey');
  });

  it('tells what stands in the way', () => {
    writeFileSync(join(folder, 'data'), 'a file where the folder should be');
    expect(() => developmentKeys(files, ids)).toThrow(/ENOTDIR|EEXIST/);
  });
});

describe('npm run keys', () => {
  const argv = process.argv;
  afterEach(() => {
    process.argv = argv;
    process.exitCode = undefined;
    vi.restoreAllMocks();
    vi.resetModules();
  });

  async function run(...args: string[]): Promise<{ out: string; err: string }> {
    const out = vi.spyOn(console, 'log').mockReturnValue();
    const err = vi.spyOn(console, 'error').mockReturnValue();
    out.mockClear();
    process.argv = ['node', 'keys.js', ...args];
    await import('../src/keys.js');
    const text = (calls: unknown[][]): string => calls.flat().join('\n');
    return { out: text(out.mock.calls), err: text(err.mock.calls) };
  }

  it('prints a setting for each family, fresh each time', async () => {
    const { out } = await run();
    const [, vault = '', signing = ''] = /^VAULT_KEYS=(\S+)\nSIGNING_KEYS=(\S+)$/.exec(out) ?? [];
    expect(readKeys(`${vault},${signing}`)).toHaveProperty('keys.length', 2);
    vi.resetModules();
    expect((await run()).out).not.toContain(vault);
  });

  it('explains itself', async () => {
    expect((await run('--help')).out).toContain('VAULT_KEYS=<fresh>,<old>');
    expect(process.exitCode).toBeUndefined();
  });

  it('refuses what it does not know', async () => {
    const { out, err } = await run('--rotate');
    expect(out).toBe('');
    expect(err).toContain('--rotate');
    expect(process.exitCode).toBe(2);
  });
});
