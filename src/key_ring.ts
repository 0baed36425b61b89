import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Ids } from './contracts/ids.js';

/** A key with the name that whatever it made carries. In a list the first one writes, all read. */
export interface Key {
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

const TEXT_LENGTH_MAX = 4_096;
const ENTRY = /^([\w-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/;

/**
 * Reads `id:base64 of 32 bytes`, comma-separated, the form of VAULT_KEYS and SIGNING_KEYS.
 * What is wrong is told by the place of the entry and quotes none of it.
 */
export function readKeys(text: string): { readonly keys: readonly Key[] } | { readonly problem: string } {
  if (text.length > TEXT_LENGTH_MAX) return { problem: 'too long to be a list of keys' };
  const keys: Key[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const [, id, encoded] = ENTRY.exec(entry.trim()) ?? [];
    if (id === undefined || encoded === undefined) return { problem: `key ${index + 1} is not id:base64 of 32 bytes` };
    const bytes = new Uint8Array(Buffer.from(encoded, 'base64'));
    const problem = problemOf({ id, bytes }, keys);
    if (problem !== null) return { problem: `key ${index + 1} ${problem}` };
    keys.push({ id, bytes });
  }
  return { keys };
}

function problemOf({ id, bytes }: Key, before: readonly Key[]): string | null {
  if (new Set(bytes).size < 8) return 'is not random';
  const sameId = before.findIndex((key) => key.id === id);
  if (sameId !== -1) return `has the id of key ${sameId + 1}`;
  const sameBytes = before.findIndex((key) => Buffer.compare(key.bytes, bytes) === 0);
  return sameBytes === -1 ? null : `is key ${sameBytes + 1} under another id`;
}

/** A fresh key as it is written in a setting. The digits of its id keep it apart from the keys before it. */
export function freshKey(family: KeyFamily, ids: Pick<Ids, 'token' | 'digits'>): string {
  const bytes = Buffer.from(ids.token(256), 'base64url');
  return `${family[0]}${ids.digits(5)}:${bytes.toString('base64')}`;
}

export type KeyFamily = 'vault' | 'signing';

/**
 * Development's keys, made in these files on the first start and read from them ever after. Processes that start at
 * once agree: a file appears whole, and only for the first of them.
 * @throws Error when a file is there and holds no keys
 */
export function developmentKeys(
  files: Readonly<Record<KeyFamily, string>>,
  ids: Pick<Ids, 'token' | 'digits'>,
): Record<KeyFamily, readonly Key[]> {
  return { vault: keysIn(files.vault, 'vault', ids), signing: keysIn(files.signing, 'signing', ids) };
}

function keysIn(file: string, family: KeyFamily, ids: Pick<Ids, 'token' | 'digits'>): readonly Key[] {
  const text = textOf(file) ?? madeIn(file, `${freshKey(family, ids)}\n`, ids);
  const read = readKeys(text.trim());
  if ('keys' in read) return read.keys;
  throw new Error(
    `${file}: ${read.problem}; put the right keys back, for what they sealed cannot be read without them`,
  );
}

/** Whoever learns one purpose's key must not thereby hold the other's. */
export function keysInTwoPlaces(vaultKeys: readonly Key[] | null, signingKeys: readonly Key[] | null): string[] {
  const shared = vaultKeys?.some((key) => signingKeys?.some(({ bytes }) => isSame(bytes, key.bytes)));
  return shared ? ['SIGNING_KEYS: has a key of VAULT_KEYS; give each its own (npm run keys prints fresh ones)'] : [];
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** Writes aside and links into place, which fails for all but one; answers what the file then holds. */
function madeIn(file: string, text: string, ids: Pick<Ids, 'token'>): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${ids.token(64)}`;
  const handle = openSync(aside, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
    linkSync(aside, file);
  } catch (error) {
    if (!isErrorWith(error, 'EEXIST')) throw error;
  } finally {
    closeSync(handle);
    rmSync(aside, { force: true });
  }
  return readFileSync(file, 'utf8');
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isErrorWith(error, 'ENOENT')) return null;
    throw error;
  }
}

function isErrorWith(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
